package client

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

const (
	// headroom is what a batch leaves free of changelog.MaxBody for its header.
	headroom = 4 << 10
	// patience is how many answers in a row may bring a push no further.
	patience = 12
	// gzipFrom is the size in bytes from which a body is compressed.
	gzipFrom = 512
)

// Pushed is what a Push achieved. Lines counts lines that were sent and acknowledged, known ones
// included.
type Pushed struct {
	Batches, Lines int
	Forks          int       // new epochs that had to be opened
	Verdicts       []Verdict // of carried lines that are not simply applied
	Scopes         []string  // that the phone pulls
}

// Verdict says of a line that it is not applied: held, rejected or duplicate.
type Verdict struct {
	Place   Place
	Status  string
	Code    string
	Message string
}

// pushAnswer is the server's answer to a push.
type pushAnswer struct {
	Next        int64    `json:"next"`
	Head        string   `json:"head"`
	ServerTime  int64    `json:"server_time"`
	ServerEpoch string   `json:"server_epoch"`
	Scopes      []string `json:"scopes"`
	Verdicts    []struct {
		Seq     int64  `json:"seq"`
		Status  string `json:"status"`
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"verdicts"`
}

// batch is one push on its way.
type batch struct {
	epoch  *epoch
	header changelog.Header
	lines  [][]byte
}

func (b *batch) end() int64 { return b.header.From + b.header.Count }

// Push sends the lines that the server has not acknowledged, batch after batch, oldest epoch
// first. An error leaves what was acknowledged acknowledged; calling again goes on from there.
// What comes back beside an error says how far it got.
func (c *Client) Push(ctx context.Context) (*Pushed, error) {
	c.net.Lock()
	defer c.net.Unlock()
	done := &Pushed{}
	for stuck := 0; ; stuck++ {
		b, err := c.nextBatch()
		if b == nil || err != nil {
			return done, err
		}
		before := done.Lines
		if err := c.exchange(ctx, b, done); err != nil {
			return done, err
		}
		if done.Lines > before {
			stuck = 0
		}
		if stuck == patience {
			return done, errors.New("client: the server's answers bring the push no further")
		}
	}
}

// Report tells the server how long the log is, with a batch of no lines: "complete".
func (c *Client) Report(ctx context.Context) (*Pushed, error) {
	c.mu.Lock()
	if e := c.current(); e != nil && e.acked == e.next() {
		e.acked = unasked
	}
	c.mu.Unlock()
	return c.Push(ctx)
}

// nextBatch makes the next batch to send, nil when there is none.
func (c *Client) nextBatch() (*batch, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.note.Device == "" {
		return nil, errNotEnrolled
	}
	for _, e := range c.epochs {
		if e.Device == c.note.Device && e.acked < e.next() {
			return c.batchOf(e)
		}
	}
	return nil, nil
}

func (c *Client) batchOf(e *epoch) (*batch, error) {
	from := e.acked
	if from == unasked {
		from = e.next()
	}
	b := &batch{epoch: e}
	for size := headroom; from+int64(len(b.lines)) < e.next() && len(b.lines) < c.limit; {
		line := e.Lines[from+int64(len(b.lines))]
		if size += len(line) + 1; size > changelog.MaxBody && len(b.lines) > 0 {
			break
		}
		b.lines = append(b.lines, line)
	}
	n := int64(len(b.lines))
	b.header = changelog.Header{V: 1, Device: e.Device, Epoch: e.ID, From: from, Count: n,
		Prev: e.hash(from - 1), Tail: e.hash(from + n - 1), After: e.After,
		Wall: max(c.cfg.Now().UnixMilli(), 0), LogNext: e.next(), PhotosPending: c.owes(),
		Acked: max(e.acked, 0), ServerEpoch: c.note.ServerEpoch}
	return b, b.header.Sign(c.cfg.Key)
}

// exchange sends a batch and does what the answer asks for. nil means: go on.
func (c *Client) exchange(ctx context.Context, b *batch, done *Pushed) error {
	got, err := c.send(ctx, b)
	if err == nil {
		return c.acknowledged(b, got, done)
	}
	switch problem.CodeOf(err) {
	case problem.Gap:
		next, ok := number(err, "next")
		if !ok || next >= b.header.From {
			return err
		}
		c.mu.Lock()
		b.epoch.acked = next
		c.mu.Unlock()
		return nil
	case problem.Fork:
		done.Forks++
		return c.forked(b, err)
	case problem.TooLarge:
		if b.header.Count <= 1 {
			return err
		}
		c.limit = int(b.header.Count / 2)
		return nil
	case problem.Overloaded, problem.Unavailable:
		var p *problem.Error
		if errors.As(err, &p) && p.Retry > 0 {
			return c.cfg.Sleep(ctx, time.Duration(p.Retry)*time.Second)
		}
	}
	return err
}

// send posts one batch.
func (c *Client) send(ctx context.Context, b *batch) (*pushAnswer, error) {
	body := changelog.Encode(&b.header, b.lines)
	r := &request{method: http.MethodPost, path: "/api/v1/sync/push", body: body,
		header: map[string]string{"Content-Type": "application/x-ndjson"}}
	if !c.cfg.Plain && len(body) >= gzipFrom {
		packed, err := deflate(body)
		if err != nil {
			return nil, err
		}
		r.body, r.header["Content-Encoding"] = packed, "gzip"
	}
	a, err := c.authorized(ctx, r)
	if err != nil {
		return nil, err
	}
	got := new(pushAnswer)
	return got, json.Unmarshal(a.body, got)
}

func deflate(body []byte) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// acknowledged notes that the server has the lines that the batch carried, and no others. A server
// that has more than this phone ever wrote holds what a clone or a lost past of the phone wrote:
// the phone goes on in an epoch of its own.
func (c *Client) acknowledged(b *batch, got *pushAnswer, done *Pushed) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := b.epoch
	e.acked = max(e.acked, b.end())
	c.told = b.header.PhotosPending
	done.Batches++
	done.Lines += len(b.lines)
	done.Scopes = got.Scopes
	for _, v := range got.Verdicts {
		done.Verdicts = append(done.Verdicts, Verdict{Place: Place{e.Device, e.ID, v.Seq},
			Status: v.Status, Code: v.Code, Message: v.Message})
	}
	if got.ServerEpoch != c.note.ServerEpoch {
		c.restored(got.ServerEpoch)
	}
	if e == c.current() && b.end() == e.next() && got.Next > e.next() {
		done.Forks++
		if err := c.begin(e.after(e.next()-1), nil, nil, 0); err != nil {
			return err
		}
	}
	return c.keep()
}

// restored notes another server epoch. If there was one before, the server went back in time: the
// phone asks of every epoch what is left of it and sends the rest again.
func (c *Client) restored(epoch string) {
	if epoch == "" {
		return
	}
	if c.note.ServerEpoch != "" {
		for _, e := range c.epochs {
			if e.next() > 0 {
				e.acked = unasked
			}
		}
	}
	c.note.ServerEpoch = epoch
}

// forked opens a new epoch for the lines that the server has otherwise. Where the paths part
// before the lines that were sent, the phone finds out from its oldest line on.
func (c *Client) forked(b *batch, err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, known := number(err, "at")
	switch {
	case !known && b.header.From > 0:
		b.epoch.acked = 0
		return nil
	case !known, at < b.header.From, at >= b.end():
		return err
	}
	if e := c.fork(b.epoch, at); e != nil {
		return e
	}
	b.epoch.acked = at
	return c.keep()
}
