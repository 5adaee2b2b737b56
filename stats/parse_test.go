package stats

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// small is a right template; the faults below are made by replacing one line.
const small = `id: small
title: 小表
title_en: Small
paper: portrait
head: {unit: 填报单位}
columns: {item: 项目, unit: 单位, total: 合计}
halves:
  - groups:
      - {level: 1, from: 1, to: 2, label: 甲, label_en: A}
      - {level: 2, from: 2, to: 2, label: 乙, label_en: B}
    rows:
      - {code: taps, label: 计数, label_en: Taps, unit: 件, rule: tally}
      - {code: visits, label: 送法, label_en: Visits, unit: 次, rule: events, where: {kind: visit, venue: [village, township]}}
      - {code: posts, label: 发布, label_en: Posts, unit: 条, rule: field, field: pieces, at_least: 1, except: {kind: meeting}}
      - {code: items, label: 节目, label_en: Items, unit: 期, rule: distinct, fields: [channel, content], where: {large: false}}
      - {code: hours, label: 时间, label_en: Hours, unit: 时, rule: minutes}
      - {code: staff, label: 人员, label_en: Staff, unit: 人次, rule: staff}
      - {code: story, label: 亮点, label_en: Story, rule: text, wide: true}
notes: [注：无]
quick: {visit: [taps]}
breakdowns:
  - {label: 其中, parts: [visits], of: [taps]}
`

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", "paper: portrait", "papers: portrait", `line 4: unknown key "papers"`},
		{"key twice", "title: 小表", "title: 小表\ntitle: 大表", `line 3: key "title" appears twice`},
		{"key missing", "title_en: Small\n", "", `line 1: key "title_en" is missing`},
		{"empty value", "title: 小表", "title:", "line 2: a value is missing: leave the key out or give text"},
		{"number for text", "title: 小表", "title: 315", `line 2: expected text, write it in quotes: "315"`},
		{"empty text", "title: 小表", `title: ""`, "line 2: the text is empty"},
		{"space around", "title: 小表", `title: "小表 "`, `line 2: the text starts or ends with a space: "小表 "`},
		{"line break", "title: 小表", `title: "小\n表"`, "line 2: the text holds a line break or another control character"},
		{"bad id", "id: small", "id: Small", `line 1: an id is small letters, digits and hyphens: "Small"`},
		{"bad paper", "paper: portrait", "paper: a3", `line 4: unknown paper "a3" (known: portrait landscape)`},
		{"list for mapping", "head: {unit: 填报单位}", "head: [填报单位]", "line 5: expected a mapping"},
		{"empty list", "notes: [注：无]", "notes: []", "line 19: the list is empty"},
		{"duplicate code", "code: visits", "code: taps", `line 13: row code "taps" is taken by line 12`},
		{"bad code", "code: visits", "code: Visits", `line 13: a code is small letters, digits and underscores: "Visits"`},
		{"no label", "label: 计数, ", "", `line 12: key "label" is missing`},
		{"no unit", "unit: 件, ", "", `line 12: key "unit" is missing`},
		{"unknown rule", "rule: tally", "rule: sum", `line 12: unknown rule "sum" (known: tally events field staff distinct minutes text)`},
		{"unknown kind", "kind: visit,", "kind: vist,", `line 13: unknown kind "vist" (known: visit consultation briefing open_day meeting destruction inspection media duty other)`},
		{"unknown venue", "[village, township]", "[village, moon]", `line 13: unknown venue "moon" (known: enterprise community village township scenic school market mall supermarket square street office industry online other)`},
		{"venue twice", "[village, township]", "[village, village]", `line 13: "village" appears twice`},
		{"unknown condition", "venue: [village, township]", "place: village", `line 13: unknown key "place"`},
		{"empty condition", "where: {large: false}", "where: {}", "line 15: the condition is empty: leave it out"},
		{"flag as text", "large: false", "large: no", `line 15: expected true or false, not "no"`},
		{"unknown field", "field: pieces", "field: minutes", `line 14: unknown field "minutes" (known: banners boards consumers experts leaders led_slogans operators pieces)`},
		{"zero floor", "at_least: 1", "at_least: 0", `line 14: expected a number from 1 to 1000000000, not "0"`},
		{"no field", "field: pieces, ", "", `line 14: a row of rule "field" needs "field"`},
		{"foreign key", "rule: minutes", "rule: minutes, field: pieces", `line 16: a row of rule "minutes" does not take "field"`},
		{"unknown key field", "[channel, content]", "[channel, title]", `line 15: unknown field "title" (known: kind venue channel form meeting_type outlet programme content)`},
		{"text with unit", "label_en: Story,", "label_en: Story, unit: 件,", "line 18: a text has no unit"},
		{"sheet field", "code: story", "code: phone", `line 18: the sheet has a field "phone" of its own`},
		{"wide in group", "from: 1, to: 2, label: 甲", "from: 1, to: 7, label: 甲", "line 18: a wide row puts its label into the columns of the groups, so none may span it"},
		{"beyond the end", "from: 1, to: 2, label: 甲", "from: 1, to: 8, label: 甲", `line 9: group "甲" spans lines 1 to 8 of a half with 7`},
		{"backwards", "from: 1, to: 2, label: 甲", "from: 3, to: 2, label: 甲", `line 9: group "甲" spans lines 3 to 2 of a half with 7`},
		{"from zero", "from: 1, to: 2, label: 甲", "from: 0, to: 2, label: 甲", `line 9: expected a number from 1 to 60, not "0"`},
		{"overlap", "{level: 2, from: 2, to: 2", "{level: 1, from: 2, to: 3", `line 10: group "乙" overlaps "甲" of line 9`},
		{"crossing", "{level: 2, from: 2, to: 2", "{level: 2, from: 2, to: 3", `line 10: group "乙" of level 2 does not lie within one group of level 1`},
		{"level skipped", "{level: 2, from: 2, to: 2", "{level: 3, from: 2, to: 2", `line 10: group "乙" of level 3 does not lie within one group of level 2`},
		{"level too deep", "{level: 2, from: 2, to: 2", "{level: 4, from: 2, to: 2", `line 10: expected a number from 1 to 3, not "4"`},
		{"unknown part", "parts: [visits]", "parts: [visit]", `line 22: breakdown "其中" names an unknown row "visit"`},
		{"text as part", "parts: [visits]", "parts: [story]", `line 22: breakdown "其中" names the text "story"`},
		{"part of itself", "parts: [visits]", "parts: [taps]", `line 22: breakdown "其中" breaks "taps" down into itself`},
		{"unused indicator", "quick: {visit: [taps]}", "quick: {visit: [tap]}", `line 20: no rule uses the indicator "tap"`},
		{"indicator of a number", "quick: {visit: [taps]}", "quick: {visit: [visits]}", `line 20: no rule uses the indicator "visits"`},
		{"unknown quick kind", "quick: {visit: [taps]}", "quick: {visits: [taps]}", `line 20: unknown key "visits"`},
		{"alias", "quick: {visit: [taps]}", "quick: &a {visit: [taps]}", "line 20: anchors and aliases are not used here"},
		{"known extra", "notes: [注：无]", "extra_codes: {kind: [visit]}", `line 19: kind "visit" is known already`},
		{"second document", "notes: [注：无]", "---\nid: b", "a template is one YAML document"},
		{"not YAML", "title: 小表", "title: [小表", "line 2: not YAML: did not find expected ',' or ']'"},
		{"bad indent", "paper: portrait", "  paper: portrait", "line 4: not YAML: mapping values are not allowed in this context"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(small, c.old) {
				t.Fatalf("the template has no %q", c.old)
			}
			_, err := ParseTemplate("small.yaml", []byte(strings.Replace(small, c.old, c.new, 1)))
			var p *problem.Error
			if !errors.As(err, &p) || p.Code != problem.Invalid {
				t.Fatalf("got %v, want a problem of code invalid", err)
			}
			if !strings.HasPrefix(p.Msg, "template small.yaml: line ") || !strings.Contains(p.Msg, c.want) {
				t.Errorf("got  %s\nwant %s", p.Msg, c.want)
			}
		})
	}
}

