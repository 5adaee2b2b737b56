package gateway_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// listing returns what lists know of a record, an empty one when they know nothing.
func (w *world) listing(scope string, kind models.Kind, id string) (found models.Listing) {
	w.t.Helper()
	w.view(func(tx gateway.Tx) error {
		s, err := tx.Scopes([]string{scope})
		if err != nil {
			return err
		}
		list, err := tx.ScopeListings(s[scope].No)
		for _, l := range list {
			if l.Kind == kind && l.ID == id {
				found = l
			}
		}
		return err
	})
	return found
}

// What lists know follows each change of a record.
func TestListing(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		flags := func(id string, want int64) {
			t.Helper()
			if l := w.listing(scopeA, models.EventKind, id); l.Flags != want {
				t.Errorf("event %s: flags %b, want %b", id, l.Flags, want)
			}
		}
		p := w.phone(officerA)
		p.write(put(ev(1), 0, `"kind":"consultation","venue":"square","title":"３·１５ 咨询","place":"东门 Ａ","started_at":1647307800000,"staff.`+unitB+`":4`),
			put(ev(2), 0, `"kind":"duty","started_at":1640000000000,"urgent":true,"completed":true`), // of no row, outside the window
			put(ev(3), 0, `"kind":"consultation","venue":"square","place":" 东门 Ａ","started_at":1647311400000,"large":true`),
			in(scopeA, `"op":"goods.put","id":"`+lotID(1)+`","base":0,"set":{"name":"过期食品"}`),
			in(scopeA, `"op":"goods.move","id":"`+lotID(8)+`","lot":"`+lotID(1)+`","move":"received","quantity":5,"event":"`+ev(1)+`"`),
			in(scopeA, `"op":"goods.move","id":"`+lotID(7)+`","lot":"`+lotID(1)+`","move":"destroyed","quantity":9,"event":"`+ev(3)+`"`),
			in(scopeA, `"op":"photo.put","id":"`+pic(1)+`","base":0,"set":{"event":"`+ev(1)+`","caption":"Stand"}`),
			in(scopeA, `"op":"sheet.put","id":"`+unitA+`","base":0,"set":{"completed":true,"highlights":"x"}`))
		p.send()

		l := w.listing(scopeA, models.EventKind, ev(1))
		if l.Find != "3·15 咨询\n东门 a" || l.SortMS != 1647307800000 || l.Unit != unitA || l.Campaign != campaignID || l.Review != models.ReviewReceived {
			t.Errorf("event %+v", l)
		}
		if o := w.listing(scopeA, models.EventKind, ev(3)); l.Likeness == "" || l.Likeness[0] != 'p' || o.Likeness != l.Likeness {
			t.Errorf("likeness %q and %q", l.Likeness, o.Likeness)
		}
		staff := w.mark("staff_dispatched")
		if staff == "" || !strings.Contains(l.Marks, ","+staff+",") || !strings.Contains(l.Marks, ","+staff+"@"+unitB+",") {
			t.Errorf("marks %q lack %q for the other unit", l.Marks, staff)
		}
		flags(ev(1), 0)
		flags(ev(2), models.IsUrgent|models.IsCompleted|models.IsUnplaced|models.IsOutside)
		flags(ev(3), models.IsLarge)
		if l := w.listing(scopeA, models.LotKind, lotID(1)); l.Parent != ev(3) || l.Flags != models.HasFinding || l.Find != "过期食品" || l.Review != "" {
			t.Errorf("lot %+v", l)
		}
		if l := w.listing(scopeA, models.PhotoKind, pic(1)); l.Parent != ev(1) || l.Find != "stand" {
			t.Errorf("photo %+v", l)
		}
		if l := w.listing(scopeA, models.SheetKind, unitA); l.Flags != models.IsCompleted || l.Marks == "" {
			t.Errorf("sheet %+v", l)
		}

		w.act(gateway.Entry{Op: "dup.judge", Scope: scopeA, Kind: "event", ID: ev(3), Of: &gateway.Of{Scope: scopeA, ID: ev(1)}, Verdict: models.SameFacts})
		flags(ev(3), models.IsLarge|models.IsTwin|models.IsJudged)
		if l := w.listing(scopeA, models.EventKind, ev(3)); l.Likeness != "" {
			t.Error("a judged event is still like another")
		}
		w.act(gateway.Entry{Op: "record.move", Scope: scopeA, Kind: "event", ID: ev(1), Unit: unitB, Reason: "x"}, w.review("review.return", ev(2), "缺照片"))
		if l := w.listing(scopeA, models.EventKind, ev(1)); l.Unit != unitB {
			t.Errorf("a moved event is listed for %s", l.Unit)
		}
		if l := w.listing(scopeA, models.EventKind, ev(2)); l.Review != models.ReviewReturned {
			t.Errorf("review %q", l.Review)
		}
		p.write(tap(ev(2), "complaints", 1), put(ev(1), 0, `"title":"别的"`))
		p.send()
		if l := w.listing(scopeA, models.EventKind, ev(2)); l.Review != models.ReviewEdited || !strings.Contains(l.Marks, w.mark("complaints")) {
			t.Errorf("after a tap: %+v", l)
		}
		w.change(`{"last_day":"2022-03-10"}`) // ev(1) lies outside now
		flags(ev(1), models.IsOutside)
	})
}

