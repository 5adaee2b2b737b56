package gateway_test

import (
	"cmp"
	"crypto/ecdsa"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
	"github.com/google/uuid"
)

const (
	campaignID = "01900000-0000-7000-8000-0000000ca001"
	unitA      = "01900000-0000-7000-8000-0000000ab001"
	unitB      = "01900000-0000-7000-8000-0000000ab002"
	county     = "01900000-0000-7000-8000-0000000ab000"
	officerA   = "01900000-0000-7000-8000-0000000f0001"
	officerB   = "01900000-0000-7000-8000-0000000f0002"
	headA      = "01900000-0000-7000-8000-0000000f0003"
	scopeA     = campaignID + ":" + unitA
	scopeB     = campaignID + ":" + unitB
	template   = "ningxia-2022"
)

// world is a small county on one database: two units, a campaign on Table A, a server clock.
type world struct {
	t    *testing.T
	db   *store.DB
	g    *gateway.Gateway
	inst gateway.Installation
	now  int64 // ms
}

func newWorld(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{t: t, db: db, now: 1647316805500}
	newID := func() string { return uuid.Must(uuid.NewV7()).String() }
	inst, _, err := db.Install(t.Context(), newID, w.now)
	if err != nil {
		t.Fatal(err)
	}
	w.inst = inst
	w.g = w.gateway()
	w.admin("unit", county, `{"name":"县市场监督管理局","code":"00"}`)
	w.admin("unit", unitA, `{"name":"城关所","code":"01","parent":"`+county+`"}`)
	w.admin("unit", unitB, `{"name":"河东所","code":"02","parent":"`+county+`"}`)
	w.admin("officer", officerA, `{"name":"外勤甲","unit":"`+unitA+`","role":"officer"}`)
	w.admin("officer", officerB, `{"name":"外勤乙","unit":"`+unitB+`","role":"officer"}`)
	w.admin("officer", headA, `{"name":"所长甲","unit":"`+unitA+`","role":"head"}`)
	w.admin("campaign", campaignID, `{"title":"2022年“315”活动","year":2022,"zone":"Asia/Shanghai","first_day":"2022-03-07","last_day":"2022-03-17","unit":"`+county+`","templates":"ningxia-2022"}`)
	w.act(gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "open"})
	return w
}

func (w *world) gateway() *gateway.Gateway { return w.gatewayOn(w.db) }

func (w *world) gatewayOn(s gateway.Store) *gateway.Gateway {
	g := gateway.New(s, w.inst, slog.New(slog.DiscardHandler), func() string { return uuid.Must(uuid.NewV7()).String() })
	g.Now = func() time.Time { return time.UnixMilli(w.now) }
	return g
}

