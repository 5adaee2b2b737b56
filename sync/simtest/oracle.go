package simtest

import (
	"encoding/json"
	"maps"
	"sync"
	"time"
)

// place is where a line stands.
type place struct {
	device, epoch string
	seq           int64
}

// amount is what a cell holds: a sum and how many entries it is of.
type amount struct{ value, n int64 }

// cell is one row of Table A for one unit.
type cell struct{ unit, row string }

// use is one distinct key of a row.
type use struct {
	cell
	key string
}

// ref names a record.
type ref struct{ scope, kind, id string }

// oracle knows what must come out. It only adds: when a line is saved, what it says is added, and
// a line that takes something back adds its negative.
type oracle struct {
	mu        sync.Mutex
	zone      *time.Location
	first     string // day
	last      string
	cells     map[cell]amount
	uses      map[use]int64
	events    map[ref]*event
	lots      map[ref]*lot
	others    map[ref]map[string]any // photos and sheets: their fields
	held      map[place]string       // cause, of lines that wait for the office
	toReject  map[place]bool         // of those, the ones that nobody can apply
	rejected  map[place]string
	conflicts int // fields that stand in conflict
}

func newOracle(zone *time.Location, first, last string) *oracle {
	return &oracle{zone: zone, first: first, last: last, cells: map[cell]amount{}, uses: map[use]int64{},
		events: map[ref]*event{}, lots: map[ref]*lot{}, others: map[ref]map[string]any{},
		held: map[place]string{}, toReject: map[place]bool{}, rejected: map[place]string{}}
}

// event is what the oracle knows of one outreach event.
type event struct {
	scope, unit, id string
	fields          map[string]any
	tallies         map[string]amount
	clashes         map[string][]any // field → the values that stand beside each other
	active          bool             // it counts: not deleted, within the window
	account         map[cell]amount  // what it has added, or would if it were active
	keys            map[use]int64
}

func (e *event) ref() ref { return ref{e.scope, "event", e.id} }

func (e *event) text(field string) string {
	s, _ := e.fields[field].(string)
	return s
}

func (e *event) flag(field string) bool {
	b, _ := e.fields[field].(bool)
	return b
}

// create adds a new event.
func (o *oracle) create(scope, unit, id string, fields map[string]any) *event {
	o.mu.Lock()
	defer o.mu.Unlock()
	e := &event{scope: scope, unit: unit, id: id, fields: map[string]any{}, tallies: map[string]amount{},
		clashes: map[string][]any{}, account: map[cell]amount{}, keys: map[use]int64{}}
	o.events[e.ref()] = e
	// What an event is comes before what it counts.
	for _, f := range []string{"kind", "venue", "channel", "form", "outlet", "programme", "content", "repeat", "started_at", "first_aired_at"} {
		if v, ok := fields[f]; ok {
			e.fields[f] = v
		}
	}
	e.active = o.counts(e)
	if row := visitRow(e.text("kind"), e.text("venue")); row != "" {
		o.add(e, cell{unit, row}, 1, 1)
	}
	if e.text("kind") == "media" && e.text("form") == "post" {
		o.add(e, cell{unit, "social_posts"}, 1, 1)
	}
	for _, row := range keyRows(e) {
		o.use(e, use{cell{unit, row}, keyOf(e)}, 1)
	}
	for f, v := range fields {
		if _, done := e.fields[f]; !done {
			o.set(e, f, v)
		}
	}
	return e
}

// put adds a later write of fields that has seen all earlier ones.
func (o *oracle) put(e *event, fields map[string]any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for f, v := range fields {
		if len(e.clashes[f]) > 0 {
			delete(e.clashes, f)
			o.conflicts--
		}
		o.set(e, f, v)
	}
}

// set adds the difference that a new value of a field makes; nil clears it.
func (o *oracle) set(e *event, field string, v any) {
	old := e.fields[field]
	if v == nil {
		delete(e.fields, field)
	} else {
		e.fields[field] = v
	}
	if c := typedCell(e, field); c.row != "" {
		o.add(e, c, number(v)-number(old), entries(v)-entries(old))
	}
	switch {
	case field == "pieces" && e.text("kind") == "media" && e.text("form") == "post":
		o.add(e, cell{e.unit, "social_posts"}, max(number(v), 1)-max(number(old), 1), 0)
	case field == "venue" && e.text("kind") == "visit":
		was, _ := old.(string)
		if row := visitRow("visit", was); row != "" {
			o.add(e, cell{e.unit, row}, -1, -1)
		}
		if row := visitRow("visit", e.text("venue")); row != "" {
			o.add(e, cell{e.unit, row}, 1, 1)
		}
	case field == "deleted" || field == "started_at":
		o.activate(e, o.counts(e))
	}
}

