package gateway

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// The rows that every campaign has beside its templates': how many events there are, and how many
// of them lie outside the counting window. They make "draft, N events unreviewed" cheap to say.
const (
	EventsRow  = "_events"
	OutsideRow = "_outside"
)

// sums collects what one transaction adds to totals and use counts, so that each total is written
// once and in one order.
type sums struct {
	totals map[sumAt]*TotalDelta
	uses   map[sumAt]*UseDelta
}

type sumAt struct {
	campaign                 string
	rules                    int64
	template, row, unit, key string
}

func newSums() *sums {
	return &sums{totals: map[sumAt]*TotalDelta{}, uses: map[sumAt]*UseDelta{}}
}

// change retracts what the record contributed before and adds what it contributes now, under the
// campaign's rules and, while a new rules version is built, under those too.
func (s *sums) change(e *entry) error {
	if e.Key.Kind != models.EventKind && e.Key.Kind != models.SheetKind || e.scope == nil {
		return nil
	}
	old, err := decodeCounts(e.Counts)
	if err != nil {
		return err
	}
	var now []counted
	now = append(now, countUnder(e.scope.rules, e.scope.Rules, e.Record))
	if e.scope.build != nil {
		now = append(now, countUnder(e.scope.build, e.scope.Building, e.Record))
	}
	for i := range old {
		if r := old[i].rules; !planted(plantRetract) && (r == e.scope.Rules || r == e.scope.Building) {
			s.add(e.scope.Campaign, &old[i], -1)
		}
	}
	for i := range now {
		s.add(e.scope.Campaign, &now[i], 1)
	}
	e.Counts = encodeCounts(now)
	e.before, e.after = old, now
	return nil
}

// counted is what a record contributes under one rules version.
type counted struct {
	rules    int64
	accepted bool
	list     []stats.Contribution
}

// countUnder returns what a record contributes under a rules version.
func countUnder(rules *RuleSet, version int64, r *merge.Record) counted {
	c := counted{rules: version, accepted: r.Accepted()}
	if rules == nil {
		return c
	}
	if r.Kind == models.SheetKind {
		c.list = rules.Sheet(sheetOf(r))
		return c
	}
	ev := eventOf(r)
	c.list = rules.Event(ev)
	if counting(r) {
		c.list = append(c.list, stats.Contribution{Row: EventsRow, Unit: ev.Unit, Value: 1, N: 1})
		if !rules.InWindow(ev.StartMS) {
			c.list = append(c.list, stats.Contribution{Row: OutsideRow, Unit: ev.Unit, Value: 1, N: 1})
		}
	}
	return c
}

func (s *sums) add(campaign string, c *counted, sign int64) {
	for i := range c.list {
		x := &c.list[i]
		if x.Why != "" || x.Text != "" {
			continue // an excluded contribution explains and does not count; texts are read as they are
		}
		at := sumAt{campaign, c.rules, x.Template, x.Row, x.Unit, useKey(x.Key)}
		if x.Key != "" {
			u := s.uses[at]
			if u == nil {
				u = &UseDelta{Template: x.Template, Row: x.Row, Unit: x.Unit, Key: at.key}
				s.uses[at] = u
			}
			u.Reported += sign
			if c.accepted {
				u.Accepted += sign
			}
			continue
		}
		s.total(at, sign*x.Value, sign*x.N, c.accepted)
	}
}

// maxKey is how many bytes of a distinct key are kept as they are.
const maxKey = 200

