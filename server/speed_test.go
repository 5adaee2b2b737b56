package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/google/uuid"
)

// -speed runs the long forms of the speed tests, whose figures docs/performance.md holds.
var longSpeed = flag.Bool("speed", false, "run the long forms of the speed tests")

// speedWorld is a server over a database with phones that hold signed batches.
type speedWorld struct {
	t      testing.TB
	target string
	app    *app
	county *county
	url    string
	http   *http.Client
}

func newSpeedWorld(t testing.TB, target string, phones int) *speedWorld {
	t.Helper()
	ctx := t.Context()
	cfg := defaults()
	cfg.Database, cfg.LogLevel = target, "error"
	a, err := open(ctx, cfg, logger(cfg, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.db.Close() })
	p := countyPlan{name: "速度县", units: []string{"一所", "二所", "三所", "四所", "五所", "六所", "七所", "八所", "九所", "十所"},
		officers: phones, title: "速度", year: 2022, firstDay: "2022-03-07", lastDay: "2022-03-17", templates: []string{"ningxia-2022"}}
	c, err := a.makeCounty(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	web := a.web()
	go web.Listener(ln)
	w := &speedWorld{t: t, target: target, app: a, county: c, url: "http://" + ln.Addr().String(),
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2000}}}
	t.Cleanup(func() {
		w.http.CloseIdleConnections()
		_ = web.ShutdownWithTimeout(time.Second)
	})
	return w
}

// speedPhone is an enrolled device with its batches, as bodies ready to send.
type speedPhone struct {
	token  string
	bodies [][]byte
	lines  int
	batch  []*changelog.Batch
}

// phone enrols device i and signs n batches of size lines each.
func (w *speedWorld) phone(i, n, size int) *speedPhone {
	o := w.county.officers[i]
	d, key := w.device(o.ID)
	token, _, err := auth.NewTokens(w.app.secrets.Token, time.Now).Issue(d, o.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	p := &speedPhone{token: token, lines: n * size}
	epoch := newEpoch()
	prev := changelog.Genesis(d, epoch)
	scope := w.county.campaign.ID + ":" + o.Unit
	for b := range n {
		body := w.batch(d, epoch, key, b*size, prev, batchLines(scope, o.Unit, b, size))
		parsed, err := changelog.ParseBatch(body)
		if err != nil {
			w.t.Fatal(err)
		}
		prev = parsed.Header.Tail
		p.bodies = append(p.bodies, body)
		p.batch = append(p.batch, parsed)
	}
	return p
}

// device enrols a device of an officer.
func (w *speedWorld) device(officer string) (string, *ecdsa.PrivateKey) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	pub, err := key.PublicKey.Bytes()
	if err != nil {
		w.t.Fatal(err)
	}
	d := &models.Device{ID: newID(), Officer: officer, Name: "phone", PublicKey: pub}
	if err := w.app.db.Update(context.Background(), func(tx gateway.Tx) error { return tx.AddDevice(d) }); err != nil {
		w.t.Fatal(err)
	}
	return d.ID, key
}

func newEpoch() string { return uuid.NewString() }

// batch signs lines from a seq on and returns the body.
func (w *speedWorld) batch(device, epoch string, key *ecdsa.PrivateKey, from int, prev changelog.Hash, lines [][]byte) []byte {
	h := changelog.Header{V: 1, Device: device, Epoch: epoch, From: int64(from), Count: int64(len(lines)), Prev: prev,
		Wall: time.Now().UnixMilli(), LogNext: int64(from + len(lines)), Tail: prev}
	for _, l := range lines {
		h.Tail = changelog.Next(h.Tail, l)
	}
	if err := h.Sign(key); err != nil {
		w.t.Fatal(err)
	}
	return changelog.Encode(&h, lines)
}

