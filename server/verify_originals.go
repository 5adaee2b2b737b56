package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// verifyOriginals reads every stored original back and compares it with its hash. It returns how many it read.
func (a *app) verifyOriginals(in *invocation, found func(where, text string), progress func(string)) (n int, err error) {
	list, err := a.gateway.StoredOriginals(in.ctx)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	if a.photos == nil {
		if err := a.openPhotos(in.cfg); err != nil {
			return 0, err
		}
	}
	for i, o := range list {
		if i%100 == 99 {
			progress(fmt.Sprintf("originals: %d of %d", i+1, len(list)))
		}
		switch err := a.photos.compare(in.ctx, o); problem.CodeOf(err) {
		case "":
		case problem.NotFound:
			found(o.String(), "it is not in the store")
		case problem.BadDigest:
			found(o.String(), "the bytes in the store are not the original")
		default:
			return i, err
		}
	}
	return len(list), nil
}

func (p *photos) compare(ctx context.Context, o gateway.StoredOriginal) error {
	r, err := p.blobs.Get(ctx, media.OriginalKey(o.SHA256), 0, -1)
	if err != nil {
		return err
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err != nil {
		return problem.Wrap(err, problem.Unavailable, "an original could not be read")
	}
	if n != o.Bytes || !strings.EqualFold(fmt.Sprintf("%x", h.Sum(nil)), o.SHA256) {
		return problem.New(problem.BadDigest, "%d bytes", n).ZH("%d 字节", n)
	}
	return nil
}