// useKey returns what the use counts keep of a distinct key. It may hold a whole article, and an
// index of Postgres takes no row above 2,700 bytes: of a long one its hash is kept.
func useKey(key string) string {
	if len(key) <= maxKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func (s *sums) total(at sumAt, value, n int64, accepted bool) {
	at.key = ""
	t := s.totals[at]
	if t == nil {
		t = &TotalDelta{Template: at.template, Row: at.row, Unit: at.unit}
		s.totals[at] = t
	}
	t.Reported += value
	t.ReportedN += n
	if accepted {
		t.Accepted += value
		t.AcceptedN += n
	}
}

// write adds the collected sums: distinct keys first, for a key that comes into use or falls out
// of it changes a total.
func (s *sums) write(tx Tx) error {
	for _, group := range groupSorted(s.uses) {
		deltas := make([]UseDelta, 0, len(group))
		ats := make([]sumAt, 0, len(group))
		for _, at := range group {
			if u := s.uses[at]; u.Reported != 0 || u.Accepted != 0 {
				deltas, ats = append(deltas, *u), append(ats, at)
			}
		}
		if len(deltas) == 0 {
			continue
		}
		after, err := tx.AddUses(group[0].campaign, group[0].rules, deltas)
		if err != nil {
			return err
		}
		for i := range after {
			r := crossed(after[i].Reported, deltas[i].Reported)
			a := crossed(after[i].Accepted, deltas[i].Accepted)
			s.total(ats[i], r, r, false)
			at := ats[i]
			at.key = ""
			s.totals[at].Accepted += a
			s.totals[at].AcceptedN += a
		}
	}
	for _, group := range groupSorted(s.totals) {
		deltas := make([]TotalDelta, 0, len(group))
		for _, at := range group {
			if t := s.totals[at]; t.Reported != 0 || t.ReportedN != 0 || t.Accepted != 0 || t.AcceptedN != 0 {
				deltas = append(deltas, *t)
			}
		}
		if len(deltas) == 0 {
			continue
		}
		if err := tx.AddTotals(group[0].campaign, group[0].rules, deltas); err != nil {
			return err
		}
	}
	return nil
}

// crossed returns 1 when a use count came up from 0 by delta, −1 when it fell to 0, else 0.
func crossed(now, delta int64) int64 {
	before := now - delta
	switch {
	case before <= 0 && now > 0:
		return 1
	case before > 0 && now <= 0:
		return -1
	}
	return 0
}

// groupSorted returns the keys sorted, in groups of one campaign and rules version.
func groupSorted[V any](m map[sumAt]V) [][]sumAt {
	keys := make([]sumAt, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b sumAt) int {
		return cmp.Or(cmp.Compare(a.campaign, b.campaign), cmp.Compare(a.rules, b.rules),
			cmp.Compare(a.template, b.template), cmp.Compare(a.row, b.row),
			cmp.Compare(a.unit, b.unit), cmp.Compare(a.key, b.key))
	})
	var out [][]sumAt
	for i := 0; i < len(keys); {
		j := i
		for j < len(keys) && keys[j].campaign == keys[i].campaign && keys[j].rules == keys[i].rules {
			j++
		}
		out = append(out, keys[i:j])
		i = j
	}
	return out
}

var errCounts = errors.New("gateway: stored contributions are damaged")

// encodeCounts writes contributions compactly: they are read and written with every change of an
// event.
func encodeCounts(list []counted) []byte {
	b := make([]byte, 0, 256)
	b = append(b, 1) // format
	b = binary.AppendUvarint(b, uint64(len(list)))
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	for i := range list {
		b = binary.AppendVarint(b, list[i].rules)
		if list[i].accepted {
			b = append(b, 1)
		} else {
			b = append(b, 0)
		}
		b = binary.AppendUvarint(b, uint64(len(list[i].list)))
		for j := range list[i].list {
			x := &list[i].list[j]
			text(x.Template)
			text(x.Row)
			text(x.Unit)
			b = binary.AppendVarint(b, x.Value)
			b = binary.AppendVarint(b, x.N)
			text(x.Key)
			text(x.Text)
			text(x.Why)
		}
	}
	return b
}

// decodeCounts reads what encodeCounts wrote; nothing stored is nothing contributed.
func decodeCounts(b []byte) ([]counted, error) {
	if len(b) == 0 {
		return nil, nil
	}
	if b[0] != 1 {
		return nil, errCounts
	}
	r := reader{b: b[1:]}
	list := make([]counted, r.count())
	for i := range list {
		list[i].rules = r.int()
		list[i].accepted = r.count() == 1
		list[i].list = make([]stats.Contribution, r.count())
		for j := range list[i].list {
			x := &list[i].list[j]
			x.Template, x.Row, x.Unit = r.text(), r.text(), r.text()
			x.Value, x.N = r.int(), r.int()
			x.Key, x.Text, x.Why = r.text(), r.text(), r.text()
		}
	}
	if r.bad || len(r.b) > 0 {
		return nil, errCounts
	}
	return list, nil
}

type reader struct {
	b   []byte
	bad bool
}

func (r *reader) int() int64 {
	n, k := binary.Varint(r.b)
	if k <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[k:]
	return n
}

func (r *reader) count() int {
	n, k := binary.Uvarint(r.b)
	if k <= 0 || n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[k:]
	return int(n)
}

func (r *reader) text() string {
	n := r.count()
	if n > len(r.b) {
		r.bad, r.b = true, nil
		return ""
	}
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}
