package stats

import (
	"github.com/fieldsync/fieldsync/models"
)

// Reasons why something on record does not count. The first that holds, in this order, is the
// one that a contribution names.
const (
	WhyDeleted = "deleted"        // the event or sheet was deleted
	WhySame    = "same_facts"     // judged to be the same facts as another event
	WhyOne     = "one_event"      // judged to be one event with another, which counts
	WhyOutside = "outside_window" // its day lies outside the counting window
	WhyRepeat  = "repeat"         // not the first broadcast (重播)
)

// Tally is the merged count of one indicator of one event: Sum of N increments. N > 0 with
// Sum 0 says "counted: none".
type Tally struct{ Sum, N int64 }

// Event is one merged event as the rules see it. Maps hold only what is set; nil maps are empty.
type Event struct {
	ID      string
	Unit    string            // the unit for which it counts
	StartMS int64             // ms UTC: started_at, for media first_aired_at if set, else the first put
	Text    map[string]string // kind venue channel form outlet programme content meeting_type
	Num     map[string]int64  // leaders operators experts consumers banners led_slogans boards minutes pieces
	Flag    map[string]bool   // large repeat
	Staff   map[string]int64  // unit id → people it sent
	Tallies map[string]Tally  // indicator → count
	Deleted bool
	Judged  string // verdict on this, second, event: "" | "one_event" | "same_facts"
	Of      string // the event it was judged against; not read by the rules
}

// Sheet is one unit's merged sheet. Text holds its text rows by code and its remarks as
// remark.<row code>.
type Sheet struct {
	Unit    string
	Text    map[string]string
	Deleted bool
}

// Contribution is what one event or sheet gives to one row for one unit.
//
//	numbers   Value in the row's unit (minutes for hours), N entries
//	distinct  Key; the row counts the different keys of a unit
//	texts     Text
//
// With Why set it counts nothing, and Value, Key or Text say what was left out.
type Contribution struct {
	Template string `json:"t"`
	Row      string `json:"r"`
	Unit     string `json:"u"`
	Value    int64  `json:"v,omitempty"`
	N        int64  `json:"n,omitempty"`
	Key      string `json:"k,omitempty"`
	Text     string `json:"x,omitempty"`
	Why      string `json:"w,omitempty"`
}

// RemarkRow returns the row name under which the remark on a row contributes.
func RemarkRow(row string) string { return models.RemarkPrefix + row }

// Event returns what the event gives to every row, in template order (staff: by unit id). Rows
// that it fills without counting are included with the reason. The result depends on e and the
// rules alone.
func (s *RuleSet) Event(e *Event) []Contribution {
	v := newView(e)
	v.why, v.whyTally = s.verdict(e)
	var few [24]Contribution // gathered on the stack, kept at its exact size: most of the cost is memory
	out := few[:0]
	for _, q := range s.rulesFor(v.text[kindField]) {
		if q.matches(&v) {
			out = q.count(out, &v)
		}
	}
	return append([]Contribution(nil), out...)
}

// verdict says why the event itself and why its tallies do not count; "" counts. They differ
// for one event that was recorded twice: both stands' taps are real, the event is one.
func (s *RuleSet) verdict(e *Event) (event, tally string) {
	switch {
	case e.Deleted:
		return WhyDeleted, WhyDeleted
	case e.Judged == WhySame:
		return WhySame, WhySame
	}
	if !s.window.holds(e.StartMS) {
		tally = WhyOutside
	}
	if e.Judged == WhyOne {
		return WhyOne, tally
	}
	return tally, tally
}

// Sheet returns the texts of a unit's sheet in template order; empty ones give nothing.
func (s *RuleSet) Sheet(sh *Sheet) []Contribution {
	why := ""
	if sh.Deleted {
		why = WhyDeleted
	}
	var out []Contribution
	for _, q := range s.texts {
		if text := trimmed(sh.Text[q.row]); text != "" {
			out = append(out, Contribution{Template: q.template, Row: q.row, Unit: sh.Unit, N: 1, Text: text, Why: why})
		}
	}
	return out
}

// Unplaced returns the ids of the templates that have no row of the event's own: none whose
// condition names its kind, venue, channel, form or meeting type and holds. Such an event may
// still fill rows that take any event (staff, complaints), but the form does not count it as
// what it is, so the office lists it. A deleted event, or one judged to be another, is not listed.
func (s *RuleSet) Unplaced(e *Event) []string {
	if e.Deleted || e.Judged == WhySame || e.Judged == WhyOne {
		return nil
	}
	v := newView(e)
	placed := map[string]bool{}
	for _, q := range s.rulesFor(v.text[kindField]) {
		if len(q.src.Where.Codes) > 0 && !placed[q.template] && q.matches(&v) {
			placed[q.template] = true
		}
	}
	var out []string
	for _, t := range s.templates {
		if !placed[t.ID] {
			out = append(out, t.ID)
		}
	}
	return out
}
