package media

import (
	"context"
	"errors"
	"io"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// source reads pieces of blobs as one file. It holds one reader at a time.
type source struct {
	ctx    context.Context
	blobs  Blobs
	pieces []piece
	size   int64

	at   int64 // where the next Read begins
	cur  io.ReadCloser
	left int64 // of cur
	err  error // of the store, as against what was asked
}

func newSource(ctx context.Context, blobs Blobs, pieces []piece) *source {
	s := &source{ctx: ctx, blobs: blobs, pieces: pieces}
	for _, p := range pieces {
		s.size += p.n
	}
	return s
}

func (s *source) Read(b []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if len(b) == 0 {
		return 0, nil
	}
	for s.left == 0 {
		if s.at >= s.size {
			return 0, io.EOF
		}
		if err := s.open(); err != nil {
			return 0, s.fail(err)
		}
	}
	n, err := s.cur.Read(b[:min(int64(len(b)), s.left)])
	s.at += int64(n)
	s.left -= int64(n)
	if err == io.EOF && s.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && err != io.EOF {
		return n, s.fail(err)
	}
	if n == 0 && err == io.EOF {
		return 0, s.fail(io.ErrNoProgress)
	}
	return n, nil
}

// fail keeps what the store did. What is not there any more was taken away by another server.
func (s *source) fail(err error) error {
	if problem.CodeOf(err) == problem.NotFound || errors.Is(err, io.ErrUnexpectedEOF) {
		err = retry(err)
	}
	s.err = err
	return err
}

// open opens the piece that holds the place to read at.
func (s *source) open() error {
	s.Close()
	begin := int64(0)
	for _, p := range s.pieces {
		if s.at < begin+p.n {
			in := s.at - begin
			r, err := s.blobs.Get(s.ctx, p.key, p.from+in, p.n-in)
			if err != nil {
				return err
			}
			s.cur, s.left = r, p.n-in
			return nil
		}
		begin += p.n
	}
	return io.ErrUnexpectedEOF
}

// Seek implements [io.Seeker].
func (s *source) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += s.at
	case io.SeekEnd:
		offset += s.size
	}
	if offset < 0 || whence < io.SeekStart || whence > io.SeekEnd {
		return 0, errors.New("media: that is no place in a file")
	}
	if offset != s.at {
		s.Close()
		s.at = offset
	}
	return offset, nil
}

// Close implements [io.Closer]. Reading goes on where it was.
func (s *source) Close() error {
	if s.cur == nil {
		return nil
	}
	cur := s.cur
	s.cur, s.left = nil, 0
	return cur.Close()
}
