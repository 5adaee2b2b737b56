package gateway

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// Explanation is what stands behind one number: every event or sheet that gives something to the
// row, or would if it were not excluded.
type Explanation struct {
	Row   *stats.Row
	Units map[string]string // names of the units of the subtree
	Parts []Part
}

// Part is what one event or sheet gives to a row, with the lines that say so.
type Part struct {
	stats.Contribution
	Record   *merge.Record
	Accepted bool
	Entries  []LogEntry
}

// LogEntry is one line behind a number: who wrote it, on which phone, when.
type LogEntry struct {
	Log, Seq        int64
	Officer, Device string
	ClaimedMS       int64 // as the phone's clock stood
	EffectiveMS     int64 // corrected by the measured offset, never later than the receipt
	ReceiptMS       int64
	Op              string
	Said            []changelog.Field // what it says; of a count, the indicator and what is added to it
	Note            string
}

// Explain opens one number of a table: q selects the table as for Table, row is the row's code.
func (g *Gateway) Explain(ctx context.Context, q TableQuery, row string) (x *Explanation, err error) {
	err = g.store.View(ctx, func(tx Tx) error {
		x, err = g.explain(tx, q, row)
		return err
	})
	return x, err
}

func (g *Gateway) explain(tx Tx, q TableQuery, row string) (*Explanation, error) {
	var c models.Campaign
	if ok, err := tx.Load(&c, q.Campaign); err != nil || !ok {
		return nil, orNotFound(err, "campaign")
	}
	rules, err := g.rules.get(tx, c.ID, c.Rules)
	if err != nil {
		return nil, err
	}
	tpl := pick(rules, q.Template)
	if tpl == nil || tpl.Row(row) == nil {
		return nil, problem.New(problem.NotFound, "the table has no row %q", row).ZH("统计表中没有“%s”这一行。", row)
	}
	units, err := tx.Units()
	if err != nil {
		return nil, err
	}
	root := q.Unit
	if root == "" {
		root = c.Unit
	}
	cols, _ := Subtree(units, root)
	x := &Explanation{Row: tpl.Row(row), Units: map[string]string{}}
	for _, u := range cols {
		x.Units[u.ID] = u.Name
	}
	for _, kind := range []models.Kind{models.EventKind, models.SheetKind} {
		if err := g.explainKind(tx, x, c, kind, tpl.ID); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// explainKind reads the stored contributions of all records of a kind.
func (g *Gateway) explainKind(tx Tx, x *Explanation, c models.Campaign, kind models.Kind, template string) error {
	var after Key
	for {
		recs, err := tx.Records(c.ID, kind, after, 500)
		if err != nil || len(recs) == 0 {
			return err
		}
		for i := range recs {
			list, err := decodeCounts(recs[i].Counts)
			if err != nil {
				return err
			}
			if err := g.explainRecord(tx, x, recs[i].Record, list, c.Rules, template); err != nil {
				return err
			}
		}
		after = recs[len(recs)-1].Key
	}
}

func (g *Gateway) explainRecord(tx Tx, x *Explanation, r *merge.Record, list []counted, rules int64, template string) error {
	for i := range list {
		if list[i].rules != rules {
			continue
		}
		for _, con := range list[i].list {
			if _, in := x.Units[con.Unit]; con.Template != template || con.Row != x.Row.Code || !in {
				continue
			}
			p := Part{Contribution: con, Record: r, Accepted: list[i].accepted}
			var err error
			if p.Entries, err = Entries(tx, r, x.Row, []string{con.Unit}, nil, math.MaxInt); err != nil {
				return err
			}
			x.Parts = append(x.Parts, p)
		}
	}
	return nil
}

// entryOf says what a line tells about a row of a record, if it does.
func entryOf(l *models.Line, r *merge.Record, row *stats.Row, units []string) (LogEntry, bool) {
	if l.Status != models.Applied {
		return LogEntry{}, false
	}
	c, fault := changelog.ParseLine(l.Raw)
	if fault != nil || c.Scope != r.Scope || c.RecordKind() != r.Kind || c.RecordID() != r.ID {
		return LogEntry{}, false
	}
	e := LogEntry{Log: l.Log, Seq: l.Seq, ClaimedMS: c.At, Note: c.Note}
	e.Op = c.Op
	if c.Op == "tally.add" {
		e.Said = []changelog.Field{{Name: c.Indicator, Value: changelog.Value{Kind: changelog.Int, Int: c.N}}}
		return e, row.Rule.Kind == stats.TallyRule && c.Indicator == row.Rule.Indicator
	}
	var names []string
	for _, u := range units {
		names = append(names, row.Fields(u)...)
	}
	for i := range c.Set {
		if slices.Contains(names, c.Set[i].Name) {
			e.Said = append(e.Said, c.Set[i])
		}
	}
	return e, len(e.Said) > 0
}

// Value writes what the entry says in one line: +3, leaders=2.
func (e *LogEntry) Value() string {
	var said []string
	for i := range e.Said {
		if e.Op == "tally.add" {
			return fmt.Sprintf("%+d", e.Said[i].Value.Int)
		}
		said = append(said, e.Said[i].Name+"="+string(e.Said[i].Value.Raw))
	}
	return strings.Join(said, " ")
}
