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

// fail keeps the first fault, in English and in Chinese.
func (r *reader) fail(line int, format, zh string, a ...any) {
	r.fault(line, fmt.Sprintf(format, a...), fmt.Sprintf(zh, a...))
}

func (r *reader) fault(line int, why, zh string) {
	if r.err == nil {
		r.err = problem.New(problem.Invalid, "template %s: line %d: %s", r.name, max(line, 1), why).
			ZH("模板 %s 第 %d 行：%s。", r.name, max(line, 1), zh).With("line", max(line, 1))
	}
}

// want is what a place takes, in English and in Chinese.
type want struct{ en, zh string }

// value refuses what YAML would quietly expand or leave empty.
func (r *reader) value(n *yaml.Node, kind yaml.Kind, w want) bool {
	switch {
	case r.err != nil:
		return false
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.fail(n.Line, "anchors and aliases are not used here", "不能使用锚点（&）和引用（*）")
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		r.fault(n.Line, "a value is missing: leave the key out or give "+w.en, "没有填值：请删去此项，或填写"+w.zh)
	case n.Kind != kind:
		r.fault(n.Line, "expected "+w.en, "这里应为"+w.zh)
	}
	return r.err == nil
}

// mapping hands each value to the function of its key. Unknown and repeated keys are refused,
// and so is the absence of a required one.
func (r *reader) mapping(n *yaml.Node, keys map[string]func(*yaml.Node), required ...string) {
	if !r.value(n, yaml.MappingNode, want{"a mapping", "若干“项: 值”"}) {
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		f, ok := keys[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || !ok:
			r.fail(key.Line, "unknown key %q", "不认识的项 %q，请检查拼写", key.Value)
		case seen[key.Value]:
			r.fail(key.Line, "key %q appears twice", "%q 写了两次", key.Value)
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
			r.fail(n.Line, "key %q is missing", "缺少 %q", k)
			return
		}
	}
}

// list hands over each entry of a sequence that must not be empty.
func (r *reader) list(n *yaml.Node, f func(*yaml.Node)) {
	if !r.value(n, yaml.SequenceNode, want{"a list", "列表"}) {
		return
	}
	if len(n.Content) == 0 {
		r.fail(n.Line, "the list is empty", "列表是空的")
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
	if !r.value(n, yaml.ScalarNode, want{"text", "文字"}) {
		return ""
	}
	s := n.Value
	switch {
	case n.Tag != "!!str":
		r.fail(n.Line, "expected text, write it in quotes: %q", "这里应为文字，请加引号：%q", s)
	case strings.TrimSpace(s) == "":
		r.fail(n.Line, "the text is empty", "文字是空的")
	case strings.TrimSpace(s) != s:
		r.fail(n.Line, "the text starts or ends with a space: %q", "文字开头或结尾有空格：%q", s)
	case utf8.RuneCountInString(s) > maxText:
		r.fail(n.Line, "the text is longer than %d characters", "文字超过 %d 个字", maxText)
	case strings.ContainsFunc(s, unicode.IsControl):
		r.fail(n.Line, "the text holds a line break or another control character",
			"文字中有换行或其他控制字符")
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
		r.fail(n.Line, "unknown %s %q (known: %s)", "%s 不能写 %q（可以写：%s）", what, s, strings.Join(allowed, " "))
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
			r.fail(e.Line, "%q appears twice", "%q 写了两次", s)
		}
		out = append(out, s)
	})
	return out
}

// number reads an integer from 1 to most. 0 is refused: everywhere in a template it would mean
// the same as leaving the key out, or nothing at all.
func (r *reader) number(n *yaml.Node, most int64) int64 {
	if !r.value(n, yaml.ScalarNode, want{"a number", "整数"}) {
		return 0
	}
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if n.Tag != "!!int" || err != nil || v < 1 || v > most {
		r.fail(n.Line, "expected a number from 1 to %d, not %q",
			"这里应为 1 至 %d 的整数，不能是 %q", most, n.Value)
	}
	return v
}

// flag reads true or false.
func (r *reader) flag(n *yaml.Node) bool {
	if !r.value(n, yaml.ScalarNode, want{"true or false", "true 或 false"}) {
		return false
	}
	if n.Tag != "!!bool" {
		r.fail(n.Line, "expected true or false, not %q", "这里应为 true 或 false，不能是 %q", n.Value)
	}
	return strings.EqualFold(n.Value, "true")
}
