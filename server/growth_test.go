package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// TestGrowth fills a campaign with events and measures, at every step, what must not grow with
// them: a push, the official table, an answer to a phone that is up to date; and how quickly a
// phone that knows nothing gets all of its unit.
func TestGrowth(t *testing.T) {
	steps := []int{1_000, 5_000}
	kinds := []string{"sqlite"}
	if *longSpeed {
		steps = []int{10_000, 100_000, 1_000_000}
		kinds = []string{"sqlite", "postgres"}
	}
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			target := filepath.Join(t.TempDir(), "fieldsync.db")
			if kind == "postgres" {
				target = pgtest.URL(t)
			}
			w := newSpeedWorld(t, target, 20)
			have := 0
			for _, n := range steps {
				w.fill(n - have)
				have = n
				w.measure(t, kind, n)
			}
		})
	}
}

// fill adds n events, five hundred a batch, over the phones of all units.
func (w *speedWorld) fill(n int) {
	w.t.Helper()
	phones := len(w.county.officers)
	for done := 0; done < n; {
		k := min(500, n-done)
		i := done / 500 % phones
		b := w.eventBatch(i, k)
		if _, err := w.app.gateway.Push(w.t.Context(), b.Header.Device, b); err != nil {
			w.t.Fatal(err)
		}
		done += k
	}
}

// eventBatch signs a batch of n events in a log of its own.
func (w *speedWorld) eventBatch(officer, n int) *changelog.Batch {
	o := w.county.officers[officer]
	lines := make([][]byte, n)
	for i := range lines {
		at := int64(1647307800000) + int64(i)*1000
		raw, err := json.Marshal(map[string]any{"at": at, "scope": w.county.campaign.ID + ":" + o.Unit, "op": "event.put",
			"id": newID(), "base": 0, "set": map[string]any{"kind": "consultation", "venue": "market", "title": "县南市场东门口3·15宣传咨询",
				"started_at": at, "leaders": 1, "operators": 2, "banners": 3, "staff." + o.Unit: 4}})
		if err != nil {
			w.t.Fatal(err)
		}
		lines[i] = raw
	}
	return w.sign(o.ID, lines)
}

func (w *speedWorld) measure(t *testing.T, kind string, events int) {
	t.Helper()
	p := w.phone(0, 20, 100)
	var push figures
	for i := range p.bodies {
		push.add(w.push(p, i))
	}
	least := floor(t, w.floorTarget(), []*speedPhone{p})
	var table figures
	for range 20 {
		began := time.Now()
		if _, err := w.app.gateway.Table(t.Context(), gateway.TableQuery{Campaign: w.county.campaign.ID, Date: "2022-03-17"}); err != nil {
			t.Fatal(err)
		}
		table.add(time.Since(began))
	}
	records, took, idle := w.pullAll(t, p.batch[0].Header.Device)
	t.Logf("%s, %d events: push of 100 changes p50 %.1f ms (floor %.1f ms); table p50 %.2f ms, p95 %.2f ms; pull %.0f records/s (%d records); up to date %.2f ms",
		kind, events, ms(push.at(.5)), ms(least)/20, ms(table.at(.5)), ms(table.at(.95)), float64(records)/took.Seconds(), records, ms(idle))
	if table.at(.5) > 100*time.Millisecond {
		t.Errorf("the table takes %s with %d events", table.at(.5), events)
	}
}

func (w *speedWorld) floorTarget() string {
	if w.app.db.Postgres() {
		return pgtest.URL(w.t)
	}
	return filepath.Join(w.t.TempDir(), "floor.db")
}

// pullAll pulls everything of a phone's unit, at most 200,000 records, and then once more.
func (w *speedWorld) pullAll(t *testing.T, device string) (records int, took, idle time.Duration) {
	cursor, tag := "", ""
	began := time.Now()
	for records < 200_000 {
		page, err := w.app.gateway.Pull(t.Context(), gateway.PullRequest{Device: device, Cursor: cursor, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		var a struct {
			Records []json.RawMessage
			Cursor  string
			More    bool
		}
		pause := time.Now()
		if err := json.Unmarshal(page.Body, &a); err != nil {
			t.Fatal(err)
		}
		began = began.Add(time.Since(pause)) // reading the answer is the phone's work
		records += len(a.Records)
		cursor = a.Cursor
		if !a.More {
			break
		}
	}
	took = time.Since(began)
	ask := gateway.PullRequest{Device: device, Cursor: cursor, Limit: 1000}
	page, err := w.app.gateway.Pull(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	tag = page.Tag
	ask.Unchanged = func(s string) bool { return s == tag }
	began = time.Now()
	if page, err = w.app.gateway.Pull(t.Context(), ask); err != nil || !page.Unchanged {
		t.Fatal(fmt.Errorf("a phone that is up to date gets a body: %w", err))
	}
	return records, took, time.Since(began)
}
