package gateway

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
	"github.com/go-json-experiment/json/jsontext"
)

// change merges a line that was judged applicable into its record.
func (w *work) change(it *item) error {
	c := it.change
	if c.Op == opClock {
		return nil
	}
	e := w.entries[it.key]
	s := e.scope
	late := s.State == models.CampaignIsClosing && !w.office
	wr := &merge.Write{
		Log: it.line.Log, Seq: it.line.Seq, Origin: it.origin, Base: c.Base,
		EffectiveMS: it.effective, AtMS: c.At, Officer: w.device.Officer, Device: w.device.ID,
		Lineage: w.lineage, Late: late,
	}
	if planted(plantBase) {
		wr.Base = 0
	}
	if it.writes {
		it.line.Version = e.Record.NextVersion(w.g.inst.Restore)
		e.wrote = true
	}
	if !applyChange(e.Record, wr, c, it.line.Version, w.office) {
		it.line.Status = models.Duplicate
		return nil
	}
	it.line.Late = late
	e.Size += len(it.line.Raw)
	w.applied(it, e)
	w.announce(it)
	return nil
}

// applyChange merges one change into its record; version counts for register writes. It reports
// false when the change repeats a movement. Verify replays stored lines with it.
func applyChange(r *merge.Record, wr *merge.Write, c *changelog.Change, version int64, office bool) bool {
	switch c.Op {
	case "tally.add":
		r.Add(wr, c.Indicator, c.N)
	case "goods.move":
		if !r.Move(wr, movement(c)) {
			return false
		}
	default:
		r.Put(wr, c.Set, version)
	}
	if !office {
		r.Touched()
	}
	return true
}

// applied counts a line towards its scope.
func (w *work) applied(it *item, e *entry) {
	e.touched, e.last = true, it
	e.scope.lines = append(e.scope.lines, it)
}

func movement(c *changelog.Change) merge.Movement {
	m := merge.Movement{ID: c.ID, Move: c.Move, Quantity: c.Quantity, Event: c.Event, Note: c.Note}
	if len(c.Set) == 0 {
		return m
	}
	m.Set = append(m.Set, '{')
	for i := range c.Set {
		f := &c.Set[i]
		if i > 0 {
			m.Set = append(m.Set, ',')
		}
		// A name of a line that was read is UTF-8, so it can be quoted.
		m.Set, _ = jsontext.AppendQuote(m.Set, f.Name)
		m.Set = append(m.Set, ':')
		m.Set = append(m.Set, f.Value.Raw...)
		if f.Name == "supervisors" {
			m.Supervisors = countNames(f.Value.Raw)
		}
	}
	m.Set = append(m.Set, '}')
	return m
}

// countNames counts the names in a JSON array of texts, blank ones left out and each once.
func countNames(raw []byte) int {
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		return 0 // a field of another shape holds no names
	}
	names := map[string]bool{}
	for _, n := range list {
		if n = strings.TrimSpace(n); n != "" {
			names[n] = true
		}
	}
	return len(names)
}

// feedLine is news for the device's own feed: what is held or rejected of its log, and what of it
// was settled.
type feedLine struct {
	log     int64
	seq     int64
	settled bool
	data    []byte
}

// tell puts the present state of a held or rejected line into the device's feed.
func (w *work) tell(it *item) {
	l := &it.line
	f := feedLine{log: l.Log, seq: l.Seq, settled: l.Status == models.Applied || l.Status == models.Duplicate}
	v := verdict(l.Seq, l.Status, l.Cause)
	if it.fault != nil {
		v.Message = it.fault.Msg
	}
	b := append(f.data, `{"seq":`...)
	b = strconv.AppendInt(b, l.Seq, 10)
	b = appendMember(b, "epoch", w.epochOf(l.Log))
	b = appendMember(b, "status", v.Status)
	if l.Cause != "" {
		b = appendMember(b, "code", string(l.Cause))
		b = appendMember(b, "message", v.Message)
	}
	if it.fault == nil {
		b = appendMember(b, "op", it.change.Op)
		if it.scopeName != "" {
			b = appendMember(b, "scope", it.scopeName)
		}
		if it.key.ID != "" {
			b = appendMember(b, "kind", string(it.key.Kind))
			b = appendMember(b, "id", it.key.ID)
		}
	}
	f.data = append(b, '}')
	w.feed = append(w.feed, f)
}

func appendMember(b []byte, name, value string) []byte {
	b = append(append(append(b, `,"`...), name...), `":`...)
	b, _ = jsontext.AppendQuote(b, value) // texts that were read are UTF-8
	return b
}

func (w *work) epochOf(log int64) string {
	for i := range w.logs {
		if w.logs[i].No == log {
			return w.logs[i].Epoch
		}
	}
	return w.newEpoch
}
