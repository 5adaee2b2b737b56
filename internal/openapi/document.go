package openapi

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// document is an OpenAPI 3.1 document, as far as it is used here. Members that start with x- are ours:
// what is said in Chinese, and what a caller must be allowed.
type document struct {
	OpenAPI    string                        `json:"openapi"`
	Info       about                         `json:"info"`
	Tags       []chapter                     `json:"tags"`
	Security   []map[string][]string         `json:"security"`
	Paths      members[*members[*operation]] `json:"paths"`
	Components components                    `json:"components"`
}

type about struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description,omitzero"`
	Name        string `json:"x-name"`
	Prefix      string `json:"x-prefix"`
}

type chapter struct {
	Name string `json:"name"`
	ZH   string `json:"x-name-zh,omitzero"`
}

type components struct {
	Schemas   members[*schema]   `json:"schemas"`
	Responses members[*response] `json:"responses"`
	Security  members[scheme]    `json:"securitySchemes"`
}

type scheme struct {
	Type   string `json:"type"`
	Scheme string `json:"scheme,omitzero"`
	Format string `json:"bearerFormat,omitzero"`
	In     string `json:"in,omitzero"`
	Name   string `json:"name,omitzero"`
}

type operation struct {
	Tags       []string              `json:"tags"`
	ID         string                `json:"operationId"`
	Summary    string                `json:"summary"`
	SummaryZH  string                `json:"x-summary-zh"`
	Text       string                `json:"description,omitzero"`
	TextZH     string                `json:"x-description-zh,omitzero"`
	Ability    string                `json:"x-ability,omitzero"`
	Security   []map[string][]string `json:"security,omitzero"` // empty: none is needed
	Parameters []parameter           `json:"parameters,omitempty"`
	Body       *body                 `json:"requestBody,omitzero"`
	Responses  members[*response]    `json:"responses"`
}

type parameter struct {
	Name      string  `json:"name"`
	In        string  `json:"in"`
	Required  bool    `json:"required,omitzero"`
	Summary   string  `json:"description,omitzero"`
	SummaryZH string  `json:"x-description-zh,omitzero"`
	Schema    *schema `json:"schema"`
}

type body struct {
	Required bool             `json:"required"`
	Content  members[content] `json:"content"`
}

type content struct {
	Schema  *schema        `json:"schema,omitzero"`
	Example jsontext.Value `json:"example,omitzero"`
}

type response struct {
	Ref         string           `json:"$ref,omitzero"`
	Description string           `json:"description,omitzero"`
	Headers     members[header]  `json:"headers,omitempty"`
	Content     members[content] `json:"content,omitempty"`
}

type header struct {
	Description string  `json:"description"`
	Schema      *schema `json:"schema"`
}

