package gateway_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// Many phones push to the same few events at once, on two servers over one database: every tap
// counts once, and nobody is told of deadlocks.
func TestCrowd(t *testing.T) {
	const phones, rounds, events = 12, 8, 4
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		servers := []*gateway.Gateway{w.g, w.gateway()}
		if strings.Contains(t.Name(), "sqlite") {
			servers = servers[:1] // SQLite has one server
		}
		w.act(gateway.Entry{Op: "rights.grant", Scope: scopeA, Officer: officerB, Role: "officer"},
			gateway.Entry{Op: "rights.grant", Scope: scopeB, Officer: officerA, Role: "officer"})
		all := make([]*phone, phones)
		for i := range all {
			all[i] = w.phone([]string{officerA, officerB}[i%2])
			all[i].g = servers[i%len(servers)]
		}
		var group sync.WaitGroup
		for i, p := range all {
			group.Go(func() {
				for r := range rounds {
					from := len(p.lines)
					for e := range events { // each phone in another order, some before the event is there
						n := (e + i) % events
						p.write(tap(ev(n), "complaints", 1), in([]string{scopeA, scopeB}[(i+r)%2], fmt.Sprintf(
							`"op":"event.put","id":"%s","base":0,"set":{"kind":"media","channel":"press","form":"article","content":"%d"}`, ev(100+(i+r)%7), r%3)))
						if (i+r)%3 == 0 {
							p.write(put(ev(n), 0, fmt.Sprintf(`"kind":"consultation","leaders":%d`, i)))
						}
					}
					for again := range 2 { // as if the answer had been lost
						if again == 1 && r%2 == 0 {
							continue
						}
						if _, err := p.try(t.Context(), from, len(p.lines)-from); err != nil {
							t.Errorf("phone %d, round %d: %v", i, r, err)
							return
						}
					}
				}
			})
		}
		group.Go(func() { // the office reviews all the while
			for r := range rounds * 2 {
				if w.event(ev(r % events)).Exists() {
					_ = w.g.Act(t.Context(), w.inst.Officer, w.review("review.comment", ev(r%events), "x")) // it may have moved
				}
			}
		})
		group.Wait()
		if _, err := w.g.RetryAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.held(map[models.Cause]int{})
		w.want(unitA, "complaints", phones*rounds*events, phones*rounds*events)
		w.recount()
		w.verified()
	})
}

// The same phone's lines, sent at once from several tries to several servers, count once.
func TestSameBatchAtOnce(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)))
		for range 20 {
			p.write(tap(ev(1), "complaints", 1))
		}
		servers := []*gateway.Gateway{w.g, w.gateway()}
		var group sync.WaitGroup
		for i := range 8 {
			b := p.batch(0, 5+2*i)
			group.Go(func() {
				if _, err := servers[i%2].Push(t.Context(), p.id, b); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		p.push(0)
		w.want(unitA, "complaints", 20, 20)
		w.recount()
	})
}

// A campaign that is closed while phones push: what was applied counts, the rest waits, and nothing
// is in between.
func TestClosedWhilePushing(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		var group sync.WaitGroup
		all := make([]*phone, 6)
		for i := range all {
			all[i] = w.phone(officerA)
			p := all[i]
			group.Go(func() {
				for r := range 10 {
					p.write(stand(ev(i)), tap(ev(i), "complaints", 1))
					if _, err := p.try(t.Context(), 2*r, 2); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for _, s := range []models.CampaignState{"closing", "closed", "open", "closed"} {
			w.state(s)
		}
		group.Wait()
		w.recount()
		n := int64(len(w.waiting(gateway.HeldQuery{Cause: models.CampaignClosed})))
		got := w.row(unitA, "complaints").Reported
		if n%2 != 0 || got != 60-n/2 {
			t.Errorf("%d lines wait and %d taps count", n, got)
		}
		w.state(models.CampaignIsOpen)
		w.want(unitA, "complaints", 60, 60)
		w.held(map[models.Cause]int{})
	})
}
