package client

import (
	"encoding/json"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// Event is an outreach event as the phone shows it: the server's record and the phone's own lines
// at or after the log heads that the pull carried. Never "own lines not yet acknowledged": an
// acknowledgement says only that a line need not be sent again.
type Event struct {
	Fields    map[string]json.RawMessage `json:"fields"`
	Tallies   map[string]Tally           `json:"tallies"`
	Review    Review                     `json:"review"`
	Conflicts []Conflict                 `json:"conflicts"`
	Late      bool                       `json:"late"`
	Version   int64                      `json:"-"` // of the server's record, 0 if there is none
	Own       int                        `json:"-"` // own lines laid over it
}

// Tally is the sum of N increments.
type Tally struct {
	Sum int64 `json:"sum"`
	N   int64 `json:"n"`
}

// Review is where a record stands with the office.
type Review struct {
	State  string `json:"state"`
	Reason string `json:"reason"`
	At     int64  `json:"at"`
}

// Conflict is a field with values that no writer chose between.
type Conflict struct {
	Field  string  `json:"field"`
	Values []Value `json:"values"`
}

// Value is one of the values of a conflict. At is its effective time, Claimed what the phone's
// clock said, both in ms.
type Value struct {
	Value   json.RawMessage `json:"value"`
	At      int64           `json:"at"`
	Claimed int64           `json:"claimed"`
	Officer string          `json:"officer"`
	Device  string          `json:"device"`
}

// Lot is a lot of goods as the server sees it.
type Lot struct {
	Fields map[string]json.RawMessage `json:"fields"`
	Moves  []struct {
		ID       string `json:"id"`
		Move     string `json:"move"`
		Quantity int64  `json:"quantity"`
	} `json:"moves"`
	Balance   Balance    `json:"balance"`
	Findings  []string   `json:"findings"`
	Conflicts []Conflict `json:"conflicts"`
}

// Balance is the account of a lot in thousandths of its unit.
type Balance struct {
	Received   int64 `json:"received"`
	Counted    int64 `json:"counted"`
	HandedOver int64 `json:"handed_over"`
	Returned   int64 `json:"returned"`
	Destroyed  int64 `json:"destroyed"`
	Remaining  int64 `json:"remaining"`
}

// Waiting is the data of a held record: a line of this device that is not applied.
type Waiting struct {
	Seq     int64  `json:"seq"`
	Epoch   string `json:"epoch"`
	Status  string `json:"status"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Op      string `json:"op"`
	Scope   string `json:"scope"`
	Kind    string `json:"kind"`
	ID      string `json:"id"`
}

// Event returns an event as the phone shows it, false if neither the server nor the phone's own
// lines know it.
func (c *Client) Event(scope, id string) (*Event, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ev := &Event{}
	r, known := c.picture.records[Key{scope, models.EventKind, id}]
	if known {
		if json.Unmarshal(r.Data, ev) != nil {
			return nil, false
		}
		ev.Version = r.Version
	}
	if ev.Fields == nil {
		ev.Fields = map[string]json.RawMessage{}
	}
	if ev.Tallies == nil {
		ev.Tallies = map[string]Tally{}
	}
	c.overlay(scope, func(ch *changelog.Change) {
		if ch.Scope == scope && ch.RecordKind() == models.EventKind && ch.RecordID() == id {
			ev.lay(ch)
		}
	})
	return ev, known || ev.Own > 0
}

// overlay walks the phone's own lines that the picture does not include yet. A scope that the
// phone does not pull, as a guest's, is shown from its own log alone.
func (c *Client) overlay(scope string, each func(*changelog.Change)) {
	pulled := slices.Contains(c.picture.scopes, scope)
	for _, e := range c.epochs {
		if e.Device != c.note.Device {
			continue // of an earlier device: acknowledged, or moved to this one's log
		}
		from := int64(0)
		if pulled {
			from = c.picture.heads[e.ID]
		}
		for seq := from; seq < e.next(); seq++ {
			if ch, fault := changelog.ParseLine(e.Lines[seq]); fault == nil {
				each(ch)
			}
		}
	}
}

// lay puts one own line over what is shown.
func (ev *Event) lay(ch *changelog.Change) {
	ev.Own++
	switch ch.Op {
	case "event.put":
		for _, f := range ch.Set {
			if f.Value.Kind == changelog.Null {
				delete(ev.Fields, f.Name)
				continue
			}
			ev.Fields[f.Name] = f.Value.Raw
		}
	case "tally.add":
		t := ev.Tallies[ch.Indicator]
		ev.Tallies[ch.Indicator] = Tally{Sum: t.Sum + ch.N, N: t.N + 1}
	}
}

// Lot returns a lot as the server sees it.
func (c *Client) Lot(scope, id string) (*Lot, bool) {
	r, ok := c.Record(Key{scope, models.LotKind, id})
	if !ok {
		return nil, false
	}
	l := &Lot{}
	return l, json.Unmarshal(r.Data, l) == nil
}

// Waiting returns what the server says of this device's lines that are not applied, settled ones
// left out.
func (c *Client) Waiting() []Waiting {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []Waiting
	for k, r := range c.picture.records {
		var w Waiting
		if k.Kind == models.HeldKind && !r.Deleted && json.Unmarshal(r.Data, &w) == nil {
			out = append(out, w)
		}
	}
	return out
}
