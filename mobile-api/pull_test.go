package mobileapi_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/mobile-api/client"
)

func event(n int) string {
	return fmt.Sprintf(`"op":"event.put","id":"01900000-0000-7000-8000-%012d","base":0,"set":{"kind":"visit","venue":"village","title":"第%d站","started_at":1647309600000,"join":"secret-%d"}`, n, n, n)
}

func TestPull(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p, q := w.phone(officerA), w.phone(officerB)
		for i := range 25 {
			p.write(event(i))
		}
		p.push(p.batch(0).signed())
		get := func(query string, headers ...string) request {
			r := request{method: "GET", path: "/api/v1/sync/pull" + query, token: p.token, headers: map[string]string{}}
			for i := 0; i < len(headers); i += 2 {
				r.headers[headers[i]] = headers[i+1]
			}
			return r
		}
		first := w.run(t, scenario{request: get(""), status: 200, header: map[string]string{"ETag": "*", "Content-Type": "application/json", "Cache-Control": "no-store"},
			want: map[string]string{"more": "false", "heads.0.epoch": `"` + p.epoch + `"`, "heads.0.next": "25", "scopes": `["` + scopeA + `"]`, "records.24.seq": "25", "records.25": "",
				"server_epoch": `"` + w.inst.ServerEpoch + `"`}})
		tag, cursor := first.header.Get("ETag"), url.QueryEscape(first.text("cursor"))
		bad := func(name, query string, code problem.Code) scenario {
			return scenario{name: name, request: get(query), status: 400, code: code}
		}
		raw, err := base64.RawURLEncoding.DecodeString(first.text("cursor"))
		if err != nil {
			t.Fatal(err)
		}
		b64q := func(b []byte) string { return "?cursor=" + base64.RawURLEncoding.EncodeToString(b) }
		w.harmless(t, []scenario{
			bad("not base64", "?cursor=%2B%2B%2B", problem.BadCursor),
			bad("garbage", "?cursor=garbage", problem.BadCursor),
			bad("SQL", "?cursor="+url.QueryEscape("' OR 1=1 --"), problem.BadCursor),
			bad("short", b64q(raw[:8]), problem.BadCursor),
			bad("half a pair", b64q(raw[:len(raw)-1]), problem.BadCursor),
			bad("another format", b64q(append([]byte{2}, raw[1:]...)), problem.BadCursor),
			bad("an endless number", b64q(append(append([]byte{}, raw[:9]...), 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1)), problem.BadCursor),
			bad("beyond int64", b64q(append(append([]byte{}, raw[:9]...), 1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1)), problem.BadCursor),
			bad("limit 0", "?limit=0", problem.Invalid),
			bad("limit −1", "?limit=-1", problem.Invalid),
			bad("limit 1.5", "?limit=1.5", problem.Invalid),
			bad("limit of a word", "?limit=all", problem.Invalid),
			bad("limit beyond int64", "?limit=99999999999999999999", problem.Invalid),
			{name: "a great limit is a page", request: get("?limit=1000000"), status: 200, want: map[string]string{"records.24.seq": "25"}},
			{name: "a cursor of 10 KiB", request: get("?cursor=" + strings.Repeat("A", 10<<10)), status: 400, code: problem.BadCursor},
			{name: "of another server epoch", request: get(b64q(append([]byte{1, 0, 0, 0, 0, 0, 0, 0, 0}, raw[9:]...))), status: 410, code: problem.Reset,
				want: map[string]string{"server_epoch": `"` + w.inst.ServerEpoch + `"`}},
			{name: "the end", request: get("?cursor=" + cursor), status: 200, want: map[string]string{"records": "[]", "more": "false", "cursor": first.at("cursor")}},

			{name: "unchanged", request: get("", "If-None-Match", tag), status: 304, header: map[string]string{"ETag": tag}},
			{name: "unchanged, weak", request: get("", "If-None-Match", "W/"+tag), status: 304},
			{name: "unchanged, in a list", request: get("", "If-None-Match", `"a", W/"b" ,`+tag), status: 304},
			{name: "unchanged, any", request: get("", "If-None-Match", "*"), status: 304},
			{name: "another tag", request: get("", "If-None-Match", `"a"`), status: 200},
			{name: "a tag without quotes", request: get("", "If-None-Match", strings.Trim(tag, `"`)), status: 200},
			{name: "a list of others", request: get("", "If-None-Match", `"a","b",*`), status: 200},
			{name: "half a tag", request: get("", "If-None-Match", tag[:10]), status: 200},
			{name: "empty", request: get("", "If-None-Match", ""), status: 200},
			{name: "its tag at another cursor", request: get("?cursor="+cursor, "If-None-Match", tag), status: 200},
			{name: "another's tag", request: request{method: "GET", path: "/api/v1/sync/pull", token: q.token, headers: map[string]string{"If-None-Match": tag}}, status: 200,
				want: map[string]string{"records": "[]", "scopes": `["` + scopeB + `"]`, "heads": "[]"}, not: []string{"第1站", "secret", unitA}},
		})
		t.Run("pages", func(t *testing.T) {
			at, seen := "", 0
			for pages := 1; ; pages++ {
				a := w.run(t, scenario{request: get("?limit=7&cursor=" + url.QueryEscape(at)), status: 200})
				seen += strings.Count(string(a.body), `"kind":"event"`)
				at = a.text("cursor")
				if a.at("more") == "false" {
					if seen != 25 || pages != 4 {
						t.Errorf("%d records on %d pages", seen, pages)
					}
					break
				}
				if pages == 2 { // between two pages a record of the first one changes: it comes again
					p.write(`"op":"event.put","id":"01900000-0000-7000-8000-000000000000","base":0,"set":{"leaders":3}`)
					p.push(p.batch(25).signed())
					seen--
				}
			}
		})
		t.Run("news ends 304", func(t *testing.T) {
			a := w.run(t, scenario{request: get("?cursor="+cursor, "If-None-Match", tag), status: 200, want: map[string]string{"records.0.data.fields.leaders": "3", "records.1": "", "heads.0.next": "26"}})
			p.push(p.empty(26)) // a report is no news
			w.run(t, scenario{request: get("?cursor="+cursor, "If-None-Match", a.header.Get("ETag")), status: 304})
		})
		t.Run("restored server", func(t *testing.T) {
			if _, _, err := db.Restored(t.Context(), client.NewID, 0); err != nil {
				t.Fatal(err)
			}
			if w.inst, w.secrets, err = db.Install(t.Context(), client.NewID, start); err != nil {
				t.Fatal(err)
			}
			w.serve()
			w.run(t, scenario{request: get("?cursor=" + cursor), status: 410, code: problem.Reset, want: map[string]string{"server_epoch": `"` + w.inst.ServerEpoch + `"`}})
			w.run(t, scenario{request: get("", "If-None-Match", tag), status: 200, want: map[string]string{"records.24.kind": `"event"`}})
		})
	})
}

