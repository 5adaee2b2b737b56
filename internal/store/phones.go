package store

import (
	"database/sql"
	"errors"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// Heads returns a device's logs in the order they began.
func (t *tx) Heads(device string) ([]models.Log, error) { return t.logsWhere("device = ?", device) }

// RecordsSince reads records by the scope's counter: one range of an index.
func (t *tx) RecordsSince(scope, after int64, n int, each func(*gateway.PulledRecord) bool) error {
	var p gateway.PulledRecord
	var data sql.RawBytes
	err := t.each(func(r *sql.Rows) error {
		if err := r.Scan(&p.Kind, &p.ID, &p.Seq, &p.Version, &p.Deleted, &data); err != nil {
			return err
		}
		p.Data = data
		if !each(&p) {
			return errEnough
		}
		return nil
	}, "SELECT kind, id, seq, version, deleted, data FROM record WHERE scope_no = ? AND seq > ? ORDER BY seq LIMIT ?", scope, after, n)
	if err == errEnough {
		return nil
	}
	return err
}

// errEnough ends a reading early.
var errEnough = errors.New("store: enough was read")

func (t *tx) AddEnrolment(e *models.Enrolment) error { return t.gorm().Create(e).Error }

// Enrolment locks and returns an enrolment, nil when there is none.
func (t *tx) Enrolment(hash []byte) (found *models.Enrolment, err error) {
	return t.enrolment("hash = ?", hash, true)
}

const enrolmentColumns = "hash, officer, created_ms, expires_ms, used_ms, device, key_hash, id, batch, made_by, cancelled_ms"

func (t *tx) enrolment(where string, arg any, lock bool) (found *models.Enrolment, err error) {
	q := "SELECT " + enrolmentColumns + " FROM enrolment WHERE " + where
	if t.pg && lock {
		q += " FOR UPDATE"
	}
	err = t.each(func(r *sql.Rows) error {
		e := &models.Enrolment{}
		found = e
		return r.Scan(&e.Hash, &e.Officer, &e.CreatedMS, &e.ExpiresMS, &e.UsedMS, &e.Device, &e.KeyHash,
			&e.ID, &e.Batch, &e.MadeBy, &e.CancelledMS)
	}, q, arg)
	return found, err
}

// LivingPhones lists an officer's phones that are not revoked, by their ids.
func (t *tx) LivingPhones(officer string) ([]string, error) {
	return gather(t, func(r *sql.Rows, id *string) error { return r.Scan(id) },
		"SELECT id FROM device WHERE officer = ? AND NOT office AND revoked_ms = 0 ORDER BY id", officer)
}

// EnrolmentByID locks and returns an enrolment by its name, nil when there is none.
func (t *tx) EnrolmentByID(id string) (*models.Enrolment, error) {
	return t.enrolment("id = ?", id, true)
}

// FindEnrolment returns an enrolment by its name without locking it, nil when there is none.
func (t *tx) FindEnrolment(id string) (*models.Enrolment, error) {
	return t.enrolment("id = ?", id, false)
}

func (t *tx) UseEnrolment(e *models.Enrolment) error {
	return t.exec("UPDATE enrolment SET used_ms = ?, device = ?, key_hash = ?, cancelled_ms = ? WHERE hash = ?",
		e.UsedMS, e.Device, e.KeyHash, e.CancelledMS, e.Hash)
}

// UseAssertion notes a used assertion and reports whether it was new.
func (t *tx) UseAssertion(device, jti string, expiresMS, nowMS int64) (bool, error) {
	if err := t.exec("DELETE FROM assertion WHERE expires_ms < ?", nowMS); err != nil {
		return false, err
	}
	r, err := t.q.ExecContext(t.ctx, t.db.sql("INSERT INTO assertion (device, jti, expires_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
		device, jti, expiresMS)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// SetupLists fills in what surrounds an officer's work: colleagues of the same units, and the
// tasks, roster, hand-in items and open reminders of their campaigns.
func (t *tx) SetupLists(s *gateway.Setup, as []models.Assignment) error {
	var units, campaigns []string
	for i := range as {
		if as[i].EndedMS == 0 {
			units = append(units, as[i].Unit)
		}
	}
	for i := range s.Campaigns {
		campaigns = append(campaigns, s.Campaigns[i].ID)
	}
	g := t.gorm()
	for _, err := range []error{
		g.Where("unit IN ? AND NOT ended", units).Order("id").Find(&s.Colleagues).Error,
		t.gorm().Where("campaign IN ?", campaigns).Order("campaign, number, id").Find(&s.Tasks).Error,
		t.gorm().Where("campaign IN ?", campaigns).Order("campaign, day, id").Find(&s.Roster).Error,
		t.gorm().Where("campaign IN ?", campaigns).Order("campaign, due_ms, id").Find(&s.HandIns).Error,
		t.gorm().Where("campaign IN ? AND unit IN ? AND NOT done", campaigns, units).Order("id").Find(&s.Reminders).Error,
	} {
		if err != nil {
			return err
		}
	}
	return nil
}
