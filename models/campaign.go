package models

import "github.com/google/uuid"

// CampaignState is where a campaign stands.
type CampaignState string

// draft → open → closing → closed → frozen. Closing: late pushes are applied and marked late;
// closed: they are held; frozen: amendments only.
const (
	CampaignIsDraft   CampaignState = "draft"
	CampaignIsOpen    CampaignState = "open"
	CampaignIsClosing CampaignState = "closing"
	CampaignIsClosed  CampaignState = "closed"
	CampaignIsFrozen  CampaignState = "frozen"
)

// Valid reports whether s is one of the states.
func (s CampaignState) Valid() bool {
	switch s {
	case CampaignIsDraft, CampaignIsOpen, CampaignIsClosing, CampaignIsClosed, CampaignIsFrozen:
		return true
	}
	return false
}

// Takes reports whether phones' lines are applied in this state.
func (s CampaignState) Takes() bool { return s == CampaignIsOpen || s == CampaignIsClosing }

// Campaign 活动 is one year's 3·15 of one collecting office. Titles are data.
type Campaign struct {
	ID         string        `gorm:"column:id;primaryKey" json:"id"`
	Version    int64         `gorm:"column:version" json:"version"`
	Title      string        `gorm:"column:title" json:"title"`
	Theme      string        `gorm:"column:theme" json:"theme"` // 年主题
	Year       int           `gorm:"column:year" json:"year"`
	Zone       string        `gorm:"column:zone" json:"zone"`           // IANA name
	FirstDay   string        `gorm:"column:first_day" json:"first_day"` // counting window, 2006-01-02, both ends in
	LastDay    string        `gorm:"column:last_day" json:"last_day"`
	ActiveFrom string        `gorm:"column:active_from" json:"active_from"` // activity window, days, may be empty
	ActiveTo   string        `gorm:"column:active_to" json:"active_to"`
	Unit       string        `gorm:"column:unit" json:"unit"` // the collecting office
	State      CampaignState `gorm:"column:state" json:"state"`
	Rules      int64         `gorm:"column:rules" json:"rules_version"`
	Building   int64         `gorm:"column:building" json:"-"`
	Templates  string        `gorm:"column:templates" json:"templates"` // ids of the templates, comma separated
	Amendment  int64         `gorm:"column:amendment" json:"amendment"` // how many amendments were opened after freezing
}

// TableName names the table.
func (Campaign) TableName() string { return "campaign" }

// Rules is one rules version of a campaign: what its numbers were counted under.
type Rules struct {
	Campaign  string `gorm:"column:campaign;primaryKey"`
	Version   int64  `gorm:"column:version;primaryKey"`
	Zone      string `gorm:"column:zone"`
	FirstDay  string `gorm:"column:first_day"`
	LastDay   string `gorm:"column:last_day"`
	Templates string `gorm:"column:templates"` // JSON: [{"id","yaml"}…]
	CreatedMS int64  `gorm:"column:created_ms"`
}

// TableName names the table.
func (Rules) TableName() string { return "rules" }

// Template is a table's description as it was given to the server.
type Template struct {
	ID      string `gorm:"column:id;primaryKey" json:"id"`
	Version int64  `gorm:"column:version" json:"version"`
	Code    string `gorm:"column:code" json:"code"` // the id that the YAML gives itself: what campaigns name
	Title   string `gorm:"column:title" json:"title"`
	YAML    string `gorm:"column:yaml" json:"yaml"`
}

// TableName names the table.
func (Template) TableName() string { return "template" }

// HandIn is one thing that each unit hands in for a campaign, with its deadline.
type HandIn struct {
	ID        string `gorm:"column:id;primaryKey" json:"id"`
	Version   int64  `gorm:"column:version" json:"version"`
	Campaign  string `gorm:"column:campaign" json:"campaign"`
	Item      string `gorm:"column:item" json:"item"` // 统计表, 总结, 照片 …
	DueMS     int64  `gorm:"column:due_ms" json:"due"`
	Recipient string `gorm:"column:recipient" json:"recipient"`
	CopyTo    string `gorm:"column:copy_to" json:"copy_to"` // 抄送
}

