package stats

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Limits of a template. A form must fit on one page of A4.
const (
	maxTemplate = 256 << 10 // bytes of YAML
	maxHalves   = 3
	maxLines    = 60
	maxDepth    = 3 // levels of groups
)

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,47}$`)
var idPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,47}$`)
var parserFault = regexp.MustCompile(`did not find expected (<|node content|'-'|key|',')`)
var yamlLine = regexp.MustCompile(`line (\d+): `)

// parser fills one Template and remembers the lines that the checks across rows need.
type parser struct {
	reader
	t     *Template
	extra map[string][]string // field → codes the campaign added

	rowLine    map[string]int // row code → line
	groupLines [][]int        // half → group → line
	quickNode  *yaml.Node
	downLines  []int // breakdown → line
}

// ParseTemplate reads a template. A bad one is refused with a *problem.Error of code invalid
// whose sentence names the template, the line and the reason ("template x.yaml: line 7: …"); the
// line is also a public member. name is used in that sentence only.
func ParseTemplate(name string, src []byte) (*Template, error) {
	sum := sha256.Sum256(src)
	p := &parser{t: &Template{Hash: hex.EncodeToString(sum[:]), byCode: map[string]*Row{}},
		reader: reader{name: name}, extra: map[string][]string{}, rowLine: map[string]int{}}
	root := p.document(src)
	if p.err == nil {
		p.template(root)
	}
	if p.err == nil {
		p.layout()
	}
	if p.err == nil {
		p.references()
	}
	if p.err != nil {
		return nil, p.err
	}
	return p.t, nil
}

// document returns the root of the only document.
func (p *parser) document(src []byte) *yaml.Node {
	if len(src) > maxTemplate {
		p.fail(1, "the template is larger than %d KiB", "模板超过 %d KB，请精简", maxTemplate>>10)
		return nil
	}
	d := yaml.NewDecoder(bytes.NewReader(src))
	var doc, more yaml.Node
	if err := d.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			p.fail(1, "the template is empty", "模板是空的")
		} else {
			p.syntax(err)
		}
		return nil
	}
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		p.fail(max(more.Line, 1), "a template is one YAML document",
			"一份文本只能写一个模板，请删去 --- 之后的部分")
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		p.fail(1, "the template is empty", "模板是空的")
		return nil
	}
	return doc.Content[0]
}

// syntax gives a fault of the YAML itself the form of all others.
func (p *parser) syntax(err error) {
	msg, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
			// The parser proper, unlike the scanner, counts lines from 0.
			if parserFault.MatchString(msg) {
				line++
			}
		}
		msg = strings.Replace(msg, m[0], "", 1)
	}
	p.fail(line, "not YAML: %s", "不是有效的 YAML，请检查缩进（用空格对齐）、引号和冒号后的空格（%s）", msg)
	p.err.Cause = err
}

func (p *parser) template(root *yaml.Node) {
	t := p.t
	if root.Kind == yaml.MappingNode {
		p.readExtraFirst(root)
	}
	p.mapping(root, map[string]func(*yaml.Node){
		"id": func(n *yaml.Node) {
			t.ID = p.text(n)
			if p.err == nil && !idPattern.MatchString(t.ID) {
				p.fail(n.Line, "an id is small letters, digits and hyphens: %q",
					"id 只能用小写字母、数字和连字符：%q", t.ID)
			}
		},
		"mark":     p.into(&t.Mark),
		"title":    p.into(&t.Title),
		"title_en": p.into(&t.TitleEN),
		"year": func(n *yaml.Node) {
			year, err := strconv.Atoi(n.Value)
			if p.err == nil && (n.Kind != yaml.ScalarNode || err != nil || year < 2000 || year > 2999) {
				p.fail(n.Line, "a year is a number such as 2022", "年份须为数字，如 2022")
			}
			t.Year = year
		},
		"paper":       func(n *yaml.Node) { t.Paper = p.oneOf(n, "paper", []string{"portrait", "landscape"}) },
		"head":        p.head,
		"columns":     p.columns,
		"foot":        p.foot,
		"extra_codes": func(*yaml.Node) {}, // read before all else
		"halves":      p.halves,
		"notes":       func(n *yaml.Node) { p.list(n, func(e *yaml.Node) { t.Notes = append(t.Notes, p.text(e)) }) },
		"quick":       func(n *yaml.Node) { p.quickNode = n },
		"breakdowns":  func(n *yaml.Node) { p.list(n, p.breakdown) },
	}, "id", "title", "title_en", "paper", "head", "columns", "halves")
}

