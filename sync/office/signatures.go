package office

import (
	"context"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

var errLater = problem.New(problem.Unavailable, "this cannot be read yet")

// Reach builds what an officer may do where, as of now.
func (d *Desk) Reach(ctx context.Context, officer string) (*Reach, error) { return nil, errLater }

// Me says who is signed in and what they may do where.
func (d *Desk) Me(ctx context.Context, r *Reach) (*Me, error) { return nil, errLater }

// Units lists units by their codes.
func (d *Desk) Units(ctx context.Context, r *Reach, q UnitQuery, p Paging) (Page[UnitRow], error) {
	return Page[UnitRow]{}, errLater
}

// Unit returns one unit.
func (d *Desk) Unit(ctx context.Context, r *Reach, id string) (*UnitRow, error) { return nil, errLater }

// Officers lists people by name.
func (d *Desk) Officers(ctx context.Context, r *Reach, q OfficerQuery, p Paging) (Page[OfficerRow], error) {
	return Page[OfficerRow]{}, errLater
}

// Officer returns one person.
func (d *Desk) Officer(ctx context.Context, r *Reach, id string) (*OfficerRow, error) {
	return nil, errLater
}

// Grants lists the assignments a person has or had, where one may look.
func (d *Desk) Grants(ctx context.Context, r *Reach, officer string) ([]GrantRow, error) {
	return nil, errLater
}

// Campaigns lists campaigns, the newest year first.
func (d *Desk) Campaigns(ctx context.Context, r *Reach, p Paging) (Page[models.Campaign], error) {
	return Page[models.Campaign]{}, errLater
}

// Campaign returns one campaign.
func (d *Desk) Campaign(ctx context.Context, r *Reach, id string) (*models.Campaign, error) {
	return nil, errLater
}

// Templates lists the templates, those of the program first.
func (d *Desk) Templates(ctx context.Context, r *Reach) ([]TemplateRow, error) { return nil, errLater }

// Template returns one template with its empty form.
func (d *Desk) Template(ctx context.Context, r *Reach, code string) (*TemplateDetail, error) {
	return nil, errLater
}

// PreviewTemplate reads a template that is not kept yet. A fault is a problem of code invalid with the member line.
func (d *Desk) PreviewTemplate(yaml string) (*TemplateDetail, error) { return nil, errLater }

// HandIns lists what is handed in, by deadline.
func (d *Desk) HandIns(ctx context.Context, r *Reach, campaign string, p Paging) (Page[models.HandIn], error) {
	return Page[models.HandIn]{}, errLater
}

// Tasks lists the task sheet.
func (d *Desk) Tasks(ctx context.Context, r *Reach, campaign string, p Paging) (Page[models.Task], error) {
	return Page[models.Task]{}, errLater
}

// Roster lists the duty roster by day.
func (d *Desk) Roster(ctx context.Context, r *Reach, campaign string, p Paging) (Page[models.Duty], error) {
	return Page[models.Duty]{}, errLater
}

// Reminders lists the reminders to units, the newest first.
func (d *Desk) Reminders(ctx context.Context, r *Reach, campaign string, p Paging) (Page[models.Reminder], error) {
	return Page[models.Reminder]{}, errLater
}

// HandInCells lists, unit by unit, which item was handed in.
func (d *Desk) HandInCells(ctx context.Context, r *Reach, campaign, unit string, p Paging) (Page[HandInCell], error) {
	return Page[HandInCell]{}, errLater
}

// Overview says where a campaign stands.
func (d *Desk) Overview(ctx context.Context, r *Reach, campaign, unit string) (*Overview, error) {
	return nil, errLater
}

// UnitStatuses says, unit by unit, who is late and who owes what.
func (d *Desk) UnitStatuses(ctx context.Context, r *Reach, campaign, unit string, p Paging) (Page[UnitStatus], error) {
	return Page[UnitStatus]{}, errLater
}

// Devices lists phones by their officers' names.
func (d *Desk) Devices(ctx context.Context, r *Reach, q DeviceQuery, p Paging) (Page[DeviceRow], error) {
	return Page[DeviceRow]{}, errLater
}

// Device returns one phone.
func (d *Desk) Device(ctx context.Context, r *Reach, id string) (*DeviceRow, error) {
	return nil, errLater
}

// Codes lists enrolment codes, the newest first.
func (d *Desk) Codes(ctx context.Context, r *Reach, q CodeQuery, p Paging) (Page[CodeRow], error) {
	return Page[CodeRow]{}, errLater
}

// Audit lists what the office did, the newest first.
func (d *Desk) Audit(ctx context.Context, r *Reach, q AuditQuery, p Paging) (Page[AuditRow], error) {
	return Page[AuditRow]{}, errLater
}
