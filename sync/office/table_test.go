package office_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
	"github.com/fieldsync/fieldsync/sync/office"
)

// figures adds the parts of a cell up by the rules of totals: a key counts once for each unit.
func figures(row *stats.Row, parts []office.ContributionView) (reported, accepted office.Figure) {
	var r, a stats.Cell
	used, usedAccepted := map[string]bool{}, map[string]bool{}
	for i := range parts {
		p := &parts[i]
		if p.Why != "" {
			continue
		}
		value, n := p.Value, p.N
		if p.Key != "" {
			k := p.Unit + "\x00" + p.Key
			value, n = 0, 0
			if !used[k] {
				used[k], value, n = true, 1, 1
			}
			if p.Accepted && !usedAccepted[k] {
				usedAccepted[k] = true
				a.Value, a.N = a.Value+1, a.N+1
			}
		} else if p.Accepted {
			a.Value, a.N = a.Value+value, a.N+n
		}
		r.Value, r.N = r.Value+value, r.N+n
	}
	r.Hours = row.Rule.Kind == stats.MinutesRule
	a.Hours = r.Hours
	if !row.Numeric() {
		return office.Figure{N: r.N}, office.Figure{N: a.N}
	}
	return office.Figure{Value: r.Value, N: r.N, Text: r.String()}, office.Figure{Value: a.Value, N: a.N, Text: a.String()}
}

// Every cell is the sum of its parts over all pages, for whoever looks at whichever unit; the parts
// are those that all records give, read without lists and marks.
func TestCellsAreTheSumOfTheirParts(t *testing.T) {
	runs := 4
	if testing.Short() {
		runs = 1
	}
	both(t, func(t *testing.T, w *world) {
		for run := range runs {
			c := newChance(w, uint64(run))
			c.fill(40)
			u := w.truth()
			for _, who := range []string{adminAll, officerA, reviewerB} {
				r := w.reach(who)
				for _, unit := range []string{"", unitA, unitB} {
					if unit != "" && !r.May(office.Look, campaignID, unit) {
						_, err := w.d.Table(t.Context(), r, office.TableQuery{Campaign: campaignID, Unit: unit})
						wantCode(t, err, problem.NotFound)
						continue
					}
					for _, tpl := range []string{tableA, "heping-2020"} {
						checkTable(t, u, r, office.TableQuery{Campaign: campaignID, Unit: unit, Template: tpl}, 1+c.IntN(7))
					}
				}
			}
			if t.Failed() {
				t.Fatalf("run %d", run)
			}
		}
	})
}

func checkTable(t *testing.T, u *truth, r *office.Reach, q office.TableQuery, limit int) {
	t.Helper()
	v, err := u.d.Table(t.Context(), r, q)
	if err != nil {
		t.Fatal(err)
	}
	gq := gateway.TableQuery{Campaign: q.Campaign, Unit: v.Unit, Template: q.Template}
	full, err := u.g.Table(t.Context(), gq)
	if err != nil {
		t.Fatal(err)
	}
	if v.Unreviewed != full.Filing.Unreviewed || v.Outside != full.Filing.Outside || v.Draft != full.Filing.Draft() || len(v.Units) != len(full.Units) {
		t.Errorf("%s: what stands around the table differs: %d %d", v.UnitName, v.Unreviewed, full.Filing.Unreviewed)
	}
	export, err := u.d.Export(t.Context(), r, q)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if export.CSV(&a) != nil || full.CSV(&b) != nil || a.String() != b.String() {
		t.Errorf("%s: the exported table differs", v.UnitName)
	}
	for i := range v.Rows {
		checkRow(t, u, r, q, v, &v.Rows[i], full.Template.Row(v.Rows[i].Code), limit)
	}
}

// checkRow holds one cell against its parts, and those against the program's own explanation.
func checkRow(t *testing.T, u *truth, r *office.Reach, q office.TableQuery, v *office.TableView, row *office.RowView, line *stats.Row, limit int) {
	t.Helper()
	var err error
	var page *office.RowPage
	items := collect(t, limit, func(p office.Paging) (office.Page[office.RowPart], error) {
		page, err = u.d.Row(t.Context(), r, q, row.Code, p)
		if err != nil {
			return office.Page[office.RowPart]{}, err
		}
		if page.Reported != row.Reported || page.Accepted != row.Accepted {
			t.Errorf("%s %s: the cell is %v %v, the table's %v %v", v.UnitName, row.Code, page.Reported, page.Accepted, row.Reported, row.Accepted)
		}
		return page.Page, nil
	})
	var parts []office.ContributionView
	got := map[string]int{}
	for _, it := range items {
		parts = append(parts, it.ContributionView)
		got[partName(it.ContributionView)]++
		if it.Event != nil && !r.May(office.Look, q.Campaign, it.Event.Unit) && !r.May(office.Look, q.Campaign, it.Event.CountsFor) {
			t.Errorf("%s %s: an event of %s is shown", v.UnitName, row.Code, it.Event.UnitName)
		}
	}
	rep, acc := figures(line, parts)
	if rep != row.Reported || acc != row.Accepted {
		t.Errorf("%s %s: its parts give %v %v, it is %v %v", v.UnitName, row.Code, rep, acc, row.Reported, row.Accepted)
	}
	x := u.explain(gateway.TableQuery{Campaign: q.Campaign, Unit: v.Unit, Template: q.Template}, row.Code)
	for _, p := range x.Parts {
		got[partName(office.ContributionView{Unit: p.Unit, Value: p.Value, N: p.N, Key: p.Key, Text: p.Text, Why: p.Why, Accepted: p.Accepted})]--
	}
	for name, n := range got {
		if n != 0 {
			t.Errorf("%s %s: part %q stands %+d times too often", v.UnitName, row.Code, name, n)
		}
	}
}

