package simtest

import (
	"context"
	"maps"
	"slices"
	"time"
)

// everybody returns the phones and the clones that are still about.
func (s *sim) everybody() []*phone { return append(slices.Clone(s.phones), s.extra...) }

// settle brings everything to the server, lets the office release what waits for it, and brings
// all of it back to the phones.
func (s *sim) settle(ctx context.Context) error {
	if err := parallel(ctx, s.cfg.Workers, len(s.cfg.World.Units), func(ctx context.Context, i int) error {
		return s.signOff(ctx, s.random(uint64(i)<<32+3), s.cfg.World.Units[i].ID)
	}); err != nil {
		return err
	}
	if err := s.each(ctx, s.everybody(), func(ctx context.Context, p *phone) error {
		if err := p.push(ctx, s.random(uint64(p.no)<<32+1)); err != nil {
			return err
		}
		if _, err := p.c.Report(ctx); err != nil {
			if err := p.bear(ctx, err, 0); err != nil {
				return err
			}
		}
		return p.push(ctx, s.random(uint64(p.no)<<32+2))
	}); err != nil {
		return err
	}
	if err := s.deliverAll(ctx); err != nil {
		return err
	}
	if err := s.waitForHeld(ctx); err != nil {
		return err
	}
	if err := s.releaseAll(ctx); err != nil {
		return err
	}
	return s.each(ctx, append(s.everybody(), s.readers...), func(ctx context.Context, p *phone) error { return p.pull(ctx) })
}

// waiting returns what waits now, without what waited before the run.
func (s *sim) waiting(ctx context.Context) (map[place]string, []Waiting, error) {
	list, err := s.cfg.Backstage.Held(ctx)
	if err != nil {
		return nil, nil, err
	}
	list = slices.DeleteFunc(slices.Clone(list), func(w Waiting) bool { return s.stale[place{w.Device, w.Epoch, w.Seq}] })
	now := map[place]string{}
	for _, w := range list {
		now[place{w.Device, w.Epoch, w.Seq}] = string(w.Cause)
	}
	return now, list, nil
}

// waitForHeld gives the servers time to settle what can settle by itself; then exactly the
// expected lines wait, each with its cause.
func (s *sim) waitForHeld(ctx context.Context) error {
	var now map[place]string
	for end := time.Now().Add(s.cfg.Settle); ; {
		var err error
		if now, _, err = s.waiting(ctx); err != nil {
			return err
		}
		if maps.Equal(now, s.oracle.held) || time.Now().After(end) {
			break
		}
		if err := wait(ctx, 5); err != nil {
			return err
		}
	}
	for at, cause := range now {
		switch want, ok := s.oracle.held[at]; {
		case !ok:
			_ = s.found(lost, "line %s of epoch %s waits (%s), nothing should hold it", at, at.epoch, cause)
		case want != cause:
			_ = s.found(wrong, "line %s waits as %s, must be %s", at, cause, want)
		}
	}
	for at, cause := range s.oracle.held {
		if _, ok := now[at]; !ok {
			_ = s.found(wrong, "line %s does not wait, must be held: %s", at, cause)
		}
	}
	return nil
}

// releaseAll releases every line that waits as expected, and rejects those that nobody can apply.
// What waits behind another is settled with it, so a few rounds are needed.
func (s *sim) releaseAll(ctx context.Context) error {
	var last error
	for range 4 {
		_, list, err := s.waiting(ctx)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(w Waiting) bool {
			_, ok := s.oracle.held[place{w.Device, w.Epoch, w.Seq}]
			return !ok
		})
		if len(list) == 0 {
			break
		}
		for _, w := range list {
			at := place{w.Device, w.Epoch, w.Seq}
			if s.oracle.toReject[at] {
				last = s.cfg.Backstage.Reject(ctx, w, "此版本无法处理")
				continue
			}
			last = s.cfg.Backstage.Release(ctx, w, "经核实") // it may have been settled with another
		}
	}
	now, _, err := s.waiting(ctx)
	if err != nil {
		return err
	}
	for at, cause := range now {
		if _, ok := s.oracle.held[at]; ok {
			_ = s.found(lost, "line %s still waits (%s) after its release; the office's last error: %v", at, cause, last)
		}
	}
	for at := range s.oracle.toReject {
		s.oracle.reject(at, "by_office")
	}
	return nil
}
