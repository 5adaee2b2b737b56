package client

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// pageSize is how many records a phone asks for at once.
const pageSize = 1000

// Key names a record.
type Key struct {
	Scope string
	Kind  models.Kind
	ID    string
}

// Record is one merged record as the server sees it. Seq is its place among the changes of its
// scope.
type Record struct {
	Kind    models.Kind     `json:"kind"`
	ID      string          `json:"id"`
	Scope   string          `json:"scope"`
	Seq     int64           `json:"seq"`
	Version int64           `json:"version"`
	Deleted bool            `json:"deleted"`
	Data    json.RawMessage `json:"data"`
}

// page is an answer of pull.
type page struct {
	ServerEpoch string   `json:"server_epoch"`
	Records     []Record `json:"records"`
	Heads       []struct {
		Epoch string `json:"epoch"`
		Next  int64  `json:"next"`
	} `json:"heads"`
	Cursor string   `json:"cursor"`
	More   bool     `json:"more"`
	Scopes []string `json:"scopes"`
}

// picture is what the server said last, complete.
type picture struct {
	records map[Key]Record
	heads   map[string]int64 // epoch → lines that the records include
	scopes  []string
	cursor  string
	etag    string
	epoch   string
}

// staged are the pages of a pull that has not come to its end: heads belong to the last page, so
// nothing is shown before it.
type staged struct {
	records []Record
	cursor  string
	anew    bool // they replace the picture
}

// Pull gets what changed since the last pull, page after page. An error leaves the picture as it
// was; the pages that came are kept for the next try. After a restore of the server everything is
// pulled anew and the phone's kept lines are offered again by the next push.
func (c *Client) Pull(ctx context.Context) error {
	c.net.Lock()
	defer c.net.Unlock()
	for {
		more, err := c.pullPage(ctx)
		switch problem.CodeOf(err) {
		case problem.Reset, problem.BadCursor:
			if !c.startAnew(problem.CodeOf(err) == problem.Reset) {
				return err
			}
			continue
		}
		if err != nil || !more {
			return err
		}
	}
}

// pullPage gets one page and reports whether another one is due.
func (c *Client) pullPage(ctx context.Context) (more bool, err error) {
	c.mu.Lock()
	s, etag := c.staged, ""
	if s == nil {
		s, etag = &staged{cursor: c.picture.cursor}, c.picture.etag
	}
	c.mu.Unlock()
	r := &request{method: http.MethodGet, header: map[string]string{},
		path: "/api/v1/sync/pull?limit=" + strconv.Itoa(pageSize) + "&cursor=" + url.QueryEscape(s.cursor)}
	if etag != "" {
		r.header["If-None-Match"] = etag
	}
	a, err := c.authorized(ctx, r)
	if err != nil || a.status == http.StatusNotModified {
		return false, err
	}
	var p page
	if err := json.Unmarshal(a.body, &p); err != nil {
		return false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s.records = append(s.records, p.Records...)
	s.cursor = p.Cursor
	if p.More {
		c.staged = s
		return true, nil
	}
	c.staged = nil
	c.take(s, &p, a.etag)
	return false, c.overtaken()
}

// overtaken opens a new epoch when the server holds more of the present one than this phone wrote
// and all that it wrote was acknowledged: its next lines would stand at places that are taken, and
// until a push found out they would be hidden behind the heads.
func (c *Client) overtaken() error {
	e := c.current()
	if e == nil || e.acked != e.next() || c.picture.heads[e.ID] <= e.next() {
		return nil
	}
	if err := c.begin(e.after(e.next()-1), nil, nil, 0); err != nil {
		return err
	}
	return c.keep()
}

// startAnew makes the next page the first one. It reports false if that was the first one already.
func (c *Client) startAnew(restored bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.staged != nil && c.staged.anew && c.staged.cursor == "" {
		return false
	}
	if c.staged == nil && c.picture.cursor == "" {
		return false
	}
	c.staged = &staged{anew: true}
	if restored {
		for _, e := range c.epochs {
			if e.next() > 0 {
				e.acked = unasked
			}
		}
	}
	return true
}

// take makes a complete pull the picture.
func (c *Client) take(s *staged, last *page, etag string) {
	p := &c.picture
	if s.anew || p.records == nil {
		p.records = map[Key]Record{}
	}
	for _, r := range s.records {
		p.records[Key{r.Scope, r.Kind, r.ID}] = r
	}
	p.cursor, p.etag, p.epoch, p.scopes = s.cursor, etag, last.ServerEpoch, last.Scopes
	p.heads = make(map[string]int64, len(last.Heads))
	for _, h := range last.Heads {
		p.heads[h.Epoch] = h.Next
	}
	maps.DeleteFunc(p.records, func(k Key, _ Record) bool {
		return !strings.HasPrefix(k.Scope, models.FeedPrefix) && !slices.Contains(p.scopes, k.Scope)
	})
	if c.note.ServerEpoch == "" {
		c.note.ServerEpoch = last.ServerEpoch
	}
}

// Records returns a copy of the picture: what the server said last, tombstones included, without
// the phone's own newer lines.
func (c *Client) Records() map[Key]Record {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.picture.records)
}

// Record returns one record of the picture.
func (c *Client) Record(k Key) (Record, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.picture.records[k]
	return r, ok
}

// Base returns the version with which a form on this record is opened, 0 if it was not pulled.
func (c *Client) Base(k Key) int64 {
	r, _ := c.Record(k)
	return r.Version
}

// Heads returns, by epoch, how many lines of the device's logs the picture includes.
func (c *Client) Heads() map[string]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.picture.heads)
}

// Scopes returns the scopes that the last pull covered.
func (c *Client) Scopes() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.picture.scopes)
}
