package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/problem"
)

// reference is a vector of the reference implementation of Argon2 (its test.c): "password", "somesalt".
const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"

func hash(t *testing.T, password string) string {
	t.Helper()
	h, err := auth.HashPassword(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func check(t *testing.T, hash, password string) (ok, stale bool) {
	t.Helper()
	ok, stale, err := auth.CheckPassword(t.Context(), hash, password)
	if err != nil {
		t.Fatal(err)
	}
	return ok, stale
}

func TestPasswordRoundTrip(t *testing.T) {
	const password = "禁毒宣传 Café №5"
	h := hash(t, password)
	if !strings.HasPrefix(h, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Error(h)
	}
	if h == hash(t, password) {
		t.Error("two hashes of a password are equal")
	}
	for typed, want := range map[string]bool{
		password:              true,
		"禁毒宣传 Cafe\u0301 No5": true, // the same under NFKC
		"禁毒宣传 Ｃａｆé №５":        true, // full width
		"禁毒宣传 café №5":        false,
		"":                    false,
		password + " ":        false,
		password + "\x00":     false,
		strings.Repeat("禁毒宣传 Café №5", 100): false,
	} {
		if ok, stale := check(t, h, typed); ok != want || stale {
			t.Errorf("%q: %v, %v", typed, ok, stale)
		}
	}
}

func TestReferenceHash(t *testing.T) {
	if ok, stale := check(t, reference, "password"); !ok || !stale { // its salt is short
		t.Error(ok, stale)
	}
	if ok, _ := check(t, reference, "Password"); ok {
		t.Error("a wrong password")
	}
}

// weakHash is of "correct horse" with 1 MiB and one pass.
const weakHash = "$argon2id$v=19$m=1024,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$UDengyDgIHrEpswm+GeJvBdp5V8H6p/bLZoLqHbHq7Y"

func TestStaleHashes(t *testing.T) {
	for h, want := range map[string]bool{
		weakHash: true,
		"$argon2id$v=19$m=19456,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$2h8RkkhVjpOcVZb7RJnrqNsRtT7STYUvtSH1I2wJ+p0": true,
		"$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$c42xlJK/hpcATRQ/F/mWqA":                      true,
		"$argon2id$v=19$m=47104,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$hmymGzfhfKoH0Ue+Ka1nhZdPk1Ip7MHa5I9ASy9oJT0": false,
	} {
		if ok, stale := check(t, h, "correct horse"); !ok || stale != want {
			t.Errorf("%s: %v, %v", h, ok, stale)
		}
	}
}

// A hash that was damaged on a disk or made up belongs to no password, and does not eat the machine.
func TestDamagedHashes(t *testing.T) {
	good := hash(t, "password")
	part := strings.Split(good, "$")
	with := func(i int, s string) string {
		p := append([]string(nil), part...)
		p[i] = s
		return strings.Join(p, "$")
	}
	for name, h := range map[string]string{
		"empty":              "",
		"plain":              "password",
		"bcrypt":             "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
		"argon2i":            with(1, "argon2i"),
		"another version":    with(2, "v=16"),
		"no version":         strings.Replace(good, "$v=19", "", 1),
		"4 TiB":              with(3, "m=4294967295,t=2,p=1"),
		"65 MiB":             with(3, "m=66560,t=2,p=1"),
		"overflow":           with(3, "m=4294986752,t=2,p=1"),
		"negative":           with(3, "m=-19456,t=2,p=1"),
		"no memory":          with(3, "m=0,t=2,p=1"),
		"little memory":      with(3, "m=15,t=2,p=2"),
		"passes without end": with(3, "m=19456,t=4000000000,p=1"),
		"no passes":          with(3, "m=19456,t=0,p=1"),
		"no threads":         with(3, "m=19456,t=2,p=0"),
		"256 threads":        with(3, "m=19456,t=2,p=256"),
		"a plus sign":        with(3, "m=+19456,t=2,p=1"),
		"a leading zero":     with(3, "m=019456,t=2,p=1"),
		"another order":      with(3, "t=2,m=19456,p=1"),
		"no names":           with(3, "19456,2,1"),
		"a key id":           with(3, "m=19456,t=2,p=1,keyid=a"),
		"no salt":            with(4, ""),
		"short salt":         with(4, "c2FsdA"),
		"long salt":          with(4, strings.Repeat("c2Fs", 30)),
		"padded":             with(4, part[4]+"=="),
		"a line break":       with(4, part[4][:4]+"\n"+part[4][4:]),
		"no key":             with(5, ""),
		"short key":          with(5, part[5][:8]),
		"cut":                good[:len(good)-1],
		"long":               good + strings.Repeat("A", 4000),
		"one more part":      good + "$",
		"a bit flipped":      with(5, "B"+part[5][1:]),
		"of zeros":           "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	} {
		t.Run(name, func(t *testing.T) {
			if name == "a bit flipped" && part[5][0] == 'B' {
				h = with(5, "C"+part[5][1:])
			}
			began := time.Now()
			for _, password := range []string{"password", ""} {
				if ok, stale := check(t, h, password); ok || stale {
					t.Errorf("%q: %v, %v", password, ok, stale)
				}
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Error(took)
			}
		})
	}
}

func TestOverload(t *testing.T) {
	release := auth.TakeTurns()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	_, err := auth.HashPassword(ctx, "password")
	wantCode(t, err, problem.Overloaded)
	var p *problem.Error
	if !errors.As(err, &p) || p.Retry <= 0 {
		t.Errorf("%+v", err)
	}
	_, _, err = auth.CheckPassword(ctx, reference, "password")
	wantCode(t, err, problem.Overloaded)
	release()
	if ok, _ := check(t, reference, "password"); !ok {
		t.Error("nobody's turn came after the overload")
	}
}

func TestNewPasswords(t *testing.T) {
	for _, c := range []struct {
		login, password string
		good            bool
	}{
		{"wang.fang", "correct horse battery", true},
		{"wang.fang", "今天下雨我带了一把红伞", true},
		{"wang.fang", "kx9#Tq2!mZ", true},
		{"wang.fang", "abc123def4", true},
		{"wang.fang", "wang.fang1", true},
		{"wang.fang", strings.Repeat("今天下雨我带了红伞啊", 20), true},
		{"wang.fang", strings.Repeat("今天下雨我带了红伞啊", 20) + "了", false},
		{"wang.fang", "kx9#Tq2!m", false},
		{"wang.fang", "", false},
		{"wang.fang", "\xff\xfe34567890abc", false},
		{"wang.fang", strings.Repeat("x9", 5000), false},
		{"wangfang12345", "WangFang12345", false},
		{"wangfang12345", "ｗａｎｇｆａｎｇ１２３４５", false},
		{"a", "aaaaaaaaaa", false},
		{"a", "AaAaAaAaAa", false},
		{"a", "1212121212", false},
		{"a", "你好你好你好你好你好", false},
		{"a", "abcdabcdab", false},
		{"a", "1234567890", false},
		{"a", "0987654321", false},
		{"a", "123456789012", false},
		{"a", "１２３４５６７８９０", false},
		{"a", "abcdefghij", false},
		{"a", "qwertyuiop", false},
		{"a", "QwertyUiop[]", false},
		{"a", "abcde12345", false},
		{"a", "1111122222", false},
		{"a", "asdfghjkl;'", false},
	} {
		err := auth.CheckNewPassword(c.login, c.password)
		if c.good {
			if err != nil {
				t.Errorf("%q is refused: %v", c.password, err)
			}
			continue
		}
		wantField(t, err, "password")
		if err != nil && len(c.password) > 3 && strings.Contains(err.Error(), c.password) {
			t.Error("a password is in the error:", err)
		}
	}
}

func wantField(t *testing.T, err error, field string) {
	t.Helper()
	wantCode(t, err, problem.Invalid)
	var p *problem.Error
	if errors.As(err, &p) && p.Fields["field"] != field {
		t.Errorf("field %v, want %s", p.Fields["field"], field)
	}
}

func TestLogins(t *testing.T) {
	for typed, want := range map[string]string{
		"Wang.Fang": "wang.fang",
		" ＷＡＮＧ－ｆａｎｇ＠１２３ ": "wang-fang@123",
		"王芳":                      "王芳",
		"王芳_2":                    "王芳_2",
		"a1":                      "a1",
		strings.Repeat("王", 64):   strings.Repeat("王", 64),
		strings.Repeat("王", 65):   "",
		"a":                       "",
		"":                        "",
		"  ":                      "",
		"wang fang":               "",
		"wang\x00":                "",
		"wang'--":                 "",
		"ванг":                    "", // Cyrillic а looks like a
		"wang\u200bfang":          "",
		"wang\xff":                "",
		strings.Repeat("a", 4000): "",
	} {
		got, err := auth.NormalizeLogin(typed)
		if got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
		if want == "" {
			wantField(t, err, "login")
		} else if again, _ := auth.NormalizeLogin(got); err != nil || again != got {
			t.Errorf("%q: %q, %v", typed, again, err)
		}
	}
}

// FuzzPHC looks for hashes that are read in another way than they are written, or with bounds passed.
func FuzzPHC(f *testing.F) {
	f.Add(reference)
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, s string) {
		again, memory, passes, threads, err := auth.Canonical(s)
		if err != nil {
			return
		}
		if again != s {
			t.Errorf("%q is read as %q", s, again)
		}
		if memory < 8 || memory > 64<<10 || passes < 1 || passes > 10 || threads < 1 || threads > 4 {
			t.Errorf("%q is out of bounds", s)
		}
	})
}

func BenchmarkHashPassword(b *testing.B) {
	for b.Loop() {
		if _, err := auth.HashPassword(b.Context(), "correct horse battery"); err != nil {
			b.Fatal(err)
		}
	}
}
