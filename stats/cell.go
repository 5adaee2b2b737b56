package stats

import (
	"strconv"
)

// Cell is one figure: Value in the row's unit (minutes where Hours is set) and N, the number of
// entries behind it.
type Cell struct {
	Value, N int64
	Hours    bool // Value is minutes, shown as hours
}

// Blank says whether nothing was recorded: such a cell prints as nothing, not as 0.
func (c Cell) Blank() bool { return c.N == 0 }

// String returns what is printed: "", an integer, or hours with two decimals.
func (c Cell) String() string {
	switch {
	case c.Blank():
		return ""
	case !c.Hours:
		return strconv.FormatInt(c.Value, 10)
	}
	h, neg := hundredths(c.Value), ""
	if h < 0 {
		h, neg = -h, "-"
	}
	s := strconv.FormatInt(h/100, 10) + "."
	if h%100 < 10 {
		s += "0"
	}
	return neg + s + strconv.FormatInt(h%100, 10)
}

// Number returns the figure as it is printed, hours rounded to two decimals. Blank gives 0: ask
// Blank first.
func (c Cell) Number() float64 {
	if c.Hours {
		return float64(hundredths(c.Value)) / 100
	}
	return float64(c.Value)
}

// Exact returns the figure unrounded, for cells that others add up: hours are rounded once, in
// the total that is shown.
func (c Cell) Exact() float64 {
	if c.Hours {
		return float64(c.Value) / 60
	}
	return float64(c.Value)
}

// plus adds another figure of the same row.
func (c Cell) plus(value, n int64) Cell {
	return Cell{Value: c.Value + value, N: c.N + n, Hours: c.Hours}
}

// hundredths turns minutes into hundredths of an hour, rounded half away from zero, without
// overflow.
func hundredths(minutes int64) int64 {
	whole, rest := minutes/60, minutes%60
	half := int64(30)
	if rest < 0 {
		half = -30
	}
	return whole*100 + (rest*100+half)/60
}
