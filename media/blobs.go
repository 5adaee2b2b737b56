package media

import (
	"context"
	"io"
)

// Blobs is a store of bytes by key. What is stored under a key is never changed. Keys are ASCII letters, digits and
// ._-/ without parts that are empty or begin with a dot ([CheckKey]); anything else is a problem with code invalid. No key
// followed by a slash begins another. A key that is not there is a problem with code not_found, a store that does not
// answer one with code unavailable. What ctx ends fails with its error in the chain. It is safe for concurrent use; package
// blobtest holds every implementation to all of this.
type Blobs interface {
	// Put stores size bytes of r, whose SHA-256 is sum, durably, and reports whether they are new: a key that is there
	// is left alone, and r may be left unread. What does not have that size or sum is not stored and is a problem with
	// code bad_digest; an error of r is returned. After any other failure it may be stored or not, never in part.
	Put(ctx context.Context, key string, r io.Reader, size int64, sum [32]byte) (created bool, err error)
	// Get reads n bytes from an offset on, or what there is of them, which may be nothing; all after it when n is below 0.
	// That the key is not there is told at once, not by the first Read.
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
