package console

import (
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// A rule is something that must hold for what is asked. It is judged by what tx reads and by the
// asker's rights, before anything is done, and again in the transaction that does it: what was
// allowed when the request came may not be any more when it is its turn.
type rule func(tx gateway.Tx, r *office.Reach) error

// must judges rules, and keeps them for the transaction.
func (c *call) must(rules ...rule) error {
	err := c.api.store.View(c.ctx(), func(tx gateway.Tx) error { return judged(tx, c.reach, rules) })
	if err == nil {
		c.rules = append(c.rules, rules...)
	}
	return err
}

// again judges in a transaction all that was judged before it.
func (c *call) again(tx gateway.Tx) error {
	r, err := reachOf(tx, c.claims.Officer)
	if err != nil {
		return err
	}
	if r.Officer.Ended {
		return problem.New(problem.Unauthorized, "You have no access here.").ZH("您已没有本系统的权限，请联系管理员。")
	}
	return judged(tx, r, c.rules)
}

func judged(tx gateway.Tx, r *office.Reach, rules []rule) error {
	for _, holds := range rules {
		if err := holds(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// fork returns the call with rules of its own, beside those that it has.
func (c *call) fork() *call {
	f := *c
	f.rules = append([]rule{}, c.rules...)
	return &f
}

// The rules about rights: not_found outside of the reach, forbidden within.

func mayIn(ability office.Ability, campaign, unit string) rule {
	return func(_ gateway.Tx, r *office.Reach) error { return allow(r, ability, campaign, unit) }
}

func allow(r *office.Reach, ability office.Ability, campaign, unit string) error {
	switch {
	case !r.May(office.Look, campaign, unit):
		return notFound()
	case !r.May(ability, campaign, unit):
		return forbidden()
	}
	return nil
}

func mayInTree(ability office.Ability) rule {
	return func(_ gateway.Tx, r *office.Reach) error {
		if !r.MayEverywhere(ability) {
			return forbidden()
		}
		return nil
	}
}

func mayAtCampaign(ability office.Ability, campaign string) rule {
	return func(tx gateway.Tx, r *office.Reach) error {
		c, err := campaignIn(tx, r, campaign)
		if err == nil && !r.May(ability, c.ID, c.Unit) {
			err = forbidden() // it may be seen from a unit below its collecting one
		}
		return err
	}
}

func mayAtOfficer(ability office.Ability, officer string) rule {
	return func(tx gateway.Tx, r *office.Reach) error {
		o, err := loaded[models.Officer](tx, officer)
		if err != nil {
			return err
		}
		return allow(r, ability, "", o.Unit)
	}
}

func mayAtDevice(ability office.Ability, device string) rule {
	return func(tx gateway.Tx, r *office.Reach) error {
		d, err := tx.Device(device)
		if err != nil {
			return err
		}
		if d == nil || d.Office {
			return notFound()
		}
		return mayAtOfficer(ability, d.Officer)(tx, r)
	}
}

// maySee is the rule that a campaign, and a unit of it unless that is empty, may be looked at.
func maySee(campaign, unit string) rule {
	return func(tx gateway.Tx, r *office.Reach) error {
		_, err := campaignIn(tx, r, campaign)
		if err == nil && unit != "" {
			err = allow(r, office.Look, campaign, unit)
		}
		return err
	}
}

// takesPart is the rule that a unit takes part in a campaign: what stood in another would be in no table.
func takesPart(campaign, unit string) rule {
	return func(tx gateway.Tx, _ *office.Reach) error {
		c, err := loaded[models.Campaign](tx, campaign)
		if err != nil {
			return err
		}
		units, err := tx.Units()
		if err != nil {
			return err
		}
		parents := make(map[string]string, len(units))
		for i := range units {
			parents[units[i].ID] = units[i].Parent
		}
		for u, left := unit, len(units); left >= 0 && u != ""; u, left = parents[u], left-1 {
			if u == c.Unit {
				return nil
			}
		}
		return notFound()
	}
}

// campaignIn reads a campaign that the asker may see: one in which some unit of the reach takes part.
func campaignIn(tx gateway.Tx, r *office.Reach, id string) (*models.Campaign, error) {
	c, err := loaded[models.Campaign](tx, id)
	if err == nil && !r.Sees(c) {
		err = notFound()
	}
	return c, err
}

// loaded reads one noun, which must be there.
func loaded[T any](tx gateway.Tx, id string) (*T, error) {
	v := new(T)
	return v, load(tx, v, id)
}
