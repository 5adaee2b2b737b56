package office

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// Table returns a table as the screen shows it.
func (d *Desk) Table(ctx context.Context, r *Reach, q TableQuery) (out *TableView, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, q.Campaign, q.Unit)
		if err != nil {
			return err
		}
		t, err := a.table(tx, r, q)
		if err != nil {
			return err
		}
		out = tableView(t)
		out.Campaign, out.Unit, out.UnitName, out.Counting = a.c.ID, a.root, a.name, a.c.Building != 0
		for _, x := range a.rules.Templates() {
			x = x.ForYear(a.c.Year)
			out.Templates = append(out.Templates, TemplateName{ID: x.ID, Title: x.Title, TitleEN: x.TitleEN})
		}
		frozen, err := snapshots(tx, r, a.c, a.rules)
		for _, s := range frozen {
			if s.Template == t.Template.ID {
				out.Frozen = append(out.Frozen, s)
			}
		}
		if err != nil || len(out.Frozen) == 0 {
			return err
		}
		out.DiffersFromFrozen, err = a.differs(tx, r, t.Template, out.Frozen[len(out.Frozen)-1].SHA256)
		return err
	})
	return out, err
}

// Export returns a table to be written as a file.
func (d *Desk) Export(ctx context.Context, r *Reach, q TableQuery) (t *stats.Table, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		a, err := d.area(tx, r, q.Campaign, q.Unit)
		if err != nil {
			return err
		}
		t, err = a.table(tx, r, q)
		return err
	})
	return t, err
}

// table fills in a table for the area.
func (a *area) table(tx Tx, r *Reach, q TableQuery) (*stats.Table, error) {
	tpl, err := a.template(q.Template)
	if err != nil {
		return nil, err
	}
	return gateway.FillTable(tx, a.c, a.rules, tpl, a.tableArea(r), q.Date)
}

// template returns a template of the campaign, "" for its first.
func (a *area) template(id string) (*stats.Template, error) {
	if a.rules != nil && len(a.rules.Templates()) > 0 {
		if id == "" {
			return a.rules.Templates()[0], nil
		}
		if t := a.rules.Template(id); t != nil {
			return t, nil
		}
	}
	return nil, problem.New(problem.NotFound, "the campaign has no such template").ZH("这个活动没有这张统计表。")
}

// differs reports whether the present table of the whole campaign has another hash than a frozen one. A
// campaign that is being counted under new rules is judged when that is done.
func (a *area) differs(tx Tx, r *Reach, tpl *stats.Template, frozen string) (bool, error) {
	if a.c.Building != 0 {
		return false, nil
	}
	cols, name := gateway.Subtree(r.tree.units, a.c.Unit)
	t, err := gateway.FillTable(tx, a.c, a.rules, tpl, gateway.TableArea{Root: a.c.Unit, Name: name, Columns: cols, Others: r.tree.units}, "")
	if err != nil {
		return false, err
	}
	sum := sha256.New()
	if err := t.CSV(sum); err != nil {
		return false, err
	}
	return hex.EncodeToString(sum.Sum(nil)) != frozen, nil
}

// row returns a row of a template of the campaign.
func (a *area) row(template, row string) (*stats.Template, *stats.Row, error) {
	t, err := a.template(template)
	if err != nil {
		return nil, nil, err
	}
	line := t.Row(row)
	if line == nil {
		return nil, nil, problem.New(problem.NotFound, "the table has no such row").ZH("统计表中没有这一行。")
	}
	return t, line, nil
}

