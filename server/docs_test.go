package main

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var (
	anchorUsed = regexp.MustCompile(`href="#([^"]+)"`)
	anchorMade = regexp.MustCompile(`id="([^"]+)"`)
	addresses  = regexp.MustCompile(`(?:href|src)="([^"#][^"]*)"`)
)

// TestDocs reads the page that describes the API, and follows every link on it.
func TestDocs(t *testing.T) {
	s := newProg(t, "").serve()
	defer s.stop()
	fetch := func(path string) (*http.Response, string) {
		t.Helper()
		res, err := http.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 200 {
			t.Fatalf("%s: %d %v", path, res.StatusCode, err)
		}
		return res, string(raw)
	}
	res, page := fetch("/api/docs")
	if p := res.Header.Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'none'") || strings.Contains(p, "unsafe") {
		t.Errorf("policy %q", p)
	}
	for _, want := range []string{"/api/v1/sync/push", "登记手机", "Make this phone an officer", "bad_signature", "PulledRecord",
		"/api/v1/office/campaigns/{campaign}/events", "office.type.EventRow", "<code>review</code>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, " style=") || strings.Contains(page, "ZgotmplZ") {
		t.Error("the page has a script, an inline style or a refused value")
	}
	made := map[string]bool{}
	for _, m := range anchorMade.FindAllStringSubmatch(page, -1) {
		if made[m[1]] {
			t.Errorf("two things are called #%s", m[1])
		}
		made[m[1]] = true
	}
	for _, m := range anchorUsed.FindAllStringSubmatch(page, -1) {
		if !made[m[1]] {
			t.Errorf("nothing is called #%s", m[1])
		}
	}
	for _, m := range addresses.FindAllStringSubmatch(page, -1) {
		res, body := fetch(m[1])
		if strings.HasSuffix(m[1], ".json") && !json.Valid([]byte(body)) {
			t.Errorf("%s is no JSON", m[1])
		}
		again, err := http.NewRequest(http.MethodGet, s.url+m[1], nil)
		if err != nil {
			t.Fatal(err)
		}
		again.Header.Set("If-None-Match", res.Header.Get("ETag"))
		if res, err := http.DefaultClient.Do(again); err != nil || res.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %v", m[1], err)
		}
	}
}