func TestSetup(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p, q := w.phone(officerA), w.phone(officerB)
		q.write(fmt.Sprintf(`{"at":%d,"scope":"%s",%s}`, start, scopeB, event(1)))
		if a := q.push(q.batch(0).signed()); a.at("verdicts") != "[]" {
			t.Fatal(string(a.body))
		}
		w.admin("handin", "01900000-0000-7000-8000-0000000b0001", `{"campaign":"`+campaignID+`","item":"统计表","due":1647507600000,"recipient":"办公室"}`)
		w.admin("reminder", "01900000-0000-7000-8000-0000000b0002", `{"campaign":"`+campaignID+`","unit":"`+unitB+`","text":"河东所请报送"}`)
		w.admin("campaign", "01900000-0000-7000-8000-0000000ca009", `{"title":"草稿活动","year":2023,"zone":"Asia/Shanghai","first_day":"2023-03-07","last_day":"2023-03-17","unit":"`+countyID+`","templates":"ningxia-2022"}`)
		get := func(tag string) request {
			return request{method: "GET", path: "/api/v1/setup", token: p.token, headers: map[string]string{"If-None-Match": tag}}
		}
		secrets := []string{"join", "secret-", "public_key", "publicKey", "key_hash", "token", "草稿活动", "外勤乙", "河东所请报送", scopeB, q.id, w.inst.Officer, w.inst.Device, w.code(officerA, 1e9)}
		a := w.run(t, scenario{request: get(`"x"`), status: 200, not: secrets, header: map[string]string{"ETag": "*"}, want: map[string]string{
			"scopes": `["` + scopeA + `"]`, "campaigns.0.id": `"` + campaignID + `"`, "campaigns.1": "", "campaigns.0.tables": `["ningxia-2022"]`, "templates.0.id": `"ningxia-2022"`,
			"colleagues.0.name": `"外勤甲"`, "colleagues.1.name": `"所长丙"`, "colleagues.2": "", "handin.0.item": `"统计表"`, "reminders": "[]", "tasks": "[]", "roster": "[]",
			"device.id": `"` + p.id + `"`, "officer.id": `"` + officerA + `"`, "server_epoch": `"` + w.inst.ServerEpoch + `"`}})
		tag := a.header.Get("ETag")
		w.run(t, scenario{request: get(tag), status: 304})
		w.run(t, scenario{request: get("*"), status: 304})
		w.later(1e9 * 60)
		w.run(t, scenario{request: get(tag), status: 304}) // time alone changes nothing
		w.admin("reminder", "01900000-0000-7000-8000-0000000b0003", `{"campaign":"`+campaignID+`","unit":"`+unitA+`","text":"请补照片"}`)
		w.run(t, scenario{request: get(tag), status: 200, want: map[string]string{"reminders.0.text": `"请补照片"`, "reminders.1": ""}})
		// an officer who left keeps a device that may send, and learns nothing more
		list, err := db.Officers(t.Context(), unitB)
		if err != nil {
			t.Fatal(err)
		}
		w.endOfficer(officerB, list[0].Version)
		w.run(t, scenario{request: request{method: "GET", path: "/api/v1/setup", token: q.token}, status: 200, want: map[string]string{"scopes": "[]", "campaigns": "[]", "colleagues": "[]"}})
		w.run(t, scenario{request: request{method: "GET", path: "/api/v1/sync/pull", token: q.token}, status: 200, want: map[string]string{"scopes": "[]", "records": "[]"}, not: []string{"第1站"}})
	})
}
