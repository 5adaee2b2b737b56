package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// damage is one change of what is stored, made by hand, and how to take it back.
type damage struct {
	name string
	want []string // words of which each must stand in one line of verify's answer
	do   func(r *storetest.Raw) (undo func())
}

// flip changes the last byte of one blob.
func flip(name, table, column, where string, want ...string) damage {
	return damage{name, want, func(r *storetest.Raw) func() {
		var was []byte
		r.Row("SELECT "+column+" FROM "+table+" WHERE "+where, nil, &was)
		now := append([]byte(nil), was...)
		now[len(now)-1] ^= 1
		set := "UPDATE " + table + " SET " + column + " = ? WHERE " + where
		r.Exec(set, now)
		return func() { r.Exec(set, was) }
	}}
}

// set changes one row by SQL and back again.
func set(name, table, do, undo, where string, want ...string) damage {
	return damage{name, want, func(r *storetest.Raw) func() {
		r.Exec("UPDATE " + table + " SET " + do + " WHERE " + where)
		return func() { r.Exec("UPDATE " + table + " SET " + undo + " WHERE " + where) }
	}}
}

// gone deletes one row and puts it back.
func gone(name, table, where string, want ...string) damage {
	return damage{name, want, func(r *storetest.Raw) func() {
		r.Exec("CREATE TABLE kept AS SELECT * FROM " + table + " WHERE " + where)
		r.Exec("DELETE FROM " + table + " WHERE " + where)
		return func() {
			r.Exec("INSERT INTO " + table + " SELECT * FROM kept")
			r.Exec("DROP TABLE kept")
		}
	}}
}

