package console_test

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/server/internal/console"
	"github.com/fieldsync/fieldsync/sync/office"
)

var draftRights = flag.Bool("draft-rights", false, "print a row of the rights file for what lacks one")

// A group is a set of askers and where they ask: one column of testdata/rights.csv, with a letter for
// each: + for done, 1 for 401, 3 for 403, 4 for 404.
type group struct {
	name   string
	target string
	askers func(c *county) []asker
}

// asker is somebody who sends requests.
type asker struct {
	name   string
	id     string // officer; "" for who is not signed in
	token  string
	grants []right
}

// right is a role somewhere, written down again: the code that is judged is not asked.
type right struct {
	campaign, unit string
	role           models.Role
}

var groups = []group{
	{"in A of A", "own", inA},
	{"in A below A", "below", inA},
	{"in A of B", "foreign", inA},
	{"of the bureau", "own", func(c *county) []asker {
		return []asker{{"root", c.root, c.tokens[c.root], []right{{"", unitR, models.RoleAdmin}}}}
	}},
	{"helpers there", "granted", helpers},
	{"helpers elsewhere", "other", helpers},
	{"nobody", "own", func(c *county) []asker {
		device, _, err := auth.NewTokens(c.secrets.Token, c.now).Issue(c.away.id, c.by[models.RoleAdmin])
		if err != nil {
			c.Fatal(err)
		}
		ended := c.user(unitA, models.RoleAdmin, "离开")
		if a := c.as(ended, "DELETE", "/session", nil); a.status != 204 {
			c.Fatalf("sign-out: %d %s", a.status, a.body)
		}
		return []asker{{name: "no token"}, {name: "a phone", token: device}, {name: "ended", token: c.tokens[ended]}}
	}},
}

func inA(c *county) (out []asker) {
	for _, role := range allRoles {
		out = append(out, asker{string(role), c.by[role], c.tokens[c.by[role]], []right{{"", unitA, role}}})
	}
	return out
}

func helpers(c *county) (out []asker) {
	for _, role := range []models.Role{models.RoleReviewer, models.RoleAdmin} {
		id := c.helper[role]
		out = append(out, asker{"helper " + string(role), id, c.tokens[id], []right{{"", unitZ, models.RoleOfficer}, {campG, unitA, role}}})
	}
	return out
}

// TestRights sends every request as everybody everywhere, and compares what comes of it with the
// matrix in the file, which people read, and with what follows from the right that the route declares.
func TestRights(t *testing.T) {
	matrix := readMatrix(t)
	declared := console.Rights()
	checkSamples(t, matrix, declared)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, true)
		askers := make([][]asker, len(groups))
		for i, g := range groups {
			askers[i] = g.askers(c)
		}
		for _, name := range sortedNames(samples) {
			row := matrix[name]
			for i, g := range groups {
				got, want := "", ""
				for _, who := range askers[i] {
					got += c.try(t, name, who, targets[g.target])
					want += follows(declared[routeOf(name)], name, who, targets[g.target])
				}
				if got != want {
					t.Errorf("%s, %s: came to %s, from the declared right follows %s", name, g.name, got, want)
				}
				if i < len(row) && got != row[i] {
					t.Errorf("%s, %s: came to %s, testdata/rights.csv says %s", name, g.name, got, row[i])
				}
			}
		}
	})
}

func routeOf(name string) string {
	route, _, _ := strings.Cut(name, "/")
	return route
}

// checkSamples fails when a route lacks a request or a row, or when there is one too many.
func checkSamples(t *testing.T, matrix map[string][]string, declared map[string]console.Declared) {
	t.Helper()
	for id := range declared {
		if _, ok := samples[id]; !ok {
			t.Errorf("%s: there is no request of it in the tests", id)
		}
	}
	for name := range samples {
		if _, ok := declared[routeOf(name)]; !ok {
			t.Errorf("%s: there is no such route", name)
		}
		if _, ok := matrix[name]; !ok {
			t.Errorf("%s: testdata/rights.csv has no row for it", name)
		}
	}
	for name := range matrix {
		if _, ok := samples[name]; !ok {
			t.Errorf("testdata/rights.csv: %s is no request of the tests", name)
		}
	}
}

// readMatrix reads the file: name, then a column for each group. Lines that begin with # are for people.
func readMatrix(t *testing.T) map[string][]string {
	t.Helper()
	f, err := os.Open("testdata/rights.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string][]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, ",")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if len(cells) != len(groups)+1 {
			t.Fatalf("testdata/rights.csv: %s has %d columns, not %d", cells[0], len(cells)-1, len(groups))
		}
		if out[cells[0]] != nil {
			t.Fatalf("testdata/rights.csv: %s stands there twice", cells[0])
		}
		out[cells[0]] = cells[1:]
	}
	return out
}

