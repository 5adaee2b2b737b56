package console_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/openapi/openapitest"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/server/internal/console"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/gofiber/fiber/v2"
)

// The county of these tests: a bureau with the units A, A1 below it, Z and B. Nothing of B may reach
// anybody in A: every name, text and id of B bears a mark.
const (
	unitR  = "01900000-0000-7000-8000-0000000a0000"
	unitA  = "01900000-0000-7000-8000-0000000a0001"
	unitA1 = "01900000-0000-7000-8000-0000000a0011"
	unitZ  = "01900000-0000-7000-8000-0000000a0009"
	unitB  = "01900000-0000-7000-8000-b0b0b0b00001"

	campR  = "01900000-0000-7000-8000-0000000ca000" // of the bureau, all units take part
	campA  = "01900000-0000-7000-8000-0000000ca001" // of A
	campA1 = "01900000-0000-7000-8000-0000000ca011" // of A1
	campG  = "01900000-0000-7000-8000-0000000ca007" // of A, in which some of Z have rights in A
	campB  = "01900000-0000-7000-8000-b0b0b0b0ca01" // of B
)

// marks stand in everything of B and in nothing else.
var marks = []string{"b0b0b0b0", "乙密", "MARKB"}

// start is the server's time at the beginning: 2022-03-15 12:00:05.5 in Shanghai.
const start = int64(1647316805500)

// world is the real app on a real database, with a clock of its own.
type world struct {
	testing.TB
	db       *store.DB
	g        *gateway.Gateway
	inst     gateway.Installation
	secrets  store.Secrets
	sessions *auth.Sessions
	app      *fiber.App
	clock    atomic.Int64 // ms
	ids      atomic.Int64
	foreign  atomic.Int64
	tokens   map[string]string // of who signed in, by officer id
	shelf    *shelf
	meddle   func() // what somebody else does between the handler and its transaction, once
}

// described holds every answer of this suite against the document.
var described = openapitest.New(console.About(), console.Routes())

const password = "correct horse battery"

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	w := &world{TB: t, db: db, tokens: map[string]string{}, shelf: &shelf{kept: map[string][]byte{}}}
	w.clock.Store(start)
	var err error
	if w.inst, w.secrets, err = db.Install(context.Background(), w.newID, start); err != nil {
		t.Fatal(err)
	}
	w.g = gateway.New(db, w.inst, slog.New(slog.DiscardHandler), w.newID)
	w.g.Now = w.now
	w.sessions = auth.NewSessions(db, w.secrets.Token, w.now, w.newID)
	w.app = httpapi.New(httpapi.Options{Log: slog.New(slog.DiscardHandler), NewID: func() string { return "request" }})
	console.New(console.Options{Desk: office.New(db, w.now), Gateway: meddled{w.g, w}, Store: db, Sessions: w.sessions, Pictures: w.shelf,
		Server: w.inst.Officer, Version: "1", Now: w.now, NewID: w.newID}).Routes(w.app)
	return w
}

func (w *world) now() time.Time { return time.UnixMilli(w.clock.Load()) }

// newID counts, so that two worlds that do the same are the same.
func (w *world) newID() string {
	return fmt.Sprintf("01900000-0000-7000-9000-%012x", w.ids.Add(1))
}

// idIn makes an id for something in a unit.
func (w *world) idIn(unit string) string {
	if unit == unitB {
		return fmt.Sprintf("01900000-0000-7000-8000-b0b0b0b0%04x", 0x1000+w.foreign.Add(1))
	}
	return w.newID()
}

// word makes a text for something in a unit.
func word(unit, text string) string {
	if unit == unitB {
		return "MARKB 乙密 " + text
	}
	return text
}

func (w *world) act(e ...gateway.Entry) {
	w.Helper()
	if err := w.g.Act(context.Background(), w.inst.Officer, e...); err != nil {
		w.Fatal(err)
	}
}

func (w *world) admin(kind, id string, set map[string]any) {
	w.Helper()
	w.act(w.adminEntry(kind, id, 0, set))
}

func (w *world) adminEntry(kind, id string, base int64, set map[string]any) gateway.Entry {
	w.Helper()
	raw, err := json.Marshal(set)
	if err != nil {
		w.Fatal(err)
	}
	return gateway.Entry{Op: "admin.put", Kind: kind, ID: id, Base: &base, Set: raw}
}

func (w *world) unit(id, code, name, parent string) {
	w.Helper()
	set := map[string]any{"code": code, "name": word(id, name)}
	if parent != "" {
		set["parent"] = parent
	}
	w.admin("unit", id, set)
}

// officer makes a person, and returns the id.
func (w *world) officer(unit string, role models.Role, name string) string {
	w.Helper()
	id := w.idIn(unit)
	w.admin("officer", id, map[string]any{"name": word(unit, name), "unit": unit, "role": role})
	return id
}

// user makes a person who is signed in.
func (w *world) user(unit string, role models.Role, name string) string {
	w.Helper()
	id := w.officer(unit, role, name)
	w.signIn(id, "login-"+fmt.Sprint(w.ids.Load()))
	return id
}

// passwordHash is made once: hashing is slow, as it should be, and most people of these tests only need to have signed in.
var passwordHash = sync.OnceValues(func() (string, error) { return auth.HashPassword(context.Background(), password) })

