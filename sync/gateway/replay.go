package gateway

import (
	"bytes"
	"fmt"
	"slices"
	"sort"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// scope replays one scope's applied lines onto empty records and compares.
func (v *verifier) scope(s *models.Scope, lines []appliedLine) error {
	records := map[Key]*merge.Record{}
	for i := range lines {
		if err := v.replay(s, lines[i], records); err != nil {
			return err
		}
	}
	stored, err := v.tx.ScopeRecords(s.No)
	if err != nil {
		return err
	}
	c, err := v.tx.Campaign(s.Campaign)
	if err != nil {
		return err
	}
	if c != nil {
		v.current[c.ID] = c.Rules
	}
	if c == nil || c.State != s.State || c.Rules != s.Rules || c.Building != s.Building {
		v.found("scope", s.Name(), "its campaign's state or rules are not the campaign's")
	}
	sc := &scope{Scope: *s}
	if sc.rules, err = v.g.rules.get(v.tx, s.Campaign, s.Rules); err != nil {
		return err
	}
	rows, err := v.listings(s)
	if err != nil {
		return err
	}
	for i := range stored {
		want := records[stored[i].Key]
		v.promised(want)
		v.compare(sc, &stored[i], want)
		if err := v.listing(sc, &stored[i], want, rows); err != nil {
			return err
		}
		delete(records, stored[i].Key)
	}
	v.unlisted(s, rows)
	left := make([]string, 0, len(records))
	for k := range records {
		left = append(left, string(k.Kind)+" "+k.ID)
	}
	sort.Strings(left)
	for _, k := range left {
		v.found("record", s.Name()+" "+k, "the lines make it, and it is not stored")
	}
	return nil
}

// replay applies one stored line as it was applied then: with its stored version, its batch's
// offset and receipt. Whether the verdict was right is not judged again.
func (v *verifier) replay(s *models.Scope, a appliedLine, records map[Key]*merge.Record) error {
	where := fmt.Sprintf("line %d.%d", a.log, a.line)
	x, err := v.fetch(a.log, a.line)
	if err != nil || x == nil {
		return err
	}
	it := item{line: *x}
	copy(it.hash[:], x.Hash)
	it.read()
	if it.fault != nil {
		v.found("line", where, "it is applied and cannot be read: %s", it.fault.Msg)
		return nil
	}
	l := v.byNo[a.log]
	b := batchOf(v.batches[a.log], a.line)
	dev := v.devices[l.Device]
	if b == nil || dev == nil {
		v.found("line", where, "no batch brought it")
		return nil
	}
	c := it.change
	if c.RecordKind() == "" {
		v.hear(a, c, &v.grants)
		return nil // a decision about the campaign or a held line
	}
	k := Key{Scope: s.No, Kind: c.RecordKind(), ID: c.RecordID()}
	r := records[k]
	if r == nil {
		r = &merge.Record{Scope: s.Name(), Kind: k.Kind, ID: k.ID}
		records[k] = r
	}
	r.Seq = x.ScopeSeq
	if c.Op == opStored {
		v.hearStored(s.Name(), c)
	}
	if changelog.OfficeOps[c.Op] {
		applyDecision(r, c, dev.Officer, b.ReceiptMS, x.Version)
		return nil
	}
	lin, err := v.lineage(l)
	if err != nil {
		return err
	}
	wr := &merge.Write{Log: a.log, Seq: a.line, Origin: it.origin, Base: c.Base,
		EffectiveMS: effective(&it, b.OffsetMS, b.ReceiptMS), AtMS: c.At, Officer: dev.Officer,
		Device: dev.ID, Lineage: lin, Late: x.Late}
	if !applyChange(r, wr, c, x.Version, dev.Office) {
		v.found("line", where, "it is applied and repeats a movement")
	}
	return nil
}

// fetchBlock is how many lines of a log are read at once while a scope is replayed: its lines come
// in runs.
const fetchBlock = 64

// fetch returns one stored line, nil when there is none.
func (v *verifier) fetch(log, seq int64) (*models.Line, error) {
	if v.blocks == nil {
		v.blocks = map[int64][]models.Line{}
	}
	b := v.blocks[log]
	if len(b) == 0 || seq < b[0].Seq || seq > b[len(b)-1].Seq {
		var err error
		if b, err = v.tx.Lines(log, seq, fetchBlock); err != nil || len(b) == 0 {
			return nil, err
		}
		v.blocks[log] = b
	}
	i := int(seq - b[0].Seq) // logs have no gaps: the log check said so
	if i >= len(b) || b[i].Seq != seq {
		return nil, nil
	}
	return &b[i], nil
}

// batchOf returns the batch, of a log's in their order, that brought a line; nil when none did.
func batchOf(list []models.Batch, seq int64) *models.Batch {
	i := sort.Search(len(list), func(i int) bool { return list[i].First > seq })
	if i == 0 {
		return nil
	}
	return &list[i-1]
}

func (v *verifier) lineage(l *models.Log) (*merge.Lineage, error) {
	if x := v.lineages[l.No]; x != nil {
		return x, nil
	}
	if v.moved == nil {
		v.moved = map[int64]map[changelog.Hash][]merge.Place{}
	}
	if v.moved[l.Family] == nil {
		m, err := v.tx.Moved(l.Family)
		if err != nil {
			return nil, err
		}
		v.moved[l.Family] = m
	}
	if v.parents == nil { // over all families: a log's parents are of its own
		v.parents = map[int64]merge.Parent{}
		for _, o := range v.byNo {
			if o.AfterLog != 0 {
				v.parents[o.No] = merge.Parent{Log: o.AfterLog, Seq: o.AfterSeq}
			}
		}
	}
	x := merge.Trace(l.No, v.parents, v.moved[l.Family])
	v.lineages[l.No] = x
	return x, nil
}

// compare holds one stored record against the replayed one.
func (v *verifier) compare(s *scope, got *StoredBytes, want *merge.Record) {
	where := fmt.Sprintf("%s %s %s", s.Name(), got.Key.Kind, got.Key.ID)
	if want == nil {
		if got.Version != 0 {
			v.found("record", where, "it is stored, and no line makes it")
		}
		return
	}
	v.report.Records++
	state := want.Encode(nil)
	switch {
	case got.Version != want.Version:
		v.found("record", where, "its version is %d, the lines give %d", got.Version, want.Version)
	case got.Seq != want.Seq:
		v.found("record", where, "its seq is %d, the lines give %d", got.Seq, want.Seq)
	case got.Deleted != want.Deleted() || got.Review != string(want.State()):
		v.found("record", where, "its deleted or review mark is not what the lines give")
	case !bytes.Equal(got.State, state):
		v.found("record", where, "its state is not what the lines give")
	case !bytes.Equal(got.Data, want.Public(nil)):
		v.found("record", where, "what phones are shown of it is not what the lines give")
	}
	if want.Kind != models.EventKind && want.Kind != models.SheetKind {
		return
	}
	now := countUnder(s.rules, s.Rules, want)
	v.sums.add(s.Campaign, &now, 1)
	list, err := decodeCounts(got.Counts)
	if err != nil {
		v.found("contributions", where, "they cannot be read")
		return
	}
	for i := range list {
		if list[i].rules == s.Rules {
			if list[i].accepted != now.accepted || !slices.Equal(list[i].list, now.list) {
				v.found("contributions", where, "they are not what the rules give")
			}
			return
		}
	}
	v.found("contributions", where, "none are stored under the present rules")
}

// totals compares the stored sums with those of the replayed records.
func (v *verifier) totals() error {
	rulesOf := func(campaign string) int64 { return v.current[campaign] }
	for at, u := range v.sums.uses {
		if u.Reported > 0 {
			v.sums.total(at, 1, 1, false)
		}
		if u.Accepted > 0 {
			plain := at
			plain.key = ""
			t := v.sums.totals[plain]
			t.Accepted++
			t.AcceptedN++
		}
	}
	err := v.tx.EachUse(func(campaign string, rules int64, u UseDelta) {
		if rules != rulesOf(campaign) {
			return
		}
		at := sumAt{campaign, rules, u.Template, u.Row, u.Unit, u.Key}
		want := v.sums.uses[at]
		delete(v.sums.uses, at)
		if want == nil {
			want = &UseDelta{}
		}
		if want.Reported != u.Reported || want.Accepted != u.Accepted {
			v.found("distinct", fmt.Sprintf("%s %s %s %q", u.Template, u.Row, u.Unit, u.Key), "it is used %d times, accepted %d; the lines give %d and %d",
				u.Reported, u.Accepted, want.Reported, want.Accepted)
		}
	})
	if err != nil {
		return err
	}
	err = v.tx.EachTotal(func(campaign string, rules int64, t TotalDelta) {
		if rules != rulesOf(campaign) {
			return
		}
		v.report.Totals++
		at := sumAt{campaign: campaign, rules: rules, template: t.Template, row: t.Row, unit: t.Unit}
		want := v.sums.totals[at]
		delete(v.sums.totals, at)
		if want == nil {
			want = &TotalDelta{Template: t.Template, Row: t.Row, Unit: t.Unit}
		}
		if *want != t {
			v.found("total", fmt.Sprintf("%s %s %s", t.Template, t.Row, t.Unit),
				"reported %d (%d entries), accepted %d (%d); the lines give %d (%d) and %d (%d)",
				t.Reported, t.ReportedN, t.Accepted, t.AcceptedN, want.Reported, want.ReportedN, want.Accepted, want.AcceptedN)
		}
	})
	if err != nil {
		return err
	}
	for at, t := range v.sums.totals {
		if t.Reported != 0 || t.ReportedN != 0 || t.Accepted != 0 || t.AcceptedN != 0 {
			v.found("total", fmt.Sprintf("%s %s %s", at.template, at.row, at.unit), "the lines give one, and none is stored")
		}
	}
	for at, u := range v.sums.uses {
		if u.Reported != 0 || u.Accepted != 0 {
			v.found("distinct", fmt.Sprintf("%s %s %s %q", at.template, at.row, at.unit, at.key), "the lines give it, and it is not stored")
		}
	}
	return nil
}
