package client

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

const (
	inFlight  = 2               // requests at a time: while one waits for its answer, the other fills the link
	mostUnits = 8               // in one request
	quick     = 2 * time.Second // Config.Quick, when it is not set
	longest   = 58 * time.Second
	shortest  = 15 * time.Second
	anew      = 3 // times that an original may come whole to the server and be another one there
)

// sender is one SendPhotos.
type sender struct {
	c *Client

	mu        sync.Mutex
	cond      sync.Cond // something was finished or put back
	sent      Sent
	queue     []*upload
	unsettled []KeptPhoto   // of which all units are there and nothing is said yet
	units     int64         // per request, now
	most      int64         // per request, as somebody on the way allows
	good      int           // quick successes in a row
	slow      time.Duration // that a unit took at last
	fails     int           // in a row
	err       error         // that ends all
}

// upload is one original on its way.
type upload struct {
	kept    KeptPhoto  // as it was when the units began to go
	missing [][2]int64 // units to send, first and last
	flying  int        // requests that are under way
	again   int        // times that it was sent from the beginning
	shown   bool       // the server has a preview
	over    bool
}

// send sends the missing units of originals.
func (s *sender) send(ctx context.Context, list []*upload) error {
	s.queue, s.unsettled, s.err = list, nil, nil
	var wg sync.WaitGroup
	for range inFlight {
		wg.Go(func() {
			for ctx.Err() == nil {
				u, first, n := s.next()
				if u == nil {
					return
				}
				s.one(ctx, u, first, n)
			}
		})
	}
	wg.Wait()
	if s.err == nil {
		return ctx.Err()
	}
	return s.err
}

// next takes the next units to send, as many as fit the link. While none are left but some are under way, it waits: they
// may come back.
func (s *sender) next() (u *upload, first, n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.err == nil {
		flying := false
		for _, u := range s.queue {
			if u.over {
				continue
			}
			if len(u.missing) > 0 {
				span := &u.missing[0]
				first, n = span[0], min(s.units, span[1]-span[0]+1)
				if span[0] += n; span[0] > span[1] {
					u.missing = u.missing[1:]
				}
				u.flying++
				return u, first, n
			}
			flying = flying || u.flying > 0
		}
		if !flying {
			return nil, 0, 0
		}
		s.cond.Wait()
	}
	return nil, 0, 0
}

// one sends some units and takes in what came of it.
func (s *sender) one(ctx context.Context, u *upload, first, n int64) {
	body, err := s.read(u, first, n)
	if err != nil {
		s.done(u, func() { s.err = errors.Join(s.err, err) })
		return
	}
	s.mu.Lock()
	s.sent.Requests++
	wait := longest
	if s.slow > 0 {
		wait = min(max(4*s.slow*time.Duration(n), shortest), longest)
	}
	s.mu.Unlock()
	try, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	begin := time.Now()
	raw, err := s.c.deliver(try, bytesOf(fmt.Sprintf("/api/v1/photos/%s/units/%d", u.kept.ID, first), body))
	if err != nil {
		s.failed(ctx, u, first, n, err)
		return
	}
	s.paced(time.Since(begin), n, int64(len(body)))
	var st photoState
	if err := json.Unmarshal(raw, &st); err != nil {
		s.failed(ctx, u, first, n, err)
		return
	}
	s.landed(ctx, u, st)
}

func (s *sender) read(u *upload, first, n int64) ([]byte, error) {
	var body []byte
	for i := range n {
		block, err := s.c.cfg.Photos.Read(u.kept.ID, first+i)
		if err != nil {
			return nil, err
		}
		body = append(body, block...)
	}
	return body, nil
}

// paced learns from a success how much a request may carry.
func (s *sender) paced(took time.Duration, n, bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent.Bytes += bytes
	s.fails, s.slow = 0, took/time.Duration(n)
	if took > s.c.cfg.Quick || n < s.units {
		s.good = 0
		return
	}
	if s.good++; s.good == 2 {
		s.good, s.units = 0, min(2*s.units, s.most)
	}
}

