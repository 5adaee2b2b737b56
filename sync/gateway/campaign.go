package gateway

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
)

// checkCampaign gives a new campaign its first rules, and a changed one the next: what was counted
// under other rules is counted anew, beside the old totals, and switched when it is done.
func (d *decision) checkCampaign(old, now *models.Campaign) error {
	if strings.TrimSpace(now.Title) == "" || now.Unit == "" {
		return problem.New(problem.Invalid, "a campaign needs a title and a collecting unit").ZH("活动须填写名称并选择牵头单位。")
	}
	var u models.Unit
	if ok, err := d.w.tx.Load(&u, now.Unit); err != nil || !ok {
		return orNotFound(err, "unit")
	}
	if old == nil {
		now.State = models.CampaignIsDraft
		now.Rules = 1
		return d.addRules(now, 1)
	}
	if old.State == models.CampaignIsFrozen {
		return frozen()
	}
	if old.Zone == now.Zone && old.FirstDay == now.FirstDay && old.LastDay == now.LastDay && old.Templates == now.Templates {
		return nil
	}
	if now.Building != 0 {
		return recounting()
	}
	now.Building = now.Rules + 1
	if err := d.addRules(now, now.Building); err != nil {
		return err
	}
	d.after.rebuild = append(d.after.rebuild, now.ID)
	return nil
}

// renewRules gives the campaigns that use a template new rules: it may have changed. A frozen
// campaign keeps what it was frozen with.
func (d *decision) renewRules(template string) error {
	list, err := d.w.tx.Campaigns()
	if err != nil {
		return err
	}
	for i := range list {
		c := &list[i]
		if c.State == models.CampaignIsFrozen || !slices.Contains(templatesOf(c), template) {
			continue
		}
		if c.Building != 0 {
			return recounting()
		}
		c.Building = c.Rules + 1
		if err := d.addRules(c, c.Building); err != nil {
			return err
		}
		if err := d.w.tx.Put(c); err != nil {
			return err
		}
		if err := d.w.tx.SetScopes(c); err != nil {
			return err
		}
		d.after.rebuild = append(d.after.rebuild, c.ID)
	}
	return nil
}

// templatesOf returns the ids of a campaign's templates.
func templatesOf(c *models.Campaign) []string {
	return strings.FieldsFunc(c.Templates, func(r rune) bool { return r == ',' || r == ' ' })
}

// addRules stores a rules version with the templates as they are now.
func (d *decision) addRules(c *models.Campaign, version int64) error {
	row := &models.Rules{Campaign: c.ID, Version: version, Zone: c.Zone, FirstDay: c.FirstDay,
		LastDay: c.LastDay, CreatedMS: d.w.receipt}
	texts := []TemplateText{}
	for _, id := range templatesOf(c) {
		text, err := d.templateText(id)
		if err != nil {
			return err
		}
		texts = append(texts, TemplateText{ID: id, YAML: text})
	}
	raw, err := json.Marshal(texts)
	if err != nil {
		return err
	}
	row.Templates = string(raw)
	if _, err := CompileRules(row); err != nil {
		return err
	}
	return d.w.tx.AddRules(row)
}

// templateText finds a template given to this server, or one that the program brings.
func (d *decision) templateText(id string) (string, error) {
	t, err := d.w.tx.TemplateByCode(id)
	if err != nil {
		return "", err
	}
	if t != nil {
		return t.YAML, nil
	}
	if src, ok := stats.BuiltinSource(id); ok {
		return string(src), nil
	}
	return "", problem.New(problem.NotFound, "there is no template %q", id).ZH("没有编号为“%s”的模板，请重新选择。", id)
}

// setState moves a campaign on. From frozen there is no way but an amendment.
func (d *decision) setState(it *item) error {
	c, err := d.campaign(it.change.Campaign)
	if err != nil {
		return err
	}
	to := models.CampaignState(it.change.State)
	if !to.Valid() {
		return problem.New(problem.Invalid, "a campaign is draft, open, closing, closed or frozen").
			ZH("活动状态须为筹备、进行中、收尾、已截止、已冻结之一。")
	}
	if c.State == models.CampaignIsFrozen {
		return frozen()
	}
	if to == models.CampaignIsDraft && c.State != models.CampaignIsDraft {
		return problem.New(problem.Conflict, "a campaign that was opened does not become a draft again").
			ZH("活动已经开始，不能退回筹备状态。")
	}
	if c.Amendment > 0 && to != models.CampaignIsClosed && to != models.CampaignIsFrozen {
		return problem.New(problem.Conflict, "a campaign that was frozen once does not open to phones again: release what it holds").
			ZH("活动冻结过，不能再开放填报；之后到达的记录请在暂存中逐条放行。")
	}
	if to == models.CampaignIsFrozen && c.State != models.CampaignIsClosed {
		return problem.New(problem.Conflict, "close the campaign first: what arrives while it is looked at would change the table").
			ZH("请先截止填报再冻结，否则核对期间到达的记录会改变统计表。")
	}
	if to == models.CampaignIsFrozen && c.Building != 0 {
		return recounting()
	}
	c.State = to
	return d.putCampaign(it, c)
}

// amend opens a frozen campaign for numbered amendments: phones' lines stay held, the office may
// release and correct, and freezing again keeps the next snapshot.
func (d *decision) amend(it *item) error {
	c, err := d.campaign(it.change.Campaign)
	if err != nil {
		return err
	}
	if c.State != models.CampaignIsFrozen {
		return problem.New(problem.Conflict, "only a frozen campaign is amended").ZH("只有已冻结的活动才能更正。")
	}
	if it.change.Reason == "" {
		return problem.New(problem.Invalid, "an amendment needs a reason").ZH("更正须填写原因。")
	}
	c.State, c.Amendment = models.CampaignIsClosed, c.Amendment+1
	return d.putCampaign(it, c)
}

func (d *decision) campaign(id string) (*models.Campaign, error) {
	var c models.Campaign
	if ok, err := d.w.tx.Load(&c, id); err != nil || !ok {
		return nil, orNotFound(err, "campaign")
	}
	return &c, nil
}

func (d *decision) putCampaign(it *item, c *models.Campaign) error {
	c.Version = max(c.Version, d.g.inst.Restore<<32) + 1
	it.line.Version = c.Version
	if err := d.w.tx.Put(c); err != nil {
		return err
	}
	if c.State.Takes() {
		d.after.retry = append(d.after.retry, HeldQuery{Campaign: c.ID})
	}
	return d.w.tx.SetScopes(c)
}
