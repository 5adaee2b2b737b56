package media

import (
	"bytes"
	"context"
	"crypto/sha256"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media/sniff"
)

const (
	maxPreview     = 60 << 10 // bytes of a phone's preview
	maxPreviewSide = 480      // pixels
)

// PutPreview takes a phone's own small picture of a photo, before the original comes: JPEG, PNG or WebP of at most 61,440
// bytes and 480 pixels on its longest side. The first one stays. Problems are those of PutUnits.
func (s *Service) PutPreview(ctx context.Context, device, id string, sum [32]byte, body []byte) error {
	if len(body) > maxPreview {
		return problem.New(problem.TooLarge, "a preview has at most %d bytes", maxPreview).With("limit", maxPreview)
	}
	if sha256.Sum256(body) != sum {
		return wrongSum("of another SHA-256 than the one beside them")
	}
	d, err := s.delivery(ctx, device, id)
	if err != nil {
		return err
	}
	t, err := targetOf(&d.Announcement)
	if err != nil {
		return err
	}
	f, err := sniff.Look(bytes.NewReader(body))
	if err != nil {
		return err
	}
	if f.Reason != "" || f.MIME == "image/heic" || f.Video() || max(f.Width, f.Height) > maxPreviewSide {
		return problem.New(problem.Invalid, "a preview is a JPEG, PNG or WebP of at most %d pixels on its longest side", maxPreviewSide)
	}
	if err := s.allows(t); err != nil {
		return err
	}
	if d.Original == nil {
		if err := s.begin(ctx, device, d, t); err != nil {
			return err
		}
	}
	if _, err := s.Blobs.Put(ctx, PhonePreviewKey(t.scope, t.sum), bytes.NewReader(body), int64(len(body)), sum); err != nil {
		return err
	}
	return s.Ledger.Touch(ctx, t.scope, t.sum, true)
}
