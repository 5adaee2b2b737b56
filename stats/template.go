package stats

import (
	"slices"
	"strconv"
	"strings"
)

// RuleKind says how a row counts.
type RuleKind string

// The kinds of rules.
const (
	TallyRule    RuleKind = "tally"    // sum of the tallies of one indicator
	EventRule    RuleKind = "events"   // number of events
	FieldRule    RuleKind = "field"    // sum of a count typed once per event
	StaffRule    RuleKind = "staff"    // sum of staff.<unit>, each for the unit it names
	DistinctRule RuleKind = "distinct" // number of different values of some fields
	MinutesRule  RuleKind = "minutes"  // minutes of first broadcasts, shown as hours
	TextRule     RuleKind = "text"     // text of the units' sheets
)

// Template is one official form: its layout and the rule of each row. It is made by
// ParseTemplate and must not be changed afterwards; it is safe for concurrent use.
type Template struct {
	ID         string              `json:"id"`
	Mark       string              `json:"mark,omitempty"` // 附件3, printed above the title
	Title      string              `json:"title"`
	TitleEN    string              `json:"title_en"`
	Year       int                 `json:"year,omitempty"` // of which title and notes speak; printed as the campaign's; 0: of none
	Paper      string              `json:"paper"`          // portrait or landscape, always A4
	Head       Head                `json:"head"`
	Columns    Columns             `json:"columns"`
	Foot       Foot                `json:"foot,omitzero"`
	Halves     []Half              `json:"halves"` // printed side by side
	Notes      []string            `json:"notes,omitempty"`
	Quick      map[string][]string `json:"quick,omitempty"` // event kind → indicators a phone shows first, in template order
	Breakdowns []Breakdown         `json:"breakdowns,omitempty"`
	Hash       string              `json:"hash"` // hex SHA-256 of the YAML it was read from

	rows   []*Row
	byCode map[string]*Row
}

// Head holds the labels over the table; an empty label is not printed.
type Head struct {
	Unit string `json:"unit"`
	Date string `json:"date,omitempty"`
}

// Foot holds the labels under the table; an empty label is not printed.
type Foot struct {
	FilledBy string `json:"filled_by,omitempty"`
	Phone    string `json:"phone,omitempty"`
}

// Columns holds the column titles; a form without remarks leaves Remark empty.
type Columns struct {
	Item   string `json:"item"`
	Unit   string `json:"unit"`
	Total  string `json:"total"`
	Remark string `json:"remark,omitempty"`
}

// Half is one of the tables that are printed side by side. All halves have the same number of
// lines. Depth is the number of group levels, 0 to 3.
type Half struct {
	Groups []Group `json:"groups,omitempty"`
	Rows   []Row   `json:"rows"`
	Depth  int     `json:"depth"`
}

// Group is a label that spans lines From to To (1-based, both included) of its half. Level 1 is
// the outermost column.
type Group struct {
	Level   int    `json:"level"`
	From    int    `json:"from"`
	To      int    `json:"to"`
	Label   string `json:"label"`
	LabelEN string `json:"label_en"`
}

// Row is one line of the form. Code is what contributions, totals and sheets name.
type Row struct {
	Code     string   `json:"code"`
	Label    string   `json:"label"`
	LabelEN  string   `json:"label_en"`
	Unit     string   `json:"unit,omitempty"` // 件, 人次, …; empty for texts
	UnitEN   string   `json:"unit_en,omitempty"`
	Groups   []string `json:"groups,omitempty"` // labels of the groups around it, outermost first
	GroupsEN []string `json:"groups_en,omitempty"`
	Wide     bool     `json:"wide,omitempty"` // a text that takes the item's column too; the label sits in the groups' columns
	Half     int      `json:"half"`           // 1-based
	Line     int      `json:"line"`           // 1-based within its half
	Rule     Rule     `json:"rule"`
}

