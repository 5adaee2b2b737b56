package store

import (
	"database/sql"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// PutListings writes what lists know of records.
func (t *tx) PutListings(list []*models.Listing) error {
	return t.values("INSERT INTO listing ("+listingColumns+")", 12, len(list),
		"ON CONFLICT (scope_no, kind, id) DO UPDATE SET campaign = excluded.campaign, unit = excluded.unit, "+
			"sort_ms = excluded.sort_ms, review = excluded.review, flags = excluded.flags, parent = excluded.parent, "+
			"marks = excluded.marks, likeness = excluded.likeness, find = excluded.find",
		func(a []any, i int) []any {
			l := list[i]
			return append(a, l.Scope, string(l.Kind), l.ID, l.Campaign, l.Unit, l.SortMS, string(l.Review), l.Flags,
				l.Parent, l.Marks, l.Likeness, l.Find)
		})
}

const listingColumns = "scope_no, kind, id, campaign, unit, sort_ms, review, flags, parent, marks, likeness, find"

// Alike returns the events of a campaign that share their likeness with another, by key.
func (t *tx) Alike(campaign string) ([]gateway.Key, error) {
	return t.keys("SELECT scope_no, kind, id FROM listing WHERE campaign = ? AND likeness <> '' AND likeness IN "+
		"(SELECT likeness FROM listing WHERE campaign = ? AND likeness <> '' GROUP BY likeness HAVING COUNT(*) > 1) "+
		"ORDER BY scope_no, kind, id", campaign, campaign)
}

// Flagged returns the records of a campaign that bear a flag, by key.
func (t *tx) Flagged(campaign string, kind models.Kind, flag int64) ([]gateway.Key, error) {
	q, args := "kind = ?", []any{campaign, flag, string(kind)}
	if kind == models.EventKind {
		q, args = "kind = 'event'", args[:2] // as the indexes of events say it
	}
	return t.keys("SELECT scope_no, kind, id FROM listing WHERE campaign = ? AND (flags & ?) <> 0 AND "+q+
		" ORDER BY scope_no, kind, id", args...)
}

// orphans selects the twins whose first event was deleted or is a twin itself: t the twin, f the first.
// A twin's listing names its first by unit and id.
const orphans = " FROM listing t JOIN scope s ON s.campaign = t.campaign AND s.unit = SUBSTR(t.parent, 1, 36) " +
	"JOIN listing f ON f.scope_no = s.no AND f.kind = 'event' AND f.id = SUBSTR(t.parent, 38) " +
	"WHERE t.campaign = ? AND t.kind = 'event' AND t.flags & 32 <> 0 AND t.flags & 1 = 0 AND f.flags & 33 <> 0"

// Orphans returns the events of a campaign that were judged to be another which does not count itself
// any more, by key.
func (t *tx) Orphans(campaign string) ([]gateway.Key, error) {
	return t.keys("SELECT t.scope_no, t.kind, t.id"+orphans+" ORDER BY t.scope_no, t.kind, t.id", campaign)
}

// OpenSheets counts the sheets of a campaign that are there and not accepted.
func (t *tx) OpenSheets(campaign string) (n int64, err error) {
	_, err = t.one("SELECT COUNT(*) FROM scope s JOIN listing l ON l.scope_no = s.no AND l.kind = 'sheet' AND l.id = s.unit "+
		"WHERE s.campaign = ? AND l.flags & 1 = 0 AND l.review <> 'accepted'", []any{campaign}, &n)
	return n, err
}

func (t *tx) keys(query string, args ...any) (out []gateway.Key, err error) {
	err = t.each(func(r *sql.Rows) error {
		var k gateway.Key
		if err := r.Scan(&k.Scope, &k.Kind, &k.ID); err != nil {
			return err
		}
		out = append(out, k)
		return nil
	}, query, args...)
	return out, err
}

// ScopeListings lists what lists know of the records of a scope, by kind and id.
func (t *tx) ScopeListings(scope int64) (out []models.Listing, err error) {
	err = t.each(func(r *sql.Rows) error {
		var l models.Listing
		if err := r.Scan(&l.Scope, &l.Kind, &l.ID, &l.Campaign, &l.Unit, &l.SortMS, &l.Review, &l.Flags, &l.Parent,
			&l.Marks, &l.Likeness, &l.Find); err != nil {
			return err
		}
		out = append(out, l)
		return nil
	}, "SELECT "+listingColumns+" FROM listing WHERE scope_no = ? ORDER BY kind, id", scope)
	return out, err
}

const auditColumns = "log_no, seq, at_ms, officer, op, campaign, unit, kind, id"

// PutAudit writes what lines of the office are about.
func (t *tx) PutAudit(rows []models.AuditLine) error {
	return t.values("INSERT INTO audit ("+auditColumns+")", 9, len(rows),
		"ON CONFLICT (log_no, seq) DO UPDATE SET at_ms = excluded.at_ms, officer = excluded.officer, op = excluded.op, "+
			"campaign = excluded.campaign, unit = excluded.unit, kind = excluded.kind, id = excluded.id",
		func(a []any, i int) []any {
			l := &rows[i]
			return append(a, l.Log, l.Seq, l.AtMS, l.Officer, l.Op, l.Campaign, l.Unit, l.Kind, l.ID)
		})
}

// AuditOf returns the audit rows of [from, from+n) of a log.
func (t *tx) AuditOf(log, from, n int64) (out []models.AuditLine, err error) {
	err = t.each(func(r *sql.Rows) error {
		var l models.AuditLine
		if err := r.Scan(&l.Log, &l.Seq, &l.AtMS, &l.Officer, &l.Op, &l.Campaign, &l.Unit, &l.Kind, &l.ID); err != nil {
			return err
		}
		out = append(out, l)
		return nil
	}, "SELECT "+auditColumns+" FROM audit WHERE log_no = ? AND seq >= ? AND seq < ? ORDER BY seq", log, from, from+n)
	return out, err
}

// CountListings and CountAudit say how many rows there are, for verify: a row too many names no record.
func (t *tx) CountListings() (n int64, err error) {
	_, err = t.one("SELECT COUNT(*) FROM listing", nil, &n)
	return n, err
}

// CountAudit returns how many lines the audit trail has.
func (t *tx) CountAudit() (n int64, err error) {
	_, err = t.one("SELECT COUNT(*) FROM audit", nil, &n)
	return n, err
}

// Note reads what is noted about the database itself, "" when there is nothing.
func (t *tx) Note(key string) (string, error) {
	var v []byte
	_, err := t.one("SELECT value FROM meta WHERE key = ?", []any{key}, &v)
	return string(v), err
}

// PutNote notes something about the database itself.
func (t *tx) PutNote(key, value string) error {
	return t.exec("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, []byte(value))
}
