package gateway_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
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

func (w *world) gateway() *gateway.Gateway {
	g := gateway.New(w.db, w.inst, slog.New(slog.DiscardHandler), func() string { return uuid.Must(uuid.NewV7()).String() })
	g.Now = func() time.Time { return time.UnixMilli(w.now) }
	return g
}

func (w *world) act(e ...gateway.Entry) {
	w.t.Helper()
	if err := w.g.Act(w.t.Context(), w.inst.Officer, e...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) admin(kind, id, set string) {
	w.t.Helper()
	w.act(gateway.Entry{Op: "admin.put", Kind: kind, ID: id, Set: json.RawMessage(set)})
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

// phone is a device that keeps its own log.
type phone struct {
	w      *world
	id     string
	epoch  string
	key    *ecdsa.PrivateKey
	lines  [][]byte
	hashes []changelog.Hash
	skew   int64 // ms its clock is ahead of the server's
	after  *changelog.After
}

func (w *world) phone(officer string) *phone {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	p := &phone{w: w, id: uuid.NewString(), epoch: uuid.NewString(), key: key}
	w.enrol(p.id, officer, &key.PublicKey)
	return p
}

// write appends a line. The members are put behind at, which is the phone's own clock.
func (p *phone) write(members string) {
	at, _ := json.Marshal(p.w.now + p.skew)
	p.raw(`{"at":` + string(at) + `,` + members + `}`)
}

func (p *phone) raw(line string) {
	h := changelog.Genesis(p.id, p.epoch)
	if n := len(p.hashes); n > 0 {
		h = p.hashes[n-1]
	}
	p.lines = append(p.lines, []byte(line))
	p.hashes = append(p.hashes, changelog.Next(h, []byte(line)))
}

func (p *phone) batch(from, n int) *changelog.Batch {
	p.w.t.Helper()
	h := changelog.Header{V: 1, Device: p.id, Epoch: p.epoch, From: int64(from), Count: int64(n),
		Wall: p.w.now + p.skew, LogNext: int64(len(p.lines)), After: p.after}
	h.Prev = changelog.Genesis(p.id, p.epoch)
	if from > 0 {
		h.Prev = p.hashes[from-1]
	}
	h.Tail = h.Prev
	if n > 0 {
		h.Tail = p.hashes[from+n-1]
	}
	if err := h.Sign(p.key); err != nil {
		p.w.t.Fatal(err)
	}
	b, err := changelog.ParseBatch(changelog.Encode(&h, p.lines[from:from+n]))
	if err != nil {
		p.w.t.Fatal(err)
	}
	return b
}

// push sends all lines from one on and fails the test when the server refuses.
func (p *phone) push(from int) *gateway.Answer {
	p.w.t.Helper()
	a, err := p.w.g.Push(p.w.t.Context(), p.id, p.batch(from, len(p.lines)-from))
	if err != nil {
		p.w.t.Fatal(err)
	}
	return a
}

// row returns a row's reported total of one unit.
func (w *world) row(unit, code string) stats.Total {
	w.t.Helper()
	var out stats.Total
	err := w.db.View(w.t.Context(), func(tx gateway.Tx) error {
		c, err := tx.Campaign(campaignID)
		if err != nil {
			return err
		}
		list, err := tx.Totals(campaignID, c.Rules, "ningxia-2022")
		for _, t := range list {
			if t.Row == code && t.Unit == unit {
				out = t
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// want asserts a row's reported total.
func (w *world) want(unit, code string, value, n int64) {
	w.t.Helper()
	if t := w.row(unit, code); t.Reported != value || t.ReportedN != n {
		w.t.Errorf("%s: %d of %d entries, want %d of %d", code, t.Reported, t.ReportedN, value, n)
	}
}

// held returns how many lines wait for each cause.
func (w *world) held() map[models.Cause]int {
	w.t.Helper()
	out := map[models.Cause]int{}
	err := w.db.View(w.t.Context(), func(tx gateway.Tx) error {
		list, err := tx.Held(gateway.HeldQuery{})
		for _, h := range list {
			out[h.Cause]++
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}
