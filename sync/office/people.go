package office

import (
	"context"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// everyAbility is all abilities in a fixed order.
var everyAbility = []Ability{Look, Record, Sign, Review, Decide, Enrol, Manage, Audit}

// Reach builds what an officer may do where, as of now. Who is not known here, or left, may do nothing.
func (d *Desk) Reach(ctx context.Context, officer string) (r *Reach, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		var o models.Officer
		ok, err := tx.Load(&o, officer)
		if err != nil {
			return err
		}
		if !ok || o.Ended {
			return problem.New(problem.Unauthorized, "you have no access here").ZH("您已没有本系统的权限，请联系管理员。")
		}
		as, err := tx.Assignments(officer)
		if err != nil {
			return err
		}
		units, err := tx.Units()
		r = NewReach(o, as, units)
		return err
	})
	return r, err
}

// Me says who is signed in and what they may do where.
func (d *Desk) Me(ctx context.Context, r *Reach) (out *Me, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		campaigns, err := tx.Campaigns()
		if err != nil {
			return err
		}
		out = &Me{Officer: r.Officer, UnitName: r.unitName(r.Officer.Unit), Grants: []MyGrant{}, Anywhere: []Ability{},
			Everywhere: []Ability{}, Roots: []models.Unit{}, Campaigns: []models.Campaign{}}
		titles := map[string]string{}
		for i := range campaigns {
			titles[campaigns[i].ID] = campaigns[i].Title
			if r.Sees(&campaigns[i]) {
				out.Campaigns = append(out.Campaigns, campaigns[i])
			}
		}
		slices.SortStableFunc(out.Campaigns, func(a, b models.Campaign) int { return campaignKey(&a).compare(campaignKey(&b)) })
		for _, g := range r.grants {
			out.Grants = append(out.Grants, MyGrant{Campaign: g.campaign, CampaignTitle: titles[g.campaign], Unit: g.unit,
				UnitName: r.unitName(g.unit), Role: g.role, Abilities: Abilities(g.role)})
		}
		for _, a := range everyAbility {
			if r.MayAnywhere(a) {
				out.Anywhere = append(out.Anywhere, a)
			}
			if r.MayEverywhere(a) {
				out.Everywhere = append(out.Everywhere, a)
			}
		}
		for i := range r.tree.units {
			if u := r.tree.units[i]; r.looks(u.ID) && !r.looks(u.Parent) {
				out.Roots = append(out.Roots, u)
			}
		}
		return nil
	})
	return out, err
}

// Units lists units by their codes.
func (d *Desk) Units(ctx context.Context, r *Reach, q UnitQuery, p Paging) (out Page[UnitRow], err error) {
	word := strings.ToLower(strings.TrimSpace(q.Q))
	var found []UnitRow
	for i := range r.tree.units {
		u := r.tree.units[i]
		if !r.looks(u.ID) || word != "" && !strings.Contains(strings.ToLower(u.Name), word) && !strings.Contains(strings.ToLower(u.Code), word) {
			continue
		}
		if q.Parent == nil || *q.Parent != "" && *q.Parent == u.Parent || *q.Parent == "" && !r.looks(u.Parent) {
			found = append(found, UnitRow{Unit: u})
		}
	}
	out, err = slice(p, found, func(u *UnitRow) sortKey { return unitKey(&u.Unit) }, "units", q)
	if err != nil {
		return out, err
	}
	return out, d.fillUnits(ctx, r, out.Items)
}

// Unit returns one unit.
func (d *Desk) Unit(ctx context.Context, r *Reach, id string) (*UnitRow, error) {
	i, ok := r.tree.at[id]
	if !ok || !r.looks(id) {
		return nil, errNoUnit
	}
	rows := []UnitRow{{Unit: r.tree.units[i]}}
	if err := d.fillUnits(ctx, r, rows); err != nil {
		return nil, err
	}
	return &rows[0], nil
}

