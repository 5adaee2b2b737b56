package store

import (
	"database/sql"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

const deviceColumns = "id, officer, family, name, platform, public_key, office, enrolled_ms, revoked_ms"

func scanDevice(r interface{ Scan(...any) error }, d *models.Device) error {
	return r.Scan(&d.ID, &d.Officer, &d.Family, &d.Name, &d.Platform, &d.PublicKey, &d.Office,
		&d.EnrolledMS, &d.RevokedMS)
}

const logColumns = "no, device, epoch, family, next, head, after_log, after_seq, after_raw, wall_ms, offset_ms, " +
	"log_next, photos_pending, acked, created_ms, last_ms, behind, forked"

func scanLog(r *sql.Rows, l *models.Log) error {
	return r.Scan(&l.No, &l.Device, &l.Epoch, &l.Family, &l.Next, &l.Head, &l.AfterLog, &l.AfterSeq,
		&l.AfterRaw, &l.WallMS, &l.OffsetMS, &l.LogNext, &l.PhotosPending, &l.Acked, &l.CreatedMS,
		&l.LastMS, &l.Behind, &l.Forked)
}

// Device returns a device, nil when there is none.
func (t *tx) Device(id string) (*models.Device, error) {
	list, err := t.devices([]string{id})
	if err != nil || list[0] == nil {
		return nil, err
	}
	return list[0], nil
}

func (t *tx) devices(ids []string) ([]*models.Device, error) {
	out := make([]*models.Device, len(ids))
	a := make([]any, len(ids))
	for i := range ids {
		a[i] = ids[i]
	}
	err := t.each(func(r *sql.Rows) error {
		d := &models.Device{}
		if err := scanDevice(r, d); err != nil {
			return err
		}
		for i := range ids {
			if ids[i] == d.ID {
				out[i] = d
			}
		}
		return nil
	}, "SELECT "+deviceColumns+" FROM device WHERE id IN ("+marks(len(ids))+")", a...)
	return out, err
}

// LockFamilies locks the families of the devices in order of their numbers. A family that was
// joined with another between reading and locking is read again.
func (t *tx) LockFamilies(ids ...string) ([]*models.Device, []models.Log, error) {
	for {
		devs, err := t.devices(ids)
		if err != nil {
			return nil, nil, err
		}
		fams := familiesOf(devs)
		if len(fams) == 0 {
			return devs, nil, nil
		}
		if t.pg {
			for _, f := range fams {
				if err := t.exec("SELECT id FROM family WHERE id = ? FOR UPDATE", f); err != nil {
					return nil, nil, err
				}
			}
			again, err := t.devices(ids)
			if err != nil {
				return nil, nil, err
			}
			if !slices.Equal(familiesOf(again), fams) {
				continue
			}
			devs = again
		}
		logs, err := t.logsOf(fams)
		return devs, logs, err
	}
}

func familiesOf(devs []*models.Device) []int64 {
	var out []int64
	for _, d := range devs {
		if d != nil {
			out = append(out, d.Family)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (t *tx) logsOf(fams []int64) ([]models.Log, error) {
	a := make([]any, len(fams))
	for i := range fams {
		a[i] = fams[i]
	}
	return t.logsWhere("family IN ("+marks(len(fams))+")", a...)
}

// logsWhere returns the logs that a condition selects, in the order they began.
func (t *tx) logsWhere(where string, a ...any) (logs []models.Log, err error) {
	err = t.each(func(r *sql.Rows) error {
		var l models.Log
		if err := scanLog(r, &l); err != nil {
			return err
		}
		logs = append(logs, l)
		return nil
	}, "SELECT "+logColumns+" FROM log WHERE "+where+" ORDER BY no", a...)
	return logs, err
}

// FindLog returns a log by its name, nil when there is none.
func (t *tx) FindLog(device, epoch string) (*models.Log, error) {
	logs, err := t.logsWhere("device = ? AND epoch = ?", device, epoch)
	if err != nil || len(logs) == 0 {
		return nil, err
	}
	return &logs[0], nil
}

func (t *tx) DeviceOfLog(log int64) (device string, err error) {
	_, err = t.one("SELECT device FROM log WHERE no = ?", []any{log}, &device)
	return device, err
}

// JoinFamilies makes one family of two that are locked.
func (t *tx) JoinFamilies(into, from int64) error {
	for _, table := range []string{"device", "log", "held", "moved"} {
		if err := t.exec("UPDATE "+table+" SET family = ? WHERE family = ?", into, from); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) AddLog(l *models.Log) error {
	_, err := t.one("INSERT INTO log (device, epoch, family, next, head, after_log, after_seq, after_raw, wall_ms, "+
		"offset_ms, log_next, photos_pending, acked, created_ms, last_ms, behind, forked) VALUES ("+marks(17)+") RETURNING no",
		[]any{l.Device, l.Epoch, l.Family, l.Next, l.Head, l.AfterLog, l.AfterSeq, l.AfterRaw, l.WallMS,
			l.OffsetMS, l.LogNext, l.PhotosPending, l.Acked, l.CreatedMS, l.LastMS, l.Behind, l.Forked}, &l.No)
	return err
}

func (t *tx) PutLog(l *models.Log) error {
	return t.exec("UPDATE log SET next = ?, head = ?, after_log = ?, after_seq = ?, after_raw = ?, wall_ms = ?, "+
		"offset_ms = ?, log_next = ?, photos_pending = ?, acked = ?, last_ms = ?, behind = ?, forked = ? WHERE no = ?",
		l.Next, l.Head, l.AfterLog, l.AfterSeq, l.AfterRaw, l.WallMS, l.OffsetMS, l.LogNext,
		l.PhotosPending, l.Acked, l.LastMS, l.Behind, l.Forked, l.No)
}

func (t *tx) AddBatch(b *models.Batch) error {
	return t.exec("INSERT INTO batch (log_no, first, header, receipt_ms, offset_ms) VALUES (?, ?, ?, ?, ?)",
		b.Log, b.First, b.Header, b.ReceiptMS, b.OffsetMS)
}

func (t *tx) AddLines(lines []models.Line) error {
	return t.values("INSERT INTO line (log_no, seq, raw, h, status, cause, scope_no, scope_seq, version, rules, late)",
		11, len(lines), "", func(a []any, i int) []any {
			l := &lines[i]
			return append(a, l.Log, l.Seq, l.Raw, l.Hash, int64(l.Status), string(l.Cause), l.Scope, l.ScopeSeq,
				l.Version, l.Rules, l.Late)
		})
}

func (t *tx) SetLines(lines []models.Line) error {
	for i := range lines {
		l := &lines[i]
		if err := t.exec("UPDATE line SET status = ?, cause = ?, scope_no = ?, scope_seq = ?, version = ?, rules = ?, late = ? "+
			"WHERE log_no = ? AND seq = ?", int64(l.Status), string(l.Cause), l.Scope, l.ScopeSeq, l.Version, l.Rules,
			l.Late, l.Log, l.Seq); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) Hashes(log, seq, n int64) (out []changelog.Hash, err error) {
	err = t.each(func(r *sql.Rows) error {
		var b []byte
		if err := r.Scan(&b); err != nil {
			return err
		}
		var h changelog.Hash
		copy(h[:], b)
		out = append(out, h)
		return nil
	}, "SELECT h FROM line WHERE log_no = ? AND seq >= ? AND seq < ? ORDER BY seq", log, seq, seq+n)
	return out, err
}

func (t *tx) Verdicts(log, seq, n int64) (out []models.Line, err error) {
	err = t.each(func(r *sql.Rows) error {
		l := models.Line{Log: log}
		if err := r.Scan(&l.Seq, &l.Status, &l.Cause); err != nil {
			return err
		}
		out = append(out, l)
		return nil
	}, "SELECT seq, status, cause FROM line WHERE log_no = ? AND seq >= ? AND seq < ? AND status <> 0 ORDER BY seq", log, seq, seq+n)
	return out, err
}

func (t *tx) Lines(log, seq, n int64) (out []models.Line, err error) {
	err = t.each(func(r *sql.Rows) error {
		var l models.Line
		if err := scanLine(r, &l); err != nil {
			return err
		}
		out = append(out, l)
		return nil
	}, "SELECT "+lineColumns+" FROM line WHERE log_no = ? AND seq >= ? AND seq < ? ORDER BY seq", log, seq, seq+n)
	return out, err
}

// LinesAbout returns the lines of [from, to] of a log that may name the id: those whose bytes hold it,
// and those with an escape that could spell it.
func (t *tx) LinesAbout(log, from, to int64, id string) (out []models.Line, err error) {
	in := "instr(raw, ?) > 0"
	if t.pg {
		in = "position(?::bytea in raw) > 0"
	}
	err = t.each(func(r *sql.Rows) error {
		var l models.Line
		if err := scanLine(r, &l); err != nil {
			return err
		}
		out = append(out, l)
		return nil
	}, "SELECT "+lineColumns+" FROM line WHERE log_no = ? AND seq >= ? AND seq <= ? AND ("+in+" OR "+in+") ORDER BY seq",
		log, from, to, []byte(id), []byte(`\u`))
	return out, err
}

const lineColumns = "log_no, seq, raw, h, status, cause, scope_no, scope_seq, version, rules, late"

func scanLine(r *sql.Rows, l *models.Line) error {
	return r.Scan(&l.Log, &l.Seq, &l.Raw, &l.Hash, &l.Status, &l.Cause, &l.Scope, &l.ScopeSeq, &l.Version, &l.Rules, &l.Late)
}

// FindHashes looks through the lines of one log behind a place: moved lines come from there, and
// there is no index on hashes, for it would halve the speed of every push.
func (t *tx) FindHashes(log, after int64, hashes []changelog.Hash) (map[changelog.Hash]int64, error) {
	out := map[changelog.Hash]int64{}
	for len(hashes) > 0 {
		n := min(len(hashes), 64)
		a := []any{log, after}
		for i := range hashes[:n] {
			a = append(a, hashes[i][:])
		}
		err := t.each(func(r *sql.Rows) error {
			var h changelog.Hash
			var b []byte
			var seq int64
			if err := r.Scan(&b, &seq); err != nil {
				return err
			}
			copy(h[:], b)
			out[h] = seq
			return nil
		}, "SELECT h, seq FROM line WHERE log_no = ? AND seq > ? AND h IN ("+marks(n)+")", a...)
		if err != nil {
			return nil, err
		}
		hashes = hashes[n:]
	}
	return out, nil
}

func (t *tx) Moved(family int64) (map[changelog.Hash][]merge.Place, error) {
	out := map[changelog.Hash][]merge.Place{}
	err := t.each(func(r *sql.Rows) error {
		var h changelog.Hash
		var b []byte
		var p merge.Place
		if err := r.Scan(&b, &p.Log, &p.Seq); err != nil {
			return err
		}
		copy(h[:], b)
		out[h] = append(out[h], p)
		return nil
	}, "SELECT origin, log_no, seq FROM moved WHERE family = ?", family)
	return out, err
}

func (t *tx) AddMoved(family int64, origins []changelog.Hash, places []merge.Place) error {
	return t.values("INSERT INTO moved (family, origin, log_no, seq)", 4, len(origins), "",
		func(a []any, i int) []any {
			return append(a, family, origins[i][:], places[i].Log, places[i].Seq)
		})
}
