package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
)

// The bounds of the demo's life: visitors leave their browsers open overnight.
const (
	lifeTick   = 20 * time.Second // something is recorded, and all phones look what the office said
	lifeEvents = 300              // new events in one run
	lifeWait   = 15 * time.Second // for one phone to get through
	recorders  = 6                // phones that record; the others only answer
)

// The ends of the names of a phone's files.
const (
	keyEnd = ".key"
	logEnd = ".log"
)

// life is the demo's phones going on while the server serves.
type life struct {
	phones []*livePhone
	net    *http.Transport
	tick   time.Duration
	left   int // events that may still be made
	log    *slog.Logger
	rng    *rand.Rand
}

// livePhone is one of them.
type livePhone struct {
	*client.Client
	keep     io.Closer
	no       string          // its number, two digits
	scope    string          // of its unit in the campaign
	own      map[string]bool // events that it recorded
	answered map[string]int64
	event    string // that it counts on now
	rounds   int    // of counting that are left
}

// newLife opens the phones of a folder, which are one server's.
func newLife(folder, campaign, url string, tick time.Duration, log *slog.Logger) (*life, error) {
	l := &life{net: http.DefaultTransport.(*http.Transport).Clone(), tick: tick, left: lifeEvents, log: log,
		rng: rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 315))}
	keys, err := filepath.Glob(filepath.Join(folder, "*"+keyEnd))
	if err != nil {
		return nil, err
	}
	slices.Sort(keys)
	for _, k := range keys {
		p, err := l.open(strings.TrimSuffix(k, keyEnd), campaign, url)
		if err != nil {
			return nil, errors.Join(err, l.close())
		}
		l.phones = append(l.phones, p)
	}
	return l, nil
}

// start lets the phones go on. stop waits until they have stopped.
func (l *life) start(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { l.run(ctx) })
	return func() {
		cancel()
		done.Wait()
		if err := l.close(); err != nil {
			l.log.Error("a phone's file could not be closed", "error", err)
		}
	}
}

// open opens one phone and looks in its log for the events that are its own.
func (l *life) open(name, campaign, url string) (*livePhone, error) {
	key, err := client.LoadKey(name + keyEnd)
	if err != nil {
		return nil, err
	}
	keep, err := client.OpenFile(name + logEnd)
	if err != nil {
		return nil, err
	}
	p := &livePhone{keep: keep, no: filepath.Base(name), own: map[string]bool{}, answered: map[string]int64{}}
	saved, err := keep.Load()
	if err == nil {
		for i := range saved.Epochs {
			p.remember(saved.Epochs[i].Lines)
		}
		p.scope = campaign + ":" + saved.Unit
		p.Client, err = client.Open(client.Config{Server: url, Key: key, Store: keep, Transport: l.net})
	}
	if err != nil {
		return nil, errors.Join(err, keep.Close())
	}
	return p, nil
}

func (p *livePhone) remember(lines [][]byte) {
	for _, raw := range lines {
		var line struct{ Op, ID string }
		if json.Unmarshal(raw, &line) == nil && line.Op == "event.put" {
			p.own[line.ID] = true
		}
	}
}

func (l *life) close() error {
	var errs []error
	for _, p := range l.phones {
		errs = append(errs, p.keep.Close())
	}
	l.net.CloseIdleConnections() // else the server waits for connections that nobody uses
	return errors.Join(errs...)
}

// run goes on until the context ends.
func (l *life) run(ctx context.Context) {
	tick := time.NewTicker(l.tick)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if n := min(recorders, len(l.phones)); n > 0 {
			l.try(ctx, l.phones[l.rng.IntN(n)], l.record)
		}
		for _, p := range l.phones {
			l.try(ctx, p, l.answer)
		}
	}
}

// try lets a phone do something. That it does not get through is no matter: it tries again later, as
// phones do.
func (l *life) try(ctx context.Context, p *livePhone, do func(context.Context, *livePhone) error) {
	if ctx.Err() != nil {
		return
	}
	limited, cancel := context.WithTimeout(ctx, lifeWait)
	defer cancel()
	if err := do(limited, p); err != nil && ctx.Err() == nil {
		l.log.Debug("a phone of the demo did not get through", "phone", p.no, "error", err)
	}
}

