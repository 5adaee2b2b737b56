package httpapi

import (
	"strings"
	"testing"
)

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
		if got := Disposition(true, name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	if got := Disposition(false, strings.Repeat("长", 300)+".jpg"); len(got) > 900 || !strings.HasSuffix(got, ".jpg") {
		t.Errorf("%d bytes: %s", len(got), got)
	}
}
