package console_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// meddled lets something else happen first, when a handler has judged all and writes.
type meddled struct {
	*gateway.Gateway
	w *world
}

func (g meddled) first() {
	if do := g.w.meddle; do != nil {
		g.w.meddle = nil
		do()
	}
}

func (g meddled) Do(ctx context.Context, officer string, also func(gateway.Tx) error, entries ...gateway.Entry) error {
	g.first()
	return g.Gateway.Do(ctx, officer, also, entries...)
}

func (g meddled) AddBatch(ctx context.Context, by string, codes map[[32]byte]string, life time.Duration, also func(gateway.Tx) error) (string, []gateway.CodeMade, error) {
	g.first()
	return g.Gateway.AddBatch(ctx, by, codes, life, also)
}

func (g meddled) CancelCode(ctx context.Context, by, id string, also func(gateway.Tx) error) error {
	g.first()
	return g.Gateway.CancelCode(ctx, by, id, also)
}

func (g meddled) Import(ctx context.Context, by string, body []byte, also func(gateway.Tx) error) (*gateway.ImportResult, error) {
	g.first()
	return g.Gateway.Import(ctx, by, body, also)
}

// turn is a request that was allowed when it came and is not any more when it is its turn.
type turn struct {
	name string
	make func(c *county) (who string, r request, meddle func())
	code string
}

// TestWhenItIsItsTurn: whatever allowed a request must hold in the transaction that carries it out.
func TestWhenItIsItsTurn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, false)
		for _, x := range turns {
			who, r, meddle := x.make(c)
			r.token = c.tokens[who]
			lines := -1
			c.meddle = func() {
				meddle()
				lines = c.lines()
			}
			a := c.send(r)
			if a.status < 400 || a.at("code") != `"`+x.code+`"` {
				t.Errorf("%s: %d, want %s: %s", x.name, a.status, x.code, a.body)
			}
			if now := c.lines(); now != lines {
				t.Errorf("%s: %d lines were written by then, and %d after it", x.name, lines, now)
			}
		}
		c.agrees(t)
	})
}

// lines counts the lines of the office.
func (c *county) lines() int {
	c.Helper()
	n := 0
	for path := "/audit?limit=200"; ; {
		a := c.as(c.root, "GET", path, nil).ok()
		n += int(a.num("items.#"))
		next := a.at("next")
		if next == "" || next == `""` {
			return n
		}
		path = "/audit?limit=200&cursor=" + a.text("next")
	}
}

// aide is a fresh administrator of A, and what makes them one of nothing.
func (c *county) aide() (id string, demote func()) {
	c.Helper()
	id = c.user(unitA, models.RoleAdmin, "某管理员")
	return id, func() { c.act(c.adminEntry("officer", id, 1, m{"role": "reader"})) }
}

// widen gives somebody of A a right outside of A.
func (c *county) widen(officer string) func() {
	return func() {
		c.act(gateway.Entry{Op: "rights.grant", Scope: campR + ":" + unitZ, Officer: officer, Role: "reviewer"})
	}
}

// moveAway moves somebody from A to Z.
func (c *county) moveAway(officer string) func() {
	return func() { c.act(c.adminEntry("officer", officer, 1, m{"unit": unitZ})) }
}

func (c *county) code(officer string) string {
	c.Helper()
	code, err := auth.NewCode(rand.Reader)
	if err != nil {
		c.Fatal(err)
	}
	_, made, err := c.g.AddBatch(context.Background(), c.inst.Officer, map[[32]byte]string{auth.HashCode(code): officer}, time.Hour, nil)
	if err != nil {
		c.Fatal(err)
	}
	return made[0].ID
}

