package media_test

import (
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/models"
)

// partly makes the row of what is stored that of a backup from when its first unit had come.
func (w *world) partly(p *photo) {
	w.t.Helper()
	o := w.ledger.row(w.t, p)
	w.ledger.rows[p.scope+" "+p.sum] = &models.Original{Scope: o.Scope, SHA256: o.SHA256, Bytes: o.Bytes, State: models.PhotoPartial,
		Device: o.Device, BegunMS: o.BegunMS, LastMS: o.LastMS, Preview: true}
	w.ledger.receipts = map[string]*media.Receipt{}
}

// TestAdoptPartial restores a backup that was taken while the original came.
func TestAdoptPartial(t *testing.T) {
	for name, ask := range map[string]func(*world, *media.Service, *photo){
		"asked": func(w *world, s *media.Service, p *photo) { w.have(s, "a", p) },
		"nobody asks": func(w *world, s *media.Service, p *photo) {
			if err := s.Adopt(w.t.Context(), &w.ledger.announced[0]); err != nil {
				w.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			s := w.service()
			p := w.announce("a", jpegOf(t, 1, 2*unit), "image/jpeg")
			w.wantStored(p, w.putAll(s, "a", p))
			w.partly(p)
			putRaw(t, w.spool, media.SpoolPrefix(scope, p.sum)+"000000-1-a", p.part(0, 1))
			w.ledger.restored = true
			ask(w, s, p)
			if o := w.ledger.row(t, p); o.State != models.PhotoStored || !o.Preview || o.Device != "a" {
				t.Fatalf("%+v", o)
			}
			w.wantStored(p, w.have(s, "a", p))
		})
	}
}

