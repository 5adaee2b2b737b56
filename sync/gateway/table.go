package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
)

// TableQuery selects a table: a campaign's template (empty: its first) for a unit and all below it
// (empty: the campaign's collecting unit).
type TableQuery struct {
	Campaign, Template, Unit string
	Date                     string // the day to print, 2006-01-02
}

// Table reads one table: the totals of the units of a subtree, never the events.
func (g *Gateway) Table(ctx context.Context, q TableQuery) (t *stats.Table, err error) {
	err = g.store.View(ctx, func(tx Tx) (err error) {
		t, err = g.table(tx, q)
		return err
	})
	return t, err
}

func (g *Gateway) table(tx Tx, q TableQuery) (*stats.Table, error) {
	var c models.Campaign
	if ok, err := tx.Load(&c, q.Campaign); err != nil || !ok {
		return nil, orNotFound(err, "campaign")
	}
	rules, err := g.rules.get(tx, c.ID, c.Rules)
	if err != nil {
		return nil, err
	}
	tpl := pick(rules, q.Template)
	if tpl == nil {
		return nil, problem.New(problem.NotFound, "the campaign has no such template").ZH("这个活动没有这张统计表。")
	}
	root := q.Unit
	if root == "" {
		root = c.Unit
	}
	units, err := tx.Units()
	if err != nil {
		return nil, err
	}
	cols, name := Subtree(units, root)
	if cols == nil {
		return nil, problem.New(problem.NotFound, "there is no such unit").ZH("没有这个单位。")
	}
	a := TableArea{Root: root, Name: name, Columns: cols}
	if root == c.Unit {
		a.Others = units
	}
	return FillTable(tx, &c, rules, tpl, a, q.Date)
}

// TableTx reads what a table is filled with.
type TableTx interface {
	Totals(campaign string, rules int64, template string) ([]stats.Total, error)
	Records(campaign string, kind models.Kind, after Key, n int) ([]Stored, error)
}

// TableArea says for whom a table is filled in.
type TableArea struct {
	Root    string // the unit whose sheet says who signs; "": nobody's
	Name    string // as printed
	Columns []stats.UnitColumn
	Others  []models.Unit // of the whole campaign: units that get a column where they have a figure
}

// FillTable fills in one table from the totals of its area, never from the events.
func FillTable(tx TableTx, c *models.Campaign, rules *RuleSet, tpl *stats.Template, a TableArea, date string) (*stats.Table, error) {
	totals, err := tx.Totals(c.ID, c.Rules, tpl.ID)
	if err != nil {
		return nil, err
	}
	own, err := tx.Totals(c.ID, c.Rules, "")
	if err != nil {
		return nil, err
	}
	in := map[string]string{}
	for _, u := range a.Columns {
		in[u.ID] = u.Name
	}
	real := map[string]bool{} // a unit that somebody made up has no column
	for u := range in {
		real[u] = true
	}
	for i := range a.Others {
		real[a.Others[i].ID] = true
	}
	totals = slices.DeleteFunc(totals, func(t stats.Total) bool { return !real[t.Unit] })
	f := stats.Filing{Unit: a.Name, Year: c.Year, Date: date, Units: a.Columns}
	for i := range own {
		if a.Others == nil && in[own[i].Unit] == "" {
			continue
		}
		switch own[i].Row {
		case EventsRow:
			f.Unreviewed += int(own[i].Reported - own[i].Accepted)
		case OutsideRow:
			f.Outside += int(own[i].Reported)
		}
	}
	texts, err := texts(tx, c.ID, rules, in, &f, a.Root)
	if err != nil {
		return nil, err
	}
	return stats.BuildTable(tpl, totals, texts, f), nil
}

func pick(rules *RuleSet, id string) *stats.Template {
	if rules == nil || len(rules.Templates()) == 0 {
		return nil
	}
	if id == "" {
		return rules.Templates()[0]
	}
	return rules.Template(id)
}

// texts reads what the units wrote into their sheets, and who signs for the root.
func texts(tx TableTx, campaign string, rules *RuleSet, in map[string]string, f *stats.Filing, root string) ([]stats.SheetText, error) {
	var out []stats.SheetText
	var after Key
	for {
		recs, err := tx.Records(campaign, models.SheetKind, after, 500)
		if err != nil || len(recs) == 0 {
			return out, err
		}
		for i := range recs {
			r := recs[i].Record
			name, ok := in[r.ID]
			if !ok {
				continue
			}
			if r.ID == root {
				f.FilledBy, f.Phone = r.Text("filled_by"), r.Text("phone")
			}
			for _, c := range rules.Sheet(sheetOf(r)) {
				if c.Why == "" {
					out = append(out, stats.SheetText{Row: c.Row, Unit: r.ID, UnitName: name, Text: c.Text, Accepted: r.Accepted()})
				}
			}
		}
		after = recs[len(recs)-1].Key
	}
}

// Subtree returns a unit and all below it in the order of their codes, parents before children, and
// the unit's name. It is nil when the unit does not exist.
func Subtree(units []models.Unit, root string) (cols []stats.UnitColumn, name string) {
	children := map[string][]*models.Unit{}
	var top *models.Unit
	for i := range units {
		u := &units[i]
		if u.ID == root {
			top = u
		}
		children[u.Parent] = append(children[u.Parent], u)
	}
	if top == nil {
		return nil, ""
	}
	var walk func(u *models.Unit)
	walk = func(u *models.Unit) {
		cols = append(cols, stats.UnitColumn{ID: u.ID, Name: u.Name})
		below := children[u.ID]
		slices.SortFunc(below, func(a, b *models.Unit) int { return strings.Compare(a.Code, b.Code) })
		for _, c := range below {
			walk(c)
		}
	}
	walk(top)
	return cols, top.Name
}

// snapshot keeps each table of a campaign as it is at its freezing and returns the hash over all of
// them: SHA-256 of the canonical csv of one template after the other, by id.
func (w *work) snapshot(campaign, reason string) (string, error) {
	var c models.Campaign
	if ok, err := w.tx.Load(&c, campaign); err != nil || !ok {
		return "", orNotFound(err, "campaign")
	}
	rules, err := w.g.rules.get(w.tx, c.ID, c.Rules)
	if err != nil {
		return "", err
	}
	all := sha256.New()
	templates := slices.Clone(rules.Templates())
	slices.SortFunc(templates, func(a, b *stats.Template) int { return strings.Compare(a.ID, b.ID) })
	for _, tpl := range templates {
		t, err := w.g.table(w.tx, TableQuery{Campaign: c.ID, Template: tpl.ID})
		if err != nil {
			return "", err
		}
		var csv bytes.Buffer
		if err := t.CSV(&csv); err != nil {
			return "", err
		}
		sum := sha256.Sum256(csv.Bytes())
		all.Write(csv.Bytes())
		if err := w.tx.AddSnapshot(&models.Snapshot{Campaign: c.ID, Number: c.Amendment, Template: tpl.ID,
			CreatedMS: w.receipt, SHA256: hex.EncodeToString(sum[:]), Reason: reason, CSV: csv.Bytes()}); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(all.Sum(nil)), nil
}
