package simtest

import (
	"encoding/json"

	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// compareRecord compares one record as the server gives it with the oracle's.
func (s *sim) compareRecord(r ref, rec client.Record) {
	who := "the server's " + r.kind + " " + r.id
	switch r.kind {
	case "event":
		ev := &client.Event{}
		if err := json.Unmarshal(rec.Data, ev); err != nil {
			_ = s.found(wrong, "%s cannot be read: %v", who, err)
			return
		}
		e := s.oracle.events[r]
		s.conflicts += len(ev.Conflicts)
		_ = s.compareEvent(e, ev, "the server shows")
		if rec.Deleted != e.flag("deleted") {
			_ = s.found(wrong, "%s is deleted: %t, must be %t", who, rec.Deleted, e.flag("deleted"))
		}
	case "lot":
		l := &client.Lot{}
		if err := json.Unmarshal(rec.Data, l); err != nil {
			_ = s.found(wrong, "%s cannot be read: %v", who, err)
			return
		}
		s.compareLot(who, s.oracle.lots[r], l)
	default:
		var got struct {
			Fields    map[string]json.RawMessage `json:"fields"`
			Conflicts []client.Conflict          `json:"conflicts"`
		}
		if err := json.Unmarshal(rec.Data, &got); err != nil {
			_ = s.found(wrong, "%s cannot be read: %v", who, err)
			return
		}
		s.compareFields(who, s.oracle.others[r], got.Fields)
		s.compareConflicts(who, nil, got.Conflicts)
	}
}

// compareEvent compares an event as it is shown somewhere with the oracle's.
func (s *sim) compareEvent(e *event, ev *client.Event, who string) error {
	s.oracle.mu.Lock()
	defer s.oracle.mu.Unlock()
	who += " event " + e.id
	s.compareFields(who, e.fields, ev.Fields)
	for _, k := range keysOf(e.tallies, ev.Tallies) {
		want, got := e.tallies[k], ev.Tallies[k]
		s.differs(who+": entries of "+k, want.n, got.N)
		if want.n == got.N && want.value != got.Sum {
			_ = s.found(wrong, "%s: %s is %d, must be %d", who, k, got.Sum, want.value)
		}
	}
	s.compareConflicts(who, e.clashes, ev.Conflicts)
	return nil
}

func (s *sim) compareFields(who string, want map[string]any, got map[string]json.RawMessage) {
	for _, k := range keysOf(want, got) {
		switch {
		case got[k] == nil:
			_ = s.found(lost, "%s: field %s is missing, must be %v", who, k, want[k])
		case want[k] == nil:
			_ = s.found(wrong, "%s: field %s is %s, must be blank", who, k, got[k])
		case !same(want[k], got[k]):
			_ = s.found(wrong, "%s: field %s is %s, must be %v", who, k, got[k], want[k])
		}
	}
}

// compareConflicts wants exactly the expected conflicts, each with exactly its values.
func (s *sim) compareConflicts(who string, want map[string][]any, got []client.Conflict) {
	found := map[string][]client.Value{}
	for _, c := range got {
		found[c.Field] = c.Values
	}
	for _, k := range keysOf(want, found) {
		switch {
		case len(want[k]) == 0:
			_ = s.found(wrong, "%s: field %s is in conflict, nobody wrote against anybody", who, k)
		case len(found[k]) == 0:
			_ = s.found(lost, "%s: field %s must be in conflict between %v", who, k, want[k])
		case !sameValues(want[k], found[k]):
			_ = s.found(wrong, "%s: the conflict on %s has %d values, must have %v", who, k, len(found[k]), want[k])
		}
	}
}

func sameValues(want []any, got []client.Value) bool {
	if len(want) != len(got) {
		return false
	}
	for _, w := range want {
		some := false
		for i := range got {
			some = some || same(w, got[i].Value)
		}
		if !some {
			return false
		}
	}
	return true
}

func (s *sim) compareLot(who string, want *lot, got *client.Lot) {
	s.compareFields(who, want.fields, got.Fields)
	s.compareConflicts(who, nil, got.Conflicts)
	s.differs(who+": movements", int64(len(want.moves)), int64(len(got.Moves)))
	b := want.balance()
	for name, n := range map[string]int64{"received": got.Balance.Received, "counted": got.Balance.Counted,
		"handed_over": got.Balance.HandedOver, "returned": got.Balance.Returned,
		"destroyed": got.Balance.Destroyed, "remaining": got.Balance.Remaining} {
		if b[name] != n {
			_ = s.found(wrong, "%s: %s is %d, must be %d", who, name, n, b[name])
		}
	}
	negative := false
	for _, f := range got.Findings {
		negative = negative || f == "negative_remaining"
	}
	if negative != (b["remaining"] < 0) {
		_ = s.found(wrong, "%s: flagged as negative: %t, remaining %d", who, negative, b["remaining"])
	}
}