// Rule says what a row counts. Which members are set depends on Kind.
type Rule struct {
	Kind      RuleKind  `json:"kind"`
	Indicator string    `json:"indicator,omitempty"`  // tally
	Field     string    `json:"field,omitempty"`      // field
	AtLeast   int64     `json:"at_least,omitempty"`   // field: each event that matches counts at least this, even untyped
	Fields    []string  `json:"fields,omitempty"`     // distinct
	FirstOnly bool      `json:"first_only,omitempty"` // repeats are excluded; always so for minutes
	Where     Condition `json:"where,omitzero"`       // all of it must hold
	Except    Condition `json:"except,omitzero"`      // none of it may hold
}

// Condition names allowed values of code fields and wanted states of flags. A flag that was
// never set is false.
type Condition struct {
	Codes map[string][]string `json:"codes,omitempty"`
	Flags map[string]bool     `json:"flags,omitempty"`
}

// Breakdown says that the rows Parts are a breakdown (其中) of the rows Of. It warns and never
// blocks.
type Breakdown struct {
	Label string   `json:"label"`
	Parts []string `json:"parts"`
	Of    []string `json:"of"`
}

// Indicator is one thing a phone can count by tapping.
type Indicator struct {
	Code    string `json:"code"`
	Label   string `json:"label"` // with its groups
	LabelEN string `json:"label_en"`
	Unit    string `json:"unit"`
	UnitEN  string `json:"unit_en,omitempty"`
	Quick   bool   `json:"quick,omitempty"` // shown first; the rest behind 更多
}

// Rows returns the rows in template order: halves from left to right, each from top to bottom.
// The caller must not change them.
func (t *Template) Rows() []*Row { return t.rows }

// Row returns the row with that code, or nil.
func (t *Template) Row(code string) *Row { return t.byCode[code] }

// FullLabel returns the Chinese label with its groups, outermost first, joined by ·.
func (r *Row) FullLabel() string { return joined(r.Groups, r.Label) }

// FullLabelEN returns the English label with its groups, outermost first, joined by ·.
func (r *Row) FullLabelEN() string { return joined(r.GroupsEN, r.LabelEN) }

func joined(groups []string, label string) string {
	s := ""
	for _, g := range groups {
		s += g + "·"
	}
	return s + label
}

// Numeric says whether the row holds a number; the others hold text.
func (r *Row) Numeric() bool { return r.Rule.Kind != TextRule }

// Indicators returns what can be tapped at an event of this kind, in template order: every
// indicator that some rule of the template may sum for it. An unknown kind gets those of the
// rules that do not name a kind.
func (t *Template) Indicators(kind string) []Indicator {
	quick := map[string]bool{}
	for _, c := range t.Quick[kind] {
		quick[c] = true
	}
	seen := map[string]bool{}
	var out []Indicator
	for _, r := range t.rows {
		if r.Rule.Kind != TallyRule || seen[r.Rule.Indicator] || !r.Rule.admitsKind(kind) {
			continue
		}
		seen[r.Rule.Indicator] = true
		out = append(out, Indicator{Code: r.Rule.Indicator, Label: r.FullLabel(), LabelEN: r.FullLabelEN(),
			Unit: r.Unit, UnitEN: r.UnitEN, Quick: quick[r.Rule.Indicator]})
	}
	return out
}

// ForYear returns the form as it is printed in a year: where title and notes speak of the form's own
// year, they speak of that one. Year 0, or a form that is of no year, changes nothing.
func (t *Template) ForYear(year int) *Template {
	if year == 0 || t.Year == 0 || year == t.Year {
		return t
	}
	other := func(s string) string {
		return strings.ReplaceAll(s, strconv.Itoa(t.Year), strconv.Itoa(year))
	}
	c := *t
	c.Title, c.TitleEN = other(t.Title), other(t.TitleEN)
	c.Notes = slices.Clone(t.Notes)
	for i := range c.Notes {
		c.Notes[i] = other(c.Notes[i])
	}
	return &c
}
