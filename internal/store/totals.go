package store

import (
	"database/sql"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// AddTotals adds the deltas, which come sorted: every writer meets the rows in the same order.
func (t *tx) AddTotals(campaign string, rules int64, deltas []gateway.TotalDelta) error {
	return t.values("INSERT INTO total (campaign, rules, template, row, unit, reported, reported_n, accepted, accepted_n)",
		9, len(deltas), "ON CONFLICT (campaign, rules, template, row, unit) DO UPDATE SET reported = total.reported + excluded.reported, "+
			"reported_n = total.reported_n + excluded.reported_n, accepted = total.accepted + excluded.accepted, "+
			"accepted_n = total.accepted_n + excluded.accepted_n",
		func(a []any, i int) []any {
			d := &deltas[i]
			return append(a, campaign, rules, d.Template, d.Row, d.Unit, d.Reported, d.ReportedN, d.Accepted, d.AcceptedN)
		})
}

// AddUses adds to use counts one by one: the answer belongs to its delta.
func (t *tx) AddUses(campaign string, rules int64, deltas []gateway.UseDelta) ([]gateway.Uses, error) {
	out := make([]gateway.Uses, len(deltas))
	for i := range deltas {
		d := &deltas[i]
		_, err := t.one("INSERT INTO distinct_key (campaign, rules, template, row, unit, key, reported, accepted) "+
			"VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (campaign, rules, template, row, unit, key) DO UPDATE SET "+
			"reported = distinct_key.reported + excluded.reported, accepted = distinct_key.accepted + excluded.accepted "+
			"RETURNING reported, accepted",
			[]any{campaign, rules, d.Template, d.Row, d.Unit, d.Key, d.Reported, d.Accepted}, &out[i].Reported, &out[i].Accepted)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Rules returns one rules version of a campaign, nil when there is none.
func (t *tx) Rules(campaign string, version int64) (*models.Rules, error) {
	r := models.Rules{Campaign: campaign, Version: version}
	ok, err := t.one("SELECT zone, first_day, last_day, templates, created_ms FROM rules WHERE campaign = ? AND version = ?",
		[]any{campaign, version}, &r.Zone, &r.FirstDay, &r.LastDay, &r.Templates, &r.CreatedMS)
	if err != nil || !ok {
		return nil, err
	}
	return &r, nil
}

// Totals returns the totals of a campaign at a rules version; template "" means those rows that
// belong to none.
func (t *tx) Totals(campaign string, rules int64, template string) (out []stats.Total, err error) {
	err = t.each(func(r *sql.Rows) error {
		x := stats.Total{Template: template}
		if err := r.Scan(&x.Row, &x.Unit, &x.Reported, &x.ReportedN, &x.Accepted, &x.AcceptedN); err != nil {
			return err
		}
		out = append(out, x)
		return nil
	}, "SELECT row, unit, reported, reported_n, accepted, accepted_n FROM total WHERE campaign = ? AND rules = ? AND template = ? "+
		"ORDER BY row, unit", campaign, rules, template)
	return out, err
}

// Assignments returns all assignments an officer ever had.
func (t *tx) Assignments(officer string) (out []models.Assignment, err error) {
	err = t.each(func(r *sql.Rows) error {
		var a models.Assignment
		if err := r.Scan(&a.Officer, &a.Campaign, &a.Unit, &a.Role, &a.StartedMS, &a.EndedMS); err != nil {
			return err
		}
		out = append(out, a)
		return nil
	}, "SELECT officer, campaign, unit, role, started_ms, ended_ms FROM assignment WHERE officer = ?", officer)
	return out, err
}
