package mobileapi_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/openapi/openapitest"
	"github.com/fieldsync/fieldsync/internal/store"
	mobileapi "github.com/fieldsync/fieldsync/mobile-api"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/gofiber/fiber/v2"
)

// The small county of these tests: two units, a third one in another county, and their officers.
const (
	campaignID = "01900000-0000-7000-8000-0000000ca001"
	countyID   = "01900000-0000-7000-8000-0000000ab000"
	unitA      = "01900000-0000-7000-8000-0000000ab001"
	unitB      = "01900000-0000-7000-8000-0000000ab002"
	officerA   = "01900000-0000-7000-8000-0000000f0001"
	officerB   = "01900000-0000-7000-8000-0000000f0002"
	officerC   = "01900000-0000-7000-8000-0000000f0003"
	scopeA     = campaignID + ":" + unitA
	scopeB     = campaignID + ":" + unitB
	eventID    = "01900000-0000-7000-8000-0000000e0001"
)

// start is the server's time at the beginning: 2022-03-15 12:00:05.5 in Shanghai.
const start = int64(1647316805500)

// world is the real app on a real database, with a clock of its own.
type world struct {
	testing.TB
	db      *store.DB
	g       *gateway.Gateway
	inst    gateway.Installation
	secrets store.Secrets
	app     *fiber.App
	clock   atomic.Int64 // ms
	photos  *shelf       // nil: this server takes none
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	w := &world{TB: t, db: db}
	w.clock.Store(start)
	var err error
	if w.inst, w.secrets, err = db.Install(t.Context(), client.NewID, start); err != nil {
		t.Fatal(err)
	}
	w.serve()
	w.admin("unit", countyID, `{"name":"县市场监督管理局","code":"00"}`)
	w.admin("unit", unitA, `{"name":"城关所","code":"01","parent":"`+countyID+`"}`)
	w.admin("unit", unitB, `{"name":"河东所","code":"02","parent":"`+countyID+`"}`)
	w.admin("officer", officerA, `{"name":"外勤甲","unit":"`+unitA+`","role":"officer"}`)
	w.admin("officer", officerB, `{"name":"外勤乙","unit":"`+unitB+`","role":"officer"}`)
	w.admin("officer", officerC, `{"name":"所长丙","unit":"`+unitA+`","role":"head"}`)
	w.admin("campaign", campaignID, `{"title":"2022年“315”活动","year":2022,"zone":"Asia/Shanghai","first_day":"2022-03-07","last_day":"2022-03-17","unit":"`+countyID+`","templates":"ningxia-2022"}`)
	w.act(gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "open"})
	return w
}

// serve puts the HTTP together as the server does.
func (w *world) serve() {
	now := func() time.Time { return time.UnixMilli(w.clock.Load()) }
	w.g = gateway.New(w.db, w.inst, slog.New(slog.DiscardHandler), client.NewID)
	w.g.Now = now
	w.app = httpapi.New(httpapi.Options{Log: slog.New(slog.DiscardHandler), NewID: func() string { return "request" }})
	api := mobileapi.New(w.g, w.g, auth.NewTokens(w.secrets.Token, now), now)
	if w.photos != nil {
		api.WithPhotos(w.photos, w.photos)
	}
	api.Routes(w.app)
}

func (w *world) act(e ...gateway.Entry) {
	w.Helper()
	if err := w.g.Act(w.Context(), w.inst.Officer, e...); err != nil {
		w.Fatal(err)
	}
}

func (w *world) admin(kind, id, set string) {
	w.Helper()
	w.act(gateway.Entry{Op: "admin.put", Kind: kind, ID: id, Set: json.RawMessage(set)})
}

func (w *world) later(d time.Duration) { w.clock.Add(d.Milliseconds()) }

// code makes an enrolment code for an officer.
func (w *world) code(officer string, life time.Duration) string {
	w.Helper()
	code, err := auth.NewCode(rand.Reader)
	if err != nil {
		w.Fatal(err)
	}
	if _, _, err := w.g.AddBatch(w.Context(), w.inst.Officer, map[[32]byte]string{auth.HashCode(code): officer}, life, nil); err != nil {
		w.Fatal(err)
	}
	return code
}

