package gateway_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
	"github.com/google/uuid"
)

const clerk = "01900000-0000-7000-8000-0000000f0009"

// clerk makes somebody of the office who is not the server itself.
func (w *world) clerk() {
	w.t.Helper()
	w.admin("officer", clerk, `{"name":"审核员","unit":"`+county+`","role":"reviewer"}`)
}

// by does something in the clerk's name and returns the problem's code.
func (w *world) by(e ...gateway.Entry) problem.Code {
	w.t.Helper()
	return problem.CodeOf(w.g.Act(w.t.Context(), clerk, e...))
}

// A sheet is signed in its order and taken back in the reverse one.
func TestSignOff(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.clerk()
		sheet := func(set string) gateway.Entry {
			v := w.record(models.SheetKind, unitA).Version
			return gateway.Entry{Op: "sheet.put", Scope: scopeA, ID: unitA, Base: &v, Set: json.RawMessage(set)}
		}
		decide := func(op string, signs bool) gateway.Entry {
			r := w.record(models.SheetKind, unitA)
			return gateway.Entry{Op: op, Scope: scopeA, Kind: "sheet", ID: unitA, Version: &r.Version, Seq: &r.Seq, Signs: signs}
		}
		step := 0
		check := func(want problem.Code, e gateway.Entry) {
			t.Helper()
			step++
			if got := w.by(e); got != want {
				t.Errorf("step %d, %s %s: %q, want %q", step, e.Op, e.Set, got, want)
			}
		}
		check("", sheet(`{"highlights":"x"}`))
		check(problem.Conflict, sheet(`{"approved":true}`))
		check(problem.Conflict, decide("review.accept", false))
		check("", sheet(`{"completed":true}`))
		check(problem.Conflict, decide("review.accept", false))
		check("", sheet(`{"approved":true}`))
		check(problem.Conflict, sheet(`{"completed":false}`))
		check(problem.Conflict, sheet(`{"completed":null}`))
		check("", decide("review.accept", false))
		check(problem.Conflict, sheet(`{"approved":false}`))
		check(problem.Conflict, sheet(`{"completed":false,"approved":false}`))
		check(problem.Conflict, sheet(`{"remarks":"y"}`))
		e := sheet(`{"remarks":"y"}`)
		e.Reviews = true
		check("", e)
		check("", decide("review.reopen", false))
		check(problem.Conflict, decide("review.accept", false)) // what was written after the head's approval, nobody approved
		check("", sheet(`{"approved":false}`))
		check(problem.Conflict, decide("review.accept", false))
		check("", decide("review.accept", true)) // by one who may sign
		check("", decide("review.reopen", false))
		check("", sheet(`{"completed":false}`))
		check("", sheet(`{"completed":true,"approved":true}`))
		check("", sheet(`{"completed":false,"approved":false}`))
		w.act(decide("review.accept", false)) // the server is its administrator's
		check("", decide("review.reopen", false))

		// What a head signed offline is signed, whatever the order it comes in.
		h := w.phone(headA)
		h.write(in(scopeA, `"op":"sheet.put","id":"`+unitA+`","base":0,"set":{"approved":true}`))
		h.send()
	})
}

