package media

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// ownerMark is what lies under [OwnerKey].
type ownerMark struct {
	Device string `json:"device"` // whose quota bears the bytes
}

// adopt takes back an original that this installation has stored once, before its database was restored from a backup: the
// mark says that this scope brought it. The bytes are read again before a receipt says so.
func (s *Service) adopt(ctx context.Context, device, id string) error {
	d, err := s.delivery(ctx, device, id)
	if err != nil || d.Original != nil {
		return err
	}
	t, err := targetOf(&d.Announcement)
	if err != nil {
		return err
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
	return s.Ledger.Finish(ctx, o)
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
