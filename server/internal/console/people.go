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
func (a *API) needWhole(c *call, ability office.Ability, officer string) error {
	var as []models.Assignment
	err := a.store.View(c.ctx(), func(tx gateway.Tx) (err error) {
		as, err = tx.Assignments(officer)
		return err
	})
	if err != nil {
		return err
	}
	if !holds(c.reach, ability, as) {
		return problem.New(problem.Forbidden, "This person has rights beyond yours: somebody above both has to do this.").
			ZH("该人员的权限超出您的权限，须由上级管理员操作。").
			With("wider", true)
	}
	return nil
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
	if !mayGive(c.reach, role, campaign, unit) {
		return problem.New(problem.Forbidden, "You give no more rights than you have.").ZH("不能授予您自己没有的权限。").With("wider", true)
	}
	return nil
}

// ownTree refuses to give away one's own administration of a whole tree: a tree keeps one
// administrator at least, for only another one of the same tree can take this from somebody.
func (a *API) ownTree(c *call, after *models.Officer) error {
	now := &c.reach.Officer
	if now.ID != after.ID || now.Role != models.RoleAdmin || !after.Ended && after.Unit == now.Unit && after.Role == now.Role {
		return nil
	}
	var u models.Unit
	err := a.store.View(c.ctx(), func(tx gateway.Tx) error { return load(tx, &u, now.Unit) })
	if err != nil || u.Parent != "" {
		return err
	}
	return problem.New(problem.Conflict, "You administer this whole tree: let another administrator take that from you.").
		ZH("您是全部单位的管理员，不能取消自己的管理权限，请由另一位管理员操作。").
		With("last_administrator", true)
}

// orphan reports whether the unit is a root that nobody administers: it is in the hands of those who
// manage everywhere, who may give it an administrator.
func (a *API) orphan(c *call, unit string) (bool, error) {
	if !c.reach.MayEverywhere(office.Manage) {
		return false, nil
	}
	var u models.Unit
	err := a.store.View(c.ctx(), func(tx gateway.Tx) error { return load(tx, &u, unit) })
	if problem.CodeOf(err) == problem.NotFound || err == nil && u.Parent != "" {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	list, err := a.store.Officers(c.ctx(), unit)
	for i := range list {
		if list[i].Role == models.RoleAdmin && !list[i].Ended {
			return false, err
		}
	}
	return err == nil, err
}