// TableName names the table.
func (HandIn) TableName() string { return "handin" }

// Receipt says when a unit's hand-in came, on paper and electronically. It is noted for what is not a
// record of this program: a summary, a parcel of forms.
type Receipt struct {
	ID           string `gorm:"column:id;primaryKey" json:"id"` // ReceiptID
	Version      int64  `gorm:"column:version" json:"version"`
	Campaign     string `gorm:"column:campaign" json:"campaign"`
	HandIn       string `gorm:"column:handin" json:"handin"`
	Unit         string `gorm:"column:unit" json:"unit"`
	ElectronicMS int64  `gorm:"column:electronic_ms" json:"electronic"` // 0: not yet
	PaperMS      int64  `gorm:"column:paper_ms" json:"paper"`           // 0: not yet
	Note         string `gorm:"column:note" json:"note"`
}

// TableName names the table.
func (Receipt) TableName() string { return "receipt" }

// receipts is the namespace of ReceiptID.
var receipts = uuid.MustParse("6f1c8f0e-3a53-5d0e-9a5e-6c1e6b8f4a15")

// ReceiptID returns the id of the receipt of one hand-in from one unit: there is one, whoever notes it.
func ReceiptID(handin, unit string) string {
	return uuid.NewSHA1(receipts, []byte(handin+" "+unit)).String()
}

// Task is one line of the task sheet 任务分解表.
type Task struct {
	ID       string `gorm:"column:id;primaryKey" json:"id"`
	Version  int64  `gorm:"column:version" json:"version"`
	Campaign string `gorm:"column:campaign" json:"campaign"`
	Number   int    `gorm:"column:number" json:"number"`
	Work     string `gorm:"column:work" json:"work"`
	Unit     string `gorm:"column:unit" json:"unit"`         // 责任科室
	Partners string `gorm:"column:partners" json:"partners"` // 配合部门
	Person   string `gorm:"column:person" json:"person"`     // 负责人
	Leader   string `gorm:"column:leader" json:"leader"`     // 负责领导
}

// TableName names the table.
func (Task) TableName() string { return "task" }

// Duty is one line of the duty roster 值班表.
type Duty struct {
	ID       string `gorm:"column:id;primaryKey" json:"id"`
	Version  int64  `gorm:"column:version" json:"version"`
	Campaign string `gorm:"column:campaign" json:"campaign"`
	Day      string `gorm:"column:day" json:"day"` // 2006-01-02
	Name     string `gorm:"column:name" json:"name"`
	Post     string `gorm:"column:post" json:"post"`
	Phone    string `gorm:"column:phone" json:"phone"`
	Mobile   string `gorm:"column:mobile" json:"mobile"`
}

// TableName names the table.
func (Duty) TableName() string { return "duty" }

// Snapshot is a table as it was frozen: number 0, and one more per amendment.
type Snapshot struct {
	Campaign  string `gorm:"column:campaign;primaryKey" json:"campaign"`
	Number    int64  `gorm:"column:number;primaryKey" json:"number"`
	Template  string `gorm:"column:template;primaryKey" json:"template"`
	CreatedMS int64  `gorm:"column:created_ms" json:"created_at"`
	SHA256    string `gorm:"column:sha256" json:"sha256"` // of the canonical csv
	Reason    string `gorm:"column:reason" json:"reason"`
	CSV       []byte `gorm:"column:csv" json:"-"`
}

// TableName names the table.
func (Snapshot) TableName() string { return "snapshot" }

// Reminder 催报 asks a unit for what is late. It reaches the unit's phones with their setup.
type Reminder struct {
	ID       string `gorm:"column:id;primaryKey" json:"id"`
	Version  int64  `gorm:"column:version" json:"version"`
	Campaign string `gorm:"column:campaign" json:"campaign"`
	Unit     string `gorm:"column:unit" json:"unit"`
	Text     string `gorm:"column:text" json:"text"`
	Done     bool   `gorm:"column:done" json:"done"`
}

// TableName names the table.
func (Reminder) TableName() string { return "reminder" }
