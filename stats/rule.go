package stats

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// separator joins the fields of a distinct key.
const separator = "\x1f"

// kindField is the place of kind in keyFields.
const kindField = 0

// view is an event laid out for the rules: fields by place instead of by name.
type view struct {
	*Event
	text          [8]string // in the order of keyFields
	flag          [2]bool   // in the order of flagFields
	why, whyTally string
}

func newView(e *Event) view {
	v := view{Event: e}
	for i, f := range keyFields {
		v.text[i] = e.Text[f]
	}
	for i, f := range flagFields {
		v.flag[i] = e.Flag[f]
	}
	return v
}

// rule is a Rule compiled: names turned into places, conditions into lists.
type rule struct {
	src           Rule
	template, row string
	key           []int // places of the distinct fields
	where, except condition
	firstOnly     bool
}

type condition struct {
	codes []codeCondition
	flags []flagCondition
}

type codeCondition struct {
	place   int
	allowed []string
}

type flagCondition struct {
	place int
	want  bool
}

func newRule(t *Template, i int) *rule {
	r := t.rows[i]
	q := &rule{src: r.Rule, template: t.ID, row: r.Code, where: newCondition(r.Rule.Where), except: newCondition(r.Rule.Except),
		firstOnly: r.Rule.FirstOnly || r.Rule.Kind == MinutesRule}
	for _, f := range r.Rule.Fields {
		q.key = append(q.key, slices.Index(keyFields, f))
	}
	return q
}

// newCondition leaves kind out: the index by kind has decided it before a rule is asked.
func newCondition(c Condition) condition {
	var out condition
	for i, f := range keyFields {
		if allowed := c.Codes[f]; len(allowed) > 0 && i != kindField {
			out.codes = append(out.codes, codeCondition{i, allowed})
		}
	}
	for i, f := range flagFields {
		if want, ok := c.Flags[f]; ok {
			out.flags = append(out.flags, flagCondition{i, want})
		}
	}
	return out
}

// matches says whether all of where and none of except holds, for an event of a kind that the
// rule admits.
func (q *rule) matches(v *view) bool {
	for _, c := range q.where.codes {
		if !slices.Contains(c.allowed, v.text[c.place]) {
			return false
		}
	}
	for _, c := range q.where.flags {
		if v.flag[c.place] != c.want {
			return false
		}
	}
	for _, c := range q.except.codes {
		if slices.Contains(c.allowed, v.text[c.place]) {
			return false
		}
	}
	for _, c := range q.except.flags {
		if v.flag[c.place] == c.want {
			return false
		}
	}
	return true
}

// count appends what an event that matches gives to the row; nothing if it has no such entry.
func (q *rule) count(out []Contribution, v *view) []Contribution {
	value, n, key := int64(1), int64(1), ""
	switch q.src.Kind {
	case TallyRule:
		t := v.Tallies[q.src.Indicator]
		if t.N == 0 {
			return out
		}
		value, n = t.Sum, t.N
	case FieldRule:
		typed, ok := v.Num[q.src.Field]
		if !ok && q.src.AtLeast == 0 {
			return out
		}
		value = typed
		if q.src.AtLeast > 0 {
			value = max(typed, q.src.AtLeast)
		}
	case MinutesRule:
		typed, ok := v.Num["minutes"]
		if !ok {
			return out
		}
		value = typed
	case DistinctRule:
		value, key = 0, q.keyOf(v)
	case StaffRule:
		return q.staff(out, v)
	}
	return append(out, Contribution{Template: q.template, Row: q.row, Unit: v.Unit, Value: value, N: n, Key: key, Why: q.why(v)})
}

// why returns the reason why an event that matches does not count, or "".
func (q *rule) why(v *view) string {
	if q.src.Kind == TallyRule {
		return v.whyTally
	}
	if v.why == "" && q.firstOnly && v.Flag["repeat"] {
		return WhyRepeat
	}
	return v.why
}

// staff gives each unit the people it sent: a co-unit's people are on its own sheet, not on the
// owner's. They come by unit id, put in place one by one, because there are few of them.
func (q *rule) staff(out []Contribution, v *view) []Contribution {
	first, why := len(out), q.why(v)
	for u, n := range v.Staff {
		out = append(out, Contribution{Template: q.template, Row: q.row, Unit: u, Value: n, N: 1, Why: why})
		for i := len(out) - 1; i > first && out[i].Unit < out[i-1].Unit; i-- {
			out[i], out[i-1] = out[i-1], out[i]
		}
	}
	return out
}

// keyOf joins the fields by which the row is counted. An empty content stands for the event's
// own id, so that two items without a content never merge.
func (q *rule) keyOf(v *view) string {
	var parts [len(v.text)]string
	for i, place := range q.key {
		parts[i] = canonical(v.text[place])
		if parts[i] == "" && keyFields[place] == "content" {
			parts[i] = v.ID
		}
	}
	return shortened(strings.Join(parts[:len(q.key)], separator))
}

// maxKey bounds a key in bytes. A text may be as long as a line, but a database keeps keys in an
// index, and PostgreSQL's takes no more than 2,700 bytes of one entry.
const maxKey = 1000

// shortened keeps the beginning of a long key, for people, and puts the hash of all of it behind.
func shortened(key string) string {
	if len(key) <= maxKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	cut := maxKey - 2*len(sum)
	for !utf8.RuneStart(key[cut]) {
		cut--
	}
	return key[:cut] + hex.EncodeToString(sum[:])
}

// canonical is the form in which texts of a key are compared.
func canonical(s string) string {
	s = trimmed(s)
	if strings.Contains(s, separator) {
		s = strings.ReplaceAll(s, separator, " ")
	}
	return norm.NFC.String(s)
}

func trimmed(s string) string { return strings.TrimSpace(s) }
