package gateway_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

func (w *world) state(to models.CampaignState) {
	w.t.Helper()
	w.act(gateway.Entry{Op: "campaign.state", Scope: campaignID, State: string(to)})
}

// change puts the campaign's fields as an office user would, on its present version.
func (w *world) change(set string) {
	w.t.Helper()
	w.act(w.changed(set))
}

func (w *world) changed(set string) gateway.Entry {
	w.t.Helper()
	e := gateway.Entry{Op: "admin.put", Kind: "campaign", ID: campaignID, Set: json.RawMessage(set)}
	w.view(func(tx gateway.Tx) error {
		c, err := tx.Campaign(campaignID)
		if err == nil {
			e.Base = &c.Version
		}
		return err
	})
	return e
}

func (w *world) campaign() (c *models.Campaign) {
	w.t.Helper()
	w.view(func(tx gateway.Tx) (err error) {
		c, err = tx.Campaign(campaignID)
		return err
	})
	return c
}

// A campaign from draft to its second amendment: what is applied, what waits, what is late.
func TestCampaignStates(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		other := "01900000-0000-7000-8000-0000000ca002"
		w.admin("campaign", other, `{"title":"2023","zone":"Asia/Shanghai","first_day":"2023-03-01","last_day":"2023-03-17","unit":"`+county+`","templates":"ningxia-2022"}`)
		p := w.phone(officerA)
		p.write(in(other+":"+unitA, `"op":"event.put","id":"`+ev(1)+`","base":0,"set":{"title":"early"}`))
		a := p.send("0 held campaign_draft")
		if len(a.Scopes) != 1 || a.Scopes[0] != scopeA {
			t.Errorf("scopes %q: a draft is not shown", a.Scopes)
		}
		w.act(gateway.Entry{Op: "campaign.state", Scope: other, State: "open"})
		p.push(0)

		p.write(stand(ev(1)), tap(ev(1), "complaints", 1))
		p.send()
		w.state(models.CampaignIsClosing)
		p.write(tap(ev(1), "complaints", 2))
		p.send()
		if r := w.event(ev(1)); !r.Late {
			t.Error("what came while the campaign was closing is not marked late")
		}
		w.state(models.CampaignIsClosed)
		p.write(tap(ev(1), "complaints", 4), tap(ev(1), "complaints", 8))
		p.send("4 held campaign_closed", "5 held campaign_closed")
		w.act(w.settle("held.release", models.CampaignClosed))
		w.want(unitA, "complaints", 7, 3)
		frozen := gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "frozen"}
		if p := w.refused(problem.Conflict, frozen); p.Fields["unreviewed"] != int64(1) {
			t.Errorf("unreviewed: %v", p.Fields)
		}
		frozen.Anyway = true
		w.act(frozen)
		w.refused(problem.Conflict, w.settle("held.release", models.CampaignClosed))
		w.refused(problem.Conflict, w.review("review.accept", ev(1), ""))
		w.refused(problem.Conflict, gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "open"})
		w.refused(problem.Conflict, w.changed(`{"last_day":"2022-03-18"}`))
		n := int64(5)
		w.refused(problem.Conflict, gateway.Entry{Op: "tally.add", Scope: scopeA, Event: ev(1), Tally: "complaints", N: &n})
		w.refused(problem.Invalid, gateway.Entry{Op: "campaign.amend", Scope: campaignID})
		w.act(gateway.Entry{Op: "campaign.amend", Scope: campaignID, Reason: "补报"})
		p.push(0, "5 held campaign_closed")
		w.act(w.settle("held.release", models.CampaignClosed))
		w.act(gateway.Entry{Op: "tally.add", Scope: scopeA, Event: ev(1), Tally: "complaints", N: &n})
		w.want(unitA, "complaints", 20, 5)
		w.refused(problem.Conflict, gateway.Entry{Op: "campaign.amend", Scope: campaignID, Reason: "again"})
		w.refused(problem.Conflict, gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "draft"})
		w.refused(problem.Invalid, gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "over"})
		w.refused(problem.NotFound, gateway.Entry{Op: "campaign.state", Scope: "01900000-0000-7000-8000-0000000ca999", State: "open"})
		w.act(frozen)
		if c := w.campaign(); c.Amendment != 1 || c.State != models.CampaignIsFrozen {
			t.Errorf("amendment %d, %s", c.Amendment, c.State)
		}
		w.recount()
	})
}

