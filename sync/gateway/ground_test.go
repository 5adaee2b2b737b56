package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/google/uuid"
)

// A right that does not stand is not ended, and ending never gives one.
func TestOnlyAStandingRightEnds(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		grant := gateway.Entry{Op: "rights.grant", Scope: scopeB, Officer: officerA, Role: "officer"}
		end := gateway.Entry{Op: "rights.end", Scope: scopeB, Officer: officerA, Role: "officer"}
		p := w.phone(officerA)
		w.admin("officer", officerB, `{"name":"乙","unit":"`+unitB+`","role":"officer"}`, 1)
		b := w.phone(officerB)
		b.write(`"op":"event.put","scope":"` + scopeB + `","id":"` + ev(1) + `","base":0,"set":{"kind":"consultation"}`).send() // makes the scope
		w.refused(problem.Conflict, end)
		p.write(`"op":"event.put","scope":"` + scopeB + `","id":"` + ev(2) + `","base":0,"set":{"kind":"consultation"}`)
		p.send("0 held no_right")
		w.act(grant)
		w.act(end)
		w.refused(problem.Conflict, end)
		// Somebody who is noted as gone from the first day never had a right.
		gone := uuid.NewString()
		w.admin("officer", gone, `{"name":"丙","unit":"`+unitA+`","role":"head","ended":true}`)
		w.admin("officer", gone, `{"name":"丙丙"}`, 1)
		w.view(func(tx gateway.Tx) error {
			if as, err := tx.Assignments(gone); err != nil || len(as) > 0 {
				t.Errorf("%+v, %v", as, err)
			}
			return nil
		})
	})
}

// Units stay one tree, and not a deep one.
func TestTreeOfUnits(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		one := int64(1)
		put := func(id, set string, base *int64) gateway.Entry {
			return gateway.Entry{Op: "admin.put", Kind: "unit", ID: id, Base: base, Set: json.RawMessage(set)}
		}
		w.refused(problem.Conflict, put(unitA, `{"parent":""}`, &one))
		chain := func(under string, n int, code string) (ids []string) {
			for i := range n {
				id := uuid.NewString()
				w.admin("unit", id, fmt.Sprintf(`{"name":"x","code":"%s%d","parent":"%s"}`, code, i, under))
				ids, under = append(ids, id), id
			}
			return ids
		}
		a := chain(county, 15, "a") // with the county 16 levels
		w.refused(problem.Invalid, put(uuid.NewString(), `{"name":"x","code":"deep","parent":"`+a[14]+`"}`, nil))
		w.admin("unit", a[14], `{"name":"renamed"}`, 1)
		b := chain(county, 3, "b")
		w.refused(problem.Invalid, put(b[0], `{"parent":"`+a[12]+`"}`, &one))
		w.act(put(b[0], `{"parent":"`+a[11]+`"}`, &one))
	})
}

// A judgement loses its ground when the event that stood for both does not count any more: the pair is
// asked about again, and the campaign is not frozen over it unasked.
func TestJudgedPairWhoseFirstIsGone(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, q := w.phone(officerA), w.phone(officerB)
		p.write(put(ev(1), 0, `"kind":"consultation","venue":"square","place":"广场"`), put(ev(3), 0, `"kind":"consultation","venue":"square","place":"集市"`)).send()
		q.write(`"op":"event.put","scope":"` + scopeB + `","id":"` + ev(2) + `","base":0,"set":{"kind":"consultation","venue":"square","place":"广场"}`).send()
		judge := func(second, scope, first string) {
			r := w.event(second)
			w.act(gateway.Entry{Op: "dup.judge", Scope: r.Scope, Kind: "event", ID: second, Version: &r.Version, Seq: &r.Seq,
				Of: &gateway.Of{Scope: scope, ID: first}, Verdict: "same_facts", Reason: "同一场"})
		}
		suspects := func(want ...string) {
			t.Helper()
			list, err := w.g.Suspects(t.Context(), campaignID)
			var got []string
			for _, s := range list {
				got = append(got, s.Why+" "+s.First.ID+" "+s.Second.ID)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("suspects %v (%v), want %v", got, err, want)
			}
		}
		suspects("same_place " + ev(1) + " " + ev(2))
		judge(ev(2), scopeA, ev(1))
		suspects()
		p.write(put(ev(1), w.event(ev(1)).Version, `"deleted":true`)).send()
		suspects("first_gone " + ev(1) + " " + ev(2))

		w.act(w.review("review.accept", ev(1), ""), w.review("review.accept", ev(2), ""), w.review("review.accept", ev(3), ""))
		w.act(gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "closed"})
		freeze := gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "frozen"}
		if p := w.refused(problem.Conflict, freeze); p.Fields["uncounted"] != 1 || p.Fields["unreviewed"] != int64(0) {
			t.Errorf("%v", p.Fields)
		}
		// The first becomes another's twin: the same.
		v := w.event(ev(1)).Version
		w.act(gateway.Entry{Op: "event.put", Scope: scopeA, ID: ev(1), Base: &v, Set: json.RawMessage(`{"deleted":false}`)})
		suspects()
		judge(ev(1), scopeA, ev(3))
		suspects("first_gone " + ev(1) + " " + ev(2))
		r := w.event(ev(2))
		w.act(gateway.Entry{Op: "dup.undo", Scope: r.Scope, Kind: "event", ID: ev(2), Version: &r.Version, Seq: &r.Seq,
			Of: &gateway.Of{Scope: scopeA, ID: ev(1)}, Reason: "重新判定"})
		suspects()
		w.refused(problem.Invalid, gateway.Entry{Op: "dup.judge", Scope: r.Scope, Kind: "event", ID: ev(2),
			Of: &gateway.Of{Scope: uuid.NewString() + ":" + unitA, ID: ev(1)}, Verdict: "same_facts"})
	})
}

