package media_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/media/blobtest"
	"github.com/fieldsync/fieldsync/models"
)

// hooks has facts and a scanner, so that every step of a finish is there.
func (w *world) hooks() {
	w.config.Facts = func(r io.ReadSeeker) (string, error) {
		if _, err := r.Seek(2, io.SeekStart); err != nil {
			return "", err
		}
		var b [2]byte
		_, err := io.ReadFull(r, b[:])
		return fmt.Sprintf(`{"mark":"%x"}`, b), err
	}
	w.config.Scan = func(_ context.Context, r io.Reader) (string, error) {
		_, err := io.Copy(io.Discard, r)
		return "", err
	}
}

// The last request of a photo: the third of three, the only one, and the third of what is refused.
const (
	lastOfThree = iota
	onlyOne
	lastRefused
	lastRequests
)

// lastUnit is a photo all of whose units are here but the last, and the number of that.
func lastUnit(t *testing.T, kind int) (w *world, p *photo, last int64) {
	t.Helper()
	w = newWorld(t)
	w.hooks()
	data := jpegOf(t, 3, 2*unit+100)
	switch kind {
	case onlyOne:
		data = jpegOf(t, 3, 5000)
	case lastRefused:
		data = blobtest.Bytes(3, 2*unit+100)
	}
	p = w.announce("a", data, "image/jpeg")
	last = p.units() - 1
	s := w.service()
	for u := range last {
		if _, err := put(s, "a", p, u, 1); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	return w, p, last
}

// record returns the steps of the last request when nothing goes wrong.
func record(t *testing.T, kind int) (steps []string) {
	t.Helper()
	w, p, last := lastUnit(t, kind)
	var mu sync.Mutex
	w.step = func(op, key string) error {
		mu.Lock()
		defer mu.Unlock()
		steps = append(steps, op+" "+key)
		return nil
	}
	s := w.service()
	if _, err := put(s, "a", p, last, 1); err != nil {
		t.Fatal(err)
	}
	s.Close()
	return steps
}

var errKilled = errors.New("killed")

// TestKilled kills the server before and after every step of the last request. Another goes on over the same folders:
// nothing is lost, the original is there once, and nothing waits any more.
func TestKilled(t *testing.T) {
	for kind := range lastRequests {
		steps := record(t, kind)
		t.Logf("%d places to die at", len(steps))
		if len(steps) < 40 {
			t.Fatalf("%v", steps)
		}
		for k := range steps {
			w, p, last := lastUnit(t, kind)
			var n atomic.Int64
			w.step = func(string, string) error {
				if n.Add(1) > int64(k) {
					return errKilled // and so does everything after it
				}
				return nil
			}
			s := w.service()
			_, err := put(s, "a", p, last, 1)
			s.Close()
			w.step = func(string, string) error { return nil }
			w.after(t, w.service(), p, kind == lastRefused, fmt.Sprintf("killed at %s (%v)", steps[k], err))
		}
	}
}

// TestTrouble has one step fail, which the phone is told, and go on the next time with the same server.
func TestTrouble(t *testing.T) {
	for kind := range lastRequests {
		for k, step := range record(t, kind) {
			w, p, last := lastUnit(t, kind)
			var n atomic.Int64
			w.step = func(string, string) error {
				if n.Add(1) == int64(k)+1 {
					return blobtest.Down()
				}
				return nil
			}
			s := w.service()
			state, err := put(s, "a", p, last, 1)
			tolerated := state != nil && (state.State == models.PhotoStored || state.State == models.PhotoRefused)
			if problem.CodeOf(err) != problem.Unavailable && !tolerated {
				t.Errorf("%s failed: %+v, %v", step, state, err)
			}
			w.after(t, s, p, kind == lastRefused, step)
		}
	}
}

// after goes on as a phone does, and checks the end.
func (w *world) after(t *testing.T, s *media.Service, p *photo, refused bool, what string) {
	t.Helper()
	state := w.putAll(s, "a", p)
	w.later = looseAndMore // a death after the receipt leaves units
	if err := s.Janitor(t.Context()); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if w.ledger.lines != 1 {
		t.Fatalf("%s: %d lines", what, w.ledger.lines)
	}
	if !refused {
		w.wantStored(p, state)
		if facts := w.ledger.row(t, p).Facts; facts != `{"mark":"ffe2"}` {
			t.Errorf("%s: facts %q", what, facts)
		}
		return
	}
	w.wantRefused(p, state, media.ReasonWrongType)
}

func (w *world) wantRefused(p *photo, state *media.State, reason string) {
	w.t.Helper()
	if state.State != models.PhotoRefused || state.Reason != reason || state.Receipt != nil {
		w.t.Fatalf("%+v, want %s", state, reason)
	}
	if o := w.ledger.row(w.t, p); o.State != models.PhotoRefused || o.Reason != reason || o.StoredMS != 0 {
		w.t.Fatalf("%+v", o)
	}
	if !bytes.Equal(w.read(w.blobs, media.QuarantineKey(p.scope, p.sum)), p.data) {
		w.t.Error("the quarantine holds other bytes")
	}
	if keys := w.keys(w.blobs, "o"); len(keys) > 0 {
		w.t.Errorf("in the store: %v", keys)
	}
	w.wantSpool(0)
}

func TestRefused(t *testing.T) {
	small := jpegOf(t, 1, 5000)
	var big bytes.Buffer
	if err := png.Encode(&big, image.NewGray(image.Rect(0, 0, 100, 90))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		reason, mime string
		data         []byte
	}{
		{media.ReasonWrongType, "image/jpeg", []byte("<html><script>alert(1)</script>")},
		{media.ReasonWrongType, "image/gif", []byte("GIF89a made up")},
		{media.ReasonTruncated, "image/jpeg", small[:4000]},
		{media.ReasonTrailingData, "image/jpeg", append(small[:5000:5000], "PK\x03\x04 made up"...)},
		{media.ReasonTooManyPixels, "image/png", big.Bytes()},
		{media.ReasonTooLarge, "video/mp4", jpegOf(t, 2, 20_000)},
		{media.ReasonScanner, "image/jpeg", jpegOf(t, 3, 6000)},
	} {
		w := newWorld(t)
		w.config.Limits = media.Limits{Pixels: 64 * 48, PhotoBytes: 10_000}
		w.config.Scan = func(_ context.Context, r io.Reader) (string, error) {
			if c.reason == media.ReasonScanner {
				return "Made.Up.Virus", nil
			}
			return "", nil
		}
		s := w.service()
		p := w.announce("a", c.data, c.mime)
		w.wantRefused(p, w.putAll(s, "a", p), c.reason)
		if state, err := put(s, "a", p, 0, 1); err != nil || state.Reason != c.reason { // it says so again
			t.Errorf("%+v, %v", state, err)
		}
		w.wantSpool(0)
	}
}

// TestHooks break: facts cost nothing but themselves, a scanner's trouble is waited for.
func TestHooks(t *testing.T) {
	for _, facts := range []func(io.ReadSeeker) (string, error){
		func(io.ReadSeeker) (string, error) { panic("a hostile file") },
		func(io.ReadSeeker) (string, error) { return "half", errors.New("a hostile file") },
	} {
		w := newWorld(t)
		w.config.Facts = facts
		p := w.announce("a", jpegOf(t, 1, 5000), "image/jpeg")
		w.wantStored(p, w.putAll(w.service(), "a", p))
		if got := w.ledger.row(t, p).Facts; got != "" {
			t.Errorf("facts %q", got)
		}
	}
	w := newWorld(t)
	calls := 0
	w.config.Scan = func(context.Context, io.Reader) (string, error) {
		if calls++; calls == 1 {
			return "", errors.New("the scanner is restarted")
		} else if calls == 2 {
			panic("the scanner")
		}
		return "", nil
	}
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 5000), "image/jpeg")
	_, err := put(s, "a", p, 0, 1)
	wantCode(t, err, problem.Unavailable)
	if state := w.have(s, "a", p); state.State != models.PhotoPartial || len(state.Missing) > 0 {
		t.Errorf("%+v", state)
	}
	w.wantStored(p, w.have(s, "a", p))
}

