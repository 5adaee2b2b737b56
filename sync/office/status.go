package office

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
)

// What the overview shows at most of each.
const (
	mostFigures = 6
	mostDays    = 400

	aroundWindow = 31 // days before and after the counting window whose events are counted by day
)

// dueKey writes a time so that texts sort as times do.
func dueKey(ms int64) string { return fmt.Sprintf("%020d ", max(ms, 0)) }

// Overview says where a campaign stands for a unit and all below, or for all that one may look at.
func (d *Desk) Overview(ctx context.Context, r *Reach, campaign, unit string) (out *Overview, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, campaign, unit)
		if err != nil {
			return err
		}
		out = &Overview{Campaign: *a.c, Unit: a.root, UnitName: a.name, Now: d.nowMS(), Units: int64(len(a.units)), Figures: []KeyFigure{}}
		for _, step := range []func(Tx, *Reach, *area, *Overview) error{
			d.overviewEvents, d.overviewHeld, d.overviewFigures, d.overviewDeadlines, d.overviewSheets, d.overviewPhones} {
			if err := step(tx, r, a, out); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (d *Desk) overviewEvents(tx Tx, _ *Reach, a *area, out *Overview) error {
	sums, err := tx.EventSums(a.c.ID, a.filter())
	if err != nil {
		return err
	}
	for _, s := range sums {
		out.Events.add(s.States)
		out.Urgent += s.Urgent
		out.Unplaced += s.Unplaced
		out.Outside += s.Outside
	}
	if out.Uncounted, err = tx.CountOrphans(a.c.ID, a.filter()); err != nil {
		return err
	}
	if out.Conflicts, err = tx.Conflicted(a.c.ID, a.filter()); err != nil {
		return err
	}
	if out.Suspects, err = countPairs(tx, a.c.ID, a.filter()); err != nil {
		return err
	}
	out.Days, err = days(tx, a)
	return err
}

func (c *StateCounts) add(o StateCounts) {
	c.Received += o.Received
	c.Edited += o.Edited
	c.Issues += o.Issues
	c.Returned += o.Returned
	c.Accepted += o.Accepted
}

// days counts the events of the calendar days around the counting window, in the campaign's zone.
func days(tx ListingTx, a *area) ([]DayCount, error) {
	out := []DayCount{}
	first, last, err := tx.EventSpan(a.c.ID)
	zone, zoneErr := time.LoadLocation(a.c.Zone)
	from, fromErr := time.ParseInLocation(time.DateOnly, a.c.FirstDay, zone)
	to, toErr := time.ParseInLocation(time.DateOnly, a.c.LastDay, zone)
	if err != nil || zoneErr != nil || fromErr != nil || toErr != nil {
		return out, err // zone and days were checked when the campaign was set up
	}
	if from = from.AddDate(0, 0, -aroundWindow); first > from.UnixMilli() {
		from = midnight(time.UnixMilli(first).In(zone))
	}
	if to = to.AddDate(0, 0, aroundWindow); last < to.UnixMilli() {
		to = midnight(time.UnixMilli(last).In(zone))
	}
	var spans [][2]int64
	var names []string
	for day := from; !day.After(to) && len(spans) < mostDays; day = midnight(day.AddDate(0, 0, 1)) {
		spans = append(spans, [2]int64{day.UnixMilli(), midnight(day.AddDate(0, 0, 1)).UnixMilli()})
		names = append(names, day.Format(time.DateOnly))
	}
	if len(spans) == 0 {
		return out, nil
	}
	counts, err := tx.EventCounts(a.c.ID, a.filter(), spans)
	for i, n := range counts {
		if n > 0 {
			out = append(out, DayCount{Day: names[i], Events: n})
		}
	}
	return out, err
}

// midnight returns the beginning of a time's day.
func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

func (d *Desk) overviewHeld(tx Tx, r *Reach, a *area, out *Overview) error {
	sel, err := d.selectHeld(tx, r, HeldQuery{Campaign: a.c.ID, Unit: a.asked()})
	if err != nil {
		return err
	}
	causes, err := tx.HeldCauses(sel)
	out.Held = append([]CauseCount{}, causes...)
	return err
}

// asked returns the unit to ask for when the same area is wanted again.
func (a *area) asked() string {
	if a.whole {
		return ""
	}
	return a.root // "" when there are several tops: all that the reach shows
}

func (d *Desk) overviewFigures(tx Tx, r *Reach, a *area, out *Overview) error {
	if a.rules == nil || len(a.rules.Templates()) == 0 {
		return nil
	}
	t, err := a.table(tx, r, TableQuery{})
	if err != nil {
		return err
	}
	for i := range t.Rows {
		if x := &t.Rows[i]; x.Row.Rule.Kind == stats.TallyRule && len(out.Figures) < mostFigures {
			out.Figures = append(out.Figures, KeyFigure{Row: x.Row.Code, Label: x.Row.FullLabel(), LabelEN: x.Row.FullLabelEN(),
				Unit: x.Row.Unit, UnitEN: x.Row.UnitEN, Reported: figure(x.Reported), Accepted: figure(x.Accepted)})
		}
	}
	return nil
}

func (d *Desk) overviewDeadlines(tx Tx, _ *Reach, a *area, out *Overview) error {
	items, err := tx.HandIns(a.c.ID)
	if err != nil {
		return err
	}
	receipts, err := receiptsOf(tx, a.c.ID)
	out.Deadlines = []Deadline{}
	for i := range items {
		line := Deadline{HandIn: items[i], Left: items[i].DueMS - out.Now}
		for _, u := range a.parties() {
			x := receipts[[2]string{items[i].ID, u.ID}]
			if x.ElectronicMS == 0 {
				line.Missing++
			}
			if x.PaperMS == 0 {
				line.Paper++
			}
		}
		out.Deadlines = append(out.Deadlines, line)
	}
	return err
}

func (d *Desk) overviewSheets(tx Tx, _ *Reach, a *area, out *Overview) error {
	list, err := tx.Listings(ListingSelect{Campaign: a.c.ID, Kind: models.SheetKind, Units: a.filter(), None: models.IsDeleted, Atmost: 10_000})
	begun := int64(0)
	for i := range list {
		l := &list[i]
		if !a.in[l.Unit] || l.ID != l.Unit {
			continue
		}
		begun++
		switch {
		case l.Review == models.ReviewAccepted:
			out.Sheets.Accepted++
		case l.Review == models.ReviewReturned || l.Review == models.ReviewIssues:
			out.Sheets.Returned++
		case l.Flags&models.IsApproved != 0:
			out.Sheets.Approved++
		case l.Flags&models.IsCompleted != 0:
			out.Sheets.Completed++
		default:
			out.Sheets.Filling++
		}
	}
	out.Sheets.None = int64(len(a.units)) - begun
	return err
}

// unitIDs returns the units of the area.
func (a *area) unitIDs() []string {
	out := make([]string, 0, len(a.units))
	for i := range a.units {
		out = append(out, a.units[i].ID)
	}
	return out
}

func (d *Desk) overviewPhones(tx Tx, _ *Reach, a *area, out *Overview) error {
	sums, err := tx.PhoneSums(a.unitIDs())
	p := &out.Phones
	for _, s := range sums {
		p.Phones += s.Phones
		p.Never += s.Never
		p.Owing += s.Owing
		p.OwesLines += s.OwesLines
		p.OwesPhotos += s.OwesPhotos
		if s.OldestMS != 0 && (p.OldestAt == 0 || s.OldestMS < p.OldestAt) {
			p.OldestAt = s.OldestMS
		}
		p.NewestAt = max(p.NewestAt, s.NewestMS)
	}
	return err
}

// UnitStatuses says, unit by unit in the order of their codes, who is late and who owes what.
func (d *Desk) UnitStatuses(ctx context.Context, r *Reach, campaign, unit string, p Paging) (out Page[UnitStatus], err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, campaign, unit)
		if err != nil {
			return err
		}
		units, err := slice(p, slices.Clone(a.units), unitKey, "unit_statuses", campaign, unit)
		if err != nil {
			return err
		}
		rows, err := d.statuses(tx, r, a, units.Items)
		out = Page[UnitStatus]{Items: rows, Next: units.Next, Total: units.Total}
		return err
	})
	return out, err
}