// Closed and opened again: what waited is applied, in order.
func TestReopenedCampaign(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		w.state(models.CampaignIsClosed)
		p.write(stand(ev(1)), put(ev(1), 0, `"title":"a"`), put(ev(1), 0, `"title":"b"`), tap(ev(1), "complaints", 1))
		p.send("0 held campaign_closed", "1 held campaign_closed", "2 held campaign_closed", "3 held campaign_closed")
		w.state(models.CampaignIsOpen)
		p.push(0)
		if got := w.siblings(ev(1), "title"); len(got) != 1 || got[0] != "b" {
			t.Errorf("titles %q", got)
		}
		w.want(unitA, "complaints", 1, 1)
		w.recount()
	})
}

// meanwhile is a store whose transactions can be looked into: to let something happen in between.
type meanwhile struct {
	gateway.Store
	during func(gateway.Tx) gateway.Tx
}

func (m meanwhile) Update(ctx context.Context, fn func(gateway.Tx) error) error {
	return m.Store.Update(ctx, func(tx gateway.Tx) error { return fn(m.during(tx)) })
}

// other returns a gateway over the same database whose transactions can be looked into.
func (w *world) other(during func(gateway.Tx) gateway.Tx) *gateway.Gateway {
	return w.gatewayOn(meanwhile{w.db, during})
}

type snapshotTx struct {
	gateway.Tx
	then func()
}

func (t snapshotTx) AddSnapshot(s *models.Snapshot) error {
	t.then()
	return t.Tx.AddSnapshot(s)
}

// The table that is frozen holds all that the campaign's totals hold: nothing slips in between the
// reading of the one and the freezing of the other.
func TestNothingSlipsIntoAFrozenTable(t *testing.T) {
	w := newWorld(t, storetest.Postgres(t)) // SQLite has one writer
	p := w.phone(officerA)
	p.write(stand(ev(1)), tap(ev(1), "complaints", 1))
	p.send()
	w.act(w.review("review.accept", ev(1), ""))
	w.act(gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "closed"})
	p.write(put(ev(2), 0, `"kind":"visit","venue":"village"`))
	sent := make(chan error, 1)
	g := w.other(func(tx gateway.Tx) gateway.Tx {
		return snapshotTx{tx, func() {
			go func() {
				_, err := p.try(context.WithoutCancel(t.Context()), 2, 1)
				sent <- err
			}()
			waitOrGo(sent)
		}}
	})
	if err := g.Act(t.Context(), w.inst.Officer, gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "frozen"}); err != nil {
		t.Fatal(err)
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	w.want(unitA, "visits_village", 0, 0)
	p.push(0, "2 held campaign_closed")
}

// The hash of the frozen tables stands in the line that froze them, and the tables are kept.
func TestFrozenTable(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 17))
		p.send()
		w.act(w.review("review.accept", ev(1), ""))
		w.state(models.CampaignIsClosed)
		w.state(models.CampaignIsFrozen)
		var s models.Snapshot
		for _, l := range w.officeLines() {
			var e gateway.Entry
			if err := json.Unmarshal(l.Raw, &e); err != nil {
				t.Fatal(err)
			}
			if e.State == "frozen" {
				s.SHA256 = e.TableSHA
			}
		}
		table, err := w.g.Table(t.Context(), gateway.TableQuery{Campaign: campaignID})
		if err != nil {
			t.Fatal(err)
		}
		var csv strings.Builder
		if err := table.CSV(&csv); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(csv.String()))
		if s.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("the frozen hash is %q, that of the table %x", s.SHA256, sum)
		}
		if !strings.Contains(csv.String(), "17") {
			t.Error("the table does not hold the count")
		}
	})
}

