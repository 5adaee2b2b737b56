package picture

import (
	"image"
	"image/color"
	"math/rand/v2"
)

// sceneSide is the longest side of a scene: a file of any size is enlarged from it, which costs little.
const sceneSide = 256

// A scene is the small picture that a large one is made from, in luma and chroma.
type scene struct {
	w, h int
	pix  [][3]uint8 // Y, Cb, Cr
}

// paint makes the upright scene of a seed: a sky, a ground and things in front of it, all in colours of the seed.
func paint(s Spec) *scene {
	rnd := rand.New(rand.NewPCG(s.Seed, 1))
	longest := max(s.Width, s.Height)
	c := &scene{w: max(8, s.Width*sceneSide/longest), h: max(8, s.Height*sceneSide/longest)}
	c.pix = make([][3]uint8, c.w*c.h)
	from, to := shade(rnd), shade(rnd)
	for i := range c.pix {
		c.pix[i] = between(from, to, i%c.w+2*(i/c.w), c.w+2*c.h)
	}
	for range 9 + rnd.IntN(6) {
		c.thing(rnd)
	}
	if s.Corners {
		c.corners()
	}
	return c
}

func shade(rnd *rand.Rand) [3]uint8 {
	return [3]uint8{uint8(30 + rnd.IntN(200)), uint8(88 + rnd.IntN(80)), uint8(88 + rnd.IntN(80))}
}

// between mixes two shades, n parts of m of the second.
func between(a, b [3]uint8, n, m int) (mixed [3]uint8) {
	for i := range mixed {
		mixed[i] = uint8((int(a[i])*(m-n) + int(b[i])*n) / m)
	}
	return mixed
}

// thing puts a box or an ellipse somewhere, lit from one side.
func (c *scene) thing(rnd *rand.Rand) {
	rw, rh := 1+c.w/16+rnd.IntN(1+c.w/4), 1+c.h/16+rnd.IntN(1+c.h/4)
	cx, cy := rnd.IntN(c.w), rnd.IntN(c.h)
	from, to, round := shade(rnd), shade(rnd), rnd.IntN(2) == 0
	for y := max(0, cy-rh); y < min(c.h, cy+rh); y++ {
		for x := max(0, cx-rw); x < min(c.w, cx+rw); x++ {
			dx, dy := x-cx, y-cy
			if round && dx*dx*rh*rh+dy*dy*rw*rw >= rw*rw*rh*rh {
				continue
			}
			c.pix[y*c.w+x] = between(from, to, dx+rw, 2*rw)
		}
	}
}

func (c *scene) corners() {
	side := max(c.w, c.h) / 8
	for i, rgb := range [][3]uint8{{220, 30, 30}, {30, 180, 30}, {30, 30, 220}, {230, 220, 30}} {
		y, cb, cr := color.RGBToYCbCr(rgb[0], rgb[1], rgb[2])
		left, top := 0, 0
		if i == 1 || i == 2 {
			left = c.w - side
		}
		if i >= 2 {
			top = c.h - side
		}
		for p := range side * side {
			at := image.Pt(left+p%side, top+p/side)
			if at.In(image.Rect(0, 0, c.w, c.h)) {
				c.pix[at.Y*c.w+at.X] = [3]uint8{y, cb, cr}
			}
		}
	}
}

// stored turns an upright scene into what a camera stores that notes the orientation.
func (c *scene) stored(orientation int) *scene {
	if orientation <= 1 {
		return c
	}
	s := &scene{w: c.w, h: c.h, pix: make([][3]uint8, len(c.pix))}
	if orientation >= 5 {
		s.w, s.h = c.h, c.w
	}
	for y := range c.h {
		for x := range c.w {
			from := source(orientation, x, y, s.w, s.h)
			s.pix[from.Y*s.w+from.X] = c.pix[y*c.w+x]
		}
	}
	return s
}

// enlarge makes the picture of w × h, smooth between the points of the scene.
func (c *scene) enlarge(w, h int) *image.YCbCr {
	m := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	c.plane(m.Y, m.YStride, w, h, 0)
	c.plane(m.Cb, m.CStride, (w+1)/2, (h+1)/2, 1)
	c.plane(m.Cr, m.CStride, (w+1)/2, (h+1)/2, 2)
	return m
}

// plane enlarges one of the three: the columns once, then each row between two rows of the scene.
func (c *scene) plane(to []uint8, stride, w, h, which int) {
	wide := make([]int32, w*c.h) // with 8 binary places
	for y := range c.h {
		row := c.pix[y*c.w : (y+1)*c.w]
		for x := range w {
			i, f := spot(x, w, c.w)
			wide[y*w+x] = int32(row[i][which])*(256-f) + int32(row[min(i+1, c.w-1)][which])*f
		}
	}
	for y := range h {
		i, f := spot(y, h, c.h)
		above, below := wide[i*w:][:w], wide[min(i+1, c.h-1)*w:][:w]
		line := to[y*stride:][:w]
		for x := range line {
			line[x] = uint8((above[x]*(256-f) + below[x]*f + 1<<15) >> 16)
		}
	}
}

// spot is where point n of m lies among k points: between i and the next, f parts of 256 after i.
func spot(n, m, k int) (i int, f int32) {
	at := max(0, (2*n+1)*k*128/m-128)
	return at >> 8, int32(at & 255)
}
