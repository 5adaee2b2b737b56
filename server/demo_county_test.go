package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/office"
)

// visitor is somebody who looks at a demo's office.
type visitor struct {
	*testing.T
	app      *app
	desk     *office.Desk
	reach    *office.Reach
	notes    *demoNotes
	campaign string
}

// visited opens the office of a demo that was filled, as its administrator sees it.
func (p *prog) visited() *visitor {
	p.Helper()
	cfg := defaults()
	cfg.Data, cfg.Database = p.data, p.target
	if p.target == "" {
		cfg.Database = filepath.Join(p.data, "fieldsync.db")
	}
	a, err := open(p.Context(), cfg, logger(cfg, io.Discard))
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { a.db.Close() })
	v := &visitor{T: p.T, app: a, desk: office.New(a.db, time.Now)}
	if v.notes, err = a.readNotes(&invocation{ctx: p.Context(), cfg: cfg}); err != nil || v.notes == nil {
		p.Fatalf("the demo left no notes: %v", err)
	}
	v.campaign = v.notes.Campaign
	v.reach = v.as(models.RoleAdmin)
	return v
}

// as signs somebody in and returns what that person may do.
func (v *visitor) as(r models.Role) *office.Reach {
	v.Helper()
	for _, a := range v.notes.Accounts {
		if a.Role != r {
			continue
		}
		s, err := v.app.sessions().SignIn(v.Context(), a.Login, a.Password, "test")
		if err != nil || s.MustChange {
			v.Fatalf("%s signs in: %+v, %v", r, s, err)
		}
		reach, err := v.desk.Reach(v.Context(), s.Officer)
		if err != nil {
			v.Fatal(err)
		}
		return reach
	}
	v.Fatalf("no %s has a sign-in", r)
	return nil
}

// got returns what a reading gave.
func got[T any](v *visitor) func(x T, err error) T {
	return func(x T, err error) T {
		v.Helper()
		if err != nil {
			v.Fatal(err)
		}
		return x
	}
}

var page = office.Paging{Limit: 200}

func (v *visitor) events(q office.EventQuery) []office.EventRow {
	v.Helper()
	q.Campaign = v.campaign
	return got[office.Page[office.EventRow]](v)(v.desk.Events(v.Context(), v.reach, q, page)).Items
}

// count checks a number of the county.
func (v *visitor) count(what string, n, least, most int64) {
	v.Helper()
	if n < least || n > most {
		v.Errorf("%s: %d, want %d to %d", what, n, least, most)
	}
}

// TestDemoCounty: an office that opens the demo meets whatever an office meets.
func TestDemoCounty(t *testing.T) {
	storetest.EachTarget(t, func(t *testing.T, target string) {
		p := newProg(t, target)
		p.do("demo", "--exit")
		p.clean()
		v := p.visited()
		v.overview()
		v.standouts()
		v.waiting()
		v.phones()
		v.setUp()
		for _, a := range v.notes.Accounts {
			r := v.as(a.Role)
			if may := r.MayEverywhere(office.Look); may == (a.Role == models.RoleHead) {
				t.Errorf("%s looks everywhere: %v", a.Role, may)
			}
			if r.MayAnywhere(office.Manage) != (a.Role == models.RoleAdmin) || r.MayAnywhere(office.Sign) != (a.Role == models.RoleAdmin || a.Role == models.RoleHead) {
				t.Errorf("%s has other rights than its role", a.Role)
			}
		}
		info, err := os.Stat(filepath.Join(p.data, notesFile))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the notes, with passwords in them: %v, %v", info.Mode(), err)
		}
	})
}

