package mobileapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/mobile-api/client"
)

var updateGolden = flag.Bool("update", false, "write the golden requests and answers anew")

// exchange is one request and its answer as a golden file keeps them.
type exchange struct {
	Request struct {
		Method  string            `json:"method"`
		Path    string            `json:"path"`
		Headers map[string]string `json:"headers,omitempty"`
		JSON    json.RawMessage   `json:"json,omitempty"`
		Form    map[string]string `json:"form,omitempty"`
		Lines   []json.RawMessage `json:"lines,omitempty"` // the header first
		Bytes   string            `json:"bytes,omitempty"` // how many, of what is no text
	} `json:"request"`
	Answer struct {
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers,omitempty"`
		JSON    json.RawMessage   `json:"json,omitempty"`
		Bytes   string            `json:"bytes,omitempty"` // how many, of what is no JSON
	} `json:"answer"`
}

// TestGolden keeps one exchange of each kind as other implementations may read it. What differs
// from run to run, ids, hashes, keys and signatures, is put in by name.
func TestGolden(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	names := map[string]string{}
	key, err := client.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	code := w.code(officerA, time.Hour)
	names[code], names[w.inst.ServerEpoch] = "CODE", "SERVER-EPOCH"
	jwk, err := client.PublicJWK(key)
	if err != nil {
		t.Fatal(err)
	}
	names[jwk.X], names[jwk.Y] = "X", "Y"
	server, err := client.PublicJWK(w.inst.Key)
	if err != nil {
		t.Fatal(err)
	}
	names[server.X], names[server.Y] = "SERVER-X", "SERVER-Y"

	enrol := request{method: "POST", path: "/api/v1/devices", headers: asJSON, body: enrolBody(t, code, key)}
	a := w.send(enrol)
	p := &phone{w: w, key: key, epoch: client.NewID(), id: a.text("device_id")}
	names[p.id], names[p.epoch] = "DEVICE", "EPOCH"
	golden(t, "enrol", enrol, a, names)

	assertion := p.assertion(nil)
	names[assertion] = "ASSERTION"
	token := request{method: "POST", path: "/api/v1/token", headers: asForm, body: grant(assertion)}
	a = w.send(token)
	p.token = a.text("access_token")
	names[p.token] = "TOKEN"
	golden(t, "token", token, a, names)

	p.write(putEvent, tally("3"), tally("1.5"), strings.Replace(tally("2"), eventID, "01900000-0000-7000-8000-0000000e0002", 1))
	b := p.batch(0)
	body := b.signed()
	names[b64(b.header.Sig)], names[b.header.Prev.String()], names[b.header.Tail.String()] = "SIGNATURE", "GENESIS", "TAIL"
	push := request{method: "POST", path: "/api/v1/sync/push", token: p.token, headers: asLines, body: body}
	golden(t, "push", push, w.send(push), names)

	pull := request{method: "GET", path: "/api/v1/sync/pull?limit=1000", token: p.token}
	a = w.send(pull)
	names[a.text("cursor")], names[strings.Trim(a.header.Get("ETag"), `"`)] = "CURSOR", "TAG"
	golden(t, "pull", pull, a, names)

	setup := request{method: "GET", path: "/api/v1/setup", token: p.token}
	a = w.send(setup)
	names[strings.Trim(a.header.Get("ETag"), `"`)] = "TAG"
	golden(t, "setup", setup, a, names)
}

// TestGoldenPhotos keeps one exchange of each kind that photos need.
func TestGoldenPhotos(t *testing.T) {
	w, s, p := photoWorld(t)
	names := map[string]string{p.token: "TOKEN"}
	original := picture(2*unitSize + 5000)
	s.announce(photoID, original, p.id)
	exchange := func(name string, r request) {
		t.Helper()
		golden(t, name, r, w.send(r), names)
	}
	exchange("photo-have", p.have(`"`+photoID+`","`+photoID2+`"`))
	exchange("photo-preview", p.preview(photoID, picture(900)))
	exchange("photo-units", p.units(photoID, 1, original[unitSize:]))
	exchange("photo-missing", p.have(`"`+photoID+`"`))
	wrong := p.units(photoID, 0, original[:unitSize])
	wrong.headers["Content-Digest"] = digestOf(original)
	exchange("photo-wrong", wrong)
	exchange("photo-stored", p.units(photoID, 0, original[:unitSize]))
	exchange("photo-original", request{method: "GET", path: "/api/v1/photos/" + photoID + "/original", token: p.token,
		headers: map[string]string{"Range": "bytes=0-63"}})
}

// templatesOf is left out of the golden setup: a template is long, and has tests of its own.
var templatesOf = regexp.MustCompile(`"templates":\[\{.*\}\],"units"`)

func golden(t *testing.T, name string, r request, a answer, names map[string]string) {
	t.Helper()
	var x exchange
	x.Request.Method, x.Request.Path, x.Request.Headers = r.method, r.path, map[string]string{}
	for k, v := range r.headers {
		x.Request.Headers[k] = v
	}
	if r.token != "" {
		x.Request.Headers["Authorization"] = "Bearer " + r.token
	}
	switch r.headers["Content-Type"] {
	case "application/json":
		x.Request.JSON = json.RawMessage(r.body)
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(r.body)
		if err != nil {
			t.Fatal(err)
		}
		x.Request.Form = map[string]string{}
		for k := range form {
			x.Request.Form[k] = form.Get(k)
		}
	case "application/x-ndjson":
		for line := range strings.Lines(r.body) {
			x.Request.Lines = append(x.Request.Lines, json.RawMessage(line))
		}
	case "application/octet-stream":
		x.Request.Bytes = strconv.Itoa(len(r.body))
	}
	x.Answer.Status, x.Answer.Headers = a.status, map[string]string{}
	for _, name := range []string{"Content-Type", "ETag", "Content-Range", "Content-Disposition"} {
		if value := a.header.Get(name); value != "" {
			x.Answer.Headers[name] = value
		}
	}
	if kind := a.header.Get("Content-Type"); kind != "" && !strings.HasSuffix(kind, "json") {
		x.Answer.Bytes, a.body = strconv.Itoa(len(a.body)), nil
	}
	x.Answer.JSON = templatesOf.ReplaceAll(a.body, []byte(`"templates":["…"],"units"`))
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(x); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for value, word := range names {
		text = strings.ReplaceAll(text, value, "<"+word+">")
	}
	file := "testdata/" + name + ".json"
	if *updateGolden {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s is not what %s holds (-update writes it anew):\n%s", name, file, text)
	}
}