func TestParseIndicatorOfOtherKind(t *testing.T) {
	src := strings.Replace(small, "rule: tally}", "rule: tally, except: {kind: visit}}", 1)
	_, err := ParseTemplate("small.yaml", []byte(src))
	if want := `no rule counts "taps" at an event of kind "visit"`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestParseAccepts(t *testing.T) {
	tmpl, err := ParseTemplate("small.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	visits := tmpl.Row("visits")
	if visits.FullLabel() != "甲·乙·送法" || visits.FullLabelEN() != "A·B·Visits" || visits.Line != 2 || visits.Half != 1 {
		t.Errorf("row visits is %+v", visits)
	}
	if _, ok := tmpl.Row("items").Rule.Where.Flags["large"]; !ok {
		t.Error("large: false was read as no condition")
	}
	if len(tmpl.Hash) != 64 {
		t.Errorf("hash is %q", tmpl.Hash)
	}
	extra := "extra_codes: {kind: [night_market]}\n" + strings.Replace(small, "kind: visit,", "kind: night_market,", 1)
	if _, err := ParseTemplate("x", []byte(extra)); err != nil {
		t.Errorf("an added code was refused: %v", err)
	}
	for _, src := range []string{"", "# nothing\n", "---\n", "[]", "a", strings.Repeat("#", maxTemplate+1)} {
		if _, err := ParseTemplate("x", []byte(src)); problem.CodeOf(err) != problem.Invalid {
			t.Errorf("%.10q gave %v", src, err)
		}
	}
}

// FuzzTemplate: whatever is uploaded either is refused with a line or makes a template that can
// be compiled, filled and drawn. Run it with -fuzzminimizetime 20x, or it spends its time on
// making whole forms shorter.
func FuzzTemplate(f *testing.F) {
	f.Add([]byte(small))
	for _, name := range BuiltinNames {
		src, _ := BuiltinSource(name)
		f.Add(src)
	}
	f.Add([]byte("a: &a [*a]\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		tmpl, err := ParseTemplate("fuzz", src)
		if err != nil {
			var p *problem.Error
			if !errors.As(err, &p) || p.Code != problem.Invalid || !strings.Contains(p.Msg, "line ") {
				t.Fatalf("refused without a line: %v", err)
			}
			return
		}
		s, err := Compile(Campaign{"c", "Asia/Shanghai", "2022-03-01", "2022-03-17"}, []*Template{tmpl})
		if err != nil {
			t.Fatal(err)
		}
		s.Event(sampleEvent())
		s.Unplaced(sampleEvent())
		tb := BuildTable(tmpl, nil, nil, Filing{})
		if g := newGrid(tb); len(g.boxes) == 0 {
			t.Fatal("an empty form")
		}
		if err := tb.CSV(&bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
	})
}
