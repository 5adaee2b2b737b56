package album

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

var china = time.FixedZone("", 8*3600)

const day = 1647316805000 // 2022-03-15 12:00:05 in China

// shelf is a store of originals that are made when they are read.
type shelf map[string][]byte

func (s shelf) photo(n int, set func(*Photo)) *Photo {
	data := []byte(fmt.Sprintf("original %d", n))
	sum := sha256.Sum256(data)
	p := &Photo{Unit: "u1", UnitName: "城关所", Event: "e1", EventTitle: "进村咨询", ID: fmt.Sprintf("id%d", n), SHA256: hex.EncodeToString(sum[:]),
		MIME: "image/jpeg", Bytes: int64(len(data)), State: models.PhotoStored, TakenMS: day, Caption: "发放资料", Person: "外勤甲", ReceiptLog: 3, ReceiptSeq: int64(n)}
	if set != nil {
		set(p)
	}
	if p.State == models.PhotoStored {
		s[p.SHA256] = data
	}
	return p
}

func (s shelf) open(_ context.Context, p *Photo, stamped bool) (io.ReadCloser, error) {
	data, ok := s[p.SHA256]
	if !ok || stamped && p.MIME != "image/jpeg" {
		return nil, problem.New(problem.NotFound, "not here")
	}
	if stamped {
		data = []byte("stamped " + p.ID)
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

func all(list ...*Photo) func(context.Context, func(*Photo) error) error {
	return func(_ context.Context, one func(*Photo) error) error {
		for _, p := range list {
			if err := one(p); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestAlbum(t *testing.T) {
	s := shelf{}
	lat, lng := int64(380000000), int64(-1060000001)
	photos := all(s.photo(1, func(p *Photo) { p.Lat, p.Lng, p.Caption = &lat, &lng, "=1+1" }), s.photo(1, nil), s.photo(1, nil),
		s.photo(2, func(p *Photo) { p.Event, p.EventTitle = "e2", "进村咨询" }),
		s.photo(3, func(p *Photo) {
			p.Unit, p.Event, p.EventTitle, p.Caption = "u2", "e3", "CON.", "a/b\\c:*?\"<>|\u202egpj.exe"
		}),
		s.photo(4, func(p *Photo) { p.State, p.Caption = models.PhotoAnnounced, "还没有来" }),
		s.photo(5, func(p *Photo) { p.State, p.Reason = models.PhotoRefused, "truncated" }),
		s.photo(6, func(p *Photo) { p.MIME = "video/mp4" }))
	for stamped, want := range map[bool]string{
		false: "城关所/03-15 进村咨询/20220315-120005 5G99-4GZT =1+1.jpg",
		true:  "城关所/03-15 进村咨询/20220315-120005 5G99-4GZT =1+1 水印.jpg",
	} {
		var out bytes.Buffer
		sum, err := Write(t.Context(), &out, Config{Stamped: stamped, Zone: china, Each: photos, Open: s.open})
		if err != nil || sum.Photos != 8 || sum.Files != 6 || sum.Missing != 2 {
			t.Fatalf("%v %+v", err, sum)
		}
		z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]string{}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(r)
			if err != nil || f.NonUTF8 || f.Method != zip.Store && f.Name != listName {
				t.Errorf("%s: %v", f.Name, err)
			}
			names[f.Name] = string(data)
		}
		if len(names) != 7 {
			t.Errorf("%d names", len(names))
		}
		code := models.LookupCode(s.photo(1, nil).SHA256)
		want = strings.Replace(want, "5G99-4GZT", code, 1)
		if body := names[want]; body != map[bool]string{false: "original 1", true: "stamped id1"}[stamped] {
			t.Errorf("%s holds %q; there are %q", want, body, names)
		}
		list := names[listName]
		if !strings.HasPrefix(list, "\ufeff") {
			t.Error("the list does not begin with the mark of UTF-8")
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(list, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 9 {
			t.Fatalf("%v %d rows", err, len(rows))
		}
		if rows[1][14] != "'=1+1" || rows[1][11] != "-106.0000001" || rows[1][12] != "38.0000000" || rows[1][0] != want || rows[1][21] != "3" {
			t.Errorf("%q", rows[1])
		}
		if rows[6][0] != "" || rows[6][1] != "未上传" || rows[6][2] != "原件缺失" || rows[7][1] != "已隔离" || rows[7][2] != "truncated" {
			t.Errorf("%q\n%q", rows[6], rows[7])
		}
		if rows[8][2] != "原件" || !strings.HasSuffix(rows[8][0], ".mp4") {
			t.Errorf("a video: %q", rows[8])
		}
		for _, f := range z.File {
			for _, part := range strings.Split(f.Name, "/") {
				if strings.ContainsAny(part, "<>:\"\\|?*\u202e") || strings.HasSuffix(part, ".") || strings.HasPrefix(strings.ToLower(part), "con.") || len(part) > 120 {
					t.Errorf("no name for Windows: %q", f.Name)
				}
			}
		}
	}
}

// An album that does not come to its end is no zip.
func TestBrokenAlbum(t *testing.T) {
	s := shelf{}
	one, two, three := s.photo(1, nil), s.photo(2, nil), s.photo(3, nil)
	broken := errors.New("the store has gone")
	for name, open := range map[string]func(ctx context.Context, p *Photo, stamped bool) (io.ReadCloser, error){
		"gone": func(ctx context.Context, p *Photo, stamped bool) (io.ReadCloser, error) {
			if p == two {
				return nil, broken
			}
			return s.open(ctx, p, stamped)
		},
		"cut": func(ctx context.Context, p *Photo, stamped bool) (io.ReadCloser, error) {
			if p == two {
				return io.NopCloser(io.MultiReader(strings.NewReader("orig"), readFault{broken})), nil
			}
			return s.open(ctx, p, stamped)
		},
		"another": func(_ context.Context, p *Photo, _ bool) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("something else")), nil
		},
		"lost": func(ctx context.Context, p *Photo, stamped bool) (io.ReadCloser, error) {
			if p == three {
				return nil, problem.New(problem.NotFound, "lost")
			}
			return s.open(ctx, p, stamped)
		},
	} {
		var out bytes.Buffer
		_, err := Write(t.Context(), &out, Config{Zone: china, Each: all(one, two, three), Open: open})
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len())); err == nil {
			t.Errorf("%s: it looks whole", name)
		}
	}
}

type readFault struct{ err error }

func (f readFault) Read([]byte) (int, error) { return 0, f.err }

func FuzzSafe(f *testing.F) {
	for _, s := range []string{"", ".", "..", "CON", "con.txt", "COM1", "LPT¹.a", "a/b", "进村咨询 ", "\x00\x1f", "\xff\xfe", strings.Repeat("长", 99), " . "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := safe(s, "其他", 60)
		if got == "" || len(got) > 61 || !utf8.ValidString(got) || strings.ContainsAny(got, "<>:\"/\\|?*") || strings.Trim(got, ". ") != got ||
			strings.IndexFunc(got, func(r rune) bool { return r < ' ' }) >= 0 {
			t.Errorf("%q gives %q", s, got)
		}
		stem, _, _ := strings.Cut(strings.ToLower(got), ".")
		if stem == "con" || stem == "com1" || stem == "lpt¹" {
			t.Errorf("%q gives %q, which is a device", s, got)
		}
	})
}

