package render

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/fieldsync/fieldsync/media/picture"
)

// variants are what becomes of a picture on its way through other people's phones.
var variants = []struct {
	name string
	near int // percent that must be found
	make func(m *image.RGBA) *image.RGBA
}{
	{"a third of the size", 100, func(m *image.RGBA) *image.RGBA { return reduce(m, m.Rect.Dx()/3) }},
	{"quality 40", 99, func(m *image.RGBA) *image.RGBA { return rewritten(m, 40) }},
	{"a fifth lighter", 99, func(m *image.RGBA) *image.RGBA { return shaded(m, 120, 0) }},
	{"a fifth darker", 99, func(m *image.RGBA) *image.RGBA { return shaded(m, 80, 0) }},
	{"30 shades lighter", 99, func(m *image.RGBA) *image.RGBA { return shaded(m, 100, 30) }},
	{"cut by 2 % on two edges", 90, func(m *image.RGBA) *image.RGBA { return cut(m, 2) }},
	{"cut by 5 % on two edges", 40, func(m *image.RGBA) *image.RGBA { return cut(m, 5) }},
}

func rewritten(m *image.RGBA, quality int) *image.RGBA {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, &jpeg.Options{Quality: quality})
	back, _ := jpeg.Decode(&b)
	return reduce(back, 1<<14)
}

func shaded(m *image.RGBA, percent, plus int) *image.RGBA {
	out := image.NewRGBA(m.Rect)
	for i, v := range m.Pix {
		out.Pix[i] = uint8(min(int(v)*percent/100+plus, 255))
	}
	return out
}

// cut takes some of the left and of the upper edge away.
func cut(m *image.RGBA, percent int) *image.RGBA {
	from := image.Pt(m.Rect.Dx()*percent/100, m.Rect.Dy()*percent/100)
	out := image.NewRGBA(image.Rectangle{Max: m.Rect.Max.Sub(from)})
	draw.Draw(out, out.Rect, m, from, draw.Src)
	return out
}

// TestNearDistance measures. LIKENESSES=400 measures as many as the documented figures come from.
func TestNearDistance(t *testing.T) {
	n := 24
	if more, err := strconv.Atoi(os.Getenv("LIKENESSES")); err == nil {
		n = more
	}
	hashes := make([]string, n)
	far := make([][]int, len(variants))
	for seed := range n {
		p := decoded(t, picture.New(picture.Spec{Seed: uint64(seed), Width: 300, Height: 225}))
		if hashes[seed] = p.Likeness(); hashes[seed] == "" {
			t.Errorf("picture %d has no likeness", seed)
			continue
		}
		for i, v := range variants {
			d, ok := Distance(hashes[seed], (&Picture{copy: v.make(p.copy)}).Likeness())
			if !ok {
				t.Errorf("picture %d, %s: no likeness", seed, v.name)
			}
			far[i] = append(far[i], d)
		}
	}
	for i, v := range variants {
		slices.Sort(far[i])
		within, _ := slices.BinarySearch(far[i], NearDistance+1)
		t.Logf("%-24s median %d, 99 %% within %d, at most %d; %d of %d near", v.name, far[i][n/2], far[i][n*99/100], far[i][n-1], within, n)
		if within < n*v.near/100 {
			t.Errorf("%s: only %d of %d are near", v.name, within, n)
		}
	}
	var apart []int
	for i := range hashes {
		for j := range i {
			d, _ := Distance(hashes[i], hashes[j])
			apart = append(apart, d)
		}
	}
	slices.Sort(apart)
	t.Logf("%d pairs of different pictures: at least %d, 1 %% within %d, median %d", len(apart), apart[0], apart[len(apart)/100], apart[len(apart)/2])
	if apart[0] <= NearDistance {
		t.Errorf("different pictures are %d apart", apart[0])
	}
}

func TestLikenessOfNothing(t *testing.T) {
	for name, c := range map[string]color.Color{"black": color.Black, "white": color.White, "grey": color.Gray{120}} {
		m := image.NewRGBA(image.Rect(0, 0, 640, 480))
		draw.Draw(m, m.Rect, image.NewUniform(c), image.Point{}, draw.Src)
		for i := range m.Pix { // what a sensor adds
			m.Pix[i] = uint8(min(int(m.Pix[i])+i*7%5, 255))
		}
		if h := (&Picture{copy: rewritten(m, 80)}).Likeness(); h != "" {
			t.Errorf("a %s picture has the likeness %s", name, h)
		}
	}
	for _, size := range []image.Point{{1, 1}, {3, 900}, {900, 3}, {9, 8}} {
		(&Picture{copy: image.NewRGBA(image.Rectangle{Max: size})}).Likeness()
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		d    int
		ok   bool
	}{{"0000000000000000", "ffffffffffffffff", 64, true}, {"00000000000000f0", "0000000000000010", 3, true},
		{"", "0000000000000000", 0, false}, {"0000000000000000", "xyz", 0, false}, {"0", "0", 0, false}} {
		if d, ok := Distance(c.a, c.b); d != c.d || ok != c.ok {
			t.Errorf("Distance(%q, %q) = %d, %v", c.a, c.b, d, ok)
		}
	}
}
