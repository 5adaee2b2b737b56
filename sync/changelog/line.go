package changelog

import (
	"github.com/fieldsync/fieldsync/models"
)

// ParseLine reads one line, without its newline. It returns a change or a fault, never both and
// never neither. What counts is the bytes: white space and the order of members are free, names
// are compared exactly after unescaping.
//
// BadLine: over MaxLine bytes, not one JSON object in valid UTF-8, a name twice in one object at
// any depth, a lone surrogate, U+0000, deeper than 32 levels; at, op, scope or an id missing; an
// id or a part of the scope that is not a canonical lower-case UUID, whatever else it is.
// BadField: any other member or field that version 1 defines with a wrong type (null is one at
// the top level; inside set it clears), a number not written as an integer within ±(2⁵³−1) (so
// 1.0, 1e3 and -0 are not), or one outside the field's own bounds; another required member
// missing. If a line has both, BadLine wins, whatever the order of its members.
//
// Members that the op does not define are ignored here and live on in the stored bytes. Of an op
// that version 1 does not know, only at, scope, op and orig are read: the line is no fault, the
// caller holds it.
//
// The change shares memory with line, which must stay unchanged as long as the change is used.
func ParseLine(line []byte) (*Change, *Fault) {
	if len(line) > MaxLine {
		return nil, &Fault{Cause: models.BadLine, Msg: "The line is longer than 32 KiB."}
	}
	s := scans.Get().(*scan)
	defer s.release()
	if err := s.read(line); err != nil {
		return nil, &Fault{Cause: models.BadLine, Msg: "The line cannot be read: " + err.Error() + "."}
	}
	r := reader{scan: s, op: &unknown, c: new(Change)}
	r.findOp()
	r.parts()
	if r.fault != nil {
		return nil, r.fault
	}
	return r.c, nil
}

// reader turns the members of one line into a change.
type reader struct {
	*scan
	op    *op
	c     *Change
	fault *Fault
}

// badLine and badField note a fault; what names the member in words of ours. The first one of
// its cause stays, and a bad line outranks a bad field.
func (r *reader) badLine(what, why string) {
	if r.fault == nil || r.fault.Cause != models.BadLine {
		r.fault = &Fault{models.BadLine, what + " " + why + ".", what}
	}
}

func (r *reader) badField(what, why string) {
	if r.fault == nil {
		r.fault = &Fault{models.BadField, what + " " + why + ".", what}
	}
}

// findOp looks for the op before anything else, since it says what the other members mean.
func (r *reader) findOp() {
	m := r.find(r.top, "op")
	if m == nil || r.kind(m) != '"' {
		return // parts notes it
	}
	if o := ops[r.text(m)]; o != nil {
		r.op = o
	}
}

// parts reads the top-level members and counts the required ones.
func (r *reader) parts() {
	seen := 0
	for i := range r.top {
		m := &r.top[i]
		p, ok := r.op.part(m.name)
		if !ok {
			continue
		}
		r.part(m, &p)
		if p.must || p.form == scopeForm && r.op.scope&noScope == 0 {
			seen++
		}
	}
	if seen < r.op.musts {
		r.missing()
	}
	if r.op.name != "" {
		r.c.Op = r.op.name
	}
}

// missing notes each required member that the line lacks.
func (r *reader) missing() {
	for _, name := range [...]string{"at", "op", "scope"} {
		if r.find(r.top, name) == nil && (name != "scope" || r.op.scope&noScope == 0) {
			r.badLine(name, "is missing")
		}
	}
	for name, p := range r.op.parts {
		if !p.must || r.find(r.top, name) != nil {
			continue
		}
		if p.form == idForm || p.form == ofForm {
			r.badLine("an id of the record", "is missing")
		} else {
			r.badField("a member that "+r.op.name+" needs", "is missing")
		}
	}
}

// part reads one member that the op defines.
func (r *reader) part(m *member, p *part) {
	quoted := r.kind(m) == '"'
	switch p.form {
	case idForm:
		if !r.readUUID(m, p.text(r.c)) {
			r.badLine(m.name, "is not a canonical id")
		}
	case textForm:
		if !r.readText(m, p.text(r.c)) {
			r.badField(m.name, "is not a text")
		}
	case intForm:
		n, ok := r.integer(m, models.MaxInteger)
		*p.num(r.c) = n
		if !ok || n < p.min || n > p.max || n == 0 && p.nonzero {
			r.badField(m.name, "is not an integer within its bounds")
		}
	case flagForm:
		k := r.kind(m)
		if k != 't' && k != 'f' {
			r.badField(m.name, "is not true or false")
		}
		*p.flag(r.c) = k == 't'
	case hexForm:
		to := p.text(r.c)
		if !r.readText(m, to) || !isSHA256(*to) {
			r.badField(m.name, "is not a SHA-256 in hexadecimal digits")
		}
	case origForm:
		r.c.Orig = new(Hash)
		if !r.readHash(m, r.c.Orig) {
			r.badField(m.name, "is not a hash")
		}
	case scopeForm:
		if !quoted || !r.scope(m) {
			r.badLine(m.name, "is not one that this op has")
		}
	case ofForm:
		r.of(m)
	case setForm:
		if r.kind(m) != '{' {
			r.badField(m.name, "is not an object")
			return
		}
		r.set(r.inner[m.lo:m.hi])
	}
}

// scope reads the line's scope. A clock line has none: what it says there is checked, not kept.
func (r *reader) scope(m *member) bool {
	text := r.text(m)
	campaign, unit, ok := splitScope(text, r.op.scope)
	if ok && r.op.name != "clock" {
		r.c.Scope, r.c.Campaign, r.c.Unit = text, campaign, unit
	}
	return ok
}

// of reads the first event of a suspected pair.
func (r *reader) of(m *member) {
	if r.kind(m) != '{' {
		r.badField(m.name, "is not an object")
		return
	}
	of := r.inner[m.lo:m.hi]
	scope, id := r.find(of, "scope"), r.find(of, "id")
	ok := scope != nil && r.readText(scope, &r.c.OfScope) && id != nil && r.readUUID(id, &r.c.OfID)
	if ok {
		_, _, ok = splitScope(r.c.OfScope, unitScope)
	}
	if !ok {
		r.badLine(m.name, "does not name a record")
	}
}
