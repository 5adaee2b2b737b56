package stats

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
	_ "time/tzdata" // zones must not depend on what the machine has installed

	"github.com/fieldsync/fieldsync/internal/problem"
)

// Campaign is what the rules of counting need to know of a campaign. FirstDay and LastDay
// ("2006-01-02") bound the counting window (统计期), both included, in the zone (an IANA name).
type Campaign struct {
	ID       string
	Zone     string
	FirstDay string
	LastDay  string
}

// RuleSet is a campaign's templates, counting window and zone, compiled. It is immutable and
// safe for concurrent use. A change of any of the three makes another rule set with another
// Version; totals are then rebuilt.
type RuleSet struct {
	templates []*Template
	window    window
	version   string
	byKind    map[string][]*rule // event kinds that some condition names
	otherKind []*rule            // every other kind
	texts     []textRule
	indicator map[string]bool
}

// textRule is a field of a sheet that a template prints: a text row, or the remark on a row.
type textRule struct{ template, row string }

// Compile prepares the rules of counting of a campaign. It refuses, with a *problem.Error of
// code invalid, a zone or day that does not exist, a window that ends before it begins, and two
// templates of one id. A campaign without templates counts nothing.
func Compile(c Campaign, templates []*Template) (*RuleSet, error) {
	w, err := newWindow(c)
	if err != nil {
		return nil, err
	}
	s := &RuleSet{templates: slices.Clone(templates), window: w, byKind: map[string][]*rule{}, indicator: map[string]bool{}}
	hash := sha256.New()
	hash.Write([]byte("fieldsync-rules/1\n" + c.Zone + "\n" + c.FirstDay + "\n" + c.LastDay + "\n"))
	seen := map[string]bool{}
	var all []*rule
	for _, t := range templates {
		if t == nil || seen[t.ID] {
			return nil, problem.New(problem.Invalid, "a campaign names each of its templates once").
				ZH("同一个模板在活动中只能选一次。")
		}
		seen[t.ID] = true
		hash.Write([]byte(t.ID + " " + t.Hash + "\n"))
		all = append(all, s.addTemplate(t)...)
	}
	s.version = hex.EncodeToString(hash.Sum(nil)[:16])
	s.index(all)
	return s, nil
}

// addTemplate registers what sheets and tallies may name and returns the rules for events.
func (s *RuleSet) addTemplate(t *Template) []*rule {
	var out []*rule
	for i, r := range t.rows {
		if t.Columns.Remark != "" && r.Numeric() {
			s.texts = append(s.texts, textRule{t.ID, RemarkRow(r.Code)})
		}
		if !r.Numeric() {
			s.texts = append(s.texts, textRule{t.ID, r.Code})
			continue
		}
		if r.Rule.Kind == TallyRule {
			s.indicator[r.Rule.Indicator] = true
		}
		out = append(out, newRule(t, i))
	}
	return out
}

// index sorts the rules by the kinds of event that they may take, in template order. It is what
// makes contributions cheap: a stand in a square never looks at thirty media rows.
func (s *RuleSet) index(all []*rule) {
	for _, q := range all {
		for _, c := range []Condition{q.src.Where, q.src.Except} {
			for _, kind := range c.Codes["kind"] {
				s.byKind[kind] = nil
			}
		}
	}
	for kind := range s.byKind {
		for _, q := range all {
			if q.src.admitsKind(kind) {
				s.byKind[kind] = append(s.byKind[kind], q)
			}
		}
	}
	for _, q := range all {
		if len(q.src.Where.Codes["kind"]) == 0 {
			s.otherKind = append(s.otherKind, q)
		}
	}
}

// admitsKind says whether an event of this kind can match, whatever else it holds.
func (q *Rule) admitsKind(kind string) bool {
	if kinds := q.Where.Codes["kind"]; len(kinds) > 0 && !slices.Contains(kinds, kind) {
		return false
	}
	return !slices.Contains(q.Except.Codes["kind"], kind)
}

// rulesFor returns the rules that an event of this kind may match.
func (s *RuleSet) rulesFor(kind string) []*rule {
	if rules, ok := s.byKind[kind]; ok {
		return rules
	}
	return s.otherKind
}

// Templates returns the campaign's templates in order. The caller must not change them.
func (s *RuleSet) Templates() []*Template { return s.templates }

// Template returns the template of that id, or nil.
func (s *RuleSet) Template(id string) *Template {
	for _, t := range s.templates {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// Version names the rules: equal for equal templates, window and zone, in 32 hex digits.
func (s *RuleSet) Version() string { return s.version }

// Indicator says whether a tally rule of the campaign uses the indicator.
func (s *RuleSet) Indicator(code string) bool { return s.indicator[code] }

// Day returns the calendar day "2006-01-02" of an instant (ms UTC) in the campaign's zone.
func (s *RuleSet) Day(ms int64) string { return s.window.local(ms).Format(time.DateOnly) }

// InWindow says whether an instant (ms UTC) lies on a day of the counting window.
func (s *RuleSet) InWindow(ms int64) bool { return s.window.holds(ms) }
