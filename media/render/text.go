package render

import (
	"strings"
	"unicode"
)

// geta stands for a character that the font has not, as printers did when they had no sort: nobody takes it for text.
const geta = '〓'

const maxLine = 600 // characters: more never fit

// Characters that no line begins with, and that none ends with.
const (
	neverFirst = "，。、；：？！）】》〉」』〕〗］｝”’…—～·•％‰℃°々,.;:?!)]}%¢′″"
	neverLast  = "（【《〈「『〔〖［｛“‘￥＄$([{#№"
)

// printable makes one line of a text: every kind of space is a space, and what has no form of its own (controls, marks of
// direction, joiners, selectors) is left out. What the font has not becomes geta; missing says how often. Marks upon a
// missing character and what is joined to it are missing with it. Beyond maxLine characters the text is cut with ….
func printable(text string, has func(rune) bool) (line string, missing int) {
	var out strings.Builder
	space, joined, gone := false, false, false // gone: the last character is missing
	n := 0
	for _, r := range text {
		if n == maxLine {
			return out.String() + "…", missing
		}
		switch {
		case unicode.IsSpace(r) || r == '\u2028' || r == '\u2029':
			space = out.Len() > 0
			gone, joined = false, false
			continue
		case r == '\u200d':
			joined = gone
			continue
		case formless(r):
			continue
		case !has(r) && gone && (joined || unicode.Is(unicode.M, r) || r >= 0x1f3fb && r <= 0x1f3ff):
			joined = false
			continue
		}
		if space {
			out.WriteByte(' ')
			space = false
		}
		if gone = !has(r); gone {
			missing++
			r = geta
		}
		joined = false
		out.WriteRune(r)
		n++
	}
	return out.String(), missing
}

// formless characters are never seen.
func formless(r rune) bool {
	return unicode.Is(unicode.C, r) && !unicode.Is(unicode.Co, r) || r == '\u034f' || r >= '\ufe00' && r <= '\ufe0f' || r >= 0xe0100 && r <= 0xe01ef
}

// wrap breaks a line into lines that are no wider than width, as width of a text is measured by wide. Beyond most lines
// the rest is left out, and the last ends with … instead.
func wrap(line string, width int, most int, wide func(string) int) []string {
	var lines []string
	for rest := line; rest != ""; {
		n := lineEnd(rest, width, wide)
		if len(lines) == most-1 && strings.TrimSpace(rest[n:]) != "" {
			return append(lines, shorten(rest, width, wide))
		}
		lines = append(lines, strings.TrimRight(rest[:n], " "))
		rest = strings.TrimLeft(rest[n:], " ")
	}
	return lines
}

// lineEnd is where the first line of a text ends, in bytes: at the last place before its width where a line may end; where
// there is none, in the middle of what does not fit; never at 0.
func lineEnd(text string, width int, wide func(string) int) int {
	good, any := 0, 0
	var last rune
	for i, r := range text {
		if i > 0 && mayBreak(last, r) {
			good = i
		}
		if i > 0 && r != ' ' && wide(text[:i])+wide(string(r)) > width { // a space at the end takes no place
			if good > 0 {
				return good
			}
			return max(any, i)
		}
		last, any = r, i
	}
	return len(text)
}

// mayBreak reports whether a line may end between two characters: after a space, and beside a Chinese character unless
// the rules of punctuation forbid it.
func mayBreak(a, b rune) bool {
	switch {
	case b == ' ', strings.ContainsRune(neverFirst, b), strings.ContainsRune(neverLast, a):
		return false
	case a == ' ':
		return true
	}
	return chinese(a) || chinese(b)
}

// chinese characters stand beside others without a space: hanzi, kana, and the full width forms.
func chinese(r rune) bool {
	return r >= 0x2e80 && r <= 0x9fff || r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe4f || r >= 0xff00 && r <= 0xffef ||
		r >= 0x20000 && r <= 0x3ffff || r == '…' || r == '—'
}

// shorten cuts a text to a width and ends it with ….
func shorten(text string, width int, wide func(string) int) string {
	end := 0
	for i := range text {
		if wide(strings.TrimRight(text[:i], " ")+"…") > width {
			break
		}
		end = i
	}
	return strings.TrimRight(text[:end], " ，、；：,;:") + "…"
}
