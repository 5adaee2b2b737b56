package store_test

import (
	"testing"

	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Suite(t, func(t testing.TB) *store.DB { return storetest.SQLite(t) })
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	storetest.Suite(t, func(t testing.TB) *store.DB { return storetest.Postgres(t) })
}
