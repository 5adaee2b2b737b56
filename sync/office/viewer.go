package office

import (
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// viewer turns records of one campaign into what is shown of them. Names are read once for all
// records of a page.
type viewer struct {
	tx       Tx
	r        *Reach
	c        *models.Campaign
	rules    *gateway.RuleSet
	officers map[string]models.Officer
	devices  map[string]models.Device
	words    words
	photos   map[gateway.Key]int
}

func newViewer(tx Tx, r *Reach, c *models.Campaign, rules *gateway.RuleSet) *viewer {
	return &viewer{tx: tx, r: r, c: c, rules: rules, officers: map[string]models.Officer{}, devices: map[string]models.Device{},
		words: wordsOf(rules), photos: map[gateway.Key]int{}}
}

// know reads the names of people and phones.
func (v *viewer) know(officers, devices []string) error {
	missing := func(ids []string, known func(string) bool) []string {
		slices.Sort(ids)
		return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" || known(id) })
	}
	devices = missing(devices, func(id string) bool { _, ok := v.devices[id]; return ok })
	if len(devices) > 0 {
		list, err := v.tx.DevicesByID(devices)
		if err != nil {
			return err
		}
		for _, d := range list {
			v.devices[d.ID] = d
			officers = append(officers, d.Officer)
		}
	}
	officers = missing(officers, func(id string) bool { _, ok := v.officers[id]; return ok })
	if len(officers) == 0 {
		return nil
	}
	list, err := v.tx.OfficersByID(officers)
	for _, o := range list {
		v.officers[o.ID] = o
	}
	return err
}

// knowAll reads the names of whoever wrote to, or decided about, records.
func (v *viewer) knowAll(records map[gateway.Key]gateway.Stored) error {
	var officers, devices []string
	for _, s := range records {
		for _, src := range s.Record.Sources {
			officers, devices = append(officers, src.Officer), append(devices, src.Device)
		}
		officers = append(officers, s.Record.Review.By)
		for _, c := range s.Record.Review.Comments {
			officers = append(officers, c.By)
		}
	}
	return v.know(officers, devices)
}

// person names who wrote with a device; officer alone for what was decided at the office.
func (v *viewer) person(officer, device string) Person {
	p := Person{Officer: officer, OfficerName: v.officers[officer].Name, Device: device}
	if device == "" {
		p.Office = true
		return p
	}
	d := v.devices[device]
	p.DeviceName, p.Office = d.Name, d.Office
	return p
}

// first returns who recorded it first, as far as its fields still tell.
func (v *viewer) first(r *merge.Record) Person {
	var log, at int64
	for i := range r.Fields {
		for j := range r.Fields[i].Siblings {
			if s := &r.Fields[i].Siblings[j]; log == 0 || s.EffectiveMS < at {
				log, at = s.Log, s.EffectiveMS
			}
		}
	}
	for _, s := range r.Sources {
		if s.Log == log || log == 0 {
			return v.person(s.Officer, s.Device)
		}
	}
	return Person{}
}

// by names who wrote from a log.
func (v *viewer) by(r *merge.Record, log int64) Person {
	for _, s := range r.Sources {
		if s.Log == log {
			return v.person(s.Officer, s.Device)
		}
	}
	return Person{}
}

// startMS returns what decides an event's day.
func startMS(r *merge.Record) int64 {
	if at, ok := r.Int("first_aired_at"); ok && r.Text("kind") == "media" {
		return at
	}
	if at, ok := r.Int("started_at"); ok {
		return at
	}
	return r.FirstMS
}

// splitScope takes a scope's name apart.
func splitScope(name string) (campaign, unit string) {
	campaign, unit, _ = strings.Cut(name, ":")
	return campaign, unit
}

// event shows an event as a line of a list. Photos were counted before.
func (v *viewer) event(s *gateway.Stored) EventRow {
	r := s.Record
	_, unit := splitScope(r.Scope)
	row := EventRow{
		Campaign: v.c.ID, Unit: unit, UnitName: v.r.unitName(unit), CountsFor: r.Counts, ID: r.ID, Version: r.Version, Seq: r.Seq,
		Title: r.Text("title"), Kind: r.Text("kind"), Venue: r.Text("venue"), Place: r.Text("place"), StartedAt: startMS(r),
		State: r.State(), Reason: r.Review.Reason, Urgent: r.Flag("urgent"), Large: r.Flag("large"), Late: r.Late,
		Deleted: r.Deleted(), Completed: r.Flag("completed"), Conflicts: len(r.Conflicts()), Verdict: r.Judged.Verdict,
		By: v.first(r), Tallies: []TallyView{}, Photos: v.photos[s.Key],
	}
	for _, t := range r.Tallies {
		tv := v.words.indicators[t.Indicator]
		tv.Indicator, tv.Sum, tv.N = t.Indicator, t.Sum, t.N
		row.Tallies = append(row.Tallies, tv)
	}
	return row
}

// events shows events by their keys; one that is gone is left out.
func (v *viewer) events(keys []gateway.Key) (map[gateway.Key]EventRow, map[gateway.Key]gateway.Stored, error) {
	recs, err := v.tx.RecordsAt(keys)
	if err != nil {
		return nil, nil, err
	}
	if err := v.knowAll(recs); err != nil {
		return nil, nil, err
	}
	if v.photos, err = v.tx.PhotosOf(keys); err != nil {
		return nil, nil, err
	}
	rows := make(map[gateway.Key]EventRow, len(recs))
	for k, s := range recs {
		rows[k] = v.event(&s)
	}
	return rows, recs, nil
}

// conflicts shows each field of a record that has more than one truth.
func (v *viewer) conflicts(r *merge.Record) []ConflictView {
	_, unit := splitScope(r.Scope)
	out := []ConflictView{}
	for _, name := range r.Conflicts() {
		c := ConflictView{Campaign: v.c.ID, Unit: unit, UnitName: v.r.unitName(unit), Kind: r.Kind, ID: r.ID,
			Title: titleOf(r), Version: r.Version, Seq: r.Seq, Field: name, Values: []ConflictValue{}}
		c.Label, c.LabelEN = v.words.label("", r.Kind, name)
		for i := range r.Fields {
			if r.Fields[i].Name != name {
				continue
			}
			for j := range r.Fields[i].Siblings {
				s := &r.Fields[i].Siblings[j]
				c.Values = append(c.Values, ConflictValue{Value: valueJSON(&s.Value), By: v.by(r, s.Log), EffectiveAt: s.EffectiveMS,
					ClaimedAt: s.AtMS, Shown: s == r.Fields[i].Shown()})
			}
		}
		out = append(out, c)
	}
	return out
}

// titleOf names a record for people.
func titleOf(r *merge.Record) string {
	for _, name := range []string{"title", "name", "caption", "content", "place"} {
		if s := r.Text(name); s != "" {
			return s
		}
	}
	return ""
}

func (v *viewer) review(r *merge.Record) ReviewView {
	out := ReviewView{State: r.State(), Reason: r.Review.Reason, At: r.Review.ByMS, Comments: []CommentView{}}
	if r.Review.By != "" {
		by := v.person(r.Review.By, "")
		out.By = &by
	}
	for _, c := range r.Review.Comments {
		out.Comments = append(out.Comments, CommentView{By: v.person(c.By, ""), At: c.AtMS, Text: c.Text})
	}
	return out
}

// open finds a record that the reach shows.
func (d *Desk) open(tx Tx, r *Reach, n RecordName) (*viewer, *gateway.Stored, error) {
	missing := problem.New(problem.NotFound, "there is no such record").ZH("没有这条记录。")
	c, err := tx.Campaign(n.Campaign)
	if err != nil {
		return nil, nil, err
	}
	if c == nil || !r.Sees(c) {
		return nil, nil, missing
	}
	scope, err := tx.ScopeOf(n.Campaign, n.Unit)
	if err != nil {
		return nil, nil, err
	}
	if scope == nil {
		return nil, nil, missing
	}
	k := gateway.Key{Scope: scope.No, Kind: n.Kind, ID: n.ID}
	recs, err := tx.RecordsAt([]gateway.Key{k})
	if err != nil {
		return nil, nil, err
	}
	s, ok := recs[k]
	if !ok || !r.sees(c, n.Unit) && (s.Record.Counts == "" || !r.sees(c, s.Record.Counts)) {
		return nil, nil, missing
	}
	rules, err := d.rules.Get(tx, c.ID, c.Rules)
	if err != nil {
		return nil, nil, err
	}
	v := newViewer(tx, r, c, rules)
	return v, &s, v.knowAll(recs)
}
