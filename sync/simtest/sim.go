package simtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// sim is one run.
type sim struct {
	cfg    Config
	out    io.Writer
	oracle *oracle
	faults *tallied
	zone   *time.Location
	first  time.Time // first day of the window, midnight there
	days   int       // of the window

	phones  []*phone
	byUnit  map[string][]*phone
	extra   []*phone // clones, still there at the end
	readers []*phone
	silent  int             // phones that are away until the end
	before  map[cell]amount // what the totals held before the run
	had     map[ref]bool    // records from before the run
	stale   map[place]bool  // lines that were held before the run

	revoked      []*phone // phones that were taken back during the run
	hadOriginals map[string]bool
	album        album
	photos       http.RoundTripper // what photos go over

	conflicts int // fields in conflict, found at the end

	nonce   atomic.Int64
	lines   atomic.Int64 // saved on phones
	stories atomic.Int64
	broken  atomic.Int64 // stories that could not be told to their end
	begun   time.Time

	mu        sync.Mutex
	extraMu   sync.Mutex
	latencies []time.Duration
	troubles  map[string]int // errors of the network that nobody ordered
	findings  []finding
}

// Run plays a whole run and reports. The error is about the run itself, such as a server that
// cannot be reached; what is wrong with the numbers is in the report, and Report.OK says whether
// all is well. The report is printed to out too.
func Run(ctx context.Context, cfg Config, out io.Writer) (*Report, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	cfg.defaults()
	s := &sim{cfg: cfg, out: out, begun: time.Now(), byUnit: map[string][]*phone{},
		faults:   &tallied{wanted: slices.Clone(cfg.Faults), n: map[Fault]int{}},
		troubles: map[string]int{}, before: map[cell]amount{}, had: map[ref]bool{}, stale: map[place]bool{}}
	fmt.Fprintf(out, "seed %d: %d phones × %d stories, %d units, %d servers\n", cfg.Seed,
		len(cfg.World.Phones), cfg.Events, len(cfg.World.Units), len(cfg.World.Servers))
	closeLink, err := s.openLink(ctx)
	defer closeLink()
	if err != nil {
		return nil, err
	}
	stop := s.progress()
	defer stop()
	for _, phase := range []struct {
		name string
		run  func(context.Context) error
	}{{"set-up", s.setUp}, {"stories", s.play}, {"settling", s.settle}, {"checks", s.check}} {
		if err := phase.run(ctx); err != nil {
			return nil, fmt.Errorf("simtest: %s (seed %d): %w", phase.name, cfg.Seed, err)
		}
	}
	stop()
	r := s.report()
	r.print(out)
	return r, nil
}

// random returns the random numbers of one story or step, the same for the same seed.
func (s *sim) random(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(s.cfg.Seed, stream)) }

// setUp enrols the phones, reads the window and remembers what was there before.
func (s *sim) setUp(ctx context.Context) error {
	for i, seat := range s.cfg.World.Phones {
		p, err := s.newPhone(i, seat)
		if err != nil {
			return err
		}
		s.phones = append(s.phones, p)
		s.byUnit[seat.Unit] = append(s.byUnit[seat.Unit], p)
	}
	if err := s.each(ctx, s.phones, func(ctx context.Context, p *phone) error {
		if err := p.enrol(ctx, s.random(uint64(p.no)<<32)); err != nil {
			return err
		}
		return p.pull(ctx)
	}); err != nil {
		return err
	}
	if err := s.window(ctx); err != nil {
		return err
	}
	s.chooseSilent()
	return s.rememberBefore(ctx)
}

func (s *sim) newPhone(i int, seat PhoneSeat) (*phone, error) {
	key, err := client.NewKey()
	if err != nil {
		return nil, err
	}
	p := &phone{s: s, no: i, seat: seat, scope: s.scopeOf(seat.Unit), key: key,
		server: s.cfg.World.Servers[i%len(s.cfg.World.Servers)],
		store:  client.NewMemory(), wire: &wire{s: s}, acked: map[string]int64{}}
	p.plain = s.faults.wants(PlainBody) && i%5 == 4
	if s.cfg.Dir != "" && i%8 == 0 {
		if p.store, err = openFile(filepath.Join(s.cfg.Dir, fmt.Sprintf("phone-%d.log", i))); err != nil {
			return nil, err
		}
	}
	return p, p.open()
}

