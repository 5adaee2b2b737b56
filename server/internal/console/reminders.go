package console

import (
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// ReminderSet is what is changed of a reminder; what is absent stays.
type ReminderSet struct {
	Unit *string `json:"unit,omitempty"` // who is reminded; stays as it was first
	Text *string `json:"text,omitempty"`
	Done *bool   `json:"done,omitempty"`
}

// ReminderPatch changes a reminder.
type ReminderPatch struct {
	Version int64 `json:"version"` // as it was looked at
	ReminderSet
}

// ReceiptPut notes what a unit handed in.
type ReceiptPut struct {
	HandIn     string `json:"handin"`
	Unit       string `json:"unit"`
	Version    int64  `json:"version"`    // as it was looked at; 0 when nothing was noted yet
	Electronic int64  `json:"electronic"` // ms; 0: not received
	Paper      int64  `json:"paper"`      // ms, the stamped paper; 0: not received
	Note       string `json:"note,omitempty"`
}

func (a *API) listReminders(c *call) error { return listOf(c, a.desk.Reminders) }

func (a *API) addReminder(c *call) error {
	r, err := decode[ReminderSet](c)
	if err != nil {
		return err
	}
	if r.Unit == nil || r.Text == nil {
		return badField("text", "and unit are needed", "和单位都要填写")
	}
	if err := c.needUnit(office.Review, *r.Unit); err != nil {
		return err
	}
	if err := text("text", *r.Text, maxReason, true); err != nil {
		return err
	}
	raw, err := withCampaign(r, c.Params("campaign"))
	if err != nil {
		return err
	}
	return putItem[models.Reminder](a, c, gateway.Entry{Kind: "reminder", ID: a.newID(), Set: raw, Unit: *r.Unit})
}

// needUnit asks for a right in a unit that the body names, for the campaign of the path, which the
// unit takes part in.
func (c *call) needUnit(ability office.Ability, unit string) error {
	if err := id("unit", unit); err != nil {
		return err
	}
	campaign := c.Params("campaign")
	if err := c.must(maySee(campaign, "")); err != nil {
		return err
	}
	if err := c.need(ability, campaign, unit); err != nil {
		return inField("unit", err)
	}
	return inField("unit", c.must(takesPart(campaign, unit)))
}

func (a *API) changeReminder(c *call) error {
	r, err := decode[ReminderPatch](c)
	if err != nil {
		return err
	}
	if err := positive("version", r.Version); err != nil {
		return err
	}
	var now models.Reminder
	if err := c.must(ofList(&now, c.Params("id"), c.Params("campaign"))); err != nil {
		return err
	}
	if err := c.need(office.Review, now.Campaign, now.Unit); err != nil {
		return err
	}
	if r.Unit != nil && *r.Unit != now.Unit {
		return badField("unit", "stays as it is: remind the other unit by itself", "不能更改，请另给该单位发一条提醒")
	}
	if err := texts(maxReason, map[string]*string{"text": r.Text}); err != nil {
		return err
	}
	raw, err := withCampaign(r, now.Campaign)
	if err != nil {
		return err
	}
	return putItem[models.Reminder](a, c, gateway.Entry{Kind: "reminder", ID: now.ID, Base: &r.Version, Set: raw, Unit: now.Unit})
}

func (a *API) listReceipts(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := a.desk.HandInCells(c.ctx(), c.reach, c.Params("campaign"), c.Query("unit"), p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (a *API) putReceipt(c *call) error {
	r, err := decode[ReceiptPut](c)
	if err != nil {
		return err
	}
	if err := c.needUnit(office.Review, r.Unit); err != nil {
		return err
	}
	if err := id("handin", r.HandIn); err != nil {
		return err
	}
	var h models.HandIn
	if err := c.must(ofList(&h, r.HandIn, c.Params("campaign"))); err != nil {
		return inField("handin", err)
	}
	if r.Electronic < 0 || r.Paper < 0 {
		return badField("electronic", "and paper are times in ms", "和纸质报送的时间不对，请重新填写")
	}
	if err := text("note", r.Note, maxReason, false); err != nil {
		return err
	}
	raw, err := set(map[string]any{"campaign": h.Campaign, "handin": h.ID, "unit": r.Unit,
		"electronic": r.Electronic, "paper": r.Paper, "note": r.Note})
	if err != nil {
		return err
	}
	return putItem[models.Receipt](a, c, gateway.Entry{Kind: "receipt", ID: models.ReceiptID(h.ID, r.Unit), Base: &r.Version, Set: raw, Unit: r.Unit})
}
