package office_test

import (
	"testing"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// A pair whose first event does not count any more stands among the open ones again, with what was said
// of it, behind the others and on pages of one.
func TestPairsWithoutGround(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		a, b := w.phone(officerA), w.phone(officerB)
		a.write(put(scopeA, ev(1), 0, `"kind":"visit","place":"广场"`), put(scopeA, ev(2), 0, `"kind":"visit","place":"村口"`)).send()
		b.write(put(scopeB, ev(3), 0, `"kind":"visit","place":"广场"`), put(scopeB, ev(4), 0, `"kind":"visit","place":"村口"`)).send()
		w.as(adminAll, gateway.Entry{Op: "dup.judge", Scope: scopeB, Kind: "event", ID: ev(3), Of: &gateway.Of{Scope: scopeA, ID: ev(1)},
			Verdict: models.SameFacts, Reason: "同一场"})
		a.write(put(scopeA, ev(1), w.record(models.EventKind, scopeA, ev(1)).Version, `"deleted":true`)).send()
		r := w.reach(adminAll)
		list := collect(t, 1, func(p office.Paging) (office.Page[office.SuspectView], error) {
			return w.d.Suspects(t.Context(), r, campaignID, "", false, p)
		})
		if len(list) != 2 || list[0].Why != gateway.SamePlace || list[1].Why != gateway.FirstGone || list[1].First.ID != ev(1) ||
			list[1].Second.ID != ev(3) || list[1].Verdict != models.SameFacts || list[1].Reason != "同一场" {
			t.Errorf("%+v", list)
		}
		if o, err := w.d.Overview(t.Context(), r, campaignID, ""); err != nil || o.Suspects != 2 || o.Uncounted != 1 {
			t.Errorf("the overview has %d (%v)", o.Suspects, err)
		}
		// One of the two units is not told of the other's event.
		if page, err := w.d.Suspects(t.Context(), w.reach(officerB), campaignID, "", false, office.Paging{}); err != nil || len(page.Items) > 0 {
			t.Errorf("%+v, %v", page.Items, err)
		}
	})
}

// A sheet that was changed after the head approved it is not approved, and says so.
func TestSheetChangedSinceSigned(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		base := int64(0)
		w.as(adminAll, gateway.Entry{Op: "sheet.put", Scope: scopeA, ID: unitA, Base: &base, Set: []byte(`{"highlights":"x","completed":true,"approved":true}`)})
		see := func(approved bool, n int64) {
			t.Helper()
			s, err := w.d.Sheet(t.Context(), w.reach(adminAll), campaignID, unitA)
			if err != nil || s.Approved != approved || s.ChangedSinceSigned == approved {
				t.Errorf("%+v, %v", s, err)
			}
			if o, err := w.d.Overview(t.Context(), w.reach(adminAll), campaignID, ""); err != nil || o.Sheets.Approved != n || o.Sheets.Completed != 1-n {
				t.Errorf("%+v, %v", o.Sheets, err)
			}
		}
		see(true, 1)
		w.phone(officerA).write(sheet(scopeA, unitA, `"remarks":"y"`)).send()
		see(false, 0)
	})
}
