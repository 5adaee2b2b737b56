package console

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFieldsHaveNames: a field that is refused is named as the form names it.
func TestFieldsHaveNames(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	calls := regexp.MustCompile(`\b(?:badField|text|positive)\("([a-z_.]+)"`)
	lists := regexp.MustCompile(`(?s)texts\(max\w+, map\[string\]\*string\{(.*?)\}\)`)
	keys := regexp.MustCompile(`"([a-z_]+)":`)
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found := calls.FindAllSubmatch(src, -1)
		for _, list := range lists.FindAll(src, -1) {
			found = append(found, keys.FindAllSubmatch(list, -1)...)
		}
		for _, m := range found {
			if name := string(m[1]); fieldsZH[name] == "" && !strings.HasSuffix(name, ".") {
				t.Errorf("%s: %q has no name", path, name)
			}
		}
	}
}
