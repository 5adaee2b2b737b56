package minioblob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"mime"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/s3test"
	"github.com/fieldsync/fieldsync/media/blobtest"
)

func wantCode(t *testing.T, what string, err error, code problem.Code) {
	t.Helper()
	if problem.CodeOf(err) != code {
		t.Errorf("%s: %v, want code %q", what, err, code)
	}
}

func putBytes(t *testing.T, s *Store, key string, data []byte) {
	t.Helper()
	if created, err := s.Put(t.Context(), key, bytes.NewReader(data), int64(len(data)), sha256.Sum256(data)); err != nil || !created {
		t.Fatalf("put %s: %v, %v", key, created, err)
	}
}

func getBytes(t *testing.T, s *Store, key string) []byte {
	t.Helper()
	r, err := s.Get(t.Context(), key, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestStoreThatGoesAway takes the store away in the middle of a put and of a get, and brings it back.
func TestStoreThatGoesAway(t *testing.T) {
	both(t, func(t *testing.T, program s3test.Program) {
		server := s3test.New(t, program, "away")
		s := open(t, options(server.NewBucket(t)))
		before, during := blobtest.Bytes(1, 8<<20), blobtest.Bytes(2, 8<<20)
		putBytes(t, s, "orig/before", before)
		reading, err := s.Get(t.Context(), "orig/before", 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		defer reading.Close()

		body := io.MultiReader(bytes.NewReader(during[:4<<20]), crash{t, server}, bytes.NewReader(during[4<<20:]))
		created, err := s.Put(t.Context(), "orig/during", body, 8<<20, sha256.Sum256(during))
		wantCode(t, "a put while the store goes away", err, problem.Unavailable)
		if p := new(problem.Error); created || !asProblem(err, &p) || p.Retry == 0 || p.MsgZH == "" {
			t.Errorf("%v, %+v", created, p)
		}
		if _, err := io.Copy(io.Discard, reading); problem.CodeOf(err) != problem.Unavailable {
			t.Errorf("a get while the store goes away: %v", err)
		}
		_, err = s.Stat(t.Context(), "orig/before")
		wantCode(t, "stat while the store is away", err, problem.Unavailable)
		_, err = s.Get(t.Context(), "orig/before", 0, -1)
		wantCode(t, "get while the store is away", err, problem.Unavailable)
		wantCode(t, "delete while the store is away", s.Delete(t.Context(), "orig/before"), problem.Unavailable)
		_, err = s.Check(t.Context())
		wantCode(t, "check while the store is away", err, problem.Unavailable)

		if err := server.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		putBytes(t, s, "orig/during", during)
		if !bytes.Equal(getBytes(t, s, "orig/during"), during) || !bytes.Equal(getBytes(t, s, "orig/before"), before) {
			t.Error("other bytes came back")
		}
	})
}

func asProblem(err error, p **problem.Error) bool {
	e, ok := err.(*problem.Error)
	*p = e
	return ok
}

// crash is a reader of nothing that ends the store.
type crash struct {
	t      *testing.T
	server *s3test.Server
}

func (c crash) Read([]byte) (int, error) {
	if err := c.server.Crash(); err != nil {
		c.t.Error(err)
	}
	return 0, io.EOF
}

// TestPartsOfALargeBody sends 70 MiB, past the limit of one request, and breaks one off: nothing of it may be left.
func TestPartsOfALargeBody(t *testing.T) {
	both(t, func(t *testing.T, program s3test.Program) {
		s := open(t, options(s3test.NewBucket(t, program)))
		const size = 70<<20 + 1
		h := sha256.New()
		if _, err := io.Copy(h, blobtest.Reader(3, size)); err != nil {
			t.Fatal(err)
		}
		sum := [32]byte(h.Sum(nil))
		wrong := sum
		wrong[0] ^= 1
		_, err := s.Put(t.Context(), "v/wrong", blobtest.Reader(3, size), size, wrong)
		wantCode(t, "70 MiB of another sum", err, problem.BadDigest)
		ctx, cancel := context.WithCancel(t.Context())
		half := io.MultiReader(io.LimitReader(blobtest.Reader(3, size), size/2), call(cancel), blobtest.Reader(3, size))
		_, err = s.Put(ctx, "v/half", half, size, sum)
		wantCode(t, "a cancelled one", err, problem.CodeOf(err))
		for upload := range s.core.ListIncompleteUploads(t.Context(), s.opt.Bucket, "", true) {
			t.Errorf("left: %+v", upload)
		}
		for i, want := range []bool{true, false} {
			created, err := s.Put(t.Context(), "v/whole", blobtest.Reader(3, size), size, sum)
			if err != nil || created != want {
				t.Fatalf("put %d: %v, %v", i, created, err)
			}
		}
		if got := sha256.Sum256(getBytes(t, s, "v/whole")); got != sum {
			t.Error("other bytes came back")
		}
	})
}

type call func()

func (c call) Read([]byte) (int, error) {
	c()
	return 0, io.EOF
}

// TestManyAtOnce puts 32 photos of 4 MiB at once: what is held in memory has to be buffers of connections, not photos.
func TestManyAtOnce(t *testing.T) {
	s := open(t, options(s3test.NewBucket(t, s3test.MinIO)))
	const many, size = 32, 4 << 20
	var sums [many][32]byte
	for i := range many {
		h := sha256.New()
		if _, err := io.Copy(h, blobtest.Reader(uint64(i), size)); err != nil {
			t.Fatal(err)
		}
		sums[i] = [32]byte(h.Sum(nil))
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, peak := m.HeapInuse, uint64(0)
	done := make(chan struct{})
	var puts, watch sync.WaitGroup
	watch.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse)
			}
		}
	})
	for i := range many {
		puts.Go(func() {
			if created, err := s.Put(t.Context(), "m/"+strconv.Itoa(i), blobtest.Reader(uint64(i), size), size, sums[i]); err != nil || !created {
				t.Errorf("put %d: %v, %v", i, created, err)
			}
		})
	}
	puts.Wait()
	close(done)
	watch.Wait()
	grown := int64(peak) - int64(before)
	t.Logf("%d × %d MiB at once: the heap grew by %d KiB, %d KiB each", many, size>>20, grown>>10, grown>>10/many)
	if grown > many*1<<20 {
		t.Errorf("the heap grew by %d MiB for %d puts", grown>>20, many)
	}
}

