package gateway_test

import (
	"slices"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

func (w *world) log(p *phone) (l *models.Log) {
	w.t.Helper()
	w.view(func(tx gateway.Tx) (err error) {
		l, err = tx.FindLog(p.id, p.epoch)
		return err
	})
	return l
}

// A restored phone's twin moves its lines: what both had counts once, what each did alone counts.
func TestForkAndMove(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 1), tap(ev(1), "complaints", 2))
		p.send()
		twin := *p // a backup, from before the next lines
		twin.lines, twin.hashes = slices.Clip(p.lines), slices.Clip(p.hashes)
		p.write(tap(ev(1), "complaints", 4), put(ev(1), 0, `"title":"a"`))
		p.send()
		twin.write(tap(ev(1), "complaints", 8), put(ev(1), 0, `"title":"b"`))
		e := twin.denied(problem.Fork)
		if e.Fields["at"] != int64(3) || e.Fields["next"] != int64(5) {
			t.Errorf("fork: %v", e.Fields)
		}
		if !w.log(p).Forked {
			t.Error("the fork is not on record")
		}
		f := twin.fork(2, p)
		f.write(tap(ev(1), "complaints", 16), put(ev(1), 0, `"notes":"f"`))
		f.send()
		f.push(0)
		w.want(unitA, "complaints", 31, 5)
		if got := w.siblings(ev(1), "title"); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("titles %q: the two had not seen one another", got)
		}
		// The clone writes on in the old epoch; both go on.
		p.write(tap(ev(1), "complaints", 32), put(ev(1), 0, `"title":"c"`))
		p.send()
		w.want(unitA, "complaints", 63, 6)
		if got := w.siblings(ev(1), "title"); !slices.Equal(got, []string{"b", "c"}) {
			t.Errorf("titles %q: a's writer wrote c", got)
		}
		w.recount()
	})
}

// The hash of the first writing is kept through two forks, and applied once, whichever copy comes first.
func TestOriginThroughTwoForks(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)))
		p.send()
		p.write(tap(ev(1), "complaints", 1), put(ev(1), 0, `"title":"first"`), tap(ev(1), "complaints", 2)) // never sent from here, at first
		f := p.fork(0, p)
		f.write(tap(ev(1), "complaints", 4), put(ev(1), 0, `"title":"second"`))
		f.send()
		w.want(unitA, "complaints", 7, 3)
		g := f.fork(0, p) // after the first moved line: moves the others again
		g.write(tap(ev(1), "complaints", 8), put(ev(1), 0, `"title":"third"`))
		g.send("0 duplicate", "1 duplicate", "2 duplicate", "3 duplicate")
		w.want(unitA, "complaints", 15, 4)
		if got := w.siblings(ev(1), "title"); !slices.Equal(got, []string{"third"}) {
			t.Errorf("titles %q: a moved line is a line that was seen", got)
		}
		// The first copy comes last of all: the clone that still had it.
		p.send("1 duplicate", "2 duplicate", "3 duplicate")
		p.write(put(ev(1), 0, `"title":"clone"`))
		p.send()
		if got := w.siblings(ev(1), "title"); !slices.Equal(got, []string{"clone", "third"}) {
			t.Errorf("titles %q", got)
		}
		w.want(unitA, "complaints", 15, 4)
		w.recount()
	})
}

// A phone that was enrolled anew goes on with the lines of its old self: one family. The log of
// another officer is nobody's to follow.
func TestFollowingAnotherDevice(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		old := w.phone(officerA)
		old.write(stand(ev(1)), tap(ev(1), "complaints", 1), put(ev(1), 0, `"title":"a"`))
		old.push(0)
		renewed := w.phone(officerA)
		old.write(tap(ev(1), "complaints", 2)) // not sent by the old phone before it was enrolled anew
		f := old.fork(0, renewed)
		f.write(put(ev(1), 0, `"title":"b"`), tap(ev(1), "complaints", 4))
		f.send("0 duplicate", "1 duplicate")
		w.want(unitA, "complaints", 7, 3)
		if got := w.siblings(ev(1), "title"); !slices.Equal(got, []string{"b"}) {
			t.Errorf("titles %q", got)
		}
		if l := w.log(f); l.AfterLog != w.log(old).No || l.AfterSeq != 0 || l.Family != w.log(old).Family {
			t.Errorf("the families were not joined: %+v", l)
		}
		old.send("3 duplicate")
		w.want(unitA, "complaints", 7, 3)

		thief := w.phone(officerB)
		w.act(gateway.Entry{Op: "rights.grant", Scope: scopeA, Officer: officerB, Role: "officer"})
		s := old.fork(0, thief)
		s.write(put(ev(1), 0, `"title":"c"`))
		s.send()
		l := w.log(s)
		if l.AfterLog != 0 || l.Family == w.log(old).Family || l.AfterRaw == "" {
			t.Errorf("another officer's log was followed, or what was said was not kept: %+v", l)
		}
		w.want(unitA, "complaints", 10, 5) // it is another person's word
		w.recount()
	})
}

