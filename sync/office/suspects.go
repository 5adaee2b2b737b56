package office

import (
	"context"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// Suspects lists pairs of events that may be the same facts, or those that were judged. Both events
// of a pair are within the reach; of a unit and all below it, both events of an open pair count for
// them, and the second event of a judged one.
func (d *Desk) Suspects(ctx context.Context, r *Reach, campaign, unit string, judged bool, p Paging) (out Page[SuspectView], err error) {
	out.Items = []SuspectView{}
	pg, err := p.page(2, 2, "suspects", campaign, unit, judged)
	if err != nil {
		return out, err
	}
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, campaign, unit)
		if err != nil {
			return err
		}
		v := newViewer(tx, r, a.c, a.rules)
		if judged {
			return v.judged(a, pg, &out)
		}
		total, err := countPairs(tx, a.c.ID, a.filter())
		if err != nil {
			return err
		}
		out.Total = &total
		photos, err := photoPairs(tx, a.c.ID, a.filter(), nil)
		if err != nil {
			return err
		}
		sel := PairSelect{Campaign: a.c.ID, Units: a.filter(), Atmost: pg.size() + 1}
		if pg.at != nil {
			sel.After = &PairKey{Likeness: pg.at.S[0], ListingKey: ListingKey{SortMS: pg.at.N[0], Scope: pg.at.N[1], ID: pg.at.S[1]}}
		}
		pairs, err := openPairs(tx, sel, photos)
		if err != nil {
			return err
		}
		pairs, out.Next = trim(pg, pairs, func(x *Pair) ([]int64, []string) {
			return []int64{x.SortMS, x.Scope}, []string{x.Likeness, x.ID}
		})
		if out.Items, err = v.pairs(pairs); err != nil {
			return err
		}
		return v.illustrate(out.Items, pairs, photos)
	})
	return out, err
}

// orphaned stands in cursors for the likeness of pairs whose first event does not count any more: they
// come behind the others.
const orphaned = "z"

// openPairs lists pairs that nobody judged, by place and item, then by their pictures alone, and behind them those whose
// judgement has lost its ground.
func openPairs(tx Tx, sel PairSelect, photos []gateway.PhotoPair) (pairs []Pair, err error) {
	all := sel.Atmost
	if sel.After == nil || sel.After.Likeness < pictured {
		if pairs, err = tx.Pairs(sel); err != nil || len(pairs) >= all {
			return pairs, err
		}
		sel.After = nil
	}
	sel.Atmost = all - len(pairs)
	if sel.After == nil || sel.After.Likeness < orphaned {
		if pairs = append(pairs, picturePairs(photos, sel)...); len(pairs) >= all {
			return pairs, nil
		}
		sel.After = nil
	}
	sel.Atmost = all - len(pairs)
	gone, err := tx.OrphanPairs(sel)
	for i := range gone {
		gone[i].Likeness = orphaned
	}
	return append(pairs, gone...), err
}

// pairs shows pairs of events.
func (v *viewer) pairs(list []Pair) ([]SuspectView, error) {
	out := []SuspectView{}
	var keys []gateway.Key
	seen := map[gateway.Key]bool{}
	for _, p := range list {
		for _, k := range []gateway.Key{p.First, p.Second} {
			if !seen[k] {
				seen[k] = true
				keys = append(keys, k)
			}
		}
	}
	rows, recs, err := v.events(keys)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		why, j := gateway.SamePlace, merge.Judged{}
		switch {
		case p.Likeness == orphaned:
			why = gateway.FirstGone
			if s, ok := recs[p.Second]; ok {
				j = s.Record.Judged
			}
		case strings.HasPrefix(p.Likeness, pictured):
			why = "" // the pictures say it
		case strings.HasPrefix(p.Likeness, "i"):
			why = gateway.SameItem
		}
		first, ok := rows[p.First]
		if second, also := rows[p.Second]; ok && also {
			out = append(out, SuspectView{Why: why, Reasons: []string{why}, First: first, Second: second, Verdict: j.Verdict, Reason: j.Reason})
		}
	}
	return out, nil
}

// judged lists the pairs that were judged, by their second events.
func (v *viewer) judged(a *area, pg *pager, out *Page[SuspectView]) error {
	sel := ListingSelect{Campaign: a.c.ID, Kind: models.EventKind, Units: a.filter(), All: models.IsJudged, Atmost: pg.size() + 1}
	if pg.at != nil {
		sel.After = &ListingKey{SortMS: pg.at.N[0], Scope: pg.at.N[1], ID: pg.at.S[1]}
	}
	for {
		list, err := v.tx.Listings(sel)
		if err != nil {
			return err
		}
		rows, recs, err := v.events(keysOf(list))
		if err != nil {
			return err
		}
		firsts, err := v.firsts(recs)
		if err != nil {
			return err
		}
		for i, k := range keysOf(list) {
			first, ok := firsts[k]
			if !ok {
				continue // another's, or gone
			}
			if len(out.Items) == pg.size() {
				return nil // Next stands behind the item before
			}
			j := recs[k].Record.Judged
			out.Items = append(out.Items, SuspectView{Why: "judged", Reasons: []string{}, First: first, Second: rows[k], Verdict: j.Verdict, Reason: j.Reason})
			if len(out.Items) == pg.size() {
				out.Next = pg.next([]int64{list[i].SortMS, list[i].Scope}, "", list[i].ID)
			}
		}
		if len(list) < sel.Atmost {
			out.Next = ""
			return nil
		}
		last := &list[len(list)-1]
		sel.After = &ListingKey{SortMS: last.SortMS, Scope: last.Scope, ID: last.ID}
	}
}

// firsts shows the first events of judged ones, by the keys of the second, where the reach shows them.
func (v *viewer) firsts(seconds map[gateway.Key]gateway.Stored) (map[gateway.Key]EventRow, error) {
	scopes, err := v.tx.ScopesOfCampaign(v.c.ID)
	if err != nil {
		return nil, err
	}
	nos := map[string]int64{}
	for i := range scopes {
		nos[scopes[i].Name()] = scopes[i].No
	}
	of := map[gateway.Key]gateway.Key{}
	var keys []gateway.Key
	seen := map[gateway.Key]bool{}
	for k, s := range seconds {
		j := s.Record.Judged
		f := gateway.Key{Scope: nos[j.Scope], Kind: models.EventKind, ID: j.ID}
		of[k] = f
		if !seen[f] {
			seen[f] = true
			keys = append(keys, f)
		}
	}
	rows, recs, err := v.events(keys)
	out := map[gateway.Key]EventRow{}
	for k, f := range of {
		if s, ok := recs[f]; ok && v.shows(s.Record) {
			out[k] = rows[f]
		}
	}
	return out, err
}
