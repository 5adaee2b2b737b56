package media_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/models"
)

// TestEveryOrder sends four units in each order, one by one, each twice.
func TestEveryOrder(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	for i, order := range permutations([]int64{0, 1, 2, 3}) {
		p := w.announce("a", jpegOf(t, uint64(i), 3*unit+100), "image/jpeg")
		var state *media.State
		for k, u := range order {
			for range 2 {
				var err error
				if state, err = put(s, "a", p, u, 1); err != nil {
					t.Fatal(err)
				}
			}
			if k < 3 && (state.State != models.PhotoPartial || sumOf(state.Missing) != int64(3-k) || covers(state.Missing, u)) {
				t.Fatalf("%v after %d: %+v", order, k+1, state)
			}
		}
		w.wantStored(p, state)
	}
	if w.ledger.lines != 24 {
		t.Errorf("%d lines", w.ledger.lines)
	}
}

func permutations(of []int64) (all [][]int64) {
	if len(of) < 2 {
		return [][]int64{slices.Clone(of)}
	}
	for i := range of {
		for _, rest := range permutations(slices.Delete(slices.Clone(of), i, i+1)) {
			all = append(all, append([]int64{of[i]}, rest...))
		}
	}
	return all
}

func sumOf(missing [][2]int64) (n int64) {
	for _, m := range missing {
		n += m[1] - m[0] + 1
	}
	return n
}

func covers(missing [][2]int64, u int64) bool {
	return slices.ContainsFunc(missing, func(m [2]int64) bool { return m[0] <= u && u <= m[1] })
}

// TestOverlaps sends ranges of any size from two devices, over each other, and compares what is missing with a bitmap.
func TestOverlaps(t *testing.T) {
	for seed := range uint64(30) {
		w := newWorld(t)
		s := w.service()
		r := rand.New(rand.NewPCG(seed, 1))
		p := w.announce("a", jpegOf(t, seed, r.IntN(30*unit)+2000), "image/jpeg")
		w.ledger.colleague["b "+scope] = true
		left := map[int64]bool{}
		for u := range p.units() {
			left[u] = true
		}
		for len(left) > 0 {
			first := r.Int64N(p.units())
			n := min(1+r.Int64N(8), p.units()-first)
			state, err := put(s, []string{"a", "b"}[r.IntN(2)], p, first, n)
			if err != nil {
				t.Fatal(err)
			}
			for u := first; u < first+n; u++ {
				delete(left, u)
			}
			for u := range p.units() {
				if covers(state.Missing, u) != left[u] {
					t.Fatalf("seed %d: unit %d of %v, left %v", seed, u, state.Missing, left)
				}
			}
			if len(left) == 0 {
				w.wantStored(p, state)
			}
		}
	}
}

func TestBadUnits(t *testing.T) {
	w := newWorld(t)
	w.config.Limits = media.Limits{PhotoBytes: 3 * unit, VideoBytes: 4 * unit, PhotoQuota: 5 * unit}
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 2*unit+100), "image/jpeg")
	big := w.announce("a", jpegOf(t, 2, 3*unit+1), "image/jpeg")
	full := w.announce("a", jpegOf(t, 3, 3*unit), "image/jpeg")
	nameless := w.announce("a", jpegOf(t, 4, 4*unit+1), "application/octet-stream")
	path := &photo{id: "../../etc/passwd", sum: "../../x", scope: scope, data: p.data}
	w.announceAs(path, "a", scope, 5, "image/jpeg")
	part := func(n int) []byte { return make([]byte, n) }
	if _, err := put(s, "a", p, 0, 1); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, device, id string
		first            int64
		body             []byte
		code             problem.Code
	}{
		{"a number below 0", "a", p.id, -1, part(unit), problem.Invalid},
		{"a number beyond the last", "a", p.id, 3, part(unit), problem.Invalid},
		{"a number far beyond", "a", p.id, 1 << 40, part(unit), problem.Invalid},
		{"the number that overflows", "a", p.id, 1<<63 - 1, part(unit), problem.Invalid},
		{"no bytes", "a", p.id, 0, nil, problem.Invalid},
		{"half a unit", "a", p.id, 0, part(unit / 2), problem.Invalid},
		{"a unit and a byte", "a", p.id, 0, part(unit + 1), problem.Invalid},
		{"the last one full", "a", p.id, 2, part(unit), problem.Invalid},
		{"the last one short", "a", p.id, 2, part(99), problem.Invalid},
		{"beyond the end", "a", p.id, 1, part(2 * unit), problem.Invalid},
		{"nine units", "a", p.id, 0, part(9 * unit), problem.TooLarge},
		{"an original over the limit", "a", big.id, 0, part(unit), problem.TooLarge},
		{"one that may be a video, over its limit", "a", nameless.id, 0, part(unit), problem.TooLarge},
		{"over the quota", "a", full.id, 0, full.part(0, 1), problem.Quota},
		{"not announced", "a", "nobody", 0, part(unit), problem.NotFound},
		{"somebody else's", "b", p.id, 0, p.part(0, 1), problem.NotFound},
		{"a path", "a", "../../etc", 0, part(5), problem.NotFound},
		{"a path for a hash", "a", path.id, 0, part(5), problem.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := putBody(s, c.device, c.id, c.first, c.body)
			wantCode(t, err, c.code)
		})
	}
	_, err := s.PutUnits(t.Context(), "a", p.id, 1, [32]byte{}, p.part(1, 1))
	wantCode(t, err, problem.BadDigest)
	state := w.putAll(s, "a", p) // nothing of all that is in the way
	if state.State != models.PhotoStored || w.ledger.row(t, big) != nil || w.ledger.row(t, full) != nil {
		t.Errorf("%+v", state)
	}
}

