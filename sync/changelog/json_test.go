package changelog

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// The scanner leaves these to package jsontext and to nobody else, so they are watched here.
func TestJSONTextIsStrict(t *testing.T) {
	for name, text := range map[string]string{
		"duplicate":              `{"a":1,"a":1}`,
		"duplicate by escape":    `{"a":1,"\u0061":1}`,
		"duplicate deep":         `{"a":[[{"b":{"c":1,"c":1}}]]}`,
		"duplicate among many":   `{` + manyNames(100) + `"n5":1}`,
		"invalid UTF-8":          "{\"a\":\"\xff\"}",
		"overlong UTF-8":         "{\"a\":\"\xc0\x80\"}",
		"cut UTF-8":              "{\"a\":\"\xe4\xb8\"}",
		"surrogate as UTF-8":     "{\"a\":\"\xed\xa0\x80\"}",
		"invalid UTF-8 in name":  "{\"\xff\":1}",
		"lone high surrogate":    `{"a":"\ud83d"}`,
		"lone low surrogate":     `{"a":"\ude00"}`,
		"surrogates turned":      `{"a":"\ude00\ud83d"}`,
		"lone surrogate deep":    `{"a":{"b":["\ud83dx"]}}`,
		"lone surrogate in name": `{"\ud83d":1}`,
		"raw NUL":                "{\"a\":\"\x00\"}",
		"raw control":            "{\"a\":\"\x1f\"}",
		"leading zero":           `{"a":01}`,
		"trailing comma":         `{"a":1,}`,
		"single quotes":          `{'a':1}`,
		"comment":                `{"a":1/**/}`,
		"capital literal":        `{"a":True}`,
		"capital escape":         `{"a":"\U0041"}`,
		"NaN":                    `{"a":NaN}`,
		"plus":                   `{"a":+1}`,
		"form feed as space":     "{\f\"a\":1}",
		"no-break space":         "{\u00a0\"a\":1}",
	} {
		_, err := jsontext.NewDecoder(bytes.NewBufferString(text)).ReadValue()
		if err == nil {
			t.Errorf("%s: jsontext takes %s", name, text)
		}
		if strings.HasPrefix(name, "duplicate") != errors.Is(err, jsontext.ErrDuplicateName) {
			t.Errorf("%s: %v", name, err)
		}
		if err := new(scan).read([]byte(text)); err == nil {
			t.Errorf("%s: scan takes %s", name, text)
		}
	}
}

func manyNames(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`"n` + string(rune('0'+i%10)) + strings.Repeat("x", i/10) + `":1,`)
	}
	return b.String()
}

// Splitting a valid object finds exactly the members that the decoder finds one by one.
func checkSplit(t testing.TB, src []byte) {
	s := new(scan)
	if s.read(src) != nil {
		return
	}
	want := tokens(t, src)
	got := s.top
	if len(got) != len(want) {
		t.Fatalf("%s: %d members, want %d", src, len(got), len(want))
	}
	for i := range got {
		if got[i].name != want[i].name || string(s.raw(&got[i])) != want[i].raw {
			t.Fatalf("%s: member %d = %q %s, want %q %s", src, i, got[i].name, s.raw(&got[i]), want[i].name, want[i].raw)
		}
		if want[i].raw[0] != '{' {
			continue
		}
		inner := tokens(t, []byte(want[i].raw))
		if got[i].hi-got[i].lo != len(inner) {
			t.Fatalf("%s: %d inner members, want %d", src, got[i].hi-got[i].lo, len(inner))
		}
		for j, m := range s.inner[got[i].lo:got[i].hi] {
			if m.name != inner[j].name || string(s.raw(&m)) != inner[j].raw {
				t.Fatalf("%s: inner member %q %s, want %q %s", src, m.name, s.raw(&m), inner[j].name, inner[j].raw)
			}
		}
	}
}

type token struct{ name, raw string }

func tokens(t testing.TB, src []byte) (out []token) {
	d := jsontext.NewDecoder(bytes.NewReader(src))
	_, err := d.ReadToken()
	for err == nil && d.PeekKind() == '"' {
		var name jsontext.Token
		if name, err = d.ReadToken(); err != nil {
			break
		}
		m := token{name: name.String()}
		var raw jsontext.Value
		raw, err = d.ReadValue()
		m.raw = string(raw)
		out = append(out, m)
	}
	if err != nil {
		t.Fatalf("%s: the decoder refuses what scan takes: %v", src, err)
	}
	return out
}

func TestSplit(t *testing.T) {
	for _, text := range []string{
		`{}`, ` { } `, "\t{\r\n}\r", `{"a":{}}`, `{"a":[]}`, `{ "a" : { "b" : [ 1 , { "c" : "}" } ] , "d" : null } , "e" : -1.5e+3 }`,
		`{"a\"b":"\\","\\":"\"}{","{":true,"[":false}`, `{"a":[[[],[]],{}],"b":{"c":{"d":{}}}}`, `{"":""}`,
		`{"é":"\u00e9\ud83d\ude00","a":1E5,"b":0,"c":-0.0}`, benchTally, benchEvent,
	} {
		if err := new(scan).read([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		checkSplit(t, []byte(text))
	}
}

// A scan that comes back from the pool carries nothing over, and leaves its source alone.
func TestScanReuse(t *testing.T) {
	event, tally := []byte(benchEvent), []byte(benchTally)
	first, f := ParseLine(event)
	if f != nil {
		t.Fatal(f)
	}
	for range 100 {
		if _, f := ParseLine([]byte(`{"at":1,"set":{"x":`)); f == nil {
			t.Fatal("half a line")
		}
		c, f := ParseLine(tally)
		if f != nil || c.Set != nil || c.ID != "" || c.N != 1 {
			t.Fatalf("tally = %+v, %v", c, f)
		}
	}
	if string(event) != benchEvent || string(tally) != benchTally {
		t.Error("the source was written to")
	}
	if first.Set[2].Value.Text != "县南市场东门口3·15宣传咨询" || string(first.Set[0].Value.Raw) != `"consultation"` {
		t.Errorf("first = %+v", first.Set)
	}
	if raw := first.Set[0].Value.Raw; cap(raw) != len(raw) {
		t.Error("appending to a raw value would write into the line")
	}
}