// mark returns the mark of a row under the campaign's present rules.
func (w *world) mark(row string) (m string) {
	w.t.Helper()
	w.view(func(tx gateway.Tx) error {
		c, err := tx.Campaign(campaignID)
		if err != nil {
			return err
		}
		r, err := tx.Rules(campaignID, c.Rules)
		if err != nil {
			return err
		}
		rules, err := gateway.CompileRules(r)
		m = gateway.MarkOf(rules, c.Rules, template, row)
		return err
	})
	return m
}

// forgetfulTx stands for a program that knew nothing of lists yet, and sees which listings are written.
type forgetfulTx struct {
	gateway.Tx
	listed func(*models.Listing)
	forget bool
}

func (t forgetfulTx) PutRecords(recs []gateway.Stored) error {
	recs = slices.Clone(recs)
	for i := range recs {
		if recs[i].Listing != nil {
			t.listed(recs[i].Listing)
		}
		if t.forget {
			recs[i].Listing = nil
		}
	}
	return t.Tx.PutRecords(recs)
}

func (t forgetfulTx) PutAudit(rows []models.AuditLine) error {
	if t.forget {
		return nil
	}
	return t.Tx.PutAudit(rows)
}

// A tap that changes nothing in lists writes nothing there; one that does, does.
func TestTapsCostListsNothing(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		n := 0
		p := w.phone(officerA)
		p.g = w.other(func(tx gateway.Tx) gateway.Tx {
			return forgetfulTx{tx, func(*models.Listing) { n++ }, false}
		})
		for i, step := range []struct {
			line string
			want int
		}{
			{stand(ev(1)), 1},
			{tap(ev(1), "complaints", 1), 1}, // a row it gave nothing to before
			{tap(ev(1), "complaints", 5), 0},
			{tap(ev(1), "complaints", -6), 0},
			{tap(ev(1), "tip_offs", 1), 1},
			{put(ev(1), 1, `"title":"x"`), 1},
			{tap(ev(1), "tip_offs", 1), 0},
		} {
			n = 0
			p.write(step.line)
			p.send()
			if n != step.want {
				t.Errorf("step %d wrote %d listings, want %d", i, n, step.want)
			}
		}
		w.act(w.review("review.return", ev(1), "x"))
		n = 0
		p.write(tap(ev(1), "complaints", 1)) // returned becomes edited
		p.send()
		w.state(models.CampaignIsClosing)
		p.write(tap(ev(1), "complaints", 1)) // late now
		p.send()
		p.write(tap(ev(1), "complaints", 1))
		p.send()
		if n != 2 {
			t.Errorf("taps after a return and in the closing wrote %d listings, want 2", n)
		}
	})
}

// A database that was written before there were lists gets them, also when that is broken off.
func TestRelist(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		if err := w.g.Relist(t.Context()); err != nil { // as a server does at its start
			t.Fatal(err)
		}
		forget := func(tx gateway.Tx) gateway.Tx { return forgetfulTx{tx, func(*models.Listing) {}, true} }
		old := w.other(forget)
		p := w.phone(officerA)
		p.g = old
		for i := range 5 {
			p.write(stand(ev(i)), tap(ev(i), "complaints", 1))
		}
		p.write(in(scopeA, `"op":"sheet.put","id":"`+unitA+`","base":0,"set":{"highlights":"x"}`))
		p.send()
		if err := old.Act(t.Context(), w.inst.Officer, w.review("review.accept", ev(1), "")); err != nil {
			t.Fatal(err)
		}
		if r, err := w.g.Verify(t.Context(), func(string) {}); err != nil || len(r.Differences) != 7 {
			t.Fatalf("verify found %v, %v; want six records and a line", r.Differences, err)
		}
		if err := w.g.Relist(t.Context()); err != nil || w.listing(scopeA, models.EventKind, ev(1)).ID != "" {
			t.Errorf("lists were made anew although their version is this one: %v", err)
		}
		if err := w.db.Update(t.Context(), func(tx gateway.Tx) error { return tx.PutNote("listing_version", "0") }); err != nil {
			t.Fatal(err)
		}
		steps := 0
		broken := w.other(func(tx gateway.Tx) gateway.Tx {
			return rebuildTx{tx, func(_ string, kind models.Kind, _ gateway.Key) {
				if steps++; steps == 3 {
					panic(errors.New("broken off"))
				}
			}}
		})
		if err := broken.Relist(t.Context()); problem.CodeOf(err) != problem.Internal {
			t.Fatalf("it was not broken off: %v", err)
		}
		if w.listing(scopeA, models.EventKind, ev(1)).ID == "" {
			t.Error("what was done before is lost")
		}
		steps = -1000
		if err := broken.Relist(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
