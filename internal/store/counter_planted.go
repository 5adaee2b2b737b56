//go:build planted

package store

import (
	"database/sql"
	"os"
)

// advance raises one scope's counter; with the planted bug "counter" it takes the number in a
// transaction of its own, so that numbers become visible out of their order. Only the simulator's
// own tests build this.
func (t *tx) advance(no, by int64, scan func(*sql.Rows) error) error {
	const q = "UPDATE scope SET seq = seq + ? WHERE no = ? RETURNING " + scopeColumns
	if os.Getenv("FIELDSYNC_PLANT") != "counter" || !t.pg {
		return t.each(scan, q, by, no)
	}
	rows, err := t.db.pool.QueryContext(t.ctx, t.db.sql(q), by, no)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
