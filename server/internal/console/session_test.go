package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
)

// cookieOf is the refresh cookie that an answer sets, with what it says of itself.
func cookieOf(t *testing.T, a answer) *http.Cookie {
	t.Helper()
	res := http.Response{Header: a.header}
	for _, c := range res.Cookies() {
		if c.Name == auth.RefreshCookie {
			return c
		}
	}
	t.Fatalf("no cookie in %d %s", a.status, a.all())
	return nil
}

// TestFirstRun: the one-time token makes the first unit and its administrator, once.
func TestFirstRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		if a := w.send(get("/status")); a.at("setup_needed") != "true" {
			t.Errorf("%s", a.body)
		}
		token := auth.NewSetupToken()
		if err := db.PutSetupToken(t.Context(), auth.HashSetupToken(token), start+1000); err != nil {
			t.Fatal(err)
		}
		all := func(changes m) m {
			b := m{"token": token, "unit": m{"name": "县局", "code": "00"}, "name": "管理员", "login": "Admin", "password": password}
			for k, v := range changes {
				b[k] = v
			}
			return b
		}
		for name, b := range map[string]m{
			"another token": all(m{"token": auth.NewSetupToken()}), "no unit": all(m{"unit": m{"name": " ", "code": "00"}}),
			"no code": all(m{"unit": m{"name": "x", "code": ""}}), "no name": all(m{"name": ""}), "a bad password": all(m{"password": "1234567890"}),
			"a bad login": all(m{"login": "a b"}),
		} {
			if a := w.send(post("/setup", b)); a.status != 403 && a.status != 400 {
				t.Errorf("%s: %d %s", name, a.status, a.body)
			}
		}
		if a := w.send(get("/status")); a.at("setup_needed") != "true" {
			t.Errorf("something was set up: %s", a.body)
		}
		a := w.send(post("/setup", all(nil)))
		if a.status != 201 || a.at("must_change") != "false" || a.text("officer.name") != "管理员" {
			t.Fatalf("%d %s", a.status, a.body)
		}
		who := a.text("officer.id")
		w.tokens[who] = a.text("access_token")
		me := w.as(who, "GET", "/me", nil).ok()
		if me.at("everywhere.#") != "8" || me.text("unit_name") != "县局" || me.text("officer.role") != "admin" {
			t.Errorf("%s", me.body)
		}
		if a := w.send(post("/setup", all(m{"login": "second"}))); a.status != 403 {
			t.Errorf("a second time: %d %s", a.status, a.body)
		}
		if a := w.send(get("/status")); a.at("setup_needed") != "false" {
			t.Errorf("%s", a.body)
		}
		w.agrees(t)
	})
}

func TestSetUpTokenExpires(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	token := auth.NewSetupToken()
	if err := w.db.PutSetupToken(t.Context(), auth.HashSetupToken(token), start+1000); err != nil {
		t.Fatal(err)
	}
	w.unit(unitR, "00", "县局", "") // by a command, before
	w.clock.Add(1000)
	b := m{"token": token, "unit": m{"name": "y", "code": "00"}, "name": "管理员", "login": "admin", "password": password}
	if a := w.send(post("/setup", b)); a.status != 403 {
		t.Errorf("after its time: %d %s", a.status, a.body)
	}
	if err := w.db.PutSetupToken(t.Context(), auth.HashSetupToken(token), start+5000); err != nil {
		t.Fatal(err)
	}
	a := w.send(post("/setup", b)).ok()
	w.tokens["x"] = a.text("access_token")
	if me := w.as("x", "GET", "/me", nil).ok(); me.text("officer.unit") != unitR || me.text("unit_name") != "县局" {
		t.Errorf("the unit that was there is not taken: %s", me.body)
	}
}

// newAdministrator makes a world with one unit and its administrator, whose login is admin.
func newAdministrator(t *testing.T, db *store.DB) (w *world, officer string) {
	t.Helper()
	w = newWorld(t, db)
	w.unit(unitR, "00", "县局", "")
	officer = w.officer(unitR, models.RoleAdmin, "管理员")
	if err := w.sessions.Reset(t.Context(), officer, "admin", password, false); err != nil {
		t.Fatal(err)
	}
	return w, officer
}

