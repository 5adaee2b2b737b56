package main

import (
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// fresh are the events that living phones made.
func (v *visitor) fresh() []office.EventRow { return v.events(office.EventQuery{Q: "号手机第"}) }

// until waits for something that phones do, by and by.
func (v *visitor) until(what string, is func() bool) {
	v.Helper()
	for end := time.Now().Add(3 * time.Minute); !is(); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			v.Fatalf("in three minutes no %s", what)
		}
	}
}

// sendBack returns an event, as the demo's reviewer does.
func (v *visitor) sendBack(e *office.EventRow) {
	v.Helper()
	reviewer := v.as(models.RoleReviewer).Officer.ID
	err := v.app.gateway.Act(v.Context(), reviewer, gateway.Entry{Op: "review.return", Scope: v.campaign + ":" + e.Unit, Kind: "event", ID: e.ID,
		Version: &e.Version, Seq: &e.Seq, Reason: "请补充展板数"})
	if err != nil {
		v.Fatal(err)
	}
}

func (v *visitor) event(e *office.EventRow) *office.EventDetail {
	v.Helper()
	return got[*office.EventDetail](v)(v.desk.Event(v.Context(), v.reach, office.RecordName{Campaign: v.campaign, Unit: e.Unit, Kind: models.EventKind, ID: e.ID}))
}

// TestDemoLives: while the demo serves, its phones record and correct, today and after a new start.
func TestDemoLives(t *testing.T) {
	storetest.EachTarget(t, func(t *testing.T, target string) {
		p := newProg(t, target)
		p.do("demo", "--exit")
		s := p.start("demo", "--tick", "50ms")
		v := p.visited()
		s.welcomes(v)
		v.until("new event", func() bool { return len(v.fresh()) > 1 })

		back := v.events(office.EventQuery{State: models.ReviewReturned})
		waiting := v.events(office.EventQuery{State: models.ReviewReceived, Kind: "visit", Q: "送法进乡镇"})
		if len(back) != 1 || len(waiting) == 0 {
			t.Fatalf("%d events are returned, %d wait", len(back), len(waiting))
		}
		sent := &waiting[0]
		v.sendBack(sent)
		v.until("correction", func() bool { return v.event(sent).State == models.ReviewEdited })
		if d := v.event(sent); !strings.Contains(string(d.Fields["notes"]), "请补充展板数") {
			t.Errorf("corrected: %s", d.Fields["notes"])
		}
		if d := v.event(&back[0]); d.State != models.ReviewReturned {
			t.Errorf("the event of a phone without a network was corrected: %s", d.State)
		}
		s.stop()
		n := len(v.fresh())
		p.clean()

		s = p.start("demo", "--tick", "50ms")
		v.until("event after a new start", func() bool { return len(v.fresh()) > n })
		s.stop()
		if list := got[office.Page[office.DeviceRow]](v)(v.desk.Devices(t.Context(), v.reach, office.DeviceQuery{State: office.PhoneForked}, page)).Items; len(list) != 1 {
			t.Errorf("%d phones forked: those that go on must know their logs", len(list))
		}
		p.clean()
	})
}

// welcomes checks what the demo says when it serves.
func (s *running) welcomes(v *visitor) {
	v.Helper()
	v.until("welcome", func() bool { return strings.Contains(s.printed(), "Phones go on") })
	out := s.printed()
	for _, a := range v.notes.Accounts {
		if !strings.Contains(out, a.Login) || !strings.Contains(out, a.Password) {
			v.Errorf("nobody is told how the %s signs in:\n%s", a.Role, out)
		}
	}
	if !strings.Contains(out, s.url+"/console/") || !strings.Contains(out, "管理员 administrator") || strings.Contains(out, "/setup/") {
		v.Errorf("it says\n%s", out)
	}
}

// TestDemoLifeEnds: there is an end to what living phones record, and no fault of the network is one.
func TestDemoLifeEnds(t *testing.T) {
	t.Parallel()
	p := newProg(t, "")
	p.do("demo", "--exit")
	v := p.visited()
	s := p.serve()
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	folder := t.TempDir() // two phones do
	for _, name := range []string{"01.key", "01.log", "02.key", "02.log"} {
		copyFile(t, filepath.Join(p.data, phonesFolder, name), filepath.Join(folder, name))
	}
	live := func(url string, left int) *life {
		t.Helper()
		l, err := newLife(folder, v.campaign, url, time.Millisecond, quiet)
		if err != nil {
			t.Fatal(err)
		}
		l.left = left
		return l
	}
	alone := live("http://127.0.0.1:1", 5) // nobody listens there
	stop := alone.start(t.Context())
	time.Sleep(200 * time.Millisecond)
	stop()
	all := 5 - alone.left + 2
	if n := len(v.fresh()); n != 0 {
		t.Errorf("%d events came without a network", n)
	}
	// What was recorded without a network comes with the first push.
	stop = live(s.url, 2).start(t.Context())
	v.until("events", func() bool { return len(v.fresh()) == all })
	v.until("end of the counting", func() bool {
		for _, e := range v.fresh()[:2] { // the newest
			if !e.Completed {
				return false
			}
		}
		return true
	})
	time.Sleep(300 * time.Millisecond)
	stop()
	if n := len(v.fresh()); n != all || all == 2 {
		t.Errorf("%d events, want %d", n, all)
	}
	p.clean()
}
