package office

import "github.com/fieldsync/fieldsync/models"

// Overview is the first screen of the office: where a campaign stands for a unit and all below.
type Overview struct {
	Campaign models.Campaign `json:"campaign"`
	Unit     string          `json:"unit"`
	UnitName string          `json:"unit_name"`
	Now      int64           `json:"now"` // ms

	Events    StateCounts  `json:"events"`
	Urgent    int64        `json:"urgent"` // urgent events that were not accepted yet
	Conflicts int64        `json:"conflicts"`
	Suspects  int64        `json:"suspects"`
	Uncounted int64        `json:"uncounted"` // of the suspects: judged, and the first event does not count any more
	Unplaced  int64        `json:"unplaced"`  // events that no row of any table takes
	Outside   int64        `json:"outside"`   // events outside the counting window
	Held      []CauseCount `json:"held"`
	Figures   []KeyFigure  `json:"figures"` // the first rows of the campaign's first table that are tallied
	Days      []DayCount   `json:"days"`    // events by calendar day of the campaign's zone
	Deadlines []Deadline   `json:"deadlines"`
	Units     int64        `json:"units"` // how many take part
	Sheets    SheetCounts  `json:"sheets"`
	Phones    PhoneCounts  `json:"phones"`
}

// StateCounts are numbers of events by review state; deleted ones are left out.
type StateCounts struct {
	Received int64 `json:"received"`
	Edited   int64 `json:"edited"`
	Issues   int64 `json:"issues"`
	Returned int64 `json:"returned"`
	Accepted int64 `json:"accepted"`
}

// KeyFigure is one number of the table for the overview.
type KeyFigure struct {
	Row      string `json:"row"`
	Label    string `json:"label"`
	LabelEN  string `json:"label_en"`
	Unit     string `json:"unit_label"`
	UnitEN   string `json:"unit_label_en"`
	Reported Figure `json:"reported"`
	Accepted Figure `json:"accepted"`
}

// DayCount is how many events one calendar day has.
type DayCount struct {
	Day    string `json:"day"` // 2006-01-02
	Events int64  `json:"events"`
}

// Deadline is one hand-in item and who has not handed it in.
type Deadline struct {
	HandIn  models.HandIn `json:"handin"`
	Left    int64         `json:"left"`    // ms until due; negative when it is over
	Missing int64         `json:"missing"` // units without the electronic file
	Paper   int64         `json:"paper"`   // units without the stamped paper
}

// SheetCounts are how far the units' sheets are.
type SheetCounts struct {
	None      int64 `json:"none"`
	Filling   int64 `json:"filling"`
	Completed int64 `json:"completed"`
	Approved  int64 `json:"approved"`
	Accepted  int64 `json:"accepted"`
	Returned  int64 `json:"returned"`
}

// PhoneCounts is what is known of the phones, up to their last contact.
type PhoneCounts struct {
	Phones     int64 `json:"phones"`
	Never      int64 `json:"never"` // enrolled, never heard of
	Owing      int64 `json:"owing"` // phones that declared more than has arrived
	OwesLines  int64 `json:"owes_lines"`
	OwesPhotos int64 `json:"owes_photos"`
	OldestAt   int64 `json:"oldest_at"` // ms: the longest silence among phones that were heard; everything is known up to here
	NewestAt   int64 `json:"newest_at"`
}

// UnitStatus is one unit on the overview: who is late, who owes what.
type UnitStatus struct {
	Unit        string   `json:"unit"`
	UnitName    string   `json:"unit_name"`
	Parent      string   `json:"parent"`
	Events      int64    `json:"events"`
	Accepted    int64    `json:"accepted"`
	Waiting     int64    `json:"waiting"` // received or edited: the office's turn
	Back        int64    `json:"back"`    // returned or with issues: the unit's turn
	Sheet       SheetRow `json:"sheet"`
	Phones      int64    `json:"phones"`
	OwesLines   int64    `json:"owes_lines"`
	OwesPhotos  int64    `json:"owes_photos"`
	LastHeardAt int64    `json:"last_heard_at"` // ms; 0: never
	KnownUpTo   int64    `json:"known_up_to"`   // ms: the longest silence among its phones that were heard
	Late        []string `json:"late"`          // ids of hand-in items that are overdue
	Reminded    int64    `json:"reminded_at"`   // ms of the newest open reminder; 0: none
}

// HandInCell is whether one unit has handed one item in.
type HandInCell struct {
	HandIn       string `json:"handin"`
	Unit         string `json:"unit"`
	UnitName     string `json:"unit_name"`
	Version      int64  `json:"version"`
	ElectronicAt int64  `json:"electronic_at"` // ms; 0: not received
	PaperAt      int64  `json:"paper_at"`      // ms, the stamped paper; 0: not received
	Note         string `json:"note"`
	Late         bool   `json:"late"`
}
