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

// EventSums adds events up by unit and review state. An index holds all that is asked for.
func (t *tx) EventSums(campaign string, units []string) ([]office.EventSum, error) {
	w := t.events(campaign, units)
	return gather(t, func(r *sql.Rows, s *office.EventSum) error {
		return r.Scan(&s.Unit, &s.Review, &s.Events, &s.Urgent, &s.Unplaced, &s.Outside)
	}, "SELECT unit, review, COUNT(*), "+
		"CAST(SUM(CASE WHEN flags & 2 <> 0 AND review <> 'accepted' THEN 1 ELSE 0 END) AS BIGINT), "+
		"CAST(SUM(CASE WHEN flags & 64 <> 0 THEN 1 ELSE 0 END) AS BIGINT), "+
		"CAST(SUM(CASE WHEN flags & 128 <> 0 THEN 1 ELSE 0 END) AS BIGINT) "+
		"FROM listing WHERE "+w.String()+" GROUP BY unit, review ORDER BY unit, review", w.args...)
}

// EventTimes counts events by quarters of an hour, in which the days of every zone begin.
func (t *tx) EventTimes(campaign string, units []string) (map[int64]int64, error) {
	out := map[int64]int64{}
	w := t.events(campaign, units)
	err := t.each(func(r *sql.Rows) error {
		var quarter, n int64
		if err := r.Scan(&quarter, &n); err != nil {
			return err
		}
		out[quarter*900_000] = n
		return nil
	}, "SELECT sort_ms / 900000 AS quarter, COUNT(*) FROM listing WHERE "+w.String()+" GROUP BY quarter", w.args...)
	return out, err
}

// Conflicted counts records with a conflict.
func (t *tx) Conflicted(campaign string, units []string) (n int64, err error) {
	w := t.where()
	w.and("campaign = ? AND flags & 8 <> 0", campaign)
	w.in("unit", units)
	_, err = t.one("SELECT COUNT(*) FROM listing WHERE "+w.String(), w.args, &n)
	return n, err
}

// isItem tells media items, which are the same only in two units: one unit may well place one twice.
const isItem = "(likeness >= 'i' AND likeness < 'j')"

// pairs returns the common part of queries about pairs: dup holds the kinds of likeness that make a
// pair, when a page is asked for no more than it needs.
func (t *tx) pairs(q office.PairSelect) (string, []any) {
	w := t.where()
	w.and("campaign = ? AND likeness <> ''", q.Campaign)
	w.in("unit", q.Units)
	if q.Likeness != "" {
		w.and("likeness = ?", q.Likeness)
	}
	dup, args := "SELECT likeness FROM listing WHERE "+w.String(), append([]any{}, w.args...)
	if q.After != nil {
		dup, args = dup+" AND likeness >= ?", append(args, q.After.Likeness)
	}
	dup += " GROUP BY likeness HAVING COUNT(*) > 1 AND (NOT " + isItem + " OR MIN(scope_no) <> MAX(scope_no))"
	if q.Atmost > 0 { // each makes a pair or more, but perhaps for the one that the page before ended with
		dup, args = dup+" ORDER BY likeness LIMIT ?", append(args, q.Atmost+1)
	}
	sql := "WITH dup AS (" + dup + "), ranked AS (SELECT likeness, sort_ms, id, scope_no, " +
		"FIRST_VALUE(id) OVER s AS first_id, FIRST_VALUE(scope_no) OVER s AS first_scope, ROW_NUMBER() OVER s AS place " +
		"FROM listing WHERE " + w.String() + " AND likeness IN (SELECT likeness FROM dup) " +
		"WINDOW s AS (PARTITION BY likeness ORDER BY sort_ms, id, scope_no)) "
	return sql, append(args, w.args...)
}

const isPair = " FROM ranked WHERE place > 1 AND (scope_no <> first_scope OR NOT " + isItem + ")"

// Pairs lists events behind the first of their likeness.
func (t *tx) Pairs(q office.PairSelect) ([]office.Pair, error) {
	query, args := t.pairs(q)
	query += "SELECT likeness, sort_ms, id, scope_no, first_id, first_scope" + isPair
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

// CountPairs counts events behind the first of their likeness.
func (t *tx) CountPairs(campaign string, units []string) (n int64, err error) {
	head, args := t.pairs(office.PairSelect{Campaign: campaign, Units: units})
	_, err = t.one(head+"SELECT COUNT(*)"+isPair, args, &n)
	return n, err
}
