package minioblob

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/minio/minio-go/v7"
)

// Get asks for exactly the bytes that are wanted.
func (s *Store) Get(ctx context.Context, key string, from, n int64) (io.ReadCloser, error) {
	if err := media.CheckKey(key); err != nil {
		return nil, err
	}
	if from < 0 {
		return nil, problem.New(problem.Invalid, "an offset is below 0")
	}
	if n == 0 { // a range of no bytes cannot be asked for
		_, err := s.Stat(ctx, key)
		return nothing(), err
	}
	var o minio.GetObjectOptions
	var err error
	switch {
	case n > 0:
		err = o.SetRange(from, from+n-1)
	case from > 0:
		err = o.SetRange(from, 0)
	}
	if err != nil {
		return nil, problem.Wrap(err, problem.Invalid, "that is no range")
	}
	body, info, _, err := s.core.GetObject(ctx, s.opt.Bucket, key, o)
	if a, ok := answer(err); ok && (a.StatusCode == http.StatusRequestedRangeNotSatisfiable || a.Code == "InvalidRange") {
		return nothing(), nil // it begins behind the end
	}
	if err != nil {
		return nil, fault(ctx, err)
	}
	return &reading{ctx: ctx, body: body, left: info.Size}, nil
}

func nothing() io.ReadCloser { return io.NopCloser(strings.NewReader("")) }

// reading is a body that says so when it ends too early.
type reading struct {
	ctx  context.Context
	body io.ReadCloser
	left int64
}

func (r *reading) Read(b []byte) (int, error) {
	n, err := r.body.Read(b)
	r.left -= int64(n)
	switch {
	case err == nil || err == io.EOF && r.left <= 0:
		return n, err
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	}
	return n, fault(r.ctx, err)
}

func (r *reading) Close() error { return r.body.Close() }

// Stat asks for size and time of a key.
func (s *Store) Stat(ctx context.Context, key string) (media.BlobInfo, error) {
	if err := media.CheckKey(key); err != nil {
		return media.BlobInfo{}, err
	}
	short, cancel := context.WithTimeout(ctx, s.short)
	defer cancel()
	info, err := s.core.StatObject(short, s.opt.Bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return media.BlobInfo{}, fault(ctx, err)
	}
	return media.BlobInfo{Key: key, Size: info.Size, ModifiedMS: info.LastModified.UnixMilli()}, nil
}

// Delete removes a key. In a bucket that keeps versions the bytes stay, out of sight.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := media.CheckKey(key); err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, s.short)
	defer cancel()
	err := fault(ctx, s.core.RemoveObject(short, s.opt.Bucket, key, minio.RemoveObjectOptions{}))
	if problem.CodeOf(err) == problem.NotFound {
		return nil
	}
	return err
}

// List asks for 1,000 keys at a time.
func (s *Store) List(ctx context.Context, prefix string, each func(media.BlobInfo) bool) error {
	if err := media.CheckPrefix(prefix); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fault(ctx, err)
	}
	o := minio.ListObjectsOptions{Prefix: prefix, Recursive: true}
	for info := range s.core.ListObjectsIter(ctx, s.opt.Bucket, o) {
		if info.Err != nil {
			return fault(ctx, info.Err)
		}
		if strings.HasSuffix(info.Key, "/") {
			continue // a folder that somebody made by hand
		}
		if !each(media.BlobInfo{Key: info.Key, Size: info.Size, ModifiedMS: info.LastModified.UnixMilli()}) {
			return nil
		}
	}
	return fault(ctx, ctx.Err())
}

// Presign returns an address at which the key can be read with no other right, for 1 second to 7 days. The download has the
// given name, whatever its letters.
func (s *Store) Presign(ctx context.Context, key, filename string, seconds int) (string, error) {
	if err := media.CheckKey(key); err != nil {
		return "", err
	}
	if seconds < 1 || seconds > 7*24*3600 {
		return "", problem.New(problem.Invalid, "an address is good for 1 second to 7 days")
	}
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": filename})
	if disposition == "" {
		return "", problem.Wrap(errors.New(filename), problem.Invalid, "that is no file name")
	}
	q := url.Values{"response-content-disposition": {disposition}}
	u, err := s.public.PresignedGetObject(ctx, s.opt.Bucket, key, time.Duration(seconds)*time.Second, q)
	if err != nil {
		return "", fault(ctx, err)
	}
	return u.String(), nil
}
