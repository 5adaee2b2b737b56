package media

import (
	"context"

	"github.com/fieldsync/fieldsync/models"
	"golang.org/x/sync/errgroup"
)

const asking = 8 // originals of one Have that are looked up at once

// Have says how far photos have come, in the order of ids, and finishes what is whole: a phone that lost an answer asks and
// has it. One that cannot be finished just now is partial with nothing missing: ask again later. Units of others that do
// not make up the original are missing. It fails with code unavailable when the spool does not answer, and, in a restored
// installation, when the store does not: there it is asked whether it has what is stored, which is partial when not.
func (s *Service) Have(ctx context.Context, device string, ids []string) ([]State, error) {
	found, err := s.Ledger.Deliveries(ctx, device, ids)
	if err != nil {
		return nil, err
	}
	states := make([]State, len(ids))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(asking)
	for _, places := range sameOriginal(ids, found) {
		group.Go(func() error { return s.haveSame(ctx, device, ids, places, found, states) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return states, nil
}

// sameOriginal puts the places in ids together whose photos are of one original: work on it is done once, and it is listed
// once, however often somebody asks.
func sameOriginal(ids []string, found map[string]*Delivery) (groups [][]int) {
	type original struct {
		id, scope, sum string
		bytes          int64
	}
	at := map[original]int{}
	for i, id := range ids {
		o := original{id: id}
		if d := found[id]; d != nil {
			o = original{scope: d.Announcement.Scope, sum: d.Announcement.SHA256, bytes: d.Announcement.Bytes}
		}
		k, ok := at[o]
		if !ok {
			k = len(groups)
			at[o], groups = k, append(groups, nil)
		}
		groups[k] = append(groups[k], i)
	}
	return groups
}

// haveSame answers for the photos of one original.
func (s *Service) haveSame(ctx context.Context, device string, ids []string, places []int, found map[string]*Delivery, states []State) error {
	answers := map[string]State{}
	var l listing
	for _, i := range places {
		id := ids[i]
		state, ok := answers[id]
		if !ok {
			var err error
			if state, err = s.have(ctx, device, id, found[id], &l); err != nil {
				return err
			}
			answers[id] = state
		}
		states[i] = state
	}
	return nil
}

// listing is what a Have knows of an original.
type listing struct {
	pile   *pile // nil: not listed yet, or not any more
	worked bool  // what there was to do is done
}

// have answers for one photo, and works on it if there is something to do.
func (s *Service) have(ctx context.Context, device, id string, d *Delivery, l *listing) (state State, err error) {
	if d == nil {
		return State{ID: id, State: models.PhotoUnknown}, nil
	}
	if l.worked {
		return s.after(ctx, device, id, l)
	}
	if err := s.look(ctx, d); err != nil {
		return State{}, err
	}
	if s.Ledger.Restored() && (d.Original == nil || d.Original.State == models.PhotoPartial) {
		if err := s.try(ctx, device, id, d, work{"adopt", s.adopt}, l); err != nil {
			return State{}, err
		}
		if d, err = s.delivery(ctx, device, id); err != nil {
			return State{ID: id, State: models.PhotoUnknown}, ignoreNotFound(err)
		}
	}
	state, whole, err := s.state(ctx, device, id, d, l)
	switch {
	case err != nil:
	case state.State == models.PhotoStored && d.Receipt == nil:
		err = s.try(ctx, device, id, d, work{"receipt", s.receipt}, l)
	case whole:
		err = s.try(ctx, device, id, d, work{"finish", s.finish}, l)
	default:
		return state, nil
	}
	if err != nil {
		return state, err
	}
	return s.after(ctx, device, id, l)
}

// try works on an original as far as it goes just now. It fails when nobody waits any more.
func (s *Service) try(ctx context.Context, device, id string, d *Delivery, w work, l *listing) error {
	l.pile, l.worked = nil, true
	err := s.fly(ctx, device, id, d, w)
	if err == nil || ctx.Err() != nil {
		return err
	}
	s.Log.WarnContext(ctx, "a photo was not finished", "photo", id, "device", device, "error", err)
	return nil
}

// after answers for a photo whose original was worked on.
func (s *Service) after(ctx context.Context, device, id string, l *listing) (state State, err error) {
	d, err := s.delivery(ctx, device, id)
	if err != nil {
		return State{ID: id, State: models.PhotoUnknown}, ignoreNotFound(err)
	}
	state, _, err = s.state(ctx, device, id, d, l)
	return state, err
}

// state says how far a photo has come, and whether all of its units are here.
func (s *Service) state(ctx context.Context, device, id string, d *Delivery, l *listing) (out State, whole bool, err error) {
	o := d.Original
	if o == nil {
		return State{ID: id, State: models.PhotoAnnounced}, false, nil
	}
	out = State{ID: id, State: o.State, Preview: o.Preview}
	switch {
	case o.State == models.PhotoStored && !d.lost:
		out.Receipt = d.Receipt
	case o.State == models.PhotoRefused:
		out.Reason = o.Reason
	default:
		t, err := targetOf(&d.Announcement)
		if err != nil {
			return out, false, err
		}
		if l.pile == nil {
			if l.pile, err = s.asked(ctx, t, device); err != nil {
				return out, false, err
			}
		}
		out.State, out.Missing = models.PhotoPartial, l.pile.plan(device).missing
		whole = len(out.Missing) == 0
	}
	return out, whole, nil
}
