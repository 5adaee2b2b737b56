package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	_ "image/jpeg"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/internal/s3test"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/media/picture"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// eachShelf runs a test on SQLite with a folder and on PostgreSQL with MinIO, spool included.
func eachShelf(t *testing.T, fn func(t *testing.T, p *prog)) {
	t.Helper()
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		fn(t, newProg(t, ""))
	})
	t.Run("minio", func(t *testing.T) {
		t.Parallel()
		fn(t, onMinIO(newProg(t, pgtest.URL(t)), s3test.NewBucket(t, s3test.MinIO)))
	})
}

// onMinIO lets a program keep originals and what is not whole yet in a bucket.
func onMinIO(p *prog, b s3test.Bucket) *prog {
	for k, v := range map[string]string{"PHOTOS": "s3", "SPOOL": "store", "S3_ENDPOINT": b.Endpoint, "S3_BUCKET": b.Name,
		"S3_REGION": b.Region, "S3_ACCESS_KEY": b.AccessKey, "S3_SECRET_KEY": b.SecretKey, "S3_STYLE": "path"} {
		p.env["FIELDSYNC_"+k] = v
	}
	return p
}

// camera is a phone that takes photos, and the token that it sent last.
type camera struct {
	*client.Client
	b     *bureau
	s     *running
	token atomic.Value
}

func (b *bureau) camera(officer string, s *running) *camera {
	b.Helper()
	c := &camera{b: b, s: s}
	key, err := client.NewKey()
	if err != nil {
		b.Fatal(err)
	}
	via := roundTrip(func(r *http.Request) (*http.Response, error) {
		if a := r.Header.Get("Authorization"); a != "" {
			c.token.Store(a)
		}
		return follow(func() string { return c.s.url }).RoundTrip(r)
	})
	c.Client, err = client.Open(client.Config{Server: "http://server", Key: key, Transport: via, Photos: client.NewMemoryPhotos()})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := c.Enrol(b.Context(), strings.Fields(b.do("enrol", officer))[0], "手机", "test"); err != nil {
		b.Fatal(err)
	}
	b.sync(c.Client)
	return c
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// get asks for a variant of a photo as the phone.
func (c *camera) get(id, variant string, header ...string) (*http.Response, []byte) {
	c.b.Helper()
	r, err := http.NewRequestWithContext(c.b.Context(), http.MethodGet, c.s.url+"/api/v1/photos/"+id+"/"+variant, nil)
	if err != nil {
		c.b.Fatal(err)
	}
	r.Header.Set("Authorization", c.token.Load().(string))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		c.b.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		c.b.Fatal(err)
	}
	return a, body
}

// await asks for a variant until it is there.
func (c *camera) await(id, variant string) []byte {
	c.b.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if a, body := c.get(id, variant); a.StatusCode == http.StatusOK {
			return body
		}
	}
	c.b.Fatalf("%s: no %s within a minute", id, variant)
	return nil
}

func (c *camera) take(scope, event string, spec picture.Spec) (id string, original []byte) {
	c.b.Helper()
	original = picture.New(spec)
	id, err := c.TakePhoto(c.b.Context(), scope, event, map[string]any{"caption": "金犇大酒店（蓝滢阁）", "place": "东街口", "taken_at": spec.TakenAt.UnixMilli()}, original, nil)
	if err != nil {
		c.b.Fatal(err)
	}
	return id, original
}

func (c *camera) deliver() client.Sent {
	c.b.Helper()
	c.b.sync(c.Client)
	s, err := c.SendPhotos(c.b.Context())
	if err != nil {
		c.b.Fatal(err)
	}
	return s
}

