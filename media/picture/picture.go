// Package picture makes photographs that nobody took: JPEGs as a phone writes them, with EXIF, each from a seed, in any
// size, quickly. Tests and simulated phones send them. The same [Spec] is always the same bytes.
package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"time"
)

// Spec says what is on a picture and what its EXIF claims. The zero value is a picture of 1280 × 960 without EXIF.
type Spec struct {
	Seed          uint64
	Width, Height int // pixels of the upright picture, 8 to 16384; turned by 90° when the orientation is 5 to 8
	Quality       int // of the JPEG, 1 to 100; 0: 80
	// Bytes is the least size of the file: what is missing is filled with noise in segments that no decoder looks at.
	// It costs far less time than noise in the picture. 0: as large as it comes.
	Bytes int
	// Corners paints the corners of the upright picture: red top left, green top right, blue bottom right, yellow
	// bottom left, each an eighth of the longest side.
	Corners bool

	// Orientation is EXIF's, 1 to 8; 0: none is written. The stored pixels are turned so that a viewer who follows it
	// sees the same upright picture with every orientation.
	Orientation           int
	TakenAt               time.Time // DateTimeOriginal, in its own zone; zero: none
	NoOffset              bool      // leave OffsetTimeOriginal out, as older phones do
	Lat, Lng              int64     // 1e-7 degree; both 0: no GPS
	Accuracy              int64     // metres; 0: none
	Make, Model, Software string    // "": none
}

// New makes the JPEG.
func New(s Spec) []byte {
	s = s.withDefaults()
	scene := paint(s).stored(s.Orientation)
	w, h := s.Width, s.Height
	if s.Orientation >= 5 {
		w, h = h, w
	}
	var out bytes.Buffer
	// A bytes.Buffer takes everything, and the size is within what a JPEG can have.
	_ = jpeg.Encode(&out, scene.enlarge(w, h), &jpeg.Options{Quality: s.Quality})
	file := out.Bytes()
	if exif := s.exif(w, h); exif != nil {
		file = WithEXIF(file, exif)
	}
	return fill(file, s.Bytes, rand.New(rand.NewPCG(s.Seed, 2)))
}

func (s Spec) withDefaults() Spec {
	if s.Width == 0 {
		s.Width = 1280
	}
	if s.Height == 0 {
		s.Height = 960
	}
	s.Width, s.Height = min(max(s.Width, 8), 16384), min(max(s.Height, 8), 16384)
	if s.Quality == 0 {
		s.Quality = 80
	}
	if s.Orientation < 0 || s.Orientation > 8 {
		s.Orientation = 0
	}
	return s
}

// source returns the pixel of a stored picture of w × h that belongs at (x, y) of the upright one, for an EXIF
// orientation of 1 to 8 (anything else is 1).
func source(orientation, x, y, w, h int) image.Point {
	switch orientation {
	case 2:
		return image.Pt(w-1-x, y)
	case 3:
		return image.Pt(w-1-x, h-1-y)
	case 4:
		return image.Pt(x, h-1-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(y, h-1-x)
	case 7:
		return image.Pt(w-1-y, h-1-x)
	case 8:
		return image.Pt(w-1-y, x)
	}
	return image.Pt(x, y)
}
