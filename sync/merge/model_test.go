package merge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
	"pgregory.net/rapid"
)

// The model says the same as the package in the plainest way: all writes are kept, who saw what is
// worked out pair by pair, and what nobody saw stands.

// arrival is a line that was applied, with all that its writer had seen.
type arrival struct {
	*hline
	round int
	saw   map[changelog.Hash]bool
}

// model returns the applied lines of an order of arrival.
func (h *history) model(o order) []arrival {
	var out []arrival
	done := map[string]bool{}
	for round := range o {
		for _, p := range o[round] {
			l := h.logs[p.log-1]
			x := &l.lines[p.seq]
			if id := fmt.Sprint(l.family, x.origin); !done[id] {
				done[id] = true
				out = append(out, arrival{x, round, h.written(l, p.seq)})
			}
		}
	}
	for i := range out {
		for _, other := range out {
			if other.round < out[i].pull { // it had arrived when the writer pulled
				out[i].saw[other.origin] = true
			}
		}
	}
	return out
}

// written returns the origins of all lines before seq in a log and in those it descends from.
func (h *history) written(l *hlog, seq int64) map[changelog.Hash]bool {
	out := map[changelog.Hash]bool{}
	for {
		for _, x := range l.lines[:seq] {
			out[x.origin] = true
		}
		if l.parent == 0 {
			return out
		}
		l, seq = h.logs[l.parent-1], l.cut+1
	}
}

// standing returns the writes of a field that no other write of it had seen.
func standing(all []arrival, name string) map[changelog.Hash]changelog.Value {
	out := map[changelog.Hash]changelog.Value{}
	writes := func(a *arrival) (changelog.Value, bool) {
		for _, f := range a.fields {
			if f.Name == name {
				return f.Value, true
			}
		}
		return changelog.Value{}, false
	}
	for i := range all {
		v, ok := writes(&all[i])
		seen := slices.ContainsFunc(all, func(w arrival) bool {
			_, same := writes(&w)
			return same && w.saw[all[i].origin]
		})
		if ok && !seen {
			out[all[i].origin] = v
		}
	}
	return out
}

// blind returns whether an edit that stands and a deletion that stands had not seen one another.
func blind(all []arrival) bool {
	by := map[changelog.Hash]*arrival{}
	for i := range all {
		by[all[i].origin] = &all[i]
	}
	for d, v := range standing(all, "deleted") {
		for _, name := range hfields {
			for e := range standing(all, name) {
				if v.Flag && d != e && !by[d].saw[e] && !by[e].saw[d] {
					return true
				}
			}
		}
	}
	return false
}

func TestSiblingsAreWhatNobodySaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		o := h.drawOrder(t)
		r := h.play(o, ours)
		all := h.model(o)
		for _, g := range r.Fields {
			want := standing(all, g.Name)
			for _, s := range g.Siblings {
				if v, ok := want[s.Origin]; !ok || shown(&v) != shown(&s.Value) {
					t.Fatalf("%s: a value stands that was seen, or another one was written: %s", g.Name, shown(&s.Value))
				}
				delete(want, s.Origin)
			}
			if len(want) > 0 {
				t.Fatalf("%s: %d values are missing that nobody had seen", g.Name, len(want))
			}
		}
		for i := range all {
			for _, f := range all[i].fields {
				if !slices.ContainsFunc(r.Fields, func(g merge.Register) bool { return g.Name == f.Name }) {
					t.Fatalf("the field %s is missing", f.Name)
				}
			}
		}
		modelTallies(t, all, told(r))
		if got := slices.Contains(r.Conflicts(), "deleted"); r.Deleted() && blind(all) && !got {
			t.Fatalf("an edit and a deletion had not seen one another, and nobody is told: %s", told(r))
		} else if got && !blind(all) && len(different(standing(all, "deleted"))) < 2 {
			t.Fatalf("a deletion is called a conflict, and it is none: %s", told(r))
		}
	})
}

func different(values map[changelog.Hash]changelog.Value) map[string]bool {
	out := map[string]bool{}
	for _, v := range values {
		out[shown(&v)] = true
	}
	return out
}

// modelTallies compares what adds up: each applied line once, by no clock.
func modelTallies(t *rapid.T, all []arrival, told string) {
	sum, n := map[string]int64{}, map[string]int64{}
	var received, destroyed, first int64
	puts, late := 0, false
	for i := range all {
		x := all[i].hline
		late = late || x.late
		switch {
		case x.fields != nil:
			if puts == 0 || x.eff < first {
				first = x.eff
			}
			puts++
		case x.move != nil:
			switch x.move.Move {
			case models.MoveReceived:
				received += x.move.Quantity
			case models.MoveDestroyed:
				destroyed += x.move.Quantity
			}
		default:
			sum[x.tally] += x.n
			n[x.tally]++
		}
	}
	want := []string{fmt.Sprintf("first %d late %t", first, late), fmt.Sprintf("{%d 0 0 0 %d 0}", received, destroyed)}
	for k := range sum {
		want = append(want, fmt.Sprintf("{%s %d %d}", k, sum[k], n[k]))
	}
	for _, w := range want {
		if !strings.Contains(told, w) {
			t.Fatalf("want %q in\n%s", w, told)
		}
	}
}