// Another template or window counts everything anew and switches.
func TestRebuild(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		for i := range 5 {
			p.write(stand(ev(i)), tap(ev(i), "complaints", 1))
		}
		p.write(tap(ev(0), "consumers_joining", 7), in(scopeA, `"op":"sheet.put","id":"`+unitA+`","base":0,"set":{"highlights":"x"}`))
		p.send("10 held unknown_indicator")
		w.act(w.review("review.accept", ev(3), ""))
		w.change(`{"templates":"ningxia-2022,heping-2020"}`)
		w.want(unitA, "complaints", 5, 5)
		w.wantAccepted(unitA, "complaints", 1, 1)
		w.recount()
		w.held(map[models.Cause]int{}) // the new table counts the indicator
		w.want(unitA, "consumers_joining", 7, 1)
		w.change(`{"first_day":"2022-03-16"}`)
		w.want(unitA, "complaints", 0, 0)
		w.want(unitA, gateway.OutsideRow, 5, 5)
		w.recount()
		if c := w.campaign(); c.Rules != 3 || c.Building != 0 {
			t.Errorf("rules %d, building %d", c.Rules, c.Building)
		}
		w.refused(problem.NotFound, w.changed(`{"templates":"nonsense"}`))
		w.refused(problem.Invalid, w.changed(`{"zone":"Mars/Olympus"}`))
		w.refused(problem.Invalid, w.changed(`{"rules_version":9}`))
		old := w.changed(`{"title":"x"}`)
		w.change(`{"title":"y"}`)
		w.refused(problem.Moved, old)
	})
}

type rebuildTx struct {
	gateway.Tx
	then func(campaign string, kind models.Kind, after gateway.Key)
}

func (t rebuildTx) Records(campaign string, kind models.Kind, after gateway.Key, n int) ([]gateway.Stored, error) {
	t.then(campaign, kind, after)
	return t.Tx.Records(campaign, kind, after, min(n, 3))
}

// Pushes go on while totals are counted anew, and each is counted once under the new rules.
func TestPushesDuringRebuild(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p := w.phone(officerA)
		for i := range 9 {
			p.write(stand(ev(i)), tap(ev(i), "complaints", 1))
		}
		p.send()
		steps := 0
		broken := problem.New(problem.Unavailable, "broken off")
		during := func(tx gateway.Tx) gateway.Tx { return tx }
		g := w.other(func(tx gateway.Tx) gateway.Tx { return during(tx) })
		w.g = g
		// The rebuild is broken off after its first step; pushes go on; another server resumes.
		during = func(tx gateway.Tx) gateway.Tx {
			return rebuildTx{tx, func(_ string, kind models.Kind, _ gateway.Key) {
				if steps++; steps == 3 {
					panic(broken)
				}
			}}
		}
		if err := g.Act(t.Context(), w.inst.Officer, w.changed(`{"last_day":"2022-03-31"}`)); err != nil {
			t.Fatalf("the decision was committed, and its answer is %v", err)
		}
		if w.campaign().Building == 0 {
			t.Fatal("the rebuild was not broken off")
		}
		during = func(tx gateway.Tx) gateway.Tx { return tx }
		q := w.phone(officerA)
		for i := range 12 { // some are counted under the new rules already, some not, some are new
			if i >= 9 {
				q.write(stand(ev(i)))
			}
			q.write(tap(ev(i), "complaints", 10))
		}
		q.write(put(ev(2), 0, `"deleted":true`))
		q.send()
		w.want(unitA, "complaints", 9+120-11, 9+12-2)
		w.recount()
		w.refused(problem.Conflict, w.changed(`{"last_day":"2022-04-30"}`))
		w.refused(problem.Conflict, gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "frozen"})
		if err := w.gateway().ResumeRebuilds(t.Context()); err != nil {
			t.Fatal(err)
		}
		if c := w.campaign(); c.Building != 0 || c.Rules != 2 {
			t.Errorf("rules %d, building %d", c.Rules, c.Building)
		}
		w.want(unitA, "complaints", 9+120-11, 9+12-2)
		w.recount()
	})
}

type scopesTx struct {
	rebuildTx
	then func()
}

func (t scopesTx) SetScopes(c *models.Campaign) error {
	err := t.Tx.SetScopes(c)
	t.then()
	return err
}

