package changelog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/models"
)

// line returns a line of op with the common members and the given others.
func line(op, rest string) string {
	return fmt.Sprintf(`{"at":1647307860000,"scope":%q,"op":%q%s}`, testScope, op, rest)
}

func tallyLine(n string) string {
	return line("tally.add", `,"event":"`+testID+`","indicator":"consultations","n":`+n)
}

func putLine(op, set string) string { return line(op, `,"id":"`+testID+`","base":3,"set":`+set) }

func moveLine(quantity string) string {
	return line("goods.move", `,"id":"`+testID+`","lot":"`+testID+`","move":"received","quantity":`+quantity)
}

// wantFault checks that each line has a fault of the cause, whose sentence holds none of it.
func wantFault(t *testing.T, want models.Cause, in map[string]string) {
	t.Helper()
	for name, text := range in {
		c, f := ParseLine([]byte(text))
		if f == nil || f.Cause != want || c != nil {
			t.Errorf("%s: %.300s: fault = %+v, want %s", name, text, f, want)
		} else if strings.Contains(f.Msg, "SECRET") || f.Msg == "" {
			t.Errorf("%s: %q", name, f.Msg)
		}
	}
}

func TestBadLines(t *testing.T) {
	good := tallyLine("1")
	id := strings.ToUpper(testID)
	wantFault(t, models.BadLine, map[string]string{
		"empty": "", "spaces": "  ", "text": "SECRET", "array": "[]", "string": `"x"`, "number": "1", "null": "null",
		"two": good + good, "rest": good + "x", "cut": good[:len(good)-1], "BOM": "\ufeff" + good, "CR in the middle": "{\r" + good,
		"long":            putLine("event.put", `{"notes":"`+strings.Repeat("x", MaxLine)+`"}`),
		"duplicate":       tallyLine(`1,"n":1`),
		"duplicate by \\": tallyLine(`1,"\u006e":1`), "duplicate in set": putLine("event.put", `{"title":"SECRET","title":"b"}`),
		"duplicate deep": tallyLine(`1,"later":[{"a":{"SECRET":1,"SECRET":2}}]`),
		"not UTF-8":      tallyLine("1,\"note\":\"\xff\""), "not UTF-8 in an unknown member": tallyLine("1,\"later\":\"\xc0\x80\""),
		"lone surrogate": tallyLine(`1,"note":"\ud800"`), "lone surrogate deep": tallyLine(`1,"later":[{"a":"\udc00"}]`),
		"lone surrogate in a name": tallyLine(`1,"\ud800":1`),
		"U+0000 escaped":           tallyLine(`1,"note":"a\u0000"`), "U+0000 after \\": tallyLine(`1,"note":"\\\u0000"`),
		"U+0000 raw": tallyLine("1,\"note\":\"\x00\""), "U+0000 outside": tallyLine("1\x00"),
		"U+0000 in a name": tallyLine(`1,"a\u0000":1`), "U+0000 raw in a name": tallyLine("1,\"\x00\":1"),
		"U+0000 deep": tallyLine(`1,"later":[{"a":"\u0000"}]`), "U+0000 in set": putLine("event.put", `{"later":["\u0000"]}`),
		"deep":   tallyLine(`1,"later":` + strings.Repeat("[", 32) + strings.Repeat("]", 32)),
		"deeper": tallyLine(`1,"later":` + strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)),

		"no at": `{"scope":"` + testScope + `","op":"clock","jump":1}`, "no op": `{"at":1,"scope":"` + testScope + `"}`,
		"no scope":         `{"at":1,"op":"tally.add","event":"` + testID + `","indicator":"x","n":1}`,
		"unknown, no at":   `{"op":"later.do","scope":"` + testScope + `"}`,
		"unknown, scope":   `{"op":"later.do","at":1}`,
		"unknown, scope x": `{"op":"later.do","at":1,"scope":"x"}`,
		"put without id":   line("event.put", `,"set":{}`), "tally without event": line("tally.add", `,"indicator":"x","n":1`),
		"move without id":  line("goods.move", `,"lot":"`+testID+`","move":"received","quantity":1`),
		"move without lot": line("goods.move", `,"id":"`+testID+`","move":"received","quantity":1`),
		"id upper case":    line("event.put", `,"id":"`+id+`"`), "id number": line("event.put", `,"id":1`),
		"id null": line("event.put", `,"id":null`), "id empty": line("event.put", `,"id":""`),
		"id braces": line("event.put", `,"id":"{`+testID+`}"`), "id urn": line("event.put", `,"id":"urn:uuid:`+testID+`"`),
		"id no dashes": line("event.put", `,"id":"`+strings.ReplaceAll(testID, "-", "")+`"`),
		"event upper":  strings.Replace(good, testID, id, 1), "soft event": moveLine(`1,"event":"` + id + `"`),
		"soft event null": moveLine(`1,"event":null`),
		"lot":             line("goods.move", `,"id":"`+testID+`","lot":"`+id+`","move":"received","quantity":1`),
		"set id upper":    putLine("photo.put", `{"event":"`+id+`"}`), "set id number": putLine("goods.put", `{"from_lot":1}`),
		"set id short":       putLine("photo.put", `{"move":"1"}`),
		"bad line and field": `{"at":"SECRET","scope":"SECRET","op":"tally.add","n":"1"}`,
	})
}

