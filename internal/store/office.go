package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/fieldsync/fieldsync/sync/office"
)

// Read runs fn on one snapshot, for the office's desk.
func (db *DB) Read(ctx context.Context, fn func(office.Tx) error) error {
	return db.view(ctx, func(t *tx) error { return fn(t) })
}

// where gathers the conditions of a query that people compose.
type where struct {
	t     *tx
	cond  []string
	args  []any
	using string // which index SQLite shall use, with a space behind it
}

func (t *tx) where() *where { return &where{t: t} }

// and adds a condition that must hold.
func (w *where) and(cond string, args ...any) {
	w.cond = append(w.cond, cond)
	w.args = append(w.args, args...)
}

// use names the index to read by, on SQLite, which has no statistics to choose by.
func (w *where) use(index string) {
	if !w.t.pg {
		w.using = "INDEXED BY " + index + " "
	}
}

// in asks for one of a list: nil selects nothing out, an empty list everything.
func (w *where) in(column string, list []string) {
	if list != nil {
		cond, arg := w.t.oneOf(column, list)
		w.and(cond, arg)
	}
}

// has asks for a text that holds another, byte by byte: there are no wildcards to escape.
func (w *where) has(column, part string) {
	if part != "" {
		w.and(w.t.holds(column), part)
	}
}

// String returns the conditions, which all hold.
func (w *where) String() string {
	if len(w.cond) == 0 {
		return "1 = 1"
	}
	return strings.Join(w.cond, " AND ")
}

// either joins conditions of which one is enough; none selects nothing.
func either(cond ...string) string {
	if len(cond) == 0 {
		return "1 = 0"
	}
	return "(" + strings.Join(cond, " OR ") + ")"
}

// oneOf returns a condition and its one argument, so that the statement is the same for every list.
func (t *tx) oneOf(column string, list []string) (string, any) {
	if t.pg {
		if list == nil {
			list = []string{}
		}
		return column + " = ANY(?::text[])", list
	}
	return column + " IN (SELECT value FROM json_each(?))", jsonList(list)
}

// oneOfInts is oneOf for numbers.
func (t *tx) oneOfInts(column string, list []int64) (string, any) {
	if t.pg {
		if list == nil {
			list = []int64{}
		}
		return column + " = ANY(?::bigint[])", list
	}
	return column + " IN (SELECT value FROM json_each(?))", jsonList(list)
}

func jsonList[T any](list []T) string {
	b, err := json.Marshal(list)
	if err != nil || list == nil {
		return "[]" // texts and numbers can always be written
	}
	return string(b)
}

// holds returns a condition on a column that holds a text.
func (t *tx) holds(column string) string {
	if t.pg {
		return "strpos(" + column + ", ?) > 0"
	}
	return "instr(" + column + ", ?) > 0"
}

// gather runs a query and returns what scan makes of each row.
func gather[T any](t *tx, scan func(*sql.Rows, *T) error, query string, args ...any) (out []T, err error) {
	err = t.each(func(r *sql.Rows) error {
		var v T
		if err := scan(r, &v); err != nil {
			return err
		}
		out = append(out, v)
		return nil
	}, query, args...)
	return out, err
}
