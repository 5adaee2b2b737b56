// Package storetest opens real databases for tests: every test of what a store must do runs on
// SQLite and on PostgreSQL.
package storetest

import (
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/internal/store"
)

// Each runs fn once per database, each time on an empty, migrated one, beside other tests: most of
// their time they wait for a disk.
func Each(t *testing.T, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, Postgres(t))
	})
}

// SQLite opens an empty SQLite database that ends with the test.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, filepath.Join(t.TempDir(), "fieldsync.db"))
}

// Postgres opens an empty PostgreSQL database that ends with the test.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, pgtest.URL(t))
}

// Open opens and migrates a database that a test names.
func Open(t testing.TB, target string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), target, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}
