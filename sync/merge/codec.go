package merge

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// stateFormat is the first byte of an encoded state. A format is read for ever; a change of
// layout takes the next number.
const stateFormat = 1

var errState = errors.New("merge: the stored state of a record is damaged")

// Encode appends the record's state, without its name, version and seq, which the store keeps in
// columns. Equal records encode to equal bytes, so that verify can compare them.
func (r *Record) Encode(b []byte) []byte {
	e := encoder{append(b, stateFormat)}
	e.int(r.FirstMS)
	e.flag(r.Late)
	e.int(int64(len(r.Fields)))
	for i := range r.Fields {
		e.text(r.Fields[i].Name)
		e.int(int64(len(r.Fields[i].Siblings)))
		for j := range r.Fields[i].Siblings {
			e.sibling(&r.Fields[i].Siblings[j])
		}
	}
	e.int(int64(len(r.Tallies)))
	for i := range r.Tallies {
		e.text(r.Tallies[i].Indicator)
		e.int(r.Tallies[i].Sum)
		e.int(r.Tallies[i].N)
	}
	e.int(int64(len(r.Moves)))
	for i := range r.Moves {
		e.move(&r.Moves[i])
	}
	e.int(int64(len(r.Sources)))
	for i := range r.Sources {
		s := &r.Sources[i]
		e.text(s.Officer)
		e.text(s.Device)
		for _, n := range []int64{s.Log, s.First, s.Last, s.N} {
			e.int(n)
		}
	}
	e.review(&r.Review)
	e.text(r.Judged.Verdict)
	e.text(r.Judged.Scope)
	e.text(r.Judged.ID)
	e.text(r.Judged.Reason)
	e.text(r.Counts)
	e.upload(r.Photo)
	return e.b
}

// Decode reads what Encode wrote into r.
func (r *Record) Decode(b []byte) error {
	if len(b) == 0 || b[0] != stateFormat {
		return errState
	}
	d := decoder{b: b[1:]}
	r.FirstMS, r.Late = d.int(), d.flag()
	r.Fields = make([]Register, d.count())
	for i := range r.Fields {
		r.Fields[i].Name = d.text()
		r.Fields[i].Siblings = make([]Sibling, d.count())
		for j := range r.Fields[i].Siblings {
			d.sibling(&r.Fields[i].Siblings[j])
		}
		if len(r.Fields[i].Siblings) == 0 || i > 0 && r.Fields[i].Name <= r.Fields[i-1].Name {
			d.bad = true // fields are looked up by name
		}
	}
	r.Tallies = make([]Tally, d.count())
	for i := range r.Tallies {
		r.Tallies[i] = Tally{Indicator: d.text(), Sum: d.int(), N: d.int()}
		d.bad = d.bad || i > 0 && r.Tallies[i].Indicator <= r.Tallies[i-1].Indicator
	}
	r.Moves = make([]Movement, d.count())
	for i := range r.Moves {
		d.move(&r.Moves[i])
	}
	r.Sources = make([]Source, d.count())
	for i := range r.Sources {
		r.Sources[i] = Source{Officer: d.text(), Device: d.text(), Log: d.int(), First: d.int(), Last: d.int(), N: d.int()}
	}
	d.review(&r.Review)
	r.Judged = Judged{Verdict: d.text(), Scope: d.text(), ID: d.text(), Reason: d.text()}
	r.Counts = d.text()
	r.Photo = d.upload()
	if d.bad || len(d.b) != 0 {
		return fmt.Errorf("%w: %s %s", errState, r.Kind, r.ID)
	}
	return nil
}

// uploads are the states of an original by their number in an encoded state; the first two were a flag once.
var uploads = []models.PhotoState{"", models.PhotoStored, models.PhotoPartial, models.PhotoRefused}

func (e *encoder) upload(u Upload) {
	e.b = append(e.b, byte(max(slices.Index(uploads, u.State), 0)))
	if u.State == models.PhotoRefused {
		e.text(u.Reason)
	}
}

func (d *decoder) upload() (u Upload) {
	if len(d.b) == 0 || int(d.b[0]) >= len(uploads) {
		d.bad = true
		return u
	}
	u.State, d.b = uploads[d.b[0]], d.b[1:]
	if u.State == models.PhotoRefused {
		u.Reason = d.text()
	}
	return u
}

type encoder struct{ b []byte }

func (e *encoder) int(n int64) { e.b = binary.AppendVarint(e.b, n) }

