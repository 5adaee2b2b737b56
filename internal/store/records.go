package store

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
)

const scopeColumns = "no, campaign, unit, seq, state, rules, building"

func scanScope(r *sql.Rows, s *models.Scope) error {
	return r.Scan(&s.No, &s.Campaign, &s.Unit, &s.Seq, &s.State, &s.Rules, &s.Building)
}

// splitName takes a scope's name apart: campaign:unit, device:<id>, or office.
func splitName(name string) (campaign, unit string) {
	if name == models.OfficeScope {
		return "", models.OfficeScope
	}
	if d, ok := strings.CutPrefix(name, models.FeedPrefix); ok {
		return "", d
	}
	campaign, unit, _ = strings.Cut(name, ":")
	return campaign, unit
}

// Scopes returns the scopes that exist by name.
func (t *tx) Scopes(names []string) (map[string]*models.Scope, error) {
	out := make(map[string]*models.Scope, len(names))
	for _, n := range names {
		c, u := splitName(n)
		s, err := t.scope(c, u)
		if err != nil {
			return nil, err
		}
		if s != nil {
			out[n] = s
		}
	}
	return out, nil
}

func (t *tx) scope(campaign, unit string) (found *models.Scope, err error) {
	err = t.each(func(r *sql.Rows) error {
		found = &models.Scope{}
		return scanScope(r, found)
	}, "SELECT "+scopeColumns+" FROM scope WHERE campaign = ? AND unit = ?", campaign, unit)
	return found, err
}

func (t *tx) ScopeName(no int64) (string, error) {
	var s models.Scope
	_, err := t.one("SELECT campaign, unit FROM scope WHERE no = ?", []any{no}, &s.Campaign, &s.Unit)
	return s.Name(), err
}

// AddScope creates a scope of a unit that stands below the campaign's collecting office. The campaign's row is locked while its state is copied, so that a change
// of state or rules never misses a new scope.
func (t *tx) AddScope(campaign, unit string) (*models.Scope, error) {
	s := models.Scope{Campaign: campaign, Unit: unit}
	if campaign != "" {
		lock := ""
		if t.pg {
			lock = " FOR SHARE"
		}
		ok, err := t.one("SELECT state, rules, building FROM campaign WHERE id = ?"+lock,
			[]any{campaign}, &s.State, &s.Rules, &s.Building)
		if err != nil || !ok {
			return nil, err
		}
		var id, u string
		if ok, err = t.one(fmt.Sprintf(below, "?")+" WHERE c.id = ?", []any{unit, campaign}, &id, &u); err != nil || !ok {
			return nil, err
		}
	}
	if err := t.exec("INSERT INTO scope (campaign, unit, seq, state, rules, building) VALUES (?, ?, 0, ?, ?, ?) "+
		"ON CONFLICT (campaign, unit) DO NOTHING", campaign, unit, string(s.State), s.Rules, s.Building); err != nil {
		return nil, err
	}
	return t.scope(campaign, unit)
}

// Advance raises the counters in the order of the scopes' numbers: rows that others wait for are
// locked late and always in this order.
func (t *tx) Advance(by map[int64]int64) (map[int64]models.Scope, error) {
	nos := make([]int64, 0, len(by))
	for no := range by {
		nos = append(nos, no)
	}
	slices.Sort(nos)
	out := make(map[int64]models.Scope, len(nos))
	for _, no := range nos {
		scan := func(r *sql.Rows) error {
			var s models.Scope
			if err := scanScope(r, &s); err != nil {
				return err
			}
			out[no] = s
			return nil
		}
		if err := t.advance(no, by[no], scan); err != nil {
			return nil, err
		}
	}
	return out, nil
}

const recordColumns = "scope_no, kind, id, version, seq, state, counts"

func scanStored(r *sql.Rows, s *gateway.Stored) error {
	var state []byte
	rec := &merge.Record{}
	if err := r.Scan(&s.Key.Scope, &s.Key.Kind, &s.Key.ID, &rec.Version, &rec.Seq, &state, &s.Counts); err != nil {
		return err
	}
	rec.Kind, rec.ID = s.Key.Kind, s.Key.ID
	s.Record = rec
	if len(state) == 0 {
		return nil // a stub
	}
	s.Size = len(state)
	return rec.Decode(state)
}

