package office_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// chance fills a county by chance: phones of both units that edit, count and delete, an office that
// decides.
type chance struct {
	*world
	*rand.Rand
	phones []*phone
	scopes []string // of the phones
}

func newChance(w *world, seed uint64) *chance {
	return &chance{world: w, Rand: rand.New(rand.NewPCG(seed, 7)),
		phones: []*phone{w.phone(officerA), w.phone(headA), w.phone(officerB)}, scopes: []string{scopeA, scopeA, scopeB}}
}

func (c *chance) pick(list ...string) string { return list[c.IntN(len(list))] }

func (c *chance) set() string {
	day := fmt.Sprintf(`"started_at":%d`, c.now+int64(c.IntN(30)-15)*86_400_000)
	switch c.IntN(9) {
	case 0:
		return `"deleted":` + c.pick("true", "false", "null")
	case 1:
		return fmt.Sprintf(`"leaders":%d,"urgent":%s`, c.IntN(4), c.pick("true", "false"))
	case 2:
		return fmt.Sprintf(`"staff.%s":%d`, c.pick(unitA, unitB), 1+c.IntN(9))
	case 3:
		return day
	case 4, 5:
		return fmt.Sprintf(`"kind":"media","channel":"%s","form":"%s","content":"%s","minutes":%d,"repeat":%s`, c.pick("press", "tv"),
			c.pick("article", "programme", "post", "warning"), c.pick("一", "二", ""), c.IntN(90), c.pick("true", "false"))
	case 6:
		return fmt.Sprintf(`"large":%s,"completed":true`, c.pick("true", "false"))
	}
	return fmt.Sprintf(`"kind":"%s","venue":"%s","title":"%s%d","place":"%s",%s`, c.pick("visit", "consultation"), c.pick("village", "community"),
		c.pick("Ｓtand ", "送法%_"), c.IntN(100), c.pick("广场", "村口", "集市"), day)
}

func (c *chance) push() {
	c.t.Helper()
	i := c.IntN(len(c.phones))
	p, scope := c.phones[i], c.scopes[i]
	for range 1 + c.IntN(8) {
		id := ev(c.IntN(12))
		switch c.IntN(6) {
		case 0, 1:
			p.write(tap(scope, id, c.pick("complaints", "consultations", "nonsense"), int64(c.IntN(9)-2)))
		case 2:
			_, unit := scope[:36], scope[37:]
			p.write(sheet(scope, unit, fmt.Sprintf(`"highlights":"%s","filled_by":"填表%d","completed":%s`, c.pick("亮点", ""), c.IntN(3), c.pick("true", "false"))))
		case 3:
			p.write(put(c.pick(scopeA, scopeB), id, 0, c.set())) // perhaps without a right
		default:
			base := c.record(models.EventKind, scope, id).Version
			p.write(put(scope, id, c.pickInt(0, base), c.set()))
		}
	}
	p.owes = int64(c.IntN(3))
	p.send()
}

func (c *chance) pickInt(list ...int64) int64 { return list[c.IntN(len(list))] }

func (c *chance) decide() {
	c.t.Helper()
	id, second, scope := ev(c.IntN(12)), ev(c.IntN(12)), c.pick(scopeA, scopeB)
	var e gateway.Entry
	switch c.IntN(8) {
	case 0, 1, 2:
		e = c.review(c.pick("review.accept", "review.accept", "review.return", "review.issues", "review.reopen", "review.comment"), scope, id, "理由")
	case 3, 4:
		e = gateway.Entry{Op: c.pick("dup.judge", "dup.judge", "dup.undo"), Scope: scope, Kind: "event", ID: second,
			Of: &gateway.Of{Scope: c.pick(scopeA, scopeB), ID: id}, Verdict: c.pick(models.OneEvent, models.SameFacts, models.Different), Reason: "判断"}
	case 5:
		e = gateway.Entry{Op: "record.move", Scope: scope, Kind: "event", ID: id, Unit: c.pick(unitA, unitB), Reason: "归口"}
	case 6:
		base := c.record(models.EventKind, scope, id).Version
		e = gateway.Entry{Op: "event.put", Scope: scope, ID: id, Base: &base, Set: json.RawMessage(`{` + c.set() + `}`)}
	default:
		r := c.record(models.SheetKind, scopeA, unitA)
		e = gateway.Entry{Op: "review.return", Scope: scopeA, Kind: "sheet", ID: unitA, Version: &r.Version, Seq: &r.Seq, Reason: "补充"}
	}
	err := c.g.Act(c.t.Context(), adminAll, e)
	switch problem.CodeOf(err) {
	case "", problem.Invalid, problem.NotFound, problem.Conflict, problem.Moved:
	default:
		c.t.Fatalf("%s: %v", e.Op, err)
	}
}

// fill lets so many things happen.
func (c *chance) fill(n int) {
	c.t.Helper()
	for range n {
		if c.IntN(3) == 0 {
			c.decide()
		} else {
			c.push()
		}
		c.now += int64(c.IntN(3_600_000))
	}
}
