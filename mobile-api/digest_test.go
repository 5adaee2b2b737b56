package mobileapi

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
)

func TestContentDigest(t *testing.T) {
	sum := sha256.Sum256([]byte("photo"))
	text := base64.StdEncoding.EncodeToString(sum[:])
	good := "sha-256=:" + text + ":"
	other := "sha-256=:" + base64.StdEncoding.EncodeToString(make([]byte, 32)) + ":"
	for _, values := range [][]string{
		{good},
		{"  " + good + "  "},
		{"sha-512=:AAAA:, " + good},
		{good + ",sha-512=:AAAA:"},
		{"md5=:AAAA:;q=1 ,\t" + good + ";a;b=2"},
		{"sha-512=:AAAA:", good},
		{other + ", " + good}, // the last of equal keys counts
		{"sha-256=:" + strings.TrimRight(text, "=") + ":"},
	} {
		if got, err := contentDigest(values); err != nil || got != sum {
			t.Errorf("%q: %x %v", values, got, err)
		}
	}
	for _, values := range [][]string{
		nil, {""}, {"sha-512=:AAAA:"}, {good + ","}, {good + good}, {"," + good}, {good + ",,"}, {"sha-256"}, {"sha-256=" + text},
		{"sha-256=:" + text}, {"sha-256=::"}, {"sha-256=:" + text[:20] + ":"}, {"SHA-256=:" + text + ":"}, {good + " x"},
		{"sha-256=:" + text[:10] + "\n" + text[10:] + ":"}, {"=:AAAA:"}, {`sha-256="` + text + `"`}, {"sha-256=:AA AA:"},
		{strings.Repeat("x=:AAAA:,", 200) + good},
	} {
		if got, err := contentDigest(values); err == nil {
			t.Errorf("%q is taken for %x", values, got)
		}
	}
}

func FuzzContentDigest(f *testing.F) {
	for _, s := range []string{"sha-256=:AAAA:", "a=:AA==:;x=\"y\", b=::", "", ";,=:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := contentDigest([]string{s}); err == nil && !strings.Contains(s, "sha-256=:") {
			t.Errorf("%q is taken", s)
		}
	})
}

func TestDisposition(t *testing.T) {
	for name, want := range map[string]string{
		"":                      "attachment",
		"a.jpg":                 `attachment; filename="a.jpg"`,
		"a\"b\r\nSet-Cookie: x": `attachment; filename="a_b__Set-Cookie_ x"`,
		"../../etc/passwd":      `attachment; filename="_.._etc_passwd"`,
		"广场.jpg":                `attachment; filename="__.jpg"; filename*=UTF-8''%E5%B9%BF%E5%9C%BA.jpg`,
		"a b é.jpg":             `attachment; filename="a b _.jpg"; filename*=UTF-8''a%20b%20%C3%A9.jpg`,
		"x\u202egpj.exe":        `attachment; filename="x_gpj.exe"`,
		"bad\xff.jpg":           `attachment; filename="bad_.jpg"`,
		"...":                   "attachment",
	} {
		if got := disposition(true, name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	if got := disposition(false, strings.Repeat("长", 300)+".jpg"); len(got) > 900 || !strings.HasSuffix(got, ".jpg") {
		t.Errorf("%d bytes: %s", len(got), got)
	}
}
