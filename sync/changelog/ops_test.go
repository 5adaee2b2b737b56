package changelog

import (
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/models"
)

// sample is one good line of each op: what it adds to at and op, without a scope.
var sample = map[string]string{
	"event.put":      `"id":"ID","base":0,"set":{}`,
	"goods.put":      `"id":"ID","base":0,"set":{}`,
	"photo.put":      `"id":"ID","base":0,"set":{}`,
	"sheet.put":      `"id":"ID","base":0,"set":{}`,
	"tally.add":      `"event":"ID","indicator":"x","n":1`,
	"goods.move":     `"id":"ID","lot":"ID","move":"received","quantity":1`,
	"clock":          `"jump":1`,
	"review.accept":  `"kind":"event","id":"ID","version":1,"seq":2`,
	"review.return":  `"kind":"event","id":"ID","version":1,"seq":2,"reason":"r"`,
	"review.issues":  `"kind":"event","id":"ID","version":1,"seq":2,"reason":"r"`,
	"review.comment": `"kind":"sheet","id":"ID","version":1,"seq":2,"reason":"r"`,
	"review.reopen":  `"kind":"event","id":"ID","version":1,"seq":2,"reason":"r"`,
	"held.release":   `"log":"d/e","at_seq":3,"reason":"r"`,
	"held.reject":    `"log":"d/e","at_seq":3,"reason":"r"`,
	"dup.judge":      `"kind":"event","id":"ID","of":{"scope":"SCOPE","id":"ID"},"verdict":"different","reason":"r"`,
	"dup.undo":       `"kind":"event","id":"ID","of":{"scope":"SCOPE","id":"ID"},"verdict":"different","reason":"r"`,
	"record.move":    `"kind":"event","id":"ID","unit":"ID","reason":"r"`,
	"campaign.state": `"state":"frozen","reason":"r","table_sha256":"HEX","anyway":true`,
	"campaign.amend": `"state":"frozen","reason":"r","table_sha256":"HEX"`,
	"rights.grant":   `"officer":"ID","role":"head"`,
	"rights.end":     `"officer":"ID","role":"head"`,
	"admin.put":      `"kind":"unit","id":"ID","base":0,"set":{"name":"x","code":7}`,
	"enrol.add":      `"id":"ID","batch":"ID","officer":"ID","expires":7,"unit":"ID"`,
	"enrol.cancel":   `"id":"ID","officer":"ID","unit":"ID"`,
	"office.note":    `"kind":"export","note":"x","id":"ID","unit":"ID"`,
	"photo.stored":   `"id":"ID","sha256":"HEX","bytes":11`,
	"photo.state":    `"id":"ID","sha256":"HEX","state":"refused","reason":"truncated"`,
}

func opLine(op, scope, rest string) string {
	s := `{"at":1,"op":"` + op + `"`
	if scope != "-" {
		s += `,"scope":"` + scope + `"`
	}
	return s + "," + strings.NewReplacer("ID", testID, "SCOPE", testScope, "HEX", strings.Repeat("a1", 32)).Replace(rest) + "}"
}

// someScope returns a scope that the op takes.
func someScope(op string) string {
	if strings.HasPrefix(op, "enrol.") || op == "office.note" {
		return ""
	}
	return testScope
}

func TestKnownOps(t *testing.T) {
	if len(PhoneOps) != 7 || len(OfficeOps) != 20 || len(sample) != len(PhoneOps)+len(OfficeOps) {
		t.Errorf("%d phone ops, %d office ops", len(PhoneOps), len(OfficeOps))
	}
	for op := range sample {
		if PhoneOps[op] == OfficeOps[op] {
			t.Errorf("%s is of both or of none", op)
		}
	}
}

// Which scopes an op may name: "-" stands for a missing one.
func TestOpScopes(t *testing.T) {
	all := []string{"-", "", testCampaign, testScope}
	for op, rest := range sample {
		takes := map[string]bool{testScope: true}
		switch {
		case op == "clock", strings.HasPrefix(op, "held."):
			takes["-"] = true
		case op == "photo.stored":
			takes["-"], takes[""] = true, true
		case op == "admin.put":
			takes["-"], takes[""], takes[testCampaign] = true, true, true
		case strings.HasPrefix(op, "enrol."):
			takes["-"], takes[""], takes[testScope] = true, true, false
		case op == "office.note":
			takes["-"], takes[""], takes[testCampaign], takes[testScope] = true, true, true, false
		case strings.HasPrefix(op, "rights."):
			takes[""], takes[testCampaign] = true, true
		case strings.HasPrefix(op, "campaign."):
			takes[testCampaign] = true
		}
		for _, scope := range all {
			c, f := ParseLine([]byte(opLine(op, scope, rest)))
			if (f == nil) != takes[scope] {
				t.Errorf("%s with scope %q: %+v", op, scope, f)
				continue
			}
			if f != nil && f.Cause != models.BadLine {
				t.Errorf("%s with scope %q: %+v, want bad_line", op, scope, f)
			}
			if f == nil && op != "clock" && (scope == testScope) != (c.Unit == testUnit && c.Scope == testScope) {
				t.Errorf("%s with scope %q: unit %q", op, scope, c.Unit)
			}
			if f == nil && op == "clock" && c.Scope+c.Campaign+c.Unit != "" {
				t.Errorf("clock keeps scope %q", c.Scope)
			}
		}
	}
}

