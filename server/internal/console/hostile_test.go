package console_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
)

// inner are words that only somebody inside should read: of databases, of Go, of this machine.
var inner = []string{
	"SELECT", "INSERT", "UPDATE", "sqlite", "SQLite", "pgx", "postgres", "SQLSTATE", "gorm", "constraint", ".go:", "goroutine", "panic",
	"runtime", "/tmp", "/root", "/home", "0x", "EOF", "strconv", "unmarshal", "invalid character", "jsontext", "gzip:", "fasthttp", "nil pointer", "context ",
}

// random are parts of an answer that no word was written into.
var random = regexp.MustCompile(`[A-Za-z0-9_-]{22,}`)

// refused fails unless the request was refused politely: one of the codes, and nothing of the inside.
func refused(t *testing.T, name string, a answer, codes ...string) {
	t.Helper()
	if a.status < 400 || a.status >= 500 || a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s: %d %s", name, a.status, a.body)
		return
	}
	if code := strings.Trim(a.at("code"), `"`); !strings.Contains(" "+strings.Join(codes, " ")+" ", " "+code+" ") {
		t.Errorf("%s: %s, want %v: %s", name, code, codes, a.body)
	}
	all := a.all()
	for _, w := range inner {
		if strings.Contains(all, w) && strings.Contains(random.ReplaceAllString(all, "…"), w) {
			t.Errorf("%s: the answer holds %q: %s", name, w, a.body)
		}
	}
}

// TestHostileRequests: what is badly meant or badly made is refused, says why and breaks nothing.
func TestHostileRequests(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, true)
		root := c.root
		event := c.event(campR, unitA, nil)
		for name, path := range map[string]string{
			"an id of another kind": "/units/" + c.root, "an officer as a campaign": "/campaigns/" + c.root, "a unit as an officer": "/officers/" + unitA,
			"upper case": "/units/" + strings.ToUpper("abcdef00-0000-7000-8000-0000000a0001"), "no id": "/units/x", "a path": "/units/..%2f..%2fetc%2fpasswd",
			"dots": "/units/%2e%2e/officers", "a NUL": "/units/%00", "a quote": "/officers/'%20OR%201=1--", "a long id": "/units/" + strings.Repeat("a", 3000),
			"a unit of another tree of ids": "/campaigns/" + campR + "/units/" + unitA + "/events/" + unitA, "a kind that is none": "/campaigns/" + campR + "/units/" + unitA + "/officer/" + event + "/history",
			"a number that is none": "/campaigns/" + campR + "/snapshots/-1/ningxia-2022.csv", "a great number": "/campaigns/" + campR + "/snapshots/99999999999999999999/x.csv",
			"a template with dots": "/templates/..", "a row that is none": "/campaigns/" + campR + "/table/rows/no_such_row", "no template": "/templates/none",
		} {
			refused(t, name, c.as(root, "GET", path, nil), "not_found")
		}
		for name, path := range map[string]string{
			"an unknown parameter": "/units?no=1", "a parameter twice": "/units?q=a&q=b", "limit 0": "/units?limit=0", "limit 201": "/units?limit=201", "limit -1": "/units?limit=-1",
			"limit 1e2": "/units?limit=1e2", "limit +1": "/units?limit=%2b1", "a great limit": "/units?limit=99999999999999999999", "a flag of another sort": "/officers?ended=yes",
			"a role that is none": "/officers?role=king", "NUL in a search": "/units?q=%00", "bytes that are no text": "/units?q=%ff%fe", "half an escape": "/units?q=%zz",
			"a long search": "/units?q=" + strings.Repeat("a", 3000), "a state that is none": "/campaigns/" + campR + "/events?state=x", "a row without a table": "/campaigns/" + campR + "/events?row=x",
			"a day that is none": "/campaigns/" + campR + "/table?date=2022-02-30", "no record": "/campaigns/" + campR + "/table/rows/consultations/entries?kind=event",
		} {
			refused(t, name, c.as(root, "GET", path, nil), "invalid")
		}
		for name, cursor := range map[string]string{"made up": "abc", "not of base64": "!!!", "long": strings.Repeat("A", 2000), "empty JSON": "e30"} {
			for _, path := range []string{"/units", "/officers", "/campaigns", "/devices", "/enrolments", "/held", "/audit", "/campaigns/" + campR + "/events",
				"/campaigns/" + campR + "/suspects", "/campaigns/" + campR + "/sheets", "/campaigns/" + campR + "/table/rows/consultations"} {
				refused(t, "a cursor "+name+" at "+path, c.as(root, "GET", path+"?cursor="+url.QueryEscape(cursor), nil), "bad_cursor")
			}
		}
		// A cursor of one query is none of another.
		next := c.as(root, "GET", "/units?limit=1", nil).ok().text("next")
		refused(t, "another list's cursor", c.as(root, "GET", "/officers?cursor="+url.QueryEscape(next), nil), "bad_cursor")
		refused(t, "another query's cursor", c.as(root, "GET", "/units?q=x&cursor="+url.QueryEscape(next), nil), "bad_cursor")
		for name, path := range map[string]string{"unit": "/devices?unit=" + event, "foreign to A": "/audit?unit=x", "campaign": "/held?campaign=no"} {
			refused(t, "a query that names no "+name, c.as(root, "GET", path, nil), "not_found")
		}
		c.badBodies(t, event)
		c.agrees(t)
	})
}

