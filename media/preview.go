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
// bytes and 480 pixels on its longest side, smaller than the original, whose announced size the quota bears. That of a phone
// which announced the photo replaces others; those of other phones are passed over when there is one. Problems are those of
// PutUnits.
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
	if int64(len(body)) >= t.bytes {
		return problem.New(problem.Invalid, "a preview is smaller than its original, which was announced with %d bytes", t.bytes)
	}
	if err := s.allows(t); err != nil {
		return err
	}
	defer s.locks.shared(t.name())()
	if d, err = s.delivery(ctx, device, id); err != nil {
		return err
	}
	own := d.Announcement.Device == device
	if !own && d.Original != nil && d.Original.Preview {
		return nil
	}
	if d.Original == nil {
		if err := s.begin(ctx, device, d, t); err != nil {
			return err
		}
	}
	if err := s.putPreview(ctx, PhonePreviewKey(t.scope, t.sum), sum, body, own); err != nil {
		return err
	}
	return s.Ledger.Touch(ctx, t.scope, t.sum, true)
}

// putPreview puts a preview under a key, in the place of another one if it may.
func (s *Service) putPreview(ctx context.Context, key string, sum [32]byte, body []byte, replace bool) error {
	created, err := s.Blobs.Put(ctx, key, bytes.NewReader(body), int64(len(body)), sum)
	if err != nil || created || !replace {
		return err
	}
	same, err := s.holds(ctx, key, target{want: sum, bytes: int64(len(body))})
	if err != nil || same {
		return err
	}
	if err := s.Blobs.Delete(ctx, key); err != nil {
		return err
	}
	_, err = s.Blobs.Put(ctx, key, bytes.NewReader(body), int64(len(body)), sum)
	return err
}
