package blobtest

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
)

// badKeys also tries them as prefixes: a store in a folder must not list what is beside it.
func badKeys(t *testing.T, b media.Blobs) {
	long := string(bytes.Repeat([]byte("k/"), 300))
	for _, key := range []string{"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", "a/./b", ".a", "a/.b", "a\\b",
		"a b", "a\x00b", "a\nb", "照片", "a:b", "a%2fb", "~", "a*", long + "k", string(bytes.Repeat([]byte("k"), 201))} {
		_, err := b.Put(t.Context(), key, bytes.NewReader(nil), 0, sha256.Sum256(nil))
		wantCode(t, fmt.Sprintf("put %q", key), err, problem.Invalid)
		_, err = b.Get(t.Context(), key, 0, -1)
		wantCode(t, fmt.Sprintf("get %q", key), err, problem.Invalid)
		_, err = b.Stat(t.Context(), key)
		wantCode(t, fmt.Sprintf("stat %q", key), err, problem.Invalid)
		wantCode(t, fmt.Sprintf("delete %q", key), b.Delete(t.Context(), key), problem.Invalid)
		if key != "" && key != "a/" {
			err := b.List(t.Context(), key, func(media.BlobInfo) bool { return true })
			wantCode(t, fmt.Sprintf("list %q", key), err, problem.Invalid)
		}
	}
	wantNothing(t, b, "keys that are not allowed")
}

const writers = 16

// race lets many put the same at once.
func race(t *testing.T, b media.Blobs) {
	data := Bytes(6, 400_000)
	sum := sha256.Sum256(data)
	for round := range 5 {
		key := fmt.Sprintf("race/%d/k", round)
		var created atomic.Int64
		together(writers, func(int) {
			is, err := b.Put(t.Context(), key, bytes.NewReader(data), int64(len(data)), sum)
			if err != nil {
				t.Errorf("put: %v", err)
			}
			if is {
				created.Add(1)
			}
		})
		if created.Load() != 1 {
			t.Errorf("created %d times", created.Load())
		}
		if !bytes.Equal(get(t, b, key, 0, -1), data) {
			t.Error("other bytes came back")
		}
	}
}

// raceOfDifferent lets each bring something else: one wins, whole.
func raceOfDifferent(t *testing.T, b media.Blobs) {
	var mu sync.Mutex
	var winners []int
	together(writers, func(i int) {
		data := Bytes(uint64(i), 100_000+i)
		is, err := b.Put(t.Context(), "race/k", bytes.NewReader(data), int64(len(data)), sha256.Sum256(data))
		if err != nil {
			t.Errorf("put: %v", err)
		}
		if is {
			mu.Lock()
			winners = append(winners, i)
			mu.Unlock()
		}
	})
	if len(winners) != 1 {
		t.Fatalf("winners: %v", winners)
	}
	if i := winners[0]; !bytes.Equal(get(t, b, "race/k", 0, -1), Bytes(uint64(i), 100_000+i)) {
		t.Error("not the winner's bytes are there")
	}
}

// together runs n calls at once.
func together(n int, run func(i int)) {
	var wait sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wait.Go(func() {
			<-start
			run(i)
		})
	}
	close(start)
	wait.Wait()
}

func listOrder(t *testing.T, b media.Blobs) {
	keys := []string{"l/a-1", "l/a.1", "l/a/1", "l/a/2/x", "l/a/2-x", "l/a0", "l/aB", "l/a_", "l/b", "m", "l-x", "L/z"}
	for _, key := range keys {
		put(t, b, key, []byte(key))
	}
	slices.Sort(keys)
	for _, prefix := range []string{"", "l", "l/", "l/a", "l/a/", "l/a/2", "l/a/2/", "l/a/2/x", "l-", "m", "n", "n/", "L", "l/a0"} {
		want := slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return len(k) < len(prefix) || k[:len(prefix)] != prefix })
		if got := list(t, b, prefix); !slices.Equal(got, want) {
			t.Errorf("list %q: %v, want %v", prefix, got, want)
		}
	}
	err := b.List(t.Context(), "l/a", func(i media.BlobInfo) bool {
		if i.Size != int64(len(i.Key)) || i.ModifiedMS < 1_600_000_000_000 {
			t.Errorf("%+v", i)
		}
		return true
	})
	if err != nil {
		t.Error(err)
	}
}

