package simtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// do is one thing that the person does without letting go of the phone.
func (p *phone) do(step func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return step()
}

// together holds several phones, in the order of their numbers so that two stories never wait for
// each other.
func together(phones []*phone, step func() error) error {
	sorted := slices.SortedFunc(slices.Values(phones), func(a, b *phone) int { return a.no - b.no })
	for _, p := range sorted {
		p.mu.Lock()
		defer p.mu.Unlock()
	}
	return step()
}

// create saves a new event of the phone's unit with these facts and some first tallies.
func (p *phone) create(r *rand.Rand, f fields, at int64) (*event, error) {
	id := client.NewID()
	put := dated(putLine(p.scope, "event", id, 0, f), at)
	if _, err := p.write(put); err != nil {
		return nil, err
	}
	e := p.s.oracle.create(p.scope, p.seat.Unit, id, f)
	return e, p.count(r, e, r.IntN(4), at)
}

// dated sets a line's time; 0 leaves it to the phone's clock.
func dated(ch client.Change, at int64) client.Change {
	if at != 0 {
		ch["at"] = at
	}
	return ch
}

// count saves some tallies on an event of the phone's own unit.
func (p *phone) count(r *rand.Rand, e *event, times int, at int64) error {
	for range times {
		n := r.Int64N(20)
		if r.IntN(8) == 0 {
			n = -n
		}
		if err := p.tap(e, pick(r, taps...), n, "", at); err != nil {
			return err
		}
	}
	return nil
}

// tap saves one tally, a guest's with the join secret.
func (p *phone) tap(e *event, indicator string, n int64, join string, at int64) error {
	line := dated(tallyLine(e.scope, e.id, indicator, n), at)
	if join != "" {
		line["join"] = join
	}
	if _, err := p.write(line); err != nil {
		return err
	}
	p.s.oracle.tally(e, indicator, n)
	return nil
}

// edit saves new values of an event's fields, by somebody who has seen what the phone last pulled
// and all that this phone wrote.
func (p *phone) edit(e *event, f fields, at int64) error {
	if _, err := p.write(dated(putLine(e.scope, "event", e.id, p.base(e), f), at)); err != nil {
		return err
	}
	p.s.oracle.put(e, f)
	return nil
}

// photograph saves a photo of an event.
func (p *phone) photograph(r *rand.Rand, scope, event, join string) error {
	f, id := photoFacts(r, event, p.nowMS()), client.NewID()
	line := putLine(scope, "photo", id, 0, f)
	if join != "" {
		line["join"] = join
	}
	if _, err := p.write(line); err != nil {
		return err
	}
	p.s.oracle.record(ref{scope, "photo", id}, f)
	return nil
}

// catchUp pulls what the others pushed, so that the person sees it.
func (p *phone) catchUp(ctx context.Context, e *event) error {
	if err := p.pull(ctx); err != nil {
		return err
	}
	if p.base(e) == 0 {
		return p.s.found(lost, "%s does not see event %s, which was pushed and acknowledged", p, e.id)
	}
	return nil
}

// look compares what the phone shows of an event, own lines laid over, with the oracle. Only for
// events that this phone alone has written to, or after a pull with nobody else writing.
func (p *phone) look(e *event) error {
	ev, ok := p.c.Event(e.scope, e.id)
	if !ok {
		return p.s.found(lost, "%s does not show event %s that it wrote", p, e.id)
	}
	return p.s.compareEvent(e, ev, p.String()+" shows")
}

// colleague returns another phone of the same unit that pushes, or nil.
func (s *sim) colleague(r *rand.Rand, p *phone, not ...*phone) *phone {
	var list []*phone
	for _, q := range s.byUnit[p.seat.Unit] {
		if q != p && !q.silent && !slices.Contains(not, q) {
			list = append(list, q)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return pick(r, list...)
}

// stranger returns a phone of another unit.
func (s *sim) stranger(r *rand.Rand, p *phone) *phone {
	for {
		if q := pick(r, s.phones...); q.seat.Unit != p.seat.Unit && !q.silent {
			return q
		}
	}
}

// class says what a finding means.
type class int

const (
	lost class = iota
	doubled
	wrong
)

// finding is one thing that is not as it must be.
type finding struct {
	class class
	text  string
}

// found notes a finding. It returns nil, so that a story goes on: one fault must not hide others.
func (s *sim) found(c class, format string, a ...any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.findings = append(s.findings, finding{c, fmt.Sprintf(format, a...)})
	return nil
}

// differs notes that a number is not the expected one.
func (s *sim) differs(what string, want, got int64) {
	switch {
	case got < want:
		_ = s.found(lost, "%s is %d, must be %d", what, got, want)
	case got > want:
		_ = s.found(doubled, "%s is %d, must be %d", what, got, want)
	}
}
