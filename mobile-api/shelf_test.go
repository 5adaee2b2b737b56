package mobileapi_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/models"
)

// shelf stands in for what takes in and gives out photos: rights by who may, units in memory. It is as strict as the real
// thing in what these tests are about.
type shelf struct {
	mu     sync.Mutex
	photos map[string]*shelved
	reads  []string // ranges that were read, as from+n
	fail   error    // of every call
}

// shelved is one photo. May lists the devices with a right to it.
type shelved struct {
	sum     [32]byte
	size    int64
	may     []string
	units   map[int64][]byte
	preview []byte
	whole   []byte
	mime    string
	name    string
}

func newShelf() *shelf { return &shelf{photos: map[string]*shelved{}} }

func (s *shelf) announce(id string, original []byte, may ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.photos[id] = &shelved{sum: sha256.Sum256(original), size: int64(len(original)), may: may, units: map[int64][]byte{},
		mime: "image/jpeg", name: "城关所-1.jpg"}
}

// find returns a photo that a device has a right to.
func (s *shelf) find(device, id string) (*shelved, error) {
	if s.fail != nil {
		return nil, s.fail
	}
	p := s.photos[id]
	if p == nil || !slices.Contains(p.may, device) {
		return nil, problem.New(problem.NotFound, "Nobody announced such a photo.")
	}
	return p, nil
}

func (p *shelved) count() int64 { return (p.size + models.PhotoUnit - 1) / models.PhotoUnit }

func (p *shelved) state(id string) media.State {
	st := media.State{ID: id, State: models.PhotoAnnounced, Preview: p.preview != nil}
	switch {
	case p.whole != nil:
		st.State, st.Receipt = models.PhotoStored, &media.Receipt{Header: `{"v":1}`, Line: `{"op":"photo.stored"}`}
	case len(p.units) > 0:
		st.State = models.PhotoPartial
		for n := range p.count() {
			if p.units[n] != nil {
				continue
			}
			if last := len(st.Missing) - 1; last >= 0 && st.Missing[last][1] == n-1 {
				st.Missing[last][1] = n
			} else {
				st.Missing = append(st.Missing, [2]int64{n, n})
			}
		}
	}
	return st
}

func (s *shelf) Have(_ context.Context, device string, ids []string) ([]media.State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return nil, s.fail
	}
	var out []media.State
	for _, id := range ids {
		if p, err := s.find(device, id); err == nil {
			out = append(out, p.state(id))
		}
	}
	return out, nil
}

func (s *shelf) PutUnits(_ context.Context, device, id string, first int64, sum [32]byte, body []byte) (*media.State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.find(device, id)
	if err != nil {
		return nil, err
	}
	if sha256.Sum256(body) != sum {
		return nil, problem.New(problem.BadDigest, "The body does not have the SHA-256 that came with it.")
	}
	from := first * models.PhotoUnit
	end := from + int64(len(body))
	if from >= p.size || end > p.size || end != p.size && len(body)%models.PhotoUnit != 0 {
		return nil, problem.New(problem.Invalid, "These are no units of this original.")
	}
	for part := range slices.Chunk(body, models.PhotoUnit) {
		p.units[first] = bytes.Clone(part)
		first++
	}
	if int64(len(p.units)) == p.count() {
		var whole []byte
		for n := range p.count() {
			whole = append(whole, p.units[n]...)
		}
		clear(p.units)
		if sha256.Sum256(whole) != p.sum {
			return nil, problem.New(problem.HashMismatch, "The whole is not what was announced.")
		}
		p.whole = whole
	}
	st := p.state(id)
	return &st, nil
}

func (s *shelf) PutPreview(_ context.Context, device, id string, sum [32]byte, body []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.find(device, id)
	if err != nil {
		return err
	}
	if sha256.Sum256(body) != sum {
		return problem.New(problem.BadDigest, "The body does not have the SHA-256 that came with it.")
	}
	p.preview = bytes.Clone(body)
	return nil
}

func (s *shelf) Open(_ context.Context, device, id, variant string) (*httpapi.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.find(device, id)
	if err != nil {
		return nil, err
	}
	raw := map[string][]byte{"original": p.whole, "preview": p.preview}[variant]
	if raw == nil {
		return nil, problem.New(problem.NotFound, "It is not here.")
	}
	sum := sha256.Sum256(raw)
	return &httpapi.File{Size: int64(len(raw)), ETag: hex.EncodeToString(sum[:]), MIME: p.mime, Filename: p.name,
		Read: func(_ context.Context, from, n int64) (io.ReadCloser, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.reads = append(s.reads, fmt.Sprintf("%d+%d", from, n))
			return io.NopCloser(bytes.NewReader(raw[from : from+n])), nil
		}}, nil
}

// picture makes bytes that nobody compresses.
func picture(size int) []byte {
	b := make([]byte, size)
	sum := sha256.Sum256(fmt.Append(nil, size))
	for at := 0; at < size; at += copy(b[at:], sum[:]) {
		sum = sha256.Sum256(sum[:])
	}
	return b
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// photoWorld is a world that takes photos, and one phone of unit A.
func photoWorld(t testing.TB) (*world, *shelf, *phone) {
	w := newWorld(t, storetest.SQLite(t))
	s := newShelf()
	w.photos = s
	w.serve()
	return w, s, w.phone(officerA)
}

// units is a request that sends a part of a picture from a unit on.
func (p *phone) units(id string, n int, body []byte) request {
	return request{method: "PUT", path: fmt.Sprintf("/api/v1/photos/%s/units/%d", id, n), token: p.token, body: string(body),
		headers: map[string]string{"Content-Type": "application/octet-stream", "Content-Digest": digestOf(body)}}
}

func (p *phone) preview(id string, body []byte) request {
	return request{method: "PUT", path: "/api/v1/photos/" + id + "/preview", token: p.token, body: string(body),
		headers: map[string]string{"Content-Type": "application/octet-stream", "Content-Digest": digestOf(body)}}
}

func (p *phone) have(ids string) request {
	return request{method: "POST", path: "/api/v1/photos/have", token: p.token, headers: asJSON, body: `{"ids":[` + ids + `]}`}
}
