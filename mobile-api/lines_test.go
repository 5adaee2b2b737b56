package mobileapi_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// TestLineFaults pushes each faulty line between two good ones: the good ones apply, the faulty one
// gets its verdict, and the phone finds it in its feed.
func TestLineFaults(t *testing.T) {
	const lot = "01900000-0000-7000-8000-0000000a0001"
	upper := strings.ToUpper(eventID)
	at := fmt.Sprintf(`{"at":%d,"scope":"%s",`, start, scopeA)
	put := func(set string) string {
		return `"op":"event.put","id":"` + eventID + `","base":0,"set":{` + set + `}`
	}
	bad := map[string]string{
		"over-long":               `"op":"tally.add","note":"` + strings.Repeat("x", 33<<10) + `"`,
		"broken JSON":             `{"at":1,`,
		"empty line":              ``,
		"only spaces":             `   `,
		"a text":                  `"hello"x`,
		"an array":                `[]`,
		"a number":                `17`,
		"two objects":             `{}{}`,
		"NaN":                     at + `"op":"tally.add","event":"` + eventID + `","indicator":"consultations","n":NaN}`,
		"a comma too many":        at + `"op":"clock","jump":1,}`,
		"duplicate keys":          `"op":"tally.add","op":"tally.add"`,
		"duplicate keys inside":   put(`"title":"a","title":"b"`),
		"duplicate keys, escaped": put(`"title":"a","\u0074itle":"b"`),
		"invalid UTF-8":           put("\"title\":\"\xc3\x28\""),
		"invalid UTF-8 in a name": put("\"\xff\":1"),
		"lone high surrogate":     put(`"title":"\ud83d"`),
		"lone low surrogate":      put(`"title":"\ude00x"`),
		"surrogate bytes":         put("\"title\":\"\xed\xa0\x80\""),
		"U+0000 escaped":          put(`"title":"a\u0000b"`),
		"U+0000 as it is":         put("\"title\":\"a\x00b\""),
		"upper-case id":           `"op":"event.put","id":"` + upper + `","base":0,"set":{}`,
		"upper-case event":        strings.Replace(tally("1"), eventID, upper, 1),
		"upper-case scope":        `{"at":1,"scope":"` + strings.ToUpper(scopeA) + `","op":"clock","jump":1}`,
		"upper-case field id":     `"op":"photo.put","id":"` + lot + `","base":0,"set":{"event":"` + upper + `"}`,
		"id in braces":            `"op":"event.put","id":"{` + eventID + `}","base":0,"set":{}`,
		"no id":                   `"op":"event.put","base":0,"set":{}`,
		"no scope":                fmt.Sprintf(`{"at":%d,"op":"event.put","id":"%s","base":0,"set":{}}`, start, eventID),
		"no at":                   `{"scope":"` + scopeA + `",` + tally("1") + `}`,
		"33 levels":               put(`"x":` + strings.Repeat("[", 33) + strings.Repeat("]", 33)),
		"10,000 levels":           put(`"x":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)),
	}
	wrong := map[string]string{
		"fractional increment":     tally("1.5"),
		"increment with exponent":  tally("1e3"),
		"1.0":                      tally("1.0"),
		"-0":                       tally("-0"),
		"huge increment":           tally("1000000001"),
		"increment beyond 2⁵³":     tally("9007199254740993"),
		"increment of 300 digits":  tally(strings.Repeat("9", 300)),
		"1e400":                    tally("1e400"),
		"increment as a text":      tally(`"3"`),
		"increment of null":        tally("null"),
		"at as a text":             `{"at":"now","scope":"` + scopeA + `",` + tally("1") + `}`,
		"at beyond 2⁵³":            `{"at":9007199254740993,"scope":"` + scopeA + `",` + tally("1") + `}`,
		"a count of a text":        put(`"leaders":"three"`),
		"a negative count":         put(`"leaders":-1`),
		"a fractional count":       put(`"leaders":2.5`),
		"a flag of 1":              put(`"large":1`),
		"a title of a number":      put(`"title":7`),
		"staff of a text":          put(`"staff.` + unitA + `":"many"`),
		"a movement of nothing":    `"op":"goods.move","id":"` + eventID + `","lot":"` + lot + `","move":"received","quantity":0`,
		"a movement of a fraction": `"op":"goods.move","id":"` + eventID + `","lot":"` + lot + `","move":"received","quantity":0.5`,
		"a negative base":          `"op":"event.put","id":"` + eventID + `","base":-1,"set":{}`,
		"set of an array":          `"op":"event.put","id":"` + eventID + `","base":0,"set":[]`,
		"another unit's sheet":     `"op":"sheet.put","id":"` + unitB + `","base":0,"set":{}`,
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p := w.phone(officerA)
		p.write(putEvent)
		var want []string
		add := func(lines map[string]string, code string) {
			for name, l := range lines {
				if strings.HasPrefix(l, `"op"`) {
					p.write(l)
				} else {
					p.append(l)
				}
				want = append(want, name+": "+code)
				p.write(tally("1"))
			}
		}
		add(bad, `"bad_line"`)
		add(wrong, `"bad_field"`)
		a := p.push(p.batch(0).signed())
		if a.status != 200 || a.at("next") != fmt.Sprint(len(p.lines)) {
			t.Fatalf("%d %s", a.status, a.body)
		}
		for i, line := range want {
			name, code, _ := strings.Cut(line, ": ")
			path := fmt.Sprintf("verdicts.%d.", i)
			if got := a.at(path + "seq"); got != fmt.Sprint(1+2*i) || a.at(path+"status") != `"rejected"` || a.at(path+"code") != code || a.at(path+"message") == "" {
				t.Errorf("%s: seq %s %s %s, want seq %d rejected %s", name, got, a.at(path+"status"), a.at(path+"code"), 1+2*i, code)
			}
		}
		if got := a.at(fmt.Sprintf("verdicts.%d", len(want))); got != "" {
			t.Errorf("one verdict too many: %s", got)
		}
		if v, n := w.total(unitA, "consultations"); v != int64(len(want)) || n != int64(len(want)) {
			t.Errorf("%d of %d entries, want %d: the good lines beside faulty ones count", v, n, len(want))
		}
		shown := random.ReplaceAllString(string(a.body), "…")
		for _, word := range inner {
			if strings.Contains(shown, word) {
				t.Errorf("the verdicts hold %q", word)
			}
		}
		again := p.push(p.batch(0).signed())
		if again.status != 200 || again.at("verdicts.0.code") != a.at("verdicts.0.code") {
			t.Errorf("a repeat: %d %s", again.status, again.body)
		}
		page := p.get("/api/v1/sync/pull")
		if n := strings.Count(string(page.body), `"kind":"held"`); n != len(want) {
			t.Errorf("the feed has %d lines, want %d", n, len(want))
		}
		if r, err := w.g.Verify(t.Context(), func(string) {}); err != nil || len(r.Differences) > 0 {
			t.Errorf("%v, %v", r, err)
		}
	})
}

// TestOddButTrue: what looks strange and is kept, counted and shown.
func TestOddButTrue(t *testing.T) {
	const lot = "01900000-0000-7000-8000-0000000a0001"
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p := w.phone(officerA)
		move := func(n int, move, quantity string) string {
			return fmt.Sprintf(`"op":"goods.move","id":"01900000-0000-7000-8000-%012d","lot":"%s","move":"%s","quantity":%s`, n, lot, move, quantity)
		}
		ev := func(n int, started string) string {
			return fmt.Sprintf(`"op":"event.put","id":"01900000-0000-7000-8000-%012d","base":0,"set":{"kind":"visit","venue":"village","started_at":%s}`, n, started)
		}
		long := strings.Builder{}
		rng := rand.New(rand.NewPCG(3, 1))
		for range 9000 {
			long.WriteRune(rune(0x4e00 + rng.IntN(20000)))
		}
		p.write(
			`"op":"goods.put","id":"`+lot+`","base":0,"set":{"category":"food","name":"过期食品","unit":"袋","value":9007199254740991}`,
			move(1, "received", "10000"), move(2, "destroyed", "25000"), move(3, "received", "-1000"), move(4, "lent", "5"),
			ev(10, "-62167219200000"), ev(11, "253402300799999"), ev(12, "9007199254740991"), ev(13, "-9007199254740991"), ev(14, "1647309600000"),
			fmt.Sprintf(`{"at":-62167219200000,"scope":"%s","op":"event.put","id":"01900000-0000-7000-8000-000000000014","base":0,"set":{"title":"年0"}}`, scopeA),
			fmt.Sprintf(`{"at":9007199254740991,"scope":"%s","op":"event.put","id":"01900000-0000-7000-8000-000000000014","base":0,"set":{"title":"以后"}}`, scopeA),
			fmt.Sprintf(`{"at":%d,"op":"clock","jump":-9007199254740991}`, start),
			`"op":"event.put","id":"01900000-0000-7000-8000-000000000014","base":0,"set":{"later":{"a":[1.50,1e2,"\ud83d\ude00"]},"n":123456789012345678901234567890}`,
			`"op":"event.put","id":"01900000-0000-7000-8000-000000000015","base":0,"set":{"kind":"media","venue":"online","channel":"press","form":"article","started_at":1647309600000,"content":"`+long.String()+`"}`,
			`"op":"tally.add","event":"01900000-0000-7000-8000-000000000014","indicator":"consultations","n":0`,
			`"op":"tally.add","event":"01900000-0000-7000-8000-000000000014","indicator":"complaints","n":-1000000000`,
		)
		a := p.push(p.batch(0).signed())
		if a.status != 200 || a.at("verdicts") != "[]" {
			t.Fatalf("%d %s", a.status, a.body)
		}
		page := p.get("/api/v1/sync/pull")
		find := func(id string) string {
			for i := 0; ; i++ {
				at := fmt.Sprintf("records.%d", i)
				if page.at(at) == "" {
					return ""
				}
				if page.text(at+".id") == id {
					return at + ".data."
				}
			}
		}
		l := find(lot)
		for path, want := range map[string]string{"balance.remaining": "-16000", "balance.received": "9000", "findings.0": `"negative_remaining"`, "moves.3.move": `"lent"`, "fields.value": "9007199254740991"} {
			if got := page.at(l + path); got != want {
				t.Errorf("%s is %s, want %s", path, got, want)
			}
		}
		e := find("01900000-0000-7000-8000-000000000014")
		for path, want := range map[string]string{"fields.later.a.0": "1.50", "fields.n": "123456789012345678901234567890", "tallies.consultations.n": "1", "tallies.complaints.sum": "-1000000000", "fields.title": `"以后"`} {
			if got := page.at(e + path); got != want {
				t.Errorf("%s is %s, want %s", path, got, want)
			}
		}
		// only the events in the window count: of the years 0 and 9999 none does
		if v, n := w.total(unitA, "visits_village"); v != 1 || n != 1 {
			t.Errorf("%d village visits of %d entries, want 1", v, n)
		}
		if v, _ := w.total(unitA, "_outside"); v != 4 {
			t.Errorf("%d outside the window, want 4", v)
		}
		if v, _ := w.total(unitA, "press_articles"); v != 1 {
			t.Errorf("%d articles, want 1: a text as long as a line may hold", v)
		}
		if r, err := w.g.Verify(t.Context(), func(string) {}); err != nil || len(r.Differences) > 0 {
			t.Errorf("%v, %v", r, err)
		}
	})
}

// TestWideRecord: a phone may fill one record with fields without end; the server must bear it.
func TestWideRecord(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	p := w.phone(officerA)
	rng := rand.New(rand.NewPCG(5, 1))
	for range 8 {
		var set strings.Builder
		for i := range 2300 {
			if i > 0 {
				set.WriteByte(',')
			}
			fmt.Fprintf(&set, `"%x":0`, rng.Uint64()>>28)
		}
		p.write(`"op":"event.put","id":"` + eventID + `","base":0,"set":{` + set.String() + `}`)
	}
	began := time.Now()
	a := p.push(p.batch(0).signed())
	if a.status != 200 || a.at("next") != "8" {
		t.Fatalf("%d %.300s", a.status, a.body)
	}
	t.Logf("18,400 fields of one record: %v, verdicts %.200s", time.Since(began), a.at("verdicts"))
	if d := time.Since(began); d > 15*time.Second {
		t.Errorf("it took %v, and nobody else could write", d)
	}
}

// TestRevoked: a revoked phone gets tokens and may push; all of it waits. It pulls nothing.
func TestRevoked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p := w.phone(officerA)
		p.write(putEvent, tally("3"))
		p.push(p.batch(0).signed())
		w.admin("device", p.id, `{"revoked":true}`)
		p.login()
		p.write(tally("4"))
		w.run(t, scenario{request: request{method: "POST", path: "/api/v1/sync/push", token: p.token, body: p.batch(2).signed()}, status: 200,
			want: map[string]string{"next": "3", "verdicts.0.status": `"held"`, "verdicts.0.code": `"revoked"`, "verdicts.1": ""}})
		for _, path := range []string{"/api/v1/sync/pull", "/api/v1/setup"} {
			w.run(t, scenario{request: request{method: "GET", path: path, token: p.token}, status: 403, code: "forbidden", not: []string{scopeA, "广场"}})
		}
		if v, _ := w.total(unitA, "consultations"); v != 3 {
			t.Errorf("%d, want 3", v)
		}
		w.act(gateway.Entry{Op: "admin.put", Kind: "device", ID: p.id, Set: []byte(`{"revoked":false}`)})
		if v, _ := w.total(unitA, "consultations"); v != 7 {
			t.Errorf("%d after it was restored, want 7", v)
		}
	})
}
