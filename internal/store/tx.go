package store

import (
	"context"
	"database/sql"
	"fmt"
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
	return t.scan(t.db.sql(query), args, scan)
}

// one runs a query for at most one row and reports whether there was one.
func (t *tx) one(query string, args []any, dest ...any) (bool, error) {
	err := t.q.QueryRowContext(t.ctx, t.db.sql(query), args...).Scan(dest...)
	if err == sql.ErrNoRows {
		return false, nil
	}
	return err == nil, err
}

// values inserts n rows: head ends with the column list, args appends the values of row i. Postgres
// gets one array per column, so that one statement serves any number of rows; SQLite gets
// statements of a few fixed sizes, so that few need preparing.
func (t *tx) values(head string, columns, n int, tail string, args func(a []any, i int) []any) error {
	if n == 0 {
		return nil
	}
	if t.pg {
		return t.unnest(head, columns, n, tail, args)
	}
	a := make([]any, 0, columns*chunks[0])
	for i := 0; i < n; {
		k := chunk(n - i)
		a = a[:0]
		for j := i; j < i+k; j++ {
			a = args(a, j)
		}
		if _, err := t.q.ExecContext(t.ctx, t.db.valuesSQL(head+" VALUES", columns, k, tail), a...); err != nil {
			return err
		}
		i += k
	}
	return nil
}

// chunks are the numbers of rows that an SQLite statement of several rows is made for.
var chunks = []int{64, 16, 4, 1}

func chunk(n int) int {
	for _, k := range chunks {
		if n >= k {
			return k
		}
	}
	return 1
}

// unnest is values for Postgres.
func (t *tx) unnest(head string, columns, n int, tail string, args func(a []any, i int) []any) error {
	cols := make([]any, columns)
	row := make([]any, 0, columns)
	types := make([]string, columns)
	for i := range n {
		row = args(row[:0], i)
		for c, v := range row {
			switch v := v.(type) {
			case int64:
				cols[c], types[c] = appendTo(cols[c], v, n), "bigint"
			case string:
				cols[c], types[c] = appendTo(cols[c], v, n), "text"
			case []byte:
				cols[c], types[c] = appendTo(cols[c], v, n), "bytea"
			case bool:
				cols[c], types[c] = appendTo(cols[c], v, n), "boolean"
			default:
				return fmt.Errorf("store: a column cannot hold a %T", v)
			}
		}
	}
	_, err := t.q.ExecContext(t.ctx, t.db.unnestSQL(head, types, tail), cols...)
	return err
}

// appendTo appends to a column's array, which starts as nil.
func appendTo[T any](col any, v T, n int) []T {
	list, _ := col.([]T) // nil the first time
	if list == nil {
		list = make([]T, 0, n)
	}
	return append(list, v)
}

type statementKey struct {
	head, types, tail string
	n                 int
}

func (db *DB) unnestSQL(head string, types []string, tail string) string {
	k := statementKey{head, strings.Join(types, " "), tail, 0}
	if s, ok := db.rebind.Load(k); ok {
		return s.(string)
	}
	s := db.sql(head + " SELECT * FROM unnest(" + arrays(types) + ") " + tail)
	db.rebind.Store(k, s)
	return s
}

// arrays returns the parameters of an unnest, one array per type.
func arrays(types []string) string {
	return "?::" + strings.Join(types, "[], ?::") + "[]"
}

func (db *DB) valuesSQL(head string, columns, n int, tail string) string {
	k := statementKey{head, "", tail, n}
	if s, ok := db.rebind.Load(k); ok {
		return s.(string)
	}
	row := "(" + marks(columns) + ")"
	s := db.sql(head + " " + row + strings.Repeat(", "+row, n-1) + " " + tail)
	db.rebind.Store(k, s)
	return s
}

// scan runs a query as it stands and calls scan for every row.
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
