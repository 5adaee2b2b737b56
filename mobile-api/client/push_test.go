package client_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/mobile-api/client"
)

func TestPushAndPull(t *testing.T) {
	s := newServer(t)
	p := s.phone()
	id := p.event()
	p.tap(id, 3)
	if got := p.complaints(id); got != (client.Tally{Sum: 3, N: 1}) {
		t.Errorf("before a push the phone shows %+v", got)
	}
	if got := p.push(); got.Lines != 2 || got.Batches != 1 || len(got.Verdicts) != 0 {
		t.Errorf("pushed %+v", got)
	}
	p.tap(id, 4)
	for range 2 { // pulled and not pulled lines lie over each other without counting twice
		p.pull()
		if got := p.complaints(id); got != (client.Tally{Sum: 7, N: 2}) {
			t.Errorf("the phone shows %+v", got)
		}
	}
	p.push()
	q := s.phone()
	q.pull()
	if got := q.complaints(id); got != (client.Tally{Sum: 7, N: 2}) {
		t.Errorf("a colleague sees %+v", got)
	}
	if p.Unsent() != 0 || q.Base(client.Key{Scope: scope, Kind: "event", ID: id}) == 0 {
		t.Errorf("unsent %d", p.Unsent())
	}
}

func TestPushInBatches(t *testing.T) {
	s := newServer(t)
	p := s.phone()
	id := p.event()
	long := strings.Repeat("很", 9000)
	for range 60 {
		p.write(client.Change{"op": "event.put", "scope": scope, "id": id, "set": map[string]any{"notes": long}})
	}
	for range 600 {
		p.tap(id, 1)
	}
	if got := p.push(); got.Lines != 661 || got.Batches != 3 { // 38 lines of 27 kB fill a MiB, then 500 lines a batch, then the rest
		t.Errorf("pushed %+v", got)
	}
	p.pull()
	if got := p.complaints(id); got.N != 600 {
		t.Errorf("counted %+v", got)
	}
}

func TestLostReplyAndRewind(t *testing.T) {
	s := newServer(t)
	lose := true
	p := s.phone(func(c *client.Config) {
		c.Transport = edge(func(q *http.Request) (*http.Response, error) {
			if !isPush(q) || !lose {
				return nil, nil
			}
			lose = false
			resp, err := http.DefaultTransport.RoundTrip(q)
			if err == nil {
				_ = resp.Body.Close()
			}
			return nil, errors.Join(err, errors.New("lost"))
		})
	})
	id := p.event()
	p.tap(id, 1)
	if _, err := p.Push(t.Context()); err == nil {
		t.Fatal("a lost reply was no error")
	}
	p.push()
	p.Rewind(0)
	p.tap(id, 1)
	p.push()
	p.pull()
	if got := p.complaints(id); got != (client.Tally{Sum: 2, N: 2}) {
		t.Errorf("counted %+v", got)
	}
}

func TestGap(t *testing.T) {
	s := newServer(t)
	store := client.NewMemory()
	p := s.phone(func(c *client.Config) { c.Store = store })
	id := p.event()
	p.tap(id, 1)
	p.tap(id, 1)
	saved, err := store.Load()
	if err != nil {
		t.Fatal(err)
	}
	note := saved.Note
	note.Acked[saved.Epochs[0].ID] = 2 // the phone believes more than the server has
	if err := store.Note(note); err != nil {
		t.Fatal(err)
	}
	p.open()
	p.push()
	p.pull()
	if got := p.complaints(id); got.N != 2 {
		t.Errorf("counted %+v", got)
	}
}

func TestRestoredPhone(t *testing.T) {
	for name, writes := range map[string]bool{"writes on": true, "only reports": false} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			p := s.phone()
			id := p.event()
			p.push()
			old := p.copy()
			p.tap(id, 1)
			p.tap(id, 2)
			p.push()
			if writes {
				old.tap(id, 4)
				if got := old.push(); got.Forks != 1 {
					t.Errorf("pushed %+v", got)
				}
			} else if got, err := old.Report(t.Context()); err != nil || got.Forks != 1 {
				t.Errorf("reported %+v %v", got, err)
			}
			old.tap(id, 8)
			old.push()
			old.pull()
			want := client.Tally{Sum: 15, N: 4}
			if !writes {
				want = client.Tally{Sum: 11, N: 3}
			}
			if got := old.complaints(id); got != want {
				t.Errorf("counted %+v, must be %+v", got, want)
			}
			logs := old.Logs()
			if len(logs) != 2 || logs[0].Next != 1 {
				t.Errorf("logs %+v", logs)
			}
		})
	}
}

