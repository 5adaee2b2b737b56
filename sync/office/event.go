package office

import (
	"context"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// What one event shows at most of each.
const (
	mostPhotos   = 500
	mostLots     = 200
	mostHeld     = 100
	mostSuspects = 20
)

// Event returns one event whole.
func (d *Desk) Event(ctx context.Context, r *Reach, n RecordName) (out *EventDetail, err error) {
	n.Kind = models.EventKind
	err = d.store.Read(ctx, func(tx Tx) error {
		v, s, err := d.open(tx, r, n)
		if err != nil {
			return err
		}
		if v.photos, err = tx.PhotosOf([]gateway.Key{s.Key}); err != nil {
			return err
		}
		out = &EventDetail{EventRow: v.event(s), Fields: fields(s.Record), ConflictList: v.conflicts(s.Record),
			Review: v.review(s.Record), People: v.people(s.Record)}
		for _, step := range []func(*gateway.Stored, *EventDetail) error{v.duplicate, v.pictures, v.goods, v.waiting, v.gives, v.suspected} {
			if err := step(s, out); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// people lists who wrote to a record, each person with a phone once, however often the phone began
// its log anew.
func (v *viewer) people(r *merge.Record) []SourceView {
	out := []SourceView{}
	at := map[[2]string]int{}
	for _, s := range r.Sources {
		k := [2]string{s.Officer, s.Device}
		if _, ok := at[k]; !ok {
			at[k] = len(out)
			out = append(out, SourceView{Person: v.person(s.Officer, s.Device)})
		}
		out[at[k]].Lines += s.N
	}
	return out
}

// duplicate shows the verdict on the event as the second of a pair. The first is named where the
// reach shows it.
func (v *viewer) duplicate(s *gateway.Stored, out *EventDetail) error {
	j := s.Record.Judged
	if j.Verdict == "" {
		return nil
	}
	out.Duplicate = &DuplicateView{Verdict: j.Verdict, Reason: j.Reason}
	first, err := v.find(j.Scope, j.ID)
	if err != nil || first == nil {
		return err
	}
	_, unit := splitScope(j.Scope)
	out.Duplicate.Unit, out.Duplicate.UnitName, out.Duplicate.ID, out.Duplicate.Title = unit, v.r.unitName(unit), j.ID, titleOf(first.Record)
	return nil
}

// find returns an event of the campaign by its scope, nil when there is none or the reach does not
// show it.
func (v *viewer) find(scope, id string) (*gateway.Stored, error) {
	campaign, unit := splitScope(scope)
	if campaign != v.c.ID {
		return nil, nil
	}
	sc, err := v.tx.ScopeOf(campaign, unit)
	if err != nil || sc == nil {
		return nil, err
	}
	k := gateway.Key{Scope: sc.No, Kind: models.EventKind, ID: id}
	recs, err := v.tx.RecordsAt([]gateway.Key{k})
	s, ok := recs[k]
	if err != nil || !ok || !v.shows(s.Record) {
		return nil, err
	}
	return &s, nil
}

// shows reports whether the reach shows a record of the campaign.
func (v *viewer) shows(r *merge.Record) bool {
	_, unit := splitScope(r.Scope)
	return v.r.sees(v.c, unit) || r.Counts != "" && v.r.sees(v.c, r.Counts)
}

// children reads what hangs on an event.
func (v *viewer) children(kind models.Kind, s *gateway.Stored, most int) ([]*merge.Record, error) {
	list, err := v.tx.Children(kind, s.Key.Scope, s.Key.ID, most)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	recs, err := v.tx.RecordsAt(keysOf(list))
	var out []*merge.Record
	for _, k := range keysOf(list) {
		if rec, ok := recs[k]; ok {
			out = append(out, rec.Record)
		}
	}
	return out, err
}

func (v *viewer) goods(s *gateway.Stored, out *EventDetail) error {
	list, err := v.children(models.LotKind, s, mostLots)
	out.Lots = []LotView{}
	for _, r := range list {
		b := r.Balance()
		l := LotView{ID: r.ID, Name: r.Text("name"), Category: r.Text("category"), Unit: r.Text("unit"), Received: b.Received,
			Destroyed: b.Destroyed, Returned: b.Returned, Remaining: b.Remaining(), Findings: append([]string{}, r.Findings()...)}
		l.Value, _ = r.Int("value")
		out.Lots = append(out.Lots, l)
	}
	return err
}

func (v *viewer) waiting(s *gateway.Stored, out *EventDetail) error {
	lines, err := v.tx.HeldFor(s.Record.Scope, s.Record.ID, mostHeld)
	if err != nil {
		return err
	}
	out.Held, err = heldRows(v.tx, v.r, lines, func(string) (words, error) { return v.words, nil })
	return err
}

// gives shows what a record gives to the tables, for the units that the reach shows.
func (v *viewer) gives(s *gateway.Stored, out *EventDetail) error {
	list, accepted, err := gateway.Contributions(s.Counts, v.c.Rules)
	out.Rows = []ContributionView{}
	for i := range list {
		if list[i].Template != "" && v.r.sees(v.c, list[i].Unit) {
			out.Rows = append(out.Rows, v.contribution(&list[i], accepted))
		}
	}
	return err
}

func (v *viewer) contribution(x *stats.Contribution, accepted bool) ContributionView {
	c := ContributionView{Template: x.Template, Row: x.Row, Unit: x.Unit, UnitName: v.r.unitName(x.Unit), Value: x.Value, N: x.N,
		Key: shownKey(x.Key), Text: x.Text, Why: x.Why, Accepted: accepted}
	if v.rules != nil {
		if t := v.rules.Template(x.Template); t != nil && t.Row(x.Row) != nil {
			c.Label, c.LabelEN = t.Row(x.Row).FullLabel(), t.Row(x.Row).FullLabelEN()
		}
	}
	return c
}

// suspected shows the pairs that the event is in, judged or not.
func (v *viewer) suspected(s *gateway.Stored, out *EventDetail) error {
	out.Suspects = []SuspectView{}
	if j := s.Record.Judged; j.Verdict != "" {
		first, err := v.find(j.Scope, j.ID)
		if err != nil || first == nil {
			return err
		}
		rows, _, err := v.events([]gateway.Key{first.Key})
		out.Suspects = append(out.Suspects, SuspectView{Why: "judged", Reasons: []string{}, First: rows[first.Key], Second: out.EventRow, Verdict: j.Verdict, Reason: j.Reason})
		return err
	}
	mine, err := v.likePairs(s)
	if err != nil {
		return err
	}
	photos, err := v.photoPairsOf(s, out)
	if err != nil {
		return err
	}
	mine = append(mine, picturePairs(photos, PairSelect{Atmost: mostSuspects})...)
	if out.Suspects, err = v.pairs(mine); err != nil {
		return err
	}
	return v.illustrate(out.Suspects, mine, photos)
}

// likePairs lists the open pairs by place and item that the event is in.
func (v *viewer) likePairs(s *gateway.Stored) (mine []Pair, err error) {
	l, err := v.tx.ListingOf(s.Key)
	if err != nil || l == nil || l.Likeness == "" {
		return nil, err
	}
	pairs, err := v.tx.Pairs(PairSelect{Campaign: v.c.ID, Units: v.units(), Likeness: l.Likeness, Atmost: 200})
	for _, p := range pairs {
		if (p.First == s.Key || p.Second == s.Key) && len(mine) < mostSuspects {
			mine = append(mine, p)
		}
	}
	return mine, err
}

// photoPairsOf lists the open pairs by pictures that the event is in.
func (v *viewer) photoPairsOf(s *gateway.Stored, e *EventDetail) ([]gateway.PhotoPair, error) {
	shas := []string{}
	for i := range e.PhotoList {
		shas = append(shas, e.PhotoList[i].SHA256)
	}
	if len(shas) == 0 {
		return nil, nil
	}
	list, err := photoPairs(v.tx, v.c.ID, v.units(), shas)
	return slices.DeleteFunc(list, func(p gateway.PhotoPair) bool { return p.First.Event != s.Key && p.Second.Event != s.Key }), err
}
