package main

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"golang.org/x/sync/errgroup"
)

// crew is the demo's county while it is filled: its phones at work, and the office.
type crew struct {
	app    *app
	county *county
	script *script
	people people
	cal    calendar
	url    string
	folder string // of the phones that go on after the filling
	net    *http.Transport
	phones []*demoPhone

	working int // phones that share the script's plain part
}

// demoPhone is one phone of the demo.
type demoPhone struct {
	*client.Client
	officer models.Officer
	scope   string        // of its unit in the campaign
	ahead   time.Duration // by which its clock is fast
	key     *ecdsa.PrivateKey
	keep    client.Store
	photos  client.PhotoStore // nil: it takes none
	net     *tunnel
}

// The phones that meet with something. They do not go on after the filling; all others do.
const (
	cutOff   = 12 // the network went away in the middle of a push
	owing    = 13 // likewise, and it owes photos
	fast     = 14 // its clock is 13 days ahead
	restored = 15 // it was put back from a backup
	revoked  = 16
	silent   = 30 // enrolled and never heard of
)

// living reports whether a phone goes on after the filling.
func living(i int) bool { return i < cutOff || i > revoked && i < silent }

// tunnel is the way to the server. In a tunnel half of what a phone has to say comes through.
type tunnel struct {
	next   http.RoundTripper
	inside bool
	pushes int
}

