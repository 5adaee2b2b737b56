package gateway_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/google/uuid"
)

// The same backup put back twice gives different restore numbers as time goes on: a version of the
// one life must not be taken for one of the other.
func TestRestoredTwice(t *testing.T) {
	db := storetest.Open(t, filepath.Join(t.TempDir(), "f.db"))
	w := newWorld(t, db)
	seen := map[int64]bool{}
	for _, at := range []int64{1_800_000_000_000, 1_800_000_600_000, 1_900_000_000_000} {
		_, n, err := w.db.Restored(t.Context(), uuid.NewString, at)
		if err != nil || seen[n] || n <= 0 || n >= 1<<21 {
			t.Errorf("restore number %d again, or out of bounds: %v", n, err)
		}
		seen[n] = true
	}
}

// Who has left pulls nothing, whatever was granted beside the own unit.
func TestEndedOfficerPullsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p := w.phone(officerA)
		w.act(gateway.Entry{Op: "rights.grant", Scope: scopeB, Officer: officerA, Role: "officer"})
		var o models.Officer
		w.view(func(tx gateway.Tx) error { _, err := tx.Load(&o, officerA); return err })
		w.act(gateway.Entry{Op: "admin.put", Kind: "officer", ID: officerA, Base: &o.Version, Set: json.RawMessage(`{"ended":true}`)})
		b := w.phone(officerB)
		b.write(in(scopeB, `"op":"event.put","id":"`+ev(7)+`","base":0,"set":{"title":"x"}`))
		b.send()
		if all := p.pullAll("", 100); len(all.Scopes) > 0 || len(all.Records) > 0 {
			t.Errorf("scopes %v, %d records", all.Scopes, len(all.Records))
		}
	})
}

// Facts must not be judged out of every table: the first of a pair has to count itself.
func TestPairJudgedBothWays(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 5), stand(ev(2)), tap(ev(2), "complaints", 5))
		p.send()
		judge := func(second, first string) error {
			return w.g.Act(t.Context(), w.inst.Officer, gateway.Entry{Op: "dup.judge", Scope: scopeA, Kind: "event", ID: second,
				Of: &gateway.Of{Scope: scopeA, ID: first}, Verdict: "same_facts", Reason: "r"})
		}
		if err := judge(ev(2), ev(1)); err != nil {
			t.Fatal(err)
		}
		if err := judge(ev(1), ev(2)); problem.CodeOf(err) != problem.Conflict {
			t.Errorf("the pair was judged both ways: %v", err)
		}
		if err := judge(ev(1), ev(99)); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("judged against nothing: %v", err)
		}
		w.want(unitA, "complaints", 5, 1)
	})
}

// A guest of one event has no right to the unit's photos of others.
func TestGuestAndForeignPhoto(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, g := w.phone(officerA), w.phone(officerB)
		p.write(put(ev(1), 0, `"kind":"consultation","join":"s3cret"`), put(ev(2), 0, `"kind":"visit"`),
			in(scopeA, `"op":"photo.put","id":"`+pic(1)+`","base":0,"set":{"event":"`+ev(2)+`","caption":"evidence"}`))
		p.send()
		g.write(in(scopeA, `"op":"photo.put","id":"`+pic(1)+`","base":1,"join":"s3cret","set":{"event":"`+ev(1)+`","deleted":true}`))
		g.send("0 held no_right")
		if w.record(models.PhotoKind, pic(1)).Deleted() {
			t.Error("a guest deleted a photo of the unit")
		}
	})
}

// Deletions that were superseded leave nothing behind.
func TestManyDeletions(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	p := w.phone(officerA)
	p.write(stand(ev(1)), put(ev(1), 0, `"leaders":1`))
	p.send()
	size := func() int { r := w.event(ev(1)); return len(r.Encode(nil)) }
	q := w.phone(officerA)
	q.write(put(ev(1), 0, `"deleted":true`))
	q.send()
	one := size()
	for range 200 {
		q.write(put(ev(1), 0, `"deleted":true`))
	}
	q.send()
	if n := size(); n > one+100 {
		t.Errorf("a record of %d bytes has %d after 200 further deletions", one, n)
	}
	if c := w.event(ev(1)).Conflicts(); strings.Join(c, " ") != "deleted" {
		t.Errorf("conflicts %v", c)
	}
}

