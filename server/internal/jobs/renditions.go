package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/models"
)

// Store is what is known of originals.
type Store interface {
	// NextToRender lists stored originals whose renditions are to be made, the oldest first.
	NextToRender(ctx context.Context, n int) ([]models.Original, error)
	// PutRendered writes width, height, facts, likeness and the state of the renditions.
	PutRendered(ctx context.Context, o *models.Original) error
	// Likenesses lists the originals of a campaign that have one: scope, hash and likeness.
	Likenesses(ctx context.Context, campaign string) ([]models.Original, error)
	// AddNear keeps pairs; those that are there already are left alone.
	AddNear(ctx context.Context, list []models.PhotoNear) error
}

// Config is what the renditions need. Zero values mean the defaults.
type Config struct {
	Store    Store
	Blobs    media.Blobs   // originals and renditions
	Workers  int           // pictures whose previews are made at once, 1
	Every    time.Duration // between two looks at what is to be made when nobody wakes, 10 s
	Deadline time.Duration // for one picture, 1 min
	Log      *slog.Logger
	Now      func() time.Time
}

// poolSize is how many pictures are decoded at once at least: one for the previews and one for somebody who waits.
const poolSize = 2

// A round takes a few originals, so that new pictures are compared with all others once a round and not once each.
const roundSize = 8

// Renditions makes them. Its methods are safe for concurrent use; Run runs once.
type Renditions struct {
	Config
	pool    chan struct{} // a place for each picture that is decoded
	waiting chan struct{} // a place for each stamped copy that is made or waits for it
	wake    chan struct{}
	stamps  singleflight.Group

	mu    sync.Mutex
	later map[originalKey]time.Time // not before then: what could not be read or kept
}

type originalKey struct{ scope, sha256 string }

// New returns renditions that nobody makes yet: Run does.
func New(c Config) *Renditions {
	if c.Workers <= 0 {
		c.Workers = 1
	}
	if c.Every <= 0 {
		c.Every = 10 * time.Second
	}
	if c.Deadline <= 0 {
		c.Deadline = time.Minute
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Renditions{Config: c, pool: make(chan struct{}, max(c.Workers, poolSize)), waiting: make(chan struct{}, maxWaiting),
		wake: make(chan struct{}, 1), later: map[originalKey]time.Time{}}
}

// Wake says that an original was stored. It never blocks.
func (r *Renditions) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run makes what is to be made until ctx ends.
func (r *Renditions) Run(ctx context.Context) {
	tick := time.NewTicker(r.Every)
	defer tick.Stop()
	for ctx.Err() == nil {
		more, err := r.round(ctx)
		if err != nil && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "renditions are made later", "error", err)
		}
		if more {
			continue
		}
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-tick.C:
		}
	}
}

// round makes the renditions of a few originals. More says that there may be others at once. An error is of a store that
// does not answer; what went wrong with one original is that original's.
func (r *Renditions) round(ctx context.Context) (more bool, err error) {
	list, err := r.next(ctx)
	if err != nil || len(list) == 0 {
		return false, err
	}
	faults := make([]error, len(list))
	places := make(chan struct{}, r.Workers)
	var workers sync.WaitGroup
	for i := range list {
		places <- struct{}{}
		workers.Go(func() {
			defer func() { <-places }()
			faults[i] = r.make(ctx, &list[i])
		})
	}
	workers.Wait()
	var fresh []*models.Original
	for i := range list {
		switch {
		case faults[i] == nil:
			fresh = append(fresh, &list[i])
		case ctx.Err() == nil:
			r.putOff(ctx, &list[i], faults[i])
		}
	}
	if err := r.finish(ctx, fresh); err != nil {
		return false, err
	}
	return len(fresh) > 0, nil
}

// next lists what is to be made and not put off.
func (r *Renditions) next(ctx context.Context) ([]models.Original, error) {
	now := r.Now()
	r.mu.Lock()
	for k, t := range r.later {
		if !t.After(now) {
			delete(r.later, k)
		}
	}
	n := roundSize + len(r.later) // what is put off stands before the rest
	r.mu.Unlock()
	all, err := r.Store.NextToRender(ctx, n)
	if err != nil {
		return nil, err
	}
	var list []models.Original
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range all {
		if _, off := r.later[originalKey{o.Scope, o.SHA256}]; !off && len(list) < roundSize {
			list = append(list, o)
		}
	}
	return list, nil
}

// How long an original is put off: a store that is away comes back; a missing original may, when a folder was not mounted.
const (
	offUnavailable = 10 * time.Second
	offMissing     = 10 * time.Minute
)

func (r *Renditions) putOff(ctx context.Context, o *models.Original, fault error) {
	off := offMissing
	if problem.CodeOf(fault) == problem.Unavailable {
		off = offUnavailable
	} else {
		r.Log.ErrorContext(ctx, "an original's renditions cannot be made now", "sha256", o.SHA256, "error", fault)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.later[originalKey{o.Scope, o.SHA256}] = r.Now().Add(off)
}
