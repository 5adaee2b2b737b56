package client

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"github.com/fieldsync/fieldsync/models"
)

// PhotoStore keeps the photos that a phone must not lose. The client calls one method that changes something at a time;
// Read may be called beside it.
type PhotoStore interface {
	// Keep saves a photo with its original and its preview, which may be empty. When it returns nil, they survive a power
	// cut; before that there may be all or nothing of them.
	Keep(p KeptPhoto, original, preview []byte) error
	// Kept returns what is known of all photos, the first taken first.
	Kept() ([]KeptPhoto, error)
	// Mark replaces what is known of a photo, durably.
	Mark(p KeptPhoto) error
	// Read returns the block n of an original, counted from 0: models.PhotoUnit bytes, the last one may have fewer.
	Read(id string, n int64) ([]byte, error)
	Preview(id string) ([]byte, error)
	// Drop deletes an original. What is known of it, and its preview, stay.
	Drop(id string) error
}

// KeptPhoto is what a phone knows of a photo that was taken with it, or that somebody gave it to deliver.
type KeptPhoto struct {
	ID      string            `json:"id"`
	Scope   string            `json:"scope"`
	SHA256  string            `json:"sha256"` // of the original, 64 hexadecimal digits
	Bytes   int64             `json:"bytes"`
	MIME    string            `json:"mime"`
	TakenMS int64             `json:"taken_ms"`         // by the phone's clock
	Line    json.RawMessage   `json:"line,omitempty"`   // the line that announces it; none of somebody else's photo
	Logged  bool              `json:"logged,omitempty"` // the line is in the log
	Shown   bool              `json:"shown,omitempty"`  // the preview was delivered, or cannot be
	State   models.PhotoState `json:"state"`            // as the server last said; "" when it was not asked
	Reason  string            `json:"reason,omitempty"` // why it is refused, or does not get on
	Server  string            `json:"server,omitempty"` // server epoch under which it was stored
	Receipt *Receipt          `json:"receipt,omitempty"`
	Proven  bool              `json:"proven,omitempty"` // the receipt was verified with the server's key
	SinceMS int64             `json:"since_ms,omitempty"`
	Dropped bool              `json:"dropped,omitempty"` // the original is no longer here
	Lost    bool              `json:"lost,omitempty"`    // nor on the server, which was restored and does not have it any more
}

// Receipt is the signed line of the server's log that says that an original is stored.
type Receipt struct {
	Header string `json:"header"`
	Line   string `json:"line"`
}

// units is how many units an original has.
func (p *KeptPhoto) units() int64 { return (p.Bytes + models.PhotoUnit - 1) / models.PhotoUnit }

// owed reports whether the server of this epoch may still want the original. One that is restored from a backup may have
// lost what it stored.
func (p *KeptPhoto) owed(serverEpoch string) bool {
	if p.Dropped || p.State == models.PhotoRefused {
		return false
	}
	return p.State != models.PhotoStored || p.Server != serverEpoch
}

var errNoPhoto = errors.New("client: there is no such photo on this phone")

// byAge orders photos as they were taken.
func byAge(list []KeptPhoto) []KeptPhoto {
	slices.SortFunc(list, func(a, b KeptPhoto) int {
		return cmp.Or(cmp.Compare(a.TakenMS, b.TakenMS), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// MemoryPhotos is a PhotoStore that outlives its client but not the process.
type MemoryPhotos struct {
	mu     sync.Mutex
	photos map[string]*memoryPhoto
}

type memoryPhoto struct {
	kept    KeptPhoto
	blocks  [][]byte
	preview []byte
}

// NewMemoryPhotos returns an empty store.
func NewMemoryPhotos() *MemoryPhotos { return &MemoryPhotos{photos: map[string]*memoryPhoto{}} }

// Copy returns a store with the same content: a backup of the phone, or its clone.
func (m *MemoryPhotos) Copy() *MemoryPhotos {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := NewMemoryPhotos()
	for id, p := range m.photos {
		twin := *p // nobody changes bytes
		c.photos[id] = &twin
	}
	return c
}

// Keep keeps a photo.
func (m *MemoryPhotos) Keep(p KeptPhoto, original, preview []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	q := &memoryPhoto{kept: p, preview: bytes.Clone(preview)}
	for block := range slices.Chunk(original, models.PhotoUnit) {
		q.blocks = append(q.blocks, bytes.Clone(block))
	}
	m.photos[p.ID] = q
	return nil
}

// Kept returns copies.
func (m *MemoryPhotos) Kept() ([]KeptPhoto, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []KeptPhoto
	for _, p := range m.photos {
		list = append(list, p.kept)
	}
	return byAge(list), nil
}

// change does something with a photo that is there.
func (m *MemoryPhotos) change(id string, do func(*memoryPhoto)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.photos[id]
	if p == nil {
		return errNoPhoto
	}
	do(p)
	return nil
}

// Mark replaces what is known of a photo.
func (m *MemoryPhotos) Mark(k KeptPhoto) error {
	return m.change(k.ID, func(p *memoryPhoto) { p.kept = k })
}

// Read returns a block.
func (m *MemoryPhotos) Read(id string, n int64) (block []byte, err error) {
	found := m.change(id, func(p *memoryPhoto) {
		if err = errNoPhoto; n >= 0 && n < int64(len(p.blocks)) {
			block, err = p.blocks[n], nil
		}
	})
	return block, errors.Join(found, err)
}

// Preview returns a preview.
func (m *MemoryPhotos) Preview(id string) (raw []byte, err error) {
	err = m.change(id, func(p *memoryPhoto) { raw = p.preview })
	return raw, err
}

// Drop forgets an original.
func (m *MemoryPhotos) Drop(id string) error {
	return m.change(id, func(p *memoryPhoto) { p.blocks = nil })
}