// listMany goes beyond the 1,000 keys that S3 gives at a time.
func listMany(t *testing.T, b media.Blobs) {
	const n = 2500
	together(writers, func(w int) {
		for i := w; i < n; i += writers {
			key := fmt.Sprintf("many/%d/%04d", i/900, i)
			if _, err := b.Put(t.Context(), key, bytes.NewReader(nil), 0, sha256.Sum256(nil)); err != nil {
				t.Errorf("put: %v", err)
				return
			}
		}
	})
	keys := list(t, b, "many/")
	if len(keys) != n || !slices.IsSorted(keys) {
		t.Fatalf("%d keys, sorted: %v", len(keys), slices.IsSorted(keys))
	}
	for _, stop := range []int{1, 999, 1001, n} {
		var got []string
		err := b.List(t.Context(), "many/", func(i media.BlobInfo) bool {
			got = append(got, i.Key)
			return len(got) < stop
		})
		if err != nil || !slices.Equal(got, keys[:stop]) {
			t.Errorf("stop after %d: %d keys, %v", stop, len(got), err)
		}
	}
	seen := 0 // what is listed may be deleted meanwhile
	err := b.List(t.Context(), "many/", func(i media.BlobInfo) bool {
		seen++
		return seen > 1100 || b.Delete(t.Context(), i.Key) == nil
	})
	if err != nil || seen != n {
		t.Errorf("deleting while listing: %d keys, %v", seen, err)
	}
	if left := list(t, b, "many/"); len(left) != n-1100 {
		t.Errorf("%d keys are left", len(left))
	}
}

// readWhileDeleted reads on in what is deleted, or is told: never other bytes.
func readWhileDeleted(t *testing.T, b media.Blobs) {
	data := Bytes(7, 1<<20)
	put(t, b, "k", data)
	r, err := b.Get(t.Context(), "k", 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := b.Delete(t.Context(), "k"); err != nil {
		t.Fatal(err)
	}
	put(t, b, "k", Bytes(8, 1<<20))
	if got, err := io.ReadAll(r); err == nil && !bytes.Equal(got, data) {
		t.Error("other bytes came")
	}
}

const (
	streamBytes = 20 << 20
	streamHeap  = 8 << 20 // what the heap may grow by: far less than the blob
)

// stream puts and gets what must not be held in memory.
func stream(t *testing.T, b media.Blobs) {
	h := sha256.New()
	if _, err := io.Copy(h, Reader(9, streamBytes)); err != nil {
		t.Fatal(err)
	}
	sum := [32]byte(h.Sum(nil))
	peak := heapPeak(func(watch func(io.Reader) io.Reader) {
		created, err := b.Put(t.Context(), "stream/k", watch(Reader(9, streamBytes)), streamBytes, sum)
		if err != nil || !created {
			t.Fatalf("put: %v, %v", created, err)
		}
	})
	got := sha256.New()
	back := heapPeak(func(watch func(io.Reader) io.Reader) {
		r, err := b.Get(t.Context(), "stream/k", 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := io.CopyBuffer(struct{ io.Writer }{got}, watch(r), make([]byte, 64<<10)); err != nil {
			t.Fatal(err)
		}
	})
	if [32]byte(got.Sum(nil)) != sum {
		t.Error("other bytes came back")
	}
	t.Logf("%d MiB: the heap grew by %d KiB putting, %d KiB getting", streamBytes>>20, peak>>10, back>>10)
	if peak > streamHeap || back > streamHeap {
		t.Errorf("the heap grew by %d KiB putting and %d KiB getting %d MiB", peak>>10, back>>10, streamBytes>>20)
	}
}

// heapPeak returns by how many bytes the heap grew while run read through the reader that it was given to wrap.
func heapPeak(run func(watch func(io.Reader) io.Reader)) uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, peak, seen := m.HeapAlloc, m.HeapAlloc, 0
	run(func(r io.Reader) io.Reader {
		return readerFunc(func(b []byte) (int, error) {
			n, err := r.Read(b)
			if seen += n; seen >= 1<<20 {
				seen = 0
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
			return n, err
		})
	})
	return peak - before
}

// Reader returns a reader of n bytes that look random and are the same for the same seed.
func Reader(seed uint64, n int64) io.Reader {
	var key [32]byte
	key[0], key[1] = byte(seed), byte(seed>>8)
	return io.LimitReader(rand.NewChaCha8(key), n)
}

// Bytes returns what Reader reads.
func Bytes(seed uint64, n int) []byte {
	data, _ := io.ReadAll(Reader(seed, int64(n)))
	return data
}