// The same media item twice in one unit would double its minutes: it is asked about as well.
func TestSameItemWithinAUnit(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		item := `"kind":"media","channel":"tv","outlet":"县电视台","programme":"新闻","content":"3·15晚会"`
		p.write(put(ev(1), 0, item), put(ev(2), 0, item)).send()
		list, err := w.g.Suspects(t.Context(), campaignID)
		if err != nil || len(list) != 1 || list[0].Why != gateway.SameItem {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// A campaign is not frozen over sheets that nobody accepted, unless it is to be done anyway.
func TestFreezingLooksAtSheets(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.phone(officerA).write(in(scopeA, `"op":"sheet.put","id":"`+unitA+`","base":0,"set":{"highlights":"x"}`)).send()
		w.act(gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "closed"})
		freeze := gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "frozen"}
		if p := w.refused(problem.Conflict, freeze); p.Fields["sheets"] != int64(1) {
			t.Errorf("%v", p.Fields)
		}
		r := w.record(models.SheetKind, unitA)
		w.act(gateway.Entry{Op: "review.accept", Scope: scopeA, Kind: "sheet", ID: unitA, Version: &r.Version, Seq: &r.Seq})
		w.act(freeze)
	})
}

// Who has left signs in nowhere, whichever way it was said.
func TestLeavingTakesTheSignInAway(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		if err := w.db.PutCredential(t.Context(), &models.Credential{Officer: headA, Login: "head", Hash: "x", ChangedMS: w.now}); err != nil {
			t.Fatal(err)
		}
		s := &models.Session{ID: uuid.NewString(), Officer: headA, CreatedMS: w.now, ExpiresMS: w.now + 1e6}
		if ok, err := w.db.AddSession(t.Context(), s, "x"); err != nil || !ok {
			t.Fatal(ok, err)
		}
		w.admin("officer", headA, `{"ended":true}`, 1)
		c, err := w.db.Credential(t.Context(), headA)
		if got, _, e := w.db.Session(t.Context(), s.ID); err != nil || e != nil || c != nil || got.EndedMS == 0 {
			t.Errorf("credential %+v, session %+v (%v, %v)", c, got, err, e)
		}
	})
}

// hindered is a store that lets something happen before each transaction that writes.
type hindered struct {
	gateway.Store
	before func(n int) error
	n      int
}

func (h *hindered) Update(ctx context.Context, fn func(gateway.Tx) error) error {
	h.n++
	if err := h.before(h.n); err != nil {
		return err
	}
	return h.Store.Update(ctx, fn)
}

