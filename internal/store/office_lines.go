package store

import (
	"database/sql"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/merge"
	"github.com/fieldsync/fieldsync/sync/office"
)

// OfficeLines returns where the office's lines about a record id stand.
func (t *tx) OfficeLines(kind models.Kind, id string) ([]merge.Place, error) {
	return gather(t, func(r *sql.Rows, p *merge.Place) error { return r.Scan(&p.Log, &p.Seq) },
		"SELECT log_no, seq FROM audit WHERE kind = ? AND id = ? ORDER BY log_no, seq", string(kind), id)
}

// places returns a table p (log_no, seq) and its arguments.
func (t *tx) places(at []merge.Place) (string, []any) {
	if t.pg {
		logs, seqs := make([]int64, len(at)), make([]int64, len(at))
		for i, p := range at {
			logs[i], seqs[i] = p.Log, p.Seq
		}
		return "unnest(?::bigint[], ?::bigint[]) AS p (log_no, seq)", []any{logs, seqs}
	}
	list := make([][2]int64, len(at))
	for i, p := range at {
		list[i] = [2]int64{p.Log, p.Seq}
	}
	return "(SELECT json_extract(value, '$[0]') AS log_no, json_extract(value, '$[1]') AS seq FROM json_each(?)) AS p", []any{jsonList(list)}
}

// LinesAt returns lines by their places, in any order.
func (t *tx) LinesAt(at []merge.Place) ([]models.Line, error) {
	from, args := t.places(at)
	return gather(t, scanLine, "SELECT l.log_no, l.seq, l.raw, l.h, l.status, l.cause, l.scope_no, l.scope_seq, l.version, l.rules, l.late FROM "+
		from+" JOIN line l ON l.log_no = p.log_no AND l.seq = p.seq", args...)
}

// BatchesAt returns the batches that brought lines.
func (t *tx) BatchesAt(at []merge.Place) (map[merge.Place]models.Batch, error) {
	out := make(map[merge.Place]models.Batch, len(at))
	from, args := t.places(at)
	err := t.each(func(r *sql.Rows) error {
		var p merge.Place
		var b models.Batch
		if err := r.Scan(&p.Log, &p.Seq, &b.First, &b.Header, &b.ReceiptMS, &b.OffsetMS); err != nil {
			return err
		}
		b.Log = p.Log
		out[p] = b
		return nil
	}, "SELECT p.log_no, p.seq, b.first, b.header, b.receipt_ms, b.offset_ms FROM "+from+" JOIN batch b ON b.log_no = p.log_no "+
		"AND b.first = (SELECT MAX(x.first) FROM batch x WHERE x.log_no = p.log_no AND x.first <= p.seq)", args...)
	return out, err
}

// LogsByNo returns logs by their numbers.
func (t *tx) LogsByNo(nos []int64) ([]models.Log, error) {
	cond, arg := t.oneOfInts("no", nos)
	return t.logsWhere(cond, arg)
}

// LogsOfFamilies returns the logs of families.
func (t *tx) LogsOfFamilies(families []int64) ([]models.Log, error) {
	cond, arg := t.oneOfInts("family", families)
	return t.logsWhere(cond, arg)
}

// DevicesByID reads devices.
func (t *tx) DevicesByID(ids []string) ([]models.Device, error) {
	cond, arg := t.oneOf("id", ids)
	return gather(t, func(r *sql.Rows, d *models.Device) error { return scanDevice(r, d) },
		"SELECT "+deviceColumns+" FROM device WHERE "+cond, arg)
}

// visible adds the condition that a held line's scope may be looked at. One that names no unit or no
// campaign is its phone's.
func (w *where) visible(scopes, nowhere []string) {
	if scopes == nil {
		return
	}
	cond, arg := w.t.oneOf("h.scope", scopes)
	if len(nowhere) == 0 {
		w.and(cond, arg)
		return
	}
	of, units := w.t.oneOf("o.unit", nowhere)
	w.and(either(cond, "(NOT EXISTS (SELECT 1 FROM unit u WHERE u.id = SUBSTR(h.scope, 38)) OR "+
		"NOT EXISTS (SELECT 1 FROM campaign c WHERE c.id = SUBSTR(h.scope, 1, 36))) AND "+
		"h.log_no IN (SELECT l.no FROM log l JOIN device d ON d.id = l.device JOIN officer o ON o.id = d.officer WHERE "+of+")"), arg, units)
}