func (e *encoder) flag(f bool) {
	if f {
		e.b = append(e.b, 1)
	} else {
		e.b = append(e.b, 0)
	}
}

func (e *encoder) text(s string) {
	e.b = binary.AppendUvarint(e.b, uint64(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) sibling(s *Sibling) {
	e.b = append(e.b, byte(s.Value.Kind))
	switch s.Value.Kind {
	case changelog.Null:
	case changelog.Int:
		e.int(s.Value.Int)
	case changelog.Flag:
		e.flag(s.Value.Flag)
	case changelog.Text:
		e.text(s.Value.Text)
	default:
		e.text(string(s.Value.Raw))
	}
	e.int(s.Version)
	e.int(s.EffectiveMS)
	e.int(s.AtMS - s.EffectiveMS)
	e.b = append(e.b, s.Origin[:]...)
	e.int(s.Log)
	e.int(s.Seq)
	e.int(int64(len(s.Unseen)))
	for i := range s.Unseen {
		e.b = append(e.b, s.Unseen[i][:]...)
	}
}

func (e *encoder) move(m *Movement) {
	for _, s := range []string{m.ID, m.Move, m.Event, m.Note, string(m.Set)} {
		e.text(s)
	}
	for _, n := range []int64{m.Quantity, m.EffectiveMS, m.Log, m.Seq, int64(m.Supervisors)} {
		e.int(n)
	}
}

func (e *encoder) review(r *Review) {
	e.text(string(r.State))
	e.text(r.Reason)
	e.text(r.By)
	e.int(r.ByMS)
	e.int(int64(len(r.Comments)))
	for i := range r.Comments {
		e.int(r.Comments[i].AtMS)
		e.text(r.Comments[i].By)
		e.text(r.Comments[i].Text)
	}
}

// decoder reads and remembers the first fault instead of returning it at each step.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) int() int64 {
	n, k := binary.Varint(d.b)
	if k <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[k:]
	return n
}

// count reads a length that cannot exceed the bytes left, so damage never allocates.
func (d *decoder) count() int {
	n := d.int()
	if n < 0 || n > int64(len(d.b)) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) bytes(n int) []byte {
	if n < 0 || n > len(d.b) {
		d.fail()
		return make([]byte, 0)
	}
	out := d.b[:n:n]
	d.b = d.b[n:]
	return out
}

func (d *decoder) flag() bool {
	b := d.bytes(1)
	return len(b) == 1 && b[0] == 1
}

func (d *decoder) text() string {
	n, k := binary.Uvarint(d.b)
	if k <= 0 || n > uint64(len(d.b)) {
		d.fail()
		return ""
	}
	d.b = d.b[k:]
	return string(d.bytes(int(n)))
}

func (d *decoder) fail() { d.bad, d.b = true, nil }

func (d *decoder) sibling(s *Sibling) {
	if k := d.bytes(1); len(k) == 1 {
		s.Value.Kind = changelog.ValueKind(k[0])
	}
	switch s.Value.Kind {
	case changelog.Null:
	case changelog.Int:
		s.Value.Int = d.int()
	case changelog.Flag:
		s.Value.Flag = d.flag()
	case changelog.Text:
		s.Value.Text = d.text()
	default:
		s.Value.Raw = []byte(d.text())
	}
	s.Version, s.EffectiveMS = d.int(), d.int()
	s.AtMS = s.EffectiveMS + d.int()
	copy(s.Origin[:], d.bytes(len(s.Origin)))
	s.Log, s.Seq = d.int(), d.int()
	if n := d.count(); n > 0 {
		s.Unseen = make([]changelog.Hash, n)
		for i := range s.Unseen {
			copy(s.Unseen[i][:], d.bytes(len(s.Origin)))
		}
	}
}

func (d *decoder) move(m *Movement) {
	m.ID, m.Move, m.Event, m.Note, m.Set = d.text(), d.text(), d.text(), d.text(), []byte(d.text())
	m.Quantity, m.EffectiveMS, m.Log, m.Seq, m.Supervisors = d.int(), d.int(), d.int(), d.int(), int(d.int())
}

func (d *decoder) review(r *Review) {
	r.State, r.Reason, r.By, r.ByMS = models.ReviewState(d.text()), d.text(), d.text(), d.int()
	if n := d.count(); n > 0 {
		r.Comments = make([]Comment, n)
		for i := range r.Comments {
			r.Comments[i] = Comment{AtMS: d.int(), By: d.text(), Text: d.text()}
		}
	}
}
