package models_test

import (
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/models"
)

func TestLookupCode(t *testing.T) {
	for sha, code := range map[string]string{
		strings.Repeat("0", 64):                "0000-0000",
		strings.Repeat("f", 64):                "ZZZZ-ZZZZ",
		"0123456789" + strings.Repeat("a", 54): "04HM-ASW9",
	} {
		if got := models.LookupCode(sha); got != code {
			t.Errorf("the code of %s is %s, want %s", sha, got, code)
		}
		if got := models.LookupPrefix(code); got != sha[:10] {
			t.Errorf("%s leads to %s", code, got)
		}
	}
	for _, typed := range []string{"04hm-asw9", "O4HM ASW9", "０４ｈｍ－ａｓｗ９", " 04hmasw9 ", "04HM—ASW9"} {
		if got := models.LookupPrefix(typed); got != "0123456789" {
			t.Errorf("%q leads to %q", typed, got)
		}
	}
	for _, typed := range []string{"", "04HM", "04HM-ASW9-0", "04HM-ASWU", "中文中文中文中文", "%", "04HM-ASW\x00"} {
		if got := models.LookupPrefix(typed); got != "" {
			t.Errorf("%q leads to %q", typed, got)
		}
	}
	for _, sha := range []string{"", "012", "zzzzzzzzzz"} {
		if got := models.LookupCode(sha); got != "" {
			t.Errorf("%q has the code %s", sha, got)
		}
	}
}
