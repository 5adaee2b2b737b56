package media

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// ownerMark is what lies under [OwnerKey].
type ownerMark struct {
	Device string `json:"device"` // whose quota bears the bytes
}

// Adopt takes back the original of an announcement if the store has it, before its phone asks: some phones never will. An
// installation that was restored from a backup calls it for what it announces and has not stored.
func (s *Service) Adopt(ctx context.Context, a *models.Announcement) error {
	t, err := targetOf(a)
	if err != nil {
		return nil // that can never come
	}
	mark, err := s.ownerMark(ctx, t)
	if mark == nil || err != nil {
		return err
	}
	return s.alone(ctx, t, a.Device, a.ID, work{"adopt", func(ctx context.Context, device, _ string) error {
		var row *models.Original
		if rows, ok := s.Ledger.(Originals); ok {
			if row, err = rows.Original(ctx, t.scope, t.sum); err != nil {
				return err
			}
		}
		return s.takeBack(ctx, t, device, row)
	}})
}

// adopt is takeBack for a phone that asks.
func (s *Service) adopt(ctx context.Context, device, id string) error {
	d, err := s.delivery(ctx, device, id)
	if err != nil {
		return err
	}
	t, err := targetOf(&d.Announcement)
	if err != nil {
		return err
	}
	return s.takeBack(ctx, t, device, d.Original)
}

// takeBack takes back an original that this installation has stored once, before its database was restored from a backup:
// the mark says that this scope brought it. The bytes are read again before a receipt says so. The backup may be from when
// some of the units had come: row is what is known, nil for nothing.
func (s *Service) takeBack(ctx context.Context, t target, device string, row *models.Original) error {
	if row != nil && row.State != models.PhotoPartial {
		return nil
	}
	mark, err := s.ownerMark(ctx, t)
	if mark == nil || err != nil {
		return err
	}
	info, err := s.Blobs.Stat(ctx, OriginalKey(t.sum))
	if err != nil || info.Size != t.bytes {
		return ignoreNotFound(err)
	}
	src := newSource(ctx, s.Blobs, []piece{{OriginalKey(t.sum), 0, t.bytes}})
	defer src.Close()
	o, err := s.examine(ctx, src, t)
	if errors.Is(err, errOtherHash) {
		s.Log.ErrorContext(ctx, "the store holds a damaged original, which has to come again", "sha256", t.sum)
		return nil
	}
	if err != nil || o.Reason != "" { // what was taken once and would be refused now has to come again, to be told so
		return err
	}
	if o.Device, o.BegunMS = mark.Device, o.LastMS; o.Device == "" {
		o.Device = device
	}
	if row == nil {
		return s.Ledger.Finish(ctx, o)
	}
	o.Device, o.BegunMS, o.Preview = row.Device, row.BegunMS, row.Preview
	if err := s.Ledger.Finish(ctx, o); err != nil {
		return err
	}
	s.sweep(ctx, t)
	return nil
}

// ownerMark returns nil when this scope has brought nothing.
func (s *Service) ownerMark(ctx context.Context, t target) (*ownerMark, error) {
	r, err := s.Blobs.Get(ctx, OwnerKey(t.scope, t.sum), 0, 4096)
	if problem.CodeOf(err) == problem.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	mark := &ownerMark{}
	_ = json.Unmarshal(text, mark) // that it is there says enough
	return mark, nil
}

const keptMost = 50_000 // originals that a restored store is remembered to have

// look asks a restored store whether it has what is stored: a backup of the database may be younger than that of the store.
func (s *Service) look(ctx context.Context, d *Delivery) error {
	o := d.Original
	if o == nil || o.State != models.PhotoStored || !s.Ledger.Restored() {
		return nil
	}
	is, err := s.keeps(ctx, o)
	d.lost = !is
	return err
}

// keeps reports whether the store has a stored original, as far as can be told without reading it.
func (s *Service) keeps(ctx context.Context, o *models.Original) (bool, error) {
	s.mu.Lock()
	is := s.kept[o.SHA256]
	s.mu.Unlock()
	if is {
		return true, nil
	}
	info, err := s.Blobs.Stat(ctx, OriginalKey(o.SHA256))
	if err != nil || info.Size != o.Bytes {
		return false, ignoreNotFound(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) >= keptMost {
		clear(s.kept)
	}
	s.kept[o.SHA256] = true
	return true, nil
}
