package media

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// maxKey is the longest key, in bytes. Stores that speak S3 take 1024 with whatever prefix they add.
const maxKey = 512

// CheckKey returns a problem with code invalid for what [Blobs] does not allow as a key. A part that begins with a dot is
// not allowed, so that no key can climb out of a folder or meet what a store keeps for itself.
func CheckKey(key string) error {
	if len(key) > maxKey || !keyBytes(key) {
		return badKey()
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part[0] == '.' || len(part) > 200 { // file systems end at 255, and temporary names are longer
			return badKey()
		}
	}
	return nil
}

// CheckPrefix is CheckKey for the beginning of keys: it may be empty, and end anywhere in a key.
func CheckPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	return CheckKey(strings.TrimSuffix(prefix, "/"))
}

func keyBytes(key string) bool {
	for i := range len(key) {
		c := key[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '_' || c == '-' || c == '/') {
			return false
		}
	}
	return true
}

func badKey() error { return problem.New(problem.Invalid, "that is no key of a store") }

// NoBlob is the problem of a key that is not there.
func NoBlob(cause error) error {
	return problem.Wrap(cause, problem.NotFound, "there is nothing under that key")
}

// Proven returns a reader of r that gives out its last bytes only when r is known to have that size and SHA-256, and ends
// there. Otherwise, and when r goes on, it fails with a problem with code bad_digest, so a store that needs all
// the bytes before it keeps any cannot keep wrong ones. It also ends with ctx.
func Proven(ctx context.Context, r io.Reader, size int64, sum [32]byte) io.Reader {
	return &proven{ctx: ctx, r: r, left: size, want: sum, hash: sha256.New()}
}

type proven struct {
	ctx  context.Context
	r    io.Reader
	left int64
	want [32]byte
	hash hash.Hash
	err  error
}

func (p *proven) Read(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.read(b)
	if err != nil {
		p.err = err
	}
	return n, err
}

func (p *proven) read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	if p.left < 0 {
		return 0, problem.New(problem.Invalid, "a size is below 0")
	}
	if p.left == 0 {
		return 0, p.end()
	}
	if len(b) == 0 {
		return 0, nil
	}
	n, err := p.r.Read(b[:min(int64(len(b)), p.left)])
	p.hash.Write(b[:n])
	p.left -= int64(n)
	switch {
	case err == io.EOF && p.left > 0:
		return 0, wrongSum("shorter than announced")
	case err != nil && err != io.EOF:
		return 0, err
	case p.left > 0:
		return n, nil
	}
	if end := p.end(); end != io.EOF {
		return 0, end
	}
	return n, io.EOF
}

// end is io.EOF if r ends here and is what it should be.
func (p *proven) end() error {
	var one [1]byte
	for range 100 {
		n, err := p.r.Read(one[:])
		switch {
		case n > 0:
			return wrongSum("longer than announced")
		case err == io.EOF && [32]byte(p.hash.Sum(nil)) != p.want:
			return wrongSum("of another SHA-256 than announced")
		case err != nil:
			return err
		}
	}
	return io.ErrNoProgress
}

func wrongSum(how string) error {
	return problem.New(problem.BadDigest, "the bytes are %s", how)
}
