// Package s3test gives tests a real object store: MinIO, and versitygw as a second opinion.
//
// [NewBucket] returns a fresh empty bucket. The MinIO behind it is the one that FIELDSYNC_TEST_S3 names (an address with a
// key and a secret that may make buckets; `make test` starts one and sets it for all packages), or else one that this test
// process starts for itself in a temporary folder. versitygw is always started by the process.
//
// [New] starts a server of its own for tests that take the store away for a while and bring it back.
//
// Both are programs of their own that are only talked to. They are built once, by `go install` at a pinned version, into the
// user's cache folder, see [Install]: building MinIO takes minutes, so a test never does it. A server dies with the process
// that started it, however that ends. Where a program is missing a test is skipped with the reason, and fails when CI=true.
//
// Only tests import this package.
package s3test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"sync"
	"testing"
)

// Env names the environment variable with the address of a running MinIO, http://key:secret@host:port.
const Env = "FIELDSYNC_TEST_S3"

// A Bucket is what a client of the store has to know.
type Bucket struct {
	Endpoint  string // http://host:port
	Region    string
	Name      string
	AccessKey string
	SecretKey string
}

// shared are the servers of this test process. Nobody closes them: their watchdogs do when the process ends.
var shared = map[Program]func() (*Server, error){
	MinIO:   sync.OnceValues(func() (*Server, error) { return NewServer(context.Background(), MinIO, "shared") }),
	Versity: sync.OnceValues(func() (*Server, error) { return NewServer(context.Background(), Versity, "shared") }),
}

// NewBucket returns a new empty bucket on a server that other tests use too. It is removed after the test.
func NewBucket(t testing.TB, program Program) Bucket {
	t.Helper()
	if address := os.Getenv(Env); address != "" && program == MinIO {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatalf("%s: %v", Env, err)
		}
		return bucket(t, u, "")
	}
	s, err := shared[program]()
	need(t, err)
	return s.NewBucket(t)
}

// New starts a server for this test only and ends it after the test. The name is for the folder and for messages.
func New(t testing.TB, program Program, name string) *Server {
	t.Helper()
	s, err := NewServer(t.Context(), program, name)
	need(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("end %v %s: %v", program, name, err)
		}
	})
	return s
}

// NewBucket returns a new empty bucket on this server, which must be running now.
func (s *Server) NewBucket(t testing.TB) Bucket {
	t.Helper()
	if s.process == nil {
		t.Fatalf("the %v server is stopped", s.program)
	}
	return bucket(t, s.Address(), s.data())
}

// bucket makes one and sees to its end. Where the data folder is known, and is a plain folder for each bucket, that is
// what is removed: no request empties a bucket of versitygw.
func bucket(t testing.TB, address *url.URL, data string) Bucket {
	t.Helper()
	b, err := create(t.Context(), address, t.Name())
	if err != nil {
		t.Fatalf("create a bucket: %v", err)
	}
	t.Cleanup(func() {
		// A test may have stopped the server, and then the bucket goes with its folder.
		if err := drop(context.Background(), b, data); err != nil {
			t.Logf("drop the bucket: %v", err)
		}
	})
	return b
}

// need ends the test when there is no server: skipped for want of the program, failed for anything else and always under CI.
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
