package openapi_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/internal/problem"
)

type colour string

const (
	red   colour = "red"
	green colour = "green"
)

type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
	Total *int64 `json:"total,omitempty"`
}

type base struct {
	ID   string `json:"id"`
	Name string `json:"name"` // hidden by the outer one
}

type row struct {
	base
	Name    int                        `json:"name"`
	Colour  colour                     `json:"colour"`
	Parent  *row                       `json:"parent"`
	Maybe   *int64                     `json:"maybe"`
	Left    *string                    `json:"left,omitempty"`
	Raw     json.RawMessage            `json:"raw"`
	Fields  map[string]json.RawMessage `json:"fields"`
	Bytes   []byte                     `json:"bytes"`
	At      time.Time                  `json:"at"`
	Kinds   []colour                   `json:"kinds"`
	Inner   struct{ A bool }           `json:"inner"`
	Skipped string                     `json:"-"`
}

type ask struct {
	Name  string  `json:"name"`
	Other *string `json:"other"`
	Note  string  `json:"note,omitempty"`
}

var info = openapi.Info{
	Name: "test", Title: "Test", Version: "1", Prefix: "/api", Cookie: "refresh",
	Status: func(c problem.Code) int {
		return map[problem.Code]int{problem.Invalid: 400, problem.Moved: 409, problem.Conflict: 409, problem.NotFound: 404}[c]
	},
	Closed: map[reflect.Type][]string{reflect.TypeFor[colour](): openapi.Values(red, green)},
}

func route(changes ...func(*openapi.Route)) openapi.Route {
	r := openapi.Route{Method: "PATCH", Path: "/rows/:row", ID: "change", Tag: "rows", Summary: "s", SummaryZH: "摘要",
		In: ask{}, Out: page[row]{}, Errors: []problem.Code{problem.Moved, problem.Conflict}}
	for _, change := range changes {
		change(&r)
	}
	return r
}

// at reads a place of a document, such as components/schemas/Row/required.
func at(t *testing.T, raw []byte, path string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(path, " ") {
		m, ok := v.(map[string]any)
		if !ok {
			return ""
		}
		v = m[name]
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestSchemas(t *testing.T) {
	raw, err := openapi.Document(info, []openapi.Route{route()})
	if err != nil {
		t.Fatal(err)
	}
	const s = "components schemas "
	for path, want := range map[string]string{
		s + "PageOfRow required":                        `["items","next"]`,
		s + "PageOfRow properties items":                `{"items":{"$ref":"#/components/schemas/Row"},"type":"array"}`,
		s + "Row required":                              `["id","name","colour","parent","maybe","raw","fields","bytes","at","kinds","inner"]`,
		s + "Row properties name":                       `{"type":"integer"}`,
		s + "Row properties parent":                     `{"anyOf":[{"$ref":"#/components/schemas/Row"},{"type":"null"}]}`,
		s + "Row properties maybe":                      `{"format":"int64","type":["integer","null"]}`,
		s + "Row properties left":                       `{"type":"string"}`,
		s + "Row properties raw":                        `{}`,
		s + "Row properties fields":                     `{"additionalProperties":{},"type":"object"}`,
		s + "Row properties bytes":                      `{"contentEncoding":"base64","type":"string"}`,
		s + "Row properties at":                         `{"format":"date-time","type":"string"}`,
		s + "Row properties inner":                      `{"properties":{"A":{"type":"boolean"}},"required":["A"],"type":"object"}`,
		s + "Row properties Skipped":                    `null`,
		s + "Colour enum":                               `["red","green"]`,
		s + "Ask required":                              `["name"]`,
		s + "Ask properties other":                      `{"type":"string"}`,
		"paths /api/rows/{row} patch security":          `null`,
		"paths /api/rows/{row} patch responses 409":     `{"$ref":"#/components/responses/409.conflict.moved"}`,
		"paths /api/rows/{row} patch x-summary-zh":      `"摘要"`,
		"components securitySchemes cookie name":        `"refresh"`,
		"components responses 409.conflict.moved x":     `null`,
		"paths /api/rows/{row} patch requestBody other": `null`,
	} {
		if got := at(t, raw, path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	again, err := openapi.Document(info, []openapi.Route{route()})
	if err != nil || string(again) != string(raw) {
		t.Error("the same routes give another document")
	}
}

func TestComments(t *testing.T) {
	comments, err := openapi.ReadComments("../..")
	if err != nil {
		t.Fatal(err)
	}
	const pkg = "github.com/fieldsync/fieldsync/internal/"
	for name, want := range map[string]string{
		pkg + "problem.Code=gap":      "the server lacks earlier lines",
		pkg + "problem.Error":         "Error is a fault with a public face.",
		pkg + "problem.Error.Cause":   "private, for the log",
		pkg + "openapi.Info.Comments": "from ReadComments; nil: nothing is described in words",
	} {
		if comments[name] != want {
			t.Errorf("%s: %q, want %q", name, comments[name], want)
		}
	}
}

// two has two members of one name, which go vet would not let pass in the source.
var two = reflect.Zero(reflect.StructOf([]reflect.StructField{
	{Name: "A", Type: reflect.TypeFor[string](), Tag: `json:"id"`},
	{Name: "B", Type: reflect.TypeFor[string](), Tag: `json:"id"`},
})).Interface()

func TestFaults(t *testing.T) {
	for want, change := range map[string]func(*openapi.Route){
		"the method":          func(r *openapi.Route) { r.Method = "HEAD" },
		"SummaryZH":           func(r *openapi.Route) { r.SummaryZH = "" },
		"either Out":          func(r *openapi.Route) { r.OutType = "text/csv" },
		`two members "id"`:    func(r *openapi.Route) { r.Out = two },
		"no parameter column": func(r *openapi.Route) { r.Params = []openapi.Param{{Name: "column", In: "path"}} },
	} {
		if _, err := openapi.Document(info, []openapi.Route{route(change)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := openapi.Document(info, []openapi.Route{route(), route(func(r *openapi.Route) { r.Path = "/b" })}); err == nil {
		t.Error("two routes have one ID")
	}
	missing := info
	missing.Closed = map[reflect.Type][]string{reflect.TypeFor[colour](): {"red"}}
	missing.Comments = openapi.Comments{reflect.TypeFor[colour]().PkgPath() + ".colour=green": ""}
	if _, err := openapi.Document(missing, []openapi.Route{route()}); err == nil || !strings.Contains(err.Error(), `"green" is missing`) {
		t.Errorf("a closed set that is not whole: %v", err)
	}
}

func TestTypeScript(t *testing.T) {
	got, err := openapi.TypeScript(info, []openapi.Route{route()})
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/types.ts")
	if err != nil || string(got) != string(want) {
		t.Errorf("testdata/types.ts: %v, got\n%s", err, got)
	}
}
