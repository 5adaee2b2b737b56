package gateway

import (
	"context"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// Store runs transactions. Update commits durably before it returns nil; when the database asks
// for it, fn runs again from its start, so fn must not keep anything from a failed run. View sees
// one snapshot and writes nothing.
type Store interface {
	Update(ctx context.Context, fn func(Tx) error) error
	View(ctx context.Context, fn func(Tx) error) error
}

// Tx is one transaction. Its methods follow the lock order of the protocol: families, records by
// (scope, kind, id), scope rows, totals. Faults are problems; nothing found is not a fault unless
// a method says so.
type Tx interface {
	LogTx
	RecordTx
	HeldTx
	TotalTx
	OfficeTx
	AdminTx
	PhoneTx
	ListTx
	PhotoTx
	AlikeTx
	VerifyTx
}

// LogTx keeps devices and their logs.
type LogTx interface {
	// LockFamilies locks the families of the devices, in order, and returns the devices in the
	// order given (unknown ones are nil) and the logs of all these families.
	LockFamilies(devices ...string) ([]*models.Device, []models.Log, error)
	// Device returns a device, nil when there is none.
	Device(id string) (*models.Device, error)
	// FindLog returns a log by its name, nil when there is none.
	FindLog(device, epoch string) (*models.Log, error)
	DeviceOfLog(log int64) (string, error)
	// JoinFamilies makes one family of two that are locked.
	JoinFamilies(into, from int64) error
	AddLog(l *models.Log) error // fills No
	PutLog(l *models.Log) error // all but its name and family
	AddBatch(b *models.Batch) error
	AddLines(lines []models.Line) error
	// SetLines rewrites status, cause, scope, version and rules of stored lines.
	SetLines(lines []models.Line) error
	// Hashes returns the stored hashes of n lines from seq on, fewer where the log ends.
	Hashes(log, seq, n int64) ([]changelog.Hash, error)
	// Verdicts returns the lines of [seq, seq+n) that are not applied, without their bytes.
	Verdicts(log, seq, n int64) ([]models.Line, error)
	// Lines returns the lines of [seq, seq+n) with their bytes.
	Lines(log, seq, n int64) ([]models.Line, error)
	// FindHashes returns which of the hashes stand in the log after seq, and where.
	FindHashes(log, after int64, hashes []changelog.Hash) (map[changelog.Hash]int64, error)
	Moved(family int64) (map[changelog.Hash][]merge.Place, error)
	AddMoved(family int64, origins []changelog.Hash, places []merge.Place) error
}

// RecordTx keeps records and scopes.
type RecordTx interface {
	// Scopes returns the scopes that exist by name (campaign:unit, device:<id> or office).
	Scopes(names []string) (map[string]*models.Scope, error)
	ScopeName(no int64) (string, error)
	// AddScope creates a scope and returns it, or the one that another made meanwhile. It returns
	// nil when the campaign or the unit does not exist.
	AddScope(campaign, unit string) (*models.Scope, error)
	// LockRecords locks the records, creating stubs for missing ones, and returns them in the
	// order of the keys.
	LockRecords(keys []Key) ([]Stored, error)
	PutRecords(recs []Stored) error
	Find(k Key) (*Stored, error) // nil: there is none
	// Advance raises the counters, in the order of the scopes' numbers, and returns each scope as
	// it is after that.
	Advance(by map[int64]int64) (map[int64]models.Scope, error)
}

// HeldTx keeps what waits.
type HeldTx interface {
	AddHeld(lines []models.HeldLine) error
	DropHeld(log int64, seqs []int64) error
	// HeldWrites returns the held register writes of a family.
	HeldWrites(family int64) ([]models.HeldLine, error)
	// Held lists held lines that match, by log and seq.
	Held(q HeldQuery) ([]models.HeldLine, error)
}

// HeldQuery selects held lines: all conditions that are set must hold.
type HeldQuery struct {
	Family   int64
	Log      int64
	Seq      int64  // with Log: that line alone
	Campaign string // lines whose scope is of this campaign
	Scope    string
	Kind     models.Kind
	ID       string // with Kind; an event's id also finds what waits for it beside its own record
	Cause    models.Cause
	Silent   bool  // only causes that may go away without a decision about them
	AfterLog int64 // paging: lines after (AfterLog, AfterSeq)
	AfterSeq int64
	Limit    int
}

// TotalTx keeps the sums.
type TotalTx interface {
	AddTotals(campaign string, rules int64, deltas []TotalDelta) error
	// AddUses adds to the use counts of distinct keys and returns the counts after that, in the
	// order of the deltas.
	AddUses(campaign string, rules int64, deltas []UseDelta) ([]Uses, error)
	Rules(campaign string, version int64) (*models.Rules, error)
}

// OfficeTx reads what rights and rules rest on.
type OfficeTx interface {
	// Assignments returns all assignments an officer ever had.
	Assignments(officer string) ([]models.Assignment, error)
	Campaign(id string) (*models.Campaign, error) // nil: none
	// ScopesOf returns the names of the existing scopes that the assignments reach, ended ones
	// left out, in order: what an officer's phones pull.
	ScopesOf(as []models.Assignment) ([]string, error)
}

// AdminTx keeps people, units and campaigns. v is a pointer to one of the nouns of package models
// that bear an id.
type AdminTx interface {
	Load(v any, id string) (bool, error)
	Put(v any) error // all columns, new or not
	Units() ([]models.Unit, error)
	Campaigns() ([]models.Campaign, error)
	// TemplateByCode returns the template that gives itself this id, nil when there is none.
	TemplateByCode(code string) (*models.Template, error)
	PutAssignment(a *models.Assignment) error
	// DropCredential takes an officer's sign-in away and ends the sessions.
	DropCredential(officer string, nowMS int64) error
	AddDevice(d *models.Device) error // in its Family, or in a new one when that is 0
	// FamilyOf returns the family of an officer's phones, 0 while there is none.
	FamilyOf(officer string) (int64, error)
	// OfficeDevice returns the device in whose name an office user writes, nil when there is none.
	OfficeDevice(officer string) (*models.Device, error)
	AddRules(r *models.Rules) error
	// SetScopes copies the campaign's state and rules to its scopes, in the order of their numbers.
	SetScopes(c *models.Campaign) error
	AddSnapshot(s *models.Snapshot) error
	Totals(campaign string, rules int64, template string) ([]stats.Total, error)
	// Records lists records of a campaign's scopes by (scope, kind, id), after a key, at most n.
	Records(campaign string, kind models.Kind, after Key, n int) ([]Stored, error)
	Building() ([]string, error)                    // campaigns whose totals are being built
	DropRules(campaign string, version int64) error // totals and use counts of an old rules version
}

// ListTx keeps what lists and the audit trail need to know.
type ListTx interface {
	// PutListings writes listings; PutRecords writes those that stand beside its records.
	PutListings(list []*models.Listing) error
	// Alike returns the events of a campaign that share their likeness with another, by key.
	Alike(campaign string) ([]Key, error)
	// Flagged returns the records of a campaign that bear a flag, by key.
	Flagged(campaign string, kind models.Kind, flag int64) ([]Key, error)
	// Orphans returns the events of a campaign that were judged to be another which does not count
	// itself any more, by key.
	Orphans(campaign string) ([]Key, error)
	// OpenSheets counts the sheets of a campaign that are there and not accepted.
	OpenSheets(campaign string) (int64, error)
	PutAudit(rows []models.AuditLine) error
	// Note reads what is noted under a key about the database itself, "" when there is nothing.
	Note(key string) (string, error)
	PutNote(key, value string) error
}

// PhoneTx serves what phones ask beside pushing.
type PhoneTx interface {
	Heads(device string) ([]models.Log, error) // a device's logs in order
	// RecordsSince calls each for up to n records of a scope after a seq, in the order of seq, until
	// it returns false.
	RecordsSince(scope, after int64, n int, each func(*PulledRecord) bool) error
	AddEnrolment(e *models.Enrolment) error
	// Enrolment locks and returns an enrolment by the hash of its code, nil when there is none.
	Enrolment(hash []byte) (*models.Enrolment, error)
	// EnrolmentByID locks and returns an enrolment by its name, nil when there is none.
	EnrolmentByID(id string) (*models.Enrolment, error)
	FindEnrolment(id string) (*models.Enrolment, error) // the same without locking it
	UseEnrolment(e *models.Enrolment) error             // writes what has become of it
	// UseAssertion notes a used assertion and reports whether it was new; those that expired before
	// now are forgotten.
	UseAssertion(device, jti string, expiresMS, nowMS int64) (bool, error)
	// SetupLists fills in colleagues, tasks, roster, hand-ins and reminders for the assignments.
	SetupLists(s *Setup, as []models.Assignment) error
}

// PulledRecord is one record of a pull; Data is JSON and good until the next record.
type PulledRecord struct {
	Kind         models.Kind
	ID           string
	Seq, Version int64
	Deleted      bool
	Data         []byte
}

// Key names a record; Scope is the scope's number.
type Key struct {
	Scope int64
	Kind  models.Kind
	ID    string
}

// Stored is a record with what the store keeps beside it.
type Stored struct {
	Key    Key
	Record *merge.Record
	Size   int    // bytes of the stored state
	Counts []byte // contributions as they stand in the totals, in this package's own form

	Listing *models.Listing // what lists shall know of it from now on; nil: what they know already

	Feed    []byte // of a held record: its public data
	Settled bool   // of a held record: the line is settled, the record a tombstone
}

// TotalDelta is what a transaction adds to one total.
type TotalDelta struct {
	Template, Row, Unit                      string
	Reported, ReportedN, Accepted, AcceptedN int64
}

// UseDelta is what a transaction adds to the use counts of one distinct key.
type UseDelta struct {
	Template, Row, Unit, Key string
	Reported, Accepted       int64
}

// Uses are the use counts of a distinct key.
type Uses struct{ Reported, Accepted int64 }

// RuleSet is what the gateway asks of compiled rules.
type RuleSet = stats.RuleSet
