package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// TestRestore puts yesterday's backup back: the phones bring what is missing, and nothing is doubled.
func TestRestore(t *testing.T) {
	t.Parallel()
	p := newProg(t, "")
	p.target = filepath.Join(p.data, "fieldsync.db")
	b := newBureau(p)
	s := b.serve()
	spy := &cursors{follow: func() string { return s.url }}
	a := b.enrolled(b.officerA, spy, nil)
	other := b.enrolled(b.officerB, follow(func() string { return s.url }), nil)
	one, two, theirs := client.NewID(), client.NewID(), client.NewID()
	b.write(a, event(b.scopeA, one, nil), tally(b.scopeA, one, "consultations", 3))
	b.write(other, event(b.scopeB, theirs, nil), tally(b.scopeB, theirs, "consultations", 5))
	s.stop()

	backup := filepath.Join(t.TempDir(), "backup.db")
	copyFile(t, p.target, backup)

	s = b.serve()
	b.write(a, tally(b.scopeA, one, "consultations", 4), event(b.scopeA, two, nil), tally(b.scopeA, two, "consultations", 20),
		client.Change{"scope": b.scopeA, "op": "event.put", "id": one, "base": a.Base(client.Key{Scope: b.scopeA, Kind: "event", ID: one}), "set": map[string]any{"leaders": 2}})
	b.write(other, tally(b.scopeB, theirs, "consultations", 6))
	b.do("review", "accept", two)
	b.sync(a)
	old := spy.last
	b.reported("consultations", b.unitA, "27")
	before := a.Records()
	s.stop()

	for _, f := range []string{p.target + "-wal", p.target + "-shm"} {
		if err := os.Remove(f); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	copyFile(t, backup, p.target)
	b.says([]string{"restore number 1"}, "restore")

	s = b.serve()
	b.reported("consultations", b.unitA, "3")
	if _, err := a.Write(tally(b.scopeA, one, "consultations", 100)); err != nil { // written meanwhile, offline
		t.Fatal(err)
	}
	spy.replay = old
	if err := a.Pull(t.Context()); err != nil { // the old cursor is answered with reset, the phone begins anew
		t.Fatal(err)
	}
	if spy.replayed != http.StatusGone || !bytes.Contains(spy.body, []byte(`"code":"`+string(problem.Reset)+`"`)) {
		t.Errorf("an old cursor gets %d %s", spy.replayed, spy.body)
	}
	b.sync(other) // only its pull tells it of the restore: its next push brings what is missing
	for range 2 { // a second time changes nothing
		b.sync(a)
		b.sync(other)
		b.reported("consultations", b.unitA, "127")
		b.reported("consultations", b.unitB, "11")
		b.reported("visits_village", b.unitA, "2")
		b.reported("leaders_attending", b.unitA, "2")
	}
	for k, r := range before {
		now, ok := a.Record(k)
		if !ok || now.Version != 0 && now.Version <= r.Version && k.ID != theirs && k.ID != one {
			t.Errorf("%s: version %d after the restore, %d before", k.ID, now.Version, r.Version)
		}
	}
	ev, _ := a.Event(b.scopeA, two)
	if ev.Review.State != "received" {
		t.Errorf("the decision came back: %+v", ev.Review)
	}
	b.do("review", "accept", "--all")
	if _, acc := b.figure("consultations", b.unitA); acc != "127" {
		t.Errorf("accepted %s", acc)
	}
	s.stop()
	b.clean()
}

// cursors remembers the last pull and sends an old one once again.
type cursors struct {
	follow
	last, replay string // queries
	replayed     int
	body         []byte
}

func (c *cursors) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != "/api/v1/sync/pull" {
		return c.follow.RoundTrip(r)
	}
	if c.replay != "" {
		again := r.Clone(r.Context())
		again.URL.RawQuery, c.replay = c.replay, ""
		res, err := c.follow.RoundTrip(again)
		if err != nil {
			return nil, err
		}
		c.replayed = res.StatusCode
		if c.body, err = io.ReadAll(res.Body); err != nil {
			return nil, err
		}
		res.Body.Close()
	}
	c.last = r.URL.RawQuery
	return c.follow.RoundTrip(r)
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	if _, err := os.Stat(from + "-wal"); err == nil {
		t.Errorf("a stopped server left %s-wal", from)
	}
	raw, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}
