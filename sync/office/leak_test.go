package office_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// everything returns all that the desk tells somebody, as it would go over the wire.
func everything(t *testing.T, w *world, r *office.Reach) map[string]string {
	t.Helper()
	ctx, all := t.Context(), office.Paging{Limit: 200}
	out := map[string]string{}
	put := func(what string, v any, err error) {
		t.Helper()
		if err != nil && problem.CodeOf(err) != problem.NotFound {
			t.Errorf("%s: %v", what, err)
		}
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out[what] = string(b)
	}
	me, err := w.d.Me(ctx, r)
	put("me", me, err)
	units, err := w.d.Units(ctx, r, office.UnitQuery{}, all)
	put("units", units, err)
	officers, err := w.d.Officers(ctx, r, office.OfficerQuery{}, all)
	put("officers", officers, err)
	campaigns, err := w.d.Campaigns(ctx, r, all)
	put("campaigns", campaigns, err)
	reminders, err := w.d.Reminders(ctx, r, campaignID, all)
	put("reminders", reminders, err)
	cells, err := w.d.HandInCells(ctx, r, campaignID, "", all)
	put("cells", cells, err)
	snapshots, err := w.d.Snapshots(ctx, r, campaignID)
	put("snapshots", snapshots, err)
	overview, err := w.d.Overview(ctx, r, campaignID, "")
	put("overview", overview, err)
	statuses, err := w.d.UnitStatuses(ctx, r, campaignID, "", all)
	put("statuses", statuses, err)
	table, err := w.d.Table(ctx, r, office.TableQuery{Campaign: campaignID})
	put("table", table, err)
	if table != nil {
		for i := range table.Rows {
			row, err := w.d.Row(ctx, r, office.TableQuery{Campaign: campaignID}, table.Rows[i].Code, all)
			put("row "+table.Rows[i].Code, row, err)
		}
	}
	everyRecord(t, w, r, put)
	return out
}

// everyRecord is the part of everything that is about records.
func everyRecord(t *testing.T, w *world, r *office.Reach, put func(string, any, error)) {
	t.Helper()
	ctx, all := t.Context(), office.Paging{Limit: 200}
	for _, q := range []office.EventQuery{{}, {Flag: "deleted"}, {Flag: "conflict"}, {Q: "活动"}, {Row: tableA + "/staff_dispatched"}} {
		q.Campaign = campaignID
		events, err := w.d.Events(ctx, r, q, all)
		put(fmt.Sprintf("events %+v", q), events, err)
	}
	for _, scope := range []string{unitA, unitB} {
		for i := range 8 {
			n := office.RecordName{Campaign: campaignID, Unit: scope, Kind: models.EventKind, ID: ev(i)}
			event, err := w.d.Event(ctx, r, n)
			if event != nil {
				event.Fields = nil // what an event of one's own says of the people of others is one's own
			}
			put("event "+name(scope, ev(i)), event, err)
		}
	}
	conflicts, err := w.d.Conflicts(ctx, r, campaignID, "", all)
	put("conflicts", conflicts, err)
	held, err := w.d.Held(ctx, r, office.HeldQuery{}, all)
	put("held", held, err)
	for _, judged := range []bool{false, true} {
		suspects, err := w.d.Suspects(ctx, r, campaignID, "", judged, all)
		put(fmt.Sprint("suspects ", judged), suspects, err)
	}
	sheets, err := w.d.Sheets(ctx, r, campaignID, "", all)
	put("sheets", sheets, err)
	devices, err := w.d.Devices(ctx, r, office.DeviceQuery{}, all)
	put("devices", devices, err)
	codes, err := w.d.Codes(ctx, r, office.CodeQuery{}, all)
	put("codes", codes, err)
	audit, err := w.d.Audit(ctx, r, office.AuditQuery{}, all)
	put("audit", audit, err)
}

