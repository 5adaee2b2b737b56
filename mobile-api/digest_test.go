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
