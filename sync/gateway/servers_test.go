package gateway_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// What two servers over one database do at the same moment must not undo one another. Each test
// stops the one just before it writes, lets the other act, and goes on.

type putTx struct {
	gateway.Tx
	before func(v any)
}

func (t putTx) Put(v any) error {
	t.before(v)
	return t.Tx.Put(v)
}

// stopped returns a server that lets fn happen once, before it first writes something that at names.
func (w *world) stopped(at func(v any) bool, fn func(context.Context) error) (g *gateway.Gateway, done func()) {
	sent := make(chan error, 1)
	ctx := context.WithoutCancel(w.t.Context())
	once := false
	g = w.other(func(tx gateway.Tx) gateway.Tx {
		return putTx{tx, func(v any) {
			if once || !at(v) {
				return
			}
			once = true
			go func() { sent <- fn(ctx) }()
			waitOrGo(sent)
		}}
	})
	return g, func() {
		w.t.Helper()
		if !once {
			w.t.Fatal("it was never stopped")
		}
		if err := <-sent; err != nil {
			w.t.Fatal(err)
		}
	}
}

func isCampaign(v any) bool { _, ok := v.(*models.Campaign); return ok }

func TestTwoOfficesChangeOneCampaign(t *testing.T) {
	w := newWorld(t, storetest.Postgres(t))
	w.phone(officerA).write(stand(ev(1)), tap(ev(1), "complaints", 1)).send()
	server2 := w.gateway()
	g, done := w.stopped(isCampaign, func(ctx context.Context) error {
		return server2.Act(ctx, headA, gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "closed"})
	})
	if err := g.Act(t.Context(), w.inst.Officer, w.changed(`{"title":"改名"}`)); err != nil {
		t.Fatal(err)
	}
	done()
	if c := w.campaign(); c.State != models.CampaignIsClosed || c.Title != "改名" {
		t.Errorf("%s %q: one of the two was undone", c.State, c.Title)
	}
	w.verified()
}

func TestStateChangesWhileRulesAreSwitched(t *testing.T) {
	w := newWorld(t, storetest.Postgres(t))
	w.phone(officerA).write(stand(ev(1)), tap(ev(1), "complaints", 1)).send()
	server2 := w.gateway()
	ours := func(v any) bool {
		c, ok := v.(*models.Campaign)
		return ok && c.State == models.CampaignIsClosing
	}
	g, done := w.stopped(ours, func(ctx context.Context) error { return server2.ResumeRebuilds(ctx) })
	// The rules are built, and the switch is what the other server does in between.
	broken := w.other(func(tx gateway.Tx) gateway.Tx {
		return rebuildTx{tx, func(_ string, kind models.Kind, _ gateway.Key) {
			if kind == models.SheetKind {
				panic("broken off")
			}
		}}
	})
	if err := broken.Act(t.Context(), w.inst.Officer, w.changed(`{"last_day":"2022-03-31"}`)); err != nil || w.campaign().Building == 0 {
		t.Fatalf("the rebuild was not broken off: %v", err)
	}
	if err := g.Act(t.Context(), headA, gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "closing"}); err != nil {
		t.Fatal(err)
	}
	done()
	if c := w.campaign(); c.State != models.CampaignIsClosing || c.Rules != 2 || c.Building != 0 {
		t.Errorf("%s, rules %d, building %d", c.State, c.Rules, c.Building)
	}
	w.want(unitA, "complaints", 1, 1)
	w.verified()
}

func TestRevokedWhileFamiliesAreJoined(t *testing.T) {
	w := newWorld(t, storetest.Postgres(t))
	old, renewed := w.phone(officerA), w.phone(officerA)
	old.write(stand(ev(1)), tap(ev(1), "complaints", 1))
	old.push(0)
	f := old.fork(0, renewed)
	isDevice := func(v any) bool { _, ok := v.(*models.Device); return ok }
	g, done := w.stopped(isDevice, func(ctx context.Context) error {
		_, err := f.try(ctx, 0, len(f.lines))
		return err
	})
	if err := g.Act(t.Context(), headA, gateway.Entry{Op: "admin.put", Kind: "device", ID: renewed.id, Set: json.RawMessage(`{"revoked":true}`)}); err != nil {
		t.Fatal(err)
	}
	done()
	w.view(func(tx gateway.Tx) error {
		d, err := tx.Device(renewed.id)
		if err == nil && (d.RevokedMS == 0 || d.Family != w.log(old).Family || d.Family != w.log(f).Family) {
			t.Errorf("device %+v, its log in family %d, the old one in %d", d, w.log(f).Family, w.log(old).Family)
		}
		return err
	})
	w.verified()
}

type addingTx struct {
	gateway.Tx
	before func()
}

func (t addingTx) AddDevice(d *models.Device) error {
	if !d.Office {
		t.before()
	}
	return t.Tx.AddDevice(d)
}

// Phones of one officer that enrol at the same moment are of one family, and who ends the officer's
// service with all phones meanwhile waits for the one that is just coming, be it the first or another.
func TestPhonesEnrolAtOnce(t *testing.T) {
	w := newWorld(t, storetest.Postgres(t))
	codes := map[[32]byte]string{{1}: officerA, {2}: officerA, {3}: officerA}
	if _, _, err := w.g.AddBatch(t.Context(), w.inst.Officer, codes, time.Hour, nil); err != nil {
		t.Fatal(err)
	}
	enrol := func(ctx context.Context, g *gateway.Gateway, code byte) (int64, error) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return 0, err
		}
		pub, err := key.PublicKey.Bytes()
		if err != nil {
			return 0, err
		}
		e, err := g.Enrol(ctx, [32]byte{code}, "phone", "test", pub)
		if err != nil {
			return 0, err
		}
		return e.Device.Family, nil
	}
	// beside enrols a phone, and lets something else happen before it is stored.
	beside := func(code byte, fn func(context.Context) error) int64 {
		t.Helper()
		sent, once := make(chan error, 1), false
		family, err := enrol(t.Context(), w.other(func(tx gateway.Tx) gateway.Tx {
			return addingTx{tx, func() {
				if !once {
					once = true
					go func() { sent <- fn(context.WithoutCancel(t.Context())) }()
					waitOrGo(sent)
				}
			}}
		}), code)
		if err != nil {
			t.Fatal(err)
		}
		if err := <-sent; err != nil {
			t.Fatal(err)
		}
		return family
	}
	var second int64
	first := beside(1, func(ctx context.Context) (err error) {
		second, err = enrol(ctx, w.g, 2)
		return err
	})
	if first == 0 || first != second {
		t.Errorf("phones of one officer are of the families %d and %d", first, second)
	}
	living := func(tx gateway.Tx) []string {
		ids, err := tx.(interface {
			LivingPhones(officer string) ([]string, error)
		}).LivingPhones(officerA)
		if err != nil {
			t.Error(err)
		}
		return ids
	}
	var seen []string
	third := beside(3, func(ctx context.Context) error {
		base := int64(1)
		return w.g.Do(ctx, w.inst.Officer, func(tx gateway.Tx) error {
			_, err := tx.FamilyOf(officerA)
			seen = living(tx)
			return err
		}, gateway.Entry{Op: "admin.put", Kind: "officer", ID: officerA, Base: &base, Set: json.RawMessage(`{"ended":true}`)})
	})
	if third != first || len(seen) != 3 {
		t.Errorf("who ended the service saw %d phones of 3; the third is of family %d, not %d", len(seen), third, first)
	}
	w.verified()
}
