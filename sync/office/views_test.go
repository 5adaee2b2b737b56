package office_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// Suspects, conflicts and the overview's numbers are those of the records.
func TestOverviewIsTheRecords(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		for run := range 3 {
			c := newChance(w, uint64(20+run))
			c.fill(40)
			for _, who := range []string{adminAll, officerA, reviewerB} {
				checkOverview(t, w, w.reach(who))
			}
		}
	})
}

func checkOverview(t *testing.T, w *world, r *office.Reach) {
	t.Helper()
	o, err := w.d.Overview(t.Context(), r, campaignID, "")
	if err != nil {
		t.Fatal(err)
	}
	var want office.StateCounts
	var urgent, conflicts, all int64
	for _, s := range w.records(models.EventKind) {
		rec := s.Record
		if !mine(r, rec.Scope[37:], rec.Counts) {
			continue
		}
		if len(rec.Conflicts()) > 0 {
			conflicts++
		}
		if rec.Deleted() {
			continue
		}
		all++
		switch rec.State() {
		case models.ReviewReceived:
			want.Received++
		case models.ReviewEdited:
			want.Edited++
		case models.ReviewIssues:
			want.Issues++
		case models.ReviewReturned:
			want.Returned++
		case models.ReviewAccepted:
			want.Accepted++
		}
		if rec.Flag("urgent") && !rec.Accepted() {
			urgent++
		}
	}
	for _, s := range w.records(models.SheetKind) {
		if len(s.Record.Conflicts()) > 0 && mine(r, s.Record.ID, "") {
			conflicts++
		}
	}
	days := int64(0)
	for _, d := range o.Days {
		days += d.Events
	}
	if o.Events != want || o.Urgent != urgent || o.Conflicts != conflicts || days != all {
		t.Errorf("%s: %+v urgent %d conflicts %d days %d, want %+v %d %d %d", r.Officer.Name, o.Events, o.Urgent, o.Conflicts, days, want, urgent, conflicts, all)
	}
	checkPairs(t, w, r, o.Suspects)
	checkConflicts(t, w, r, conflicts)
	checkUnits(t, w, r, o, all)
}

// checkUnits holds what is said unit by unit, and of waiting lines, against the overview.
func checkUnits(t *testing.T, w *world, r *office.Reach, o *office.Overview, all int64) {
	t.Helper()
	statuses := collect(t, 1, func(p office.Paging) (office.Page[office.UnitStatus], error) {
		return w.d.UnitStatuses(t.Context(), r, campaignID, "", p)
	})
	events := int64(0)
	for _, s := range statuses {
		events += s.Events
		if s.Events != s.Accepted+s.Waiting+s.Back {
			t.Errorf("%+v does not add up", s)
		}
	}
	if events != all || int64(len(statuses)) != o.Units {
		t.Errorf("%s: the units have %d events, want %d", r.Officer.Name, events, all)
	}
	held, err := w.d.Held(t.Context(), r, office.HeldQuery{Campaign: campaignID}, office.Paging{})
	if err != nil || !slices.Equal(held.Causes, o.Held) {
		t.Errorf("%s: held %v %v %v", r.Officer.Name, held.Causes, o.Held, err)
	}
}

// checkPairs holds suspected and judged pairs against the gateway's and the records'.
func checkPairs(t *testing.T, w *world, r *office.Reach, want int64) {
	t.Helper()
	suspects := suspectsOf(t, w, r, "")
	if int64(len(suspects)) != want {
		t.Errorf("%s: %d suspects, the overview has %d", r.Officer.Name, len(suspects), want)
	}
	for _, unit := range r.Units(office.Look, campaignID, county) {
		within := slices.DeleteFunc(slices.Clone(suspects), func(s office.SuspectView) bool {
			return unit != county && (countsFor(s.First) != unit || countsFor(s.Second) != unit)
		})
		if list := suspectsOf(t, w, r, unit); len(list) < len(within) {
			t.Errorf("%s: %d suspects in %s, want %d or more", r.Officer.Name, len(list), unit, len(within))
		}
	}
	if list, err := w.g.Suspects(t.Context(), campaignID); r.Officer.ID == adminAll && (err != nil || len(list) != len(suspects)) {
		t.Errorf("%d suspects, the gateway has %d (%v)", len(suspects), len(list), err)
	}
	judged := collect(t, 2, func(p office.Paging) (office.Page[office.SuspectView], error) {
		return w.d.Suspects(t.Context(), r, campaignID, "", true, p)
	})
	n := 0
	for _, s := range w.records(models.EventKind) {
		if j := s.Record.Judged; j.Verdict != "" && mine(r, s.Record.Scope[37:], s.Record.Counts) {
			if first := w.record(models.EventKind, j.Scope, j.ID); shown(r, first.Scope[37:], first.Counts) {
				n++
			}
		}
	}
	if len(judged) != n {
		t.Errorf("%s: %d judged pairs, want %d", r.Officer.Name, len(judged), n)
	}
}

