package gateway_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// The office decides on what it saw; a phone's change in between sends it back to look again.
func TestReview(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 2))
		p.send()
		seen := w.review("review.accept", ev(1), "")
		p.write(tap(ev(1), "complaints", 1)) // raises the seq alone
		p.send()
		e := w.refused(problem.Moved, seen)
		if e.Fields["version"] != int64(1) || e.Fields["seq"] != int64(3) {
			t.Errorf("moved: %v", e.Fields)
		}
		w.refused(problem.Invalid, w.review("review.return", ev(1), ""))
		w.refused(problem.Conflict, w.review("review.reopen", ev(1), ""))
		w.act(w.review("review.return", ev(1), "缺少照片"))
		state := func(want models.ReviewState) {
			t.Helper()
			if r := w.event(ev(1)); r.State() != want {
				t.Errorf("%s, want %s", r.State(), want)
			}
		}
		state(models.ReviewReturned)
		w.act(w.review("review.comment", ev(1), "明天前补"))
		state(models.ReviewReturned)
		p.write(tap(ev(1), "complaints", 1))
		p.send()
		state(models.ReviewEdited)
		if r := w.event(ev(1)); r.Review.Reason != "缺少照片" || len(r.Review.Comments) != 1 {
			t.Error("the reason does not reach the phone")
		}
		w.act(w.review("review.issues", ev(1), "数字偏大"))
		p.write(put(ev(1), 0, `"title":"x"`))
		p.send()
		state(models.ReviewEdited)
		w.wantAccepted(unitA, "complaints", 0, 0)
		w.act(w.review("review.accept", ev(1), ""))
		w.wantAccepted(unitA, "complaints", 4, 3)
		w.act(w.review("review.reopen", ev(1), "改"))
		state(models.ReviewEdited)
		w.wantAccepted(unitA, "complaints", 0, 0)
		w.want(unitA, "complaints", 4, 3)
		one := int64(1)
		w.refused(problem.NotFound, gateway.Entry{Op: "review.accept", Scope: scopeA, Kind: "event", ID: ev(99), Version: &one, Seq: &one})
		p.write(in(scopeA, `"op":"photo.put","id":"`+pic(1)+`","base":0,"set":{}`))
		p.send()
		r := w.record(models.PhotoKind, pic(1))
		w.refused(problem.Invalid, gateway.Entry{Op: "review.accept", Scope: scopeA, Kind: "photo", ID: pic(1), Version: &r.Version, Seq: &r.Seq})
		w.recount()
	})
}

// What a phone changes on an accepted event waits; photos and goods do not.
func TestEventAccepted(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 1))
		p.send()
		w.act(w.review("review.accept", ev(1), ""))
		p.write(tap(ev(1), "complaints", 10), put(ev(1), 0, `"title":"a"`), put(ev(1), 0, `"title":"b","leaders":3`),
			tap(ev(1), "complaints", 100), in(scopeA, `"op":"photo.put","id":"`+pic(1)+`","base":0,"set":{"event":"`+ev(1)+`"}`),
			in(scopeA, `"op":"goods.put","id":"`+lotID(1)+`","base":0,"set":{}`),
			in(scopeA, `"op":"goods.move","id":"`+lotID(2)+`","lot":"`+lotID(1)+`","move":"received","quantity":3,"event":"`+ev(1)+`"`))
		p.send("2 held event_accepted", "3 held event_accepted", "4 held event_accepted", "5 held event_accepted")
		w.wantAccepted(unitA, "complaints", 1, 1)
		// Released, it counts, and the event stays accepted.
		w.act(w.settle("held.release", models.EventAccepted))
		w.wantAccepted(unitA, "complaints", 11, 2)
		if !w.event(ev(1)).Accepted() {
			t.Error("a release took the acceptance back")
		}
		w.held(map[models.Cause]int{models.EventAccepted: 3})
		// Reopened, everything that waited is applied, in order.
		w.act(w.review("review.reopen", ev(1), "补录"))
		w.held(map[models.Cause]int{})
		w.want(unitA, "complaints", 111, 3)
		w.want(unitA, "leaders_attending", 3, 1)
		w.wantAccepted(unitA, "complaints", 0, 0)
		if r := w.event(ev(1)); r.State() != models.ReviewEdited || r.Text("title") != "b" || len(r.Conflicts()) > 0 {
			t.Errorf("%s %q %q", r.State(), r.Text("title"), r.Conflicts())
		}
		w.recount()
	})
}

