package gateway

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// TestWordsAreWhole keeps the Chinese words of refusals to what is refused.
func TestWordsAreWhole(t *testing.T) {
	if en, zh := slices.Sorted(maps.Keys(sentences)), slices.Sorted(maps.Keys(sentencesZH)); !slices.Equal(en, zh) {
		t.Errorf("causes %v, in Chinese %v", en, zh)
	}
	if en, zh := slices.Sorted(maps.Keys(adminFields)), slices.Sorted(maps.Keys(kindsZH)); !slices.Equal(en, zh) {
		t.Errorf("kinds %v, in Chinese %v", en, zh)
	}
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`orNotFound\(err, "([^"]+)"`).FindAllSubmatch(src, -1) {
			if nounsZH[string(m[1])] == "" {
				t.Errorf("%s: %q has no Chinese", path, m[1])
			}
		}
	}
}

// TestFaultsInChinese: a fault of a form's line names the field as the form does.
func TestFaultsInChinese(t *testing.T) {
	for want, f := range map[string]changelog.Fault{
		"“消费者”填写的内容不符合规定，请检查类型和范围。": {Cause: models.BadField, Name: "consumers"},
		"有一项填写的内容不符合规定，请检查后再提交。":    {Cause: models.BadField, Name: "a field"},
		"记录无法读取，请检查后再提交。":           {Cause: models.BadLine},
	} {
		if got := faultZH(&f); got != want {
			t.Errorf("%+v: %s", f, got)
		}
	}
	if got := fieldZH(models.StaffPrefix + "police"); got != "工作人员" {
		t.Error(got)
	}
}