// TestPullFindsOvertaken: a restored phone that pulls before it writes goes on in a new epoch at
// once, so that what it writes next is shown.
func TestPullFindsOvertaken(t *testing.T) {
	s := newServer(t)
	p := s.phone()
	id := p.event()
	p.push()
	old := p.copy()
	p.tap(id, 1)
	p.push()
	old.pull()
	old.tap(id, 2)
	if got := old.complaints(id); got != (client.Tally{Sum: 3, N: 2}) {
		t.Errorf("shown %+v", got)
	}
	if got := old.push(); got.Forks != 0 {
		t.Errorf("pushed %+v", got)
	}
}

// TestMovedTwice: a line that stands in two epochs after two forks counts once.
func TestMovedTwice(t *testing.T) {
	s := newServer(t)
	p := s.phone()
	id := p.event()
	p.push()
	clone := p.copy()
	p.tap(id, 1)
	backup := p.copy()
	clone.tap(id, 2)
	clone.push()
	p.push()
	backup.tap(id, 4)
	got := backup.push()
	if len(got.Verdicts) != 1 || got.Verdicts[0].Status != "duplicate" {
		t.Errorf("verdicts %+v", got.Verdicts)
	}
	backup.pull()
	if got := backup.complaints(id); got != (client.Tally{Sum: 7, N: 3}) {
		t.Errorf("counted %+v", got)
	}
}

func TestTooLargeHalves(t *testing.T) {
	s := newServer(t)
	var sizes []int
	p := s.phone(func(c *client.Config) {
		c.Plain = true
		c.Transport = edge(func(q *http.Request) (*http.Response, error) {
			if !isPush(q) {
				return nil, nil
			}
			body, err := io.ReadAll(q.Body)
			if err != nil {
				return nil, err
			}
			q.Body = io.NopCloser(bytes.NewReader(body))
			n := bytes.Count(body, []byte("\n")) - 1
			sizes = append(sizes, n)
			if n > 3 {
				return refuse(http.StatusRequestEntityTooLarge, `<html>from a proxy`, "Content-Type", "text/html"), nil
			}
			return nil, nil
		})
	})
	id := p.event()
	for range 8 {
		p.tap(id, 1)
	}
	p.push()
	if want := []int{9, 4, 2, 2, 2, 2, 1}; !slices.Equal(sizes, want) {
		t.Errorf("batches of %v, must be %v", sizes, want)
	}
}

func TestRetryAfter(t *testing.T) {
	s := newServer(t)
	var slept []time.Duration
	busy := 2
	p := s.phone(func(c *client.Config) {
		c.Sleep = noSleep(&slept)
		c.Transport = edge(func(q *http.Request) (*http.Response, error) {
			if busy--; isPush(q) && busy >= 0 {
				return refuse(503, `{"code":"unavailable","detail":"Later."}`, "Retry-After", "7"), nil
			}
			return nil, nil
		})
	})
	id := p.event()
	busy = 3 // the token is asked for in between
	p.push()
	if len(slept) != 2 || slept[0] != 7*time.Second {
		t.Errorf("slept %v", slept)
	}
	p.pull()
	p.complaints(id)
}

func TestRefusalIsAProblem(t *testing.T) {
	s := newServer(t)
	p := s.phone(func(c *client.Config) {
		c.Transport = edge(func(q *http.Request) (*http.Response, error) {
			if isPush(q) {
				return refuse(403, `{"code":"forbidden","detail":"No.","next":12}`), nil
			}
			return nil, nil
		})
	})
	p.event()
	_, err := p.Push(t.Context())
	var refused *problem.Error
	if !errors.As(err, &refused) || refused.Code != problem.Forbidden || refused.Msg != "No." || refused.Fields["next"] == nil {
		t.Errorf("the error is %#v", err)
	}
}

func TestGzip(t *testing.T) {
	s := newServer(t)
	var packed bool
	p := s.phone(func(c *client.Config) {
		c.Transport = edge(func(q *http.Request) (*http.Response, error) {
			if isPush(q) {
				body, err := io.ReadAll(q.Body)
				if err != nil {
					return nil, err
				}
				q.Body = io.NopCloser(bytes.NewReader(body))
				_, err = gzip.NewReader(bytes.NewReader(body))
				packed = err == nil && q.Header.Get("Content-Encoding") == "gzip"
			}
			return nil, nil
		})
	})
	p.tap(p.event(), 1)
	p.push()
	if !packed {
		t.Error("the body was not compressed")
	}
}

func TestCancelled(t *testing.T) {
	s := newServer(t)
	p := s.phone()
	p.event()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Push(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	p.push()
}
