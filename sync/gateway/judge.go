package gateway

import (
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// maxRecord bounds the state of one record, bytes.
const maxRecord = 1 << 20

// opClock is the line about a jump of the phone's clock: it has no scope.
const opClock = "clock"

// judge says what becomes of a line. The causes are asked in a fixed order, the most lasting
// first, so that the same line under the same circumstances always gets the same verdict.
func (w *work) judge(it *item) (models.LineStatus, models.Cause) {
	if it.fault != nil {
		return models.Rejected, it.fault.Cause
	}
	c := it.change
	if c.Op == opClock {
		return models.Applied, "" // stored and shown; it belongs to no scope
	}
	if !w.office && w.device.RevokedMS != 0 && !it.forced {
		return models.Held, models.Revoked
	}
	if changelog.OfficeOps[c.Op] && !w.office {
		return models.Held, models.NoRight
	}
	if !changelog.PhoneOps[c.Op] {
		return models.Held, models.UnknownOp
	}
	s := w.scopes[it.scopeName]
	if s == nil || s.No == 0 {
		return w.nowhere(it)
	}
	if cause := w.unentitled(it, s); cause != "" && !(it.forced && cause == models.NoRight) {
		return models.Held, cause
	}
	if !it.forced && !w.office {
		if s.State == models.CampaignIsDraft {
			return models.Held, models.CampaignDraft
		}
		if !s.State.Takes() {
			return models.Held, models.CampaignClosed
		}
	}
	e := w.entries[it.key]
	if cause := w.lacking(it, s, e); cause != "" {
		return models.Held, cause
	}
	if c.Op == "sheet.put" && c.ID != c.Unit {
		return models.Rejected, models.BadField // a unit has one sheet, and it bears the unit's id
	}
	if violatesOnce(e.Record, c) {
		return models.Rejected, models.SetOnce
	}
	if it.writes && e.Record.FieldsWith(c.Set) > merge.MaxFields {
		return models.Rejected, models.BadField
	}
	if c.Op != "tally.add" && e.Size+len(it.line.Raw) > maxRecord {
		return models.Rejected, models.BadField // everybody who touches the record would pay for it
	}
	if c.Op == "goods.move" && len(e.Record.Moves) >= merge.MaxMoves {
		return models.Rejected, models.BadField
	}
	if it.forced {
		return models.Applied, ""
	}
	if e.Record.Accepted() && !w.office && (c.Op == "event.put" || c.Op == "tally.add" || c.Op == "sheet.put") {
		return models.Held, models.EventAccepted
	}
	if it.writes && c.Base > e.Record.Version && c.Base>>32 >= w.g.inst.Restore {
		return models.Held, models.BadBase
	}
	if it.writes && w.behind(it) {
		return models.Held, models.Behind
	}
	return models.Applied, ""
}

// nowhere judges a line whose scope does not exist. A guest's event may still come and bring it.
func (w *work) nowhere(it *item) (models.LineStatus, models.Cause) {
	if it.change.Join != "" && (it.change.Op == "tally.add" || it.change.Op == "photo.put") {
		return models.Held, models.UnknownEvent
	}
	return models.Held, models.NoRight
}

// unentitled returns why the writer may not write this line, "" when it may.
func (w *work) unentitled(it *item, s *scope) models.Cause {
	c := it.change
	if s.pushes {
		if c.Op == "sheet.put" && setsField(c, "approved") && !w.heads(s) {
			return models.NoRight
		}
		return ""
	}
	if c.Join == "" || c.Op != "tally.add" && c.Op != "photo.put" {
		return models.NoRight
	}
	k := it.key
	if c.Op == "photo.put" {
		mine := w.brought(w.entries[k])
		if photoEvent(c) == "" && mine {
			return ""
		}
		if e := w.entries[k]; e != nil && e.Record.Exists() && !mine {
			return models.NoRight // to know one event's secret is not to own the unit's photos
		}
		k = w.joined(it)
	}
	e := w.entries[k]
	if e == nil || !e.Record.Exists() {
		return models.UnknownEvent
	}
	if e.Record.Text("join") != c.Join {
		return models.NoRight
	}
	return ""
}

// brought reports whether the writer had a part in the record before: what a guest brought, the
// guest may correct without naming the event again.
func (w *work) brought(e *entry) bool {
	if e == nil || !e.Record.Exists() {
		return false
	}
	for i := range e.Record.Sources {
		if e.Record.Sources[i].Officer == w.device.Officer {
			return true
		}
	}
	return false
}

// heads reports whether the writer heads the scope's unit, now or ever: a head's signature that
// was given offline counts although the head has moved on since.
func (w *work) heads(s *scope) bool {
	if w.office {
		return true
	}
	for i := range w.assigned {
		if a := &w.assigned[i]; a.Role == models.RoleHead && a.Covers(s.Campaign, s.Unit) {
			return true
		}
	}
	return false
}

// lacking returns what the line refers to that has not arrived or that no rule knows.
func (w *work) lacking(it *item, s *scope, e *entry) models.Cause {
	switch it.change.Op {
	case "tally.add":
		if e == nil || !e.Record.Exists() {
			return models.UnknownEvent
		}
		if !it.forced && (s.rules == nil || !s.rules.Indicator(it.change.Indicator)) {
			return models.UnknownIndicator
		}
	case "goods.move":
		if e == nil || !e.Record.Exists() {
			return models.UnknownLot
		}
	}
	return ""
}

func violatesOnce(r *merge.Record, c *changelog.Change) bool {
	once := models.OnceFields[r.Kind]
	if once == nil {
		return false
	}
	for i := range c.Set {
		f := &c.Set[i]
		if !once[f.Name] {
			continue
		}
		if old := r.Value(f.Name); old != nil && !merge.Equal(old, &f.Value) {
			return true
		}
	}
	return false
}

// setsField reports whether a put names a field, be it to clear it.
func setsField(c *changelog.Change, name string) bool {
	for i := range c.Set {
		if c.Set[i].Name == name {
			return true
		}
	}
	return false
}