// TestVerify changes one thing after the other behind the program's back: verify names each, and
// changes nothing.
func TestVerify(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		b := newBureau(newProg(t, target))
		s := b.serve()
		c := b.phone(b.officerA, s)
		id, media, lot := client.NewID(), client.NewID(), client.NewID()
		b.write(c, event(b.scopeA, id, nil), tally(b.scopeA, id, "consultations", 30),
			event(b.scopeA, media, map[string]any{"kind": "media", "channel": "press", "form": "article", "outlet": "县报", "content": "一"}),
			client.Change{"scope": b.scopeA, "op": "goods.put", "id": lot, "base": 0, "set": map[string]any{"category": "food"}},
			client.Change{"scope": b.scopeA, "op": "goods.move", "id": client.NewID(), "lot": lot, "move": "received", "quantity": 5000},
			client.Change{"scope": b.scopeA, "op": "sheet.put", "id": b.unitA, "base": 0, "set": map[string]any{"highlights": "亮点"}},
			client.Change{"scope": b.scopeA, "op": "tally.add", "event": id, "indicator": "consultations", "n": 1.5}, // rejected
			tally(b.scopeA, client.NewID(), "consultations", 1),                                                      // held
		)
		b.write(c, tally(b.scopeA, id, "complaints", 2))
		b.do("review", "accept", "--all")
		b.do("grant", b.officerB, "--unit", "01", "--role", "officer")
		b.do("enrol", b.officerB)
		handin := b.id("put", "handin", "item=总结")
		b.do("put", "receipt", "handin="+handin, "unit=01", "paper=2022-03-17T16:30")
		s.stop()
		b.do("campaign", "state", "closed")
		b.do("campaign", "state", "frozen", "--reason", "审定", "--anyway")
		b.clean()
		raw := storetest.OpenRaw(t, target)
		verify := b.verifier()
		const (
			phone = "log_no = (SELECT no FROM log WHERE device IN (SELECT id FROM device WHERE NOT office)) AND "
			logOf = "device IN (SELECT id FROM device WHERE NOT office)"
		)
		mine := "scope_no = (SELECT no FROM scope WHERE unit = '" + b.unitA + "') AND kind = 'event' AND id = '" + id + "'"
		scope := "unit = '" + b.unitA + "'"
		for _, d := range []damage{
			flip("line.raw", "line", "raw", phone+"seq = 1", "chain", "line 1"),
			flip("line.h", "line", "h", phone+"seq = 1", "chain", "line 1"),
			flip("line.h of the last", "line", "h", phone+"seq = 8", "chain", "line 8"),
			flip("line.raw of the office", "line", "raw", "log_no = 1 AND seq = 0", "chain"),
			set("line.status, applied to rejected", "line", "status = 2", "status = 0", phone+"seq = 1", "scope", "1"),
			set("line.status, rejected to applied", "line", "status = 0", "status = 2", phone+"seq = 6", "line", "no scope"),
			set("line.status, held to duplicate", "line", "status = 3", "status = 1", phone+"seq = 7", "held", "waiting"),
			set("line.version", "line", "version = version + 1", "version = version - 1", phone+"seq = 0", "record", id),
			set("line.scope_seq", "line", "scope_seq = scope_seq + 100", "scope_seq = scope_seq - 100", phone+"seq = 1", "scope"),
			set("line.late", "line", "late = true", "late = false", phone+"seq = 1", "record", id),
			gone("line deleted", "line", phone+"seq = 3", "log", "line 3 is missing"),
			gone("last line deleted", "line", phone+"seq = 8", "log", "should have 9 lines"),
			damage{"batch.header", []string{"signature", "batch from 0"}, func(r *storetest.Raw) func() {
				var was []byte
				r.Row("SELECT header FROM batch WHERE "+phone+"first = 0", nil, &was)
				text := string(was)
				at := strings.Index(text, `"sig":"`) + 10
				c := byte('A')
				if text[at] == c {
					c = 'B'
				}
				r.Exec("UPDATE batch SET header = ? WHERE "+phone+"first = 0", []byte(text[:at]+string(c)+text[at+1:]))
				return func() { r.Exec("UPDATE batch SET header = ? WHERE "+phone+"first = 0", was) }
			}},
			flip("batch.header, its end", "batch", "header", phone+"first = 0", "signature", "cannot be read"),
			set("batch.offset_ms", "batch", "offset_ms = offset_ms - 86400000", "offset_ms = offset_ms + 86400000", phone+"first = 0", "batch", "offset"),
			set("batch.receipt_ms", "batch", "receipt_ms = receipt_ms + 86400000", "receipt_ms = receipt_ms - 86400000", phone+"first = 0", "offset"),
			gone("batch deleted", "batch", phone+"first = 8", "signature", "not signed"),
			set("log.next", "log", "next = next - 1", "next = next + 1", logOf, "log"),
			flip("log.head", "log", "head", logOf, "log", "head"),
			flip("device.public_key", "device", "public_key", "NOT office", "signature"),
			flip("record.state", "record", "state", mine, "record", id, "state"),
			flip("record.data", "record", "data", mine, "record", id, "shown"),
			flip("record.counts", "record", "counts", mine, "contributions", id),
			set("record.version", "record", "version = version + 1", "version = version - 1", mine, "record", id, "version"),
			set("record.seq", "record", "seq = seq + 1", "seq = seq - 1", mine, "record", id, "seq"),
			set("record.deleted", "record", "deleted = true", "deleted = false", mine, "record", id),
			set("record.review", "record", "review = 'received'", "review = 'accepted'", mine, "record", id),
			gone("record deleted", "record", mine, "record", id, "not stored"),
			set("total.reported", "total", "reported = reported + 1", "reported = reported - 1", "row = 'consultations'", "total", "consultations"),
			set("total.accepted_n", "total", "accepted_n = 7", "accepted_n = 1", "row = 'consultations'", "total", "consultations"),
			gone("total deleted", "total", "row = 'consultations'", "total", "consultations"),
			set("distinct_key.reported", "distinct_key", "reported = reported + 1", "reported = reported - 1", "row = 'press_articles'", "distinct", "press_articles"),
			set("distinct_key.key", "distinct_key", "key = key || 'x'", "key = substr(key, 1, length(key) - 1)", "row = 'press_articles'", "distinct", "press_articles"),
			gone("distinct_key deleted", "distinct_key", "row = 'press_articles'", "distinct", "press_articles"),
			set("scope.seq", "scope", "seq = seq + 1", "seq = seq - 1", scope, "scope", "counter"),
			set("scope.seq of the office", "scope", "seq = seq + 1", "seq = seq - 1", "unit = 'office'", "scope", "office"),
			set("scope.state", "scope", "state = 'open'", "state = 'frozen'", scope, "scope", "state"),
			gone("held row deleted", "held", "log_no > 0", "held", "nothing waits"),
			set("unit name", "unit", "name = '城关分局'", "name = '城关所'", "code = '01'", "people", "name", "城关所"),
			set("officer's role", "officer", "role = 'admin'", "role = 'head'", "name = '张三'", "people", "role"),
			set("campaign's window", "campaign", "last_day = '2022-03-18'", "last_day = '2022-03-17'", "id <> ''", "people", "last_day"),
			set("campaign's state", "campaign", "state = 'open'", "state = 'frozen'", "id <> ''", "people", "state"),
			set("rules", "rules", "last_day = '2022-03-14'", "last_day = '2022-03-17'", "version = 1", "contributions"),
			gone("unit deleted", "unit", "code = '02'", "people", "not stored"),
			set("listing's unit", "listing", "unit = 'x'", "unit = '"+b.unitA+"'", mine, "listing", id),
			set("listing's flags", "listing", "flags = flags + 2", "flags = flags - 2", mine, "listing", id),
			set("listing's marks", "listing", "marks = marks || ','", "marks = substr(marks, 1, length(marks) - 1)", mine, "listing", id),
			set("listing's time", "listing", "sort_ms = sort_ms + 1", "sort_ms = sort_ms - 1", "kind = 'lot'", "listing", lot),
			set("listing of another scope", "listing", "scope_no = 99", "scope_no = (SELECT no FROM scope WHERE unit = '"+b.unitA+"')", "kind = 'lot'", "listing", "no unit's"),
			gone("listing deleted", "listing", mine, "listing", id, "know nothing"),
			set("audit's officer", "audit", "officer = officer || 'x'", "officer = substr(officer, 1, length(officer) - 1)", "op = 'rights.grant'", "audit", "the line says"),
			damage{"audit invented", []string{"audit", "no lines of the office"}, func(r *storetest.Raw) func() {
				r.Exec("INSERT INTO audit SELECT 999, seq, at_ms, officer, op, campaign, unit, kind, id FROM audit WHERE op = 'rights.grant'")
				return func() { r.Exec("DELETE FROM audit WHERE log_no = 999") }
			}},
			gone("audit deleted", "audit", "op = 'rights.grant'", "audit", "not in the trail"),
			set("assignment ended", "assignment", "ended_ms = 5", "ended_ms = 0", "campaign <> ''", "rights", b.officerB, "lasts"),
			set("assignment's role", "assignment", "role = 'admin'", "role = 'head'", "officer = '"+b.officerA+"'", "rights", b.officerA, "no line gives it"),
			gone("assignment deleted", "assignment", "officer = '"+b.officerA+"'", "rights", b.officerA, "not stored"),
			set("code's officer", "enrolment", "officer = '"+b.officerA+"'", "officer = '"+b.officerB+"'", "used_ms = 0", "enrolment", "for whom"),
			set("code's life", "enrolment", "expires_ms = expires_ms + 1", "expires_ms = expires_ms - 1", "used_ms = 0", "enrolment", "how long"),
			set("code cancelled", "enrolment", "cancelled_ms = 1", "cancelled_ms = 0", "used_ms = 0", "enrolment", "how long"),
			gone("code deleted", "enrolment", "used_ms = 0", "enrolment", "not stored"),
			set("receipt's time", "receipt", "paper_ms = paper_ms + 1", "paper_ms = paper_ms - 1", "id <> ''", "people", "receipt", "paper"),
			gone("receipt deleted", "receipt", "id <> ''", "people", "receipt", "not stored"),
			flip("snapshot csv", "snapshot", "csv", "number = 0", "snapshot", "hash"),
		} {
			t.Run(d.name, func(t *testing.T) {
				undo := d.do(raw)
				before := raw.Dump()
				out, ok := verify()
				if ok {
					t.Errorf("verify notices nothing:\n%s", out)
				} else if !oneLine(out, d.want) {
					t.Errorf("no line of the answer has %q:\n%s", d.want, out)
				}
				if raw.Dump() != before {
					t.Error("verify changed something")
				}
				if d.name == "total.reported" { // once as an operator calls it
					if said, ok := b.verify(); ok || !oneLine(said, d.want) {
						t.Errorf("the command says:\n%s", said)
					}
				}
				undo()
			})
		}
		b.clean()
	})
}

// verifier runs verify again and again on one open database, each time with a gateway that has read
// nothing yet.
func (b *bureau) verifier() func() (string, bool) {
	b.Helper()
	cfg := defaults()
	cfg.Data, cfg.Database = b.TempDir(), b.target
	a, err := open(b.Context(), cfg, logger(cfg, io.Discard))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { a.db.Close() })
	return func() (string, bool) {
		var out bytes.Buffer
		a.gateway = gateway.New(a.db, a.inst, a.log, newID)
		err := verify(a, &invocation{ctx: b.Context(), cfg: cfg, out: &out, errs: io.Discard})
		if err != nil && err != error(differs) {
			b.Error(err)
		}
		return out.String(), err == nil
	}
}

// oneLine reports whether one line of a text holds all the words.
func oneLine(text string, words []string) bool {
	for line := range strings.Lines(text) {
		all := !strings.HasPrefix(line, "verified")
		for _, w := range words {
			all = all && strings.Contains(line, w)
		}
		if all {
			return true
		}
	}
	return false
}
