package render

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/media/picture"
)

// near reports whether two colours are alike as JPEG and scaling leave them.
func near(a, b color.Color, most int) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	for _, d := range []int{int(ar>>8) - int(br>>8), int(ag>>8) - int(bg>>8), int(ab>>8) - int(bb>>8)} {
		if d > most || -d > most {
			return false
		}
	}
	return true
}

// TestOrientation looks at the corners of what is made of all eight, for pictures that are scaled and that are not.
func TestOrientation(t *testing.T) {
	corners := []color.Color{color.RGBA{220, 30, 30, 255}, color.RGBA{30, 180, 30, 255}, color.RGBA{30, 30, 220, 255}, color.RGBA{230, 220, 30, 255}}
	for _, size := range []image.Point{{1800, 450}, {200, 121}, {121, 200}} {
		for o := range 9 {
			p := decoded(t, picture.New(picture.Spec{Seed: 3, Width: size.X, Height: size.Y, Corners: true, Orientation: o}))
			preview, err := p.Preview()
			if err != nil {
				t.Fatal(err)
			}
			stamped, _, err := p.Stamped(Stamp{})
			if err != nil {
				t.Fatal(err)
			}
			for name, made := range map[string][]byte{"preview": preview, "stamped": stamped} {
				m, err := jpeg.Decode(bytes.NewReader(made))
				if err != nil {
					t.Fatal(err)
				}
				w, h := m.Bounds().Dx(), m.Bounds().Dy()
				if (w > h) != (size.X > size.Y) {
					t.Errorf("%v, orientation %d: the %s is %d × %d", size, o, name, w, h)
				}
				for i, at := range []image.Point{{5, 5}, {w - 6, 5}, {w - 6, h - 6}, {5, h - 6}} {
					if c := m.At(at.X, at.Y); !near(c, corners[i], 24) {
						t.Errorf("%v, orientation %d: corner %d of the %s is %v", size, o, i, name, c)
					}
				}
				if f := facts(t, made); f.Orientation != 0 {
					t.Errorf("a %s says itself that it is turned", name)
				}
			}
		}
	}
}

// TestReduce compares with the mean as it is written in books.
func TestReduce(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 37, 23))
	for i := range m.Pix {
		m.Pix[i] = uint8(i * i * 7)
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	out := reduce(m, 10)
	if out.Rect.Dx() != 10 || out.Rect.Dy() != 6 {
		t.Fatal(out.Rect)
	}
	for y := range 6 {
		for x := range 10 {
			for c := range 3 {
				sum, area := 0.0, 37.0/10*23/6
				for sy := range 23 {
					for sx := range 37 {
						high := max(0, min(float64(sy+1), float64(y+1)*23/6)-max(float64(sy), float64(y)*23/6))
						wide := max(0, min(float64(sx+1), float64(x+1)*3.7)-max(float64(sx), float64(x)*3.7))
						sum += high * wide * float64(m.Pix[m.PixOffset(sx, sy)+c])
					}
				}
				if got := float64(out.Pix[out.PixOffset(x, y)+c]); got < sum/area-0.51 || got > sum/area+0.51 {
					t.Fatalf("(%d, %d) %d: %v, want %v", x, y, c, got, sum/area)
				}
			}
		}
	}
}

// TestDecodeKinds reads the forms that cameras and messengers write; all show the same picture.
func TestDecodeKinds(t *testing.T) {
	like := decoded(t, testFile(t, "444.jpg"))
	for _, name := range []string{"exif.jpg", "exif.png", "exif.webp", "lossless.webp", "422.jpg", "progressive.jpg", "cmyk.jpg", "grey.jpg"} {
		p := decoded(t, testFile(t, name))
		if d, ok := Distance(p.Likeness(), like.Likeness()); p.Facts.Orientation == 0 && (!ok || d > 6) {
			t.Errorf("%s: %d bits from the others", name, d)
		}
		if p.Facts.Orientation == 0 && name != "grey.jpg" && !near(p.copy.At(20, 30), like.copy.At(20, 30), 40) {
			t.Errorf("%s: %v, want %v", name, p.copy.At(20, 30), like.copy.At(20, 30))
		}
	}
}

