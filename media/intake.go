package media

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

const pauseSeconds = 30 // until a phone tries again whether a server takes photos

func ignoreNotFound(err error) error {
	if problem.CodeOf(err) == problem.NotFound {
		return nil
	}
	return err
}

// delivery is a photo that the device may deliver, or a problem with code not_found.
func (s *Service) delivery(ctx context.Context, device, id string) (*Delivery, error) {
	found, err := s.Ledger.Deliveries(ctx, device, []string{id})
	if err != nil {
		return nil, err
	}
	if found[id] == nil {
		return nil, problem.New(problem.NotFound, "there is no such photo").ZH("没有这张照片。")
	}
	return found[id], s.look(ctx, found[id])
}

// ended reports that nothing more is taken of an original.
func (d *Delivery) ended() bool {
	return d.Original != nil && d.Original.State != models.PhotoPartial && !d.lost
}

// PutUnits takes one to eight consecutive units of an original, from a number on, whose SHA-256 is sum. Any order and any
// number of times will do. It returns how far the photo is then; when all units are here it is stored or refused.
//
// Problems: bad_digest for other bytes than sum, too_large, invalid for units that this original does not have, not_found for
// what was not announced to the device, quota, hash_mismatch when the device's own units are not the original (they are
// dropped), unavailable when a store is in trouble (what is here stays). body is not kept.
func (s *Service) PutUnits(ctx context.Context, device, id string, first int64, sum [32]byte, body []byte) (*State, error) {
	if len(body) > maxUnits*models.PhotoUnit {
		return nil, problem.New(problem.TooLarge, "at most %d units come at once", maxUnits).With("limit", maxUnits*models.PhotoUnit)
	}
	if s.paused.Load() {
		return nil, problem.New(problem.Unavailable, "this server takes no photos just now; try again later").
			ZH("服务器暂时不能接收照片，请稍后再试。").RetryAfter(pauseSeconds)
	}
	if sha256.Sum256(body) != sum {
		return nil, wrongSum("of another SHA-256 than the one beside them")
	}
	d, err := s.delivery(ctx, device, id)
	if err != nil {
		return nil, err
	}
	if d.Original == nil && s.Ledger.Restored() {
		if err := s.fly(ctx, device, id, d, work{"adopt", s.adopt}); err != nil {
			return nil, err
		}
	}
	state, whole, err := s.take(ctx, device, id, d, first, sum, body)
	if err != nil || state != nil {
		return state, err
	}
	if whole {
		if err := s.fly(ctx, device, id, d, work{"finish", s.finish}); err != nil {
			return nil, err
		}
	}
	if d, err = s.delivery(ctx, device, id); err != nil {
		return nil, err
	}
	now, _, err := s.state(ctx, device, id, d, &listing{})
	return &now, err
}

// take lays units into the spool unless they are there, and says how far the photo is then, or that it is whole, or
// neither: something else has happened to it.
func (s *Service) take(ctx context.Context, device, id string, d *Delivery, first int64, sum [32]byte, body []byte) (state *State, whole bool, err error) {
	t, err := targetOf(&d.Announcement)
	if err != nil {
		return nil, false, err
	}
	defer s.locks.shared(t.name())()
	if d, err = s.delivery(ctx, device, id); err != nil || d.ended() { // a finish may just have ended
		return nil, false, err
	}
	n, err := s.fits(t, first, body)
	if err != nil {
		return nil, false, err
	}
	if d.Original == nil {
		if err := s.begin(ctx, device, d, t); err != nil {
			return nil, false, err
		}
	}
	p, err := s.recent(ctx, t)
	if err != nil {
		return nil, false, err
	}
	if !p.has(device, first, n) {
		b := batch{key: spoolKey(t.scope, t.sum, first, n, device), device: device, first: first, n: n, size: int64(len(body))}
		if err := s.putUnits(ctx, p, b, sum, body); err != nil {
			return nil, false, err
		}
		if p.overlaps(device, first, n) {
			if err := s.prune(ctx, t, device); err != nil {
				return nil, false, err
			}
		}
		if p, err = s.with(ctx, t, b); err != nil { // others put theirs meanwhile: whoever comes last sees all
			return nil, false, err
		}
		if !p.noted() {
			ended, err := s.swept(ctx, device, id, t)
			if err != nil || ended {
				return nil, false, err
			}
		}
		if err := s.touch(ctx, d, t); err != nil {
			return nil, false, err
		}
	}
	missing := p.plan(device).missing
	if len(missing) == 0 {
		return nil, true, nil
	}
	return &State{ID: id, State: models.PhotoPartial, Missing: missing, Preview: d.Original != nil && d.Original.Preview}, false, nil
}

// swept deals with units that lie there without a note of whose they are: a server died before it came to that, or
// another one has just emptied the spool, since it has finished the original or dropped it.
func (s *Service) swept(ctx context.Context, device, id string, t target) (ended bool, err error) {
	d, err := s.delivery(ctx, device, id)
	if err != nil {
		return false, err
	}
	if d.ended() {
		return true, s.clear(ctx, t)
	}
	return false, s.begin(ctx, device, d, t)
}

// begin notes that an original is on its way, and in the spool whose it is.
func (s *Service) begin(ctx context.Context, device string, d *Delivery, t target) error {
	_, quota := s.limits(t)
	if err := s.Ledger.Begin(ctx, device, &d.Announcement, quota); err != nil {
		return err
	}
	return s.putNote(ctx, t, spoolScope, t.scope)
}

// touch notes once a day that units come.
func (s *Service) touch(ctx context.Context, d *Delivery, t target) error {
	if d.Original == nil || s.Now().UnixMilli()-d.Original.LastMS < (24*time.Hour).Milliseconds() {
		return nil
	}
	return s.Ledger.Touch(ctx, t.scope, t.sum, false)
}
