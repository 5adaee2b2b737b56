package stats

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// bom tells WPS and Excel that a csv is UTF-8.
const bom = "\ufeff"

// CSV writes the canonical csv: UTF-8 without BOM, LF, one record per row and unit in template
// order and the order of Table.Units, none left out. Figures are integers (minutes for hours).
// A frozen table is hashed in this form, so its columns never change:
//
//	template,row,unit,reported,reported_n,accepted,accepted_n,text
//
// text is the accepted text of a text row; a remark has a record of its own, row remark.<code>.
func (tb *Table) CSV(w io.Writer) error {
	c := csv.NewWriter(w)
	_ = c.Write([]string{"template", "row", "unit", "reported", "reported_n", "accepted", "accepted_n", "text"})
	for i := range tb.Rows {
		r := &tb.Rows[i]
		for j, u := range tb.Units {
			rec := []string{tb.Template.ID, r.Row.Code, u.ID, "", "", "", "", ""}
			if r.Row.Numeric() {
				f := r.Units[j]
				for k, v := range []int64{f.Reported.Value, f.Reported.N, f.Accepted.Value, f.Accepted.N} {
					rec[3+k] = strconv.FormatInt(v, 10)
				}
			} else {
				rec[4], rec[6], rec[7] = textOf(r.Texts, u.ID)
			}
			_ = c.Write(rec)
			if n, acc, text := textOf(r.Remarks, u.ID); n != "0" {
				_ = c.Write([]string{tb.Template.ID, RemarkRow(r.Row.Code), u.ID, "", n, "", acc, text})
			}
		}
	}
	c.Flush()
	return c.Error() // a csv.Writer keeps its first error
}

// textOf returns how many texts a unit has, how many of them are accepted, and those.
func textOf(texts []SheetText, unit string) (n, accepted, text string) {
	all, acc := 0, []string{}
	for _, s := range texts {
		if s.Unit != unit {
			continue
		}
		all++
		if s.Accepted {
			acc = append(acc, strings.ReplaceAll(s.Text, "\r\n", "\n"))
		}
	}
	return strconv.Itoa(all), strconv.Itoa(len(acc)), strings.Join(acc, "\n")
}

// OfficeCSV writes the csv that a clerk opens: one line per row with its Chinese label, the
// official and the reported figure and a column per unit (official figures); with BOM and CRLF, so
// that WPS and Excel read it without asking. A text that a spreadsheet would take for a formula
// gets an apostrophe before it.
func (tb *Table) OfficeCSV(w io.Writer) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	cols := tb.Template.Columns
	head := []string{cols.Item, cols.Unit, cols.Total + "（审核）", cols.Total + "（上报）"}
	for _, u := range tb.Units {
		head = append(head, u.Name)
	}
	_ = c.Write(harmless(append(head, "备注")))
	for i := range tb.Rows {
		r := &tb.Rows[i]
		rec := []string{r.Row.FullLabel(), r.Row.Unit, r.Accepted.String(), r.Reported.String()}
		for j, u := range tb.Units {
			if r.Row.Numeric() {
				rec = append(rec, r.Units[j].Accepted.String())
				continue
			}
			_, _, text := textOf(r.Texts, u.ID)
			rec = append(rec, text)
		}
		_ = c.Write(harmless(append(rec, r.Remark())))
	}
	c.Flush()
	return c.Error()
}

// harmless disarms cells that would be run as formulas. A figure is left as it is, negative ones
// included.
func harmless(rec []string) []string {
	for i, s := range rec {
		if _, err := strconv.ParseFloat(s, 64); err != nil && s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
			rec[i] = "'" + s
		}
	}
	return rec
}