func TestBadScopes(t *testing.T) {
	in := map[string]string{}
	for _, scope := range []string{
		`""`, `":"`, `"` + testCampaign + `"`, `"` + testCampaign + `:"`, `":` + testUnit + `"`, "null", "7", "{}",
		`"` + testScope + `:"`, `"` + testScope + ` "`, `"` + strings.ToUpper(testScope) + `"`,
		`"` + testCampaign + ":" + strings.ToUpper(testUnit) + `"`, `"` + testCampaign + "/" + testUnit + `"`,
	} {
		in[scope] = `{"at":1,"scope":` + scope + `,"op":"tally.add","event":"` + testID + `","indicator":"x","n":1}`
	}
	wantFault(t, models.BadLine, in)
}

func TestBadFields(t *testing.T) {
	in := map[string]string{
		"at text": `{"at":"1","scope":"` + testScope + `","op":"later"}`, "at null": `{"at":null,"scope":"` + testScope + `","op":"later"}`,
		"op number":    `{"at":1,"scope":"` + testScope + `","op":7}`,
		"n missing":    line("tally.add", `,"event":"`+testID+`","indicator":"x"`),
		"no indicator": line("tally.add", `,"event":"`+testID+`","n":1`),
		"indicator":    line("tally.add", `,"event":"`+testID+`","n":1,"indicator":7`),
		"note":         tallyLine(`1,"note":7`), "join": tallyLine(`1,"join":7`), "note null": tallyLine(`1,"note":null`),
		"orig": tallyLine(`1,"orig":"x"`), "orig number": tallyLine(`1,"orig":1`), "orig padded": tallyLine(`1,"orig":"` + strings.Repeat("A", 43) + `="`),
		"quantity 0": moveLine("0"), "quantity": moveLine("1000000000001"), "quantity neg": moveLine("-1000000000001"),
		"no quantity": line("goods.move", `,"id":"`+testID+`","lot":"`+testID+`","move":"received"`),
		"no move":     line("goods.move", `,"id":"`+testID+`","lot":"`+testID+`","quantity":1`),
		"move":        line("goods.move", `,"id":"`+testID+`","lot":"`+testID+`","quantity":1,"move":1`),
		"base":        line("event.put", `,"id":"`+testID+`","base":-1`), "base text": line("event.put", `,"id":"`+testID+`","base":"1"`),
		"set array": putLine("event.put", "[]"), "set null": putLine("event.put", "null"), "set text": putLine("sheet.put", `"x"`),
		"clock jump": `{"at":1,"op":"clock","jump":1.5}`, "clock no jump": `{"at":1,"op":"clock"}`,
		"text number": putLine("event.put", `{"title":7}`), "text flag": putLine("goods.put", `{"name":true}`),
		"flag number": putLine("event.put", `{"large":1}`), "flag text": putLine("event.put", `{"deleted":"true"}`),
		"time text":  putLine("event.put", `{"started_at":"2022-03-15"}`),
		"hash upper": putLine("photo.put", `{"sha256":"`+strings.Repeat("A", 64)+`"}`),
		"hash short": putLine("photo.put", `{"sha256":"`+strings.Repeat("a", 63)+`"}`), "hash number": putLine("photo.put", `{"sha256":1}`),
		"names text": moveLine(`1,"set":{"supervisors":"甲"}`), "names numbers": moveLine(`1,"set":{"supervisors":["甲",1]}`),
		"names nested": moveLine(`1,"set":{"supervisors":[["甲"]]}`), "names null": moveLine(`1,"set":{"supervisors":[null]}`),
		"sheet row": putLine("sheet.put", `{"SECRET":1}`), "sheet remark": putLine("sheet.put", `{"remark.SECRET":true}`),
		"sheet flag": putLine("sheet.put", `{"approved":"yes"}`),
	}
	for _, n := range []string{"1.0", "1e3", "1E0", "2.5", "-0", "0.0", `"1"`, "true", "null", "[1]", "{}", "9007199254740992", "-9007199254740992",
		"12345678901234567890", "1000000001", "-1000000001"} {
		in["n "+n] = tallyLine(n)
	}
	for _, n := range []string{"-1", "1000000001", "1.0", "-0", `"1"`, "true", "9007199254740992"} {
		for _, field := range []string{"leaders", "minutes", "accuracy", "staff." + testUnit} {
			in[field+n] = putLine("event.put", `{"`+field+`":`+n+`}`)
		}
	}
	for _, n := range []string{"1.0", "-0", "1e3", "9007199254740992", "-9007199254740992"} {
		in["lat "+n] = putLine("event.put", `{"lat":`+n+`}`)
		in["started_at "+n] = putLine("event.put", `{"started_at":`+n+`}`)
	}
	wantFault(t, models.BadField, in)
}

