package jobs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"image"
	"image/jpeg"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/media/diskblob"
	"github.com/fieldsync/fieldsync/media/picture"
	"github.com/fieldsync/fieldsync/media/render"
	"github.com/fieldsync/fieldsync/models"
)

// memory is a Store of a few originals.
type memory struct {
	mu    sync.Mutex
	rows  []models.Original
	pairs []models.PhotoNear
	fault error // of every call
	asked int
}

func (m *memory) NextToRender(_ context.Context, n int) (out []models.Original, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked++
	for _, o := range m.rows {
		if o.Rendered == "" && len(out) < n {
			out = append(out, o)
		}
	}
	return out, m.fault
}

func (m *memory) PutRendered(_ context.Context, o *models.Original) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fault != nil {
		return m.fault
	}
	m.rows[slices.IndexFunc(m.rows, func(r models.Original) bool { return r.Scope == o.Scope && r.SHA256 == o.SHA256 })] = *o
	return nil
}

func (m *memory) Likenesses(_ context.Context, campaign string) (out []models.Original, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range m.rows {
		if o.Likeness != "" && strings.HasPrefix(o.Scope, campaign+":") {
			out = append(out, models.Original{Scope: o.Scope, SHA256: o.SHA256, Likeness: o.Likeness})
		}
	}
	return out, m.fault
}

func (m *memory) AddNear(_ context.Context, list []models.PhotoNear) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pairs = append(m.pairs, list...)
	return m.fault
}

func (m *memory) row(i int) models.Original {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rows[i]
}

type bench struct {
	*testing.T
	store *memory
	blobs *counting
	jobs  *Renditions
	now   time.Time
}

// counting is a real store that counts, and that can be away.
type counting struct {
	media.Blobs
	gets atomic.Int64
	gate chan struct{} // when there is one, originals are read when it is closed
	away atomic.Bool
}

func (c *counting) Get(ctx context.Context, key string, from, n int64) (io.ReadCloser, error) {
	if c.away.Load() {
		return nil, problem.New(problem.Unavailable, "away")
	}
	if strings.HasPrefix(key, "orig/") && n < 0 {
		c.gets.Add(1)
		if c.gate != nil {
			<-c.gate
		}
	}
	return c.Blobs.Get(ctx, key, from, n)
}