func (t *tx) heldSelected(s office.HeldSelect) *where {
	w := t.where()
	w.visible(s.Scopes, s.Nowhere)
	if s.Prefix != "" {
		w.and("h.scope >= ? AND h.scope < ?", s.Prefix+":", s.Prefix+";")
	}
	if s.Cause != "" {
		w.and("h.cause = ?", string(s.Cause))
	}
	if s.Device != "" {
		w.and("h.log_no IN (SELECT no FROM log WHERE device = ?)", s.Device)
	}
	if s.Log != 0 {
		w.and("h.log_no = ? AND h.seq = ?", s.Log, s.Seq)
	}
	if s.After != nil {
		w.and("(h.log_no, h.seq) > (?, ?)", s.After.Log, s.After.Seq)
	}
	return w
}

const heldNamed = "h.log_no, h.seq, h.family, h.scope, h.kind, h.id, h.wait_for, h.cause, h.writes, h.effective_ms, h.receipt_ms"

// HeldPage lists waiting lines by log and seq.
func (t *tx) HeldPage(s office.HeldSelect) ([]models.HeldLine, error) {
	w := t.heldSelected(s)
	return gather(t, scanHeld, "SELECT "+heldNamed+" FROM held h WHERE "+w.String()+" ORDER BY h.log_no, h.seq LIMIT ?",
		append(w.args, s.Atmost)...)
}

// HeldCauses counts waiting lines by what they wait for.
func (t *tx) HeldCauses(s office.HeldSelect) ([]office.CauseCount, error) {
	w := t.heldSelected(s)
	return gather(t, func(r *sql.Rows, c *office.CauseCount) error { return r.Scan(&c.Cause, &c.Lines) },
		"SELECT h.cause, COUNT(*) FROM held h WHERE "+w.String()+" GROUP BY h.cause ORDER BY COUNT(*) DESC, h.cause", w.args...)
}

// HeldFor lists the lines of a scope that would change an event or wait for it.
func (t *tx) HeldFor(scope, id string, atMost int) ([]models.HeldLine, error) {
	return gather(t, scanHeld, "SELECT "+heldNamed+" FROM held h WHERE h.scope = ? AND (h.kind = 'event' AND h.id = ? OR h.wait_for = ?) "+
		"ORDER BY h.log_no, h.seq LIMIT ?", scope, id, id, atMost)
}

// AuditLines lists what the office did, the newest first.
func (t *tx) AuditLines(s office.AuditSelect) ([]models.AuditLine, error) {
	w := t.where()
	if s.Reaches != nil {
		var conds []string
		var args []any
		for _, x := range s.Reaches {
			cond, a := t.auditReach(x)
			conds, args = append(conds, cond), append(args, a...)
		}
		w.and(either(conds...), args...)
	}
	w.in("unit", s.Units)
	for _, c := range []struct{ column, value string }{{"campaign", s.Campaign}, {"officer", s.Officer}, {"op", s.Op}, {"kind", s.Kind}, {"id", s.ID}} {
		if c.value != "" {
			w.and(c.column+" = ?", c.value)
		}
	}
	if s.Op == "" && s.Kind == "" {
		w.and("op NOT IN ('photo.state', 'photo.stored')") // what the server says of each photo is asked for, or drowns the rest
	}
	if s.FromMS != 0 {
		w.and("at_ms >= ?", s.FromMS)
	}
	if s.ToMS != 0 {
		w.and("at_ms < ?", s.ToMS)
	}
	if s.After != nil {
		w.and("at_ms <= ?", s.After.AtMS)
		w.and("(at_ms, log_no, seq) < (?, ?, ?)", s.After.AtMS, s.After.Log, s.After.Seq)
	}
	return gather(t, func(r *sql.Rows, l *models.AuditLine) error {
		return r.Scan(&l.Log, &l.Seq, &l.AtMS, &l.Officer, &l.Op, &l.Campaign, &l.Unit, &l.Kind, &l.ID)
	}, "SELECT "+auditColumns+" FROM audit WHERE "+w.String()+" ORDER BY at_ms DESC, log_no DESC, seq DESC LIMIT ?",
		append(w.args, s.Atmost)...)
}

// auditReach returns the condition that a reach takes a line.
func (t *tx) auditReach(x office.AuditReach) (string, []any) {
	units, unitArg := t.oneOf("unit", x.Units)
	whole, wholeArg := t.oneOf("campaign", x.Whole)
	conds, args := []string{units}, []any{unitArg}
	if x.Campaign != "" {
		conds[0], args = "campaign = ? AND "+units, []any{x.Campaign, unitArg}
	}
	conds, args = append(conds, "unit = '' AND campaign <> '' AND "+whole), append(args, wholeArg)
	if x.Unbounded {
		conds = append(conds, "unit = '' AND campaign = ''")
	}
	return either(conds...), args
}
