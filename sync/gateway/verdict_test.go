package gateway_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// A bad line is rejected for ever and touches no other.
func TestBadLinesAmongGoodOnes(t *testing.T) {
	at := `{"at":1647316805000,"scope":"` + scopeA + `",`
	add := at + `"op":"tally.add","event":"` + ev(1) + `","indicator":"complaints",`
	bad := []struct{ name, line, verdict string }{
		{"no JSON", `hello`, "rejected bad_line"},
		{"an empty line", ``, "rejected bad_line"},
		{"an array", `[1]`, "rejected bad_line"},
		{"cut off", add + `"n":1`, "rejected bad_line"},
		{"two values", add + `"n":1}{}`, "rejected bad_line"},
		{"a name twice", add + `"n":1,"n":2}`, "rejected bad_line"},
		{"a name twice inside", at + `"op":"event.put","id":"` + ev(1) + `","set":{"title":"a","title":"b"}}`, "rejected bad_line"},
		{"a name twice, once escaped", add + `"n":1,"\u006e":2}`, "rejected bad_line"},
		{"no UTF-8", add + "\"n\":1,\"note\":\"\xff\"}", "rejected bad_line"},
		{"a lone surrogate", add + `"n":1,"note":"\ud800"}`, "rejected bad_line"},
		{"U+0000", add + `"n":1,"note":"\u0000"}`, "rejected bad_line"},
		{"an upper-case id", at + `"op":"tally.add","event":"` + strings.ToUpper(ev(1)) + `","indicator":"complaints","n":1}`, "rejected bad_line"},
		{"an upper-case scope", strings.Replace(add, campaignID, strings.ToUpper(campaignID), 1) + `"n":1}`, "rejected bad_line"},
		{"no scope", `{"at":1,"op":"tally.add","event":"` + ev(1) + `","indicator":"complaints","n":1}`, "rejected bad_line"},
		{"over-long", add + `"n":1,"note":"` + strings.Repeat("长", 11_000) + `"}`, "rejected bad_line"},
		{"a fraction", add + `"n":1.5}`, "rejected bad_field"},
		{"a whole fraction", add + `"n":1.0}`, "rejected bad_field"},
		{"an exponent", add + `"n":1e3}`, "rejected bad_field"},
		{"a huge step", add + `"n":1000000001}`, "rejected bad_field"},
		{"beyond all integers", add + `"n":9007199254740993}`, "rejected bad_field"},
		{"a number as text", add + `"n":"1"}`, "rejected bad_field"},
		{"a time of another type", strings.Replace(add, `1647316805000`, `"now"`, 1) + `"n":1}`, "rejected bad_field"},
		{"a typed count below 0", at + `"op":"event.put","id":"` + ev(1) + `","base":0,"set":{"title":"nothing of it","leaders":-1}}`, "rejected bad_field"},
		{"a flag as number", at + `"op":"event.put","id":"` + ev(1) + `","base":0,"set":{"large":1}}`, "rejected bad_field"},
		{"a movement of 0", at + `"op":"goods.move","id":"` + lotID(9) + `","lot":"` + lotID(1) + `","move":"received","quantity":0}`, "rejected bad_field"},
		{"another unit's sheet", at + `"op":"sheet.put","id":"` + unitB + `","base":0,"set":{"remarks":"x"}}`, "rejected bad_field"},
	}
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)))
		var verdicts []string
		for _, b := range bad {
			verdicts = append(verdicts, fmt.Sprintf("%d %s", len(p.lines), b.verdict))
			p.raw(b.line)
			p.write(tap(ev(1), "complaints", 1))
		}
		p.write(tap(ev(1), "consultations", 1_000_000_000), tap(ev(1), "consultations", -1_000_000_000))
		a := p.send(verdicts...)
		for i, v := range a.Verdicts {
			if v.Message == "" {
				t.Errorf("%s: no sentence says why", bad[i].name)
			}
		}
		w.want(unitA, "complaints", int64(len(bad)), int64(len(bad)))
		w.want(unitA, "consultations", 0, 2)
		if w.event(ev(1)).Text("title") != "" {
			t.Error("half of a bad line was applied")
		}
		// Sent again, the same lines get the same verdicts and nothing counts twice.
		p.push(0, verdicts...)
		w.want(unitA, "complaints", int64(len(bad)), int64(len(bad)))
		feed := p.pullAll("", 500)
		n := 0
		for _, r := range feed.Records {
			if r.Kind == string(models.HeldKind) {
				n++
			}
		}
		if n != len(bad) {
			t.Errorf("the phone pulls %d rejected lines, want %d", n, len(bad))
		}
		w.recount()
	})
}

