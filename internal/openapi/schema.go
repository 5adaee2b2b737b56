package openapi

import (
	"encoding"
	stdjson "encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// schema is the part of JSON Schema 2020-12 that Go types need.
type schema struct {
	Ref             string           `json:"$ref,omitzero"`
	Type            kinds            `json:"type,omitempty"`
	Format          string           `json:"format,omitzero"`
	ContentEncoding string           `json:"contentEncoding,omitzero"`
	Description     string           `json:"description,omitzero"`
	Enum            []string         `json:"enum,omitempty"`
	AllOf           []*schema        `json:"allOf,omitempty"`
	AnyOf           []*schema        `json:"anyOf,omitempty"`
	Items           *schema          `json:"items,omitzero"`
	Properties      members[*schema] `json:"properties,omitempty"`
	Required        []string         `json:"required,omitempty"`
	Other           *schema          `json:"additionalProperties,omitzero"`
}

const refPrefix = "#/components/schemas/"

func typed(kind string) *schema { return &schema{Type: kinds{kind}} }

// orNull is s or null.
func (s *schema) orNull() *schema {
	switch {
	case len(s.Type) == 1 && s.Enum == nil:
		s.Type = append(s.Type, "null")
		return s
	case s.Ref != "":
		return &schema{AnyOf: []*schema{s, typed("null")}}
	}
	return s
}

// shelf holds the types that the routes of one document use, one component each.
type shelf struct {
	info  *Info
	order []reflect.Type          // as they were met
	asked map[reflect.Type]bool   // part of a request's body
	told  map[reflect.Type]bool   // part of an answer
	names map[reflect.Type]string // of the components
}

// newShelf collects the types of all routes and names them.
func newShelf(info *Info, routes []Route) (*shelf, error) {
	s := &shelf{info: info, asked: map[reflect.Type]bool{}, told: map[reflect.Type]bool{}}
	for i := range routes {
		if err := s.collect(reflect.TypeOf(routes[i].In), s.asked); err != nil {
			return nil, fmt.Errorf("%s: %w", routes[i].ID, err)
		}
		if err := s.collect(reflect.TypeOf(routes[i].Out), s.told); err != nil {
			return nil, fmt.Errorf("%s: %w", routes[i].ID, err)
		}
	}
	return s, s.name()
}

// collect finds the components below t.
func (s *shelf) collect(t reflect.Type, use map[reflect.Type]bool) error {
	if t == nil || opaque(t) != nil {
		return nil
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return s.collect(t.Elem(), use)
	case reflect.String:
		if s.info.Closed[t] != nil {
			s.meet(t, use)
		}
		return nil
	case reflect.Struct:
		if t.Name() != "" && !s.meet(t, use) {
			return nil
		}
		fields, err := fieldsOf(t)
		if err != nil {
			return err
		}
		for _, f := range fields {
			if err := s.collect(f.typ, use); err != nil {
				return err
			}
		}
	}
	return nil
}

// meet notes a component and reports whether it is new to this use.
func (s *shelf) meet(t reflect.Type, use map[reflect.Type]bool) bool {
	if use[t] {
		return false
	}
	use[t] = true
	if !slices.Contains(s.order, t) {
		s.order = append(s.order, t)
	}
	return true
}

// name gives each component its Go name, with its package before it where two have the same.
func (s *shelf) name() error {
	count := map[string]int{problemName: 1}
	for _, t := range s.order {
		count[publicName(t)]++
	}
	s.names = map[reflect.Type]string{}
	taken := map[string]bool{problemName: true}
	for _, t := range s.order {
		name := publicName(t)
		if count[name] > 1 {
			pkg, _, _ := strings.Cut(t.String(), ".")
			name = upper(pkg) + name
		}
		if taken[name] {
			return fmt.Errorf("two types are called %s", name)
		}
		taken[name] = true
		s.names[t] = name
	}
	slices.SortFunc(s.order, func(a, b reflect.Type) int { return strings.Compare(s.names[a], s.names[b]) })
	return nil
}

// publicName is the name of a type as a component: Page[office.EventRow] is PageOfEventRow.
func publicName(t reflect.Type) string {
	name, args, generic := strings.Cut(t.Name(), "[")
	name = upper(name)
	if !generic {
		return name
	}
	var of []string
	for arg := range strings.SplitSeq(strings.TrimSuffix(args, "]"), ",") {
		of = append(of, upper(arg[strings.LastIndexAny(arg, "./")+1:]))
	}
	return name + "Of" + strings.Join(of, "And")
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// component describes a type that has a name of its own.
func (s *shelf) component(t reflect.Type) (*schema, error) {
	if t.Kind() == reflect.String {
		for _, word := range s.info.Comments.values(t) {
			if !slices.Contains(s.info.Closed[t], word) {
				return nil, fmt.Errorf("%s is said to be closed, and %q is missing", t, word)
			}
		}
		return &schema{Type: kinds{"string"}, Enum: s.info.Closed[t], Description: s.info.Comments.of(t)}, nil
	}
	c, err := s.object(t)
	if err == nil {
		c.Description = s.info.Comments.of(t)
	}
	return c, err
}

// object describes a struct: embedded ones are part of it.
func (s *shelf) object(t reflect.Type) (*schema, error) {
	fields, err := fieldsOf(t)
	if err != nil {
		return nil, err
	}
	o := typed("object")
	for _, f := range fields {
		p := s.of(f.typ)
		pointer := f.typ.Kind() == reflect.Pointer
		required := !f.optional
		switch {
		case s.asked[t] && !s.told[t]:
			required = required && !pointer
		case pointer && required:
			p = p.orNull()
		}
		p.Description = s.info.Comments.ofField(f.owner, f.field)
		o.Properties.put(f.name, p)
		if required {
			o.Required = append(o.Required, f.name)
		}
	}
	return o, nil
}

// of describes the use of a type.
func (s *shelf) of(t reflect.Type) *schema {
	if o := opaque(t); o != nil {
		return o
	}
	if name, ok := s.names[t]; ok {
		return &schema{Ref: refPrefix + name}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return &schema{Type: kinds{"string"}, ContentEncoding: "base64"}
		}
		return &schema{Type: kinds{"array"}, Items: s.of(t.Elem())}
	case reflect.Map:
		return &schema{Type: kinds{"object"}, Other: s.of(t.Elem())}
	case reflect.Struct: // one without a name
		o, _ := s.object(t) // its fields were looked at when it was collected
		return o
	case reflect.String:
		return typed("string")
	case reflect.Bool:
		return typed("boolean")
	case reflect.Float32, reflect.Float64:
		return typed("number")
	case reflect.Int64, reflect.Uint64:
		return &schema{Type: kinds{"integer"}, Format: "int64"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return typed("integer")
	}
	return &schema{}
}

var (
	rawJSON = reflect.TypeFor[stdjson.RawMessage]()
	moment  = reflect.TypeFor[time.Time]()
)

// opaque describes a type that writes itself: its Go shape says nothing of its JSON. It is nil for
// the others.
func opaque(t reflect.Type) *schema {
	if t == moment {
		return &schema{Type: kinds{"string"}, Format: "date-time"}
	}
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return nil
	}
	p := reflect.PointerTo(t)
	if t == rawJSON || p.Implements(reflect.TypeFor[json.MarshalerTo]()) || p.Implements(reflect.TypeFor[json.Marshaler]()) ||
		t == reflect.TypeFor[jsontext.Value]() {
		return &schema{}
	}
	if p.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return typed("string")
	}
	return nil
}
