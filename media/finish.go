package media

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media/sniff"
	"github.com/fieldsync/fieldsync/models"
)

// finish makes an original of its units. It may be broken off after any step and begun anew, and run on several servers
// at once: the stores take a key once, the ledger an original, and units go last.
func (s *Service) finish(ctx context.Context, device, id string) error {
	d, err := s.delivery(ctx, device, id)
	if err != nil || d.ended() {
		return err
	}
	t, err := targetOf(&d.Announcement)
	if err != nil {
		return err
	}
	p, err := s.pile(ctx, t)
	if err != nil {
		return err
	}
	plan := p.plan(device)
	if len(plan.missing) > 0 {
		return nil // somebody dropped some
	}
	src := newSource(ctx, s.Spool, plan.pieces)
	defer src.Close()
	o, err := s.examine(ctx, src, t)
	if errors.Is(err, errOtherHash) {
		return s.mismatch(ctx, t, device, plan.mixed, d.Original != nil && d.Original.Preview)
	}
	if err != nil {
		return err
	}
	o.Device, o.BegunMS = device, o.LastMS
	if d.Original != nil {
		o.Device, o.BegunMS, o.Preview = d.Original.Device, d.Original.BegunMS, d.Original.Preview
	}
	if d.lost { // these bytes were taken once: whatever is against them today, they are what the receipt is of
		o.State, o.Reason = models.PhotoStored, ""
	}
	if err := s.store(ctx, src, t, o); err != nil {
		return err
	}
	if err := s.Ledger.Finish(ctx, o); err != nil {
		return err
	}
	s.sweep(ctx, t)
	return nil
}

// sweep clears away the units of what is stored: the phone shall hear so also when they cannot be, the janitor comes by.
func (s *Service) sweep(ctx context.Context, t target) {
	if err := s.clear(ctx, t); err != nil {
		s.Log.WarnContext(ctx, "units of a finished photo were left", "sha256", t.sum, "error", err)
	}
}

// mismatch deals with units that are all here and are not the original. Whose fault a mixture is cannot be seen, so from
// then on each device's units count by themselves: nobody's are lost by those of somebody else.
func (s *Service) mismatch(ctx context.Context, t target, device string, mixed, preview bool) error {
	if mixed {
		s.Log.InfoContext(ctx, "units of several devices are not the photo", "sha256", t.sum, "device", device)
		return s.putNote(ctx, t, spoolApart, "")
	}
	if err := s.dropOwn(ctx, t, device, preview); err != nil {
		return err
	}
	return problem.New(problem.HashMismatch, "all units came, and together they are not the original that was announced").
		ZH("照片已全部上传，但与登记的原件不一致，请重新上传。")
}

var errOtherHash = errors.New("media: not the original that was announced")

// examine reads a whole original and says what is known of it and whether it is taken; errOtherHash if it is another.
func (s *Service) examine(ctx context.Context, src *source, t target) (*models.Original, error) {
	h := sha256.New()
	f, err := sniff.Look(io.TeeReader(src, h))
	if err != nil {
		return nil, err
	}
	if src.at != t.bytes || [32]byte(h.Sum(nil)) != t.want {
		return nil, errOtherHash
	}
	now := s.Now().UnixMilli()
	o := &models.Original{Scope: t.scope, SHA256: t.sum, Bytes: t.bytes, MIME: f.MIME, State: models.PhotoStored,
		LastMS: now, StoredMS: now, Width: min(f.Width, 1<<31), Height: min(f.Height, 1<<31)}
	switch {
	case f.Reason != "":
		o.Reason = f.Reason
	case !f.Video() && t.bytes > s.Limits.PhotoBytes:
		o.Reason = ReasonTooLarge
	case !f.Video() && f.Pixels() > s.Limits.Pixels:
		o.Reason = ReasonTooManyPixels
	default:
		if err := s.ask(ctx, src, o); err != nil {
			return nil, err
		}
	}
	if f.Video() || f.MIME == "image/heic" {
		o.Rendered = models.RenderNone
	}
	if o.Reason != "" {
		o.State, o.StoredMS, o.Rendered = models.PhotoRefused, 0, models.RenderNone
	}
	return o, nil
}