func (v *visitor) overview() {
	v.Helper()
	o := got[*office.Overview](v)(v.desk.Overview(v.Context(), v.reach, v.campaign, ""))
	v.count("received", o.Events.Received, 20, 30)
	v.count("accepted", o.Events.Accepted, 170, 200)
	v.count("edited", o.Events.Edited, 1, 1)
	v.count("returned", o.Events.Returned, 1, 1)
	v.count("issues", o.Events.Issues, 1, 1)
	v.count("urgent", o.Urgent, 1, 1)
	v.count("conflicts", o.Conflicts, 3, 3)
	v.count("suspects", o.Suspects, 4, 4)
	v.count("outside", o.Outside, 1, 1)
	want := office.SheetCounts{None: o.Units - 10, Filling: 1, Completed: 3, Approved: 2, Accepted: 3, Returned: 1}
	if o.Sheets != want || o.Units < 12 {
		v.Errorf("sheets of %d units: %+v, want %+v", o.Units, o.Sheets, want)
	}
	v.count("phones", o.Phones.Phones, 30, 31) // whether a revoked one is one is not the demo's matter
	v.count("never heard", o.Phones.Never, 1, 1)
	v.count("owing", o.Phones.Owing, 3, 3)
	v.count("photos owed", o.Phones.OwesPhotos, 6, 6)
	if len(o.Deadlines) != 4 {
		v.Fatalf("deadlines: %+v", o.Deadlines)
	}
	v.count("missing of what is over", o.Deadlines[0].Missing, 2, 3)
	hour := time.Hour.Milliseconds()
	for i, within := range [][2]int64{{-99 * hour, -2 * 24 * hour}, {2 * hour, 37 * hour}, {37 * hour, 66 * hour}, {37 * hour, 66 * hour}} {
		v.count(o.Deadlines[i].HandIn.Item, o.Deadlines[i].Left, within[0], within[1])
	}
	cal := calendarOf(time.Now())
	c := o.Campaign
	if c.State != models.CampaignIsOpen || c.FirstDay != cal.date(-14) || c.LastDay != cal.date(2) || c.Year != cal.year() {
		v.Errorf("the campaign: %+v", c)
	}
	busiest := o.Days[0]
	for _, d := range o.Days {
		if d.Events > busiest.Events {
			busiest = d
		}
	}
	if busiest.Day != cal.date(stands) {
		v.Errorf("most happened on %s, the stands were on %s", busiest.Day, cal.date(stands))
	}
}

// standouts looks at the events that stand out.
func (v *visitor) standouts() {
	v.Helper()
	for flag, n := range map[string]int{office.FlagUrgent: 1, office.FlagLate: 1, office.FlagConflict: 3, office.FlagOutside: 1, office.FlagDeleted: 1} {
		if list := v.events(office.EventQuery{Flag: flag}); len(list) != n {
			v.Errorf("%s: %d events, want %d", flag, len(list), n)
		}
	}
	if list := v.events(office.EventQuery{Flag: office.FlagUnplaced}); len(list) != 7 { // a duty and the destructions
		v.Errorf("unplaced: %+v", list)
	}
	if d := v.events(office.EventQuery{Flag: office.FlagDeleted}); len(d) == 1 && len(d[0].Tallies) == 0 {
		v.Errorf("nothing was counted at the deleted event: %+v", d[0])
	}
	for state, comments := range map[models.ReviewState]int{models.ReviewReturned: 0, models.ReviewEdited: 0, models.ReviewIssues: 1} {
		e := v.events(office.EventQuery{State: state})[0]
		name := office.RecordName{Campaign: v.campaign, Unit: e.Unit, Kind: models.EventKind, ID: e.ID}
		d := got[*office.EventDetail](v)(v.desk.Event(v.Context(), v.reach, name))
		if d.Review.Reason == "" || len(d.Review.Comments) != comments {
			v.Errorf("%s: %+v", state, d.Review)
		}
		h := got[office.Page[office.HistoryItem]](v)(v.desk.History(v.Context(), v.reach, name, page)).Items
		if last := h[0]; state == models.ReviewEdited && (last.Op != "tally.add" || h[1].Changes[0].Field != "boards") {
			v.Errorf("the edited one: %+v, before that %+v", last, h[1])
		}
	}
	moved := 0
	for _, e := range v.events(office.EventQuery{Q: "现场咨询（第41场）"}) {
		if e.CountsFor != "" && e.CountsFor != e.Unit {
			moved++
		}
	}
	if moved != 1 {
		v.Errorf("%d events were moved to other units", moved)
	}
	why := map[string]int{}
	for _, s := range got[office.Page[office.SuspectView]](v)(v.desk.Suspects(v.Context(), v.reach, v.campaign, "", false, page)).Items {
		why[s.Why]++
	}
	if why["same_place"] != 2 || why["same_item"] != 1 || why["near_photo"] != 1 {
		v.Errorf("suspected pairs: %v", why)
	}
	judged := got[office.Page[office.SuspectView]](v)(v.desk.Suspects(v.Context(), v.reach, v.campaign, "", true, page)).Items
	if len(judged) != 1 || judged[0].Verdict != models.OneEvent || judged[0].First.Unit == judged[0].Second.Unit {
		v.Errorf("judged pairs: %+v", judged)
	}
}

