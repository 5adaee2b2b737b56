package console

import (
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// DevicePatch changes a phone; what is absent stays.
type DevicePatch struct {
	Name    *string `json:"name,omitempty"`
	Revoked *bool   `json:"revoked,omitempty"` // true: what it sends is held, and it is told nothing more
}

func (a *API) listDevices(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := a.desk.Devices(c.ctx(), c.reach, office.DeviceQuery{Unit: c.Query("unit"), Officer: c.Query("officer"), Q: c.Query("q"), State: c.Query("state")}, p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (a *API) getDevice(c *call) error {
	d, err := a.desk.Device(c.ctx(), c.reach, c.Params("device"))
	if err != nil {
		return err
	}
	return c.answer(d)
}

// changeDevice names or revokes a phone. To give a revoked phone its rights back is as much as to
// enrol one for its officer.
func (a *API) changeDevice(c *call) error {
	r, err := decode[DevicePatch](c)
	if err != nil {
		return err
	}
	if r.Name == nil && r.Revoked == nil {
		return badField("name", "or revoked is needed", "或停用状态须填写一项")
	}
	if err := texts(maxName, map[string]*string{"name": r.Name}); err != nil {
		return err
	}
	if r.Revoked != nil && !*r.Revoked {
		if err := c.needWhole(office.Enrol, c.device.Officer); err != nil {
			return err
		}
	}
	e, err := put("device", c.device.ID, 0, r)
	if err != nil {
		return err
	}
	if err := c.do(nil, e); err != nil {
		return err
	}
	return a.getDevice(c)
}

func (a *API) listAudit(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := a.desk.Audit(c.ctx(), c.reach, office.AuditQuery{Campaign: c.Query("campaign"), Unit: c.Query("unit"),
		Officer: c.Query("officer"), Op: c.Query("op"), Kind: c.Query("kind"), ID: c.Query("id"),
		FromMS: c.int("from"), ToMS: c.int("to")}, p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

// maxImport bounds one piece of a phone's file, bytes, as they come and inflated. A push body is at
// most half of that, so a browser sends a longer file piece by piece, cut before header lines.
const maxImport = httpapi.DefaultBodyLimit

func (a *API) importFile(c *call) error {
	body, err := httpapi.Body(c.Ctx, maxImport)
	if err != nil {
		return err
	}
	result, err := a.gateway.Import(c.ctx(), c.claims.Officer, body, c.again)
	if err != nil {
		return err
	}
	return c.answer(result)
}

func (a *API) listEnrolments(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := a.desk.Codes(c.ctx(), c.reach, office.CodeQuery{Unit: c.Query("unit"), Officer: c.Query("officer"), State: c.Query("state")}, p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (a *API) cancelEnrolment(c *call) error {
	if _, err := decode[Empty](c); err != nil {
		return err
	}
	if err := c.must(mayAtCode(office.Enrol, c.Params("id"))); err != nil {
		return err
	}
	c.asked = true
	if err := a.gateway.CancelCode(c.ctx(), c.claims.Officer, c.Params("id"), c.again); err != nil {
		return err
	}
	return c.done()
}

func mayAtCode(ability office.Ability, id string) rule {
	return func(tx gateway.Tx, r *office.Reach) error {
		e, err := tx.FindEnrolment(id)
		if err != nil {
			return err
		}
		if e == nil {
			return notFound()
		}
		return mayAtOfficer(ability, e.Officer)(tx, r)
	}
}
