package store

import (
	"context"
	"database/sql"
	"strings"

	"gorm.io/gorm"
)

// querier is what a transaction, a connection and a statement cache share.
type querier interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// tx is one transaction on either database. It implements gateway.Tx.
type tx struct {
	db   *DB
	ctx  context.Context
	conn querier  // the transaction as database/sql knows it
	q    querier  // the same, with prepared statements where the driver does not cache them
	orm  *gorm.DB // the same for GORM, made when it is asked for
	pg   bool
}

func (db *DB) txOn(ctx context.Context, conn querier, cache *stmtCache) *tx {
	t := &tx{db: db, ctx: ctx, conn: conn, q: conn, pg: db.pg}
	if cache != nil {
		t.q = cache
	}
	return t
}

// gorm returns GORM on this transaction.
func (t *tx) gorm() *gorm.DB {
	if t.orm == nil {
		t.orm = t.db.gorm.Session(&gorm.Session{NewDB: true, Context: t.ctx})
		t.orm.Statement.ConnPool = t.conn
	}
	return t.orm.WithContext(t.ctx)
}

func (t *tx) exec(query string, args ...any) error {
	_, err := t.q.ExecContext(t.ctx, t.db.sql(query), args...)
	return err
}

// each runs a query and calls scan for every row.
func (t *tx) each(scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := t.q.QueryContext(t.ctx, t.db.sql(query), args...)
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

// one runs a query for at most one row and reports whether there was one.
func (t *tx) one(query string, args []any, dest ...any) (bool, error) {
	err := t.q.QueryRowContext(t.ctx, t.db.sql(query), args...).Scan(dest...)
	if err == sql.ErrNoRows {
		return false, nil
	}
	return err == nil, err
}

// chunks are the numbers of rows that a statement of several rows is made for, so that few
// different statements need preparing.
var chunks = []int{64, 16, 4, 1}

// values runs head + "(?, …), (?, …)" + tail for n rows in as few statements as the chunk sizes
// allow. args appends the arguments of row i.
func (t *tx) values(head string, columns, n int, tail string, args func(a []any, i int) []any) error {
	return t.valuesRows(head, rowOf(columns), n, tail, args, nil)
}

// valuesRows is values for statements that return rows, in the order of the rows given where the
// caller can tell them apart.
func (t *tx) valuesRows(head, row string, n int, tail string, args func(a []any, i int) []any, scan func(*sql.Rows) error) error {
	a := make([]any, 0, strings.Count(row, "?")*chunks[0])
	for i := 0; i < n; {
		k := chunk(n - i)
		a = a[:0]
		for j := i; j < i+k; j++ {
			a = args(a, j)
		}
		q := t.db.valuesSQL(head, row, k, tail)
		if scan == nil {
			if _, err := t.q.ExecContext(t.ctx, q, a...); err != nil {
				return err
			}
		} else if err := t.scan(q, a, scan); err != nil {
			return err
		}
		i += k
	}
	return nil
}

func (t *tx) scan(q string, a []any, scan func(*sql.Rows) error) error {
	rows, err := t.q.QueryContext(t.ctx, q, a...)
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

func chunk(n int) int {
	for _, k := range chunks {
		if n >= k {
			return k
		}
	}
	return 1
}

type valuesKey struct {
	head, row, tail string
	n               int
}

func (db *DB) valuesSQL(head, row string, n int, tail string) string {
	k := valuesKey{head, row, tail, n}
	if s, ok := db.rebind.Load(k); ok {
		return s.(string)
	}
	s := db.sql(head + " " + row + strings.Repeat(", "+row, n-1) + " " + tail)
	db.rebind.Store(k, s)
	return s
}

func rowOf(columns int) string { return "(" + marks(columns) + ")" }

// keyRow is the row of a VALUES list of record keys. Postgres must be told the types.
func (db *DB) keyRow() string {
	if db.pg {
		return "(?::bigint, ?::text, ?::text)"
	}
	return rowOf(3)
}

// marks returns n question marks for an IN list.
func marks(n int) string { return "?" + strings.Repeat(", ?", n-1) }

// stmtCache keeps prepared statements of one SQLite connection: preparing costs more than running
// most of them.
type stmtCache struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

// maxStmts bounds the cache; beyond it, statements are prepared each time.
const maxStmts = 256

func newStmtCache(conn *sql.Conn) *stmtCache {
	return &stmtCache{conn: conn, stmts: map[string]*sql.Stmt{}}
}

func (c *stmtCache) stmt(ctx context.Context, q string) (*sql.Stmt, error) {
	if s, ok := c.stmts[q]; ok {
		return s, nil
	}
	if len(c.stmts) >= maxStmts {
		return nil, nil
	}
	s, err := c.conn.PrepareContext(ctx, q)
	if err == nil {
		c.stmts[q] = s
	}
	return s, err
}

func (c *stmtCache) PrepareContext(ctx context.Context, q string) (*sql.Stmt, error) {
	return c.conn.PrepareContext(ctx, q)
}

func (c *stmtCache) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	s, err := c.stmt(ctx, q)
	if err != nil || s == nil {
		return c.conn.ExecContext(ctx, q, args...)
	}
	return s.ExecContext(ctx, args...)
}

func (c *stmtCache) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	s, err := c.stmt(ctx, q)
	if err != nil || s == nil {
		return c.conn.QueryContext(ctx, q, args...)
	}
	return s.QueryContext(ctx, args...)
}

func (c *stmtCache) QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row {
	s, err := c.stmt(ctx, q)
	if err != nil || s == nil {
		return c.conn.QueryRowContext(ctx, q, args...)
	}
	return s.QueryRowContext(ctx, args...)
}

func (c *stmtCache) close() {
	for _, s := range c.stmts {
		s.Close()
	}
	c.conn.Close()
}