// Each line of the office is in the audit trail, by what it is about.
func TestAuditTrail(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.clerk()
		p := w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(9), "complaints", 1))
		p.send("1 held unknown_event")
		handin := uuid.NewString()
		w.admin("handin", handin, `{"campaign":"`+campaignID+`","item":"总结"}`)
		one := int64(1)
		held := w.settle("held.reject", models.UnknownEvent)
		for _, e := range []gateway.Entry{
			w.review("review.accept", ev(1), ""),
			{Op: "admin.put", Kind: "handin", ID: handin, Base: &one, Set: json.RawMessage(`{"item":"统计表"}`)}, // names no campaign
			{Op: "admin.put", Kind: "officer", ID: officerB, Base: &one, Set: json.RawMessage(`{"name":"乙"}`)},
			{Op: "admin.put", Kind: "device", ID: p.id, Set: json.RawMessage(`{"name":"旧手机"}`)},
			{Op: "rights.grant", Scope: scopeB, Officer: officerA, Role: "officer"},
			{Op: "rights.end", Scope: scopeB, Officer: officerA, Role: "officer"},
			{Op: "office.note", Scope: campaignID, Kind: "export", Note: "ningxia-2022.xlsx", Unit: unitA},
			{Op: "campaign.state", Scope: campaignID, State: "closing"},
			held,
		} {
			if code := w.by(e); code != "" {
				t.Fatalf("%s: %s", e.Op, code)
			}
		}
		var got []string
		w.view(func(tx gateway.Tx) error {
			dev, err := tx.OfficeDevice(clerk)
			if err != nil {
				return err
			}
			logs, err := tx.Heads(dev.ID)
			if err != nil {
				return err
			}
			rows, err := tx.AuditOf(logs[0].No, 0, 100)
			for _, r := range rows {
				if r.Officer != clerk || r.AtMS != w.now {
					t.Errorf("%+v", r)
				}
				got = append(got, strings.Join([]string{r.Op, r.Campaign, r.Unit, r.Kind, r.ID}, " "))
			}
			return err
		})
		want := []string{
			"review.accept " + campaignID + " " + unitA + " event " + ev(1),
			"admin.put " + campaignID + "  handin " + handin,
			"admin.put  " + unitB + " officer " + officerB,
			"admin.put  " + unitA + " device " + p.id,
			"rights.grant " + campaignID + " " + unitB + " officer " + officerA,
			"rights.end " + campaignID + " " + unitB + " officer " + officerA,
			"office.note " + campaignID + " " + unitA + " export ",
			"campaign.state " + campaignID + "  campaign " + campaignID,
			"held.reject " + campaignID + " " + unitA + " held " + held.Log + ".1",
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("the trail is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// What is done beside a line is done with it or not at all.
func TestDo(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		note := gateway.Entry{Op: "office.note", Kind: "credential", Note: "given", ID: officerA}
		before := len(w.officeLines())
		wrong := errors.New("no")
		err := w.g.Do(t.Context(), w.inst.Officer, func(tx gateway.Tx) error {
			if err := tx.PutNote("mine", "x"); err != nil {
				return err
			}
			return wrong
		}, note)
		if err == nil || len(w.officeLines()) != before {
			t.Errorf("%v, and %d lines more", err, len(w.officeLines())-before)
		}
		err = w.g.Do(t.Context(), w.inst.Officer, func(tx gateway.Tx) error { return tx.PutNote("mine", "y") }, note)
		if err != nil || len(w.officeLines()) != before+1 {
			t.Errorf("%v, and %d lines more", err, len(w.officeLines())-before)
		}
		w.view(func(tx gateway.Tx) error {
			if v, err := tx.Note("mine"); err != nil || v != "y" {
				t.Errorf("noted %q, %v", v, err)
			}
			return nil
		})
		w.refused(problem.Invalid, gateway.Entry{Op: "office.note", Kind: "x"})
		if err := w.g.Act(t.Context(), w.inst.Officer); problem.CodeOf(err) != problem.Invalid {
			t.Errorf("nothing done: %v", err)
		}
	})
}

// Codes are given out and cancelled in lines of the office; a cancelled one enrols nobody.
func TestEnrolmentBatch(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.clerk()
		hash := func(s string) [32]byte { return sha256.Sum256([]byte(s)) }
		enrol := func(code string) problem.Code {
			key := make([]byte, 65)
			_, err := w.g.Enrol(t.Context(), hash(code), "phone", "test", key)
			return problem.CodeOf(err)
		}
		batch, made, err := w.g.AddBatch(t.Context(), clerk, map[[32]byte]string{hash("a"): officerA, hash("b"): officerB, hash("c"): officerA}, time.Hour, nil)
		if err != nil || batch == "" || len(made) != 3 || made[0].Officer != officerA || made[2].Officer != officerB ||
			made[0].ExpiresMS != w.now+time.Hour.Milliseconds() {
			t.Fatalf("%q %+v %v", batch, made, err)
		}
		byHash := map[[32]byte]string{}
		for _, m := range made {
			byHash[m.Hash] = m.ID
		}
		if code := problem.CodeOf(w.g.CancelCode(t.Context(), clerk, byHash[hash("a")], nil)); code != "" {
			t.Fatal(code)
		}
		if code := enrol("a"); code != problem.CodeExpired {
			t.Errorf("a cancelled code: %q", code)
		}
		if code := enrol("b"); code != "" {
			t.Errorf("a good code: %q", code)
		}
		for id, want := range map[string]problem.Code{byHash[hash("a")]: problem.Conflict, byHash[hash("b")]: problem.Conflict, uuid.NewString(): problem.NotFound} {
			if code := problem.CodeOf(w.g.CancelCode(t.Context(), clerk, id, nil)); code != want {
				t.Errorf("cancelled: %q, want %q", code, want)
			}
		}
		if _, _, err := w.g.AddBatch(t.Context(), clerk, map[[32]byte]string{hash("d"): uuid.NewString()}, time.Hour, nil); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("a code for nobody: %v", err)
		}
		w.refused(problem.Invalid, gateway.Entry{Op: "enrol.add", ID: uuid.NewString(), Batch: batch, Officer: officerA, Expires: 1})
		for _, l := range w.officeLines() {
			if strings.Contains(string(l.Raw), "hash") {
				t.Error("a line of the office holds the hash of a code")
			}
		}
		p := w.phone(officerA)
		p.write(`"op":"enrol.add","id":"`+ev(1)+`","batch":"`+ev(1)+`","officer":"`+officerA+`","expires":9`,
			`"op":"enrol.cancel","id":"`+ev(1)+`","officer":"`+officerA+`"`, `"op":"office.note","kind":"export","note":"x"`)
		p.send("0 held no_right", "1 held no_right", "2 held no_right")
	})
}

