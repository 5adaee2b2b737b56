package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/media/picture"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// TestRestoreTakesOriginalsBack: what the store has and a restored database does not know is stored again, although no phone
// asks: of one nothing was known when the backup was made, of another some units had come.
func TestRestoreTakesOriginalsBack(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		b := newBureau(newProg(t, target))
		s := b.serve()
		c := b.camera(b.officerA, s)
		event0 := client.NewID()
		b.write(c.Client, event(b.scopeA, event0, nil))
		var sums []string
		for seed := range uint64(3) {
			_, original := c.take(b.scopeA, event0, picture.Spec{Seed: seed, Width: 64, Height: 48, TakenAt: time.UnixMilli(1647316800000)})
			sum := sha256.Sum256(original)
			sums = append(sums, hex.EncodeToString(sum[:]))
		}
		if sent := c.deliver(); sent.Stored != 3 {
			t.Fatalf("%+v", sent)
		}
		s.stop()
		a := b.beside()
		file := b.target
		if file == "" {
			file = b.data + "/fieldsync.db"
		}
		raw := storetest.OpenRaw(t, file)
		raw.Exec("DELETE FROM photo_receipt WHERE sha256 <> ?", sums[2])
		raw.Exec("DELETE FROM original WHERE sha256 = ?", sums[0])
		raw.Exec("UPDATE original SET state = 'partial', stored_ms = 0, mime = '' WHERE sha256 = ?", sums[1])
		b.do("restore")
		s = b.serve()
		defer s.stop()
		for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
			n := 0
			for _, sum := range sums {
				o, err := a.db.OriginalOf(t.Context(), b.scopeA, sum)
				if err != nil {
					t.Fatal(err)
				}
				if o != nil && o.State == models.PhotoStored && o.MIME == "image/jpeg" {
					n++
				}
			}
			if n == len(sums) {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%d of %d originals are stored", n, len(sums))
			}
		}
	})
}

// TestTwoSpools: a server that finds another one with another spool takes no photos until that is gone.
func TestTwoSpools(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		p := newProg(t, target)
		a := p.beside()
		if err := a.openPhotos(p.config()); err != nil {
			t.Fatal(err)
		}
		put := func() error {
			_, err := a.photos.intake.PutUnits(t.Context(), "nobody", "nothing", 0, sha256.Sum256([]byte("x")), []byte("x"))
			return err
		}
		now := time.Now().UnixMilli()
		other := &models.ServerLife{ID: "other", Host: "made-up", Spool: "elsewhere", StartedMS: now, SeenMS: now}
		if err := a.photos.pulse(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := a.db.PutServerLife(t.Context(), other, now); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := a.photos.pulse(t.Context()); problem.CodeOf(err) != problem.Conflict {
				t.Errorf("%v", err)
			}
			if err := put(); problem.CodeOf(err) != problem.Unavailable {
				t.Errorf("units are taken: %v", err)
			}
		}
		if err := a.db.DropServerLife(t.Context(), other.ID, 0); err != nil {
			t.Fatal(err)
		}
		if err := a.photos.pulse(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := put(); problem.CodeOf(err) == problem.Unavailable {
			t.Errorf("units are not taken: %v", err)
		}
	})
}

// TestUndecodable: of what could not be decoded once nothing is decoded for whoever asks again.
func TestUndecodable(t *testing.T) {
	p := &photos{} // without anything that could decode
	for _, reason := range []string{"undecodable", "too_many_pixels", "too_slow", models.RenderNone} {
		for _, variant := range []string{"stamped", "preview"} {
			f := &gateway.PhotoFile{Original: models.Original{SHA256: strings.Repeat("ab", 32), State: models.PhotoStored, Rendered: reason}}
			if _, err := p.open(t.Context(), f, variant); problem.CodeOf(err) != problem.NotFound {
				t.Errorf("%s of %s: %v", variant, reason, err)
			}
		}
	}
}
