package gateway

import (
	"encoding/json"
	"strconv"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// auditLine says what a line of the office is about. It looks at nothing but the line, so that verify
// comes to the same: what it would have to look up was written into the line (complete).
func auditLine(c *changelog.Change, l *models.Line, atMS int64, officer string) models.AuditLine {
	a := models.AuditLine{Log: l.Log, Seq: l.Seq, AtMS: atMS, Officer: officer, Op: c.Op,
		Campaign: c.Campaign, Unit: c.Unit, Kind: string(c.RecordKind()), ID: c.RecordID()}
	if c.About != "" {
		a.Unit = c.About
	}
	switch c.Op {
	case opAdmin:
		switch c.Kind {
		case "campaign":
			a.Campaign = c.ID
		case "unit":
			a.Unit = c.ID
		}
	case opState, opAmend:
		a.Kind, a.ID = "campaign", c.Campaign
	case opGrant, opEnd:
		a.Kind, a.ID = "officer", c.Officer
	case opCode, opCancel:
		a.Kind, a.ID = "enrolment", c.ID
	case opNote:
		a.Kind, a.ID = c.Kind, c.ID
	case opRelease, opReject:
		a.Kind, a.ID = "held", c.Log+"."+strconv.FormatInt(c.AtSeq, 10)
	}
	return a
}

// audit writes what the lines are about into the audit trail.
func (d *decision) audit(items []item) error {
	rows := make([]models.AuditLine, len(items))
	for i := range items {
		rows[i] = auditLine(items[i].change, &items[i].line, d.w.receipt, d.officer)
	}
	return d.w.tx.PutAudit(rows)
}

// complete writes into the entries whose matter they are, where their own words do not say it: the
// campaign of a hand-in, the unit of a person. The trail is read by campaign and unit.
func (d *decision) complete(tx Tx) error {
	for i := range d.entries {
		e := &d.entries[i]
		var err error
		switch e.Op {
		case opAdmin:
			err = completePut(tx, e)
		case opCode, opCancel:
			e.Unit, err = officersUnit(tx, e.Officer)
		case opRelease, opReject:
			if e.Scope == "" {
				e.Unit, err = phonesUnit(tx, e)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func completePut(tx Tx, e *Entry) (err error) {
	e.Unit = ""
	switch e.Kind {
	case "device":
		dev, err := tx.Device(e.ID)
		if err == nil && dev != nil {
			e.Unit, err = officersUnit(tx, dev.Officer)
		}
		return err
	case "officer":
		if e.Unit, err = officersUnit(tx, e.ID); err != nil || e.Unit != "" {
			return err
		}
	}
	var of struct{ Campaign, Unit string }
	_ = json.Unmarshal(e.Set, &of) // what is no object of fields is refused when it is put
	if !isUnit(of.Unit) {
		of.Unit = ""
	}
	stored := map[string]any{"handin": &models.HandIn{}, "task": &models.Task{}, "roster": &models.Duty{},
		"reminder": &models.Reminder{}, "receipt": &models.Receipt{}}[e.Kind]
	if stored == nil {
		if e.Kind == "officer" {
			e.Unit = of.Unit
		}
		return nil
	}
	have, err := tx.Load(stored, e.ID)
	if err != nil {
		return err
	}
	if have { // as it stands: moving it elsewhere is the matter of where it was
		raw, err := json.Marshal(stored)
		if err != nil {
			return err
		}
		of.Campaign, of.Unit = "", ""
		_ = json.Unmarshal(raw, &of) // the noun's own JSON
	}
	if e.Unit = of.Unit; !isUnit(e.Unit) {
		e.Unit = ""
	}
	if isUnit(of.Campaign) {
		e.Scope = of.Campaign
	}
	return nil
}

// phonesUnit returns the unit of the phone whose held line is settled.
func phonesUnit(tx Tx, e *Entry) (string, error) {
	no, err := heldLog(e)
	if err != nil {
		return "", err
	}
	id, err := tx.DeviceOfLog(no)
	if err != nil {
		return "", err
	}
	dev, err := tx.Device(id)
	if err != nil || dev == nil {
		return "", err
	}
	return officersUnit(tx, dev.Officer)
}

// officersUnit returns the unit of an officer, "" while there is no such officer.
func officersUnit(tx Tx, id string) (string, error) {
	var o models.Officer
	_, err := tx.Load(&o, id)
	return o.Unit, err
}