// sign makes one batch in a log of its own, of a new device of the officer.
func (w *speedWorld) sign(officer string, lines [][]byte) *changelog.Batch {
	d, key := w.device(officer)
	epoch := newEpoch()
	b, err := changelog.ParseBatch(w.batch(d, epoch, key, 0, changelog.Genesis(d, epoch), lines))
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// batchLines is what a phone records in a while: in a hundred lines four events, ninety taps, two
// lots with a movement each and two photos.
func batchLines(scope, unit string, b, size int) [][]byte {
	at := int64(1647307800000) + int64(b)*60_000
	var out [][]byte
	add := func(v map[string]any) {
		at += 1000
		v["at"], v["scope"] = at, scope
		raw, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		out = append(out, raw)
	}
	indicators := []string{"consultations", "complaints", "materials_handed_out", "public_consulting", "tip_offs"}
	event, lot := newID(), newID()
	for i := range size {
		switch {
		case i%25 == 0:
			event = newID()
			add(map[string]any{"op": "event.put", "id": event, "base": 0, "set": map[string]any{"kind": "consultation",
				"venue": "market", "title": "县南市场东门口3·15宣传咨询", "place": "县南市场东门口", "started_at": at, "leaders": 2,
				"operators": 5, "banners": 3, "boards": 4, "staff." + unit: 6}})
		case i%50 == 1:
			lot = newID()
			add(map[string]any{"op": "goods.put", "id": lot, "base": 0, "set": map[string]any{"category": "food", "name": "过期食品",
				"unit": "袋", "value": 120000, "approval_no": "销审1号"}})
		case i%50 == 2:
			add(map[string]any{"op": "goods.move", "id": newID(), "lot": lot, "move": "received", "quantity": 12000})
		case i%50 == 3:
			add(map[string]any{"op": "photo.put", "id": newID(), "base": 0, "set": map[string]any{"event": event,
				"sha256": "2a6927613ddc903379f3e02145f22074ccf048c7753cfa1ed8ee26c746682997", "bytes": 2400000, "mime": "image/jpeg", "taken_at": at}})
		default:
			add(map[string]any{"op": "tally.add", "event": event, "indicator": indicators[i%len(indicators)], "n": 1})
		}
	}
	return out
}

func (w *speedWorld) push(p *speedPhone, i int) time.Duration {
	req, err := http.NewRequest("POST", w.url+"/api/v1/sync/push", bytes.NewReader(p.bodies[i]))
	if err != nil {
		w.t.Error(err)
		return 0
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	req.Header.Set("Content-Type", "application/x-ndjson")
	began := time.Now()
	resp, err := w.http.Do(req)
	if err != nil {
		w.t.Error(err)
		return 0
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	took := time.Since(began)
	if resp.StatusCode != 200 || bytes.Contains(body, []byte(`"status"`)) {
		w.t.Errorf("push: %d %s", resp.StatusCode, body)
	}
	return took
}

// floor inserts the same lines with the same commits into a bare table of a fresh database of the
// same kind and settings: what any store of these lines costs at least.
func floor(t testing.TB, target string, phones []*speedPhone) time.Duration {
	t.Helper()
	db, err := store.Open(t.Context(), target, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	pool := db.WritePool()
	kind := "BLOB"
	if db.Postgres() {
		kind = "BYTEA"
	}
	exec := func(c interface {
		ExecContext(context.Context, string, ...any) (sql.Result, error)
	}, q string, a ...any) {
		if _, err := c.ExecContext(t.Context(), q, a...); err != nil {
			t.Fatal(err)
		}
	}
	exec(pool, "CREATE TABLE bare (log_no BIGINT, seq BIGINT, raw "+kind+", h "+kind+", PRIMARY KEY (log_no, seq))")
	size := len(phones[0].batch[0].Lines)
	q := "INSERT INTO bare (log_no, seq, raw, h) VALUES "
	for i := range size {
		if i > 0 {
			q += ", "
		}
		if db.Postgres() {
			q += fmt.Sprintf("($%d, $%d, $%d, $%d)", 4*i+1, 4*i+2, 4*i+3, 4*i+4)
		} else {
			q += "(?, ?, ?, ?)"
		}
	}
	began := time.Now()
	for no, p := range phones {
		for _, b := range p.batch {
			tx, err := pool.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			a := make([]any, 0, 4*size)
			for i := range b.Lines {
				a = append(a, no, b.Header.From+int64(i), b.Lines[i], b.Hashes[i][:])
			}
			exec(tx, q, a...)
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
		}
	}
	return time.Since(began)
}

// zipped returns the size of a body as phones send it, bytes.
func zipped(t *testing.T, body []byte) float64 {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return float64(b.Len())
}

// figures are the latencies of a run.
type figures struct {
	mu   sync.Mutex
	list []time.Duration
}

func (f *figures) add(d time.Duration) { f.mu.Lock(); f.list = append(f.list, d); f.mu.Unlock() }

func (f *figures) at(p float64) time.Duration {
	slices.Sort(f.list)
	return f.list[min(len(f.list)-1, int(p*float64(len(f.list))))]
}

// TestPushSpeed pushes with one phone, with twenty at once, and with a thousand over ten seconds,
// beside the floor.
func TestPushSpeed(t *testing.T) {
	batches := 20
	if *longSpeed {
		batches = 200
	}
	for _, kind := range []string{"sqlite", "postgres"} {
		target := func() string {
			if kind == "postgres" {
				return pgtest.URL(t)
			}
			return filepath.Join(t.TempDir(), "fieldsync.db")
		}
		for _, phones := range []int{1, 20} {
			t.Run(fmt.Sprintf("%s/%d", kind, phones), func(t *testing.T) {
				w := newSpeedWorld(t, target(), 20)
				list := make([]*speedPhone, phones)
				for i := range list {
					list[i] = w.phone(i, max(batches/phones, 5), 100)
				}
				least := floor(t, target(), list)
				var f figures
				began := time.Now()
				var group sync.WaitGroup
				for _, p := range list {
					group.Go(func() {
						for i := range p.bodies {
							f.add(w.push(p, i))
						}
					})
				}
				group.Wait()
				took := time.Since(began)
				n := phones * list[0].lines
				t.Logf("%s, %d phones: %.1f bytes a change on the wire (gzip), %.1f plain", kind, phones, zipped(t, list[0].bodies[0])/100, float64(len(list[0].bodies[0]))/100)
				t.Logf("%s, %d phones: %d changes, %.0f/s, p50 %.1f ms, p95 %.1f ms, p99 %.1f ms; floor %.0f/s, ratio %.2f", kind, phones, n,
					float64(n)/took.Seconds(), ms(f.at(.5)), ms(f.at(.95)), ms(f.at(.99)), float64(n)/least.Seconds(), took.Seconds()/least.Seconds())
				if took > 60*least {
					t.Errorf("a push takes %.1f times the floor", took.Seconds()/least.Seconds())
				}
			})
		}
	}
}

// TestDeadlineHour lets phones arrive over some seconds with a batch each: the hour before the
// deadline.
func TestDeadlineHour(t *testing.T) {
	phones, over := 100, time.Second
	if *longSpeed {
		phones, over = 1000, 10*time.Second
	}
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			target := filepath.Join(t.TempDir(), "fieldsync.db")
			if kind == "postgres" {
				target = pgtest.URL(t)
			}
			w := newSpeedWorld(t, target, phones)
			list := make([]*speedPhone, phones)
			for i := range list {
				list[i] = w.phone(i, 1, 100)
			}
			var f figures
			var peak atomic.Uint64
			var group sync.WaitGroup
			began := time.Now()
			for i, p := range list {
				group.Go(func() {
					time.Sleep(over * time.Duration(i) / time.Duration(phones))
					f.add(w.push(p, 0))
					if i%50 == 0 {
						var m runtime.MemStats
						runtime.ReadMemStats(&m)
						peak.Store(max(peak.Load(), m.HeapInuse+m.StackInuse))
					}
				})
			}
			group.Wait()
			t.Logf("%s: %d phones over %s: %.0f changes/s, p50 %.1f ms, p99 %.1f ms, heap and stacks at most %d MiB (server and phones)",
				kind, phones, over, float64(phones*100)/time.Since(began).Seconds(), ms(f.at(.5)), ms(f.at(.99)), peak.Load()>>20)
			if f.at(.99) > 5*time.Second {
				t.Errorf("p99 is %s", f.at(.99))
			}
		})
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
