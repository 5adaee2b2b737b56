package models

// Listing is what lists need to know of one event, lot, photo or sheet: it is derived from the record
// and written with it, so that a page of a list reads its own rows and no others.
type Listing struct {
	Scope    int64       `gorm:"column:scope_no;primaryKey"`
	Kind     Kind        `gorm:"column:kind;primaryKey"`
	ID       string      `gorm:"column:id;primaryKey"`
	Campaign string      `gorm:"column:campaign"`
	Unit     string      `gorm:"column:unit"`    // for which it counts
	SortMS   int64       `gorm:"column:sort_ms"` // of an event what decides its day, of others their first put
	Review   ReviewState `gorm:"column:review"`  // of events and sheets, else ""
	Flags    int64       `gorm:"column:flags"`
	Parent   string      `gorm:"column:parent"`   // of a photo its event, of a lot the event that destroyed or else moved it
	Marks    string      `gorm:"column:marks"`    // the rows of tables that it gives something to
	Likeness string      `gorm:"column:likeness"` // equal for events that may be the same facts
	Find     string      `gorm:"column:find"`     // what is searched in it, NFKC and lower case
}

// TableName names the table.
func (Listing) TableName() string { return "listing" }

// The flags of a listing.
const (
	IsDeleted   int64 = 1 << iota
	IsUrgent          // an event that asks for a quick answer
	IsLate            // something arrived while the campaign was closing
	HasConflict       // a field has two truths
	IsCompleted       // the officer asked for review
	IsTwin            // judged to be one event, or the same facts, with another
	IsUnplaced        // no row of any of the campaign's tables takes the event
	IsOutside         // its day lies outside the counting window
	IsJudged          // the office said what it is beside another, whatever it said
	IsApproved        // a sheet that its unit's head approved
	HasFinding        // something is wrong with a lot
	IsLarge           // a large event
	IsStored          // a photo whose original is stored
	IsRefused         // a photo whose original cannot be taken
)

// MaxFind bounds the searched text of a listing, bytes.
const MaxFind = 300

// AuditLine is one line of the office's logs, by what it is about.
type AuditLine struct {
	Log      int64  `gorm:"column:log_no;primaryKey"`
	Seq      int64  `gorm:"column:seq;primaryKey"`
	AtMS     int64  `gorm:"column:at_ms"`
	Officer  string `gorm:"column:officer"` // who did it
	Op       string `gorm:"column:op"`
	Campaign string `gorm:"column:campaign"` // "" where it is about no campaign
	Unit     string `gorm:"column:unit"`
	Kind     string `gorm:"column:kind"`
	ID       string `gorm:"column:id"`
}

// TableName names the table.
func (AuditLine) TableName() string { return "audit" }
