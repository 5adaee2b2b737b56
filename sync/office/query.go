package office

import "github.com/fieldsync/fieldsync/models"

// UnitQuery selects units. Parent nil: anywhere; "": those whose parent is not to be seen, the tops
// of what one may look at.
type UnitQuery struct {
	Q      string // part of the name or the code
	Parent *string
}

// OfficerQuery selects people.
type OfficerQuery struct {
	Unit  string // and all below it
	Q     string // part of the name or the login
	Role  models.Role
	Ended *bool
}

// RecordName names a record: Unit is the one in whose part of the campaign it stands.
type RecordName struct {
	Campaign, Unit string
	Kind           models.Kind
	ID             string
}

// TableQuery selects a table: a campaign's template ("": its first) for a unit and all below it
// ("": all of the campaign that one may look at).
type TableQuery struct {
	Campaign, Template, Unit string
	Date                     string // the day to print, 2006-01-02
}

// The flags by which events are selected.
const (
	FlagUrgent    = "urgent"
	FlagLate      = "late"
	FlagConflict  = "conflict"
	FlagUnplaced  = "unplaced"
	FlagOutside   = "outside"
	FlagDeleted   = "deleted"
	FlagCompleted = "completed"
)

// The orders of events.
const (
	NewestFirst = "new"
	OldestFirst = "old"
)

// States by which events are selected beside the single ones.
const (
	StateWaiting    = "waiting"    // for the office: received, and edited after a decision
	StateBack       = "back"       // with the unit: returned, and with issues
	StateUnaccepted = "unaccepted" // all but the accepted ones
)

// EventQuery selects events of a campaign. What is empty does not select.
type EventQuery struct {
	Campaign string
	Unit     string             // and all below it
	Own      bool               // the unit alone
	State    models.ReviewState // or one of the states above
	Kind     string
	Venue    string
	Q        string // part of title, place, outlet, programme or content
	FromMS   int64  // of the time that decides the day, inclusive
	ToMS     int64  // exclusive
	Row      string // template/row: what gives something to that row, or would
	Flag     string // one of the flags; deleted events are listed under FlagDeleted only
	Order    string // NewestFirst ("": that) or OldestFirst
}

// HeldQuery selects waiting lines. What is empty does not select.
type HeldQuery struct {
	Campaign, Unit string // Unit: and all below it
	Cause          models.Cause
	Device         string
}

// The states by which phones are selected.
const (
	PhoneOwing   = "owing"   // it declared more than has arrived
	PhoneSilent  = "silent"  // not heard of for a day, or never
	PhoneRevoked = "revoked" //
	PhoneForked  = "forked"  // restored from a backup or cloned
)

// DeviceQuery selects phones.
type DeviceQuery struct {
	Unit    string // and all below it
	Officer string
	Q       string // part of the phone's or the officer's name
	State   string
}

// The states by which enrolment codes are selected.
const (
	CodeOpen = "open"
	CodeUsed = "used"
	CodeOver = "over" // expired, cancelled or of somebody who left, and not used
)

// CodeQuery selects enrolment codes.
type CodeQuery struct {
	Unit    string // and all below it
	Officer string
	State   string
}

// AuditQuery selects what the office did.
type AuditQuery struct {
	Campaign     string
	Unit         string // and all below it
	Officer      string // who did it
	Op           string
	Kind, ID     string // without an op and a kind, what the server says of each photo's original is left out
	FromMS, ToMS int64  // receipt; FromMS inclusive, ToMS exclusive
}
