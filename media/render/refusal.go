package render

import (
	"errors"
	"io"

	"github.com/fieldsync/fieldsync/models"
)

// A Refusal is why nothing is made of a file. It never changes for the same bytes, except TooSlow.
type Refusal string

// The refusals, as they are kept in [models.Original]'s Rendered.
const (
	NoPicture     Refusal = models.RenderNone // not JPEG, PNG or WebP
	TooManyPixels Refusal = "too_many_pixels" // more than MaxPixels
	Undecodable   Refusal = "undecodable"     // it begins like a picture and is none
	TooSlow       Refusal = "too_slow"        // it took longer than any picture does
)

// Error says it in English.
func (r Refusal) Error() string {
	switch r {
	case NoPicture:
		return "nothing is made of this type of file"
	case TooManyPixels:
		return "the picture has too many pixels"
	case TooSlow:
		return "the picture took too long to decode"
	}
	return "the picture cannot be decoded"
}

// A witness reads on behalf of a decoder and remembers what the reader itself complained of: a store that is away is no
// fault of the picture.
type witness struct {
	io.ReadSeeker
	fault error
}

func (w *witness) Read(p []byte) (int, error) {
	n, err := w.ReadSeeker.Read(p)
	w.note(err)
	return n, err
}

func (w *witness) Seek(offset int64, whence int) (int64, error) {
	at, err := w.ReadSeeker.Seek(offset, whence)
	w.note(err)
	return at, err
}

func (w *witness) note(err error) {
	if err != nil && w.fault == nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		w.fault = err
	}
}
