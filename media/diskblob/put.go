package diskblob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
)

// Put implements [media.Blobs]. The bytes are not read when the key is there.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64, sum [32]byte) (created bool, err error) {
	if err := errors.Join(ctx.Err(), media.CheckKey(key)); err != nil {
		return false, err
	}
	path := s.path(key)
	switch info, err := os.Lstat(path); {
	case err == nil:
		return false, s.taken(path, info)
	case errors.Is(err, syscall.ENOTDIR):
		return false, problem.New(problem.Invalid, "the beginning of that key is a key")
	}
	temp, err := s.write(ctx, r, size, sum)
	if err != nil {
		return false, err
	}
	defer os.Remove(temp)
	created, err = s.link(temp, path)
	if err != nil {
		return false, trouble(err)
	}
	if info, err := os.Lstat(path); !created && err == nil { // it may be deleted since: it was there
		return false, s.taken(path, info)
	}
	return created, nil
}

// taken ends a Put whose key is there. Whoever put it may not have come to flushing the folders.
func (s *Store) taken(path string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return problem.New(problem.Invalid, "that key is the beginning of others")
	}
	if err := s.settle(filepath.Dir(path)); err != nil {
		return trouble(err)
	}
	return nil
}

var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// write returns the name of a temporary file that holds what it should and is flushed. Nothing is left of a failure.
func (s *Store) write(ctx context.Context, r io.Reader, size int64, sum [32]byte) (name string, err error) {
	f, err := os.CreateTemp(filepath.Join(s.root, tempFolder), "*")
	if err != nil {
		return "", trouble(err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := s.copy(f, media.Proven(ctx, r, size, sum)); err != nil {
		return "", err
	}
	if err := s.hook("flush", f); err != nil {
		return "", trouble(err)
	}
	if !s.opt.NoSync {
		if err := f.Sync(); err != nil {
			return "", trouble(err)
		}
	}
	if err := f.Close(); err != nil {
		return "", trouble(err)
	}
	return f.Name(), nil
}

// copy tells the faults of the disk, which are ours, from those of the bytes.
func (s *Store) copy(f *os.File, r io.Reader) error {
	buf := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buf)
	for {
		n, err := r.Read(buf[:])
		if n > 0 {
			if err := s.hook("write", f); err != nil {
				return trouble(err)
			}
			if _, err := f.Write(buf[:n]); err != nil {
				return trouble(err)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// link gives a temporary file its name, unless that is taken.
func (s *Store) link(temp, path string) (created bool, err error) {
	dir := filepath.Dir(path)
	for range 100 {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return false, err
		}
		if err := s.hook("link", nil); err != nil {
			return false, err
		}
		err = os.Link(temp, path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // somebody removed the folder, which was empty
		}
		break
	}
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, s.settle(dir)
}

// settle flushes a folder, and those above it up to the root as far as they are not known to be flushed. Folders are
// removed only where nothing is flushed, so what is known stays true.
func (s *Store) settle(dir string) error {
	if s.opt.NoSync {
		return nil
	}
	if err := s.hook("settle", nil); err != nil {
		return err
	}
	if err := s.syncFolder(dir); err != nil {
		return err
	}
	var fresh []string
	for dir != s.root {
		if _, ok := s.known.Load(dir); ok {
			break
		}
		fresh = append(fresh, dir)
		dir = filepath.Dir(dir)
		if err := s.syncFolder(dir); err != nil {
			return err
		}
	}
	for _, dir := range fresh {
		s.known.Store(dir, true)
	}
	return nil
}

func (s *Store) syncFolder(dir string) error {
	if s.opt.NoSync || runtime.GOOS == "windows" { // which cannot
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