// signIn gives a person a sign-in with the password, and opens the session that it would open.
func (w *world) signIn(officer, login string) {
	w.Helper()
	hash, err := passwordHash()
	if err != nil {
		w.Fatal(err)
	}
	ctx, now := context.Background(), w.clock.Load()
	if err := w.db.PutCredential(ctx, &models.Credential{Officer: officer, Login: login, Hash: hash, ChangedMS: now}); err != nil {
		w.Fatal(err)
	}
	s := &models.Session{ID: w.newID(), Officer: officer, Generation: 1, RotatedMS: now, CreatedMS: now, LastMS: now,
		ExpiresMS: now + auth.SessionLife.Milliseconds(), Agent: "test"}
	if done, err := w.db.AddSession(ctx, s, hash); err != nil || !done {
		w.Fatalf("no session: %v", err)
	}
	if w.tokens[officer], _, err = w.sessions.Tokens().Issue(s.ID, officer); err != nil {
		w.Fatal(err)
	}
}

func (w *world) campaign(id, unit, title string) {
	w.Helper()
	w.admin("campaign", id, map[string]any{"title": word(unit, title), "year": 2022, "zone": "Asia/Shanghai",
		"first_day": "2022-03-07", "last_day": "2022-03-17", "unit": unit, "templates": "ningxia-2022"})
	w.act(gateway.Entry{Op: "campaign.state", Scope: id, State: "open"})
}

// event makes an event and returns its id.
func (w *world) event(campaign, unit string, more map[string]any) string {
	w.Helper()
	id := w.idIn(unit)
	set := map[string]any{"kind": "visit", "venue": "village", "title": word(unit, "送法"), "place": word(unit, "广场"), "started_at": start - 3600_000, "leaders": 2}
	for k, v := range more {
		set[k] = v
	}
	w.put("event.put", campaign+":"+unit, id, set)
	w.act(gateway.Entry{Op: "tally.add", Scope: campaign + ":" + unit, Event: id, Tally: "consultations", N: ref(int64(3))})
	return id
}

func (w *world) put(op, scope, id string, set map[string]any) {
	w.Helper()
	raw, err := json.Marshal(set)
	if err != nil {
		w.Fatal(err)
	}
	w.act(gateway.Entry{Op: op, Scope: scope, ID: id, Base: ref(int64(0)), Set: raw})
}

func ref[T any](v T) *T { return &v }

// at is where a record stands now.
func (w *world) at(campaign, unit string, kind models.Kind, id string) (version, seq int64) {
	w.Helper()
	err := w.db.View(context.Background(), func(tx gateway.Tx) error {
		scope := campaign + ":" + unit
		found, err := tx.Scopes([]string{scope})
		if err != nil || found[scope] == nil {
			return err
		}
		r, err := tx.Find(gateway.Key{Scope: found[scope].No, Kind: kind, ID: id})
		if err == nil && r != nil {
			version, seq = r.Record.Version, r.Record.Seq
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return version, seq
}

// version is that of a noun that bears one.
func version[T any](w *world, id string, of func(*T) int64) int64 {
	w.Helper()
	var v T
	err := w.db.View(context.Background(), func(tx gateway.Tx) error {
		_, err := tx.Load(&v, id)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return of(&v)
}

// request is one request below the office's prefix.
type request struct {
	method, path string
	token        string
	headers      map[string]string
	json         any    // body, when it is one
	body         string // body, when json is nil
}

// answer is one answer, read whole.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

func (w *world) send(r request) answer {
	w.Helper()
	body := []byte(r.body)
	q := httptest.NewRequest(r.method, console.Prefix+r.path, nil)
	if r.json != nil {
		var err error
		if body, err = json.Marshal(r.json); err != nil {
			w.Fatal(err)
		}
		q.Header.Set("Content-Type", "application/json")
	}
	q.Body, q.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	if r.token != "" {
		q.Header.Set("Authorization", "Bearer "+r.token)
	}
	for k, v := range r.headers {
		q.Header.Set(k, v)
	}
	res, err := described.Send(w.TB, w.app, q)
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	return answer{w.TB, res.StatusCode, res.Header, raw}
}

// as sends a request of somebody who signed in.
func (w *world) as(officer, method, path string, body any) answer {
	w.Helper()
	return w.send(request{method: method, path: path, token: w.tokens[officer], json: body})
}

// at returns the member at a path such as items.0.code, as compact JSON; "" if there is none.
func (a answer) at(path string) string {
	a.t.Helper()
	var v any
	dec := json.NewDecoder(bytes.NewReader(a.body))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return ""
	}
	for part := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = x[part]; !ok {
				return ""
			}
		case []any:
			if part == "#" {
				return fmt.Sprint(len(x))
			}
			var i int
			if _, err := fmt.Sscan(part, &i); err != nil || i >= len(x) {
				return ""
			}
			v = x[i]
		default:
			return ""
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		a.t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

// text returns the string at a path.
func (a answer) text(path string) (s string) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.at(path)), &s); err != nil {
		a.t.Fatalf("%s: %v in %d %s", path, err, a.status, a.body)
	}
	return s
}

// num returns the number at a path.
func (a answer) num(path string) (n int64) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.at(path)), &n); err != nil {
		a.t.Fatalf("%s: %v in %d %s", path, err, a.status, a.body)
	}
	return n
}

// all is everything that came: status line aside, headers and body.
func (a answer) all() string {
	var b strings.Builder
	_ = a.header.Write(&b)
	b.Write(a.body)
	return b.String()
}

// ok fails unless the request went through.
func (a answer) ok() answer {
	a.t.Helper()
	if a.status >= 300 {
		a.t.Fatalf("%d %s", a.status, a.body)
	}
	return a
}
