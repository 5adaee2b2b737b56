package console_test

import (
	"fmt"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

var readSamples = map[string]sample{
	"getOverview":           reading("campaign", "/campaigns/%[1]s/overview"),
	"getOverview/unit":      reading("record", "/campaigns/%[1]s/overview?unit=%[2]s"),
	"listUnitStatuses":      reading("campaign", "/campaigns/%[1]s/units"),
	"listUnitStatuses/unit": reading("record", "/campaigns/%[1]s/units?unit=%[2]s"),
	"getTable":              reading("campaign", "/campaigns/%[1]s/table"),
	"getTable/unit":         reading("record", "/campaigns/%[1]s/table?unit=%[2]s"),
	"getRow":                reading("campaign", "/campaigns/%[1]s/table/rows/visits_village"),
	"getRow/unit":           reading("record", "/campaigns/%[1]s/table/rows/visits_village?unit=%[2]s"),
	"getXLSX":               reading("campaign", "/campaigns/%[1]s/table.xlsx"),
	"getXLSX/unit":          reading("record", "/campaigns/%[1]s/table.xlsx?unit=%[2]s"),
	"getCSV":                reading("campaign", "/campaigns/%[1]s/table.csv"),
	"getCSV/unit":           reading("record", "/campaigns/%[1]s/table.csv?form=canonical&unit=%[2]s"),
	"listEvents":            reading("campaign", "/campaigns/%[1]s/events"),
	"listEvents/unit":       reading("record", "/campaigns/%[1]s/events?unit=%[2]s"),
	"listEvents/waiting":    reading("record", "/campaigns/%[1]s/events?unit=%[2]s&state=waiting"),
	"listConflicts":         reading("campaign", "/campaigns/%[1]s/conflicts"),
	"listConflicts/unit":    reading("record", "/campaigns/%[1]s/conflicts?unit=%[2]s"),
	"listHeld":              listing("/held"),
	"listHeld/unit":         reading("record", "/held?campaign=%[1]s&unit=%[2]s"),
	"listSuspects":          reading("campaign", "/campaigns/%[1]s/suspects"),
	"listSuspects/unit":     reading("record", "/campaigns/%[1]s/suspects?unit=%[2]s"),
	"listSheets":            reading("campaign", "/campaigns/%[1]s/sheets"),
	"listSheets/unit":       reading("record", "/campaigns/%[1]s/sheets?unit=%[2]s"),
	"listEntries": {bound: "record", make: func(c *county, t target) request {
		id := c.event(t.campaign, t.unit, nil)
		return get(fmt.Sprintf("/campaigns/%s/table/rows/consultations/entries?record_unit=%s&kind=event&id=%s", t.campaign, t.unit, id))
	}},
	"getEvent": {bound: "record", make: func(c *county, t target) request {
		return get(eventPath(t, c.event(t.campaign, t.unit, nil)))
	}},
	"getHistory": {bound: "record", make: func(c *county, t target) request {
		return get(recordPath(t, "event", c.event(t.campaign, t.unit, nil)) + "/history")
	}},
}

func eventPath(t target, id string) string { return recordPath(t, "events", id) }

func recordPath(t target, kind, id string) string {
	return fmt.Sprintf("/campaigns/%s/units/%s/%s/%s", t.campaign, t.unit, kind, id)
}

var reviewSamples = map[string]sample{
	"reviewEvent": {bound: "record", make: func(c *county, t target) request {
		id := c.event(t.campaign, t.unit, nil)
		v, s := c.at(t.campaign, t.unit, models.EventKind, id)
		return post(eventPath(t, id)+"/review", m{"op": "accept", "version": v, "seq": s})
	}},
	"reviewMany": {bound: "record", make: func(c *county, t target) request {
		id := c.event(t.campaign, t.unit, nil)
		v, s := c.at(t.campaign, t.unit, models.EventKind, id)
		return post("/campaigns/"+t.campaign+"/review", m{"decisions": []m{{"unit": t.unit, "kind": "event", "id": id,
			"op": "return", "version": v, "seq": s, "reason": "请补照片"}}})
	}},
	"changeRecord": {bound: "record", make: func(c *county, t target) request {
		id := c.event(t.campaign, t.unit, nil)
		v, _ := c.at(t.campaign, t.unit, models.EventKind, id)
		return patch(recordPath(t, "event", id), m{"version": v, "set": m{"leaders": 5, "notes": nil}})
	}},
	"changeRecord/accepted": {bound: "record", ability: office.Review, make: func(c *county, t target) request {
		id := c.event(t.campaign, t.unit, nil)
		v, s := c.at(t.campaign, t.unit, models.EventKind, id)
		c.act(gateway.Entry{Op: "review.accept", Scope: t.campaign + ":" + t.unit, Kind: "event", ID: id, Version: &v, Seq: &s})
		v, _ = c.at(t.campaign, t.unit, models.EventKind, id)
		return patch(recordPath(t, "event", id), m{"version": v, "set": m{"leaders": 5}})
	}},
	"changeRecord/approve": {bound: "record", ability: office.Sign, make: func(c *county, t target) request {
		v, _ := c.sheet(t.campaign, t.unit, true, false, false)
		return patch(recordPath(t, "sheet", t.unit), m{"version": v, "set": m{"approved": true}})
	}},
	"addTally": {bound: "record", make: func(c *county, t target) request {
		return post(eventPath(t, c.event(t.campaign, t.unit, nil))+"/tallies", m{"indicator": "consultations", "n": -1, "note": "误点"})
	}},
	"moveRecord": {bound: "record", make: func(c *county, t target) request {
		to := unitA1
		if t.unit == unitA1 {
			to = unitA
		}
		return post(recordPath(t, "event", c.event(t.campaign, t.unit, nil))+"/move", m{"to": to, "reason": "归属更正"})
	}},
	"releaseHeld": {bound: "record", ability: office.Review, make: func(c *county, t target) request {
		return post(c.held(t)+"/release", m{"reason": "借调"})
	}},
	"rejectHeld": {bound: "record", ability: office.Review, make: func(c *county, t target) request {
		return post(c.held(t)+"/reject", m{"reason": "无关"})
	}},
	"judgeSuspect": {bound: "record", make: func(c *county, t target) request {
		one, two := c.event(t.campaign, t.unit, nil), c.event(t.campaign, t.unit, nil)
		v, s := c.at(t.campaign, t.unit, models.EventKind, two)
		return post("/campaigns/"+t.campaign+"/suspects", m{"first": m{"unit": t.unit, "id": one}, "second": m{"unit": t.unit, "id": two},
			"version": v, "seq": s, "verdict": "same_facts", "reason": "同一场"})
	}},
	"undoJudgement": {bound: "record", make: func(c *county, t target) request {
		one, two := c.event(t.campaign, t.unit, nil), c.event(t.campaign, t.unit, nil)
		scope := t.campaign + ":" + t.unit
		c.act(gateway.Entry{Op: "dup.judge", Scope: scope, Kind: "event", ID: two, Of: &gateway.Of{Scope: scope, ID: one}, Verdict: "one_event"})
		v, s := c.at(t.campaign, t.unit, models.EventKind, two)
		return post("/campaigns/"+t.campaign+"/suspects/undo", m{"unit": t.unit, "id": two, "version": v, "seq": s, "reason": "不是"})
	}},
}

func sheetPath(t target) string { return "/campaigns/" + t.campaign + "/sheets/" + t.unit }

var sheetSamples = map[string]sample{
	"getSheet": reading("record", "/campaigns/%[1]s/sheets/%[2]s"),
	"changeSheet": {bound: "record", make: func(c *county, t target) request {
		v, _ := c.sheet(t.campaign, t.unit, false, false, false)
		return patch(sheetPath(t), m{"version": v, "set": m{"remarks": c.name(t.unit)}})
	}},
	"completeSheet": {bound: "record", make: func(c *county, t target) request {
		v, _ := c.sheet(t.campaign, t.unit, false, false, false)
		return post(sheetPath(t)+"/complete", m{"version": v})
	}},
	"approveSheet": {bound: "record", make: func(c *county, t target) request {
		v, _ := c.sheet(t.campaign, t.unit, true, false, false)
		return post(sheetPath(t)+"/approve", m{"version": v})
	}},
	"reviewSheet": {bound: "record", make: func(c *county, t target) request {
		v, s := c.sheet(t.campaign, t.unit, true, true, false)
		return post(sheetPath(t)+"/review", m{"op": "accept", "version": v, "seq": s})
	}},
}