// suspectsOf reads the open pairs of a unit, whose number the list and the overview tell alike.
func suspectsOf(t *testing.T, w *world, r *office.Reach, unit string) []office.SuspectView {
	t.Helper()
	o, err := w.d.Overview(t.Context(), r, campaignID, unit)
	if err != nil {
		t.Fatal(err)
	}
	list := collect(t, 2, func(p office.Paging) (office.Page[office.SuspectView], error) {
		page, err := w.d.Suspects(t.Context(), r, campaignID, unit, false, p)
		if err == nil && (page.Total == nil || *page.Total != o.Suspects) {
			t.Errorf("%s: the list says %v, the overview %d suspects", r.Officer.Name, page.Total, o.Suspects)
		}
		return page, err
	})
	if int64(len(list)) != o.Suspects {
		t.Errorf("%s: %d suspects, the overview has %d", r.Officer.Name, len(list), o.Suspects)
	}
	return list
}

func countsFor(e office.EventRow) string {
	if e.CountsFor != "" {
		return e.CountsFor
	}
	return e.Unit
}

// checkConflicts holds fields in conflict against the records that have any.
func checkConflicts(t *testing.T, w *world, r *office.Reach, want int64) {
	t.Helper()
	records := map[string]bool{}
	total := int64(-1)
	list := collect(t, 2, func(p office.Paging) (office.Page[office.ConflictView], error) {
		page, err := w.d.Conflicts(t.Context(), r, campaignID, "", p)
		if page.Total != nil {
			total = *page.Total
		}
		return page, err
	})
	if total != int64(len(list)) {
		t.Errorf("%s: %d fields stand in conflict, the list says %d", r.Officer.Name, len(list), total)
	}
	for _, x := range list {
		records[x.Unit+string(x.Kind)+x.ID] = true
		if len(x.Values) == 0 || x.Values[0].By.OfficerName == "" {
			t.Errorf("%+v names nobody", x)
		}
		checkLabel(t, x.Kind, "", office.Difference{Field: x.Field, Label: x.Label, LabelEN: x.LabelEN})
	}
	if int64(len(records)) != want {
		t.Errorf("%s: %d records stand in conflict, want %d", r.Officer.Name, len(records), want)
	}
}

// mine reports whether a record counts for a unit of the reach.
func mine(r *office.Reach, unit, counts string) bool {
	if counts != "" {
		unit = counts
	}
	return r.May(office.Look, campaignID, unit)
}

// shown reports whether a record stands in, or counts for, a unit of the reach.
func shown(r *office.Reach, unit, counts string) bool {
	return r.May(office.Look, campaignID, unit) || counts != "" && r.May(office.Look, campaignID, counts)
}