func TestGoodLines(t *testing.T) {
	for _, text := range []string{
		tallyLine("0"), tallyLine("-1000000000"), tallyLine("1000000000"), tallyLine("1") + " \t\r", "\n" + tallyLine("1"),
		tallyLine(`1,"later":` + strings.Repeat("[", 31) + strings.Repeat("]", 31)),
		tallyLine(`1,"later":"` + strings.Repeat("[{", 40) + `"`), tallyLine(`1,"note":"\\u0000"`), tallyLine(`1,"note":"\ud83d\ude00"`),
		tallyLine(`1,"base":"not a part of a tally","set":7,"kind":null`), tallyLine(`1,"later":1e999`),
		moveLine("-1000000000000"), moveLine("1000000000000"), moveLine(`1,"set":{"supervisors":[ "甲" , "\"]" ],"method":"later"}`),
		strings.Replace(moveLine("1"), "received", "later", 1), moveLine(`1,"set":{"supervisors":[]}`), moveLine(`1,"set":{"supervisors":null}`),
		putLine("event.put", "{}"), line("event.put", `,"id":"`+testID+`"`), putLine("event.put", `{"kind":"later","lat":-9007199254740991}`),
		putLine("photo.put", `{"event":null,"sha256":null,"bytes":9007199254740991}`), putLine("photo.put", `{"lot":"`+testID+`"},"join":"x"`),
		putLine("sheet.put", `{"highlights":"x","remark.visits":null,"approved":true,"":"x"}`),
		putLine("event.put", `{"leaders":1000000000,"staff.`+testUnit+`":0}`),
		`{"at":-5,"op":"clock","jump":-3600000}`, `{"op":"clock","jump":9007199254740991,"at":1}`,
		strings.Replace(tallyLine("1"), `"op"`, `"\u006fp"`, 1),
	} {
		if _, f := ParseLine([]byte(text)); f != nil {
			t.Errorf("%s: %+v", text, f)
		}
	}
	exact := putLine("event.put", `{"notes":""}`)
	exact = strings.Replace(exact, `""`, `"`+strings.Repeat("x", MaxLine-len(exact))+`"`, 1)
	if _, f := ParseLine([]byte(exact)); f != nil || len(exact) != MaxLine {
		t.Errorf("a line of %d bytes: %+v", len(exact), f)
	}
	if _, f := ParseLine([]byte(exact + " ")); f == nil || f.Cause != models.BadLine {
		t.Errorf("one byte more: %+v", f)
	}
}

