package changelog

import "github.com/fieldsync/fieldsync/models"

// Change is one parsed line: what was done, by the phone or by the office. Fields that the line
// lacks, or that its op does not define, are zero. Strings share the memory of one copy of the
// line, Raw bytes that of the line itself.
type Change struct {
	At       int64  // the phone's clock as it stood, ms since 1970 UTC; never shifted here
	Scope    string // "campaign:unit"; for the office also "campaign" or ""
	Campaign string // first part of Scope
	Unit     string // second part of Scope

	Op        string // one of PhoneOps or OfficeOps, or a word that this version does not know
	ID        string // the record, or of goods.move the movement
	Event     string // tally.add: the record; goods.move: a soft reference
	Lot       string // goods.move: the record
	Indicator string // tally.add
	Move      string // goods.move: received counted handed_over returned destroyed, or a later word

	N        int64 // tally.add: the step, |n| ≤ 10⁹; 0 means "counted: none"
	Quantity int64 // goods.move: thousandths of the lot's unit, not 0
	Base     int64 // puts: the version last shown when the form was opened, 0 if none
	Jump     int64 // clock: ms that the phone's clock jumped against its monotonic one

	Note string  // why, in the writer's words
	Join string  // a guest's secret, read from the event's QR code
	Set  []Field // in the order written
	Orig *Hash   // of a moved line: the h it had when first written

	// What the office writes.
	Kind        string // kind of the record, or of what admin.put keeps
	Version     int64  // as the reviewer saw it
	Seq         int64  // as the reviewer saw it
	Reason      string
	Log         string // held.*: the log of the held line
	AtSeq       int64  // held.*: its place in that log
	OfScope     string // dup.*: the first event's scope
	OfID        string // dup.*: the first event's id
	Verdict     string // dup.judge: different one_event same_facts
	ToUnit      string // record.move: the unit for which the record counts from now on
	State       string // campaign.*, photo.state: announced partial refused
	Officer     string // rights.*, enrol.*
	Role        string // rights.*
	TableSHA256 string // campaign.*: the frozen table, 64 hexadecimal digits
	SHA256      string // photo.*: the original, 64 hexadecimal digits
	Bytes       int64  // photo.stored: its size
	Batch       string // enrol.add: the codes that were made together
	Expires     int64  // enrol.add: how long the code is good, ms since 1970 UTC
	About       string // admin.put, enrol.*, office.note: the unit whose matter it is, for the audit trail
	Anyway      bool   // campaign.state: freeze although events are unreviewed
	Signs       bool   // review.*: whoever decides may sign, so that a sheet need not be approved before
}

// Field is one member of a line's set.
type Field struct {
	Name  string
	Value Value
}

// ValueKind says which member of a Value holds it.
type ValueKind uint8

// The kinds of values. Other is everything that is none of the rest: fractions, integers beyond
// ±(2⁵³−1), arrays, objects.
const (
	Null ValueKind = iota
	Text
	Int
	Flag
	Other
)

// Value is one JSON value. Null clears the field.
type Value struct {
	Kind ValueKind
	Raw  []byte // the JSON as written, never nil
	Text string // of Text
	Int  int64  // of Int
	Flag bool   // of Flag
}

// Fault is why a line is rejected for ever. Its sentence may be shown to anybody.
type Fault struct {
	Cause models.Cause // BadLine or BadField
	Msg   string
	Name  string // of the member or the field of set, as far as Msg begins with one
}

// RecordKind returns the kind of the record that the change is about: the event of a tally, the
// lot of a movement, for the office's ops the kind that the line names. It is empty where there
// is no record: clock, held.*, campaign.*, rights.*, enrol.*, office.note and unknown ops.
func (c *Change) RecordKind() models.Kind {
	def := ops[c.Op]
	if def == nil {
		return ""
	}
	if def.record == namedKind {
		return models.Kind(c.Kind)
	}
	return def.record
}

// RecordID returns the id of the record that RecordKind speaks of, or "".
func (c *Change) RecordID() string {
	switch c.Op {
	case "tally.add":
		return c.Event
	case "goods.move":
		return c.Lot
	}
	return c.ID
}

// Writes reports whether the change writes registers: the puts do.
func (c *Change) Writes() bool {
	def := ops[c.Op]
	return def != nil && def.writes
}
