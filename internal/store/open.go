package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	_ "github.com/ncruces/go-sqlite3/driver" // the driver "sqlite3"
	"github.com/ncruces/go-sqlite3/gormlite"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	gorm   *gorm.DB
	pool   *sql.DB // Postgres: all connections; SQLite: the readers
	pg     bool
	writer *writer // SQLite only
	wdb    *sql.DB // SQLite only: the writer's single connection
	log    *slog.Logger
	rebind sync.Map // SQL with ? → SQL with $n
}

// Options tune a database.
type Options struct {
	Log      *slog.Logger
	PoolSize int // Postgres connections, SQLite readers; 0: a good default
}

// Open opens a database: postgres://… or the path of an SQLite file, whose folder is made. The
// schema is not touched: call Migrate.
func Open(ctx context.Context, target string, o Options) (*DB, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	db := &DB{log: o.Log, pg: IsPostgres(target)}
	var err error
	if db.pg {
		err = db.openPostgres(target, o)
	} else {
		err = db.openSQLite(target, o)
	}
	if err != nil {
		return nil, problem.Wrap(err, problem.Unavailable, "the database cannot be opened")
	}
	if err := db.pool.PingContext(ctx); err != nil {
		db.Close()
		return nil, problem.Wrap(err, problem.Unavailable, "the database does not answer")
	}
	if !db.pg {
		db.writer = newWriter(db)
	}
	return db, nil
}

// IsPostgres reports whether a target names a PostgreSQL database.
func IsPostgres(target string) bool {
	return strings.HasPrefix(target, "postgres://") || strings.HasPrefix(target, "postgresql://")
}

// withParam adds a parameter to a database address.
func withParam(target, name, value string) string {
	sep := "?"
	if strings.Contains(target, "?") {
		sep = "&"
	}
	return target + sep + name + "=" + value
}

func gormConfig() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true, TranslateError: true, PrepareStmt: false,
		DisableAutomaticPing: true, Logger: logger.Discard,
	}
}

func (db *DB) openPostgres(target string, o Options) error {
	// Short statements only: compiling them would cost more than running them.
	g, err := gorm.Open(postgres.New(postgres.Config{DSN: withParam(target, "jit", "off")}), gormConfig())
	if err != nil {
		return err
	}
	db.gorm = g
	if db.pool, err = g.DB(); err != nil {
		return err
	}
	n := o.PoolSize
	if n == 0 {
		n = 16
	}
	db.pool.SetMaxOpenConns(n)
	db.pool.SetMaxIdleConns(n)
	db.pool.SetConnMaxIdleTime(5 * time.Minute)
	return nil
}

func (db *DB) openSQLite(target string, o Options) error {
	if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
		return err
	}
	dsn := func(extra ...string) string {
		q := url.Values{}
		for _, p := range append([]string{"busy_timeout(15000)", "journal_mode(WAL)",
			"synchronous(FULL)", "foreign_keys(ON)", "temp_store(MEMORY)"}, extra...) {
			q.Add("_pragma", p)
		}
		return "file:" + (&url.URL{Path: target}).EscapedPath() + "?" + q.Encode()
	}
	wg, err := gorm.Open(gormlite.Open(dsn("cache_size(-32768)", "wal_autocheckpoint(4000)")), gormConfig())
	if err != nil {
		return err
	}
	if db.wdb, err = wg.DB(); err != nil {
		return err
	}
	db.wdb.SetMaxOpenConns(1)
	if err := db.wdb.Ping(); err != nil { // makes the file and turns WAL on before readers come
		return err
	}
	g, err := gorm.Open(gormlite.Open(dsn("query_only(ON)", "cache_size(-8192)")), gormConfig())
	if err != nil {
		return err
	}
	db.gorm = g
	if db.pool, err = g.DB(); err != nil {
		return err
	}
	n := o.PoolSize
	if n == 0 {
		n = 4
	}
	db.pool.SetMaxOpenConns(n)
	db.pool.SetMaxIdleConns(n)
	return nil
}

// Close ends all connections; transactions that have begun end first.
func (db *DB) Close() error {
	var errs []error
	if db.writer != nil {
		db.writer.stop()
	}
	if db.pool != nil {
		errs = append(errs, db.pool.Close())
	}
	if db.wdb != nil {
		errs = append(errs, db.wdb.Close())
	}
	return errors.Join(errs...)
}

// Postgres reports whether several servers may share the database.
func (db *DB) Postgres() bool { return db.pg }

// sql returns the query in the dialect's form: ? becomes $1, $2 … on Postgres.
func (db *DB) sql(q string) string {
	if !db.pg {
		return q
	}
	if s, ok := db.rebind.Load(q); ok {
		return s.(string)
	}
	var b strings.Builder
	n := 0
	for i := 0; i < len(q); i++ {
		if q[i] == '?' {
			n++
			fmt.Fprintf(&b, "$%d", n)
			continue
		}
		b.WriteByte(q[i])
	}
	s := b.String()
	db.rebind.Store(q, s)
	return s
}
