package client_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	mobileapi "github.com/fieldsync/fieldsync/mobile-api"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

const (
	campaign = "01900000-0000-7000-8000-0000000ca001"
	unit     = "01900000-0000-7000-8000-0000000ab001"
	officer  = "01900000-0000-7000-8000-0000000f0001"
	scope    = campaign + ":" + unit
)

// server is the real thing over an empty SQLite database, with one unit and one officer.
type server struct {
	t    *testing.T
	path string
	db   *store.DB
	url  string
	g    *gateway.Gateway
	dark *darkroom // takes the photos
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{t: t, path: filepath.Join(t.TempDir(), "fieldsync.db")}
	s.db = storetest.Open(t, s.path)
	officeOf := s.start()
	put := func(kind, id, set string) gateway.Entry {
		return gateway.Entry{Op: "admin.put", Kind: kind, ID: id, Set: json.RawMessage(set)}
	}
	err := s.g.Act(t.Context(), officeOf,
		put("unit", unit, `{"name":"城关所","code":"01"}`),
		put("officer", officer, `{"name":"外勤甲","unit":"`+unit+`","role":"officer"}`),
		put("campaign", campaign, `{"title":"3·15","year":2022,"zone":"Asia/Shanghai","first_day":"2022-03-07","last_day":"2022-03-17","unit":"`+unit+`","templates":"ningxia-2022"}`),
		gateway.Entry{Op: "campaign.state", Scope: campaign, State: "open"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// start serves the database on a free port and returns the officer that the server acts as.
func (s *server) start() string {
	s.t.Helper()
	inst, secrets, err := s.db.Install(s.t.Context(), client.NewID, time.Now().UnixMilli())
	if err != nil {
		s.t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	s.g = gateway.New(s.db, inst, quiet, client.NewID)
	web := httpapi.New(httpapi.Options{Log: quiet, NewID: client.NewID})
	s.dark = &darkroom{Gateway: s.g, photos: map[string]*negative{}}
	mobileapi.New(s.dark, s.g, auth.NewTokens(secrets.Token, time.Now), time.Now).WithPhotos(s.dark, s.dark).Routes(web)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	go func() { _ = web.Listener(ln) }() // ends with Shutdown
	s.t.Cleanup(func() { _ = web.ShutdownWithTimeout(time.Second) })
	s.url = "http://" + ln.Addr().String()
	return inst.Officer
}

// code returns a new enrolment code.
func (s *server) code() string {
	s.t.Helper()
	code, err := auth.NewCode(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	plain, err := auth.NormalizeCode(code)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, _, err := s.g.AddBatch(s.t.Context(), s.g.Installation().Officer, map[[32]byte]string{auth.HashCode(plain): officer}, time.Hour, nil); err != nil {
		s.t.Fatal(err)
	}
	return code
}

// phone is a client with what a test changes of it.
type phone struct {
	*client.Client
	t   *testing.T
	cfg client.Config
}

func (s *server) phone(change ...func(*client.Config)) *phone {
	s.t.Helper()
	key, err := client.NewKey()
	if err != nil {
		s.t.Fatal(err)
	}
	p := &phone{t: s.t, cfg: client.Config{Server: s.url, Key: key, Store: client.NewMemory()}}
	for _, c := range change {
		c(&p.cfg)
	}
	p.open()
	if _, err := p.Enrol(s.t.Context(), s.code(), "phone", "go"); err != nil {
		s.t.Fatal(err)
	}
	return p
}

// open starts the app anew on its store.
func (p *phone) open() {
	p.t.Helper()
	c, err := client.Open(p.cfg)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Client = c
}

// copy returns a phone with a copy of this one's memory.
func (p *phone) copy() *phone {
	p.t.Helper()
	q := &phone{t: p.t, cfg: p.cfg}
	q.cfg.Store = p.cfg.Store.(*client.Memory).Copy()
	q.open()
	return q
}

func (p *phone) event() string {
	p.t.Helper()
	id := client.NewID()
	p.write(client.Change{"op": "event.put", "scope": scope, "id": id, "set": map[string]any{"kind": "consultation"}})
	return id
}

func (p *phone) tap(event string, n int64) {
	p.t.Helper()
	p.write(client.Change{"op": "tally.add", "scope": scope, "event": event, "indicator": "complaints", "n": n})
}

func (p *phone) write(c client.Change) {
	p.t.Helper()
	c["nonce"] = client.NewID()
	if _, err := p.Write(c); err != nil {
		p.t.Fatal(err)
	}
}

func (p *phone) push() *client.Pushed {
	p.t.Helper()
	got, err := p.Push(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return got
}

func (p *phone) pull() {
	p.t.Helper()
	if err := p.Pull(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

// complaints returns what the phone shows of an event's tally.
func (p *phone) complaints(event string) client.Tally {
	p.t.Helper()
	ev, ok := p.Event(scope, event)
	if !ok {
		p.t.Fatalf("the phone does not show event %s", event)
	}
	return ev.Tallies["complaints"]
}

// edge answers instead of the network when it wants to.
type edge func(q *http.Request) (*http.Response, error)

func (e edge) RoundTrip(q *http.Request) (*http.Response, error) {
	if resp, err := e(q); resp != nil || err != nil {
		return resp, err
	}
	return http.DefaultTransport.RoundTrip(q)
}

func isPush(q *http.Request) bool { return strings.HasSuffix(q.URL.Path, "/sync/push") }

// refuse makes a problem document.
func refuse(status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/problem+json"}}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func noSleep(into *[]time.Duration) func(context.Context, time.Duration) error {
	return func(_ context.Context, d time.Duration) error { *into = append(*into, d); return nil }
}