// Waiting lines are shown where their scope is, each with what it would change.
func TestHeld(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		a := w.phone(officerA)
		a.write(put(scopeA, ev(1), 0, `"kind":"visit","title":"甲的活动"`)).send()
		w.as(adminAll, w.review("review.accept", scopeA, ev(1), ""))
		a.write(put(scopeA, ev(1), 1<<40, `"leaders":4`), tap(scopeA, ev(9), "complaints", 2), put(scopeB, ev(2), 0, `"kind":"visit"`),
			put(campaignID+":"+ev(5), ev(3), 0, `"kind":"visit"`), put(ev(5)+":"+unitA, ev(4), 0, `"kind":"visit"`)).send()
		count := func(who string) (n int, causes int64) {
			list := collect(t, 1, func(p office.Paging) (office.Page[office.HeldRow], error) {
				page, err := w.d.Held(t.Context(), w.reach(who), office.HeldQuery{}, p)
				causes = 0
				for _, c := range page.Causes {
					causes += c.Lines
				}
				return page.Page, err
			})
			return len(list), causes
		}
		for who, want := range map[string]int{adminAll: 5, officerA: 2, reviewerB: 1, guestOfA: 2, adminCity: 0} {
			if n, causes := count(who); n != want || causes != int64(want) {
				t.Errorf("%s sees %d lines, counts %d, want %d", who[32:], n, causes, want)
			}
		}
		page, err := w.d.Held(t.Context(), w.reach(officerA), office.HeldQuery{Campaign: campaignID, Cause: models.UnknownEvent}, office.Paging{})
		if err != nil || len(page.Items) != 1 || page.Items[0].Changes[0].Field != "complaints" || string(page.Items[0].Changes[0].After) != "2" ||
			page.Items[0].Changes[0].Label == "" || page.Items[0].By.OfficerName != "外勤甲" || len(page.Causes) != 2 {
			t.Errorf("%+v %v", page, err)
		}
		h := page.Items[0]
		_, err = w.d.HeldLine(t.Context(), w.reach(reviewerB), h.Log, h.Seq)
		wantCode(t, err, problem.NotFound)
		if line, err := w.d.HeldLine(t.Context(), w.reach(guestOfA), h.Log, h.Seq); err != nil || line.Op != "tally.add" {
			t.Errorf("%v %v", line, err)
		}
		detail, err := w.d.Event(t.Context(), w.reach(officerA), office.RecordName{Campaign: campaignID, Unit: unitA, ID: ev(1)})
		if err != nil || len(detail.Held) != 1 || detail.Held[0].Title != "甲的活动" || string(detail.Held[0].Changes[0].After) != "4" {
			t.Errorf("%+v %v", detail, err)
		}
	})
}

// Phones, codes, sheets and hand-ins are what was said of them.
func TestPhonesAndPapers(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		a, b := w.phone(officerA), w.phone(officerB)
		w.phone(headA) // never heard of
		a.owes = 3
		a.write(put(scopeA, ev(1), 0, `"kind":"visit"`), sheet(scopeA, unitA, `"filled_by":"甲","phone":"123","completed":true`)).send()
		w.now += 3 * 86_400_000
		b.write(put(scopeB, ev(2), 0, `"kind":"visit"`)).send()
		r := w.reach(adminAll)
		for state, want := range map[string]int{"": 3, office.PhoneOwing: 1, office.PhoneSilent: 2, office.PhoneForked: 0, office.PhoneRevoked: 0} {
			list := collect(t, 1, func(p office.Paging) (office.Page[office.DeviceRow], error) {
				return w.d.Devices(t.Context(), r, office.DeviceQuery{State: state}, p)
			})
			if len(list) != want {
				t.Errorf("%d phones are %q, want %d", len(list), state, want)
			}
		}
		for who, want := range map[string]int{officerA: 1, headA: 1, left: 0, "nobody": 0} {
			list, err := w.d.Devices(t.Context(), r, office.DeviceQuery{Officer: who}, office.Paging{})
			if err != nil || len(list.Items) != want || want == 1 && list.Items[0].Officer != who {
				t.Errorf("%v: %v, want %d phones of %s", err, list, want, who)
			}
		}
		if list, err := w.d.Devices(t.Context(), w.reach(reviewerB), office.DeviceQuery{Officer: officerA}, office.Paging{}); err != nil || len(list.Items) != 0 {
			t.Errorf("a phone outside the reach: %v %v", list, err)
		}
		d, err := w.d.Device(t.Context(), r, a.id)
		if err != nil || d.OwesLines != 3 || d.OwesPhotos != 3 || d.Lines != 2 || d.OfficerName != "外勤甲" || d.UnitName != "城关所" || d.Epochs != 1 {
			t.Errorf("%+v %v", d, err)
		}
		_, err = w.d.Device(t.Context(), w.reach(reviewerB), a.id)
		wantCode(t, err, problem.NotFound)
		due := w.now - 1000
		item, other := uuidOf(1), uuidOf(2)
		w.admin("handin", item, fmt.Sprintf(`{"campaign":"%s","item":"统计表","due":%d}`, campaignID, due))
		w.admin("handin", other, fmt.Sprintf(`{"campaign":"%s","item":"总结","due":%d}`, campaignID, w.now+5000))
		w.admin("receipt", models.ReceiptID(item, unitB), fmt.Sprintf(`{"campaign":"%s","handin":"%s","unit":"%s","electronic":%d}`, campaignID, item, unitB, w.now))
		w.admin("reminder", uuidOf(3), fmt.Sprintf(`{"campaign":"%s","unit":"%s","text":"请尽快上报"}`, campaignID, unitA))
		cells := collect(t, 3, func(p office.Paging) (office.Page[office.HandInCell], error) {
			return w.d.HandInCells(t.Context(), r, campaignID, "", p)
		})
		if len(cells) != 4 || cells[0].Unit != unitA || cells[0].HandIn != item || !cells[0].Late || cells[1].Late || cells[2].ElectronicAt != w.now || cells[2].Version == 0 {
			t.Errorf("%+v", cells)
		}
		o, err := w.d.Overview(t.Context(), r, campaignID, "")
		if err != nil || len(o.Deadlines) != 2 || o.Deadlines[0].Missing != 1 || o.Deadlines[0].Paper != 2 || o.Deadlines[0].Left != -1000 ||
			o.Phones != (office.PhoneCounts{Phones: 3, Never: 1, Owing: 1, OwesLines: 3, OwesPhotos: 3, OldestAt: w.now - 3*86_400_000, NewestAt: w.now}) ||
			o.Sheets != (office.SheetCounts{None: 2, Completed: 1}) || len(o.Figures) == 0 || o.Figures[0].UnitEN == "" {
			t.Errorf("%+v %v", o, err)
		}
		statuses, err := w.d.UnitStatuses(t.Context(), r, campaignID, unitA, office.Paging{})
		if err != nil || len(statuses.Items) != 1 || !slices.Equal(statuses.Items[0].Late, []string{item}) || statuses.Items[0].Reminded != w.now ||
			statuses.Items[0].Sheet.FilledBy != "甲" || !statuses.Items[0].Sheet.Late || statuses.Items[0].KnownUpTo != w.now-3*86_400_000 {
			t.Errorf("%+v %v", statuses, err)
		}
		s, err := w.d.Sheet(t.Context(), r, campaignID, unitA)
		if err != nil || !s.Completed || string(s.Fields["phone"]) != `"123"` || len(s.TextRows) == 0 {
			t.Errorf("%+v %v", s, err)
		}
		if s, err = w.d.Sheet(t.Context(), r, campaignID, unitB); err != nil || s.Version != 0 || s.UnitName != "河东所" {
			t.Errorf("%+v %v", s, err)
		}
		_, err = w.d.Sheet(t.Context(), w.reach(officerA), campaignID, unitB)
		wantCode(t, err, problem.NotFound)
		checkCodes(t, w)
	})
}