// Nothing of a unit outside the reach appears anywhere: not its name, its people, its events or their
// texts, whatever joins the two units.
func TestNothingOutsideTheReach(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		a, b := w.phone(officerA), w.phone(officerB)
		a.write(put(scopeA, ev(1), 0, `"kind":"visit","title":"甲的活动","place":"广场","staff.`+unitB+`":7`),
			put(scopeA, ev(2), 0, `"kind":"visit","title":"甲的第二场","place":"村口"`), put(scopeA, ev(3), 0, `"kind":"media","content":"同一篇","title":"甲文"`)).send()
		b.write(put(scopeB, ev(4), 0, `"kind":"visit","title":"乙的秘密","place":"广场","staff.`+unitA+`":5`), tap(scopeB, ev(4), "complaints", 77777),
			put(scopeB, ev(5), 0, `"kind":"media","content":"同一篇","title":"乙的秘密"`), put(scopeB, ev(6), 0, `"kind":"visit","title":"乙的秘密","deleted":true`),
			sheet(scopeB, unitB, `"highlights":"乙的秘密"`), put(scopeA, ev(7), 0, `"kind":"visit","title":"甲处待放行"`), tap(scopeB, ev(9), "complaints", 1)).send()
		b.owes = 9
		b.write(tap(scopeB, ev(4), "complaints", 1)).send()
		w.as(adminAll, gateway.Entry{Op: "dup.judge", Scope: scopeA, Kind: "event", ID: ev(2), Of: &gateway.Of{Scope: scopeB, ID: ev(4)}, Verdict: models.SameFacts, Reason: "重复"},
			w.review("review.return", scopeB, ev(4), "乙的秘密"))
		w.admin("reminder", uuidOf(1), `{"campaign":"`+campaignID+`","unit":"`+unitB+`","text":"乙的秘密"}`)
		if _, _, err := w.g.AddBatch(t.Context(), adminAll, map[[32]byte]string{{1}: officerB}, time.Hour, nil); err != nil {
			t.Fatal(err)
		}
		forbidden := []string{unitB, "河东所", "乙的秘密", ev(4), ev(5), ev(6), "77777", "77778", otherID, "外市活动"}
		for _, who := range []string{officerA, headA} {
			for what, text := range everything(t, w, w.reach(who)) {
				for _, f := range forbidden {
					if strings.Contains(text, f) {
						t.Errorf("%s: %s tells %q: %.600s", who[32:], what, f, text)
					}
				}
			}
		}
		// What one unit counts of its own people on another's event is in its cell, without the event.
		row, err := w.d.Row(t.Context(), w.reach(officerA), office.TableQuery{Campaign: campaignID}, "staff_dispatched", office.Paging{})
		if err != nil || len(row.Items) != 1 || row.Reported.Value != 5 || row.Items[0].Event != nil || row.Items[0].Unit != unitA {
			t.Errorf("%+v %v", row, err)
		}
		_, err = w.d.Overview(t.Context(), w.reach(adminCity), campaignID, "")
		wantCode(t, err, problem.NotFound)
		_, err = w.d.Event(t.Context(), w.reach(adminCity), office.RecordName{Campaign: campaignID, Unit: unitA, ID: ev(1)})
		wantCode(t, err, problem.NotFound)
		_, err = w.d.History(t.Context(), w.reach(officerA), office.RecordName{Campaign: campaignID, Unit: unitB, Kind: models.EventKind, ID: ev(4)}, office.Paging{})
		wantCode(t, err, problem.NotFound)
		if whole := everything(t, w, w.reach(adminAll)); !strings.Contains(whole["overview"], `"suspects":2`) && !strings.Contains(whole["suspects true"], "乙的秘密") {
			t.Errorf("the office itself sees too little: %s", whole["overview"])
		}
	})
}

// A record of 20,000 lines still has a history that can be read.
func TestLongHistory(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(put(scopeA, ev(1), 0, `"kind":"consultation"`))
		lines := 20_000
		if testing.Short() {
			lines = 2_000
		}
		for range lines {
			p.write(tap(scopeA, ev(1), "complaints", 1))
		}
		p.send()
		start := time.Now()
		n := office.RecordName{Campaign: campaignID, Unit: unitA, Kind: models.EventKind, ID: ev(1)}
		page, err := w.d.History(t.Context(), w.reach(officerA), n, office.Paging{})
		if err != nil || len(page.Items) != 50 || page.Next == "" || *page.Total != int64(lines+1) || string(page.Items[0].Changes[0].After) != fmt.Sprint(lines) {
			t.Fatalf("%+v %v", page, err)
		}
		t.Log("a page of the history took", time.Since(start))
	})
}
