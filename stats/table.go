package stats

import (
	"slices"
	"strings"
	"time"
)

// SheetText is one text of one unit's sheet: Row is a text row's code or, for a remark,
// RemarkRow of a row.
type SheetText struct {
	Row, Unit, UnitName, Text string
	Accepted                  bool
}

// UnitColumn is a unit as a column of the second sheet.
type UnitColumn struct{ ID, Name string }

// Filing is what stands around the figures.
type Filing struct {
	Unit            string // 填报单位, its name
	Year            int    // the campaign's; titles and notes speak of it; 0: as the template has it
	Date            string // "2006-01-02", or any text; empty leaves room to write
	FilledBy, Phone string
	Unreviewed      int          // events not yet accepted: more than 0 makes the table a draft
	Outside         int          // events outside the counting window, which the table leaves out
	Units           []UnitColumn // in order, for the figures by unit
}

// Draft says whether the official figures may still grow by review.
func (f Filing) Draft() bool { return f.Unreviewed > 0 }

// Table is one template filled in. It is made by BuildTable and only read afterwards.
type Table struct {
	Template *Template
	Filing   Filing
	Units    []UnitColumn // Filing.Units, then any further unit that has a figure or text
	Rows     []TableRow   // template order
	Warnings []Warning
}

// TableRow is one row filled in. Official figures are the accepted ones.
type TableRow struct {
	Row      *Row
	Reported Cell
	Accepted Cell
	Units    []UnitCell  // parallel to Table.Units
	Texts    []SheetText // of a text row, in the order of Table.Units
	Remarks  []SheetText // on the row, in the order of Table.Units
}

// UnitCell is what one unit has in one row.
type UnitCell struct{ Reported, Accepted Cell }

// BuildTable fills in a template. It takes the totals and texts of that template and ignores
// others; a unit with figures that is missing from f.Units gets a column of its own at the end,
// because a figure without a column would make the sheets disagree.
func BuildTable(t *Template, totals []Total, texts []SheetText, f Filing) *Table {
	tb := &Table{Template: t.ForYear(f.Year), Filing: f, Units: slices.Clone(f.Units)}
	at := map[string]int{}
	for i, u := range tb.Units {
		at[u.ID] = i
	}
	texts = tb.ownTexts(texts)
	tb.addUnits(at, totals, texts)
	rowAt := map[string]int{}
	for i, r := range t.rows {
		hours := r.Rule.Kind == MinutesRule
		row := TableRow{Row: r, Reported: Cell{Hours: hours}, Accepted: Cell{Hours: hours}}
		row.Units = make([]UnitCell, len(tb.Units))
		for j := range row.Units {
			row.Units[j] = UnitCell{Cell{Hours: hours}, Cell{Hours: hours}}
		}
		tb.Rows = append(tb.Rows, row)
		rowAt[r.Code] = i
	}
	for _, sum := range totals {
		i, ok := rowAt[sum.Row]
		j, has := at[sum.Unit]
		if !ok || !has || sum.Template != t.ID || !t.rows[i].Numeric() {
			continue
		}
		row := &tb.Rows[i]
		u := &row.Units[j]
		u.Reported, u.Accepted = u.Reported.plus(sum.Reported, sum.ReportedN), u.Accepted.plus(sum.Accepted, sum.AcceptedN)
		row.Reported, row.Accepted = row.Reported.plus(sum.Reported, sum.ReportedN), row.Accepted.plus(sum.Accepted, sum.AcceptedN)
	}
	tb.addTexts(at, rowAt, texts)
	tb.Warnings = tb.warnings()
	return tb
}

// ownTexts keeps the texts that have a place on this form and are not empty.
func (tb *Table) ownTexts(texts []SheetText) []SheetText {
	var out []SheetText
	for _, s := range texts {
		s.Text = trimmed(s.Text)
		row := tb.Template.byCode[strings.TrimPrefix(s.Row, RemarkRow(""))]
		if row != nil && s.Text != "" && row.Numeric() == strings.HasPrefix(s.Row, RemarkRow("")) {
			out = append(out, s)
		}
	}
	return out
}

// addUnits appends the units that have something but no column, by id.
func (tb *Table) addUnits(at map[string]int, totals []Total, texts []SheetText) {
	extra := map[string]string{}
	for _, s := range totals {
		if _, ok := at[s.Unit]; !ok && s.Template == tb.Template.ID && (s.ReportedN != 0 || s.AcceptedN != 0) {
			extra[s.Unit] = s.Unit
		}
	}
	for _, s := range texts {
		if _, ok := at[s.Unit]; !ok {
			extra[s.Unit] = s.UnitName
		}
	}
	var ids []string
	for id := range extra {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		at[id] = len(tb.Units)
		name := extra[id]
		if name == "" {
			name = id
		}
		tb.Units = append(tb.Units, UnitColumn{id, name})
	}
}

// addTexts files each text under its row, by the order of units.
func (tb *Table) addTexts(at, rowAt map[string]int, texts []SheetText) {
	slices.SortStableFunc(texts, func(a, b SheetText) int { return at[a.Unit] - at[b.Unit] })
	for _, s := range texts {
		code, remark := strings.CutPrefix(s.Row, RemarkRow(""))
		row := &tb.Rows[rowAt[code]]
		if remark {
			row.Remarks = append(row.Remarks, s)
		} else {
			row.Texts = append(row.Texts, s)
		}
	}
}

// Text returns the accepted texts of a text row, one line per unit that wrote one.
func (r *TableRow) Text() string { return joinTexts(r.Texts) }

// Remark returns the accepted remarks on a row, one line per unit that wrote one.
func (r *TableRow) Remark() string { return joinTexts(r.Remarks) }

// joinTexts puts the unit's name before its text as soon as more than one unit speaks.
func joinTexts(texts []SheetText) string {
	var accepted []SheetText
	for _, s := range texts {
		if s.Accepted {
			accepted = append(accepted, s)
		}
	}
	var b strings.Builder
	for i, s := range accepted {
		if i > 0 {
			b.WriteString("\n")
		}
		if len(accepted) > 1 && s.UnitName != "" {
			b.WriteString(s.UnitName + "：")
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

// Row returns the filled-in row of that code, or nil.
func (tb *Table) Row(code string) *TableRow {
	for i := range tb.Rows {
		if tb.Rows[i].Row.Code == code {
			return &tb.Rows[i]
		}
	}
	return nil
}

// dateText writes a day the way the form's head does; an empty one leaves room for a pen.
func dateText(day string) string {
	if day == "" {
		return "　　　　年　　月　　日"
	}
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("2006 年 1 月 2 日")
}
