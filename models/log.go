package models

// Log is one change log: one epoch of one device's life, or of one office user's on one server.
type Log struct {
	No       int64  `gorm:"column:no;primaryKey"`
	Device   string `gorm:"column:device"`
	Epoch    string `gorm:"column:epoch"`
	Family   int64  `gorm:"column:family"`
	Next     int64  `gorm:"column:next"`      // seq of the line that comes next
	Head     []byte `gorm:"column:head"`      // hash of the last line, or the genesis hash
	AfterLog int64  `gorm:"column:after_log"` // the log this one follows, 0: none that is known
	AfterSeq int64  `gorm:"column:after_seq"` // seq of the last common line there
	AfterRaw string `gorm:"column:after_raw"` // what the phone said it follows, kept though ignored

	WallMS        int64 `gorm:"column:wall_ms"`        // the phone's clock at its newest push
	OffsetMS      int64 `gorm:"column:offset_ms"`      // server − phone at that push
	LogNext       int64 `gorm:"column:log_next"`       // how long the phone says its log is
	PhotosPending int64 `gorm:"column:photos_pending"` // originals it says it still owes
	Acked         int64 `gorm:"column:acked"`          // lines it says were acknowledged
	CreatedMS     int64 `gorm:"column:created_ms"`
	LastMS        int64 `gorm:"column:last_ms"` // receipt of its newest push
	Behind        bool  `gorm:"column:behind"`  // the phone knew of acknowledgements that this server lacks
	Forked        bool  `gorm:"column:forked"`  // somebody pushed other lines at places that were taken
}

// TableName names the table.
func (Log) TableName() string { return "log" }

// Batch is the header of one accepted push and what the server measured of it. It covers the
// lines of its log from First on, up to the next batch's First.
type Batch struct {
	Log       int64  `gorm:"column:log_no;primaryKey"`
	First     int64  `gorm:"column:first;primaryKey"` // the first line that was new with it
	Header    []byte `gorm:"column:header"`           // as sent, with the signature
	ReceiptMS int64  `gorm:"column:receipt_ms"`
	OffsetMS  int64  `gorm:"column:offset_ms"`
}

// TableName names the table.
func (Batch) TableName() string { return "batch" }

// Line is one stored line of a log: its bytes as sent, its hash and what became of it.
type Line struct {
	Log      int64      `gorm:"column:log_no;primaryKey"`
	Seq      int64      `gorm:"column:seq;primaryKey"`
	Raw      []byte     `gorm:"column:raw"`
	Hash     []byte     `gorm:"column:h"`
	Status   LineStatus `gorm:"column:status"`
	Cause    Cause      `gorm:"column:cause"`
	Scope    int64      `gorm:"column:scope_no"`  // 0 unless applied to a scope
	ScopeSeq int64      `gorm:"column:scope_seq"` // place among the applied lines of the scope
	Version  int64      `gorm:"column:version"`   // version it gave its record, 0 for sums
	Rules    int64      `gorm:"column:rules"`     // the campaign's rules version when it was applied
	Late     bool       `gorm:"column:late"`      // applied while the campaign was closing
}

// TableName names the table.
func (Line) TableName() string { return "line" }

// HeldLine is what a held line waits with: enough to try it again without its batch.
type HeldLine struct {
	Log       int64  `gorm:"column:log_no;primaryKey"`
	Seq       int64  `gorm:"column:seq;primaryKey"`
	Family    int64  `gorm:"column:family"`
	Scope     string `gorm:"column:scope"` // as written in the line, campaign:unit
	Kind      Kind   `gorm:"column:kind"`  // the record it waits for or would change
	ID        string `gorm:"column:id"`
	WaitFor   string `gorm:"column:wait_for"` // a further event it waits for, by id
	Cause     Cause  `gorm:"column:cause"`
	Writes    bool   `gorm:"column:writes"` // a register write: later ones of the family wait behind it
	EffectMS  int64  `gorm:"column:effective_ms"`
	ReceiptMS int64  `gorm:"column:receipt_ms"`
}

// TableName names the table.
func (HeldLine) TableName() string { return "held" }

// Scope is the unit of sharing and ordering: one unit's part of one campaign. A device's own feed
// of held lines is a scope too, with an empty campaign and the device's id as unit.
type Scope struct {
	No       int64         `gorm:"column:no;primaryKey"`
	Campaign string        `gorm:"column:campaign"`
	Unit     string        `gorm:"column:unit"`
	Seq      int64         `gorm:"column:seq"`      // +1 per applied line
	State    CampaignState `gorm:"column:state"`    // the campaign's, repeated here to be read under the lock
	Rules    int64         `gorm:"column:rules"`    // the campaign's current rules version
	Building int64         `gorm:"column:building"` // the rules version whose totals are being built, 0: none
}

// TableName names the table.
func (Scope) TableName() string { return "scope" }

// Name returns campaign:unit, or device:<id> for a device's feed.
func (s *Scope) Name() string {
	if s.Campaign == "" && s.Unit == OfficeScope {
		return OfficeScope
	}
	if s.Campaign == "" {
		return FeedPrefix + s.Unit
	}
	return s.Campaign + ":" + s.Unit
}

// OfficeScope names the scope in which the office's decisions about people and campaigns are ordered.
const OfficeScope = "office"

// FeedPrefix starts the name of a device's own feed.
const FeedPrefix = "device:"
