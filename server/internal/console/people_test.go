package console_test

import (
	"fmt"
	"testing"

	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// scenario is one request and what is expected of its answer.
type scenario struct {
	name   string
	who    string // officer
	method string
	path   string
	body   any
	status int
	want   map[string]string // members of the answer by path, as JSON; "*" for any
}

func (w *world) run(t *testing.T, list []scenario) {
	t.Helper()
	for _, s := range list {
		a := w.as(s.who, s.method, s.path, s.body)
		if a.status != s.status {
			t.Errorf("%s: %d, want %d: %s", s.name, a.status, s.status, a.body)
		}
		for path, want := range s.want {
			if got := a.at(path); got != want && (want != "*" || got == "") {
				t.Errorf("%s: %s is %s, want %s: %s", s.name, path, got, want, a.body)
			}
		}
	}
}

// TestNobodyRisesByThemselves: what an administrator of A tries in order to get hold of more.
func TestNobodyRisesByThemselves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, true)
		admin, root, reviewer := c.by[models.RoleAdmin], c.root, c.by[models.RoleReviewer]
		theirs := c.officer(unitB, models.RoleOfficer, "乙")
		wide := c.officer(unitA, models.RoleOfficer, "兼任") // of A, with a right in B
		c.act(gateway.Entry{Op: "rights.grant", Scope: campR + ":" + unitB, Officer: wide, Role: "reviewer"})
		event := c.event(campA, unitA, nil)
		mine := c.officer(unitA, models.RoleOfficer, "本所")
		version := func(id string) int64 {
			return version(c.world, id, func(o *models.Officer) int64 { return o.Version })
		}
		login := m{"login": "taken-over", "password": password}
		revoked := c.phone(wide).id
		c.act(c.adminEntry("device", revoked, 0, m{"revoked": true}))
		c.run(t, []scenario{
			{"moves themselves up", admin, "PATCH", "/officers/" + admin, m{"version": version(admin), "unit": unitR}, 404, nil},
			{"takes a right in the bureau", admin, "POST", "/officers/" + admin + "/grants", m{"campaign": campR, "unit": unitR, "role": "reader"}, 404, nil},
			{"takes a right in B", admin, "POST", "/officers/" + admin + "/grants", m{"campaign": campR, "unit": unitB, "role": "admin"}, 404, nil},
			{"makes a person in B", admin, "POST", "/officers", m{"name": "x", "unit": unitB, "role": "admin"}, 404, nil},
			{"makes a person in the bureau", admin, "POST", "/officers", m{"name": "x", "unit": unitR, "role": "reader"}, 404, nil},
			{"edits somebody of B", admin, "PATCH", "/officers/" + theirs, m{"version": 1, "name": "x"}, 404, nil},
			{"edits the administrator above", admin, "PATCH", "/officers/" + root, m{"version": 1, "name": "x"}, 404, nil},
			{"resets the password above", admin, "PUT", "/officers/" + root + "/login", login, 404, nil},
			{"edits somebody with a right elsewhere", admin, "PATCH", "/officers/" + wide, m{"version": version(wide), "name": "x"}, 403, map[string]string{"wider": "true"}},
			{"ends somebody with a right elsewhere", admin, "PATCH", "/officers/" + wide, m{"version": version(wide), "ended": true}, 403, nil},
			{"signs in as somebody with a right elsewhere", admin, "PUT", "/officers/" + wide + "/login", login, 403, nil},
			{"takes their sign-in away", admin, "DELETE", "/officers/" + wide + "/login", nil, 403, nil},
			{"enrols a phone as somebody with a right elsewhere", admin, "POST", "/enrolments", m{"officers": []string{wide}}, 403, nil},
			{"gives their revoked phone back", admin, "PATCH", "/devices/" + revoked, m{"revoked": false}, 403, nil},
			{"moves their person to B", admin, "PATCH", "/officers/" + mine, m{"version": version(mine), "unit": unitB}, 404, nil},
			{"moves their unit out", admin, "PATCH", "/units/" + unitA1, m{"version": 1, "parent": unitB}, 404, nil},
			{"makes their unit a root", admin, "PATCH", "/units/" + unitA1, m{"version": 1, "parent": ""}, 403, nil},
			{"takes A out of the bureau", admin, "PATCH", "/units/" + unitA, m{"version": 1, "parent": unitA1}, 403, nil},
			{"moves B in", admin, "PATCH", "/units/" + unitB, m{"version": 1, "parent": unitA}, 404, nil},
			{"makes a campaign of the bureau", admin, "POST", "/campaigns", m{"title": "x", "unit": unitR}, 404, nil},
			{"collects for the bureau", admin, "PATCH", "/campaigns/" + campA, m{"version": c.campaignVersion(campA), "unit": unitR}, 404, nil},
			{"changes the bureau's campaign", admin, "PATCH", "/campaigns/" + campR, m{"version": c.campaignVersion(campR), "title": "x"}, 403, nil},
			{"changes a form of all", admin, "PUT", "/templates", m{"version": 0, "yaml": "id: x"}, 403, nil},
			{"a reviewer makes a person", reviewer, "POST", "/officers", m{"name": "x", "unit": unitA, "role": "officer"}, 403, nil},
			{"a reviewer gives themselves a right", reviewer, "POST", "/officers/" + reviewer + "/grants", m{"campaign": campA, "unit": unitA, "role": "admin"}, 403, nil},
			{"resets their own password", admin, "PUT", "/officers/" + admin + "/login", login, 409, nil},
			{"takes their own sign-in away", admin, "DELETE", "/officers/" + admin + "/login", nil, 409, nil},
			{"a role that is none", admin, "POST", "/officers", m{"name": "x", "unit": unitA, "role": "king"}, 400, map[string]string{"field": `"role"`}},
			{"a right where the unit takes no part", root, "POST", "/officers/" + mine + "/grants", m{"campaign": campA, "unit": unitZ, "role": "head"}, 404, map[string]string{"field": `"unit"`}},
			{"a reminder to a unit that takes no part", root, "POST", "/campaigns/" + campA + "/reminders", m{"unit": unitZ, "text": "x"}, 404, nil},
			{"a move to a unit that takes no part", root, "POST", recordPath(target{campaign: campA, unit: unitA}, "event", event) + "/move", m{"to": unitZ, "reason": "x"}, 404, map[string]string{"field": `"to"`}},
			{"above both, somebody may", root, "PATCH", "/officers/" + wide, m{"version": version(wide), "name": "改名"}, 200, nil},
			{"in their own unit, they may", admin, "PATCH", "/officers/" + mine, m{"version": version(mine), "role": "admin"}, 200, nil},
			{"a code for all of A skips who has more", admin, "POST", "/enrolments", m{"unit": unitA}, 201, map[string]string{"skipped.0.officer": `"` + wide + `"`, "skipped.#": "1"}},
		})
		c.lastAdministrator(t)
		c.agrees(t)
	})
}

