package changelog

import "github.com/fieldsync/fieldsync/models"

// PhoneOps are the ops that a phone may write, OfficeOps those that only the office writes
// beside them. ParseLine reads both from anybody: who wrote a line is not known here.
var PhoneOps, OfficeOps = names(false), names(true)

// form says what a top-level member must be.
type form uint8

const (
	textForm  form = iota + 1
	idForm         // a canonical UUID; anything else is a bad line
	intForm        // between min and max
	flagForm       // true or false
	hexForm        // a SHA-256, 64 lower-case hexadecimal digits
	scopeForm      // in one of the op's forms
	origForm       // a Hash
	setForm        // an object of the record's fields
	ofForm         // an object of scope and id
)

// part is one top-level member that version 1 defines. null is no value of any part.
type part struct {
	form     form
	must     bool // a line without it is at fault
	nonzero  bool
	min, max int64
	text     func(*Change) *string
	num      func(*Change) *int64
	flag     func(*Change) *bool
}

// op is what version 1 says of one op.
type op struct {
	name   string // the table's own string, so that a Change need not keep one
	office bool
	writes bool        // registers
	record models.Kind // that the change is about; namedKind: the one that the line names
	scope  scopeForms
	parts  map[string]part // beside the common ones
	fields map[string]models.FieldType
	musts  int // number of parts that must be there, common ones included
}

// namedKind stands for the kind that the line names itself.
const namedKind models.Kind = "*"

func textAt(at func(*Change) *string) part { return part{form: textForm, text: at} }
func idAt(at func(*Change) *string) part   { return part{form: idForm, text: at} }
func hexAt(at func(*Change) *string) part  { return part{form: hexForm, text: at} }
func flagAt(at func(*Change) *bool) part   { return part{form: flagForm, flag: at} }
func naturalAt(at func(*Change) *int64) part {
	return part{form: intForm, max: models.MaxInteger, num: at}
}
func must(p part) part { p.must = true; return p }
func withinAt(limit int64, at func(*Change) *int64) part {
	return part{form: intForm, min: -limit, max: limit, num: at}
}

// The parts. A part that several ops share means the same in all of them.
var (
	atPart    = must(withinAt(models.MaxInteger, func(c *Change) *int64 { return &c.At }))
	opPart    = must(textAt(func(c *Change) *string { return &c.Op }))
	scopePart = part{form: scopeForm}
	origPart  = part{form: origForm}
	setPart   = part{form: setForm}
	ofPart    = must(part{form: ofForm})

	idPart    = must(idAt(func(c *Change) *string { return &c.ID }))
	eventPart = idAt(func(c *Change) *string { return &c.Event })
	lotPart   = must(idAt(func(c *Change) *string { return &c.Lot }))
	basePart  = naturalAt(func(c *Change) *int64 { return &c.Base })
	notePart  = textAt(func(c *Change) *string { return &c.Note })
	joinPart  = textAt(func(c *Change) *string { return &c.Join })
	kindPart  = must(textAt(func(c *Change) *string { return &c.Kind }))

	reasonPart  = textAt(func(c *Change) *string { return &c.Reason })
	statePart   = textAt(func(c *Change) *string { return &c.State })
	tablePart   = hexAt(func(c *Change) *string { return &c.TableSHA256 })
	aboutPart   = idAt(func(c *Change) *string { return &c.About })
	officerPart = must(idAt(func(c *Change) *string { return &c.Officer }))
	verdictPart = textAt(func(c *Change) *string { return &c.Verdict })
)

// put is the parts of every register write.
var put = map[string]part{"id": idPart, "base": basePart, "set": setPart, "join": joinPart}

var tally = map[string]part{
	"event":     must(eventPart),
	"indicator": must(textAt(func(c *Change) *string { return &c.Indicator })),
	"n":         must(withinAt(models.MaxCount, func(c *Change) *int64 { return &c.N })),
	"note":      notePart, "join": joinPart,
}

var move = map[string]part{
	"id": idPart, "lot": lotPart, "event": eventPart,
	"move": must(textAt(func(c *Change) *string { return &c.Move })),
	"quantity": {form: intForm, must: true, nonzero: true, min: -models.MaxQuantity, max: models.MaxQuantity,
		num: func(c *Change) *int64 { return &c.Quantity }},
	"note": notePart, "set": setPart, "join": joinPart,
}

var review = map[string]part{
	"kind": kindPart, "id": idPart, "reason": reasonPart,
	"version": must(naturalAt(func(c *Change) *int64 { return &c.Version })),
	"seq":     must(naturalAt(func(c *Change) *int64 { return &c.Seq })),
	"signs":   flagAt(func(c *Change) *bool { return &c.Signs }),
}

var held = map[string]part{
	"log":    must(textAt(func(c *Change) *string { return &c.Log })),
	"at_seq": must(naturalAt(func(c *Change) *int64 { return &c.AtSeq })),
	"reason": reasonPart, "unit": aboutPart,
}

var rights = map[string]part{
	"officer": officerPart,
	"role":    must(textAt(func(c *Change) *string { return &c.Role })),
}

