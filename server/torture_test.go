package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// slowStore makes some transactions slow just before they commit, and rolls some back.
type slowStore struct{ *store.DB }

var errBroken = errors.New("broken on purpose")

func (s slowStore) Update(ctx context.Context, fn func(gateway.Tx) error) error {
	return s.DB.Update(ctx, func(tx gateway.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		switch n := rand.IntN(100); {
		case n < 10:
			time.Sleep(time.Duration(rand.IntN(15)) * time.Millisecond)
		case n < 15:
			return problem.Wrap(errBroken, problem.Unavailable, "broken on purpose")
		}
		return nil
	})
}

// TestCursorTorture lets eight writers with slow and rolled-back transactions write while one reader
// pulls without a pause: it must have every record at its latest, of every kind. A reader that asks
// for id > last, in the same run and of the same transactions, misses some, which proves that the
// run is hard enough.
func TestCursorTorture(t *testing.T) {
	batches := 25
	if *longSpeed {
		batches = 130
	}
	const writers, units, size = 8, 4, 100
	w := newSpeedWorld(t, pgtest.URL(t), 20)
	g := gateway.New(slowStore{w.app.db}, w.app.inst, slog.New(slog.DiscardHandler), newID)
	naive := newNaiveReader(t, w)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	reader := &cursorReader{w: w, seen: map[string]int64{}, kinds: map[string]int{}}
	reader.enrol(t, 0, units)
	var readers sync.WaitGroup
	readers.Go(func() { reader.run(ctx, t) })
	readers.Go(func() { naive.run(ctx, t) })
	var group sync.WaitGroup
	for i := range writers {
		p := w.phone(i%units+10*(i/units), batches, size) // two writers in each of four units
		group.Go(func() {
			for _, b := range p.batch {
				for {
					_, err := g.Push(t.Context(), b.Header.Device, b)
					if err == nil {
						break
					}
					if !errors.Is(err, errBroken) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	group.Wait()
	time.Sleep(200 * time.Millisecond) // the readers may finish their round
	stop()
	readers.Wait()
	reader.pullAll(t)
	fresh := &cursorReader{w: w, device: reader.device, seen: map[string]int64{}, kinds: map[string]int{}}
	fresh.pullAll(t)
	missed := 0
	for k, seq := range fresh.seen {
		if reader.seen[k] != seq {
			missed++
		}
	}
	left := naive.missed(t)
	t.Logf("%d changes by %d writers; %d pulls over kinds %v: %d of %d records missed; id > last missed %d of %d lines",
		writers*batches*size, writers, reader.pulls, fresh.kinds, missed, len(fresh.seen), left, naive.count(t))
	if missed > 0 {
		t.Errorf("the cursor missed %d records", missed)
	}
	if len(fresh.kinds) < 2 {
		t.Errorf("only kinds %v were pulled", fresh.kinds)
	}
	if left == 0 {
		t.Error("even id > last missed nothing: the run is too easy")
	}
}

// cursorReader is a phone that only pulls.
type cursorReader struct {
	w      *speedWorld
	device string
	cursor string
	pulls  int
	seen   map[string]int64 // scope kind id → latest seq
	kinds  map[string]int
}

// enrol makes the reader a phone whose officer works in several units.
func (r *cursorReader) enrol(t *testing.T, officer, units int) {
	p := r.w.phone(officer, 1, 1)
	r.device = p.batch[0].Header.Device
	for _, u := range r.w.county.units[:units] {
		if err := r.w.app.act(t.Context(), gateway.Entry{Op: "rights.grant", Scope: r.w.county.campaign.ID + ":" + u.ID,
			Officer: r.w.county.officers[officer].ID, Role: "officer"}); err != nil {
			t.Fatal(err)
		}
	}
}

func (r *cursorReader) run(ctx context.Context, t *testing.T) {
	for ctx.Err() == nil {
		r.pull(t)
	}
}

// pullAll pulls until nothing more comes.
func (r *cursorReader) pullAll(t *testing.T) {
	for r.pull(t) {
	}
}

func (r *cursorReader) pull(t *testing.T) (more bool) {
	page, err := r.w.app.gateway.Pull(context.Background(), gateway.PullRequest{Device: r.device, Cursor: r.cursor, Limit: 200})
	if err != nil {
		t.Error(err)
		return false
	}
	var a struct {
		Records []struct {
			Kind, ID, Scope string
			Seq             int64
		}
		Cursor string
		More   bool
	}
	if err := json.Unmarshal(page.Body, &a); err != nil {
		t.Error(err)
		return false
	}
	r.pulls++
	r.cursor = a.Cursor
	for _, x := range a.Records {
		r.seen[x.Scope+" "+x.Kind+" "+x.ID] = x.Seq
		r.kinds[x.Kind]++
	}
	return a.More
}

// naiveReader asks a table that every line is also written to, by a trigger, for id > last.
type naiveReader struct {
	w    *speedWorld
	last int64
	seen map[int64]bool
}

func newNaiveReader(t *testing.T, w *speedWorld) *naiveReader {
	for _, q := range []string{
		"CREATE TABLE naive (id BIGSERIAL PRIMARY KEY, log_no BIGINT, seq BIGINT)",
		"CREATE FUNCTION naive_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO naive (log_no, seq) VALUES (NEW.log_no, NEW.seq); RETURN NULL; END $$",
		"CREATE TRIGGER naive_line AFTER INSERT ON line FOR EACH ROW EXECUTE FUNCTION naive_line()",
	} {
		if _, err := w.app.db.WritePool().ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	return &naiveReader{w: w, seen: map[int64]bool{}}
}

func (n *naiveReader) run(ctx context.Context, t *testing.T) {
	for ctx.Err() == nil {
		n.read(t)
	}
	n.read(t)
}

func (n *naiveReader) read(t *testing.T) {
	rows, err := n.w.app.db.WritePool().QueryContext(context.Background(), "SELECT id FROM naive WHERE id > $1 ORDER BY id LIMIT 1000", n.last)
	if err != nil {
		t.Error(err)
		return
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&n.last); err != nil {
			t.Error(err)
			return
		}
		n.seen[n.last] = true
	}
}

func (n *naiveReader) count(t *testing.T) (all int) {
	if err := n.w.app.db.WritePool().QueryRowContext(t.Context(), "SELECT count(*) FROM naive").Scan(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

func (n *naiveReader) missed(t *testing.T) int {
	for before := -1; before != len(n.seen); {
		before = len(n.seen)
		n.read(t)
	}
	return n.count(t) - len(n.seen)
}