// A wrong date is no reason to refuse: the event is kept, outside the window.
func TestOddDates(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		for i, ms := range []int64{-62167219200000, 253402300799999, -9007199254740991, 9007199254740991, 0} {
			p.write(put(ev(i), 0, fmt.Sprintf(`"kind":"consultation","started_at":%d`, ms)), tap(ev(i), "complaints", 1))
		}
		p.write(put(ev(8), 0, `"kind":"consultation","started_at":1646582400000`), tap(ev(8), "complaints", 1)) // 03-07 00:00 there
		p.write(put(ev(9), 0, `"kind":"consultation","started_at":1647532799999`), tap(ev(9), "complaints", 1)) // 03-17 23:59:59.999
		p.send()
		w.want(unitA, "complaints", 2, 2)
		w.want(unitA, gateway.OutsideRow, 5, 5)
		w.want(unitA, gateway.EventsRow, 7, 7)

		// A wrong clock is corrected by the offset, and never takes effect after its receipt.
		q := w.phone(officerA)
		q.skew = 365 * 86_400_000
		q.write(stand(ev(20)))
		q.skew = -20 * 365 * 86_400_000
		q.write(stand(ev(21)))
		q.skew = 365 * 86_400_000
		q.send()
		if r := w.event(ev(20)); r.FirstMS != w.now || r.Fields[0].Siblings[0].AtMS != w.now+q.skew {
			t.Errorf("effective %d, claimed %d", r.FirstMS, r.Fields[0].Siblings[0].AtMS)
		}
		if r := w.event(ev(21)); r.FirstMS >= w.now-20*365*86_400_000 {
			t.Errorf("effective %d: the claimed time and the offset of the batch make it", r.FirstMS)
		}
		w.recount()
	})
}

// What refers to something that has not arrived waits for it, whoever brings it.
func TestWaitsForWhatIsMissing(t *testing.T) {
	move := func(id, lot string, n int64) string {
		return in(scopeA, fmt.Sprintf(`"op":"goods.move","id":"%s","lot":"%s","move":"received","quantity":%d`, id, lot, n))
	}
	both(t, func(t *testing.T, w *world) {
		p, q := w.phone(officerA), w.phone(officerA)
		q.write(tap(ev(3), "complaints", 0), stand(ev(3))).send() // one push may bring what it needs in any order
		w.held(map[models.Cause]int{})
		p.write(tap(ev(1), "complaints", 3), move(lotID(8), lotID(1), 5), tap(ev(1), "sightings", 1), in(scopeA, `"op":"drone.fly","height":3`))
		p.send("0 held unknown_event", "1 held unknown_lot", "2 held unknown_event", "3 held unknown_op")
		w.want(unitA, "complaints", 0, 1)
		q.write(stand(ev(1)), in(scopeA, `"op":"goods.put","id":"`+lotID(1)+`","base":0,"set":{"name":"面粉"}`))
		q.send()
		w.want(unitA, "complaints", 3, 2)
		w.held(map[models.Cause]int{models.UnknownIndicator: 1, models.UnknownOp: 1})
		if got := w.record(models.LotKind, lotID(1)).Balance().Received; got != 5 {
			t.Errorf("received %d, want 5", got)
		}
		p.push(0, "2 held unknown_indicator", "3 held unknown_op")

		// The same movement again is a duplicate.
		p.write(move(lotID(8), lotID(1), 5))
		p.send("4 duplicate")
		p.write(tap(ev(2), "complaints", 1), stand(ev(2)))
		p.send()
		w.want(unitA, "complaints", 4, 3)

		// The office may release an unknown indicator: it is kept with the event and fills no row.
		w.act(w.settle("held.release", models.UnknownIndicator))
		if r := w.event(ev(1)); len(r.Tallies) != 2 || r.Tallies[1].Indicator != "sightings" {
			t.Errorf("tallies %v", r.Tallies)
		}
		w.refused("conflict", w.settle("held.release", models.UnknownOp))
		w.act(w.settle("held.reject", models.UnknownOp))
		p.push(0, "3 rejected by_office", "4 duplicate")
		w.held(map[models.Cause]int{})
		w.recount()
	})
}

func TestSetOnce(t *testing.T) {
	photo := func(set string) string {
		return in(scopeA, `"op":"photo.put","id":"`+pic(1)+`","base":0,"set":{`+set+`}`)
	}
	sha := strings.Repeat("ab", 32)
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(photo(`"sha256":"`+sha+`","bytes":10,"mime":"image/jpeg"`), photo(`"caption":"摊位","sha256":"`+sha+`"`),
			photo(`"caption":"no","bytes":11`), photo(`"mime":null`), photo(`"sha256":"`+strings.Repeat("cd", 32)+`"`),
			put(ev(1), 0, `"join":"s1"`), put(ev(1), 0, `"join":"s2","title":"no"`), put(ev(1), 0, `"title":"yes","join":"s1"`))
		p.send("2 rejected set_once", "3 rejected set_once", "4 rejected set_once", "6 rejected set_once")
		if r := w.record(models.PhotoKind, pic(1)); r.Text("caption") != "摊位" || r.Text("sha256") != sha {
			t.Error("a field that is set once was set twice, or its line was half applied")
		}
		if w.event(ev(1)).Text("title") != "yes" {
			t.Error("the same value again is no second value")
		}
	})
}

