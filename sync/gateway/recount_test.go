package gateway_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// chance is a random run of a county: phones that push in any order, and an office that decides.
type chance struct {
	*world
	*rand.Rand
	phones []*phone
}

func (c *chance) pick(list ...string) string { return list[c.IntN(len(list))] }

func (c *chance) set() string {
	switch c.IntN(9) {
	case 0:
		return `"deleted":` + c.pick("true", "true", "false", "null")
	case 1:
		return fmt.Sprintf(`"leaders":%d`, c.IntN(4))
	case 2:
		return fmt.Sprintf(`"staff.%s":%d`, c.pick(unitA, unitB), c.IntN(9))
	case 3:
		return fmt.Sprintf(`"started_at":%d`, c.now+int64(c.IntN(40)-20)*86_400_000)
	case 4, 5:
		return fmt.Sprintf(`"kind":"media","channel":"%s","form":"%s","content":"%s"`, c.pick("press", "tv"), c.pick("article", "programme", "post"), c.pick("一", "二", ""))
	case 6:
		return fmt.Sprintf(`"minutes":%d,"pieces":%s`, c.IntN(90), c.pick("1", "7", "null"))
	}
	return `"kind":"` + c.pick("visit", "consultation") + `","venue":"` + c.pick("village", "community") + `"`
}

func (c *chance) base(id string) int64 {
	switch v := c.event(id).Version; c.IntN(4) {
	case 0:
		return 0
	case 1:
		return max(v-1, 0)
	case 2:
		return v + int64(c.IntN(2))
	default:
		return v
	}
}

// push lets a phone write some lines and send them, sometimes some of them twice.
func (c *chance) push(p *phone) {
	c.t.Helper()
	for range 1 + c.IntN(6) {
		id := ev(c.IntN(6))
		if c.IntN(2) == 0 {
			p.write(tap(id, c.pick("complaints", "consultations", "nonsense"), int64(c.IntN(9)-2)))
		} else {
			p.write(put(id, c.base(id), c.set()))
		}
	}
	for _, from := range []int{p.sent, c.IntN(p.sent + 1)} {
		if _, err := p.try(c.t.Context(), from, len(p.lines)-from); err != nil {
			c.t.Fatal(err)
		}
	}
	p.sent = len(p.lines)
}

// decide lets the office do something. What makes no sense at the moment is refused, and changes nothing.
func (c *chance) decide() {
	c.t.Helper()
	id, second := ev(c.IntN(6)), ev(c.IntN(6))
	var e gateway.Entry
	switch c.IntN(9) {
	case 0, 1, 2:
		e = c.review(c.pick("review.accept", "review.accept", "review.return", "review.reopen"), id, "理由")
	case 3:
		e = gateway.Entry{Op: "dup.judge", Scope: scopeA, Kind: "event", ID: second, Of: &gateway.Of{Scope: scopeA, ID: id},
			Verdict: c.pick(models.OneEvent, models.SameFacts, models.Different)}
	case 4:
		e = gateway.Entry{Op: "dup.undo", Scope: scopeA, Kind: "event", ID: second, Of: &gateway.Of{Scope: scopeA, ID: id}}
	case 5:
		e = gateway.Entry{Op: "record.move", Scope: scopeA, Kind: "event", ID: id, Unit: c.pick(unitA, unitB), Reason: "归口"}
	case 6:
		base := c.event(id).Version
		e = gateway.Entry{Op: "event.put", Scope: scopeA, ID: id, Base: &base, Set: json.RawMessage(`{` + c.set() + `}`)}
	case 7:
		list := c.waiting(gateway.HeldQuery{})
		if len(list) == 0 {
			return
		}
		e = release(&list[c.IntN(len(list))])
		e.Op = c.pick("held.release", "held.reject")
	default:
		if c.IntN(3) > 0 {
			e = gateway.Entry{Op: "campaign.state", Scope: campaignID, State: c.pick("open", "open", "closing", "closed")}
		} else {
			e = c.changed(`{"last_day":"2022-03-` + c.pick("15", "17", "31") + `"}`)
		}
	}
	err := c.g.Act(c.t.Context(), c.inst.Officer, e)
	switch problem.CodeOf(err) {
	case "", problem.Invalid, problem.NotFound, problem.Conflict, problem.Moved:
	default:
		c.t.Fatalf("%s: %v", e.Op, err)
	}
}

// fork restores a phone from a backup: a new epoch that moves what was written after it.
func (c *chance) fork(p *phone) *phone {
	if p.sent < 2 {
		return p
	}
	return p.fork(c.IntN(p.sent), p)
}

// Whatever phones and office do, the stored totals are those that all records give when they are
// counted anew, and verify finds every stored thing to be what the stored lines make.
func TestTotalsAreTheRecordsTotals(t *testing.T) {
	runs := 12
	if testing.Short() {
		runs = 3
	}
	if os.Getenv("FIELDSYNC_LONG") != "" {
		runs = 300
	}
	both(t, func(t *testing.T, w *world) {
		seed := uint64(1)
		for run := range runs {
			c := &chance{world: w, Rand: rand.New(rand.NewPCG(seed, uint64(run)))}
			for range 3 {
				c.phones = append(c.phones, w.phone(officerA))
			}
			for range 12 {
				i := c.IntN(len(c.phones))
				switch c.IntN(5) {
				case 0, 1:
					c.push(c.phones[i])
				case 2:
					c.phones[i] = c.fork(c.phones[i])
					c.push(c.phones[i])
				default:
					c.decide()
				}
				w.now += int64(c.IntN(3_600_000))
			}
			if w.recount(); t.Failed() {
				t.Fatalf("run %d of seed %d", run, seed)
			}
		}
	})
}