func partName(p office.ContributionView) string {
	key := p.Key != ""
	return fmt.Sprint(p.Unit, p.Value, p.N, key, p.Text, p.Why, p.Accepted)
}

// The entries of an event's part are the lines that the program's own explanation gives.
func TestEntries(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(put(scopeA, ev(1), 0, `"kind":"consultation","leaders":2`), tap(scopeA, ev(1), "complaints", 3), tap(scopeA, ev(1), "complaints", -1),
			tap(scopeA, ev(1), "consultations", 9)).send()
		q := office.TableQuery{Campaign: campaignID, Template: tableA}
		n := office.RecordName{Campaign: campaignID, Unit: unitA, Kind: models.EventKind, ID: ev(1)}
		page, err := w.d.Entries(t.Context(), w.reach(officerA), q, "complaints", n, office.Paging{})
		if err != nil || len(page.Items) != 2 || !said(page.Items[0], "complaints", "3", "complaints") || !said(page.Items[1], "complaints", "-1", "complaints") || page.Items[0].By.OfficerName != "外勤甲" || page.Items[0].ReceivedAt != w.now {
			t.Errorf("%v %v", page.Items, err)
		}
		page, err = w.d.Entries(t.Context(), w.reach(officerA), q, "leaders_attending", n, office.Paging{})
		if err != nil || len(page.Items) != 1 || page.Items[0].Op != "event.put" || !said(page.Items[0], "leaders", "2", "") {
			t.Errorf("%v %v", page.Items, err)
		}
		_, err = w.d.Entries(t.Context(), w.reach(reviewerB), q, "complaints", n, office.Paging{})
		wantCode(t, err, problem.NotFound)
		_, err = w.d.Entries(t.Context(), w.reach(officerA), q, "no_such_row", n, office.Paging{})
		wantCode(t, err, problem.NotFound)
	})
}

// said reports whether an entry says this of a field, with the label of that row of the form.
func said(e office.Entry, field, value, row string) bool {
	zh, en := labelOf(row)
	for _, v := range e.Values {
		if v.Field == field {
			return string(v.Value) == value && v.Label == zh && v.LabelEN == en
		}
	}
	return false
}

// labelOf returns what the first form calls one of its rows.
func labelOf(row string) (zh, en string) {
	src, _ := stats.BuiltinSource(tableA)
	tpl, err := stats.ParseTemplate(tableA, src)
	if err != nil || tpl.Row(row) == nil {
		return "", ""
	}
	return tpl.Row(row).FullLabel(), tpl.Row(row).FullLabelEN()
}

// A history tells each line's own change, newest first, and ends where the record stands.
func TestHistory(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := newChance(w, 3)
		c.fill(60)
		r := w.reach(adminAll)
		for _, s := range append(w.records(models.EventKind), w.records(models.SheetKind)...) {
			n := office.RecordName{Campaign: campaignID, Unit: s.Record.Scope[37:], Kind: s.Record.Kind, ID: s.Record.ID}
			list := collect(t, 3, func(p office.Paging) (office.Page[office.HistoryItem], error) {
				return w.d.History(t.Context(), r, n, p)
			})
			state := map[string]string{}
			for i := len(list) - 1; i >= 0; i-- {
				for _, d := range list[i].Changes {
					checkLabel(t, n.Kind, list[i].Op, d)
					before := state[d.Field]
					if before == "" {
						before = "null"
						if d.Field == "review" {
							before = `"received"`
						}
					}
					if before != string(d.Before) {
						t.Errorf("%s %s %s: before %s, it stood at %s", n.ID, list[i].Op, d.Field, d.Before, before)
					}
					state[d.Field] = string(d.After)
				}
			}
			checkEnd(t, s.Record, state)
		}
	})
}

// checkLabel wants counts, and the texts of sheets, in the words of the form.
func checkLabel(t *testing.T, kind models.Kind, op string, d office.Difference) {
	t.Helper()
	zh, en := "", ""
	if op == "tally.add" || kind == models.SheetKind {
		zh, en = labelOf(d.Field)
	}
	if d.Label != zh || d.LabelEN != en {
		t.Errorf("%s of %s is called %q %q, want %q %q", op, d.Field, d.Label, d.LabelEN, zh, en)
	}
}

func checkEnd(t *testing.T, r *merge.Record, state map[string]string) {
	t.Helper()
	for i := range r.Tallies {
		if got, want := state[r.Tallies[i].Indicator], fmt.Sprint(r.Tallies[i].Sum); got != want {
			t.Errorf("%s %s: the history ends at %s, the record stands at %s", r.ID, r.Tallies[i].Indicator, got, want)
		}
	}
	for i := range r.Fields {
		v := r.Value(r.Fields[i].Name)
		got := state[r.Fields[i].Name]
		switch {
		case v == nil && got != "" && got != "null":
			t.Errorf("%s %s: the history ends at %s, the record has nothing", r.ID, r.Fields[i].Name, got)
		case v != nil && v.Text != "" && got != fmt.Sprintf("%q", v.Text):
			t.Errorf("%s %s: the history ends at %s, the record stands at %q", r.ID, r.Fields[i].Name, got, v.Text)
		}
	}
	if got := state["review"]; got != "" && got != fmt.Sprintf("%q", string(r.State())) {
		t.Errorf("%s: the history ends %s, the record is %s", r.ID, got, r.State())
	}
}
