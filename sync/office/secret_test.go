package office_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// The secret that lets guests write to an event is told to nobody in the office.
func TestSecretIsNotShown(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		w.phone(officerA).write(put(scopeA, ev(1), 0, `"kind":"consultation","title":"咨询","join":"s3cret"`)).send()
		w.phone(officerB).write(put(scopeA, ev(1), 1, `"join":"s3cret","notes":"x"`)).send() // waits: no right
		w.as(adminAll, gateway.Entry{Op: "event.put", Scope: scopeA, ID: ev(2), Base: new(int64), Set: json.RawMessage(`{"kind":"visit","join":"s3cret"}`)})
		r := w.reach(adminAll)
		n := office.RecordName{Campaign: campaignID, Unit: unitA, Kind: "event", ID: ev(1)}
		event, err := w.d.Event(t.Context(), r, n)
		if err != nil || len(event.Held) != 1 || len(event.Held[0].Changes) != 1 {
			t.Errorf("%v %+v", err, event)
		}
		history, err := w.d.History(t.Context(), r, n, office.Paging{})
		if err != nil || len(history.Items) != 1 || len(history.Items[0].Changes) != 2 {
			t.Errorf("%v %+v", err, history)
		}
		held, err := w.d.Held(t.Context(), r, office.HeldQuery{}, office.Paging{})
		if err != nil {
			t.Error(err)
		}
		audit, err := w.d.Audit(t.Context(), r, office.AuditQuery{ID: ev(2)}, office.Paging{})
		if err != nil || len(audit.Items) != 1 || !strings.Contains(string(audit.Items[0].Line), `"join":"•••"`) || !strings.Contains(string(audit.Items[0].Line), `"visit"`) {
			t.Errorf("%v %+v", err, audit)
		}
		all, err := json.Marshal([]any{event, history, held, audit})
		if err != nil || strings.Contains(string(all), "s3cret") {
			t.Errorf("%v %s", err, all)
		}
	})
}
