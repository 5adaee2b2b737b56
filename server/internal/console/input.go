package console

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/office"
)

// Limits of what is sent, bytes.
const (
	maxBody   = 64 << 10  // of most bodies
	maxText   = 512 << 10 // of a body with a template
	maxParam  = 2 << 10   // of a parameter in the query; cursors are the longest
	maxReason = 2000      // of a reason, a note or a reminder, characters
	maxName   = 200       // of a name, a title or a code, characters
)

var (
	canonical = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	number    = regexp.MustCompile(`^(0|[1-9][0-9]{0,17})$`)
	word      = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,47}$`)
)

// pathForms are the forms of what may stand in a path. What has another form names nothing.
var pathForms = map[string]*regexp.Regexp{
	"unit": canonical, "officer": canonical, "campaign": canonical, "device": canonical, "id": canonical,
	"log": number, "seq": number, "number": number, "code": word, "template": word, "row": word,
	"kind": regexp.MustCompile(`^(event|lot|photo|sheet)$`),
}

// idParams are the parameters of queries that name something by its id.
var idParams = []string{"unit", "officer", "campaign", "device", "record_unit", "id", "parent"}

// address checks path and query against what the route declares, so that handlers read them as
// they are.
func (c *call) address() error {
	for _, name := range c.Ctx.Route().Params {
		form := pathForms[name]
		if form == nil || !form.MatchString(c.Params(name)) {
			return notFound()
		}
	}
	given, err := url.ParseQuery(string(c.Context().URI().QueryString()))
	if err != nil {
		return problem.Wrap(err, problem.Invalid, "The query cannot be read.")
	}
	for name, values := range given {
		i := slices.IndexFunc(c.route.Params, func(p openapi.Param) bool { return p.Name == name && p.In != "path" })
		if i < 0 {
			return badField(short(name), "is not known here")
		}
		if len(values) > 1 {
			return badField(name, "is given twice")
		}
		if err := checkParam(&c.route.Params[i], values[0]); err != nil {
			return err
		}
	}
	for i := range c.route.Params {
		if p := &c.route.Params[i]; p.Required && p.In != "path" && given.Get(p.Name) == "" {
			return badField(p.Name, "is needed")
		}
	}
	return nil
}

func short(name string) string {
	if len(name) > 40 {
		name = strings.ToValidUTF8(name[:40], "") + "…"
	}
	return strings.ToValidUTF8(name, "\uFFFD")
}

func checkParam(p *openapi.Param, value string) error {
	switch {
	case value == "":
		return nil
	case len(value) > maxParam || !utf8.ValidString(value) || strings.ContainsRune(value, 0):
		return badField(p.Name, "is too long or not readable")
	case len(p.Enum) > 0 && !slices.Contains(p.Enum, value):
		return badField(p.Name, "must be one of "+strings.Join(p.Enum, " "))
	case p.Type == "integer":
		if n, err := strconv.ParseInt(value, 10, 64); err != nil || strconv.FormatInt(n, 10) != value {
			return badField(p.Name, "must be a whole number")
		}
	case p.Type == "boolean" && value != "true" && value != "false":
		return badField(p.Name, "must be true or false")
	case slices.Contains(idParams, p.Name) && !canonical.MatchString(value):
		return notFound()
	}
	return nil
}

func badField(name, fault string) *problem.Error {
	return problem.New(problem.Invalid, "The field %q %s.", name, fault).With("field", name)
}

// int returns a whole number of the query, 0 when it is not given.
func (c *call) int(name string) int64 {
	n, _ := strconv.ParseInt(c.Query(name), 10, 64) // address has checked it
	return n
}

// flag returns true or false of the query, nil when it is not given.
func (c *call) flag(name string) *bool {
	s := c.Query(name)
	if s == "" {
		return nil
	}
	b := s == "true"
	return &b
}

// pathInt returns a number of the path, at which nothing stands when it is out of range.
func (c *call) pathInt(name string) int64 {
	n, err := strconv.ParseInt(c.Params(name), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// maxPage is the most items of one page.
const maxPage = 200

func (c *call) paging() (office.Paging, error) {
	limit := c.int("limit")
	if c.Query("limit") != "" && (limit < 1 || limit > maxPage) {
		return office.Paging{}, badField("limit", "must be a number from 1 to 200")
	}
	return office.Paging{Cursor: c.Query("cursor"), Limit: int(limit)}, nil
}

// decode reads the body of a request.
func decode[T any](c *call) (T, error) { return httpapi.Decode[T](c.Ctx, maxBody) }

// text checks a text of a body: its length in characters, and that a form can show it.
func text(name, value string, most int, needed bool) error {
	switch {
	case needed && strings.TrimSpace(value) == "":
		return badField(name, "is needed")
	case utf8.RuneCountInString(value) > most:
		return badField(name, "takes at most "+strconv.Itoa(most)+" characters")
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f }):
		return badField(name, "holds characters that cannot be shown")
	}
	return nil
}

// texts checks several texts that may be absent.
func texts(most int, fields map[string]*string) error {
	for _, name := range sortedKeys(fields) {
		if v := fields[name]; v != nil {
			if err := text(name, *v, most, false); err != nil {
				return err
			}
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// id checks an id of a body: what is none names nothing.
func id(name, value string) error {
	if !canonical.MatchString(value) {
		return notFound().With("field", name)
	}
	return nil
}

// positive checks the version of a record that is there.
func positive(name string, value int64) error {
	if value < 1 {
		return badField(name, "must be that of what was looked at")
	}
	return nil
}

// set writes the set of a line.
func set(v any) (json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, problem.Wrap(err, problem.Invalid, "The values cannot be written.")
	}
	return raw, nil
}
