package main

import (
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// TestExplain opens numbers: the events, people and lines behind them, what was left out and why,
// what may be the same facts, what no row takes, and what does not add up.
func TestExplain(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		b := newBureau(newProg(t, target))
		s := b.serve()
		a, c := b.phone(b.officerA, s), b.phone(b.officerB, s)
		first, second, late, odd, gone := client.NewID(), client.NewID(), client.NewID(), client.NewID(), client.NewID()
		place := map[string]any{"kind": "consultation", "venue": "market", "place": "县南市场", "started_at": at(15, 9, 0)}
		b.write(a, event(b.scopeA, first, place), tally(b.scopeA, first, "complaints", 5), tally(b.scopeA, first, "complaints", -2),
			event(b.scopeA, late, map[string]any{"kind": "consultation", "place": "别处", "started_at": at(18, 0, 1)}), tally(b.scopeA, late, "complaints", 9),
			event(b.scopeA, odd, map[string]any{"kind": "duty", "venue": "office"}),
			event(b.scopeA, gone, nil), tally(b.scopeA, gone, "complaints", 1))
		b.write(a, client.Change{"scope": b.scopeA, "op": "event.put", "id": gone, "base": 0, "set": map[string]any{"deleted": true}})
		b.write(c, event(b.scopeB, second, place), tally(b.scopeB, second, "complaints", 4))
		lot := client.NewID()
		b.write(a, client.Change{"scope": b.scopeA, "op": "goods.put", "id": lot, "base": 0, "set": map[string]any{"name": "过期食品", "unit": "千克"}},
			client.Change{"scope": b.scopeA, "op": "goods.move", "id": client.NewID(), "lot": lot, "move": "destroyed", "quantity": 12500},
			client.Change{"scope": b.scopeA, "op": "photo.put", "id": client.NewID(), "base": 0, "set": map[string]any{"event": client.NewID()}})

		text := b.says([]string{first, second, "张三", "李四", "+5", "-2", "outside_window", "deleted", "reported 7, accepted 0"}, "explain", "complaints", "--lines")
		if strings.Contains(b.do("explain", "complaints", "--unit", "02"), first) {
			t.Errorf("unit 02 is explained by an event of unit 01:\n%s", text)
		}
		b.says([]string{"same_place", first, second}, "review", "suspects")
		b.do("review", "judge", second, "--of", first, "--verdict", "same_facts", "--reason", "同一场")
		if out := b.do("review", "suspects"); strings.Contains(out, second) {
			t.Errorf("a pair that was judged is still suspected:\n%s", out)
		}
		b.says([]string{"left out: same_facts", "reported 3"}, "explain", "complaints")
		b.do("review", "undo", second, "--reason", "是两场")
		b.says([]string{"reported 7"}, "explain", "complaints")
		b.says([]string{odd, "duty"}, "review", "unplaced")
		b.says([]string{"deleted_with_counts", gone, "negative_remaining", "-12.5 千克", "dangling"}, "review", "findings")
		b.refused([]string{"no row"}, "explain", "nonsense")

		b.do("review", "accept", "--all")
		b.do("campaign", "state", "closed")
		b.says([]string{"sha256"}, "campaign", "state", "frozen")
		if b.do("export", "--snapshot", "0") != b.do("export", "--format", "canonical") {
			t.Error("the snapshot is not the frozen table")
		}
		b.refused([]string{"no such snapshot"}, "export", "--snapshot", "1")
		b.clean()
		s.stop()
	})
}

// TestLooksOnly: what only looks does not make an empty database of a misspelt path.
func TestLooksOnly(t *testing.T) {
	p := newProg(t, "")
	for _, command := range [][]string{{"verify"}, {"export"}, {"explain", "complaints"}, {"restore"}} {
		p.refused([]string{"no database"}, command...)
	}
}