func TestSetValues(t *testing.T) {
	c := mustParse(t, putLine("event.put", `{"title":null,"place":"\u7532 \"","leaders":2,"large":false,"urgent":true,`+
		`"later":2.50,"later2":[1, 2],"later3":{"a":{}},"later4":"x","later5":7,"later6":-0,"later7":1e3,`+
		`"staff.nobody":"x","staff.`+strings.ToUpper(testUnit)+`":-1,"staff.":null}`))
	want := []Field{
		{"title", Value{Kind: Null, Raw: []byte("null")}},
		{"place", Value{Kind: Text, Raw: []byte(`"\u7532 \""`), Text: `甲 "`}},
		{"leaders", Value{Kind: Int, Raw: []byte("2"), Int: 2}},
		{"large", Value{Kind: Flag, Raw: []byte("false")}},
		{"urgent", Value{Kind: Flag, Raw: []byte("true"), Flag: true}},
		{"later", Value{Kind: Other, Raw: []byte("2.50")}},
		{"later2", Value{Kind: Other, Raw: []byte("[1, 2]")}},
		{"later3", Value{Kind: Other, Raw: []byte(`{"a":{}}`)}},
		{"later4", Value{Kind: Text, Raw: []byte(`"x"`), Text: "x"}},
		{"later5", Value{Kind: Int, Raw: []byte("7"), Int: 7}},
		{"later6", Value{Kind: Other, Raw: []byte("-0")}},
		{"later7", Value{Kind: Other, Raw: []byte("1e3")}},
		{"staff.nobody", Value{Kind: Text, Raw: []byte(`"x"`), Text: "x"}},
		{"staff." + strings.ToUpper(testUnit), Value{Kind: Int, Raw: []byte("-1"), Int: -1}},
		{"staff.", Value{Kind: Null, Raw: []byte("null")}},
	}
	equal := func(a, b Field) bool {
		return a.Name == b.Name && a.Value.Kind == b.Value.Kind && string(a.Value.Raw) == string(b.Value.Raw) &&
			a.Value.Text == b.Value.Text && a.Value.Int == b.Value.Int && a.Value.Flag == b.Value.Flag
	}
	if !slices.EqualFunc(c.Set, want, equal) {
		t.Errorf("set = %+v\nwant %+v", c.Set, want)
	}
	if c.Base != 3 || c.At != 1647307860000 || c.Scope != testScope || c.Campaign != testCampaign || c.Unit != testUnit {
		t.Errorf("change = %+v", c)
	}
}

// The order of members changes nothing, not even which fault wins.
func TestMemberOrder(t *testing.T) {
	good := []string{`"at":1`, `"scope":"` + testScope + `"`, `"op":"event.put"`, `"id":"` + testID + `"`, `"set":{"title":"x"}`}
	bad := []string{`"at":1`, `"scope":"` + testScope + `"`, `"op":"tally.add"`, `"event":"X"`, `"n":1.5`}
	for range len(good) {
		good, bad = append(good[1:], good[0]), append(bad[1:], bad[0])
		c := mustParse(t, "{"+strings.Join(good, ",")+"}")
		if c.Op != "event.put" || c.ID != testID || len(c.Set) != 1 || c.Unit != testUnit {
			t.Errorf("%v = %+v", good, c)
		}
		if _, f := ParseLine([]byte("{" + strings.Join(bad, ",") + "}")); f == nil || f.Cause != models.BadLine {
			t.Errorf("%v: %+v", bad, f)
		}
	}
}
