package stats

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// columnsOf returns how many columns a text takes on a terminal and, near enough, how many
// half-width characters on a sheet: CJK takes two, a combining mark none.
func columnsOf(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
		case width.LookupRune(r).Kind() == width.EastAsianWide, width.LookupRune(r).Kind() == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// padded fills a text with spaces up to a number of columns, on the left for figures.
func padded(s string, columns int, left bool) string {
	fill := strings.Repeat(" ", max(0, columns-columnsOf(s)))
	if left {
		return fill + s
	}
	return s + fill
}

// linesFor returns how many lines a text takes in a cell of that many half-width characters.
func linesFor(s string, columns int) int {
	columns = max(columns, 2)
	n := 0
	for line := range strings.SplitSeq(s, "\n") {
		n += max(1, (columnsOf(line)+columns-1)/columns)
	}
	return n
}

// cut shortens a text to a number of lines and says whether it had to.
func cut(s string, columns, lines int) (string, bool) {
	if linesFor(s, columns) <= lines {
		return s, false
	}
	runes := []rune(s)
	low, high := 0, len(runes)
	for low < high { // the longest beginning that fits
		mid := (low + high + 1) / 2
		if linesFor(string(runes[:mid]), columns) <= lines {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return string(runes[:low]), true
}
