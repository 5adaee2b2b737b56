package simtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/fieldsync/fieldsync/media/picture"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/simtest/link"
)

// What photos go over.
const (
	NoLink    = "none"  // as all else does
	FieldLink = "field" // a field link's delays and cuts, fast enough for all phones at once
	LossyLink = "lossy" // requests come twice, late and out of their order, and answers are lost
)

// fieldScale is how much faster than one phone's the link of all phones is.
const fieldScale = 100

// album is every photo whose original must be at the server in the end.
type album struct {
	mu    sync.Mutex
	shots map[string]*shot // by id
}

// shot is one photo and who may bring it. Scope is where it belongs, so that a phone of its unit can look at it.
type shot struct {
	id, scope, sum string
	unit           string
	size           int64
	by             []*phone
}

// openLink puts the link between phones and servers that the run asks for.
func (s *sim) openLink(ctx context.Context) (stop func(), _ error) {
	s.photos = s.cfg.Transport
	s.album.shots = map[string]*shot{}
	switch s.cfg.Link {
	case LossyLink:
		l := &link.Lossy{Next: s.cfg.Transport, Twice: 0.1, Late: 0.3, Lost: 0.05, Delay: 50 * time.Millisecond, Seed: s.cfg.Seed}
		s.photos = l
		return l.Wait, nil
	case FieldLink:
		return s.openField(ctx)
	}
	return func() {}, nil
}

func (s *sim) openField(ctx context.Context) (func(), error) {
	links := map[string]*link.Link{}
	own := http.DefaultTransport.(*http.Transport).Clone()
	stop := func() {
		own.CloseIdleConnections()
		for _, l := range links {
			l.Close()
		}
	}
	for i, server := range s.cfg.World.Servers {
		u, err := url.Parse(server)
		if err != nil {
			return stop, err
		}
		l, err := link.Open(ctx, u.Host, link.Field(fieldScale, s.cfg.Seed+uint64(i)))
		if err != nil {
			return stop, err
		}
		links[u.Host] = l
	}
	s.photos = through(func(q *http.Request) (*http.Response, error) {
		over := q.Clone(q.Context())
		over.URL.Host = links[q.URL.Host].Address()
		return own.RoundTrip(over)
	})
	return stop, nil
}

type through func(*http.Request) (*http.Response, error)

func (t through) RoundTrip(q *http.Request) (*http.Response, error) { return t(q) }

// shortSleep is a person who does not wait as long as the server asks.
func shortSleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(min(d, 100*time.Millisecond))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// photo sends a request about photos, and does to it what chance wants.
func (w *wire) photo(q *http.Request) (*http.Response, error) {
	w.mu.Lock()
	dice, part, die := 1.0, 0.0, w.die
	if w.dice != nil && die != nil {
		dice, part = w.dice.Float64(), w.dice.Float64()
	}
	w.mu.Unlock()
	switch {
	case dice < 0.05:
		resp, err := w.s.photos.RoundTrip(q)
		if err != nil {
			return nil, err
		}
		drain(resp)
		w.s.faults.add(PhotoLost)
		return nil, errLost
	case dice < 0.10 && q.ContentLength > 0:
		w.s.faults.add(PhotoCut)
		return w.cutPhoto(q, part)
	case dice < 0.12:
		w.s.faults.add(PhotoKill)
		die()
		return nil, errKilled
	}
	return w.s.photos.RoundTrip(q)
}

// take takes a photo of an event. When it returns, the phone has said that it is saved.
func (p *phone) take(r *rand.Rand, e *event, join string) (*shot, error) {
	spec := picture.Spec{Seed: r.Uint64(), Width: 64, Height: 48, Bytes: 1000 + r.IntN(700_000)}
	if r.IntN(4) > 0 { // most are small: the run is about how they come, not about how long they take
		spec.Bytes = 1000 + r.IntN(150_000)
	}
	original := picture.New(spec)
	sum := sha256.Sum256(original)
	at := p.nowMS()
	f := fields{"event": e.id, "taken_at": at, "caption": fmt.Sprintf("现场 %d", r.IntN(100))}
	var preview []byte
	if r.IntN(2) == 0 {
		preview = picture.New(picture.Spec{Seed: spec.Seed, Width: 48, Height: 36})
	}
	id, err := p.c.Take(context.Background(), &client.Photo{Scope: e.scope, Event: e.id, Join: join,
		Set: map[string]any{"taken_at": at, "caption": f["caption"]}, Original: original, Preview: preview})
	if err != nil {
		return nil, fmt.Errorf("%s: a photo: %w", p, err)
	}
	p.s.lines.Add(1)
	f["sha256"], f["bytes"], f["mime"] = hex.EncodeToString(sum[:]), int64(len(original)), "image/jpeg"
	p.s.oracle.record(ref{e.scope, string(models.PhotoKind), id}, f)
	x := &shot{id: id, scope: e.scope, unit: e.unit, sum: hex.EncodeToString(sum[:]), size: int64(len(original)), by: []*phone{p}}
	p.s.album.mu.Lock()
	defer p.s.album.mu.Unlock()
	p.s.album.shots[id] = x
	return x, nil
}

// deliver sends what the phone owes of photos, through all that happens on the way.
func (p *phone) deliver(ctx context.Context, story *rand.Rand) error {
	r := rand.New(rand.NewPCG(story.Uint64(), story.Uint64()))
	for try := range tries {
		sending, die := context.WithCancel(ctx)
		p.wire.mu.Lock()
		p.wire.dice = rand.New(rand.NewPCG(r.Uint64(), r.Uint64()))
		if p.wire.die = die; try > 6 {
			p.wire.die = nil // where there is a network
		}
		p.wire.mu.Unlock()
		_, err := p.c.SendPhotos(sending)
		p.wire.mu.Lock()
		p.wire.die = nil
		p.wire.mu.Unlock()
		killed := sending.Err() != nil && ctx.Err() == nil
		die()
		p.remember()
		switch {
		case err == nil:
			return nil
		case killed:
			if err := p.kill(r); err != nil {
				return err
			}
		default:
			if err := p.bear(ctx, err, try); err != nil {
				return fmt.Errorf("%s: photos: %w", p, err)
			}
		}
	}
	return fmt.Errorf("%s: photos: gave up after %d tries", p, tries)
}
