package client

import (
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"github.com/fieldsync/fieldsync/sync/changelog"
)

// Store keeps what a phone must not lose. The client calls one method at a time.
type Store interface {
	// Load returns what was saved, nothing of it shared with the store.
	Load() (*Saved, error)
	// Append adds lines to the last epoch. When it returns nil they survive a power cut.
	Append(lines [][]byte) error
	// Begin cuts the epoch named cut.Epoch to its first cut.Keep lines and opens a new one with
	// its first lines, as one step that survives a power cut whole or not at all.
	Begin(e *Epoch, cut Cut) error
	// Note keeps what may be lost without harm, but for Identity, which is kept durably when it
	// changes.
	Note(n Note) error
}

// Saved is a phone as its store knows it.
type Saved struct {
	Note
	Epochs []Epoch // oldest first; the last one is written to
}

// Identity is who the phone is for the server.
type Identity struct {
	Device  string `json:"device"`
	Officer string `json:"officer"`
	Unit    string `json:"unit"`
}

// Note is what a phone knows of the server. A lost acknowledgement costs one repeat.
type Note struct {
	Identity
	ServerEpoch string           `json:"server_epoch"`
	Acked       map[string]int64 `json:"acked"`                // epoch → lines that need not be sent again
	ServerKey   json.RawMessage  `json:"server_key,omitempty"` // JWK with which receipts are verified
}

// Epoch is one unbroken life of a device's log.
type Epoch struct {
	Device string           `json:"device"`
	ID     string           `json:"id"`
	After  *changelog.After `json:"after,omitempty"` // the last line in common with what it follows
	Lines  [][]byte         `json:"lines"`
}

// Cut says how much of an epoch stays when its later lines move to a new one. The zero Cut cuts
// nothing.
type Cut struct {
	Epoch string `json:"epoch"`
	Keep  int64  `json:"keep"`
}

var errNoEpoch = errors.New("client: the store has no epoch to append to")

func (s *Saved) begin(e *Epoch, cut Cut) {
	for i := range s.Epochs {
		if o := &s.Epochs[i]; o.ID == cut.Epoch && cut.Keep < int64(len(o.Lines)) {
			o.Lines = o.Lines[:cut.Keep:cut.Keep]
		}
	}
	s.Epochs = append(s.Epochs, *e)
}

func (s *Saved) append(lines [][]byte) error {
	if len(s.Epochs) == 0 {
		return errNoEpoch
	}
	e := &s.Epochs[len(s.Epochs)-1]
	e.Lines = append(e.Lines, lines...)
	return nil
}

// clone copies all but the bytes of the lines, which nobody changes.
func (s *Saved) clone() *Saved {
	c := &Saved{Note: s.Note.clone(), Epochs: slices.Clone(s.Epochs)}
	for i := range c.Epochs {
		c.Epochs[i].Lines = slices.Clone(c.Epochs[i].Lines)
	}
	return c
}

func (n Note) clone() Note {
	acked := make(map[string]int64, len(n.Acked))
	for k, v := range n.Acked {
		acked[k] = v
	}
	n.Acked = acked
	return n
}

// Memory is a Store that outlives its client but not the process.
type Memory struct {
	mu    sync.Mutex
	saved Saved
}

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{} }

// Copy returns a store with the same content: a backup of the phone, or its clone.
func (m *Memory) Copy() *Memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &Memory{saved: *m.saved.clone()}
}

// Load returns a copy of what is kept.
func (m *Memory) Load() (*Saved, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.saved.clone(), nil
}

// Append keeps lines.
func (m *Memory) Append(lines [][]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.saved.append(lines)
}

// Begin keeps an epoch.
func (m *Memory) Begin(e *Epoch, cut Cut) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := *e
	c.Lines = slices.Clone(e.Lines)
	m.saved.begin(&c, cut)
	return nil
}

// Note keeps n.
func (m *Memory) Note(n Note) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.saved.Note = n.clone()
	return nil
}