// TestPhotoFromThePhoneToTheStore: an original arrives byte for byte, is shown small, stamped and whole to whoever may see
// it, and verify knows when its bytes are others.
func TestPhotoFromThePhoneToTheStore(t *testing.T) {
	t.Parallel()
	eachShelf(t, func(t *testing.T, p *prog) {
		b := newBureau(p)
		s := b.serve()
		c, colleague, stranger := b.camera(b.officerA, s), b.camera(b.officerA, s), b.camera(b.officerB, s)
		event0 := client.NewID()
		b.write(c.Client, event(b.scopeA, event0, nil))
		id, original := c.take(b.scopeA, event0, picture.Spec{Seed: 1, Width: 1200, Height: 1600, Orientation: 6, TakenAt: time.UnixMilli(1647316800000), Bytes: 700_000, Corners: true})
		if sent := c.deliver(); sent.Stored != 1 || c.Owes() != 0 {
			t.Fatalf("%+v, owes %d", sent, c.Owes())
		}
		colleague.deliver()
		a, body := colleague.get(id, "original")
		if a.StatusCode != http.StatusOK || !bytes.Equal(body, original) || a.Header.Get("Content-Type") != "image/jpeg" ||
			!strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%d, %d bytes of %d, %v", a.StatusCode, len(body), len(original), a.Header)
		}
		if a, body := colleague.get(id, "original", "Range", "bytes=131072-131081"); a.StatusCode != http.StatusPartialContent || !bytes.Equal(body, original[131072:131082]) {
			t.Errorf("a range: %d, %d bytes", a.StatusCode, len(body))
		}
		if a, _ := colleague.get(id, "original", "If-None-Match", a.Header.Get("ETag")); a.StatusCode != http.StatusNotModified {
			t.Errorf("the same again: %d", a.StatusCode)
		}
		for _, variant := range []string{"original", "preview", "stamped"} {
			if a, body := stranger.get(id, variant); a.StatusCode != http.StatusNotFound {
				t.Errorf("another unit gets the %s: %d %s", variant, a.StatusCode, body)
			}
		}
		for variant, longest := range map[string]int{"preview": 480, "stamped": 1600} {
			cfg, kind, err := image.DecodeConfig(bytes.NewReader(c.await(id, variant)))
			if err != nil || kind != "jpeg" || max(cfg.Width, cfg.Height) != longest || cfg.Height < cfg.Width {
				t.Errorf("the %s: %s %d × %d, %v", variant, kind, cfg.Width, cfg.Height, err)
			}
		}
		b.clean()
		if out := b.do("verify"); !strings.Contains(out, " 1 originals ") {
			t.Errorf("verify reads no original: %s", out)
		}
		b.spoil(original)
		if out, ok := b.verify(); ok || !strings.Contains(out, "not the original") {
			t.Errorf("verify does not see that the bytes are others: %s", out)
		}
	})
}

// config is what the program is told.
func (p *prog) config() Config {
	c := defaults()
	c.Data, c.Photos.Store, c.Photos.Spool = p.data, p.env["FIELDSYNC_PHOTOS"], p.env["FIELDSYNC_SPOOL"]
	c.Photos.Endpoint, c.Photos.Bucket, c.Photos.Style = p.env["FIELDSYNC_S3_ENDPOINT"], p.env["FIELDSYNC_S3_BUCKET"], "path"
	c.Photos.AccessKey, c.Photos.SecretKey = p.env["FIELDSYNC_S3_ACCESS_KEY"], p.env["FIELDSYNC_S3_SECRET_KEY"]
	return c
}

// spoil changes a byte of a stored original, past the server.
func (b *bureau) spoil(original []byte) {
	b.Helper()
	cfg := b.config()
	a := &app{log: logger(cfg, io.Discard)}
	if err := a.openPhotos(cfg); err != nil {
		b.Fatal(err)
	}
	sum := sha256.Sum256(original)
	key := media.OriginalKey(hex.EncodeToString(sum[:]))
	if err := a.photos.blobs.Delete(b.Context(), key); err != nil {
		b.Fatal(err)
	}
	other := bytes.Clone(original)
	other[len(other)/2] ^= 1
	if _, err := a.photos.blobs.Put(b.Context(), key, bytes.NewReader(other), int64(len(other)), sha256.Sum256(other)); err != nil {
		b.Fatal(err)
	}
}

