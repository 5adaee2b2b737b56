package gateway

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// place names a row of a rules version's templates.
type place struct{ template, row string }

// placeCache keeps, of each rules version, the mark of each row. A rules version never changes.
type placeCache struct {
	m sync.Map // ruleKey → map[place]string
}

// get returns the marks of a rules version's rows: <version>:<template>.<row>, both counted from 0 in
// the order of the rules.
func (c *placeCache) get(k ruleKey, rules *RuleSet) map[place]string {
	if m, ok := c.m.Load(k); ok {
		return m.(map[place]string)
	}
	m := map[place]string{}
	if rules != nil {
		for i, t := range rules.Templates() {
			for j, r := range t.Rows() {
				m[place{t.ID, r.Code}] = markAt(k.version, i, j)
			}
		}
	}
	c.m.Store(k, m)
	return m
}

// marks returns the rows to which a record contributes or would if it were not excluded, under every
// rules version it is counted under: ",3:0.7,3:0.9,". What it gives to a row of another unit than its
// own, such as the people that a co-unit sent, also has a mark with that unit: ",3:0.7,3:0.7@<unit>,".
func (g *Gateway) marks(tx Tx, campaign, unit string, list []counted) (string, error) {
	var b []byte
	for i := range list {
		rules, err := g.rules.get(tx, campaign, list[i].rules)
		if err != nil {
			return "", err
		}
		rows := g.places.get(ruleKey{campaign, list[i].rules}, rules)
		var last place
		for j := range list[i].list {
			x := &list[i].list[j]
			mark, ok := rows[place{x.Template, x.Row}]
			if !ok {
				continue // the campaign's own rows, and remarks, which are a row's and not a figure of it
			}
			if last != (place{x.Template, x.Row}) { // a row's contributions stand together
				last = place{x.Template, x.Row}
				b = append(append(b, ','), mark...)
			}
			if x.Unit != unit {
				b = append(append(append(append(b, ','), mark...), '@'), x.Unit...)
			}
		}
	}
	if len(b) == 0 {
		return "", nil
	}
	return string(append(b, ',')), nil
}

// MarkOf returns how a listing marks a row of a campaign's rules, for a search with LIKE; "" when the
// rules have no such row.
func MarkOf(rules *RuleSet, version int64, template, row string) string {
	for i, t := range rules.Templates() {
		if t.ID != template {
			continue
		}
		for j, r := range t.Rows() {
			if r.Code == row {
				return markAt(version, i, j)
			}
		}
	}
	return ""
}

func markAt(version int64, template, row int) string {
	return strconv.FormatInt(version, 10) + ":" + strconv.Itoa(template) + "." + strconv.Itoa(row)
}

// KindMark and VenueMark return how a listing marks an event's kind and venue. They are any text: one
// that is no code is kept without what would end a mark, and cut.
func KindMark(kind string) string { return "k:" + codeMark(kind) }

// VenueMark does for the venue what KindMark does for the kind.
func VenueMark(venue string) string { return "v:" + codeMark(venue) }

func codeMark(s string) string {
	s = strings.ReplaceAll(s, ",", ";")
	for cut := min(len(s), 48); ; cut-- {
		if cut == len(s) || utf8.RuneStart(s[cut]) {
			return s[:cut]
		}
	}
}

// withCodes adds the marks of an event's kind and venue.
func withCodes(marks, kind, venue string) string {
	for _, m := range []string{KindMark(kind), VenueMark(venue)} {
		if len(m) == len("k:") {
			continue
		}
		if marks == "" {
			marks = ","
		}
		marks += m + ","
	}
	return marks
}
