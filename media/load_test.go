package media_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/models"
)

// TestMemory has 32 phones send a photo of 4 MiB each, two of them one of 32 MiB, all in flight at once.
func TestMemory(t *testing.T) {
	const phones = 32
	w := newWorld(t)
	w.hooks()
	var photos []*photo
	for i := range phones {
		size := 4 << 20
		if i < 2 {
			size = 32 << 20
		}
		photos = append(photos, w.announce(fmt.Sprintf("phone%d", i), jpegOf(t, uint64(i), size), "image/jpeg"))
	}
	s := w.service()
	// All wait for each other with their first units, so that they really are in flight together.
	var arrived atomic.Int64
	all := make(chan struct{})
	var once sync.Map
	w.step = func(op, key string) error {
		if _, seen := once.LoadOrStore(key, true); !seen && op == "spool before put" && key[len(key)-5:] != "scope" && arrived.Load() < phones {
			if arrived.Add(1) == phones {
				close(all)
			}
			<-all
		}
		return nil
	}
	peak := watchMemory(t, func() {
		var wait sync.WaitGroup
		for _, p := range photos {
			wait.Go(func() {
				var state *media.State
				for u := int64(0); u < p.units(); u += 8 {
					var err error
					if state, err = put(s, p.device, p, u, min(8, p.units()-u)); err != nil {
						t.Errorf("%s: %v", p.device, err)
						return
					}
				}
				if state.State != models.PhotoStored {
					t.Errorf("%s: %+v", p.device, state)
				}
			})
		}
		wait.Wait()
	})
	t.Logf("%d uploads in flight: %d KiB each", phones, peak/phones>>10)
	if peak > phones*2<<20 {
		t.Errorf("%d KiB for each upload", peak/phones>>10)
	}
	w.step = func(string, string) error { return nil }
	for _, p := range photos {
		w.wantStored(p, w.have(s, p.device, p))
	}
}

// watchMemory returns by how many bytes heap and stacks grew while run ran, looked at every millisecond.
func watchMemory(t *testing.T, run func()) uint64 {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(2)) // what is garbage hardly counts
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := m.HeapAlloc + m.StackInuse
	peak := before
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc+m.StackInuse)
			}
		}
	}()
	run()
	close(stop)
	<-stopped
	return peak - before
}

// TestTinyRequests sends 100,000 requests for nothing in particular, which cost next to nothing and leave nothing.
func TestTinyRequests(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 3*unit), "image/jpeg")
	n := 100_000
	if testing.Short() {
		n = 1000
	}
	peak := watchMemory(t, func() {
		for i := range n {
			if _, err := putBody(s, "a", p.id, int64(i%5), []byte{byte(i)}); err == nil {
				t.Fatal("a byte was taken for a unit")
			}
		}
	})
	if peak > 8<<20 {
		t.Errorf("%d KiB", peak>>10)
	}
	if len(w.keys(w.spool, "")) > 0 || len(w.ledger.rows) > 0 {
		t.Error("something is left")
	}
}

// TestLarge sends an original of 200 units, one by one, to two servers in turn. It is whole with the last of them, and the
// spool is not listed for each.
func TestLarge(t *testing.T) {
	w := newWorld(t)
	p := w.announce("a", jpegOf(t, 1, 200*unit-5), "image/jpeg")
	servers := []*media.Service{w.service(), w.service()}
	var lists atomic.Int64
	w.step = func(op, _ string) error {
		if op == "spool before list" {
			lists.Add(1)
		}
		return nil
	}
	var state *media.State
	for i, u := range rand.New(rand.NewPCG(1, 2)).Perm(200) {
		var err error
		if state, err = put(servers[i%2], "a", p, int64(u), 1); err != nil {
			t.Fatal(err)
		}
		if i < 199 && state.State != models.PhotoPartial {
			t.Fatalf("after %d units: %+v", i, state)
		}
	}
	if state.State != models.PhotoStored { // one server may have known less than the other just then: the phone asks
		state = w.have(servers[0], "a", p)
	}
	w.wantStored(p, state)
	t.Logf("%d listings for 200 requests", lists.Load())
	if lists.Load() > 150 {
		t.Errorf("%d listings for 200 requests", lists.Load())
	}
}

// BenchmarkPhoto takes in whole photos of 4 MiB, a MiB at a time, hashed, examined and synced to the disk.
func BenchmarkPhoto(b *testing.B) {
	w := newWorld(b)
	s := w.service()
	var photos []*photo
	for i := range 16 {
		photos = append(photos, w.announce("a", jpegOf(b, uint64(i), 4<<20), "image/jpeg"))
	}
	b.SetBytes(4 << 20)
	for i := 0; b.Loop(); i++ {
		p := photos[i%len(photos)]
		for u := int64(0); u < p.units(); u += 8 {
			if _, err := put(s, "a", p, u, 8); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		w.ledger.rows, w.ledger.receipts = map[string]*models.Original{}, map[string]*media.Receipt{}
		if err := w.blobs.Delete(b.Context(), media.OriginalKey(p.sum)); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
