package console_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// county is a world with units, campaigns and one person of each role in A.
type county struct {
	*world
	by     map[models.Role]string // who has which role in A
	root   string                 // administers the bureau
	helper map[models.Role]string // officers of Z with that role in A for campaign G alone
	frozen map[string]string      // a frozen campaign of each unit
	away   *phone                 // of an officer of Z
	names  int
	last   *made // request of TestRights
}

var allRoles = []models.Role{models.RoleOfficer, models.RoleHead, models.RoleReviewer, models.RoleLeader, models.RoleAdmin, models.RoleReader}

// newCounty sets the county up. Whatever is of B comes last, so that all the rest is the same without it.
func newCounty(t testing.TB, db *store.DB, withB bool) *county {
	t.Helper()
	c := &county{world: newWorld(t, db), by: map[models.Role]string{}, helper: map[models.Role]string{}, frozen: map[string]string{}}
	c.unit(unitR, "00", "县局", "")
	c.unit(unitA, "01", "城关所", unitR)
	c.unit(unitA1, "011", "城关一队", unitA)
	c.unit(unitZ, "09", "综合科", unitR)
	c.campaign(campR, unitR, "全县活动")
	c.campaign(campA, unitA, "城关活动")
	c.campaign(campA1, unitA1, "一队活动")
	c.campaign(campG, unitA, "联合活动")
	c.root = c.user(unitR, models.RoleAdmin, "局管理员")
	for _, role := range allRoles {
		c.by[role] = c.user(unitA, role, "城关"+string(role))
	}
	for _, role := range []models.Role{models.RoleReviewer, models.RoleAdmin} {
		c.helper[role] = c.user(unitZ, models.RoleOfficer, "综合"+string(role))
		c.act(gateway.Entry{Op: "rights.grant", Scope: campG + ":" + unitA, Officer: c.helper[role], Role: string(role)})
	}
	c.away = c.phone(c.officer(unitZ, models.RoleOfficer, "外勤"))
	c.freeze(unitA)
	c.freeze(unitA1)
	if withB {
		c.addB()
	}
	return c
}

// addB makes the unit B, with a campaign and a person of its own.
func (c *county) addB() {
	c.Helper()
	c.unit(unitB, "02", "河东所", unitR)
	c.campaign(campB, unitB, "河东活动")
	c.user(unitB, models.RoleHead, "河东所长")
	c.freeze(unitB)
}

// freeze makes a frozen campaign of a unit.
func (c *county) freeze(unit string) {
	c.Helper()
	id := c.idIn(unit)
	c.campaign(id, unit, "往年活动")
	c.close(id)
	c.act(gateway.Entry{Op: "campaign.state", Scope: id, State: "frozen"})
	c.frozen[unit] = id
}

func (c *county) close(campaign string) {
	c.Helper()
	c.act(gateway.Entry{Op: "campaign.state", Scope: campaign, State: "closed"})
}

// name makes a name that nobody has.
func (c *county) name(unit string) string {
	c.names++
	return word(unit, fmt.Sprintf("某%d", c.names))
}

// target is where a request goes: a unit, a campaign in which it records, one that it collects.
type target struct {
	name                   string
	unit, campaign, office string
	helped                 bool // somebody of Z has rights there
}

var targets = map[string]target{
	"own":     {"own", unitA, campR, campA, false},
	"below":   {"below", unitA1, campR, campA1, false},
	"foreign": {"foreign", unitB, campR, campB, false},
	"granted": {"granted", unitA, campG, campG, true},
	"other":   {"other", unitA, campR, campA, false},
}

// fresh makes a campaign that the target's unit collects, with the same helpers as the target has.
func (c *county) fresh(t target, states ...string) string {
	c.Helper()
	id := c.idIn(t.unit)
	c.campaign(id, t.unit, "某活动")
	if t.helped {
		for role, officer := range c.helper {
			c.act(gateway.Entry{Op: "rights.grant", Scope: id + ":" + t.unit, Officer: officer, Role: string(role)})
		}
	}
	for _, s := range states {
		c.act(gateway.Entry{Op: "campaign.state", Scope: id, State: s})
	}
	return id
}

// held makes a line that waits for the office in a unit, and returns its name in a path.
func (c *county) held(t target) string {
	c.Helper()
	seq := c.away.write(t.campaign+":"+t.unit, fmt.Sprintf(`"op":"event.put","id":"%s","set":{"kind":"visit","venue":"village","title":"%s","started_at":%d}`,
		c.idIn(t.unit), word(t.unit, "暂存"), start))
	if v := c.away.push(); !strings.Contains(v, "held no_right") {
		c.Fatalf("the line is not held: %s", v)
	}
	var no int64
	err := c.db.View(context.Background(), func(tx gateway.Tx) error {
		l, err := tx.FindLog(c.away.id, c.away.epoch)
		if err == nil {
			no = l.No
		}
		return err
	})
	if err != nil {
		c.Fatal(err)
	}
	return fmt.Sprintf("/held/%d/%d", no, seq)
}

// sheet brings a unit's sheet to a state and returns its version and seq.
func (c *county) sheet(campaign, unit string, completed, approved, accepted bool) (version, seq int64) {
	c.Helper()
	scope := campaign + ":" + unit
	v, s := c.at(campaign, unit, models.SheetKind, unit)
	if v > 0 {
		// Whatever it was, take it back in the order in which that is allowed.
		if err := c.g.Act(context.Background(), c.inst.Officer, gateway.Entry{Op: "review.reopen", Scope: scope, Kind: "sheet", ID: unit, Version: &v, Seq: &s}); err == nil {
			v, _ = c.at(campaign, unit, models.SheetKind, unit)
		}
		c.putSheet(scope, unit, v, `{"approved":false}`)
		v, _ = c.at(campaign, unit, models.SheetKind, unit)
	}
	c.putSheet(scope, unit, v, `{"completed":false,"remarks":"`+word(unit, "备注")+`"}`)
	if completed {
		v, _ = c.at(campaign, unit, models.SheetKind, unit)
		c.putSheet(scope, unit, v, `{"completed":true}`)
	}
	if approved {
		v, _ = c.at(campaign, unit, models.SheetKind, unit)
		c.putSheet(scope, unit, v, `{"approved":true}`)
	}
	v, s = c.at(campaign, unit, models.SheetKind, unit)
	if accepted {
		c.act(gateway.Entry{Op: "review.accept", Scope: scope, Kind: "sheet", ID: unit, Version: &v, Seq: &s})
		v, s = c.at(campaign, unit, models.SheetKind, unit)
	}
	return v, s
}

func (c *county) putSheet(scope, unit string, base int64, set string) {
	c.Helper()
	c.act(gateway.Entry{Op: "sheet.put", Scope: scope, ID: unit, Base: &base, Set: []byte(set)})
}

// yaml is the text of a form that nobody has.
func (c *county) yaml() (code, text string) {
	src, ok := stats.BuiltinSource("heping-2020")
	if !ok {
		c.Fatal("there is no heping-2020")
	}
	c.names++
	code = fmt.Sprintf("form-%d", c.names)
	return code, strings.Replace(string(src), "id: heping-2020", "id: "+code, 1)
}
