package simtest

import (
	"context"
	"math/rand/v2"
)

// seize saves a new lot of goods with what was received.
func (p *phone) seize(r *rand.Rand) (*lot, string, error) {
	f, id := lotFacts(r), newID()
	if _, err := p.write(putLine(p.scope, "lot", id, 0, f)); err != nil {
		return nil, "", err
	}
	l := p.s.oracle.createLot(ref{p.scope, "lot", id}, f)
	return l, id, p.carry(l, id, newID(), movement{"received", 1 + r.Int64N(200_000)})
}

// carry saves a movement of a lot.
func (p *phone) carry(l *lot, lotID, id string, m movement) error {
	if _, err := p.write(moveLine(p.scope, lotID, id, m)); err != nil {
		return err
	}
	p.s.oracle.move(l, id, m)
	return nil
}

// doubleMove lets two phones record one movement, by the same id: it counts once.
func (s *sim) doubleMove(ctx context.Context, r *rand.Rand, p *phone) error {
	q := s.colleague(r, p)
	var l *lot
	var lotID string
	if err := p.do(func() (err error) {
		if l, lotID, err = p.seize(r); err != nil {
			return err
		}
		return p.push(ctx, r)
	}); err != nil {
		return err
	}
	return together([]*phone{p, q}, func() error {
		id, m := newID(), movement{"destroyed", 1 + r.Int64N(9000)}
		for _, x := range []*phone{p, q, p} {
			if err := x.carry(l, lotID, id, m); err != nil {
				return err
			}
		}
		return s.pushTogether(ctx, r, p, q)
	})
}
