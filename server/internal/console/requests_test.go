package console_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// A sample makes a request that is good in all but, perhaps, the right of whoever sends it.
type sample struct {
	bound   string         // what the request names: "" nothing, person, record, campaign
	ability office.Ability // that is asked for, where that is not the declared one
	make    func(c *county, t target) request
}

func get(path string) request             { return request{method: "GET", path: path} }
func post(path string, body any) request  { return request{method: "POST", path: path, json: body} }
func patch(path string, body any) request { return request{method: "PATCH", path: path, json: body} }
func putTo(path string, body any) request { return request{method: "PUT", path: path, json: body} }

type m = map[string]any

// reading is a sample that only gets a path made of the target.
func reading(bound, path string) sample {
	return sample{bound: bound, make: func(c *county, t target) request {
		campaign := t.campaign
		if bound == "campaign" {
			campaign = t.office
		}
		return get(fmt.Sprintf(path, campaign, t.unit))
	}}
}

// listing is a sample of a list that names nothing.
func listing(path string) sample {
	return sample{make: func(*county, target) request { return get(path) }}
}

// samples are requests by the id of their route, of some in several variants.
var samples = map[string]sample{}

func add(more map[string]sample) {
	for name, s := range more {
		if _, taken := samples[name]; taken {
			panic(name)
		}
		samples[name] = s
	}
}

func init() {
	add(sessionSamples)
	add(peopleSamples)
	add(campaignSamples)
	add(listSamples)
	add(phoneSamples)
	add(readSamples)
	add(reviewSamples)
	add(photoSamples)
	add(sheetSamples)
}

var sessionSamples = map[string]sample{
	"getStatus": listing("/status"),
	"setUp": {make: func(*county, target) request {
		return post("/setup", m{"token": "x", "unit": m{"name": "n", "code": "c"}, "name": "n", "login": "somebody", "password": password})
	}},
	"signIn": {make: func(c *county, _ target) request {
		login := fmt.Sprintf("in-%d", c.ids.Load())
		c.signIn(c.officer(unitA, models.RoleReader, "临时"), login)
		return post("/session", m{"login": login, "password": password})
	}},
	"refreshSession": {make: func(c *county, _ target) request {
		r := post("/session/refresh", m{})
		r.headers = map[string]string{"Cookie": auth.RefreshCookie + "=" + c.cookie()}
		return r
	}},
	"signOut": {make: func(c *county, _ target) request {
		return request{method: "DELETE", path: "/session", headers: map[string]string{"Cookie": auth.RefreshCookie + "=" + c.cookie()}}
	}},
	"getMe": listing("/me"),
	"setPassword": {make: func(*county, target) request {
		return putTo("/me/password", m{"old_password": password, "password": password + " again"})
	}},
}

// cookie is a refresh token of somebody who is nobody else here.
func (c *county) cookie() string {
	c.Helper()
	login := fmt.Sprintf("cookie-%d", c.ids.Load())
	c.signIn(c.officer(unitA, models.RoleReader, "临时"), login)
	s, err := c.sessions.SignIn(context.Background(), login, password, "")
	if err != nil {
		c.Fatal(err)
	}
	return s.Refresh
}