// TestAdopt takes back what nobody asks for, and nothing else.
func TestAdopt(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 5000), "image/jpeg")
	never := w.announce("a", jpegOf(t, 2, 5000), "image/jpeg")
	foreign := &photo{id: "foreign", scope: "elsewhere", sum: p.sum, device: "z", data: p.data}
	w.announceAs(foreign, "z", foreign.scope, 5000, "image/jpeg")
	w.announceAs(&photo{id: "odd", sum: "../x"}, "a", scope, 5000, "image/jpeg")
	w.wantStored(p, w.putAll(s, "a", p))
	w.ledger.rows, w.ledger.receipts, w.ledger.restored = map[string]*models.Original{}, map[string]*media.Receipt{}, true
	for range 2 {
		for i := range w.ledger.announced {
			if err := s.Adopt(t.Context(), &w.ledger.announced[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if w.ledger.row(t, p) == nil || w.ledger.row(t, never) != nil || w.ledger.row(t, foreign) != nil {
		t.Errorf("%v", w.ledger.rows)
	}
	w.wantStored(p, w.have(s, "a", p))
}

// TestLostByTheStore restores a database that knows more than the store has: what is gone comes again, from whoever has it.
func TestLostByTheStore(t *testing.T) {
	w := newWorld(t)
	w.config.Limits.Pixels = 64 * 48
	s := w.service()
	p, kept := w.announce("a", jpegOf(t, 1, 2*unit), "image/jpeg"), w.announce("a", jpegOf(t, 2, 5000), "image/jpeg")
	for _, x := range []*photo{p, kept} {
		w.wantStored(x, w.putAll(s, "a", x))
	}
	if err := w.blobs.Delete(t.Context(), media.OriginalKey(p.sum)); err != nil {
		t.Fatal(err)
	}
	if state := w.have(s, "a", p); state.State != models.PhotoStored {
		t.Fatalf("an installation that was not restored asks its store: %+v", state)
	}
	w.ledger.restored = true
	late := &photo{id: "late", scope: scope, sum: p.sum, device: "c", data: p.data}
	w.announceAs(late, "c", scope, 2*unit, "image/jpeg")
	for _, x := range []*photo{p, late} {
		if state := w.have(s, x.device, x); state.State != models.PhotoPartial || sumOf(state.Missing) != 2 || state.Receipt != nil {
			t.Fatalf("%+v", state)
		}
	}
	if state, err := put(s, "a", p, 1, 1); err != nil || state.State != models.PhotoPartial || sumOf(state.Missing) != 1 {
		t.Fatalf("%+v, %v", state, err)
	}
	w.later = looseAndMore // the phone rests
	if err := s.Janitor(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.wantSpool(1)
	w.config.Limits.Pixels = 1 // stricter than when it was taken
	s = w.service()
	w.wantStored(p, w.putAll(s, "a", p))
	w.wantStored(late, w.have(s, "c", late))
	stats := 0
	w.step = func(op, key string) error {
		if op == "store before stat" {
			stats++
		}
		return nil
	}
	for range 3 {
		w.wantStored(kept, w.have(s, "a", kept))
	}
	if stats != 1 || w.ledger.lines != 2 {
		t.Errorf("%d questions to the store, %d lines", stats, w.ledger.lines)
	}
}

// TestPause has a server whose spool nobody else looks into.
func TestPause(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 5000), "image/jpeg")
	s.Pause(true)
	_, err := s.PutUnits(t.Context(), "a", p.id, 0, sha256.Sum256(p.data), p.data)
	wantCode(t, err, problem.Unavailable)
	var e *problem.Error
	if !errors.As(err, &e) || e.Retry <= 0 {
		t.Errorf("without a time to try again: %v", err)
	}
	w.wantSpool(0)
	s.Pause(false)
	w.wantStored(p, w.putAll(s, "a", p))
}

// TestHaveOnce asks again and again: an original is listed once, whatever its photos are called.
func TestHaveOnce(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 2*unit), "image/jpeg")
	twin := &photo{id: "twin", scope: scope, sum: p.sum, device: "a", data: p.data}
	w.announceAs(twin, "a", scope, 2*unit, "image/jpeg")
	if _, err := put(s, "a", p, 1, 1); err != nil {
		t.Fatal(err)
	}
	lists := 0
	w.step = func(op, key string) error {
		if strings.HasPrefix(op, "spool before list") {
			lists++
		}
		return nil
	}
	var ids []string
	for range 100 {
		ids = append(ids, p.id, "nobody", twin.id)
	}
	states, err := s.Have(t.Context(), "a", ids)
	if err != nil || lists != 1 {
		t.Fatalf("listed %d times, %v", lists, err)
	}
	for i, state := range states {
		want := []models.PhotoState{models.PhotoPartial, models.PhotoUnknown, models.PhotoPartial}[i%3]
		if state.ID != ids[i] || state.State != want || want == models.PhotoPartial && sumOf(state.Missing) != 1 {
			t.Fatalf("%d: %+v", i, state)
		}
	}
	// A large one is not even listed each time.
	big := w.announce("a", jpegOf(t, 2, 90*unit), "image/jpeg")
	if _, err := put(s, "a", big, 0, 1); err != nil {
		t.Fatal(err)
	}
	lists = 0
	w.have(s, "a", big)
	w.have(s, "a", big)
	if lists > 1 {
		t.Errorf("a large one was listed %d times", lists)
	}
}

// TestHaveFinishesOnce asks for many photos of one original that is whole and wrong: it is read once.
func TestHaveFinishesOnce(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 2*unit), "image/jpeg")
	ids := []string{p.id}
	for range 20 {
		twin := &photo{id: "twin" + strings.Repeat("x", len(ids)), sum: p.sum}
		w.announceAs(twin, "a", scope, 2*unit, "image/jpeg")
		ids = append(ids, twin.id)
	}
	w.ledger.colleague["b "+scope] = true
	if _, err := put(s, "a", p, 0, 1); err != nil {
		t.Fatal(err)
	}
	putRaw(t, w.spool, media.SpoolPrefix(scope, p.sum)+"000001-1-b", make([]byte, unit))
	reads := 0
	w.step = func(op, key string) error {
		if op == "spool before get" && strings.HasSuffix(key, "-a") {
			reads++
		}
		return nil
	}
	states, err := s.Have(t.Context(), "a", ids)
	if err != nil || reads != 1 {
		t.Fatalf("read %d times, %v", reads, err)
	}
	for _, state := range states {
		if state.State != models.PhotoPartial || sumOf(state.Missing) != 1 {
			t.Errorf("%+v", state)
		}
	}
}