// ask asks the hooks.
func (s *Service) ask(ctx context.Context, src *source, o *models.Original) error {
	if s.Facts != nil && !strings.HasPrefix(o.MIME, "video/") {
		facts, err := s.facts(src)
		if src.err != nil {
			return src.err
		}
		if err != nil { // they are a hint, and no reason to refuse evidence
			s.Log.InfoContext(ctx, "a photo's facts cannot be read", "sha256", o.SHA256, "error", err)
			facts = ""
		}
		o.Facts = facts
	}
	if s.Scan == nil {
		return nil
	}
	src.Seek(0, io.SeekStart)
	reason, err := s.Scan(ctx, struct{ io.Reader }{src})
	if err == nil {
		err = src.err
	}
	if err != nil {
		return problem.Wrap(err, problem.Unavailable, "the photo cannot be scanned just now; try again later").
			ZH("暂时无法检查照片，请稍后再试。").RetryAfter(60)
	}
	if reason != "" {
		s.Log.WarnContext(ctx, "the scanner refused a photo", "sha256", o.SHA256, "reason", reason)
		o.Reason = ReasonScanner
	}
	return nil
}

// facts is Config.Facts on bytes that somebody may have made to break it.
func (s *Service) facts(src *source) (json string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	src.Seek(0, io.SeekStart)
	return s.Facts(src)
}

// store puts an original where it belongs.
func (s *Service) store(ctx context.Context, src *source, t target, o *models.Original) error {
	if o.State == models.PhotoRefused {
		return s.put(ctx, src, QuarantineKey(t.scope, t.sum), t)
	}
	if err := s.put(ctx, src, OriginalKey(t.sum), t); err != nil {
		return err
	}
	mark, err := json.Marshal(ownerMark{Device: o.Device})
	if err != nil {
		return err
	}
	_, err = s.Blobs.Put(ctx, OwnerKey(t.scope, t.sum), strings.NewReader(string(mark)), int64(len(mark)), sha256.Sum256(mark))
	return err
}

// put puts an original under a key. One that is there is read first: a receipt is not given for what a disk has damaged.
func (s *Service) put(ctx context.Context, src *source, key string, t target) error {
	for range 2 {
		src.Seek(0, io.SeekStart)
		created, err := s.Blobs.Put(ctx, key, src, t.bytes, t.want)
		switch {
		case src.err != nil:
			return src.err
		case problem.CodeOf(err) == problem.BadDigest:
			return retry(err) // the spool has changed since it was examined
		case err != nil || created:
			return err
		}
		good, err := s.holds(ctx, key, t)
		if err != nil || good {
			return err
		}
		s.Log.ErrorContext(ctx, "the store holds a damaged blob, which is replaced", "key", key)
		if err := s.Blobs.Delete(ctx, key); err != nil {
			return err
		}
	}
	return problem.New(problem.Unavailable, "the photo store is in trouble; try again later").
		ZH("照片存储暂时不可用，请稍后再试。").RetryAfter(30)
}

// holds reports whether a key holds an original, byte for byte.
func (s *Service) holds(ctx context.Context, key string, t target) (bool, error) {
	info, err := s.Blobs.Stat(ctx, key)
	if err != nil || info.Size != t.bytes {
		return false, ignoreNotFound(err)
	}
	r, err := s.Blobs.Get(ctx, key, 0, -1)
	if err != nil {
		return false, ignoreNotFound(err)
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.CopyBuffer(struct{ io.Writer }{h}, struct{ io.Reader }{r}, make([]byte, 64<<10)); err != nil {
		return false, err
	}
	return [32]byte(h.Sum(nil)) == t.want, nil
}

// receipt has the ledger write what is missing: a photo that was announced after its original was stored has none.
func (s *Service) receipt(ctx context.Context, device, id string) error {
	d, err := s.delivery(ctx, device, id)
	if err != nil || d.Original == nil || d.Original.State != models.PhotoStored || d.lost || d.Receipt != nil {
		return err
	}
	return s.Ledger.Finish(ctx, d.Original)
}