func uuidOf(n int) string { return fmt.Sprintf("01900000-0000-7000-8000-00000000a%03d", n) }

func checkCodes(t *testing.T, w *world) {
	t.Helper()
	_, made, err := w.g.AddBatch(t.Context(), adminAll, map[[32]byte]string{{1}: officerA, {2}: officerB, {3}: officerB}, time.Hour, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.g.CancelCode(t.Context(), adminAll, made[0].ID, nil); err != nil {
		t.Fatal(err)
	}
	r := w.reach(adminAll)
	for state, want := range map[string]int{"": 3, office.CodeOpen: 2, office.CodeUsed: 0, office.CodeOver: 1} {
		list := collect(t, 1, func(p office.Paging) (office.Page[office.CodeRow], error) {
			return w.d.Codes(t.Context(), r, office.CodeQuery{State: state}, p)
		})
		if len(list) != want {
			t.Errorf("%d codes are %q, want %d", len(list), state, want)
		}
	}
	if page, err := w.d.Codes(t.Context(), w.reach(reviewerB), office.CodeQuery{}, office.Paging{}); err != nil || len(page.Items) != 2 {
		t.Errorf("%+v %v", page, err)
	}
	// Codes of who left are over, and open again when they come back.
	for i, ended := range []bool{true, false} {
		w.change("officer", officerB, int64(1+i), fmt.Sprintf(`{"ended":%v}`, ended))
		over, err := w.d.Codes(t.Context(), r, office.CodeQuery{State: office.CodeOver}, office.Paging{})
		if want := map[bool]int{true: 3, false: 1}[ended]; err != nil || len(over.Items) != want || over.Items[0].Left != ended {
			t.Errorf("left: %v: %+v %v", ended, over, err)
		}
		open, err := w.d.Codes(t.Context(), r, office.CodeQuery{State: office.CodeOpen}, office.Paging{})
		if o, e := w.d.Officer(t.Context(), r, officerB); err != nil || e != nil || len(open.Items)+len(over.Items) != 3 || o.OpenCodes != len(open.Items) {
			t.Errorf("left: %v: %+v %+v %v %v", ended, open, o, err, e)
		}
	}
	if o, err := w.d.Officer(t.Context(), r, officerA); err != nil || o.Devices != 1 || o.LastSeenMS == 0 {
		t.Errorf("%+v %v", o, err)
	}
}

// People, units, campaigns and templates.
func TestPeople(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		_, err := w.d.Reach(t.Context(), left)
		wantCode(t, err, problem.Unauthorized)
		_, err = w.d.Reach(t.Context(), "nobody")
		wantCode(t, err, problem.Unauthorized)
		me, err := w.d.Me(t.Context(), w.reach(guestOfA))
		if err != nil || len(me.Grants) != 2 || len(me.Campaigns) != 2 || len(me.Roots) != 2 || len(me.Everywhere) != 2 {
			t.Errorf("%+v %v", me, err)
		}
		r := w.reach(adminAll)
		no := false
		for q, want := range map[office.OfficerQuery]int{{}: 6, {Unit: unitA}: 3, {Ended: &no, Unit: unitA}: 2, {Q: "乙"}: 2, {Role: "head"}: 1} {
			list := collect(t, 2, func(p office.Paging) (office.Page[office.OfficerRow], error) {
				return w.d.Officers(t.Context(), r, q, p)
			})
			if len(list) != want {
				t.Errorf("%+v selects %d people, want %d", q, len(list), want)
			}
		}
		top := ""
		for who, want := range map[string][2]int{adminAll: {1, 3}, officerA: {1, 1}, guestOfA: {2, 2}} {
			roots, err := w.d.Units(t.Context(), w.reach(who), office.UnitQuery{Parent: &top}, office.Paging{})
			all, err2 := w.d.Units(t.Context(), w.reach(who), office.UnitQuery{}, office.Paging{})
			if err != nil || err2 != nil || len(roots.Items) != want[0] || len(all.Items) != want[1] {
				t.Errorf("%s sees %d roots and %d units", who[32:], len(roots.Items), len(all.Items))
			}
		}
		_, err = w.d.Unit(t.Context(), w.reach(officerA), unitB)
		wantCode(t, err, problem.NotFound)
		if u, err := w.d.Unit(t.Context(), r, county); err != nil || u.Children != 2 {
			t.Errorf("%+v %v", u, err)
		}
		if g, err := w.d.Grants(t.Context(), w.reach(adminCity), guestOfA); err != nil || len(g) != 1 {
			t.Errorf("%+v %v", g, err)
		}
		templates, err := w.d.Templates(t.Context(), r)
		if err != nil || len(templates) != 2 || !templates[0].Builtin || templates[0].Code != tableA {
			t.Errorf("%+v %v", templates, err)
		}
		if x, err := w.d.Template(t.Context(), r, tableA); err != nil || len(x.Preview.Rows) != 38 || x.Preview.Rows[0].Rule == "" {
			t.Errorf("%v", err)
		}
		_, err = w.d.PreviewTemplate("id: x\nno: y")
		wantCode(t, err, problem.Invalid)
		if p := err.(*problem.Error); p.Fields["line"] == nil {
			t.Errorf("%v names no line", err)
		}
	})
}

