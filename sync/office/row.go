package office

import (
	"context"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// mostMarks is up to how many units an event of another unit is looked for by what it gives to them.
// Beyond that all events that give to the row are looked through.
const mostMarks = 16

// Row opens one cell of a table: what gives something to it, the newest first. The cell's own figures
// come from the totals; the parts of all pages together add up to them. A part from an event of
// another unit, such as the people one sent to it, is shown without the event where the reach does
// not show that.
func (d *Desk) Row(ctx context.Context, r *Reach, q TableQuery, row string, p Paging) (*RowPage, error) {
	pg, err := p.page(3, 1, "row", q.Campaign, q.Template, q.Unit, row)
	if err != nil {
		return nil, err
	}
	out := &RowPage{Page: Page[RowPart]{Items: []RowPart{}}}
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, q.Campaign, q.Unit)
		if err != nil {
			return err
		}
		tpl, line, err := a.row(q.Template, row)
		if err != nil {
			return err
		}
		t, err := a.table(tx, r, q)
		if err != nil {
			return err
		}
		out.Row = rowView(t.Row(row))
		out.Reported, out.Accepted = out.Row.Reported, out.Row.Accepted
		sel, ok := a.selectRow(tpl, line)
		if !ok {
			return nil
		}
		if sel.Units != nil {
			n, err := tx.CountSelected(ListingSelect{Campaign: sel.Campaign, Kind: sel.Kind, Units: sel.Units}, countedUpTo+1)
			if err != nil {
				return err
			}
			sel.Wide = n > countedUpTo
		}
		v := newViewer(tx, r, a.c, a.rules)
		return eachListed(tx, pg, sel, func(list []models.Listing, show func(i, n int, add func(j int)) bool) error {
			return v.parts(a, tpl.ID, row, list, show, &out.Items)
		}, &out.Next)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// selectRow selects the records that give something to a row for the area's units.
func (a *area) selectRow(tpl *stats.Template, row *stats.Row) (ListingSelect, bool) {
	mark := gateway.MarkOf(a.rules, a.c.Rules, tpl.ID, row.Code)
	s := ListingSelect{Campaign: a.c.ID, Kind: models.EventKind, Units: a.filter(), Marks: []string{"," + mark + ","}}
	if !row.Numeric() {
		s.Kind = models.SheetKind
	}
	if row.Rule.Kind != stats.StaffRule || s.Units == nil {
		return s, mark != ""
	}
	if len(s.Units) > mostMarks {
		s.Units = nil
		return s, mark != ""
	}
	for _, u := range s.Units {
		s.OrMark = append(s.OrMark, ","+mark+"@"+u+",")
	}
	return s, mark != ""
}

// parts shows what listed records give to a row.
func (v *viewer) parts(a *area, template, row string, list []models.Listing, show func(i, n int, add func(j int)) bool, out *[]RowPart) error {
	recs, err := v.tx.RecordsAt(keysOf(list))
	if err != nil {
		return err
	}
	var events []gateway.Key
	for i, k := range keysOf(list) {
		if k.Kind == models.EventKind && v.r.sees(v.c, list[i].Unit) {
			events = append(events, k)
		}
	}
	rows, _, err := v.events(events)
	if err != nil {
		return err
	}
	for i, k := range keysOf(list) {
		s, ok := recs[k]
		if !ok {
			continue
		}
		all, accepted, err := gateway.Contributions(s.Counts, v.c.Rules)
		if err != nil {
			return err
		}
		var mine []RowPart
		for j := range all {
			x := &all[j]
			if x.Template != template || x.Row != row || !a.counts(v.r, x.Unit) {
				continue
			}
			part := RowPart{ContributionView: v.contribution(x, accepted), Kind: k.Kind}
			if e, ok := rows[k]; ok {
				part.Event = &e
			}
			mine = append(mine, part)
		}
		if !show(i, len(mine), func(j int) { *out = append(*out, mine[j]) }) {
			return nil
		}
	}
	return nil
}

// counts reports whether a unit has a column in the area's tables: one that somebody made up has none.
func (a *area) counts(r *Reach, unit string) bool {
	if !a.whole {
		return a.in[unit]
	}
	_, ok := r.tree.at[unit]
	return ok
}

// shownKey makes the key of a row that counts different things readable.
func shownKey(key string) string { return strings.ReplaceAll(key, "\x1f", " · ") }
