package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/fieldsync/fieldsync/sync/changelog"
)

// unasked is the acknowledgement of an epoch of which the phone does not know what the server has:
// the next push asks, with a batch of no lines.
const unasked = -1

// epoch is one epoch in memory.
type epoch struct {
	Epoch
	acked  int64            // lines that need not be sent, or unasked
	hashes []changelog.Hash // of Lines, as far as they were needed
}

func (e *epoch) next() int64 { return int64(len(e.Lines)) }

// hash returns h(seq), of the start for seq −1.
func (e *epoch) hash(seq int64) changelog.Hash {
	if seq < 0 {
		return changelog.Genesis(e.Device, e.ID)
	}
	for n := int64(len(e.hashes)); n <= seq; n++ {
		e.hashes = append(e.hashes, changelog.Next(e.hash(n-1), e.Lines[n]))
	}
	return e.hashes[seq]
}

// cut drops the lines from keep on.
func (e *epoch) cut(keep int64) {
	e.Lines = e.Lines[:keep:keep]
	e.hashes = e.hashes[:min(int64(len(e.hashes)), keep)]
	e.acked = min(e.acked, keep)
}

// after names the line at seq as the one that another epoch follows. Before the first line that is
// the one that this epoch follows itself, nil for none.
func (e *epoch) after(seq int64) *changelog.After {
	if seq < 0 {
		return e.After
	}
	return &changelog.After{Device: e.Device, Epoch: e.ID, Seq: seq, H: e.hash(seq)}
}

// moved returns the lines from seq on as they are written in another epoch: with the hash that
// they had when first written. A line that no server can read moves as it is: it is rejected
// wherever it stands.
func (e *epoch) moved(from int64) [][]byte {
	var out [][]byte
	for seq := from; seq < e.next(); seq++ {
		line := e.Lines[seq]
		if change, fault := changelog.ParseLine(line); fault == nil && change.Orig == nil {
			line = withOrig(line, e.hash(seq))
		}
		out = append(out, line)
	}
	return out
}

// withOrig adds the member orig to a JSON object. The other bytes stay as they are.
func withOrig(line []byte, h changelog.Hash) []byte {
	end := bytes.LastIndexByte(line, '}')
	out := make([]byte, 0, len(line)+64)
	out = append(out, line[:end]...)
	out = append(out, `,"orig":"`...) // at and op stand before it: a readable line has members
	out = append(out, h.String()...)
	out = append(out, '"')
	return append(out, line[end:]...)
}

// Change is a line as a person's program writes it: the members of its JSON object.
type Change map[string]any

// Place is where a line stands.
type Place struct {
	Device, Epoch string
	Seq           int64
}

var errNotEnrolled = errors.New("client: the phone is not enrolled")

// Write saves changes and returns the place of the first. A change without "at" gets the phone's
// present time. When it returns nil, the changes are saved.
func (c *Client) Write(changes ...Change) (Place, error) {
	lines := make([][]byte, len(changes))
	for i, ch := range changes {
		if _, ok := ch["at"]; !ok {
			ch["at"] = c.cfg.Now().UnixMilli()
		}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(ch); err != nil {
			return Place{}, err
		}
		lines[i] = bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	}
	return c.Append(lines...)
}

// Append saves lines as they are, whatever they hold, and returns the place of the first. Only what
// can never be sent is refused: a newline inside, or more than changelog.MaxLine bytes.
func (c *Client) Append(lines ...[]byte) (Place, error) {
	for i, line := range lines {
		if len(line) > changelog.MaxLine {
			return Place{}, fmt.Errorf("client: a line of %d bytes is too long", len(line))
		}
		if bytes.IndexByte(line, '\n') >= 0 {
			return Place{}, errors.New("client: a line holds a newline")
		}
		lines[i] = slices.Clone(line)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.current()
	if e == nil || c.note.Device == "" {
		return Place{}, errNotEnrolled
	}
	if err := c.cfg.Store.Append(lines); err != nil {
		return Place{}, err
	}
	p := Place{Device: e.Device, Epoch: e.ID, Seq: e.next()}
	e.Lines = append(e.Lines, lines...)
	return p, nil
}

// begin opens a new epoch that follows after and starts with lines, and cuts old, if there is one,
// to its first keep lines.
func (c *Client) begin(after *changelog.After, lines [][]byte, old *epoch, keep int64) error {
	e := &epoch{Epoch: Epoch{Device: c.note.Device, ID: c.cfg.NewID(), After: after, Lines: lines}}
	var cut Cut
	if old != nil {
		cut = Cut{Epoch: old.ID, Keep: keep}
	}
	if err := c.cfg.Store.Begin(&e.Epoch, cut); err != nil {
		return err
	}
	if old != nil {
		old.cut(keep)
	}
	c.epochs = append(c.epochs, e)
	return nil
}

// fork answers the news that the server holds other lines after the first keep lines of an epoch:
// the rest moves to a new one.
func (c *Client) fork(e *epoch, keep int64) error {
	after := e.after(keep - 1)
	if e != c.current() {
		after = c.current().after(c.current().next() - 1)
	}
	return c.begin(after, e.moved(keep), e, keep)
}

// LogState says how one epoch of the phone's log stands.
type LogState struct {
	Device, Epoch string
	Next          int64          // number of lines
	Acked         int64          // of which this many need not be sent again
	Head          changelog.Hash // of the last line
}

// Logs returns the epochs of the phone's log, oldest first.
func (c *Client) Logs() []LogState {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]LogState, len(c.epochs))
	for i, e := range c.epochs {
		out[i] = LogState{Device: e.Device, Epoch: e.ID, Next: e.next(), Acked: max(e.acked, 0), Head: e.hash(e.next() - 1)}
	}
	return out
}

// Unsent returns how many lines the server has not acknowledged.
func (c *Client) Unsent() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	var n int64
	for _, e := range c.epochs {
		n += e.next() - max(e.acked, 0)
	}
	return n
}

// Rewind forgets the acknowledgements of the present epoch from seq on: the next push sends those
// lines again, which counts nothing twice.
func (c *Client) Rewind(seq int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.current(); e != nil && e.acked > seq {
		e.acked = max(seq, 0)
	}
}