// TestNamelessVideo: what a phone has no name for may be as large as a video, and what is too large for the picture that it
// turns out to be is refused with its reason.
func TestNamelessVideo(t *testing.T) {
	w := newWorld(t)
	w.config.Limits = media.Limits{PhotoBytes: unit, VideoBytes: 4 * unit}
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 2*unit), "application/octet-stream")
	state, err := put(s, "a", p, 0, 1)
	if err != nil || state.State != models.PhotoPartial {
		t.Fatalf("%+v, %v", state, err)
	}
	w.wantRefused(p, w.putAll(s, "a", p), media.ReasonTooLarge)
}

// TestAnnouncedSize is shorter or longer than the original: it can never come whole.
func TestAnnouncedSize(t *testing.T) {
	for _, size := range []int64{unit + 50, unit + 200, 5 * unit} {
		w := newWorld(t)
		s := w.service()
		data := jpegOf(t, 1, unit+100)
		p := w.announce("a", data, "image/jpeg")
		w.ledger.announced[0].Bytes = size
		lie := append(slices.Clone(data), make([]byte, 5*unit)...)[:size]
		_, err := putBody(s, "a", p.id, 0, lie)
		wantCode(t, err, problem.HashMismatch)
		w.wantSpool(0)
		if w.ledger.row(t, p) != nil || w.have(s, "a", p).State != models.PhotoAnnounced {
			t.Error("a row is left")
		}
		// Somebody who announces it as it is can deliver it.
		q := &photo{id: "right", scope: scope, sum: p.sum, device: "b", data: data}
		w.announceAs(q, "b", scope, int64(len(data)), "image/jpeg")
		w.wantStored(q, w.putAll(s, "b", q))
	}
}

// TestKnownHash lets a stranger announce what is stored in another scope: it opens nothing.
func TestKnownHash(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, unit+100), "image/jpeg")
	w.wantStored(p, w.putAll(s, "a", p))
	q := &photo{id: "stranger's", scope: "elsewhere", sum: p.sum, device: "z", data: p.data}
	w.announceAs(q, "z", q.scope, int64(len(p.data)), "image/jpeg")
	if state := w.have(s, "z", q); state.State != models.PhotoAnnounced || state.Receipt != nil {
		t.Fatalf("%+v", state)
	}
	if state, err := put(s, "z", q, 0, 1); err != nil || state.State != models.PhotoPartial {
		t.Fatalf("%+v, %v", state, err)
	}
	w.wantStored(q, w.putAll(s, "z", q))
	if n := len(w.keys(w.blobs, "orig/")); n != 1 {
		t.Errorf("stored %d times", n)
	}
}