// landed takes in the state of a photo after some of its units came.
func (s *sender) landed(ctx context.Context, u *upload, st photoState) {
	if st.State != models.PhotoStored && st.State != models.PhotoRefused {
		s.done(u, func() {
			if len(u.missing) == 0 && u.flying == 0 && !u.over { // the finish was broken off, or units went astray
				u.over = true
				s.unsettled = append(s.unsettled, u.kept)
			}
		})
		return
	}
	s.mu.Lock()
	first := !u.over
	u.over = true
	s.mu.Unlock()
	var err error
	if first {
		_, _, err = s.heard(ctx, u.kept, st)
	}
	s.done(u, func() { s.err = errors.Join(s.err, err) })
}

// done ends a request under the lock and wakes who waits.
func (s *sender) done(u *upload, then func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u.flying--
	then()
	s.cond.Broadcast()
}

// failed decides what becomes of units that did not get through.
func (s *sender) failed(ctx context.Context, u *upload, first, n int64, err error) {
	back := func() { u.missing = append([][2]int64{{first, first + n - 1}}, u.missing...) }
	s.slower()
	switch code := codeIn(err); {
	case code == problem.TooLarge:
		s.done(u, func() {
			if n > 1 {
				s.most = n / 2
				back()
				return
			}
			s.leave(u, err)
		})
		return
	case code == problem.HashMismatch:
		s.mismatch(u, err)
		return
	case code == problem.Quota:
		s.done(u, func() {
			for _, q := range s.queue { // of the same kind none will be taken
				if video(q) == video(u) {
					s.leave(q, err)
				}
			}
		})
		return
	case ofOne(code):
		s.done(u, func() { s.leave(u, err) })
		return
	}
	d, again := s.bears(ctx, err)
	if again {
		err = s.pause(ctx, reasonOf(err), d)
	}
	s.done(u, func() {
		back()
		if s.err == nil && (err != nil && !again || ctx.Err() != nil) { // of two requests that fail one says enough
			s.err = err
			s.sent.Reason = reasonOf(err)
		}
	})
}

// slower halves what a request carries.
func (s *sender) slower() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.units, s.good = max(s.units/2, 1), 0
}

// leave gives a photo up for this time, with a reason.
func (s *sender) leave(u *upload, err error) {
	u.over = true
	s.sent.Reason = reasonOf(err)
}

func video(u *upload) bool { return strings.HasPrefix(u.kept.MIME, "video/") }

// mismatch answers the news that all units came and were another file. The phone's own bytes are looked at: if they are
// still those that were announced, they are sent anew.
func (s *sender) mismatch(u *upload, err error) {
	whole := s.intact(u)
	s.done(u, func() {
		if u.again++; !whole || u.again > anew {
			s.leave(u, err)
			if !whole {
				s.sent.Reason = "damaged"
			}
			return
		}
		u.missing = [][2]int64{{0, u.kept.units() - 1}}
	})
}

// intact reports whether the phone's copy is what was announced.
func (s *sender) intact(u *upload) bool {
	h := sha256.New()
	for n := range u.kept.units() {
		block, err := s.c.cfg.Photos.Read(u.kept.ID, n)
		if err != nil {
			return false
		}
		h.Write(block)
	}
	return hex.EncodeToString(h.Sum(nil)) == u.kept.SHA256
}

// bytesOf is a PUT of bytes with their hash beside them.
func bytesOf(path string, body []byte) *request {
	sum := sha256.Sum256(body)
	return &request{method: http.MethodPut, path: path, body: body, header: map[string]string{
		"Content-Type":   "application/octet-stream",
		"Content-Digest": "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":",
	}}
}

// deliver sends a request of a photo. Unlike pushes and pulls these do not wait for each other: only the token is shared.
func (c *Client) deliver(ctx context.Context, r *request) ([]byte, error) {
	for again := false; ; again = true {
		token, err := c.sharedToken(ctx)
		if err != nil {
			return nil, err
		}
		r.header["Authorization"] = "Bearer " + token
		a, err := c.do(ctx, r)
		if err == nil {
			return a.body, nil
		}
		code := problem.CodeOf(err)
		if again || code != problem.Unauthorized && code != problem.TokenExpired {
			return nil, c.noteStranger(err)
		}
		c.net.Lock()
		if c.token == token {
			c.token = ""
		}
		c.net.Unlock()
	}
}

// sharedToken returns an access token; while a push runs it waits, for lines go first.
func (c *Client) sharedToken(ctx context.Context) (string, error) {
	c.net.Lock()
	defer c.net.Unlock()
	if c.token == "" {
		if err := c.fetchToken(ctx); err != nil {
			return "", err
		}
	}
	return c.token, nil
}
