package stats

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Print writes the table as aligned plain text for a terminal: label, unit, official and
// reported figure. It counts CJK characters as two columns.
func (tb *Table) Print(w io.Writer) error {
	b := bufio.NewWriter(w)
	t, f := tb.Template, tb.Filing
	fmt.Fprintln(b, t.Title)
	head := t.Head.Unit + "：" + f.Unit
	if t.Head.Date != "" {
		head += "　" + t.Head.Date + "：" + dateText(f.Date)
	}
	fmt.Fprintln(b, head)
	for _, line := range tb.remarks() {
		fmt.Fprintln(b, line)
	}
	lines := [][]string{{t.Columns.Item, t.Columns.Unit, "审核", "上报"}}
	for i := range tb.Rows {
		if r := &tb.Rows[i]; r.Row.Numeric() {
			lines = append(lines, []string{r.Row.FullLabel(), r.Row.Unit, r.Accepted.String(), r.Reported.String()})
		}
	}
	printAligned(b, lines)
	for i := range tb.Rows {
		if r := &tb.Rows[i]; !r.Row.Numeric() {
			fmt.Fprintf(b, "%s：%s\n", r.Row.FullLabel(), strings.ReplaceAll(r.Text(), "\n", "\n  "))
		}
	}
	for _, n := range t.Notes {
		fmt.Fprintln(b, n)
	}
	for _, warn := range tb.Warnings {
		fmt.Fprintln(b, "提示 "+warn.String())
	}
	return b.Flush()
}

// printAligned pads every column to its widest cell; the first two hold words, the rest figures.
func printAligned(w io.Writer, lines [][]string) {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, s := range line {
			widths[i] = max(widths[i], columnsOf(s))
		}
	}
	for _, line := range lines {
		var out []string
		for i, s := range line {
			out = append(out, padded(s, widths[i], i > 1))
		}
		fmt.Fprintln(w, strings.TrimRight(strings.Join(out, "  "), " "))
	}
}

// remarks are the sentences that say how far the figures can be relied on.
func (tb *Table) remarks() []string {
	var out []string
	if tb.Filing.Draft() {
		out = append(out, tb.draftMark())
	}
	if s := tb.outsideNote(); s != "" {
		out = append(out, s)
	}
	return out
}

func (tb *Table) draftMark() string {
	if !tb.Filing.Draft() {
		return ""
	}
	return fmt.Sprintf("草稿：尚有 %d 场未审核", tb.Filing.Unreviewed)
}

// outsideNote says what the counting window left out: it stays on record, and the table says so.
func (tb *Table) outsideNote() string {
	if tb.Filing.Outside <= 0 {
		return ""
	}
	return fmt.Sprintf("另有 %d 场不在统计期内，未计入本表。", tb.Filing.Outside)
}
