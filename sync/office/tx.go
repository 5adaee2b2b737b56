package office

import (
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// Tx is one snapshot of what is stored. Where a method takes units, nil means all and an empty list
// none. Nothing found is not a fault.
type Tx interface {
	PeopleTx
	CampaignTx
	ListingTx
	HeldTx
	PhoneTx
	PhotoTx
	AuditTx
	gateway.HistoryTx
	gateway.TableTx
	gateway.RulesTx
}

// PeopleTx reads units and people.
type PeopleTx interface {
	Load(v any, id string) (bool, error)
	Units() ([]models.Unit, error)
	Assignments(officer string) ([]models.Assignment, error)
	OfficersByID(ids []string) ([]models.Officer, error)
	// OfficersOf counts the officers of each unit who did not leave.
	OfficersOf() (map[string]int, error)
	// OfficerRows lists people by (name, id), without the names of their units.
	OfficerRows(s OfficerSelect) ([]OfficerRow, error)
}

// OfficerSelect selects people: all conditions that are set must hold.
type OfficerSelect struct {
	ID     string
	Units  []string
	Q      string // part of name or login, lower case
	Role   models.Role
	Ended  *bool
	NowMS  int64
	After  *NameKey
	Atmost int
}

// NameKey is a place in a list by (name, id).
type NameKey struct{ Name, ID string }

// CampaignTx reads campaigns and what belongs to them.
type CampaignTx interface {
	Campaigns() ([]models.Campaign, error)
	Campaign(id string) (*models.Campaign, error)
	Templates() ([]models.Template, error)
	HandIns(campaign string) ([]models.HandIn, error)
	Tasks(campaign string) ([]models.Task, error)
	Roster(campaign string) ([]models.Duty, error)
	// Reminders lists those to the units, the newest id first.
	Reminders(campaign string, units []string) ([]models.Reminder, error)
	Receipts(campaign string) ([]models.Receipt, error)
	SnapshotsOf(campaign string) ([]models.Snapshot, error) // without the tables
	Snapshot(campaign string, number int64, template string) (*models.Snapshot, error)
}

// ListingTx reads what lists know of records, and the records of a page.
type ListingTx interface {
	ScopeOf(campaign, unit string) (*models.Scope, error)
	// ListingOf returns what lists know of one record, nil when there is none.
	ListingOf(k gateway.Key) (*models.Listing, error)
	ScopesOfCampaign(campaign string) ([]models.Scope, error)
	ScopesByNo(nos []int64) ([]models.Scope, error)
	Listings(q ListingSelect) ([]models.Listing, error)
	// CountSelected counts what is selected, at most so many.
	CountSelected(q ListingSelect, atMost int) (int, error)
	// Children lists the records of a kind whose parent is one of the records, deleted ones left out,
	// at most so many.
	Children(kind models.Kind, scope int64, parent string, atMost int) ([]models.Listing, error)
	PhotosOf(events []gateway.Key) (map[gateway.Key]int, error)
	RecordsAt(keys []gateway.Key) (map[gateway.Key]gateway.Stored, error)
	// EventSums adds events up by unit, deleted ones left out.
	EventSums(campaign string, units []string) ([]EventSum, error)
	// EventSpan returns the times of the first and the last event of a campaign, 0 when there are none.
	EventSpan(campaign string) (first, last int64, err error)
	// EventCounts counts events of spans of time, deleted ones left out: from the first of each pair
	// up to, not including, the second.
	EventCounts(campaign string, units []string, spans [][2]int64) ([]int64, error)
	// Conflicted counts records with a conflict.
	Conflicted(campaign string, units []string) (int64, error)
	// Pairs lists events behind the first of their likeness, by (likeness, time, id).
	Pairs(q PairSelect) ([]Pair, error)
	// OrphanPairs lists events that were judged to be another which does not count any more, by (time, id).
	OrphanPairs(q PairSelect) ([]Pair, error)
	CountPairs(campaign string, units []string) (int64, error) // of both sorts
	CountOrphans(campaign string, units []string) (int64, error)
}

// ListingSelect selects listings of a campaign, by time.
type ListingSelect struct {
	Campaign    string
	Kind        models.Kind          // "": all four
	Units       []string             // that they count for
	All, None   int64                // flags that are all set, flags of which none is
	Review      []models.ReviewState // one of them, none: any
	Marks       []string             // that all stand among its marks
	OrMark      []string             // beside Units: it is also selected with one of these marks
	Find        string               // lower case
	FromMS      int64                // inclusive, 0: from ever
	ToMS        int64                // exclusive, 0: for ever
	Wide        bool                 // the units have many records: rather read all of the campaign in order
	OldestFirst bool
	After       *ListingKey
	Inclusive   bool // from After itself on
	Atmost      int
}

// ListingKey is a place in a list by (time, id, scope).
type ListingKey struct {
	SortMS int64
	ID     string
	Scope  int64
}

// EventSum is a sum over events of one unit.
type EventSum struct {
	Unit                              string
	States                            StateCounts
	Events, Urgent, Unplaced, Outside int64
}

// PairSelect selects pairs of a campaign whose events both count for the units.
type PairSelect struct {
	Campaign string
	Units    []string
	Likeness string // this one alone
	After    *PairKey
	Atmost   int
}

// PairKey is a place in a list of pairs.
type PairKey struct {
	Likeness string
	ListingKey
}

// Pair is two events that may be the same facts.
type Pair struct {
	PairKey // of the second
	First   gateway.Key
	Second  gateway.Key
}

// HeldTx reads what waits.
type HeldTx interface {
	HeldPage(s HeldSelect) ([]models.HeldLine, error)
	HeldCauses(s HeldSelect) ([]CauseCount, error)
	// HeldFor lists the lines that wait for an event or on it, of a scope.
	HeldFor(scope string, id string, atMost int) ([]models.HeldLine, error)
}

// HeldSelect selects waiting lines by (log, seq).
type HeldSelect struct {
	Scopes  []string // nil: all
	Nowhere []string // beside Scopes: lines of these units' phones that name a unit or a campaign which does not exist
	Prefix  string   // of the scope: a campaign's lines
	Cause   models.Cause
	Device  string
	Log     int64 // with Seq: that line alone
	Seq     int64
	After   *models.HeldLine // its Log and Seq
	Atmost  int
}

// PhoneTx reads phones and codes.
type PhoneTx interface {
	// DeviceRows lists phones by (officer's name, id), without the names of their units. Held lines
	// count where their scope is one of the scopes.
	DeviceRows(s DeviceSelect) ([]DeviceRow, error)
	// PhoneSums adds phones up by the units of their officers, revoked ones left out.
	PhoneSums(units []string) ([]PhoneSum, error)
	// CodeRows lists codes, the newest first, without the names of their units.
	CodeRows(s CodeSelect) ([]CodeRow, error)
}

// DeviceSelect selects phones.
type DeviceSelect struct {
	ID          string
	Officer     string
	Units       []string
	Q           string // lower case
	State       string
	SilentSince int64 // ms: silent is who was not heard since then
	Scopes      []string
	Nowhere     []string // as of HeldSelect
	After       *NameKey
	Atmost      int
}

// PhoneSum is what is known of the phones of one unit.
type PhoneSum struct {
	Unit                                        string
	Phones, Never, Owing, OwesLines, OwesPhotos int64
	OldestMS, NewestMS                          int64 // 0: none was heard
}

// CodeSelect selects enrolment codes.
type CodeSelect struct {
	Units   []string
	Officer string
	State   string
	NowMS   int64
	After   *CodeKey
	Atmost  int
}

// CodeKey is a place in a list by (creation, id).
type CodeKey struct {
	CreatedMS int64
	ID        string
}

// AuditTx reads what the office did.
type AuditTx interface {
	AuditLines(s AuditSelect) ([]models.AuditLine, error)
}

// AuditSelect selects lines of the office, the newest first: those that one of the reaches takes and
// for which all conditions that are set hold.
type AuditSelect struct {
	Reaches      []AuditReach // nil: all
	Campaign     string
	Units        []string // nil: any
	Officer, Op  string
	Kind, ID     string
	FromMS, ToMS int64
	After        *AuditKey
	Atmost       int
}

// AuditReach takes lines about units, of one campaign or of any.
type AuditReach struct {
	Campaign  string // "": of any and of none
	Units     []string
	Whole     []string // campaigns whose lines about no unit it takes too
	Unbounded bool     // lines about neither unit nor campaign too
}

// AuditKey is a place in the audit trail.
type AuditKey struct{ AtMS, Log, Seq int64 }