var peopleSamples = map[string]sample{
	"listUnits":         listing("/units"),
	"listUnits/parent":  reading("", "/units?parent=%[2]s"),
	"getUnit":           reading("unit", "/units/%[2]s"),
	"listOfficers":      listing("/officers"),
	"listOfficers/unit": reading("person", "/officers?unit=%[2]s"),
	"addUnit": {bound: "person", make: func(c *county, t target) request {
		return post("/units", m{"name": c.name(t.unit), "code": c.name(t.unit), "parent": t.unit})
	}},
	"addUnit/root": {ability: "everywhere", make: func(c *county, _ target) request {
		return post("/units", m{"name": c.name(unitA), "code": c.name(unitA)})
	}},
	"changeUnit": {bound: "person", make: func(c *county, t target) request {
		v := version(c.world, t.unit, func(u *models.Unit) int64 { return u.Version })
		return patch("/units/"+t.unit, m{"version": v, "name": c.name(t.unit)})
	}},
	"addOfficer": {bound: "person", make: func(c *county, t target) request {
		return post("/officers", m{"name": c.name(t.unit), "unit": t.unit, "role": "officer"})
	}},
	"getOfficer": {bound: "person", make: func(c *county, t target) request {
		return get("/officers/" + c.officer(t.unit, models.RoleOfficer, "某"))
	}},
	"changeOfficer": {bound: "person", make: func(c *county, t target) request {
		return patch("/officers/"+c.officer(t.unit, models.RoleOfficer, "某"), m{"version": 1, "role": "head"})
	}},
	"listGrants": {bound: "person", make: func(c *county, t target) request {
		return get("/officers/" + c.officer(t.unit, models.RoleOfficer, "某") + "/grants")
	}},
	"addGrant": {bound: "person", make: func(c *county, t target) request {
		return post("/officers/"+c.officer(t.unit, models.RoleOfficer, "某")+"/grants", m{"campaign": t.campaign, "unit": t.unit, "role": "head"})
	}},
	"endGrant": {bound: "person", make: func(c *county, t target) request {
		officer := c.officer(t.unit, models.RoleOfficer, "某")
		c.act(gateway.Entry{Op: "rights.grant", Scope: t.campaign + ":" + t.unit, Officer: officer, Role: "head"})
		return post("/officers/"+officer+"/grants/end", m{"campaign": t.campaign, "unit": t.unit, "role": "head"})
	}},
	"giveLogin": {bound: "person", make: func(c *county, t target) request {
		return putTo("/officers/"+c.officer(t.unit, models.RoleOfficer, "某")+"/login", m{"login": fmt.Sprintf("new-%d", c.ids.Load()), "password": password})
	}},
	"takeLogin": {bound: "person", make: func(c *county, t target) request {
		officer := c.officer(t.unit, models.RoleOfficer, "某")
		c.signIn(officer, fmt.Sprintf("old-%d", c.ids.Load()))
		return request{method: "DELETE", path: "/officers/" + officer + "/login"}
	}},
}

var campaignSamples = map[string]sample{
	"listCampaigns": listing("/campaigns"),
	"getCampaign":   reading("campaign", "/campaigns/%[1]s"),
	"addCampaign": {bound: "person", make: func(c *county, t target) request {
		return post("/campaigns", m{"title": c.name(t.unit), "unit": t.unit, "zone": "Asia/Shanghai", "year": 2022,
			"first_day": "2022-03-01", "last_day": "2022-03-20", "templates": "ningxia-2022"})
	}},
	"changeCampaign": {bound: "campaign", make: func(c *county, t target) request {
		id := c.fresh(t)
		return patch("/campaigns/"+id, m{"version": c.campaignVersion(id), "theme": c.name(t.unit)})
	}},
	"setState": {bound: "campaign", ability: office.Manage, make: func(c *county, t target) request {
		return post("/campaigns/"+c.fresh(t)+"/state", m{"state": "closing"})
	}},
	"setState/freeze": {bound: "campaign", ability: office.Decide, make: func(c *county, t target) request {
		return post("/campaigns/"+c.fresh(t, "closed")+"/state", m{"state": "frozen", "reason": "定稿"})
	}},
	"amend": {bound: "campaign", make: func(c *county, t target) request {
		return post("/campaigns/"+c.fresh(t, "closed", "frozen")+"/amendments", m{"reason": "补报"})
	}},
	"listSnapshots": {bound: "frozen", make: func(c *county, t target) request {
		return get("/campaigns/" + c.frozen[t.unit] + "/snapshots")
	}},
	"getSnapshot": {bound: "frozen", make: func(c *county, t target) request {
		return get("/campaigns/" + c.frozen[t.unit] + "/snapshots/0/ningxia-2022.csv")
	}},
	"listTemplates": listing("/templates"),
	"getTemplate":   listing("/templates/ningxia-2022"),
	"checkTemplate": {make: func(c *county, _ target) request {
		_, text := c.yaml()
		return post("/templates/check", m{"yaml": text})
	}},
	"putTemplate": {make: func(c *county, _ target) request {
		_, text := c.yaml()
		return putTo("/templates", m{"version": 0, "yaml": text})
	}},
}

func (c *county) campaignVersion(id string) int64 {
	return version(c.world, id, func(x *models.Campaign) int64 { return x.Version })
}

// inList are the samples of one of the lists of a campaign.
func inList(path, one, kind string, set func(c *county, t target) m) map[string]sample {
	return map[string]sample{
		"list" + one + "s": reading("campaign", "/campaigns/%[1]s/"+path),
		"add" + one: {bound: "campaign", make: func(c *county, t target) request {
			return post("/campaigns/"+t.office+"/"+path, set(c, t))
		}},
		"change" + one: {bound: "campaign", make: func(c *county, t target) request {
			id, all := c.idIn(t.unit), set(c, t)
			all["campaign"] = t.office
			c.admin(kind, id, all)
			delete(all, "campaign")
			all["version"] = 1
			return patch("/campaigns/"+t.office+"/"+path+"/"+id, all)
		}},
	}
}

