package minioblob

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"io"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/minio/minio-go/v7"
)

// source remembers why the bytes ended: what HTTP makes of it says less.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// Put stores a body that is new. When the connection breaks after the body went out, whether it is there is looked up: then
// it counts as not created here.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64, sum [32]byte) (bool, error) {
	if err := media.CheckKey(key); err != nil {
		return false, err
	}
	if size < 0 {
		return false, problem.New(problem.Invalid, "a size is below 0")
	}
	if s.plain.Load() || size > s.whole {
		if there, err := s.there(ctx, key); there || err != nil {
			return false, err
		}
	}
	body := &source{r: media.Proven(ctx, r, size, sum)}
	if size == 0 { // HTTP would not read it
		if _, err := body.Read(make([]byte, 1)); err != io.EOF {
			return false, err
		}
	}
	send := s.putWhole
	if size > s.whole {
		send = s.putParts
	}
	err := send(ctx, key, body, size, sum)
	switch {
	case err == nil:
		return true, nil
	case body.err != nil:
		return false, body.err
	case taken(err):
		return false, nil
	case ctx.Err() != nil:
		return false, fault(ctx, err)
	case said(err, wordsNoCondition...):
		s.plain.Store(true) // the next put, which may be this one again, asks first
	case unknown(err):
		if there, _ := s.there(ctx, key); there {
			return false, nil
		}
	}
	return false, fault(ctx, err)
}

// unknown reports whether a put that failed may have been carried out all the same, or was refused in a way that was not
// heard: a store may answer that the key is taken, and hang up, while the body is still going out.
func unknown(err error) bool {
	a, ok := answer(err)
	return !ok || a.StatusCode >= 500 || a.Code == "ConditionalRequestConflict" || a.Code == "OperationAborted"
}

func (s *Store) there(ctx context.Context, key string) (bool, error) {
	_, err := s.Stat(ctx, key)
	if problem.CodeOf(err) == problem.NotFound {
		return false, nil
	}
	return err == nil, err
}

// options are those of every put: as one request, with the sum in a header and on condition that the key is free.
func (s *Store) options(sum string) minio.PutObjectOptions {
	o := minio.PutObjectOptions{DisableMultipart: true, DisableContentSha256: true}
	if !s.opt.NoChecksum && sum != "" {
		o.UserMetadata = map[string]string{"x-amz-checksum-sha256": sum}
	}
	if !s.plain.Load() {
		o.SetMatchETagExcept("*")
	}
	return o
}

// signed is the SHA-256 as the signature has it. The library's own way would be to cut the body into signed chunks, which
// not every store reads. A store that compares the header need not compute the same once more: the header is signed. One of the
// two there always is: some stores take a body for whole when the connection breaks in its midst.
func (s *Store) signed(sum [32]byte) string {
	if s.compares.Load() {
		return ""
	}
	return hex.EncodeToString(sum[:])
}

func (s *Store) putWhole(ctx context.Context, key string, body *source, size int64, sum [32]byte) error {
	_, err := s.core.PutObject(ctx, s.opt.Bucket, key, body, size, "", s.signed(sum), s.options(header(sum)))
	return err
}

func header(sum [32]byte) string { return base64.StdEncoding.EncodeToString(sum[:]) }
