package render

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/fieldsync/fieldsync/media/picture"
)

func facts(t testing.TB, file []byte) *FactsOf {
	t.Helper()
	f, err := Facts(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFactsOfAMadePicture(t *testing.T) {
	spec := picture.Spec{Width: 320, Height: 240, Orientation: 6, TakenAt: time.Date(2022, 3, 15, 9, 41, 7, 0, china), Lat: 384_871_234,
		Lng: 1_062_345_678, Accuracy: 12, Make: "Made Up", Model: "M 1", Software: "camera 3", Bytes: 100_000}
	want := `{"width":240,"height":320,"orientation":6,"taken_at":"2022-03-15 09:41:07","offset":"+08:00","taken_ms":1647308467000,` +
		`"lat":384871234,"lng":1062345678,"accuracy":12,"make":"Made Up","model":"M 1","software":"camera 3"}`
	f := facts(t, picture.New(spec))
	if got := f.JSON(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if back, err := ParseFacts(want); err != nil || back.JSON() != want {
		t.Errorf("read back: %s, %v", back.JSON(), err)
	}
	spec.NoOffset, spec.Lat, spec.Lng = true, -1, -1_799_999_999
	f = facts(t, picture.New(spec))
	if f.TakenAt == "" || f.TakenMS != 0 || f.Lat != -1 || f.Lng != -1_799_999_999 {
		t.Errorf("%+v %+v", f, f.Place)
	}
	if f := facts(t, picture.New(picture.Spec{Width: 64, Height: 48})); f.JSON() != `{"width":64,"height":48}` {
		t.Errorf("without EXIF: %s", f.JSON())
	}
}

// TestFactsOfOtherPrograms reads what ExifTool wrote, little-endian, in all three containers.
func TestFactsOfOtherPrograms(t *testing.T) {
	want := `{"width":64,"height":48,"orientation":8,"taken_at":"2022-03-15 23:59:58","offset":"+06:00","taken_ms":1647367198000,` +
		`"lat":-384871234,"lng":-1062345678,"accuracy":8,"make":"示例 Phone","model":"M 1","software":"S"}`
	for _, name := range []string{"exif.jpg", "exif.png", "exif.webp"} {
		if got := facts(t, testFile(t, name)).JSON(); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
}

func testFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// tiffOf is a block of one directory with the given entries of 12 bytes, big-endian, and what stands behind it.
func tiffOf(behind []byte, entries ...[]byte) []byte {
	b := binary.BigEndian.AppendUint16([]byte("MM\x00*\x00\x00\x00\x08"), uint16(len(entries)))
	for _, e := range entries {
		b = append(b, e...)
	}
	return append(append(b, 0, 0, 0, 0), behind...)
}

func entry(tag, kind uint16, count, value uint32) []byte {
	b := binary.BigEndian.AppendUint16(nil, tag)
	b = binary.BigEndian.AppendUint16(b, kind)
	b = binary.BigEndian.AppendUint32(b, count)
	return binary.BigEndian.AppendUint32(b, value)
}

func TestFactsOfHostileEXIF(t *testing.T) {
	plain := picture.New(picture.Spec{Width: 16, Height: 16})
	long := strings.Repeat("长\x01\x1b[31m\u202e", 3000)
	for name, block := range map[string][]byte{
		"nothing":                 {},
		"no TIFF":                 []byte("not a TIFF block at all"),
		"a directory that loops":  tiffOf(nil, entry(tagExif, 4, 1, 8), entry(tagGPS, 4, 1, 8)),
		"a directory outside":     tiffOf(nil, entry(tagExif, 4, 1, 0xfffffff0), entry(tagGPS, 4, 1, 0xffffffff)),
		"counts beyond the block": tiffOf(nil, entry(tagMake, 2, 0xffffffff, 26), entry(tagModel, 5, 0x20000000, 26), entry(tagSoftware, 99, 1, 1)),
		"a text without end":      tiffOf([]byte(long), entry(tagMake, 2, uint32(len(long)), 26)),
		"an orientation of 9":     tiffOf(nil, entry(tagOrientation, 3, 1, 9<<16)),
		"divided by zero":         tiffOf(nil, entry(tagGPS, 4, 1, 8), entry(gpsLat, 5, 3, 0), entry(gpsLng, 5, 3, 0)),
		"no time":                 tiffOf([]byte("2022:13:45 99:99:99\x00"), entry(tagTaken, 2, 20, 26)),
		"60,000 entries":          append([]byte("MM\x00*\x00\x00\x00\x08\xff\xff"), bytes.Repeat(entry(tagMake, 2, 4, 0x41414141), 5000)...),
	} {
		f := facts(t, picture.WithEXIF(plain, block))
		if f.Width != 16 || f.Orientation != 0 || f.TakenAt != "" || f.Place != nil {
			t.Errorf("%s: %s", name, f.JSON())
		}
		bounded(t, f)
	}
}

func bounded(t testing.TB, f *FactsOf) {
	t.Helper()
	text := f.JSON()
	if len(text) > 4096 {
		t.Errorf("%d bytes of facts", len(text))
	}
	for _, s := range []string{f.Make, f.Model, f.Software, f.TakenAt, f.Offset} {
		if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q cannot be printed", s)
		}
	}
}

// TestFactsOfBrokenFiles cuts and spoils files everywhere.
func TestFactsOfBrokenFiles(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, name := range []string{"exif.jpg", "exif.png", "exif.webp"} {
		whole := testFile(t, name)
		for n := 0; n < len(whole); n += 5 {
			bounded(t, facts(t, whole[:n]))
			spoilt := bytes.Clone(whole)
			for range 3 {
				spoilt[rnd.IntN(len(spoilt))] = byte(rnd.Uint32())
			}
			spoilt[n] ^= 0xff
			bounded(t, facts(t, spoilt))
		}
	}
}

type broken struct{ io.ReadSeeker }

var errAway = errors.New("away")

func (broken) Read([]byte) (int, error) { return 0, errAway }

func TestFactsSayWhenTheReaderFails(t *testing.T) {
	if _, err := Facts(broken{bytes.NewReader(nil)}); !errors.Is(err, errAway) {
		t.Errorf("%v", err)
	}
	if _, err := Decode(t.Context(), broken{bytes.NewReader(nil)}); !errors.Is(err, errAway) {
		t.Errorf("%v", err)
	}
}

func FuzzFacts(f *testing.F) {
	for _, name := range []string{"exif.jpg", "exif.png", "exif.webp"} {
		f.Add(testFile(f, name))
	}
	f.Fuzz(func(t *testing.T, file []byte) { bounded(t, facts(t, file)) })
}

func TestCompare(t *testing.T) {
	at := time.Date(2022, 3, 15, 9, 41, 0, 0, china)
	ms := at.UnixMilli()
	const minute = 60_000
	here := Place{Lat: 384_871_234, Lng: 1_062_345_678}
	near, far := here, here
	near.Lat += 15_000 // 167 m
	far.Lat += 90_000  // 1,001 m
	for name, c := range map[string]struct {
		facts   FactsOf
		claimed Claimed
		want    []Difference
	}{
		"nothing known":          {FactsOf{}, Claimed{TakenMS: ms, Place: &here}, nil},
		"nothing claimed":        {FactsOf{TakenAt: "2022-03-15 09:41:00", Place: &here}, Claimed{}, nil},
		"the same":               {FactsOf{TakenAt: "2022-03-15 09:41:00", Offset: "+08:00", TakenMS: ms, Place: &near}, Claimed{TakenMS: ms + 2*minute, Place: &here}, nil},
		"zone of the campaign":   {FactsOf{TakenAt: "2022-03-15 09:41:00"}, Claimed{TakenMS: ms, Zone: china}, nil},
		"no zone is UTC":         {FactsOf{TakenAt: "2022-03-15 09:41:00"}, Claimed{TakenMS: ms}, []Difference{{DiffTime, 480}}},
		"earlier":                {FactsOf{TakenAt: "2022-03-15 09:00:00"}, Claimed{TakenMS: ms, Zone: china}, []Difference{{DiffTime, -41}}},
		"far":                    {FactsOf{Place: &far}, Claimed{Place: &here}, []Difference{{DiffPlace, 1001}}},
		"far, but not sure":      {FactsOf{Place: &far}, Claimed{Place: &Place{Lat: here.Lat, Lng: here.Lng, Accuracy: 900}}, nil},
		"from the future":        {FactsOf{TakenAt: "2022-03-15 10:41:00"}, Claimed{ReceiptMS: ms, Zone: china}, []Difference{{DiffFuture, 60}}},
		"before the event":       {FactsOf{TakenAt: "2022-03-14 09:41:00"}, Claimed{NotBefore: ms, ReceiptMS: ms, Zone: china}, []Difference{{DiffEarlier, 1440}}},
		"its own offset counts":  {FactsOf{TakenAt: "2022-03-15 07:41:00", Offset: "+06:00", TakenMS: ms}, Claimed{TakenMS: ms, Zone: china}, nil},
		"on both sides of a day": {FactsOf{TakenAt: "2022-03-15 09:41:00", Place: &Place{Lat: 0, Lng: 1_800_000_000}}, Claimed{Zone: china, Place: &Place{Lat: 0, Lng: -1_799_999_000}}, nil},
	} {
		got := Compare(&c.facts, c.claimed)
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