// TestEndedWithPhones: who ends somebody's service revokes all their phones with the same request, one line each.
func TestEndedWithPhones(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, false)
		admin := c.by[models.RoleAdmin]
		o := c.user(unitA, models.RoleOfficer, "将离任")
		one, two, other := c.phone(o), c.phone(o), c.phone(c.officer(unitA, models.RoleOfficer, "留任"))
		gone := c.phone(o)
		c.act(c.adminEntry("device", gone.id, 0, m{"revoked": true}))
		c.clock.Add(1000)
		path, lines := "/officers/"+o, c.lines()
		c.run(t, []scenario{
			{"revokes phones of who stays", admin, "PATCH", path, m{"version": 1, "revoke_phones": true}, 400, map[string]string{"field": `"revoke_phones"`}},
			{"of who comes back", admin, "PATCH", path, m{"version": 1, "ended": false, "revoke_phones": true}, 400, nil},
			{"without the right", c.by[models.RoleHead], "PATCH", path, m{"version": 1, "ended": true, "revoke_phones": true}, 403, nil},
			{"as it was not looked at", admin, "PATCH", path, m{"version": 7, "ended": true, "revoke_phones": true}, 409, nil},
			{"nothing happened by then", admin, "GET", path, nil, 200, map[string]string{"ended": "*", "devices": "2"}},
			{"and now", admin, "PATCH", path, m{"version": 1, "ended": true, "revoke_phones": true}, 200, map[string]string{"ended": "true", "devices": "0"}},
			{"another one's phone goes on", admin, "GET", "/devices/" + other.id, nil, 200, map[string]string{"revoked_at": "0"}},
			{"one phone is revoked", admin, "GET", "/devices/" + one.id, nil, 200, map[string]string{"revoked_at": fmt.Sprint(start + 1000)}},
			{"the other too", admin, "GET", "/devices/" + two.id, nil, 200, map[string]string{"revoked_at": fmt.Sprint(start + 1000)}},
			{"what was revoked before stays as it was", admin, "GET", "/devices/" + gone.id, nil, 200, map[string]string{"revoked_at": fmt.Sprint(start)}},
		})
		if n := c.lines() - lines; n != 3 {
			t.Errorf("%d lines in the trail, want one for the person and one for each phone", n)
		}
		for _, id := range []string{o, one.id, two.id} {
			if a := c.as(admin, "GET", "/audit?id="+id, nil).ok(); a.text("items.0.op") != "admin.put" || a.text("items.0.by.officer") != admin {
				t.Errorf("%s", a.body)
			}
		}
		one.write(campA+":"+unitA, `"op":"event.put","id":"`+c.newID()+`","set":{"kind":"visit"}`)
		if got := one.push(); got != "0 held revoked" {
			t.Errorf("what a revoked phone sends: %s", got)
		}
		c.agrees(t)
	})
}

