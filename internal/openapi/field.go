package openapi

import (
	"fmt"
	"reflect"
	"strings"
)

// field is a member of an object as JSON sees the struct behind it.
type field struct {
	name     string // of the member
	typ      reflect.Type
	optional bool         // its tag leaves it out when it is empty
	owner    reflect.Type // the struct that declares it
	field    string       // its Go name
	depth    int          // of embedding
}

// fieldsOf lists the members of a struct in order, those of embedded structs in the place where they
// are embedded. As in JSON, an outer member hides an inner one of the same name; two of the same
// depth would hide each other, so they are an error.
func fieldsOf(t reflect.Type) ([]field, error) {
	all := walkFields(t, 0)
	outermost := map[string]int{}
	for _, f := range all {
		if d, ok := outermost[f.name]; !ok || f.depth < d {
			outermost[f.name] = f.depth
		}
	}
	var kept []field
	seen := map[string]bool{}
	for _, f := range all {
		if f.depth != outermost[f.name] {
			continue
		}
		if seen[f.name] {
			return nil, fmt.Errorf("%s has two members %q", t, f.name)
		}
		seen[f.name] = true
		kept = append(kept, f)
	}
	return kept, nil
}

func walkFields(t reflect.Type, depth int) []field {
	var all []field
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if tag == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if f.Anonymous && name == "" && inner.Kind() == reflect.Struct {
			all = append(all, walkFields(inner, depth+1)...)
			continue
		}
		if name == "" {
			name = f.Name
		}
		opts := "," + options + ","
		all = append(all, field{name: name, typ: f.Type, owner: t, field: f.Name, depth: depth,
			optional: strings.Contains(opts, ",omitempty,") || strings.Contains(opts, ",omitzero,")})
	}
	return all
}
