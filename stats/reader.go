package stats

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// maxText is the greatest length of one text of a template, in characters.
const maxText = 500

// reader walks a YAML document strictly: nothing unknown, nothing twice, nothing empty. It keeps
// the first fault with its line and ignores all that follows, so that callers need not check
// after each step.
type reader struct {
	name string
	err  *problem.Error
}

// fail keeps the first fault.
func (r *reader) fail(line int, format string, a ...any) {
	if r.err == nil {
		r.err = problem.New(problem.Invalid, "template %s: line %d: %s", r.name, max(line, 1), fmt.Sprintf(format, a...)).
			With("line", max(line, 1))
	}
}

// value refuses what YAML would quietly expand or leave empty.
func (r *reader) value(n *yaml.Node, kind yaml.Kind, want string) bool {
	switch {
	case r.err != nil:
		return false
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.fail(n.Line, "anchors and aliases are not used here")
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		r.fail(n.Line, "a value is missing: leave the key out or give %s", want)
	case n.Kind != kind:
		r.fail(n.Line, "expected %s", want)
	}
	return r.err == nil
}

// mapping hands each value to the function of its key. Unknown and repeated keys are refused,
// and so is the absence of a required one.
func (r *reader) mapping(n *yaml.Node, keys map[string]func(*yaml.Node), required ...string) {
	if !r.value(n, yaml.MappingNode, "a mapping") {
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		f, ok := keys[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || !ok:
			r.fail(key.Line, "unknown key %q", key.Value)
		case seen[key.Value]:
			r.fail(key.Line, "key %q appears twice", key.Value)
		default:
			seen[key.Value] = true
			f(n.Content[i+1])
		}
		if r.err != nil {
			return
		}
	}
	for _, k := range required {
		if !seen[k] {
			r.fail(n.Line, "key %q is missing", k)
			return
		}
	}
}

// list hands over each entry of a sequence that must not be empty.
func (r *reader) list(n *yaml.Node, f func(*yaml.Node)) {
	if !r.value(n, yaml.SequenceNode, "a list") {
		return
	}
	if len(n.Content) == 0 {
		r.fail(n.Line, "the list is empty")
	}
	for _, e := range n.Content {
		if r.err != nil {
			return
		}
		f(e)
	}
}

// text reads one line of text. A number or a flag is refused rather than turned into text.
func (r *reader) text(n *yaml.Node) string {
	if !r.value(n, yaml.ScalarNode, "text") {
		return ""
	}
	s := n.Value
	switch {
	case n.Tag != "!!str":
		r.fail(n.Line, "expected text, write it in quotes: %q", s)
	case strings.TrimSpace(s) == "":
		r.fail(n.Line, "the text is empty")
	case strings.TrimSpace(s) != s:
		r.fail(n.Line, "the text starts or ends with a space: %q", s)
	case utf8.RuneCountInString(s) > maxText:
		r.fail(n.Line, "the text is longer than %d characters", maxText)
	case strings.ContainsFunc(s, unicode.IsControl):
		r.fail(n.Line, "the text holds a line break or another control character")
	}
	return s
}

// into returns a function that stores a text.
func (r *reader) into(p *string) func(*yaml.Node) {
	return func(n *yaml.Node) { *p = r.text(n) }
}

// oneOf reads a text out of a closed set.
func (r *reader) oneOf(n *yaml.Node, what string, allowed []string) string {
	s := r.text(n)
	if r.err == nil && !slices.Contains(allowed, s) {
		r.fail(n.Line, "unknown %s %q (known: %s)", what, s, strings.Join(allowed, " "))
	}
	return s
}

// texts reads one text or a list of different ones, each checked by f.
func (r *reader) texts(n *yaml.Node, f func(*yaml.Node) string) []string {
	if n.Kind != yaml.SequenceNode {
		return []string{f(n)}
	}
	var out []string
	r.list(n, func(e *yaml.Node) {
		s := f(e)
		if slices.Contains(out, s) {
			r.fail(e.Line, "%q appears twice", s)
		}
		out = append(out, s)
	})
	return out
}

// number reads an integer from 1 to most. 0 is refused: everywhere in a template it would mean
// the same as leaving the key out, or nothing at all.
func (r *reader) number(n *yaml.Node, most int64) int64 {
	if !r.value(n, yaml.ScalarNode, "a number") {
		return 0
	}
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if n.Tag != "!!int" || err != nil || v < 1 || v > most {
		r.fail(n.Line, "expected a number from 1 to %d, not %q", most, n.Value)
	}
	return v
}

// flag reads true or false.
func (r *reader) flag(n *yaml.Node) bool {
	if !r.value(n, yaml.ScalarNode, "true or false") {
		return false
	}
	if n.Tag != "!!bool" {
		r.fail(n.Line, "expected true or false, not %q", n.Value)
	}
	return strings.EqualFold(n.Value, "true")
}