// clash adds two writes of a field that had not seen one another; shown is the one with the later
// effective time.
func (o *oracle) clash(e *event, field string, shown, other any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.set(e, field, shown)
	e.clashes[field] = []any{shown, other}
	o.conflicts++
}

// clashDelete adds a deletion and an edit that had not seen one another.
func (o *oracle) clashDelete(e *event, fields map[string]any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for f, v := range fields {
		o.set(e, f, v)
	}
	o.set(e, "deleted", true)
	e.clashes["deleted"] = []any{true}
	o.conflicts++
}

// tally adds one increment.
func (o *oracle) tally(e *event, indicator string, n int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	t := e.tallies[indicator]
	e.tallies[indicator] = amount{t.value + n, t.n + 1}
	if tallyRows[indicator] {
		o.add(e, cell{e.unit, indicator}, n, 1)
	}
}

// add adds to a cell in an event's name.
func (o *oracle) add(e *event, c cell, value, n int64) {
	a := e.account[c]
	e.account[c] = amount{a.value + value, a.n + n}
	if e.active {
		o.post(c, value, n)
	}
}

func (o *oracle) post(c cell, value, n int64) {
	a := o.cells[c]
	o.cells[c] = amount{a.value + value, a.n + n}
}

// use adds to the uses of a distinct key in an event's name.
func (o *oracle) use(e *event, u use, by int64) {
	e.keys[u] += by
	if e.active {
		o.postUse(u, by)
	}
}

// postUse counts a key that comes into use once, however many use it.
func (o *oracle) postUse(u use, by int64) {
	before := o.uses[u]
	o.uses[u] += by
	switch after := o.uses[u]; {
	case before == 0 && after > 0:
		o.post(u.cell, 1, 1)
	case before > 0 && after == 0:
		o.post(u.cell, -1, -1)
	}
}

// activate adds all of an event, or its negative.
func (o *oracle) activate(e *event, active bool) {
	if e.active == active {
		return
	}
	e.active = active
	sign := int64(1)
	if !active {
		sign = -1
	}
	for c, a := range e.account {
		o.post(c, sign*a.value, sign*a.n)
	}
	for u, n := range e.keys {
		o.postUse(u, sign*n)
	}
}

// counts reports whether an event is not deleted and its day lies in the window.
func (o *oracle) counts(e *event) bool {
	at := number(e.fields["started_at"])
	if aired, ok := e.fields["first_aired_at"]; ok && e.text("kind") == "media" {
		at = number(aired)
	}
	day := time.UnixMilli(at).In(o.zone).Format(time.DateOnly)
	return !e.flag("deleted") && o.first <= day && day <= o.last
}

func number(v any) int64 {
	n, _ := v.(int64)
	return n
}

func entries(v any) int64 {
	if v == nil {
		return 0
	}
	return 1
}

// lot is what the oracle knows of a lot of goods.
type lot struct {
	fields map[string]any
	moves  map[string]movement
}

type movement struct {
	move     string
	quantity int64
}

// balance adds up a lot's movements.
func (l *lot) balance() map[string]int64 {
	b := map[string]int64{}
	for _, m := range l.moves {
		b[m.move] += m.quantity
	}
	b["remaining"] = b["received"] - b["destroyed"] - b["returned"]
	return b
}

func (o *oracle) createLot(r ref, fields map[string]any) *lot {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := &lot{fields: maps.Clone(fields), moves: map[string]movement{}}
	o.lots[r] = l
	return l
}

// move adds a movement; one that is known by its id adds nothing.
func (o *oracle) move(l *lot, id string, m movement) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, known := l.moves[id]; !known {
		l.moves[id] = m
	}
}

// record adds a write of a photo's or a sheet's fields.
func (o *oracle) record(r ref, fields map[string]any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.others[r] == nil {
		o.others[r] = map[string]any{}
	}
	maps.Copy(o.others[r], fields)
}

// hold expects a line to wait for the office.
func (o *oracle) hold(p place, cause string, reject bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.held[p] = cause
	if reject {
		o.toReject[p] = true
	}
}

// reject expects a line to be refused for ever.
func (o *oracle) reject(p place, cause string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rejected[p] = cause
}

// same compares an expected value with JSON.
func same(want any, got json.RawMessage) bool {
	raw, err := json.Marshal(want)
	if err != nil {
		return false
	}
	var a, b any
	if json.Unmarshal(raw, &a) != nil || json.Unmarshal(got, &b) != nil {
		return false
	}
	ra, errA := json.Marshal(a)
	rb, errB := json.Marshal(b)
	return errA == nil && errB == nil && string(ra) == string(rb)
}
