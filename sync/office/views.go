package office

import (
	"encoding/json"

	"github.com/fieldsync/fieldsync/models"
)

// Person names an officer and, where it matters, the phone. Names are the present ones.
type Person struct {
	Officer     string `json:"officer"`
	OfficerName string `json:"officer_name"`
	Device      string `json:"device,omitempty"`
	DeviceName  string `json:"device_name,omitempty"`
	Office      bool   `json:"office,omitempty"` // wrote from the office, not from a phone
}

// EventRow is an event as a line of a list. Version and Seq go back with a decision: it is about
// what was on the screen.
type EventRow struct {
	Campaign  string             `json:"campaign"`
	Unit      string             `json:"unit"` // whose part of the campaign it stands in: a part of its name
	UnitName  string             `json:"unit_name"`
	CountsFor string             `json:"counts_for,omitempty"` // the unit it was moved to
	ID        string             `json:"id"`
	Version   int64              `json:"version"`
	Seq       int64              `json:"seq"`
	Title     string             `json:"title"`
	Kind      string             `json:"kind"`
	Venue     string             `json:"venue"`
	Place     string             `json:"place"`
	StartedAt int64              `json:"started_at"` // ms; what decides its day
	State     models.ReviewState `json:"state"`
	Reason    string             `json:"reason,omitempty"` // of a return or of issues
	Urgent    bool               `json:"urgent,omitempty"`
	Large     bool               `json:"large,omitempty"`
	Late      bool               `json:"late,omitempty"` // something arrived while the campaign was closing
	Deleted   bool               `json:"deleted,omitempty"`
	Completed bool               `json:"completed,omitempty"` // the officer asked for review
	Conflicts int                `json:"conflicts,omitempty"` // fields with two truths
	Verdict   string             `json:"verdict,omitempty"`   // as a second event: different one_event same_facts
	By        Person             `json:"by"`                  // who recorded it first
	Tallies   []TallyView        `json:"tallies"`
	Photos    int                `json:"photos"`
}

// TallyView is the count of one indicator of one event. N entries; N > 0 with Sum 0 says "counted:
// none". Labels come from the campaign's templates and are empty for an indicator of none.
type TallyView struct {
	Indicator string `json:"indicator"`
	Label     string `json:"label"`
	LabelEN   string `json:"label_en"`
	Sum       int64  `json:"sum"`
	N         int64  `json:"n"`
}

// EventDetail is one event whole.
type EventDetail struct {
	EventRow
	Fields       map[string]json.RawMessage `json:"fields"` // shown values by name
	ConflictList []ConflictView             `json:"conflict_list"`
	Review       ReviewView                 `json:"review"`
	Duplicate    *DuplicateView             `json:"duplicate,omitempty"`
	People       []SourceView               `json:"people"`
	PhotoList    []PhotoView                `json:"photo_list"`
	Lots         []LotView                  `json:"lots"`
	Held         []HeldRow                  `json:"held"` // what waits on it
	Rows         []ContributionView         `json:"rows"` // what it gives to the tables
	Suspects     []SuspectView              `json:"suspects"`
}

// ConflictView is one field with more than one truth.
type ConflictView struct {
	Campaign string          `json:"campaign"`
	Unit     string          `json:"unit"`
	UnitName string          `json:"unit_name"`
	Kind     models.Kind     `json:"kind"` // event lot photo sheet
	ID       string          `json:"id"`
	Title    string          `json:"title"` // of the record, for people
	Version  int64           `json:"version"`
	Seq      int64           `json:"seq"`
	Field    string          `json:"field"`
	Label    string          `json:"label,omitempty"` // as that of a Difference
	LabelEN  string          `json:"label_en,omitempty"`
	Values   []ConflictValue `json:"values"`
}

// ConflictValue is one of them: who said it, when.
type ConflictValue struct {
	Value       json.RawMessage `json:"value"`
	By          Person          `json:"by"`
	EffectiveAt int64           `json:"effective_at"` // ms, corrected by the measured offset, never later than the receipt
	ClaimedAt   int64           `json:"claimed_at"`   // ms, as the phone's clock stood
	Shown       bool            `json:"shown"`        // the one that is shown while nobody has settled it
}