// Two phones type the same count: a conflict, never a sum. It counts as it is shown, and cannot be
// accepted until somebody who has seen both settles it.
func TestTypedCountConflict(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, q := w.phone(officerA), w.phone(officerA)
		p.write(stand(ev(1)))
		p.send()
		q.skew = -60_000
		p.write(put(ev(1), 1, `"leaders":3,"staff.`+unitA+`":6,"title":"城关"`))
		w.now += 1000
		q.write(put(ev(1), 1, `"leaders":5,"title":"城关广场"`))
		q.send()
		w.now += 1000
		p.send()
		w.want(unitA, "leaders_attending", 5, 1) // q's clock was wrong, its offset puts it later than p's
		if got := w.event(ev(1)).Conflicts(); !slices.Equal(got, []string{"leaders", "title"}) {
			t.Errorf("conflicts %q", got)
		}
		e := w.refused(problem.Conflict, w.review("review.accept", ev(1), ""))
		if e.Fields["field"] != "leaders" {
			t.Errorf("%v", e.Fields)
		}
		// An answer that has seen only one of the two settles nothing.
		p.write(put(ev(1), 1, `"leaders":4`))
		p.send()
		if got := w.siblings(ev(1), "leaders"); !slices.Equal(got, []string{"4", "5"}) {
			t.Errorf("leaders %q", got)
		}
		base := w.event(ev(1)).Version
		w.act(gateway.Entry{Op: "event.put", Scope: scopeA, ID: ev(1), Base: &base, Set: json.RawMessage(`{"leaders":4}`)})
		w.want(unitA, "leaders_attending", 4, 1)
		w.act(w.review("review.accept", ev(1), "")) // two titles are no reason to refuse
		w.wantAccepted(unitA, "leaders_attending", 4, 1)
		w.wantAccepted(unitA, "staff_dispatched", 6, 1)
		later := base + 99
		w.refused(problem.Moved, gateway.Entry{Op: "event.put", Scope: scopeA, ID: ev(1), Base: &later, Set: json.RawMessage(`{"leaders":9}`)})
		w.recount()
	})
}

// An edit and a deletion that had not seen one another are shown as a conflict, with the counts kept.
func TestDeletedWithCounts(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, q := w.phone(officerA), w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 7))
		p.send()
		p.write(put(ev(1), 1, `"title":"x"`))
		p.send()
		q.write(put(ev(1), 1, `"deleted":true`), tap(ev(1), "complaints", 1))
		q.send()
		w.want(unitA, "complaints", 0, 0)
		if got := w.event(ev(1)).Conflicts(); !slices.Equal(got, []string{"deleted"}) {
			t.Errorf("conflicts %q", got)
		}
		w.refused(problem.Conflict, w.review("review.accept", ev(1), ""))
		base := w.event(ev(1)).Version
		p.write(put(ev(1), base, `"deleted":null`))
		p.send()
		w.want(unitA, "complaints", 8, 2)
		w.act(w.review("review.accept", ev(1), ""))
		w.recount()
	})
}

// Two events that may be one: a person says, and each saying can be taken back.
func TestSuspectedTwins(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		for i := 1; i <= 2; i++ {
			p.write(put(ev(i), 0, `"kind":"visit","venue":"village","leaders":2,"staff.`+unitA+`":4`), tap(ev(i), "complaints", int64(i)))
		}
		p.send()
		judge := func(op, verdict, reason string) gateway.Entry {
			return gateway.Entry{Op: op, Scope: scopeA, Kind: "event", ID: ev(2), Of: &gateway.Of{Scope: scopeA, ID: ev(1)}, Verdict: verdict, Reason: reason}
		}
		check := func(name string, visits, leaders, complaints int64) {
			t.Helper()
			for row, want := range map[string]int64{"visits_village": visits, "leaders_attending": leaders, "complaints": complaints, "staff_dispatched": leaders * 2} {
				if got := w.row(unitA, row).Reported; got != want {
					t.Errorf("%s: %s is %d, want %d", name, row, got, want)
				}
			}
			w.recount()
		}
		check("at first", 2, 4, 3)
		w.act(judge("dup.judge", models.OneEvent, "两个摊位"))
		check("one event", 1, 2, 3)
		w.act(judge("dup.judge", models.SameFacts, "重复录入"))
		check("same facts", 1, 2, 1)
		w.act(judge("dup.undo", "", "看错"))
		check("undone", 2, 4, 3)
		w.act(judge("dup.judge", models.Different, "上下午"))
		check("different", 2, 4, 3)
		w.refused(problem.Invalid, judge("dup.judge", "maybe", "?"))
		self := judge("dup.judge", models.OneEvent, "?")
		self.Of.ID = ev(2)
		w.refused(problem.Invalid, self)
		// The second event goes on counting by what was said of it, and accepted it counts so too.
		w.act(judge("dup.judge", models.OneEvent, "两个摊位"))
		p.write(tap(ev(2), "complaints", 10))
		p.send()
		check("more taps", 1, 2, 13)
		w.act(w.review("review.accept", ev(2), ""))
		w.wantAccepted(unitA, "complaints", 12, 2)
		w.wantAccepted(unitA, "visits_village", 0, 0)
	})
}

