package stats

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/fieldsync/fieldsync/models"
)

// ruleKeys are the keys that each kind of rule takes beside those of every row. Those marked
// true must be there.
var ruleKeys = map[RuleKind]map[string]bool{
	TallyRule:    {"indicator": false, "where": false, "except": false},
	EventRule:    {"where": false, "except": false, "first_only": false},
	FieldRule:    {"field": true, "at_least": false, "where": false, "except": false, "first_only": false},
	StaffRule:    {"where": false, "except": false},
	DistinctRule: {"fields": true, "where": false, "except": false, "first_only": false},
	MinutesRule:  {"where": false, "except": false},
	TextRule:     {"wide": false},
}

var ruleKinds = []string{string(TallyRule), string(EventRule), string(FieldRule), string(StaffRule),
	string(DistinctRule), string(MinutesRule), string(TextRule)}

// row reads one row; its place is its place in the list.
func (p *parser) row(h int, n *yaml.Node) {
	half := &p.t.Halves[h]
	if len(half.Rows) == maxLines {
		p.fail(n.Line, "more than %d rows do not fit on a page", "一页最多 %d 行", maxLines)
		return
	}
	r := Row{Half: h + 1, Line: len(half.Rows) + 1}
	given := map[string]int{} // keys of the rule → line
	note := func(key string, f func(*yaml.Node)) func(*yaml.Node) {
		return func(n *yaml.Node) { given[key] = n.Line; f(n) }
	}
	q := &r.Rule
	p.mapping(n, map[string]func(*yaml.Node){
		"code": p.code(&r.Code), "label": p.into(&r.Label), "label_en": p.into(&r.LabelEN),
		"unit": p.into(&r.Unit), "unit_en": p.into(&r.UnitEN),
		"rule":       func(n *yaml.Node) { q.Kind = RuleKind(p.oneOf(n, "rule", ruleKinds)) },
		"indicator":  note("indicator", p.code(&q.Indicator)),
		"field":      note("field", func(n *yaml.Node) { q.Field = p.oneOf(n, "field", countFields()) }),
		"at_least":   note("at_least", func(n *yaml.Node) { q.AtLeast = p.number(n, models.MaxCount) }),
		"fields":     note("fields", func(n *yaml.Node) { q.Fields = p.texts(n, p.keyField) }),
		"first_only": note("first_only", func(n *yaml.Node) { q.FirstOnly = p.flag(n) }),
		"where":      note("where", func(n *yaml.Node) { q.Where = p.condition(n) }),
		"except":     note("except", func(n *yaml.Node) { q.Except = p.condition(n) }),
		"wide":       note("wide", func(n *yaml.Node) { r.Wide = p.flag(n) }),
	}, "code", "label", "label_en", "rule")
	if p.err != nil {
		return
	}
	p.ruleFits(n, &r, given)
	if first, twice := p.rowLine[r.Code]; twice {
		p.fail(n.Line, "row code %q is taken by line %d", "行代码 %q 已在第 %d 行用过，请换一个", r.Code, first)
	}
	p.rowLine[r.Code] = n.Line
	half.Rows = append(half.Rows, r)
}

// ruleFits refuses keys that the kind of rule would ignore, and completes what may be left out.
func (p *parser) ruleFits(n *yaml.Node, r *Row, given map[string]int) {
	allowed := ruleKeys[r.Rule.Kind]
	for _, key := range []string{"indicator", "field", "at_least", "fields", "first_only", "where", "except", "wide"} {
		line, there := given[key]
		must, ok := allowed[key]
		if there && !ok {
			p.fail(line, "a row of rule %q does not take %q", "统计方式 %q 不能写 %q", r.Rule.Kind, key)
		}
		if must && !there {
			p.fail(n.Line, "a row of rule %q needs %q", "统计方式 %q 须写 %q", r.Rule.Kind, key)
		}
	}
	_, fixed := models.SheetFields[r.Code]
	switch {
	case r.Rule.Kind == TextRule && r.Unit != "":
		p.fail(n.Line, "a text has no unit", "文字行不写单位 unit")
	case r.Rule.Kind == TextRule && fixed:
		p.fail(n.Line, "the sheet has a field %q of its own", "%q 是填报表固定的项目，请换一个行代码", r.Code)
	case r.Rule.Kind != TextRule && r.Unit == "":
		p.fail(n.Line, "key %q is missing", "缺少 %q", "unit")
	case r.Rule.Kind == TallyRule && r.Rule.Indicator == "":
		r.Rule.Indicator = r.Code
	}
}

// code reads a row or indicator code.
func (p *parser) code(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		*to = p.text(n)
		if p.err == nil && !codePattern.MatchString(*to) {
			p.fail(n.Line, "a code is small letters, digits and underscores: %q",
				"代码只能用小写字母、数字和下划线：%q", *to)
		}
	}
}

func (p *parser) keyField(n *yaml.Node) string { return p.oneOf(n, "field", keyFields) }

// condition reads {kind: visit, venue: [village, township], large: true}.
func (p *parser) condition(n *yaml.Node) Condition {
	c := Condition{}
	keys := map[string]func(*yaml.Node){}
	for field, known := range knownCodes {
		allowed := slices.Concat(known, p.extra[field])
		keys[field] = func(n *yaml.Node) {
			if c.Codes == nil {
				c.Codes = map[string][]string{}
			}
			c.Codes[field] = p.texts(n, func(e *yaml.Node) string { return p.oneOf(e, field, allowed) })
		}
	}
	for _, field := range flagFields {
		keys[field] = func(n *yaml.Node) {
			if c.Flags == nil {
				c.Flags = map[string]bool{}
			}
			c.Flags[field] = p.flag(n)
		}
	}
	p.mapping(n, keys)
	if p.err == nil && len(n.Content) == 0 {
		p.fail(n.Line, "the condition is empty: leave it out", "条件是空的，请删去")
	}
	return c
}
