package jobs

import (
	"context"
	"io"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/media/render"
)

const (
	maxWaiting  = 32 // stamped copies that are made or wait for it: beyond it the answer is to come again
	stampWithin = 2 * time.Minute
)

// Stamp returns the stamped copy of the original that the stamp names, a JPEG. It is made at the first call and kept. A
// file of which there is none is a problem with code not_found; too many at once are one with code overloaded, a store
// that does not answer one with code unavailable.
func (r *Renditions) Stamp(ctx context.Context, s render.Stamp) ([]byte, error) {
	if len(s.SHA256) != 64 {
		return nil, problem.New(problem.NotFound, "there is no such original").ZH("没有这个原件。")
	}
	key := media.StampedKey(s.SHA256, s.Text())
	data, err := r.kept(ctx, key)
	if problem.CodeOf(err) != problem.NotFound {
		return data, err
	}
	// Whoever asked first may go away while others wait for the same copy. What was begun is made, so it is the making that
	// has one of the few places and not whoever waits.
	result := r.stamps.DoChan(key, func() (any, error) {
		select {
		case r.waiting <- struct{}{}:
			defer func() { <-r.waiting }()
		default:
			return nil, problem.New(problem.Overloaded, "too many stamped copies are being made").ZH("正在生成的水印照片太多，请稍后再试。").RetryAfter(5)
		}
		making, stop := context.WithTimeout(context.WithoutCancel(ctx), stampWithin)
		defer stop()
		return r.stamp(making, key, s)
	})
	select {
	case got := <-result:
		if got.Err != nil {
			return nil, got.Err
		}
		return got.Val.([]byte), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (r *Renditions) kept(ctx context.Context, key string) ([]byte, error) {
	body, err := r.Blobs.Get(ctx, key, 0, -1)
	if err != nil {
		return nil, err
	}
	defer func() { _ = body.Close() }()
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, problem.Wrap(err, problem.Unavailable, "a stamped copy could not be read").ZH("暂时无法读取水印照片，请稍后再试。")
	}
	return data, nil
}

// stamp makes a copy and keeps it.
func (r *Renditions) stamp(ctx context.Context, key string, s render.Stamp) ([]byte, error) {
	err := r.begins(ctx, s.SHA256)
	var p *render.Picture
	if err == nil {
		p, err = r.decode(ctx, s.SHA256)
	}
	if reason, ok := refusal(err); ok {
		return nil, problem.Wrap(err, problem.NotFound, "no stamped copy can be made of this file").ZH("此文件无法生成水印照片。").With("reason", reason)
	}
	if err != nil {
		return nil, err
	}
	data, missing, err := p.Stamped(s)
	if err != nil {
		return nil, err
	}
	if missing > 0 {
		r.Log.InfoContext(ctx, "characters of a stamp are not in the font", "sha256", s.SHA256, "missing", missing)
	}
	if err := r.keep(ctx, key, data); err != nil { // it is made anew next time
		r.Log.WarnContext(ctx, "a stamped copy is not kept", "sha256", s.SHA256, "error", err)
	}
	return data, nil
}

// begins refuses what does not begin like a picture, such as a long video, before all of it is read.
func (r *Renditions) begins(ctx context.Context, sum string) error {
	const enough = 12
	body, err := r.Blobs.Get(ctx, media.OriginalKey(sum), 0, enough)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	first, err := io.ReadAll(io.LimitReader(body, enough))
	if err != nil {
		return problem.Wrap(err, problem.Unavailable, "an original could not be read").ZH("暂时无法读取原件，请稍后再试。")
	}
	if !render.MayDecode(first) {
		return render.NoPicture
	}
	return nil
}