// The audit trail is read where its unit or campaign is in reach.
func TestAudit(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.phone(officerA).write(put(scopeA, ev(1), 0, `"kind":"visit","title":"甲的活动"`)).send()
		w.phone(officerB).write(put(scopeB, ev(2), 0, `"kind":"visit","title":"乙的活动"`)).send()
		w.as(adminAll, w.review("review.accept", scopeA, ev(1), "好"))
		w.as(adminAll, w.review("review.return", scopeB, ev(2), "补充"))
		read := func(who string, q office.AuditQuery) []office.AuditRow {
			return collect(t, 2, func(p office.Paging) (office.Page[office.AuditRow], error) {
				return w.d.Audit(t.Context(), w.reach(who), q, p)
			})
		}
		all := read(adminAll, office.AuditQuery{})
		for i, row := range all {
			if row.Unit == city || row.Campaign == otherID || row.By.OfficerName == "" && row.By.Officer != w.inst.Officer || !json.Valid(row.Line) {
				t.Errorf("%+v", row)
			}
			if i > 0 && row.At > all[i-1].At {
				t.Errorf("%+v is out of order", row)
			}
		}
		if all[0].Op != "review.return" || all[0].Title != "乙的活动" || all[0].Reason != "补充" || all[0].By.OfficerName != "管理员" || all[0].UnitName != "河东所" {
			t.Errorf("%+v", all[0])
		}
		for _, row := range read(reviewerB, office.AuditQuery{}) {
			if row.Unit != unitB {
				t.Errorf("the reviewer of one unit reads %+v", row)
			}
		}
		if n := len(read(reviewerB, office.AuditQuery{Kind: "event", ID: ev(2)})); n != 1 {
			t.Errorf("%d lines about an event, want 1", n)
		}
		if n := len(read(officerA, office.AuditQuery{})); n != 0 {
			t.Errorf("an officer reads %d lines", n)
		}
		for q, want := range map[office.AuditQuery]int{{Op: "review.accept"}: 1, {Unit: unitA, Kind: "event"}: 1, {Officer: adminAll}: 2,
			{Campaign: campaignID, Op: "campaign.state"}: 1, {FromMS: w.now + 1}: 0} {
			if n := len(read(adminAll, q)); n != want {
				t.Errorf("%+v: %d lines, want %d", q, n, want)
			}
		}
	})
}

