package client_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// darkroom takes photos in for a test, in memory: it can be told to be in trouble, to forget and to lie, which the real
// thing cannot. What is announced it reads from the pushes that pass.
type darkroom struct {
	*gateway.Gateway
	mu     sync.Mutex
	photos map[string]*negative
	puts   []string // of units: id/first+count
	before func(id string, first, n int64) error
	lie    bool // receipts are signed by somebody else
	seq    int64
}

type negative struct {
	sum    string
	size   int64
	units  map[int64][]byte
	thumb  []byte
	whole  []byte
	refuse string
}

// Push remembers what the lines announce.
func (d *darkroom) Push(ctx context.Context, device string, b *changelog.Batch) (*gateway.Answer, error) {
	a, err := d.Gateway.Push(ctx, device, b)
	if err != nil {
		return a, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, raw := range b.Lines {
		var line struct {
			Op, ID string
			Set    struct {
				SHA256 string `json:"sha256"`
				Bytes  int64  `json:"bytes"`
			}
		}
		if json.Unmarshal(raw, &line) == nil && line.Op == "photo.put" && d.photos[line.ID] == nil {
			d.photos[line.ID] = &negative{sum: line.Set.SHA256, size: line.Set.Bytes, units: map[int64][]byte{}}
		}
	}
	return a, nil
}

func (d *darkroom) state(id string) media.State {
	p := d.photos[id]
	st := media.State{ID: id, State: models.PhotoUnknown}
	if p == nil {
		return st
	}
	st.State, st.Preview = models.PhotoAnnounced, p.thumb != nil
	switch {
	case p.refuse != "" && p.whole != nil:
		st.State, st.Reason = models.PhotoRefused, p.refuse
	case p.whole != nil:
		st.State, st.Receipt = models.PhotoStored, d.receipt(id, p)
	case len(p.units) > 0:
		st.State = models.PhotoPartial
		for n := range (p.size + models.PhotoUnit - 1) / models.PhotoUnit {
			if p.units[n] == nil {
				st.Missing = append(st.Missing, [2]int64{n, n})
			}
		}
	}
	return st
}

func (d *darkroom) receipt(id string, p *negative) *media.Receipt {
	key := d.Installation().Key
	if d.lie {
		var err error
		if key, err = client.NewKey(); err != nil {
			panic(err)
		}
	}
	line := fmt.Sprintf(`{"at":1,"op":"photo.stored","scope":"%s","id":"%s","sha256":"%s","bytes":%d}`, scope, id, p.sum, p.size)
	d.seq++
	h := changelog.Header{V: 1, Device: unit, Epoch: campaign, From: d.seq, Count: 1}
	h.Prev = sha256.Sum256([]byte(id))
	h.Tail = changelog.Next(h.Prev, []byte(line))
	if err := h.Sign(key); err != nil {
		panic(err)
	}
	header, _, _ := bytes.Cut(changelog.Encode(&h, nil), []byte("\n"))
	return &media.Receipt{Header: string(header), Line: line}
}

func (d *darkroom) Have(_ context.Context, _ string, ids []string) (out []media.State, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range ids {
		out = append(out, d.state(id))
	}
	return out, nil
}

func (d *darkroom) PutUnits(_ context.Context, _, id string, first int64, sum [32]byte, body []byte) (*media.State, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := int64(len(body)+models.PhotoUnit-1) / models.PhotoUnit
	d.puts = append(d.puts, fmt.Sprintf("%d+%d", first, n))
	p := d.photos[id]
	if p == nil {
		return nil, problem.New(problem.NotFound, "Nobody announced it.")
	}
	if sha256.Sum256(body) != sum {
		return nil, problem.New(problem.BadDigest, "Other bytes.")
	}
	if d.before != nil {
		if err := d.before(id, first, n); err != nil {
			return nil, err
		}
	}
	for part := range slices.Chunk(body, models.PhotoUnit) {
		p.units[first] = bytes.Clone(part)
		first++
	}
	if all := (p.size + models.PhotoUnit - 1) / models.PhotoUnit; int64(len(p.units)) == all && p.whole == nil {
		var whole []byte
		for n := range all {
			whole = append(whole, p.units[n]...)
		}
		if got := sha256.Sum256(whole); hex.EncodeToString(got[:]) != p.sum {
			clear(p.units)
			return nil, problem.New(problem.HashMismatch, "Another picture.")
		}
		p.whole = whole
	}
	st := d.state(id)
	return &st, nil
}

func (d *darkroom) PutPreview(_ context.Context, _, id string, _ [32]byte, body []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.photos[id] == nil {
		return problem.New(problem.NotFound, "Nobody announced it.")
	}
	d.photos[id].thumb = bytes.Clone(body)
	return nil
}

func (d *darkroom) Open(context.Context, string, string, string) (*httpapi.File, error) {
	return nil, problem.New(problem.NotFound, "Nothing is given out here.")
}

// whole returns what came of a photo.
func (d *darkroom) whole(id string) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.photos[id].whole
}
