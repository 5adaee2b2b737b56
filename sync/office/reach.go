package office

import (
	"slices"

	"github.com/fieldsync/fieldsync/models"
)

// Ability is one thing that an officer may do in a unit and all below it.
type Ability string

// The abilities.
const (
	Look   Ability = "look"   // see records, tables, phones and people
	Record Ability = "record" // correct records and fill sheets in
	Sign   Ability = "sign"   // approve a unit's sheet
	Review Ability = "review" // accept, return, release, judge, settle; note what was handed in
	Decide Ability = "decide" // freeze a table and open an amendment
	Enrol  Ability = "enrol"  // make enrolment codes, name and revoke phones
	Manage Ability = "manage" // set up units, people, campaigns, templates; import
	Audit  Ability = "audit"  // read what the office did
)

// roleAbilities says what each role may do. An administrator of a small bureau is its whole office.
var roleAbilities = map[models.Role][]Ability{
	models.RoleOfficer:  {Look, Record},
	models.RoleHead:     {Look, Record, Sign, Enrol},
	models.RoleReviewer: {Look, Record, Review, Audit},
	models.RoleLeader:   {Look, Decide, Audit},
	models.RoleAdmin:    {Look, Record, Sign, Review, Decide, Enrol, Manage, Audit},
	models.RoleReader:   {Look, Audit},
}

// Abilities returns what a role may do, in a fixed order.
func Abilities(r models.Role) []Ability { return slices.Clone(roleAbilities[r]) }

// Reach is what one officer may do where: present assignments over the tree of units. It is built
// anew for each request, so what was taken away is gone at once.
type Reach struct {
	Officer models.Officer

	tree   *tree
	grants []grant
}

type grant struct {
	campaign string // "" for all
	unit     string
	role     models.Role
	covers   map[string]bool // the unit and all below it
}

// tree is the units with their parents.
type tree struct {
	units []models.Unit
	at    map[string]int
	kids  map[string][]string
}

func newTree(units []models.Unit) *tree {
	t := &tree{units: units, at: make(map[string]int, len(units)), kids: map[string][]string{}}
	for i := range units {
		t.at[units[i].ID] = i
		t.kids[units[i].Parent] = append(t.kids[units[i].Parent], units[i].ID)
	}
	return t
}

// within reports whether unit is top or stands below it.
func (t *tree) within(unit, top string) bool {
	for steps := 0; unit != "" && steps <= len(t.units); steps++ {
		if unit == top {
			return true
		}
		i, ok := t.at[unit]
		if !ok {
			return false
		}
		unit = t.units[i].Parent
	}
	return false
}

// subtree returns a unit and all below it, parents first, in the order of the units given.
func (t *tree) subtree(top string) []string {
	if _, ok := t.at[top]; !ok {
		return nil
	}
	out := []string{top}
	for i := 0; i < len(out) && len(out) <= len(t.units); i++ { // no tree goes in a circle
		out = append(out, t.kids[out[i]]...)
	}
	return out
}

// below returns the subtree of a unit as a set.
func (t *tree) below(top string) map[string]bool {
	list := t.subtree(top)
	in := make(map[string]bool, len(list))
	for _, id := range list {
		in[id] = true
	}
	return in
}

// NewReach builds the reach of an officer from all assignments the officer ever had; ended ones give
// nothing.
func NewReach(o models.Officer, as []models.Assignment, units []models.Unit) *Reach {
	r := &Reach{Officer: o, tree: newTree(units)}
	if o.Ended {
		return r
	}
	covers := map[string]map[string]bool{} // so that what is asked of each unit costs nothing more
	for i := range as {
		if a := &as[i]; a.EndedMS == 0 {
			if covers[a.Unit] == nil {
				covers[a.Unit] = r.tree.below(a.Unit)
			}
			r.grants = append(r.grants, grant{a.Campaign, a.Unit, a.Role, covers[a.Unit]})
		}
	}
	return r
}

// May reports whether the officer may do it in this unit of this campaign. campaign "" asks for what
// belongs to no campaign (people, phones, units), which a right in one campaign alone does not give.
func (r *Reach) May(a Ability, campaign, unit string) bool {
	for _, g := range r.grants {
		if (g.campaign == "" || g.campaign == campaign && campaign != "") &&
			g.covers[unit] && slices.Contains(roleAbilities[g.role], a) {
			return true
		}
	}
	return false
}

// MayAnywhere reports whether the officer may do it in some unit of some campaign.
func (r *Reach) MayAnywhere(a Ability) bool {
	return slices.ContainsFunc(r.grants, func(g grant) bool { return slices.Contains(roleAbilities[g.role], a) })
}

// MayEverywhere reports whether the officer may do it in every unit of one whole tree: what belongs
// to no unit, such as templates and new roots, is in the hands of those.
func (r *Reach) MayEverywhere(a Ability) bool {
	return slices.ContainsFunc(r.grants, func(g grant) bool { return r.whole(g, a) })
}

// MayInTree reports whether the officer may do it in the whole tree that a unit stands in.
func (r *Reach) MayInTree(a Ability, unit string) bool {
	return slices.ContainsFunc(r.grants, func(g grant) bool { return g.covers[unit] && r.whole(g, a) })
}

// Trees returns the units of the trees in each of which the officer may do it everywhere.
func (r *Reach) Trees(a Ability) []string {
	out := []string{}
	for i := range r.tree.units {
		if id := r.tree.units[i].ID; r.MayInTree(a, id) {
			out = append(out, id)
		}
	}
	return out
}

// whole reports whether a grant gives an ability in a whole tree, apart from campaigns.
func (r *Reach) whole(g grant, a Ability) bool {
	i, ok := r.tree.at[g.unit]
	return ok && g.campaign == "" && r.tree.units[i].Parent == "" && slices.Contains(roleAbilities[g.role], a)
}

// Units returns the ids of the units where the officer may do it in this campaign ("": apart from
// campaigns), narrowed to top and all below it unless top is empty.
func (r *Reach) Units(a Ability, campaign, top string) []string {
	var in map[string]bool
	if top != "" {
		in = r.tree.below(top)
	}
	seen := map[string]bool{}
	var out []string
	for i := range r.tree.units {
		id := r.tree.units[i].ID
		if (in == nil || in[id]) && !seen[id] && r.May(a, campaign, id) {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}