// A frozen table is named as its form is, in the campaign's year.
func TestSnapshots(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		for _, state := range []string{"closing", "closed", "frozen"} {
			w.act(gateway.Entry{Op: "campaign.state", Scope: campaignID, State: state})
		}
		list, err := w.d.Snapshots(t.Context(), w.reach(adminAll), campaignID)
		if err != nil || len(list) != 2 {
			t.Fatalf("%+v %v", list, err)
		}
		for _, s := range list {
			if v, err := w.d.Table(t.Context(), w.reach(adminAll), office.TableQuery{Campaign: campaignID, Template: s.Template}); err != nil ||
				s.Title == "" || s.TitleEN == "" || !slices.Contains(v.Templates, office.TemplateName{ID: s.Template, Title: s.Title, TitleEN: s.TitleEN}) ||
				len(v.Frozen) != 1 || v.Frozen[0].Title != s.Title {
				t.Errorf("%+v %v", s, err)
			}
		}
		if list, err := w.d.Snapshots(t.Context(), w.reach(officerA), campaignID); err != nil || len(list) != 0 {
			t.Errorf("%+v %v", list, err)
		}
	})
}

// A table that is not what was frozen says so to those who may look at all of it, whichever part they look at;
// what is open in an amendment does too, until it is frozen again.
func TestTableDiffersFromFrozen(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(put(scopeA, ev(1), 0, `"kind":"visit","venue":"village","place":"村口"`)).send()
		differs := func(want bool) {
			t.Helper()
			for _, q := range []office.TableQuery{{}, {Template: "heping-2020"}, {Unit: unitB}, {Date: "2022-03-15"}} {
				q.Campaign = campaignID
				v, err := w.d.Table(t.Context(), w.reach(adminAll), q)
				if err != nil || v.DiffersFromFrozen != want {
					t.Errorf("%+v: %v, want %v (%v)", q, v.DiffersFromFrozen, want, err)
				}
			}
			if v, err := w.d.Table(t.Context(), w.reach(officerA), office.TableQuery{Campaign: campaignID}); err != nil || v.DiffersFromFrozen {
				t.Errorf("who sees no frozen table is told of one (%v)", err)
			}
		}
		accept := func(undo string) {
			t.Helper()
			rec := w.record(models.EventKind, scopeA, ev(1))
			w.as(adminAll, gateway.Entry{Op: "review." + undo, Scope: scopeA, Kind: "event", ID: ev(1), Version: &rec.Version, Seq: &rec.Seq})
		}
		differs(false)
		accept("accept")
		for _, state := range []string{"closing", "closed", "frozen"} {
			w.act(gateway.Entry{Op: "campaign.state", Scope: campaignID, State: state})
		}
		differs(false)
		w.change("unit", unitB, 1, `{"name":"河东市场监管所"}`) // a name is not in the hash
		differs(false)
		w.act(gateway.Entry{Op: "campaign.amend", Scope: campaignID, Reason: "补报"})
		differs(false)
		accept("reopen")
		differs(true)
		w.act(gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "frozen", Anyway: true})
		differs(false)
		w.admin("unit", uuidOf(7), `{"name":"新所","code":"03","parent":"`+county+`"}`) // a column more
		if v, err := w.d.Table(t.Context(), w.reach(adminAll), office.TableQuery{Campaign: campaignID}); err != nil || !v.DiffersFromFrozen {
			t.Errorf("the frozen table lacks a unit, and nobody says so (%v)", err)
		}
	})
}
