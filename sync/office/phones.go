package office

import (
	"context"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// silence is after which time without a sign of life a phone is called silent.
const silence = 24 * time.Hour

var phoneStates = map[string]bool{"": true, PhoneOwing: true, PhoneSilent: true, PhoneRevoked: true, PhoneForked: true}

// Devices lists phones by their officers' names.
func (d *Desk) Devices(ctx context.Context, r *Reach, q DeviceQuery, p Paging) (out Page[DeviceRow], err error) {
	pg, err := p.page(0, 2, "devices", q)
	if err != nil {
		return out, err
	}
	if !phoneStates[q.State] {
		return out, problem.New(problem.Invalid, "phones are not selected by %q", q.State).ZH("没有“%s”这种手机状态。", q.State)
	}
	units, err := r.peopleIn(q.Unit)
	if err != nil {
		return out, err
	}
	err = d.store.Read(ctx, func(tx Tx) error {
		sel, err := d.selectDevices(tx, r)
		if err != nil {
			return err
		}
		sel.Units, sel.Officer, sel.Q, sel.State, sel.Atmost = units, q.Officer, strings.ToLower(strings.TrimSpace(q.Q)), q.State, pg.size()+1
		if pg.at != nil {
			sel.After = &NameKey{Name: pg.at.S[0], ID: pg.at.S[1]}
		}
		rows, err := tx.DeviceRows(sel)
		rows, out.Next = trim(pg, rows, func(x *DeviceRow) ([]int64, []string) { return nil, []string{x.OfficerName, x.ID} })
		for i := range rows {
			rows[i].UnitName = r.unitName(rows[i].Unit)
		}
		if out.Items = rows; err != nil {
			return err
		}
		return originals(tx, rows)
	})
	return out, err
}

// originals says what the server knows of the originals that phones promised.
func originals(tx Tx, rows []DeviceRow) error {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	missing, err := tx.MissingOriginals(ids)
	for i := range rows {
		m := missing[rows[i].ID]
		rows[i].Announced, rows[i].Missing, rows[i].Refused = m.Announced, m.Missing, m.Refused
	}
	return err
}

func (d *Desk) selectDevices(tx Tx, r *Reach) (DeviceSelect, error) {
	held, err := d.selectHeld(tx, r, HeldQuery{})
	return DeviceSelect{Scopes: held.Scopes, Nowhere: held.Nowhere, SilentSince: d.nowMS() - silence.Milliseconds()}, err
}

// Device returns one phone.
func (d *Desk) Device(ctx context.Context, r *Reach, id string) (out *DeviceRow, err error) {
	units, err := r.peopleIn("")
	if err != nil {
		return nil, err
	}
	err = d.store.Read(ctx, func(tx Tx) error {
		sel, err := d.selectDevices(tx, r)
		if err != nil {
			return err
		}
		sel.ID, sel.Units, sel.Atmost = id, units, 1
		rows := []DeviceRow{}
		if id != "" {
			rows, err = tx.DeviceRows(sel)
		}
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return problem.New(problem.NotFound, "there is no such phone").ZH("没有这部手机。")
		}
		out = &rows[0]
		out.UnitName = r.unitName(out.Unit)
		return originals(tx, rows)
	})
	return out, err
}

// Codes lists enrolment codes, the newest first.
func (d *Desk) Codes(ctx context.Context, r *Reach, q CodeQuery, p Paging) (out Page[CodeRow], err error) {
	pg, err := p.page(1, 1, "codes", q)
	if err != nil {
		return out, err
	}
	sel := CodeSelect{Officer: q.Officer, State: q.State, NowMS: d.nowMS(), Atmost: pg.size() + 1}
	switch q.State {
	case "", CodeOpen, CodeUsed, CodeOver:
	default:
		return out, problem.New(problem.Invalid, "codes are open, used or over").ZH("激活码状态须为未用、已用、失效之一。")
	}
	if sel.Units, err = r.peopleIn(q.Unit); err != nil {
		return out, err
	}
	if pg.at != nil {
		sel.After = &CodeKey{CreatedMS: pg.at.N[0], ID: pg.at.S[0]}
	}
	err = d.store.Read(ctx, func(tx Tx) error {
		rows, err := tx.CodeRows(sel)
		rows, out.Next = trim(pg, rows, func(x *CodeRow) ([]int64, []string) { return []int64{x.CreatedAt}, []string{x.ID} })
		for i := range rows {
			rows[i].UnitName = r.unitName(rows[i].Unit)
		}
		out.Items = rows
		return err
	})
	return out, err
}
