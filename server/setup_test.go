package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/store/storetest"
)

var setupLink = regexp.MustCompile(`(http://\S+)/console/#/setup/(\S+)`)

// invitation waits for the link that a new server prints, "" when it prints none.
func (s *running) invitation(wait time.Duration) (token string) {
	for end := time.Now().Add(wait); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if m := setupLink.FindStringSubmatch(s.printed()); m != nil {
			return m[2]
		}
	}
	return ""
}

func (s *running) post(path string, body any) (int, map[string]any) {
	s.p.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.p.Fatal(err)
	}
	res, err := http.Post(s.url+"/api/v1/office"+path, "application/json", bytes.NewReader(raw))
	if err != nil {
		s.p.Fatal(err)
	}
	defer res.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		s.p.Fatal(err)
	}
	return res.StatusCode, out
}

// TestFirstRun: a server that nobody can sign in to prints a link that works once; a lock-out is helped by
// a command.
func TestFirstRun(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		p := newProg(t, target)
		s := p.serve()
		old := s.invitation(10 * time.Second)
		s.stop()
		s = p.serve()
		token := s.invitation(10 * time.Second)
		if token == "" || token == old {
			t.Fatalf("no new link in\n%s", s.printed())
		}
		set := map[string]any{"token": old, "unit": map[string]any{"name": "县局", "code": "00"}, "name": "管理员", "login": "admin", "password": "a sentence to begin with"}
		if status, out := s.post("/setup", set); status != 403 {
			t.Errorf("the link before: %d %v", status, out)
		}
		set["token"] = token
		status, out := s.post("/setup", set)
		if status != 201 {
			t.Fatalf("%d %v", status, out)
		}
		if status, out := s.post("/setup", set); status != 403 {
			t.Errorf("a second time: %d %v", status, out)
		}
		officer := out["officer"].(map[string]any)["id"].(string)
		printed := p.do("login", officer)
		password := regexp.MustCompile(`password (\S+)`).FindStringSubmatch(printed)
		if password == nil || !strings.Contains(printed, "login admin") {
			t.Fatalf("login printed %q", printed)
		}
		if status, out := s.post("/session", map[string]any{"login": "admin", "password": password[1]}); status != 200 || out["must_change"] != true {
			t.Errorf("%d %v", status, out)
		}
		p.refused([]string{"--login"}, "login", p.id("user", "add", "--name", "张三", "--unit", "00"))
		p.refused([]string{"no officer"}, "login", "nobody")
		p.clean()
		s.stop()
		if s = p.serve(); s.invitation(300*time.Millisecond) != "" {
			t.Errorf("it invites though somebody can sign in:\n%s", s.printed())
		}
	})
}
