package media_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"image"
	"image/png"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/models"
)

// waiting is how many bytes lie in the spool.
func (w *world) waiting() (n int64) {
	w.t.Helper()
	err := w.spool.List(context.Background(), "", func(i media.BlobInfo) bool {
		n += i.Size
		return true
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// TestOverlapsAreBounded sends all but one unit of an original in every range that there is.
func TestOverlapsAreBounded(t *testing.T) {
	for _, lanes := range []int{1, 4} {
		w := newWorld(t)
		s := w.service()
		p := w.announce("a", jpegOf(t, 1, 40*unit), "image/jpeg")
		type span struct{ first, n int64 }
		var all []span
		for n := int64(1); n <= 8; n++ {
			for first := int64(0); first+n < p.units(); first++ {
				all = append(all, span{first, n})
			}
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
		most := int64(0)
		var wait sync.WaitGroup
		for lane := range lanes {
			wait.Go(func() {
				for i := lane; i < len(all); i += lanes {
					if _, err := put(s, "a", p, all[i].first, all[i].n); err != nil {
						t.Error(err)
					}
					if lanes == 1 {
						most = max(most, w.waiting())
					}
				}
			})
		}
		wait.Wait()
		if most = max(most, w.waiting()); most > 2*40*unit+1000 {
			t.Errorf("%d lanes: %d units in the spool for 40", lanes, most/unit)
		}
		if missing := w.have(s, "a", p).Missing; len(missing) != 1 || missing[0] != [2]int64{39, 39} {
			t.Errorf("%d lanes: missing %v", lanes, missing)
		}
		state, err := put(s, "a", p, 39, 1)
		if err != nil {
			t.Fatal(err)
		}
		w.wantStored(p, state)
	}
}

func preview(s *media.Service, device, id string, body []byte) error {
	return s.PutPreview(context.Background(), device, id, sha256.Sum256(body), body)
}

// TestPreviewIsBorne lets no phone fill the store with previews of originals that are nothing.
func TestPreviewIsBorne(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	small := jpegOf(t, 2, 5000)
	tiny := w.announce("a", jpegOf(t, 1, 5000), "image/jpeg")
	wantCode(t, preview(s, "a", tiny.id, small), problem.Invalid)
	if len(w.ledger.rows) > 0 || len(w.keys(w.blobs, "")) > 0 {
		t.Error("something is left")
	}
}

// TestPreviewGoesWithItsRow gives up what a preview came of, and units; the preview of what is stored stays.
func TestPreviewGoesWithItsRow(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	small := jpegOf(t, 2, 5000)
	p, q, stored := w.announce("a", jpegOf(t, 3, 2*unit), "image/jpeg"), w.announce("a", jpegOf(t, 4, 2*unit), "image/jpeg"),
		w.announce("a", jpegOf(t, 5, 2*unit), "image/jpeg")
	for _, x := range []*photo{p, q, stored} {
		if err := preview(s, "a", x.id, small); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := put(s, "a", p, 0, 1); err != nil {
		t.Fatal(err)
	}
	w.putAll(s, "a", stored)
	for _, x := range []*photo{q, stored} {
		if err := s.GiveUp(t.Context(), scope, x.sum); err != nil {
			t.Fatal(err)
		}
	}
	w.later = 15 * day
	if err := s.Janitor(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w.ledger.row(t, p) != nil || w.ledger.row(t, q) != nil || w.ledger.row(t, stored).State != models.PhotoStored {
		t.Errorf("%v", w.ledger.rows)
	}
	if keys := w.keys(w.blobs, "preview/"); len(keys) != 1 || keys[0] != media.PhonePreviewKey(scope, stored.sum) {
		t.Errorf("%v", keys)
	}
}

// TestWhosePreview is that of the phone that announced the photo, whenever it comes.
func TestWhosePreview(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, 2*unit), "image/jpeg")
	w.ledger.colleague["b "+scope] = true
	own, other, third := jpegOf(t, 2, 5000), jpegOf(t, 3, 6000), jpegOf(t, 4, 7000)
	for _, c := range []struct {
		device     string
		body, want []byte
	}{{"b", other, other}, {"b", third, other}, {"a", own, own}, {"b", third, own}, {"a", own, own}} {
		if err := preview(s, c.device, p.id, c.body); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(w.read(w.blobs, media.PhonePreviewKey(scope, p.sum)), c.want) {
			t.Errorf("%s sent %d bytes, and another one is there", c.device, len(c.body))
		}
	}
}

// TestMismatchKeepsThePreview drops wrong units, and goes on to tell of the preview.
func TestMismatchKeepsThePreview(t *testing.T) {
	w := newWorld(t)
	s := w.service()
	p := w.announce("a", jpegOf(t, 1, unit+100), "image/jpeg")
	if err := preview(s, "a", p.id, jpegOf(t, 2, 5000)); err != nil {
		t.Fatal(err)
	}
	_, err := putBody(s, "a", p.id, 0, make([]byte, unit+100))
	wantCode(t, err, problem.HashMismatch)
	if state := w.have(s, "a", p); !state.Preview || state.State != models.PhotoPartial || sumOf(state.Missing) != 2 {
		t.Errorf("%+v", state)
	}
	w.wantSpool(0)
	state := w.putAll(s, "a", p)
	w.wantStored(p, state)
	if !state.Preview {
		t.Error("the preview is forgotten")
	}
}

// TestManyPixels takes what phones of today make, also when it is too large to be shown small.
func TestManyPixels(t *testing.T) {
	for height, want := range map[uint32]models.PhotoState{12_500: models.PhotoStored, 12_501: models.PhotoRefused} {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 10, 10))); err != nil {
			t.Fatal(err)
		}
		data := b.Bytes()
		binary.BigEndian.PutUint32(data[16:], 20_000)
		binary.BigEndian.PutUint32(data[20:], height)
		w := newWorld(t)
		p := w.announce("a", data, "image/png")
		if state := w.putAll(w.service(), "a", p); state.State != want {
			t.Errorf("20000 × %d: %+v", height, state)
		}
	}
}
