package simtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// story is a scenario around one phone. Phones of other numbers join it as it needs them.
type story struct {
	fault Fault // "" for an ordinary day
	play  func(*sim, context.Context, *rand.Rand, *phone) error

	delivers bool // photos, beside the phone's own stories
}

var ordinary = story{play: (*sim).stand}

// stories are those in which something goes wrong.
var stories = []story{
	{fault: Restore, play: (*sim).restore}, {fault: Clone, play: (*sim).clone}, {fault: MovedTwice, play: (*sim).movedTwice},
	{fault: WrongClock, play: (*sim).wrongClock}, {fault: Guest, play: (*sim).guest}, {fault: EarlyRef, play: (*sim).early},
	{fault: SameMoment, play: (*sim).sameMoment}, {fault: Clash, play: (*sim).conflict}, {fault: Correction, play: (*sim).correction},
	{fault: Delete, play: (*sim).delete}, {fault: HeldLine, play: (*sim).heldLine}, {fault: Accepted, play: (*sim).accepted},
	{fault: BadLine, play: (*sim).badLine}, {fault: DoubleMove, play: (*sim).doubleMove},
}

// play runs the stories of all phones while some phones only pull.
func (s *sim) play(ctx context.Context) error {
	stopReaders, err := s.startReaders(ctx)
	if err != nil {
		return err
	}
	list := s.casting()
	err = parallel(ctx, s.cfg.Workers, len(list), func(ctx context.Context, i int) error {
		defer s.stories.Add(1)
		return s.tell(ctx, list[i], i)
	})
	if e := stopReaders(); err == nil {
		err = e
	}
	return err
}

// casting draws which story each phone plays when: every wanted fault at least twice and in about
// two stories of five.
func (s *sim) casting() []story {
	r := s.random(1)
	n := len(s.phones) * s.cfg.Events
	list := make([]story, 0, n)
	for _, st := range stories {
		if s.faults.wants(st.fault) {
			for range max(2, n/40) {
				list = append(list, st)
			}
		}
	}
	for len(list) < n {
		list = append(list, ordinary)
	}
	for i := range s.cfg.Photos {
		list = append(list, photoStories[i%len(photoStories)])
	}
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// tell plays one story with its own random numbers.
func (s *sim) tell(ctx context.Context, st story, i int) error {
	r := s.random(uint64(i) + 1000)
	p := s.phones[i%len(s.phones)]
	if p.silent && !st.delivers {
		if err := s.silence(r, p); err != nil || st.fault == "" {
			return err
		}
	}
	for p.silent { // somebody else of the unit plays the rest
		p = pick(r, s.byUnit[p.seat.Unit]...)
	}
	if err := st.play(s, ctx, r, p); err != nil {
		return s.brokenOff(ctx, fmt.Errorf("story %d %s: %w", i, st.fault, err))
	}
	if st.fault != "" {
		s.faults.add(st.fault)
	}
	return nil
}

// brokenOff notes that a story could not be told to its end. A few are findings, so that a fault of
// the server is seen with what it does to the numbers; many end the run.
func (s *sim) brokenOff(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if s.broken.Add(1) > maxBroken {
		return err
	}
	return s.found(wrong, "%v", err)
}

// maxBroken is how many stories may break off.
const maxBroken = 20

// startReaders lets some phones pull without a pause: a row that becomes visible out of its order
// is one that they never see. They are twins of phones, so they take no code.
func (s *sim) startReaders(ctx context.Context) (stop func() error, err error) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	for i := range s.cfg.Readers {
		unit := s.cfg.World.Units[i%len(s.cfg.World.Units)].ID
		list := s.byUnit[unit]
		p := list[i/len(s.cfg.World.Units)%len(list)]
		q, err := p.twin()
		if err != nil {
			cancel()
			return nil, err
		}
		q.no, q.server = -1-i, s.cfg.World.Servers[(i+1)%len(s.cfg.World.Servers)]
		if err := q.open(); err != nil {
			cancel()
			return nil, err
		}
		s.readers = append(s.readers, q)
	}
	for _, q := range s.readers {
		wg.Go(func() {
			for ctx.Err() == nil {
				if err := q.pull(ctx); err != nil && ctx.Err() == nil {
					_ = s.found(wrong, "a phone that only pulls: %v", err)
					return
				}
				select {
				case <-ctx.Done():
				case <-time.After(2 * time.Millisecond):
				}
			}
		})
	}
	return func() error { cancel(); wg.Wait(); return nil }, nil
}

