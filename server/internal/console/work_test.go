package console_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"slices"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
)

// TestReviewAtOnce: of many decisions each has its own result, and one that fails stops no other.
func TestReviewAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, true)
		reviewer := c.by[models.RoleReviewer]
		decision := func(campaign, unit, op string, more m) m {
			id := c.event(campaign, unit, nil)
			v, s := c.at(campaign, unit, models.EventKind, id)
			d := m{"unit": unit, "kind": "event", "id": id, "op": op, "version": v, "seq": s}
			for k, x := range more {
				d[k] = x
			}
			return d
		}
		send := func(list ...m) answer {
			return c.as(reviewer, "POST", "/campaigns/"+campR+"/review", m{"decisions": list}).ok()
		}
		good := []m{decision(campR, unitA, "accept", nil), decision(campR, unitA1, "return", m{"reason": "补照片"}), decision(campR, unitA, "comment", m{"reason": "好"})}
		a := send(good...)
		if a.at("results") != `[{"ok":true},{"ok":true},{"ok":true}]` {
			t.Errorf("%s", a.body)
		}
		one, two := decision(campR, unitA, "accept", nil), decision(campR, unitA, "accept", nil)
		a = send(one, decision(campR, unitB, "accept", nil), decision(campR, unitA, "accept", m{"seq": 1}), decision(campR, unitA, "return", nil),
			decision(campA, unitA, "accept", nil), m{"unit": unitA, "kind": "lot", "id": c.newID(), "op": "accept", "version": 1, "seq": 1}, two)
		var codes []string
		for i := range 7 {
			codes = append(codes, a.at(fmt.Sprintf("results.%d.ok", i))+strings.Trim(a.at(fmt.Sprintf("results.%d.problem.code", i)), `"`))
		}
		if want := []string{"true", "falsenot_found", "falsemoved", "falseinvalid", "falsenot_found", "falseinvalid", "true"}; !slices.Equal(codes, want) {
			t.Errorf("%v, want %v: %s", codes, want, a.body)
		}
		if a.at("results.2.problem.more.seq") == "" {
			t.Errorf("where it has moved to is not said: %s", a.body)
		}
		// Twice the same record: the second decision is about what the first made of it.
		twice := decision(campR, unitA, "accept", nil)
		if a := send(twice, twice); a.at("results.0.ok") != "true" || a.at("results.1.problem.code") != `"moved"` {
			t.Errorf("%s", a.body)
		}
		states := c.as(reviewer, "GET", "/campaigns/"+campR+"/events?state=accepted", nil).ok()
		if states.at("total") != "4" || states.at("items.#") != "4" {
			t.Errorf("%s", states.body)
		}
		trail := c.as(reviewer, "GET", "/audit?op=review.accept&unit="+unitA, nil).ok()
		if trail.at("items.#") != "4" || trail.text("items.0.by.officer") != reviewer {
			t.Errorf("%s", trail.body)
		}
		c.agrees(t)
	})
}

// TestSignOff: a sheet goes its way up and back in its order.
func TestSignOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, false)
		officer, head, reviewer := c.by[models.RoleOfficer], c.by[models.RoleHead], c.by[models.RoleReviewer]
		path := "/campaigns/" + campA + "/sheets/" + unitA
		step := func(who, what string, body m, status int) answer {
			t.Helper()
			if _, ok := body["version"]; !ok {
				now := c.as(who, "GET", path, nil).ok()
				body["version"] = now.num("version")
				if strings.HasSuffix(what, "review") {
					body["seq"] = now.num("seq")
				}
			}
			a := c.as(who, "POST", path+what, body)
			if a.status != status {
				t.Errorf("%s %v: %d, want %d: %s", what, body, a.status, status, a.body)
			}
			return a
		}
		if a := c.as(officer, "PATCH", path, m{"version": 0, "set": m{"highlights": "亮点", "filled_by": "张三", "phone": "0"}}).ok(); a.text("filled_by") != "张三" {
			t.Errorf("%s", a.body)
		}
		step(head, "/approve", m{}, 409)
		step(officer, "/complete", m{"version": 99}, 409)
		step(officer, "/complete", m{}, 200)
		step(reviewer, "/review", m{"op": "accept"}, 409)
		step(officer, "/approve", m{}, 403)
		step(head, "/approve", m{}, 200)
		step(officer, "/complete", m{"undo": true}, 409)
		step(reviewer, "/review", m{"op": "accept"}, 200)
		step(head, "/approve", m{"undo": true}, 403) // what was accepted is the reviewer's
		step(reviewer, "/review", m{"op": "reopen"}, 200)
		step(head, "/approve", m{"undo": true}, 200)
		step(c.by[models.RoleAdmin], "/review", m{"op": "accept"}, 200) // who may sign accepts in the head's place
		c.agrees(t)
	})
}

