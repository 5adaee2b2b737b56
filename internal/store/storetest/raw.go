package storetest

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/internal/store"
)

// EachTarget runs fn once per dialect with the target of an empty database that nobody has opened or
// migrated yet, for tests of programs that open their database themselves. The two run in parallel.
func EachTarget(t *testing.T, fn func(t *testing.T, target string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, filepath.Join(t.TempDir(), "fieldsync.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, pgtest.URL(t))
	})
}

// Raw is a connection past the store: for what only an operator with a database shell, or a broken
// disk, could do.
type Raw struct {
	t  testing.TB
	db *sql.DB
	pg bool
}

// OpenRaw connects to the database at target, which must exist. It ends with the test.
func OpenRaw(t testing.TB, target string) *Raw {
	t.Helper()
	driver, dsn := "pgx", target
	if !store.IsPostgres(target) {
		driver = "sqlite3"
		dsn = "file:" + (&url.URL{Path: target}).EscapedPath() + "?_pragma=busy_timeout(15000)"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Raw{t: t, db: db, pg: driver == "pgx"}
}

// Postgres reports the dialect.
func (r *Raw) Postgres() bool { return r.pg }

// Exec runs a statement with ? for arguments and returns how many rows it changed.
func (r *Raw) Exec(query string, args ...any) int64 {
	r.t.Helper()
	res, err := r.db.ExecContext(r.t.Context(), r.bind(query), args...)
	if err != nil {
		r.t.Fatalf("%s: %v", query, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

// Row reads one row into dest.
func (r *Raw) Row(query string, args []any, dest ...any) {
	r.t.Helper()
	if err := r.db.QueryRowContext(r.t.Context(), r.bind(query), args...).Scan(dest...); err != nil {
		r.t.Fatalf("%s: %v", query, err)
	}
}

// Tables lists the tables of the schema, in order, without the list of migrations.
func (r *Raw) Tables() []string {
	r.t.Helper()
	q := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_step' ORDER BY name"
	if r.pg {
		q = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'schema_step' ORDER BY table_name"
	}
	return r.strings(q)
}

// Columns lists the columns of a table in the order of their names.
func (r *Raw) Columns(table string) []string {
	r.t.Helper()
	q := "SELECT name FROM pragma_table_info(?) ORDER BY name"
	if r.pg {
		q = "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ? ORDER BY 1"
	}
	return r.strings(q, table)
}

// Dump returns all rows of all tables as text, to tell whether anything was changed.
func (r *Raw) Dump() string {
	r.t.Helper()
	var b strings.Builder
	for _, table := range r.Tables() {
		cols := r.Columns(table)
		for i, c := range cols {
			cols[i] = `"` + c + `"`
		}
		list := strings.Join(cols, ", ")
		b.WriteString(table + "\n")
		rows, err := r.db.QueryContext(r.t.Context(), "SELECT "+list+" FROM "+table+" ORDER BY "+list)
		if err != nil {
			r.t.Fatal(err)
		}
		dest, cells := make([]any, len(cols)), make([]sql.RawBytes, len(cols))
		for i := range cells {
			dest[i] = &cells[i]
		}
		for rows.Next() {
			if err := rows.Scan(dest...); err != nil {
				r.t.Fatal(err)
			}
			for i := range cells {
				b.WriteString(strconv.Quote(string(cells[i])) + " ")
			}
			b.WriteByte('\n')
		}
		if err := rows.Err(); err != nil {
			r.t.Fatal(err)
		}
		rows.Close()
	}
	return b.String()
}

func (r *Raw) strings(q string, args ...any) (out []string) {
	r.t.Helper()
	rows, err := r.db.QueryContext(r.t.Context(), r.bind(q), args...)
	if err != nil {
		r.t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			r.t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		r.t.Fatal(err)
	}
	return out
}

func (r *Raw) bind(q string) string {
	if !r.pg {
		return q
	}
	for n := 1; strings.Contains(q, "?"); n++ {
		q = strings.Replace(q, "?", "$"+strconv.Itoa(n), 1)
	}
	return q
}