// A scope that comes into being while the campaign changes knows the change.
func TestNewScopeDuringChange(t *testing.T) {
	w := newWorld(t, storetest.Postgres(t)) // SQLite has one writer
	p := w.phone(officerA)
	p.write(stand(ev(1)), tap(ev(1), "complaints", 1), tap(ev(1), "complaints", 1))
	sent := make(chan error, 2)
	send := func(from, n int) {
		_, err := p.try(context.WithoutCancel(t.Context()), from, n)
		sent <- err
	}
	changed, listed := false, false
	g := w.other(func(tx gateway.Tx) gateway.Tx {
		return scopesTx{rebuildTx{tx, func(_ string, kind models.Kind, _ gateway.Key) {
			if kind == models.SheetKind && !listed { // the events have been counted
				listed = true
				send(2, 1)
			}
		}}, func() {
			if !changed {
				changed = true
				go send(0, 2)
				waitOrGo(sent)
			}
		}}
	})
	if err := g.Act(t.Context(), w.inst.Officer, w.changed(`{"last_day":"2022-03-31"}`)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := <-sent; err != nil {
			t.Fatal(err)
		}
	}
	w.want(unitA, "complaints", 2, 2)
	w.recount()
}

// What cannot be set up is refused, with the reason.
func TestAdminIsChecked(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		one := int64(1)
		admin := func(kind, id, set string, base *int64) gateway.Entry {
			return gateway.Entry{Op: "admin.put", Kind: kind, ID: id, Base: base, Set: json.RawMessage(set)}
		}
		fresh := "01900000-0000-7000-8000-0000000ab777"
		w.refused(problem.Invalid, admin("unit", county, `{"parent":"`+unitA+`"}`, &one)) // a ring
		w.refused(problem.Invalid, admin("unit", unitA, `{"parent":"`+unitA+`"}`, &one))
		w.refused(problem.NotFound, admin("unit", unitA, `{"parent":"`+fresh+`"}`, &one))
		w.refused(problem.Conflict, admin("unit", fresh, `{"name":"x","code":"01"}`, nil))
		w.refused(problem.Invalid, admin("unit", fresh, `{"name":" ","code":"09"}`, nil))
		w.refused(problem.Moved, admin("unit", unitA, `{"name":"x"}`, nil))
		w.refused(problem.Invalid, admin("unit", unitA, `{"colour":"red"}`, &one))
		w.refused(problem.Invalid, admin("unit", unitA, `{"name":7}`, &one))
		w.refused(problem.Invalid, admin("officer", fresh, `{"name":"x","unit":"`+unitA+`","role":"king"}`, nil))
		w.refused(problem.NotFound, admin("officer", fresh, `{"name":"x","unit":"`+fresh+`","role":"officer"}`, nil))
		w.refused(problem.Invalid, admin("planet", fresh, `{}`, nil))
		w.refused(problem.NotFound, admin("device", fresh, `{"revoked":true}`, nil))
		w.refused(problem.NotFound, gateway.Entry{Op: "rights.grant", Scope: scopeA, Officer: fresh, Role: "officer"})
		w.refused(problem.Invalid, gateway.Entry{Op: "rights.grant", Scope: scopeA, Officer: officerA, Role: "king"})
		w.refused(problem.Invalid, gateway.Entry{Op: "rights.grant", Scope: campaignID, Officer: officerA, Role: "officer"})
		w.refused(problem.NotFound, gateway.Entry{Op: "rights.grant", Scope: campaignID + ":" + fresh, Officer: officerA, Role: "officer"})

		// A template that counts an indicator nobody writes, or that is none, is refused with its place.
		src, ok := stats.BuiltinSource(template)
		if !ok {
			t.Fatal("no template")
		}
		bad := strings.Replace(string(src), "kind: consultation", "mood: good", 1)
		yaml, _ := json.Marshal(map[string]string{"yaml": bad})
		w.refused(problem.Invalid, admin("template", fresh, string(yaml), nil))
		if w.campaign().Rules != 1 {
			t.Error("something refused left a trace")
		}
		w.refused(problem.Invalid, gateway.Entry{Op: "world.end", Scope: scopeA})
	})
}