// LockRecords locks the records in the order of the keys. Missing ones are first made as stubs:
// two servers that each hold a half of what belongs together must meet at a row.
func (t *tx) LockRecords(keys []gateway.Key) ([]gateway.Stored, error) {
	out := make([]gateway.Stored, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	names := map[int64]string{}
	at := make(map[gateway.Key]int, len(keys))
	for i, k := range keys {
		at[k] = i
		if _, ok := names[k.Scope]; !ok {
			n, err := t.ScopeName(k.Scope)
			if err != nil {
				return nil, err
			}
			names[k.Scope] = n
		}
	}
	read := func(r *sql.Rows) error {
		var s gateway.Stored
		if err := scanStored(r, &s); err != nil {
			return err
		}
		out[at[s.Key]] = s
		return nil
	}
	if t.pg {
		if err := t.lockPostgres(keys, read); err != nil {
			return nil, err
		}
	} else if err := t.readSQLite(keys, read); err != nil {
		return nil, err
	}
	for i, k := range keys {
		if out[i].Record == nil {
			out[i] = gateway.Stored{Key: k, Record: &merge.Record{Kind: k.Kind, ID: k.ID}}
		}
		out[i].Record.Scope = names[k.Scope]
	}
	return out, nil
}

// Find reads one record without locking it, nil when there is none.
func (t *tx) Find(k gateway.Key) (found *gateway.Stored, err error) {
	err = t.each(func(r *sql.Rows) error {
		found = &gateway.Stored{}
		return scanStored(r, found)
	}, "SELECT "+recordColumns+" FROM record WHERE scope_no = ? AND kind = ? AND id = ? AND version > 0",
		k.Scope, string(k.Kind), k.ID)
	if err != nil || found == nil {
		return nil, err
	}
	found.Record.Scope, err = t.ScopeName(k.Scope)
	return found, err
}

// readSQLite reads records; the writer is alone, so nothing needs locking.
func (t *tx) readSQLite(keys []gateway.Key, read func(*sql.Rows) error) error {
	for i := 0; i < len(keys); {
		k := chunk(len(keys) - i)
		a := make([]any, 0, 3*k)
		for _, key := range keys[i : i+k] {
			a = append(a, key.Scope, string(key.Kind), key.ID)
		}
		q := t.db.valuesSQL("SELECT "+recordColumns+" FROM record WHERE (scope_no, kind, id) IN (VALUES", 3, k, ")")
		if err := t.scan(q, a, read); err != nil {
			return err
		}
		i += k
	}
	return nil
}

// lockPostgres makes stubs of what is missing and locks the rows one by one in the order given.
// LATERAL keeps that order and the index, whatever the planner thinks of the table's size.
func (t *tx) lockPostgres(keys []gateway.Key, read func(*sql.Rows) error) error {
	scopes, kinds, ids := make([]int64, len(keys)), make([]string, len(keys)), make([]string, len(keys))
	for i, k := range keys {
		scopes[i], kinds[i], ids[i] = k.Scope, string(k.Kind), k.ID
	}
	const wanted = "unnest(?::bigint[], ?::text[], ?::text[]) AS k (s, k, i)"
	if err := t.exec("INSERT INTO record (scope_no, kind, id, version, seq, deleted, review, state, data, counts) "+
		"SELECT k.s, k.k, k.i, 0, 0, false, '', '', '', '' FROM "+wanted+
		" WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.scope_no = k.s AND r.kind = k.k AND r.id = k.i) "+
		"ON CONFLICT DO NOTHING", scopes, kinds, ids); err != nil {
		return err
	}
	return t.each(read, "SELECT r.* FROM "+wanted+" CROSS JOIN LATERAL (SELECT "+recordColumns+
		" FROM record WHERE scope_no = k.s AND kind = k.k AND id = k.i FOR NO KEY UPDATE) r", scopes, kinds, ids)
}

// below lists, for each unit of a list, the campaigns whose collecting office stands above it.
const below = "WITH RECURSIVE up (unit, above) AS (SELECT id, id FROM unit WHERE id IN (%s) " +
	"UNION SELECT up.unit, u.parent FROM up JOIN unit u ON u.id = up.above WHERE u.parent <> '') " +
	"SELECT c.id, up.unit FROM up JOIN campaign c ON c.unit = up.above"

// ScopesOf returns the names of the scopes that present assignments reach, whether a line has
// reached them or not. Draft campaigns are not shown to phones.
func (t *tx) ScopesOf(as []models.Assignment) ([]string, error) {
	units := map[string][]string{} // unit → campaigns, "" for all
	var a []any
	for i := range as {
		if as[i].EndedMS != 0 {
			continue
		}
		if _, ok := units[as[i].Unit]; !ok {
			a = append(a, as[i].Unit)
		}
		units[as[i].Unit] = append(units[as[i].Unit], as[i].Campaign)
	}
	out := []string{}
	if len(a) == 0 {
		return out, nil
	}
	err := t.each(func(r *sql.Rows) error {
		var campaign, unit string
		if err := r.Scan(&campaign, &unit); err != nil {
			return err
		}
		if list := units[unit]; slices.Contains(list, "") || slices.Contains(list, campaign) {
			out = append(out, campaign+":"+unit)
		}
		return nil
	}, fmt.Sprintf(below, marks(len(a)))+" WHERE c.state <> 'draft' ORDER BY c.id, up.unit", a...)
	return out, err
}