// stand is an ordinary day: an event, taps, numbers typed and corrected, photos.
func (s *sim) stand(ctx context.Context, r *rand.Rand, p *phone) error {
	var e *event
	watch := r.IntN(4) == 0
	err := p.do(func() (err error) {
		if e, err = p.create(r, s.facts(r), 0); err != nil {
			return err
		}
		if r.IntN(3) == 0 {
			if err := p.photograph(r, p.scope, e.id, ""); err != nil {
				return err
			}
		}
		if err := s.goods(r, p); err != nil {
			return err
		}
		if r.IntN(5) == 0 {
			return nil // later, with something else
		}
		return p.push(ctx, r)
	})
	if err != nil {
		return err
	}
	return p.do(func() error {
		if watch {
			if err := p.pull(ctx); err != nil {
				return err
			}
			if err := p.look(e); err != nil {
				return err
			}
		}
		if err := p.edit(e, s.changes(r, e), 0); err != nil {
			return err
		}
		if err := p.count(r, e, r.IntN(6), 0); err != nil {
			return err
		}
		if watch {
			if err := p.look(e); err != nil {
				return err
			}
		}
		if r.IntN(4) == 0 { // counted: none
			if err := p.tap(e, pick(r, taps...), 0, "", 0); err != nil {
				return err
			}
		}
		if r.IntN(4) > 0 {
			if err := p.push(ctx, r); err != nil {
				return err
			}
		}
		if watch {
			return p.look(e)
		}
		return nil
	})
}

// changes makes up later values of an event's fields.
func (s *sim) changes(r *rand.Rand, e *event) fields {
	f := fields{"notes": fmt.Sprintf("备注 %d", r.IntN(1000))}
	if e.text("kind") == "media" {
		f["pieces"] = r.Int64N(300)
		return f
	}
	f[pick(r, typed...)] = r.Int64N(40)
	f["staff."+e.unit] = 1 + r.Int64N(9)
	if e.text("kind") == "visit" && r.IntN(3) == 0 {
		f["venue"] = pick(r, "enterprise", "community", "village", "school")
	}
	if r.IntN(10) == 0 {
		f["started_at"] = s.outside(r)
	}
	if _, set := e.fields["leaders"]; set && r.IntN(6) == 0 {
		f["leaders"] = nil // cleared: blank again
	}
	return f
}

// goods is a lot of goods now and then.
func (s *sim) goods(r *rand.Rand, p *phone) error {
	if r.IntN(6) > 0 {
		return nil
	}
	l, id, err := p.seize(r)
	if err != nil {
		return err
	}
	for range r.IntN(3) {
		m := movement{pick(r, "counted", "destroyed", "returned", "handed_over"), 1 + r.Int64N(50_000)}
		if err := p.carry(l, id, newID(), m); err != nil {
			return err
		}
	}
	return nil
}

// silence is a phone that writes for months and pushes nothing.
func (s *sim) silence(r *rand.Rand, p *phone) error {
	return p.do(func() error {
		at := p.now().AddDate(0, 0, -30-r.IntN(300)).UnixMilli()
		e, err := p.create(r, s.facts(r), at)
		if err != nil {
			return err
		}
		times := 3
		if r.IntN(8) == 0 {
			times = 300 // more than fits into a batch, all in all
		}
		if err := p.count(r, e, times, at+60_000); err != nil {
			return err
		}
		s.faults.add(Silence)
		return p.edit(e, s.changes(r, e), at+120_000)
	})
}