// TestFreeze: a campaign is closed, frozen with what nobody accepted, amended and frozen again.
func TestFreeze(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, false)
		reviewer, leader := c.by[models.RoleReviewer], c.by[models.RoleLeader]
		id := c.event(campA, unitA, nil)
		state := func(who, state string, more m, status int) answer {
			t.Helper()
			more["state"] = state
			a := c.as(who, "POST", "/campaigns/"+campA+"/state", more)
			if a.status != status {
				t.Errorf("to %s: %d, want %d: %s", state, a.status, status, a.body)
			}
			return a
		}
		admin := c.by[models.RoleAdmin]
		state(leader, "closed", m{}, 403)
		state(admin, "closed", m{}, 200)
		if a := state(leader, "frozen", m{}, 409); a.at("unreviewed") != "1" {
			t.Errorf("%s", a.body)
		}
		state(leader, "frozen", m{"anyway": true, "reason": "局长要数"}, 200)
		csv := c.as(leader, "GET", "/campaigns/"+campA+"/snapshots/0/ningxia-2022.csv", nil).ok()
		if !strings.HasPrefix(csv.header.Get("Content-Type"), "text/csv") || !strings.Contains(csv.header.Get("Content-Disposition"), "ningxia-2022-0.csv") {
			t.Errorf("%s", csv.all())
		}
		v, s := c.at(campA, unitA, models.EventKind, id)
		frozen := c.as(reviewer, "POST", eventPath(target{campaign: campA, unit: unitA}, id)+"/review", m{"op": "accept", "version": v, "seq": s})
		if frozen.status != 409 {
			t.Errorf("a frozen campaign was reviewed: %d", frozen.status)
		}
		if a := c.as(leader, "POST", "/campaigns/"+campA+"/amendments", m{"reason": "补报一场"}).ok(); a.at("amendment") != "1" || a.at("state") != `"closed"` {
			t.Errorf("%s", a.body)
		}
		c.as(reviewer, "POST", eventPath(target{campaign: campA, unit: unitA}, id)+"/review", m{"op": "accept", "version": v, "seq": s}).ok()
		state(leader, "frozen", m{}, 200)
		if a := c.as(leader, "GET", "/campaigns/"+campA+"/snapshots", nil).ok(); a.at("items.#") != "2" {
			t.Errorf("%s", a.body)
		}
		c.agrees(t)
	})
}