// A hand-in of a unit has one receipt.
func TestReceipts(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		handin := uuid.NewString()
		w.admin("handin", handin, `{"campaign":"`+campaignID+`","item":"总结"}`)
		id := models.ReceiptID(handin, unitA)
		set := `{"campaign":"` + campaignID + `","handin":"` + handin + `","unit":"` + unitA + `","paper":1647307800000,"note":"邮寄"}`
		w.admin("receipt", id, set)
		one := int64(1)
		put := func(id, set string, base *int64) gateway.Entry {
			return gateway.Entry{Op: "admin.put", Kind: "receipt", ID: id, Base: base, Set: json.RawMessage(set)}
		}
		w.refused(problem.Moved, put(id, set, nil))
		w.act(put(id, `{"electronic":1647307800000}`, &one))
		w.refused(problem.Invalid, put(uuid.NewString(), set, nil))
		w.refused(problem.NotFound, put(models.ReceiptID(unitA, unitA), strings.ReplaceAll(set, handin, unitA), nil))
		w.refused(problem.NotFound, put(models.ReceiptID(handin, handin), strings.ReplaceAll(set, unitA, handin), nil))
		var r models.Receipt
		w.view(func(tx gateway.Tx) error {
			_, err := tx.Load(&r, id)
			return err
		})
		if r.PaperMS == 0 || r.ElectronicMS == 0 || r.Note != "邮寄" || r.Version != 2 {
			t.Errorf("%+v", r)
		}
	})
}

// An approval covers what it saw: what is written after it takes it away, wherever it comes from.
func TestApprovalCoversWhatItSaw(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.clerk()
		sheet := func() *merge.Record { return w.record(models.SheetKind, unitA) }
		sign := func(set string, base int64) problem.Code {
			return w.by(gateway.Entry{Op: "sheet.put", Scope: scopeA, ID: unitA, Base: &base, Set: json.RawMessage(set)})
		}
		approved := func(want bool) {
			t.Helper()
			flagged := false
			w.view(func(tx gateway.Tx) error {
				keys, err := tx.Flagged(campaignID, models.SheetKind, models.IsApproved)
				flagged = len(keys) == 1
				return err
			})
			if got := sheet().Approved(); got != want || flagged != want || sheet().ChangedSince() == want {
				t.Errorf("approved %t, listed so %t, want %t", got, flagged, want)
			}
		}
		accept := func() problem.Code {
			r := sheet()
			return w.by(gateway.Entry{Op: "review.accept", Scope: scopeA, Kind: "sheet", ID: unitA, Version: &r.Version, Seq: &r.Seq})
		}
		p, h := w.phone(officerA), w.phone(headA)
		p.write(in(scopeA, `"op":"sheet.put","id":"`+unitA+`","base":0,"set":{"highlights":"x"}`)).send()
		h.write(in(scopeA, `"op":"sheet.put","id":"`+unitA+`","base":1,"set":{"approved":true}`)).send()
		p.write(in(scopeA, `"op":"sheet.put","id":"`+unitA+`","base":0,"set":{"completed":true}`)).send()
		approved(true) // whatever the order in which the two came
		p.write(in(scopeA, `"op":"sheet.put","id":"`+unitA+`","base":0,"set":{"highlights":"y"}`)).send()
		approved(false)
		if code := accept(); code != problem.Conflict {
			t.Errorf("accepted what the head never saw: %q", code)
		}
		// Whoever signs names the state that is signed.
		if code := sign(`{"approved":true}`, sheet().Version-1); code != problem.Moved {
			t.Errorf("signed over a change that was not seen: %q", code)
		}
		if code := sign(`{"approved":true}`, sheet().Version); code != "" {
			t.Errorf("approved again: %q", code)
		}
		approved(true)
		if code := accept(); code != "" {
			t.Errorf("accepted: %q", code)
		}

		// An accepted sheet is the office's to reopen: what a phone writes waits.
		p.write(in(scopeA, `"op":"sheet.put","id":"`+unitA+`","base":0,"set":{"highlights":"z"}`))
		p.send("3 held event_accepted")
		h.write(in(scopeA, fmt.Sprintf(`"op":"sheet.put","id":"%s","base":%d,"set":{"approved":false}`, unitA, sheet().Version)))
		h.send("1 held event_accepted")
		if got := sheet().Text("highlights"); got != "y" {
			t.Errorf("the accepted sheet says %q", got)
		}
		w.act(w.settle("held.release", models.EventAccepted))
		r := sheet()
		w.act(gateway.Entry{Op: "review.reopen", Scope: scopeA, Kind: "sheet", ID: unitA, Version: &r.Version, Seq: &r.Seq})
		w.held(map[models.Cause]int{})
		if r := sheet(); r.Text("highlights") != "z" || r.Flag("approved") {
			t.Errorf("after release and reopening: %q, approved %t", r.Text("highlights"), r.Flag("approved"))
		}
	})
}

