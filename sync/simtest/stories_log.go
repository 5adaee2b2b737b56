package simtest

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// restore takes a phone back to an older copy of itself after the newer lines were pushed, and
// writes on: what the server has, and what the phone writes now, must both count.
func (s *sim) restore(ctx context.Context, r *rand.Rand, p *phone) error {
	return p.do(func() error {
		e, err := p.create(r, s.facts(r), 0)
		if err != nil {
			return err
		}
		if err := p.push(ctx, r); err != nil {
			return err
		}
		backup, err := p.copied()
		if err != nil {
			return err
		}
		if err := p.count(r, e, 1+r.IntN(5), 0); err != nil {
			return err
		}
		if err := p.push(ctx, r); err != nil {
			return err
		}
		if err := p.replace(backup); err != nil {
			return err
		}
		return s.writeOn(ctx, r, p, e)
	})
}

// writeOn is what a person does with a phone that came back from a copy.
func (s *sim) writeOn(ctx context.Context, r *rand.Rand, p *phone, e *event) error {
	switch r.IntN(3) {
	case 0: // looks at first, without writing: the server tells that there is more
		if _, err := p.c.Report(ctx); err != nil {
			if err := p.bear(ctx, err, 0); err != nil {
				return err
			}
		}
		if err := p.push(ctx, r); err != nil {
			return err
		}
		fallthrough
	case 1:
		if err := p.pull(ctx); err != nil {
			return err
		}
		if err := p.look(e); err != nil {
			return err
		}
		if err := p.edit(e, fields{"boards": r.Int64N(30)}, 0); err != nil {
			return err
		}
	}
	if err := p.count(r, e, 1+r.IntN(5), 0); err != nil {
		return err
	}
	if _, err := p.create(r, s.facts(r), 0); err != nil {
		return err
	}
	return p.push(ctx, r)
}

// replace puts another storage into the phone.
func (p *phone) replace(store client.Store) error {
	p.store = store
	return p.open()
}

// clone copies a phone; both write on and push at the same time.
func (s *sim) clone(ctx context.Context, r *rand.Rand, p *phone) error {
	return p.do(func() error {
		e, err := p.create(r, s.facts(r), 0)
		if err != nil {
			return err
		}
		if r.IntN(2) == 0 {
			if err := p.push(ctx, r); err != nil {
				return err
			}
		}
		q, err := p.twin()
		if err != nil {
			return err
		}
		for range 2 {
			for _, x := range []*phone{p, q} {
				if err := x.count(r, e, 1+r.IntN(4), 0); err != nil {
					return err
				}
				if _, err := x.create(r, s.facts(r), 0); err != nil {
					return err
				}
			}
			if err := s.pushTogether(ctx, r, p, q); err != nil {
				return err
			}
		}
		s.extraMu.Lock()
		defer s.extraMu.Unlock()
		s.extra = append(s.extra, q)
		return nil
	})
}

// pushTogether pushes from several phones, which the caller holds, at the same moment.
func (s *sim) pushTogether(ctx context.Context, r *rand.Rand, phones ...*phone) error {
	dice := make([]*rand.Rand, len(phones))
	for i := range dice {
		dice[i] = rand.New(rand.NewPCG(r.Uint64(), r.Uint64()))
	}
	return parallel(ctx, len(phones), len(phones), func(ctx context.Context, i int) error {
		return phones[i].push(ctx, dice[i])
	})
}

// movedTwice makes one line be moved from two copies of the phone, each into an epoch of its own:
// it must count once.
//
//	phone   … L ──── push: the clone was first → new epoch [L]
//	clone   … X push
//	backup  … L N ── push: → another new epoch [L N]
func (s *sim) movedTwice(ctx context.Context, r *rand.Rand, p *phone) error {
	return p.do(func() error {
		e, err := p.create(r, s.facts(r), 0)
		if err != nil {
			return err
		}
		if err := p.push(ctx, r); err != nil {
			return err
		}
		q, err := p.twin()
		if err != nil {
			return err
		}
		// L: tallies of the phone and a whole event.
		if err := p.count(r, e, 1+r.IntN(3), 0); err != nil {
			return err
		}
		if err := p.tap(e, "complaints", 7, "", 0); err != nil {
			return err
		}
		if _, err := p.create(r, s.facts(r), 0); err != nil {
			return err
		}
		backup, err := p.copied()
		if err != nil {
			return err
		}
		if err := q.tap(e, "complaints", 11, "", 0); err != nil { // X
			return err
		}
		if err := q.push(ctx, r); err != nil {
			return err
		}
		if err := p.push(ctx, r); err != nil {
			return err
		}
		if err := p.replace(backup); err != nil {
			return err
		}
		if err := p.tap(e, "complaints", 13, "", 0); err != nil { // N
			return err
		}
		return p.push(ctx, r)
	})
}

// wrongClock sets a phone's clock up to 13 days off and back again, with lines and pushes between.
func (s *sim) wrongClock(ctx context.Context, r *rand.Rand, p *phone) error {
	return p.do(func() error {
		was := p.clock.Load()
		if err := p.jump(r.Int64N(2*off) - off); err != nil {
			return err
		}
		e, err := p.create(r, s.facts(r), 0)
		if err != nil {
			return err
		}
		if r.IntN(2) == 0 {
			if err := p.push(ctx, r); err != nil {
				return err
			}
		}
		if err := p.edit(e, s.changes(r, e), 0); err != nil {
			return err
		}
		if r.IntN(3) > 0 { // often somebody sets it right, more or less
			if err := p.jump(was/2 - p.clock.Load()); err != nil {
				return err
			}
		}
		if err := p.edit(e, s.changes(r, e), 0); err != nil {
			return err
		}
		return p.push(ctx, r)
	})
}

// off is how wrong a clock gets, in ms.
const off = int64(13 * 24 * time.Hour / time.Millisecond)

// jump moves the phone's clock; the app notices by the monotonic clock and writes it down.
func (p *phone) jump(by int64) error {
	p.clock.Store(max(min(p.clock.Load()+by, off), -off))
	_, err := p.write(client.Change{"op": "clock", "jump": by})
	return err
}
