//go:build !planted

package store

import "database/sql"

// advance raises one scope's counter. The row stays locked until the commit, which makes the
// numbers of a scope visible in their order: a reader that has seen n never misses n − 1.
func (t *tx) advance(no, by int64, scan func(*sql.Rows) error) error {
	return t.each(scan, "UPDATE scope SET seq = seq + ? WHERE no = ? RETURNING "+scopeColumns, by, no)
}
