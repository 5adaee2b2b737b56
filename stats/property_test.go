package stats

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// anyEvent draws an event of any kind, with codes the forms know and codes they do not.
func anyEvent(t *rapid.T, id string) *Event {
	code := func(field string) string {
		return rapid.SampledFrom(append(Codes(field), "", "parade")).Draw(t, field)
	}
	e := &Event{ID: id, Unit: rapid.SampledFrom([]string{"u1", "u2"}).Draw(t, "unit"),
		StartMS: midMarch + rapid.Int64Range(-20, 20).Draw(t, "day")*86_400_000,
		Deleted: rapid.IntRange(0, 9).Draw(t, "deleted") == 0,
		Judged:  rapid.SampledFrom([]string{"", "", "", WhyOne, WhySame}).Draw(t, "judged"),
		Text:    map[string]string{}, Num: map[string]int64{}, Flag: map[string]bool{}, Staff: map[string]int64{}, Tallies: map[string]Tally{}}
	for _, f := range []string{"kind", "venue", "channel", "form", "meeting_type"} {
		if v := code(f); v != "" {
			e.Text[f] = v
		}
	}
	for _, f := range []string{"outlet", "programme", "content"} {
		if v := rapid.SampledFrom([]string{"", "a", "b", " a"}).Draw(t, f); v != "" {
			e.Text[f] = v
		}
	}
	for _, f := range append(countFields(), "minutes") {
		if rapid.Bool().Draw(t, "typed") {
			e.Num[f] = rapid.Int64Range(0, 500).Draw(t, f)
		}
	}
	for _, f := range flagFields {
		e.Flag[f] = rapid.Bool().Draw(t, f)
	}
	for _, u := range rapid.SliceOfN(rapid.SampledFrom([]string{"u1", "u2", "u3", "u4"}), 0, 3).Draw(t, "staffed") {
		e.Staff[u] = rapid.Int64Range(0, 9).Draw(t, "people")
	}
	for _, i := range rapid.SliceOfN(rapid.SampledFrom([]string{"complaints", "handled_directly", "materials_issued", "consumers_joining", "nonsense"}), 0, 4).Draw(t, "tapped") {
		e.Tallies[i] = Tally{rapid.Int64Range(-3, 50).Draw(t, "sum"), rapid.Int64Range(0, 3).Draw(t, "n")}
	}
	return e
}

// reordered copies an event with its maps filled in another order.
func reordered(t *rapid.T, e *Event) *Event {
	o := *e
	o.Text, o.Num, o.Staff, o.Tallies = shuffled(t, e.Text), shuffled(t, e.Num), shuffled(t, e.Staff), shuffled(t, e.Tallies)
	return &o
}

func shuffled[V any](t *rapid.T, m map[string]V) map[string]V {
	out := map[string]V{}
	for _, k := range rapid.Permutation(slices.Sorted(maps.Keys(m))).Draw(t, "order") {
		out[k] = m[k]
	}
	return out
}

func TestContributionsDoNotDependOnOrder(t *testing.T) {
	s := rules(t, BuiltinNames...)
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t, "e1")
		if a, b := s.Event(e), s.Event(reordered(t, e)); !slices.Equal(a, b) {
			t.Fatalf("%s\n%s", short(a), short(b))
		}
	})
}

