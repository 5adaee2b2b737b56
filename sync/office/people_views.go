package office

import "github.com/fieldsync/fieldsync/models"

// Me is who is signed in and what they may do where.
type Me struct {
	Officer    models.Officer    `json:"officer"`
	UnitName   string            `json:"unit_name"`
	Grants     []MyGrant         `json:"grants"`     // present ones
	Anywhere   []Ability         `json:"anywhere"`   // what they may do in some unit of some campaign
	Everywhere []Ability         `json:"everywhere"` // what they may do in one whole tree
	Roots      []models.Unit     `json:"roots"`      // tops of what they may look at
	Campaigns  []models.Campaign `json:"campaigns"`  // in reach
}

// MyGrant is one present assignment with what it allows.
type MyGrant struct {
	Campaign      string      `json:"campaign"` // "" for all
	CampaignTitle string      `json:"campaign_title,omitempty"`
	Unit          string      `json:"unit"`
	UnitName      string      `json:"unit_name"`
	Role          models.Role `json:"role"`
	Abilities     []Ability   `json:"abilities"`
}

// UnitRow is a unit as a line of a list.
type UnitRow struct {
	models.Unit
	ParentName string `json:"parent_name,omitempty"`
	Children   int    `json:"children"`
	Officers   int    `json:"officers"` // who did not leave
}

// TemplateRow is a template as a line of a list. ID is empty for one that the program brings.
type TemplateRow struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Code    string `json:"code"` // what campaigns name
	Title   string `json:"title"`
	TitleEN string `json:"title_en"`
	Builtin bool   `json:"builtin"`
	Hash    string `json:"hash"`
}

// TemplateDetail is a template with its text and its empty form.
type TemplateDetail struct {
	TemplateRow
	YAML    string    `json:"yaml"`
	Preview TableView `json:"preview"`
}