// Document writes the OpenAPI 3.1 document of the routes. Equal routes give equal bytes.
func Document(info Info, routes []Route) ([]byte, error) {
	w, err := newWriter(&info, routes)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	for i := range routes {
		if err := w.route(&routes[i]); err != nil {
			return nil, fmt.Errorf("openapi: %s %s: %w", routes[i].Method, routes[i].Path, err)
		}
	}
	slices.SortFunc(w.doc.Components.Responses, func(a, b member[*response]) int {
		return slices.Compare([]byte(a.name), []byte(b.name))
	})
	raw, err := json.Marshal(w.doc, jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return append(raw, '\n'), nil
}

// writer fills a document.
type writer struct {
	info  *Info
	shelf *shelf
	doc   *document
	ids   map[string]bool
}

func newWriter(info *Info, routes []Route) (*writer, error) {
	s, err := newShelf(info, routes)
	if err != nil {
		return nil, err
	}
	w := &writer{info: info, shelf: s, ids: map[string]bool{}, doc: &document{
		OpenAPI: "3.1.0", Security: []map[string][]string{{bearerScheme: {}}},
		Info: about{Title: info.Title, Version: info.Version, Description: info.Description, Name: info.Name, Prefix: info.Prefix},
	}}
	for _, tag := range info.Tags {
		w.doc.Tags = append(w.doc.Tags, chapter(tag))
	}
	c := &w.doc.Components
	c.Schemas.put(problemName, problemSchema())
	for _, t := range s.order {
		described, err := s.component(t)
		if err != nil {
			return nil, err
		}
		c.Schemas.put(s.names[t], described)
	}
	c.Security.put(bearerScheme, scheme{Type: "http", Scheme: "bearer", Format: "JWT"})
	if info.Cookie != "" {
		c.Security.put(cookieScheme, scheme{Type: "apiKey", In: "cookie", Name: info.Cookie})
	}
	return w, nil
}

// The names of the two ways to say who is asking.
const (
	bearerScheme = "bearer"
	cookieScheme = "cookie"
)

var fiberParam = regexp.MustCompile(`:(\w+)`)

// PathOf returns a route's path as documents have it: /a/:b is /a/{b}.
func PathOf(fiber string) string { return fiberParam.ReplaceAllString(fiber, "{$1}") }

var methods = map[string]string{
	http.MethodGet: "get", http.MethodPost: "post", http.MethodPut: "put", http.MethodPatch: "patch", http.MethodDelete: "delete",
}

func (w *writer) route(r *Route) error {
	method := methods[r.Method]
	switch {
	case method == "":
		return fmt.Errorf("the method is not described")
	case r.ID == "" || r.Tag == "" || r.Summary == "" || r.SummaryZH == "":
		return fmt.Errorf("ID, Tag, Summary and SummaryZH are needed")
	case w.ids[r.ID]:
		return fmt.Errorf("the ID %s is taken", r.ID)
	case r.Out != nil && r.OutType != "":
		return fmt.Errorf("an answer has either Out or OutType")
	}
	w.ids[r.ID] = true
	if !slices.ContainsFunc(w.doc.Tags, func(c chapter) bool { return c.Name == r.Tag }) {
		w.doc.Tags = append(w.doc.Tags, chapter{Name: r.Tag})
	}
	op, err := w.operation(r)
	if err != nil {
		return err
	}
	path := PathOf(w.info.Prefix + r.Path)
	at, ok := w.doc.Paths.get(path)
	if !ok {
		at = &members[*operation]{}
		w.doc.Paths.put(path, at)
	}
	if _, taken := at.get(method); taken {
		return fmt.Errorf("it is described twice")
	}
	at.put(method, op)
	return nil
}

func (w *writer) operation(r *Route) (*operation, error) {
	op := &operation{Tags: []string{r.Tag}, ID: r.ID, Summary: r.Summary, SummaryZH: r.SummaryZH, Text: r.Text, TextZH: r.TextZH,
		Ability: r.Ability, Security: security(r), Body: w.body(r)}
	if r.Cookie && w.info.Cookie == "" {
		return nil, fmt.Errorf("the document names no cookie")
	}
	var err error
	if op.Parameters, err = parameters(w.info.Prefix+r.Path, r.Params); err != nil {
		return nil, err
	}
	status := r.Status
	if status == 0 {
		status = http.StatusOK
		if r.Out == nil && r.OutType == "" {
			status = http.StatusNoContent
		}
	}
	op.Responses.put(strconv.Itoa(status), w.success(r, status))
	if r.ETag {
		op.Responses.put("304", &response{Description: "Nothing has changed since the answer that If-None-Match names."})
		op.Parameters = append(op.Parameters, parameter{Name: "If-None-Match", In: "header", Schema: typed("string"),
			Summary: "The ETag of the answer that the caller has.", SummaryZH: "已有答复的 ETag"})
	}
	if r.Ranges {
		op.Responses.put("206", w.part(r))
		op.Parameters = append(op.Parameters, parameter{Name: "Range", In: "header", Schema: typed("string"),
			Summary: "One range of bytes (RFC 9110). Several, or what cannot be read, are answered with all.", SummaryZH: "字节范围，只支持一段"},
			parameter{Name: "If-Range", In: "header", Schema: typed("string"),
				Summary: "The ETag of what the caller has a part of: another one is answered with all.", SummaryZH: "已有部分的 ETag"})
	}
	if r.Redirects {
		elsewhere := &response{Description: "Temporary Redirect"}
		elsewhere.Headers.put("Location", header{"Where it is given out for a while, without further rights.", typed("string")})
		op.Responses.put("307", elsewhere)
	}
	return op, w.failures(op, r)
}

// security says what a route needs; nil: what the document says for all.
func security(r *Route) []map[string][]string {
	switch {
	case r.Public && r.Cookie: // signing in sets it
		return []map[string][]string{{cookieScheme: {}}, {}}
	case r.Cookie:
		return []map[string][]string{{bearerScheme: {}, cookieScheme: {}}}
	case r.Public:
		return []map[string][]string{}
	}
	return nil
}

// parameters are those in the path, in its order, then the others.
func parameters(path string, declared []Param) ([]parameter, error) {
	var all []parameter
	left := slices.Clone(declared)
	for _, found := range fiberParam.FindAllStringSubmatch(path, -1) {
		p := Param{Name: found[1], In: "path"}
		if i := slices.IndexFunc(left, func(d Param) bool { return d.In == "path" && d.Name == p.Name }); i >= 0 {
			p = left[i]
			left = slices.Delete(left, i, i+1)
		}
		p.Required = true
		all = append(all, parameterOf(p))
	}
	for _, p := range left {
		switch p.In {
		case "":
			p.In = "query"
		case "query", "header":
		default:
			return nil, fmt.Errorf("there is no parameter %s in the %s", p.Name, p.In)
		}
		all = append(all, parameterOf(p))
	}
	return all, nil
}

func parameterOf(p Param) parameter {
	s := typed("string")
	if p.Type != "" {
		s.Type[0] = p.Type
	}
	s.Enum = p.Enum
	return parameter{Name: p.Name, In: p.In, Required: p.Required, Summary: p.Summary, SummaryZH: p.SummaryZH, Schema: s}
}