// tail keeps the end of what is written.
type tail struct {
	n   int64
	end []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.n += int64(len(b))
	t.end = append(t.end, b...)
	if len(t.end) > 1<<20 {
		t.end = append(t.end[:0], t.end[len(t.end)-64<<10:]...)
	}
	return len(b), nil
}

// heapOf writes an album of generated originals and returns the greatest heap that was seen on the way.
func heapOf(t *testing.T, photos int, size int64) (most uint64, out *tail, took time.Duration) {
	t.Helper()
	block := make([]byte, 64<<10)
	for i := range block {
		block[i] = byte(i * 7)
	}
	read := func(n int) io.Reader {
		return io.LimitReader(io.MultiReader(strings.NewReader(fmt.Sprintf("%08d", n)), &endless{block}), size)
	}
	sums := make([]string, 16) // sixteen originals, again and again: it is not hashing that is measured
	for i := range sums {
		h := sha256.New()
		_, _ = io.Copy(h, read(i))
		sums[i] = hex.EncodeToString(h.Sum(nil))
	}
	n := 0
	look := func() {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
	}
	each := func(_ context.Context, one func(*Photo) error) error {
		for n = range photos {
			if n%(photos/16) == 0 {
				look()
			}
			p := &Photo{Unit: fmt.Sprint(n % 12), UnitName: fmt.Sprintf("第%d所", n%12), Event: fmt.Sprint(n / 4), EventTitle: "进村咨询", ID: fmt.Sprintf("01900000-0000-7000-8000-%012d", n),
				SHA256: sums[n%16], MIME: "image/jpeg", Bytes: size, State: models.PhotoStored, TakenMS: day + int64(n)*1000,
				Place: "河滩村文化广场", Caption: "向村民发放宣传资料", Person: "外勤甲", Device: "手机01", ReceiptLog: 1, ReceiptSeq: int64(n)}
			if err := one(p); err != nil {
				return err
			}
		}
		look()
		return nil
	}
	open := func(context.Context, *Photo, bool) (io.ReadCloser, error) { return io.NopCloser(read(n % 16)), nil }
	out = &tail{}
	began := time.Now()
	sum, err := Write(t.Context(), out, Config{Zone: china, Each: each, Open: open})
	if err != nil || sum.Files != photos {
		t.Fatalf("%v %+v", err, sum)
	}
	return most, out, time.Since(began)
}

// endless is bytes without an end.
type endless struct{ block []byte }

func (e *endless) Read(b []byte) (int, error) { return copy(b, e.block), nil }

// Memory does not grow with the bytes of an album, and hardly with the number of its photos.
func TestAlbumMemory(t *testing.T) {
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	small, _, _ := heapOf(t, 64, 64<<10)
	large, _, _ := heapOf(t, 64, 2<<20)
	many, _, _ := heapOf(t, 2048, 64<<10)
	t.Logf("heap at most: 64 of 64 KiB %.1f MB, 64 of 2 MiB %.1f MB, 2048 of 64 KiB %.1f MB", mb(small), mb(large), mb(many))
	if large > small+1<<20 {
		t.Errorf("it grows with the size of photos: %d, then %d", small, large)
	}
	if perPhoto := (int64(many) - int64(small)) / (2048 - 64); perPhoto > 2048 {
		t.Errorf("a photo costs %d bytes", perPhoto)
	}
	if os.Getenv("FIELDSYNC_LONG") == "" {
		return
	}
	most, out, took := heapOf(t, 16_000, 300<<10)
	t.Logf("16,000 photos: %.2f GB in %v, heap at most %.1f MB", float64(out.n)/1e9, took.Round(time.Millisecond), mb(most))
	if most > 100<<20 {
		t.Errorf("the heap has %d bytes", most)
	}
	if !bytes.Contains(out.end, []byte("PK\x06\x06")) {
		t.Error("there is no directory of ZIP64")
	}
}

func mb(n uint64) float64 { return float64(n) / 1e6 }
