package console_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// fill gives a unit some of everything, in the bureau's campaign and in its own.
func (c *county) fill(unit, own string) (first string) {
	c.Helper()
	head := c.officer(unit, models.RoleHead, "所长")
	p := c.phone(head)
	for i, campaign := range []string{campR, own} {
		scope := campaign + ":" + unit
		one := c.event(campaign, unit, map[string]any{"urgent": true, "place": "中心广场"})
		two := c.event(campaign, unit, map[string]any{"place": "中心广场"}) // may be the same facts
		three := c.event(campaign, unit, map[string]any{"kind": "other", "venue": "nowhere"})
		c.event(campaign, unit, map[string]any{"started_at": start - 40*86400_000, "completed": true})
		v, s := c.at(campaign, unit, models.EventKind, three)
		c.act(gateway.Entry{Op: "review.return", Scope: scope, Kind: "event", ID: three, Version: &v, Seq: &s, Reason: word(unit, "请补")})
		if i == 0 {
			first = one
		} else {
			c.act(gateway.Entry{Op: "dup.judge", Scope: scope, Kind: "event", ID: two, Of: &gateway.Of{Scope: scope, ID: one}, Verdict: "one_event", Reason: word(unit, "同一")})
		}
		// Two truths: the phone has not seen what the office wrote.
		p.write(scope, fmt.Sprintf(`"op":"event.put","id":"%s","base":0,"set":{"leaders":9,"title":"%s"}`, one, word(unit, "手机")))
		p.write(scope, fmt.Sprintf(`"op":"tally.add","event":"%s","indicator":"complaints","n":4`, one))
		p.write(scope, fmt.Sprintf(`"op":"tally.add","event":"%s","indicator":"complaints","n":1,"note":"%s"`, c.idIn(unit), word(unit, "未到")))
		p.write(scope, fmt.Sprintf(`"op":"photo.put","id":"%s","set":{"event":"%s","sha256":"%s","bytes":100,"mime":"image/jpeg","caption":"%s"}`,
			c.idIn(unit), one, strings.Repeat("ab", 32), word(unit, "合影")))
		lot := c.idIn(unit)
		p.write(scope, fmt.Sprintf(`"op":"goods.put","id":"%s","set":{"category":"food","name":"%s","unit":"件","value":1000}`, lot, word(unit, "过期食品")))
		p.write(scope, fmt.Sprintf(`"op":"goods.move","id":"%s","lot":"%s","event":"%s","move":"destroyed","quantity":3000`, c.idIn(unit), lot, one))
		p.push()
		c.sheet(campaign, unit, true, i == 0, false)
		c.held(target{unit: unit, campaign: campaign})
		c.admin("reminder", c.idIn(unit), m{"campaign": campaign, "unit": unit, "text": word(unit, "催报")})
		c.admin("task", c.idIn(unit), m{"campaign": campaign, "number": 1, "work": word(unit, "任务"), "unit": unit})
	}
	c.admin("roster", c.idIn(unit), m{"campaign": own, "day": "2022-03-15", "name": word(unit, "值班")})
	c.admin("handin", c.idIn(unit), m{"campaign": own, "item": word(unit, "总结"), "due": start - 1000})
	c.officer(unit, models.RoleOfficer, "外勤")
	return first
}

// opaque are the parts of an answer in which cursors stand.
var opaque = regexp.MustCompile(`"next":"[^"]*"`)

