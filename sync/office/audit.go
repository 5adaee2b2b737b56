package office

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// Audit lists what the office did, the newest first: about units where one may read it, about
// campaigns whose collecting unit is among those, and what is about neither for those who may read it
// in one whole tree.
func (d *Desk) Audit(ctx context.Context, r *Reach, q AuditQuery, p Paging) (out Page[AuditRow], err error) {
	pg, err := p.page(3, 0, "audit", q)
	if err != nil {
		return out, err
	}
	sel := AuditSelect{Campaign: q.Campaign, Officer: q.Officer, Op: q.Op, Kind: q.Kind, ID: q.ID, FromMS: q.FromMS, ToMS: q.ToMS,
		Atmost: pg.size() + 1}
	if q.Unit != "" {
		if !r.looks(q.Unit) {
			return out, errNoUnit
		}
		sel.Units = r.tree.subtree(q.Unit)
	}
	if pg.at != nil {
		sel.After = &AuditKey{AtMS: pg.at.N[0], Log: pg.at.N[1], Seq: pg.at.N[2]}
	}
	err = d.store.Read(ctx, func(tx Tx) error {
		campaigns, err := tx.Campaigns()
		if err != nil {
			return err
		}
		sel.Reaches = r.audited(campaigns)
		lines, err := tx.AuditLines(sel)
		if err != nil {
			return err
		}
		lines, out.Next = trim(pg, lines, func(l *models.AuditLine) ([]int64, []string) { return []int64{l.AtMS, l.Log, l.Seq}, nil })
		out.Items, err = auditRows(tx, r, campaigns, lines)
		return err
	})
	return out, err
}

// audited returns which lines of the office somebody may read.
func (r *Reach) audited(campaigns []models.Campaign) []AuditReach {
	var limited []string
	for _, g := range r.grants {
		if g.campaign != "" && !slices.Contains(limited, g.campaign) {
			limited = append(limited, g.campaign)
		}
	}
	out := []AuditReach{}
	for _, campaign := range append([]string{""}, limited...) {
		x := AuditReach{Campaign: campaign, Units: append([]string{}, r.Units(Audit, campaign, "")...), Whole: []string{}}
		for i := range campaigns {
			if c := &campaigns[i]; (campaign == "" || campaign == c.ID) && r.May(Audit, campaign, c.Unit) {
				x.Whole = append(x.Whole, c.ID)
			}
		}
		x.Unbounded = campaign == "" && r.MayEverywhere(Audit)
		if len(x.Units) > 0 {
			out = append(out, x)
		}
	}
	return out
}

func auditRows(tx Tx, r *Reach, campaigns []models.Campaign, lines []models.AuditLine) ([]AuditRow, error) {
	out := []AuditRow{}
	if len(lines) == 0 {
		return out, nil
	}
	var at []merge.Place
	var officers []string
	for i := range lines {
		at = append(at, merge.Place{Log: lines[i].Log, Seq: lines[i].Seq})
		officers = append(officers, lines[i].Officer)
	}
	raw, err := tx.LinesAt(at)
	if err != nil {
		return nil, err
	}
	said, read := map[merge.Place][]byte{}, map[merge.Place]*changelog.Change{}
	for i := range raw {
		p := merge.Place{Log: raw[i].Log, Seq: raw[i].Seq}
		said[p] = raw[i].Raw
		if c, fault := changelog.ParseLine(raw[i].Raw); fault == nil {
			read[p] = c
			if c.Officer != "" { // whose code it is
				officers = append(officers, c.Officer)
			}
		}
	}
	titles, people, err := auditTitles(tx, r, campaigns, lines)
	if err != nil {
		return nil, err
	}
	v := newViewer(tx, r, nil, nil)
	v.officers = people
	if err := v.know(officers, nil); err != nil {
		return nil, err
	}
	for i := range lines {
		l := &lines[i]
		row := AuditRow{Log: l.Log, Seq: l.Seq, At: l.AtMS, By: v.person(l.Officer, ""), Op: l.Op, Campaign: l.Campaign, Unit: l.Unit,
			UnitName: r.unitName(l.Unit), Kind: l.Kind, ID: l.ID, Title: titles[i], Line: json.RawMessage("{}")}
		if b := said[at[i]]; b != nil {
			row.Line = b
		}
		if c := read[at[i]]; c != nil {
			row.Line, row.Reason = unsecret(row.Line, c), c.Reason
			if row.Title == "" && l.Kind == "enrolment" {
				row.Title = v.person(c.Officer, "").OfficerName
			}
		}
		out = append(out, row)
	}
	return out, nil
}

// auditTitles names what lines are about: people, units, campaigns and records.
func auditTitles(tx Tx, r *Reach, campaigns []models.Campaign, lines []models.AuditLine) ([]string, map[string]models.Officer, error) {
	v := newViewer(tx, r, nil, nil)
	var officers, devices []string
	var keys []gateway.Key
	of := make([]gateway.Key, len(lines))
	for i := range lines {
		l := &lines[i]
		switch l.Kind {
		case "officer", "credential":
			officers = append(officers, l.ID)
		case "device":
			devices = append(devices, l.ID)
		case string(models.EventKind), string(models.LotKind), string(models.PhotoKind), string(models.SheetKind):
			s, err := tx.ScopeOf(l.Campaign, l.Unit)
			if err != nil {
				return nil, nil, err
			}
			if s != nil {
				of[i] = gateway.Key{Scope: s.No, Kind: models.Kind(l.Kind), ID: l.ID}
				keys = append(keys, of[i])
			}
		}
	}
	if err := v.know(officers, devices); err != nil {
		return nil, nil, err
	}
	slices.SortFunc(keys, compareKeys)
	recs, err := tx.RecordsAt(slices.Compact(keys))
	out := make([]string, len(lines))
	for i := range lines {
		l := &lines[i]
		switch l.Kind {
		case "officer", "credential":
			out[i] = v.officers[l.ID].Name
		case "device":
			out[i] = v.devices[l.ID].Name
		case "unit", string(models.SheetKind):
			out[i] = r.unitName(l.ID)
		case "campaign":
			for j := range campaigns {
				if campaigns[j].ID == l.ID {
					out[i] = campaigns[j].Title
				}
			}
		default:
			if s, ok := recs[of[i]]; ok {
				out[i] = titleOf(s.Record)
			}
		}
	}
	return out, v.officers, err
}

func compareKeys(a, b gateway.Key) int {
	return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}