// fillUnits adds what surrounds units. People are counted where one may look at people.
func (d *Desk) fillUnits(ctx context.Context, r *Reach, rows []UnitRow) error {
	return d.store.Read(ctx, func(tx Tx) error {
		officers, err := tx.OfficersOf()
		for i := range rows {
			u := &rows[i]
			u.Children = len(r.tree.kids[u.ID])
			if r.looks(u.Parent) {
				u.ParentName = r.unitName(u.Parent)
			}
			if r.May(Look, "", u.ID) {
				u.Officers = officers[u.ID]
			}
		}
		return err
	})
}

// peopleIn returns the units whose people one may look at, below one when that is asked for.
func (r *Reach) peopleIn(unit string) ([]string, error) {
	if unit != "" && !r.May(Look, "", unit) {
		return nil, errNoUnit
	}
	list := r.Units(Look, "", unit)
	if list == nil {
		list = []string{}
	}
	return list, nil
}

// Officers lists people by name.
func (d *Desk) Officers(ctx context.Context, r *Reach, q OfficerQuery, p Paging) (out Page[OfficerRow], err error) {
	pg, err := p.page(0, 2, "officers", q)
	if err != nil {
		return out, err
	}
	sel := OfficerSelect{Q: strings.ToLower(strings.TrimSpace(q.Q)), Role: q.Role, Ended: q.Ended, NowMS: d.nowMS(), Atmost: pg.size() + 1}
	if sel.Units, err = r.peopleIn(q.Unit); err != nil {
		return out, err
	}
	if pg.at != nil {
		sel.After = &NameKey{Name: pg.at.S[0], ID: pg.at.S[1]}
	}
	err = d.store.Read(ctx, func(tx Tx) error {
		rows, err := tx.OfficerRows(sel)
		rows, out.Next = trim(pg, rows, func(o *OfficerRow) ([]int64, []string) { return nil, []string{o.Name, o.ID} })
		for i := range rows {
			rows[i].UnitName = r.unitName(rows[i].Unit)
		}
		out.Items = rows
		return err
	})
	return out, err
}

// Officer returns one person.
func (d *Desk) Officer(ctx context.Context, r *Reach, id string) (out *OfficerRow, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		out, err = d.officer(tx, r, id)
		return err
	})
	return out, err
}

func (d *Desk) officer(tx Tx, r *Reach, id string) (*OfficerRow, error) {
	units, err := r.peopleIn("")
	if err != nil {
		return nil, err
	}
	rows, err := tx.OfficerRows(OfficerSelect{ID: id, Units: units, NowMS: d.nowMS(), Atmost: 1})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || id == "" {
		return nil, problem.New(problem.NotFound, "there is no such officer").ZH("没有这名人员。")
	}
	rows[0].UnitName = r.unitName(rows[0].Unit)
	return &rows[0], nil
}

// Grants lists the assignments a person has or had, where one may look.
func (d *Desk) Grants(ctx context.Context, r *Reach, officer string) (out []GrantRow, err error) {
	out = []GrantRow{}
	err = d.store.Read(ctx, func(tx Tx) error {
		if _, err := d.officer(tx, r, officer); err != nil {
			return err
		}
		as, err := tx.Assignments(officer)
		if err != nil {
			return err
		}
		campaigns, err := tx.Campaigns()
		titles := map[string]string{}
		for i := range campaigns {
			titles[campaigns[i].ID] = campaigns[i].Title
		}
		for _, a := range as {
			if r.May(Look, a.Campaign, a.Unit) {
				out = append(out, GrantRow{Assignment: a, UnitName: r.unitName(a.Unit), CampaignTitle: titles[a.Campaign]})
			}
		}
		slices.SortStableFunc(out, func(a, b GrantRow) int { return int(min(1, max(-1, b.StartedMS-a.StartedMS))) })
		return err
	})
	return out, err
}