// What a decision makes due keeps nobody else from deciding, and its fault is not the decision's.
func TestWhatFollowsADecision(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.phone(officerA).write(stand(ev(1)), tap(ev(1), "complaints", 1)).send()
		var g *gateway.Gateway
		note := gateway.Entry{Op: "office.note", Kind: "export", Note: "x"}
		h := &hindered{Store: w.db}
		h.before = func(n int) error {
			if n != 2 {
				return nil
			}
			done := make(chan error, 1)
			go func() { done <- g.Act(context.WithoutCancel(t.Context()), w.inst.Officer, note) }()
			select {
			case err := <-done:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(10 * time.Second):
				t.Error("a decision waits for what another makes due")
			}
			return errors.New("the disk is full")
		}
		g = w.gatewayOn(h)
		v := int64(2)
		err := g.Act(t.Context(), w.inst.Officer, gateway.Entry{Op: "admin.put", Kind: "campaign", ID: campaignID, Base: &v,
			Set: json.RawMessage(`{"last_day":"2022-03-20"}`)})
		if err != nil {
			t.Errorf("the decision was committed and is answered %v", err)
		}
		building := func() (n int64) {
			w.view(func(tx gateway.Tx) error {
				c, err := tx.Campaign(campaignID)
				n = c.Building
				return err
			})
			return n
		}
		if building() == 0 {
			t.Error("nobody is told that the campaign is being counted anew")
		}
		if err := w.gateway().ResumeRebuilds(t.Context()); err != nil || building() != 0 {
			t.Errorf("it was not taken up: %v", err)
		}
	})
}

// verify holds phones and codes against the lines of the office.
func TestVerifyOfPhonesAndCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p := w.phone(officerA)
		p.write(stand(ev(1))).send()
		w.act(gateway.Entry{Op: "admin.put", Kind: "device", ID: p.id, Set: json.RawMessage(`{"name":"旧手机","revoked":true}`)})
		w.act(gateway.Entry{Op: "admin.put", Kind: "device", ID: p.id, Set: json.RawMessage(`{"revoked":null}`)})
		if _, _, err := w.g.AddBatch(t.Context(), w.inst.Officer, map[[32]byte]string{{1}: officerA, {2}: officerA}, time.Hour, nil); err != nil {
			t.Fatal(err)
		}
		for _, code := range [][32]byte{{1}, {2}} {
			if _, err := w.g.Enrol(t.Context(), code, "phone", "test", slices.Concat([]byte{code[0]}, make([]byte, 64))); err != nil {
				t.Fatal(err)
			}
		}
		w.verified()
		check := func(name string, want int, change func(gateway.Tx) error) {
			t.Helper()
			if err := db.Update(t.Context(), change); err != nil {
				t.Fatal(name, err)
			}
			r, err := w.g.Verify(t.Context(), func(string) {})
			if err != nil || len(r.Differences) != want {
				t.Errorf("%s: %v, %v; want %d in all", name, r.Differences, err, want)
			}
		}
		dev := func(tx gateway.Tx, change func(*models.Device)) error {
			d, err := tx.Device(p.id)
			if err != nil {
				return err
			}
			change(d)
			return tx.Put(d)
		}
		check("another name", 1, func(tx gateway.Tx) error { return dev(tx, func(d *models.Device) { d.Name = "x" }) })
		check("not revoked", 2, func(tx gateway.Tx) error { return dev(tx, func(d *models.Device) { d.RevokedMS = 0 }) })
		check("a code out of the air", 3, func(tx gateway.Tx) error {
			return tx.AddEnrolment(&models.Enrolment{ID: uuid.NewString(), Hash: []byte("x"), Officer: officerA, CreatedMS: w.now, ExpiresMS: w.now + 1, KeyHash: []byte{}})
		})
		check("a code from before codes were lines", 3, func(tx gateway.Tx) error {
			return tx.AddEnrolment(&models.Enrolment{ID: uuid.NewString(), Hash: []byte("y"), Officer: officerA, CreatedMS: w.now - 1, ExpiresMS: w.now + 1, KeyHash: []byte{}})
		})
		check("a phone of a family of its own", 4, func(tx gateway.Tx) error {
			list, err := tx.Devices()
			if err != nil {
				return err
			}
			last := list[0]
			for _, d := range list {
				if d.Officer == officerA && d.ID != p.id && d.ID > last.ID {
					last = d
				}
			}
			other, err := tx.Device(w.inst.Device)
			if err != nil {
				return err
			}
			last.Family = other.Family
			return tx.Put(&last)
		})
		check("a used code without its phone", 5, func(tx gateway.Tx) error {
			list, err := tx.Enrolments()
			if err != nil {
				return err
			}
			for i := range list {
				if list[i].ID != "" && list[i].UsedMS == 0 && list[i].CreatedMS == w.now-1 {
					list[i].UsedMS, list[i].Device = w.now, uuid.NewString()
					return tx.UseEnrolment(&list[i])
				}
			}
			return errors.New("no code")
		})
	})
}
