package link

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Lossy is an HTTP transport on which requests are sent twice, come late and so out of their order, and answers are lost
// after the server has done what it was asked. Requests that may not be repeated must be left out by Only.
type Lossy struct {
	Next                      http.RoundTripper
	Only                      func(*http.Request) bool // nil: all requests
	Twice                     float64                  // share of requests that are sent again, right behind or much later
	Late                      float64                  // share that waits up to Delay
	Lost                      float64                  // share whose answer never comes
	Delay                     time.Duration
	Seed                      uint64
	mu                        sync.Mutex
	rand                      *rand.Rand
	behind                    sync.WaitGroup // repeats that are still under way
	Doubled, Delayed, Dropped int64          // how often; read them after Wait
}

// ErrLost is what a request ends in whose answer was lost.
var ErrLost = errors.New("link: the answer was lost")

// fate is what happens to one request.
type fate struct {
	twice, lost bool
	late, again time.Duration
}

func (l *Lossy) draw() fate {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rand == nil {
		l.rand = rand.New(rand.NewPCG(l.Seed, 2))
	}
	// Always the same number of draws, so that one kind of fault does not change the others.
	f := fate{twice: l.rand.Float64() < l.Twice, lost: l.rand.Float64() < l.Lost}
	late, a, b := l.rand.Float64() < l.Late, l.rand.Float64(), l.rand.Float64()
	if late {
		f.late = time.Duration(a * float64(l.Delay))
		l.Delayed++
	}
	f.again = time.Duration(b * float64(l.Delay))
	if f.twice {
		l.Doubled++
	}
	if f.lost {
		l.Dropped++
	}
	return f
}

// RoundTrip sends a request as chance will have it.
func (l *Lossy) RoundTrip(q *http.Request) (*http.Response, error) {
	if l.Only != nil && !l.Only(q) {
		return l.Next.RoundTrip(q)
	}
	var body []byte
	if q.Body != nil {
		var err error
		if body, err = io.ReadAll(q.Body); err != nil {
			return nil, err
		}
		_ = q.Body.Close()
	}
	f := l.draw()
	ctx := q.Context()
	if !wait(ctx, f.late) {
		return nil, ctx.Err()
	}
	if f.twice {
		l.behind.Go(func() {
			again := q.Clone(ctx)
			again.Body = io.NopCloser(bytes.NewReader(body))
			if wait(ctx, f.again) {
				if resp, err := l.Next.RoundTrip(again); err == nil {
					drain(resp)
				}
			}
		})
	}
	once := q.Clone(ctx)
	once.Body = io.NopCloser(bytes.NewReader(body))
	resp, err := l.Next.RoundTrip(once)
	if err == nil && f.lost {
		drain(resp)
		return nil, ErrLost
	}
	return resp, err
}

// Wait returns when no repeat is under way any more.
func (l *Lossy) Wait() { l.behind.Wait() }

func drain(resp *http.Response) {
	_, _ = io.Copy(io.Discard, resp.Body) // what is read is thrown away
	_ = resp.Body.Close()
}