var turns = []turn{
	{"codes of who is no administrator any more", func(c *county) (string, request, func()) {
		who, demote := c.aide()
		return who, post("/enrolments", m{"officers": []string{c.officer(unitA, models.RoleOfficer, "某")}}), demote
	}, "forbidden"},
	{"a code for who was given more", func(c *county) (string, request, func()) {
		o := c.officer(unitA, models.RoleOfficer, "某")
		return c.by[models.RoleAdmin], post("/enrolments", m{"officers": []string{o}}), c.widen(o)
	}, "forbidden"},
	{"a code for who has left", func(c *county) (string, request, func()) {
		o := c.officer(unitA, models.RoleOfficer, "某")
		return c.by[models.RoleAdmin], post("/enrolments", m{"officers": []string{o}}), func() { c.act(c.adminEntry("officer", o, 1, m{"ended": true})) }
	}, "conflict"},
	{"a code for who went to Z", func(c *county) (string, request, func()) {
		o := c.officer(unitA, models.RoleOfficer, "某")
		return c.by[models.RoleAdmin], post("/enrolments", m{"officers": []string{o}}), c.moveAway(o)
	}, "not_found"},
	{"cancels the code of who went to Z", func(c *county) (string, request, func()) {
		o := c.officer(unitA, models.RoleOfficer, "某")
		return c.by[models.RoleAdmin], post("/enrolments/"+c.code(o)+"/cancel", m{}), c.moveAway(o)
	}, "not_found"},
	{"a file by who is no administrator any more", func(c *county) (string, request, func()) {
		who := c.user(unitR, models.RoleAdmin, "某")
		r := samples["importFile"].make(c, targets["own"])
		return who, r, func() { c.act(c.adminEntry("officer", who, 1, m{"role": "reader"})) }
	}, "forbidden"},
	{"signs in as who was given more", func(c *county) (string, request, func()) {
		o := c.officer(unitA, models.RoleOfficer, "某")
		return c.by[models.RoleAdmin], putTo("/officers/"+o+"/login", m{"login": "turn-1", "password": password}), c.widen(o)
	}, "forbidden"},
	{"a sign-in for who went to Z", func(c *county) (string, request, func()) {
		o := c.officer(unitA, models.RoleOfficer, "某")
		return c.by[models.RoleAdmin], putTo("/officers/"+o+"/login", m{"login": "turn-2", "password": password}), c.moveAway(o)
	}, "not_found"},
	{"a role to give that the giver has no more", func(c *county) (string, request, func()) {
		who, demote := c.aide()
		o := c.officer(unitA, models.RoleOfficer, "某")
		return who, patch("/officers/"+o, m{"version": 1, "role": "admin"}), demote
	}, "forbidden"},
	{"an administrator for a tree that got one", func(c *county) (string, request, func()) {
		id := c.newID()
		c.unit(id, c.name(unitA), "邻县", "")
		return c.root, post("/officers", m{"name": "x", "unit": id, "role": "admin"}), func() { c.officer(id, models.RoleAdmin, "某") }
	}, "not_found"},
	{"revokes the phone of who went to Z", func(c *county) (string, request, func()) {
		o := c.officer(unitA, models.RoleOfficer, "某")
		return c.by[models.RoleAdmin], patch("/devices/"+c.phone(o).id, m{"revoked": true}), c.moveAway(o)
	}, "not_found"},
	{"gives back the phone of who was given more", func(c *county) (string, request, func()) {
		o := c.officer(unitA, models.RoleOfficer, "某")
		p := c.phone(o).id
		c.act(c.adminEntry("device", p, 0, m{"revoked": true}))
		return c.by[models.RoleAdmin], patch("/devices/"+p, m{"revoked": false}), c.widen(o)
	}, "forbidden"},
	{"ends somebody who has just got another phone", func(c *county) (string, request, func()) {
		o := c.officer(unitA, models.RoleOfficer, "某")
		c.phone(o)
		return c.by[models.RoleAdmin], patch("/officers/"+o, m{"version": 1, "ended": true, "revoke_phones": true}), func() { c.phone(o) }
	}, "moved"},
	{"a right where the unit takes part no more", func(c *county) (string, request, func()) {
		u, o := c.newID(), c.officer(unitA, models.RoleOfficer, "某")
		c.unit(u, c.name(unitA), "某队", unitA)
		return c.root, post("/officers/"+o+"/grants", m{"campaign": campA, "unit": u, "role": "head"}),
			func() { c.act(c.adminEntry("unit", u, 1, m{"parent": unitZ})) }
	}, "not_found"},
	{"moves a unit that left", func(c *county) (string, request, func()) {
		u := c.newID()
		c.unit(u, c.name(unitA), "某队", unitA1)
		return c.by[models.RoleAdmin], patch("/units/"+u, m{"version": 2, "parent": unitA}),
			func() { c.act(c.adminEntry("unit", u, 1, m{"parent": unitZ})) }
	}, "not_found"},
	{"changes what was accepted", func(c *county) (string, request, func()) {
		id := c.event(campR, unitA, nil)
		return c.by[models.RoleOfficer], patch(recordPath(targets["own"], "event", id), m{"version": 1, "set": m{"leaders": 5}}), c.accept(id)
	}, "forbidden"},
	{"counts for what was moved to Z", func(c *county) (string, request, func()) {
		id := c.event(campR, unitA, nil)
		return c.by[models.RoleReviewer], post(eventPath(targets["own"], id)+"/tallies", m{"indicator": "consultations", "n": 1, "note": "x"}), c.moveEvent(id)
	}, "forbidden"},
	{"moves what was moved to Z", func(c *county) (string, request, func()) {
		id := c.event(campR, unitA, nil)
		return c.by[models.RoleReviewer], post(recordPath(targets["own"], "event", id)+"/move", m{"to": unitA1, "reason": "x"}), c.moveEvent(id)
	}, "forbidden"},
	{"judges a pair of which the first was moved to Z", func(c *county) (string, request, func()) {
		one := c.event(campR, unitA, nil)
		return c.by[models.RoleReviewer], c.judgement(one, c.event(campR, unitA, nil)), c.moveEvent(one)
	}, "forbidden"},
	{"judges a pair of which the second has moved", func(c *county) (string, request, func()) {
		two := c.event(campR, unitA, nil)
		return c.by[models.RoleReviewer], c.judgement(c.event(campR, unitA, nil), two), func() {
			c.act(gateway.Entry{Op: "tally.add", Scope: campR + ":" + unitA, Event: two, Tally: "consultations", N: ref(int64(1))})
		}
	}, "moved"},
	{"fills in a sheet that was accepted", func(c *county) (string, request, func()) {
		v, _ := c.sheet(campA1, unitA1, false, false, false)
		return c.by[models.RoleHead], patch("/campaigns/"+campA1+"/sheets/"+unitA1, m{"version": v, "set": m{"remarks": "x"}}),
			func() { c.sheet(campA1, unitA1, true, true, true) }
	}, "forbidden"},
	{"takes out a table that is not theirs any more", func(c *county) (string, request, func()) {
		who := c.helper[models.RoleReviewer]
		return who, get("/campaigns/" + campG + "/table.csv?unit=" + unitA), func() {
			c.act(gateway.Entry{Op: "rights.end", Scope: campG + ":" + unitA, Officer: who, Role: "reviewer"})
		}
	}, "not_found"},
	{"releases for a unit where they review no more", func(c *county) (string, request, func()) {
		who := c.user(unitA, models.RoleReviewer, "某")
		return who, post(c.held(targets["own"])+"/release", m{"reason": "x"}), func() { c.act(c.adminEntry("officer", who, 1, m{"role": "reader"})) }
	}, "forbidden"},
}

