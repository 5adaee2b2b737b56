package merge

import (
	"bytes"
	"slices"
	"sort"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"golang.org/x/text/unicode/norm"
)

// Record is the merged state of one event, lot, photo or sheet. (Scope, Kind, ID) is its name;
// the same id in another scope is another record. A record of version 0 that no line wrote to is
// a stub: it exists only to be locked and is never shown.
type Record struct {
	Scope   string
	Kind    models.Kind
	ID      string
	Version int64 // restore number × 2³² + n; rises with register writes and decisions
	Seq     int64 // scope seq of the last change of any sort

	FirstMS int64 // least effective time of a put, ms; 0 while there is none
	Late    bool  // something arrived while the campaign was closing
	Fields  []Register
	Tallies []Tally
	Moves   []Movement
	Sources []Source
	Review  Review
	Judged  Judged
	Counts  string // the unit this record counts for when the office moved it, else ""
	Photo   Upload
}

// Register is one field with every write that no other write had seen.
type Register struct {
	Name     string
	Siblings []Sibling
}

// Sibling is one surviving write of a field.
type Sibling struct {
	Value       changelog.Value
	Version     int64 // version the record got with this write
	EffectiveMS int64 // min(claimed + offset, receipt)
	AtMS        int64 // as the phone claimed
	Origin      changelog.Hash
	Log, Seq    int64            // where the write stands
	Unseen      []changelog.Hash // origins of the deletions that had not seen this write, nor it them
}

// Tally is the sum of all increments of one indicator. N counts them: a tally of 0 with N 1 says
// "counted: none", which is not the same as blank.
type Tally struct {
	Indicator string
	Sum, N    int64
}

// Source is one log that wrote to the record, with the range of its lines that may have: where to
// look for the entries behind a number.
type Source struct {
	Log         int64
	Officer     string
	Device      string
	First, Last int64
	N           int64
}

// Write is what a line brings besides its fields.
type Write struct {
	Log, Seq    int64
	Origin      changelog.Hash
	Base        int64
	EffectiveMS int64
	AtMS        int64
	Officer     string
	Device      string
	Lineage     *Lineage
	Late        bool
}

// Saw reports whether w was written by somebody who had seen s.
func (w *Write) Saw(s *Sibling) bool {
	return s.Version <= w.Base || w.Lineage.Saw(w.Seq, s)
}

// Exists reports whether some line has created the record.
func (r *Record) Exists() bool { return r.Version > 0 }

// NextVersion returns the version that the next register write or decision gets on a server with
// this restore number: a restored server never gives a version out twice.
func (r *Record) NextVersion(restore int64) int64 {
	return max(r.Version, restore<<32) + 1
}

// MaxFields bounds the fields of one record, unknown ones included: some forty have a meaning, the
// rest is room for one staff number per unit of a province and for what later phones say.
const MaxFields = 1000

// FieldsWith returns how many fields the record would have with these.
func (r *Record) FieldsWith(fields []changelog.Field) int {
	n := len(r.Fields)
	if n+len(fields) <= MaxFields {
		return n + len(fields) // at most: precise enough below the bound
	}
	for i := range fields {
		if r.find(fields[i].Name) == nil {
			n++
		}
	}
	return n
}

// Put merges a register write: in each field it removes the siblings it had seen and joins the
// rest. Fields are given in the order of the line; a name that stands twice cannot occur.
func (r *Record) Put(w *Write, fields []changelog.Field, version int64) {
	if !r.Exists() || w.EffectiveMS < r.FirstMS {
		r.FirstMS = w.EffectiveMS
	}
	r.Version = version
	unseen := r.unseenDeletions(w)
	for _, f := range fields {
		g := r.register(f.Name)
		kept := g.Siblings[:0]
		for i := range g.Siblings {
			if !w.Saw(&g.Siblings[i]) {
				kept = append(kept, g.Siblings[i])
			}
		}
		s := Sibling{
			Value: f.Value, Version: version, EffectiveMS: w.EffectiveMS, AtMS: w.AtMS,
			Origin: w.Origin, Log: w.Log, Seq: w.Seq,
		}
		if f.Name != "deleted" {
			s.Unseen = unseen
		}
		g.Siblings = insert(kept, s)
		if f.Name == "deleted" && f.Value.Flag {
			r.markUnseen(w)
		}
	}
	r.source(w)
}

// unseenDeletions returns the origins of the deletions that w had not seen.
func (r *Record) unseenDeletions(w *Write) []changelog.Hash {
	g := r.find("deleted")
	if g == nil {
		return nil
	}
	var out []changelog.Hash
	for i := range g.Siblings {
		if s := &g.Siblings[i]; s.Value.Flag && !w.Saw(s) {
			out = append(out, s.Origin)
		}
	}
	return out
}

// markUnseen notes, on a deletion's arrival, which edits it had not seen.
func (r *Record) markUnseen(w *Write) {
	for i := range r.Fields {
		if r.Fields[i].Name == "deleted" {
			continue
		}
		for j := range r.Fields[i].Siblings {
			s := &r.Fields[i].Siblings[j]
			if (s.Log != w.Log || s.Seq != w.Seq) && !w.Saw(s) {
				s.Unseen = append(r.standing(s.Unseen), w.Origin)
			}
		}
	}
}

// standing returns those of the deletions that still stand: one that was superseded settles nothing
// any more, and would only make the record grow.
func (r *Record) standing(origins []changelog.Hash) []changelog.Hash {
	g := r.find("deleted")
	out := make([]changelog.Hash, 0, len(origins)+1)
	for _, o := range origins {
		if g != nil && g.holds(o) {
			out = append(out, o)
		}
	}
	return out
}