// What the office writes itself to an accepted record is written by who may review it, and over the
// state that was seen.
func TestOfficeWritesOverWhatItSaw(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.clerk()
		p := w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 1)).send()
		change := func(set string, version *int64, reviews bool) problem.Code {
			v := w.event(ev(1)).Version
			return w.by(gateway.Entry{Op: "event.put", Scope: scopeA, ID: ev(1), Base: &v, Set: json.RawMessage(set), Version: version, Reviews: reviews})
		}
		count := func(reviews bool) problem.Code {
			n := int64(1)
			return w.by(gateway.Entry{Op: "tally.add", Scope: scopeA, Event: ev(1), Tally: "complaints", N: &n, Note: "补", Reviews: reviews})
		}
		seen := w.event(ev(1)).Version
		p.write(put(ev(1), 0, `"title":"t"`)).send()
		if code := change(`{"title":"u"}`, &seen, false); code != problem.Moved {
			t.Errorf("over a change that was not seen: %q", code)
		}
		seen = w.event(ev(1)).Version
		if code := change(`{"title":"u"}`, &seen, false); code != "" {
			t.Error(code)
		}
		w.act(w.review("review.accept", ev(1), ""))
		if a, b := change(`{"title":"v"}`, nil, false), count(false); a != problem.Conflict || b != problem.Conflict {
			t.Errorf("to an accepted event: %q, %q", a, b)
		}
		if a, b := change(`{"title":"v"}`, nil, true), count(true); a != "" || b != "" {
			t.Errorf("by a reviewer: %q, %q", a, b)
		}
		w.want(unitA, "complaints", 2, 2)
	})
}

// What is asked beside codes and imports is asked in their transaction, and nothing is written over a no.
func TestAskedBeforeAnythingIsWritten(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.clerk()
		hash := func(s string) [32]byte { return sha256.Sum256([]byte(s)) }
		_, made, err := w.g.AddBatch(t.Context(), clerk, map[[32]byte]string{hash("a"): officerA}, time.Hour, func(gateway.Tx) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		p := w.phone(officerA)
		p.write(stand(ev(1)))
		no := func(gateway.Tx) error { return problem.New(problem.Forbidden, "no longer") }
		before := w.auditCount()
		if _, _, err := w.g.AddBatch(t.Context(), clerk, map[[32]byte]string{hash("b"): officerA}, time.Hour, no); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("codes: %v", err)
		}
		if err := w.g.CancelCode(t.Context(), clerk, made[0].ID, no); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("cancelling: %v", err)
		}
		if _, err := w.g.Import(t.Context(), clerk, p.body(0, 1), no); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("an import: %v", err)
		}
		w.view(func(tx gateway.Tx) error {
			if list, err := tx.Enrolments(); err != nil || len(list) != 1 || list[0].CancelledMS != 0 {
				t.Errorf("%+v, %v", list, err)
			}
			return nil
		})
		if w.auditCount() != before || w.event(ev(1)).Exists() {
			t.Error("something was written")
		}
	})
}

// auditCount returns how many lines the audit trail has.
func (w *world) auditCount() (n int64) {
	w.t.Helper()
	w.view(func(tx gateway.Tx) (err error) {
		n, err = tx.CountAudit()
		return err
	})
	return n
}
