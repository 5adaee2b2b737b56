package office_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/google/uuid"
)

const (
	campaignID = "01900000-0000-7000-8000-0000000ca001"
	otherID    = "01900000-0000-7000-8000-0000000ca002" // of another tree
	county     = "01900000-0000-7000-8000-0000000ab000"
	unitA      = "01900000-0000-7000-8000-0000000ab001"
	unitB      = "01900000-0000-7000-8000-0000000ab002"
	city       = "01900000-0000-7000-8000-0000000ab00f" // the root of another tree
	officerA   = "01900000-0000-7000-8000-0000000f0001"
	officerB   = "01900000-0000-7000-8000-0000000f0002"
	headA      = "01900000-0000-7000-8000-0000000f0003"
	adminAll   = "01900000-0000-7000-8000-0000000f0004"
	reviewerB  = "01900000-0000-7000-8000-0000000f0005"
	adminCity  = "01900000-0000-7000-8000-0000000f0006"
	guestOfA   = "01900000-0000-7000-8000-0000000f0007" // reads A in one campaign only
	left       = "01900000-0000-7000-8000-0000000f0008"
	scopeA     = campaignID + ":" + unitA
	scopeB     = campaignID + ":" + unitB
	tableA     = "ningxia-2022"
)

// world is a county of two units, and a city beside it that is nobody's business there.
type world struct {
	t    *testing.T
	db   *store.DB
	g    *gateway.Gateway
	d    *office.Desk
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
	w.g = gateway.New(db, inst, slog.New(slog.DiscardHandler), newID)
	clock := func() time.Time { return time.UnixMilli(w.now) }
	w.g.Now, w.d = clock, office.New(db, clock)
	w.admin("unit", county, `{"name":"县市场监督管理局","code":"00"}`)
	w.admin("unit", unitA, `{"name":"城关所","code":"01","parent":"`+county+`"}`)
	w.admin("unit", unitB, `{"name":"河东所","code":"02","parent":"`+county+`"}`)
	w.admin("unit", city, `{"name":"外市局","code":"90"}`)
	for _, o := range [][4]string{{officerA, "外勤甲", unitA, "officer"}, {officerB, "外勤乙", unitB, "officer"}, {headA, "所长甲", unitA, "head"},
		{adminAll, "管理员", county, "admin"}, {reviewerB, "审核乙", unitB, "reviewer"}, {adminCity, "外市管理员", city, "admin"},
		{guestOfA, "借阅", city, "officer"}, {left, "离任", unitA, "officer"}} {
		w.admin("officer", o[0], `{"name":"`+o[1]+`","unit":"`+o[2]+`","role":"`+o[3]+`"}`)
	}
	w.campaign(campaignID, county, "2022年“315”活动")
	w.campaign(otherID, city, "外市活动")
	w.act(gateway.Entry{Op: "rights.grant", Scope: scopeA, Officer: guestOfA, Role: "reader"})
	w.change("officer", left, 1, `{"ended":true}`)
	return w
}

func (w *world) campaign(id, unit, title string) {
	w.admin("campaign", id, `{"title":"`+title+`","year":2022,"zone":"Asia/Shanghai","first_day":"2022-03-07","last_day":"2022-03-17","unit":"`+unit+`","templates":"ningxia-2022,heping-2020"}`)
	w.act(gateway.Entry{Op: "campaign.state", Scope: id, State: "open"})
}

func (w *world) act(e ...gateway.Entry) {
	w.t.Helper()
	if err := w.g.Act(w.t.Context(), w.inst.Officer, e...); err != nil {
		w.t.Fatal(err)
	}
}

