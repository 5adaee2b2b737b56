package stats

import (
	"cmp"
	"maps"
	"slices"
)

// Total is what one unit has in one row of one template. Minutes rows hold minutes. The N are
// the entries behind a figure: 0 prints blank. For a distinct row value and N are both the
// number of different keys.
type Total struct {
	Template, Row, Unit string
	Reported, ReportedN int64
	Accepted, AcceptedN int64
}

// Sums adds contributions up in memory, by the rules that the stored totals follow: for
// recomputing and comparing, and for tests. It is not safe for concurrent use.
type Sums struct {
	totals map[place]*Total
	uses   map[place]map[string]*[2]int64 // distinct rows: key → uses reported, accepted
}

type place struct{ template, row, unit string }

// NewSums returns sums of nothing.
func NewSums() *Sums {
	return &Sums{totals: map[place]*Total{}, uses: map[place]map[string]*[2]int64{}}
}

// Add counts the contributions of one event or sheet; accepted says whether the office has
// accepted it. Excluded contributions and texts have no effect.
func (s *Sums) Add(list []Contribution, accepted bool) { s.apply(list, accepted, 1) }

// Retract takes back exactly what Add counted.
func (s *Sums) Retract(list []Contribution, accepted bool) { s.apply(list, accepted, -1) }

func (s *Sums) apply(list []Contribution, accepted bool, sign int64) {
	for _, c := range list {
		if c.Why != "" || c.Text != "" {
			continue
		}
		at := place{c.Template, c.Row, c.Unit}
		t := s.totals[at]
		if t == nil {
			t = &Total{Template: c.Template, Row: c.Row, Unit: c.Unit}
			s.totals[at] = t
		}
		value, n := c.Value, c.N
		accValue, accN := c.Value, c.N
		if c.Key != "" {
			value, accValue = s.use(at, c.Key, accepted, sign)
			n, accN = value, accValue
		}
		t.Reported += sign * value
		t.ReportedN += sign * n
		if accepted {
			t.Accepted += sign * accValue
			t.AcceptedN += sign * accN
		}
	}
}

// use counts one use of a distinct key up or down and says, with 1 or 0 for each of reported and
// accepted, whether that was the key's first or last one.
func (s *Sums) use(at place, key string, accepted bool, sign int64) (reported, acc int64) {
	keys := s.uses[at]
	if keys == nil {
		keys = map[string]*[2]int64{}
		s.uses[at] = keys
	}
	u := keys[key]
	if u == nil {
		u = &[2]int64{}
		keys[key] = u
	}
	edge := func(i int) int64 {
		before := u[i]
		u[i] += sign
		if before == 0 || u[i] == 0 {
			return 1
		}
		return 0
	}
	reported = edge(0)
	if accepted {
		acc = edge(1)
	}
	if *u == ([2]int64{}) {
		delete(keys, key)
	}
	return reported, acc
}

// Totals returns what is not nothing, sorted by template, row and unit.
func (s *Sums) Totals() []Total {
	var out []Total
	for _, t := range s.totals {
		if t.ReportedN != 0 || t.AcceptedN != 0 || t.Reported != 0 || t.Accepted != 0 {
			out = append(out, *t)
		}
	}
	slices.SortFunc(out, func(a, b Total) int {
		return cmp.Or(cmp.Compare(a.Template, b.Template), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Unit, b.Unit))
	})
	return out
}

// Keys returns the different keys that a unit has in a distinct row, sorted.
func (s *Sums) Keys(template, row, unit string) []string {
	return slices.Sorted(maps.Keys(s.uses[place{template, row, unit}]))
}