func sortedNames[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

var chance = regexp.MustCompile(`"qr_png":"[^"]*"|eyJ[A-Za-z0-9_.-]+|v1\.[A-Za-z0-9_.-]+`)

// made is a request that was not used up: a refused one is as good for the next asker.
type made struct {
	name, at string
	request
}

// try sends one request and returns what came of it as a letter. Nothing of B may be in what is answered
// to anybody but the bureau.
func (c *county) try(t *testing.T, name string, who asker, at target) string {
	t.Helper()
	if c.last == nil || c.last.name != name || c.last.at != at.name {
		c.last = &made{name, at.name, samples[name].make(c, at)}
	}
	r := c.last.request
	if who.token != "" && routeOf(name) != "signOut" {
		r.token = who.token
	}
	a := c.send(r)
	if a.status < 300 && (r.method != "GET" || name == "getAlbum") {
		c.last = nil
	}
	if who.name != "root" {
		all := a.all()
		for _, mark := range marks { // what came by chance is cut out only where it matters: of most answers nobody waits for that
			if strings.Contains(all, mark) && strings.Contains(chance.ReplaceAllString(all, "…"), mark) {
				t.Errorf("%s as %s, %s: of B came %q: %s", name, who.name, at.name, mark, a.body)
			}
		}
	}
	switch {
	case routeOf(name) == "reviewMany" && a.status == 200 && a.at("results.0.ok") == "false":
		return letter(t, name, who, a, map[string]int{`"not_found"`: 404, `"forbidden"`: 403}[a.at("results.0.problem.code")])
	case routeOf(name) == "setPassword" && a.status == 204: // back to what the other requests know
		c.send(request{method: "PUT", path: r.path, token: r.token, json: m{"old_password": password + " again", "password": password}}).ok()
	}
	return letter(t, name, who, a, a.status)
}

func letter(t *testing.T, name string, who asker, a answer, status int) string {
	t.Helper()
	switch {
	case status >= 200 && status < 300:
		return "+"
	case status == 401:
		return "1"
	case status == 403:
		return "3"
	case status == 404:
		if a.status == 404 && a.at("detail") != `"There is nothing here that you may see."` {
			t.Errorf("%s as %s: another sentence for what is not there: %s", name, who.name, a.body)
		}
		return "4"
	}
	t.Errorf("%s as %s: %d %s", name, who.name, a.status, a.body)
	return "?"
}

// parents is the tree of the county.
var parents = map[string]string{unitA: unitR, unitA1: unitA, unitZ: unitR, unitB: unitR}

func within(unit, top string) bool {
	for ; unit != ""; unit = parents[unit] {
		if unit == top {
			return true
		}
	}
	return false
}

// has reports whether the asker has an ability in a unit of a campaign.
func (a asker) has(ability office.Ability, campaign, unit string) bool {
	return slices.ContainsFunc(a.grants, func(r right) bool {
		return (r.campaign == "" || r.campaign == campaign) && within(unit, r.unit) && slices.Contains(office.Abilities(r.role), ability)
	})
}

func (a asker) anywhere(ability office.Ability) bool {
	return slices.ContainsFunc(a.grants, func(r right) bool { return slices.Contains(office.Abilities(r.role), ability) })
}

// looks reports whether the asker may look at a unit in some campaign.
func (a asker) looks(unit string) bool {
	return slices.ContainsFunc(a.grants, func(r right) bool { return within(unit, r.unit) })
}

// meets reports whether the asker sees a campaign that a unit collects.
func (a asker) meets(campaign, unit string) bool {
	return slices.ContainsFunc(a.grants, func(r right) bool {
		return (r.campaign == "" || r.campaign == campaign) && (within(unit, r.unit) || within(r.unit, unit))
	})
}

// follows says what must come of a request, from what the route declares alone.
func follows(d console.Declared, name string, who asker, at target) string {
	s := samples[name]
	switch {
	case name == "setUp":
		return "3" // somebody can sign in already
	case d.Place == "public":
		return "+"
	case who.id == "":
		return "1"
	case d.Place == "signed in":
		return "+"
	case d.Place == "everywhere" || s.ability == "everywhere":
		return allowed(true, who.has(d.Ability, "", unitR))
	case (d.Place == "somewhere" || d.Place == "named") && !who.anywhere(d.Ability):
		return "3" // before anything is looked up
	}
	ability := d.Ability
	if s.ability != "" {
		ability = s.ability
	}
	switch s.bound {
	case "person":
		return allowed(who.has(office.Look, "", at.unit), who.has(ability, "", at.unit))
	case "record":
		return allowed(who.has(office.Look, at.campaign, at.unit), who.has(ability, at.campaign, at.unit))
	case "campaign":
		return allowed(who.meets(at.office, at.unit), ability == office.Look || who.has(ability, at.office, at.unit))
	case "unit": // a right in one campaign shows the unit, not its people
		return allowed(who.looks(at.unit), true)
	case "frozen": // a whole table: for who may look at all of it
		return allowed(who.has(office.Look, "", at.unit), true)
	}
	return "+"
}

func allowed(seen, may bool) string {
	switch {
	case !seen:
		return "4"
	case !may:
		return "3"
	}
	return "+"
}

func TestNoRouteWithoutARight(t *testing.T) {
	if taken := console.Faulty(); len(taken) > 0 {
		t.Errorf("rows are taken with %v", taken)
	}
}

// TestDraftRights prints rows for people to read and to put into the file.
func TestDraftRights(t *testing.T) {
	if !*draftRights {
		t.Skip("with -draft-rights it prints the rights that follow from the table")
	}
	c := newCounty(t, storetest.SQLite(t), false)
	declared := console.Rights()
	askers := make([][]asker, len(groups))
	for i, g := range groups {
		askers[i] = g.askers(c)
	}
	for _, name := range sortedNames(samples) {
		row := name
		for i, g := range groups {
			cell := ""
			for _, who := range askers[i] {
				cell += follows(declared[routeOf(name)], name, who, targets[g.target])
			}
			row += "," + cell
		}
		fmt.Println(row)
	}
}
