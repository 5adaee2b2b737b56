// Package blobtest holds stores of bytes to what [media.Blobs] promises. Every implementation runs the same suite.
package blobtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
)

// Run runs the suite. Each call of open returns another store, with nothing in it.
func Run(t *testing.T, open func(t *testing.T) media.Blobs) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, media.Blobs)
	}{
		{"PutGetStatDelete", putGetStatDelete},
		{"Range", ranges},
		{"Empty", empty},
		{"NotThere", notThere},
		{"PutAgain", putAgain},
		{"WrongBytes", wrongBytes},
		{"FailingReader", failingReader},
		{"BadKeys", badKeys},
		{"Race", race},
		{"RaceOfDifferent", raceOfDifferent},
		{"ListOrder", listOrder},
		{"ListMany", listMany},
		{"ReadWhileDeleted", readWhileDeleted},
		{"Cancelled", cancelled},
		{"Stream", stream},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

// put stores bytes with their own size and sum.
func put(t *testing.T, b media.Blobs, key string, data []byte) (created bool) {
	t.Helper()
	created, err := b.Put(t.Context(), key, bytes.NewReader(data), int64(len(data)), sha256.Sum256(data))
	if err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
	return created
}

func get(t *testing.T, b media.Blobs, key string, from, n int64) []byte {
	t.Helper()
	r, err := b.Get(t.Context(), key, from, n)
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read %s: %v", key, err)
	}
	return data
}

func list(t *testing.T, b media.Blobs, prefix string) (keys []string) {
	t.Helper()
	err := b.List(t.Context(), prefix, func(i media.BlobInfo) bool {
		keys = append(keys, i.Key)
		return true
	})
	if err != nil {
		t.Fatalf("list %q: %v", prefix, err)
	}
	return keys
}

func wantCode(t *testing.T, what string, err error, code problem.Code) {
	t.Helper()
	if problem.CodeOf(err) != code {
		t.Errorf("%s: %v, want code %q", what, err, code)
	}
}

// wantNothing checks that a failed put left nothing that can be seen.
func wantNothing(t *testing.T, b media.Blobs, what string) {
	t.Helper()
	if keys := list(t, b, ""); len(keys) > 0 {
		t.Errorf("%s: left %v", what, keys)
	}
}

func putGetStatDelete(t *testing.T, b media.Blobs) {
	data := Bytes(1, 300_001)
	const key = "orig/sha256/ab/cd/A_b-c.d0"
	if !put(t, b, key, data) {
		t.Error("a new key was not created")
	}
	if !bytes.Equal(get(t, b, key, 0, -1), data) {
		t.Error("other bytes came back")
	}
	info, err := b.Stat(t.Context(), key)
	if err != nil || info.Key != key || info.Size != int64(len(data)) || info.ModifiedMS < 1_600_000_000_000 {
		t.Errorf("stat: %+v, %v", info, err)
	}
	for range 2 { // what is deleted already is deleted
		if err := b.Delete(t.Context(), key); err != nil {
			t.Errorf("delete: %v", err)
		}
		_, err = b.Stat(t.Context(), key)
		wantCode(t, "stat of a deleted key", err, problem.NotFound)
	}
	wantNothing(t, b, "delete")
	if !put(t, b, key, data[:10]) || len(get(t, b, key, 0, -1)) != 10 {
		t.Error("a deleted key could not be put again")
	}
}

func ranges(t *testing.T, b media.Blobs) {
	data := Bytes(2, 200_000)
	put(t, b, "a/blob", data)
	end := int64(len(data))
	for _, c := range []struct{ from, n, lo, hi int64 }{
		{0, -1, 0, end}, {0, end, 0, end}, {0, end + 5, 0, end}, {0, 1, 0, 1}, {1, 1, 1, 2}, {131_072, 10, 131_072, 131_082},
		{end - 1, 1, end - 1, end}, {end - 1, 9, end - 1, end}, {70_000, -1, 70_000, end},
		{0, 0, 0, 0}, {5, 0, 5, 5}, {end, 1, end, end}, {end, -1, end, end}, {end + 7, 1, end, end}, {end + 7, -1, end, end},
	} {
		if got := get(t, b, "a/blob", c.from, c.n); !bytes.Equal(got, data[c.lo:c.hi]) {
			t.Errorf("%d bytes from %d: %d other bytes came", c.n, c.from, len(got))
		}
	}
	_, err := b.Get(t.Context(), "a/blob", -1, 5)
	wantCode(t, "an offset below 0", err, problem.Invalid)
}

func empty(t *testing.T, b media.Blobs) {
	if !put(t, b, "owner/x/empty", nil) || put(t, b, "owner/x/empty", nil) {
		t.Error("an empty blob is created once")
	}
	if data := get(t, b, "owner/x/empty", 0, -1); len(data) != 0 {
		t.Errorf("%d bytes", len(data))
	}
	if info, err := b.Stat(t.Context(), "owner/x/empty"); err != nil || info.Size != 0 {
		t.Errorf("%+v, %v", info, err)
	}
	if keys := list(t, b, "owner/"); !slices.Equal(keys, []string{"owner/x/empty"}) {
		t.Errorf("%v", keys)
	}
	_, err := b.Put(t.Context(), "owner/x/wrong", bytes.NewReader(nil), 0, [32]byte{1})
	wantCode(t, "an empty blob of another sum", err, problem.BadDigest)
}

