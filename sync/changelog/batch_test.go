package changelog

import (
	"bytes"
	"crypto/elliptic"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/fieldsync/fieldsync/internal/problem"
)

func lines(text ...string) [][]byte {
	var out [][]byte
	for _, s := range text {
		out = append(out, []byte(s))
	}
	return out
}

func TestBatchLines(t *testing.T) {
	for _, in := range [][][]byte{
		nil, lines("a"), lines(""), lines("", ""), lines("a", "", "b"), lines("a\r", "\r"), lines("{}", " "),
	} {
		h := headerOf(in...)
		body := Encode(h, in)
		b, err := ParseBatch(body)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		checkLines(t, b, in)
		if len(in) == 0 || len(in[len(in)-1]) == 0 {
			continue // without its newline an empty last line is none
		}
		if b, err = ParseBatch(body[:len(body)-1]); err != nil {
			t.Errorf("%q without the last newline: %v", in, err)
			continue
		}
		checkLines(t, b, in)
	}
	if b, err := ParseBatch([]byte(header("", ""))); err != nil || len(b.Lines) != 0 || string(b.Raw) != header("", "") {
		t.Errorf("header without newline: %v", err)
	}
}

type failer interface {
	Helper()
	Fatalf(format string, a ...any)
}

func checkLines(t failer, b *Batch, in [][]byte) {
	t.Helper()
	if len(b.Lines) != len(in) || len(b.Hashes) != len(in) {
		t.Fatalf("%d lines and %d hashes, want %d", len(b.Lines), len(b.Hashes), len(in))
	}
	h := b.Header.Prev
	for i := range in {
		if h = Next(h, in[i]); !bytes.Equal(b.Lines[i], in[i]) || b.Hashes[i] != h {
			t.Fatalf("line %d = %q %s, want %q %s", i, b.Lines[i], b.Hashes[i], in[i], h)
		}
	}
	if h != b.Header.Tail {
		t.Fatalf("tail = %s, want %s", b.Header.Tail, h)
	}
}

func TestBatchLimits(t *testing.T) {
	many := make([][]byte, MaxLines+1)
	if _, err := ParseBatch(Encode(headerOf(many[1:]...), many[1:])); err != nil {
		t.Errorf("%d lines: %v", MaxLines, err)
	}
	full := headerOf()
	body := append(Encode(full, nil), 0)
	rest := MaxBody - len(body)
	long := bytes.Repeat([]byte{'x'}, rest)
	h := headerOf(long)
	body = Encode(h, [][]byte{long})
	long = long[:len(long)-(len(body)-MaxBody)]
	if body = Encode(headerOf(long), [][]byte{long}); len(body) != MaxBody {
		t.Fatalf("body of %d bytes", len(body))
	}
	if _, err := ParseBatch(body); err != nil {
		t.Errorf("%d bytes: %v; a long line is no fault of the batch", len(body), err)
	}
	claim := headerOf()
	claim.Count = MaxLines + 1
	for name, body := range map[string][]byte{
		"bytes":       append(body, 'x'),
		"lines":       Encode(headerOf(many...), many),
		"newlines":    append(Encode(headerOf(), nil), bytes.Repeat(newline, MaxLines+1)...),
		"claim":       Encode(claim, nil),
		"no header":   bytes.Repeat(newline, MaxLines+2),
		"only spaces": bytes.Repeat([]byte{' '}, MaxBody+1),
	} {
		if _, err := ParseBatch(body); problem.CodeOf(err) != problem.TooLarge {
			t.Errorf("%s: %v, want too_large", name, err)
		}
	}
}

