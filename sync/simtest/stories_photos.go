package simtest

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
)

// photoStories are those in which photos are delivered, taken in turn.
var photoStories = []story{
	{play: (*sim).photoDay, delivers: true}, {play: (*sim).photoGuest, delivers: true}, {play: (*sim).photoDeleted, delivers: true},
	{play: (*sim).photoTwins, delivers: true}, {play: (*sim).photoColleague, delivers: true}, {play: (*sim).photoRevoked, delivers: true},
	{play: (*sim).photoDay, delivers: true},
}

// scene makes an event to take photos of.
func (s *sim) scene(r *rand.Rand, p *phone) (e *event, err error) {
	return p.create(r, s.facts(r), 0)
}

// photoDay is a photo of an event of one's own, delivered at once or some time later.
func (s *sim) photoDay(ctx context.Context, r *rand.Rand, p *phone) error {
	return p.do(func() error {
		e, err := s.scene(r, p)
		if err != nil {
			return err
		}
		if _, err := p.take(r, e, ""); err != nil || r.IntN(4) == 0 {
			return err
		}
		return p.deliver(ctx, r)
	})
}

// photoGuest is a photo by an officer of another unit, whose line may come before the event.
func (s *sim) photoGuest(ctx context.Context, r *rand.Rand, p *phone) error {
	g := s.stranger(r, p)
	join := fmt.Sprintf("join-%d", r.Uint64())
	f := s.facts(r)
	f["join"] = join
	var e *event
	if err := p.do(func() (err error) {
		e, err = p.create(r, f, 0)
		return err
	}); err != nil {
		return err
	}
	if err := g.do(func() error {
		if _, err := g.take(r, e, join); err != nil {
			return err
		}
		return g.deliver(ctx, r) // what waits is announced all the same
	}); err != nil {
		return err
	}
	return p.do(func() error { return p.push(ctx, r) })
}

// photoDeleted is a photo whose event is deleted before the original comes.
func (s *sim) photoDeleted(ctx context.Context, r *rand.Rand, p *phone) error {
	return p.do(func() error {
		e, err := s.scene(r, p)
		if err != nil {
			return err
		}
		if _, err := p.take(r, e, ""); err != nil {
			return err
		}
		if err := p.push(ctx, r); err != nil {
			return err
		}
		if err := p.edit(e, fields{"deleted": true}, 0); err != nil {
			return err
		}
		return p.deliver(ctx, r)
	})
}

// photoTwins lets a phone and its clone send the same photo at the same time.
func (s *sim) photoTwins(ctx context.Context, r *rand.Rand, p *phone) error {
	return p.do(func() error {
		e, err := s.scene(r, p)
		if err != nil {
			return err
		}
		x, err := p.take(r, e, "")
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
		x.by = append(x.by, q)
		dice := [2]*rand.Rand{rand.New(rand.NewPCG(r.Uint64(), 1)), rand.New(rand.NewPCG(r.Uint64(), 2))}
		err = parallel(ctx, 2, 2, func(ctx context.Context, i int) error {
			return []*phone{p, q}[i].deliver(ctx, dice[i])
		})
		s.extraMu.Lock()
		defer s.extraMu.Unlock()
		s.extra = append(s.extra, q)
		return err
	})
}

// photoColleague is a photo that one phone announced and begins to send, and a colleague's phone, which was given the file,
// sends too.
func (s *sim) photoColleague(ctx context.Context, r *rand.Rand, p *phone) error {
	q := s.colleague(r, p)
	if q == nil {
		return s.photoDay(ctx, r, p)
	}
	return together([]*phone{p, q}, func() error {
		e, err := s.scene(r, p)
		if err != nil {
			return err
		}
		x, err := p.take(r, e, "")
		if err != nil {
			return err
		}
		if err := p.push(ctx, r); err != nil {
			return err
		}
		if err := q.pull(ctx); err != nil {
			return err
		}
		original, err := p.original(x)
		if err != nil {
			return err
		}
		if err := q.c.Bring(x.scope, x.id, original); err != nil {
			return s.found(lost, "%s cannot bring photo %s, which was pushed and acknowledged: %v", q, x.id, err)
		}
		x.by = append(x.by, q)
		dice := [2]*rand.Rand{rand.New(rand.NewPCG(r.Uint64(), 1)), rand.New(rand.NewPCG(r.Uint64(), 2))}
		return parallel(ctx, 2, 2, func(ctx context.Context, i int) error {
			return []*phone{p, q}[i].deliver(ctx, dice[i])
		})
	})
}

// original reads a photo out of the phone.
func (p *phone) original(x *shot) (all []byte, err error) {
	for n := int64(0); int64(len(all)) < x.size; n++ {
		block, err := p.shots.Read(x.id, n)
		if err != nil {
			return nil, err
		}
		all = append(all, block...)
	}
	return all, nil
}

// photoRevoked is a phone that is revoked between its lines and its originals; it may still deliver what it announced.
func (s *sim) photoRevoked(ctx context.Context, r *rand.Rand, p *phone) error {
	s.extraMu.Lock()
	n := len(s.revoked)
	var seat PhoneSeat
	if n < len(s.cfg.World.Spare) {
		seat = s.cfg.World.Spare[n]
		s.revoked = append(s.revoked, nil)
	}
	s.extraMu.Unlock()
	if seat.Code == "" {
		return s.photoDay(ctx, r, p)
	}
	key, err := client.NewKey()
	if err != nil {
		return err
	}
	q := &phone{s: s, no: len(s.phones) + n, seat: seat, scope: s.scopeOf(seat.Unit), key: key, server: p.server,
		store: client.NewMemory(), wire: &wire{s: s}, acked: map[string]int64{}}
	if err := q.open(); err != nil {
		return err
	}
	s.extraMu.Lock()
	s.revoked[n] = q
	s.extraMu.Unlock()
	return q.do(func() error {
		if err := q.redeem(ctx); err != nil {
			return err
		}
		e, err := s.scene(r, q)
		if err != nil {
			return err
		}
		for range 2 {
			if _, err := q.take(r, e, ""); err != nil {
				return err
			}
		}
		if err := q.push(ctx, r); err != nil {
			return err
		}
		if err := s.cfg.Backstage.(Shelf).Revoke(ctx, q.c.Identity().Device); err != nil {
			return err
		}
		if r.IntN(2) == 0 { // a line that waits for the office announces an original all the same
			if _, err := q.take(r, e, ""); err != nil {
				return err
			}
			logs := q.c.Logs()
			l := logs[len(logs)-1]
			s.oracle.hold(place{l.Device, l.Epoch, l.Next - 1}, string(models.Revoked), false)
		}
		return q.deliver(ctx, r)
	})
}
