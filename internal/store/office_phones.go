package store

import (
	"database/sql"

	"github.com/fieldsync/fieldsync/sync/office"
)

// phones is each phone with its officer and what its logs say: all epochs together, and the newest
// push.
const phones = "device d JOIN officer o ON o.id = d.officer LEFT JOIN (SELECT device, MAX(last_ms) AS last_ms, " +
	"CAST(SUM(next) AS BIGINT) AS lines, COUNT(*) AS epochs, " +
	"CAST(SUM(CASE WHEN log_next > next THEN log_next - next ELSE 0 END) AS BIGINT) AS owes, " +
	"MAX(CASE WHEN forked THEN 1 ELSE 0 END) AS forked, MAX(CASE WHEN behind THEN 1 ELSE 0 END) AS behind " +
	"FROM log GROUP BY device) a ON a.device = d.id LEFT JOIN log n ON n.no = " +
	"(SELECT x.no FROM log x WHERE x.device = d.id ORDER BY x.last_ms DESC, x.no DESC LIMIT 1)"

// DeviceRows lists phones by their officers' names.
func (t *tx) DeviceRows(s office.DeviceSelect) ([]office.DeviceRow, error) {
	h := t.where()
	h.visible(s.Scopes, s.Nowhere)
	w := t.where()
	w.and("NOT d.office")
	if s.ID != "" {
		w.and("d.id = ?", s.ID)
	}
	if s.Officer != "" {
		w.and("d.officer = ?", s.Officer)
	}
	w.in("o.unit", s.Units)
	if s.Q != "" {
		w.and(either(t.holds("LOWER(d.name)"), t.holds("LOWER(o.name)")), s.Q, s.Q)
	}
	switch s.State {
	case office.PhoneOwing:
		w.and("(a.owes > 0 OR n.photos_pending > 0)")
	case office.PhoneSilent:
		w.and("d.revoked_ms = 0 AND COALESCE(a.last_ms, 0) < ?", s.SilentSince)
	case office.PhoneRevoked:
		w.and("d.revoked_ms <> 0")
	case office.PhoneForked:
		w.and("a.forked = 1")
	}
	if s.After != nil {
		w.and("(o.name, d.id) > (?, ?)", s.After.Name, s.After.ID)
	}
	return gather(t, scanDeviceRow, "SELECT d.id, d.name, d.platform, d.officer, o.name, o.unit, d.enrolled_ms, d.revoked_ms, "+
		"COALESCE(a.last_ms, 0), COALESCE(n.offset_ms, 0), COALESCE(a.lines, 0), COALESCE(a.owes, 0), COALESCE(n.photos_pending, 0), "+
		"(SELECT COUNT(*) FROM log l JOIN held h ON h.log_no = l.no WHERE l.device = d.id AND "+h.String()+"), "+
		"COALESCE(a.epochs, 0), COALESCE(a.forked, 0), COALESCE(a.behind, 0) FROM "+phones+" WHERE "+w.String()+
		" ORDER BY o.name, d.id LIMIT ?", append(append(h.args, w.args...), s.Atmost)...)
}

func scanDeviceRow(r *sql.Rows, d *office.DeviceRow) error {
	var forked, behind int
	err := r.Scan(&d.ID, &d.Name, &d.Platform, &d.Officer, &d.OfficerName, &d.Unit, &d.EnrolledAt, &d.RevokedAt, &d.LastHeardAt,
		&d.ClockOffset, &d.Lines, &d.OwesLines, &d.OwesPhotos, &d.Held, &d.Epochs, &forked, &behind)
	d.Forked, d.Behind = forked == 1, behind == 1
	return err
}

// PhoneSums adds phones up by the units of their officers, revoked ones left out.
func (t *tx) PhoneSums(units []string) ([]office.PhoneSum, error) {
	w := t.where()
	w.and("NOT d.office AND d.revoked_ms = 0")
	w.in("o.unit", units)
	return gather(t, func(r *sql.Rows, s *office.PhoneSum) error {
		return r.Scan(&s.Unit, &s.Phones, &s.Never, &s.Owing, &s.OwesLines, &s.OwesPhotos, &s.OldestMS, &s.NewestMS)
	}, "SELECT o.unit, COUNT(*), CAST(SUM(CASE WHEN COALESCE(a.last_ms, 0) = 0 THEN 1 ELSE 0 END) AS BIGINT), "+
		"CAST(SUM(CASE WHEN a.owes > 0 OR n.photos_pending > 0 THEN 1 ELSE 0 END) AS BIGINT), CAST(COALESCE(SUM(a.owes), 0) AS BIGINT), "+
		"CAST(COALESCE(SUM(n.photos_pending), 0) AS BIGINT), COALESCE(MIN(NULLIF(a.last_ms, 0)), 0), COALESCE(MAX(a.last_ms), 0) "+
		"FROM "+phones+" WHERE "+w.String()+" GROUP BY o.unit ORDER BY o.unit", w.args...)
}

// CodeRows lists enrolment codes, the newest first.
func (t *tx) CodeRows(s office.CodeSelect) ([]office.CodeRow, error) {
	w := t.where()
	w.in("o.unit", s.Units)
	if s.Officer != "" {
		w.and("e.officer = ?", s.Officer)
	}
	switch s.State {
	case office.CodeOpen:
		w.and("e.used_ms = 0 AND e.cancelled_ms = 0 AND e.expires_ms > ? AND NOT o.ended", s.NowMS)
	case office.CodeUsed:
		w.and("e.used_ms <> 0")
	case office.CodeOver:
		w.and("e.used_ms = 0 AND (e.cancelled_ms <> 0 OR e.expires_ms <= ? OR o.ended)", s.NowMS)
	}
	if s.After != nil {
		w.and("(e.created_ms, e.id) < (?, ?)", s.After.CreatedMS, s.After.ID)
	}
	return gather(t, func(r *sql.Rows, c *office.CodeRow) error {
		return r.Scan(&c.ID, &c.Officer, &c.OfficerName, &c.Unit, &c.CreatedAt, &c.ExpiresAt, &c.UsedAt, &c.CancelledAt, &c.Device, &c.Left)
	}, "SELECT e.id, e.officer, o.name, o.unit, e.created_ms, e.expires_ms, e.used_ms, e.cancelled_ms, e.device, o.ended "+
		"FROM enrolment e JOIN officer o ON o.id = e.officer WHERE "+w.String()+" ORDER BY e.created_ms DESC, e.id DESC LIMIT ?",
		append(w.args, s.Atmost)...)
}