// waiting looks at the lines that are held.
func (v *visitor) waiting() {
	v.Helper()
	held := got[*office.HeldPage](v)(v.desk.Held(v.Context(), v.reach, office.HeldQuery{Campaign: v.campaign}, page))
	causes := map[models.Cause]int{}
	for _, h := range held.Items {
		causes[h.Cause]++
	}
	for _, c := range []models.Cause{models.NoRight, models.Revoked, models.EventAccepted, models.UnknownIndicator, models.UnknownEvent} {
		if causes[c] == 0 {
			v.Errorf("nothing waits for %s: %v", c, causes)
		}
	}
}

// phones looks at the phones and the enrolment codes.
func (v *visitor) phones() {
	v.Helper()
	for state, n := range map[string]int{office.PhoneOwing: 3, office.PhoneSilent: 1, office.PhoneRevoked: 1, office.PhoneForked: 1} {
		list := got[office.Page[office.DeviceRow]](v)(v.desk.Devices(v.Context(), v.reach, office.DeviceQuery{State: state}, page)).Items
		if len(list) != n {
			v.Errorf("%s: %d phones, want %d", state, len(list), n)
		}
	}
	wrong := 0
	for _, d := range got[office.Page[office.DeviceRow]](v)(v.desk.Devices(v.Context(), v.reach, office.DeviceQuery{}, page)).Items {
		if days := float64(d.ClockOffset) / float64((24 * time.Hour).Milliseconds()); days < -12.9 && days > -13.1 {
			wrong++
		}
	}
	if wrong != 1 {
		v.Errorf("%d phones have a clock that is 13 days ahead", wrong)
	}
	for state, n := range map[string]int{office.CodeOpen: 2, office.CodeUsed: 31, office.CodeOver: 1} {
		if list := got[office.Page[office.CodeRow]](v)(v.desk.Codes(v.Context(), v.reach, office.CodeQuery{State: state}, page)).Items; len(list) != n {
			v.Errorf("%s: %d codes, want %d", state, len(list), n)
		}
	}
}

// setUp looks at what the office arranged.
func (v *visitor) setUp() {
	v.Helper()
	ctx := v.Context()
	tasks := got[office.Page[models.Task]](v)(v.desk.Tasks(ctx, v.reach, v.campaign, page))
	roster := got[office.Page[models.Duty]](v)(v.desk.Roster(ctx, v.reach, v.campaign, page))
	reminders := got[office.Page[models.Reminder]](v)(v.desk.Reminders(ctx, v.reach, v.campaign, page))
	if len(tasks.Items) != 6 || len(roster.Items) != 10 || len(reminders.Items) != 3 {
		v.Errorf("%d tasks, %d duties, %d reminders", len(tasks.Items), len(roster.Items), len(reminders.Items))
	}
	electronic, paper, late := 0, 0, 0
	for _, c := range got[office.Page[office.HandInCell]](v)(v.desk.HandInCells(ctx, v.reach, v.campaign, "", page)).Items {
		if c.ElectronicAt != 0 {
			electronic++
		}
		if c.PaperAt != 0 {
			paper++
		}
		if c.Late {
			late++
		}
	}
	if electronic != 16 || paper != 10 || late < 2 {
		v.Errorf("%d came electronically, %d on paper, %d are late", electronic, paper, late)
	}
	audit := got[office.Page[office.AuditRow]](v)(v.desk.Audit(ctx, v.reach, office.AuditQuery{Op: "office.note", Kind: "credential"}, page))
	if len(audit.Items) != 5 {
		v.Errorf("the trail knows of %d sign-ins", len(audit.Items))
	}
}