// each does something with all phones, some at a time.
func (s *sim) each(ctx context.Context, phones []*phone, do func(context.Context, *phone) error) error {
	return parallel(ctx, s.cfg.Workers, len(phones), func(ctx context.Context, i int) error {
		p := phones[i]
		p.mu.Lock()
		defer p.mu.Unlock()
		return do(ctx, p)
	})
}

// parallel calls do for 0 … n−1, some at a time, until one fails. It returns the first error.
func parallel(ctx context.Context, workers, n int, do func(context.Context, int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := do(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// window finds the days that count.
func (s *sim) window(ctx context.Context) error {
	w := &s.cfg.World
	if w.FirstDay == "" || w.LastDay == "" {
		setup, err := s.phones[0].c.Setup(ctx, "")
		if err != nil {
			return err
		}
		for _, c := range setup.Campaigns {
			if c.ID == w.Campaign {
				w.FirstDay, w.LastDay, w.Zone = c.FirstDay, c.LastDay, c.Zone
			}
		}
	}
	zone, err := time.LoadLocation(w.Zone)
	if err != nil {
		return err
	}
	first, err := time.ParseInLocation(time.DateOnly, w.FirstDay, zone)
	if err != nil {
		return err
	}
	last, err := time.ParseInLocation(time.DateOnly, w.LastDay, zone)
	if err != nil {
		return err
	}
	s.zone, s.first, s.days = zone, first, int(last.Sub(first)/(24*time.Hour))+1
	s.oracle = newOracle(zone, w.FirstDay, w.LastDay)
	return nil
}

// chooseSilent picks the phones that are away until the end: never one of the last two that a unit
// needs for its stories.
func (s *sim) chooseSilent() {
	if !s.faults.wants(Silence) {
		return
	}
	want := max(1, len(s.phones)/20)
	for _, u := range s.cfg.World.Units {
		if list := s.byUnit[u.ID]; want > 0 && len(list) > 2 {
			list[len(list)-1].silent = true
			s.silent++
			want--
		}
	}
	if s.silent == 0 {
		fmt.Fprintf(s.out, "no unit can spare a phone for %s: it needs three\n", Silence)
		s.faults.drop(Silence)
	}
}

// rememberBefore reads what the campaign holds already.
func (s *sim) rememberBefore(ctx context.Context) error {
	cells, err := s.cfg.Backstage.Totals(ctx)
	if err != nil {
		return err
	}
	for _, c := range cells {
		if c.Template == tableA {
			s.before[cell{c.Unit, c.Row}] = amount{c.Reported, c.ReportedN}
		}
	}
	for _, p := range s.phones {
		for k := range p.c.Records() {
			s.had[ref{k.Scope, string(k.Kind), k.ID}] = true
		}
	}
	s.hadOriginals = map[string]bool{}
	if s.cfg.Photos > 0 {
		sums, err := s.cfg.Backstage.(Shelf).Originals(ctx)
		if err != nil {
			return err
		}
		for _, sum := range sums {
			s.hadOriginals[sum] = true
		}
	}
	held, err := s.cfg.Backstage.Held(ctx)
	for _, h := range held {
		s.stale[place{h.Device, h.Epoch, h.Seq}] = true
	}
	return err
}

// pushed notes how long an undisturbed push took.
func (s *sim) pushed(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latencies = append(s.latencies, d)
}

// trouble notes an error that nobody ordered and that a phone lives with.
func (s *sim) trouble(err error) {
	inner := err
	for errors.Unwrap(inner) != nil {
		inner = errors.Unwrap(inner)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.troubles[inner.Error()]++
}

// progress prints a line a second until the returned function is called.
func (s *sim) progress() (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				s.mu.Lock()
				pushes := len(s.latencies)
				s.mu.Unlock()
				fmt.Fprintf(s.out, "%4.0f s  stories %d/%d  lines %d  pushes %d  faults %d\n", time.Since(s.begun).Seconds(),
					s.stories.Load(), len(s.cfg.World.Phones)*s.cfg.Events+s.cfg.Photos, s.lines.Load(), pushes, s.faults.total())
			}
		}
	}()
	return sync.OnceFunc(func() { close(done); <-ended })
}
