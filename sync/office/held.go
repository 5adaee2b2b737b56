package office

import (
	"context"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// Held lists lines that wait.
func (d *Desk) Held(ctx context.Context, r *Reach, q HeldQuery, p Paging) (*HeldPage, error) {
	pg, err := p.page(2, 0, "held", q)
	if err != nil {
		return nil, err
	}
	out := &HeldPage{}
	err = d.store.Read(ctx, func(tx Tx) error {
		sel, err := d.selectHeld(tx, r, q)
		if err != nil {
			return err
		}
		if out.Causes, err = tx.HeldCauses(sel); err != nil {
			return err
		}
		out.Causes = append([]CauseCount{}, out.Causes...)
		total := int64(0)
		for _, c := range out.Causes {
			if q.Cause == "" || c.Cause == q.Cause {
				total += c.Lines
			}
		}
		out.Total = &total
		sel.Cause, sel.Atmost = q.Cause, pg.size()+1
		if pg.at != nil {
			sel.After = &models.HeldLine{Log: pg.at.N[0], Seq: pg.at.N[1]}
		}
		lines, err := tx.HeldPage(sel)
		if err != nil {
			return err
		}
		lines, out.Next = trim(pg, lines, func(h *models.HeldLine) ([]int64, []string) { return []int64{h.Log, h.Seq}, nil })
		out.Items, err = heldRows(tx, r, lines, d.wordsIn(tx))
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// selectHeld turns a query into what the store selects by, but for the cause.
func (d *Desk) selectHeld(tx Tx, r *Reach, q HeldQuery) (HeldSelect, error) {
	s := HeldSelect{Device: q.Device, Prefix: q.Campaign}
	if q.Campaign != "" {
		a, err := d.area(tx, r, q.Campaign, q.Unit)
		if err != nil {
			return s, err
		}
		if s.Scopes = a.scopes(); s.Scopes == nil {
			s.Scopes, s.Nowhere = r.scopes([]models.Campaign{*a.c})
		}
		return s, nil
	}
	campaigns, err := tx.Campaigns()
	if err != nil {
		return s, err
	}
	s.Scopes, s.Nowhere = r.scopes(campaigns)
	if q.Unit == "" {
		return s, nil
	}
	if !r.looks(q.Unit) {
		return s, errNoUnit
	}
	s.Nowhere = nil
	kept, in := []string{}, r.tree.below(q.Unit)
	for _, name := range s.Scopes {
		if _, u := splitScope(name); in[u] {
			kept = append(kept, name)
		}
	}
	s.Scopes = kept
	return s, nil
}

// HeldLine returns one line that waits.
func (d *Desk) HeldLine(ctx context.Context, r *Reach, log, seq int64) (out *HeldRow, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		sel, err := d.selectHeld(tx, r, HeldQuery{})
		if err != nil {
			return err
		}
		sel.Log, sel.Seq, sel.Atmost = log, seq, 1
		lines := []models.HeldLine{}
		if log > 0 {
			if lines, err = tx.HeldPage(sel); err != nil {
				return err
			}
		}
		if len(lines) == 0 {
			return problem.New(problem.NotFound, "no such line is held").ZH("这条暂存记录已处理或不存在，请刷新。")
		}
		rows, err := heldRows(tx, r, lines, d.wordsIn(tx))
		if len(rows) == 1 {
			out = &rows[0]
		}
		return err
	})
	return out, err
}

// heldRows shows waiting lines: who wrote them, what they would change, in the
// words of their campaigns.
func heldRows(tx Tx, r *Reach, lines []models.HeldLine, wordsIn func(campaign string) (words, error)) ([]HeldRow, error) {
	out := []HeldRow{}
	if len(lines) == 0 {
		return out, nil
	}
	var at []merge.Place
	var nos []int64
	for i := range lines {
		at, nos = append(at, merge.Place{Log: lines[i].Log, Seq: lines[i].Seq}), append(nos, lines[i].Log)
	}
	raw, err := tx.LinesAt(at)
	if err != nil {
		return nil, err
	}
	changes := map[merge.Place]*changelog.Change{}
	for i := range raw {
		if c, fault := changelog.ParseLine(raw[i].Raw); fault == nil {
			changes[merge.Place{Log: raw[i].Log, Seq: raw[i].Seq}] = c
		}
	}
	logs, err := tx.LogsByNo(nos)
	if err != nil {
		return nil, err
	}
	device := map[int64]string{}
	var ids []string
	for i := range logs {
		device[logs[i].No] = logs[i].Device
		ids = append(ids, logs[i].Device)
	}
	v := newViewer(tx, r, nil, nil)
	if err := v.know(nil, ids); err != nil {
		return nil, err
	}
	records, err := heldRecords(tx, lines)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		h := &lines[i]
		campaign, unit := splitScope(h.Scope)
		d := device[h.Log]
		row := HeldRow{Log: h.Log, Seq: h.Seq, Cause: h.Cause, Campaign: campaign, Unit: unit, UnitName: r.unitName(unit), Kind: h.Kind,
			ID: h.ID, By: v.person(v.devices[d].Officer, d), ReceivedAt: h.ReceiptMS, Changes: []Difference{}}
		rec := records[heldKey(h)]
		if rec == nil {
			rec = &merge.Record{Kind: h.Kind, ID: h.ID}
		}
		row.Title = titleOf(rec)
		if c := changes[at[i]]; c != nil {
			row.ClaimedAt, row.Op, row.Note, row.Changes = c.At, c.Op, c.Note, wouldChange(rec, c)
			w, err := wordsIn(campaign)
			if err != nil {
				return nil, err
			}
			w.name(c.Op, h.Kind, row.Changes)
		}
		out = append(out, row)
	}
	return out, nil
}

type namedRecord struct {
	scope string
	kind  models.Kind
	id    string
}

func heldKey(h *models.HeldLine) namedRecord { return namedRecord{h.Scope, h.Kind, h.ID} }

// heldRecords reads the records that waiting lines would change, where they exist.
func heldRecords(tx Tx, lines []models.HeldLine) (map[namedRecord]*merge.Record, error) {
	nos := map[string]int64{}
	var keys []gateway.Key
	seen := map[namedRecord]bool{}
	for i := range lines {
		h := &lines[i]
		if _, ok := nos[h.Scope]; !ok {
			campaign, unit := splitScope(h.Scope)
			s, err := tx.ScopeOf(campaign, unit)
			if err != nil {
				return nil, err
			}
			nos[h.Scope] = 0
			if s != nil {
				nos[h.Scope] = s.No
			}
		}
		if nos[h.Scope] != 0 && h.Kind != "" && !seen[heldKey(h)] {
			seen[heldKey(h)] = true
			keys = append(keys, gateway.Key{Scope: nos[h.Scope], Kind: h.Kind, ID: h.ID})
		}
	}
	recs, err := tx.RecordsAt(keys)
	out := map[namedRecord]*merge.Record{}
	for k, s := range recs {
		out[namedRecord{s.Record.Scope, k.Kind, k.ID}] = s.Record
	}
	return out, err
}
