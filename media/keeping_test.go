package media_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"image"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/media/blobtest"
	"github.com/fieldsync/fieldsync/models"
)

const (
	day          = 24 * time.Hour
	looseAndMore = 2 * time.Hour
)

func putRaw(t *testing.T, b media.Blobs, key string, data []byte) {
	t.Helper()
	if _, err := b.Put(t.Context(), key, bytes.NewReader(data), int64(len(data)), sha256.Sum256(data)); err != nil {
		t.Fatal(err)
	}
}

// TestRestored loses the rows of what is stored, as a backup of yesterday does.
func TestRestored(t *testing.T) {
	w := newWorld(t)
	w.hooks()
	s := w.service()
	p, q := w.announce("a", jpegOf(t, 1, 200_000), "image/jpeg"), w.announce("a", jpegOf(t, 2, 200_000), "image/jpeg")
	foreign := &photo{id: "foreign", scope: "elsewhere", sum: p.sum, device: "z", data: p.data}
	w.announceAs(foreign, "z", foreign.scope, int64(len(p.data)), "image/jpeg")
	w.wantStored(p, w.putAll(s, "a", p))
	before := w.ledger.row(t, p)
	w.ledger.rows, w.ledger.receipts = map[string]*models.Original{}, map[string]*media.Receipt{}
	if state := w.have(s, "a", p); state.State != models.PhotoAnnounced {
		t.Errorf("adopted by an installation that was not restored: %+v", state)
	}
	w.ledger.restored = true
	if state := w.have(s, "a", q); state.State != models.PhotoAnnounced {
		t.Errorf("%+v", state)
	}
	if state := w.have(s, "z", foreign); state.State != models.PhotoAnnounced {
		t.Errorf("a scope adopts what it has not brought: %+v", state)
	}
	w.wantStored(p, w.have(s, "a", p))
	after := w.ledger.row(t, p)
	if after.Width != before.Width || after.MIME != before.MIME || after.Facts != before.Facts || after.Device != "a" {
		t.Errorf("%+v was adopted as %+v", before, after)
	}
	w.ledger.rows, w.ledger.receipts = map[string]*models.Original{}, map[string]*media.Receipt{}
	state, err := put(s, "a", p, 0, 1) // a phone that does not ask first
	if err != nil {
		t.Fatal(err)
	}
	w.wantStored(p, state)
	// What the disk has damaged is not adopted, and comes again.
	w.ledger.rows, w.ledger.receipts = map[string]*models.Original{}, map[string]*media.Receipt{}
	if err := w.blobs.Delete(t.Context(), media.OriginalKey(p.sum)); err != nil {
		t.Fatal(err)
	}
	putRaw(t, w.blobs, media.OriginalKey(p.sum), make([]byte, 200_000))
	if state := w.have(s, "a", p); state.State != models.PhotoAnnounced {
		t.Errorf("%+v", state)
	}
	w.wantStored(p, w.putAll(s, "a", p))
}

// TestLateAnnouncement announces another photo of what is stored: it gets a receipt of its own when it asks.
func TestLateAnnouncement(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 5000), "image/jpeg")
	w.wantStored(p, w.putAll(s, "a", p))
	q := &photo{id: "late", scope: scope, sum: p.sum, device: "c", data: p.data}
	w.announceAs(q, "c", scope, 5000, "image/jpeg")
	w.wantStored(q, w.have(s, "c", q))
}

