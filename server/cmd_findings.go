package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/fieldsync/fieldsync/models"
)

// reviewFindings lists what was recorded and does not add up: nothing was refused for it, so a
// person has to look.
func reviewFindings(a *app, in *invocation, _ []string) error {
	c, err := a.campaign(in)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(in.out, 0, 4, 2, ' ', 0)
	events, err := a.records(in, c, models.EventKind)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for i := range events {
		r := events[i].Record
		known[r.Scope+" "+r.ID] = true
		if r.Deleted() && len(r.Tallies) > 0 {
			fmt.Fprintf(w, "deleted_with_counts\tevent\t%s\t%s\n", r.ID, r.Text("title"))
		}
	}
	lots, err := a.records(in, c, models.LotKind)
	if err != nil {
		return err
	}
	for i := range lots {
		r := lots[i].Record
		if f := r.Findings(); len(f) > 0 {
			fmt.Fprintf(w, "%s\tlot\t%s\t%s, remaining %s %s\n", strings.Join(f, " "), r.ID, r.Text("name"),
				thousandths(r.Balance().Remaining()), r.Text("unit"))
		}
	}
	photos, err := a.records(in, c, models.PhotoKind)
	if err != nil {
		return err
	}
	for i := range photos {
		r := photos[i].Record
		if e := r.Text("event"); e != "" && !r.Deleted() && !known[r.Scope+" "+e] {
			fmt.Fprintf(w, "dangling\tphoto\t%s\tof the unknown event %s\n", r.ID, e)
		}
	}
	return w.Flush()
}

// thousandths prints a quantity of goods.
func thousandths(q int64) string {
	sign := ""
	if q < 0 {
		sign, q = "-", -q
	}
	if q%1000 == 0 {
		return fmt.Sprintf("%s%d", sign, q/1000)
	}
	return strings.TrimRight(fmt.Sprintf("%s%d.%03d", sign, q/1000, q%1000), "0")
}