// agrees fails when verify finds something.
func (w *world) agrees(t *testing.T) {
	t.Helper()
	if r, err := w.g.Verify(t.Context(), func(string) {}); err != nil || len(r.Differences) > 0 {
		t.Errorf("verify: %v %+v", err, r)
	}
}

// lastAdministrator: a tree keeps an administrator, and a new one gets one from those who manage.
func (c *county) lastAdministrator(t *testing.T) {
	t.Helper()
	root := c.root
	second := c.as(root, "POST", "/officers", m{"name": "第二", "unit": unitR, "role": "admin", "login": "second", "password": password}).ok().text("id")
	c.run(t, []scenario{
		{"gives the administration away", root, "PATCH", "/officers/" + root, m{"version": 1, "role": "reader"}, 409, map[string]string{"last_administrator": "true"}},
		{"leaves", root, "PATCH", "/officers/" + root, m{"version": 1, "ended": true}, 409, nil},
		{"moves down", root, "PATCH", "/officers/" + root, m{"version": 1, "unit": unitA}, 409, nil},
		{"changes their name", root, "PATCH", "/officers/" + root, m{"version": 1, "name": "新名"}, 200, nil},
		{"another one may be taken", root, "PATCH", "/officers/" + second, m{"version": 1, "role": "reader"}, 200, nil},
	})
	tree := c.as(root, "POST", "/units", m{"name": "邻县", "code": "90"}).ok().text("id")
	c.run(t, []scenario{
		{"the new tree is nobody's", root, "GET", "/units/" + tree, nil, 404, nil},
		{"only an administrator comes into it", root, "POST", "/officers", m{"name": "x", "unit": tree, "role": "officer"}, 404, nil},
		{"who is not of the top does not give it one", c.by[models.RoleAdmin], "POST", "/officers", m{"name": "x", "unit": tree, "role": "admin"}, 404, nil},
		{"it gets one", root, "POST", "/officers", m{"name": "邻县管理员", "unit": tree, "role": "admin", "login": "neighbour", "password": password}, 201, nil},
		{"once", root, "POST", "/officers", m{"name": "x", "unit": tree, "role": "admin", "login": "again", "password": password}, 404, nil},
	})
}

// TestWhatIsTakenIsGone: ended sessions, rights and people bite at the next request.
func TestWhatIsTakenIsGone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, false)
		reviewer := c.by[models.RoleReviewer]
		c.as(reviewer, "GET", "/audit", nil).ok()
		c.as(c.root, "PATCH", "/officers/"+reviewer, m{"version": 1, "role": "officer"}).ok()
		c.run(t, []scenario{{"with another role", reviewer, "GET", "/audit", nil, 403, nil}, {"the rest stays", reviewer, "GET", "/me", nil, 200, map[string]string{"officer.role": `"officer"`}}})
		helper := c.helper[models.RoleReviewer]
		c.as(helper, "GET", "/campaigns/"+campG+"/events?unit="+unitA, nil).ok()
		c.act(gateway.Entry{Op: "rights.end", Scope: campG + ":" + unitA, Officer: helper, Role: "reviewer"})
		c.run(t, []scenario{{"the grant has ended", helper, "GET", "/campaigns/" + campG + "/events?unit=" + unitA, nil, 404, nil}})
		c.as(c.root, "PATCH", "/officers/"+reviewer, m{"version": 2, "ended": true}).ok()
		c.run(t, []scenario{{"has left", reviewer, "GET", "/me", nil, 401, nil}})
		reader := c.by[models.RoleReader]
		c.as(c.root, "PUT", "/officers/"+reader+"/login", m{"login": "reader-anew", "password": "another password"}).ok()
		c.run(t, []scenario{{"the password was reset", reader, "GET", "/me", nil, 401, nil}})
	})
}
