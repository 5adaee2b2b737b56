package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// What lies beside the units of an original: whose it is, since keys do not tell, and the mark that units of
// different devices did not make up the original, so that each device's count by themselves.
const (
	spoolScope = "scope"
	spoolApart = "apart"
)

// batch is the units that came in one request, one blob.
type batch struct {
	key      string
	device   string
	first, n int64
	size     int64
}

// pile is what waits of one original.
type pile struct {
	target
	keys    []string
	batches []batch // whole ones
	apart   bool
	at      time.Time // when it was listed, if it is remembered
	asked   bool      // and for a phone that asked
}

// parseBatch reads what spoolKey wrote.
func parseBatch(i BlobInfo) (b batch, ok bool) {
	name := i.Key[strings.LastIndexByte(i.Key, '/')+1:]
	parts := strings.SplitN(name, "-", 3)
	if len(parts) != 3 {
		return batch{}, false
	}
	first, err1 := strconv.ParseInt(parts[0], 10, 32)
	n, err2 := strconv.ParseInt(parts[1], 10, 32)
	if err1 != nil || err2 != nil || first < 0 || n < 1 || n > maxUnits {
		return batch{}, false
	}
	return batch{key: i.Key, device: parts[2], first: first, n: n, size: i.Size}, true
}

// pile lists what waits. A batch of another size than it should have is none: a power cut left it so, or somebody
// announced the original with another size.
func (s *Service) pile(ctx context.Context, t target) (*pile, error) {
	p := &pile{target: t}
	err := s.Spool.List(ctx, t.name(), func(i BlobInfo) bool {
		p.keys = append(p.keys, i.Key)
		p.apart = p.apart || strings.HasSuffix(i.Key, "/"+spoolApart)
		if b, ok := parseBatch(i); ok && b.first+b.n <= t.units() && b.size == t.span(b.first, b.n) {
			p.batches = append(p.batches, b)
		}
		return true
	})
	return p, err
}

// piece is a part of a blob.
type piece struct {
	key     string
	from, n int64 // bytes
}

// noted reports whether it says whose it is.
func (p *pile) noted() bool { return slices.Contains(p.keys, p.name()+spoolScope) }

// plan is the original put together for a device, from its own units as far as they are here.
type plan struct {
	pieces  []piece
	missing [][2]int64
	mixed   bool // units of others are in it
}

func (p *pile) plan(device string) plan {
	from := make([]*batch, p.units())
	for own := range 2 { // its own over those of others
		for i := range p.batches {
			b := &p.batches[i]
			if mine := b.device == device; mine != (own == 1) || p.apart && !mine {
				continue
			}
			for u := b.first; u < b.first+b.n; u++ {
				from[u] = b
			}
		}
	}
	var out plan
	for u := int64(0); u < p.units(); {
		end := u + 1
		for end < p.units() && from[end] == from[u] {
			end++
		}
		if b := from[u]; b == nil {
			out.missing = append(out.missing, [2]int64{u, end - 1})
		} else {
			out.mixed = out.mixed || b.device != device
			out.pieces = append(out.pieces, piece{b.key, (u - b.first) * models.PhotoUnit, p.span(u, end-u)})
		}
		u = end
	}
	return out
}

// has reports whether a device sent all of some units already.
func (p *pile) has(device string, first, n int64) bool {
	for u := first; u < first+n; u++ {
		if !slices.ContainsFunc(p.batches, func(b batch) bool { return b.device == device && b.first <= u && u < b.first+b.n }) {
			return false
		}
	}
	return true
}

// overlaps reports whether a device sent some of some units already.
func (p *pile) overlaps(device string, first, n int64) bool {
	return slices.ContainsFunc(p.batches, func(b batch) bool { return b.device == device && b.first < first+n && first < b.first+b.n })
}

// spare returns batches of a device that hold nothing which is not also in its others. Without them no unit lies there more
// than twice.
func (p *pile) spare(device string) (spare []batch) {
	times := make([]int, p.units())
	count := func(b batch, by int) {
		for u := b.first; u < b.first+b.n; u++ {
			times[u] += by
		}
	}
	for _, b := range p.batches {
		if b.device == device {
			count(b, 1)
		}
	}
	for _, b := range p.batches {
		if b.device == device && slices.Min(times[b.first:b.first+b.n]) > 1 {
			count(b, -1)
			spare = append(spare, b)
		}
	}
	return spare
}

// prune removes a device's batches that others of its own hold as well: what it sends in ever other pieces would fill the
// spool. One at a time, so that no two leave each other out.
func (s *Service) prune(ctx context.Context, t target, device string) error {
	defer s.locks.alone(t.name() + "prune")()
	p, err := s.pile(ctx, t)
	if err != nil {
		return err
	}
	for _, b := range p.spare(device) {
		if err := s.Spool.Delete(ctx, b.key); err != nil {
			return err
		}
	}
	s.forget(t.name())
	return nil
}

// putUnits lays units into the spool, beside what waits there.
func (s *Service) putUnits(ctx context.Context, p *pile, b batch, sum [32]byte, body []byte) error {
	if slices.Contains(p.keys, b.key) { // and is no whole batch, or there would be nothing to put
		if err := s.Spool.Delete(ctx, b.key); err != nil {
			return err
		}
	}
	_, err := s.Spool.Put(ctx, b.key, bytes.NewReader(body), b.size, sum)
	return err
}

// putNote lays a note beside the units.
func (s *Service) putNote(ctx context.Context, t target, name, text string) error {
	_, err := s.Spool.Put(ctx, t.name()+name, strings.NewReader(text), int64(len(text)), sha256.Sum256([]byte(text)))
	return err
}

// dropOwn removes what a device sent of an original. When that was all, nothing has come of it but perhaps a preview, which
// the row goes on to tell of.
func (s *Service) dropOwn(ctx context.Context, t target, device string, preview bool) error {
	p, err := s.pile(ctx, t)
	if err != nil {
		return err
	}
	left := false
	for _, key := range p.keys {
		b, ok := parseBatch(BlobInfo{Key: key})
		switch {
		case ok && b.device == device:
			if err := s.Spool.Delete(ctx, key); err != nil {
				return err
			}
		case ok:
			left = true
		}
	}
	if left {
		return nil
	}
	if !preview {
		if err := s.Ledger.Drop(ctx, t.scope, t.sum); err != nil {
			return err
		}
	}
	return s.clear(ctx, t)
}

// clear removes all that lies in the spool for an original. Another server may be putting units meanwhile, so it looks
// again before it takes away the note of whose they are; what comes even later waits for the janitor.
func (s *Service) clear(ctx context.Context, t target) error {
	for {
		p, err := s.pile(ctx, t)
		if err != nil {
			return err
		}
		note := t.name() + spoolScope
		for _, key := range p.keys {
			if key == note && len(p.keys) > 1 {
				continue
			}
			if err := s.Spool.Delete(ctx, key); err != nil {
				return err
			}
		}
		if len(p.keys) < 2 {
			return nil
		}
	}
}

// retry is the problem of something that another server has just taken away: it will have ended otherwise.
func retry(err error) error {
	return problem.Wrap(err, problem.Unavailable, "the photo is being worked on; ask again").ZH("照片正在处理，请稍后再试。").RetryAfter(2)
}