func (c *county) badBodies(t *testing.T, event string) {
	t.Helper()
	v, s := c.at(campR, unitA, models.EventKind, event)
	at := target{campaign: campR, unit: unitA}
	review := eventPath(at, event) + "/review"
	raw := func(path, body string, headers map[string]string) answer {
		if headers == nil {
			headers = map[string]string{"Content-Type": "application/json"}
		}
		return c.send(request{method: "POST", path: path, token: c.tokens[c.root], headers: headers, body: body})
	}
	for name, body := range map[string]string{
		"nothing": "", "no object": "[]", "no JSON": "{", "an unknown member": `{"name":"x","code":"y","no":1}`, "a member twice": `{"name":"x","name":"y","code":"z"}`,
		"a wrong type": `{"name":1,"code":"y"}`, "another case": `{"Name":"x","code":"y"}`, "bytes that are no text": "{\"name\":\"\xff\",\"code\":\"y\"}",
		"more behind it": `{"name":"x","code":"y"} {}`, "deep": `{"name":` + strings.Repeat("[", 20000) + `}`, "no name": `{"name":" ","code":"q1"}`, "control characters": `{"name":"a\u0007b","code":"q2"}`,
		"NUL": `{"name":"a\u0000b","code":"q3"}`, "a long name": `{"name":"` + strings.Repeat("字", 201) + `","code":"q4"}`,
	} {
		refused(t, name, raw("/units", body, nil), "invalid")
	}
	refused(t, "huge", raw("/units", `{"name":"`+strings.Repeat("a", 70<<10)+`"}`, nil), "too_large")
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 100 {
		_, _ = z.Write(bytes.Repeat([]byte(" "), 100<<10))
	}
	_ = z.Close()
	refused(t, "a bomb", raw("/units", bomb.String(), map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}), "too_large")
	refused(t, "a form", raw("/units", "name=x", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}), "invalid")
	refused(t, "no gzip", raw("/units", "x", map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}), "bad_encoding")
	for name, b := range map[string]m{
		"no op": {"version": v, "seq": s}, "another op": {"op": "held.release", "version": v, "seq": s}, "no version": {"op": "accept", "seq": s}, "a negative one": {"op": "accept", "version": -1, "seq": s},
		"a fraction": {"op": "accept", "version": 1.5, "seq": s}, "a return without a reason": {"op": "return", "version": v, "seq": s}, "a long reason": {"op": "return", "version": v, "seq": s, "reason": strings.Repeat("x", 2001)},
	} {
		refused(t, name, c.as(c.root, "POST", review, b), "invalid")
	}
	refused(t, "what has moved", c.as(c.root, "POST", review, m{"op": "accept", "version": v, "seq": s + 1}), "moved")
	for name, set := range map[string]m{"a wrong type": {"leaders": "x"}, "a great number": {"leaders": 1e12}, "a fraction": {"leaders": 1.5}, "an array": {"title": []int{1}}, "no field": {}} {
		refused(t, "set "+name, c.as(c.root, "PATCH", recordPath(at, "event", event), m{"version": v, "set": set}), "invalid", "conflict")
	}
	refused(t, "a version from the future", c.as(c.root, "PATCH", recordPath(at, "event", event), m{"version": v + 7, "set": m{"leaders": 1}}), "moved")
	refused(t, "a record that is not there", c.as(c.root, "PATCH", recordPath(at, "event", c.newID()), m{"version": 1, "set": m{"leaders": 1}}), "not_found")
	many := []m{}
	for range 201 {
		many = append(many, m{"unit": unitA, "kind": "event", "id": event, "op": "accept", "version": v, "seq": s})
	}
	refused(t, "too many decisions", c.as(c.root, "POST", "/campaigns/"+campR+"/review", m{"decisions": many}), "invalid")
	refused(t, "a sheet's id as an event's", c.as(c.root, "PATCH", recordPath(at, "sheet", event), m{"version": 1, "set": m{"remarks": "x"}}), "not_found")
	refused(t, "another campaign's hand-in", c.as(c.root, "PATCH", "/campaigns/"+campA+"/handins/"+handInOf(c, campR), m{"version": 1, "item": "x"}), "not_found")
	refused(t, "a receipt of another campaign's hand-in", c.as(c.root, "PUT", "/campaigns/"+campA+"/receipts", m{"handin": handInOf(c, campR), "unit": unitA, "version": 0, "electronic": 1, "paper": 0}), "not_found")
	refused(t, "approval by the way of filling in", c.as(c.root, "PATCH", sheetPath(at), m{"version": 0, "set": m{"approved": true}}), "invalid")
	refused(t, "another method", c.as(c.root, "PUT", "/units", m{}), "method")
	refused(t, "no such route", c.as(c.root, "GET", "/nothing", nil), "not_found")
	refused(t, "a token in the query", c.send(get("/units?access_token="+c.tokens[c.root])), "unauthorized")
	refused(t, "a token twice", c.send(request{method: "GET", path: "/units", headers: map[string]string{"Authorization": "Bearer " + c.tokens[c.root] + ", Bearer x"}}), "unauthorized")
	refused(t, "a spoilt token", c.send(request{method: "GET", path: "/units", token: c.tokens[c.root] + "x"}), "unauthorized")
	refused(t, "an import of nothing", raw("/import", "", map[string]string{"Content-Type": "application/x-ndjson"}), "invalid")
	refused(t, "an import of something else", raw("/import", "PK\x03\x04", map[string]string{"Content-Type": "application/x-ndjson"}), "invalid")
}