// history is a run of changes to a few events, as the store sees them.
func TestRetractAndAddEqualRecompute(t *testing.T) {
	s := rules(t, BuiltinNames...)
	rapid.Check(t, func(t *rapid.T) {
		type state struct {
			e        *Event
			accepted bool
		}
		now, running := map[string]state{}, NewSums()
		for range rapid.IntRange(1, 8).Draw(t, "changes") {
			id := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "id")
			if old, ok := now[id]; ok {
				running.Retract(s.Event(old.e), old.accepted)
			}
			now[id] = state{anyEvent(t, id), rapid.Bool().Draw(t, "accepted")}
			running.Add(s.Event(now[id].e), now[id].accepted)
		}
		fresh := NewSums()
		for _, st := range now {
			fresh.Add(s.Event(st.e), st.accepted)
		}
		if a, b := running.Totals(), fresh.Totals(); !slices.Equal(a, b) {
			t.Fatalf("kept up  %v\nrecounted %v", a, b)
		}
		for _, x := range fresh.Totals() {
			if x.AcceptedN > x.ReportedN || x.ReportedN < 0 {
				t.Fatalf("more accepted than reported: %+v", x)
			}
		}
		for id, st := range now {
			running.Retract(s.Event(st.e), st.accepted)
			delete(now, id)
		}
		if left := running.Totals(); len(left) > 0 || !empty(running) {
			t.Fatalf("something is left of nothing: %v", left)
		}
	})
}

func empty(s *Sums) bool {
	for _, keys := range s.uses {
		if len(keys) > 0 {
			return false
		}
	}
	return true
}

// What is excluded has no effect, and every exclusion has its row: an event that is deleted (or
// judged, or moved out of the window) names the same rows as before, each with a reason.
func TestExcludedHasNoEffectAndIsExplained(t *testing.T) {
	s := rules(t, BuiltinNames...)
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t, "e1")
		e.Deleted, e.Judged, e.StartMS = false, "", midMarch
		plain := s.Event(e)
		out := *e
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			out.Deleted = true
		case 1:
			out.Judged = WhySame
		case 2:
			out.StartMS = midMarch + 40*86_400_000
		}
		excluded := s.Event(&out)
		sums := NewSums()
		sums.Add(excluded, true)
		if len(sums.Totals()) != 0 {
			t.Fatalf("counted all the same: %s", short(excluded))
		}
		if len(excluded) != len(plain) {
			t.Fatalf("rows were lost: %s\n%s", short(plain), short(excluded))
		}
		for i := range excluded {
			x := excluded[i]
			if x.Why == "" {
				t.Fatalf("no reason: %+v", x)
			}
			x.Why = plain[i].Why
			if x != plain[i] {
				t.Fatalf("%+v became %+v", plain[i], excluded[i])
			}
		}
	})
}

// One event recorded twice: the second keeps its tallies and nothing else.
func TestOneEventKeepsTalliesOnly(t *testing.T) {
	s := rules(t, BuiltinNames...)
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t, "e1")
		e.Deleted, e.Judged, e.StartMS = false, WhyOne, midMarch
		for _, c := range s.Event(e) {
			tally := s.Template(c.Template).Row(c.Row).Rule.Kind == TallyRule
			if tally != (c.Why == "") {
				t.Fatalf("%+v", c)
			}
		}
	})
}

// Blank and 0 are two answers: a cell is blank exactly when nothing was entered.
func TestBlankIsNotZero(t *testing.T) {
	s := rules(t, BuiltinNames[0])
	tmpl := s.Templates()[0]
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t, "e1")
		list := s.Event(e)
		sums := NewSums()
		sums.Add(list, true)
		tb := BuildTable(tmpl, sums.Totals(), nil, Filing{})
		counts := map[string]bool{}
		for _, c := range list {
			counts[c.Row] = counts[c.Row] || c.Why == ""
		}
		for i := range tb.Rows {
			r := &tb.Rows[i]
			if (r.Accepted.String() != "") != counts[r.Row.Code] || r.Accepted != r.Reported {
				t.Fatalf("%s prints %q after %s", r.Row.Code, r.Accepted, short(list))
			}
		}
	})
}

func TestEventIsNotChanged(t *testing.T) {
	s := rules(t, BuiltinNames...)
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t, "e1")
		before := reordered(t, e)
		s.Event(e)
		s.Unplaced(e)
		if !reflect.DeepEqual(e, before) {
			t.Fatal("counting changed the event")
		}
	})
}