func TestBatchMismatch(t *testing.T) {
	two := lines("a", "b")
	set := func(change func(*Header)) *Header {
		h := headerOf(two...)
		change(h)
		return h
	}
	for name, c := range map[string]struct {
		body []byte
		want problem.Code
	}{
		"one line less":      {Encode(headerOf(two...), two[:1]), problem.BadHeader},
		"one line more":      {Encode(headerOf(two...), lines("a", "b", "c")), problem.BadHeader},
		"an empty line more": {append(Encode(headerOf(two...), two), '\n'), problem.BadHeader},
		"a line to none":     {Encode(headerOf(), two), problem.BadHeader},
		"order":              {Encode(headerOf(two...), lines("b", "a")), problem.BadHash},
		"byte":               {Encode(headerOf(two...), lines("a", "c")), problem.BadHash},
		"CRLF":               {Encode(headerOf(two...), lines("a\r", "b\r")), problem.BadHash},
		"tail":               {Encode(set(func(h *Header) { h.Tail[0]++ }), two), problem.BadHash},
		"prev":               {Encode(set(func(h *Header) { h.From = 1; h.Prev[0]++ }), two), problem.BadHash},
		"genesis":            {Encode(set(func(h *Header) { h.Epoch = testUnit }), two), problem.BadHash},
		"none, prev is tail": {Encode(&Header{V: 1, Device: testDevice, Epoch: testEpoch, From: 3}, nil), ""},
		"none, other tail":   {Encode(&Header{V: 1, Device: testDevice, Epoch: testEpoch, From: 3, Tail: Hash{1}}, nil), problem.BadHash},
	} {
		b, err := ParseBatch(c.body)
		if problem.CodeOf(err) != c.want || (err == nil) != (b != nil) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// What a problem says to the public holds no byte of the body.
func TestProblemsLeakNothing(t *testing.T) {
	for _, body := range []string{
		`{"SECRET":`, header("SECRET", `"\ud800"`), header("device", `"SECRET"`), header("later", `{"SECRET":1,"SECRET":2}`),
		header("", "") + "\nSECRET", "SECRET",
	} {
		_, err := ParseBatch([]byte(body))
		if err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// anyHeader draws every member of a header.
func anyHeader(t *rapid.T, in [][]byte) *Header {
	uuid := rapid.StringMatching(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	claim := rapid.Int64Range(0, 1<<53-1)
	hash := rapid.Custom(func(t *rapid.T) (h Hash) {
		copy(h[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "bytes"))
		return h
	})
	h := &Header{V: 1, Device: uuid.Draw(t, "device"), Epoch: uuid.Draw(t, "epoch"), Count: int64(len(in)),
		From: rapid.Int64Range(0, 1<<53-1-MaxLines).Draw(t, "from"), Sig: rapid.SliceOf(rapid.Byte()).Draw(t, "sig"),
		Wall: claim.Draw(t, "wall"), LogNext: claim.Draw(t, "log_next"), Acked: claim.Draw(t, "acked"),
		PhotosPending: claim.Draw(t, "photos"), ServerEpoch: rapid.StringMatching(`[^\x00]*`).Draw(t, "server")}
	h.Prev = Genesis(h.Device, h.Epoch)
	if h.From > 0 {
		h.Prev = hash.Draw(t, "prev")
	}
	if rapid.Bool().Draw(t, "follows") {
		h.After = &After{uuid.Draw(t, "d"), uuid.Draw(t, "e"), claim.Draw(t, "seq"), hash.Draw(t, "h")}
	}
	h.Tail = h.Prev
	for _, line := range in {
		h.Tail = Next(h.Tail, line)
	}
	return h
}

var anyLines = rapid.SliceOfN(rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) []byte {
	return bytes.ReplaceAll(b, newline, []byte{0})
}), 0, 20)

func TestEncodeParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyLines.Draw(t, "lines")
		h := anyHeader(t, in)
		b, err := ParseBatch(Encode(h, in))
		if err != nil {
			t.Fatal(err)
		}
		checkLines(t, b, in)
		if !bytes.Equal(Encode(&b.Header, b.Lines), Encode(h, in)) || !bytes.Equal(b.Raw, h.append(nil)) {
			t.Fatalf("came back as %+v", b.Header)
		}
		if !bytes.Equal(b.Header.SignedText(), h.SignedText()) {
			t.Fatalf("signed text came back as %q", b.Header.SignedText())
		}
	})
}

// Any byte changed in a line is seen: in the chain, or in the count if a newline came or went.
func TestChangedByte(t *testing.T) {
	key := newKey(t, elliptic.P256())
	rapid.Check(t, func(t *rapid.T) {
		in := append(anyLines.Draw(t, "lines"), []byte("x"))
		h := anyHeader(t, in)
		if err := h.Sign(key); err != nil {
			t.Fatal(err)
		}
		body := Encode(h, in)
		first := bytes.IndexByte(body, '\n') + 1
		at := rapid.IntRange(first, len(body)-1).Draw(t, "at")
		to := rapid.Byte().Filter(func(b byte) bool { return b != body[at] }).Draw(t, "to")
		moved := to == '\n' || body[at] == '\n'
		body[at] = to
		code := problem.Code("")
		if _, err := ParseBatch(body); err != nil {
			code = problem.CodeOf(err)
		}
		if code != problem.BadHash && !(moved && code == problem.BadHeader) {
			t.Fatalf("byte %d changed to %q: %q", at, to, code)
		}
	})
}
