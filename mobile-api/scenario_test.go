package mobileapi_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// scenario is one request and all that is expected of its answer.
type scenario struct {
	name string
	request
	status int
	code   problem.Code      // of a refusal
	want   map[string]string // members of the answer by path, as JSON; "*" for any, "" for none
	header map[string]string // "*" for any, "" for none
	not    []string          // what must not stand anywhere in the answer
}

// inner are words that only somebody inside should read: of databases, of Go, of this machine.
var inner = []string{
	"SELECT", "INSERT", "UPDATE", "sqlite", "SQLite", "pgx", "postgres", "SQLSTATE", "gorm", "database is closed", "constraint",
	".go:", "goroutine", "panic", "runtime", "/tmp", "/root", "/home", "/work", "0x", "EOF", "strconv", "unmarshal", "invalid character",
	"jsontext", "gzip:", "flate", "illegal base64", "asn1", "x509", "crypto/", "elliptic", "golang-jwt", "fasthttp", "nil pointer", "context ",
}

// random are the parts of an answer that no word was written into: hashes, tags and ids, in whose
// letters any short word may stand by chance.
var random = regexp.MustCompile(`[A-Za-z0-9_-]{22,}`)

func (w *world) run(t *testing.T, s scenario) answer {
	t.Helper()
	a := w.send(s.request)
	if a.status != s.status {
		t.Errorf("status %d, want %d: %s", a.status, s.status, a.body)
	}
	if s.code != "" && a.at("code") != `"`+string(s.code)+`"` {
		t.Errorf("code %s, want %s: %s", a.at("code"), s.code, a.body)
	}
	for path, want := range s.want {
		if got := a.at(path); got != want && (want != "*" || got == "") {
			t.Errorf("%s is %s, want %s: %s", path, got, want, a.body)
		}
	}
	for name, want := range s.header {
		if got := a.header.Get(name); got != want && (want != "*" || got == "") {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	var all strings.Builder
	if err := a.header.Write(&all); err != nil {
		t.Fatal(err)
	}
	all.Write(a.body)
	forbidden := s.not
	if a.status >= 400 {
		forbidden = append(forbidden, inner...)
		if got := a.header.Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("a refusal as %q", got)
		}
		if a.at("status") == "" || a.at("detail") == "" || a.at("type") == "" || a.at("request_id") == "" {
			t.Errorf("not a whole problem document: %s", a.body)
		}
	}
	shown := random.ReplaceAllString(all.String(), "…")
	for _, word := range forbidden {
		if strings.Contains(shown, word) || len(word) > 8 && strings.Contains(all.String(), word) {
			t.Errorf("the answer holds %q: %s", word, all.String())
		}
	}
	return a
}

// harmless runs scenarios of which none may change anything.
func (w *world) harmless(t *testing.T, list []scenario) {
	t.Helper()
	before := w.fingerprint()
	for _, s := range list {
		t.Run(s.name, func(t *testing.T) {
			w.run(t, s)
			if after := w.fingerprint(); after != before {
				t.Errorf("something was applied:\n%s\nbefore:\n%s", after, before)
				before = after
			}
		})
	}
}
