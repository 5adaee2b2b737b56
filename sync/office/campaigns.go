package office

import (
	"context"
	"slices"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
)

// campaignKey orders campaigns: the newest year first.
func campaignKey(c *models.Campaign) sortKey { return sortKey{n: -int64(c.Year), a: c.Title, b: c.ID} }

// Campaigns lists campaigns, the newest year first.
func (d *Desk) Campaigns(ctx context.Context, r *Reach, p Paging) (out Page[models.Campaign], err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		all, err := tx.Campaigns()
		if err != nil {
			return err
		}
		mine := slices.DeleteFunc(all, func(c models.Campaign) bool { return !r.Sees(&c) })
		out, err = slice(p, mine, campaignKey, "campaigns")
		return err
	})
	return out, err
}

// Campaign returns one campaign.
func (d *Desk) Campaign(ctx context.Context, r *Reach, id string) (c *models.Campaign, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		c, err = visibleCampaign(tx, r, id)
		return err
	})
	return c, err
}

// ofCampaign returns a page of what belongs to a campaign.
func ofCampaign[T any](ctx context.Context, d *Desk, r *Reach, what, campaign string, p Paging,
	read func(Tx, *models.Campaign) ([]T, error), key func(*T) sortKey) (out Page[T], err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		c, err := visibleCampaign(tx, r, campaign)
		if err != nil {
			return err
		}
		list, err := read(tx, c)
		if err != nil {
			return err
		}
		out, err = slice(p, list, key, what, campaign)
		return err
	})
	return out, err
}

// HandIns lists what is handed in, by deadline.
func (d *Desk) HandIns(ctx context.Context, r *Reach, campaign string, p Paging) (Page[models.HandIn], error) {
	return ofCampaign(ctx, d, r, "handins", campaign, p, func(tx Tx, c *models.Campaign) ([]models.HandIn, error) { return tx.HandIns(c.ID) },
		func(h *models.HandIn) sortKey { return sortKey{n: h.DueMS, b: h.ID} })
}

// Tasks lists the task sheet: the tasks of units in reach, and those of no unit.
func (d *Desk) Tasks(ctx context.Context, r *Reach, campaign string, p Paging) (Page[models.Task], error) {
	return ofCampaign(ctx, d, r, "tasks", campaign, p, func(tx Tx, c *models.Campaign) ([]models.Task, error) {
		list, err := tx.Tasks(c.ID)
		return slices.DeleteFunc(list, func(t models.Task) bool { return t.Unit != "" && !r.May(Look, c.ID, t.Unit) }), err
	},
		func(t *models.Task) sortKey { return sortKey{n: int64(t.Number), b: t.ID} })
}

// Roster lists the duty roster by day.
func (d *Desk) Roster(ctx context.Context, r *Reach, campaign string, p Paging) (Page[models.Duty], error) {
	return ofCampaign(ctx, d, r, "roster", campaign, p, func(tx Tx, c *models.Campaign) ([]models.Duty, error) { return tx.Roster(c.ID) },
		func(t *models.Duty) sortKey { return sortKey{a: t.Day, b: t.ID} })
}

// Reminders lists the reminders to units, the newest first.
func (d *Desk) Reminders(ctx context.Context, r *Reach, campaign string, p Paging) (out Page[models.Reminder], err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, campaign, "")
		if err != nil {
			return err
		}
		list, err := tx.Reminders(a.c.ID, a.filter())
		if err != nil {
			return err
		}
		at, err := remindedAt(tx, campaign)
		if err != nil {
			return err
		}
		out, err = slice(p, list, func(m *models.Reminder) sortKey { return sortKey{n: -at[m.ID], b: m.ID} }, "reminders", campaign)
		return err
	})
	return out, err
}

// remindedAt says when the newest reminders of a campaign were written, by their ids, ms.
func remindedAt(tx AuditTx, campaign string) (map[string]int64, error) {
	lines, err := tx.AuditLines(AuditSelect{Campaign: campaign, Kind: "reminder", Atmost: 5000})
	out := map[string]int64{}
	for i := len(lines) - 1; i >= 0; i-- { // the oldest first
		if _, ok := out[lines[i].ID]; !ok {
			out[lines[i].ID] = lines[i].AtMS
		}
	}
	return out, err
}

