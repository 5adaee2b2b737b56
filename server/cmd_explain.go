package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/spf13/pflag"
)

func explainCommand() *command {
	return &command{name: "explain", usage: "ROW", short: "one number of a table: the events, people, phones and times behind it",
		long: `Shows every event that counts in the row, and those left out with the reason; with --lines also each line
of a phone's log that says so. Rows are named by their code.

  fieldsync explain consultations --unit 05
  fieldsync explain visits_village --lines`,
		flags: func(fs *pflag.FlagSet) {
			fs.String("campaign", "", "campaign id (default: the only one)")
			fs.String("template", "", "template id (default: the campaign's first)")
			fs.String("unit", "", "code of a unit: it and all below it (default: the collecting unit)")
			fs.Bool("lines", false, "also every line behind it")
		},
		run: func(in *invocation) error { return existing(in, func(a *app) error { return explain(a, in) }) }}
}

func explain(a *app, in *invocation) error {
	c, err := a.campaign(in)
	if err != nil {
		return err
	}
	if len(in.args) != 1 {
		return problem.New(problem.Invalid, "say which row, by its code")
	}
	q := gateway.TableQuery{Campaign: c.ID, Template: in.str("template")}
	if code := in.str("unit"); code != "" {
		u, err := a.unit(in.ctx, code)
		if err != nil {
			return err
		}
		q.Unit = u.ID
	}
	x, err := a.gateway.Explain(in.ctx, q, in.args[0])
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return err
	}
	people, err := a.peopleNames(in)
	if err != nil {
		return err
	}
	in.printf("%s（%s）\n", x.Row.FullLabel(), x.Row.Unit)
	w := tabwriter.NewWriter(in.out, 0, 4, 2, ' ', 0)
	sums := stats.NewSums()
	for i := range x.Parts {
		p := &x.Parts[i]
		sums.Add([]stats.Contribution{p.Contribution}, p.Accepted)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", x.Units[p.Unit], p.Record.ID, p.Record.Text("title"), partValue(p), partState(p))
		if !in.flag("lines") {
			continue
		}
		for _, e := range p.Entries {
			fmt.Fprintf(w, "\t  %d.%d\t%s\t%s\t%s %s\n", e.Log, e.Seq, people[e.Officer], e.Value(),
				time.UnixMilli(e.EffectiveMS).In(zone).Format(time.DateTime), e.Note)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var reported, accepted int64
	for _, t := range sums.Totals() {
		reported += t.Reported
		accepted += t.Accepted
	}
	in.printf("reported %d, accepted %d\n", reported, accepted)
	return nil
}

func partValue(p *gateway.Part) string {
	switch {
	case p.Text != "":
		return p.Text
	case p.Key != "":
		return strings.ReplaceAll(p.Key, "\x1f", " · ")
	}
	return fmt.Sprint(p.Value)
}

func partState(p *gateway.Part) string {
	if p.Why != "" {
		return "left out: " + p.Why
	}
	if p.Accepted {
		return "accepted"
	}
	return string(p.Record.State())
}

func (a *app) peopleNames(in *invocation) (map[string]string, error) {
	list, err := a.db.Officers(in.ctx, "")
	names := map[string]string{a.inst.Officer: "office"}
	for i := range list {
		names[list[i].ID] = list[i].Name
	}
	return names, err
}

func reviewSuspects(a *app, in *invocation, _ []string) error {
	c, err := a.campaign(in)
	if err != nil {
		return err
	}
	list, err := a.gateway.Suspects(in.ctx, c.ID)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(in.out, 0, 4, 2, ' ', 0)
	for _, s := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", strings.Join(append([]string{s.Why}, s.Also...), ","), s.First.ID, s.First.Text("title"), s.Second.ID, s.Second.Text("title"))
	}
	return w.Flush()
}

func reviewUnplaced(a *app, in *invocation, _ []string) error {
	c, err := a.campaign(in)
	if err != nil {
		return err
	}
	list, err := a.gateway.Unplaced(in.ctx, c.ID)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(in.out, 0, 4, 2, ' ', 0)
	for _, r := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.ID, r.Text("kind"), r.Text("venue"), r.Text("title"))
	}
	return w.Flush()
}
