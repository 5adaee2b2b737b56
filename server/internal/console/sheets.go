package console

import (
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// SignRequest completes or approves a sheet as it was looked at, or takes that back.
type SignRequest struct {
	Version int64 `json:"version"` // 0 when nobody has begun the sheet
	Undo    bool  `json:"undo,omitempty"`
}

func (a *API) listSheets(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := a.desk.Sheets(c.ctx(), c.reach, c.Params("campaign"), c.Query("unit"), p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (a *API) getSheet(c *call) error {
	s, err := a.desk.Sheet(c.ctx(), c.reach, c.Params("campaign"), c.Params("unit"))
	if err != nil {
		return err
	}
	return c.answer(s)
}

// needSheet finds the sheet of the path. One that was accepted is the reviewer's.
func (a *API) needSheet(c *call) (*office.SheetDetail, error) {
	s, err := a.desk.Sheet(c.ctx(), c.reach, c.Params("campaign"), c.Params("unit"))
	if err != nil {
		return nil, err
	}
	name := office.RecordName{Campaign: s.Campaign, Unit: s.Unit, Kind: models.SheetKind, ID: s.Unit}
	return s, c.must(takesPart(s.Campaign, s.Unit), func(tx gateway.Tx, by *office.Reach) error {
		r, err := recordIn(tx, by, name)
		if err == nil && r.state == models.ReviewAccepted && !r.may(by, office.Review) {
			err = forbidden()
		}
		return unless(problem.NotFound, err) // nobody has begun it
	})
}

func (a *API) changeSheet(c *call) error {
	r, err := decode[RecordPatch](c)
	if err != nil {
		return err
	}
	if _, err := a.needSheet(c); err != nil {
		return err
	}
	if len(r.Set) == 0 || len(r.Set) > maxFields {
		return badField("set", "takes 1 to 200 fields", "一次须改 1 至 200 项")
	}
	for _, name := range []string{"completed", "approved"} {
		if _, ok := r.Set[name]; ok {
			return badField("set."+name, "has an address of its own", "须用“填报完成”或“签认”办理")
		}
	}
	return a.putSheet(c, r.Version, r.Set)
}

func (a *API) completeSheet(c *call) error { return a.sign(c, "completed") }
func (a *API) approveSheet(c *call) error  { return a.sign(c, "approved") }

func (a *API) sign(c *call, field string) error {
	r, err := decode[SignRequest](c)
	if err != nil {
		return err
	}
	s, err := a.needSheet(c)
	if err != nil {
		return err
	}
	seen := record{version: s.Version, seq: s.Seq}
	if err := seen.looked(r.Version, s.Seq); err != nil { // what is signed is what was read
		return err
	}
	return a.putSheet(c, r.Version, map[string]bool{field: !r.Undo})
}

// putSheet writes to the sheet of the path and answers with the sheet as it is then.
func (a *API) putSheet(c *call, version int64, fields any) error {
	if version < 0 {
		return badField("version", "must be that of what was looked at", "与打开时不符，请刷新后再操作")
	}
	raw, err := set(fields)
	if err != nil {
		return err
	}
	err = c.do(nil, gateway.Entry{Op: "sheet.put", Scope: c.Params("campaign") + ":" + c.Params("unit"), ID: c.Params("unit"),
		Base: &version, Version: &version, Set: raw, Reviews: c.reach.May(office.Review, c.Params("campaign"), c.Params("unit"))})
	if err != nil {
		return err
	}
	return a.getSheet(c)
}

func (a *API) reviewSheet(c *call) error {
	d, err := decode[Decision](c)
	if err != nil {
		return err
	}
	if err := d.check(); err != nil {
		return err
	}
	if _, err := a.needSheet(c); err != nil {
		return err
	}
	campaign, unit := c.Params("campaign"), c.Params("unit")
	r := &record{name: office.RecordName{Campaign: campaign, Unit: unit, Kind: models.SheetKind, ID: unit}}
	e := d.entry(r)
	if e.Signs = c.reach.May(office.Sign, campaign, unit); e.Signs {
		if err := c.must(mayIn(office.Sign, campaign, unit)); err != nil {
			return err
		}
	}
	if err := c.do(nil, e); err != nil {
		return err
	}
	return a.getSheet(c)
}