// HandInCells lists, unit by unit, which item was handed in.
func (d *Desk) HandInCells(ctx context.Context, r *Reach, campaign, unit string, p Paging) (out Page[HandInCell], err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, campaign, unit)
		if err != nil {
			return err
		}
		items, err := tx.HandIns(a.c.ID)
		if err != nil {
			return err
		}
		receipts, err := receiptsOf(tx, a.c.ID)
		if err != nil {
			return err
		}
		now := d.nowMS()
		codes := map[string]string{}
		var cells []HandInCell
		for _, u := range a.parties() {
			codes[u.ID] = u.Code
			for i := range items {
				cells = append(cells, cellOf(&items[i], &u, receipts[[2]string{items[i].ID, u.ID}], now))
			}
		}
		place := map[string]int64{}
		for i := range items {
			place[items[i].ID] = items[i].DueMS
		}
		out, err = slice(p, cells, func(c *HandInCell) sortKey {
			return sortKey{a: codes[c.Unit], b: dueKey(place[c.HandIn]) + c.HandIn}
		}, "handin_cells", campaign, unit)
		return err
	})
	return out, err
}

// parties are the units that hand something in: all but the one that collects.
func (a *area) parties() []models.Unit {
	if len(a.units) == 1 {
		return a.units
	}
	return slices.DeleteFunc(slices.Clone(a.units), func(u models.Unit) bool { return u.ID == a.c.Unit })
}

// receiptsOf returns the receipts of a campaign by item and unit.
func receiptsOf(tx CampaignTx, campaign string) (map[[2]string]models.Receipt, error) {
	list, err := tx.Receipts(campaign)
	out := make(map[[2]string]models.Receipt, len(list))
	for _, x := range list {
		out[[2]string{x.HandIn, x.Unit}] = x
	}
	return out, err
}

func cellOf(h *models.HandIn, u *models.Unit, x models.Receipt, now int64) HandInCell {
	c := HandInCell{HandIn: h.ID, Unit: u.ID, UnitName: u.Name, Version: x.Version, ElectronicAt: x.ElectronicMS, PaperAt: x.PaperMS, Note: x.Note}
	c.Late = x.ElectronicMS > h.DueMS || x.ElectronicMS == 0 && h.DueMS < now
	return c
}

// Templates lists the templates, those of the program first.
func (d *Desk) Templates(ctx context.Context, _ *Reach) (out []TemplateRow, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		all, err := templates(tx)
		out = []TemplateRow{}
		for i := range all {
			out = append(out, all[i].TemplateRow)
		}
		return err
	})
	return out, err
}

// templates reads all templates, without their empty forms.
func templates(tx CampaignTx) ([]TemplateDetail, error) {
	var out []TemplateDetail
	for _, name := range stats.BuiltinNames {
		src, _ := stats.BuiltinSource(name)
		t, err := templateDetail(string(src))
		if err != nil {
			return nil, err
		}
		t.Builtin = true
		out = append(out, *t)
	}
	list, err := tx.Templates()
	if err != nil {
		return nil, err
	}
	for i := range list {
		t, err := templateDetail(list[i].YAML)
		if err != nil {
			return nil, err
		}
		t.ID, t.Version = list[i].ID, list[i].Version
		out = append(out, *t)
	}
	return out, nil
}

// Template returns one template with its empty form.
func (d *Desk) Template(ctx context.Context, _ *Reach, code string) (out *TemplateDetail, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		all, err := templates(tx)
		for i := range all {
			if all[i].Code == code {
				out = &all[i]
			}
		}
		if err == nil && out == nil {
			return problem.New(problem.NotFound, "there is no such template").ZH("没有这个模板。")
		}
		return err
	})
	return out, err
}

// PreviewTemplate reads a template that is not kept yet. A fault is a problem of code invalid with the
// member line.
func (d *Desk) PreviewTemplate(yaml string) (*TemplateDetail, error) { return templateDetail(yaml) }

func templateDetail(yaml string) (*TemplateDetail, error) {
	t, err := stats.ParseTemplate("given", []byte(yaml))
	if err != nil {
		return nil, err
	}
	return &TemplateDetail{TemplateRow: TemplateRow{Code: t.ID, Title: t.Title, TitleEN: t.TitleEN, Hash: t.Hash}, YAML: yaml,
		Preview: *tableView(stats.BuildTable(t, nil, nil, stats.Filing{}))}, nil
}
