package gateway_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// Whatever the page, each record comes once, at its latest, with tombstones; a second pull brings
// what changed since and nothing else.
func TestPages(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		for i := range 7 {
			p.write(stand(ev(i)), tap(ev(i), "complaints", 1), in(scopeA, fmt.Sprintf(`"op":"photo.put","id":"%s","base":0,"set":{"event":"%s"}`, pic(i), ev(i))))
		}
		p.write(in(scopeA, `"op":"goods.put","id":"`+lotID(1)+`","base":0,"set":{"name":"面粉"}`), put(ev(3), 0, `"deleted":true`),
			tap(ev(0), "complaints", 1), in(scopeA, `"op":"sheet.put","id":"`+unitA+`","base":0,"set":{"remarks":"x"}`), tap(ev(99), "complaints", 1))
		p.raw("bad")
		p.send("25 held unknown_event", "26 rejected bad_line")
		for _, limit := range []int{1, 2, 3, 100} {
			all := p.pullAll("", limit)
			kinds := map[string]int{}
			seen := map[string]bool{}
			last := map[string]int64{}
			for _, r := range all.Records {
				name := r.Scope + r.Kind + r.ID
				if seen[name] {
					t.Errorf("limit %d: %s comes twice", limit, name)
				}
				seen[name] = true
				kinds[r.Kind]++
				if r.Seq <= last[r.Scope] {
					t.Errorf("limit %d: seq %d after %d", limit, r.Seq, last[r.Scope])
				}
				last[r.Scope] = r.Seq
				if r.Deleted != (r.Kind == "event" && r.ID == ev(3)) {
					t.Errorf("limit %d: %s deleted %t", limit, r.ID, r.Deleted)
				}
				if !json.Valid(r.Data) || r.Version == 0 {
					t.Errorf("limit %d: %s version %d: %s", limit, r.ID, r.Version, r.Data)
				}
			}
			if want := map[string]int{"event": 7, "photo": 7, "lot": 1, "sheet": 1, "held": 2}; !maps.Equal(kinds, want) {
				t.Errorf("limit %d: %v, want %v", limit, kinds, want)
			}
			if len(all.Heads) != 1 || all.Heads[0].Epoch != p.epoch || all.Heads[0].Next != 27 {
				t.Errorf("heads %+v", all.Heads)
			}
			if again, err := p.pull(all.Cursor, limit); err != nil || len(again.Records) > 0 || again.More {
				t.Errorf("limit %d: nothing changed, and %d records come: %v", limit, len(again.Records), err)
			}
		}
		cursor := p.pullAll("", 100).Cursor
		p.write(tap(ev(5), "complaints", 1), tap(ev(5), "complaints", 1), stand(ev(99)))
		p.send()
		got := map[string]bool{}
		for _, r := range p.pullAll(cursor, 1).Records {
			got[r.Kind+r.ID[len(r.ID)-4:]] = r.Deleted
		}
		if len(got) != 3 || got["evente005"] || got["evente099"] {
			t.Errorf("what changed: %v", got)
		}
		n := 0
		for k, deleted := range got {
			if k[:4] == "held" && deleted {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the held line was settled, and there is no tombstone: %v", got)
		}
	})
}

// Pages that are pulled while others push miss nothing.
func TestPagesWhilePushing(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, q := w.phone(officerA), w.phone(officerA)
		for i := range 6 {
			p.write(stand(ev(i)))
		}
		p.send()
		latest := map[string]int64{}
		cursor := ""
		for i := range 30 {
			page, err := q.pull(cursor, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Records {
				latest[r.ID] = r.Seq
			}
			cursor = page.Cursor
			if i < 12 {
				p.write(tap(ev(i%6), "complaints", 1), stand(ev(100+i)))
				p.send()
			}
			if i >= 12 && !page.More {
				break
			}
		}
		w.view(func(tx gateway.Tx) error {
			for _, r := range w.all(tx, models.EventKind) {
				if latest[r.ID] != r.Seq {
					t.Errorf("%s is at %d, the phone has %d", r.ID, r.Seq, latest[r.ID])
				}
			}
			return nil
		})
	})
}