// TestSession: the cookie, its rotation, what other sites may not do, and the end.
func TestSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, id := newAdministrator(t, db)
		in := post("/session", m{"login": "ＡＤＭＩＮ", "password": password})
		a := w.send(in).ok()
		c := cookieOf(t, a)
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != auth.RefreshCookiePath || c.Secure || strings.Contains(string(a.body), c.Value) {
			t.Errorf("%+v", c)
		}
		in.headers = map[string]string{"X-Forwarded-Proto": "https"}
		if c := cookieOf(t, w.send(in).ok()); !c.Secure {
			t.Errorf("behind https: %+v", c)
		}
		refresh := func(cookie string, headers map[string]string) answer {
			r := post("/session/refresh", m{})
			r.headers = map[string]string{"Cookie": auth.RefreshCookie + "=" + cookie}
			for k, v := range headers {
				r.headers[k] = v
			}
			return w.send(r)
		}
		for name, headers := range map[string]map[string]string{
			"another site": {"Sec-Fetch-Site": "cross-site"}, "a neighbour": {"Sec-Fetch-Site": "same-site"},
			"a form": {"Content-Type": "application/x-www-form-urlencoded"}, "plain text": {"Content-Type": "text/plain"},
		} {
			if a := refresh(c.Value, headers); a.status != 403 && a.status != 400 || a.header.Get("Set-Cookie") != "" {
				t.Errorf("%s: %d %s", name, a.status, a.all())
			}
		}
		b := refresh(c.Value, map[string]string{"Sec-Fetch-Site": "same-origin"}).ok()
		next := cookieOf(t, b)
		if next.Value == c.Value || b.text("officer.id") != id {
			t.Errorf("not renewed: %s", b.body)
		}
		w.clock.Add(time.Minute.Milliseconds())
		if a := refresh(c.Value, nil); a.status != 401 {
			t.Errorf("an old cookie: %d %s", a.status, a.body)
		}
		w.tokens[id] = b.text("access_token")
		if a := w.as(id, "GET", "/me", nil); a.status != 401 {
			t.Errorf("a copy was used, and the session goes on: %d %s", a.status, a.body)
		}
		in.headers = nil
		again := cookieOf(t, w.send(in).ok())
		out := request{method: "DELETE", path: "/session", headers: map[string]string{"Cookie": auth.RefreshCookie + "=" + again.Value, "Sec-Fetch-Site": "cross-site"}}
		if a := w.send(out); a.status != 403 {
			t.Errorf("signed out by another site: %d", a.status)
		}
		delete(out.headers, "Sec-Fetch-Site")
		if c := cookieOf(t, w.send(out).ok()); c.Value != "" {
			t.Errorf("%+v", c)
		}
		if a := refresh(again.Value, nil); a.status != 401 {
			t.Errorf("after the end: %d", a.status)
		}
	})
}

// TestMustChange: with somebody else's password nothing is done but to choose another one.
func TestMustChange(t *testing.T) {
	c := newCounty(t, storetest.SQLite(t), false)
	made := c.as(c.root, "POST", "/officers", m{"name": "新人", "unit": unitA, "role": "reviewer", "login": "fresh", "password": password}).ok()
	a := c.send(post("/session", m{"login": "fresh", "password": password})).ok()
	id := made.text("id")
	c.tokens[id] = a.text("access_token")
	if a.at("must_change") != "true" {
		t.Errorf("%s", a.body)
	}
	c.run(t, []scenario{
		{"looks around", id, "GET", "/units", nil, 403, map[string]string{"must_change": "true"}},
		{"who am I", id, "GET", "/me", nil, 200, map[string]string{"must_change": "true"}},
		{"the old one again", id, "PUT", "/me/password", m{"old_password": password, "password": password}, 400, map[string]string{"field": `"password"`}},
		{"a wrong old one", id, "PUT", "/me/password", m{"old_password": "no", "password": "a longer sentence"}, 400, map[string]string{"field": `"old_password"`}},
		{"another one", id, "PUT", "/me/password", m{"old_password": password, "password": "a longer sentence"}, 204, nil},
		{"looks around again", id, "GET", "/units", nil, 200, nil},
	})
}

// TestLockOut: after failures the login waits, whoever has it, and says for how long.
func TestLockOut(t *testing.T) {
	w, _ := newAdministrator(t, storetest.SQLite(t))
	for _, login := range []string{"admin", "nobody"} {
		for i := range auth.FreeAttempts {
			if a := w.send(post("/session", m{"login": login, "password": "wrong"})); a.status != 401 || a.at("code") != `"bad_login"` {
				t.Errorf("%s %d: %d %s", login, i, a.status, a.body)
			}
		}
		a := w.send(post("/session", m{"login": login, "password": password}))
		if a.status != 429 || a.at("code") != `"locked"` || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %s", login, a.status, a.all())
		}
	}
	w.clock.Add(auth.FirstLock.Milliseconds())
	w.send(post("/session", m{"login": "admin", "password": password})).ok()
}