// fingerprint is all that a push may change: heads of logs, counters, records, sums, what waits.
func (w *world) fingerprint() string {
	w.Helper()
	var b strings.Builder
	err := w.db.View(w.Context(), func(tx gateway.Tx) error {
		b.Reset()
		logs, err := tx.Logs()
		if err != nil {
			return err
		}
		for i := range logs {
			l := &logs[i]
			fmt.Fprintln(&b, l.Device, l.Epoch, l.Next, l.Head, l.WallMS, l.LogNext, l.AfterRaw)
		}
		scopes, err := tx.AllScopes()
		if err != nil {
			return err
		}
		for _, s := range scopes {
			recs, err := tx.ScopeRecords(s.No)
			if err != nil {
				return err
			}
			fmt.Fprintln(&b, s, recs)
		}
		held, err := tx.Held(gateway.HeldQuery{})
		if err != nil {
			return err
		}
		fmt.Fprintln(&b, held)
		return tx.EachTotal(func(_ string, _ int64, d gateway.TotalDelta) { fmt.Fprintln(&b, d) })
	})
	if err != nil {
		w.Fatal(err)
	}
	return b.String()
}

// total returns a row's reported value and entries in a unit.
func (w *world) total(unit, row string) (value, n int64) {
	w.Helper()
	err := w.db.View(w.Context(), func(tx gateway.Tx) error {
		value, n = 0, 0
		return tx.EachTotal(func(_ string, _ int64, d gateway.TotalDelta) {
			if d.Unit == unit && d.Row == row {
				value, n = d.Reported, d.ReportedN
			}
		})
	})
	if err != nil {
		w.Fatal(err)
	}
	return value, n
}

// phone keeps a log of lines by hand, so that it can send what no good phone would.
type phone struct {
	w      *world
	key    *ecdsa.PrivateKey
	id     string
	epoch  string
	token  string
	lines  []string
	hashes []changelog.Hash
}

func (w *world) phone(officer string) *phone {
	w.Helper()
	key, err := client.NewKey()
	if err != nil {
		w.Fatal(err)
	}
	p := &phone{w: w, key: key, epoch: client.NewID()}
	a := w.send(request{method: "POST", path: "/api/v1/devices", headers: asJSON, body: enrolBody(w, w.code(officer, time.Hour), key)})
	if a.status != 201 {
		w.Fatalf("enrol: %d %s", a.status, a.body)
	}
	p.id = a.text("device_id")
	p.login()
	return p
}

var asJSON = map[string]string{"Content-Type": "application/json"}

func enrolBody(t testing.TB, code string, key *ecdsa.PrivateKey) string {
	t.Helper()
	jwk, err := client.PublicJWK(key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(map[string]any{"code": code, "name": "摊位手机", "platform": "test", "public_key": jwk})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func (p *phone) login() {
	p.w.Helper()
	a := p.w.send(request{method: "POST", path: "/api/v1/token", headers: asForm, body: grant(p.assertion(nil))})
	if a.status != 200 {
		p.w.Fatalf("token: %d %s", a.status, a.body)
	}
	p.token = a.text("access_token")
}

var asForm = map[string]string{"Content-Type": "application/x-www-form-urlencoded"}

func grant(assertion string) string {
	return url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}}.Encode()
}

// members is a JSON object; nil takes a member away.
type members map[string]any

func (m members) with(changes members) members {
	out := members{}
	for k, v := range m {
		out[k] = v
	}
	for k, v := range changes {
		if out[k] = v; v == nil {
			delete(out, k)
		}
	}
	return out
}

// assertion signs a good assertion with changes of its claims.
func (p *phone) assertion(changes members) string {
	now := p.w.clock.Load() / 1000
	return jwt(p.w, members{"alg": "ES256", "typ": "JWT"}, members{"iss": p.id, "sub": p.id, "aud": "fieldsync",
		"iat": now, "exp": now + 120, "jti": client.NewID()}.with(changes), p.es256)
}

