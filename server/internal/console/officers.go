package console

import (
	"slices"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// OfficerSet is what is changed of a person; what is absent stays.
type OfficerSet struct {
	Name  *string      `json:"name,omitempty"`
	Unit  *string      `json:"unit,omitempty"`
	Role  *models.Role `json:"role,omitempty"`
	Ended *bool        `json:"ended,omitempty"` // left: rights and sign-in end, nothing is deleted
}

// OfficerPatch changes a person.
type OfficerPatch struct {
	Version      int64 `json:"version"`                 // as it was looked at
	RevokePhones bool  `json:"revoke_phones,omitempty"` // with ended: all phones of the person are revoked too, at once
	OfficerSet
}

// OfficerNew is a person who is not there yet, with a sign-in if Login is given.
type OfficerNew struct {
	Name     string      `json:"name"`
	Unit     string      `json:"unit"`
	Role     models.Role `json:"role"`
	Login    string      `json:"login,omitempty"`
	Password string      `json:"password,omitempty"` // to be changed at the first sign-in
}

// LoginRequest gives a sign-in. The person chooses another password before anything else.
type LoginRequest struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// GrantRequest is a role in one unit of one campaign.
type GrantRequest struct {
	Campaign string      `json:"campaign"`
	Unit     string      `json:"unit"`
	Role     models.Role `json:"role"`
}

// Grants are the rights that a person has or had.
type Grants struct {
	Items []office.GrantRow `json:"items"`
}

func (a *API) listOfficers(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := a.desk.Officers(c.ctx(), c.reach, office.OfficerQuery{Unit: c.Query("unit"), Q: c.Query("q"),
		Role: models.Role(c.Query("role")), Ended: c.flag("ended")}, p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (a *API) getOfficer(c *call) error {
	o, err := a.desk.Officer(c.ctx(), c.reach, c.Params("officer"))
	if err != nil {
		return err
	}
	return c.answer(o)
}

func (a *API) addOfficer(c *call) error {
	r, err := decode[OfficerNew](c)
	if err != nil {
		return err
	}
	if err := a.needNew(c, &r); err != nil {
		return err
	}
	if err := text("name", r.Name, maxName, true); err != nil {
		return err
	}
	officer := a.newID()
	e, err := put("officer", officer, 0, OfficerSet{Name: &r.Name, Unit: &r.Unit, Role: &r.Role})
	if err != nil {
		return err
	}
	entries, also := []gateway.Entry{e}, func(gateway.Tx) error { return nil }
	if r.Login != "" || r.Password != "" {
		cred, err := a.sessions.NewCredential(c.ctx(), officer, r.Login, r.Password, true)
		if err != nil {
			return err
		}
		entries = append(entries, note("credential", "given", officer, r.Unit))
		also = func(tx gateway.Tx) error { return tx.(credentials).PutCredential(cred) }
	}
	if err := c.do(also, entries...); err != nil {
		return err
	}
	row, err := a.desk.Officer(c.ctx(), c.reach, officer)
	if problem.CodeOf(err) == problem.NotFound { // of a root that was given its administrator
		row, err = &office.OfficerRow{Officer: models.Officer{ID: officer, Version: 1, Name: r.Name, Unit: r.Unit, Role: r.Role}, Login: r.Login}, nil
	}
	if err != nil {
		return err
	}
	return c.answer(row)
}

// needNew asks for the right to make a person: where the person is to be, or, for the administrator of
// a root that has none, everywhere.
func (a *API) needNew(c *call, r *OfficerNew) error {
	err := c.needGive(r.Role, "", r.Unit)
	if problem.CodeOf(err) != problem.NotFound || r.Role != models.RoleAdmin || !canonical.MatchString(r.Unit) {
		return err
	}
	if e := c.must(orphan(r.Unit)); e != nil {
		return firstOf(unless(problem.NotFound, e), err)
	}
	return c.needEverywhere(office.Manage)
}

// unless returns err unless it is a problem of the code.
func unless(code problem.Code, err error) error {
	if problem.CodeOf(err) == code {
		return nil
	}
	return err
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// on returns a person as the set changes them.
func (s *OfficerSet) on(o models.Officer) models.Officer {
	if s.Name != nil {
		o.Name = *s.Name
	}
	if s.Unit != nil {
		o.Unit = *s.Unit
	}
	if s.Role != nil {
		o.Role = *s.Role
	}
	if s.Ended != nil {
		o.Ended = *s.Ended
	}
	return o
}

func (a *API) changeOfficer(c *call) error {
	r, err := decode[OfficerPatch](c)
	if err != nil {
		return err
	}
	if err := positive("version", r.Version); err != nil {
		return err
	}
	if err := texts(maxName, map[string]*string{"name": r.Name}); err != nil {
		return err
	}
	if r.RevokePhones && (r.Ended == nil || !*r.Ended) {
		return badField("revoke_phones", "goes with ended", "只能与“设为离任”一起使用")
	}
	if err := c.needWhole(office.Manage, c.officer.ID); err != nil {
		return err
	}
	after := r.on(c.officer.Officer)
	if err := c.needGive(after.Role, "", after.Unit); err != nil {
		return err
	}
	if err := c.must(givesAfter(after.ID, &r.OfficerSet), ownTree(after.ID, &r.OfficerSet)); err != nil {
		return err
	}
	e, err := put("officer", after.ID, r.Version, r.OfficerSet)
	if err != nil {
		return err
	}
	entries, also := []gateway.Entry{e}, func(gateway.Tx) error { return nil }
	if r.RevokePhones {
		if err := c.must(mayAtOfficer(office.Enrol, after.ID)); err != nil {
			return err
		}
		var revoked []gateway.Entry
		if revoked, also, err = a.revokePhones(c, after.ID); err != nil {
			return err
		}
		entries = append(entries, revoked...)
	}
	err = c.do(func(tx gateway.Tx) error {
		if err := also(tx); err != nil || !after.Ended {
			return err
		}
		return tx.(credentials).DropCredential(after.ID, a.nowMS())
	}, entries...)
	if err != nil {
		return err
	}
	return a.getOfficer(c)
}

// phones are what a transaction of the gateway knows of somebody's phones.
type phones interface {
	LivingPhones(officer string) ([]string, error)
}

// revokePhones returns the lines that revoke all phones of an officer, and what must hold in their
// transaction: the officer is locked there, and no phone came meanwhile.
func (a *API) revokePhones(c *call, officer string) (entries []gateway.Entry, also func(gateway.Tx) error, err error) {
	var ids []string
	err = a.store.View(c.ctx(), func(tx gateway.Tx) (err error) {
		ids, err = tx.(phones).LivingPhones(officer)
		return err
	})
	revoked := true
	for _, id := range ids {
		e, err := put("device", id, 0, DevicePatch{Revoked: &revoked})
		if err != nil {
			return nil, nil, err
		}
		entries = append(entries, e)
	}
	return entries, func(tx gateway.Tx) error {
		if _, err := tx.FamilyOf(officer); err != nil {
			return err
		}
		now, err := tx.(phones).LivingPhones(officer)
		if err == nil && !slices.Equal(now, ids) {
			err = problem.New(problem.Moved, "The phones of this person have just changed.").ZH("该人员的手机刚刚有变动，请刷新后再操作。")
		}
		return err
	}, err
}

// givesAfter is the rule that the asker may give a person what they have when the set has changed them.
func givesAfter(officer string, set *OfficerSet) rule {
	return func(tx gateway.Tx, r *office.Reach) error {
		o, err := loaded[models.Officer](tx, officer)
		if err != nil {
			return err
		}
		after := set.on(*o)
		if err := inField("unit", allow(r, office.Manage, "", after.Unit)); err != nil {
			return err
		}
		return gives(after.Role, "", after.Unit)(tx, r)
	}
}

func (a *API) listGrants(c *call) error {
	list, err := a.desk.Grants(c.ctx(), c.reach, c.Params("officer"))
	if err != nil {
		return err
	}
	return c.answer(Grants{Items: list})
}

func (a *API) addGrant(c *call) error { return a.grant(c, "rights.grant") }
func (a *API) endGrant(c *call) error { return a.grant(c, "rights.end") }

func (a *API) grant(c *call, op string) error {
	r, err := decode[GrantRequest](c)
	if err != nil {
		return err
	}
	if err := id("campaign", r.Campaign); err != nil {
		return err
	}
	if err := c.must(maySee(r.Campaign, "")); err != nil {
		return inField("campaign", err)
	}
	if err := c.needGive(r.Role, r.Campaign, r.Unit); err != nil {
		return err
	}
	if op == "rights.grant" { // one that was given before the unit was moved away can be ended
		if err := c.must(takesPart(r.Campaign, r.Unit)); err != nil {
			return inField("unit", err)
		}
	}
	e := gateway.Entry{Op: op, Scope: r.Campaign + ":" + r.Unit, Officer: c.officer.ID, Role: string(r.Role)}
	if err := c.do(nil, e); err != nil {
		return err
	}
	return a.listGrants(c)
}

func (a *API) giveLogin(c *call) error {
	r, err := decode[LoginRequest](c)
	if err != nil {
		return err
	}
	if err := a.needOther(c); err != nil {
		return err
	}
	if err := c.must(present(c.officer.ID)); err != nil {
		return err
	}
	cred, err := a.sessions.NewCredential(c.ctx(), c.officer.ID, r.Login, r.Password, true)
	if err != nil {
		return err
	}
	err = c.do(func(tx gateway.Tx) error { return tx.(credentials).PutCredential(cred) },
		note("credential", "given", c.officer.ID, c.officer.Unit))
	if err != nil {
		return err
	}
	return c.done()
}

func (a *API) takeLogin(c *call) error {
	if err := a.needOther(c); err != nil {
		return err
	}
	err := c.do(func(tx gateway.Tx) error { return tx.(credentials).DropCredential(c.officer.ID, a.nowMS()) },
		note("credential", "taken", c.officer.ID, c.officer.Unit))
	if err != nil {
		return err
	}
	return c.done()
}

// needOther asks for the right to somebody else's sign-in: whoever signs in as a person has all of
// that person's rights.
func (a *API) needOther(c *call) error {
	if c.officer.ID == c.claims.Officer {
		return problem.New(problem.Conflict, "Change your own password with the old one.").ZH("修改本人密码须先输入原密码。")
	}
	return c.needWhole(office.Manage, c.officer.ID)
}

// present is the rule that somebody has not left.
func present(officer string) rule {
	return func(tx gateway.Tx, _ *office.Reach) error {
		o, err := loaded[models.Officer](tx, officer)
		if err == nil && o.Ended {
			err = problem.New(problem.Conflict, "This person has left.").ZH("该人员已离岗，请刷新。").With("officer", officer)
		}
		return err
	}
}

// note is the line of the trail about what is no change of data.
func note(kind, what, id, unit string) gateway.Entry {
	return gateway.Entry{Op: "office.note", Kind: kind, Note: what, ID: id, Unit: unit}
}
