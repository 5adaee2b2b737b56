package gateway_test

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/google/uuid"
)

// restored makes the world's database one that was put back from a backup, with a server started on it.
func (w *world) restored() {
	w.t.Helper()
	if _, _, err := w.db.Restored(w.t.Context(), uuid.NewString, 0); err != nil {
		w.t.Fatal(err)
	}
	inst, _, err := w.db.Install(w.t.Context(), uuid.NewString, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.inst = inst
	w.g = w.gateway()
}

// After a restore old cursors are void, versions go on above all that were ever given out, and
// lines that rest on versions from before are taken as having seen less, never refused.
func TestVersionsAfterRestore(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), put(ev(1), 1, `"title":"a"`))
		p.send()
		cursor := p.pullAll("", 10).Cursor
		old := w.inst.ServerEpoch
		w.restored()
		p.g = w.g
		_, err := p.pull(cursor, 10)
		if problem.CodeOf(err) != problem.Reset || err.(*problem.Error).Fields["server_epoch"] != w.inst.ServerEpoch || old == w.inst.ServerEpoch {
			t.Errorf("an old cursor: %v", err)
		}
		q := w.phone(officerA)
		q.write(put(ev(1), 77, `"title":"b"`)) // a version of the time that was lost
		q.send()
		r := w.event(ev(1))
		if r.Version != 1<<32+1 {
			t.Errorf("version %d, want that of the first restore", r.Version)
		}
		// All that was there is below 77, so b's writer has seen it; what came since has not been seen.
		p.write(put(ev(1), 78, `"title":"c"`))
		p.send()
		if got := w.siblings(ev(1), "title"); !slices.Equal(got, []string{"b", "c"}) {
			t.Errorf("titles %q", got)
		}
		q.write(put(ev(1), 1<<32+99, `"title":"d"`))
		q.send("1 held bad_base")
		q.write(put(ev(2), 1<<32, `"title":"e"`))
		q.send("2 held bad_base")
		w.restored()
		p.g, q.g = w.g, w.g
		if _, err := w.g.RetryAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.held(map[models.Cause]int{}) // their bases are of an older restore number now
		if v := w.event(ev(1)).Version; v != 2<<32+1 {
			t.Errorf("version %d, want that of the second restore", v)
		}
	})
}

// A real backup is put back: phones offer again what the server has lost, and nothing is lost or
// counted twice.
func TestBackupPutBack(t *testing.T) {
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "fieldsync.db"), filepath.Join(dir, "backup.db")
	open := func() *store.DB {
		db, err := store.Open(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		return db
	}
	closed := func(db *store.DB) {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db := open()
	w := newWorld(t, db)
	p := w.phone(officerA)
	p.write(stand(ev(1)), tap(ev(1), "complaints", 1))
	p.send()
	closed(db)
	copyFile(t, path, backup)
	w.db = open()
	w.g = w.gateway()
	p.g = w.g
	p.write(tap(ev(1), "complaints", 2), put(ev(1), 1, `"title":"lost"`), tap(ev(1), "complaints", 4))
	p.send()
	w.want(unitA, "complaints", 7, 3)
	closed(w.db)
	copyFile(t, backup, path)
	_ = os.Remove(path + "-wal") // a backup stands alone
	w.db = open()
	defer func() { closed(w.db) }()
	w.restored()
	p.g = w.g
	w.want(unitA, "complaints", 1, 1)
	p.write(tap(ev(1), "complaints", 8))
	if e := p.denied(problem.Gap); e.Fields["next"] != int64(2) || e.Fields["server_epoch"] != w.inst.ServerEpoch {
		t.Errorf("gap %v", e.Fields)
	}
	if w.log(p).Behind {
		t.Error("a restore is no alarm: the server knows of it")
	}
	p.push(2)
	w.want(unitA, "complaints", 15, 4)
	if r := w.event(ev(1)); r.Text("title") != "lost" || r.Version != 1<<32+1 {
		t.Errorf("title %q, version %d", r.Text("title"), r.Version)
	}
	w.recount()
	w.verified()
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// What a phone says of itself: the newest word counts, and one that knows of more
// acknowledgements than there are lines raises the alarm.
func TestClaims(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 1), tap(ev(1), "complaints", 1))
		p.send()
		wall := w.now
		w.now += 5000
		p.write(tap(ev(1), "complaints", 1), tap(ev(1), "complaints", 1))
		older := p.batch(3, 0) // will come late
		w.now += 5000
		if _, err := p.try(t.Context(), 3, 2); err != nil {
			t.Fatal(err)
		}
		p.write(tap(ev(1), "complaints", 1))
		w.now += 5000
		if _, err := p.try(t.Context(), 5, 0); err != nil {
			t.Fatal(err)
		}
		before := w.log(p)
		if before.LogNext != 6 || before.WallMS != wall+15_000 || before.OffsetMS != 0 || before.Acked != 3 || before.Behind {
			t.Errorf("claims %+v", before)
		}
		w.now += 5000
		if _, err := w.g.Push(t.Context(), p.id, older); err != nil {
			t.Fatal(err)
		}
		after := w.log(p)
		if after.LogNext != 6 || after.WallMS != before.WallMS || after.OffsetMS != before.OffsetMS || after.LastMS != w.now {
			t.Errorf("an older word took the place of a newer one: %+v", after)
		}
		p.acked, p.server = 9, "another epoch"
		w.now += 1000
		if _, err := p.try(t.Context(), 5, 0); err != nil || w.log(p).Behind {
			t.Errorf("an alarm for acknowledgements of another server epoch: %v", err)
		}
		p.acked, p.server = 6, w.inst.ServerEpoch
		p.sent = 6
		p.denied(problem.Gap)
		if !w.log(p).Behind {
			t.Error("no alarm: the phone has an acknowledgement of a line that is not here")
		}
		p.acked = 5
		p.push(5)
		if l := w.log(p); !l.Behind || l.Next != 6 {
			t.Errorf("the alarm went away by itself: %+v", l)
		}
		var heads []models.Log
		w.view(func(tx gateway.Tx) (err error) {
			heads, err = tx.Heads(p.id)
			return err
		})
		if len(heads) != 1 || heads[0].Next != 6 {
			t.Errorf("heads %+v", heads)
		}
	})
}
