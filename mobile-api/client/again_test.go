package client_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// lossy loses the replies to pushes while it is told to.
type lossy struct{ lose bool }

func (l *lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	a, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && l.lose && strings.HasSuffix(r.URL.Path, "/push") {
		a.Body.Close()
		return nil, errors.New("the reply is lost")
	}
	return a, err
}

// TestLostReplyThenEnrol: lines whose acknowledgement was lost are known again when the phone is
// enrolled anew and moves them.
func TestLostReplyThenEnrol(t *testing.T) {
	s := newServer(t)
	l := &lossy{}
	p := s.phone(func(c *client.Config) { c.Transport = l })
	id := p.event()
	p.tap(id, 5)
	l.lose = true
	if _, err := p.Push(t.Context()); err == nil {
		t.Fatal("the reply was not lost")
	}
	l.lose = false
	s.enrolAgain(p)
	p.push()
	p.pull()
	if got := p.complaints(id); got.Sum != 5 {
		t.Errorf("counted %+v", got)
	}
}

// TestRestoreThenEnrol: the server is put back from a backup and the phone is enrolled anew before it
// pushes: what was acknowledged after the backup comes back all the same.
func TestRestoreThenEnrol(t *testing.T) {
	for _, pulled := range []bool{true, false} {
		s := newServer(t)
		p := s.phone()
		id := p.event()
		p.tap(id, 1)
		p.push()
		s.db.Close()
		copyTo(t, s.path, s.path+".bak")
		s.again(t, p)
		p.tap(id, 2) // acknowledged, and lost with the server
		p.push()
		s.db.Close()
		copyTo(t, s.path+".bak", s.path)
		os.Remove(s.path + "-wal")
		os.Remove(s.path + "-shm")
		s.again(t, p)
		if _, _, err := s.db.Restored(t.Context(), client.NewID, 0); err != nil {
			t.Fatal(err)
		}
		s.start()
		p.cfg.Server = s.url
		p.open()
		if pulled {
			if err := p.Pull(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		p.tap(id, 4)
		s.enrolAgain(p)
		p.push()
		p.pull()
		p.push()
		p.pull()
		if got := p.complaints(id); got != (client.Tally{Sum: 7, N: 3}) {
			t.Errorf("pulled before %v: counted %+v", pulled, got)
		}
	}
}

// enrolAgain redeems a new code on a phone that has one already.
func (s *server) enrolAgain(p *phone) {
	s.t.Helper()
	if _, err := p.Enrol(s.t.Context(), s.code(), "phone", "go"); err != nil {
		s.t.Fatal(err)
	}
}

// again opens the database and starts the server anew, and lets the phone know the address.
func (s *server) again(t *testing.T, p *phone) {
	t.Helper()
	s.db = storetest.Open(t, s.path)
	s.start()
	p.cfg.Server = s.url
	p.open()
}

func copyTo(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
