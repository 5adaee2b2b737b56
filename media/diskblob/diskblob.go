// Package diskblob is a store of bytes in a folder: a file for each key, folders for its parts.
//
// A file is written beside the keys under a temporary name, compared with the announced size and SHA-256, flushed to the
// disk and then linked to its name, which fails if that is taken: a key is there whole or not at all, also after a power
// cut, and is never overwritten. Several processes may share the folder if all are on a file system with hard links.
package diskblob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
)

// Options of a store. The zero value is the safe one.
type Options struct {
	// NoSync leaves flushing to the operating system: for what may be lost in a power cut since it is compared with a hash
	// when it is read, and sent again. Folders that become empty are removed then.
	NoSync bool
	Now    func() time.Time // nil: time.Now
}

// Store is a folder.
type Store struct {
	root  string
	opt   Options
	known sync.Map // folders whose own entry is known to be on the disk
	hook  func(step string, f *os.File) error
}

const (
	tempFolder = ".incoming" // no part of a key begins with a dot
	tempAge    = time.Hour   // a file that nobody wrote to for so long belongs to a process that died
)

// Open returns the store in a folder, which is made if it is missing, and removes what killed processes left there half
// written. A folder that cannot be used is a problem with code unavailable.
func Open(folder string, opt Options) (*Store, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	root, err := filepath.Abs(folder)
	if err != nil {
		return nil, trouble(err)
	}
	s := &Store{root: root, opt: opt, hook: func(string, *os.File) error { return nil }}
	if err := os.MkdirAll(filepath.Join(root, tempFolder), 0o750); err != nil {
		return nil, trouble(err)
	}
	if err := s.syncFolder(filepath.Dir(root)); err != nil {
		return nil, trouble(err)
	}
	return s, s.sweep()
}

// sweep removes temporary files that nobody writes any more.
func (s *Store) sweep() error {
	entries, err := os.ReadDir(filepath.Join(s.root, tempFolder))
	if err != nil {
		return trouble(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || s.opt.Now().Sub(info.ModTime()) < tempAge {
			continue // another process has just finished it
		}
		if err := os.Remove(filepath.Join(s.root, tempFolder, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return trouble(err)
		}
	}
	return nil
}

func (s *Store) path(key string) string { return filepath.Join(s.root, filepath.FromSlash(key)) }

// Get implements [media.Blobs].
func (s *Store) Get(ctx context.Context, key string, from, n int64) (io.ReadCloser, error) {
	if err := errors.Join(ctx.Err(), media.CheckKey(key)); err != nil {
		return nil, err
	}
	if from < 0 {
		return nil, problem.New(problem.Invalid, "an offset is below 0")
	}
	if _, err := s.Stat(ctx, key); err != nil { // Open would follow a link, or open a folder
		return nil, err
	}
	f, err := os.Open(s.path(key))
	if err != nil {
		return nil, missing(err)
	}
	if n < 0 {
		info, err := f.Stat()
		if err != nil {
			f.Close()
			return nil, trouble(err)
		}
		n = max(info.Size()-from, 0)
	}
	return &reader{ctx: ctx, section: io.NewSectionReader(f, from, n), f: f}, nil
}

type reader struct {
	ctx     context.Context
	section *io.SectionReader
	f       *os.File
}

func (r *reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.section.Read(b)
	if err != nil && err != io.EOF {
		err = trouble(err)
	}
	return n, err
}

func (r *reader) Close() error { return r.f.Close() }

// Stat implements [media.Blobs].
func (s *Store) Stat(ctx context.Context, key string) (media.BlobInfo, error) {
	if err := errors.Join(ctx.Err(), media.CheckKey(key)); err != nil {
		return media.BlobInfo{}, err
	}
	info, err := os.Lstat(s.path(key))
	if err == nil && !info.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return media.BlobInfo{}, missing(err)
	}
	return media.BlobInfo{Key: key, Size: info.Size(), ModifiedMS: info.ModTime().UnixMilli()}, nil
}

// Delete implements [media.Blobs].
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := errors.Join(ctx.Err(), media.CheckKey(key)); err != nil {
		return err
	}
	path := s.path(key)
	if info, err := os.Lstat(path); err == nil && info.IsDir() {
		return nil // os.Remove would take an empty folder
	}
	if err := os.Remove(path); err != nil && !gone(err) {
		return trouble(err)
	}
	if s.opt.NoSync {
		// Whoever is about to put something into one of these makes it again. os.Remove would also take a file.
		for dir := filepath.Dir(path); dir != s.root && syscall.Rmdir(dir) == nil; dir = filepath.Dir(dir) {
			continue
		}
		return nil
	}
	if err := s.syncFolder(filepath.Dir(path)); err != nil && !gone(err) {
		return trouble(err)
	}
	return nil
}

// gone reports that there is no such file, or that a part of its path is one.
func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) }

func missing(err error) error {
	if gone(err) {
		return media.NoBlob(err)
	}
	return trouble(err)
}

// trouble is what the disk did. It may be over in a while: somebody makes room, or mounts it again.
func trouble(err error) error {
	return problem.Wrap(err, problem.Unavailable, "the photo store is in trouble; try again later").
		ZH("照片存储暂时不可用，请稍后再试。").RetryAfter(30)
}