// deletedUnseen reports whether an edit and a deletion that still stands had not seen one another.
func (r *Record) deletedUnseen() bool {
	g := r.find("deleted")
	if g == nil || !g.Shown().Value.Flag {
		return false
	}
	for i := range r.Fields {
		for j := range r.Fields[i].Siblings {
			for _, o := range r.Fields[i].Siblings[j].Unseen {
				if g.holds(o) {
					return true
				}
			}
		}
	}
	return false
}

func (g *Register) holds(origin changelog.Hash) bool {
	for i := range g.Siblings {
		if g.Siblings[i].Value.Flag && g.Siblings[i].Origin == origin {
			return true
		}
	}
	return false
}

// Add merges one increment of an indicator.
func (r *Record) Add(w *Write, indicator string, n int64) {
	i := sort.Search(len(r.Tallies), func(i int) bool { return r.Tallies[i].Indicator >= indicator })
	if i == len(r.Tallies) || r.Tallies[i].Indicator != indicator {
		r.Tallies = append(r.Tallies, Tally{})
		copy(r.Tallies[i+1:], r.Tallies[i:])
		r.Tallies[i] = Tally{Indicator: indicator}
	}
	r.Tallies[i].Sum += n
	r.Tallies[i].N++
	r.source(w)
}

func (r *Record) source(w *Write) {
	if w.Late {
		r.Late = true
	}
	for i := range r.Sources {
		if s := &r.Sources[i]; s.Log == w.Log {
			s.First, s.Last, s.N = min(s.First, w.Seq), max(s.Last, w.Seq), s.N+1
			return
		}
	}
	s := Source{Log: w.Log, Officer: w.Officer, Device: w.Device, First: w.Seq, Last: w.Seq, N: 1}
	i := sort.Search(len(r.Sources), func(i int) bool { return r.Sources[i].Log > w.Log })
	r.Sources = append(r.Sources, Source{})
	copy(r.Sources[i+1:], r.Sources[i:])
	r.Sources[i] = s
}

func (r *Record) find(name string) *Register {
	i := sort.Search(len(r.Fields), func(i int) bool { return r.Fields[i].Name >= name })
	if i < len(r.Fields) && r.Fields[i].Name == name {
		return &r.Fields[i]
	}
	return nil
}

func (r *Record) register(name string) *Register {
	i := sort.Search(len(r.Fields), func(i int) bool { return r.Fields[i].Name >= name })
	if i == len(r.Fields) || r.Fields[i].Name != name {
		r.Fields = append(r.Fields, Register{})
		copy(r.Fields[i+1:], r.Fields[i:])
		r.Fields[i] = Register{Name: name}
	}
	return &r.Fields[i]
}

// insert keeps siblings ordered by (effective time, origin bytes), so that the order of arrival
// leaves no trace.
func insert(list []Sibling, s Sibling) []Sibling {
	i := len(list)
	for i > 0 && after(&list[i-1], &s) {
		i--
	}
	list = append(list, Sibling{})
	copy(list[i+1:], list[i:])
	list[i] = s
	return list
}

func after(a, b *Sibling) bool {
	if a.EffectiveMS != b.EffectiveMS {
		return a.EffectiveMS > b.EffectiveMS
	}
	return bytes.Compare(a.Origin[:], b.Origin[:]) > 0
}

// Shown returns the sibling that is shown: the greatest (effective time, origin bytes).
func (g *Register) Shown() *Sibling { return &g.Siblings[len(g.Siblings)-1] }

// Conflict reports whether the siblings hold different values, texts compared after NFC.
func (g *Register) Conflict() bool {
	for i := range g.Siblings[1:] {
		if !Equal(&g.Siblings[0].Value, &g.Siblings[i+1].Value) {
			return true
		}
	}
	return false
}

// Equal compares two values: texts after NFC, others as they were written.
func Equal(a, b *changelog.Value) bool {
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case changelog.Text:
		return a.Text == b.Text || norm.NFC.String(a.Text) == norm.NFC.String(b.Text)
	case changelog.Int:
		return a.Int == b.Int
	case changelog.Flag:
		return a.Flag == b.Flag
	case changelog.Null:
		return true
	}
	return bytes.Equal(a.Raw, b.Raw)
}

// Value returns the shown value of a field, nil when it was never set or is cleared.
func (r *Record) Value(name string) *changelog.Value {
	g := r.find(name)
	if g == nil {
		return nil
	}
	if v := &g.Shown().Value; v.Kind != changelog.Null {
		return v
	}
	return nil
}

// Text returns the shown text of a field or "".
func (r *Record) Text(name string) string {
	if v := r.Value(name); v != nil {
		return v.Text
	}
	return ""
}

// Int returns the shown number of a field and whether there is one.
func (r *Record) Int(name string) (int64, bool) {
	if v := r.Value(name); v != nil && v.Kind == changelog.Int {
		return v.Int, true
	}
	return 0, false
}

// Flag returns the shown flag of a field, false when it is not set.
func (r *Record) Flag(name string) bool {
	v := r.Value(name)
	return v != nil && v.Flag
}

// Deleted reports whether the record is shown as deleted.
func (r *Record) Deleted() bool { return r.Flag("deleted") }

// Conflicts returns the names of the fields in conflict. "deleted" stands for a deletion and
// edits that had not seen one another.
func (r *Record) Conflicts() []string {
	var out []string
	for i := range r.Fields {
		if r.Fields[i].Conflict() {
			out = append(out, r.Fields[i].Name)
		}
	}
	if r.deletedUnseen() && !slices.Contains(out, "deleted") {
		out = append(out, "deleted")
		slices.Sort(out)
	}
	return out
}
