package gateway_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// What an officer has no right to waits; the right, when it comes, releases it by itself.
func TestNoRightUntilGranted(t *testing.T) {
	nowhere := campaignID + ":01900000-0000-7000-8000-0000000ab999"
	noCampaign := "01900000-0000-7000-8000-0000000ca999:" + unitA
	both(t, func(t *testing.T, w *world) {
		a, b := w.phone(officerA), w.phone(officerB)
		a.write(stand(ev(1)))
		a.send()
		b.write(tap(ev(1), "complaints", 2), stand(ev(2)), tap(ev(2), "complaints", 4),
			in(nowhere, `"op":"event.put","id":"`+ev(3)+`","set":{}`), in(noCampaign, `"op":"event.put","id":"`+ev(3)+`","set":{}`),
			in(county2(), `"op":"event.put","id":"`+ev(3)+`","set":{}`), in(scopeB, `"op":"event.put","id":"`+ev(1)+`","base":0,"set":{"kind":"visit","venue":"village"}`))
		b.send("0 held no_right", "1 held no_right", "2 held no_right", "3 held no_right", "4 held no_right", "5 held no_right")
		w.want(unitA, "complaints", 0, 0)
		w.want(unitB, "visits_village", 1, 1) // the same id in another scope is another record

		w.act(gateway.Entry{Op: "rights.grant", Scope: scopeA, Officer: officerB, Role: "officer"})
		w.want(unitA, "complaints", 6, 2)
		b.push(0, "3 held no_right", "4 held no_right", "5 held no_right")
		if got := b.pullAll("", 100).Scopes; !slices.Equal(got, []string{scopeA, scopeB}) {
			t.Errorf("scopes %q", got)
		}
		// An ended right still takes what the phone brings, and gives nothing more out.
		w.act(gateway.Entry{Op: "rights.end", Scope: scopeA, Officer: officerB, Role: "officer"})
		b.write(tap(ev(1), "complaints", 1))
		a1 := b.send()
		w.want(unitA, "complaints", 7, 3)
		if !slices.Equal(a1.Scopes, []string{scopeB}) {
			t.Errorf("scopes %q after the right ended", a1.Scopes)
		}
		w.recount()
	})
}

func county2() string { return "01900000-0000-7000-8000-0000000ca998:" + unitB }

// The office may release a single line, and answers for it.
func TestReleaseAndReject(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		b := w.phone(officerB)
		w.phone(officerA).write(stand(ev(1))).send()
		b.write(tap(ev(1), "complaints", 2), tap(ev(1), "complaints", 30))
		b.send("0 held no_right", "1 held no_right")
		e := w.settle("held.release", models.NoRight)
		w.act(e)
		w.want(unitA, "complaints", 2, 1)
		w.refused(problem.NotFound, e)
		e = w.settle("held.reject", models.NoRight)
		e.Reason = ""
		w.refused(problem.Invalid, e)
		w.act(w.settle("held.reject", models.NoRight))
		w.want(unitA, "complaints", 2, 1)
		b.push(0, "1 rejected by_office")
		w.refused(problem.Invalid, gateway.Entry{Op: "held.reject", Scope: scopeA, Log: "x", AtSeq: new(int64), Reason: "r"})
		w.refused(problem.NotFound, gateway.Entry{Op: "held.reject", Scope: scopeA, Log: "9999", AtSeq: new(int64), Reason: "r"})
		w.recount()
	})
}

// A phone cannot act as the office.
func TestPhonesAreNotTheOffice(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), in(scopeA, `"op":"review.accept","kind":"event","id":"`+ev(1)+`","version":1,"seq":1`),
			in(scopeA, `"op":"record.move","kind":"event","id":"`+ev(1)+`","unit":"`+unitB+`"`),
			in(scopeA, `"op":"rights.grant","officer":"`+officerA+`","role":"admin"`),
			in(scopeA, `"op":"admin.put","kind":"event","id":"`+ev(1)+`","set":{"title":"x"}`), put(ev(1), 0, `"title":"mine"`))
		p.send("1 held no_right", "2 held no_right", "3 held no_right", "4 held no_right")
		w.refused(problem.Conflict, w.settle("held.release", models.NoRight))
		if r := w.event(ev(1)); r.Accepted() || r.Counts != "" || r.Text("title") != "mine" {
			t.Error("a phone acted as the office, or blocked itself trying")
		}
	})
}

// Everything of a revoked phone is held, and applied when it is trusted again.
func TestRevoked(t *testing.T) {
	set := func(v string) gateway.Entry {
		return gateway.Entry{Op: "admin.put", Kind: "device", Set: json.RawMessage(v)}
	}
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)))
		p.send()
		e := set(`{"revoked":true}`)
		e.ID = p.id
		w.act(e)
		p.write(tap(ev(1), "complaints", 2), put(ev(1), 0, `"title":"a"`), put(ev(1), 0, `"title":"b"`), `"op":"clock","jump":-5000`)
		p.raw("not a line")
		p.send("1 held revoked", "2 held revoked", "3 held revoked", "5 rejected bad_line")
		w.want(unitA, "complaints", 0, 0)
		if _, err := p.pull("", 10); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("a revoked phone pulls: %v", err)
		}
		e = set(`{"revoked":false,"name":"甲的手机"}`)
		e.ID = p.id
		w.act(e)
		w.want(unitA, "complaints", 2, 1)
		if got := w.siblings(ev(1), "title"); !slices.Equal(got, []string{"b"}) {
			t.Errorf("titles %q: they were not applied in order", got)
		}
		p.push(0, "5 rejected bad_line")
		w.recount()
	})
}