// as lets an officer of the office do something.
func (w *world) as(officer string, e ...gateway.Entry) {
	w.t.Helper()
	if err := w.g.Act(w.t.Context(), officer, e...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) admin(kind, id, set string) { w.t.Helper(); w.change(kind, id, 0, set) }

func (w *world) change(kind, id string, base int64, set string) {
	w.t.Helper()
	w.act(gateway.Entry{Op: "admin.put", Kind: kind, ID: id, Base: &base, Set: json.RawMessage(set)})
}

func (w *world) reach(officer string) *office.Reach {
	w.t.Helper()
	r, err := w.d.Reach(w.t.Context(), officer)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// both runs a test in a county on each database.
func both(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { fn(t, newWorld(t, db)) })
}

// phone is a device that keeps its own log.
type phone struct {
	w      *world
	id     string
	epoch  string
	key    *ecdsa.PrivateKey
	lines  [][]byte
	hashes []changelog.Hash
	sent   int
	owes   int64 // lines and photos that it says it has beside
}

func (w *world) phone(officer string) *phone {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	p := &phone{w: w, id: uuid.NewString(), epoch: uuid.NewString(), key: key}
	pub, err := key.PublicKey.Bytes()
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.db.Update(w.t.Context(), func(tx gateway.Tx) error {
		return tx.AddDevice(&models.Device{ID: p.id, Officer: officer, Name: "phone of " + officer[32:], PublicKey: pub, EnrolledMS: w.now})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// write appends lines, given by their members behind at.
func (p *phone) write(lines ...string) *phone {
	for _, members := range lines {
		raw := []byte(`{"at":` + strconv.FormatInt(p.w.now, 10) + `,` + members + `}`)
		h := changelog.Genesis(p.id, p.epoch)
		if n := len(p.hashes); n > 0 {
			h = p.hashes[n-1]
		}
		p.lines, p.hashes = append(p.lines, raw), append(p.hashes, changelog.Next(h, raw))
	}
	return p
}

// send pushes what was not pushed yet.
func (p *phone) send() *gateway.Answer {
	p.w.t.Helper()
	for {
		n := min(len(p.lines)-p.sent, 500)
		h := changelog.Header{V: 1, Device: p.id, Epoch: p.epoch, From: int64(p.sent), Count: int64(n), Wall: p.w.now,
			LogNext: int64(len(p.lines)) + p.owes, PhotosPending: p.owes, ServerEpoch: p.w.inst.ServerEpoch}
		h.Prev = changelog.Genesis(p.id, p.epoch)
		if p.sent > 0 {
			h.Prev = p.hashes[p.sent-1]
		}
		h.Tail = p.hashes[p.sent+n-1]
		if err := h.Sign(p.key); err != nil {
			p.w.t.Fatal(err)
		}
		b, err := changelog.ParseBatch(changelog.Encode(&h, p.lines[p.sent:p.sent+n]))
		if err != nil {
			p.w.t.Fatal(err)
		}
		a, err := p.w.g.Push(p.w.t.Context(), p.id, b)
		if err != nil {
			p.w.t.Fatal(err)
		}
		if p.sent += n; p.sent == len(p.lines) {
			return a
		}
	}
}

func ev(n int) string { return fmt.Sprintf("01900000-0000-7000-8000-00000000e%03d", n) }

func put(scope, id string, base int64, set string) string {
	return fmt.Sprintf(`"scope":"%s","op":"event.put","id":"%s","base":%d,"set":{%s}`, scope, id, base, set)
}

func tap(scope, id, indicator string, n int64) string {
	return fmt.Sprintf(`"scope":"%s","op":"tally.add","event":"%s","indicator":"%s","n":%d`, scope, id, indicator, n)
}

func sheet(scope, unit, set string) string {
	return fmt.Sprintf(`"scope":"%s","op":"sheet.put","id":"%s","base":0,"set":{%s}`, scope, unit, set)
}

// records returns the campaign's records of a kind, read without any list.
func (w *world) records(kind models.Kind) (out []gateway.Stored) {
	w.t.Helper()
	err := w.db.View(w.t.Context(), func(tx gateway.Tx) (err error) {
		out, err = tx.Records(campaignID, kind, gateway.Key{}, 100_000)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) record(kind models.Kind, scope, id string) *merge.Record {
	w.t.Helper()
	r := &merge.Record{}
	err := w.db.View(w.t.Context(), func(tx gateway.Tx) error {
		scopes, err := tx.Scopes([]string{scope})
		if err != nil || scopes[scope] == nil {
			return err
		}
		s, err := tx.Find(gateway.Key{Scope: scopes[scope].No, Kind: kind, ID: id})
		if err == nil && s != nil {
			r = s.Record
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// truth is what the records say, read without any list. Nothing may be written while it is used: what many readings are held
// against is read once.
type truth struct {
	*world
	events    []gateway.Stored
	named     map[string]*merge.Record // by name
	explained map[string]*gateway.Explanation
}

func (w *world) truth() *truth {
	w.t.Helper()
	u := &truth{world: w, events: w.records(models.EventKind), named: map[string]*merge.Record{}, explained: map[string]*gateway.Explanation{}}
	for _, s := range u.events {
		u.named[name(s.Record.Scope[37:], s.Record.ID)] = s.Record
	}
	return u
}

// explain is the program's own explanation of a cell.
func (u *truth) explain(q gateway.TableQuery, row string) *gateway.Explanation {
	u.t.Helper()
	key := fmt.Sprint(q, row)
	if u.explained[key] == nil {
		x, err := u.g.Explain(u.t.Context(), q, row)
		if err != nil {
			u.t.Fatal(err)
		}
		u.explained[key] = x
	}
	return u.explained[key]
}

// review is a decision about an event as it stands.
func (w *world) review(op, scope, id, reason string) gateway.Entry {
	r := w.record(models.EventKind, scope, id)
	return gateway.Entry{Op: op, Scope: scope, Kind: "event", ID: id, Reason: reason, Version: &r.Version, Seq: &r.Seq}
}

// collect reads all pages of a list and checks each of them.
func collect[T any](t *testing.T, limit int, read func(office.Paging) (office.Page[T], error)) (all []T) {
	t.Helper()
	p := office.Paging{Limit: limit}
	for range 100_000 {
		page, err := read(p)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Items) > limit || len(page.Items) == 0 && page.Next != "" {
			t.Fatalf("%d items on a page of %d", len(page.Items), limit)
		}
		if page.Items == nil {
			t.Fatal("a list is null")
		}
		all = append(all, page.Items...)
		if page.Next == "" {
			return all
		}
		p.Cursor = page.Next
	}
	t.Fatal("a list does not end")
	return all
}

func wantCode(t *testing.T, err error, code problem.Code) {
	t.Helper()
	if problem.CodeOf(err) != code {
		t.Errorf("%v, want %q", err, code)
	}
}
