package media

import (
	"context"
	"time"
)

// A listing for each request is nothing for a photo, and too much for a video of thousands of units: of these what was
// listed is remembered for a moment, with what this process has put since. Units that came to another server are seen when
// it is over, and at once when little is missing, so that whoever puts the last unit sees that it is the last.
const (
	bigUnits   = 64 // originals of more are remembered
	nearUnits  = 16 // missing: from here on each request lists
	recentTime = time.Second
	recentMost = 1000 // originals
)

// recent returns what waits of an original, perhaps as it was a moment ago.
func (s *Service) recent(ctx context.Context, t target) (*pile, error) {
	s.mu.Lock()
	p := s.piles[t.name()]
	s.mu.Unlock()
	if p != nil && p.bytes == t.bytes && s.Now().Sub(p.at) < recentTime {
		return p, nil
	}
	return s.relist(ctx, t, false)
}

// asked is recent for a phone that asks what is missing: it is told what came elsewhere as well, unless a phone has just
// asked the same and much is missing.
func (s *Service) asked(ctx context.Context, t target, device string) (*pile, error) {
	s.mu.Lock()
	p := s.piles[t.name()]
	s.mu.Unlock()
	if p != nil && p.asked && p.bytes == t.bytes && s.Now().Sub(p.at) < recentTime && p.plan(device).lacks() > nearUnits {
		return p, nil
	}
	return s.relist(ctx, t, true)
}

func (s *Service) relist(ctx context.Context, t target, asked bool) (*pile, error) {
	at := s.Now()
	s.mu.Lock()
	emptied := s.emptied
	s.mu.Unlock()
	p, err := s.pile(ctx, t)
	if err != nil || t.units() <= bigUnits {
		return p, err
	}
	p.at, p.asked = at, asked
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.emptied != emptied {
		return p, nil // some of what was listed may be gone
	}
	if len(s.piles) >= recentMost {
		clear(s.piles)
	}
	s.piles[t.name()] = p
	return p, nil
}

// with returns what waits when a batch has been put.
func (s *Service) with(ctx context.Context, t target, b batch) (*pile, error) {
	s.mu.Lock()
	p := s.piles[t.name()]
	if p != nil && p.bytes == t.bytes {
		next := *p // whoever holds the old one keeps it: what is appended lies behind its end
		next.keys, next.batches = append(p.keys, b.key), append(p.batches, b)
		p = &next
		s.piles[t.name()] = p
	} else {
		p = nil
	}
	s.mu.Unlock()
	if p != nil && p.plan(b.device).lacks() > nearUnits {
		return p, nil
	}
	return s.relist(ctx, t, false)
}

// lacks is how many units are missing.
func (p plan) lacks() (n int64) {
	for _, m := range p.missing {
		n += m[1] - m[0] + 1
	}
	return n
}

// lockAlone takes the lock of an original and forgets what was listed: whoever has it may take units away.
func (s *Service) lockAlone(name string) (unlock func()) {
	free := s.locks.alone(name)
	s.forget(name)
	return func() { s.forget(name); free() } // who only asks lists meanwhile
}

// forget forgets what was listed of an original, also by those who are listing.
func (s *Service) forget(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.piles, name)
	s.emptied++
}