// The tag changes with anything that a pull would show, and with nothing else.
func TestUnchanged(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, other := w.phone(officerA), w.phone(officerB)
		p.write(stand(ev(1)))
		p.send()
		tag := ""
		pull := func() (changed bool) {
			t.Helper()
			page, err := w.g.Pull(t.Context(), gateway.PullRequest{Device: p.id, Unchanged: func(s string) bool { return s == tag }})
			if err != nil {
				t.Fatal(err)
			}
			if page.Unchanged != (page.Body == nil) {
				t.Error("an unchanged page has no body, another has one")
			}
			changed = !page.Unchanged
			tag = page.Tag
			return changed
		}
		pull()
		steps := []struct {
			name string
			do   func()
			want bool
		}{
			{"nothing", func() {}, false},
			{"another unit's line", func() { other.write(in(scopeB, `"op":"event.put","id":"`+ev(2)+`","base":0,"set":{}`)).send() }, false},
			{"an own tap", func() { p.write(tap(ev(1), "complaints", 1)).send() }, true},
			{"an own line that is held", func() { p.write(tap(ev(9), "complaints", 1)).send("2 held unknown_event") }, true},
			{"an own line of no scope", func() { p.write(`"op":"clock","jump":5`).send() }, true},
			{"a decision", func() { w.act(w.review("review.comment", ev(1), "x")) }, true},
			{"a new right", func() { w.act(gateway.Entry{Op: "rights.grant", Scope: scopeB, Officer: officerA, Role: "officer"}) }, true},
			{"a right that ends", func() { w.act(gateway.Entry{Op: "rights.end", Scope: scopeB, Officer: officerA, Role: "officer"}) }, true},
			{"nothing", func() {}, false},
		}
		for _, s := range steps {
			if s.do(); pull() != s.want {
				t.Errorf("%s: changed %t, want %t", s.name, !s.want, s.want)
			}
		}
	})
}

// A scope that the officer is no longer assigned to is no longer sent; one that is new comes whole.
func TestScopesComeAndGo(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, b := w.phone(officerA), w.phone(officerB)
		p.write(stand(ev(1))).send()
		b.write(in(scopeB, `"op":"event.put","id":"`+ev(2)+`","base":0,"set":{"title":"b"}`)).send()
		all := p.pullAll("", 10)
		if len(all.Records) != 1 || !slices.Equal(all.Scopes, []string{scopeA}) {
			t.Errorf("%d records of %q", len(all.Records), all.Scopes)
		}
		v := int64(1)
		w.act(gateway.Entry{Op: "admin.put", Kind: "officer", ID: officerA, Base: &v, Set: json.RawMessage(`{"unit":"` + unitB + `"}`)})
		p.write(tap(ev(1), "complaints", 1)).send() // what was recorded for the old unit still arrives
		w.want(unitA, "complaints", 1, 1)
		all = p.pullAll(all.Cursor, 10)
		if len(all.Records) != 1 || all.Records[0].ID != ev(2) || !slices.Equal(all.Scopes, []string{scopeB}) {
			t.Errorf("%d records of %q", len(all.Records), all.Scopes)
		}
		v = 2
		w.act(gateway.Entry{Op: "admin.put", Kind: "officer", ID: officerA, Base: &v, Set: json.RawMessage(`{"unit":"` + unitA + `"}`)})
		all = p.pullAll(all.Cursor, 10)
		if len(all.Records) != 1 || all.Records[0].ID != ev(1) || !slices.Equal(all.Scopes, []string{scopeA}) {
			t.Errorf("%d records of %q", len(all.Records), all.Scopes)
		}
		w.act(gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "closed"})
		if got := p.pullAll(all.Cursor, 10).Scopes; !slices.Equal(got, []string{scopeA}) {
			t.Errorf("a closed campaign is still shown: %q", got)
		}
	})
}

// A cursor that was not made here is refused; any other reads as it was written.
func FuzzCursor(f *testing.F) {
	g := gateway.New(nil, gateway.Installation{ServerEpoch: "01900000-0000-7000-8000-000000000e01"}, nil, func() string { return "" })
	other := gateway.New(nil, gateway.Installation{ServerEpoch: "01900000-0000-7000-8000-000000000e02"}, nil, func() string { return "" })
	f.Add("")
	f.Add(g.WriteCursor(nil))
	f.Add(g.WriteCursor(map[int64]int64{1: 5, 1 << 40: 1 << 60}))
	f.Add(other.WriteCursor(map[int64]int64{1: 5}))
	f.Add(base64.RawURLEncoding.EncodeToString([]byte("\x01 too short")))
	f.Add(g.WriteCursor(nil) + "AA")
	f.Add("?")
	f.Fuzz(func(t *testing.T, s string) {
		at, err := g.ReadCursor(s)
		switch problem.CodeOf(err) {
		case problem.BadCursor, problem.Reset:
			return
		case "":
		default:
			t.Fatal(err)
		}
		for no, seq := range at {
			if no < 0 || seq < 0 {
				t.Errorf("scope %d at %d", no, seq)
			}
		}
		back, err := g.ReadCursor(g.WriteCursor(at))
		if err != nil || !maps.Equal(at, back) {
			t.Errorf("%v became %v: %v", at, back, err)
		}
		if _, err := other.ReadCursor(g.WriteCursor(at)); problem.CodeOf(err) != problem.Reset {
			t.Errorf("a cursor of another server epoch: %v", err)
		}
	})
}

// FuzzCounts reads damaged contributions: no panic, and what can be read is written back the same.
func FuzzCounts(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{1, 0})
	f.Add([]byte{1, 1, 2, 1, 1, 1, 't', 1, 'r', 1, 'u', 4, 2, 0, 0, 0})
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, b []byte) {
		once, err := gateway.DecodeCounts(b)
		if err != nil {
			return
		}
		if twice, err := gateway.DecodeCounts(once); err != nil || !slices.Equal(once, twice) {
			t.Errorf("contributions change each time: %v", err)
		}
	})
}