// What a log says it follows is ignored and kept when the server does not know it as the log begins.
func TestAfterIsAClaim(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 1))
		f := p.fork(0, p)
		f.write(put(ev(1), 0, `"title":"f"`))
		f.send() // the common line has not come; the event comes with the line behind the count
		w.held(map[models.Cause]int{})
		if l := w.log(f); l.AfterLog != 0 || l.AfterRaw == "" {
			t.Errorf("%+v", l)
		}
		p.send("1 duplicate")
		w.want(unitA, "complaints", 1, 1)
		f.write(tap(ev(1), "complaints", 1))
		f.send()
		if l := w.log(f); l.AfterLog != 0 {
			t.Error("a log's ancestry changed after lines were judged without it")
		}
		wrong := p.fork(0, p)
		wrong.after.H = changelog.Hash{1}
		wrong.lines, wrong.hashes = nil, nil
		wrong.write(tap(ev(1), "complaints", 1))
		wrong.send()
		far := p.fork(0, p)
		far.after.Seq = 77
		far.lines, far.hashes = nil, nil
		far.write(tap(ev(1), "complaints", 1))
		far.send()
		if w.log(wrong).AfterLog != 0 || w.log(far).AfterLog != 0 {
			t.Error("a claim that is not true was believed")
		}
		w.want(unitA, "complaints", 4, 4)
		w.recount()
	})
}

// Two branches of a family that both wait on one record do not wait for each other for ever.
func TestBranchesDoNotWaitForEachOther(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 1))
		p.send()
		f := p.fork(1, p)
		w.act(w.review("review.accept", ev(1), ""))
		p.write(put(ev(1), 0, `"title":"p"`), put(ev(1), 0, `"notes":"p"`))
		p.send("2 held event_accepted", "3 held event_accepted")
		f.write(put(ev(1), 0, `"title":"f"`), put(ev(1), 0, `"notes":"f"`))
		f.send("0 held event_accepted", "1 held event_accepted")
		w.act(w.review("review.reopen", ev(1), "改"))
		w.held(map[models.Cause]int{})
		if got := w.siblings(ev(1), "title"); !slices.Equal(got, []string{"f", "p"}) {
			t.Errorf("titles %q", got)
		}
		// The same one by one: each branch may be released first.
		w.act(w.review("review.accept", ev(1), ""))
		p.write(put(ev(1), 0, `"title":"p2"`))
		p.send("4 held event_accepted")
		f.write(put(ev(1), 0, `"title":"f2"`))
		f.send("2 held event_accepted")
		for _, x := range []*phone{f, p} {
			no := w.log(x).No
			for _, h := range w.waiting(gateway.HeldQuery{Cause: models.EventAccepted}) {
				if h.Log == no {
					w.act(release(&h))
				}
			}
		}
		w.held(map[models.Cause]int{})
		if got := w.siblings(ev(1), "title"); !slices.Equal(got, []string{"f2", "p2"}) {
			t.Errorf("titles %q", got)
		}
	})
}

// A line waits for an earlier one that it has seen in another log of its family, also when that
// one was moved.
func TestWaitsForWhatItSawInTheFamily(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)))
		p.send()
		p.write(put(ev(1), 9, `"title":"early"`))
		p.send("1 held bad_base")
		f := p.fork(0, p)
		f.write(put(ev(1), 0, `"title":"late"`))
		f.send("0 duplicate", "1 held behind")
		if _, err := w.g.RetryAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.held(map[models.Cause]int{models.BadBase: 1, models.Behind: 1})
		w.refused(problem.Conflict, w.settle("held.release", models.Behind))
		w.act(w.settle("held.release", models.BadBase))
		w.held(map[models.Cause]int{})
		if got := w.siblings(ev(1), "title"); !slices.Equal(got, []string{"late"}) {
			t.Errorf("titles %q", got)
		}
	})
}

// Transport faults leave nothing behind.
func TestRefusedPushes(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, q := w.phone(officerA), w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 1))
		if _, err := w.g.Push(t.Context(), q.id, p.batch(0, 2)); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("another device's batch: %v", err)
		}
		stranger := *p
		stranger.id = q.epoch // no such device
		stranger.lines, stranger.hashes = nil, nil
		stranger.write(stand(ev(1)))
		if _, err := w.g.Push(t.Context(), stranger.id, stranger.batch(0, 1)); problem.CodeOf(err) != problem.UnknownDevice {
			t.Errorf("an unknown device: %v", err)
		}
		forged := *p
		forged.key = q.key
		if _, err := w.g.Push(t.Context(), p.id, forged.batch(0, 2)); problem.CodeOf(err) != problem.BadSignature {
			t.Errorf("a forged signature: %v", err)
		}
		p.sent = 1
		if e := p.denied(problem.Gap); e.Fields["next"] != int64(0) {
			t.Errorf("gap: %v", e.Fields)
		}
		if w.log(p) != nil {
			t.Error("a refused push left a log")
		}
		p.push(0)
		other := *p
		other.lines, other.hashes = nil, nil
		other.write(put(ev(2), 0, `"title":"x"`), tap(ev(1), "complaints", 1), tap(ev(1), "complaints", 1))
		other.sent = 2
		if e := other.denied(problem.Fork); e.Fields["at"] != nil {
			t.Errorf("another history: %v", e.Fields)
		}
		other.sent = 1
		if e := other.denied(problem.Fork); e.Fields["at"] != nil {
			t.Errorf("another history: %v", e.Fields)
		}
		w.want(unitA, "complaints", 1, 1)
	})
}

// A clone that sends fewer lines than the server holds learns that somebody wrote on.
func TestSomebodyWroteOn(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 1), tap(ev(1), "complaints", 2))
		p.send()
		a, err := p.try(t.Context(), 0, 2)
		if err != nil || a.Next != 3 {
			t.Fatalf("next %d, %v", a.Next, err)
		}
		a, err = p.try(t.Context(), 3, 0) // "complete": no line, no batch
		if err != nil || a.Next != 3 || len(a.Verdicts) != 0 {
			t.Fatalf("%+v, %v", a, err)
		}
		for from := range 4 {
			if _, err := p.try(t.Context(), from, 0); err != nil {
				t.Errorf("an empty report at %d: %v", from, err)
			}
		}
		w.want(unitA, "complaints", 3, 2)
	})
}
