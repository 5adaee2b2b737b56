package console

import (
	"context"
	"errors"
	"slices"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/gofiber/fiber/v2"
)

// call is one request with who asks and what they may do.
type call struct {
	*fiber.Ctx
	api        *API
	route      *route
	claims     auth.OfficeClaims
	reach      *office.Reach
	mustChange bool   // the password, before anything else
	asked      bool   // for a right
	rules      []rule // what had to hold so far

	// What the place of the right was found by.
	campaign *models.Campaign
	officer  *office.OfficerRow
	device   *office.DeviceRow
	record   *record
}

func (c *call) ctx() context.Context { return c.UserContext() }

// enter finds out who asks, checks what the address says, and asks for the right that the route declares.
func (c *call) enter() error {
	if c.route.Cookie {
		if err := sameSite(c.Ctx); err != nil {
			return err
		}
	}
	if c.route.right.place == public {
		return c.address()
	}
	if err := c.who(); err != nil {
		return err
	}
	if err := c.address(); err != nil {
		return err
	}
	return c.right()
}

// who finds the officer behind the token, and what the officer may do now.
func (c *call) who() error {
	claims, err := auth.OfficeClaimsOf(c.Ctx)
	if err != nil {
		return err
	}
	mustChange, err := c.api.sessions.Check(c.ctx(), claims)
	if err != nil {
		return err
	}
	if c.reach, err = c.api.desk.Reach(c.ctx(), claims.Officer); err != nil {
		return err
	}
	c.claims = claims
	c.mustChange = mustChange
	if mustChange && c.route.right.place != signedIn {
		return problem.New(problem.Forbidden, "Choose a password of your own first.").ZH("请先设置自己的密码。").With("must_change", true)
	}
	return nil
}

// right asks for what the route declares.
func (c *call) right() error {
	ability := c.route.right.ability
	switch c.route.right.place {
	case signedIn:
		return nil
	case somewhere, named:
		if !c.reach.MayAnywhere(ability) {
			return forbidden()
		}
		return nil
	case everywhere:
		return c.needEverywhere(ability)
	case atUnit:
		return c.need(ability, "", c.Params("unit"))
	case inCampaign:
		return c.need(ability, c.Params("campaign"), c.Params("unit"))
	case atCampaign:
		return c.needCampaign(ability)
	case atOfficer:
		return c.needOfficer(ability)
	case atDevice:
		return c.needDevice(ability)
	case atRecord:
		return c.needRecord(ability)
	}
	return forbidden()
}

// need refuses what the asker may not do there: not_found outside of the reach, forbidden within.
func (c *call) need(ability office.Ability, campaign, unit string) error {
	c.asked = true
	return c.must(mayIn(ability, campaign, unit))
}

func (c *call) needEverywhere(ability office.Ability) error {
	c.asked = true
	return c.must(mayInTree(ability))
}

func (c *call) needCampaign(ability office.Ability) (err error) {
	if c.campaign, err = c.api.desk.Campaign(c.ctx(), c.reach, c.Params("campaign")); err != nil {
		return err
	}
	c.asked = true
	return c.must(mayAtCampaign(ability, c.campaign.ID))
}

func (c *call) needOfficer(ability office.Ability) (err error) {
	if c.officer, err = c.api.desk.Officer(c.ctx(), c.reach, c.Params("officer")); err != nil {
		return err
	}
	c.asked = true
	return c.must(mayAtOfficer(ability, c.officer.ID))
}

func (c *call) needDevice(ability office.Ability) (err error) {
	if c.device, err = c.api.desk.Device(c.ctx(), c.reach, c.Params("device")); err != nil {
		return err
	}
	c.asked = true
	return c.must(mayAtDevice(ability, c.device.ID))
}

func (c *call) needRecord(ability office.Ability) (err error) {
	c.record, err = c.find(ability, c.recordName())
	return err
}

// renew reads the asker's rights anew, after a change of the units they rest on.
func (c *call) renew() (err error) {
	c.reach, err = c.api.desk.Reach(c.ctx(), c.claims.Officer)
	return err
}

// do writes what the office says, in the asker's name. All that had to hold must hold inside the
// transaction, of the state and the rights as they are there.
func (c *call) do(also func(gateway.Tx) error, entries ...gateway.Entry) error {
	return c.api.gateway.Do(c.ctx(), c.claims.Officer, func(tx gateway.Tx) error {
		if err := c.again(tx); err != nil || also == nil {
			return err
		}
		return also(tx)
	}, entries...)
}

// reachOf builds the reach of an officer in a transaction.
func reachOf(tx gateway.Tx, officer string) (*office.Reach, error) {
	var o models.Officer
	if err := load(tx, &o, officer); err != nil {
		return nil, err
	}
	as, err := tx.Assignments(officer)
	if err != nil {
		return nil, err
	}
	units, err := tx.Units()
	if err != nil {
		return nil, err
	}
	return office.NewReach(o, as, units), nil
}

// load reads one noun, which must be there.
func load(tx gateway.Tx, v any, id string) error {
	ok, err := tx.Load(v, id)
	if err == nil && !ok {
		return notFound()
	}
	return err
}

// notFound is the one answer for what is not there and for what is not to be seen.
func notFound() *problem.Error {
	return problem.New(problem.NotFound, "There is nothing here that you may see.").ZH("没有找到，或者您无权查看。")
}

func forbidden() *problem.Error {
	return problem.New(problem.Forbidden, "You may look at this, but not do that here.").ZH("您可以查看，但没有此项操作的权限。")
}

// hidden gives every not_found the same words, whoever found nothing.
func hidden(err error) error {
	if problem.CodeOf(err) != problem.NotFound {
		return err
	}
	var p *problem.Error
	errors.As(err, &p)
	alike := notFound()
	alike.Cause = err
	if field, ok := p.Fields["field"]; ok {
		alike.Fields = map[string]any{"field": field}
	}
	return alike
}

// sameSite refuses what another site's page makes a browser send with the cookie.
func sameSite(f *fiber.Ctx) error {
	if site := f.Get("Sec-Fetch-Site"); site != "" && !slices.Contains([]string{"same-origin", "none"}, site) {
		return problem.New(problem.Forbidden, "This is for pages of this server only.").ZH("只能在本系统的页面上操作，请重新打开页面。")
	}
	return nil
}

// answer sends v.
func (c *call) answer(v any) error {
	status := c.route.Status
	if status == 0 {
		status = fiber.StatusOK
	}
	return httpapi.JSON(c.Ctx, status, v)
}

// done answers without a body.
func (c *call) done() error { return c.SendStatus(fiber.StatusNoContent) }
