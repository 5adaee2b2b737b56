package office

import (
	"context"

	"github.com/fieldsync/fieldsync/models"
)

// Conflicts lists fields with more than one truth, those of the newest records first.
func (d *Desk) Conflicts(ctx context.Context, r *Reach, campaign, unit string, p Paging) (out Page[ConflictView], err error) {
	out.Items = []ConflictView{}
	pg, err := p.page(3, 1, "conflicts", campaign, unit)
	if err != nil {
		return out, err
	}
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, campaign, unit)
		if err != nil {
			return err
		}
		v := newViewer(tx, r, a.c, a.rules)
		sel := ListingSelect{Campaign: a.c.ID, Units: a.filter(), All: models.HasConflict}
		if out.Total, err = conflictTotal(tx, sel); err != nil {
			return err
		}
		return eachListed(tx, pg, sel, func(list []models.Listing, show func(i int, n int, add func(j int)) bool) error {
			recs, err := tx.RecordsAt(keysOf(list))
			if err != nil {
				return err
			}
			if err := v.knowAll(recs); err != nil {
				return err
			}
			for i, k := range keysOf(list) {
				s, ok := recs[k]
				if !ok {
					continue
				}
				fields := v.conflicts(s.Record)
				if !show(i, len(fields), func(j int) { out.Items = append(out.Items, fields[j]) }) {
					return nil
				}
			}
			return nil
		}, &out.Next)
	})
	return out, err
}

// mostCounted is up to how many records in conflict are read to say how many fields are.
const mostCounted = 200

// conflictTotal counts the fields with more than one truth, nil when that takes reading many records.
func conflictTotal(tx ListingTx, sel ListingSelect) (*int64, error) {
	sel.Atmost = mostCounted + 1
	list, err := tx.Listings(sel)
	if err != nil || len(list) > mostCounted {
		return nil, err
	}
	recs, err := tx.RecordsAt(keysOf(list))
	total := int64(0)
	for _, s := range recs {
		total += int64(len(s.Record.Conflicts()))
	}
	return &total, err
}

// eachListed pages over what listed records hold, several things or none each. A page ends within a
// record when it is full: the cursor says how many of its things were shown. block is given records
// in order and calls show for each with how many things it has; show adds those that are due and
// reports whether there is room left.
func eachListed(tx ListingTx, pg *pager, sel ListingSelect, block func([]models.Listing, func(i, n int, add func(j int)) bool) error, next *string) error {
	sel.Atmost = pg.size() + 1
	var from ListingKey
	skip, room := 0, pg.size()
	if pg.at != nil {
		from = ListingKey{SortMS: pg.at.N[0], Scope: pg.at.N[1], ID: pg.at.S[0]}
		sel.After, sel.Inclusive, skip = &from, true, int(max(pg.at.N[2], 0))
	}
	cursor := "" // behind the last thing shown
	for {
		list, err := tx.Listings(sel)
		if err != nil {
			return err
		}
		full := false
		err = block(list, func(i, n int, add func(j int)) bool {
			l := &list[i]
			start := 0
			if skip > 0 && (ListingKey{SortMS: l.SortMS, Scope: l.Scope, ID: l.ID}) == from {
				start = min(skip, n)
			}
			for j := start; j < n; j++ {
				if room == 0 {
					full = true
					return false
				}
				add(j)
				room--
				cursor = pg.next([]int64{l.SortMS, l.Scope, int64(j + 1)}, l.ID)
			}
			return true
		})
		if err != nil {
			return err
		}
		if full {
			*next = cursor
			return nil
		}
		if len(list) < sel.Atmost {
			return nil
		}
		last := &list[len(list)-1]
		sel.After, sel.Inclusive = &ListingKey{SortMS: last.SortMS, Scope: last.Scope, ID: last.ID}, false
	}
}
