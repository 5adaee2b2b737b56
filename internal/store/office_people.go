package store

import (
	"database/sql"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/office"
)

// OfficersByID reads people.
func (t *tx) OfficersByID(ids []string) ([]models.Officer, error) {
	cond, arg := t.oneOf("id", ids)
	return gather(t, func(r *sql.Rows, o *models.Officer) error {
		return r.Scan(&o.ID, &o.Version, &o.Name, &o.Unit, &o.Role, &o.Ended)
	}, "SELECT id, version, name, unit, role, ended FROM officer WHERE "+cond, arg)
}

// OfficersOf counts the officers of each unit who did not leave.
func (t *tx) OfficersOf() (map[string]int, error) {
	out := map[string]int{}
	err := t.each(func(r *sql.Rows) error {
		var unit string
		var n int
		if err := r.Scan(&unit, &n); err != nil {
			return err
		}
		out[unit] = n
		return nil
	}, "SELECT unit, COUNT(*) FROM officer WHERE NOT ended GROUP BY unit")
	return out, err
}

// OfficerRows lists people by name and id.
func (t *tx) OfficerRows(s office.OfficerSelect) ([]office.OfficerRow, error) {
	w := t.where()
	if s.ID != "" {
		w.and("o.id = ?", s.ID)
	}
	w.in("o.unit", s.Units)
	if s.Q != "" {
		w.and(either(t.holds("LOWER(o.name)"), t.holds("COALESCE(c.login, '')")), s.Q, s.Q)
	}
	if s.Role != "" {
		w.and("o.role = ?", string(s.Role))
	}
	if s.Ended != nil {
		w.and("o.ended = ?", *s.Ended)
	}
	if s.After != nil {
		w.and("(o.name, o.id) > (?, ?)", s.After.Name, s.After.ID)
	}
	return gather(t, func(r *sql.Rows, o *office.OfficerRow) error {
		var phone, session int64
		err := r.Scan(&o.ID, &o.Version, &o.Name, &o.Unit, &o.Role, &o.Ended, &o.Login, &o.Devices, &o.OpenCodes, &phone, &session)
		o.LastSeenMS = max(phone, session)
		return err
	}, "SELECT o.id, o.version, o.name, o.unit, o.role, o.ended, COALESCE(c.login, ''), "+
		"(SELECT COUNT(*) FROM device d WHERE d.officer = o.id AND NOT d.office AND d.revoked_ms = 0), "+
		"(SELECT COUNT(*) FROM enrolment e WHERE e.officer = o.id AND e.used_ms = 0 AND e.cancelled_ms = 0 AND e.expires_ms > ? AND NOT o.ended), "+
		"COALESCE((SELECT MAX(l.last_ms) FROM device d JOIN log l ON l.device = d.id WHERE d.officer = o.id AND NOT d.office), 0), "+
		"COALESCE((SELECT MAX(s.last_ms) FROM session s WHERE s.officer = o.id), 0) "+
		"FROM officer o LEFT JOIN credential c ON c.officer = o.id WHERE "+w.String()+" ORDER BY o.name, o.id LIMIT ?",
		append(append([]any{s.NowMS}, w.args...), s.Atmost)...)
}

// Templates lists the templates that were given to this server.
func (t *tx) Templates() (out []models.Template, err error) {
	err = t.gorm().Order("code").Find(&out).Error
	return out, err
}

// HandIns lists what is handed in for a campaign.
func (t *tx) HandIns(campaign string) (out []models.HandIn, err error) {
	err = t.gorm().Where("campaign = ?", campaign).Order("due_ms, id").Find(&out).Error
	return out, err
}

// Tasks lists the task sheet of a campaign.
func (t *tx) Tasks(campaign string) (out []models.Task, err error) {
	err = t.gorm().Where("campaign = ?", campaign).Order("number, id").Find(&out).Error
	return out, err
}

// Roster lists the duty roster of a campaign.
func (t *tx) Roster(campaign string) (out []models.Duty, err error) {
	err = t.gorm().Where("campaign = ?", campaign).Order("day, id").Find(&out).Error
	return out, err
}

// Reminders lists what units were reminded of.
func (t *tx) Reminders(campaign string, units []string) ([]models.Reminder, error) {
	w := t.where()
	w.and("campaign = ?", campaign)
	w.in("unit", units)
	return gather(t, func(r *sql.Rows, m *models.Reminder) error {
		return r.Scan(&m.ID, &m.Version, &m.Campaign, &m.Unit, &m.Text, &m.Done)
	}, "SELECT id, version, campaign, unit, text, done FROM reminder WHERE "+w.String()+" ORDER BY id DESC", w.args...)
}

// Receipts lists what units handed in.
func (t *tx) Receipts(campaign string) (out []models.Receipt, err error) {
	err = t.gorm().Where("campaign = ?", campaign).Order("handin, unit").Find(&out).Error
	return out, err
}

// SnapshotsOf lists the frozen tables of a campaign without the tables themselves.
func (t *tx) SnapshotsOf(campaign string) ([]models.Snapshot, error) {
	return gather(t, func(r *sql.Rows, s *models.Snapshot) error {
		return r.Scan(&s.Campaign, &s.Number, &s.Template, &s.CreatedMS, &s.SHA256, &s.Reason)
	}, "SELECT campaign, number, template, created_ms, sha256, reason FROM snapshot WHERE campaign = ? ORDER BY number, template", campaign)
}

// Snapshot returns one frozen table, nil when there is none.
func (t *tx) Snapshot(campaign string, number int64, template string) (*models.Snapshot, error) {
	s := models.Snapshot{Campaign: campaign, Number: number, Template: template}
	ok, err := t.one("SELECT created_ms, sha256, reason, csv FROM snapshot WHERE campaign = ? AND number = ? AND template = ?",
		[]any{campaign, number, template}, &s.CreatedMS, &s.SHA256, &s.Reason, &s.CSV)
	if err != nil || !ok {
		return nil, err
	}
	return &s, nil
}
