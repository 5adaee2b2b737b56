package console_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
)

// TestCursorsWithNUL: a cursor that a database would choke on was not made here.
func TestCursorsWithNUL(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, false)
		for range 2 {
			c.code(c.officer(unitA, models.RoleOfficer, "同名"))
			c.phone(c.officer(unitA, models.RoleOfficer, "同名"))
		}
		for _, path := range []string{"/officers", "/devices", "/enrolments", "/units"} {
			next := c.as(c.root, "GET", path+"?limit=1", nil).ok().text("next")
			raw, err := base64.RawURLEncoding.DecodeString(next)
			if err != nil {
				t.Fatal(err)
			}
			spoilt := strings.Replace(string(raw), `"s":["`, `"s":["\u0000`, 1)
			if spoilt == string(raw) {
				t.Fatalf("%s: %s", path, raw)
			}
			refused(t, path, c.as(c.root, "GET", path+"?limit=1&cursor="+base64.RawURLEncoding.EncodeToString([]byte(spoilt)), nil), "bad_cursor")
		}
	})
}

// TestLinksAreOurs: what a stranger says of where the request came from is in no link.
func TestLinksAreOurs(t *testing.T) {
	c := newCounty(t, storetest.SQLite(t), false)
	r := post("/enrolments", m{"officers": []string{c.officer(unitA, models.RoleOfficer, "某")}})
	r.token = c.tokens[c.root]
	r.headers = map[string]string{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
	if link := c.send(r).ok().text("codes.0.link"); !strings.HasPrefix(link, "http://example.com/phone/") {
		t.Error(link)
	}
}

// TestTrailOfPasswordsAndSnapshots: a password that somebody changed, and a frozen table that somebody took out, are in the trail.
func TestTrailOfPasswordsAndSnapshots(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, false)
		reader := c.by[models.RoleReader]
		c.as(reader, "GET", "/campaigns/"+c.frozen[unitA]+"/snapshots/0/ningxia-2022.csv", nil).ok()
		if a := c.as(c.root, "GET", "/audit?op=office.note&kind=export&campaign="+c.frozen[unitA], nil).ok(); a.at("items.#") != "1" ||
			a.text("items.0.line.note") != "ningxia-2022 csv snapshot 0" || a.text("items.0.by.officer") != reader {
			t.Errorf("%s", a.body)
		}
		change := m{"old_password": password, "password": password + " again"}
		c.run(t, []scenario{
			{"with the wrong old one", reader, "PUT", "/me/password", m{"old_password": "wrong wrong", "password": password + " again"}, 400, nil},
			{"with the old one", reader, "PUT", "/me/password", change, 204, nil},
			{"once", reader, "PUT", "/me/password", change, 400, nil},
		})
		if a := c.as(c.root, "GET", "/audit?op=office.note&kind=credential&id="+reader, nil).ok(); a.at("items.#") != "1" ||
			a.text("items.0.line.note") != "changed" || a.text("items.0.by.officer") != reader {
			t.Errorf("%s", a.body)
		}
		// Changed elsewhere meanwhile: neither the password nor the line.
		head := c.by[models.RoleHead]
		c.meddle = func() {
			hash, err := auth.HashPassword(t.Context(), password) // the same password with another salt is another one to the store
			if err == nil {
				err = c.db.PutCredential(t.Context(), &models.Credential{Officer: head, Login: "head-anew", Hash: hash, ChangedMS: c.clock.Load()})
			}
			if err != nil {
				t.Error(err)
			}
		}
		c.run(t, []scenario{{"changed meanwhile", head, "PUT", "/me/password", change, 401, nil}})
		if a := c.as(c.root, "GET", "/audit?op=office.note&kind=credential&id="+head, nil).ok(); a.at("items.#") != "0" {
			t.Errorf("%s", a.body)
		}
	})
}
