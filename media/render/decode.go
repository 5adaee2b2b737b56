package render

import (
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

const (
	// MaxPixels is the most that is decoded. Such a JPEG takes 130 MB while it is, 500 MB when it is progressive, a PNG
	// 280 MB and one of 16 bits twice that: so few are decoded at once. A camera's 12 million take 50 MB.
	MaxPixels = 64_000_000
	// StampedSide and PreviewSide are the longest sides of what is made, pixels. Nothing is enlarged to them.
	StampedSide = 1600
	PreviewSide = 480
)

// A Picture is an upright copy of a file's picture, with no side longer than StampedSide, and what its file says of itself.
// It is for one goroutine.
type Picture struct {
	Facts *FactsOf
	copy  *image.RGBA // opaque
	small *image.RGBA // of the preview, once it was made
}

// Decode reads a picture. All that is made of it is made from this one reading. A picture that cannot be read is a
// Refusal: TooSlow when ctx ends by its deadline while it is decoded. Any other error is the reader's, or ctx's.
func Decode(ctx context.Context, r io.ReadSeeker) (p *Picture, err error) {
	defer func() {
		if recover() != nil { // hostile pictures have made decoders panic before
			p, err = nil, Undecodable
		}
	}()
	w := &witness{ReadSeeker: &watched{ctx, r}}
	facts, err := Facts(w)
	if err == nil {
		err = ctx.Err()
	}
	var m image.Image
	if err == nil {
		m, err = decode(w, facts)
	}
	if w.fault != nil {
		err = w.fault
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil:
		return nil, TooSlow
	case err != nil:
		return nil, err
	}
	return &Picture{Facts: facts, copy: upright(reduce(m, StampedSide), facts.Orientation)}, nil
}

// watched stops a decoder between two reads: small files can hold pictures that take hours.
type watched struct {
	ctx context.Context
	io.ReadSeeker
}

func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.ReadSeeker.Read(p[:min(len(p), 64<<10)])
}

func decode(w *witness, facts *FactsOf) (m image.Image, err error) {
	k, err := rewound(w)
	switch {
	case err != nil:
		return nil, err
	case k == other:
		return nil, NoPicture
	case facts.Width == 0:
		return nil, Undecodable
	case int64(facts.Width)*int64(facts.Height) > MaxPixels:
		return nil, TooManyPixels
	}
	switch k {
	case jpegKind:
		m, err = jpeg.Decode(w)
	case pngKind:
		m, err = png.Decode(w)
	default:
		m, err = webp.Decode(w)
	}
	if err != nil || m.Bounds().Dx() != facts.Width || m.Bounds().Dy() != facts.Height {
		return nil, Undecodable
	}
	return m, nil
}

// rewound looks at the first bytes, and goes back to them.
func rewound(r io.ReadSeeker) (kind, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return other, err
	}
	var first [12]byte
	n, _ := io.ReadFull(r, first[:])
	_, err := r.Seek(0, io.SeekStart)
	return kindOf(first[:n]), err
}