// ReviewView is where a record stands with the office.
type ReviewView struct {
	State    models.ReviewState `json:"state"`
	Reason   string             `json:"reason,omitempty"`
	By       *Person            `json:"by,omitempty"`
	At       int64              `json:"at,omitempty"` // ms
	Comments []CommentView      `json:"comments"`
}

// CommentView is one remark of the office on a record.
type CommentView struct {
	By   Person `json:"by"`
	At   int64  `json:"at"` // ms
	Text string `json:"text"`
}

// DuplicateView is the verdict on an event as the second of a pair.
type DuplicateView struct {
	Verdict  string `json:"verdict"`
	Unit     string `json:"unit"` // of the first event
	UnitName string `json:"unit_name"`
	ID       string `json:"id"`
	Title    string `json:"title"`
	Reason   string `json:"reason"`
}

// SourceView is somebody who wrote to a record.
type SourceView struct {
	Person
	Lines int64 `json:"lines"`
}

// LotView is one lot of goods that an event moved. Quantities are thousandths of Unit.
type LotView struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Category  string   `json:"category"`
	Unit      string   `json:"unit"`
	Value     int64    `json:"value"` // 分, the whole lot
	Received  int64    `json:"received"`
	Destroyed int64    `json:"destroyed"`
	Returned  int64    `json:"returned"`
	Remaining int64    `json:"remaining"`
	Findings  []string `json:"findings"`
}

// ContributionView is what one event or sheet gives to one row of one table for one unit. With Why
// set it counts nothing.
type ContributionView struct {
	Template string `json:"template"`
	Row      string `json:"row"`
	Label    string `json:"label"`
	LabelEN  string `json:"label_en"`
	Unit     string `json:"unit"`
	UnitName string `json:"unit_name"`
	Value    int64  `json:"value"` // in the row's unit; minutes for hours
	N        int64  `json:"n"`
	Key      string `json:"key,omitempty"`  // of a row that counts different things
	Text     string `json:"text,omitempty"` // of a row of texts
	Why      string `json:"why,omitempty"`  // deleted same_facts one_event outside_window repeat
	Accepted bool   `json:"accepted"`
}

// HistoryItem is one line that spoke of a record, with what it changed.
type HistoryItem struct {
	Log         int64        `json:"log"`
	Seq         int64        `json:"seq"`
	By          Person       `json:"by"`
	ClaimedAt   int64        `json:"claimed_at"`   // ms
	EffectiveAt int64        `json:"effective_at"` // ms
	ReceivedAt  int64        `json:"received_at"`  // ms
	Op          string       `json:"op"`
	Version     int64        `json:"version"` // that it gave the record; 0 for counts
	Late        bool         `json:"late,omitempty"`
	Note        string       `json:"note,omitempty"` // of a count
	Reason      string       `json:"reason,omitempty"`
	Changes     []Difference `json:"changes"`
}

// Difference is one field before and after a line; null where there was nothing. Of a count, Field
// is the indicator, Before and After its sum. Labels are those of the indicator, or of the form's row
// that a sheet's text or remark stands on; other fields have none.
type Difference struct {
	Field   string          `json:"field"`
	Label   string          `json:"label,omitempty"`
	LabelEN string          `json:"label_en,omitempty"`
	Before  json.RawMessage `json:"before"`
	After   json.RawMessage `json:"after"`
}