// RoundTrip refuses the first push as too large, so that the phone halves it, and loses what follows
// that half.
func (t *tunnel) RoundTrip(r *http.Request) (*http.Response, error) {
	if !t.inside || !strings.HasSuffix(r.URL.Path, "/sync/push") {
		return t.next.RoundTrip(r)
	}
	t.pushes++
	switch t.pushes {
	case 1:
		return &http.Response{StatusCode: http.StatusRequestEntityTooLarge, Status: "413", Header: http.Header{},
			Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
	case 2:
		return t.next.RoundTrip(r)
	}
	return nil, errTunnel
}

var errTunnel = errors.New("no network")

// enrol makes phone i of the county.
func (c *crew) enrol(ctx context.Context, i int) (*demoPhone, error) {
	o := c.county.officers[i]
	p := &demoPhone{officer: o, scope: c.county.campaign.ID + ":" + o.Unit, net: &tunnel{next: c.net}, keep: client.NewMemory()}
	if i == fast && c.script.scenes != nil {
		p.ahead = 13 * 24 * time.Hour
	}
	if photographers[i] > 0 && c.script.scenes != nil {
		p.photos = client.NewMemoryPhotos() // what is owed when the demo is filled stays owed
	}
	var err error
	if living(i) {
		name := filepath.Join(c.folder, fmt.Sprintf("%02d", i+1))
		if p.key, err = client.LoadKey(name + keyEnd); err == nil {
			p.keep, err = client.OpenFile(name + logEnd)
		}
	} else {
		p.key, err = client.NewKey()
	}
	if err == nil {
		err = c.open(p)
	}
	if err == nil {
		_, err = p.Enrol(ctx, c.county.codes[i], fmt.Sprintf("手机%02d", i+1), "demo")
	}
	return p, err
}

// open starts the phone's program on what the phone keeps.
func (c *crew) open(p *demoPhone) (err error) {
	p.Client, err = client.Open(client.Config{Server: c.url, Key: p.key, Store: p.keep, Transport: p.net, Photos: p.photos,
		Now: func() time.Time { return time.Now().Add(p.ahead) }})
	return err
}

// say writes what a phone records; at is what its clock shows.
func (p *demoPhone) say(lines ...client.Change) error {
	for _, l := range lines {
		if at, ok := l["at"].(int64); ok {
			l["at"] = at + p.ahead.Milliseconds()
		}
	}
	_, err := p.Write(lines...)
	return err
}

// tell writes and syncs.
func (p *demoPhone) tell(ctx context.Context, lines ...client.Change) error {
	if err := p.say(lines...); err != nil {
		return err
	}
	_, err := p.Sync(ctx)
	return err
}

// put is a change of an event by a phone that sees it as it pulled it.
func (p *demoPhone) put(scope, id string, at int64, set map[string]any) client.Change {
	return client.Change{"at": at, "scope": scope, "op": "event.put", "id": id,
		"base": p.Base(client.Key{Scope: scope, Kind: models.EventKind, ID: id}), "set": set}
}

// tap is one count.
func tap(scope, event string, at int64, indicator string, n int64) client.Change {
	return client.Change{"at": at, "scope": scope, "op": "tally.add", "event": event, "indicator": indicator, "n": n}
}

// close lets go of the phones' files and of the connections, else the server waits for connections
// that nobody uses.
func (c *crew) close() error {
	var errs []error
	for _, p := range c.phones {
		if p == nil {
			continue
		}
		if f, ok := p.keep.(io.Closer); ok {
			errs = append(errs, f.Close())
		}
	}
	c.net.CloseIdleConnections()
	return errors.Join(errs...)
}

// workDay lets every phone enrol, record offline, push and pull, eight at a time.
func (c *crew) workDay(in *invocation, phones int) (int64, error) {
	if err := os.RemoveAll(c.folder); err != nil { // phones of a database that is gone
		return 0, err
	}
	if err := os.MkdirAll(c.folder, 0o700); err != nil {
		return 0, err
	}
	c.phones, c.working = make([]*demoPhone, phones), phones
	var changes, done atomic.Int64
	group, ctx := errgroup.WithContext(in.ctx)
	group.SetLimit(8)
	for i := range c.phones {
		lines := c.linesOf(i)
		group.Go(func() error {
			p, err := c.enrol(ctx, i)
			c.phones[i] = p
			if err == nil {
				err = p.tell(ctx, lines...)
			}
			if err != nil {
				return fmt.Errorf("phone %d: %w", i+1, err)
			}
			changes.Add(int64(len(lines)))
			if n := done.Add(1); n%10 == 0 || int(n) == len(c.phones) {
				fmt.Fprintf(in.errs, "phones done: %d of %d\n", n, len(c.phones))
			}
			return nil
		})
	}
	err := group.Wait()
	return changes.Load(), err
}

// linesOf returns what phone i of the county writes: its share of the stories, and its unit's sheet
// when its officer heads the unit.
func (c *crew) linesOf(i int) []client.Change {
	o := c.county.officers[i]
	scope := c.county.campaign.ID + ":" + o.Unit
	var out []client.Change
	for k := i; k < len(c.script.list); k += c.working {
		out = append(out, c.script.list[k].lines(scope, o.Unit, c.cal)...)
	}
	if o.Role == models.RoleHead {
		out = append(out, c.sheet(i, scope)...)
	}
	return out
}

// sheet is how far the sheet of unit i is: accepted, approved, completed, sent back, being filled in,
// or not begun.
func (c *crew) sheet(i int, scope string) []client.Change {
	o := c.county.officers[i]
	at := c.cal.ms(stands, 18, 0)
	put := func(set map[string]any) client.Change {
		return client.Change{"at": at, "scope": scope, "op": "sheet.put", "id": o.Unit, "base": 0, "set": set}
	}
	first := map[string]any{"filled_by": o.Name, "phone": "000-0000000", "dated": at, "highlights": highlight(i)}
	switch i % 12 {
	case 9:
		return []client.Change{put(first)}
	case 10, 11:
		return nil
	case 5, 6, 7, 8:
		return []client.Change{put(first), put(map[string]any{"completed": true})}
	}
	return []client.Change{put(first), put(map[string]any{"completed": true}), put(map[string]any{"approved": true})}
}

// sheetFate is what the office makes of the sheet of unit i.
func (c *crew) sheetFate(e *gateway.Entry, i int) (decided bool) {
	switch i % 12 {
	case 0, 1, 3:
		e.Op = "review.accept"
	case 8:
		e.Op, e.Reason = "review.return", "联系电话填写不完整，请核对后重新上报"
	default:
		return false
	}
	return true
}

func highlight(i int) string {
	return []string{"", "“你点我检”进集市", "", "老年人防骗小剧场", "", "", "大学生维权志愿队", "", "", "", "", ""}[i%12]
}
