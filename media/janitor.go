package media

import (
	"context"
	"io"
	"path"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/models"
)

// Originals is what a [Ledger] may also know. With it the janitor removes units that no row refers to after an hour; without,
// they wait as long as all others.
type Originals interface {
	// Original returns the row of an original, nil when there is none.
	Original(ctx context.Context, scope, sha256 string) (*models.Original, error)
}

const (
	spoolTime = spoolDays * 24 * time.Hour
	looseTime = time.Hour // a server that is putting units has not come to the row yet, or takes them away just now
)

// Janitor removes from the spool what will not be finished: the units of an original 14 days after the last of them came,
// which the ledger is told, and what no unfinished original refers to. Run it at the start and a few times a day; several
// servers may run it at once. It touches nothing but the spool, and the preview of what it gives up.
func (s *Service) Janitor(ctx context.Context) error {
	heaps, err := s.heaps(ctx, "spool/")
	if err != nil {
		return err
	}
	removed := 0
	for _, h := range heaps {
		is, err := s.tidy(ctx, h)
		if err != nil {
			return err
		}
		if is {
			removed++
		}
	}
	if removed > 0 {
		s.Log.InfoContext(ctx, "units of photos that did not become whole were removed", "photos", removed)
	}
	return nil
}

// heap is what lies in the spool for one original.
type heap struct {
	name   string // its prefix
	keys   []string
	lastMS int64
	noted  bool // it says whose it is
}

func (h *heap) age(now time.Time) time.Duration {
	return time.Duration(now.UnixMilli()-h.lastMS) * time.Millisecond
}

// heaps lists what begins with a prefix, without the keys of those that are young.
func (s *Service) heaps(ctx context.Context, prefix string) (all []*heap, err error) {
	err = s.Spool.List(ctx, prefix, func(i BlobInfo) bool {
		name := i.Key[:strings.LastIndexByte(i.Key, '/')+1]
		if len(all) == 0 || all[len(all)-1].name != name {
			all = append(all, &heap{name: name})
		}
		h := all[len(all)-1]
		h.keys = append(h.keys, i.Key)
		h.lastMS = max(h.lastMS, i.ModifiedMS)
		h.noted = h.noted || strings.HasSuffix(i.Key, "/"+spoolScope)
		if h.age(s.Now()) < looseTime {
			h.keys = nil
		}
		return true
	})
	return all, err
}

// tidy removes a heap when its time has come.
func (s *Service) tidy(ctx context.Context, h *heap) (removed bool, err error) {
	if h.age(s.Now()) < looseTime {
		return false, nil
	}
	defer s.lockAlone(h.name)()
	now, err := s.heaps(ctx, h.name) // a unit may have come
	if err != nil || len(now) != 1 || now[0].age(s.Now()) < looseTime {
		return false, err
	}
	h = now[0]
	scope, sum, err := s.whose(ctx, h)
	if err != nil {
		return false, err
	}
	partial := true // as far as is known
	if rows, ok := s.Ledger.(Originals); ok && scope != "" {
		o, err := rows.Original(ctx, scope, sum)
		if err != nil {
			return false, err
		}
		partial = o != nil && o.State == models.PhotoPartial
		if o != nil && o.State == models.PhotoStored && s.Ledger.Restored() { // they come again, for a store that lost it
			kept, err := s.keeps(ctx, o)
			if err != nil {
				return false, err
			}
			partial = !kept
		}
	}
	if partial && h.age(s.Now()) < spoolTime {
		return false, nil
	}
	if partial && scope != "" {
		if err := s.drop(ctx, scope, sum); err != nil {
			return false, err
		}
	}
	for _, key := range h.keys { // in order the note of whose it is comes last: broken off, it is still known
		if err := s.Spool.Delete(ctx, key); err != nil {
			return false, err
		}
	}
	return true, nil
}

// GiveUp notes that what came of an original has come to nothing, and removes the preview that a phone sent of it. What is
// stored is left alone.
func (s *Service) GiveUp(ctx context.Context, scope, sha256 string) error {
	defer s.lockAlone(SpoolPrefix(scope, sha256))()
	return s.drop(ctx, scope, sha256)
}

// drop is GiveUp for whoever has the lock. The row goes last: broken off, it is still known what is to go.
func (s *Service) drop(ctx context.Context, scope, sum string) error {
	if rows, ok := s.Ledger.(Originals); ok {
		o, err := rows.Original(ctx, scope, sum)
		if err != nil {
			return err
		}
		if o == nil || o.State != models.PhotoStored {
			if err := s.Blobs.Delete(ctx, PhonePreviewKey(scope, sum)); err != nil {
				return err
			}
		}
	}
	return s.Ledger.Drop(ctx, scope, sum)
}

// whose returns the scope and the hash of a heap; "" when it does not say.
func (s *Service) whose(ctx context.Context, h *heap) (scope, sum string, err error) {
	if !h.noted {
		return "", "", nil
	}
	r, err := s.Spool.Get(ctx, h.name+spoolScope, 0, 4096)
	if err != nil {
		return "", "", ignoreNotFound(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return "", "", err
	}
	sum = path.Base(h.name)
	if SpoolPrefix(string(text), sum) != h.name { // damaged by a power cut
		return "", "", nil
	}
	return string(text), sum, nil
}