// tableView turns a filled-in table into what the screen shows of it.
func tableView(t *stats.Table) *TableView {
	tpl, f := t.Template, t.Filing
	v := &TableView{Template: tpl.ID, Templates: []TemplateName{}, Mark: tpl.Mark, Title: tpl.Title, TitleEN: tpl.TitleEN,
		HeadUnit: tpl.Head.Unit, HeadDate: tpl.Head.Date, Date: f.Date,
		Columns: ColumnNames{Item: tpl.Columns.Item, Unit: tpl.Columns.Unit, Total: tpl.Columns.Total, Remark: tpl.Columns.Remark},
		Halves:  []HalfView{}, Rows: []RowView{}, Notes: append([]string{}, tpl.Notes...),
		FootFilled: tpl.Foot.FilledBy, FootPhone: tpl.Foot.Phone, FilledBy: f.FilledBy, Phone: f.Phone,
		Draft: f.Draft(), Unreviewed: f.Unreviewed, Outside: f.Outside, Warnings: []WarningView{}, Units: []UnitName{}, Frozen: []SnapshotView{}}
	for i := range tpl.Halves {
		h := HalfView{Depth: tpl.Halves[i].Depth, Groups: []GroupView{}, Rows: []string{}}
		for _, g := range tpl.Halves[i].Groups {
			h.Groups = append(h.Groups, GroupView(g))
		}
		for j := range tpl.Halves[i].Rows {
			h.Rows = append(h.Rows, tpl.Halves[i].Rows[j].Code)
		}
		v.Halves = append(v.Halves, h)
	}
	for i := range t.Rows {
		v.Rows = append(v.Rows, rowView(&t.Rows[i]))
	}
	for _, u := range t.Units {
		v.Units = append(v.Units, UnitName(u))
	}
	for _, w := range t.Warnings {
		row := ""
		if len(w.Parts) > 0 {
			row = w.Parts[0]
		}
		v.Warnings = append(v.Warnings, WarningView{Row: row, Text: w.String(), EN: w.English()})
	}
	return v
}

func rowView(r *stats.TableRow) RowView {
	x := r.Row
	v := RowView{Code: x.Code, Line: x.Line, Half: x.Half, Label: x.Label, LabelEN: x.LabelEN, FullLabel: x.FullLabel(),
		FullLabelEN: x.FullLabelEN(), Groups: len(x.Groups), UnitLabel: x.Unit, UnitLabelEN: x.UnitEN, Numeric: x.Numeric(),
		Hours: x.Rule.Kind == stats.MinutesRule, Wide: x.Wide, Rule: x.Rule.Words(), RuleEN: x.Rule.WordsEN(),
		Reported: figure(r.Reported), Accepted: figure(r.Accepted), Units: []UnitFigure{}, Text: r.Text(), Remark: r.Remark()}
	for _, u := range r.Units {
		v.Units = append(v.Units, UnitFigure{figure(u.Reported), figure(u.Accepted)})
	}
	for _, s := range r.Texts {
		v.Reported.N++
		if s.Accepted {
			v.Accepted.N++
		}
	}
	return v
}

func figure(c stats.Cell) Figure { return Figure{Value: c.Value, N: c.N, Text: c.String()} }

// snapshots lists the frozen tables of a campaign for those who may look at all of it.
func snapshots(tx CampaignTx, r *Reach, c *models.Campaign, rules *gateway.RuleSet) ([]SnapshotView, error) {
	out := []SnapshotView{}
	if !r.May(Look, c.ID, c.Unit) {
		return out, nil
	}
	list, err := tx.SnapshotsOf(c.ID)
	for i := range list {
		s := &list[i]
		v := SnapshotView{Number: s.Number, Template: s.Template, CreatedAt: s.CreatedMS, SHA256: s.SHA256, Reason: s.Reason}
		if rules != nil && rules.Template(s.Template) != nil {
			t := rules.Template(s.Template).ForYear(c.Year)
			v.Title, v.TitleEN = t.Title, t.TitleEN
		}
		out = append(out, v)
	}
	return out, err
}

// Snapshots lists the frozen tables of a campaign that one may look at whole.
func (d *Desk) Snapshots(ctx context.Context, r *Reach, campaign string) (out []SnapshotView, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		c, err := visibleCampaign(tx, r, campaign)
		if err != nil {
			return err
		}
		rules, err := d.rules.Get(tx, c.ID, c.Rules)
		if err != nil {
			return err
		}
		out, err = snapshots(tx, r, c, rules)
		return err
	})
	return out, err
}

// SnapshotCSV returns a frozen table as it was hashed.
func (d *Desk) SnapshotCSV(ctx context.Context, r *Reach, campaign string, number int64, template string) (csv []byte, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		c, err := visibleCampaign(tx, r, campaign)
		if err != nil {
			return err
		}
		s, err := tx.Snapshot(campaign, number, template)
		if err != nil {
			return err
		}
		if s == nil || !r.May(Look, c.ID, c.Unit) {
			return problem.New(problem.NotFound, "there is no such frozen table").ZH("没有这份定稿。")
		}
		csv = s.CSV
		return nil
	})
	return csv, err
}
