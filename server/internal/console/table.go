package console

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/gofiber/fiber/v2"
)

// Prefix stands before the path of every route.
const Prefix = "/api/v1/office"

// route is one row of the table.
type route struct {
	openapi.Route
	right  right
	handle func(*API, *call) error
}

// right is what a route asks for: an ability, and where.
type right struct {
	ability office.Ability
	place   place
}

// place is where an ability is asked for.
type place int

const (
	undeclared place = iota // nobody thought of it: the route cannot be registered
	public                  // nobody is asked
	signedIn                // whoever signed in, with a password that is to be changed too
	somewhere               // in some unit of some campaign: the answer holds what is in reach
	everywhere              // in a whole tree
	atUnit                  // in :unit, apart from campaigns
	atOfficer               // in the unit of :officer
	atDevice                // in the unit of the officer of :device
	atCampaign              // in the collecting unit of :campaign, for it
	inCampaign              // in :unit, for :campaign
	atRecord                // in the unit that the record of the path counts for
	named                   // where the request says: the handler asks
)

func may(a office.Ability, p place) right { return right{a, p} }

// anyone and self are the rights that ask for no ability.
var (
	anyone = right{"", public}
	self   = right{"", signedIn}
)

// table returns all routes, chapter by chapter.
func table() []route {
	var all []route
	for _, chapter := range [][]route{
		sessionRoutes(), unitRoutes(), officerRoutes(), campaignRoutes(), templateRoutes(), listRoutes(),
		enrolmentRoutes(), deviceRoutes(), tableRoutes(), eventRoutes(), photoRoutes(), waitingRoutes(), sheetRoutes(), trailRoutes(),
	} {
		all = append(all, chapter...)
	}
	return all
}

// Routes describes all routes of the office, below [Prefix].
func Routes() []openapi.Route {
	all := table()
	out := make([]openapi.Route, len(all))
	for i := range all {
		out[i] = all[i].Route
		out[i].Ability = string(all[i].right.ability)
		if all[i].names() && !slices.Contains(out[i].Errors, problem.NotFound) {
			out[i].Errors = append(slices.Clone(out[i].Errors), problem.NotFound)
		}
	}
	return out
}

// names reports whether the body or the query may name what the asker may not see.
func (r *route) names() bool {
	return r.right.place == named || slices.ContainsFunc(r.Params, func(p openapi.Param) bool { return slices.Contains(idParams, p.Name) })
}

// Routes adds the routes to an app. A row of the table that is not whole is a fault of the program.
func (a *API) Routes(app fiber.Router) {
	group, guard := app.Group(Prefix), auth.Office(a.sessions.Tokens())
	for _, r := range table() {
		if err := r.check(); err != nil {
			panic(err)
		}
		if r.right.place == public {
			group.Add(r.Method, r.Path, a.serve(r))
		} else {
			group.Add(r.Method, r.Path, guard, a.serve(r))
		}
	}
}

// check refuses a row that says too little.
func (r *route) check() error {
	open := r.right.place == public || r.right.place == signedIn
	switch {
	case r.right.place == undeclared, open != (r.right.ability == ""), r.Public != (r.right.place == public):
		return fmt.Errorf("console: %s %s declares no right", r.Method, r.Path)
	case r.handle == nil || r.ID == "" || r.Summary == "" || r.SummaryZH == "":
		return fmt.Errorf("console: %s %s is not described", r.Method, r.Path)
	}
	for p, name := range map[place]string{atUnit: ":unit", atOfficer: ":officer", atDevice: ":device", atCampaign: ":campaign",
		inCampaign: ":campaign/", atRecord: ":id"} {
		if r.right.place == p && !strings.Contains(r.Path+"/", name) {
			return fmt.Errorf("console: %s %s asks for a right at %s, which its path lacks", r.Method, r.Path, name)
		}
	}
	return nil
}

// serve asks for the right, runs the handler and makes all that is hidden look alike.
func (a *API) serve(r route) fiber.Handler {
	return func(f *fiber.Ctx) error {
		c := &call{Ctx: f, api: a, route: &r}
		err := c.enter()
		if err == nil {
			err = r.handle(a, c)
		}
		if err == nil && r.right.place == named && !c.asked {
			err = fmt.Errorf("console: %s %s was answered though nobody asked for the right", r.Method, r.Path)
		}
		return hidden(err)
	}
}