// TestNothingOfB: whatever somebody of A reads is to the byte the same whether B exists or not.
func TestNothingOfB(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		other := storetest.SQLite(t)
		with, without := newCounty(t, db, false), newCounty(t, other, false)
		for _, c := range []*county{with, without} {
			for _, set := range []m{{"item": "统计表", "due": start + 1000}, {"item": "照片", "due": start - 1000}} {
				set["campaign"] = campR
				c.admin("handin", c.newID(), set)
			}
			c.fill(unitA, campA)
			c.fill(unitA1, campA1)
		}
		for _, c := range []*county{with, without} { // their logs begin now, so that they have the same numbers
			for _, role := range allRoles {
				c.as(c.by[role], "GET", "/campaigns/"+campA+"/table.csv", nil).ok()
			}
		}
		with.addB()
		with.fill(unitB, campB)
		across(with)
		for _, who := range []models.Role{models.RoleReviewer, models.RoleAdmin, models.RoleReader, models.RoleOfficer} {
			for _, path := range with.everythingToRead() {
				a := with.as(with.by[who], "GET", path, nil)
				b := without.as(without.by[who], "GET", path, nil)
				if a.status != b.status {
					t.Errorf("%s as %s: %d with B, %d without: %s", path, who, a.status, b.status, a.body)
					continue
				}
				for _, mark := range marks {
					if strings.Contains(a.all(), mark) {
						t.Errorf("%s as %s holds %q: %s", path, who, mark, a.body)
					}
				}
				one, two := opaque.ReplaceAllString(string(a.body), ""), opaque.ReplaceAllString(string(b.body), "")
				if !strings.Contains(path, ".xlsx") && one != two {
					t.Errorf("%s as %s differs:\nwith B    %s\nwithout B %s", path, who, around(one, two), around(two, one))
				}
			}
		}
	})
}

// around is the part of one text where it begins to differ from another.
func around(one, two string) string {
	i := 0
	for i < len(one) && i < len(two) && one[i] == two[i] {
		i++
	}
	return strings.ToValidUTF8(one[max(0, i-200):min(len(one), i+200)], "")
}

// across makes what touches A and B at once: events that look alike, a pair that was judged, and what
// the bureau did in B.
func across(c *county) {
	c.Helper()
	theirs := c.event(campR, unitB, map[string]any{"place": "中心广场"})
	c.event(campR, unitB, map[string]any{"place": "中心广场", "title": "送法"})
	third := c.event(campR, unitB, nil)
	c.act(gateway.Entry{Op: "dup.judge", Scope: campR + ":" + unitB, Kind: "event", ID: third, Of: &gateway.Of{Scope: campR + ":" + unitB, ID: theirs}, Verdict: "same_facts"})
	guest := c.officer(unitB, models.RoleOfficer, "乙外勤")
	c.act(gateway.Entry{Op: "rights.grant", Scope: campB + ":" + unitB, Officer: guest, Role: "reviewer"})
	v, s := c.at(campR, unitB, models.EventKind, theirs)
	c.as(c.root, "POST", recordPath(target{campaign: campR, unit: unitB}, "events", theirs)+"/review", m{"op": "accept", "version": v, "seq": s}).ok()
	c.as(c.root, "POST", "/enrolments", m{"unit": unitB}).ok()
	c.as(c.root, "GET", "/campaigns/"+campB+"/table.csv?unit="+unitB, nil).ok()
}

// everythingToRead are all lists and tables, in the bureau's campaign and in A's.
func (c *county) everythingToRead() []string {
	paths := []string{"/me", "/units", "/units?parent=", "/units/" + unitA, "/units/" + unitR, "/officers", "/officers?q=外", "/campaigns", "/templates", "/devices",
		"/enrolments", "/held", "/held?campaign=" + campR, "/audit?limit=200", "/audit?campaign=" + campR, "/audit?kind=event", "/audit?op=office.note"}
	for _, campaign := range []string{campR, campA, campB} {
		for _, what := range []string{"", "/overview", "/units", "/table", "/table.csv", "/table.csv?form=canonical", "/table/rows/visits_village",
			"/table/rows/consultations?limit=1", "/table/rows/staff_dispatched", "/table/rows/highlights", "/events", "/events?limit=2", "/events?q=送法", "/events?state=received", "/events?flag=unplaced",
			"/events?flag=conflict", "/events?flag=urgent", "/events?row=ningxia-2022/visits_village", "/photos", "/photos?state=stored", "/photos?limit=1", "/photos/sums", "/photos?code=" + models.LookupCode(strings.Repeat("ab", 32)), "/conflicts", "/suspects", "/suspects?judged=true",
			"/sheets", "/handins", "/tasks", "/roster", "/reminders", "/receipts", "/snapshots"} {
			paths = append(paths, "/campaigns/"+campaign+what)
		}
	}
	for i := range paths {
		paths[i] = strings.ReplaceAll(strings.ReplaceAll(paths[i], "送法", escaped("送法")), "外", escaped("外"))
	}
	slices.Sort(paths)
	return paths
}