// record lets a phone count at its event, or begin another one.
func (l *life) record(ctx context.Context, p *livePhone) error {
	now := time.Now().UnixMilli()
	ev, known := p.Event(p.scope, p.event)
	if p.rounds == 0 || !known || ev.Review.State == string(models.ReviewAccepted) {
		if l.left == 0 {
			return nil
		}
		l.left--
		return l.begin(ctx, p, now)
	}
	p.rounds--
	lines := []client.Change{
		tap(p.scope, p.event, now, "consultations", 1+l.rng.Int64N(3)),
		tap(p.scope, p.event, now, "materials_handed_out", 5+l.rng.Int64N(30)),
	}
	if p.rounds == 0 {
		lines = append(lines, p.put(now, p.event, map[string]any{"completed": true}))
	}
	return p.tell(ctx, lines...)
}

// begin records a new event.
func (l *life) begin(ctx context.Context, p *livePhone, now int64) error {
	p.event, p.rounds = client.NewID(), 2+l.rng.IntN(2)
	p.own[p.event] = true
	_, unit, _ := strings.Cut(p.scope, ":")
	n := len(p.own)
	set := map[string]any{"kind": "consultation", "venue": []string{"square", "market", "street"}[n%3], "started_at": now,
		"title": fmt.Sprintf("流动咨询点（%s号手机第%d场）", p.no, n), "place": fmt.Sprintf("示例街口%s-%d号", p.no, n),
		"leaders": 0, "boards": 1 + l.rng.IntN(4), "staff." + unit: 2}
	if n%4 == 0 {
		set["kind"], set["venue"], set["title"] = "visit", "community", fmt.Sprintf("送法进社区（%s号手机第%d场）", p.no, n)
	}
	return p.tell(ctx, p.put(now, p.event, set), tap(p.scope, p.event, now, "consultations", 1))
}

// answer sends what did not get through, looks what the office said, and corrects the phone's own events
// that were returned a while ago.
func (l *life) answer(ctx context.Context, p *livePhone) error {
	if _, err := p.Sync(ctx); err != nil {
		return err
	}
	now := time.Now()
	for k := range p.Records() {
		if k.Kind != models.EventKind || k.Scope != p.scope || !p.own[k.ID] {
			continue
		}
		ev, ok := p.Event(k.Scope, k.ID)
		if !ok || ev.Review.State != string(models.ReviewReturned) || p.answered[k.ID] == ev.Review.At ||
			now.Sub(time.UnixMilli(ev.Review.At)) < l.tick {
			continue
		}
		p.answered[k.ID] = ev.Review.At // once: the campaign may be closed, and then it waits
		if err := p.correct(ctx, now.UnixMilli(), k.ID, ev); err != nil {
			return err
		}
	}
	return nil
}

// correct changes what an officer would look at again, and says so.
func (p *livePhone) correct(ctx context.Context, now int64, id string, ev *client.Event) error {
	set := map[string]any{"notes": "已按退回意见核对补正：" + ev.Review.Reason, "completed": true}
	var kind string
	var boards int64
	_ = json.Unmarshal(ev.Fields["kind"], &kind) // a field that is missing is nothing, and 0
	_ = json.Unmarshal(ev.Fields["boards"], &boards)
	if kind != "media" {
		set["boards"] = boards + 1
	}
	return p.tell(ctx, p.put(now, id, set))
}

func (p *livePhone) put(at int64, id string, set map[string]any) client.Change {
	return client.Change{"at": at, "scope": p.scope, "op": "event.put", "id": id,
		"base": p.Base(client.Key{Scope: p.scope, Kind: models.EventKind, ID: id}), "set": set}
}

func (p *livePhone) tell(ctx context.Context, lines ...client.Change) error {
	if _, err := p.Write(lines...); err != nil {
		return err
	}
	_, err := p.Sync(ctx)
	return err
}
