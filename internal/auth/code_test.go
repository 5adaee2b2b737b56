package auth_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/problem"
)

var codeForm = regexp.MustCompile(`^[2-9A-HJKMNP-TV-Z]{4}(-[2-9A-HJKMNP-TV-Z]{4}){2}$`)

func TestNewCode(t *testing.T) {
	seen := map[string]bool{}
	count := map[rune]int{}
	const n = 5000
	for range n {
		code, err := auth.NewCode(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if !codeForm.MatchString(code) || seen[code] {
			t.Fatalf("code %q", code)
		}
		seen[code] = true
		for _, r := range strings.ReplaceAll(code, "-", "") {
			count[r]++
		}
		if same, err := auth.NormalizeCode(code); err != nil || same != code {
			t.Fatalf("%q became %q, %v", code, same, err)
		}
	}
	// 12·5000/30 = 2000 of each; ±250 is more than five standard deviations.
	for r, got := range count {
		if got < 1750 || got > 2250 {
			t.Errorf("%c: %d times", r, got)
		}
	}
	if len(count) != 30 {
		t.Errorf("%d characters in use", len(count))
	}
}

func TestNewCodeWithBadSource(t *testing.T) {
	for name, source := range map[string]io.Reader{
		"ended": bytes.NewReader(make([]byte, 5)),
		"stuck": stuck{},
	} {
		if code, err := auth.NewCode(source); err == nil || code != "" {
			t.Errorf("%s: %q, %v", name, code, err)
		}
	}
}

// stuck gives only bytes that would favour some characters.
type stuck struct{}

func (stuck) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0xff
	}
	return len(p), nil
}

func TestNormalizeCode(t *testing.T) {
	for _, typed := range []string{
		"7K3M-9XQT-2RHV", "7k3m9xqt2rhv", " 7K3M 9XQT 2RHV\n", "7k3m—9xqt–2rhv", "7K3M－9XQT　2RHV", "７Ｋ３Ｍ９ｘｑｔ２ＲＨＶ", "--7K-3M9XQT2RHV-",
	} {
		if got, err := auth.NormalizeCode(typed); err != nil || got != "7K3M-9XQT-2RHV" {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{
		"", "7K3M-9XQT-2RH", "7K3M-9XQT-2RHVV", "7K3M-9XQT-2RH0", "7K3M-9XQT-2RHO", "7K3M-9XQT-2RH1", "7K3M-9XQT-2RHI",
		"7K3M-9XQT-2RHL", "7K3M-9XQT-2RHU", "7K3M-9XQT-2RHß", "7K3M_9XQT_2RHV", "7K3M-9XQT-2RH\x00", "7K3M-9XQT-2RH\xff", "ſK3M-9XQT-2RHV", strings.Repeat("7", 1000),
	} {
		_, err := auth.NormalizeCode(typed)
		wantCode(t, err, problem.BadCode)
	}
}

func TestHashCode(t *testing.T) {
	a, b := auth.HashCode("7K3M-9XQT-2RHV"), auth.HashCode("7K3M-9XQT-2RHW")
	if a == b || bytes.Equal(a[:], sha256Of("7K3M-9XQT-2RHV")) {
		t.Error("hashes of codes")
	}
	if !bytes.Equal(a[:], sha256Of("fieldsync/enrolment-code/1\n7K3M-9XQT-2RHV")) {
		t.Error("the hash of a code changed: stored codes would be lost")
	}
}
