package store

import (
	"database/sql"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

func (t *tx) Logs() ([]models.Log, error) { return t.logsWhere("1 = 1") }

func (t *tx) Batches(log int64) (out []models.Batch, err error) {
	err = t.each(func(r *sql.Rows) error {
		b := models.Batch{Log: log}
		if err := r.Scan(&b.First, &b.Header, &b.ReceiptMS, &b.OffsetMS); err != nil {
			return err
		}
		out = append(out, b)
		return nil
	}, "SELECT first, header, receipt_ms, offset_ms FROM batch WHERE log_no = ? ORDER BY first", log)
	return out, err
}

// BatchesOver returns the batches that brought the lines of [from, to] of a log, in order.
func (t *tx) BatchesOver(log, from, to int64) (out []models.Batch, err error) {
	err = t.each(func(r *sql.Rows) error {
		b := models.Batch{Log: log}
		if err := r.Scan(&b.First, &b.Header, &b.ReceiptMS, &b.OffsetMS); err != nil {
			return err
		}
		out = append(out, b)
		return nil
	}, "SELECT first, header, receipt_ms, offset_ms FROM batch WHERE log_no = ? AND first <= ? AND "+
		"first >= coalesce((SELECT max(first) FROM batch WHERE log_no = ? AND first <= ?), 0) ORDER BY first", log, to, log, from)
	return out, err
}

func (t *tx) AllScopes() (out []models.Scope, err error) {
	err = t.each(func(r *sql.Rows) error {
		var s models.Scope
		if err := scanScope(r, &s); err != nil {
			return err
		}
		out = append(out, s)
		return nil
	}, "SELECT "+scopeColumns+" FROM scope ORDER BY no")
	return out, err
}

func (t *tx) ScopeRecords(scope int64) (out []gateway.StoredBytes, err error) {
	err = t.each(func(r *sql.Rows) error {
		s := gateway.StoredBytes{Key: gateway.Key{Scope: scope}}
		if err := r.Scan(&s.Key.Kind, &s.Key.ID, &s.Version, &s.Seq, &s.Deleted, &s.Review, &s.State, &s.Data, &s.Counts); err != nil {
			return err
		}
		out = append(out, s)
		return nil
	}, "SELECT kind, id, version, seq, deleted, review, state, data, counts FROM record WHERE scope_no = ? ORDER BY kind, id", scope)
	return out, err
}

func (t *tx) EachTotal(each func(string, int64, gateway.TotalDelta)) error {
	return t.each(func(r *sql.Rows) error {
		var campaign string
		var rules int64
		var d gateway.TotalDelta
		if err := r.Scan(&campaign, &rules, &d.Template, &d.Row, &d.Unit, &d.Reported, &d.ReportedN, &d.Accepted, &d.AcceptedN); err != nil {
			return err
		}
		each(campaign, rules, d)
		return nil
	}, "SELECT campaign, rules, template, row, unit, reported, reported_n, accepted, accepted_n FROM total ORDER BY campaign, rules, template, row, unit")
}

func (t *tx) EachUse(each func(string, int64, gateway.UseDelta)) error {
	return t.each(func(r *sql.Rows) error {
		var campaign string
		var rules int64
		var d gateway.UseDelta
		if err := r.Scan(&campaign, &rules, &d.Template, &d.Row, &d.Unit, &d.Key, &d.Reported, &d.Accepted); err != nil {
			return err
		}
		each(campaign, rules, d)
		return nil
	}, "SELECT campaign, rules, template, row, unit, key, reported, accepted FROM distinct_key ORDER BY campaign, rules, template, row, unit, key")
}

func (t *tx) Snapshots() (out []models.Snapshot, err error) {
	err = t.gorm().Order("campaign, number, template").Find(&out).Error
	return out, err
}

func (t *tx) AllAssignments() (out []models.Assignment, err error) {
	err = t.gorm().Order("officer, campaign, unit, role").Find(&out).Error
	return out, err
}

func (t *tx) Devices() (out []models.Device, err error) {
	err = t.gorm().Order("id").Find(&out).Error
	return out, err
}

func (t *tx) Enrolments() (out []models.Enrolment, err error) {
	err = t.gorm().Order("id").Find(&out).Error
	return out, err
}