// HeldRow is a line that waits, why, and what it says.
type HeldRow struct {
	Log        int64        `json:"log"`
	Seq        int64        `json:"seq"`
	Cause      models.Cause `json:"cause"`
	Campaign   string       `json:"campaign"`
	Unit       string       `json:"unit"`
	UnitName   string       `json:"unit_name"`
	Kind       models.Kind  `json:"kind"`
	ID         string       `json:"id"`
	Title      string       `json:"title"` // of the record it would change, if that is there
	By         Person       `json:"by"`
	ClaimedAt  int64        `json:"claimed_at"`  // ms
	ReceivedAt int64        `json:"received_at"` // ms
	Op         string       `json:"op"`
	Changes    []Difference `json:"changes"` // what it would change now
	Note       string       `json:"note,omitempty"`
}

// CauseCount is how many lines wait for one reason.
type CauseCount struct {
	Cause models.Cause `json:"cause"`
	Lines int64        `json:"lines"`
}

// HeldPage is a page of waiting lines with the counts of all causes in reach.
type HeldPage struct {
	Page[HeldRow]
	Causes []CauseCount `json:"causes"`
}

// SuspectView is a pair of events that may be the same facts, judged or not.
type SuspectView struct {
	Why      string       `json:"why"`     // same_place same_item same_photo near_photo, first_gone: judged, and the first event does not count any more; or judged
	Reasons  []string     `json:"reasons"` // all that hold, Why first; none of a judged pair
	First    EventRow     `json:"first"`
	Second   EventRow     `json:"second"`
	Pictures *PicturePair `json:"pictures,omitempty"` // that are the same or look alike
	Verdict  string       `json:"verdict,omitempty"`  // on the second, if somebody judged
	Reason   string       `json:"reason,omitempty"`
}

// SheetRow is one unit's sheet as a line of the sign-off.
type SheetRow struct {
	Campaign           string             `json:"campaign"`
	Unit               string             `json:"unit"`
	UnitName           string             `json:"unit_name"`
	Version            int64              `json:"version"` // 0: nobody has begun it
	Seq                int64              `json:"seq"`
	Completed          bool               `json:"completed"`
	Approved           bool               `json:"approved"`                       // by the unit's head, as it stands
	ChangedSinceSigned bool               `json:"changed_since_signed,omitempty"` // it was approved and has changed since
	State              models.ReviewState `json:"state,omitempty"`
	Reason             string             `json:"reason,omitempty"`
	FilledBy           string             `json:"filled_by"`
	Phone              string             `json:"phone"`
	Conflicts          int                `json:"conflicts,omitempty"`
	Late               bool               `json:"late"` // the table's deadline is over and it is not approved
}

// SheetDetail is one sheet whole.
type SheetDetail struct {
	SheetRow
	Fields       map[string]json.RawMessage `json:"fields"`
	ConflictList []ConflictView             `json:"conflict_list"`
	Review       ReviewView                 `json:"review"`
	TextRows     []TextRow                  `json:"text_rows"` // the free rows of the campaign's tables
}

// TextRow is a row of a form that is filled with text: its field on the sheet is Code.
type TextRow struct {
	Template string `json:"template"`
	Code     string `json:"code"`
	Label    string `json:"label"`
	LabelEN  string `json:"label_en"`
}

// DeviceRow is what the office sees of a phone. It is known up to LastHeardAt: what a phone
// recorded since then is on the phone.
type DeviceRow struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Platform    string `json:"platform"`
	Officer     string `json:"officer"`
	OfficerName string `json:"officer_name"`
	Unit        string `json:"unit"`
	UnitName    string `json:"unit_name"`
	EnrolledAt  int64  `json:"enrolled_at"`       // ms
	RevokedAt   int64  `json:"revoked_at"`        // ms; 0: not revoked
	LastHeardAt int64  `json:"last_heard_at"`     // ms; 0: never
	ClockOffset int64  `json:"clock_offset"`      // ms, server − phone at the last contact
	Lines       int64  `json:"lines"`             // that the server has
	OwesLines   int64  `json:"owes_lines"`        // declared and not here
	OwesPhotos  int64  `json:"owes_photos"`       // as the phone said at the last contact
	Announced   int64  `json:"announced"`         // originals that its lines promised
	Missing     int64  `json:"missing_originals"` // of these, what has not come whole
	Refused     int64  `json:"refused_originals"` // of these, what cannot be taken
	Held        int64  `json:"held"`
	Epochs      int    `json:"epochs"`
	Forked      bool   `json:"forked,omitempty"` // restored from a backup or cloned
	Behind      bool   `json:"behind,omitempty"` // it knew of acknowledgements that the server lacks
}

