package media_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/media/blobtest"
	"github.com/fieldsync/fieldsync/media/diskblob"
	"github.com/fieldsync/fieldsync/models"
)

const (
	unit  = models.PhotoUnit
	scope = "315-2026:示例县/城关所" // never gets into keys
)

// world is folders and a ledger that outlive the services over them.
type world struct {
	t           testing.TB
	ledger      *ledger
	blobs       media.Blobs
	spool       media.Blobs
	config      media.Config
	mu          sync.Mutex
	later       time.Duration
	step        func(op, key string) error
	photoNumber int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, step: func(string, string) error { return nil }}
	w.ledger = newLedger(w.now)
	blobs, err := diskblob.Open(t.TempDir(), diskblob.Options{})
	if err != nil {
		t.Fatal(err)
	}
	spool, err := diskblob.Open(t.TempDir(), diskblob.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	w.blobs, w.spool = blobs, spool
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.later)
}

// service is another process over the same folders.
func (w *world) service() *media.Service {
	w.ledger.step = func(op, key string) error { return w.step("ledger "+op, key) }
	c := w.config
	c.Blobs, c.Spool, c.Ledger, c.Now = w.faults("store", w.blobs), w.faults("spool", w.spool), w.ledger, w.now
	s := media.New(c)
	w.t.Cleanup(s.Close)
	return s
}

func (w *world) faults(name string, b media.Blobs) media.Blobs {
	return &blobtest.Faults{Blobs: b,
		Before: func(op, key string) error { return w.step(name+" before "+op, key) },
		After:  func(op, key string) error { return w.step(name+" after "+op, key) },
	}
}

// photo is an original and who announced it.
type photo struct {
	id, scope, sum, device string
	data                   []byte
}

func (p *photo) units() int64 { return (int64(len(p.data)) + unit - 1) / unit }

func (p *photo) part(first, n int64) []byte {
	return p.data[first*unit : min((first+n)*unit, int64(len(p.data)))]
}

// announce has a device announce an original.
func (w *world) announce(device string, data []byte, mime string) *photo {
	w.photoNumber++
	sum := sha256.Sum256(data)
	p := &photo{id: fmt.Sprintf("photo-%d", w.photoNumber), scope: scope, sum: hex.EncodeToString(sum[:]), device: device, data: data}
	w.announceAs(p, device, scope, int64(len(data)), mime)
	return p
}

func (w *world) announceAs(p *photo, device, scope string, size int64, mime string) {
	w.ledger.announced = append(w.ledger.announced, models.Announcement{Scope: scope, ID: p.id, SHA256: p.sum, Device: device,
		Bytes: size, MIME: mime})
}

// jpegOf is a JPEG of so many bytes, all of them different from seed to seed.
func jpegOf(t testing.TB, seed uint64, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	small := b.Bytes()
	out := append([]byte(nil), small[:2]...)
	for left := size - len(small); left > 0; {
		n := min(left, 60_000)
		if rest := left - n; rest > 0 && rest < 4 {
			n -= 4
		}
		out = append(out, 0xff, 0xe2, byte((n-2)>>8), byte(n-2))
		out = append(out, blobtest.Bytes(seed+uint64(left)*7, n-4)...)
		left -= n
	}
	out = append(out, small[2:]...)
	if len(out) != size {
		t.Fatalf("%d bytes, want %d", len(out), size)
	}
	return out
}

func put(s *media.Service, device string, p *photo, first, n int64) (*media.State, error) {
	return putBody(s, device, p.id, first, p.part(first, n))
}

func putBody(s *media.Service, device, id string, first int64, body []byte) (*media.State, error) {
	return s.PutUnits(context.Background(), device, id, first, sha256.Sum256(body), body)
}

// putAll sends what a phone is told to send until it is told that there is no more, as phones do.
func (w *world) putAll(s *media.Service, device string, p *photo) *media.State {
	w.t.Helper()
	for range 20 {
		state := w.have(s, device, p)
		missing := state.Missing
		switch state.State {
		case models.PhotoStored, models.PhotoRefused:
			return state
		case models.PhotoAnnounced:
			missing = [][2]int64{{0, p.units() - 1}}
		}
		for _, m := range missing {
			for at := m[0]; at <= m[1]; at += 8 {
				if _, err := put(s, device, p, at, min(8, m[1]-at+1)); err != nil && problem.CodeOf(err) != problem.HashMismatch {
					w.t.Fatalf("unit %d: %v", at, err)
				}
			}
		}
	}
	w.t.Fatalf("%s does not end", p.id)
	return nil
}

func (w *world) have(s *media.Service, device string, p *photo) *media.State {
	w.t.Helper()
	states, err := s.Have(context.Background(), device, []string{p.id})
	if err != nil || len(states) != 1 || states[0].ID != p.id {
		w.t.Fatalf("have: %+v, %v", states, err)
	}
	return &states[0]
}

// wantStored checks that an original is in the store, once, with a receipt, and that nothing waits.
func (w *world) wantStored(p *photo, state *media.State) {
	w.t.Helper()
	if state == nil || state.State != models.PhotoStored || state.Receipt == nil || len(state.Missing) > 0 {
		w.t.Fatalf("the answer is %+v", state)
	}
	o := w.ledger.row(w.t, p)
	if o == nil || o.State != models.PhotoStored || o.Bytes != int64(len(p.data)) || o.MIME == "" || o.StoredMS == 0 || o.Reason != "" {
		w.t.Fatalf("the row is %+v", o)
	}
	if !bytes.Equal(w.read(w.blobs, media.OriginalKey(p.sum)), p.data) {
		w.t.Fatal("other bytes are stored")
	}
	w.read(w.blobs, media.OwnerKey(p.scope, p.sum))
	w.wantSpool(0)
}

func (w *world) read(b media.Blobs, key string) []byte {
	w.t.Helper()
	r, err := b.Get(context.Background(), key, 0, -1)
	if err != nil {
		w.t.Fatalf("%s: %v", key, err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}

func (w *world) keys(b media.Blobs, prefix string) (keys []string) {
	w.t.Helper()
	err := b.List(context.Background(), prefix, func(i media.BlobInfo) bool {
		keys = append(keys, i.Key)
		return true
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return keys
}

// wantSpool counts the batches that wait; at 0 there may be nothing beside them either.
func (w *world) wantSpool(want int) {
	w.t.Helper()
	keys := w.keys(w.spool, "")
	got := 0
	for _, k := range keys {
		if name := k[strings.LastIndexByte(k, '/')+1:]; name != "scope" && name != "apart" {
			got++
		}
	}
	if got != want || want == 0 && len(keys) > 0 {
		w.t.Fatalf("the spool holds %v, want %d batches", keys, want)
	}
}

func wantCode(t testing.TB, err error, code problem.Code) {
	t.Helper()
	if problem.CodeOf(err) != code {
		t.Fatalf("%v, want code %q", err, code)
	}
}