// A guest's taps and photos count with the event's join secret, and nothing else of a guest does.
func TestGuests(t *testing.T) {
	tapAs := func(join string, n string) string {
		return in(scopeA, `"op":"tally.add","event":"`+ev(1)+`","indicator":"complaints","n":`+n+`,"join":"`+join+`"`)
	}
	photo := func(id, join, set string) string {
		return in(scopeA, `"op":"photo.put","id":"`+id+`","base":0,"join":"`+join+`","set":{`+set+`}`)
	}
	both(t, func(t *testing.T, w *world) {
		host, guest := w.phone(officerA), w.phone(officerB)
		guest.write(tapAs("s3cret", "1"), photo(pic(1), "s3cret", `"event":"`+ev(1)+`","caption":"展板"`),
			tapAs("wrong", "10"), photo(pic(2), "wrong", `"event":"`+ev(1)+`"`),
			in(scopeA, `"op":"event.put","id":"`+ev(1)+`","base":0,"join":"s3cret","set":{"title":"mine now"}`),
			in(scopeA, `"op":"goods.put","id":"`+lotID(1)+`","base":0,"join":"s3cret","set":{}`))
		guest.send("0 held unknown_event", "1 held unknown_event", "2 held unknown_event", "3 held unknown_event", "4 held no_right", "5 held no_right")
		host.write(put(ev(1), 0, `"kind":"consultation","join":"s3cret"`))
		host.send()
		w.want(unitA, "complaints", 1, 1)
		if r := w.record(models.PhotoKind, pic(1)); r.Text("caption") != "展板" {
			t.Error("the guest's photo did not come with the event")
		}
		guest.push(0, "2 held no_right", "3 held no_right", "4 held no_right", "5 held no_right")

		// Without or with an empty secret nothing counts, also where the event has none.
		host.write(stand(ev(2)))
		host.send()
		guest.write(strings.Replace(tapAs("", "1"), ev(1), ev(2), 1), tap(ev(2), "complaints", 1), tapAs("s3cret", "5"), photo(pic(3), "s3cret", `"event":"`+ev(2)+`"`),
			photo(pic(4), "s3cret", `"caption":"no event"`))
		guest.send("6 held no_right", "7 held no_right", "9 held no_right", "10 held unknown_event")
		w.want(unitA, "complaints", 6, 2)

		// What a guest brought, the guest may also correct.
		guest.write(photo(pic(1), "s3cret", `"caption":"宣传展板"`), photo(pic(1), "s3cret", `"deleted":true`))
		guest.send()
		if r := w.record(models.PhotoKind, pic(1)); r.Text("caption") != "宣传展板" || !r.Deleted() {
			t.Error("a guest cannot correct an own photo")
		}
		if got := guest.pullAll("", 100); len(got.Records) != 10 || !slices.Equal(got.Scopes, []string{scopeB}) {
			t.Errorf("a guest pulls %d records of %q, want its own 10 held lines and tombstones", len(got.Records), got.Scopes)
		}
		w.recount()
	})
}

// A photo of an event that is not there is kept and shown; movements and photos never wait for an
// acceptance.
func TestDanglingPhoto(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(in(scopeA, `"op":"photo.put","id":"`+pic(1)+`","base":0,"set":{"event":"`+ev(1)+`"}`))
		p.send()
		if w.record(models.PhotoKind, pic(1)).Text("event") != ev(1) {
			t.Error("the photo is not there")
		}
	})
}

// A unit has one sheet; its head approves it, nobody else does.
func TestSheets(t *testing.T) {
	sheet := func(unit, set string) string {
		return in(scopeA, `"op":"sheet.put","id":"`+unit+`","base":0,"set":{`+set+`}`)
	}
	both(t, func(t *testing.T, w *world) {
		p, h := w.phone(officerA), w.phone(headA)
		p.write(sheet(unitA, `"highlights":"现场销毁","completed":true`), sheet(unitA, `"approved":true`), sheet(unitA, `"remarks":"after"`),
			sheet(ev(1), `"highlights":"x"`))
		p.send("1 held no_right", "2 held behind", "3 rejected bad_field")
		h.write(sheet(unitA, `"approved":true`))
		h.send()
		r := w.record(models.SheetKind, unitA)
		if !r.Flag("approved") || !r.Flag("completed") || r.Text("highlights") != "现场销毁" {
			t.Errorf("sheet %s", r.Public(nil))
		}
		w.act(w.settle("held.reject", models.NoRight))
		w.held(map[models.Cause]int{})
		if w.record(models.SheetKind, unitA).Text("remarks") != "after" {
			t.Error("what waited behind a rejected line was not applied")
		}
		// A head that has moved on since still signs what was signed as head.
		v := int64(1)
		w.act(gateway.Entry{Op: "admin.put", Kind: "officer", ID: headA, Base: &v, Set: json.RawMessage(`{"unit":"` + unitB + `"}`)})
		h.write(sheet(unitA, `"approved":false`))
		h.send()
		w.recount()
	})
}