func TestPresign(t *testing.T) {
	both(t, func(t *testing.T, program s3test.Program) {
		s := open(t, options(s3test.NewBucket(t, program)))
		data := blobtest.Bytes(4, 1000)
		putBytes(t, s, "orig/p", data)
		const name = "示例现场 1.jpg"
		u, err := s.Presign(t.Context(), "orig/p", name, 60)
		if err != nil {
			t.Fatal(err)
		}
		status, header, body := fetch(t, u)
		_, params, err := mime.ParseMediaType(header.Get("Content-Disposition"))
		if status != http.StatusOK || !bytes.Equal(body, data) || err != nil || params["filename"] != name {
			t.Errorf("%d, %v, %q", status, err, header.Get("Content-Disposition"))
		}
		if status, _, _ := fetch(t, strings.Replace(u, "orig/p", "orig/q", 1)); status != http.StatusForbidden {
			t.Errorf("another key by the same signature: %d", status)
		}
		for _, seconds := range []int{0, -1, 7*24*3600 + 1} {
			_, err := s.Presign(t.Context(), "orig/p", name, seconds)
			wantCode(t, "an address for too short or too long", err, problem.Invalid)
		}
		_, err = s.Presign(t.Context(), "../p", name, 60)
		wantCode(t, "a bad key", err, problem.Invalid)
	})
}

func fetch(t *testing.T, u string) (int, http.Header, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, body
}
