package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// county is a made-up bureau on an opened database: one collecting unit, units below it, officers
// and a campaign that is open.
type county struct {
	campaign models.Campaign
	root     models.Unit
	units    []models.Unit
	officers []models.Officer // the first of each unit heads it
	codes    []string         // one per officer
}

// countyPlan says how large a made-up bureau is.
type countyPlan struct {
	name      string
	units     []string
	officers  int
	spare     int // officers beside these, to whom codes were given and nothing more
	title     string
	year      int
	firstDay  string
	lastDay   string
	templates []string
}

// makeCounty sets a bureau up in the way the commands do, by lines of the office.
func (a *app) makeCounty(ctx context.Context, p countyPlan) (*county, error) {
	c := &county{root: models.Unit{ID: newID(), Name: p.name, Code: "00"}}
	entries := []gateway.Entry{adminEntry("unit", c.root.ID, map[string]any{"name": p.name, "code": "00"})}
	for i, name := range p.units {
		u := models.Unit{ID: newID(), Parent: c.root.ID, Name: name, Code: fmt.Sprintf("%02d", i+1)}
		c.units = append(c.units, u)
		entries = append(entries, adminEntry("unit", u.ID, map[string]any{"name": name, "code": u.Code, "parent": u.Parent}))
	}
	for i := range p.officers + p.spare {
		o := models.Officer{ID: newID(), Name: fmt.Sprintf("外勤%02d", i+1), Unit: c.units[i%len(c.units)].ID, Role: models.RoleOfficer}
		if i < len(c.units) {
			o.Role = models.RoleHead
		}
		c.officers = append(c.officers, o)
		entries = append(entries, adminEntry("officer", o.ID, map[string]any{"name": o.Name, "unit": o.Unit, "role": string(o.Role)}))
	}
	c.campaign = models.Campaign{ID: newID(), Title: p.title, FirstDay: p.firstDay, LastDay: p.lastDay, Zone: "Asia/Shanghai"}
	entries = append(entries, adminEntry("campaign", c.campaign.ID, map[string]any{"title": p.title, "theme": "演示数据",
		"year": p.year, "zone": c.campaign.Zone, "first_day": p.firstDay, "last_day": p.lastDay, "unit": c.root.ID,
		"templates": strings.Join(p.templates, ",")}),
		gateway.Entry{Op: "campaign.state", Scope: c.campaign.ID, State: string(models.CampaignIsOpen)})
	if err := a.act(ctx, entries...); err != nil {
		return nil, err
	}
	var err error
	c.codes, err = a.enrolCodes(ctx, c.officers, 24*time.Hour)
	return c, err
}

func adminEntry(kind, id string, set map[string]any) gateway.Entry {
	var base int64
	return gateway.Entry{Op: "admin.put", Kind: kind, ID: id, Base: &base, Set: jsonText(set)}
}
