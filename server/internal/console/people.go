package console

import (
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// The rules about who may put which rights into whose hands. See the package's documentation.

// mayGive reports whether r may give a role there: no ability that r lacks.
func mayGive(r *office.Reach, role models.Role, campaign, unit string) bool {
	for _, a := range office.Abilities(role) {
		if !r.May(a, campaign, unit) {
			return false
		}
	}
	return true
}

// holds reports whether r has an ability wherever somebody has present rights.
func holds(r *office.Reach, ability office.Ability, as []models.Assignment) bool {
	for i := range as {
		if as[i].EndedMS == 0 && !r.May(ability, as[i].Campaign, as[i].Unit) {
			return false
		}
	}
	return true
}

// needWhole refuses an officer whose present rights reach beyond where the asker has the ability:
// what is to be done would put them into the asker's hands. Where they reach is not said.
func (c *call) needWhole(ability office.Ability, officer string) error {
	return c.must(whole(ability, officer))
}

func whole(ability office.Ability, officer string) rule {
	return func(tx gateway.Tx, r *office.Reach) error {
		as, err := tx.Assignments(officer)
		if err == nil && !holds(r, ability, as) {
			err = problem.New(problem.Forbidden, "This person has rights beyond yours: somebody above both has to do this.").
				ZH("该人员的权限超出您的权限，须由上级管理员操作。").
				With("wider", true)
		}
		return err
	}
}

// needGive asks for the right to manage in a unit and to give a role there.
func (c *call) needGive(role models.Role, campaign, unit string) error {
	if !role.Valid() {
		return badField("role", "must be one of officer head reviewer leader admin reader", "须从列出的角色中选择")
	}
	if err := id("unit", unit); err != nil {
		return err
	}
	if err := inField("unit", c.need(office.Manage, campaign, unit)); err != nil {
		return err
	}
	return c.must(gives(role, campaign, unit))
}

func gives(role models.Role, campaign, unit string) rule {
	return func(_ gateway.Tx, r *office.Reach) error {
		if mayGive(r, role, campaign, unit) {
			return nil
		}
		return problem.New(problem.Forbidden, "You give no more rights than you have.").ZH("不能授予您自己没有的权限。").With("wider", true)
	}
}

// ownTree refuses to give away one's own administration of a whole tree: a tree keeps one
// administrator at least, for only another one of the same tree can take this from somebody. set
// changes the person.
func ownTree(officer string, set *OfficerSet) rule {
	return func(tx gateway.Tx, r *office.Reach) error {
		now := &r.Officer
		after := set.on(*now)
		if now.ID != officer || now.Role != models.RoleAdmin || !after.Ended && after.Unit == now.Unit && after.Role == now.Role {
			return nil
		}
		u, err := loaded[models.Unit](tx, now.Unit)
		if err != nil || u.Parent != "" {
			return err
		}
		return problem.New(problem.Conflict, "You administer this whole tree: let another administrator take that from you.").
			ZH("您是全部单位的管理员，不能取消自己的管理权限，请由另一位管理员操作。").
			With("last_administrator", true)
	}
}

// people are what a transaction of the gateway knows of the people of units.
type people interface {
	OfficerRows(s office.OfficerSelect) ([]office.OfficerRow, error)
}

// orphan is the rule that a unit is a root that nobody administers: it is in the hands of those who
// manage everywhere, who may give it an administrator. Whatever else it is is not there for them.
func orphan(unit string) rule {
	return func(tx gateway.Tx, r *office.Reach) error {
		if !r.MayEverywhere(office.Manage) {
			return notFound()
		}
		u, err := loaded[models.Unit](tx, unit)
		if err != nil {
			return err
		}
		present := false
		list, err := tx.(people).OfficerRows(office.OfficerSelect{Units: []string{unit}, Role: models.RoleAdmin, Ended: &present, Atmost: 1})
		if err == nil && (u.Parent != "" || len(list) > 0) {
			err = notFound()
		}
		return err
	}
}
