package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// Sent is what a SendPhotos achieved.
type Sent struct {
	Previews, Stored, Refused int   // photos of which these came to their end
	Requests                  int   // of units, failed ones included
	Bytes                     int64 // of units that the server took
	Owed                      int64 // originals that it still lacks
	Reason                    string
}

// photoState is what the server says of one photo.
type photoState struct {
	ID      string            `json:"id"`
	State   models.PhotoState `json:"state"`
	Missing [][2]int64        `json:"missing"`
	Reason  string            `json:"reason"`
	Preview bool              `json:"preview"`
	Receipt *Receipt          `json:"receipt"`
}

// haveMost is how many photos are asked for at once.
const haveMost = 500

// SendPhotos delivers photos: lines first, then previews, then the units of originals that the server lacks, two requests
// at a time. It returns when all that can be delivered is, or when the network brings it no further; calling it again
// goes on from where the server is. Reason says why something is still owed.
func (c *Client) SendPhotos(ctx context.Context) (Sent, error) {
	if c.cfg.Photos == nil {
		return Sent{}, errNoPhotos
	}
	c.sending.Lock()
	defer c.sending.Unlock()
	c.keyMu.Lock()
	c.keyAsked = false
	c.keyMu.Unlock()
	s := &sender{c: c, units: 1, most: mostUnits}
	s.cond.L = &s.mu
	before := c.Owes()
	err := c.sendAll(ctx, s)
	if err == nil {
		err = s.remind(ctx)
	}
	if err == nil {
		err = c.proveRest(ctx)
	}
	if err == nil {
		err = c.tell(ctx, before)
	}
	s.sent.Owed = c.Owes()
	return s.sent, errors.Join(err, c.dropOld())
}

func (c *Client) sendAll(ctx context.Context, s *sender) error {
	if c.Unsent() > 0 {
		if _, err := c.Push(ctx); err != nil {
			return err
		}
	}
	list, err := s.ask(ctx, c.owing())
	if err != nil {
		return err
	}
	if err := s.previews(ctx, list); err != nil {
		return err
	}
	// What came whole and ended in nothing is asked for again; each round must bring something.
	for range haveRounds {
		if len(list) == 0 {
			return nil
		}
		if err := s.send(ctx, list); err != nil {
			return err
		}
		if list, err = s.ask(ctx, s.unsettled); err != nil {
			return err
		}
	}
	return nil
}

// remind asks a server that was restored for what this phone has proven to be stored and deleted: one that finds the
// original in its store takes it back, of another one people must know that it is gone. Each photo is asked for once, after
// the server knows it.
func (s *sender) remind(ctx context.Context) error {
	s.c.mu.Lock()
	epoch := s.c.note.ServerEpoch
	s.c.mu.Unlock()
	gone := slices.DeleteFunc(s.c.Photos(), func(k KeptPhoto) bool { return !k.Dropped || k.Server == epoch })
	for part := range slices.Chunk(gone, haveMost) {
		states, err := s.have(ctx, part)
		if err != nil {
			return err
		}
		for _, k := range part {
			st := states[k.ID]
			switch st.State {
			case models.PhotoStored:
				k.State, k.Lost = st.State, false
				s.stored(ctx, &k, st)
			case models.PhotoAnnounced, models.PhotoPartial, models.PhotoRefused:
				k.State, k.Reason, k.Lost, k.Server = st.State, st.Reason, true, epoch
			default: // its line waits where nobody sees it yet
				if k.Lost {
					continue
				}
				k.Reason, k.Lost = "unknown", true
			}
			if err := s.c.mark(&k); err != nil {
				return err
			}
		}
	}
	return nil
}

// tell says how many originals are still owed, with a batch of no lines, if the server was told another number last. before
// stands for what it was told before this client was opened.
func (c *Client) tell(ctx context.Context, before int64) error {
	c.mu.Lock()
	told, owes := c.told, c.owes()
	c.mu.Unlock()
	if told < 0 {
		told = before
	}
	if owes == told {
		return nil
	}
	_, err := c.Report(ctx)
	return err
}

// haveRounds bounds how often a server may take all units of a photo and lack some after it.
const haveRounds = 4

// owing returns the photos to deliver, the oldest first.
func (c *Client) owing() []KeptPhoto {
	c.mu.Lock()
	epoch := c.note.ServerEpoch
	c.mu.Unlock()
	var list []KeptPhoto
	for _, k := range c.Photos() {
		if k.Logged && k.owed(epoch) {
			list = append(list, k)
		}
	}
	return list
}

// ask finds out what the server lacks of these photos, notes what came to its end, and returns the others.
func (s *sender) ask(ctx context.Context, list []KeptPhoto) ([]*upload, error) {
	var open []*upload
	for len(list) > 0 {
		part := list[:min(len(list), haveMost)]
		list = list[len(part):]
		states, err := s.have(ctx, part)
		if err != nil {
			return nil, err
		}
		for i := range part {
			st := states[part[i].ID]
			k, over, err := s.heard(ctx, part[i], st)
			if err != nil {
				return nil, err
			}
			if over {
				continue
			}
			u := &upload{kept: k, missing: st.Missing, shown: st.Preview}
			if len(st.Missing) == 0 {
				u.missing = [][2]int64{{0, k.units() - 1}}
			}
			open = append(open, u)
		}
	}
	return open, nil
}