func TestJanitor(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p, q := w.announce("a", jpegOf(t, 1, 3*unit), "image/jpeg"), w.announce("a", jpegOf(t, 2, 3*unit), "image/jpeg")
	lost := w.announce("a", jpegOf(t, 3, 3*unit), "image/jpeg")
	for _, p := range []*photo{p, q, lost} {
		if _, err := put(s, "a", p, 1, 1); err != nil {
			t.Fatal(err)
		}
	}
	delete(w.ledger.rows, scope+" "+lost.sum)
	putRaw(t, w.blobs, media.OriginalKey(q.sum), []byte("not the janitor's"))
	clean := func(later time.Duration, want int) {
		t.Helper()
		w.later = later
		if err := s.Janitor(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.wantSpool(want)
	}
	clean(0, 3)
	clean(looseAndMore, 2) // no row refers to one
	clean(13*day, 2)
	w.later = 15 * day
	if _, err := put(s, "a", q, 0, 1); err != nil { // it is now's file, for the disk has a clock of its own
		t.Fatal(err)
	}
	clean(13*day, 3)
	clean(15*day, 0)
	if w.ledger.row(t, p) != nil || w.have(s, "a", p).State != models.PhotoAnnounced {
		t.Error("the ledger was not told")
	}
	w.later = 0
	w.wantStored(p, w.putAll(s, "a", p))
	if n := len(w.keys(w.blobs, "orig/")); n != 2 {
		t.Errorf("%d originals", n)
	}
}

// TestJanitorWithoutRows has a ledger that cannot be asked for rows: all wait for 14 days, and the stored one stays stored.
func TestJanitorWithoutRows(t *testing.T) {
	w := newWorld(t)
	p := w.announce("a", jpegOf(t, 1, 3*unit), "image/jpeg")
	w.wantStored(p, w.putAll(w.service(), "a", p))
	putRaw(t, w.spool, media.SpoolPrefix(scope, p.sum)+"000001-1-a", p.part(1, 1))
	putRaw(t, w.spool, media.SpoolPrefix(scope, p.sum)+"scope", []byte(scope))
	s := media.New(media.Config{Blobs: w.blobs, Spool: w.spool, Ledger: struct{ media.Ledger }{w.ledger}, Now: w.now})
	for _, c := range []struct {
		later time.Duration
		want  int
	}{{13 * day, 1}, {15 * day, 0}} {
		w.later = c.later
		if err := s.Janitor(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.wantSpool(c.want)
	}
	w.wantStored(p, w.have(w.service(), "a", p))
}

func TestPreview(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 3*unit), "image/jpeg")
	small := jpegOf(t, 2, 5000)
	var wide bytes.Buffer
	if err := png.Encode(&wide, image.NewGray(image.Rect(0, 0, 481, 10))); err != nil {
		t.Fatal(err)
	}
	send := func(device, id string, body []byte) error {
		return s.PutPreview(context.Background(), device, id, sha256.Sum256(body), body)
	}
	for name, err := range map[string]error{
		"too large": send("a", p.id, make([]byte, 61_441)), "too wide": send("a", p.id, wide.Bytes()),
		"no picture": send("a", p.id, []byte("<html>")), "half": send("a", p.id, small[:2000]),
		"not announced": send("a", "nobody", small), "somebody else's": send("b", p.id, small),
		"wrong digest": s.PutPreview(t.Context(), "a", p.id, [32]byte{}, small),
	} {
		want := map[string]problem.Code{"too large": problem.TooLarge, "not announced": problem.NotFound,
			"somebody else's": problem.NotFound, "wrong digest": problem.BadDigest}[name]
		if want == "" {
			want = problem.Invalid
		}
		if problem.CodeOf(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(w.ledger.rows) > 0 || len(w.keys(w.blobs, "")) > 0 {
		t.Error("something is left of what was refused")
	}
	for range 2 {
		if err := send("a", p.id, small); err != nil {
			t.Fatal(err)
		}
	}
	if state := w.have(s, "a", p); !state.Preview || sumOf(state.Missing) != 3 {
		t.Errorf("%+v", state)
	}
	if !bytes.Equal(w.read(w.blobs, media.PhonePreviewKey(scope, p.sum)), small) {
		t.Error("another preview")
	}
	state := w.putAll(s, "a", p)
	w.wantStored(p, state)
	if !state.Preview {
		t.Errorf("the preview is forgotten: %+v", state)
	}
}

func TestHaveManyAtOnce(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	var ids []string
	for i := range 40 {
		p := w.announce("a", jpegOf(t, uint64(i), unit+1000), "image/jpeg")
		ids = append(ids, p.id, "nobody")
		if i%2 == 0 {
			if _, err := put(s, "a", p, 1, 1); err != nil {
				t.Fatal(err)
			}
		}
	}
	states, err := s.Have(t.Context(), "a", ids)
	if err != nil || len(states) != 80 {
		t.Fatal(len(states), err)
	}
	for i, state := range states {
		want := []models.PhotoState{models.PhotoPartial, models.PhotoUnknown, models.PhotoAnnounced, models.PhotoUnknown}[i%4]
		if state.ID != ids[i] || state.State != want {
			t.Fatalf("%d: %+v", i, state)
		}
	}
}

func TestSelfTest(t *testing.T) {
	w := newWorld(t)
	lacks, err := media.SelfTest(t.Context(), w.blobs)
	if err != nil || len(lacks) > 0 {
		t.Errorf("a folder lacks %q, %v", lacks, err)
	}
	lacks, err = media.SelfTest(t.Context(), careless{w.blobs})
	if err != nil || len(lacks) != 6 {
		t.Errorf("%q, %v", lacks, err)
	}
	t.Logf("%q", lacks)
	for _, op := range []string{"put", "get", "stat", "list", "delete"} {
		_, err := media.SelfTest(t.Context(), &blobtest.Faults{Blobs: w.blobs, Before: func(at, key string) error {
			if at == op {
				return blobtest.Down()
			}
			return nil
		}})
		if problem.CodeOf(err) != problem.Unavailable {
			t.Errorf("%s: %v", op, err)
		}
	}
	if keys := slices.DeleteFunc(w.keys(w.blobs, ""), func(k string) bool { return strings.HasSuffix(k, "/a") }); len(keys) > 3 {
		t.Errorf("left: %v", keys) // only by the one that could not delete
	}
}

// careless is a store that puts over what is there, compares nothing and knows no ranges.
type careless struct{ media.Blobs }

func (c careless) Put(ctx context.Context, key string, r io.Reader, _ int64, _ [32]byte) (bool, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return false, err
	}
	if err := c.Delete(ctx, key); err != nil {
		return false, err
	}
	return c.Blobs.Put(ctx, key, bytes.NewReader(data), int64(len(data)), sha256.Sum256(data))
}

func (c careless) Get(ctx context.Context, key string, _, _ int64) (io.ReadCloser, error) {
	return c.Blobs.Get(ctx, key, 0, -1)
}
