package simtest

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// plan is what happens to one push on its way.
type plan struct {
	fault Fault         // "" for none
	part  float64       // how much of a cut body is sent
	delay time.Duration // until the phone is killed
}

var (
	errLost   = errors.New("simtest: the reply was lost")
	errCut    = errors.New("simtest: the connection broke")
	errKilled = errors.New("simtest: the phone was killed")
)

// wire is one phone's way to the server.
type wire struct {
	s    *sim
	mu   sync.Mutex
	next plan
	die  func() // ends the sending of photos that is under way; nil: none is
	dice *rand.Rand
}

func (w *wire) expect(p plan) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next = p
}

func (w *wire) take() plan {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.next
	w.next = plan{}
	return p
}

// RoundTrip sends a request and does to a push what was planned.
func (w *wire) RoundTrip(q *http.Request) (*http.Response, error) {
	if strings.Contains(q.URL.Path, "/photos/") {
		return w.photo(q)
	}
	if !strings.HasSuffix(q.URL.Path, "/sync/push") {
		return w.s.cfg.Transport.RoundTrip(q)
	}
	if q.Header.Get("Content-Encoding") == "" && w.s.faults.wants(PlainBody) {
		w.s.faults.add(PlainBody)
	}
	p := w.take()
	switch p.fault {
	case LostReply:
		resp, err := w.s.cfg.Transport.RoundTrip(q)
		if err != nil {
			return nil, err
		}
		drain(resp)
		w.s.faults.add(LostReply)
		return nil, errLost
	case CutBody:
		return w.cut(q, p)
	case KillIn:
		return w.kill(q, p)
	}
	begin := time.Now()
	resp, err := w.s.cfg.Transport.RoundTrip(q)
	if err == nil && resp.StatusCode == http.StatusOK {
		w.s.pushed(time.Since(begin))
	}
	return resp, err
}

func drain(resp *http.Response) {
	_, _ = io.Copy(io.Discard, resp.Body) // what is read is thrown away
	_ = resp.Body.Close()
}

// cut sends a part of the body and breaks the connection.
func (w *wire) cut(q *http.Request, p plan) (*http.Response, error) {
	w.s.faults.add(CutBody)
	return sendPart(w.s.cfg.Transport, q, p.part)
}

// cutPhoto is cut for units of a photo.
func (w *wire) cutPhoto(q *http.Request, part float64) (*http.Response, error) {
	return sendPart(w.s.photos, q, part)
}

func sendPart(via http.RoundTripper, q *http.Request, part float64) (*http.Response, error) {
	n := int64(float64(q.ContentLength) * part)
	half := q.Clone(q.Context())
	half.Body = &broken{Reader: io.LimitReader(q.Body, n), under: q.Body}
	resp, err := via.RoundTrip(half)
	if err == nil { // the server answered before it had all
		drain(resp)
	}
	return nil, errCut
}

// broken is a body that ends in an error.
type broken struct {
	io.Reader
	under io.Closer
}

func (b *broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = errCut
	}
	return n, err
}

func (b *broken) Close() error { return b.under.Close() }

// kill breaks off after a while, whether or not the answer has come.
func (w *wire) kill(q *http.Request, p plan) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(q.Context(), p.delay)
	defer cancel()
	resp, err := w.s.cfg.Transport.RoundTrip(q.WithContext(ctx))
	if err == nil {
		drain(resp)
	}
	w.s.faults.add(KillIn)
	return nil, errKilled
}
