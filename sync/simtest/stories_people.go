package simtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/fieldsync/fieldsync/mobile-api/client"
)

func newID() string { return client.NewID() }

// guest lets an officer of another unit count on an event whose QR code was scanned, often before
// the owner's phone has had a network.
func (s *sim) guest(ctx context.Context, r *rand.Rand, p *phone) error {
	g := s.stranger(r, p)
	f := s.facts(r)
	join := fmt.Sprintf("join-%d", r.Uint64())
	f["join"] = join
	f["staff."+p.seat.Unit], f["staff."+g.seat.Unit] = 1+r.Int64N(9), 1+r.Int64N(9)
	id := newID()
	// Everybody has the id from the screen; the oracle knows the event from now on, because its
	// owner has pressed save.
	var e *event
	own := func() error {
		if _, err := p.write(putLine(p.scope, "event", id, 0, f)); err != nil {
			return err
		}
		e = s.oracle.create(p.scope, p.seat.Unit, id, f)
		return p.count(r, e, r.IntN(3), 0)
	}
	if err := p.do(own); err != nil {
		return err
	}
	push := func() error { return p.push(ctx, r) }
	early := r.IntN(3) > 0
	if !early {
		if err := p.do(push); err != nil {
			return err
		}
	}
	err := g.do(func() error {
		for range 1 + r.IntN(4) {
			if err := g.tap(e, pick(r, taps...), r.Int64N(30), join, 0); err != nil {
				return err
			}
		}
		if err := g.photograph(r, e.scope, e.id, join); err != nil {
			return err
		}
		if ev, ok := g.c.Event(e.scope, e.id); !ok || ev.Own == 0 {
			return s.found(lost, "%s does not show what it did as a guest", g)
		}
		return g.push(ctx, r)
	})
	if err != nil || !early {
		return err
	}
	return p.do(push)
}

// early pushes tallies, photos and movements before the event and the lot that they are about.
func (s *sim) early(ctx context.Context, r *rand.Rand, p *phone) error {
	q := s.colleague(r, p)
	var e *event
	var l *lot
	var lotID string
	if err := p.do(func() (err error) {
		if e, err = p.create(r, s.facts(r), 0); err != nil {
			return err
		}
		l, lotID, err = p.seize(r)
		return err
	}); err != nil {
		return err
	}
	if err := q.do(func() error {
		if err := q.count(r, e, 1+r.IntN(4), 0); err != nil {
			return err
		}
		if err := q.photograph(r, e.scope, e.id, ""); err != nil {
			return err
		}
		if err := q.carry(l, lotID, newID(), movement{"destroyed", 1 + r.Int64N(5000)}); err != nil {
			return err
		}
		return q.push(ctx, r)
	}); err != nil {
		return err
	}
	return p.do(func() error { return p.push(ctx, r) })
}

// sameMoment lets up to five phones of one unit write to one event, and photos and events of their
// own, and push at the same moment.
func (s *sim) sameMoment(ctx context.Context, r *rand.Rand, p *phone) error {
	var e *event
	if err := p.do(func() (err error) {
		if e, err = p.create(r, s.facts(r), 0); err != nil {
			return err
		}
		return p.push(ctx, r)
	}); err != nil {
		return err
	}
	team := []*phone{p}
	for len(team) < 5 {
		q := s.colleague(r, p, team...)
		if q == nil {
			break
		}
		team = append(team, q)
	}
	return together(team, func() error {
		for range 3 {
			for _, q := range team {
				if err := q.count(r, e, 1+r.IntN(3), 0); err != nil {
					return err
				}
				if err := q.photograph(r, e.scope, e.id, ""); err != nil {
					return err
				}
				if _, err := q.create(r, s.facts(r), 0); err != nil {
					return err
				}
			}
			if err := s.pushTogether(ctx, r, team...); err != nil {
				return err
			}
		}
		return nil
	})
}

// conflict lets two phones type different values for one field, both having seen the value before
// and neither the other's. The later effective time is shown, whatever their clocks say; sometimes
// somebody who has seen both settles it.
func (s *sim) conflict(ctx context.Context, r *rand.Rand, p *phone) error {
	q := s.colleague(r, p)
	e, err := s.shared(ctx, r, p, q)
	if err != nil {
		return err
	}
	field := pick(r, "leaders", "experts", "banners", "notes")
	var older, newer any = 100 + r.Int64N(50), 200 + r.Int64N(50)
	if field == "notes" {
		older, newer = fmt.Sprintf("甲 %d", r.IntN(1000)), fmt.Sprintf("乙 %d", r.IntN(1000))
	}
	first, second := p, q
	if r.IntN(2) == 0 {
		first, second = q, p
	}
	write := s.against
	if r.IntN(3) == 0 {
		write = s.ahead
	}
	if err := together([]*phone{p, q}, func() error {
		if err := s.seenBy(ctx, e, p, q); err != nil {
			return err
		}
		return write(ctx, r, clash{e, field, first, second, older, newer})
	}); err != nil {
		return err
	}
	if err := p.do(func() error {
		if err := p.catchUp(ctx, e); err != nil {
			return err
		}
		return p.look(e) // both values must stand there
	}); err != nil || r.IntN(2) == 0 {
		return err
	}
	return p.do(func() error {
		if err := p.catchUp(ctx, e); err != nil {
			return err
		}
		settled := newer
		if r.IntN(2) == 0 {
			settled = older
		}
		if err := p.edit(e, fields{field: settled}, 0); err != nil {
			return err
		}
		return p.push(ctx, r)
	})
}

// clash is two people who type different values for one field. The second one's effective time is
// the later one.
type clash struct {
	e             *event
	field         string
	first, second *phone
	older, newer  any
}

