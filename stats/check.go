package stats

import (
	"cmp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// layout checks the spans of groups and tells each row which groups surround it.
func (p *parser) layout() {
	for h := range p.t.Halves {
		half := &p.t.Halves[h]
		for i, g := range half.Groups {
			p.span(h, i)
			half.Depth = max(half.Depth, g.Level)
		}
		order := make([]Group, len(half.Groups))
		copy(order, half.Groups)
		slices.SortStableFunc(order, func(a, b Group) int { return cmp.Compare(a.Level, b.Level) })
		for i := range half.Rows {
			r := &half.Rows[i]
			for _, g := range order {
				if g.From <= r.Line && r.Line <= g.To {
					r.Groups = append(r.Groups, g.Label)
					r.GroupsEN = append(r.GroupsEN, g.LabelEN)
				}
			}
			if r.Wide && (len(r.Groups) > 0 || half.Depth == 0) {
				p.fail(p.rowLine[r.Code], "a wide row puts its label into the columns of the groups, so none may span it",
					"宽行的项目名称占用分组栏，不能再被分组跨过")
			}
			p.t.rows = append(p.t.rows, r)
			p.t.byCode[r.Code] = r
		}
	}
}

// span checks one group against the rows of its half and the groups before and around it.
func (p *parser) span(h, i int) {
	half, line := &p.t.Halves[h], p.groupLines[h][i]
	g := half.Groups[i]
	if g.From > g.To || g.To > len(half.Rows) {
		p.fail(line, "group %q spans lines %d to %d of a half with %d",
			"分组 %q 从第 %d 行到第 %d 行，超出了本栏的 %d 行", g.Label, g.From, g.To, len(half.Rows))
		return
	}
	inside := g.Level == 1
	for j, o := range half.Groups {
		overlap := o.From <= g.To && g.From <= o.To
		if j < i && o.Level == g.Level && overlap {
			p.fail(line, "group %q overlaps %q of line %d", "分组 %q 与第 %[3]d 行的分组 %[2]q 重叠", g.Label, o.Label, p.groupLines[h][j])
		}
		if o.Level == g.Level-1 && o.From <= g.From && g.To <= o.To {
			inside = true
		}
	}
	if !inside {
		p.fail(line, "group %q of level %d does not lie within one group of level %d",
			"第 %[2]d 级分组 %[1]q 须在一个第 %[3]d 级分组之内", g.Label, g.Level, g.Level-1)
	}
}

// references checks what names rows and indicators.
func (p *parser) references() {
	for i, b := range p.t.Breakdowns {
		for _, code := range slices.Concat(b.Parts, b.Of) {
			switch r := p.t.byCode[code]; {
			case r == nil:
				p.fail(p.downLines[i], "breakdown %q names an unknown row %q",
					"“其中”项 %q 写了不存在的行 %q", b.Label, code)
			case !r.Numeric():
				p.fail(p.downLines[i], "breakdown %q names the text %q",
					"“其中”项 %q 写的 %q 是文字行，不能计数", b.Label, code)
			case slices.Contains(b.Parts, code) && slices.Contains(b.Of, code):
				p.fail(p.downLines[i], "breakdown %q breaks %q down into itself",
					"“其中”项 %q 中，%q 不能是自己的其中项", b.Label, code)
			}
		}
	}
	if p.quickNode != nil {
		p.quick()
	}
}

// quick reads the lists for phones. Each is put into template order, whatever order it is
// written in, so that the same indicator sits at the same place on every phone.
func (p *parser) quick() {
	keys := map[string]func(*yaml.Node){}
	for _, kind := range slices.Concat(knownCodes["kind"], p.extra["kind"]) {
		keys[kind] = func(n *yaml.Node) {
			codes := p.texts(n, p.text)
			known := p.t.Indicators(kind)
			for _, c := range codes {
				switch {
				case p.err != nil:
				case !p.usesIndicator(c):
					p.fail(n.Line, "no rule uses the indicator %q", "没有哪一行统计指标 %q", c)
				case !slices.ContainsFunc(known, func(k Indicator) bool { return k.Code == c }):
					p.fail(n.Line, "no rule counts %q at an event of kind %q",
						"指标 %q 不统计类型为 %q 的场次", c, kind)
				}
			}
			if p.t.Quick == nil {
				p.t.Quick = map[string][]string{}
			}
			for _, k := range known {
				if slices.Contains(codes, k.Code) {
					p.t.Quick[kind] = append(p.t.Quick[kind], k.Code)
				}
			}
		}
	}
	p.mapping(p.quickNode, keys)
}

func (p *parser) usesIndicator(code string) bool {
	return slices.ContainsFunc(p.t.rows, func(r *Row) bool { return r.Rule.Kind == TallyRule && r.Rule.Indicator == code })
}
