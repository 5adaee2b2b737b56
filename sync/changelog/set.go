package changelog

import (
	"strings"

	"github.com/fieldsync/fieldsync/models"
)

// set reads the fields that a put or a movement writes, in the order written. A field that
// version 1 does not define is kept with its bytes.
func (r *reader) set(members []member) {
	if len(members) == 0 {
		return
	}
	r.c.Set = make([]Field, len(members))
	for i := range members {
		m, f := &members[i], &r.c.Set[i]
		f.Name, f.Value = m.name, r.value(m)
		if f.Value.Kind == Null {
			continue
		}
		if typ := r.fieldType(m.name); typ != 0 {
			r.typed(typ, m.name, &f.Value)
		}
	}
}

// fieldType returns the type that version 1 gives a field, 0 for an unknown one. The rows of a
// sheet are data of the campaign, so there every name is known and a text.
func (r *reader) fieldType(name string) models.FieldType {
	if typ, ok := r.op.fields[name]; ok {
		return typ
	}
	switch r.op.name {
	case "sheet.put":
		return models.TextField
	case "event.put":
		if unit, ok := strings.CutPrefix(name, models.StaffPrefix); ok && isUUID(unit) {
			return models.CountField
		}
	}
	return 0
}

// value returns what is written, without asking what it should be.
func (r *reader) value(m *member) Value {
	v := Value{Kind: Other, Raw: r.raw(m)}
	switch r.kind(m) {
	case 'n':
		v.Kind = Null
	case 't':
		v.Kind, v.Flag = Flag, true
	case 'f':
		v.Kind = Flag
	case '"':
		v.Kind, v.Text = Text, r.text(m)
	case '{', '[':
	default:
		if n, ok := r.integer(m, models.MaxInteger); ok {
			v.Kind, v.Int = Int, n
		}
	}
	return v
}

// typed notes a value, not null, that is not of its field's type.
func (r *reader) typed(typ models.FieldType, name string, v *Value) {
	var ok bool
	switch typ {
	case models.TextField:
		ok = v.Kind == Text
	case models.IDField:
		if v.Kind != Text || !isUUID(v.Text) {
			r.badLine(name, "is not a canonical id")
		}
		return
	case models.TimeField, models.IntField:
		ok = v.Kind == Int
	case models.CountField:
		ok = v.Kind == Int && v.Int >= 0 && v.Int <= models.MaxCount
	case models.FlagField:
		ok = v.Kind == Flag
	case models.HashField:
		ok = v.Kind == Text && isSHA256(v.Text)
	case models.NamesField:
		ok = isNames(v.Raw)
	}
	if !ok {
		if _, fixed := r.op.fields[name]; !fixed {
			name = "a field" // a name that a person made stands in no public sentence
		}
		r.badField(name, "has a wrong type or is out of its bounds")
	}
}

// isNames reports whether raw, valid JSON, is an array of strings: outside of strings nothing but
// one pair of brackets, commas and white space.
func isNames(raw []byte) bool {
	if raw[0] != '[' {
		return false
	}
	quoted := false
	for i := 1; i < len(raw)-1; i++ {
		switch c := raw[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case quoted, c == ',', c == ' ', c == '\t', c == '\r', c == '\n':
		default:
			return false
		}
	}
	return true
}
