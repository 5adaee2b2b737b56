package office

import (
	"bytes"
	"context"
	"sort"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// History lists the lines that spoke of a record, the newest first in the order in which they were
// applied, each with what it changed. All of them are read back for it, at most
// [gateway.MaxHistory]: a record of more is answered with a problem of code too_large.
func (d *Desk) History(ctx context.Context, r *Reach, n RecordName, p Paging) (out Page[HistoryItem], err error) {
	out.Items = []HistoryItem{}
	pg, err := p.page(1, 0, "history", n)
	if err != nil {
		return out, err
	}
	err = d.store.Read(ctx, func(tx Tx) error {
		v, s, err := d.open(tx, r, n)
		if err != nil {
			return err
		}
		h, err := gateway.ReadHistory(tx, s.Key.Scope, s.Record)
		if err != nil {
			return err
		}
		end := len(h.Steps)
		if pg.at != nil {
			end = sort.Search(len(h.Steps), func(i int) bool { return h.Steps[i].Line.ScopeSeq >= pg.at.N[0] })
		}
		begin := max(0, end-pg.size())
		if begin > 0 {
			out.Next = pg.next([]int64{h.Steps[begin].Line.ScopeSeq})
		}
		total := int64(len(h.Steps))
		out.Total = &total
		if err := v.knowSteps(h.Steps[begin:end]); err != nil {
			return err
		}
		rec := &merge.Record{Scope: s.Record.Scope, Kind: n.Kind, ID: n.ID}
		for i := range begin {
			h.Apply(rec, i)
		}
		for i := begin; i < end; i++ {
			out.Items = append(out.Items, v.step(rec, h, i))
		}
		for i, j := 0, len(out.Items)-1; i < j; i, j = i+1, j-1 {
			out.Items[i], out.Items[j] = out.Items[j], out.Items[i]
		}
		return nil
	})
	return out, err
}

func (v *viewer) knowSteps(steps []gateway.Step) error {
	var officers []string
	for i := range steps {
		d := steps[i].Device
		v.devices[d.ID] = d
		officers = append(officers, d.Officer)
	}
	return v.know(officers, nil)
}

// step applies one line and says what it changed.
func (v *viewer) step(rec *merge.Record, h *gateway.History, i int) HistoryItem {
	s := &h.Steps[i]
	c := s.Change
	it := HistoryItem{Log: s.Line.Log, Seq: s.Line.Seq, By: v.person(s.Device.Officer, s.Device.ID), ClaimedAt: c.At,
		EffectiveAt: s.EffectiveMS, ReceivedAt: s.ReceiptMS, Op: c.Op, Version: s.Line.Version, Late: s.Line.Late, Note: c.Note, Reason: c.Reason}
	named := changedFields(c)
	before, stood := named.now(rec), standing(rec)
	h.Apply(rec, i)
	after, stands := named.now(rec), standing(rec)
	it.Changes = []Difference{}
	for j := range named {
		if !bytes.Equal(before[j], after[j]) {
			it.Changes = append(it.Changes, Difference{Field: named[j].name, Before: before[j], After: after[j]})
		}
	}
	for j := range stood {
		if !bytes.Equal(stood[j], stands[j]) {
			it.Changes = append(it.Changes, Difference{Field: standingNames[j], Before: stood[j], After: stands[j]})
		}
	}
	v.words.name(c.Op, rec.Kind, it.Changes)
	return it
}

// watched are the fields whose change by a line is told, by name.
type watched []struct {
	name string
	get  func(*merge.Record) []byte
}

func (w watched) now(r *merge.Record) [][]byte {
	out := make([][]byte, len(w))
	for i := range w {
		out[i] = w[i].get(r)
	}
	return out
}

// changedFields returns what a line may change: the fields it names, a count, or a lot's movements.
func changedFields(c *changelog.Change) (w watched) {
	add := func(name string, get func(*merge.Record) []byte) {
		w = append(w, struct {
			name string
			get  func(*merge.Record) []byte
		}{name, get})
	}
	switch c.Op {
	case "tally.add":
		add(c.Indicator, func(r *merge.Record) []byte {
			sum, n := tally(r, c.Indicator)
			if n == 0 {
				return null
			}
			return number(sum)
		})
	case "goods.move":
		add(c.Move, func(r *merge.Record) []byte {
			sum, n := moves(r, c.Move)
			if n == 0 {
				return null
			}
			return number(sum)
		})
	default:
		for i := range c.Set {
			name := c.Set[i].Name
			if name == secretField {
				continue
			}
			add(name, func(r *merge.Record) []byte { return valueJSON(r.Value(name)) })
		}
	}
	return w
}

// Entries returns the lines behind what one record gives to a row of a table, for the unit that the
// table is about when the row is of staff.
func (d *Desk) Entries(ctx context.Context, r *Reach, q TableQuery, row string, n RecordName) (out []Entry, err error) {
	out = []Entry{}
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, q.Campaign, q.Unit)
		if err != nil {
			return err
		}
		tpl, line, err := a.row(q.Template, row)
		if err != nil {
			return err
		}
		if n.Campaign = q.Campaign; n.Kind == "" {
			n.Kind = models.EventKind
		}
		v, s, err := d.open(tx, r, n)
		if err != nil {
			return err
		}
		list, _, err := gateway.Contributions(s.Counts, a.c.Rules)
		if err != nil {
			return err
		}
		seen := map[merge.Place]bool{}
		for i := range list {
			if x := &list[i]; x.Template == tpl.ID && x.Row == row && a.shows(x.Unit) {
				found, err := gateway.Entries(tx, s.Record, line, x.Unit)
				if err != nil {
					return err
				}
				for j := range found {
					e := &found[j]
					if at := (merge.Place{Log: e.Log, Seq: e.Seq}); !seen[at] {
						seen[at] = true
						out = append(out, v.entry(e, n.Kind))
					}
				}
			}
		}
		return nil
	})
	return out, err
}

func (v *viewer) entry(e *gateway.LogEntry, kind models.Kind) Entry {
	out := Entry{Log: e.Log, Seq: e.Seq, By: v.person(e.Officer, e.Device), ClaimedAt: e.ClaimedMS, EffectiveAt: e.EffectiveMS,
		ReceivedAt: e.ReceiptMS, Op: e.Op, Values: []Said{}, Note: e.Note}
	for i := range e.Said {
		s := Said{Field: e.Said[i].Name, Value: valueJSON(&e.Said[i].Value)}
		s.Label, s.LabelEN = v.words.label(e.Op, kind, s.Field)
		out.Values = append(out.Values, s)
	}
	return out
}
