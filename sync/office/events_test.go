package office_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
	"github.com/fieldsync/fieldsync/sync/office"
	"golang.org/x/text/unicode/norm"
)

// Every query of events gives what looking at every record gives, in order, whoever asks.
func TestEventsAreTheRecords(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		for run := range 3 {
			c := newChance(w, uint64(10+run))
			c.fill(40)
			queries := []office.EventQuery{{}, {Order: "old"}, {Unit: unitA}, {Unit: county, Own: true}, {Unit: unitB, Own: true},
				{Kind: "visit"}, {Kind: "media"}, {Kind: "no,such"}, {Venue: "village"}, {Kind: "visit", Venue: "community"}, {Q: "送法%_"},
				{Q: "  STAND  "}, {Q: "Ｓｔand"}, {Q: "%"}, {Q: "_1"}, {Q: "村口"}, {Q: "nothing like it"}, {FromMS: w.now - 86_400_000},
				{ToMS: w.now - 86_400_000, Order: "old"}, {Row: tableA + "/complaints"}, {Row: tableA + "/staff_dispatched"}}
			for _, s := range []models.ReviewState{office.StateWaiting, office.StateBack, office.StateUnaccepted, models.ReviewReceived, models.ReviewEdited, models.ReviewReturned, models.ReviewIssues, models.ReviewAccepted} {
				queries = append(queries, office.EventQuery{State: s})
			}
			queries = append(queries, office.EventQuery{State: office.StateUnaccepted, Flag: office.FlagUrgent})
			for _, f := range []string{office.FlagUrgent, office.FlagConflict, office.FlagDeleted, office.FlagCompleted, office.FlagOutside} {
				queries = append(queries, office.EventQuery{Flag: f})
			}
			u := w.truth()
			for _, who := range []string{adminAll, officerA, reviewerB} {
				r := w.reach(who)
				for _, q := range queries {
					q.Campaign = campaignID
					checkEvents(t, u, r, q, 1+c.IntN(6))
				}
				checkTiles(t, w, r)
			}
		}
		r := w.reach(adminAll)
		_, err := w.d.Events(t.Context(), r, office.EventQuery{Campaign: campaignID, Flag: "no"}, office.Paging{})
		wantCode(t, err, problem.Invalid)
		_, err = w.d.Events(t.Context(), r, office.EventQuery{Campaign: campaignID, Row: "no/row"}, office.Paging{})
		wantCode(t, err, problem.NotFound)
	})
}

// checkTiles holds the numbers of the overview against the lists that they lead to.
func checkTiles(t *testing.T, w *world, r *office.Reach) {
	t.Helper()
	o, err := w.d.Overview(t.Context(), r, campaignID, "")
	if err != nil {
		t.Fatal(err)
	}
	e := o.Events
	for q, want := range map[office.EventQuery]int64{
		{State: office.StateUnaccepted, Flag: office.FlagUrgent}: o.Urgent, {State: office.StateWaiting}: e.Received + e.Edited,
		{State: office.StateBack}: e.Returned + e.Issues, {State: office.StateUnaccepted}: e.Received + e.Edited + e.Returned + e.Issues,
		{Flag: office.FlagUnplaced}: o.Unplaced, {Flag: office.FlagOutside}: o.Outside,
	} {
		q.Campaign = campaignID
		if page, err := w.d.Events(t.Context(), r, q, office.Paging{}); err != nil || *page.Total != want {
			t.Errorf("%+v: the overview says %d, the list has %d (%v)", q, want, *page.Total, err)
		}
	}
}

func checkEvents(t *testing.T, u *truth, r *office.Reach, q office.EventQuery, limit int) {
	t.Helper()
	if q.Unit != "" && !r.May(office.Look, q.Campaign, q.Unit) {
		_, err := u.d.Events(t.Context(), r, q, office.Paging{})
		wantCode(t, err, problem.NotFound)
		return
	}
	var total *int64
	got := collect(t, limit, func(p office.Paging) (office.Page[office.EventRow], error) {
		page, err := u.d.Events(t.Context(), r, q, p)
		total = page.Total
		return page, err
	})
	var want []string
	for _, s := range u.events {
		if selected(u, r, q, s.Record) {
			want = append(want, name(s.Record.Scope[37:], s.Record.ID))
		}
	}
	var names []string
	for i, e := range got {
		names = append(names, name(e.Unit, e.ID))
		rec := u.named[name(e.Unit, e.ID)]
		if rec == nil {
			t.Fatalf("%+v is no record", e)
		}
		if e.Version != rec.Version || e.Seq != rec.Seq || e.State != rec.State() || e.Title != rec.Text("title") || e.UnitName == "" || e.By.OfficerName == "" {
			t.Errorf("%+v is not its record", e)
		}
		if i > 0 && (q.Order == "old") != (got[i-1].StartedAt <= e.StartedAt) && got[i-1].StartedAt != e.StartedAt {
			t.Errorf("%+v: out of order", q)
		}
	}
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) || total == nil || *total != int64(len(want)) {
		t.Errorf("%+v:\n%v\n%v", q, names, want)
	}
}

