package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// The server's own zone must not matter, and in UTC it would show.
func init() { time.Local = time.UTC }

func TestFirstAnswer(t *testing.T) {
	p := newProg(t, "")
	for _, when := range []string{"on an empty folder", "again"} {
		began := time.Now()
		s := p.serve()
		status, body := get(t, s.url+"/healthz")
		took := time.Since(began)
		t.Logf("first answer %s: %v (its address after %v)", when, took.Round(time.Millisecond), s.took.Round(time.Millisecond))
		if status != 200 || body != `{"status":"ok"}` || took > 2*time.Second {
			t.Errorf("%d %s after %v", status, body, took)
		}
		if !strings.Contains(s.printed(), "database: "+p.data) {
			t.Errorf("it printed %q", s.printed())
		}
		s.stop()
	}
}

// TestDays: days are those of the campaign's zone, whatever the server's clock shows.
func TestDays(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		b := newBureau(newProg(t, target))
		s := b.serve()
		c := b.phone(b.officerA, s)
		for _, x := range []struct {
			day, hour, minute int
			venue             string
		}{{17, 23, 59, "village"}, {18, 0, 1, "village"}, {18, 0, 0, "village"}, {7, 0, 0, "enterprise"}, {6, 23, 59, "enterprise"}, {17, 7, 59, "scenic"}, {18, 7, 59, "scenic"}} {
			b.write(c, event(b.scopeA, client.NewID(), map[string]any{"venue": x.venue, "started_at": at(x.day, x.hour, x.minute)}))
		}
		b.reported("visits_village", b.unitA, "1")
		b.reported("visits_enterprise", b.unitA, "1")
		b.reported("visits_scenic", b.unitA, "1")
		b.do("campaign", "set", "--last-day", "2022-03-18")
		b.reported("visits_village", b.unitA, "3")
		b.reported("visits_scenic", b.unitA, "2")
		b.do("campaign", "set", "--last-day", "2022-03-17", "--zone", "UTC")
		b.reported("visits_village", b.unitA, "3") // 00:01 in Shanghai is the evening before in UTC
		b.reported("visits_enterprise", b.unitA, "0")
		b.clean()
	})
}

// halves sends the first half of a push, waits, and sends the rest.
type halves struct {
	follow
	half, rest chan struct{}
}

func (h halves) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/sync/push") {
		return h.follow.RoundTrip(r)
	}
	raw, err := httputil.DumpRequestOut(r, true)
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.follow(), "http://"))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	cut := len(raw) - 100
	if _, err := conn.Write(raw[:cut]); err != nil {
		return nil, err
	}
	close(h.half)
	<-h.rest
	if _, err := conn.Write(raw[cut:]); err != nil {
		return nil, err
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, err
}

// TestGracefulStop: a push that has begun is answered, however slowly its body comes, and kept.
func TestGracefulStop(t *testing.T) {
	b := newBureau(newProg(t, ""))
	s := b.serve()
	h := halves{func() string { return s.url }, make(chan struct{}), make(chan struct{})}
	c := b.enrolled(b.officerA, h, nil)
	id := client.NewID()
	if _, err := c.Write(event(b.scopeA, id, nil), tally(b.scopeA, id, "consultations", 4)); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := c.Push(t.Context())
		done <- err
	}()
	<-h.half
	time.Sleep(50 * time.Millisecond) // for the half to arrive
	s.cancel()
	for end := time.Now().Add(10 * time.Second); !strings.Contains(s.printed(), "stopping") && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	select {
	case <-s.done:
		t.Error("the server was gone before the push had come")
	case <-time.After(100 * time.Millisecond):
	}
	if conn, err := net.DialTimeout("tcp", strings.TrimPrefix(s.url, "http://"), time.Second); err == nil {
		conn.Close()
		t.Error("it still takes new connections")
	}
	close(h.rest)
	if err := <-done; err != nil {
		t.Errorf("the push: %v", err)
	}
	began := time.Now()
	s.stop()
	t.Logf("stopped %v after the last answer", time.Since(began).Round(time.Millisecond))
	b.reported("consultations", b.unitA, "4")
	b.clean()
}

// TestTwoServers: phones at two servers of one database write into the same event.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	b := newBureau(newProg(t, pgtest.URL(t)))
	one, two := b.serve(), b.serve()
	id := client.NewID()
	first := b.phone(b.officerA, one)
	b.write(first, event(b.scopeA, id, nil))
	var wg sync.WaitGroup
	const phones, rounds = 4, 6
	for i := range phones {
		turn := i
		// every request goes to the other server: tokens and logs are of the database
		c := b.enrolled(b.officerA, follow(func() string {
			turn++
			return []string{one.url, two.url}[turn%2]
		}), nil)
		wg.Go(func() {
			for r := range rounds {
				if _, err := c.Write(tally(b.scopeA, id, "consultations", 1), client.Change{"scope": b.scopeA, "op": "event.put", "id": id, "base": c.Base(client.Key{Scope: b.scopeA, Kind: "event", ID: id}),
					"set": map[string]any{"leaders": r}}); err != nil {
					t.Error(err)
				}
				if _, err := c.Sync(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.reported("consultations", b.unitA, fmt.Sprint(phones*rounds))
	for _, s := range []*running{one, two} {
		s.stop()
		b.clean()
	}
	ev, ok := first.Event(b.scopeA, id)
	if !ok || ev.Version == 0 {
		t.Errorf("%+v", ev)
	}
}
