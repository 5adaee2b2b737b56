package office

// TableView is an official table as the screen shows it: the form's own layout, each number with
// what is reported beside what is accepted.
type TableView struct {
	Campaign   string         `json:"campaign"`
	Template   string         `json:"template"`
	Templates  []TemplateName `json:"templates"` // all of the campaign
	Unit       string         `json:"unit"`
	UnitName   string         `json:"unit_name"`
	Mark       string         `json:"mark"` // 附件3
	Title      string         `json:"title"`
	TitleEN    string         `json:"title_en"`
	HeadUnit   string         `json:"head_unit"` // 填报单位
	HeadDate   string         `json:"head_date"` // 时间, "" when the form has none
	Date       string         `json:"date"`
	Columns    ColumnNames    `json:"columns"`
	Halves     []HalfView     `json:"halves"`
	Rows       []RowView      `json:"rows"` // all rows of all halves, in the form's order
	Notes      []string       `json:"notes"`
	FootFilled string         `json:"foot_filled"` // 填报人, "" when the form has none
	FootPhone  string         `json:"foot_phone"`
	FilledBy   string         `json:"filled_by"`
	Phone      string         `json:"phone"`
	Draft      bool           `json:"draft"`
	Unreviewed int            `json:"unreviewed"` // events not yet accepted
	Outside    int            `json:"outside"`    // events outside the counting window
	Warnings   []WarningView  `json:"warnings"`
	Units      []UnitName     `json:"units"`    // columns of the figures by unit
	Counting   bool           `json:"counting"` // the totals are being counted under new rules: the old ones are shown
	Frozen     []SnapshotView `json:"frozen"`   // snapshots, of this template
	// DiffersFromFrozen: the table of the whole campaign is not any more what its latest snapshot keeps.
	// Known to those who may look at all of it.
	DiffersFromFrozen bool `json:"differs_from_frozen"`
}

// TemplateName names a table.
type TemplateName struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	TitleEN string `json:"title_en"`
}

// UnitName names a unit.
type UnitName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ColumnNames are the titles of a form's columns.
type ColumnNames struct {
	Item   string `json:"item"`
	Unit   string `json:"unit"`
	Total  string `json:"total"`
	Remark string `json:"remark,omitempty"` // "" when the form has no such column
}

// HalfView is one side of a form. Lines are numbered from 1.
type HalfView struct {
	Depth  int         `json:"depth"` // columns that groups take before the item
	Groups []GroupView `json:"groups"`
	Rows   []string    `json:"rows"` // codes, a line each
}

// GroupView is a label that spans lines From…To of column Level (1: outermost).
type GroupView struct {
	Level   int    `json:"level"`
	From    int    `json:"from"`
	To      int    `json:"to"`
	Label   string `json:"label"`
	LabelEN string `json:"label_en"`
}

// RowView is one row with its numbers.
type RowView struct {
	Code        string       `json:"code"`
	Line        int          `json:"line"`
	Half        int          `json:"half"`
	Label       string       `json:"label"`
	LabelEN     string       `json:"label_en"`
	FullLabel   string       `json:"full_label"` // with its groups
	FullLabelEN string       `json:"full_label_en"`
	Groups      int          `json:"groups"` // how many group columns stand before it
	UnitLabel   string       `json:"unit_label"`
	UnitLabelEN string       `json:"unit_label_en"`
	Numeric     bool         `json:"numeric"`
	Hours       bool         `json:"hours"`
	Wide        bool         `json:"wide"`
	Rule        string       `json:"rule"` // what is counted, in words
	RuleEN      string       `json:"rule_en"`
	Reported    Figure       `json:"reported"`
	Accepted    Figure       `json:"accepted"`
	Units       []UnitFigure `json:"units"` // parallel to TableView.Units
	Text        string       `json:"text"`  // of a text row: the accepted texts
	Remark      string       `json:"remark"`
}

// UnitFigure is what one unit has in a row.
type UnitFigure struct {
	Reported Figure `json:"reported"`
	Accepted Figure `json:"accepted"`
}

// WarningView is something about a table that a person should look at.
type WarningView struct {
	Row  string `json:"row"`
	Text string `json:"text"`
	EN   string `json:"text_en"`
}

// SnapshotView is a table as it was frozen.
type SnapshotView struct {
	Number    int64  `json:"number"` // 0, and one more per amendment
	Template  string `json:"template"`
	Title     string `json:"title"` // of the form as the campaign has it now; "" when it has it no more
	TitleEN   string `json:"title_en"`
	CreatedAt int64  `json:"created_at"` // ms
	SHA256    string `json:"sha256"`     // of the canonical csv
	Reason    string `json:"reason"`
}
