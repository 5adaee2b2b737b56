package minioblob

import (
	"testing"

	"github.com/fieldsync/fieldsync/internal/s3test"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/media/blobtest"
)

var (
	_ media.Blobs     = (*Store)(nil)
	_ media.Presigner = (*Store)(nil)
)

// both runs a test on each program.
func both(t *testing.T, run func(*testing.T, s3test.Program)) {
	for _, program := range s3test.Programs {
		t.Run(string(program), func(t *testing.T) { run(t, program) })
	}
}

func options(b s3test.Bucket) Options {
	return Options{Endpoint: b.Endpoint, Bucket: b.Name, Region: b.Region, AccessKey: b.AccessKey, SecretKey: b.SecretKey}
}

func open(t testing.TB, opt Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBlobs(t *testing.T) {
	both(t, func(t *testing.T, program s3test.Program) {
		blobtest.Run(t, func(t *testing.T) media.Blobs { return open(t, options(s3test.NewBucket(t, program))) })
	})
}

// TestBlobsWithoutChecksums runs the same with less asked of the store: of the one that takes a body for whole when the
// connection breaks, unless a sum says otherwise.
func TestBlobsWithoutChecksums(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) media.Blobs {
		opt := options(s3test.NewBucket(t, s3test.Versity))
		opt.NoChecksum, opt.Style, opt.Region = true, "path", ""
		return open(t, opt)
	})
}

// TestBlobsInParts makes every body that is not tiny go in parts.
func TestBlobsInParts(t *testing.T) {
	both(t, func(t *testing.T, program s3test.Program) {
		blobtest.Run(t, func(t *testing.T) media.Blobs {
			s := open(t, options(s3test.NewBucket(t, program)))
			s.whole, s.part = 100_000, 5<<20
			return s
		})
	})
}

func TestLacks(t *testing.T) {
	both(t, func(t *testing.T, program s3test.Program) {
		s := open(t, options(s3test.NewBucket(t, program)))
		if lacks := s.Lacks(); len(lacks) > 0 || !s.compares.Load() {
			t.Errorf("%q, compares: %v", lacks, s.compares.Load())
		}
	})
}
