package gateway_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// body returns a batch as the phone would send it.
func (p *phone) body(from, n int) []byte {
	b := p.batch(from, n)
	return changelog.Encode(&b.Header, b.Lines)
}

// A phone's file is taken as if the phone had pushed it, with its rights and nobody else's.
func TestImport(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.clerk()
		p, other := w.phone(officerA), w.phone(officerB)
		p.write(stand(ev(1)), tap(ev(1), "complaints", 1), tap(ev(1), "complaints", 2), tap(ev(9), "complaints", 2))
		p.push(0, "3 held unknown_event")
		p.write(tap(ev(1), "complaints", 4))
		other.write(stand(ev(2))) // in a unit that is not its officer's
		file := slices.Concat(p.body(0, 2), p.body(2, 3), other.body(0, 1))
		got, err := w.g.Import(t.Context(), clerk, file, nil)
		if err != nil || got.Lines != 6 || got.New != 2 || len(got.Batches) != 3 {
			t.Fatalf("%+v, %v", got, err)
		}
		if b := got.Batches[1]; b.New != 1 || b.Held != 1 || b.Next != 5 || b.Officer != officerA || b.Code != "" {
			t.Errorf("the phone's second batch: %+v", b)
		}
		if b := got.Batches[2]; b.New != 1 || b.Held != 1 {
			t.Errorf("the other phone's batch: %+v", b)
		}
		w.want(unitA, "complaints", 7, 3)

		// The same again changes nothing, but for the trail.
		if got, err = w.g.Import(t.Context(), clerk, file[:len(file)-1], nil); err != nil || got.New != 0 {
			t.Errorf("again: %+v, %v", got, err)
		}
		w.want(unitA, "complaints", 7, 3)

		// A changed line, a gap and an unknown phone stop nobody else.
		p.write(tap(ev(1), "complaints", 8), tap(ev(1), "complaints", 16))
		stranger := *other
		stranger.id = ev(7)
		stranger.lines, stranger.hashes = nil, nil
		stranger.write(stand(ev(3)))
		forged := p.body(5, 1)
		at := bytes.Index(forged, []byte(`"sig":"`)) + 10
		was := forged[at]
		if forged[at] = 'A'; was == 'A' {
			forged[at] = 'B'
		}
		got, err = w.g.Import(t.Context(), clerk, slices.Concat(forged, p.body(6, 1), stranger.body(0, 1), p.body(5, 2)), nil)
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, b := range got.Batches {
			codes = append(codes, string(b.Code))
		}
		if strings.Join(codes, " ") != "bad_signature gap unknown_device " || got.New != 2 {
			t.Errorf("codes %q, new %d", codes, got.New)
		}
		w.want(unitA, "complaints", 31, 5)

		for name, file := range map[string][]byte{"nothing": nil, "text": []byte("hello\n"), "cut": p.body(0, 4)[:400],
			"a changed line": bytes.Replace(p.body(0, 2), []byte(`"n":1`), []byte(`"n":9`), 1)} {
			if _, err := w.g.Import(t.Context(), clerk, file, nil); problem.CodeOf(err) != problem.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