// against lets both push at the same moment what they wrote an hour apart, each by a clock of its
// own.
func (s *sim) against(ctx context.Context, r *rand.Rand, c clash) error {
	e, hour := c.e, int64(time.Hour/time.Millisecond)
	put := dated(putLine(e.scope, "event", e.id, c.first.base(e), fields{c.field: c.older}), c.first.nowMS()-2*hour)
	if _, err := c.first.write(put); err != nil {
		return err
	}
	put = dated(putLine(e.scope, "event", e.id, c.second.base(e), fields{c.field: c.newer}), c.second.nowMS()-hour)
	if _, err := c.second.write(put); err != nil {
		return err
	}
	s.oracle.clash(e, c.field, c.newer, c.older)
	return s.pushTogether(ctx, r, c.first, c.second)
}

// ahead lets the first write while its clock is days ahead and push after it was set right: no
// write took place later than it arrived, so the second, who writes after that, has the later time.
func (s *sim) ahead(ctx context.Context, r *rand.Rand, c clash) error {
	e, was := c.e, c.first.clock.Load()
	base := map[*phone]int64{c.first: c.first.base(e), c.second: c.second.base(e)}
	if err := c.first.jump(off - was); err != nil {
		return err
	}
	if _, err := c.first.write(putLine(e.scope, "event", e.id, base[c.first], fields{c.field: c.older})); err != nil {
		return err
	}
	if err := c.first.jump(-off); err != nil {
		return err
	}
	if err := c.first.push(ctx, r); err != nil {
		return err
	}
	time.Sleep(20 * time.Millisecond) // two servers' clocks are not one
	if _, err := c.second.write(putLine(e.scope, "event", e.id, base[c.second], fields{c.field: c.newer})); err != nil {
		return err
	}
	s.oracle.clash(e, c.field, c.newer, c.older)
	return c.second.push(ctx, r)
}

// shared makes an event that both phones have before them.
func (s *sim) shared(ctx context.Context, r *rand.Rand, p, q *phone) (e *event, err error) {
	if err = p.do(func() error {
		if e, err = p.create(r, s.facts(r), 0); err != nil {
			return err
		}
		if err := p.edit(e, fields{"leaders": r.Int64N(9), "notes": "一"}, 0); err != nil {
			return err
		}
		if err := p.push(ctx, r); err != nil {
			return err
		}
		return p.catchUp(ctx, e)
	}); err != nil {
		return nil, err
	}
	return e, q.do(func() error { return q.catchUp(ctx, e) })
}

// seenBy lets phones that the caller holds look at an event again: another story may have killed
// one meanwhile, and an app that starts anew has pulled nothing yet.
func (s *sim) seenBy(ctx context.Context, e *event, phones ...*phone) error {
	for _, p := range phones {
		if err := p.catchUp(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// correction lets a colleague correct what he has seen, with an effective time days before that of
// the value he corrects: he must win, without a conflict.
func (s *sim) correction(ctx context.Context, r *rand.Rand, p *phone) error {
	q := s.colleague(r, p)
	e, err := s.shared(ctx, r, p, q)
	if err != nil {
		return err
	}
	if err := q.do(func() error {
		if err := q.catchUp(ctx, e); err != nil {
			return err
		}
		if err := q.edit(e, fields{"leaders": 10 + r.Int64N(9), "notes": "二", "banners": r.Int64N(9)}, q.nowMS()-off/2); err != nil {
			return err
		}
		return q.push(ctx, r)
	}); err != nil {
		return err
	}
	return p.do(func() error { // and back again, with a clock further back
		if err := p.catchUp(ctx, e); err != nil {
			return err
		}
		if err := p.look(e); err != nil {
			return err
		}
		if err := p.edit(e, fields{"leaders": 30 + r.Int64N(9), "notes": "三"}, p.nowMS()-off); err != nil {
			return err
		}
		return p.push(ctx, r)
	})
}

// delete lets a colleague delete an event that others go on counting on; sometimes it is brought
// back, sometimes an edit and the deletion do not know of each other.
func (s *sim) delete(ctx context.Context, r *rand.Rand, p *phone) error {
	q := s.colleague(r, p)
	e, err := s.shared(ctx, r, p, q)
	if err != nil {
		return err
	}
	if r.IntN(4) == 0 {
		return s.deleteUnseen(ctx, r, p, q, e)
	}
	if err := q.do(func() error {
		if err := q.catchUp(ctx, e); err != nil {
			return err
		}
		if err := q.edit(e, fields{"deleted": true}, 0); err != nil {
			return err
		}
		return q.push(ctx, r)
	}); err != nil {
		return err
	}
	return p.do(func() error {
		if err := p.count(r, e, 1+r.IntN(3), 0); err != nil {
			return err
		}
		if err := p.push(ctx, r); err != nil {
			return err
		}
		if err := p.catchUp(ctx, e); err != nil {
			return err
		}
		if err := p.look(e); err != nil || r.IntN(2) == 0 {
			return err
		}
		if err := p.edit(e, fields{"deleted": false, "notes": "恢复"}, 0); err != nil {
			return err
		}
		return p.push(ctx, r)
	})
}

func (s *sim) deleteUnseen(ctx context.Context, r *rand.Rand, p, q *phone, e *event) error {
	return together([]*phone{p, q}, func() error {
		if err := s.seenBy(ctx, e, p, q); err != nil {
			return err
		}
		f := fields{"notes": "还在写"}
		if _, err := p.write(putLine(e.scope, "event", e.id, p.base(e), f)); err != nil {
			return err
		}
		if _, err := q.write(putLine(e.scope, "event", e.id, q.base(e), fields{"deleted": true})); err != nil {
			return err
		}
		s.oracle.clashDelete(e, f)
		return s.pushTogether(ctx, r, p, q)
	})
}
