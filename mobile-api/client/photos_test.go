package client_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
)

// jpeg makes so many bytes that begin as a photo does.
func jpeg(size int) []byte {
	b := make([]byte, size)
	sum := sha256.Sum256(fmt.Append(nil, size, client.NewID()))
	for at := 0; at < size; at += copy(b[at:], sum[:]) {
		sum = sha256.Sum256(sum[:])
	}
	copy(b, "\xff\xd8\xff\xe0")
	return b
}

// photographer returns a phone that keeps photos in memory and never waits.
func (s *server) photographer(change ...func(*client.Config)) *phone {
	s.t.Helper()
	return s.phone(append([]func(*client.Config){func(c *client.Config) {
		c.Photos = client.NewMemoryPhotos()
		c.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	}}, change...)...)
}

func (p *phone) take(event string, original, preview []byte) string {
	p.t.Helper()
	id, err := p.TakePhoto(p.t.Context(), scope, event, map[string]any{"caption": "现场"}, original, preview)
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

func (p *phone) deliver() client.Sent {
	p.t.Helper()
	sent, err := p.SendPhotos(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return sent
}

func (p *phone) kept(id string) client.KeptPhoto {
	p.t.Helper()
	for _, k := range p.Photos() {
		if k.ID == id {
			return k
		}
	}
	p.t.Fatalf("the phone does not know photo %s", id)
	return client.KeptPhoto{}
}

func TestPhotoIsDelivered(t *testing.T) {
	s := newServer(t)
	p := s.photographer()
	original, preview := jpeg(5*models.PhotoUnit+77), jpeg(3000)
	event := p.event()
	id := p.take(event, original, preview)
	if p.Owes() != 1 || p.Unsent() != 2 {
		t.Errorf("owes %d, unsent %d", p.Owes(), p.Unsent())
	}
	sent := p.deliver()
	if sent.Stored != 1 || sent.Previews != 1 || sent.Owed != 0 || sent.Bytes != int64(len(original)) || sent.Reason != "" {
		t.Errorf("sent %+v", sent)
	}
	if !bytes.Equal(s.dark.whole(id), original) || !bytes.Equal(s.dark.photos[id].thumb, preview) {
		t.Error("other bytes came")
	}
	if k := p.kept(id); k.State != models.PhotoStored || !k.Proven || k.Dropped || !k.Shown {
		t.Errorf("the phone knows %+v", k)
	}
	p.pull()
	if r, ok := p.Record(client.Key{Scope: scope, Kind: models.PhotoKind, ID: id}); !ok || !strings.Contains(string(r.Data), `"caption":"现场"`) ||
		!strings.Contains(string(r.Data), `"event":"`+event+`"`) || !strings.Contains(string(r.Data), `"mime":"image/jpeg"`) {
		t.Errorf("the record is %s", r.Data)
	}
	if again := p.deliver(); again.Requests != 0 || again.Previews != 0 {
		t.Errorf("sent again: %+v", again)
	}
}

// TestVideosAreCalledSo: a film is one whatever its maker calls the brand.
func TestVideosAreCalledSo(t *testing.T) {
	s := newServer(t)
	p := s.photographer()
	event := p.event()
	for brand, want := range map[string]string{"isom": "video/mp4", "mp42": "video/mp4", "3gp5": "video/mp4", "qt  ": "video/mp4", "XAVC": "video/mp4",
		"heic": "image/heic", "hevs": "image/heic", "mif1": "image/heic"} {
		if k := p.kept(p.take(event, []byte("\x00\x00\x00\x18ftyp"+brand+"\x00\x00\x02\x00"+brand+"mp41"), nil)); k.MIME != want {
			t.Errorf("%s is called %s", brand, k.MIME)
		}
	}
}

// TestOnlyMissingUnits: what the server has is not sent again, whoever brought it, and a phone that was killed goes on.
func TestOnlyMissingUnits(t *testing.T) {
	s := newServer(t)
	killed := errors.New("killed")
	var allowed atomic.Int64
	allowed.Store(3)
	p := s.photographer(func(c *client.Config) {
		c.Transport = edge(func(q *http.Request) (*http.Response, error) {
			if strings.Contains(q.URL.Path, "/units/") && allowed.Add(-1) < 0 {
				return nil, killed
			}
			return nil, nil
		})
	})
	original := jpeg(8 * models.PhotoUnit)
	id := p.take(p.event(), original, nil)
	if _, err := p.SendPhotos(t.Context()); !errors.Is(err, killed) {
		t.Fatalf("%v", err)
	}
	had := len(s.dark.photos[id].units)
	if had < 3 || p.Owes() != 1 {
		t.Fatalf("%d units came, owes %d", had, p.Owes())
	}
	p.open()
	s.dark.puts = nil
	allowed.Store(1000)
	sent := p.deliver()
	if sent.Bytes != int64((8-had)*models.PhotoUnit) || sent.Stored != 1 || !bytes.Equal(s.dark.whole(id), original) {
		t.Errorf("%d were there, then %v, %+v", had, s.dark.puts, sent)
	}
}

// TestUnitsGrow: on a good link requests get larger, and a failure makes them smaller.
func TestUnitsGrow(t *testing.T) {
	s := newServer(t)
	p := s.photographer()
	largest := int64(0)
	broken := false
	s.dark.before = func(_ string, _, n int64) error {
		if n == 8 && !broken {
			broken = true
			return problem.New(problem.Unavailable, "Later.").RetryAfter(3)
		}
		largest = max(largest, n)
		return nil
	}
	p.take(p.event(), jpeg(60*models.PhotoUnit), nil)
	p.deliver()
	if !strings.HasSuffix(s.dark.puts[0], "+1") || largest != 8 || !broken {
		t.Errorf("largest %d, broken %t, %v", largest, broken, s.dark.puts)
	}
}

// TestSmallerBodies: somebody on the way takes two units and no more.
func TestSmallerBodies(t *testing.T) {
	s := newServer(t)
	p := s.photographer(func(c *client.Config) {
		c.Transport = edge(func(q *http.Request) (*http.Response, error) {
			if q.ContentLength > 2*models.PhotoUnit {
				return refuse(http.StatusRequestEntityTooLarge, `<html>from a proxy`, "Content-Type", "text/html"), nil
			}
			return nil, nil
		})
	})
	id := p.take(p.event(), jpeg(40*models.PhotoUnit), nil)
	if sent := p.deliver(); sent.Stored != 1 || sent.Requests > 32 {
		t.Errorf("sent %+v", sent)
	}
	_ = id
}

// TestAnotherWhole: all units came and the whole is not what was announced.
func TestAnotherWhole(t *testing.T) {
	s := newServer(t)
	p := s.photographer()
	event := p.event()
	id := p.take(event, jpeg(3*models.PhotoUnit), nil)
	p.push()
	s.dark.mu.Lock()
	s.dark.photos[id].units[1] = jpeg(models.PhotoUnit) // a clone brought other bytes
	s.dark.mu.Unlock()
	if sent := p.deliver(); sent.Stored != 1 || sent.Owed != 0 {
		t.Errorf("sent %+v", sent)
	}
	// The phone's own copy is damaged: it says so and goes on with the others.
	photos := client.NewMemoryPhotos()
	q := s.photographer(func(c *client.Config) { c.Photos = &rot{photos} })
	bad, good := q.take(event, jpeg(2*models.PhotoUnit), nil), q.take(event, jpeg(5000), nil)
	sent := q.deliver()
	if sent.Stored != 1 || sent.Owed != 1 || sent.Reason != "damaged" || s.dark.whole(good) == nil || s.dark.whole(bad) != nil {
		t.Errorf("sent %+v", sent)
	}
}

// rot is a store with a bad sector in every second unit.
type rot struct{ *client.MemoryPhotos }

func (r *rot) Read(id string, n int64) ([]byte, error) {
	b, err := r.MemoryPhotos.Read(id, n)
	if n == 1 {
		b = bytes.Clone(b)
		b[100] ^= 1
	}
	return b, err
}

func (r *rot) Copy() *client.MemoryPhotos { return r.MemoryPhotos }

// TestRefusedPhotos: quota, refusals and photos that the server does not know leave the others alone.
func TestRefusedPhotos(t *testing.T) {
	s := newServer(t)
	p := s.photographer()
	event := p.event()
	odd, lost, good := p.take(event, jpeg(1000), nil), p.take(event, jpeg(2000), nil), p.take(event, jpeg(3000), nil)
	p.push()
	s.dark.photos[odd].refuse = "wrong_type"
	delete(s.dark.photos, lost)
	sent := p.deliver()
	if sent.Stored != 1 || sent.Refused != 1 || sent.Owed != 1 || p.kept(odd).Reason != "wrong_type" || p.kept(lost).Reason != "unknown" ||
		p.kept(good).State != models.PhotoStored {
		t.Errorf("sent %+v", sent)
	}
	if n, err := p.FreeSpace(1 << 30); err != nil || n != 3000 {
		t.Errorf("freed %d %v", n, err)
	}
	full := s.photographer()
	full.take(event, jpeg(models.PhotoUnit), nil)
	full.take(event, jpeg(models.PhotoUnit), nil)
	s.dark.before = func(string, int64, int64) error { return problem.New(problem.Quota, "No room.") }
	if sent := full.deliver(); sent.Owed != 2 || sent.Reason != "quota" || sent.Requests > 2 {
		t.Errorf("sent %+v", sent)
	}
}

// TestBackOff: a store in trouble is waited for, with the server's own times and a reason; then the photo goes on.
func TestBackOff(t *testing.T) {
	s := newServer(t)
	var waits []string
	p := s.photographer(func(c *client.Config) {
		c.Waiting = func(reason string, d time.Duration) { waits = append(waits, fmt.Sprint(reason, " ", d)) }
	})
	p.take(p.event(), jpeg(1000), nil)
	trouble := 3
	s.dark.before = func(string, int64, int64) error {
		if trouble--; trouble >= 0 {
			return problem.New(problem.Unavailable, "Later.").RetryAfter(7)
		}
		return nil
	}
	if sent := p.deliver(); sent.Stored != 1 || !slices.Equal(waits, []string{"unavailable 7s", "unavailable 7s", "unavailable 7s"}) {
		t.Errorf("sent %+v after %v", sent, waits)
	}
	trouble = 1000
	p.take(p.event(), jpeg(1000), nil)
	sent, err := p.SendPhotos(t.Context())
	if problem.CodeOf(err) != problem.Unavailable || sent.Owed != 1 || sent.Reason != "unavailable" {
		t.Errorf("sent %+v %v", sent, err)
	}
}

// TestReceiptIsVerified: an original goes only when the server's own key says that it is stored, and seven days later.
func TestReceiptIsVerified(t *testing.T) {
	s := newServer(t)
	var ahead atomic.Int64
	p := s.photographer(func(c *client.Config) {
		c.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	})
	event := p.event()
	s.dark.lie = true
	forged := p.take(event, jpeg(1000), nil)
	p.deliver()
	if k := p.kept(forged); k.State != models.PhotoStored || k.Proven {
		t.Errorf("a forged receipt: %+v", k)
	}
	s.dark.lie = false
	good := p.take(event, jpeg(2000), nil)
	p.deliver()
	ahead.Store(int64(7*24*time.Hour - time.Minute))
	p.deliver()
	if p.kept(good).Dropped {
		t.Error("the original went too early")
	}
	ahead.Store(int64(7*24*time.Hour + time.Minute))
	p.deliver()
	if !p.kept(good).Dropped || p.kept(forged).Dropped {
		t.Errorf("%+v\n%+v", p.kept(good), p.kept(forged))
	}
	if n, err := p.FreeSpace(1); n != 0 || err != nil {
		t.Errorf("freed %d %v", n, err)
	}
	k := p.kept(good)
	for name, r := range map[string]client.Receipt{
		"another line":   {Header: k.Receipt.Header, Line: strings.Replace(k.Receipt.Line, "2000", "2001", 1)},
		"another header": {Header: strings.Replace(k.Receipt.Header, `"from":`, `"from":1`, 1), Line: k.Receipt.Line},
		"no header":      {Line: k.Receipt.Line},
	} {
		if r.Verify(&s.g.Installation().Key.PublicKey, good, k.SHA256, k.Bytes) == nil {
			t.Errorf("%s verifies", name)
		}
	}
	if err := k.Receipt.Verify(&s.g.Installation().Key.PublicKey, good, k.SHA256, k.Bytes); err != nil {
		t.Error(err)
	}
	if k.Receipt.Verify(&s.g.Installation().Key.PublicKey, forged, k.SHA256, k.Bytes) == nil {
		t.Error("the receipt of another photo verifies")
	}
}

// TestPushesTellWhatIsOwed: the server learns how many originals are still to come, and at once when it is another number.
func TestPushesTellWhatIsOwed(t *testing.T) {
	s := newServer(t)
	var told []string
	p := s.photographer(func(c *client.Config) {
		c.Plain = true
		c.Transport = edge(func(q *http.Request) (*http.Response, error) {
			if isPush(q) {
				body, err := io.ReadAll(q.Body)
				if err != nil {
					return nil, err
				}
				q.Body = io.NopCloser(bytes.NewReader(body))
				var h struct {
					Pending int `json:"photos_pending"`
				}
				head, _, _ := bytes.Cut(body, []byte("\n"))
				if err := json.Unmarshal(head, &h); err != nil {
					return nil, err
				}
				told = append(told, fmt.Sprint(h.Pending))
			}
			return nil, nil
		})
	})
	event := p.event()
	p.take(event, jpeg(1000), nil)
	p.take(event, jpeg(1000), nil)
	p.push()
	p.deliver()
	p.deliver() // nothing is new
	p.tap(event, 1)
	p.push()
	p.take(event, jpeg(1000), nil)
	p.deliver()
	if strings.Join(told, " ") != "2 0 0 1 0" {
		t.Errorf("told %v", told)
	}
}

// TestRestoredServerLost: of a server that was restored a phone asks also for what it has deleted, once.
func TestRestoredServerLost(t *testing.T) {
	s := newServer(t)
	var asked []string
	p := s.photographer(func(c *client.Config) {
		c.Plain = true
		c.Transport = edge(func(q *http.Request) (*http.Response, error) {
			if strings.HasSuffix(q.URL.Path, "/photos/have") {
				body, err := io.ReadAll(q.Body)
				if err != nil {
					return nil, err
				}
				q.Body = io.NopCloser(bytes.NewReader(body))
				asked = append(asked, string(body))
			}
			return nil, nil
		})
	})
	event := p.event()
	kept, lost, late := p.take(event, jpeg(1000), nil), p.take(event, jpeg(2000), nil), p.take(event, jpeg(3000), nil)
	p.deliver()
	if n, err := p.FreeSpace(6000); n != 6000 || err != nil {
		t.Fatalf("freed %d %v", n, err)
	}
	asked = nil
	p.deliver()
	if len(asked) != 0 {
		t.Errorf("asked %v without need", asked)
	}
	if _, _, err := s.db.Restored(t.Context(), client.NewID, 0); err != nil {
		t.Fatal(err)
	}
	had := s.dark.photos
	s.start()
	p.cfg.Server = s.url
	p.open()
	s.dark.mu.Lock()
	s.dark.photos = had
	s.dark.photos[lost].whole = nil
	clear(s.dark.photos[lost].units)
	hidden := s.dark.photos[late]
	delete(s.dark.photos, late)
	s.dark.mu.Unlock()
	p.tap(event, 1)
	p.push()
	sent := p.deliver()
	if k := p.kept(kept); k.Lost || !k.Proven || k.State != models.PhotoStored {
		t.Errorf("kept: %+v", k)
	}
	if k := p.kept(lost); !k.Lost || k.State != models.PhotoAnnounced || sent.Owed != 0 || sent.Requests != 0 {
		t.Errorf("lost: %+v, %+v", k, sent)
	}
	s.dark.mu.Lock()
	s.dark.photos[late] = hidden
	s.dark.mu.Unlock()
	asked = nil
	p.deliver()
	if k := p.kept(late); k.Lost || k.State != models.PhotoStored || len(asked) != 1 || strings.Contains(asked[0], lost) || strings.Contains(asked[0], kept) {
		t.Errorf("late: %+v, asked %v", k, asked)
	}
	asked = nil
	p.open()
	p.deliver()
	if len(asked) != 0 {
		t.Errorf("asked %v again", asked)
	}
}

// TestColleagueBrings: a phone that has the file may deliver what another one announced, and nothing else under its name.
func TestColleagueBrings(t *testing.T) {
	s := newServer(t)
	p, q := s.photographer(), s.photographer()
	original := jpeg(3 * models.PhotoUnit)
	id := p.take(p.event(), original, nil)
	p.push()
	q.pull()
	if err := q.Bring(scope, id, jpeg(3*models.PhotoUnit)); err == nil {
		t.Error("another picture is taken for it")
	}
	if err := q.Bring(scope, id, original); err != nil {
		t.Fatal(err)
	}
	if sent := q.deliver(); sent.Stored != 1 {
		t.Errorf("sent %+v", sent)
	}
	if sent := p.deliver(); sent.Requests != 0 || sent.Stored != 1 || !p.kept(id).Proven {
		t.Errorf("sent %+v", sent)
	}
}

// TestPhotoFolder: what was said to be saved is there after the app was killed, whole, and what was not is gone or completed.
func TestPhotoFolder(t *testing.T) {
	s := newServer(t)
	dir := t.TempDir()
	folder := func() *client.PhotoFolder {
		f, err := client.OpenPhotoFolder(filepath.Join(dir, "photos"))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	p := s.photographer(func(c *client.Config) { c.Photos = folder() })
	event := p.event()
	original, preview := jpeg(2*models.PhotoUnit+9), jpeg(2000)
	id := p.take(event, original, preview)

	// Killed while one is written, and between an original and its line.
	if err := os.Mkdir(filepath.Join(dir, "photos", ".taking-1"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.cfg.Store = &full{p.cfg.Store}
	p.open()
	if _, err := p.TakePhoto(t.Context(), scope, event, nil, jpeg(500), nil); err == nil {
		t.Fatal("a photo was taken without its line")
	}
	p.cfg.Store, p.cfg.Photos = p.cfg.Store.(*full).Store, folder()
	p.open()
	if list := p.Photos(); len(list) != 2 || p.Unsent() != 3 || p.Owes() != 2 {
		t.Errorf("%d photos, %d lines", len(list), p.Unsent())
	}
	if sent := p.deliver(); sent.Stored != 2 || sent.Previews != 1 {
		t.Errorf("sent %+v", sent)
	}
	if !bytes.Equal(s.dark.whole(id), original) || !bytes.Equal(s.dark.photos[id].thumb, preview) {
		t.Error("other bytes came")
	}
	if n, err := p.FreeSpace(1 << 20); err != nil || n != int64(len(original))+500 {
		t.Errorf("freed %d %v", n, err)
	}
	p.cfg.Photos = folder()
	p.open()
	if k := p.kept(id); !k.Dropped || !k.Proven || k.Receipt == nil || p.Unsent() != 0 {
		t.Errorf("%+v", k)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "photos", id))
	if err != nil || len(entries) != 2 {
		t.Errorf("%v %v", entries, err)
	}
}

// full is a store that has no room for lines.
type full struct{ client.Store }

func (full) Append([][]byte) error { return errors.New("no space left") }
