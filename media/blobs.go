package media

import (
	"context"
	"io"
)

// Blobs is a store of bytes by key. What is stored under a key is never changed. Keys are ASCII letters, digits and
// ._-/ without empty or dotted parts; anything else is a problem with code invalid. A key that is not there is a problem
// with code not_found, a store that does not answer one with code unavailable. It is safe for concurrent use.
type Blobs interface {
	// Put stores size bytes of r, whose SHA-256 is sum, durably, and reports whether they are new: a key that is there
	// is left alone. What does not have that size or sum is not stored and is a problem with code bad_digest.
	Put(ctx context.Context, key string, r io.Reader, size int64, sum [32]byte) (created bool, err error)
	// Get reads n bytes from an offset on, or what there is of them; all after it when n is below 0.
	Get(ctx context.Context, key string, from, n int64) (io.ReadCloser, error)
	Stat(ctx context.Context, key string) (BlobInfo, error)
	Delete(ctx context.Context, key string) error // one that is not there is deleted already
	// List calls each for the keys that begin with prefix, in their order, until it returns false.
	List(ctx context.Context, prefix string, each func(BlobInfo) bool) error
}

// BlobInfo is what a store knows of one key.
type BlobInfo struct {
	Key        string
	Size       int64 // bytes
	ModifiedMS int64
}

// Presigner is a store that can hand out an address at which a key can be read for a while without further rights.
type Presigner interface {
	// Presign returns the address; the download is named as given. The address is good for that many seconds.
	Presign(ctx context.Context, key, filename string, seconds int) (string, error)
}
