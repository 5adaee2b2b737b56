package console

import (
	"encoding/json"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// RecordPatch sets fields of a record, in the words of the wire; null clears one. If the record has
// moved since Version, nothing is done.
type RecordPatch struct {
	Version int64                      `json:"version"` // as it was looked at
	Set     map[string]json.RawMessage `json:"set"`
}

// Changed is where a record stands after a change.
type Changed struct {
	Version int64 `json:"version"`
	Seq     int64 `json:"seq"`
}

// TallyRequest is one step of a count.
type TallyRequest struct {
	Indicator string `json:"indicator"`
	N         int64  `json:"n"`    // may be negative; 0 says "counted: none"
	Note      string `json:"note"` // why
}

// MoveRequest lets a record count for another unit.
type MoveRequest struct {
	To     string `json:"to"` // unit
	Reason string `json:"reason"`
}

// putOps are the ops that set fields.
var putOps = map[models.Kind]string{
	models.EventKind: "event.put", models.LotKind: "goods.put", models.PhotoKind: "photo.put", models.SheetKind: "sheet.put",
}

// maxFields is how many fields one change sets.
const maxFields = 200

func (p *RecordPatch) check() error {
	if err := positive("version", p.Version); err != nil {
		return err
	}
	if len(p.Set) == 0 || len(p.Set) > maxFields {
		return badField("set", "takes 1 to 200 fields", "一次须改 1 至 200 项")
	}
	return nil
}

func (a *API) changeRecord(c *call) error {
	r, err := decode[RecordPatch](c)
	if err != nil {
		return err
	}
	if err := r.check(); err != nil {
		return err
	}
	if err := c.needField(&r); err != nil {
		return err
	}
	raw, err := set(r.Set)
	if err != nil {
		return err
	}
	return a.changedRecord(c, gateway.Entry{Op: putOps[c.record.name.Kind], Scope: c.record.scope(), ID: c.record.name.ID,
		Base: &r.Version, Version: &r.Version, Set: raw, Reviews: c.record.may(c.reach, office.Review)})
}

// needField asks for what some changes need beyond the right to record: what was accepted is the
// reviewer's, the approval of a sheet is for who may sign.
func (c *call) needField(p *RecordPatch) error {
	_, approves := p.Set["approved"]
	approves = approves && c.record.name.Kind == models.SheetKind
	return c.must(ofRecord(c.record.name, func(r *record, by *office.Reach) error {
		if r.state == models.ReviewAccepted && !r.may(by, office.Review) || approves && !r.may(by, office.Sign) {
			return forbidden()
		}
		return nil
	}))
}

// changedRecord writes a line about the record of the path and answers where it stands then.
func (a *API) changedRecord(c *call, e gateway.Entry) error {
	if err := c.do(nil, e); err != nil {
		return err
	}
	now, err := c.find(office.Look, c.record.name)
	if err != nil {
		return err
	}
	return c.answer(Changed{Version: now.version, Seq: now.seq})
}

func (a *API) addTally(c *call) error {
	r, err := decode[TallyRequest](c)
	if err != nil {
		return err
	}
	if err := text("indicator", r.Indicator, maxName, true); err != nil {
		return err
	}
	if err := text("note", r.Note, maxReason, true); err != nil {
		return err
	}
	if r.N < -models.MaxCount || r.N > models.MaxCount {
		return badField("n", "is too great", "太大，请核对")
	}
	e := gateway.Entry{Op: "tally.add", Scope: c.record.scope(), Event: c.record.name.ID, Tally: r.Indicator, N: &r.N, Note: r.Note, Reviews: true}
	if err := c.do(nil, e); err != nil {
		return err
	}
	return a.answerRow(c)
}

func (a *API) moveRecord(c *call) error {
	r, err := decode[MoveRequest](c)
	if err != nil {
		return err
	}
	if err := id("to", r.To); err != nil {
		return err
	}
	if err := inField("to", c.need(office.Review, c.record.name.Campaign, r.To)); err != nil {
		return err
	}
	if err := c.must(takesPart(c.record.name.Campaign, r.To)); err != nil {
		return inField("to", err)
	}
	if err := text("reason", r.Reason, maxReason, true); err != nil {
		return err
	}
	return a.changedRecord(c, gateway.Entry{Op: "record.move", Scope: c.record.scope(), Kind: string(c.record.name.Kind),
		ID: c.record.name.ID, Unit: r.To, Reason: r.Reason})
}
