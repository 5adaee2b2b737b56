package office

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
	"github.com/go-json-experiment/json/jsontext"
)

var null = json.RawMessage("null")

// valueJSON writes a value; nil is null.
func valueJSON(v *changelog.Value) json.RawMessage {
	if v == nil {
		return null
	}
	switch v.Kind {
	case changelog.Null:
		return null
	case changelog.Int:
		return number(v.Int)
	case changelog.Flag:
		return strconv.AppendBool(nil, v.Flag)
	case changelog.Text:
		return text(v.Text)
	}
	return append(json.RawMessage(nil), v.Raw...)
}

func number(n int64) json.RawMessage { return strconv.AppendInt(nil, n, 10) }

// text writes a text; "" is null, for nothing was there.
func text(s string) json.RawMessage {
	if s == "" {
		return null
	}
	b, err := jsontext.AppendQuote(nil, s)
	if err != nil {
		return null // lines with texts that are no UTF-8 were rejected
	}
	return json.RawMessage(b)
}

// secretField is what lets guests write to an event. Whoever reads it could write in the name of the
// stand, so the office is not told: it is nowhere among what is shown.
const secretField = "join"

// unsecret returns a line of the office with the secret, if it has one, blotted out.
func unsecret(raw json.RawMessage, c *changelog.Change) json.RawMessage {
	var line map[string]json.RawMessage
	if c.Join == "" && !slices.ContainsFunc(c.Set, func(f changelog.Field) bool { return f.Name == secretField }) {
		return raw
	}
	if json.Unmarshal(raw, &line) != nil {
		return json.RawMessage("{}")
	}
	var set map[string]json.RawMessage
	if c.Join != "" {
		line[secretField] = blot
	}
	if json.Unmarshal(line["set"], &set) == nil && set[secretField] != nil {
		set[secretField] = blot
		line["set"], _ = json.Marshal(set) // what was read can be written
	}
	out, err := json.Marshal(line)
	if err != nil {
		return json.RawMessage("{}")
	}
	return out
}

var blot = json.RawMessage(`"•••"`)

// fields returns the shown values of a record by name.
func fields(r *merge.Record) map[string]json.RawMessage {
	out := make(map[string]json.RawMessage, len(r.Fields))
	for i := range r.Fields {
		if v := r.Value(r.Fields[i].Name); v != nil && r.Fields[i].Name != secretField {
			out[r.Fields[i].Name] = valueJSON(v)
		}
	}
	return out
}

// wouldChange says what a line changes, or would, in a record as it stands before it, when nothing
// stands against it.
func wouldChange(r *merge.Record, c *changelog.Change) []Difference {
	out := []Difference{}
	if c == nil {
		return out
	}
	switch c.Op {
	case "tally.add":
		sum, n := tally(r, c.Indicator)
		before := null
		if n > 0 {
			before = number(sum)
		}
		out = append(out, Difference{Field: c.Indicator, Before: before, After: number(sum + c.N)})
	case "goods.move":
		moved, n := moves(r, c.Move)
		before := null
		if n > 0 {
			before = number(moved)
		}
		out = append(out, Difference{Field: c.Move, Before: before, After: number(moved + c.Quantity)})
	default:
		for i := range c.Set {
			if c.Set[i].Name == secretField {
				continue
			}
			out = append(out, Difference{Field: c.Set[i].Name, Before: valueJSON(r.Value(c.Set[i].Name)), After: valueJSON(&c.Set[i].Value)})
		}
	}
	return out
}

func tally(r *merge.Record, indicator string) (sum, n int64) {
	for i := range r.Tallies {
		if r.Tallies[i].Indicator == indicator {
			return r.Tallies[i].Sum, r.Tallies[i].N
		}
	}
	return 0, 0
}

// moves adds up the movements of one sort.
func moves(r *merge.Record, move string) (sum int64, n int) {
	for i := range r.Moves {
		if r.Moves[i].Move == move {
			sum, n = sum+r.Moves[i].Quantity, n+1
		}
	}
	return sum, n
}

// standing is what decisions change, in the words of the office.
func standing(r *merge.Record) [4]json.RawMessage {
	return [4]json.RawMessage{text(string(r.State())), text(r.Judged.Verdict), text(r.Counts), uploaded(r)}
}

var standingNames = [4]string{"review", "duplicate", "counts_for", "upload"}

func uploaded(r *merge.Record) json.RawMessage {
	if r.Kind != models.PhotoKind || r.Photo.State == "" {
		return null
	}
	return text(string(r.Photo.State))
}
