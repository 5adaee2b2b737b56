package console

import (
	"context"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/office"
)

// Desk is what the office reads. Every answer is bounded by the reach.
type Desk interface {
	People
	Campaigns
	Lists
	Tables
	Events
	Waiting
	Photos
	Phones
	// Audit lists what the office did, the newest first.
	Audit(ctx context.Context, r *office.Reach, q office.AuditQuery, p office.Paging) (office.Page[office.AuditRow], error)
}

// People are units and officers, and who is asking.
type People interface {
	Reach(ctx context.Context, officer string) (*office.Reach, error)
	Me(ctx context.Context, r *office.Reach) (*office.Me, error)
	Units(ctx context.Context, r *office.Reach, q office.UnitQuery, p office.Paging) (office.Page[office.UnitRow], error)
	Unit(ctx context.Context, r *office.Reach, id string) (*office.UnitRow, error)
	Officers(ctx context.Context, r *office.Reach, q office.OfficerQuery, p office.Paging) (office.Page[office.OfficerRow], error)
	Officer(ctx context.Context, r *office.Reach, id string) (*office.OfficerRow, error)
	Grants(ctx context.Context, r *office.Reach, officer string) ([]office.GrantRow, error)
}

// Campaigns are campaigns, their frozen tables, and the forms they count for.
type Campaigns interface {
	Campaigns(ctx context.Context, r *office.Reach, p office.Paging) (office.Page[models.Campaign], error)
	Campaign(ctx context.Context, r *office.Reach, id string) (*models.Campaign, error)
	Snapshots(ctx context.Context, r *office.Reach, campaign string) ([]office.SnapshotView, error)
	SnapshotCSV(ctx context.Context, r *office.Reach, campaign string, number int64, template string) ([]byte, error)
	Templates(ctx context.Context, r *office.Reach) ([]office.TemplateRow, error)
	Template(ctx context.Context, r *office.Reach, code string) (*office.TemplateDetail, error)
	PreviewTemplate(yaml string) (*office.TemplateDetail, error)
}

// Lists are what belongs to a campaign beside its records.
type Lists interface {
	HandIns(ctx context.Context, r *office.Reach, campaign string, p office.Paging) (office.Page[models.HandIn], error)
	Tasks(ctx context.Context, r *office.Reach, campaign string, p office.Paging) (office.Page[models.Task], error)
	Roster(ctx context.Context, r *office.Reach, campaign string, p office.Paging) (office.Page[models.Duty], error)
	Reminders(ctx context.Context, r *office.Reach, campaign string, p office.Paging) (office.Page[models.Reminder], error)
	HandInCells(ctx context.Context, r *office.Reach, campaign, unit string, p office.Paging) (office.Page[office.HandInCell], error)
}

// Tables are the numbers and what is behind them.
type Tables interface {
	Overview(ctx context.Context, r *office.Reach, campaign, unit string) (*office.Overview, error)
	UnitStatuses(ctx context.Context, r *office.Reach, campaign, unit string, p office.Paging) (office.Page[office.UnitStatus], error)
	Table(ctx context.Context, r *office.Reach, q office.TableQuery) (*office.TableView, error)
	Row(ctx context.Context, r *office.Reach, q office.TableQuery, row string, p office.Paging) (*office.RowPage, error)
	Entries(ctx context.Context, r *office.Reach, q office.TableQuery, row string, n office.RecordName, p office.Paging) (office.Page[office.Entry], error)
	Export(ctx context.Context, r *office.Reach, q office.TableQuery) (*stats.Table, error)
}

// Events are records and their histories.
type Events interface {
	Events(ctx context.Context, r *office.Reach, q office.EventQuery, p office.Paging) (office.Page[office.EventRow], error)
	Event(ctx context.Context, r *office.Reach, n office.RecordName) (*office.EventDetail, error)
	History(ctx context.Context, r *office.Reach, n office.RecordName, p office.Paging) (office.Page[office.HistoryItem], error)
	Sheets(ctx context.Context, r *office.Reach, campaign, unit string, p office.Paging) (office.Page[office.SheetRow], error)
	Sheet(ctx context.Context, r *office.Reach, campaign, unit string) (*office.SheetDetail, error)
}

// Waiting is what waits for a decision.
type Waiting interface {
	Conflicts(ctx context.Context, r *office.Reach, campaign, unit string, p office.Paging) (office.Page[office.ConflictView], error)
	Held(ctx context.Context, r *office.Reach, q office.HeldQuery, p office.Paging) (*office.HeldPage, error)
	HeldLine(ctx context.Context, r *office.Reach, log, seq int64) (*office.HeldRow, error)
	Suspects(ctx context.Context, r *office.Reach, campaign, unit string, judged bool, p office.Paging) (office.Page[office.SuspectView], error)
}

// Phones are devices and the codes that make them.
type Phones interface {
	Devices(ctx context.Context, r *office.Reach, q office.DeviceQuery, p office.Paging) (office.Page[office.DeviceRow], error)
	Device(ctx context.Context, r *office.Reach, id string) (*office.DeviceRow, error)
	Codes(ctx context.Context, r *office.Reach, q office.CodeQuery, p office.Paging) (office.Page[office.CodeRow], error)
}
