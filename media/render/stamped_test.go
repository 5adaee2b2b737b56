package render

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/fieldsync/fieldsync/media/picture"
)

func decoded(t testing.TB, file []byte) *Picture {
	t.Helper()
	p, err := Decode(context.Background(), bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var china = time.FixedZone("", 8*3600)

func fullStamp() Stamp {
	return Stamp{TakenMS: time.Date(2022, 3, 15, 9, 41, 0, 0, china).UnixMilli(), Zone: china,
		Unit: "示例县市场监督管理局", Place: "示例镇金犇大酒店（蓝滢阁）门前",
		Caption: "3•15国际消费者权益日宣传：执法人员向群众讲解如何辨别假冒伪劣商品，现场受理投诉举报，发放“守护消费”宣传手册。", SHA256: "7c3a5e1f90b2d4c6" + "0123456789abcdef0123456789abcdef0123456789abcdef"}
}

const (
	// seventy is what somebody writes who fills the field.
	seventy = "3•15国际消费者权益日宣传：执法人员向群众讲解如何辨别假冒伪劣商品，现场受理投诉举报，发放“守护消费”宣传手册１２００余份，并回访金犇大酒店（蓝滢阁）。"
	// names holds what GB 2312 alone lacks, and what forms are full of.
	names = "金犇大酒店（蓝滢阁） 3•15 · 25℃ 120㎡ №3 《条例》 “甲”‘乙’ ① Ⅲ ￥1,200.00 ½ — … é ü 囍 國號龍鳳樓閣 㙍 䶮 㸆 镕 堃 喆 珺 昇 淼"
)

// pictures are the stamped copies in docs/photos: made anew with PICTURES=../../docs/photos, and then looked at.
func pictures() map[string]struct {
	spec  picture.Spec
	stamp Stamp
} {
	type entry = struct {
		spec  picture.Spec
		stamp Stamp
	}
	long, narrow := fullStamp(), fullStamp()
	long.Caption = seventy
	narrow.Caption = strings.Repeat("一段很长的说明，", 60)
	return map[string]entry{
		"stamped.jpg":          {picture.Spec{Seed: 21, Width: 2000, Height: 1500}, fullStamp()},
		"stamped-caption.jpg":  {picture.Spec{Seed: 4, Width: 1500, Height: 2000, Orientation: 6}, long},
		"stamped-too-long.jpg": {picture.Spec{Seed: 5, Width: 640, Height: 480}, narrow},
	}
}

// TestPictures compares with the committed pictures, tolerant to what another version of an encoder rounds.
func TestPictures(t *testing.T) {
	for name, c := range pictures() {
		got, missing, err := decoded(t, picture.New(c.spec)).Stamped(c.stamp)
		if err != nil || missing != 0 {
			t.Errorf("%s: %d characters missing, %v", name, missing, err)
		}
		compared(t, name, got)
	}
}

// TestOrientationPicture lays all eight side by side: above as they are stored, below as they are shown.
func TestOrientationPicture(t *testing.T) {
	const cell, foot = 220, 34
	sheet := image.NewRGBA(image.Rect(0, 0, 8*cell, 2*cell+foot))
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	for o := 1; o <= 8; o++ {
		file := picture.New(picture.Spec{Seed: 21, Width: 800, Height: 600, Corners: true, Orientation: o})
		stored, err := jpeg.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range []*image.RGBA{reduce(stored, cell-16), reduce(decoded(t, file).copy, cell-16)} {
			at := image.Pt((o-1)*cell+(cell-m.Rect.Dx())/2, i*cell+(cell-m.Rect.Dy())/2)
			draw.Draw(sheet, m.Rect.Add(at), m, image.Point{}, draw.Src)
			if i == 1 && m.Rect.Dx() < m.Rect.Dy() {
				t.Errorf("orientation %d lies on its side", o)
			}
		}
		newPen(22).write(sheet, (o-1)*cell+90, 2*cell, "方向 "+strconv.Itoa(o), color.Black)
	}
	got, err := encode(sheet, 85)
	if err != nil {
		t.Fatal(err)
	}
	compared(t, "orientation.jpg", got)
}

// compared holds a picture against the committed one.
func compared(t *testing.T, name string, got []byte) {
	t.Helper()
	if dir := os.Getenv("PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("../../docs/photos/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if off := unlike(t, got, want); off > 0.002 {
		t.Errorf("%s: %.2f %% of the points differ from docs/photos", name, 100*off)
	}
}

// unlike is the share of points that differ visibly.
func unlike(t *testing.T, a, b []byte) float64 {
	t.Helper()
	m, n := decoded(t, a).copy, decoded(t, b).copy
	if m.Rect != n.Rect {
		t.Fatalf("%v and %v", m.Rect, n.Rect)
	}
	off := 0
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			if !near(m.At(x, y), n.At(x, y), 40) {
				off++
			}
		}
	}
	return float64(off) / float64(m.Rect.Dx()*m.Rect.Dy())
}

func TestFontHasWhatOfficesWrite(t *testing.T) {
	p := newPen(20)
	for _, text := range []string{names, seventy, fullStamp().Place, "0123456789ABCDEFGHJKMNPQRSTVWXYZ-· …〓"} {
		if line, missing := printable(text, p.has); missing != 0 {
			t.Errorf("%d missing in %s", missing, line)
		}
	}
	for _, r := range names { // a glyph that draws nothing would be as bad as none
		if r == ' ' {
			continue
		}
		if b, _, ok := p.face.GlyphBounds(r); !ok || b.Max.X <= b.Min.X || p.width(string(r)) == 0 {
			t.Errorf("%c is drawn as nothing", r)
		}
	}
}

// TestStampedOfAnything writes what people and machines put into texts, on pictures of any form.
func TestStampedOfAnything(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		missing int
	}{
		"nothing": {"", 0}, "spaces": {" \u3000\t\n", 0}, "Latin": {"Only Latin, nothing else; a_very_long_word_" + strings.Repeat("x", 300), 0},
		"emoji": {"好👍🏽 👨‍👩‍👧 ❤️ 🇨🇳", 5}, "lines": {"一\u2028二\u2029三\r\n四\x00五\u0085六", 0}, "right to left": {"שלום\u202eאבג\u202c abc", 7},
		"marks": {"e\u0301\u0302\u0303\u0304", 1}, "no UTF-8": {"a\xff\xfeb", 2}, "no line may begin": {strings.Repeat("，", 400), 0},
		"zero width": {strings.Repeat("\u200b\u200d\ufeff", 500), 0}, "private": {"\ue000", 1}, "long": {strings.Repeat("长", 5000), 0},
	} {
		for _, size := range []image.Point{{320, 240}, {8, 8}, {800, 8}, {8, 800}} {
			p := decoded(t, picture.New(picture.Spec{Width: size.X, Height: size.Y}))
			data, missing, err := p.Stamped(Stamp{Caption: c.text})
			if err != nil || missing != c.missing {
				t.Errorf("%s on %v: %d missing, want %d; %v", name, size, missing, c.missing, err)
			}
			m, err := jpeg.Decode(bytes.NewReader(data))
			if err != nil || m.Bounds().Dx() < size.X || m.Bounds().Dy() < size.Y || m.Bounds().Dy() > size.Y+200 {
				t.Errorf("%s on %v: %v, %v", name, size, m.Bounds(), err)
			}
		}
	}
	whole := fullStamp()
	whole.SHA256 = "not a hash"
	if _, _, err := decoded(t, picture.New(picture.Spec{Width: 100, Height: 100})).Stamped(whole); err != nil {
		t.Error(err)
	}
}

func TestStampText(t *testing.T) {
	a, b := fullStamp(), fullStamp()
	b.TakenMS += 59_000 // the same minute
	if a.Text() != b.Text() || !utf8.ValidString(a.Text()) {
		t.Error("two that look the same have different texts")
	}
	b.Unit, b.Place = a.Place, a.Unit
	if a.Text() == b.Text() {
		t.Error("two that look different have one text")
	}
}
