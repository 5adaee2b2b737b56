package changelog

import (
	"bytes"
	"errors"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Why bytes cannot be read as one object. The sentences are public.
var (
	errNotObject = errors.New("not one JSON object")
	errTwice     = errors.New("a name stands twice in an object")
	errNUL       = errors.New("U+0000 is not allowed")
	errDeep      = errors.New("nested too deeply")
)

// member is one name and value of an object. Offsets are into the scanned bytes.
type member struct {
	name       string
	start, end int // of the value
	lo, hi     int // its own members, in scan.inner, if the value is an object
}

// scan is one JSON object taken apart to the second level. Package jsontext reads all of it
// first and judges it at any depth: grammar, UTF-8, surrogates, unique names. What is left to do
// here is to find where the members of valid JSON begin and end, which costs a third of asking
// the decoder for one token after the other.
type scan struct {
	src   []byte
	plain bool   // no string has an escape
	str   string // the same bytes: strings without escapes are slices of it, so they cost nothing
	top   []member
	inner []member
	dec   jsontext.Decoder
	buf   bytes.Buffer
}

var scans = sync.Pool{New: func() any { return new(scan) }}

// release returns s to the pool. Strings and raw bytes taken from s stay valid.
func (s *scan) release() {
	const keep = 256 // members; more is unusual and not worth the memory
	if cap(s.top) > keep || cap(s.inner) > keep {
		return
	}
	clear(s.top)
	clear(s.inner)
	s.src, s.str, s.top, s.inner, s.buf = nil, "", s.top[:0], s.inner[:0], bytes.Buffer{}
	scans.Put(s)
}

// read takes src apart. The error is one of those above.
func (s *scan) read(src []byte) error {
	s.plain = bytes.IndexByte(src, '\\') < 0
	if err := precheck(src, s.plain); err != nil {
		return err
	}
	s.src, s.str = src, string(src)
	s.buf = *bytes.NewBuffer(src) // the decoder reads from a bytes.Buffer in place
	s.dec.Reset(&s.buf)
	value, err := s.dec.ReadValue()
	if err != nil {
		return sentence(err)
	}
	end := int(s.dec.InputOffset())
	if value[0] != '{' || s.space(end) != len(src) {
		return errNotObject
	}
	s.top, _ = s.split(s.top, end-len(value), true)
	return nil
}

// split appends the members of the object that begins at i to list, and with open those of the
// objects among them to inner. It returns the place after the object.
func (s *scan) split(list []member, i int, open bool) ([]member, int) {
	for i = s.space(i + 1); s.src[i] != '}'; i = s.space(i) {
		if s.src[i] == ',' {
			i = s.space(i + 1)
		}
		m := member{start: i}
		m.end = s.afterString(i)
		m.name = s.text(&m)
		m.start = s.space(s.space(m.end) + 1) // over the colon
		if open && s.src[m.start] == '{' {
			m.lo = len(s.inner)
			s.inner, m.end = s.split(s.inner, m.start, false)
			m.hi = len(s.inner)
		} else {
			m.end = s.afterValue(m.start)
		}
		list, i = append(list, m), m.end
	}
	return list, i + 1
}

// space returns the first place from i on that holds no white space.
func (s *scan) space(i int) int {
	for i < len(s.src) && (s.src[i] == ' ' || s.src[i] == '\t' || s.src[i] == '\r' || s.src[i] == '\n') {
		i++
	}
	return i
}

// afterString returns the place after the string that begins at i.
func (s *scan) afterString(i int) int {
	for i++; s.src[i] != '"'; i++ {
		if s.src[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// afterValue returns the place after the value that begins at i.
func (s *scan) afterValue(i int) int {
	depth := 0
	for {
		switch s.src[i] {
		case '"':
			i = s.afterString(i)
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case ' ', '\t', '\r', '\n', ',', ':':
			i++
			continue // between values: not the end of one
		default:
			for isScalar(s.src[i]) {
				i++
			}
		}
		if depth == 0 {
			return i
		}
	}
}

// isScalar reports whether c is a byte of a number, true, false or null.
func isScalar(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '-' || c == '+' || c == '.' || c == 'E'
}

// raw returns the value as written. It shares the memory of the scanned bytes, not their tail.
func (s *scan) raw(m *member) []byte { return s.src[m.start:m.end:m.end] }

// kind returns the first byte of the value: { [ " t f n, or - or a digit of a number.
func (s *scan) kind(m *member) byte { return s.src[m.start] }

// text returns the string that the value spells. The value must be a string.
func (s *scan) text(m *member) string {
	raw := s.src[m.start:m.end]
	if s.plain || bytes.IndexByte(raw, '\\') < 0 {
		return s.str[m.start+1 : m.end-1]
	}
	b, _ := jsontext.AppendUnquote(nil, raw) // read before, so it cannot fail
	return string(b)
}

// integer returns the value of a number written as an integer within ±limit. A fraction, an
// exponent and -0 are not written so, even where their value would be one.
func (s *scan) integer(m *member, limit int64) (int64, bool) {
	raw := s.src[m.start:m.end]
	neg := raw[0] == '-'
	if neg {
		raw = raw[1:]
	}
	if len(raw) > 16 || neg && len(raw) == 1 && raw[0] == '0' {
		return 0, false
	}
	var n int64
	for _, c := range raw {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if n > limit {
		return 0, false
	}
	if neg {
		n = -n
	}
	return n, true
}

// precheck refuses what jsontext lets pass. It may misread bytes that are not JSON, which are
// refused anyway. Nearly every line passes by the two counts alone.
func precheck(src []byte, plain bool) error {
	deep := bytes.Count(src, []byte{'{'})+bytes.Count(src, []byte{'['}) > maxDepth
	if !deep && (plain || !bytes.Contains(src, []byte(`\u0000`))) {
		return nil
	}
	depth, quoted := 0, false
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			if bytes.HasPrefix(src[i:], []byte(`\u0000`)) {
				return errNUL
			}
			i++ // what is escaped neither ends the string nor starts another escape
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return errDeep
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// sentence replaces the decoder's error, which quotes what it read.
func sentence(err error) error {
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return errTwice
	}
	return errNotObject
}