var listSamples = map[string]sample{
	"listReminders":     reading("campaign", "/campaigns/%[1]s/reminders"),
	"listReceipts":      reading("campaign", "/campaigns/%[1]s/receipts"),
	"listReceipts/unit": reading("record", "/campaigns/%[1]s/receipts?unit=%[2]s"),
	"addReminder": {bound: "record", make: func(c *county, t target) request {
		return post("/campaigns/"+t.campaign+"/reminders", m{"unit": t.unit, "text": c.name(t.unit)})
	}},
	"changeReminder": {bound: "record", make: func(c *county, t target) request {
		id := c.idIn(t.unit)
		c.admin("reminder", id, m{"campaign": t.campaign, "unit": t.unit, "text": c.name(t.unit)})
		return patch("/campaigns/"+t.campaign+"/reminders/"+id, m{"version": 1, "done": true})
	}},
	"putReceipt": {bound: "record", make: func(c *county, t target) request {
		id := c.newID()
		c.admin("handin", id, m{"campaign": t.campaign, "item": "总结", "due": start + 86400_000})
		return putTo("/campaigns/"+t.campaign+"/receipts", m{"handin": id, "unit": t.unit, "version": 0, "electronic": start, "paper": 0, "note": c.name(t.unit)})
	}},
}

func init() {
	add(inList("handins", "HandIn", "handin", func(c *county, t target) m {
		return m{"item": c.name(t.unit), "due": start + 1000, "recipient": c.name(t.unit)}
	}))
	add(inList("tasks", "Task", "task", func(c *county, t target) m {
		return m{"number": 1, "work": c.name(t.unit), "unit": t.unit}
	}))
	add(inList("roster", "Duty", "roster", func(c *county, t target) m {
		return m{"day": "2022-03-15", "name": c.name(t.unit), "phone": "0"}
	}))
}

var phoneSamples = map[string]sample{
	"listEnrolments":      listing("/enrolments"),
	"listEnrolments/unit": reading("person", "/enrolments?unit=%[2]s"),
	"listDevices":         listing("/devices"),
	"listDevices/unit":    reading("person", "/devices?unit=%[2]s"),
	"listAudit":           listing("/audit"),
	"listAudit/unit":      reading("unit", "/audit?unit=%[2]s"),
	"enrol": {bound: "person", make: func(c *county, t target) request {
		return post("/enrolments", m{"officers": []string{c.officer(t.unit, models.RoleOfficer, "某")}})
	}},
	"enrol/unit": {bound: "person", make: func(c *county, t target) request {
		c.officer(t.unit, models.RoleOfficer, "某")
		return post("/enrolments", m{"unit": t.unit, "days": 3})
	}},
	"cancelEnrolment": {bound: "person", make: func(c *county, t target) request {
		code, err := auth.NewCode(rand.Reader)
		if err != nil {
			c.Fatal(err)
		}
		_, made, err := c.g.AddBatch(context.Background(), c.inst.Officer,
			map[[32]byte]string{auth.HashCode(code): c.officer(t.unit, models.RoleOfficer, "某")}, time.Hour, nil)
		if err != nil {
			c.Fatal(err)
		}
		return post("/enrolments/"+made[0].ID+"/cancel", m{})
	}},
	"getDevice": {bound: "person", make: func(c *county, t target) request {
		return get("/devices/" + c.phone(c.officer(t.unit, models.RoleOfficer, "某")).id)
	}},
	"changeDevice": {bound: "person", make: func(c *county, t target) request {
		return patch("/devices/"+c.phone(c.officer(t.unit, models.RoleOfficer, "某")).id, m{"name": c.name(t.unit), "revoked": true})
	}},
	"importFile": {make: func(c *county, t target) request {
		p := c.phone(c.officer(t.unit, models.RoleOfficer, "某"))
		p.write(t.campaign+":"+t.unit, `"op":"event.put","id":"`+c.idIn(t.unit)+`","set":{"kind":"visit"}`)
		return request{method: "POST", path: "/import", headers: map[string]string{"Content-Type": "application/x-ndjson"}, body: string(p.body())}
	}},
}

// escaped puts a text into a query.
func escaped(s string) string { return url.QueryEscape(s) }