// readExtraFirst reads extra_codes wherever it stands, because conditions are checked against it.
func (p *parser) readExtraFirst(root *yaml.Node) {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "extra_codes" {
			continue
		}
		keys := map[string]func(*yaml.Node){}
		for field, known := range knownCodes {
			keys[field] = func(n *yaml.Node) {
				p.extra[field] = p.texts(n, func(e *yaml.Node) string {
					c := p.text(e)
					if p.err == nil && !codePattern.MatchString(c) {
						p.fail(e.Line, "a code is small letters, digits and underscores: %q",
							"代码只能用小写字母、数字和下划线：%q", c)
					}
					if slices.Contains(known, c) {
						p.fail(e.Line, "%s %q is known already", "%s 已有代码 %q，不必再添加", field, c)
					}
					return c
				})
			}
		}
		p.mapping(root.Content[i+1], keys)
		return
	}
}

func (p *parser) head(n *yaml.Node) {
	p.mapping(n, map[string]func(*yaml.Node){
		"unit": p.into(&p.t.Head.Unit), "date": p.into(&p.t.Head.Date)}, "unit")
}

func (p *parser) foot(n *yaml.Node) {
	p.mapping(n, map[string]func(*yaml.Node){
		"filled_by": p.into(&p.t.Foot.FilledBy), "phone": p.into(&p.t.Foot.Phone)})
}

func (p *parser) columns(n *yaml.Node) {
	c := &p.t.Columns
	p.mapping(n, map[string]func(*yaml.Node){"item": p.into(&c.Item), "unit": p.into(&c.Unit),
		"total": p.into(&c.Total), "remark": p.into(&c.Remark)}, "item", "unit", "total")
}

func (p *parser) halves(n *yaml.Node) {
	p.list(n, func(e *yaml.Node) {
		if len(p.t.Halves) == maxHalves {
			p.fail(e.Line, "more than %d tables side by side do not fit on a page",
				"一页最多并排 %d 栏", maxHalves)
			return
		}
		p.t.Halves = append(p.t.Halves, Half{})
		p.groupLines = append(p.groupLines, nil)
		h := len(p.t.Halves) - 1
		p.mapping(e, map[string]func(*yaml.Node){
			"groups": func(n *yaml.Node) { p.list(n, func(e *yaml.Node) { p.group(h, e) }) },
			"rows":   func(n *yaml.Node) { p.list(n, func(e *yaml.Node) { p.row(h, e) }) },
		}, "rows")
		if lines, first := len(p.t.Halves[h].Rows), len(p.t.Halves[0].Rows); lines != first {
			p.fail(e.Line, "this half has %d rows and the first has %d",
				"本栏有 %d 行，第一栏有 %d 行，须一致", lines, first)
		}
	})
}

func (p *parser) group(h int, n *yaml.Node) {
	var g Group
	p.mapping(n, map[string]func(*yaml.Node){
		"level": func(n *yaml.Node) { g.Level = int(p.number(n, maxDepth)) },
		"from":  func(n *yaml.Node) { g.From = int(p.number(n, maxLines)) },
		"to":    func(n *yaml.Node) { g.To = int(p.number(n, maxLines)) },
		"label": p.into(&g.Label), "label_en": p.into(&g.LabelEN),
	}, "level", "from", "to", "label", "label_en")
	half := &p.t.Halves[h]
	half.Groups = append(half.Groups, g)
	p.groupLines[h] = append(p.groupLines[h], n.Line)
}

// breakdown reads one 其中; whether its rows exist is checked at the end.
func (p *parser) breakdown(n *yaml.Node) {
	var b Breakdown
	codes := func(to *[]string) func(*yaml.Node) {
		return func(n *yaml.Node) { *to = p.texts(n, p.text) }
	}
	p.mapping(n, map[string]func(*yaml.Node){
		"label": p.into(&b.Label), "parts": codes(&b.Parts), "of": codes(&b.Of)}, "label", "parts", "of")
	p.t.Breakdowns = append(p.t.Breakdowns, b)
	p.downLines = append(p.downLines, n.Line)
}
