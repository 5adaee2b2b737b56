package mobileapi_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

const putEvent = `"op":"event.put","id":"` + eventID + `","base":0,"set":{"kind":"consultation","venue":"square","title":"广场咨询","started_at":1647309600000}`

func tally(n string) string {
	return `"op":"tally.add","event":"` + eventID + `","indicator":"consultations","n":` + n
}

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s)) // to memory
	_ = z.Close()
	return b.String()
}

// TestTransportFaults: what is wrong with the whole of a push leaves nothing of it behind.
func TestTransportFaults(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p, q := w.phone(officerA), w.phone(officerB)
		p.write(putEvent, tally("3"))
		if a := p.push(p.batch(0).signed()); a.status != 200 || a.at("verdicts") != "[]" {
			t.Fatalf("%d %s", a.status, a.body)
		}
		p.write(tally("5"), tally("7"))
		good := p.batch(2).signed()
		post := func(body string, headers map[string]string) request {
			all := map[string]string{"Content-Type": "application/x-ndjson"}
			for k, v := range headers {
				all[k] = v
			}
			return request{method: "POST", path: "/api/v1/sync/push", token: p.token, headers: all, body: body}
		}
		gz := map[string]string{"Content-Encoding": "gzip"}
		header := func(fn func(h *changelog.Header)) request { return post(p.batch(2).change(fn).signed(), nil) }
		edited := func(old, new string) request {
			if !strings.Contains(good, old) {
				t.Fatalf("the batch lacks %q", old)
			}
			return post(strings.Replace(good, old, new, 1), nil)
		}
		headerLine, lines, _ := strings.Cut(good, "\n")
		withHeader := func(h string) request { return post(h+"\n"+lines, nil) }
		many := strings.Repeat("{}\n", 501)
		refused := func(name string, r request, status int, code problem.Code) scenario {
			return scenario{name: name, request: r, status: status, code: code}
		}
		signedBy := func() request { // another key's signature over the same
			b := p.batch(2)
			if err := b.header.Sign(q.key); err != nil {
				t.Fatal(err)
			}
			return post(b.body(), nil)
		}
		var names strings.Builder
		for i := range 100_000 {
			fmt.Fprintf(&names, `,"%x":0`, i)
		}
		deep := strings.Repeat(`{"x":`, 5000) + "1" + strings.Repeat("}", 5000)
		w.harmless(t, []scenario{
			refused("broken gzip", post(zipped(good)[:60], gz), 415, problem.BadEncoding),
			refused("no gzip at all", post(good, gz), 415, problem.BadEncoding),
			refused("gzip with a wrong sum", post(flip(zipped(good), -6), gz), 415, problem.BadEncoding),
			refused("bytes after the gzip", post(zipped(good)+"x", gz), 415, problem.BadEncoding),
			refused("two gzip members", post(zipped(good[:40])+zipped(good[40:]), gz), 415, problem.BadEncoding),
			refused("gzip bomb", post(zipped(strings.Repeat("\n", 16<<20)), gz), 413, problem.TooLarge),
			refused("gzip in gzip", post(zipped(zipped(good)), gz), 422, problem.BadHeader),
			refused("unknown encoding", post(good, map[string]string{"Content-Encoding": "br"}), 415, problem.BadEncoding),
			refused("two encodings", post(zipped(good), map[string]string{"Content-Encoding": "gzip, gzip"}), 415, problem.BadEncoding),
			refused("over 1 MiB", post(good+strings.Repeat(" ", 1<<20), nil), 413, problem.TooLarge),
			refused("over 1 MiB once inflated", post(zipped(good+strings.Repeat(" ", 1<<20)), gz), 413, problem.TooLarge),
			refused("501 lines", post(headerLine+"\n"+many, nil), 413, problem.TooLarge),
			refused("a header that promises 501", header(func(h *changelog.Header) { h.Count = 501 }), 413, problem.TooLarge),
			refused("a million empty lines", post(headerLine+strings.Repeat("\n", 1<<20-len(headerLine)), nil), 413, problem.TooLarge),
			refused("a byte of a line", edited(`"n":5`, `"n":6`), 422, problem.BadHash),
			refused("a space more in a line", edited(`,"n":5`, `, "n":5`), 422, problem.BadHash),
			refused("CR before LF", post(strings.ReplaceAll(good, "}\n{\"at", "}\r\n{\"at"), nil), 422, problem.BadHash),
			refused("lines swapped", post(headerLine+"\n"+swapped(lines), nil), 422, problem.BadHash),
			refused("tail of another line", header(func(h *changelog.Header) { h.Tail = p.hashes[2] }), 422, problem.BadHash),
			refused("a log that does not start at its genesis", header(func(h *changelog.Header) { h.From = 0 }), 422, problem.BadHash),
			refused("another log's genesis", header(func(h *changelog.Header) {
				h.Epoch, h.From, h.Prev = client.NewID(), 0, changelog.Genesis(p.id, p.epoch)
			}), 422, problem.BadHash),
			refused("another key", signedBy(), 422, problem.BadSignature),
			refused("another seq under the signature", edited(`"from":2`, `"from":1`), 422, problem.BadSignature),
			refused("another epoch under the signature", edited(p.epoch, client.NewID()), 422, problem.BadSignature),
			refused("no signature", withHeader(memberless(t, headerLine, "sig")), 422, problem.BadHeader),
			refused("short signature", edited(`"sig":"`, `"sig":"AAAA","x":"`), 422, problem.BadSignature),
			refused("signature of zeros", withHeader(replaced(t, headerLine, "sig", b64(make([]byte, 64)))), 422, problem.BadSignature),
			refused("an unsigned after", edited(`,"wall"`, `,"after":{"device":"`+p.id+`","epoch":"`+p.epoch+`","seq":0,"h":"`+p.hashes[0].String()+`"},"wall"`), 422, problem.BadSignature),
			refused("half an after", edited(`,"wall"`, `,"after":{"device":"`+p.id+`"},"wall"`), 422, problem.BadHeader),
			refused("a name twice", edited(`"from":2`, `"from":2,"from":2`), 422, problem.BadHeader),
			refused("a name twice, spelt another way", edited(`"from":2`, `"from":2,"\u0066rom":3`), 422, problem.BadHeader),
			refused("names in another case", edited(`"from":2`, `"From":2`), 422, problem.BadHeader),
			refused("header not JSON", withHeader("{"), 422, problem.BadHeader),
			refused("header an array", withHeader("["+headerLine+"]"), 422, problem.BadHeader),
			refused("two headers on one line", withHeader(headerLine+headerLine), 422, problem.BadHeader),
			refused("header in UTF-16", withHeader("\xfe\xff\x00{"), 422, problem.BadHeader),
			refused("header with a BOM", withHeader("\ufeff"+headerLine), 422, problem.BadHeader),
			refused("invalid UTF-8", edited(`"server_epoch":"`, "\"server_epoch\":\"\xff"), 422, problem.BadHeader),
			refused("lone surrogate", edited(`"server_epoch":"`, `"server_epoch":"\ud800`), 422, problem.BadHeader),
			refused("U+0000", edited(`"server_epoch":"`, `"server_epoch":"\u0000`), 422, problem.BadHeader),
			refused("fewer lines than counted", header(func(h *changelog.Header) { h.Count = 3 }), 422, problem.BadHeader),
			refused("more lines than counted", header(func(h *changelog.Header) { h.Count = 1 }), 422, problem.BadHeader),
			refused("negative count", header(func(h *changelog.Header) { h.Count = -1 }), 422, problem.BadHeader),
			refused("version 2", header(func(h *changelog.Header) { h.V = 2 }), 422, problem.BadHeader),
			refused("upper-case device", edited(p.id, strings.ToUpper(p.id)), 422, problem.BadHeader),
			refused("padded hash", edited(`"prev":"`, `"prev":"=`), 422, problem.BadHeader),
			refused("100,000 keys", withHeader(headerLine[:len(headerLine)-1]+names.String()+"}"), 422, problem.BadHeader),
			refused("deep header", withHeader(headerLine[:len(headerLine)-1]+`,"y":`+deep+"}"), 422, problem.BadHeader),
			refused("5,000 brackets", withHeader(strings.Repeat("[", 5000)), 422, problem.BadHeader),
			refused("a number of 400 digits", edited(`"from":2`, `"from":2`+strings.Repeat("0", 400)), 422, problem.BadHeader),
			refused("1e400", edited(`"wall":`, `"wall":1e400,"x":`), 422, problem.BadHeader),
			refused("2e0", edited(`"from":2`, `"from":2e0`), 422, problem.BadHeader),
			refused("2.0", edited(`"from":2`, `"from":2.0`), 422, problem.BadHeader),
			refused("from beyond 2⁵³", edited(`"from":2`, `"from":9007199254740993`), 422, problem.BadHeader),
			refused("from beyond int64", edited(`"from":2`, `"from":18446744073709551618`), 422, problem.BadHeader),
			refused("from and count beyond 2⁵³", header(func(h *changelog.Header) { h.From = 1<<53 - 1 }), 422, problem.BadHeader),
			refused("wall of null", withHeader(replaced(t, headerLine, "wall", nil)), 422, problem.BadHeader),
			refused("empty body", post("", nil), 422, problem.BadHeader),
			refused("empty gzip", post(zipped(""), gz), 422, problem.BadHeader),
			refused("only a newline", post("\n", nil), 422, problem.BadHeader),
			{name: "a gap", request: header(func(h *changelog.Header) { h.From = 3 }), status: 409, code: problem.Gap,
				want: map[string]string{"next": "2", "head": `"` + p.hashes[1].String() + `"`, "server_time": "*"}},

			{name: "another device's token", request: request{method: "POST", path: "/api/v1/sync/push", token: q.token, headers: asLines, body: good}, status: 403, code: problem.Forbidden},
			{name: "another device's log under its own token", request: header(func(h *changelog.Header) { h.Device = q.id }), status: 403, code: problem.Forbidden},
			{name: "another method", request: request{method: "PUT", path: "/api/v1/sync/push", token: p.token, body: good}, status: 405, code: problem.Method},
			{name: "another version of the API", request: request{method: "POST", path: "/api/v2/sync/push", token: p.token, body: good}, status: 404, code: problem.NotFound},
		})
		// and the same lines, unharmed, are taken
		if a := p.push(good); a.status != 200 || a.at("next") != "4" || a.at("verdicts") != "[]" {
			t.Errorf("%d %s", a.status, a.body)
		}
		if v, n := w.total(unitA, "consultations"); v != 15 || n != 3 {
			t.Errorf("%d of %d entries, want 15 of 3", v, n)
		}
	})
}

