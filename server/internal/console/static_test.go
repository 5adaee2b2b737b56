package console_test

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/openapi/openapitest"
	"github.com/fieldsync/fieldsync/server/internal/console"
	"github.com/gofiber/fiber/v2"
)

func TestStatic(t *testing.T) {
	big := strings.Repeat("let x = 1;\n", 1000)
	dist := fstest.MapFS{
		"console/index.html": {Data: []byte("<!doctype html><title>c</title>")}, "console/app.js": {Data: []byte(big)}, "console/app.css": {Data: []byte("a{}")},
		"console/chunk-A.js": {Data: []byte("1")}, "gallery/index.html": {Data: []byte("<!doctype html><title>g</title>")}, "licenses.txt": {Data: []byte("MIT")},
	}
	app := httpapi.New(httpapi.Options{Log: slog.New(slog.DiscardHandler)})
	if err := console.Static(app, dist, "default-src 'none'"); err != nil {
		t.Fatal(err)
	}
	app.Get("/", console.Front)
	for _, c := range []struct {
		method, path, accept string
		status               int
		media, body          string
	}{
		{"GET", "/console/", "", 200, "text/html", "<title>c"}, {"GET", "/console/index.html", "", 200, "text/html", "<title>c"}, {"HEAD", "/console/app.js", "", 200, "text/javascript", ""},
		{"GET", "/console/app.js", "", 200, "text/javascript", "let x"}, {"GET", "/console/app.css", "", 200, "text/css", "a{}"}, {"GET", "/console/chunk-A.js", "", 200, "text/javascript", "1"},
		{"GET", "/console/gallery/", "", 200, "text/html", "<title>g"}, {"GET", "/licenses.txt", "", 200, "text/plain", "MIT"}, {"GET", "/console/licenses.txt", "", 200, "text/plain", "MIT"},
		{"GET", "/console", "", 308, "", ""}, {"GET", "/console/gallery", "", 308, "", ""}, {"GET", "/", "text/html,*/*", 303, "", ""}, {"GET", "/", "*/*", 200, "text/plain", "/console/"},
		{"GET", "/console/gone.js", "", 404, "application/problem+json", ""}, {"GET", "/console/review", "text/html", 404, "application/problem+json", ""}, {"GET", "/console/chunk-B.js", "", 404, "application/problem+json", ""},
		{"GET", "/console/..%2flicenses.txt", "", 404, "application/problem+json", ""}, {"GET", "/console/%2e%2e/%2e%2e/etc/passwd", "", 404, "application/problem+json", ""}, {"GET", "/CONSOLE/", "", 404, "application/problem+json", ""},
		{"POST", "/console/", "", 405, "application/problem+json", ""},
	} {
		q := httptest.NewRequest(c.method, c.path, nil)
		if c.accept != "" {
			q.Header.Set("Accept", c.accept)
		}
		res, err := app.Test(q, -1)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != c.status || !strings.HasPrefix(res.Header.Get("Content-Type"), c.media) || !strings.Contains(string(raw), c.body) {
			t.Errorf("%s %s: %d %s %.60s", c.method, c.path, res.StatusCode, res.Header.Get("Content-Type"), raw)
		}
		if c.status == 200 && strings.HasPrefix(c.path, "/console/") && (res.Header.Get("Content-Security-Policy") != "default-src 'none'" || res.Header.Get("Cache-Control") != "no-cache" || res.Header.Get("ETag") == "") {
			t.Errorf("%s: %v", c.path, res.Header)
		}
		if c.status >= 400 && strings.Contains(string(raw), "<title>") {
			t.Errorf("%s: a page for what is not there", c.path)
		}
	}
	q := httptest.NewRequest("GET", "/console/app.js", nil)
	q.Header.Set("Accept-Encoding", "gzip")
	res, err := app.Test(q, -1)
	if err != nil || res.Header.Get("Content-Encoding") != "gzip" || res.ContentLength > 1000 {
		t.Errorf("%v %+v", err, res)
	}
	q.Header.Set("If-None-Match", res.Header.Get("ETag"))
	if res, err = app.Test(q, -1); err != nil || res.StatusCode != 304 {
		t.Errorf("%v %+v", err, res)
	}
}

func TestEveryRouteIsDescribed(t *testing.T) {
	app := fiber.New()
	console.New(console.Options{Sessions: auth.NewSessions(nil, make([]byte, auth.MinSecret), nil, nil)}).Routes(app)
	var registered []openapitest.Registered
	for _, r := range app.GetRoutes(true) {
		registered = append(registered, openapitest.Registered{Method: r.Method, Path: r.Path})
	}
	openapitest.SameRoutes(t, console.About(), console.Routes(), registered)
	ids := []string{}
	for _, r := range console.Routes() {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != len(console.Routes()) {
		t.Error("two routes share an id")
	}
}
