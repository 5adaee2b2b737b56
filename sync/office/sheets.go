package office

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// tableDeadline returns when a campaign's table is due: the deadline of the hand-in item that speaks
// of the statistics, the first of several. 0 when there is none. A roster is a table too, and not this
// one, so it is the word 统计 that decides.
func tableDeadline(items []models.HandIn) int64 {
	for i := range items { // by deadline
		if s := strings.ToLower(items[i].Item); strings.Contains(s, "统计") || strings.Contains(s, "statistic") {
			return items[i].DueMS
		}
	}
	return 0
}

// Sheets lists how far the units' sheets are, by the units' codes.
func (d *Desk) Sheets(ctx context.Context, r *Reach, campaign, unit string, p Paging) (out Page[SheetRow], err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, campaign, unit)
		if err != nil {
			return err
		}
		units, err := slice(p, slices.Clone(a.units), unitKey, "sheets", campaign, unit)
		if err != nil {
			return err
		}
		v := newViewer(tx, r, a.c, a.rules)
		rows, err := v.sheets(units.Items, d.nowMS())
		out = Page[SheetRow]{Items: rows, Next: units.Next, Total: units.Total}
		return err
	})
	return out, err
}

// unitKey orders units by their codes, which are unique.
func unitKey(u *models.Unit) sortKey { return sortKey{a: u.Code, b: u.ID} }

// sheets shows the sheets of units, empty ones where nobody has begun.
func (v *viewer) sheets(units []models.Unit, now int64) ([]SheetRow, error) {
	scopes, err := v.tx.ScopesOfCampaign(v.c.ID)
	if err != nil {
		return nil, err
	}
	items, err := v.tx.HandIns(v.c.ID)
	if err != nil {
		return nil, err
	}
	due := tableDeadline(items)
	no := map[string]int64{}
	for i := range scopes {
		no[scopes[i].Unit] = scopes[i].No
	}
	var keys []gateway.Key
	for i := range units {
		if n := no[units[i].ID]; n != 0 {
			keys = append(keys, gateway.Key{Scope: n, Kind: models.SheetKind, ID: units[i].ID})
		}
	}
	recs, err := v.tx.RecordsAt(keys)
	out := []SheetRow{}
	for i := range units {
		u := &units[i]
		s, ok := recs[gateway.Key{Scope: no[u.ID], Kind: models.SheetKind, ID: u.ID}]
		row := SheetRow{Campaign: v.c.ID, Unit: u.ID, UnitName: u.Name}
		if ok {
			row = v.sheet(&s, u)
		}
		row.Late = due != 0 && due < now && !row.Approved
		out = append(out, row)
	}
	return out, err
}

func (v *viewer) sheet(s *gateway.Stored, u *models.Unit) SheetRow {
	r := s.Record
	return SheetRow{Campaign: v.c.ID, Unit: u.ID, UnitName: u.Name, Version: r.Version, Seq: r.Seq, Completed: r.Flag("completed"),
		Approved: r.Approved(), ChangedSinceSigned: r.ChangedSince(), State: r.State(), Reason: r.Review.Reason, FilledBy: r.Text("filled_by"), Phone: r.Text("phone"),
		Conflicts: len(r.Conflicts())}
}

// Sheet returns one unit's sheet, an empty one when nobody has begun it.
func (d *Desk) Sheet(ctx context.Context, r *Reach, campaign, unit string) (out *SheetDetail, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, campaign, unit)
		if err != nil {
			return err
		}
		if unit == "" || !a.in[unit] {
			return errNoUnit
		}
		u := r.tree.units[r.tree.at[unit]]
		v := newViewer(tx, r, a.c, a.rules)
		rows, err := v.sheets([]models.Unit{u}, d.nowMS())
		if err != nil {
			return err
		}
		out = &SheetDetail{SheetRow: rows[0], Fields: map[string]json.RawMessage{}, ConflictList: []ConflictView{},
			Review: ReviewView{Comments: []CommentView{}}, TextRows: a.textRows()}
		if out.Version == 0 {
			return nil
		}
		v, s, err := d.open(tx, r, RecordName{Campaign: campaign, Unit: unit, Kind: models.SheetKind, ID: unit})
		if err != nil {
			return err
		}
		out.Fields, out.ConflictList, out.Review = fields(s.Record), v.conflicts(s.Record), v.review(s.Record)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// textRows lists the free rows of the campaign's tables.
func (a *area) textRows() []TextRow {
	out := []TextRow{}
	if a.rules == nil {
		return out
	}
	for _, t := range a.rules.Templates() {
		for _, row := range t.Rows() {
			if !row.Numeric() {
				out = append(out, TextRow{Template: t.ID, Code: row.Code, Label: row.FullLabel(), LabelEN: row.FullLabelEN()})
			}
		}
	}
	return out
}
