package diskblob

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/media/blobtest"
)

func TestConformance(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) media.Blobs { return open(t, t.TempDir(), Options{}) })
}

func TestConformanceNoSync(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) media.Blobs { return open(t, t.TempDir(), Options{NoSync: true}) })
}

func open(t *testing.T, folder string, opt Options) *Store {
	t.Helper()
	s, err := Open(folder, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTwoStores lets two processes, as it were, share a folder.
func TestTwoStores(t *testing.T) {
	for _, noSync := range []bool{false, true} {
		folder := t.TempDir()
		a, b := open(t, folder, Options{NoSync: noSync}), open(t, folder, Options{NoSync: noSync})
		var created atomic.Int64
		var wait sync.WaitGroup
		for i, s := range []*Store{a, b, a, b} {
			wait.Go(func() {
				for k := range 200 {
					// One makes what another removes, folder and all.
					is, err := s.Put(t.Context(), fmt.Sprintf("x/%d/y", k%5), strings.NewReader("1"), 1, sha256.Sum256([]byte("1")))
					if err != nil {
						t.Errorf("put: %v", err)
					}
					if is {
						created.Add(1)
					}
					if k%3 == i%3 {
						if err := s.Delete(t.Context(), fmt.Sprintf("x/%d/y", k%5)); err != nil {
							t.Errorf("delete: %v", err)
						}
					}
				}
			})
		}
		wait.Wait()
		if created.Load() < 5 {
			t.Errorf("created %d", created.Load())
		}
		wantIncoming(t, folder, 0)
	}
}

// TestLeftovers removes what killed processes left, and nothing that somebody still writes.
func TestLeftovers(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, Options{})
	put(t, s, "a/b")
	for name, age := range map[string]time.Duration{"old": 2 * time.Hour, "young": time.Minute} {
		path := filepath.Join(folder, tempFolder, name)
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-age)
		if err := os.Chtimes(path, then, then); err != nil {
			t.Fatal(err)
		}
	}
	s = open(t, folder, Options{})
	wantIncoming(t, folder, 1)
	if _, err := s.Stat(t.Context(), "a/b"); err != nil {
		t.Error(err)
	}
}

// TestNothingOutside holds links and devices in the folder to be nothing.
func TestNothingOutside(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, Options{})
	put(t, s, "a/b")
	if err := os.Symlink("/etc/passwd", filepath.Join(folder, "a", "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stat(t.Context(), "a/link"); problem.CodeOf(err) != problem.NotFound {
		t.Errorf("stat: %v", err)
	}
	if _, err := s.Get(t.Context(), "a/link", 0, -1); problem.CodeOf(err) != problem.NotFound {
		t.Errorf("get: %v", err)
	}
	n := 0
	if err := s.List(t.Context(), "", func(media.BlobInfo) bool { n++; return true }); err != nil || n != 1 {
		t.Errorf("%d keys, %v", n, err)
	}
}

// TestFaults breaks off a Put at each step: the problem is unavailable, nothing half is left, and the next one succeeds.
func TestFaults(t *testing.T) {
	for _, step := range []string{"write", "flush", "link", "settle"} {
		folder := t.TempDir()
		s := open(t, folder, Options{})
		s.hook = func(at string, _ *os.File) error {
			if at == step {
				return syscall.ENOSPC
			}
			return nil
		}
		_, err := s.Put(t.Context(), "a/b", strings.NewReader("1"), 1, sha256.Sum256([]byte("1")))
		if problem.CodeOf(err) != problem.Unavailable || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: %v", step, err)
		}
		wantIncoming(t, folder, 0)
		s.hook = func(string, *os.File) error { return nil }
		put(t, s, "a/b")
	}
}

// TestFull fills a real disk, of one MiB.
func TestFull(t *testing.T) {
	folder := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder).CombinedOutput(); err != nil {
		t.Skipf("no small disk can be mounted here: %s", out)
	}
	defer exec.Command("umount", folder).Run()
	s := open(t, folder, Options{})
	put(t, s, "a/b")
	data := blobtest.Bytes(1, 2<<20)
	_, err := s.Put(t.Context(), "a/c", bytes.NewReader(data), int64(len(data)), sha256.Sum256(data))
	if problem.CodeOf(err) != problem.Unavailable || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk: %v", err)
	}
	wantIncoming(t, folder, 0)
	put(t, s, "a/d")
}

func put(t *testing.T, s *Store, key string) {
	t.Helper()
	if _, err := s.Put(t.Context(), key, strings.NewReader("1"), 1, sha256.Sum256([]byte("1"))); err != nil {
		t.Fatal(err)
	}
}

func wantIncoming(t *testing.T, folder string, want int) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(folder, tempFolder))
	if err != nil || len(entries) != want {
		t.Errorf("%d temporary files are left, %v", len(entries), err)
	}
}