func name(unit, id string) string { return unit[33:] + "/" + id[33:] }

// selected judges one event without any list.
func selected(u *truth, r *office.Reach, q office.EventQuery, rec *merge.Record) bool {
	unit := rec.Scope[37:]
	if rec.Counts != "" {
		unit = rec.Counts
	}
	if !r.May(office.Look, q.Campaign, unit) || q.Unit != "" && q.Unit != county && unit != q.Unit || q.Own && unit != q.Unit {
		return false
	}
	start := rec.FirstMS
	if at, ok := rec.Int("started_at"); ok {
		start = at
	}
	flags := map[string]bool{"": true, office.FlagUrgent: rec.Flag("urgent"), office.FlagConflict: len(rec.Conflicts()) > 0,
		office.FlagDeleted: rec.Deleted(), office.FlagCompleted: rec.Flag("completed"),
		office.FlagOutside: start < 1646582400000 || start >= 1647532800000}
	if rec.Deleted() && q.Flag != office.FlagDeleted && q.Flag != office.FlagConflict && q.Row == "" {
		return false
	}
	if v := rec.Judged.Verdict; q.Flag == office.FlagOutside && (v == models.OneEvent || v == models.SameFacts) {
		return false
	}
	word := strings.ToLower(norm.NFKC.String(strings.TrimSpace(q.Q)))
	found := word == ""
	for _, f := range []string{"title", "place", "content"} {
		found = found || strings.Contains(strings.ToLower(norm.NFKC.String(rec.Text(f))), word)
	}
	if q.Row != "" {
		_, row, _ := strings.Cut(q.Row, "/")
		found = found && u.gives(rec, row)
	}
	waits := rec.State() == models.ReviewReceived || rec.State() == models.ReviewEdited
	back := rec.State() == models.ReviewReturned || rec.State() == models.ReviewIssues
	state, several := map[models.ReviewState]bool{"": true, office.StateWaiting: waits, office.StateBack: back, office.StateUnaccepted: !rec.Accepted()}[q.State]
	if !several {
		state = rec.State() == q.State
	}
	return found && flags[q.Flag] && state && (q.Kind == "" || rec.Text("kind") == q.Kind) &&
		(q.Venue == "" || rec.Text("venue") == q.Venue) && (q.FromMS == 0 || start >= q.FromMS) && (q.ToMS == 0 || start < q.ToMS)
}

func (u *truth) gives(rec *merge.Record, row string) bool {
	x := u.explain(gateway.TableQuery{Campaign: campaignID, Template: tableA}, row)
	return slices.ContainsFunc(x.Parts, func(p gateway.Part) bool { return p.Record.Scope == rec.Scope && p.Record.ID == rec.ID })
}

// Pages stay whole and without doubles while events come in.
func TestPagesWhileEventsComeIn(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		add := func(n int) {
			p.write(put(scopeA, ev(n), 0, fmt.Sprintf(`"kind":"visit","started_at":%d`, w.now-int64(n%7)*1000))).send()
		}
		for i := range 20 {
			add(i)
		}
		r, next := w.reach(adminAll), 20
		seen := map[string]int{}
		for _, e := range collect(t, 3, func(pg office.Paging) (office.Page[office.EventRow], error) {
			page, err := w.d.Events(t.Context(), r, office.EventQuery{Campaign: campaignID}, pg)
			add(next)
			next++
			return page, err
		}) {
			seen[e.ID]++
		}
		for i := range 20 {
			if seen[ev(i)] != 1 {
				t.Errorf("event %d was shown %d times", i, seen[ev(i)])
			}
		}
	})
}

// A cursor is good with its own query only.
func TestCursors(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		for i := range 5 {
			p.write(put(scopeA, ev(i), 0, `"kind":"visit"`))
		}
		p.send()
		r := w.reach(adminAll)
		page, err := w.d.Events(t.Context(), r, office.EventQuery{Campaign: campaignID}, office.Paging{Limit: 2})
		if err != nil || page.Next == "" || len(page.Items) != 2 || *page.Total != 5 {
			t.Fatalf("%v %v", page, err)
		}
		_, err = w.d.Events(t.Context(), r, office.EventQuery{Campaign: campaignID, Kind: "visit"}, office.Paging{Cursor: page.Next})
		wantCode(t, err, problem.BadCursor)
		_, err = w.d.Conflicts(t.Context(), r, campaignID, "", office.Paging{Cursor: page.Next})
		wantCode(t, err, problem.BadCursor)
		for _, bad := range []string{"x", "e30", page.Next + "A", strings.Repeat("A", 10_000)} {
			_, err = w.d.Audit(t.Context(), r, office.AuditQuery{}, office.Paging{Cursor: bad})
			wantCode(t, err, problem.BadCursor)
		}
	})
}
