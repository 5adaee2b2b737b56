package jobs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/media/render"
	"github.com/fieldsync/fieldsync/models"
)

// Damaged is the reason when the store gives out other bytes than it took in.
const Damaged = "damaged"

// maxOriginal is the most that is read of a photo, bytes: it is held in memory while it is decoded.
const maxOriginal = 256 << 20

// make makes the preview of an original and fills in what its file says. What cannot be made has its reason in
// o.Rendered, and is no error: it would be the same next time.
func (r *Renditions) make(ctx context.Context, o *models.Original) error {
	if !pictured(o.MIME) {
		o.Rendered = models.RenderNone
		return nil
	}
	p, err := r.decode(ctx, o.SHA256)
	if reason, ok := refusal(err); ok {
		r.Log.WarnContext(ctx, "a picture has no renditions", "sha256", o.SHA256, "reason", reason)
		o.Rendered = reason
		return r.factsAlone(ctx, o)
	}
	if err != nil {
		return err
	}
	known(o, p.Facts)
	preview, err := p.Preview()
	if err != nil {
		return err
	}
	if err := r.keep(ctx, media.PreviewKey(o.SHA256), preview); err != nil {
		return err
	}
	o.Likeness = p.Likeness()
	o.Rendered = models.RenderDone
	return nil
}

// pictured reports whether renditions are made of a type.
func pictured(mime string) bool {
	return mime == "image/jpeg" || mime == "image/png" || mime == "image/webp"
}

// errDamaged is no Refusal of the picture: its bytes are not those that were stored.
var errDamaged = errors.New("the store gave out other bytes than it took in")

func refusal(err error) (reason string, ok bool) {
	var refused render.Refusal
	switch {
	case errors.As(err, &refused):
		return string(refused), true
	case errors.Is(err, errDamaged):
		return Damaged, true
	}
	return "", false
}

// factsAlone fills in what the file of a picture says that cannot be decoded.
func (r *Renditions) factsAlone(ctx context.Context, o *models.Original) error {
	if o.Rendered == Damaged || o.Rendered == models.RenderNone {
		return nil
	}
	data, err := r.read(ctx, o.SHA256)
	if err != nil {
		return err
	}
	f, err := render.Facts(bytes.NewReader(data))
	if err != nil {
		return err
	}
	known(o, f)
	return nil
}

func known(o *models.Original, f *render.FactsOf) {
	o.Width, o.Height, o.Facts = int64(f.Width), int64(f.Height), f.JSON()
}

// decode reads an original and decodes it, in a place of the pool.
func (r *Renditions) decode(ctx context.Context, sum string) (*render.Picture, error) {
	select {
	case r.pool <- struct{}{}:
		defer func() { <-r.pool }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	data, err := r.read(ctx, sum)
	if err != nil {
		return nil, err
	}
	decoding, stop := context.WithTimeout(ctx, r.Deadline)
	defer stop()
	p, err := render.Decode(decoding, bytes.NewReader(data))
	if err != nil && ctx.Err() != nil { // stopped from outside: that says nothing about the picture
		return nil, ctx.Err()
	}
	return p, err
}

// read reads an original and compares its hash.
func (r *Renditions) read(ctx context.Context, sum string) ([]byte, error) {
	body, err := r.Blobs.Get(ctx, media.OriginalKey(sum), 0, -1)
	if err != nil {
		return nil, err
	}
	defer func() { _ = body.Close() }()
	data, err := io.ReadAll(io.LimitReader(body, maxOriginal))
	if err != nil {
		return nil, problem.Wrap(err, problem.Unavailable, "an original could not be read")
	}
	if is := sha256.Sum256(data); hex.EncodeToString(is[:]) != sum {
		return nil, errDamaged
	}
	return data, nil
}

// keep stores what was made. A key that is there holds what was made before of the same bytes.
func (r *Renditions) keep(ctx context.Context, key string, data []byte) error {
	_, err := r.Blobs.Put(ctx, key, bytes.NewReader(data), int64(len(data)), sha256.Sum256(data))
	return err
}
