package stats

import "fmt"

// Figures a warning is about.
const (
	ReportedFigures = "reported"
	AcceptedFigures = "accepted"
)

// Warning says that a breakdown (其中) exceeds what it breaks down. It blocks nothing: what 其中
// covers is the bureau's own reading of its form, and cases may be handled that came in earlier.
type Warning struct {
	Unit     string   `json:"unit,omitempty"` // unit id; empty: the whole table
	UnitName string   `json:"unit_name,omitempty"`
	Figures  string   `json:"figures"` // reported or accepted
	Label    string   `json:"label"`   // 其中
	Parts    []string `json:"parts"`   // row codes
	Of       []string `json:"of"`
	Part     int64    `json:"part"` // sums of those rows
	Whole    int64    `json:"whole"`
}

// String returns the warning in Chinese, as the office reads it.
func (w Warning) String() string {
	who, which := "全表", "上报数"
	if w.Unit != "" {
		who = w.UnitName
	}
	if w.Figures == AcceptedFigures {
		which = "审核数"
	}
	return fmt.Sprintf("%s（%s）：“%s”合计 %d，大于所属项目合计 %d", who, which, w.Label, w.Part, w.Whole)
}

// warnings compares every breakdown, for the table and for each unit.
func (tb *Table) warnings() []Warning {
	var out []Warning
	for _, b := range tb.Template.Breakdowns {
		for unit := -1; unit < len(tb.Units); unit++ {
			rep, acc := tb.breakdown(b, unit)
			if rep.Part > rep.Whole {
				out = append(out, rep)
			}
			if acc.Part > acc.Whole {
				out = append(out, acc)
			}
		}
	}
	return out
}

// breakdown adds up both sides for one unit, or for the whole table with unit -1.
func (tb *Table) breakdown(b Breakdown, unit int) (reported, accepted Warning) {
	w := Warning{Label: b.Label, Parts: b.Parts, Of: b.Of}
	if unit >= 0 {
		w.Unit, w.UnitName = tb.Units[unit].ID, tb.Units[unit].Name
	}
	reported, accepted = w, w
	reported.Figures, accepted.Figures = ReportedFigures, AcceptedFigures
	sum := func(codes []string) (rep, acc int64) {
		for _, code := range codes {
			r := tb.Row(code)
			if unit >= 0 {
				rep, acc = rep+r.Units[unit].Reported.Value, acc+r.Units[unit].Accepted.Value
			} else {
				rep, acc = rep+r.Reported.Value, acc+r.Accepted.Value
			}
		}
		return rep, acc
	}
	reported.Part, accepted.Part = sum(b.Parts)
	reported.Whole, accepted.Whole = sum(b.Of)
	return reported, accepted
}
