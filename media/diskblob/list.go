package diskblob

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/media"
)

// List implements [media.Blobs]. It holds the names of one folder per level, nothing else. Keys that are put or deleted
// meanwhile may be there or not.
func (s *Store) List(ctx context.Context, prefix string, each func(media.BlobInfo) bool) error {
	if err := errors.Join(ctx.Err(), media.CheckPrefix(prefix)); err != nil {
		return err
	}
	folder, begin := "", prefix
	if at := strings.LastIndexByte(prefix, '/'); at >= 0 {
		folder, begin = prefix[:at+1], prefix[at+1:]
	}
	_, err := s.walk(ctx, folder, begin, each)
	return err
}

// walk lists what lies in a folder of keys ("" or ending in a slash) and begins with some letters.
func (s *Store) walk(ctx context.Context, folder, begin string, each func(media.BlobInfo) bool) (more bool, err error) {
	entries, err := os.ReadDir(filepath.Join(s.root, filepath.FromSlash(folder)))
	if err != nil {
		if gone(err) {
			return true, nil
		}
		return false, trouble(err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		return strings.HasPrefix(e.Name(), ".") || !strings.HasPrefix(e.Name(), begin)
	})
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(inOrder(a), inOrder(b)) })
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		more, err := s.visit(ctx, folder, e, each)
		if err != nil || !more {
			return false, err
		}
	}
	return true, nil
}

func (s *Store) visit(ctx context.Context, folder string, e fs.DirEntry, each func(media.BlobInfo) bool) (more bool, err error) {
	key := folder + e.Name()
	if e.IsDir() {
		return s.walk(ctx, key+"/", "", each)
	}
	info, err := e.Info()
	if err != nil {
		if gone(err) {
			return true, nil
		}
		return false, trouble(err)
	}
	if !info.Mode().IsRegular() || media.CheckKey(key) != nil {
		return true, nil // not ours
	}
	return each(media.BlobInfo{Key: key, Size: info.Size(), ModifiedMS: info.ModTime().UnixMilli()}), nil
}

// inOrder is the name of an entry as it stands in keys: a-b comes before a/b, which comes before a0.
func inOrder(e fs.DirEntry) string {
	if e.IsDir() {
		return e.Name() + "/"
	}
	return e.Name()
}