// Distinct rows count different keys of a unit: once however often, again when the last use goes.
func TestDistinctKeys(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		article := func(n int, content string) string {
			return put(ev(n), 0, `"kind":"media","channel":"press","form":"article","outlet":"日报","content":"`+content+`"`)
		}
		p.write(article(1, "一"), article(2, " 一 "), article(3, "二"), article(4, ""), article(5, ""))
		p.send()
		w.want(unitA, "press_articles", 4, 4)
		w.act(w.review("review.accept", ev(2), ""))
		w.wantAccepted(unitA, "press_articles", 1, 1)
		p.write(put(ev(1), 0, `"deleted":true`))
		p.send()
		w.want(unitA, "press_articles", 4, 4)
		w.act(w.review("review.reopen", ev(2), ""))
		p.write(put(ev(2), 0, `"content":"二"`))
		p.send()
		w.want(unitA, "press_articles", 3, 3)
		w.wantAccepted(unitA, "press_articles", 0, 0)
		w.recount()
	})
}

// The office changes the unit for which an event counts; its place among the records stays.
func TestMoveRecord(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(put(ev(1), 0, `"kind":"visit","venue":"village","staff.`+unitA+`":4`), tap(ev(1), "complaints", 2))
		p.send()
		move := gateway.Entry{Op: "record.move", Scope: scopeA, Kind: "event", ID: ev(1), Unit: unitB, Reason: "归口"}
		w.act(move)
		for unit, n := range map[string]int64{unitA: 0, unitB: 1} {
			w.want(unit, "visits_village", n, n)
			w.want(unit, "complaints", 2*n, n)
			w.want(unit, gateway.EventsRow, n, n)
		}
		w.want(unitA, "staff_dispatched", 4, 1) // the people were A's
		p.write(tap(ev(1), "complaints", 1))
		p.send()
		w.want(unitB, "complaints", 3, 2)
		w.recount()
		move.Reason = ""
		w.refused(problem.Invalid, move)
		move.Unit, move.Reason = ev(7), "?"
		w.refused(problem.NotFound, move)
	})
}

// Everything the office says stands in logs that the server chains and signs.
func TestOfficeLinesAreSigned(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)))
		p.send()
		w.act(w.review("review.comment", ev(1), "好"))
		if err := w.g.Act(t.Context(), headA, w.review("review.accept", ev(1), "")); err != nil {
			t.Fatal(err)
		}
		// All or nothing: one entry that cannot be leaves no trace of the others.
		before := len(w.officeLines())
		w.refused(problem.NotFound, w.review("review.comment", ev(1), "kept?"), gateway.Entry{Op: "record.move", Scope: scopeA, Kind: "event", ID: ev(1), Unit: ev(9), Reason: "x"})
		if len(w.officeLines()) != before || len(w.event(ev(1)).Review.Comments) != 1 {
			t.Error("half of a decision was taken")
		}
		if got := w.event(ev(1)).Review.By; got != headA {
			t.Errorf("accepted by %s", got)
		}
		if err := checkOffice(t, w); err != nil {
			t.Error(err)
		}
	})
}

func checkOffice(t *testing.T, w *world) error {
	t.Helper()
	return w.db.View(t.Context(), func(tx gateway.Tx) error {
		head, err := tx.OfficeDevice(headA)
		if err != nil || head == nil {
			return fmt.Errorf("the head has no office device: %v", err)
		}
		for _, device := range []string{w.inst.Device, head.ID} {
			logs, err := tx.Heads(device)
			if err != nil || len(logs) != 1 {
				return fmt.Errorf("%d office logs: %v", len(logs), err)
			}
			if err := signed(tx, &logs[0], w.inst.PublicKey); err != nil {
				return err
			}
		}
		return nil
	})
}
