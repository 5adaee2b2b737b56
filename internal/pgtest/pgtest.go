// Package pgtest gives tests a real PostgreSQL.
//
// [URL] returns the address of a fresh empty database. The server behind it is the one that FIELDSYNC_TEST_POSTGRES names
// (the URL of a user who may create databases; `make test` starts one and sets it for all packages), or else one that this
// test process starts for itself in a temporary folder. It has fsync on, since durability is part of what is tested.
//
// [New] starts a server of its own for tests that stop, crash and restart it.
//
// A server dies with the process that started it, however that ends; tests need no TestMain.
// Where PostgreSQL is not installed a test is skipped with the reason, and fails when CI=true.
//
// Only tests import this package.
package pgtest

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
)

// Env names the environment variable with the URL of a running server.
const Env = "FIELDSYNC_TEST_POSTGRES"

// shared is the server of this test process. Nobody closes it: its watchdog does when the process ends.
var shared = sync.OnceValues(func() (*Server, error) {
	return NewServer(context.Background(), "shared")
})

// URL returns the postgres:// URL of a new empty database, which is dropped after the test.
func URL(t testing.TB) string {
	t.Helper()
	if server := os.Getenv(Env); server != "" {
		return database(t, server)
	}
	s, err := shared()
	need(t, err)
	return s.URL(t)
}

// New starts a server for this test only and ends it after the test. The name is for the folder and for messages.
func New(t testing.TB, name string, opts ...Option) *Server {
	t.Helper()
	s, err := NewServer(t.Context(), name, opts...)
	need(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("end PostgreSQL server %s: %v", name, err)
		}
	})
	return s
}

// URL returns the postgres:// URL of a new empty database on this server.
// The server must be running now; if it still is after the test the database is dropped.
func (s *Server) URL(t testing.TB) string {
	t.Helper()
	if s.process == nil {
		t.Fatal("the PostgreSQL server is stopped")
	}
	return database(t, s.Database("postgres"))
}

func database(t testing.TB, server string) string {
	t.Helper()
	u, err := create(t.Context(), server, t.Name())
	if err != nil {
		t.Fatalf("create a database: %v", err)
	}
	t.Cleanup(func() {
		// A test may have stopped the server, and then the database goes with its folder.
		if err := drop(context.Background(), server, u); err != nil {
			t.Logf("drop the database: %v", err)
		}
	})
	return u
}

// need ends the test when there is no server: skipped for want of PostgreSQL, failed for anything else and always under CI.
func need(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, ErrMissing) && os.Getenv("CI") != "true":
		t.Skip(err)
	default:
		t.Fatal(err)
	}
}