func newBench(t *testing.T) *bench {
	t.Helper()
	disk, err := diskblob.Open(t.TempDir(), diskblob.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{T: t, store: &memory{}, blobs: &counting{Blobs: disk}, now: time.UnixMilli(1_650_000_000_000)}
	b.jobs = New(Config{Store: b.store, Blobs: b.blobs, Now: func() time.Time { return b.now }})
	return b
}

// add stores an original of a scope and returns its hash.
func (b *bench) add(scope, mime string, data []byte) string {
	b.Helper()
	sum := sha256.Sum256(data)
	name := hex.EncodeToString(sum[:])
	if _, err := b.blobs.Put(b.Context(), media.OriginalKey(name), bytes.NewReader(data), int64(len(data)), sum); err != nil {
		b.Fatal(err)
	}
	b.store.mu.Lock()
	defer b.store.mu.Unlock()
	b.store.rows = append(b.store.rows, models.Original{Scope: scope, SHA256: name, Bytes: int64(len(data)), MIME: mime, State: models.PhotoStored})
	return name
}

func (b *bench) rounds() {
	b.Helper()
	for more := true; more; {
		var err error
		if more, err = b.jobs.round(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func photo(seed uint64, width, height int) []byte {
	return picture.New(picture.Spec{Seed: seed, Width: width, Height: height, Orientation: 6, TakenAt: time.Date(2022, 3, 15, 9, 41, 0, 0,
		time.FixedZone("", 8*3600)), Lat: 384_871_234, Lng: 1_062_345_678, Accuracy: 12})
}

func TestRoundMakesPreviewFactsAndLikeness(t *testing.T) {
	b := newBench(t)
	sum := b.add("c:u1", "image/jpeg", photo(1, 1200, 900))
	video := b.add("c:u1", "video/mp4", []byte("\x00\x00\x00\x18ftypmp42 and so on"))
	b.rounds()
	o := b.store.row(0)
	if o.Rendered != models.RenderDone || len(o.Likeness) != 16 || o.Width != 900 || o.Height != 1200 {
		t.Errorf("%+v", o)
	}
	if want := `"taken_ms":1647308460000,"lat":384871234,"lng":1062345678,"accuracy":12`; !strings.Contains(o.Facts, want) {
		t.Errorf("facts %s, want %s in them", o.Facts, want)
	}
	body, err := b.blobs.Get(t.Context(), media.PreviewKey(sum), 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(body)
	if err != nil || m.Bounds().Size() != image.Pt(480, 360) {
		t.Errorf("the preview: %v, %v", m.Bounds(), err)
	}
	_ = body.Close()
	if o := b.store.row(1); o.SHA256 != video || o.Rendered != models.RenderNone || o.Facts != "" {
		t.Errorf("a video: %+v", o)
	}
}

// hugePNG is the beginning of a PNG of 65536 × 65536 pixels.
func hugePNG() []byte {
	head := []byte("IHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x02\x00\x00\x00")
	return binary.BigEndian.AppendUint32(append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...), crc32.ChecksumIEEE(head))
}

func TestRoundKeepsReasonsAndNeverTriesAgain(t *testing.T) {
	b := newBench(t)
	b.add("c:u1", "image/jpeg", photo(1, 200, 100)[:900])
	b.add("c:u1", "image/png", hugePNG())
	damaged := b.add("c:u1", "image/jpeg", photo(2, 200, 100))
	b.store.rows[2].SHA256 = strings.Repeat("ab", 32)
	if err := b.blobs.Blobs.Delete(t.Context(), media.OriginalKey(damaged)); err != nil {
		t.Fatal(err)
	}
	other := []byte("other bytes")
	if _, err := b.blobs.Put(t.Context(), media.OriginalKey(b.store.rows[2].SHA256), bytes.NewReader(other), int64(len(other)), sha256.Sum256(other)); err != nil {
		t.Fatal(err)
	}
	b.add("c:u1", "image/jpeg", []byte("no picture at all"))
	b.rounds()
	for i, want := range []string{"undecodable", "too_many_pixels", Damaged, models.RenderNone} {
		if got := b.store.row(i).Rendered; got != want {
			t.Errorf("original %d: %q, want %q", i, got, want)
		}
	}
	before := b.blobs.gets.Load()
	b.rounds()
	if b.blobs.gets.Load() != before {
		t.Error("they were read again")
	}
}

func TestRoundPutsOffWhatCannotBeRead(t *testing.T) {
	b := newBench(t)
	sum := b.add("c:u1", "image/jpeg", photo(1, 200, 100))
	for i := range roundSize + 3 { // whose originals are not there, before the one that is
		b.store.rows = append([]models.Original{{Scope: "c:u1", SHA256: strings.Repeat("0", 62) + string(rune('a'+i%6)) + string(rune('a'+i/6)), MIME: "image/jpeg"}}, b.store.rows...)
	}
	b.rounds()
	b.rounds()
	last := func() models.Original { return b.store.row(len(b.store.rows) - 1) }
	if o := last(); o.SHA256 != sum || o.Rendered != models.RenderDone {
		t.Errorf("what is missing holds up what is there: %+v", o)
	}
	reads := b.blobs.gets.Load()
	b.rounds()
	if b.blobs.gets.Load() != reads {
		t.Error("what is missing was asked for again at once")
	}
	b.now = b.now.Add(offMissing + time.Second)
	b.rounds()
	if b.blobs.gets.Load() == reads {
		t.Error("what is missing was not asked for later")
	}
}

func TestRoundWhileStoresAreAway(t *testing.T) {
	b := newBench(t)
	b.add("c:u1", "image/jpeg", photo(1, 200, 100))
	b.blobs.away.Store(true)
	b.rounds()
	if o := b.store.row(0); o.Rendered != "" {
		t.Errorf("a store that is away became a reason: %+v", o)
	}
	b.blobs.away.Store(false)
	b.now = b.now.Add(offUnavailable + time.Second)
	b.store.fault = problem.New(problem.Unavailable, "away")
	if _, err := b.jobs.round(t.Context()); problem.CodeOf(err) != problem.Unavailable {
		t.Errorf("the database away: %v", err)
	}
	b.store.fault = nil
	b.rounds()
	if o := b.store.row(0); o.Rendered != models.RenderDone {
		t.Errorf("%+v", o)
	}
}

func TestNearPairs(t *testing.T) {
	b := newBench(t)
	one := photo(1, 1200, 900)
	b.add("c:u1", "image/jpeg", one)
	b.rounds()
	b.add("c:u2", "image/jpeg", photo(1, 640, 480)) // the same, smaller
	b.add("c:u3", "image/jpeg", one)                // the same bytes
	b.add("c:u1", "image/jpeg", photo(2, 1200, 900))
	b.add("d:u1", "image/jpeg", one) // of another campaign
	b.rounds()
	var found []string
	for _, p := range b.store.pairs {
		if p.Scope1 >= p.Scope2 || p.Campaign != "c" || p.Distance > render.NearDistance {
			t.Errorf("%+v", p)
		}
		found = append(found, p.Scope1+" "+p.Scope2)
	}
	slices.Sort(found)
	if want := []string{"c:u1 c:u2", "c:u1 c:u3", "c:u2 c:u3"}; !slices.Equal(found, want) {
		t.Errorf("%v, want %v", found, want)
	}
}

func TestNearPairsAfterADeath(t *testing.T) {
	b := newBench(t)
	b.add("c:u1", "image/jpeg", photo(1, 640, 480))
	b.rounds()
	b.add("c:u2", "image/jpeg", photo(1, 320, 240))
	list, err := b.jobs.next(t.Context())
	if err != nil || b.jobs.make(t.Context(), &list[0]) != nil || b.jobs.note(t.Context(), &list[0]) != nil {
		t.Fatal("the first half of a round", err)
	}
	if b.store.row(1).Likeness == "" || len(b.store.pairs) != 0 {
		t.Error("nothing was noted before the comparison")
	}
	b.rounds()
	if len(b.store.pairs) != 1 || b.store.row(1).Rendered != models.RenderDone {
		t.Errorf("pairs %v", b.store.pairs)
	}
}

func TestNearPairsAreBounded(t *testing.T) {
	all := make([]models.Original, 100)
	for i := range all {
		all[i] = models.Original{Scope: "c:u", SHA256: strings.Repeat("a", i+1), Likeness: "00000000000000ff"}
	}
	all[50].Likeness = "00000000000000fe"
	got := nearOf("c", &models.Original{Scope: "c:v", SHA256: "b", Likeness: "00000000000000fe"}, all)
	if len(got) != maxNear || got[0].Distance != 0 || got[1].Distance != 1 {
		t.Errorf("%d pairs, the first %v", len(got), got[:2])
	}
}

func TestRunWakes(t *testing.T) {
	b := newBench(t)
	b.jobs.Every = time.Hour
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { b.jobs.Run(ctx); close(done) }()
	b.add("c:u1", "image/jpeg", photo(1, 200, 100))
	b.jobs.Wake()
	for deadline := time.Now().Add(20 * time.Second); b.store.row(0).Rendered == ""; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it was not woken")
		}
	}
	stop()
	<-done
}