// waitOrGo waits until something was sent, or for so long that the sender must be waiting itself:
// for a lock that the caller holds.
func waitOrGo(sent chan error) {
	for range 30 {
		if len(sent) > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (w *world) act(e ...gateway.Entry) {
	w.t.Helper()
	if err := w.g.Act(w.t.Context(), w.inst.Officer, e...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) admin(kind, id, set string, base ...int64) {
	w.t.Helper()
	e := gateway.Entry{Op: "admin.put", Kind: kind, ID: id, Set: json.RawMessage(set)}
	if len(base) > 0 {
		e.Base = &base[0]
	}
	w.act(e)
}

// refused asserts that the office may not do something, and why.
func (w *world) refused(code problem.Code, e ...gateway.Entry) *problem.Error {
	w.t.Helper()
	err := w.g.Act(w.t.Context(), w.inst.Officer, e...)
	if problem.CodeOf(err) != code {
		w.t.Fatalf("%s: %v, want %q", e[0].Op, err, code)
	}
	return err.(*problem.Error)
}

// view reads the database.
func (w *world) view(fn func(gateway.Tx) error) {
	w.t.Helper()
	if err := w.db.View(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// enrol makes a device with a key.
func (w *world) enrol(id, officer string, key *ecdsa.PublicKey) {
	w.t.Helper()
	pub, err := key.Bytes()
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.db.Update(w.t.Context(), func(tx gateway.Tx) error {
		return tx.AddDevice(&models.Device{ID: id, Officer: officer, Name: "phone", PublicKey: pub, EnrolledMS: w.now})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// totals returns all totals of the campaign under its present rules.
func (w *world) totals() (list []stats.Total) {
	w.t.Helper()
	w.view(func(tx gateway.Tx) error {
		c, err := tx.Campaign(campaignID)
		if err != nil {
			return err
		}
		for _, tpl := range []string{"", "heping-2020", template} {
			some, err := tx.Totals(campaignID, c.Rules, tpl)
			if err != nil {
				return err
			}
			list = append(list, some...)
		}
		return nil
	})
	return list
}

// row returns a row's total of one unit.
func (w *world) row(unit, code string) stats.Total {
	w.t.Helper()
	for _, t := range w.totals() {
		if t.Row == code && t.Unit == unit {
			return t
		}
	}
	return stats.Total{}
}

// want asserts a row's reported total.
func (w *world) want(unit, code string, value, n int64) {
	w.t.Helper()
	if t := w.row(unit, code); t.Reported != value || t.ReportedN != n {
		w.t.Errorf("%s: %d of %d entries, want %d of %d", code, t.Reported, t.ReportedN, value, n)
	}
}

// wantAccepted asserts a row's accepted total.
func (w *world) wantAccepted(unit, code string, value, n int64) {
	w.t.Helper()
	if t := w.row(unit, code); t.Accepted != value || t.AcceptedN != n {
		w.t.Errorf("%s: accepted %d of %d entries, want %d of %d", code, t.Accepted, t.AcceptedN, value, n)
	}
}

// recount asserts that the stored totals are those that all records give when they are counted anew.
func (w *world) recount() {
	w.t.Helper()
	sums := stats.NewSums()
	w.view(func(tx gateway.Tx) error {
		c, err := tx.Campaign(campaignID)
		if err != nil {
			return err
		}
		row, err := tx.Rules(campaignID, c.Rules)
		if err != nil {
			return err
		}
		rules, err := gateway.CompileRules(row)
		if err != nil {
			return err
		}
		for _, r := range w.all(tx, models.EventKind, models.SheetKind) {
			sums.Add(gateway.ContributionsOf(rules, r), r.Accepted())
		}
		return nil
	})
	var got []stats.Total
	for _, t := range w.totals() {
		if t.Reported != 0 || t.ReportedN != 0 || t.Accepted != 0 || t.AcceptedN != 0 {
			got = append(got, t)
		}
	}
	slices.SortFunc(got, func(a, b stats.Total) int {
		return cmp.Or(cmp.Compare(a.Template, b.Template), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Unit, b.Unit))
	})
	if want := sums.Totals(); !slices.Equal(got, want) {
		w.t.Errorf("the stored totals are not those of the records:\n%v\n%v", got, want)
	}
}

// verified asserts that verify finds nothing amiss.
func (w *world) verified() {
	w.t.Helper()
	r, err := w.g.Verify(w.t.Context(), func(string) {})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, d := range r.Differences {
		w.t.Error("verify: ", d)
	}
}

// all returns the campaign's records of some kinds.
func (w *world) all(tx gateway.Tx, kinds ...models.Kind) (out []*merge.Record) {
	w.t.Helper()
	for _, kind := range kinds {
		list, err := tx.Records(campaignID, kind, gateway.Key{}, 100_000)
		if err != nil {
			w.t.Fatal(err)
		}
		for i := range list {
			out = append(out, list[i].Record)
		}
	}
	return out
}

// record returns one record, an empty one when there is none.
func (w *world) record(kind models.Kind, id string) *merge.Record {
	w.t.Helper()
	found := &merge.Record{}
	w.view(func(tx gateway.Tx) error {
		for _, r := range w.all(tx, kind) {
			if r.ID == id {
				found = r
			}
		}
		return nil
	})
	return found
}

func (w *world) event(id string) *merge.Record {
	w.t.Helper()
	return w.record(models.EventKind, id)
}

// review is a decision about an event as it stands now.
func (w *world) review(op, id, reason string) gateway.Entry {
	w.t.Helper()
	r := w.event(id)
	return gateway.Entry{Op: op, Scope: r.Scope, Kind: string(models.EventKind), ID: id, Reason: reason, Version: &r.Version, Seq: &r.Seq}
}

// waiting returns the held lines that match.
func (w *world) waiting(q gateway.HeldQuery) (list []models.HeldLine) {
	w.t.Helper()
	w.view(func(tx gateway.Tx) (err error) {
		list, err = tx.Held(q)
		return err
	})
	return list
}

// held asserts how many lines wait for each cause.
func (w *world) held(want map[models.Cause]int) {
	w.t.Helper()
	got := map[models.Cause]int{}
	for _, h := range w.waiting(gateway.HeldQuery{}) {
		got[h.Cause]++
	}
	if !maps.Equal(got, want) {
		w.t.Errorf("held %v, want %v", got, want)
	}
}

// settle releases or rejects the first held line of a cause.
func (w *world) settle(op string, cause models.Cause) gateway.Entry {
	w.t.Helper()
	list := w.waiting(gateway.HeldQuery{Cause: cause})
	if len(list) == 0 {
		w.t.Fatalf("no line is held for %s", cause)
	}
	e := release(&list[0])
	e.Op = op
	return e
}

func release(h *models.HeldLine) gateway.Entry {
	return gateway.Entry{Op: "held.release", Scope: h.Scope, Log: strconv.FormatInt(h.Log, 10), AtSeq: &h.Seq, Reason: "核实"}
}

// officeLines returns the lines of the office's logs, oldest first.
func (w *world) officeLines() (out []models.Line) {
	w.t.Helper()
	w.view(func(tx gateway.Tx) error {
		logs, err := tx.Heads(w.inst.Device)
		if err != nil {
			return err
		}
		for i := range logs {
			lines, err := tx.Lines(logs[i].No, 0, logs[i].Next)
			if err != nil {
				return err
			}
			out = append(out, lines...)
		}
		return nil
	})
	return out
}
