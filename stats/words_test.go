package stats

import (
	"strings"
	"testing"
)

// Every row of the built-in forms says in words what it counts, in both languages.
func TestRulesInWords(t *testing.T) {
	templates, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, tpl := range templates {
		for _, r := range tpl.Rows() {
			zh, en := r.Rule.Words(), r.Rule.WordsEN()
			if !strings.HasSuffix(zh, "。") || !strings.HasSuffix(en, ".") || strings.Contains(zh, "=") || strings.Contains(en, "=") {
				t.Errorf("%s %s: %q %q", tpl.ID, r.Code, zh, en)
			}
		}
	}
	r := templates[0].Row("tv_programmes").Rule
	if got, want := r.Words(), "按媒体渠道、媒体名称、栏目、内容去重后的个数；只计类型为“媒体宣传”且媒体渠道为“电视”且形式为“专题节目”；重播不计。只计统计期内的活动，已删除和判为重复的不计。"; got != want {
		t.Errorf("%s", got)
	}
	if got, want := r.WordsEN(), "Number of items that differ in channel, outlet, programme, content; only kind media item and channel television and form programme; first broadcasts only. Only within the counting window; without what was deleted or judged to be a duplicate."; got != want {
		t.Errorf("%s", got)
	}
}

// Every known code has a name.
func TestCodesHaveNames(t *testing.T) {
	for field, codes := range knownCodes {
		for _, c := range codes {
			if _, ok := codeWords[field+"="+c]; !ok {
				t.Errorf("%s %s has no name", field, c)
			}
		}
	}
	for _, f := range countFields() {
		if _, ok := codeWords[f]; !ok {
			t.Errorf("%s has no name", f)
		}
	}
}
