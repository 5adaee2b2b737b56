package openapi

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// TypeScript writes the types of all requests and answers as TypeScript: an interface for each Go
// struct and a union of words for each closed set. Names and comments are those of the document.
func TypeScript(info Info, routes []Route) ([]byte, error) {
	s, err := newShelf(&info, routes)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	var b bytes.Buffer
	b.WriteString("// Made from the server's Go types; go generate ./internal/openapi writes it anew. Do not edit.\n")
	p := problemSchema()
	p.Description = "An error (RFC 9457)."
	writeType(&b, problemName, p)
	g := s.generics()
	written := map[string]bool{}
	for _, t := range s.order {
		c, err := s.component(t)
		if err != nil {
			return nil, fmt.Errorf("openapi: %w", err)
		}
		name := s.names[t]
		if of, ok := g[name]; ok {
			c.replace(refPrefix+of.arg, refPrefix+"T")
			if name = of.base + "<T>"; written[name] {
				continue
			}
			written[name] = true
		}
		c.replaceNames(g)
		writeType(&b, name, c)
	}
	return b.Bytes(), nil
}

// generic is a component that is an instance of a generic type: PageOfEventRow is Page of EventRow.
type generic struct{ base, arg string }

// generics finds the instances with one argument that is a component. Only their names tell.
func (s *shelf) generics() map[string]generic {
	byPath := map[string]string{}
	for _, t := range s.order {
		byPath[t.PkgPath()+"."+t.Name()] = s.names[t]
	}
	found := map[string]generic{}
	for _, t := range s.order {
		_, arg, ok := strings.Cut(strings.TrimSuffix(t.Name(), "]"), "[")
		if name, known := byPath[arg]; ok && known {
			found[s.names[t]] = generic{upper(baseName(t)), name}
		}
	}
	return found
}

// each visits a schema and all below it.
func (s *schema) each(visit func(*schema)) {
	if s == nil {
		return
	}
	visit(s)
	s.Items.each(visit)
	s.Other.each(visit)
	for _, inner := range slices.Concat(s.AllOf, s.AnyOf) {
		inner.each(visit)
	}
	for _, p := range s.Properties {
		p.value.each(visit)
	}
}

func (s *schema) replace(ref, with string) {
	s.each(func(s *schema) {
		if s.Ref == ref {
			s.Ref = with
		}
	})
}

// replaceNames writes instances of generic types as TypeScript does.
func (s *schema) replaceNames(of map[string]generic) {
	s.each(func(s *schema) {
		if g, ok := of[strings.TrimPrefix(s.Ref, refPrefix)]; ok {
			s.Ref = refPrefix + g.base + "<" + g.arg + ">"
		}
	})
}

func writeType(b *bytes.Buffer, name string, s *schema) {
	b.WriteString("\n")
	writeComment(b, "", firstSentence(s.Description))
	if s.Properties == nil {
		fmt.Fprintf(b, "export type %s = %s\n", name, typeOf(s))
		return
	}
	fmt.Fprintf(b, "export interface %s {\n", name)
	for _, p := range s.Properties {
		writeComment(b, "  ", p.value.Description)
		mark := ""
		if !slices.Contains(s.Required, p.name) {
			mark = "?"
		}
		fmt.Fprintf(b, "  %s%s: %s\n", memberName(p.name), mark, typeOf(p.value))
	}
	if s.Other != nil {
		fmt.Fprintf(b, "  [member: string]: %s\n", typeOf(s.Other))
	}
	b.WriteString("}\n")
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][\w$]*$`)

func memberName(name string) string {
	if identifier.MatchString(name) {
		return name
	}
	return quoted(name)
}

func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `\'`) + "'" }

func writeComment(b *bytes.Buffer, indent, words string) {
	if words != "" {
		words = strings.ReplaceAll(strings.Join(strings.Fields(words), " "), "*/", "*\\/")
		fmt.Fprintf(b, "%s/** %s */\n", indent, words)
	}
}

var sentenceEnd = regexp.MustCompile(`[.。](\s|$)`)

func firstSentence(words string) string {
	if at := sentenceEnd.FindStringIndex(words); at != nil {
		return strings.TrimSpace(words[:at[1]])
	}
	return words
}

// typeOf is a schema as a TypeScript type.
func typeOf(s *schema) string {
	switch {
	case s.Ref != "":
		return strings.TrimPrefix(s.Ref, refPrefix)
	case len(s.AnyOf) > 0:
		parts := make([]string, len(s.AnyOf))
		for i := range s.AnyOf {
			parts[i] = typeOf(s.AnyOf[i])
		}
		return strings.Join(parts, " | ")
	case s.Enum != nil:
		words := make([]string, len(s.Enum))
		for i := range s.Enum {
			words[i] = quoted(s.Enum[i])
		}
		return strings.Join(words, " | ")
	case s.Type == nil:
		return "unknown"
	}
	parts := make([]string, len(s.Type))
	for i, kind := range s.Type {
		parts[i] = kindOf(s, kind)
	}
	return strings.Join(parts, " | ")
}

func kindOf(s *schema, kind string) string {
	switch kind {
	case "integer", "number":
		return "number"
	case "array":
		item := typeOf(s.Items)
		if strings.Contains(item, " | ") {
			item = "(" + item + ")"
		}
		return item + "[]"
	case "object":
		return objectOf(s)
	}
	return kind // string boolean null
}

func objectOf(s *schema) string {
	if s.Other != nil && s.Properties == nil {
		return "Record<string, " + typeOf(s.Other) + ">"
	}
	parts := make([]string, len(s.Properties))
	for i, p := range s.Properties {
		mark := ""
		if !slices.Contains(s.Required, p.name) {
			mark = "?"
		}
		parts[i] = memberName(p.name) + mark + ": " + typeOf(p.value)
	}
	return "{ " + strings.Join(parts, "; ") + " }"
}
