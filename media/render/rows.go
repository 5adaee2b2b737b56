package render

import (
	"image"
	"image/color"
)

// rowsOf returns a function that writes row y of a picture as bytes of red, green and blue, on white where it is
// transparent. The kinds that decoders return have ways of their own, since a picture has millions of pixels.
func rowsOf(m image.Image) func(y int, to []uint8) {
	switch m := m.(type) {
	case *image.Gray:
		return func(y int, to []uint8) {
			from := m.Pix[y*m.Stride:]
			for x := range len(to) / 3 {
				v := from[x]
				to[3*x], to[3*x+1], to[3*x+2] = v, v, v
			}
		}
	case *image.NRGBA:
		return func(y int, to []uint8) { rowNRGBA(m.Pix[y*m.Stride:], to) }
	case *image.RGBA:
		return func(y int, to []uint8) { rowRGBA(m.Pix[y*m.Stride:], to) }
	case *image.Paletted:
		return func(y int, to []uint8) { rowPaletted(m, y, to) }
	}
	return func(y int, to []uint8) {
		b := m.Bounds()
		for x := range len(to) / 3 {
			put(to[3*x:], m.At(b.Min.X+x, b.Min.Y+y))
		}
	}
}

// put writes one pixel on white.
func put(to []uint8, c color.Color) {
	r, g, b, a := c.RGBA()
	white := 0xffff - a
	to[0], to[1], to[2] = uint8((r+white)>>8), uint8((g+white)>>8), uint8((b+white)>>8)
}

// rgb makes a colour of luma and chroma by JFIF's matrix, with 16 binary places.
func rgb(l, cb, cr uint8) (r, g, b uint8) {
	y, u, v := int32(l)<<16+1<<15, int32(cb)-128, int32(cr)-128
	return clamp(y + 91881*v), clamp(y - 22554*u - 46802*v), clamp(y + 116130*u)
}

func clamp(v int32) uint8 {
	if uint32(v) < 1<<24 {
		return uint8(v >> 16)
	}
	return uint8(^(v >> 31)) // 0 below, 255 above
}

func rowNRGBA(from, to []uint8) {
	for x := range len(to) / 3 {
		p, q := from[4*x:4*x+4], to[3*x:3*x+3]
		a := uint32(p[3])
		for i := range q {
			q[i] = uint8((uint32(p[i])*a + 255*(255-a) + 127) / 255)
		}
	}
}

func rowRGBA(from, to []uint8) {
	for x := range len(to) / 3 {
		p, q := from[4*x:4*x+4], to[3*x:3*x+3]
		for i := range q {
			q[i] = p[i] + 255 - p[3]
		}
	}
}

func rowPaletted(m *image.Paletted, y int, to []uint8) {
	from := m.Pix[y*m.Stride:]
	var one [3]uint8
	for x := range len(to) / 3 {
		c := color.Color(color.Black) // a number beyond the palette
		if int(from[x]) < len(m.Palette) {
			c = m.Palette[from[x]]
		}
		put(one[:], c)
		copy(to[3*x:], one[:])
	}
}