// Units that nobody has get no column, whatever a phone invents.
func TestInventedUnits(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	p := w.phone(officerA)
	p.write(put(ev(1), 0, `"kind":"consultation","staff.`+unitA+`":3,"staff.`+uuid.NewString()+`":500`))
	p.send()
	table, err := w.g.Table(t.Context(), gateway.TableQuery{Campaign: campaignID})
	if err != nil {
		t.Fatal(err)
	}
	if n := table.Row("staff_dispatched").Reported.Value; n != 3 || len(table.Units) != 3 {
		t.Errorf("%d staff in %d columns", n, len(table.Units))
	}
}

// An empty report of an epoch without lines is answered and leaves no row.
func TestEmptyEpochs(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	p := w.phone(officerA)
	p.write(stand(ev(1)))
	p.send()
	for range 3 {
		q := &phone{w: w, g: w.g, id: p.id, key: p.key, epoch: uuid.NewString(), server: p.server}
		if a, err := q.try(t.Context(), 0, 0); err != nil || a.Next != 0 {
			t.Fatal(a, err)
		}
	}
	w.view(func(tx gateway.Tx) error {
		heads, err := tx.Heads(p.id)
		if len(heads) != 1 {
			t.Errorf("%d logs", len(heads))
		}
		return err
	})
}

// gate stops a gateway at its n-th transaction until it is opened.
type gate struct {
	gateway.Store
	n           atomic.Int64
	at          int64
	open, there chan struct{}
}

func newGate(db gateway.Store, at int64) *gate {
	return &gate{Store: db, at: at, open: make(chan struct{}), there: make(chan struct{})}
}

func (s *gate) Update(ctx context.Context, fn func(gateway.Tx) error) error {
	if s.n.Add(1) == s.at {
		close(s.there)
		<-s.open
	}
	return s.Store.Update(ctx, fn)
}

// Two servers rebuild the same totals while the rules change again: nobody switches to sums that are
// not counted to the end.
func TestRebuildsOverlap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p := w.phone(officerA)
		for i := range 300 {
			p.write(stand(ev(i)), tap(ev(i), "complaints", 1))
		}
		for p.sent < len(p.lines) {
			if _, err := p.try(t.Context(), p.sent, 300); err != nil {
				t.Fatal(err)
			}
			p.sent += 300
		}
		change := func(g *gateway.Gateway, day string) chan error {
			var c models.Campaign
			w.view(func(tx gateway.Tx) error { _, err := tx.Load(&c, campaignID); return err })
			done := make(chan error, 1)
			go func() {
				done <- g.Act(context.WithoutCancel(t.Context()), w.inst.Officer, gateway.Entry{Op: "admin.put", Kind: "campaign", ID: campaignID,
					Base: &c.Version, Set: json.RawMessage(`{"first_day":"` + day + `"}`)})
			}()
			return done
		}
		first, slow, third := newGate(db, 2), newGate(db, 2), newGate(db, 2)
		done1 := change(w.gatewayOn(first), "2022-03-06")
		<-first.there // decided, nothing counted yet
		resumed := make(chan error, 1)
		g2 := w.gatewayOn(slow)
		go func() { resumed <- g2.ResumeRebuilds(context.WithoutCancel(t.Context())) }()
		<-slow.there // counted the first two hundred
		close(first.open)
		if err := <-done1; err != nil { // counted all and switched
			t.Fatal(err)
		}
		done2 := change(w.gatewayOn(third), "2022-03-05")
		<-third.there
		close(slow.open)
		if err := <-resumed; err != nil {
			t.Fatal(err)
		}
		close(third.open)
		if err := <-done2; err != nil {
			t.Fatal(err)
		}
		w.want(unitA, "complaints", 300, 300)
		if r, err := w.g.Verify(t.Context(), func(string) {}); err != nil || len(r.Differences) > 0 {
			t.Errorf("verify: %v, %v", r.Differences, err)
		}
	})
}
