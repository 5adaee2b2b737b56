package store

import (
	"database/sql"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/office"
)

// events returns the conditions on the events of a campaign that count for units, deleted ones left
// out.
func (t *tx) events(campaign string, units []string) *where {
	w := t.where()
	w.and("campaign = ? AND kind = 'event' AND flags & 1 = 0", campaign)
	w.in("unit", units)
	return w
}

// EventSums adds events up by unit. It reads the index of the units' pages in its order.
func (t *tx) EventSums(campaign string, units []string) ([]office.EventSum, error) {
	w := t.events(campaign, units)
	w.use("listing_page")
	sum := func(cond string) string { return ", CAST(SUM(CASE WHEN " + cond + " THEN 1 ELSE 0 END) AS BIGINT)" }
	return gather(t, func(r *sql.Rows, s *office.EventSum) error {
		n := &s.States
		err := r.Scan(&s.Unit, &s.Events, &n.Edited, &n.Issues, &n.Returned, &n.Accepted, &s.Urgent, &s.Unplaced, &s.Outside)
		n.Received = s.Events - n.Edited - n.Issues - n.Returned - n.Accepted
		return err
	}, "SELECT unit, COUNT(*)"+sum("review = 'edited'")+sum("review = 'issues'")+sum("review = 'returned'")+sum("review = 'accepted'")+
		sum("flags & 2 <> 0 AND review <> 'accepted'")+sum("flags & 64 <> 0")+sum("flags & 128 <> 0")+
		" FROM listing "+w.using+"WHERE "+w.String()+" GROUP BY unit ORDER BY unit", w.args...)
}

// EventSpan returns the times of the first and the last event of a campaign, 0 when there are none.
func (t *tx) EventSpan(campaign string) (first, last int64, err error) {
	of := func(order string) string {
		return "COALESCE((SELECT sort_ms FROM listing WHERE campaign = ? AND kind = 'event' ORDER BY sort_ms " + order + " LIMIT 1), 0)"
	}
	_, err = t.one("SELECT "+of("ASC")+", "+of("DESC"), []any{campaign, campaign}, &first, &last)
	return first, last, err
}

// EventCounts counts events of spans of time: from the first of each pair up to, not including, the
// second.
func (t *tx) EventCounts(campaign string, units []string, spans [][2]int64) ([]int64, error) {
	w := t.events(campaign, units)
	from, args := "(SELECT key AS n, json_extract(value, '$[0]') AS lo, json_extract(value, '$[1]') AS hi FROM json_each(?)) AS b", []any{jsonList(spans)}
	if t.pg {
		lo, hi := make([]int64, len(spans)), make([]int64, len(spans))
		for i := range spans {
			lo[i], hi[i] = spans[i][0], spans[i][1]
		}
		from, args = "unnest(?::bigint[], ?::bigint[]) WITH ORDINALITY AS b (lo, hi, n)", []any{lo, hi}
	}
	return gather(t, func(r *sql.Rows, n *int64) error { return r.Scan(n) },
		"SELECT (SELECT COUNT(*) FROM listing WHERE "+w.String()+" AND sort_ms >= b.lo AND sort_ms < b.hi) FROM "+from+" ORDER BY b.n",
		append(w.args, args...)...)
}

// Conflicted counts records with a conflict.
func (t *tx) Conflicted(campaign string, units []string) (n int64, err error) {
	w := t.where()
	w.and("campaign = ? AND flags & 8 <> 0", campaign)
	w.in("unit", units)
	w.use("listing_conflict")
	_, err = t.one("SELECT COUNT(*) FROM listing "+w.using+"WHERE "+w.String(), w.args, &n)
	return n, err
}

// alike returns the conditions on the events that can be one of a pair.
func (t *tx) alike(q office.PairSelect) *where {
	w := t.where()
	w.and("l.campaign = ? AND l.likeness <> ''", q.Campaign)
	w.in("l.unit", q.Units)
	if q.Likeness != "" {
		w.and("l.likeness = ?", q.Likeness)
	}
	return w
}

