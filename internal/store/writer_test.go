package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// busy keeps SQLite's writer in a transaction until release is called, so that what comes next waits
// in the queue and shares one commit.
func busy(t *testing.T, db *store.DB) (release func()) {
	t.Helper()
	in, out, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- db.Update(context.Background(), func(gateway.Tx) error {
			close(in)
			<-out
			return nil
		})
	}()
	<-in
	return func() {
		close(out)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func put(tx gateway.Tx, id string) error { return tx.Put(&models.Unit{ID: id, Code: id}) }

func unitsOf(t *testing.T, db *store.DB) map[string]bool {
	t.Helper()
	list, err := db.Units(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]bool{}
	for i := range list {
		m[list[i].ID] = true
	}
	return m
}

// TestGroupCommit queues transactions that share commits. Some fail in each way there is; the others
// must not notice, and must be there when the file is opened again.
func TestGroupCommit(t *testing.T) {
	t.Parallel()
	target := t.TempDir() + "/fieldsync.db"
	db := storetest.Open(t, target)
	mine := errors.New("mine")
	const n = 150 // more than one group
	errs := make([]error, n)
	kind := func(i int) string {
		switch i % 10 {
		case 3:
			return "error"
		case 5:
			return "panic"
		case 7:
			return "statement"
		case 8:
			return "again"
		}
		return ""
	}
	release := busy(t, db)
	var wg sync.WaitGroup
	for i := range n {
		id, runs := fmt.Sprintf("u%03d", i), 0
		wg.Go(func() {
			errs[i] = db.Update(context.Background(), func(tx gateway.Tx) error {
				if err := put(tx, id); err != nil {
					return err
				}
				switch kind(i) {
				case "error":
					return mine
				case "panic":
					panic("a bug in one transaction")
				case "statement": // one that the database refuses
					return tx.AddLog(&models.Log{Device: "nobody", Head: []byte{1}})
				case "again":
					if runs++; runs < 3 {
						return gateway.ErrAgain
					}
				}
				return nil
			})
		})
	}
	time.Sleep(50 * time.Millisecond) // for most of them to stand in the queue; nothing rests on it
	release()
	wg.Wait()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	have := unitsOf(t, storetest.Open(t, target))
	for i, err := range errs {
		k := kind(i)
		good := k == "" || k == "again"
		if good != (err == nil) || good != have[fmt.Sprintf("u%03d", i)] {
			t.Errorf("%d (%s): %v, stored: %v", i, k, err, have[fmt.Sprintf("u%03d", i)])
		}
		if k == "panic" && problem.CodeOf(err) != problem.Internal || k == "statement" && problem.CodeOf(err) != problem.Unavailable {
			t.Errorf("%d (%s): %v", i, k, err)
		}
	}
}

func TestQueueFull(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	release := busy(t, db)
	var ran, refused, wrong atomic.Int64
	var wg sync.WaitGroup
	for range 4096 + 200 {
		wg.Go(func() {
			err := db.Update(context.Background(), func(gateway.Tx) error { ran.Add(1); return nil })
			var p *problem.Error
			switch {
			case err == nil:
			case errors.As(err, &p) && p.Code == problem.Overloaded && p.Retry > 0:
				refused.Add(1)
			default:
				wrong.Add(1)
			}
		})
	}
	for end := time.Now().Add(10 * time.Second); refused.Load() < 200 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	release()
	wg.Wait()
	if ran.Load() != 4096 || refused.Load() != 200 || wrong.Load() != 0 {
		t.Errorf("%d ran, %d were turned away, %d went wrong", ran.Load(), refused.Load(), wrong.Load())
	}
}

// TestCancelled: a caller that gives up while it waits is taken out, and others are not.
func TestCancelled(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	release := busy(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	var ran atomic.Bool
	wg.Go(func() {
		err := db.Update(ctx, func(gateway.Tx) error { ran.Store(true); return nil })
		if problem.CodeOf(err) != problem.Unavailable || !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	wg.Go(func() {
		if err := db.Update(t.Context(), func(tx gateway.Tx) error { return put(tx, "other") }); err != nil {
			t.Error(err)
		}
	})
	time.Sleep(20 * time.Millisecond)
	cancel()
	release()
	wg.Wait()
	if ran.Load() || !unitsOf(t, db)["other"] {
		t.Errorf("the cancelled one ran: %v", ran.Load())
	}
}

func TestAfterClose(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		db := storetest.Open(t, target)
		var wg sync.WaitGroup
		for i := range 20 { // those that are on their way end one way or the other, never in between
			wg.Go(func() {
				err := db.Update(context.Background(), func(tx gateway.Tx) error { return put(tx, fmt.Sprint(i)) })
				if err != nil && problem.CodeOf(err) != problem.Unavailable {
					t.Error(err)
				}
			})
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		fn := func(gateway.Tx) error { t.Error("it ran"); return nil }
		if err := db.Update(t.Context(), fn); problem.CodeOf(err) != problem.Unavailable {
			t.Errorf("Update: %v", err)
		}
		if err := db.View(t.Context(), fn); problem.CodeOf(err) != problem.Unavailable {
			t.Errorf("View: %v", err)
		}
		if err := db.Ping(t.Context()); problem.CodeOf(err) != problem.Unavailable {
			t.Errorf("Ping: %v", err)
		}
	})
}

// TestDeadlock makes two transactions lock two rows in opposite orders: Postgres ends one of them,
// which is run again.
func TestDeadlock(t *testing.T) {
	t.Parallel()
	target := pgtest.URL(t)
	db := storetest.Open(t, target)
	var nos [2]int64
	err := db.Update(t.Context(), func(tx gateway.Tx) error {
		for i, name := range []string{"one", "two"} {
			s, err := tx.AddScope("", name)
			if err != nil {
				return err
			}
			nos[i] = s.No
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var wg, met sync.WaitGroup
	met.Add(2)
	var runs atomic.Int64
	for i := range 2 {
		first := true
		wg.Go(func() {
			err := db.Update(t.Context(), func(tx gateway.Tx) error {
				runs.Add(1)
				if _, err := tx.Advance(map[int64]int64{nos[i]: 1}); err != nil {
					return err
				}
				if first {
					first = false
					met.Done()
					met.Wait()
				}
				_, err := tx.Advance(map[int64]int64{nos[1-i]: 1})
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var sum int64
	storetest.OpenRaw(t, target).Row("SELECT sum(seq) FROM scope", nil, &sum)
	if sum != 4 || runs.Load() < 3 { // a third run may meet the first again
		t.Errorf("the counters add up to %d after %d runs, want 4 after 3 or more", sum, runs.Load())
	}
}

// TestTwoWriters: two programs on one SQLite file take turns.
func TestTwoWriters(t *testing.T) {
	t.Parallel()
	target := t.TempDir() + "/fieldsync.db"
	a, b := storetest.Open(t, target), storetest.Open(t, target)
	var wg sync.WaitGroup
	for i := range 40 {
		for name, db := range map[string]*store.DB{"a": a, "b": b} {
			wg.Go(func() {
				if err := db.Update(t.Context(), func(tx gateway.Tx) error { return put(tx, name+fmt.Sprint(i)) }); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if n := len(unitsOf(t, a)); n != 80 {
		t.Errorf("%d units, want 80", n)
	}
}

// TestInstallOnce: what servers share is made once and told to each of them alike.
func TestInstallOnce(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		storetest.Open(t, target)
		var mu sync.Mutex
		epochs, secrets := map[string]bool{}, map[string]bool{}
		var wg sync.WaitGroup
		for i := range 4 {
			db := open(t, target)
			wg.Go(func() {
				inst, s, err := db.Install(t.Context(), func() string { return fmt.Sprintf("id-%d-%p", i, new(int)) }, 5)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				epochs[inst.ServerEpoch], secrets[string(s.Token)] = true, true
				if inst.Key == nil || inst.Device == "" || inst.Officer == "" || len(s.Token) != 32 {
					t.Errorf("%+v", inst)
				}
			})
		}
		wg.Wait()
		if len(epochs) != 1 || len(secrets) != 1 {
			t.Errorf("%d epochs, %d secrets", len(epochs), len(secrets))
		}
		db := open(t, target)
		was, _, err := db.Install(t.Context(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		epoch, n, err := db.Restored(t.Context(), func() string { return "new" }, 0)
		if err != nil || epoch != "new" || n != was.Restore+1 {
			t.Errorf("Restored: %q, %d, %v", epoch, n, err)
		}
		is, _, err := db.Install(t.Context(), nil, 0)
		if err != nil || is.ServerEpoch != "new" || is.Restore != n || !is.Key.Equal(was.Key) || is.Device != was.Device {
			t.Errorf("after a restore: %+v, %v", is, err)
		}
	})
}