// flip changes one bit at a place, from the end if it is negative.
func flip(s string, at int) string {
	b := []byte(s)
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 1
	return string(b)
}

func swapped(lines string) string {
	l := strings.SplitAfter(lines, "\n")
	return l[1] + l[0]
}

func replaced(t *testing.T, header, name string, value any) string {
	t.Helper()
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(header), &m); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	m[name] = raw
	out, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func memberless(t *testing.T, header, name string) string {
	t.Helper()
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(header), &m); err != nil {
		t.Fatal(err)
	}
	delete(m, name)
	out, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestBombTakesLittleMemory sends 32 KiB that would inflate to 32 MiB of nothing, 20 times.
func TestBombTakesLittleMemory(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	p := w.phone(officerA)
	bomb := zipped(strings.Repeat("\n", 32<<20))
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 20 {
		a := w.send(request{method: "POST", path: "/api/v1/sync/push", token: p.token, headers: map[string]string{"Content-Encoding": "gzip"}, body: bomb})
		if a.status != 413 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	runtime.ReadMemStats(&after)
	each := (after.TotalAlloc - before.TotalAlloc) / 20
	t.Logf("%d bytes that inflate to 32 MiB take %d KiB", len(bomb), each>>10)
	if each > 4<<20 { // what the limit lets through, twice while it grows, and the test's own copies
		t.Errorf("%d bytes are allocated for each", each)
	}
}

// TestGoodForms: what must be taken although it looks unusual.
func TestGoodForms(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p := w.phone(officerA)
		p.write(putEvent)
		var names strings.Builder
		for i := range 3000 {
			fmt.Fprintf(&names, `,"%d":0`, i)
		}
		unknown := strings.Replace(p.batch(0).signed(), `{"v":1`, `{"later":{"a":[1.5,null]},"v":1`, 1)
		for _, s := range []struct {
			name, body string
			headers    map[string]string
			next       string
		}{
			{"no lines yet", strings.TrimSuffix(p.empty(0), "\n"), nil, "0"},
			{"a member of a later version", unknown, nil, "1"},
			{"the same again", unknown, nil, "1"},
			{"3,000 unknown members", strings.Replace(unknown, `,"wall"`, names.String()+`,"wall"`, 1), nil, "1"},
			{"gzip", zipped(unknown), map[string]string{"Content-Encoding": "gzip"}, "1"},
			{"GZIP", zipped(unknown), map[string]string{"Content-Encoding": "GZIP"}, "1"},
			{"identity", unknown, map[string]string{"Content-Encoding": "identity"}, "1"},
			{"without the last newline", strings.TrimSuffix(unknown, "\n"), nil, "1"},
			{"no content type", unknown, map[string]string{"Content-Type": ""}, "1"},
		} {
			t.Run(s.name, func(t *testing.T) {
				w.run(t, scenario{request: request{method: "POST", path: "/api/v1/sync/push", token: p.token, headers: s.headers, body: s.body},
					status: 200, want: map[string]string{"next": s.next, "verdicts": "[]", "scopes.0": `"` + scopeA + `"`, "server_epoch": `"` + w.inst.ServerEpoch + `"`}})
			})
		}
		t.Run("a report keeps the newest claims", func(t *testing.T) {
			b := p.batch(1).change(func(h *changelog.Header) { h.LogNext, h.PhotosPending, h.Acked = 9, 4, 1; h.Wall += 5 })
			old := p.batch(1).change(func(h *changelog.Header) { h.LogNext = 2; h.Wall -= 5 })
			for _, body := range []string{b.signed(), old.signed()} {
				if a := p.push(body); a.status != 200 || a.at("next") != "1" {
					t.Fatalf("%d %s", a.status, a.body)
				}
			}
			list, err := db.Devices(t.Context())
			if err != nil || len(list) != 1 || list[0].Owes != 8 || list[0].Photos != 4 || list[0].Lines != 1 {
				t.Errorf("%+v, %v", list, err)
			}
		})
		t.Run("500 lines of any bytes", func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			for range 500 {
				b := make([]byte, rng.IntN(60))
				for i := range b {
					if b[i] = byte(rng.Uint32()); b[i] == '\n' {
						b[i] = 0
					}
				}
				p.write("x" + string(b))
			}
			a := p.push(p.batch(1).signed())
			if a.status != 200 || a.at("next") != "501" || a.at("verdicts.499.code") != `"bad_line"` {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	})
}

// empty is the body of a report: no lines.
func (p *phone) empty(at int) string {
	b := p.batch(at)
	b.lines, b.header.Count, b.header.Tail = nil, 0, b.header.Prev
	return b.signed()
}

// TestStoreInTrouble: a database that is gone is a 503 that says nothing of it, on every route.
func TestStoreInTrouble(t *testing.T) {
	storetest.EachTarget(t, func(t *testing.T, target string) {
		db := storetest.Open(t, target)
		w := newWorld(t, db)
		p := w.phone(officerA)
		p.write(putEvent)
		body, enrol, assertion := p.batch(0).signed(), enrolBody(t, w.code(officerA, time.Hour), p.key), grant(p.assertion(nil))
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for _, s := range []scenario{
			{name: "push", request: request{method: "POST", path: "/api/v1/sync/push", token: p.token, body: body}},
			{name: "pull", request: request{method: "GET", path: "/api/v1/sync/pull", token: p.token}},
			{name: "setup", request: request{method: "GET", path: "/api/v1/setup", token: p.token}},
			{name: "enrol", request: request{method: "POST", path: "/api/v1/devices", headers: asJSON, body: enrol}},
			{name: "token", request: request{method: "POST", path: "/api/v1/token", headers: asForm, body: assertion}},
		} {
			t.Run(s.name, func(t *testing.T) {
				s.status, s.code, s.header = 503, problem.Unavailable, map[string]string{"Retry-After": "*"}
				w.run(t, s)
			})
		}
	})
}