func (d *Desk) statuses(tx Tx, r *Reach, a *area, units []models.Unit) ([]UnitStatus, error) {
	now := d.nowMS()
	out := make([]UnitStatus, len(units))
	at := map[string]*UnitStatus{}
	ids := []string{}
	sheets, err := newViewer(tx, r, a.c, a.rules).sheets(units, now)
	if err != nil {
		return nil, err
	}
	for i := range units {
		out[i] = UnitStatus{Unit: units[i].ID, UnitName: units[i].Name, Parent: units[i].Parent, Sheet: sheets[i], Late: []string{}}
		at[units[i].ID] = &out[i]
		ids = append(ids, units[i].ID)
	}
	sums, err := tx.EventSums(a.c.ID, ids)
	if err != nil {
		return nil, err
	}
	for _, s := range sums {
		at[s.Unit].events(s)
	}
	phones, err := tx.PhoneSums(ids)
	if err != nil {
		return nil, err
	}
	for _, s := range phones {
		u := at[s.Unit]
		u.Phones, u.OwesLines, u.OwesPhotos, u.LastHeardAt, u.KnownUpTo = s.Phones, s.OwesLines, s.OwesPhotos, s.NewestMS, s.OldestMS
	}
	if err := late(tx, a, at, now); err != nil {
		return nil, err
	}
	return out, reminded(tx, a, ids, at)
}

func (u *UnitStatus) events(s EventSum) {
	u.Events, u.Accepted = s.Events, s.States.Accepted
	u.Back, u.Waiting = s.States.Returned+s.States.Issues, s.States.Received+s.States.Edited
}

// late notes the items that units did not hand in in time and still owe.
func late(tx CampaignTx, a *area, at map[string]*UnitStatus, now int64) error {
	items, err := tx.HandIns(a.c.ID)
	if err != nil {
		return err
	}
	receipts, err := receiptsOf(tx, a.c.ID)
	for _, u := range a.parties() {
		row, shown := at[u.ID]
		for i := range items {
			if h := &items[i]; shown && h.DueMS < now && receipts[[2]string{h.ID, u.ID}].ElectronicMS == 0 {
				row.Late = append(row.Late, h.ID)
			}
		}
	}
	return err
}

// reminded notes when units were last reminded of something they have not done.
func reminded(tx Tx, a *area, ids []string, at map[string]*UnitStatus) error {
	list, err := tx.Reminders(a.c.ID, ids)
	if err != nil || len(list) == 0 {
		return err
	}
	when, err := remindedAt(tx, a.c.ID)
	for i := range list {
		if m := &list[i]; !m.Done {
			at[m.Unit].Reminded = max(at[m.Unit].Reminded, when[m.ID])
		}
	}
	return err
}
