package store

import (
	"database/sql"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

const heldColumns = "log_no, seq, family, scope, kind, id, wait_for, cause, writes, effective_ms, receipt_ms"

func scanHeld(r *sql.Rows, h *models.HeldLine) error {
	return r.Scan(&h.Log, &h.Seq, &h.Family, &h.Scope, &h.Kind, &h.ID, &h.WaitFor, &h.Cause, &h.Writes, &h.EffectMS, &h.ReceiptMS)
}

func (t *tx) AddHeld(lines []models.HeldLine) error {
	return t.values("INSERT INTO held ("+heldColumns+")", 11, len(lines), "", func(a []any, i int) []any {
		h := &lines[i]
		return append(a, h.Log, h.Seq, h.Family, h.Scope, string(h.Kind), h.ID, h.WaitFor, string(h.Cause), h.Writes, h.EffectMS, h.ReceiptMS)
	})
}

func (t *tx) DropHeld(log int64, seqs []int64) error {
	for _, s := range seqs {
		if err := t.exec("DELETE FROM held WHERE log_no = ? AND seq = ?", log, s); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) HeldWrites(family int64) ([]models.HeldLine, error) {
	return t.heldWhere("family = ? AND writes", []any{family}, 0)
}

// Held lists held lines by log and seq.
func (t *tx) Held(q gateway.HeldQuery) ([]models.HeldLine, error) {
	var where []string
	var a []any
	and := func(cond string, args ...any) {
		where = append(where, cond)
		a = append(a, args...)
	}
	if q.Family != 0 {
		and("family = ?", q.Family)
	}
	if q.Log != 0 {
		and("log_no = ? AND seq = ?", q.Log, q.Seq)
	}
	if q.Campaign != "" {
		and("scope >= ? AND scope < ?", q.Campaign+":", q.Campaign+";")
	}
	if q.Scope != "" {
		and("scope = ?", q.Scope)
	}
	if q.ID != "" {
		if q.Kind == models.EventKind {
			and("(kind = ? AND id = ? OR wait_for = ?)", string(q.Kind), q.ID, q.ID)
		} else {
			and("kind = ? AND id = ?", string(q.Kind), q.ID)
		}
	}
	if q.Cause != "" {
		and("cause = ?", string(q.Cause))
	}
	if q.Silent {
		and("cause NOT IN (?, ?, ?)", string(models.Revoked), string(models.CampaignClosed), string(models.EventAccepted))
	}
	if q.AfterLog != 0 {
		and("(log_no > ? OR log_no = ? AND seq > ?)", q.AfterLog, q.AfterLog, q.AfterSeq)
	}
	if len(where) == 0 {
		and("1 = 1")
	}
	return t.heldWhere(strings.Join(where, " AND "), a, q.Limit)
}

func (t *tx) heldWhere(where string, a []any, limit int) (out []models.HeldLine, err error) {
	q := "SELECT " + heldColumns + " FROM held WHERE " + where + " ORDER BY log_no, seq"
	if limit > 0 {
		q += " LIMIT ?"
		a = append(a, limit)
	}
	err = t.each(func(r *sql.Rows) error {
		var h models.HeldLine
		if err := scanHeld(r, &h); err != nil {
			return err
		}
		out = append(out, h)
		return nil
	}, q, a...)
	return out, err
}
