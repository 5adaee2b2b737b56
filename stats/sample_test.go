package stats

import (
	"fmt"
	"testing"
)

// builtin returns a built-in template.
func builtin(t testing.TB, id string) *Template {
	t.Helper()
	all, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		if x.ID == id {
			return x
		}
	}
	t.Fatalf("no template %s", id)
	return nil
}

// rules compiles templates with a window from 1 to 17 March 2022 in Shanghai.
func rules(t testing.TB, ids ...string) *RuleSet {
	t.Helper()
	var list []*Template
	for _, id := range ids {
		list = append(list, builtin(t, id))
	}
	s, err := Compile(Campaign{ID: "c", Zone: "Asia/Shanghai", FirstDay: "2022-03-01", LastDay: "2022-03-17"}, list)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// filled returns a table with a different figure in every numeric row and unit, but for every
// seventh row, which is blank, and every eleventh, which is 0.
func filled(t testing.TB, id string, units int) *Table {
	t.Helper()
	tmpl := builtin(t, id)
	f := Filing{Unit: "某某县市场监督管理局", Date: "2022-03-17", FilledBy: "甲", Phone: "00000000", Outside: 2, Unreviewed: 5}
	var totals []Total
	var texts []SheetText
	for u := range units {
		unit := UnitColumn{fmt.Sprintf("u%02d", u+1), fmt.Sprintf("第%d市场监管所", u+1)}
		f.Units = append(f.Units, unit)
		for i, r := range tmpl.Rows() {
			v := int64(1000*(i+1) + u)
			switch {
			case !r.Numeric():
				texts = append(texts, SheetText{Row: r.Code, Unit: unit.ID, UnitName: unit.Name, Accepted: true,
					Text: "在步行街设立咨询台，现场演示假冒伪劣商品识别。"})
			case i%7 == 6:
			case i%11 == 10:
				totals = append(totals, Total{Template: id, Row: r.Code, Unit: unit.ID, ReportedN: 1, AcceptedN: 1})
			default:
				totals = append(totals, Total{Template: id, Row: r.Code, Unit: unit.ID, Reported: v + 3, ReportedN: 2, Accepted: v, AcceptedN: 1})
			}
		}
	}
	return BuildTable(tmpl, totals, texts, f)
}
