package changelog

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// FuzzHeader: ParseBatch never panics, and what it takes encodes to a body that means the same.
func FuzzHeader(f *testing.F) {
	for _, b := range readVectors(f).Batches {
		f.Add(b.body(f))
	}
	for _, s := range []string{"", "\n", "{}", header("", ""), header("later", "{}") + "\n", header("after", "{}"),
		header("v", "2"), header("sig", `""`), header("from", "9007199254740991")} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := ParseBatch(body)
		if err != nil {
			switch problem.CodeOf(err) {
			case problem.BadHeader, problem.BadHash, problem.TooLarge:
			default:
				t.Fatalf("problem %v", err)
			}
			return
		}
		h := &b.Header
		if h.V != 1 || !isUUID(h.Device) || !isUUID(h.Epoch) || h.From < 0 || h.From+h.Count > models.MaxInteger ||
			h.Count > MaxLines || h.Wall < 0 || h.LogNext < 0 || h.PhotosPending < 0 || h.Acked < 0 ||
			strings.Contains(h.ServerEpoch, "\x00") || h.Count == 0 && h.Prev != h.Tail {
			t.Fatalf("header %+v", h)
		}
		checkLines(t, b, b.Lines)
		if !bytes.HasPrefix(body, b.Raw) {
			t.Fatalf("raw header %q", b.Raw)
		}
		again, err := ParseBatch(Encode(h, b.Lines))
		if err != nil {
			t.Fatalf("encoded again: %v", err)
		}
		checkLines(t, again, b.Lines)
		if !bytes.Equal(again.Header.SignedText(), h.SignedText()) || !bytes.Equal(again.Header.append(nil), h.append(nil)) {
			t.Fatalf("encoded again: %+v, was %+v", again.Header, h)
		}
	})
}

// FuzzLine: ParseLine never panics; what it takes is sound, and it takes every object that the
// decoder takes unless one of our own rules is against it.
func FuzzLine(f *testing.F) {
	v := readVectors(f)
	for _, s := range append(v.Lines, v.Twin.MovedLines...) {
		f.Add([]byte(s))
	}
	for op, rest := range sample {
		f.Add([]byte(opLine(op, testScope, rest)))
	}
	for _, s := range []string{"", "{}", `{"at":-0}`, tallyLine("1e3"), putLine("event.put", `{"staff.`+testUnit+`":1,"a":[{}]}`),
		moveLine(`5,"set":{"supervisors":["a"]}`), tallyLine(`1,"note":"\\\u0000"`), `{"\u0061t":1,"op":"clock","jump":2}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		before := bytes.Clone(line)
		checkSplit(t, line)
		c, fault := ParseLine(line)
		if !bytes.Equal(line, before) {
			t.Fatal("the line was written to")
		}
		if (c == nil) == (fault == nil) {
			t.Fatalf("change %v and fault %v", c, fault)
		}
		if fault != nil {
			checkFault(t, line, fault)
			return
		}
		checkChange(t, line, c)
	})
}

// checkFault makes sure that a line which "cannot be read" cannot: jsontext refuses it, or it
// breaks one of the rules that jsontext does not have.
func checkFault(t *testing.T, line []byte, f *Fault) {
	if f.Cause != models.BadLine && f.Cause != models.BadField || f.Msg == "" {
		t.Fatalf("fault %+v", f)
	}
	if !strings.HasPrefix(f.Msg, "The line cannot be read") {
		return
	}
	value := jsontext.Value(line)
	if value.IsValid() && value.Kind() == '{' {
		if nul, depth := inspect(line); !nul && depth <= maxDepth {
			t.Fatalf("%s: %s", line, f.Msg)
		}
	}
}

// inspect looks at valid JSON with another decoder: does a string hold U+0000, how deep is it.
func inspect(line []byte) (nul bool, deepest int) {
	d := json.NewDecoder(bytes.NewReader(line))
	depth := 0
	for {
		tok, err := d.Token()
		if err != nil {
			return nul, deepest
		}
		switch tok := tok.(type) {
		case string:
			nul = nul || strings.Contains(tok, "\x00")
		case json.Delim:
			if tok == '{' || tok == '[' {
				depth++
			} else {
				depth--
			}
			deepest = max(deepest, depth)
		}
	}
}

func checkChange(t *testing.T, line []byte, c *Change) {
	if !json.Valid(line) || !utf8.Valid(line) || len(line) > MaxLine {
		t.Fatalf("%q was taken", line)
	}
	if nul, depth := inspect(line); nul || depth > maxDepth {
		t.Fatalf("%q was taken", line)
	}
	for _, id := range []string{c.ID, c.Event, c.Lot, c.Campaign, c.Unit, c.ToUnit, c.OfID, c.Officer} {
		if id != "" && !isUUID(id) {
			t.Fatalf("id %q", id)
		}
	}
	if PhoneOps[c.Op] && c.Op != "clock" && (c.Scope != c.Campaign+":"+c.Unit || c.RecordID() == "" || c.RecordKind() == "") {
		t.Fatalf("change %+v", c)
	}
	for _, n := range []int64{c.At, c.Jump, c.Base, c.Version, c.Seq, c.AtSeq, c.Bytes} {
		if n > models.MaxInteger || n < -models.MaxInteger {
			t.Fatalf("number %d", n)
		}
	}
	if c.Base < 0 || c.N > models.MaxCount || c.N < -models.MaxCount || c.Quantity > models.MaxQuantity ||
		c.Quantity < -models.MaxQuantity || c.Op == "goods.move" && c.Quantity == 0 {
		t.Fatalf("change %+v", c)
	}
	fields := models.FieldsOf(c.RecordKind())
	for _, f := range c.Set {
		if f.Value.Raw == nil || !json.Valid(f.Value.Raw) || !bytes.Contains(line, f.Value.Raw) {
			t.Fatalf("raw %q", f.Value.Raw)
		}
		if PhoneOps[c.Op] && c.Writes() && fields[f.Name] == models.CountField && f.Value.Kind != Null &&
			(f.Value.Kind != Int || f.Value.Int < 0 || f.Value.Int > models.MaxCount) {
			t.Fatalf("count %+v", f)
		}
	}
}