func (c *county) accept(event string) func() {
	return func() {
		v, s := c.at(campR, unitA, models.EventKind, event)
		c.act(gateway.Entry{Op: "review.accept", Scope: campR + ":" + unitA, Kind: "event", ID: event, Version: &v, Seq: &s})
	}
}

func (c *county) moveEvent(event string) func() {
	return func() {
		c.act(gateway.Entry{Op: "record.move", Scope: campR + ":" + unitA, Kind: "event", ID: event, Unit: unitZ, Reason: "x"})
	}
}

func (c *county) judgement(first, second string) request {
	v, s := c.at(campR, unitA, models.EventKind, second)
	return post("/campaigns/"+campR+"/suspects", m{"first": m{"unit": unitA, "id": first}, "second": m{"unit": unitA, "id": second},
		"version": v, "seq": s, "verdict": "same_facts"})
}

// TestUnitThatLeft: what a unit recorded that went out of the campaign's tree is in the hands of those
// who collect, and of nobody else.
func TestUnitThatLeft(t *testing.T) {
	c := newCounty(t, storetest.SQLite(t), false)
	u := c.newID()
	c.unit(u, c.name(unitA), "某队", unitA)
	id := c.event(campA, u, nil)
	v, s := c.at(campA, u, models.EventKind, id)
	c.act(c.adminEntry("unit", u, 1, m{"parent": unitZ}))
	path := eventPath(target{campaign: campA, unit: u}, id)
	theirs, decision := c.user(unitZ, models.RoleReviewer, "某"), m{"op": "accept", "version": v, "seq": s}
	c.run(t, []scenario{
		{"the unit's new office reads it", theirs, "GET", path, nil, 404, nil},
		{"and decides on it", theirs, "POST", path + "/review", decision, 404, nil},
		{"who collects reads it", c.by[models.RoleReviewer], "GET", path, nil, 200, nil},
		{"who collects without the right", c.by[models.RoleHead], "POST", path + "/review", decision, 403, nil},
		{"who collects decides", c.by[models.RoleReviewer], "POST", path + "/review", decision, 200, nil},
	})
}

