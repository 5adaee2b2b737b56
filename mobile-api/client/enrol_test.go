package client_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/mobile-api/client"
)

func TestEnrolTwiceWithOneCode(t *testing.T) {
	s := newServer(t)
	code := s.code()
	key, err := client.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	var devices [2]string
	for i := range devices { // the second time the first answer was lost, and the phone with it
		c, err := client.Open(client.Config{Server: s.url, Key: key})
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Enrol(t.Context(), code, "phone", "go")
		if err != nil {
			t.Fatal(err)
		}
		devices[i] = got.DeviceID
	}
	if devices[0] != devices[1] {
		t.Errorf("two devices: %v", devices)
	}
	other, err := client.Open(client.Config{Server: s.url, Key: mustKey(t)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Enrol(t.Context(), code, "phone", "go"); problem.CodeOf(err) != problem.CodeUsed {
		t.Errorf("another phone with the code: %v", err)
	}
}

func TestWrongClock(t *testing.T) {
	s := newServer(t)
	for _, off := range []time.Duration{13 * 24 * time.Hour, -13 * 24 * time.Hour} {
		p := s.phone(func(c *client.Config) { c.Now = func() time.Time { return time.Now().Add(off) } })
		id := p.event()
		p.push()
		p.pull()
		r, ok := p.Record(client.Key{Scope: scope, Kind: "event", ID: id})
		if !ok {
			t.Fatal("the event is not there")
		}
		t.Logf("%s", r.Data)
	}
}

// TestUnknownDevice: a phone whose server does not know it, because it was put back to before the
// enrolment, enrols again and brings everything along, once.
func TestUnknownDevice(t *testing.T) {
	first, second := newServer(t), newServer(t)
	p := first.phone()
	id := p.event()
	p.tap(id, 1)
	p.push()
	p.tap(id, 2)
	p.cfg.Server = second.url
	p.open()
	if _, err := p.Push(t.Context()); problem.CodeOf(err) != problem.UnknownDevice {
		t.Fatalf("the push ended with %v", err)
	}
	if _, err := p.Enrol(t.Context(), second.code(), "phone", "go"); err != nil {
		t.Fatal(err)
	}
	if got := p.push(); got.Lines != 3 || len(got.Verdicts) != 0 {
		t.Errorf("pushed %+v", got)
	}
	p.pull()
	if got := p.complaints(id); got != (client.Tally{Sum: 3, N: 2}) {
		t.Errorf("counted %+v", got)
	}
}

// TestNewDevice: a phone that is enrolled anew of its own will moves all that it kept; what the server
// has is a repeat.
func TestNewDevice(t *testing.T) {
	s := newServer(t)
	p := s.phone()
	id := p.event()
	p.tap(id, 1)
	p.push()
	p.tap(id, 2)
	if _, err := p.Enrol(t.Context(), s.code(), "phone", "go"); err != nil {
		t.Fatal(err)
	}
	if got := p.push(); got.Lines != 3 || len(got.Verdicts) != 2 {
		t.Errorf("pushed %+v", got)
	}
	p.pull()
	if got := p.complaints(id); got != (client.Tally{Sum: 3, N: 2}) {
		t.Errorf("counted %+v", got)
	}
}

// TestServerRestored: after a restore of the server from a backup the phone pulls anew and brings
// what the backup lacks.
func TestServerRestored(t *testing.T) {
	s := newServer(t)
	p := s.phone(func(c *client.Config) {
		c.Transport = edge(func(q *http.Request) (*http.Response, error) {
			q.URL.Host = strings.TrimPrefix(s.url, "http://") // the address stays, the server is another one
			return nil, nil
		})
	})
	id := p.event()
	p.tap(id, 1)
	p.push()
	backup := filepath.Join(t.TempDir(), "backup.db")
	for _, part := range []string{"", "-wal"} { // nobody writes
		raw, err := os.ReadFile(s.path + part)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(backup+part, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p.tap(id, 2)
	p.push()
	p.pull()
	s.db = storetest.Open(t, backup)
	if _, _, err := s.db.Restored(t.Context(), client.NewID, 0); err != nil {
		t.Fatal(err)
	}
	s.start()
	p.pull() // 410: the picture is the old server's until the new one is complete
	p.tap(id, 4)
	if got := p.push(); got.Lines != 2 {
		t.Errorf("pushed %+v", got)
	}
	p.pull()
	if got := p.complaints(id); got != (client.Tally{Sum: 7, N: 3}) {
		t.Errorf("counted %+v", got)
	}
	if got := p.Unsent(); got != 0 {
		t.Errorf("unsent %d", got)
	}
}

func TestSetup(t *testing.T) {
	p := newServer(t).phone()
	setup, err := p.Setup(t.Context(), "")
	if err != nil || len(setup.Campaigns) != 1 || setup.Campaigns[0].FirstDay != "2022-03-07" {
		t.Fatalf("set-up %+v %v", setup, err)
	}
	if again, err := p.Setup(t.Context(), setup.ETag); err != nil || again != nil {
		t.Errorf("an unchanged set-up came again: %v", err)
	}
}