// TestEnrolment: codes come with link and picture, work once, can be listed without themselves, and cancelled.
func TestEnrolment(t *testing.T) {
	c := newCounty(t, storetest.SQLite(t), false)
	head, person := c.by[models.RoleHead], c.officer(unitA1, models.RoleOfficer, "外勤")
	r := post("/enrolments", m{"officers": []string{person, person}, "days": 2})
	r.token = c.tokens[head]
	r.headers = map[string]string{"Host": "x"}
	a := c.send(r).ok()
	if a.at("codes.#") != "1" || a.num("expires_at") != start+2*86400_000 || a.text("codes.0.unit_name") != "城关一队" {
		t.Errorf("%s", a.body)
	}
	code := a.text("codes.0.code")
	if link := a.text("codes.0.link"); !strings.HasSuffix(link, "/phone/#enrol="+code) || !strings.HasPrefix(link, "http://") {
		t.Errorf("%s", link)
	}
	raw, err := base64.StdEncoding.DecodeString(a.text("codes.0.qr_png"))
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(bytes.NewReader(raw)); err != nil || img.Bounds().Dx() < 200 {
		t.Errorf("%v", err)
	}
	list := c.as(head, "GET", "/enrolments?officer="+person, nil).ok()
	if strings.Contains(list.all(), code) || list.at("items.#") != "1" {
		t.Errorf("%s", list.body)
	}
	trail := c.as(c.by[models.RoleAdmin], "GET", "/audit?op=enrol.add", nil).ok()
	if strings.Contains(trail.all(), code) || trail.text("items.0.by.officer") != head {
		t.Errorf("%s", trail.body)
	}
	c.as(head, "POST", "/enrolments/"+a.text("codes.0.id")+"/cancel", m{}).ok()
	if _, err := c.g.Enrol(t.Context(), auth.HashCode(code), "n", "p", make([]byte, 65)); err == nil {
		t.Error("a cancelled code works")
	}
	c.run(t, []scenario{
		{"again", head, "POST", "/enrolments/" + a.text("codes.0.id") + "/cancel", m{}, 409, nil},
		{"for nobody", head, "POST", "/enrolments", m{"officers": []string{}}, 400, nil},
		{"for two sorts at once", head, "POST", "/enrolments", m{"officers": []string{person}, "unit": unitA}, 400, nil},
		{"for a year", head, "POST", "/enrolments", m{"officers": []string{person}, "days": 365}, 400, nil},
		{"for a person above", head, "POST", "/enrolments", m{"officers": []string{c.root}}, 404, nil},
	})
}

// TestDownloads: tables as files, under their names, marked when they are drafts, noted in the trail.
func TestDownloads(t *testing.T) {
	c := newCounty(t, storetest.SQLite(t), false)
	c.event(campA, unitA, nil)
	reader := c.by[models.RoleReader]
	for path, want := range map[string]string{"table.xlsx": "PK", "table.csv": "\uFEFF", "table.csv?form=canonical": "template"} {
		a := c.as(reader, "GET", "/campaigns/"+campA+"/"+path, nil).ok()
		name := a.header.Get("Content-Disposition")
		if !strings.HasPrefix(string(a.body), want) || !strings.Contains(name, "filename*=UTF-8''") || !strings.Contains(name, escaped("草稿")) || strings.ContainsAny(name, "\r\n") {
			t.Errorf("%s: %s %.20q", path, name, a.body)
		}
	}
	trail := c.as(reader, "GET", "/audit?op=office.note&kind=export", nil).ok()
	if trail.at("items.#") != "3" || trail.text("items.0.by.officer") != reader || !strings.Contains(string(trail.body), "draft 1") {
		t.Errorf("%s", trail.body)
	}
	refused(t, "a form that is none", c.as(reader, "GET", "/campaigns/"+campA+"/table.csv?form=x", nil), "invalid")
}

// TestImport: a phone's file is taken in its name, what is known is no harm, a spoilt piece is refused.
func TestImport(t *testing.T) {
	c := newCounty(t, storetest.SQLite(t), false)
	p := c.phone(c.officer(unitA, models.RoleOfficer, "外勤"))
	id := c.newID()
	p.write(campA+":"+unitA, `"op":"event.put","id":"`+id+`","set":{"kind":"visit","venue":"village","title":"导入"}`)
	first := string(p.body())
	p.sent = len(p.lines)
	p.write(campA+":"+unitA, `"op":"tally.add","event":"`+id+`","indicator":"consultations","n":4`)
	file := first + string(p.body())
	take := func(body string) answer {
		return c.send(request{method: "POST", path: "/import", token: c.tokens[c.root], headers: map[string]string{"Content-Type": "application/x-ndjson"}, body: body})
	}
	if a := take(file).ok(); a.at("batches.#") != "2" || a.num("new") != 2 {
		t.Errorf("%s", a.body)
	}
	if a := take(file).ok(); a.num("new") != 0 || a.num("lines") != 2 {
		t.Errorf("%s", a.body)
	}
	e := c.as(c.root, "GET", eventPath(target{campaign: campA, unit: unitA}, id), nil).ok()
	if e.text("title") != "导入" || e.text("by.device") != p.id || e.num("tallies.0.sum") != 4 {
		t.Errorf("%s", e.body)
	}
	refused(t, "a changed byte", take(strings.Replace(file, "导入", "导人", 1)), "invalid", "bad_hash")
	c.agrees(t)
}
