package link_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/sync/simtest/link"
)

// sink answers with how many bytes it got.
func sink(t *testing.T, answer int) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		_, _ = io.Copy(io.Discard, q.Body) // a cut body is what these tests are about
		_, _ = w.Write(make([]byte, answer))
	}))
	t.Cleanup(s.Close)
	return s
}

func open(t *testing.T, s *httptest.Server, cfg link.Config) *link.Link {
	t.Helper()
	l, err := link.Open(t.Context(), s.Listener.Addr().String(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// post sends bytes over a transport of its own and returns how long it took.
func post(t *testing.T, url string, size int) (time.Duration, error) {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{}}
	defer c.CloseIdleConnections()
	begin := time.Now()
	resp, err := c.Post(url, "application/octet-stream", bytes.NewReader(make([]byte, size)))
	if err != nil {
		return time.Since(begin), err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return time.Since(begin), errors.Join(err, resp.Body.Close())
}

// within reports whether a time is what it must be, with a tenth of play and what a busy machine adds.
func within(t *testing.T, what string, got, want time.Duration) {
	t.Helper()
	t.Logf("%s: %v, by the book %v", what, got, want)
	if got < want*9/10 || got > want*11/10+100*time.Millisecond {
		t.Errorf("%s took %v, must take %v", what, got, want)
	}
}

func TestRate(t *testing.T) {
	const rate = 1 << 20
	t.Run("up", func(t *testing.T) {
		l := open(t, sink(t, 0), link.Config{Up: rate})
		took, err := post(t, l.URL(), 2*rate)
		if err != nil {
			t.Fatal(err)
		}
		within(t, "2 MiB at 1 MiB/s", took, 2*time.Second)
		if l.Sent() < 2*rate || l.Sent() > 2*rate+1000 {
			t.Errorf("%d bytes were counted", l.Sent())
		}
	})
	t.Run("down", func(t *testing.T) {
		l := open(t, sink(t, 2*rate), link.Config{Down: rate})
		took, err := post(t, l.URL(), 10)
		if err != nil {
			t.Fatal(err)
		}
		within(t, "2 MiB at 1 MiB/s", took, 2*time.Second)
	})
	t.Run("shared", func(t *testing.T) {
		l := open(t, sink(t, 0), link.Config{Up: rate})
		done := make(chan error, 2)
		begin := time.Now()
		for range 2 {
			go func() { _, err := post(t, l.URL(), rate); done <- err }()
		}
		if err := errors.Join(<-done, <-done); err != nil {
			t.Fatal(err)
		}
		within(t, "two connections with 1 MiB each", time.Since(begin), 2*time.Second)
	})
}

func TestRoundTrip(t *testing.T) {
	l := open(t, sink(t, 1), link.Config{RTT: 300 * time.Millisecond})
	took, err := post(t, l.URL(), 1)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "a request with its handshake", took, 600*time.Millisecond)
	// The delay costs no speed: many bytes are under way at once.
	fast := open(t, sink(t, 0), link.Config{Up: 1 << 20, RTT: 300 * time.Millisecond})
	if took, err = post(t, fast.URL(), 1<<20); err != nil {
		t.Fatal(err)
	}
	within(t, "1 MiB at 1 MiB/s", took, 1600*time.Millisecond)
}

// TestCuts: all connections are cut in the middle of what they carry, some by RST and some by FIN, and others come after them.
func TestCuts(t *testing.T) {
	l := open(t, sink(t, 0), link.Config{Up: 100 << 10, Cut: 80 * time.Millisecond, Seed: 3})
	kinds := map[string]int{}
	for range 40 {
		_, err := post(t, l.URL(), 1<<20)
		switch {
		case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
			kinds["reset"]++
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			kinds["end"]++
		case err == nil:
			t.Error("1 MiB got through")
		default:
			kinds[err.Error()]++
		}
	}
	t.Log(kinds, l.Cuts(), "cuts")
	if kinds["reset"] == 0 || kinds["end"] == 0 || l.Cuts() < 30 {
		t.Errorf("%v", kinds)
	}
}

// TestLeavesNothing: with its context a link ends, whatever it carries, and no goroutine stays.
func TestLeavesNothing(t *testing.T) {
	s := sink(t, 0)
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	l, err := link.Open(ctx, s.Listener.Addr().String(), link.Config{Up: 1 << 10, RTT: time.Second, Cut: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 5)
	for range 5 {
		go func() { _, err := post(t, l.URL(), 1<<20); failed <- err }()
	}
	idle, err := net.Dial("tcp", l.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	for l.Sent() == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	begin := time.Now()
	l.Close()
	for range 5 {
		if err := <-failed; err == nil {
			t.Error("a request got through a closed link")
		}
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("it took %v to end", took)
	}
	s.CloseClientConnections()
	for range 100 {
		if runtime.NumGoroutine() <= before+1 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	all := make([]byte, 1<<16)
	t.Errorf("%d goroutines before, %d after\n%s", before, runtime.NumGoroutine(), all[:runtime.Stack(all, true)])
}

// TestNoServer: without a server a connection ends as one does that nobody takes.
func TestNoServer(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = ln.Close()
	l, err := link.Open(t.Context(), ln.Addr().String(), link.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := post(t, l.URL(), 1); err == nil {
		t.Error("nobody answered")
	}
}

func TestLossy(t *testing.T) {
	var told [2][]string
	for run := range told {
		var arrived atomic.Int64
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			raw, err := io.ReadAll(q.Body)
			if err != nil || string(raw) != "photo" {
				t.Errorf("%q %v", raw, err)
			}
			arrived.Add(1)
		}))
		defer s.Close()
		l := &link.Lossy{Next: &http.Transport{}, Twice: 0.3, Late: 0.3, Lost: 0.2, Delay: 5 * time.Millisecond, Seed: 7}
		c := http.Client{Transport: l}
		for range 200 {
			resp, err := c.Post(s.URL, "text/plain", strings.NewReader("photo"))
			switch {
			case errors.Is(err, link.ErrLost):
				told[run] = append(told[run], "lost")
			case err != nil:
				t.Fatal(err)
			default:
				_ = resp.Body.Close()
				told[run] = append(told[run], "ok")
			}
		}
		l.Wait()
		t.Logf("%d doubled, %d late, %d lost, %d arrived", l.Doubled, l.Delayed, l.Dropped, arrived.Load())
		if l.Doubled < 30 || l.Delayed < 30 || l.Dropped < 20 || arrived.Load() != 200+l.Doubled {
			t.Errorf("%d arrived", arrived.Load())
		}
	}
	if !slices.Equal(told[0], told[1]) {
		t.Error("the same seed did other things")
	}
}