// TestRevoked lets a revoked phone deliver what it announced, and nothing else; a deleted photo is still taken.
func TestRevoked(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p, q := w.announce("a", jpegOf(t, 1, 100_000), "image/jpeg"), w.announce("b", jpegOf(t, 2, 100_000), "image/jpeg")
	w.ledger.colleague["a "+scope], w.ledger.revoked["a"] = true, true
	w.wantStored(p, w.putAll(s, "a", p))
	_, err := put(s, "a", q, 0, 1)
	wantCode(t, err, problem.NotFound)
	if state := w.have(s, "a", q); state.State != models.PhotoUnknown {
		t.Errorf("%+v", state)
	}
}

// TestPoison has a colleague send wrong units. Nobody else's are lost by that, whoever asks.
func TestPoison(t *testing.T) {
	for name, run := range map[string]func(*world, *media.Service, *photo){
		"before": func(w *world, s *media.Service, p *photo) { w.poison(s, p, 1) },
		"last": func(w *world, s *media.Service, p *photo) {
			if _, err := put(s, "a", p, 1, 3); err != nil {
				w.t.Fatal(err)
			}
			w.poison(s, p, 0)
		},
		"again and again": func(w *world, s *media.Service, p *photo) {
			for u := range int64(3) {
				w.poison(s, p, u)
				if _, err := put(s, "a", p, u, 1); err != nil {
					w.t.Fatal(err)
				}
				w.poison(s, p, u)
				w.have(s, "b", p)
			}
		},
		"all": func(w *world, s *media.Service, p *photo) {
			if _, err := put(s, "a", p, 0, 2); err != nil {
				w.t.Fatal(err)
			}
			for u := range int64(3) {
				w.poison(s, p, u)
			}
			_, err := putBody(s, "b", p.id, 3, make([]byte, 100))
			wantCode(w.t, err, problem.HashMismatch)
			w.wantSpool(1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			s := w.service()
			p := w.announce("a", jpegOf(t, 5, 3*unit+100), "image/jpeg")
			w.ledger.colleague["b "+scope] = true
			run(w, s, p)
			sent := 0
			w.step = func(op, key string) error {
				if op == "spool before put" {
					sent++
				}
				return nil
			}
			w.wantStored(p, w.putAll(s, "a", p))
			if sent > 2*4+2 {
				t.Errorf("%d batches were needed", sent)
			}
		})
	}
}

func (w *world) poison(s *media.Service, p *photo, u int64) {
	w.t.Helper()
	if _, err := putBody(s, "b", p.id, u, bytes.Repeat([]byte{0xbb}, len(p.part(u, 1)))); err != nil {
		w.t.Fatalf("poison: %v", err)
	}
}

// TestAtOnce has two devices send the same photo at once, each all of it, to two servers.
func TestAtOnce(t *testing.T) {
	for round := range uint64(8) {
		w := newWorld(t)
		p := w.announce("a", jpegOf(t, round, 6*unit+100), "image/jpeg")
		w.ledger.colleague["b "+scope] = true
		servers := []*media.Service{w.service(), w.service()}
		var wait sync.WaitGroup
		for i, device := range []string{"a", "b"} {
			for lane := range int64(2) { // two requests in flight each
				wait.Go(func() {
					for u := lane; u < p.units(); u += 2 {
						if _, err := put(servers[(i+int(round))%2], device, p, u, 1); err != nil && problem.CodeOf(err) != problem.Unavailable {
							t.Errorf("unit %d: %v", u, err)
						}
					}
				})
			}
		}
		wait.Wait()
		state := w.have(servers[0], "a", p)
		w.later = 15 * 24 * time.Hour // what came to one server just when the other had finished
		if err := servers[1].Janitor(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.wantStored(p, state)
		if w.ledger.lines != 1 {
			t.Errorf("%d lines", w.ledger.lines)
		}
	}
}

// TestHangUp has the phone gone while its photo is finished: it is finished all the same.
func TestHangUp(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	w.config.Scan = func(context.Context, io.Reader) (string, error) {
		cancel()
		<-release
		return "", nil
	}
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 100_000), "image/jpeg")
	_, err := s.PutUnits(ctx, "a", p.id, 0, sha256.Sum256(p.data), p.data)
	wantCode(t, err, problem.Unavailable)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(release)
	s.Close()
	w.wantStored(p, w.have(w.service(), "a", p))
}