func TestRecordKind(t *testing.T) {
	want := map[string]models.Kind{
		"event.put": "event", "tally.add": "event", "goods.put": "lot", "goods.move": "lot", "photo.put": "photo",
		"sheet.put": "sheet", "photo.stored": "photo", "photo.state": "photo", "review.comment": "sheet", "review.accept": "event",
		"review.return": "event", "review.issues": "event", "review.reopen": "event", "dup.judge": "event",
		"dup.undo": "event", "record.move": "event", "admin.put": "unit",
	}
	for op, rest := range sample {
		c := mustParse(t, opLine(op, someScope(op), rest))
		if c.RecordKind() != want[op] || want[op] != "" && c.RecordID() == "" {
			t.Errorf("%s: %q %q", op, c.RecordKind(), c.RecordID())
		}
		if c.Writes() != strings.HasSuffix(op, ".put") {
			t.Errorf("%s: writes = %v", op, c.Writes())
		}
	}
	later := mustParse(t, opLine("later.put", testScope, `"id":7,"kind":"event","orig":"`+Hash{}.String()+`"`))
	if later.Op != "later.put" || later.RecordKind() != "" || later.Writes() || later.ID != "" || later.Orig == nil ||
		later.Unit != testUnit {
		t.Errorf("unknown op = %+v", later)
	}
}

func TestOfficeLines(t *testing.T) {
	get := func(op string) *Change { return mustParse(t, opLine(op, someScope(op), sample[op])) }
	if c := get("review.return"); c.Kind != "event" || c.ID != testID || c.Version != 1 || c.Seq != 2 || c.Reason != "r" {
		t.Errorf("review = %+v", c)
	}
	if c := get("held.release"); c.Log != "d/e" || c.AtSeq != 3 || c.Reason != "r" {
		t.Errorf("held = %+v", c)
	}
	if c := get("dup.judge"); c.OfScope != testScope || c.OfID != testID || c.Verdict != "different" || c.Reason != "r" {
		t.Errorf("dup = %+v", c)
	}
	if c := get("record.move"); c.ToUnit != testID || c.Unit != testUnit || c.Reason != "r" {
		t.Errorf("move = %+v", c)
	}
	if c := get("campaign.state"); c.State != "frozen" || c.TableSHA256 != strings.Repeat("a1", 32) || c.Reason != "r" || !c.Anyway {
		t.Errorf("campaign = %+v", c)
	}
	if c := get("rights.grant"); c.Officer != testID || c.Role != "head" {
		t.Errorf("rights = %+v", c)
	}
	if c := get("admin.put"); c.Kind != "unit" || len(c.Set) != 2 || c.Set[1].Value.Int != 7 {
		t.Errorf("admin = %+v", c)
	}
	if c := get("enrol.add"); c.ID != testID || c.Batch != testID || c.Officer != testID || c.Expires != 7 || c.About != testID {
		t.Errorf("enrol = %+v", c)
	}
	if c := get("office.note"); c.Kind != "export" || c.Note != "x" || c.About != testID {
		t.Errorf("note = %+v", c)
	}
	if c := get("photo.stored"); c.SHA256 != strings.Repeat("a1", 32) || c.Bytes != 11 {
		t.Errorf("stored = %+v", c)
	}
}

// Leaving out or spoiling any one member of any op gives a fault, but for the optional ones.
func TestOpMembers(t *testing.T) {
	optional := map[string]bool{"base": true, "set": true, "reason": true, "table_sha256": true, "anyway": true}
	for op, rest := range sample {
		s := new(scan)
		if err := s.read([]byte(opLine(op, "-", rest))); err != nil {
			t.Fatal(err)
		}
		for i := range s.top {
			m := &s.top[i]
			without := `{"scope":"` + someScope(op) + `"`
			for j := range s.top {
				if j != i {
					without += `,"` + s.top[j].name + `":` + string(s.raw(&s.top[j]))
				}
			}
			free := optional[m.name] || op == "dup.undo" && m.name == "verdict" || op == "campaign.amend" && m.name == "state" ||
				op != "record.move" && m.name == "unit" || op == "office.note" && m.name == "id"
			if _, f := ParseLine([]byte(without + "}")); (f == nil) != free && m.name != "op" {
				t.Errorf("%s without %s: %+v", op, m.name, f)
			}
			for _, wrong := range []string{"null", "[]", "true"} {
				if m.name == "anyway" && wrong == "true" {
					continue
				}
				if _, f := ParseLine([]byte(without + `,"` + m.name + `":` + wrong + "}")); f == nil {
					t.Errorf("%s with %s %s: no fault", op, m.name, wrong)
				}
			}
		}
	}
	wantFault(t, models.BadLine, map[string]string{
		"of scope": opLine("dup.judge", testScope, `"kind":"event","id":"ID","of":{"scope":"x","id":"ID"},"verdict":"v"`),
		"of id":    opLine("dup.judge", testScope, `"kind":"event","id":"ID","of":{"scope":"SCOPE","id":"x"},"verdict":"v"`),
		"of none":  opLine("dup.judge", testScope, `"kind":"event","id":"ID","of":{},"verdict":"v"`),
		"unit":     opLine("record.move", testScope, `"kind":"event","id":"ID","unit":"x"`),
		"officer":  opLine("rights.end", testScope, `"officer":"x","role":"head"`),
	})
	wantFault(t, models.BadField, map[string]string{
		"version": opLine("review.accept", testScope, `"kind":"event","id":"ID","version":-1,"seq":2`),
		"bytes":   opLine("photo.stored", testScope, `"id":"ID","sha256":"HEX","bytes":-1`),
		"sha256":  opLine("photo.stored", testScope, `"id":"ID","sha256":"x","bytes":1`),
		"table":   opLine("campaign.amend", testScope, `"table_sha256":"x"`),
	})
}