// list is every op of version 1.
var list = []op{
	{name: "event.put", writes: true, record: models.EventKind, fields: models.EventFields, parts: put},
	{name: "goods.put", writes: true, record: models.LotKind, fields: models.LotFields, parts: put},
	{name: "photo.put", writes: true, record: models.PhotoKind, fields: models.PhotoFields, parts: put},
	{name: "sheet.put", writes: true, record: models.SheetKind, fields: models.SheetFields, parts: put},
	{name: "tally.add", record: models.EventKind, parts: tally},
	{name: "goods.move", record: models.LotKind, fields: models.MoveFields, parts: move},
	{name: "clock", scope: noScope | unitScope, parts: map[string]part{
		"jump": must(withinAt(models.MaxInteger, func(c *Change) *int64 { return &c.Jump })),
	}},

	{name: "review.accept", office: true, record: namedKind, parts: review},
	{name: "review.return", office: true, record: namedKind, parts: review},
	{name: "review.issues", office: true, record: namedKind, parts: review},
	{name: "review.comment", office: true, record: namedKind, parts: review},
	{name: "review.reopen", office: true, record: namedKind, parts: review},
	{name: "held.release", office: true, scope: noScope | unitScope, parts: held},
	{name: "held.reject", office: true, scope: noScope | unitScope, parts: held},
	{name: "dup.judge", office: true, record: namedKind, parts: map[string]part{
		"kind": kindPart, "id": idPart, "of": ofPart, "verdict": must(verdictPart), "reason": reasonPart,
	}},
	{name: "dup.undo", office: true, record: namedKind, parts: map[string]part{
		"kind": kindPart, "id": idPart, "of": ofPart, "verdict": verdictPart, "reason": reasonPart,
	}},
	{name: "record.move", office: true, record: namedKind, parts: map[string]part{
		"kind": kindPart, "id": idPart, "reason": reasonPart,
		"unit": must(idAt(func(c *Change) *string { return &c.ToUnit })),
	}},
	{name: "campaign.state", office: true, scope: campaignScope | unitScope, parts: map[string]part{
		"state": must(statePart), "reason": reasonPart, "table_sha256": tablePart,
		"anyway": flagAt(func(c *Change) *bool { return &c.Anyway }),
	}},
	{name: "campaign.amend", office: true, scope: campaignScope | unitScope, parts: map[string]part{
		"state": statePart, "reason": reasonPart, "table_sha256": tablePart,
	}},
	{name: "rights.grant", office: true, scope: emptyScope | campaignScope | unitScope, parts: rights},
	{name: "rights.end", office: true, scope: emptyScope | campaignScope | unitScope, parts: rights},
	{name: "admin.put", office: true, writes: true, record: namedKind,
		scope: noScope | emptyScope | campaignScope | unitScope,
		parts: map[string]part{"kind": kindPart, "id": idPart, "base": basePart, "set": setPart, "unit": aboutPart}},
	{name: "enrol.add", office: true, scope: noScope | emptyScope, parts: map[string]part{
		"id": idPart, "batch": must(idAt(func(c *Change) *string { return &c.Batch })), "officer": officerPart,
		"expires": must(naturalAt(func(c *Change) *int64 { return &c.Expires })), "unit": aboutPart,
	}},
	{name: "enrol.cancel", office: true, scope: noScope | emptyScope, parts: map[string]part{
		"id": idPart, "officer": officerPart, "unit": aboutPart,
	}},
	{name: "office.note", office: true, scope: noScope | emptyScope | campaignScope, parts: map[string]part{
		"kind": kindPart, "note": must(notePart), "id": idAt(func(c *Change) *string { return &c.ID }), "unit": aboutPart,
	}},
	// A held line announces an original too, and its record or even its scope may not be there: then these belong to no
	// scope.
	{name: "photo.stored", office: true, record: models.PhotoKind, scope: noScope | emptyScope | unitScope, parts: map[string]part{
		"id": idPart, "sha256": must(hexAt(func(c *Change) *string { return &c.SHA256 })),
		"bytes": must(naturalAt(func(c *Change) *int64 { return &c.Bytes })),
	}},
	{name: "photo.state", office: true, record: models.PhotoKind, parts: map[string]part{
		"id": idPart, "sha256": must(hexAt(func(c *Change) *string { return &c.SHA256 })),
		"state": must(statePart), "reason": reasonPart,
	}},
}

// unknown is what is checked of an op that a later version wrote: it can be held where it stands
// and its other members wait for a server that knows them.
var unknown = op{scope: unitScope, musts: 3}

var ops = index(list)

func index(list []op) map[string]*op {
	m := make(map[string]*op, len(list))
	for i := range list {
		o := &list[i]
		if o.scope == 0 {
			o.scope = unitScope
		}
		o.musts = 2 // at and op
		if o.scope&noScope == 0 {
			o.musts++
		}
		for _, p := range o.parts {
			if p.must {
				o.musts++
			}
		}
		m[o.name] = o
	}
	return m
}

func names(office bool) map[string]bool {
	m := map[string]bool{}
	for i := range list {
		if list[i].office == office {
			m[list[i].name] = true
		}
	}
	return m
}

// part returns what the op says of a top-level member.
func (o *op) part(name string) (part, bool) {
	switch name {
	case "at":
		return atPart, true
	case "op":
		return opPart, true
	case "scope":
		return scopePart, true
	case "orig":
		return origPart, true
	}
	p, ok := o.parts[name]
	return p, ok
}