// A line that rests on a version which this server has not given out waits until it has.
func TestBadBase(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, q := w.phone(officerA), w.phone(officerA)
		p.write(put(ev(1), 0, `"title":"a"`))
		p.send()
		q.write(put(ev(1), 3, `"title":"c"`), put(ev(2), 1, `"title":"nothing there"`))
		q.send("0 held bad_base", "1 held bad_base")
		p.write(put(ev(1), 1, `"title":"b"`))
		p.send()
		w.held(map[models.Cause]int{models.BadBase: 2})
		p.write(put(ev(1), 2, `"notes":"x"`))
		p.send()
		if r := w.event(ev(1)); r.Version != 4 || r.Text("title") != "c" || len(r.Conflicts()) > 0 {
			t.Errorf("version %d, title %q, conflicts %q", r.Version, r.Text("title"), r.Conflicts())
		}
		q.push(0, "1 held bad_base")
		w.act(w.settle("held.release", models.BadBase))
		w.held(map[models.Cause]int{})
		if w.event(ev(2)).Text("title") != "nothing there" {
			t.Error("the released line is not applied")
		}
	})
}

// While an earlier write of a phone waits, its later ones on that record wait behind it, and come
// in order. Tallies do not wait: they add up in any order.
func TestBehind(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, q := w.phone(officerA), w.phone(officerA)
		q.write(stand(ev(1)))
		q.send()
		p.write(put(ev(1), 2, `"title":"first"`), put(ev(1), 0, `"title":"second"`), tap(ev(1), "complaints", 2), put(ev(2), 0, `"title":"other"`))
		p.send("0 held bad_base", "1 held behind")
		p.write(put(ev(1), 0, `"title":"third"`))
		p.send("4 held behind")
		w.want(unitA, "complaints", 2, 1)
		if w.event(ev(2)).Text("title") != "other" {
			t.Error("another record does not wait")
		}
		w.refused("conflict", w.settle("held.release", models.Behind))
		q.write(put(ev(1), 1, `"notes":"x"`)) // brings version 2
		q.send()
		w.held(map[models.Cause]int{})
		if got := w.siblings(ev(1), "title"); len(got) != 1 || got[0] != "third" {
			t.Errorf("titles %q, want the third alone", got)
		}
		p.push(0)

		// A rejected line lets those behind it through.
		p.write(put(ev(1), 99, `"title":"fourth"`), put(ev(1), 0, `"title":"fifth"`))
		p.send("5 held bad_base", "6 held behind")
		w.act(w.settle("held.reject", models.BadBase))
		p.push(0, "5 rejected by_office")
		if got := w.event(ev(1)).Text("title"); got != "fifth" {
			t.Errorf("title %q, want the fifth", got)
		}
		w.recount()
	})
}

// No text is so long that a database refuses what the protocol allows.
func TestLongTexts(t *testing.T) {
	var b strings.Builder // does not compress
	for i := range 6000 {
		b.WriteRune(rune(0x4e00 + (i*i*7919+i*104729)%20000))
	}
	long := b.String()
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		article := `"kind":"media","channel":"press","form":"article","outlet":"日报","content":"` + long
		p.write(put(ev(1), 0, article+`1"`), put(ev(2), 0, article+`1"`), put(ev(3), 0, article+`2"`))
		p.send()
		w.want(unitA, "press_articles", 2, 2)
		p.write(put(ev(3), 0, `"content":"short"`), put(ev(2), 0, `"deleted":true`))
		p.send()
		w.want(unitA, "press_articles", 2, 2)
		w.recount()

		p.write(stand(ev(4)), tap(ev(4), long, 1), put(ev(4), 0, `"staff.`+long+`":3,"staff.x":-5`),
			in(scopeA, `"op":"review.accept","kind":"`+long+`","id":"`+ev(4)+`","version":1,"seq":1`),
			in(scopeA, `"op":"`+long+`"`), put(ev(4), 0, `"`+long+`":"`+"x"+`"`), tap(ev(4), "complaints", 1))
		p.send("6 held unknown_indicator", "8 held no_right", "9 held unknown_op")
		w.want(unitA, "complaints", 1, 1)
		w.want(long, "staff_dispatched", 0, 0)
		w.want("x", "staff_dispatched", 0, 0)
		w.recount()
	})
}
