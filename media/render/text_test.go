package render

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// cells measures as a terminal does: Chinese is two wide.
func cells(s string) (n int) {
	for _, r := range s {
		n++
		if chinese(r) {
			n++
		}
	}
	return n
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, nil},
		{"守护消费安全", 6, []string{"守护消", "费安全"}},
		{"守护消，费安全", 6, []string{"守护", "消，费", "安全"}},        // no comma begins a line
		{"守护（消）费", 6, []string{"守护", "（消）", "费"}},          // no bracket ends one
		{"看“守护”了", 8, []string{"看“守护”", "了"}},              // quotation marks stay where they belong
		{"今年3•15活动", 6, []string{"今年", "3•15活", "动"}},      // a number stays whole
		{"see the words", 8, []string{"see the", "words"}}, // Latin breaks at spaces
		{"incomprehensible", 6, []string{"incomp", "rehens", "ible"}},
		{"，，，，，，", 4, []string{"，，", "，，", "，，"}}, // where every place is forbidden some is taken
		{"a  b", 1, []string{"a", "b"}},
		{"宽", 1, []string{"宽"}}, // one that does not fit stands there all the same
		{"省略……号", 6, []string{"省", "略……", "号"}},
	} {
		if got := wrap(c.text, c.width, 9, cells); !slices.Equal(got, c.want) {
			t.Errorf("%s in %d: %q, want %q", c.text, c.width, got, c.want)
		}
	}
	if got := wrap("一二三四五六七八九十", 6, 2, cells); !slices.Equal(got, []string{"一二三", "四五…"}) {
		t.Errorf("%q", got)
	}
	if got := wrap("一二三四五六", 6, 2, cells); !slices.Equal(got, []string{"一二三", "四五六"}) {
		t.Errorf("what fits was shortened: %q", got)
	}
}

func TestPrintable(t *testing.T) {
	has := func(r rune) bool {
		return r < 0x3000 && r != 'é' && !strings.ContainsRune("אב\u0301", r) || r == geta
	}
	for text, want := range map[string]string{
		"a\t\u3000 b\n": "a b", "a\u2028b": "a b", "a\u200db\ufeff": "ab", "caf\u00e9": "caf〓", "中文": "〓〓", "\u202eab\u202c": "ab",
		"\U0001f44d\U0001f3fdx": "〓x", "\U0001f468\u200d\U0001f469\u200d\U0001f467": "〓", "א\u0301ב": "〓〓", "": "",
	} {
		line, missing := printable(text, has)
		if line != want || missing != strings.Count(want, "〓") {
			t.Errorf("%q: %q, %d missing, want %q", text, line, missing, want)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add(seventy, 40, 4)
	f.Add("a，", 1, 1)
	f.Fuzz(func(t *testing.T, text string, width, most int) {
		width, most = max(1, min(width, 1000)), max(1, min(most, 10))
		line, _ := printable(text, func(r rune) bool { return r%7 != 0 })
		lines := wrap(line, width, most, cells)
		if len(lines) > most || !utf8.ValidString(strings.Join(lines, "")) {
			t.Errorf("%d lines: %q", len(lines), lines)
		}
		for _, l := range lines {
			if cells(strings.TrimRight(l, " ")) > width && utf8.RuneCountInString(l) > 1 {
				t.Errorf("%q is wider than %d", l, width)
			}
		}
	})
}
