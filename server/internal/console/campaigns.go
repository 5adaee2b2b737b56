package console

import (
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/gofiber/fiber/v2"
)

// CampaignSet is what is changed of a campaign; what is absent stays.
type CampaignSet struct {
	Title      *string `json:"title,omitempty"`
	Theme      *string `json:"theme,omitempty"`
	Year       *int    `json:"year,omitempty"`
	Zone       *string `json:"zone,omitempty"`      // IANA name
	FirstDay   *string `json:"first_day,omitempty"` // counting window, 2006-01-02, both ends in
	LastDay    *string `json:"last_day,omitempty"`
	ActiveFrom *string `json:"active_from,omitempty"` // activity window, days, may be ""
	ActiveTo   *string `json:"active_to,omitempty"`
	Unit       *string `json:"unit,omitempty"`      // the collecting office
	Templates  *string `json:"templates,omitempty"` // codes of the forms, comma separated
}

// CampaignPatch changes a campaign.
type CampaignPatch struct {
	Version int64 `json:"version"` // as it was looked at
	CampaignSet
}

// StateRequest moves a campaign on.
type StateRequest struct {
	State  models.CampaignState `json:"state"`
	Reason string               `json:"reason,omitempty"`
	Anyway bool                 `json:"anyway,omitempty"` // freeze although events are not accepted yet
}

// ReasonRequest is a decision that needs nothing but a reason.
type ReasonRequest struct {
	Reason string `json:"reason"`
}

// Snapshots are the frozen tables of a campaign.
type Snapshots struct {
	Items []office.SnapshotView `json:"items"`
}

func (s *CampaignSet) check() error {
	return texts(maxName, map[string]*string{"title": s.Title, "theme": s.Theme, "zone": s.Zone, "first_day": s.FirstDay,
		"last_day": s.LastDay, "active_from": s.ActiveFrom, "active_to": s.ActiveTo, "templates": s.Templates})
}

func (a *API) listCampaigns(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := a.desk.Campaigns(c.ctx(), c.reach, p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (a *API) getCampaign(c *call) error {
	found, err := a.desk.Campaign(c.ctx(), c.reach, c.Params("campaign"))
	if err != nil {
		return err
	}
	return c.answer(found)
}

func (a *API) addCampaign(c *call) error {
	r, err := decode[CampaignSet](c)
	if err != nil {
		return err
	}
	if r.Unit == nil {
		return badField("unit", "is needed", "须填写")
	}
	if err := id("unit", *r.Unit); err != nil {
		return err
	}
	if err := inField("unit", c.need(office.Manage, "", *r.Unit)); err != nil {
		return err
	}
	if err := r.check(); err != nil {
		return err
	}
	campaign := a.newID()
	return a.putCampaign(c, campaign, 0, r)
}

func (a *API) changeCampaign(c *call) error {
	r, err := decode[CampaignPatch](c)
	if err != nil {
		return err
	}
	if err := positive("version", r.Version); err != nil {
		return err
	}
	if err := r.check(); err != nil {
		return err
	}
	if r.Unit != nil && *r.Unit != c.campaign.Unit {
		if err := id("unit", *r.Unit); err != nil {
			return err
		}
		if err := inField("unit", c.need(office.Manage, c.campaign.ID, *r.Unit)); err != nil {
			return err
		}
	}
	return a.putCampaign(c, c.campaign.ID, r.Version, r.CampaignSet)
}

func (a *API) putCampaign(c *call, campaign string, version int64, s CampaignSet) error {
	e, err := put("campaign", campaign, version, s)
	if err != nil {
		return err
	}
	return a.changedCampaign(c, campaign, e)
}

// changedCampaign writes a line about a campaign and answers with the campaign as it is then.
func (a *API) changedCampaign(c *call, campaign string, e gateway.Entry) error {
	if err := c.do(nil, e); err != nil {
		return err
	}
	now, err := a.desk.Campaign(c.ctx(), c.reach, campaign)
	if err != nil {
		return err
	}
	return c.answer(now)
}

func (a *API) setState(c *call) error {
	r, err := decode[StateRequest](c)
	if err != nil {
		return err
	}
	ability := office.Manage
	if r.State == models.CampaignIsFrozen {
		ability = office.Decide
	}
	if err := c.needCampaign(ability); err != nil {
		return err
	}
	if !r.State.Valid() {
		return badField("state", "must be one of draft open closing closed frozen", "须为筹备、进行中、收尾、已截止、已冻结之一")
	}
	if err := text("reason", r.Reason, maxReason, false); err != nil {
		return err
	}
	return a.changedCampaign(c, c.campaign.ID, gateway.Entry{Op: "campaign.state", Scope: c.campaign.ID, State: string(r.State),
		Reason: r.Reason, Anyway: r.Anyway})
}

func (a *API) amend(c *call) error {
	r, err := decode[ReasonRequest](c)
	if err != nil {
		return err
	}
	if err := text("reason", r.Reason, maxReason, true); err != nil {
		return err
	}
	return a.changedCampaign(c, c.campaign.ID, gateway.Entry{Op: "campaign.amend", Scope: c.campaign.ID, Reason: r.Reason})
}

func (a *API) listSnapshots(c *call) error {
	list, err := a.desk.Snapshots(c.ctx(), c.reach, c.Params("campaign"))
	if err != nil {
		return err
	}
	return c.answer(Snapshots{Items: list})
}

func (a *API) getSnapshot(c *call) error {
	campaign := c.Params("campaign")
	raw, err := a.desk.SnapshotCSV(c.ctx(), c.reach, campaign, c.pathInt("number"), c.Params("template"))
	if err != nil {
		return err
	}
	if err := c.must(mayAtCampaign(office.Look, campaign)); err != nil {
		return err
	}
	e := note("export", c.Params("template")+" csv snapshot "+c.Params("number"), "", "")
	e.Scope = campaign
	if err := c.do(nil, e); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, mimeCSV+"; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, attachment(c.Params("template")+"-"+c.Params("number")+".csv"))
	return c.Send(raw)
}
