package office

import (
	"bytes"
	"context"
	"slices"
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
	done, err := d.deepTurn(ctx)
	if err != nil {
		return out, err
	}
	defer done()
	err = d.store.Read(ctx, func(tx Tx) error {
		v, s, err := d.open(tx, r, n)
		if err != nil {
			return err
		}
		h, err := gateway.ReadHistory(tx, s.Key.Scope, s.Record)
		if err != nil {
			return err
		}
		end := h.Len()
		if pg.at != nil {
			end = sort.Search(end, func(i int) bool { return h.Seq(i) >= pg.at.N[0] })
		}
		begin := max(0, end-pg.size())
		if begin > 0 {
			out.Next = pg.next([]int64{h.Seq(begin)})
		}
		total := int64(h.Len())
		out.Total = &total
		out.Items, err = v.steps(h, &merge.Record{Scope: s.Record.Scope, Kind: n.Kind, ID: n.ID}, begin, end)
		return err
	})
	return out, err
}

// steps applies the lines before end to a record and shows those from begin on, the newest first.
func (v *viewer) steps(h *gateway.History, rec *merge.Record, begin, end int) ([]HistoryItem, error) {
	err := h.Each(0, begin, func(_ int, s *gateway.Step) error {
		h.Apply(rec, s)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var page []*gateway.Step
	var officers []string
	err = h.Each(begin, end, func(_ int, s *gateway.Step) error {
		v.devices[s.Device.ID] = s.Device
		page, officers = append(page, s), append(officers, s.Device.Officer)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := v.know(officers, nil); err != nil {
		return nil, err
	}
	out := []HistoryItem{}
	for _, s := range page {
		out = append(out, v.step(rec, h, s))
	}
	slices.Reverse(out)
	return out, nil
}

// step applies one line and says what it changed.
func (v *viewer) step(rec *merge.Record, h *gateway.History, s *gateway.Step) HistoryItem {
	c := s.Change
	it := HistoryItem{Log: s.Line.Log, Seq: s.Line.Seq, By: v.person(s.Device.Officer, s.Device.ID), ClaimedAt: c.At,
		EffectiveAt: s.EffectiveMS, ReceivedAt: s.ReceiptMS, Op: c.Op, Version: s.Line.Version, Late: s.Line.Late, Note: c.Note, Reason: c.Reason}
	named := changedFields(c)
	before, stood := named.now(rec), standing(rec)
	h.Apply(rec, s)
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

// Entries lists the lines behind what one record gives to a row of a table, for the units that the
// table is about when the row is of staff.
func (d *Desk) Entries(ctx context.Context, r *Reach, q TableQuery, row string, n RecordName, p Paging) (out Page[Entry], err error) {
	out.Items = []Entry{}
	pg, err := p.page(2, 0, "entries", q.Campaign, q.Template, q.Unit, row, n)
	if err != nil {
		return out, err
	}
	done, err := d.deepTurn(ctx)
	if err != nil {
		return out, err
	}
	defer done()
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
		var units []string
		for i := range list {
			if x := &list[i]; x.Template == tpl.ID && x.Row == row && a.shows(x.Unit) {
				units = append(units, x.Unit)
			}
		}
		if len(units) == 0 {
			return nil
		}
		var after *merge.Place
		if pg.at != nil {
			after = &merge.Place{Log: pg.at.N[0], Seq: pg.at.N[1]}
		}
		found, err := gateway.Entries(tx, s.Record, line, units, after, pg.size()+1)
		if err != nil {
			return err
		}
		found, out.Next = trim(pg, found, func(e *gateway.LogEntry) ([]int64, []string) { return []int64{e.Log, e.Seq}, nil })
		for i := range found {
			out.Items = append(out.Items, v.entry(&found[i], n.Kind))
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
