package openapi

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle []byte

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// PageStyle returns the style sheet of [Page], which asks for it at /api/docs.css.
func PageStyle() []byte { return pageStyle }

// Page writes documents that [Document] made as one page for people, in Chinese and English. It needs
// no script and nothing from elsewhere; it links to the documents at /api/openapi/NAME.json.
func Page(documents ...[]byte) ([]byte, error) {
	var views []documentView
	for _, raw := range documents {
		var d document
		if err := json.Unmarshal(raw, &d); err != nil {
			return nil, fmt.Errorf("openapi: %w", err)
		}
		views = append(views, (&viewer{&d}).document())
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, views); err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return b.Bytes(), nil
}

// What the page shows.
type (
	documentView struct {
		Name, Title string
		Text        []string // paragraphs
		Chapters    []chapterView
		Types       []typeView
	}
	chapterView struct {
		Name, ZH   string
		Operations []operationView
	}
	operationView struct {
		Anchor, Method, Path string
		Summary, SummaryZH   string
		Text, TextZH         string
		Access, Ability      string
		Parameters           []memberView
		Body                 *contentView
		Answers              []contentView
		Failures             []failureView
	}
	contentView struct {
		Status, Media string
		Type          template.HTML
		Example       string
	}
	failureView struct{ Status, Code, Text string }
	typeView    struct {
		Anchor, Name, Text string
		Words              []string // of a closed set
		Members            []memberView
	}
	memberView struct {
		Name, In     string
		Type         template.HTML
		Required     bool
		Text, TextZH string
	}
)

// viewer looks at one document.
type viewer struct{ doc *document }

func (v *viewer) document() documentView {
	d := v.doc
	out := documentView{Name: d.Info.Name, Title: d.Info.Title, Text: strings.Split(d.Info.Description, "\n\n")}
	for _, c := range d.Tags {
		chapter := chapterView{Name: c.Name, ZH: c.ZH}
		for _, path := range d.Paths {
			for _, method := range *path.value {
				if slices.Contains(method.value.Tags, c.Name) {
					chapter.Operations = append(chapter.Operations, v.operation(path.name, method.name, method.value))
				}
			}
		}
		out.Chapters = append(out.Chapters, chapter)
	}
	for _, c := range d.Components.Schemas {
		out.Types = append(out.Types, v.typ(c.name, c.value))
	}
	return out
}

func (v *viewer) operation(path, method string, op *operation) operationView {
	out := operationView{Anchor: v.doc.Info.Name + "." + op.ID, Method: strings.ToUpper(method), Path: path,
		Summary: op.Summary, SummaryZH: op.SummaryZH, Text: op.Text, TextZH: op.TextZH, Ability: op.Ability, Access: access(op)}
	for _, p := range op.Parameters {
		out.Parameters = append(out.Parameters, memberView{Name: p.Name, In: p.In, Type: v.typeOf(p.Schema), Required: p.Required,
			Text: p.Summary, TextZH: p.SummaryZH})
	}
	if op.Body != nil {
		c := v.contents("", op.Body.Content)[0]
		out.Body = &c
	}
	for _, r := range op.Responses {
		switch {
		case r.value.Ref == "" && len(r.value.Content) == 0:
			out.Answers = append(out.Answers, contentView{Status: r.name})
		case r.value.Ref == "":
			out.Answers = append(out.Answers, v.contents(r.name, r.value.Content)...)
		case r.name != "default":
			out.Failures = append(out.Failures, v.failures(r.name, r.value.Ref)...)
		}
	}
	return out
}

// access says in a word what an operation needs.
func access(op *operation) string {
	switch {
	case op.Security == nil:
		return bearerScheme
	case len(op.Security) == 0:
		return "public"
	}
	return cookieScheme
}

func (v *viewer) contents(status string, of members[content]) []contentView {
	var out []contentView
	for _, c := range of {
		one := contentView{Status: status, Media: c.name, Type: v.typeOf(c.value.Schema)}
		if len(c.value.Example) > 0 {
			example := c.value.Example
			_ = example.Indent(jsontext.WithIndent("  ")) // it was read as JSON
			one.Example = string(example)
		}
		out = append(out, one)
	}
	return out
}

func (v *viewer) failures(status, ref string) []failureView {
	shared, _ := v.doc.Components.Responses.get(strings.TrimPrefix(ref, responsePrefix))
	var out []failureView
	for line := range strings.SplitSeq(shared.Description, "\n\n") {
		code, words, _ := strings.Cut(line, ": ")
		out = append(out, failureView{status, code, words})
	}
	return out
}

func (v *viewer) typ(name string, s *schema) typeView {
	out := typeView{Anchor: v.anchor(name), Name: name, Text: s.Description, Words: s.Enum}
	for _, p := range s.Properties {
		out.Members = append(out.Members, memberView{Name: p.name, Type: v.typeOf(p.value), Text: p.value.Description,
			Required: slices.Contains(s.Required, p.name)})
	}
	return out
}

func (v *viewer) anchor(name string) string { return v.doc.Info.Name + ".type." + name }

// typeOf is the type of a schema in a few words, with links to components.
func (v *viewer) typeOf(s *schema) template.HTML {
	switch {
	case s == nil:
		return ""
	case s.Ref != "":
		name := template.HTMLEscapeString(strings.TrimPrefix(s.Ref, refPrefix))
		return template.HTML(`<a href="#` + v.anchor(name) + `">` + name + `</a>`)
	case len(s.AnyOf) > 0:
		return v.either(s.AnyOf)
	case s.Enum != nil:
		return template.HTML(template.HTMLEscapeString(strings.Join(s.Enum, " | ")))
	case len(s.Type) == 0:
		return "any"
	case s.Type[0] == "array":
		return v.typeOf(s.Items) + "[]"
	case s.Type[0] == "object" && s.Other != nil:
		return "{ [name]: " + v.typeOf(s.Other) + " }"
	}
	words := strings.Join(s.Type, " | ")
	for _, more := range []string{s.Format, s.ContentEncoding} {
		if more != "" {
			words += " (" + more + ")"
		}
	}
	return template.HTML(template.HTMLEscapeString(words))
}

func (v *viewer) either(list []*schema) template.HTML {
	var out template.HTML
	for i, s := range list {
		if i > 0 {
			out += " | "
		}
		out += v.typeOf(s)
	}
	return out
}