// TestDecodePNG reads what a PNG may hold; what is transparent is white.
func TestDecodePNG(t *testing.T) {
	r := image.Rect(0, 0, 30, 20)
	red := color.NRGBA{200, 20, 20, 255}
	half := color.NRGBA{200, 20, 20, 128}
	for name, c := range map[string]struct {
		m    image.Image
		want color.Color
	}{
		"NRGBA": {filled(image.NewNRGBA(r), half), color.RGBA{227, 137, 137, 255}}, "clear": {filled(image.NewNRGBA(r), color.Transparent), color.White},
		"NRGBA64": {filled(image.NewNRGBA64(r), half), color.RGBA{227, 137, 137, 255}}, "RGBA": {filled(image.NewRGBA(r), red), red},
		"grey": {filled(image.NewGray(r), color.Gray{90}), color.Gray{90}}, "grey 16": {filled(image.NewGray16(r), color.Gray{90}), color.Gray{90}},
		"palette": {filled(image.NewPaletted(r, color.Palette{color.Black, red}), red), red},
	} {
		var b bytes.Buffer
		if err := png.Encode(&b, c.m); err != nil {
			t.Fatal(err)
		}
		if got := decoded(t, b.Bytes()).copy.At(5, 5); !near(got, c.want, 2) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func filled[M interface {
	image.Image
	Set(x, y int, c color.Color)
}](m M, c color.Color) M {
	for i := range m.Bounds().Dx() * m.Bounds().Dy() {
		m.Set(i%m.Bounds().Dx(), i/m.Bounds().Dx(), c)
	}
	return m
}

func TestDecodeRefuses(t *testing.T) {
	whole := picture.New(picture.Spec{Width: 64, Height: 48})
	large := bytes.Clone(whole)
	at := bytes.Index(large, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(large[at+5:], 9000)
	binary.BigEndian.PutUint16(large[at+7:], 9000)
	head := []byte("IHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x02\x00\x00\x00")
	hugePNG := binary.BigEndian.AppendUint32(append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...), crc32.ChecksumIEEE(head))
	for name, c := range map[string]struct {
		file []byte
		want Refusal
	}{
		"nothing":            {nil, NoPicture},
		"a video":            {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), NoPicture},
		"a page":             {[]byte("<html><script>alert(1)</script>"), NoPicture},
		"81 megapixels":      {large, TooManyPixels},
		"a PNG of 2³¹ by it": {hugePNG, Undecodable}, // the decoder itself refuses it
		"cut":                {whole[:len(whole)/2], Undecodable},
		"only a beginning":   {whole[:3], Undecodable},
		"an empty WebP":      {[]byte("RIFF\x04\x00\x00\x00WEBP"), Undecodable},
	} {
		if _, err := Decode(t.Context(), bytes.NewReader(c.file)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestDecodeStops(t *testing.T) {
	whole := picture.New(picture.Spec{Width: 640, Height: 480, Bytes: 1 << 20})
	past, stop := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer stop()
	if _, err := Decode(past, bytes.NewReader(whole)); !errors.Is(err, TooSlow) {
		t.Errorf("past its deadline: %v", err)
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if _, err := Decode(left, bytes.NewReader(whole)); !errors.Is(err, context.Canceled) {
		t.Errorf("who went away: %v", err)
	}
}

// TestDecodeSpoilt lets no spoilt file stop the program.
func TestDecodeSpoilt(t *testing.T) {
	for _, name := range []string{"exif.jpg", "progressive.jpg", "exif.png", "exif.webp", "lossless.webp"} {
		whole := testFile(t, name)
		for n := 0; n < len(whole); n += 11 {
			spoilt := bytes.Clone(whole)
			spoilt[n] ^= byte(1 << (n % 8))
			p, err := Decode(t.Context(), bytes.NewReader(spoilt))
			var refused Refusal
			if err != nil && !errors.As(err, &refused) {
				t.Fatalf("%s, byte %d: %v", name, n, err)
			}
			if err == nil {
				p.Likeness()
			}
		}
	}
}
