package stats

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Names of the sheets of a workbook.
const (
	FormSheet  = "统计表" // the form as it is handed in, one page of A4
	UnitsSheet = "分单位" // rows × units with sums
	TextSheet  = "文字"  // texts in full, present only when one did not fit on the form
)

// XLSX writes the workbook. Official (accepted) figures are used throughout; a blank figure is an
// empty cell. Texts are written as strings and never as formulas, whatever they begin with.
func (tb *Table) XLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	b := &book{File: f, styles: map[look]int{}}
	if err := b.write(tb); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// book is a workbook being drawn.
type book struct {
	*excelize.File
	styles map[look]int
}

func (b *book) write(tb *Table) error {
	if err := b.SetDefaultFont(font); err != nil {
		return err
	}
	if err := b.SetSheetName("Sheet1", FormSheet); err != nil {
		return err
	}
	if err := b.SetDocProps(&excelize.DocProperties{Title: tb.Template.Title, Creator: tb.Filing.Unit,
		Created: "", Modified: ""}); err != nil {
		return err
	}
	g := newGrid(tb)
	if err := b.form(tb, g); err != nil {
		return err
	}
	if err := b.units(tb); err != nil {
		return err
	}
	if g.cut {
		return b.texts(tb)
	}
	return nil
}

// form draws the first sheet.
func (b *book) form(tb *Table, g *grid) error {
	for i, width := range g.widths {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := b.SetColWidth(FormSheet, name, name, width); err != nil {
			return err
		}
	}
	for i, height := range g.heights {
		if err := b.SetRowHeight(FormSheet, i+1, height); err != nil {
			return err
		}
	}
	for _, x := range g.boxes {
		if err := b.box(x); err != nil {
			return err
		}
	}
	return b.page(FormSheet, page{paper: tb.Template.Paper, wide: 1, high: 1,
		area: area(FormSheet, len(g.widths), len(g.heights))})
}

// box draws one rectangle: style on every cell, or a merged one lacks borders, then the merge,
// then what it shows.
func (b *book) box(x box) error {
	from, err := excelize.CoordinatesToCellName(x.c1, x.r1)
	if err != nil {
		return err
	}
	to, err := excelize.CoordinatesToCellName(x.c2, x.r2)
	if err != nil {
		return err
	}
	style, err := b.style(x.look)
	if err != nil {
		return err
	}
	if err := b.SetCellStyle(FormSheet, from, to, style); err != nil {
		return err
	}
	if from != to {
		if err := b.MergeCell(FormSheet, from, to); err != nil {
			return err
		}
	}
	switch {
	case x.figure == nil && x.text != "":
		return b.SetCellStr(FormSheet, from, oneBreak(x.text))
	case x.figure == nil || x.figure.Blank():
		return nil
	case x.figure.Hours:
		return b.SetCellFloat(FormSheet, from, x.figure.Number(), -1, 64)
	}
	return b.SetCellInt(FormSheet, from, x.figure.Value)
}

// oneBreak leaves one kind of line break; a carriage return would show as _x000D_.
func oneBreak(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// page is how a sheet is printed, always on A4.
type page struct {
	paper      string
	wide, high int    // pages it is made to fit on; 0: as many as it takes
	area       string // print area, empty: all
	titles     string // rows and columns repeated on each page
}

func (b *book) page(sheet string, p page) error {
	a4, yes, half, small := 9, true, 0.5, 0.3
	if err := b.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return err
	}
	if err := b.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &p.paper,
		FitToWidth: &p.wide, FitToHeight: &p.high}); err != nil {
		return err
	}
	if err := b.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &half, Right: &half, Top: &half,
		Bottom: &half, Header: &small, Footer: &small, Horizontally: &yes}); err != nil {
		return err
	}
	for _, d := range []excelize.DefinedName{{Name: "_xlnm.Print_Area", RefersTo: p.area, Scope: sheet},
		{Name: "_xlnm.Print_Titles", RefersTo: p.titles, Scope: sheet}} {
		if d.RefersTo == "" {
			continue
		}
		if err := b.SetDefinedName(&d); err != nil {
			return err
		}
	}
	return nil
}

// area names the rectangle from A1 to a column and row.
func area(sheet string, col, row int) string {
	name, err := excelize.ColumnNumberToName(col)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("'%s'!$A$1:$%s$%d", sheet, name, row)
}
