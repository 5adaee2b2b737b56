package blobtest

import (
	"context"
	"io"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
)

// Faults is a store between whose calls something may happen. Op is put, get, stat, delete or list. Both may be nil. An error
// of Before is returned instead of calling the store, one of After instead of its answer, when the call has had its effect.
type Faults struct {
	media.Blobs
	Before func(op, key string) error
	After  func(op, key string) error
}

// Down is what a store says that is in trouble.
func Down() error {
	return problem.New(problem.Unavailable, "the store is made to be in trouble")
}

func run[T any](f *Faults, op, key string, call func() (T, error)) (out T, err error) {
	var none T
	if f.Before != nil {
		if err := f.Before(op, key); err != nil {
			return none, err
		}
	}
	if out, err = call(); err != nil {
		return none, err
	}
	if f.After != nil {
		if err := f.After(op, key); err != nil {
			if c, ok := any(out).(io.Closer); ok {
				c.Close()
			}
			return none, err
		}
	}
	return out, nil
}

func (f *Faults) Put(ctx context.Context, key string, r io.Reader, size int64, sum [32]byte) (bool, error) {
	return run(f, "put", key, func() (bool, error) { return f.Blobs.Put(ctx, key, r, size, sum) })
}

func (f *Faults) Get(ctx context.Context, key string, from, n int64) (io.ReadCloser, error) {
	return run(f, "get", key, func() (io.ReadCloser, error) { return f.Blobs.Get(ctx, key, from, n) })
}

func (f *Faults) Stat(ctx context.Context, key string) (media.BlobInfo, error) {
	return run(f, "stat", key, func() (media.BlobInfo, error) { return f.Blobs.Stat(ctx, key) })
}

func (f *Faults) Delete(ctx context.Context, key string) error {
	_, err := run(f, "delete", key, func() (struct{}, error) { return struct{}{}, f.Blobs.Delete(ctx, key) })
	return err
}

func (f *Faults) List(ctx context.Context, prefix string, each func(media.BlobInfo) bool) error {
	_, err := run(f, "list", prefix, func() (struct{}, error) { return struct{}{}, f.Blobs.List(ctx, prefix, each) })
	return err
}