// CodeRow is an enrolment code, of which only its hash is kept.
type CodeRow struct {
	ID          string `json:"id"`
	Officer     string `json:"officer"`
	OfficerName string `json:"officer_name"`
	Unit        string `json:"unit"`
	UnitName    string `json:"unit_name"`
	CreatedAt   int64  `json:"created_at"` // ms
	ExpiresAt   int64  `json:"expires_at"` // ms
	UsedAt      int64  `json:"used_at"`    // ms; 0: not used
	CancelledAt int64  `json:"cancelled_at"`
	Device      string `json:"device,omitempty"` // made with it
	Left        bool   `json:"left,omitempty"`   // its officer left: it is good for nothing unless they come back
}

// OfficerRow is a person with what the office needs to know of them.
type OfficerRow struct {
	models.Officer
	UnitName   string `json:"unit_name"`
	Login      string `json:"login,omitempty"` // may sign in to the office with it
	Devices    int    `json:"devices"`
	OpenCodes  int    `json:"open_codes"` // enrolment codes that are still good
	LastSeenMS int64  `json:"last_seen_at"`
}

// GrantRow is an assignment of an officer; EndedMS 0 while it lasts.
type GrantRow struct {
	models.Assignment
	UnitName      string `json:"unit_name"`
	CampaignTitle string `json:"campaign_title,omitempty"`
}

// AuditRow is one thing that the office did.
type AuditRow struct {
	Log      int64           `json:"log"`
	Seq      int64           `json:"seq"`
	At       int64           `json:"at"` // ms
	By       Person          `json:"by"`
	Op       string          `json:"op"`
	Campaign string          `json:"campaign,omitempty"`
	Unit     string          `json:"unit,omitempty"`
	UnitName string          `json:"unit_name,omitempty"`
	Kind     string          `json:"kind,omitempty"`
	ID       string          `json:"id,omitempty"`
	Title    string          `json:"title,omitempty"` // of what it was about, for people
	Reason   string          `json:"reason,omitempty"`
	Line     json.RawMessage `json:"line"` // as it was signed
}

// RowPage opens one cell of a table: the events and sheets that give something to it, or would if
// they were not excluded.
type RowPage struct {
	Page[RowPart]
	Row      RowView `json:"row"`
	Reported Figure  `json:"reported"` // of the cell, all pages together
	Accepted Figure  `json:"accepted"`
}

// RowPart is what one event or sheet gives to the cell.
type RowPart struct {
	ContributionView
	Kind  models.Kind `json:"kind"` // event or sheet
	Event *EventRow   `json:"event,omitempty"`
}

// Entry is one line behind a number: who said it, on which phone, when.
type Entry struct {
	Log         int64  `json:"log"`
	Seq         int64  `json:"seq"`
	By          Person `json:"by"`
	ClaimedAt   int64  `json:"claimed_at"`   // ms
	EffectiveAt int64  `json:"effective_at"` // ms
	ReceivedAt  int64  `json:"received_at"`  // ms
	Op          string `json:"op"`
	Values      []Said `json:"values"`
	Note        string `json:"note,omitempty"`
}

// Said is what a line says of one field. Of a count, Field is the indicator and Value what is added
// to it. Labels are as those of a Difference.
type Said struct {
	Field   string          `json:"field"`
	Label   string          `json:"label,omitempty"`
	LabelEN string          `json:"label_en,omitempty"`
	Value   json.RawMessage `json:"value"`
}

// Figure is a number of a table. Blank is not 0.
type Figure struct {
	Value int64  `json:"value"` // minutes for hours
	N     int64  `json:"n"`     // entries
	Text  string `json:"text"`  // as printed
}