// TestDamaged has the store hold other bytes under the key of an original: they are replaced before a receipt is given.
func TestDamaged(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 5000), "image/jpeg")
	for _, damaged := range [][]byte{make([]byte, 5000), p.data[:4000], nil} {
		putRaw(t, w.blobs, media.OriginalKey(p.sum), damaged)
		w.wantStored(p, w.putAll(s, "a", p))
		if err := w.blobs.Delete(t.Context(), media.OriginalKey(p.sum)); err != nil {
			t.Fatal(err)
		}
		w.ledger.rows, w.ledger.receipts = map[string]*models.Original{}, map[string]*media.Receipt{}
	}
}

// TestPowerCut leaves batches in the spool that are empty or of zeros: what was not flushed.
func TestPowerCut(t *testing.T) {
	for name, left := range map[string][]byte{"empty": nil, "zeros": make([]byte, unit)} {
		w := newWorld(t)
		s := w.service()
		p := w.announce("a", jpegOf(t, 1, unit+5000), "image/jpeg")
		if _, err := put(s, "a", p, 0, 1); err != nil {
			t.Fatal(err)
		}
		for _, key := range w.keys(w.spool, "") {
			if strings.HasSuffix(key, "-a") {
				if err := w.spool.Delete(t.Context(), key); err != nil {
					t.Fatal(err)
				}
				putRaw(t, w.spool, key, left)
			}
		}
		if missing := w.have(s, "a", p).Missing; covers(missing, 0) != (name == "empty") {
			t.Errorf("%s: missing %v", name, missing)
		}
		w.wantStored(p, w.putAll(s, "a", p))
	}
}