func handInOf(c *county, campaign string) string {
	id := c.newID()
	c.admin("handin", id, m{"campaign": campaign, "item": "总结", "due": start})
	return id
}

// TestTextStaysText: what looks like HTML, like a formula or like another field is text everywhere.
func TestTextStaysText(t *testing.T) {
	c := newCounty(t, storetest.SQLite(t), false)
	for i, evil := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `=HYPERLINK("http://x")`, "a\nb\tc", `\u003c`, "\u202eabc", "😀", `{"a":1}`, "' OR 1=1 --", "%_%"} {
		a := c.as(c.root, "POST", "/units", m{"name": evil, "code": fmt.Sprintf("t%d", i), "parent": unitA}).ok()
		if a.text("name") != evil || a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
			t.Errorf("%q came back as %s", evil, a.all())
		}
		found := c.as(c.root, "GET", "/units?q="+escaped(evil), nil).ok()
		if found.at("items.#") != "1" || found.text("items.0.name") != evil {
			t.Errorf("%q is not found by itself: %s", evil, found.body)
		}
		id := c.event(campR, unitA, map[string]any{"title": evil})
		if got := c.as(c.root, "GET", eventPath(target{campaign: campR, unit: unitA}, id), nil).ok().text("title"); got != evil {
			t.Errorf("%q came back as %q", evil, got)
		}
	}
}
