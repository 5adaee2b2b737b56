package simtest

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
)

// phone is one phone and the person who holds it. Its mutex is held for each step of a story, so
// that a person does one thing at a time.
type phone struct {
	s      *sim
	no     int
	seat   PhoneSeat
	scope  string
	server string
	key    *ecdsa.PrivateKey
	silent bool // pushes nothing before the end

	mu    sync.Mutex
	store client.Store
	shots *client.MemoryPhotos
	c     *client.Client
	wire  *wire
	clock atomic.Int64 // ms by which the phone's clock is ahead
	plain bool
	acked map[string]int64 // epoch → most lines that were ever acknowledged
}

// tries is how often a push is tried before the run fails.
const tries = 80

// String names the phone. Numbers below 0 are those that only pull.
func (p *phone) String() string {
	if p.no < 0 {
		return fmt.Sprintf("reader %d", -p.no)
	}
	return fmt.Sprintf("phone %d", p.no)
}

func (p *phone) now() time.Time {
	return time.Now().Add(time.Duration(p.clock.Load()) * time.Millisecond)
}

func (p *phone) nowMS() int64 { return p.now().UnixMilli() }

// open starts the app: all that it knows is what the store holds.
func (p *phone) open() error {
	if p.shots == nil {
		p.shots = client.NewMemoryPhotos()
	}
	c, err := client.Open(client.Config{Server: p.server, Key: p.key, Store: p.store, Photos: p.shots,
		Transport: p.wire, Now: p.now, Plain: p.plain, Sleep: shortSleep})
	if err != nil {
		return fmt.Errorf("%s: open: %w", p, err)
	}
	p.c = c
	return nil
}

// kill ends the app and starts it again.
func (p *phone) kill(r *rand.Rand) error {
	p.plain = p.s.faults.wants(PlainBody) && r.IntN(4) == 0
	if f, ok := p.store.(*file); ok {
		if err := f.reopen(); err != nil {
			return err
		}
	}
	return p.open()
}

// write saves lines. From here on they must never be lost.
func (p *phone) write(changes ...client.Change) (place, error) {
	for _, ch := range changes {
		ch["sim"] = p.s.nonce.Add(1) // a member that no version knows; it also keeps clones' lines apart
	}
	at, err := p.c.Write(changes...)
	if err != nil {
		return place{}, fmt.Errorf("%s: write: %w", p, err)
	}
	p.s.lines.Add(int64(len(changes)))
	return place{at.Device, at.Epoch, at.Seq}, nil
}

// push gets everything to the server over a bad network. How often it has to try depends on the
// moment, so it has random numbers of its own: the story's go on as if it had worked at once.
func (p *phone) push(ctx context.Context, story *rand.Rand) error {
	r := rand.New(rand.NewPCG(story.Uint64(), story.Uint64()))
	for try := 0; try < tries; try++ {
		if err := p.misfortune(r, try); err != nil {
			return err
		}
		_, err := p.c.Push(ctx)
		p.remember()
		if err == nil {
			p.wire.expect(plan{})
			return nil
		}
		if errors.Is(err, errKilled) {
			if err := p.kill(r); err != nil {
				return err
			}
		}
		if err := p.bear(ctx, err, try); err != nil {
			return fmt.Errorf("%s: push: %w", p, err)
		}
	}
	return fmt.Errorf("%s: push: gave up after %d tries", p, tries)
}

// misfortune decides what goes wrong with the next push.
func (p *phone) misfortune(r *rand.Rand, try int) error {
	dice := r.Float64()
	plan := plan{part: r.Float64(), delay: time.Duration(r.IntN(6000)) * time.Microsecond}
	seq := r.Int64N(1 << 40)
	if try > 4 { // the person has walked to where there is a network
		return nil
	}
	f := p.s.faults
	switch {
	case dice < 0.06 && f.wants(LostReply):
		plan.fault = LostReply
	case dice < 0.10 && f.wants(CutBody):
		plan.fault = CutBody
	case dice < 0.13 && f.wants(KillIn):
		plan.fault = KillIn
	case dice < 0.16 && f.wants(KillBefore) && p.c.Unsent() > 0:
		f.add(KillBefore)
		return p.kill(r)
	case dice < 0.22 && f.wants(Resend):
		logs := p.c.Logs()
		if l := logs[len(logs)-1]; l.Acked > 0 {
			p.c.Rewind(seq % l.Acked)
			f.add(Resend)
		}
	}
	p.wire.expect(plan)
	return nil
}

