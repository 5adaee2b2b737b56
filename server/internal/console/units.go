package console

import (
	"maps"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// UnitSet is what is changed of a unit; what is absent stays.
type UnitSet struct {
	Name   *string `json:"name,omitempty"`
	Code   *string `json:"code,omitempty"`   // orders the units; unique
	Parent *string `json:"parent,omitempty"` // "" for a root
}

// UnitPatch changes a unit.
type UnitPatch struct {
	Version int64 `json:"version"` // as it was looked at
	UnitSet
}

// UnitNew is a unit that is not there yet.
type UnitNew struct {
	Name   string `json:"name"`
	Code   string `json:"code"`
	Parent string `json:"parent,omitempty"` // "" for a root
}

func (a *API) listUnits(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	q := office.UnitQuery{Q: c.Query("q")}
	if parent := c.Query("parent"); parent != "" || c.Context().QueryArgs().Has("parent") {
		q.Parent = &parent
	}
	page, err := a.desk.Units(c.ctx(), c.reach, q, p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (a *API) getUnit(c *call) error {
	u, err := a.desk.Unit(c.ctx(), c.reach, c.Params("unit"))
	if err != nil {
		return err
	}
	return c.answer(u)
}

func (a *API) addUnit(c *call) error {
	r, err := decode[UnitNew](c)
	if err != nil {
		return err
	}
	if err := c.needParent(r.Parent); err != nil {
		return err
	}
	if err := texts(maxName, map[string]*string{"name": &r.Name, "code": &r.Code}); err != nil {
		return err
	}
	row := &office.UnitRow{Unit: models.Unit{ID: a.newID()}}
	e, err := put("unit", row.ID, 0, UnitSet{Name: &r.Name, Code: &r.Code, Parent: &r.Parent})
	if err != nil {
		return err
	}
	if err := c.do(nil, e); err != nil {
		return err
	}
	if row, err = a.freshUnit(c, row.ID); err != nil {
		return err
	}
	return c.answer(row)
}

// freshUnit reads a unit as it is after a change of the tree. Whoever makes a new root has no right in
// it yet, but knows what was made.
func (a *API) freshUnit(c *call, id string) (*office.UnitRow, error) {
	if err := c.renew(); err != nil {
		return nil, err
	}
	row, err := a.desk.Unit(c.ctx(), c.reach, id)
	if problem.CodeOf(err) != problem.NotFound {
		return row, err
	}
	row = &office.UnitRow{}
	err = a.store.View(c.ctx(), func(tx gateway.Tx) error { return load(tx, &row.Unit, id) })
	return row, err
}

// needParent asks for the right to put a unit below another, or at the top.
func (c *call) needParent(parent string) error {
	if parent == "" {
		return c.needEverywhere(office.Manage)
	}
	if err := id("parent", parent); err != nil {
		return err
	}
	return inField("parent", c.need(office.Manage, "", parent))
}

// inField says which field of a body named what is not there.
func inField(name string, err error) error {
	if p, ok := err.(*problem.Error); ok && p.Code == problem.NotFound {
		named := *p // one problem may be the answer to many requests at once
		named.Fields = maps.Clone(p.Fields)
		return named.With("field", name)
	}
	return err
}

func (a *API) changeUnit(c *call) error {
	r, err := decode[UnitPatch](c)
	if err != nil {
		return err
	}
	if err := positive("version", r.Version); err != nil {
		return err
	}
	if err := texts(maxName, map[string]*string{"name": r.Name, "code": r.Code}); err != nil {
		return err
	}
	if r.Parent != nil {
		if *r.Parent != "" {
			if err := id("parent", *r.Parent); err != nil {
				return err
			}
		}
		if err := c.must(moves(c.Params("unit"), *r.Parent)); err != nil {
			return err
		}
	}
	e, err := put("unit", c.Params("unit"), r.Version, r.UnitSet)
	if err != nil {
		return err
	}
	if err := c.do(nil, e); err != nil {
		return err
	}
	row, err := a.freshUnit(c, c.Params("unit"))
	if err != nil {
		return err
	}
	return c.answer(row)
}

// moves is the rule that a unit may be taken from its parent and put below another.
func moves(unit, next string) rule {
	return func(tx gateway.Tx, r *office.Reach) error {
		now, err := loaded[models.Unit](tx, unit)
		switch {
		case err != nil || now.Parent == next:
			return err
		case now.Parent == "":
			err = mayInTree(office.Manage)(tx, r)
		case !r.May(office.Manage, "", now.Parent):
			err = forbidden() // whose tree it is is not said
		}
		switch {
		case err != nil:
			return err
		case next == "":
			return mayInTree(office.Manage)(tx, r)
		}
		return inField("parent", allow(r, office.Manage, "", next))
	}
}