// TestStrayLines: lines that name no unit or no campaign are those of who manages the whole tree of the
// phone, and of nobody else: to see, and to settle.
func TestStrayLines(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, false)
		tree := c.newID()
		c.unit(tree, "90", "邻县", "")
		neighbour := c.user(tree, models.RoleAdmin, "邻县管理员")
		p := c.phone(c.officer(unitA, models.RoleOfficer, "外勤"))
		for _, scope := range []string{campR + ":" + c.newID(), c.newID() + ":" + unitA, c.newID() + ":" + c.newID()} {
			p.write(scope, `"op":"event.put","id":"`+c.newID()+`","set":{"kind":"visit","title":"机密"}`)
		}
		p.push()
		for who, n := range map[string]string{c.root: "3", neighbour: "0", c.by[models.RoleAdmin]: "0", c.user(unitR, models.RoleReviewer, "局审核"): "0"} {
			if a := c.as(who, "GET", "/held", nil).ok(); a.at("items.#") != n || a.at("total") != n {
				t.Errorf("%s instead of %s lines: %s", a.at("items.#"), n, a.body)
			}
		}
		list := c.as(c.root, "GET", "/held", nil).ok()
		for i := range 3 {
			path := fmt.Sprintf("/held/%s/%s", list.at(fmt.Sprintf("items.%d.log", i)), list.at(fmt.Sprintf("items.%d.seq", i)))
			c.run(t, []scenario{
				{"of another tree", neighbour, "POST", path + "/reject", m{"reason": "x"}, 404, nil},
				{"cannot be applied", c.root, "POST", path + "/release", m{"reason": "x"}, 409, nil},
				{"is refused", c.root, "POST", path + "/reject", m{"reason": "x"}, 204, nil},
			})
		}
		if a := c.as(c.root, "GET", "/held", nil).ok(); a.at("items.#") != "0" {
			t.Errorf("%s", a.body)
		}
		if a := c.as(c.root, "GET", "/audit?op=held.reject", nil).ok(); a.at("items.#") != "3" {
			t.Errorf("%s", a.body)
		}
		c.agrees(t)
	})
}

// TestFormsOfOthers: a form that another tree's campaign counts with is not changed.
func TestFormsOfOthers(t *testing.T) {
	c := newCounty(t, storetest.SQLite(t), false)
	tree := c.newID()
	c.unit(tree, "90", "邻县", "")
	neighbour := c.user(tree, models.RoleAdmin, "邻县管理员")
	_, text := c.yaml()
	form := c.as(neighbour, "PUT", "/templates", m{"version": 0, "yaml": text}).ok()
	change := m{"id": form.text("id"), "version": 1, "yaml": text + "\n# anew\n"}
	campaign := c.as(c.root, "POST", "/campaigns", m{"title": "x", "unit": unitR, "zone": "Asia/Shanghai", "year": 2022,
		"first_day": "2022-03-01", "last_day": "2022-03-20", "templates": form.text("code")}).ok().text("id")
	c.run(t, []scenario{
		{"a form in use elsewhere", neighbour, "PUT", "/templates", change, 403, map[string]string{"in_use": "true"}},
		{"who has all campaigns of it", c.root, "PUT", "/templates", change, 200, nil},
	})
	// Between the question and the transaction, too.
	c.as(c.root, "PATCH", "/campaigns/"+campaign, m{"version": c.campaignVersion(campaign), "templates": "ningxia-2022"}).ok()
	change["version"] = 2
	c.meddle = func() {
		c.act(c.adminEntry("campaign", campaign, c.campaignVersion(campaign), m{"templates": form.text("code")}))
	}
	c.run(t, []scenario{{"a form that is in use by then", neighbour, "PUT", "/templates", change, 403, nil}})
}