func (p *phone) es256(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, p.key, sum[:])
	if err != nil {
		p.w.Fatal(err)
	}
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
}

// jwt is made by hand, so that the tests do not trust the library they test.
func jwt(t testing.TB, header, claims members, sign func(string) []byte) string {
	t.Helper()
	h, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	c, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	text := b64(h) + "." + b64(c)
	return text + "." + b64(sign(text))
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// write appends lines; one that begins with a member gets at and scope A before it.
func (p *phone) write(lines ...string) *phone {
	for _, l := range lines {
		if strings.HasPrefix(l, `"`) {
			l = fmt.Sprintf(`{"at":%d,"scope":"%s",%s}`, p.w.clock.Load(), scopeA, l)
		}
		p.append(l)
	}
	return p
}

// append appends a line as it is.
func (p *phone) append(line string) {
	h := changelog.Genesis(p.id, p.epoch)
	if n := len(p.hashes); n > 0 {
		h = p.hashes[n-1]
	}
	p.lines, p.hashes = append(p.lines, line), append(p.hashes, changelog.Next(h, []byte(line)))
}

// batch is a push that can be tampered with before it is signed and after.
type batch struct {
	p      *phone
	header changelog.Header
	lines  []string
}

// batch carries the lines from one on.
func (p *phone) batch(from int) *batch {
	h := changelog.Header{V: 1, Device: p.id, Epoch: p.epoch, From: int64(from), Count: int64(len(p.lines) - from),
		Prev: changelog.Genesis(p.id, p.epoch), Wall: p.w.clock.Load(), LogNext: int64(len(p.lines)), ServerEpoch: p.w.inst.ServerEpoch}
	if from > 0 {
		h.Prev = p.hashes[from-1]
	}
	h.Tail = h.Prev
	if from < len(p.lines) {
		h.Tail = p.hashes[len(p.hashes)-1]
	}
	return &batch{p: p, header: h, lines: p.lines[from:]}
}

func (b *batch) change(fn func(h *changelog.Header)) *batch {
	fn(&b.header)
	return b
}

// signed returns the body.
func (b *batch) signed() string {
	b.p.w.Helper()
	if err := b.header.Sign(b.p.key); err != nil {
		b.p.w.Fatal(err)
	}
	return b.body()
}

func (b *batch) body() string {
	lines := make([][]byte, len(b.lines))
	for i := range lines {
		lines[i] = []byte(b.lines[i])
	}
	return string(changelog.Encode(&b.header, lines))
}

func (p *phone) push(body string) answer {
	p.w.Helper()
	return p.w.send(request{method: "POST", path: "/api/v1/sync/push", token: p.token, headers: asLines, body: body})
}

var asLines = map[string]string{"Content-Type": "application/x-ndjson"}

func (p *phone) get(path string) answer {
	p.w.Helper()
	return p.w.send(request{method: "GET", path: path, token: p.token})
}

// request is one request.
type request struct {
	method, path string
	token        string
	headers      map[string]string
	body         string
}

// answer is one answer, read whole.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

// described holds every answer of this suite against the document.
var described = openapitest.New(mobileapi.About(), mobileapi.Routes())

// plain makes the request.
func (w *world) plain(r request) *http.Request {
	q := httptest.NewRequest(r.method, r.path, bytes.NewReader([]byte(r.body)))
	if r.token != "" {
		q.Header.Set("Authorization", "Bearer "+r.token)
	}
	for k, v := range r.headers {
		q.Header.Set(k, v)
	}
	return q
}

func (w *world) send(r request) answer {
	w.Helper()
	q := w.plain(r)
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

// at returns the member at a path such as verdicts.0.code, as compact JSON; "" if there is none.
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

func (a answer) text(path string) (s string) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.at(path)), &s); err != nil {
		a.t.Fatalf("%s: %v in %s", path, err, a.body)
	}
	return s
}

// endOfficer lets an officer leave.
func (w *world) endOfficer(id string, version int64) {
	w.Helper()
	w.act(gateway.Entry{Op: "admin.put", Kind: "officer", ID: id, Base: &version, Set: json.RawMessage(`{"ended":true}`)})
}