// pairs returns the first part of a query about a page of pairs. dup holds the kinds of likeness that make
// them, no more than the page needs, and each is looked up by itself: a database that has no statistics yet
// would else join what it thinks is little.
func (t *tx) pairs(q office.PairSelect) (string, []any) {
	w := t.alike(q)
	dup, args := "SELECT l.likeness FROM listing l WHERE "+w.String(), append([]any{}, w.args...)
	if q.After != nil {
		dup, args = dup+" AND l.likeness >= ?", append(args, q.After.Likeness)
	}
	// Each makes a pair or more, but perhaps for the one that the page before ended with.
	dup, args = dup+" GROUP BY l.likeness HAVING COUNT(*) > 1 ORDER BY l.likeness LIMIT ?", append(args, q.Atmost+1)
	from := "FROM listing l WHERE " + w.String() + " AND l.likeness IN (SELECT likeness FROM dup)"
	if t.pg {
		from = "FROM dup CROSS JOIN LATERAL (SELECT l.likeness, l.sort_ms, l.id, l.scope_no FROM listing l WHERE " + w.String() +
			" AND l.likeness = dup.likeness OFFSET 0) l"
	}
	return "WITH dup AS (" + dup + "), ranked AS (SELECT l.likeness, l.sort_ms, l.id, l.scope_no, " +
		"FIRST_VALUE(l.id) OVER s AS first_id, FIRST_VALUE(l.scope_no) OVER s AS first_scope, ROW_NUMBER() OVER s AS place " +
		from + " WINDOW s AS (PARTITION BY l.likeness ORDER BY l.sort_ms, l.id, l.scope_no)) ", append(args, w.args...)
}

// Pairs lists events behind the first of their likeness.
func (t *tx) Pairs(q office.PairSelect) ([]office.Pair, error) {
	query, args := t.pairs(q)
	query += "SELECT likeness, sort_ms, id, scope_no, first_id, first_scope FROM ranked WHERE place > 1"
	if q.After != nil {
		query += " AND (likeness, sort_ms, id, scope_no) > (?, ?, ?, ?)"
		args = append(args, q.After.Likeness, q.After.SortMS, q.After.ID, q.After.Scope)
	}
	return gather(t, func(r *sql.Rows, p *office.Pair) error {
		p.First.Kind, p.Second.Kind = models.EventKind, models.EventKind
		err := r.Scan(&p.Likeness, &p.SortMS, &p.ID, &p.Scope, &p.First.ID, &p.First.Scope)
		p.Second.ID, p.Second.Scope = p.ID, p.Scope
		return err
	}, query+" ORDER BY likeness, sort_ms, id, scope_no LIMIT ?", append(args, q.Atmost)...)
}

// orphans returns the common part of queries about twins whose first event does not count, both within
// the units.
func (t *tx) orphans(q office.PairSelect) (string, []any) {
	w := t.where()
	w.in("t.unit", q.Units)
	w.in("f.unit", q.Units)
	if q.After != nil {
		w.and("(t.sort_ms, t.id, t.scope_no) > (?, ?, ?)", q.After.SortMS, q.After.ID, q.After.Scope)
	}
	return orphans + " AND " + w.String(), append([]any{q.Campaign}, w.args...)
}

// OrphanPairs lists twins whose first event does not count any more, by time.
func (t *tx) OrphanPairs(q office.PairSelect) ([]office.Pair, error) {
	from, args := t.orphans(q)
	return gather(t, func(r *sql.Rows, p *office.Pair) error {
		p.First.Kind, p.Second.Kind = models.EventKind, models.EventKind
		err := r.Scan(&p.SortMS, &p.ID, &p.Scope, &p.First.ID, &p.First.Scope)
		p.Second.ID, p.Second.Scope = p.ID, p.Scope
		return err
	}, "SELECT t.sort_ms, t.id, t.scope_no, f.id, f.scope_no"+from+" ORDER BY t.sort_ms, t.id, t.scope_no LIMIT ?", append(args, q.Atmost)...)
}

// CountPairs counts events behind the first of their likeness, and twins whose first event does not count.
func (t *tx) CountPairs(campaign string, units []string) (n int64, err error) {
	w := t.alike(office.PairSelect{Campaign: campaign, Units: units})
	if _, err = t.one("SELECT CAST(COALESCE(SUM(n - 1), 0) AS BIGINT) FROM (SELECT COUNT(*) AS n FROM listing l WHERE "+w.String()+
		" GROUP BY l.likeness) g", w.args, &n); err != nil {
		return 0, err
	}
	gone, err := t.CountOrphans(campaign, units)
	return n + gone, err
}

// CountOrphans counts twins whose first event does not count any more.
func (t *tx) CountOrphans(campaign string, units []string) (n int64, err error) {
	from, args := t.orphans(office.PairSelect{Campaign: campaign, Units: units})
	_, err = t.one("SELECT COUNT(*)"+from, args, &n)
	return n, err
}