// have asks the server.
func (s *sender) have(ctx context.Context, list []KeptPhoto) (map[string]photoState, error) {
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	body, err := json.Marshal(map[string][]string{"ids": ids})
	if err != nil {
		return nil, err
	}
	var got struct {
		Photos []photoState `json:"photos"`
	}
	err = s.insist(ctx, func() error {
		raw, err := s.c.deliver(ctx, &request{method: http.MethodPost, path: "/api/v1/photos/have", body: body,
			header: map[string]string{"Content-Type": "application/json"}})
		if err != nil {
			return err
		}
		return json.Unmarshal(raw, &got)
	})
	byID := map[string]photoState{}
	for _, p := range got.Photos {
		byID[p.ID] = p
	}
	return byID, err
}

// heard takes in what the server says of a photo, and reports whether there is nothing more to send of it.
func (s *sender) heard(ctx context.Context, k KeptPhoto, st photoState) (_ KeptPhoto, over bool, err error) {
	was := k
	k.State, k.Reason = st.State, st.Reason
	switch st.State {
	case models.PhotoStored:
		over = true
		s.stored(ctx, &k, st)
	case models.PhotoRefused: // the server has seen it whole and does not take it: the phone keeps it
		over = true
		s.note(st.Reason, func() { s.sent.Refused++ })
	case models.PhotoAnnounced, models.PhotoPartial:
	default: // its line waits where nobody sees it yet, or the phone has no right: asked for again next time
		over, k.State, k.Reason = true, "", "unknown"
		s.note("unknown", func() {})
	}
	if !over && k.State == was.State && k.Reason == was.Reason {
		return k, over, nil
	}
	return k, over, s.c.mark(&k)
}

// stored fills in that the server has an original, and whether it has proven it.
func (s *sender) stored(ctx context.Context, k *KeptPhoto, st photoState) {
	k.Reason, k.SinceMS, k.Shown = "", s.c.cfg.Now().UnixMilli(), true
	if st.Receipt != nil {
		k.Receipt = st.Receipt
		k.Proven = s.c.proves(ctx, st.Receipt, k)
	}
	s.c.mu.Lock()
	k.Server = s.c.note.ServerEpoch
	s.c.mu.Unlock()
	s.mu.Lock()
	s.sent.Stored++
	s.mu.Unlock()
}

// note remembers why something stays behind.
func (s *sender) note(reason string, and func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent.Reason = reason
	and()
}

// previews sends all of them before the first original: the office sees pictures soon.
func (s *sender) previews(ctx context.Context, list []*upload) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, inFlight)
	for i := range errs {
		wg.Go(func() {
			for n := int(next.Add(1)) - 1; n < len(list) && errs[i] == nil; n = int(next.Add(1)) - 1 {
				errs[i] = s.preview(ctx, list[n])
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// preview sends a photo's preview. One that is not taken costs the original nothing.
func (s *sender) preview(ctx context.Context, u *upload) error {
	if u.kept.Shown {
		return nil
	}
	var raw []byte
	if !u.shown {
		var err error
		if raw, err = s.c.cfg.Photos.Preview(u.kept.ID); err != nil {
			return err
		}
	}
	if len(raw) > 0 {
		err := s.insist(ctx, func() error {
			_, err := s.c.deliver(ctx, bytesOf(fmt.Sprintf("/api/v1/photos/%s/preview", u.kept.ID), raw))
			return err
		})
		code := codeIn(err)
		switch {
		case err == nil:
			s.mu.Lock()
			s.sent.Previews++
			s.mu.Unlock()
		case code == problem.TooLarge, code == problem.Invalid: // it never will be
		case ofOne(code), code == problem.Quota:
			return nil
		default:
			return err
		}
	}
	u.kept.Shown = true
	return s.c.mark(&u.kept)
}

// insist does something until it succeeds, the server refuses it, or nothing gets through any more.
func (s *sender) insist(ctx context.Context, do func() error) error {
	for {
		err := do()
		if err == nil {
			s.mu.Lock()
			s.fails = 0
			s.mu.Unlock()
			return nil
		}
		d, again := s.bears(ctx, err)
		if !again {
			return err
		}
		if err := s.pause(ctx, reasonOf(err), d); err != nil {
			return err
		}
	}
}

// bears reports whether a request that failed is worth another try, and after how long. Each failure in a row makes the
// wait longer; the first one after a success is mostly a link that was cut, and there will be another.
func (s *sender) bears(ctx context.Context, err error) (time.Duration, bool) {
	if ctx.Err() != nil {
		return 0, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails++
	d := time.Duration(0)
	if s.fails > 2 { // both requests in flight are cut at once
		d = min(250*time.Millisecond<<(s.fails-3), 8*time.Second)
	}
	var p *problem.Error
	if !errors.As(err, &p) {
		return d, s.fails <= patience
	}
	switch p.Code {
	case problem.Unavailable, problem.Overloaded:
		return max(d, time.Duration(p.Retry)*time.Second), s.fails <= patience
	case problem.BadDigest:
		return d, s.fails <= patience
	}
	return 0, false
}

func (s *sender) pause(ctx context.Context, reason string, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	if s.c.cfg.Waiting != nil {
		s.c.cfg.Waiting(reason, d)
	}
	return s.c.cfg.Sleep(ctx, d)
}

// codeIn returns the code of what the server said, "" for what never arrived.
func codeIn(err error) problem.Code {
	var p *problem.Error
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// ofOne reports whether a refusal is about one photo, so that others may still go.
func ofOne(code problem.Code) bool {
	switch code {
	case problem.NotFound, problem.Invalid, problem.Method, problem.BadEncoding, problem.Internal:
		return true
	}
	return false
}

// reasonOf names a failure for people's eyes: a code of the server's, or the network.
func reasonOf(err error) string {
	if code := codeIn(err); code != "" {
		return string(code)
	}
	return "network"
}