// TestServersShareASpool: a second server over the database that keeps unfinished originals elsewhere does not start; one
// that shares them does, and so does one in the place of a server that is gone.
func TestServersShareASpool(t *testing.T) {
	t.Parallel()
	p := newProg(t, pgtest.URL(t))
	b := newBureau(p)
	one := b.serve()
	elsewhere := *p
	elsewhere.data = t.TempDir()
	elsewhere.refused([]string{"another server", "spool"}, "serve", "--listen", "127.0.0.1:0")
	elsewhere.start("serve", "--spool", filepath.Join(p.data, "spool")).stop()
	b.serve().stop() // the same folders
	one.stop()
	elsewhere.start("serve").stop()
}

// TestOriginalsAreGivenUp: of a photo whose preview came and never its original, phones are told after a while that it is
// announced.
func TestOriginalsAreGivenUp(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		b := newBureau(newProg(t, target))
		s := b.serve()
		c := b.camera(b.officerA, s)
		id, original := c.take(b.scopeA, client.NewID(), picture.Spec{Seed: 3, Width: 64, Height: 48})
		b.sync(c.Client)
		s.stop()
		a := b.beside()
		if err := a.openPhotos(b.config()); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(original)
		o := &models.Original{Scope: b.scopeA, SHA256: hex.EncodeToString(sum[:])}
		said := func(do error) string {
			t.Helper()
			var upload models.PhotoState
			err := a.view(t.Context(), func(tx gateway.Tx) error {
				found, err := tx.Scopes([]string{b.scopeA})
				if err != nil {
					return err
				}
				r, err := tx.Find(gateway.Key{Scope: found[b.scopeA].No, Kind: models.PhotoKind, ID: id})
				if err == nil {
					upload = r.Record.Photo.State
				}
				return err
			})
			if err = errors.Join(do, err); err != nil {
				t.Fatal(err)
			}
			return string(upload)
		}
		begun := a.gateway.BeginOriginal(t.Context(), c.Identity().Device, &models.Announcement{Scope: b.scopeA, SHA256: o.SHA256, Bytes: 1}, 1<<30)
		if got := said(errors.Join(begun, a.photos.tellPartial(t.Context()))); got != "" {
			t.Errorf("what was begun just now is told: %s", got)
		}
		if got := said(a.gateway.TellPartial(t.Context(), a.photos.told, time.Now().UnixMilli()+1)); got != "partial" {
			t.Fatalf("%s", got)
		}
		if got := said(a.photos.giveUp(t.Context())); got != "partial" {
			t.Errorf("given up at once: %s", got)
		}
		a.gateway.Now = func() time.Time { return time.Now().Add(-stale - time.Hour) }
		if err := a.gateway.TouchOriginal(t.Context(), b.scopeA, o.SHA256, false); err != nil {
			t.Fatal(err)
		}
		a.gateway.Now = time.Now
		if got := said(a.photos.giveUp(t.Context())); got != "" {
			t.Errorf("not given up: %s", got)
		}
		b.clean()
	})
}

// TestPhotoSettings: what cannot be used is named.
func TestPhotoSettings(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"--photos s3":         "s3-endpoint: is needed",
		"--presign on":        "presign: only an object store",
		"--photo-quota 0":     "photo-quota: ",
		"--video-quota 3X":    "video-quota: ",
		"--s3-style sideways": "s3-style: ",
	} {
		_, err := configOf(t, nil, strings.Fields(args)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", args, err)
		}
	}
	for text, want := range map[string]int64{"1": 1, "2K": 2048, "500M": 500 << 20, "16G": 16 << 30, "1T": 1 << 40, "": -1, "K": -1, "-1": -1, "9999999999G": -1} {
		n, err := bytesOf(text)
		if want > 0 && n != want || want < 0 && err == nil {
			t.Errorf("%q: %d, %v", text, n, err)
		}
	}
	file := filepath.Join(t.TempDir(), "a-file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	newProg(t, "").refused([]string{"photo store", "not a directory"}, "serve", "--listen", "127.0.0.1:0", "--photos", file)
}
