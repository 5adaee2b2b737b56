package merge_test

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
	"pgregory.net/rapid"
)

// told is everything a record says but for its version numbers and for where its lines stand.
func told(r *merge.Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nfirst %d late %t deleted %t exists %t state %q conflicts %q\n",
		r.Public(nil), r.FirstMS, r.Late, r.Deleted(), r.Exists(), r.State(), r.Conflicts())
	for _, g := range r.Fields {
		fmt.Fprintf(&b, "%s", g.Name)
		for _, s := range g.Siblings {
			fmt.Fprintf(&b, " [%s %d %d %s]", shown(&s.Value), s.EffectiveMS, s.AtMS, hex.EncodeToString(s.Origin[:4]))
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "%v %v", r.Tallies, r.Balance())
	for _, m := range r.Moves {
		fmt.Fprintf(&b, " [%s %s %d %d]", m.ID, m.Move, m.Quantity, m.EffectiveMS)
	}
	return b.String()
}

func shown(v *changelog.Value) string {
	return fmt.Sprintf("%d %q %d %t %s", v.Kind, v.Text, v.Int, v.Flag, v.Raw)
}

// The order in which phones' lines arrive leaves no trace in what a record says.
func TestOrderOfArrivalLeavesNoTrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		first, second := h.drawOrder(t), h.drawOrder(t)
		one, other := told(h.play(first, ours)), told(h.play(second, ours))
		if one != other {
			t.Fatalf("two orders of arrival differ:\n%s\n\n%s", one, other)
		}
	})
}

// A merge that lets the order of arrival through is found by the same property.
func TestOrderBugsAreFound(t *testing.T) {
	lastWins := func(r *merge.Record, w *merge.Write, fields []changelog.Field, version int64) {
		r.Put(w, fields, version)
		for i := range r.Fields { // the last arrival stands last, so it is the one that is shown
			slices.SortStableFunc(r.Fields[i].Siblings, func(a, b merge.Sibling) int { return int(a.Version - b.Version) })
		}
	}
	firstCame := func(r *merge.Record, w *merge.Write, fields []changelog.Field, version int64) {
		first, had := r.FirstMS, r.Exists()
		if r.Put(w, fields, version); had {
			r.FirstMS = first
		}
	}
	oneSided := func(r *merge.Record, w *merge.Write, fields []changelog.Field, version int64) {
		had := map[changelog.Hash]int{}
		for i := range r.Fields {
			for j := range r.Fields[i].Siblings {
				had[r.Fields[i].Siblings[j].Origin] = len(r.Fields[i].Siblings[j].Unseen)
			}
		}
		r.Put(w, fields, version)
		for i := range r.Fields { // a deletion does not mark the edits that it had not seen
			for j := range r.Fields[i].Siblings {
				s := &r.Fields[i].Siblings[j]
				if n, ok := had[s.Origin]; ok {
					s.Unseen = s.Unseen[:min(n, len(s.Unseen))]
				}
			}
		}
	}
	noLineage := func(r *merge.Record, w *merge.Write, fields []changelog.Field, version int64) {
		v := *w
		v.Lineage = &merge.Lineage{Log: w.Log} // forks and moved lines are forgotten
		r.Put(&v, fields, version)
	}
	for name, put := range map[string]func(*merge.Record, *merge.Write, []changelog.Field, int64){
		"last arrival is shown": lastWins, "first arrival dates the record": firstCame,
		"deletions mark nothing": oneSided, "forks are forgotten": noLineage,
	} {
		t.Run(name, func(t *testing.T) {
			differ := rapid.Custom(func(t *rapid.T) bool {
				h := drawHistory(t)
				one, other := h.drawOrder(t), h.drawOrder(t)
				return told(h.play(one, rules{put})) != told(h.play(other, rules{put}))
			})
			for seed := range 5000 {
				if differ.Example(seed) {
					t.Logf("found by seed %d", seed)
					return
				}
			}
			t.Error("5000 histories did not find the bug")
		})
	}
}