// bear decides whether a fault is one that a phone lives with.
func (p *phone) bear(ctx context.Context, err error, try int) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var refused *problem.Error
	if !errors.As(err, &refused) {
		if errors.Is(err, errLost) || errors.Is(err, errCut) || errors.Is(err, errKilled) {
			return nil
		}
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return err
		}
		p.s.trouble(err)
		return wait(ctx, try)
	}
	switch refused.Code {
	case problem.Unavailable, problem.Overloaded:
		p.s.trouble(err)
		return wait(ctx, try)
	}
	return err
}

func wait(ctx context.Context, try int) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(min(time.Duration(try+1)*50*time.Millisecond, time.Second)):
		return nil
	}
}

// pull gets what is new.
func (p *phone) pull(ctx context.Context) error {
	for try := 0; try < tries; try++ {
		err := p.c.Pull(ctx)
		if err == nil {
			return nil
		}
		if err := p.bear(ctx, err, try); err != nil {
			return fmt.Errorf("%s: pull: %w", p, err)
		}
	}
	return fmt.Errorf("%s: pull: gave up after %d tries", p, tries)
}

// remember keeps the greatest acknowledgement of each epoch: what a server has said it has.
func (p *phone) remember() {
	for _, l := range p.c.Logs() {
		p.acked[l.Epoch] = max(p.acked[l.Epoch], l.Acked)
	}
}

// base returns the version of an event in the phone's picture.
func (p *phone) base(e *event) int64 {
	return p.c.Base(client.Key{Scope: e.scope, Kind: models.EventKind, ID: e.id})
}

// enrol redeems the phone's code; sometimes the answer is lost and asked for again.
func (p *phone) enrol(ctx context.Context, r *rand.Rand) error {
	if p.s.faults.wants(LostReply) && r.IntN(5) == 0 {
		if err := p.redeem(ctx); err != nil {
			return err
		}
		if err := p.forgetEnrolment(); err != nil {
			return err
		}
	}
	if p.c.Identity().Device != "" {
		return nil
	}
	return p.redeem(ctx)
}

// redeem types the code until a server answers: one may be starting just now.
func (p *phone) redeem(ctx context.Context) error {
	for try := 0; try < tries; try++ {
		_, err := p.c.Enrol(ctx, p.seat.Code, p.String(), "simtest")
		if err == nil {
			return nil
		}
		if err := p.bear(ctx, err, try); err != nil {
			return fmt.Errorf("%s: enrol: %w", p, err)
		}
	}
	return fmt.Errorf("%s: enrol: gave up after %d tries", p, tries)
}

// forgetEnrolment puts the phone back to before its enrolment, with the same key.
func (p *phone) forgetEnrolment() error {
	if _, ok := p.store.(*client.Memory); !ok {
		return nil
	}
	p.store = client.NewMemory()
	return p.open()
}

// copied returns a copy of the phone's storage: a backup.
func (p *phone) copied() (client.Store, error) {
	if f, ok := p.store.(*file); ok {
		return f.copy(p.s)
	}
	return p.store.(*client.Memory).Copy(), nil
}

// twin returns another phone with a copy of this one's storage and key.
func (p *phone) twin() (*phone, error) {
	store, err := p.copied()
	if err != nil {
		return nil, err
	}
	q := &phone{s: p.s, no: p.no, seat: p.seat, scope: p.scope, server: p.server, key: p.key,
		store: store, shots: p.shots.Copy(), wire: &wire{s: p.s}, plain: p.plain, acked: map[string]int64{}}
	q.clock.Store(p.clock.Load())
	return q, q.open()
}

// file is a store on disk that can be copied.
type file struct {
	*client.File
	path string
}

func openFile(path string) (*file, error) {
	f, err := client.OpenFile(path)
	if err != nil {
		return nil, err
	}
	return &file{f, path}, nil
}

func (f *file) reopen() error {
	if err := f.File.Close(); err != nil {
		return err
	}
	again, err := client.OpenFile(f.path)
	if err != nil {
		return err
	}
	f.File = again
	return nil
}

func (f *file) copy(s *sim) (*file, error) {
	path := filepath.Join(s.cfg.Dir, fmt.Sprintf("copy-%d.log", s.nonce.Add(1)))
	from, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	defer from.Close()
	to, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Close()); err != nil {
		return nil, err
	}
	return openFile(path)
}

// scopeOf names the scope of a unit.
func (s *sim) scopeOf(unit string) string { return s.cfg.World.Campaign + ":" + unit }
