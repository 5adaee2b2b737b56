package minioblob

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/minio/minio-go/v7"
)

// Lacks returns what the last [Store.Check] found missing, a sentence each.
func (s *Store) Lacks() []string {
	lacks, _ := s.lacks.Load().([]string)
	return lacks
}

// Check finds out whether the bucket can be used and what its store lacks, by putting, reading, listing and deleting a few
// bytes under selftest/. What is lacking is a sentence each and no error: the store works without, as the sentence says. A
// store that cannot be used at all is a problem with code unavailable, and a bucket that is not there one with code invalid.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	if err := s.bucket(ctx); err != nil {
		return nil, err
	}
	c := &check{s: s, prefix: "selftest/" + strings.ToLower(rand.Text()) + "/"}
	err := c.run(ctx)
	for _, key := range []string{"a", "a-b", "a/b", "sums", "cut"} {
		err = errors.Join(err, s.Delete(context.WithoutCancel(ctx), c.prefix+key))
	}
	if err != nil {
		return nil, err
	}
	s.lacks.Store(c.lacks)
	return c.lacks, nil
}

// bucket sees to it that the bucket is there.
func (s *Store) bucket(ctx context.Context) error {
	short, cancel := context.WithTimeout(ctx, s.short)
	defer cancel()
	there, err := s.core.BucketExists(short, s.opt.Bucket)
	if err != nil || there {
		return fault(ctx, err)
	}
	if !s.opt.CreateBucket {
		return problem.New(problem.Invalid, "the object store has no bucket %q, and it is not for us to make it", s.opt.Bucket).
			ZH("照片库里没有存储桶“%s”，且未允许自动创建", s.opt.Bucket)
	}
	err = s.core.MakeBucket(short, s.opt.Bucket, minio.MakeBucketOptions{Region: s.opt.Region})
	if said(err, "BucketAlreadyOwnedByYou") { // another server of ours was quicker
		return nil
	}
	return fault(ctx, err)
}

// check is one run of the self-test.
type check struct {
	s      *Store
	prefix string
	lacks  []string
}

func (c *check) lack(sentence string) { c.lacks = append(c.lacks, sentence) }

func (c *check) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{c.cut, c.condition, c.comparison, c.ranges, c.uncut, c.order} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

var checkBytes = []byte("fieldsync looks whether this store keeps what it is given")

// condition puts the same twice: the second one has to be refused.
func (c *check) condition(ctx context.Context) error {
	key, sum := c.prefix+"a-b", sha256.Sum256(checkBytes)
	c.s.plain.Store(false)
	put := func() error {
		return c.s.putWhole(ctx, key, &source{r: bytes.NewReader(checkBytes)}, int64(len(checkBytes)), sum)
	}
	err := put()
	if said(err, wordsNoCondition...) || said(err, "InvalidArgument", "InvalidRequest") {
		c.s.plain.Store(true)
		c.lack("the store refuses If-None-Match: it is asked before each put whether the key is there")
		err = put()
	}
	if err != nil || c.s.plain.Load() {
		return fault(ctx, err)
	}
	switch err := put(); {
	case err == nil:
		c.s.plain.Store(true)
		c.lack("the store ignores If-None-Match: it is asked before each put whether the key is there")
	case !taken(err):
		return fault(ctx, err)
	}
	return nil
}

// comparison puts bytes that are not those of the announced sums, past our own comparison: they have to be refused.
func (c *check) comparison(ctx context.Context) error {
	c.s.compares.Store(false)
	right, wrong := sha256.Sum256(checkBytes), sha256.Sum256([]byte("other bytes"))
	kept, err := c.kept(ctx, "", c.s.signed(wrong))
	if err != nil {
		return err
	}
	if kept {
		c.lack("the store does not compare bodies with the SHA-256 of the signature")
	}
	if c.s.opt.NoChecksum {
		return nil
	}
	if kept, err = c.kept(ctx, header(wrong), ""); err != nil {
		return err
	}
	if kept {
		c.lack("the store does not compare bodies with x-amz-checksum-sha256: s3-checksum may as well be off")
		return nil
	}
	// It has refused the header only if it takes a right one.
	kept, err = c.kept(ctx, header(right), "")
	c.s.compares.Store(kept)
	return err
}

// kept puts with a sum in the header, in the signature or in neither, and reports whether the store has kept it.
func (c *check) kept(ctx context.Context, header, signed string) (bool, error) {
	key, size := c.prefix+"sums", int64(len(checkBytes))
	_, err := c.s.core.PutObject(ctx, c.s.opt.Bucket, key, bytes.NewReader(checkBytes), size, "", signed, c.s.options(header))
	switch {
	case err == nil:
		return true, c.s.Delete(ctx, key)
	case refusal(err):
		return false, nil
	}
	return false, fault(ctx, err)
}

// cut breaks a put off in the middle of its body, and uncut looks, some time later, whether the store kept what it got.
func (c *check) cut(ctx context.Context) error {
	whole := bytes.Repeat(checkBytes, 4096)
	half := &source{r: io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), brokenOff{})}
	c.s.compares.Store(false)
	err := c.s.putWhole(ctx, c.prefix+"cut", half, int64(len(whole)), sha256.Sum256(whole))
	if half.err == nil { // it did not come to that
		return fault(ctx, err)
	}
	return nil
}

type brokenOff struct{}

var errBrokenOff = errors.New("broken off")

func (brokenOff) Read([]byte) (int, error) { return 0, errBrokenOff }

func (c *check) uncut(ctx context.Context) error {
	there, err := c.s.there(ctx, c.prefix+"cut")
	if err == nil && there {
		err = problem.New(problem.Unavailable, "the object store keeps what it got of a body that was broken off: it cannot be used")
	}
	return err
}

// refusal reports whether the store answered that the request is wrong, in whatever words.
func refusal(err error) bool {
	a, ok := answer(err)
	return ok && a.StatusCode/100 == 4
}

// ranges reads a part: a store that sends the whole instead cannot be used, for a video would be sent again for each part.
func (c *check) ranges(ctx context.Context) error {
	r, err := c.s.Get(ctx, c.prefix+"a-b", 3, 5)
	if err != nil {
		return err
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err == nil && !bytes.Equal(got, checkBytes[3:8]) {
		err = problem.New(problem.Unavailable, "the object store does not read parts of an object")
	}
	return err
}

// order lists: keys have to come in the order of their bytes, whatever folders the store keeps them in.
func (c *check) order(ctx context.Context) error {
	if _, err := c.s.Put(ctx, c.prefix+"a/b", bytes.NewReader(nil), 0, sha256.Sum256(nil)); err != nil {
		return err
	}
	var keys []string
	err := c.s.List(ctx, c.prefix, func(i media.BlobInfo) bool {
		keys = append(keys, strings.TrimPrefix(i.Key, c.prefix))
		return true
	})
	switch got := strings.Join(keys, " "); {
	case err != nil:
		return err
	case got == "a/b a-b":
		c.lack("the store lists keys by folders and not in the order of their bytes")
	case got != "a-b a/b":
		return problem.New(problem.Unavailable, "the object store does not list what was just put (%s)", got)
	}
	return nil
}
