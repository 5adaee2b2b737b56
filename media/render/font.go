package render

import (
	_ "embed"
	"image"
	"image/color"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed font/NotoSansSC-fieldsync.otf
var notoSans []byte

// loaded parses the font once: it is the program's own, so it parses.
var loaded = sync.OnceValue(func() *opentype.Font {
	f, err := opentype.Parse(notoSans)
	if err != nil {
		panic("the embedded font: " + err.Error())
	}
	return f
})

// A pen writes in one size. It is for one goroutine.
type pen struct {
	size int // pixels of an em
	face font.Face
	buf  sfnt.Buffer
	wide map[rune]fixed.Int26_6
}

func newPen(size int) *pen {
	face, err := opentype.NewFace(loaded(), &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic("the embedded font: " + err.Error())
	}
	return &pen{size: size, face: face, wide: map[rune]fixed.Int26_6{}}
}

// has reports whether the font has a character.
func (p *pen) has(r rune) bool {
	i, err := loaded().GlyphIndex(&p.buf, r)
	return err == nil && i != 0
}

// width is how wide a text is written, pixels.
func (p *pen) width(text string) int {
	var sum fixed.Int26_6
	for _, r := range text {
		w, ok := p.wide[r]
		if !ok {
			w, _ = p.face.GlyphAdvance(r)
			p.wide[r] = w
		}
		sum += w
	}
	return sum.Ceil()
}

// leading is the height of a line.
func (p *pen) leading() int { return p.size * 7 / 5 }

// write writes a line whose upper edge is at y.
func (p *pen) write(to *image.RGBA, x, y int, text string, ink color.Color) {
	d := font.Drawer{Dst: to, Src: image.NewUniform(ink), Face: p.face, Dot: fixed.P(x, y+p.size*21/20)}
	d.DrawString(text)
}
