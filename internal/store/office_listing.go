package store

import (
	"database/sql"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// fewUnits is up to how many units a page is merged from one range of an index per unit; for more, the
// campaign's whole range is read in order and others' rows are passed over.
const fewUnits = 32

// pageColumns is what a page needs of a listing: all of it stands in the indexes of pages, so that
// rows that are passed over are not looked up.
const pageColumns = "scope_no, kind, id, campaign, unit, sort_ms, review, flags"

func scanPage(r *sql.Rows, l *models.Listing) error {
	return r.Scan(&l.Scope, &l.Kind, &l.ID, &l.Campaign, &l.Unit, &l.SortMS, &l.Review, &l.Flags)
}

// Listings returns a page by (time, id, scope), newest or oldest first.
func (t *tx) Listings(q office.ListingSelect) ([]models.Listing, error) {
	down := " DESC"
	if q.OldestFirst {
		down = ""
	}
	order := " ORDER BY sort_ms" + down + ", id" + down + ", scope_no" + down + " LIMIT ?"
	var parts []string
	var args []any
	for _, w := range t.ranges(q) {
		if q.After != nil {
			op := "<"
			if q.OldestFirst {
				op = ">"
			}
			w.and("sort_ms "+op+"= ?", q.After.SortMS)
			if q.Inclusive {
				op += "="
			}
			w.and("(sort_ms, id, scope_no) "+op+" (?, ?, ?)", q.After.SortMS, q.After.ID, q.After.Scope)
		}
		parts = append(parts, "SELECT * FROM (SELECT "+pageColumns+" FROM listing "+w.using+"WHERE "+w.String()+order+") AS p")
		args = append(append(args, w.args...), q.Atmost)
	}
	if len(parts) == 0 {
		return nil, nil
	}
	sql := strings.Join(parts, " UNION ALL ")
	if len(parts) > 1 {
		sql, args = sql+order, append(args, q.Atmost)
	}
	return gather(t, scanPage, sql, args...)
}

// CountSelected counts what is selected, at most so many.
func (t *tx) CountSelected(q office.ListingSelect, atMost int) (n int, err error) {
	q.After = nil
	for _, w := range t.ranges(q) {
		var some int
		if _, err := t.one("SELECT COUNT(*) FROM (SELECT 1 FROM listing "+w.using+"WHERE "+w.String()+" LIMIT ?) AS p",
			append(w.args, atMost-n), &some); err != nil {
			return 0, err
		}
		if n += some; n >= atMost {
			break
		}
	}
	return n, nil
}

// ranges returns the conditions of a query, one set per range of an index that it reads. The ranges
// share no row.
func (t *tx) ranges(q office.ListingSelect) (out []*where) {
	kinds := []models.Kind{q.Kind}
	if q.Kind == "" {
		kinds = []models.Kind{models.EventKind, models.LotKind, models.PhotoKind, models.SheetKind}
	}
	for _, kind := range kinds {
		if q.Units == nil || q.Wide || len(q.OrMark) > 0 || q.All == models.HasConflict || len(q.Units)*len(kinds) > fewUnits {
			w := t.selected(q, kind)
			if q.Units != nil {
				cond, arg := t.oneOf("unit", q.Units)
				conds, args := []string{cond}, []any{arg}
				for _, m := range q.OrMark {
					conds, args = append(conds, t.holds("marks")), append(args, m)
				}
				w.and(either(conds...), args...)
			}
			out = append(out, w)
			continue
		}
		for _, u := range q.Units {
			w := t.selected(q, kind)
			w.and("unit = ?", u)
			w.use("listing_page")
			out = append(out, w)
		}
	}
	return out
}

// selected returns the conditions beside the units.
func (t *tx) selected(q office.ListingSelect, kind models.Kind) *where {
	w := t.where()
	w.and("campaign = ?", q.Campaign)
	if kind == models.EventKind {
		w.and("kind = 'event'") // as the indexes of pages say it
	} else {
		w.and("kind = ?", string(kind))
	}
	if q.FromMS != 0 {
		w.and("sort_ms >= ?", q.FromMS)
	}
	if q.ToMS != 0 {
		w.and("sort_ms < ?", q.ToMS)
	}
	if len(q.Review) > 0 {
		var conds []string
		var args []any
		for _, state := range q.Review {
			conds, args = append(conds, "review = ?"), append(args, string(state))
		}
		w.and(either(conds...), args...)
	}
	if q.All != 0 {
		w.and("flags & ? = ?", q.All, q.All)
		if q.All == models.HasConflict {
			w.and("flags & 8 <> 0") // as the index of conflicts says it
			w.use("listing_conflict")
		}
	}
	if q.None != 0 {
		w.and("flags & ? = 0", q.None)
	}
	for _, m := range q.Marks {
		w.has("marks", m)
	}
	w.has("find", q.Find)
	return w
}

// Children lists the records of a kind that hang on another, deleted ones left out.
func (t *tx) Children(kind models.Kind, scope int64, parent string, atMost int) ([]models.Listing, error) {
	return gather(t, scanPage, "SELECT "+pageColumns+" FROM listing WHERE scope_no = ? AND parent = ? AND parent <> '' "+
		"AND kind = ? AND flags & 1 = 0 ORDER BY sort_ms, id LIMIT ?", scope, parent, string(kind), atMost)
}

// PhotosOf counts the photos of events, deleted ones left out.
func (t *tx) PhotosOf(events []gateway.Key) (map[gateway.Key]int, error) {
	out := map[gateway.Key]int{}
	nos, ids := make([]int64, len(events)), make([]string, len(events))
	for i, k := range events {
		nos[i], ids[i] = k.Scope, k.ID
	}
	w := t.where()
	cond, arg := t.oneOfInts("scope_no", nos)
	w.and(cond, arg)
	w.in("parent", ids)
	err := t.each(func(r *sql.Rows) error {
		k := gateway.Key{Kind: models.EventKind}
		var n int
		if err := r.Scan(&k.Scope, &k.ID, &n); err != nil {
			return err
		}
		out[k] = n
		return nil
	}, "SELECT scope_no, parent, COUNT(*) FROM listing WHERE "+w.String()+" AND parent <> '' AND kind = 'photo' AND flags & 1 = 0 "+
		"GROUP BY scope_no, parent", w.args...)
	return out, err
}

// RecordsAt reads records by their keys, without locking them.
func (t *tx) RecordsAt(keys []gateway.Key) (map[gateway.Key]gateway.Stored, error) {
	out := make(map[gateway.Key]gateway.Stored, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	read := func(r *sql.Rows) error {
		var s gateway.Stored
		if err := scanStored(r, &s); err != nil {
			return err
		}
		if s.Record.Exists() {
			out[s.Key] = s
		}
		return nil
	}
	if t.pg {
		scopes, kinds, ids := make([]int64, len(keys)), make([]string, len(keys)), make([]string, len(keys))
		for i, k := range keys {
			scopes[i], kinds[i], ids[i] = k.Scope, string(k.Kind), k.ID
		}
		if err := t.each(read, "SELECT r.* FROM unnest(?::bigint[], ?::text[], ?::text[]) AS k (s, k, i) CROSS JOIN LATERAL "+
			"(SELECT "+recordColumns+" FROM record WHERE scope_no = k.s AND kind = k.k AND id = k.i) r", scopes, kinds, ids); err != nil {
			return nil, err
		}
	} else if err := t.readSQLite(keys, read); err != nil {
		return nil, err
	}
	var nos []int64
	for k := range out {
		nos = append(nos, k.Scope)
	}
	scopes, err := t.ScopesByNo(nos)
	for i := range scopes {
		for k := range out {
			if k.Scope == scopes[i].No {
				out[k].Record.Scope = scopes[i].Name()
			}
		}
	}
	return out, err
}

// ScopeOf returns a scope, nil when there is none.
func (t *tx) ScopeOf(campaign, unit string) (*models.Scope, error) { return t.scope(campaign, unit) }

// ListingOf returns what lists know of a record, nil when there is none.
func (t *tx) ListingOf(k gateway.Key) (*models.Listing, error) {
	list, err := gather(t, func(r *sql.Rows, l *models.Listing) error {
		return r.Scan(&l.Scope, &l.Kind, &l.ID, &l.Campaign, &l.Unit, &l.SortMS, &l.Review, &l.Flags, &l.Parent, &l.Likeness)
	}, "SELECT "+pageColumns+", parent, likeness FROM listing WHERE scope_no = ? AND kind = ? AND id = ?", k.Scope, string(k.Kind), k.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// ScopesOfCampaign lists the scopes of a campaign.
func (t *tx) ScopesOfCampaign(campaign string) ([]models.Scope, error) {
	return gather(t, scanScope, "SELECT "+scopeColumns+" FROM scope WHERE campaign = ? ORDER BY no", campaign)
}

// ScopesByNo lists scopes by their numbers.
func (t *tx) ScopesByNo(nos []int64) ([]models.Scope, error) {
	cond, arg := t.oneOfInts("no", nos)
	return gather(t, scanScope, "SELECT "+scopeColumns+" FROM scope WHERE "+cond+" ORDER BY no", arg)
}
