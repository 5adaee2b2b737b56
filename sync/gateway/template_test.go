package gateway_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// TestTemplateChanges gives a template to a running server, uses it, and changes it: the campaigns
// that use it are counted anew. A bad one is refused with its line, and nothing changes.
func TestTemplateChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p := w.phone(officerA)
		p.write(`"scope":"` + scopeA + `","op":"event.put","id":"017f8a2c-5400-7000-8000-000000000001","base":0,"set":{"kind":"consultation","started_at":1647307200000,"leaders":2}`)
		p.push(0)
		src, _ := stats.BuiltinSource("ningxia-2022")
		yaml := strings.Replace(string(src), "id: ningxia-2022", "id: mine", 1)
		id := "01900000-0000-7000-8000-0000000e0001"
		put := func(yaml string, base int64) error {
			set, err := json.Marshal(map[string]string{"yaml": yaml})
			if err != nil {
				t.Fatal(err)
			}
			return w.g.Act(t.Context(), w.inst.Officer, gateway.Entry{Op: "admin.put", Kind: "template", ID: id, Base: &base, Set: set})
		}
		if err := put(string(src), 0); problem.CodeOf(err) != problem.Conflict {
			t.Errorf("a template with the id of a built-in one: %v", err)
		}
		if err := put(yaml, 0); err != nil {
			t.Fatal(err)
		}
		var base int64
		_ = db.View(t.Context(), func(tx gateway.Tx) error {
			c, err := tx.Campaign(campaignID)
			base = c.Version
			return err
		})
		w.act(gateway.Entry{Op: "admin.put", Kind: "campaign", ID: campaignID, Base: &base, Set: json.RawMessage(`{"templates":"mine"}`)})
		leaders := func() (n int64) {
			table, err := w.g.Table(t.Context(), gateway.TableQuery{Campaign: campaignID, Template: "mine"})
			if err != nil {
				t.Fatal(err)
			}
			return table.Row("leaders_attending").Reported.Value
		}
		if n := leaders(); n != 2 {
			t.Errorf("%d leaders under the new template, want 2", n)
		}
		if err := put(strings.Replace(yaml, "field: leaders", "field: nonsense", 1), 1); problem.CodeOf(err) != problem.Invalid || !strings.Contains(err.Error(), "line ") {
			t.Errorf("a bad template: %v", err)
		}
		changed := strings.Replace(yaml, "field: leaders", "field: operators", 1)
		if changed == yaml {
			t.Fatal("the template has no field leaders to change")
		}
		if err := put(changed, 1); err != nil {
			t.Fatal(err)
		}
		if n := leaders(); n != 0 {
			t.Errorf("%d leaders after the rule was changed, want 0", n)
		}
		if r, err := w.g.Verify(t.Context(), func(string) {}); err != nil || len(r.Differences) > 0 {
			t.Errorf("verify: %v %v", r, err)
		}
	})
}

// TestManyFields: a phone that invents names cannot make a record grow without bound.
func TestManyFields(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p := w.phone(officerA)
		for i := range 12 {
			names := make([]string, 100)
			for k := range names {
				names[k] = fmt.Sprintf(`"x_%d_%d":%d`, i, k, k)
			}
			p.write(`"scope":"` + scopeA + `","op":"event.put","id":"017f8a2c-5400-7000-8000-000000000001","base":0,"set":{` + strings.Join(names, ",") + `}`)
		}
		p.write(`"scope":"` + scopeA + `","op":"event.put","id":"017f8a2c-5400-7000-8000-000000000001","base":0,"set":{"x_0_0":7}`)
		p.push(0, "10 rejected bad_field", "11 rejected bad_field")
	})
}
