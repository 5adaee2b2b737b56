package console

import (
	"strconv"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// EventName names an event of the campaign.
type EventName struct {
	Unit string `json:"unit"` // in whose part of the campaign it stands
	ID   string `json:"id"`
}

// Judgement says what a pair of events is. Version and Seq are those of the second event, on which the
// verdict stands.
type Judgement struct {
	First   EventName `json:"first"`
	Second  EventName `json:"second"`
	Version int64     `json:"version"`
	Seq     int64     `json:"seq"`
	Verdict string    `json:"verdict"` // different one_event same_facts
	Reason  string    `json:"reason,omitempty"`
}

// JudgementUndo takes the verdict on an event back.
type JudgementUndo struct {
	EventName
	Version int64  `json:"version"`
	Seq     int64  `json:"seq"`
	Reason  string `json:"reason,omitempty"`
}

func (a *API) listConflicts(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := a.desk.Conflicts(c.ctx(), c.reach, c.Params("campaign"), c.Query("unit"), p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (a *API) listHeld(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := a.desk.Held(c.ctx(), c.reach, office.HeldQuery{Campaign: c.Query("campaign"), Unit: c.Query("unit"),
		Cause: models.Cause(c.Query("cause")), Device: c.Query("device")}, p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (a *API) release(c *call) error { return a.settle(c, "held.release") }
func (a *API) reject(c *call) error  { return a.settle(c, "held.reject") }

func (a *API) settle(c *call, op string) error {
	r, err := decode[ReasonRequest](c)
	if err != nil {
		return err
	}
	h, err := a.desk.HeldLine(c.ctx(), c.reach, c.pathInt("log"), c.pathInt("seq"))
	if err != nil {
		return err
	}
	e := gateway.Entry{Op: op, Log: strconv.FormatInt(h.Log, 10), AtSeq: &h.Seq, Reason: r.Reason}
	c.asked = true
	if err := c.must(maySettle(h, &e.Scope)); err != nil {
		return err
	}
	if err := text("reason", r.Reason, maxReason, true); err != nil {
		return err
	}
	if err := c.do(nil, e); err != nil {
		return err
	}
	return c.done()
}

// maySettle is the rule that a waiting line may be settled: by who may review where it belongs, or, when
// it names a unit or a campaign that does not exist, by who manages the whole tree of its phone. It
// says in which scope the line belongs.
func maySettle(h *office.HeldRow, scope *string) rule {
	return func(tx gateway.Tx, r *office.Reach) error {
		var unit models.Unit
		var campaign models.Campaign
		known, err := tx.Load(&unit, h.Unit)
		if err == nil && known {
			known, err = tx.Load(&campaign, h.Campaign)
		}
		if err != nil {
			return err
		}
		if !known {
			return maySettleStray(tx, r, h.Log)
		}
		*scope = h.Campaign + ":" + h.Unit
		if r.May(office.Review, h.Campaign, campaign.Unit) {
			return nil
		}
		return allow(r, office.Review, h.Campaign, h.Unit)
	}
}

func maySettleStray(tx gateway.Tx, r *office.Reach, log int64) error {
	device, err := tx.DeviceOfLog(log)
	if err != nil {
		return err
	}
	d, err := tx.Device(device)
	if err != nil || d == nil {
		return firstOf(err, notFound())
	}
	o, err := loaded[models.Officer](tx, d.Officer)
	if err == nil && !r.MayInTree(office.Manage, o.Unit) {
		err = forbidden()
	}
	return err
}

func (a *API) listSuspects(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	judged := c.flag("judged")
	page, err := a.desk.Suspects(c.ctx(), c.reach, c.Params("campaign"), c.Query("unit"), judged != nil && *judged, p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

// event finds an event that the body names.
func (c *call) event(field string, n EventName) (*record, error) {
	if !canonical.MatchString(n.Unit) || !canonical.MatchString(n.ID) {
		return nil, notFound().With("field", field)
	}
	r, err := c.find(office.Review, office.RecordName{Campaign: c.Params("campaign"), Unit: n.Unit, Kind: models.EventKind, ID: n.ID})
	return r, inField(field, err)
}

// looked is the rule that a record has not moved since it was looked at.
func looked(n office.RecordName, version, seq int64) rule {
	return ofRecord(n, func(r *record, _ *office.Reach) error { return r.looked(version, seq) })
}

func (r *record) looked(version, seq int64) error {
	if version == r.version && seq == r.seq {
		return nil
	}
	return problem.New(problem.Moved, "The record has changed since it was opened.").ZH("这条记录刚刚被改过，请刷新后再操作。").With("version", r.version).With("seq", r.seq)
}

func (a *API) judge(c *call) error {
	r, err := decode[Judgement](c)
	if err != nil {
		return err
	}
	first, err := c.event("first", r.First)
	if err != nil {
		return err
	}
	second, err := c.event("second", r.Second)
	if err != nil {
		return err
	}
	if err := c.must(looked(second.name, r.Version, r.Seq)); err != nil {
		return err
	}
	if err := text("reason", r.Reason, maxReason, false); err != nil {
		return err
	}
	err = c.do(nil, gateway.Entry{Op: "dup.judge", Scope: second.scope(), Kind: string(models.EventKind), ID: second.name.ID,
		Of: &gateway.Of{Scope: first.scope(), ID: first.name.ID}, Verdict: r.Verdict, Reason: r.Reason})
	if err != nil {
		return err
	}
	return c.done()
}

func (a *API) undoJudgement(c *call) error {
	r, err := decode[JudgementUndo](c)
	if err != nil {
		return err
	}
	second, err := c.event("unit", r.EventName)
	if err != nil {
		return err
	}
	var of gateway.Of
	if err := c.must(mayUndo(second, &of), looked(second.name, r.Version, r.Seq)); err != nil {
		return err
	}
	if err := text("reason", r.Reason, maxReason, false); err != nil {
		return err
	}
	err = c.do(nil, gateway.Entry{Op: "dup.undo", Scope: second.scope(), Kind: string(models.EventKind), ID: second.name.ID,
		Of: &of, Reason: r.Reason})
	if err != nil {
		return err
	}
	return c.done()
}

// mayUndo is the rule that the verdict on an event may be taken back by who may review the first event
// of the pair, too. It says which that is.
func mayUndo(second *record, of *gateway.Of) rule {
	return func(tx gateway.Tx, by *office.Reach) (err error) {
		if *of, err = judgedOf(tx, second); err != nil {
			return err
		}
		campaign, unit := of.Scope[:36], of.Scope[37:] // campaign:unit, both canonical
		if campaign != second.name.Campaign {
			return notFound()
		}
		return mayAtRecord(office.Review, office.RecordName{Campaign: campaign, Unit: unit, Kind: models.EventKind, ID: of.ID})(tx, by)
	}
}

// judgedOf returns the first event of the pair that an event was judged as the second of.
func judgedOf(tx gateway.Tx, r *record) (of gateway.Of, err error) {
	found, err := tx.Scopes([]string{r.scope()})
	if err != nil || found[r.scope()] == nil {
		return of, err
	}
	stored, err := tx.Find(gateway.Key{Scope: found[r.scope()].No, Kind: r.name.Kind, ID: r.name.ID})
	if err != nil {
		return of, err
	}
	if stored == nil || stored.Record.Judged.Verdict == "" || len(stored.Record.Judged.Scope) != 73 {
		return of, problem.New(problem.Conflict, "Nobody judged this event.").ZH("该场次没有重复判定，请刷新。")
	}
	return gateway.Of{Scope: stored.Record.Judged.Scope, ID: stored.Record.Judged.ID}, nil
}
