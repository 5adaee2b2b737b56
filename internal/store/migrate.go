package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
)

//go:embed migrations
var migrations embed.FS

type migration struct {
	number int
	name   string
	sql    string
}

// Migrate brings the schema up to this program's and returns the names of the steps it took. It
// refuses a schema that is newer than the program. On Postgres it locks, so that servers that
// start together do it once.
func (db *DB) Migrate(ctx context.Context) ([]string, error) {
	steps, err := db.steps()
	if err != nil {
		return nil, err
	}
	for run := 0; ; run++ {
		done, err := db.migrateOnce(ctx, steps)
		if err == nil || run >= maxRuns || !madeMeanwhile(err) {
			return done, err
		}
	}
}

func (db *DB) migrateOnce(ctx context.Context, steps []migration) ([]string, error) {
	conn, err := db.writeConn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	begin := "BEGIN IMMEDIATE"
	if db.pg {
		begin = "BEGIN"
	}
	if _, err := conn.ExecContext(ctx, begin); err != nil {
		return nil, db.translate(err)
	}
	done, err := db.migrate(ctx, conn, steps)
	if err != nil {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // the first fault is the one to tell
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		return nil, db.translate(err)
	}
	return done, nil
}

func (db *DB) migrate(ctx context.Context, conn *sql.Conn, steps []migration) ([]string, error) {
	if _, err := conn.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS schema_step (number BIGINT PRIMARY KEY, name TEXT NOT NULL)"); err != nil {
		return nil, db.translate(err)
	}
	if db.pg {
		if _, err := conn.ExecContext(ctx, "LOCK TABLE schema_step IN ACCESS EXCLUSIVE MODE"); err != nil {
			return nil, db.translate(err)
		}
	}
	var have int
	if err := conn.QueryRowContext(ctx, "SELECT COALESCE(MAX(number), 0) FROM schema_step").Scan(&have); err != nil {
		return nil, db.translate(err)
	}
	if n := steps[len(steps)-1].number; have > n {
		return nil, problem.New(problem.Unavailable,
			"the database has schema %d, this program knows %d: start a newer fieldsync", have, n)
	}
	var done []string
	for _, s := range steps {
		if s.number <= have {
			continue
		}
		for _, stmt := range statements(s.sql) {
			if _, err := conn.ExecContext(ctx, stmt); err != nil {
				return nil, fmt.Errorf("migration %s: %w", s.name, err)
			}
		}
		if _, err := conn.ExecContext(ctx, db.sql("INSERT INTO schema_step (number, name) VALUES (?, ?)"), s.number, s.name); err != nil {
			return nil, db.translate(err)
		}
		done = append(done, s.name)
	}
	return done, nil
}

// CheckSchema reports, without changing anything, whether the schema is this program's.
func (db *DB) CheckSchema(ctx context.Context) error {
	steps, err := db.steps()
	if err != nil {
		return err
	}
	var have int
	if err := db.pool.QueryRowContext(ctx, "SELECT COALESCE(MAX(number), 0) FROM schema_step").Scan(&have); err != nil {
		return problem.Wrap(err, problem.NotFound, "there is no fieldsync database there")
	}
	if n := steps[len(steps)-1].number; have != n {
		return problem.New(problem.Unavailable, "the database has schema %d, this program knows %d", have, n)
	}
	return nil
}

// statements splits a migration at semicolons that end a line. Migrations hold no others.
func statements(text string) []string {
	var out []string
	for _, s := range strings.Split(text, ";\n") {
		if strings.TrimSpace(s) != "" {
			out = append(out, s)
		}
	}
	return out
}

func (db *DB) steps() ([]migration, error) {
	dir := "migrations/sqlite"
	if db.pg {
		dir = "migrations/postgres"
	}
	entries, err := fs.ReadDir(migrations, dir)
	if err != nil {
		return nil, err
	}
	var out []migration
	for _, e := range entries {
		text, err := fs.ReadFile(migrations, path.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(e.Name(), "_")
		n, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("migration %s has no number", e.Name())
		}
		out = append(out, migration{number: n, name: strings.TrimSuffix(e.Name(), ".sql"), sql: string(text)})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].number < out[j].number })
	return out, nil
}

// writeConn returns a connection of its own that may write.
func (db *DB) writeConn(ctx context.Context) (*sql.Conn, error) {
	pool := db.pool
	if !db.pg {
		pool = db.wdb
	}
	c, err := pool.Conn(ctx)
	return c, db.translate(err)
}