func notThere(t *testing.T, b media.Blobs) {
	put(t, b, "a/b/c", []byte("x"))
	for _, key := range []string{"a/b/d", "a", "a/b", "a/b/c/d", "z", "a/b/c0"} {
		for _, n := range []int64{-1, 0, 1} {
			r, err := b.Get(t.Context(), key, 0, n)
			wantCode(t, "get "+key, err, problem.NotFound)
			if err == nil {
				r.Close()
			}
		}
		_, err := b.Stat(t.Context(), key)
		wantCode(t, "stat "+key, err, problem.NotFound)
		if err := b.Delete(t.Context(), key); err != nil {
			t.Errorf("delete %s: %v", key, err)
		}
		if keys := list(t, b, key+"/x"); len(keys) > 0 {
			t.Errorf("list of %s/x: %v", key, keys)
		}
	}
	if len(get(t, b, "a/b/c", 0, -1)) != 1 {
		t.Error("what is there was deleted with what is not")
	}
}

func putAgain(t *testing.T, b media.Blobs) {
	put(t, b, "k", []byte("first"))
	if put(t, b, "k", []byte("first")) {
		t.Error("the same was created again")
	}
	if put(t, b, "k", []byte("second!")) {
		t.Error("another was created under the same key")
	}
	if got := get(t, b, "k", 0, -1); string(got) != "first" {
		t.Errorf("overwritten with %q", got)
	}
}

func wrongBytes(t *testing.T, b media.Blobs) {
	data := Bytes(3, 150_000)
	sum := sha256.Sum256(data)
	other := sum
	other[31] ^= 1
	for _, c := range []struct {
		what string
		r    io.Reader
		size int64
		sum  [32]byte
		code problem.Code
	}{
		{"another sum", bytes.NewReader(data), 150_000, other, problem.BadDigest},
		{"a short reader", bytes.NewReader(data[:149_999]), 150_000, sum, problem.BadDigest},
		{"an empty reader", bytes.NewReader(nil), 150_000, sum, problem.BadDigest},
		{"a long reader", io.MultiReader(bytes.NewReader(data), bytes.NewReader([]byte("x"))), 150_000, sum, problem.BadDigest},
		{"the beginning, with its sum and the size of the whole", bytes.NewReader(data[:1000]), 150_000, sha256.Sum256(data[:1000]),
			problem.BadDigest},
		{"a size below 0", bytes.NewReader(data), -1, sum, problem.Invalid},
	} {
		created, err := b.Put(t.Context(), "dir/wrong", c.r, c.size, c.sum)
		wantCode(t, c.what, err, c.code)
		if created {
			t.Errorf("%s: created", c.what)
		}
		wantNothing(t, b, c.what)
	}
	if !put(t, b, "dir/wrong", data) {
		t.Error("the right bytes do not come after wrong ones")
	}
}

var errReader = errors.New("the reader broke")

func failingReader(t *testing.T, b media.Blobs) {
	data := Bytes(4, 150_000)
	for _, n := range []int{0, 1, 100_000, 150_000} {
		r := io.MultiReader(bytes.NewReader(data[:n]), brokenReader{})
		created, err := b.Put(t.Context(), "dir/broken", r, 150_000, sha256.Sum256(data))
		if !errors.Is(err, errReader) || created {
			t.Errorf("after %d bytes: %v, %v", n, created, err)
		}
		wantNothing(t, b, "a broken reader")
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errReader }

func cancelled(t *testing.T, b media.Blobs) {
	data := Bytes(5, 3<<20)
	sum := sha256.Sum256(data)
	ctx, cancel := context.WithCancel(t.Context())
	r := io.MultiReader(bytes.NewReader(data[:1<<20]), readerFunc(func([]byte) (int, error) {
		cancel()
		return 0, nil
	}), bytes.NewReader(data[1<<20:]))
	if created, err := b.Put(ctx, "dir/k", r, int64(len(data)), sum); !errors.Is(err, context.Canceled) || created {
		t.Errorf("a put that is cancelled in the middle: %v, %v", created, err)
	}
	wantNothing(t, b, "a put that is cancelled")
	put(t, b, "dir/k", data)
	_, err := b.Put(ctx, "dir/l", bytes.NewReader(data), int64(len(data)), sum)
	_, err2 := b.Get(ctx, "dir/k", 0, -1)
	_, err3 := b.Stat(ctx, "dir/k")
	err4 := b.Delete(ctx, "dir/k")
	err5 := b.List(ctx, "", func(media.BlobInfo) bool { return true })
	for i, err := range []error{err, err2, err3, err4, err5} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("call %d with a context that is over: %v", i, err)
		}
	}
	ctx, cancel = context.WithCancel(t.Context())
	rc, err := b.Get(ctx, "dir/k", 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer rc.Close()
	if _, err := io.ReadFull(rc, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if n, err := io.Copy(io.Discard, rc); !errors.Is(err, context.Canceled) && n != int64(len(data)-1000) {
		t.Errorf("a get that is cancelled in the middle: %d bytes, %v", n, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }
