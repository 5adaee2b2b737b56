package stats

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// unitsOnPage is how many units the second sheet puts on a page beside the labels.
const unitsOnPage = 12

// firstUnitRow is the first row with figures of the second sheet; title, draft mark and column
// titles come before.
const firstUnitRow = 4

// units draws the second sheet: rows × units, each row with a SUM. It is streamed, because only
// that writes a formula together with its value, which viewers that do not calculate show.
func (b *book) units(tb *Table) error {
	if _, err := b.NewSheet(UnitsSheet); err != nil {
		return err
	}
	if err := b.page(UnitsSheet, page{paper: "landscape", wide: max(1, (len(tb.Units)+unitsOnPage-1)/unitsOnPage),
		titles: fmt.Sprintf("'%s'!$A:$C,'%s'!$1:$%d", UnitsSheet, UnitsSheet, firstUnitRow-1)}); err != nil {
		return err
	}
	sw, err := b.NewStreamWriter(UnitsSheet)
	if err != nil {
		return err
	}
	u := &unitsWriter{StreamWriter: sw, book: b, last: 3 + len(tb.Units)}
	if err := u.prepare(tb); err != nil {
		return err
	}
	if err := u.top(tb); err != nil {
		return err
	}
	y := firstUnitRow
	for i := range tb.Rows {
		if !tb.Rows[i].Row.Numeric() {
			continue
		}
		if err := u.line(&tb.Rows[i], y); err != nil {
			return err
		}
		y++
	}
	return sw.Flush()
}

// unitsWriter writes the second sheet from top to bottom.
type unitsWriter struct {
	*excelize.StreamWriter
	book *book
	last int // column of the last unit
}

// prepare sets widths and freezes labels; a stream wants both before its first row.
func (u *unitsWriter) prepare(tb *Table) error {
	label := 16
	for _, r := range tb.Template.rows {
		if r.Numeric() {
			label = max(label, columnsOf(r.FullLabel()))
		}
	}
	for _, w := range []struct {
		from, to int
		width    float64
	}{{1, 1, float64(min(label, 44)) + 2}, {2, 2, 8}, {3, max(u.last, 3), 11}} {
		if err := u.SetColWidth(w.from, w.to, w.width); err != nil {
			return err
		}
	}
	return u.SetPanes(&excelize.Panes{Freeze: true, XSplit: 3, YSplit: firstUnitRow - 1, TopLeftCell: "D4",
		ActivePane: "bottomRight"})
}

// top writes title, draft mark and column titles.
func (u *unitsWriter) top(tb *Table) error {
	if err := u.row(1, 30, titleLook, tb.Template.Title+"（分单位）"); err != nil {
		return err
	}
	if err := u.row(2, 18, draftLook, tb.draftMark()); err != nil {
		return err
	}
	cols := tb.Template.Columns
	head := []string{cols.Item, cols.Unit, "合计"}
	for _, unit := range tb.Units {
		head = append(head, unit.Name)
	}
	return u.row(firstUnitRow-1, 34, columnLook, head...)
}

// row writes one row of texts in one look.
func (u *unitsWriter) row(y int, height float64, l look, texts ...string) error {
	id, err := u.book.style(l)
	if err != nil {
		return err
	}
	var cells []any
	for _, s := range texts {
		cells = append(cells, excelize.Cell{StyleID: id, Value: oneBreak(s)})
	}
	at, err := excelize.CoordinatesToCellName(1, y)
	if err != nil {
		return err
	}
	if err := u.SetRow(at, cells, excelize.RowOpts{Height: height}); err != nil {
		return err
	}
	if len(texts) > 1 {
		return nil
	}
	to, err := excelize.CoordinatesToCellName(max(u.last, 3), y)
	if err != nil {
		return err
	}
	return u.MergeCell(at, to)
}

// line writes one row: the sum over units, then each unit. Hours are written unrounded and shown
// with two decimals, so that the sum is rounded once. A row without any entry sums to an empty
// text, not to 0; it becomes a figure as soon as somebody types one.
func (u *unitsWriter) line(r *TableRow, y int) error {
	label, err := u.book.style(labelLook)
	if err != nil {
		return err
	}
	unit, err := u.book.style(unitLook)
	if err != nil {
		return err
	}
	how := countLook
	if r.Accepted.Hours {
		how = hourLook
	}
	figure, err := u.book.style(how)
	if err != nil {
		return err
	}
	sum := excelize.Cell{StyleID: figure}
	if u.last > 3 {
		end, err := excelize.CoordinatesToCellName(u.last, y)
		if err != nil {
			return err
		}
		sum.Formula = fmt.Sprintf(`IF(COUNT(D%d:%s)=0,"",SUM(D%d:%s))`, y, end, y, end)
	}
	sum.Value = figureOf(r.Accepted)
	cells := []any{excelize.Cell{StyleID: label, Value: r.Row.FullLabel()}, excelize.Cell{StyleID: unit, Value: r.Row.Unit}, sum}
	for _, c := range r.Units {
		cells = append(cells, excelize.Cell{StyleID: figure, Value: figureOf(c.Accepted)})
	}
	return u.SetRow(fmt.Sprintf("A%d", y), cells, excelize.RowOpts{Height: 20})
}

// figureOf returns what a cell that is added up holds: nothing, an integer, or unrounded hours.
func figureOf(c Cell) any {
	switch {
	case c.Blank():
		return nil
	case c.Hours:
		return c.Exact()
	}
	return c.Value
}

// texts draws the third sheet: every accepted text and remark in full.
func (b *book) texts(tb *Table) error {
	if _, err := b.NewSheet(TextSheet); err != nil {
		return err
	}
	if err := b.page(TextSheet, page{paper: "portrait", wide: 1}); err != nil {
		return err
	}
	for col, width := range map[string]float64{"A": 20, "B": 20, "C": 60} {
		if err := b.SetColWidth(TextSheet, col, col, width); err != nil {
			return err
		}
	}
	style, err := b.style(textLook)
	if err != nil {
		return err
	}
	y := 1
	for i := range tb.Rows {
		r := &tb.Rows[i]
		for _, s := range append(r.Texts[:len(r.Texts):len(r.Texts)], r.Remarks...) {
			if !s.Accepted {
				continue
			}
			if err := b.textLine(y, style, r.Row.FullLabel(), s.UnitName, s.Text); err != nil {
				return err
			}
			y++
		}
	}
	return nil
}

func (b *book) textLine(y, style int, cells ...string) error {
	for i, s := range cells {
		at, err := excelize.CoordinatesToCellName(i+1, y)
		if err != nil {
			return err
		}
		if err := b.SetCellStr(TextSheet, at, oneBreak(s)); err != nil {
			return err
		}
		if err := b.SetCellStyle(TextSheet, at, at, style); err != nil {
			return err
		}
	}
	// 409 points is the most a row may have; more is read by opening the cell.
	return b.SetRowHeight(TextSheet, y, min(409, float64(linesFor(cells[2], 58))*lineHeight+6))
}
