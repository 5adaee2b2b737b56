package office

import (
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// area is the part of a campaign that one reading is about: the units that may be looked at, below
// one of them when that was asked for.
type area struct {
	c     *models.Campaign
	rules *gateway.RuleSet // nil: the campaign counts nothing
	root  string           // the one top of the units, "" when there are several
	name  string           // of the top, or of all tops
	units []models.Unit    // parents before children, in the order of their codes
	in    map[string]bool
	whole bool // the collecting unit's whole campaign, units that left the tree included
}

var errNoCampaign = problem.New(problem.NotFound, "there is no such campaign").ZH("没有这个活动。")
var errNoUnit = problem.New(problem.NotFound, "there is no such unit").ZH("没有这个单位。")

// area finds the units of a campaign that a reach shows: unit and all below it, "" for all.
func (d *Desk) area(tx Tx, r *Reach, campaign, unit string) (*area, error) {
	c, err := visibleCampaign(tx, r, campaign)
	if err != nil {
		return nil, err
	}
	a := &area{c: c, in: map[string]bool{}}
	if a.rules, err = d.rules.Get(tx, c.ID, c.Rules); err != nil {
		return nil, err
	}
	above := unit == "" || r.tree.within(c.Unit, unit)
	if unit != "" && !r.May(Look, c.ID, unit) || !above && !r.tree.within(unit, c.Unit) {
		return nil, errNoUnit
	}
	top := unit
	if above {
		top = c.Unit
	}
	a.whole = above && r.May(Look, c.ID, c.Unit)
	seen := map[string]bool{}
	for _, id := range r.Units(Look, c.ID, top) {
		seen[id] = true
	}
	cols, _ := gateway.Subtree(r.tree.units, top)
	var tops []string
	for _, col := range cols {
		if !seen[col.ID] {
			continue
		}
		u := r.tree.units[r.tree.at[col.ID]]
		if !a.in[u.Parent] {
			tops = append(tops, u.ID)
		}
		a.in[u.ID] = true
		a.units = append(a.units, u)
	}
	if len(tops) == 0 {
		return nil, errNoUnit
	}
	if len(tops) == 1 {
		a.root = tops[0]
	}
	a.name = r.unitNames(tops)
	return a, nil
}

// filter returns the units to select by, nil when everything of the campaign is selected.
func (a *area) filter() []string {
	if a.whole {
		return nil
	}
	out := make([]string, 0, len(a.units))
	for i := range a.units {
		out = append(out, a.units[i].ID)
	}
	return out
}

// shows reports whether what counts for a unit belongs to the area.
func (a *area) shows(unit string) bool { return a.whole || a.in[unit] }

// scopes returns the names of the scopes of the units, nil when all of the campaign are shown.
func (a *area) scopes() []string {
	if a.whole {
		return nil
	}
	out := make([]string, 0, len(a.units))
	for i := range a.units {
		out = append(out, a.c.ID+":"+a.units[i].ID)
	}
	return out
}

// columns returns the units as a table's columns are.
func (a *area) tableArea(r *Reach) gateway.TableArea {
	t := gateway.TableArea{Root: a.root, Name: a.name}
	cols, _ := gateway.Subtree(r.tree.units, a.c.Unit)
	for _, c := range cols {
		if a.in[c.ID] {
			t.Columns = append(t.Columns, c)
		}
	}
	if a.whole {
		t.Others = r.tree.units
	}
	return t
}

// visibleCampaign returns a campaign that somebody may look at: one in which some of the units where
// they may look take part.
func visibleCampaign(tx CampaignTx, r *Reach, id string) (*models.Campaign, error) {
	c, err := tx.Campaign(id)
	if err != nil {
		return nil, err
	}
	if c == nil || !r.Sees(c) {
		return nil, errNoCampaign
	}
	return c, nil
}

// Sees reports whether the reach meets the campaign: whether some of the units where the officer may
// look take part in it.
func (r *Reach) Sees(c *models.Campaign) bool {
	return slices.ContainsFunc(r.grants, func(g grant) bool {
		return (g.campaign == "" || g.campaign == c.ID) && slices.Contains(roleAbilities[g.role], Look) &&
			(g.covers[c.Unit] || r.tree.within(g.unit, c.Unit))
	})
}

// sees reports whether the reach shows what stands in, or counts for, a unit of a campaign. Whoever may
// look at all that the collecting unit collects also sees what a unit recorded that left the tree.
func (r *Reach) sees(c *models.Campaign, unit string) bool {
	return r.May(Look, c.ID, unit) || r.May(Look, c.ID, c.Unit)
}

// looks reports whether the officer may look at a unit in some campaign: its name and its place in
// the tree are shown then.
func (r *Reach) looks(unit string) bool {
	return slices.ContainsFunc(r.grants, func(g grant) bool {
		return g.covers[unit] && slices.Contains(roleAbilities[g.role], Look)
	})
}

// unitName returns a unit's name, "" when there is no such unit.
func (r *Reach) unitName(id string) string {
	if i, ok := r.tree.at[id]; ok {
		return r.tree.units[i].Name
	}
	return ""
}

// unitNames joins the names of some units, the first three of many.
func (r *Reach) unitNames(ids []string) string {
	var names []string
	for _, id := range ids[:min(3, len(ids))] {
		names = append(names, r.unitName(id))
	}
	s := strings.Join(names, "、")
	if len(ids) > 3 {
		s += " …"
	}
	return s
}

// scopes returns the names of all scopes that the reach shows over some campaigns, and the units of
// whose phones lines of no such unit or campaign are shown too.
func (r *Reach) scopes(campaigns []models.Campaign) (names, nowhere []string) {
	names = []string{}
	for i := range campaigns {
		c := &campaigns[i]
		all := r.May(Look, c.ID, c.Unit)
		for j := range r.tree.units {
			if u := r.tree.units[j].ID; all || r.May(Look, c.ID, u) {
				names = append(names, c.ID+":"+u)
			}
		}
	}
	return names, r.Trees(Manage)
}
