package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
	"github.com/spf13/pflag"
)

func reviewCommand() *command {
	return &command{name: "review", usage: "list|suspects|unplaced|findings|accept|return|issues|comment|reopen|settle|judge|undo|move|held|release|reject", short: "accept, return, settle, release: decisions of the office",
		long: `Each decision is a line of the office's log: signed, kept, replayed by verify.

  fieldsync review list --state received         events and sheets, by state
  fieldsync review accept EVENT-ID …             or --all for everything that has no conflict
  fieldsync review return EVENT-ID --reason 缺照片
  fieldsync review settle EVENT-ID leaders=3     one value for a conflict
  fieldsync review suspects                      pairs that may be the same facts
  fieldsync review unplaced                      events that no row of a table takes
  fieldsync review findings                      what does not add up: goods, deleted counts, photos of no event
  fieldsync review judge EVENT-ID --of EVENT-ID --verdict same_facts --reason …
  fieldsync review move EVENT-ID --unit 02 --reason …
  fieldsync review held                          what waits, and why
  fieldsync review release LOG.SEQ --reason …    reject likewise`,
		flags: func(fs *pflag.FlagSet) {
			fs.String("campaign", "", "campaign id (default: the only one)")
			fs.String("state", "", "list: only this state")
			fs.String("kind", "event", "event or sheet")
			fs.String("reason", "", "why; reaches the phone")
			fs.Bool("all", false, "accept: everything that has no conflict and was not sent back")
			fs.String("of", "", "judge: the first event of the pair")
			fs.String("verdict", "", "judge: different, one_event or same_facts")
			fs.String("unit", "", "move: code of the unit it counts for")
		},
		run: func(in *invocation) error {
			return action(in, map[string]func(*app, *invocation, []string) error{
				"list": reviewList, "suspects": reviewSuspects, "unplaced": reviewUnplaced, "findings": reviewFindings, "accept": decide("review.accept"), "return": decide("review.return"),
				"issues": decide("review.issues"), "comment": decide("review.comment"), "reopen": decide("review.reopen"),
				"settle": settle, "judge": judgePair("dup.judge"), "undo": judgePair("dup.undo"), "move": moveRecord,
				"held": heldList, "release": heldAct("held.release"), "reject": heldAct("held.reject")})
		}}
}

// records reads all records of a kind of a campaign.
func (a *app) records(in *invocation, c *models.Campaign, kind models.Kind) (out []gateway.Stored, err error) {
	err = a.view(in.ctx, func(tx gateway.Tx) error {
		out = nil
		var after gateway.Key
		for {
			list, err := tx.Records(c.ID, kind, after, 1000)
			if err != nil || len(list) == 0 {
				return err
			}
			out = append(out, list...)
			after = list[len(list)-1].Key
		}
	})
	return out, err
}

// find returns the records with the ids given.
func (a *app) find(in *invocation, ids []string) ([]gateway.Stored, error) {
	c, err := a.campaign(in)
	if err != nil {
		return nil, err
	}
	all, err := a.records(in, c, models.Kind(in.str("kind")))
	if err != nil {
		return nil, err
	}
	if in.flag("all") {
		return slices.DeleteFunc(all, func(s gateway.Stored) bool {
			r := s.Record
			return r.Accepted() || r.Deleted() || len(r.Conflicts()) > 0 ||
				r.State() == models.ReviewReturned || r.State() == models.ReviewIssues
		}), nil
	}
	var out []gateway.Stored
	for _, id := range ids {
		i := slices.IndexFunc(all, func(s gateway.Stored) bool { return s.Record.ID == id })
		if i < 0 {
			return nil, problem.New(problem.NotFound, "there is no %s %q", in.str("kind"), id)
		}
		out = append(out, all[i])
	}
	if len(out) == 0 {
		return nil, problem.New(problem.Invalid, "say which: ids as fieldsync review list shows them")
	}
	return out, nil
}

func reviewList(a *app, in *invocation, _ []string) error {
	c, err := a.campaign(in)
	if err != nil {
		return err
	}
	list, err := a.records(in, c, models.Kind(in.str("kind")))
	if err != nil {
		return err
	}
	names, err := a.unitNames(in)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(in.out, 0, 4, 2, ' ', 0)
	for i := range list {
		r := list[i].Record
		if s := in.str("state"); s != "" && string(r.State()) != s {
			continue
		}
		_, unit, _ := strings.Cut(r.Scope, ":")
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.State(), names[unit], r.Text("title"), notes(r))
	}
	return w.Flush()
}

func notes(r *merge.Record) string {
	var out []string
	if r.Deleted() {
		out = append(out, "deleted")
	}
	if c := r.Conflicts(); len(c) > 0 {
		out = append(out, "conflict: "+strings.Join(c, " "))
	}
	if r.Judged.Verdict != "" {
		out = append(out, r.Judged.Verdict+" of "+r.Judged.ID)
	}
	if r.Late {
		out = append(out, "late")
	}
	if r.Review.Reason != "" {
		out = append(out, r.Review.Reason)
	}
	return strings.Join(out, "; ")
}

func (a *app) unitNames(in *invocation) (map[string]string, error) {
	units, err := a.db.Units(in.ctx)
	names := map[string]string{}
	for i := range units {
		names[units[i].ID] = units[i].Name
	}
	return names, err
}

// decide writes one review decision per record, in transactions of a hundred.
func decide(op string) func(*app, *invocation, []string) error {
	return func(a *app, in *invocation, ids []string) error {
		if in.flag("all") && op != "review.accept" {
			return problem.New(problem.Invalid, "--all is for accept: name the events")
		}
		list, err := a.find(in, ids)
		if err != nil {
			return err
		}
		n := 0
		for part := range slices.Chunk(list, 100) {
			var entries []gateway.Entry
			for i := range part {
				r := part[i].Record
				entries = append(entries, gateway.Entry{Op: op, Scope: r.Scope, Kind: string(r.Kind), ID: r.ID,
					Version: &r.Version, Seq: &r.Seq, Reason: in.str("reason")})
			}
			if err := a.act(in.ctx, entries...); err != nil {
				return err
			}
			if n += len(part); len(list) > 100 {
				fmt.Fprintf(in.errs, "\r%d of %d", n, len(list))
			}
		}
		in.printf("%s: %d\n", op, n)
		return nil
	}
}

// settle writes one value for each field given, having seen all of them.
func settle(a *app, in *invocation, args []string) error {
	if len(args) < 2 {
		return problem.New(problem.Invalid, "say which event, and field=value")
	}
	list, err := a.find(in, args[:1])
	if err != nil {
		return err
	}
	r := list[0].Record
	set := map[string]any{}
	for _, pair := range args[1:] {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return problem.New(problem.Invalid, "%q is not field=value", pair)
		}
		set[name] = plainValue(r.Kind, name, value)
	}
	return a.act(in.ctx, gateway.Entry{Op: string(r.Kind) + ".put", Scope: r.Scope, ID: r.ID, Base: &r.Version, Set: jsonText(set)})
}

// plainValue reads a value in the type its field has.
func plainValue(kind models.Kind, name, value string) any {
	t := models.FieldsOf(kind)[name]
	if strings.HasPrefix(name, models.StaffPrefix) {
		t = models.CountField
	}
	switch t {
	case models.CountField, models.IntField, models.TimeField:
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return n
		}
	case models.FlagField:
		return json.RawMessage(strconv.FormatBool(value == "true"))
	}
	return value
}

func judgePair(op string) func(*app, *invocation, []string) error {
	return func(a *app, in *invocation, ids []string) error {
		list, err := a.find(in, ids[:min(1, len(ids))])
		if err != nil {
			return err
		}
		second := list[0].Record
		of := &gateway.Of{Scope: second.Judged.Scope, ID: second.Judged.ID}
		switch {
		case op == "dup.judge":
			pair, err := a.find(in, []string{in.str("of")})
			if err != nil {
				return err
			}
			of = &gateway.Of{Scope: pair[0].Record.Scope, ID: pair[0].Record.ID}
		case second.Judged.Verdict == "":
			return problem.New(problem.NotFound, "that event was not judged")
		}
		return a.act(in.ctx, gateway.Entry{Op: op, Scope: second.Scope, Kind: string(second.Kind), ID: second.ID,
			Of: of, Verdict: in.str("verdict"), Reason: in.str("reason")})
	}
}

func moveRecord(a *app, in *invocation, ids []string) error {
	list, err := a.find(in, ids)
	if err != nil {
		return err
	}
	u, err := a.unit(in.ctx, in.str("unit"))
	if err != nil {
		return err
	}
	r := list[0].Record
	return a.act(in.ctx, gateway.Entry{Op: "record.move", Scope: r.Scope, Kind: string(r.Kind), ID: r.ID, Unit: u.ID, Reason: in.str("reason")})
}

func heldList(a *app, in *invocation, _ []string) error {
	var list []models.HeldLine
	if err := a.view(in.ctx, func(tx gateway.Tx) (err error) {
		list, err = tx.Held(gateway.HeldQuery{})
		return err
	}); err != nil {
		return err
	}
	w := tabwriter.NewWriter(in.out, 0, 4, 2, ' ', 0)
	for i := range list {
		h := &list[i]
		fmt.Fprintf(w, "%d.%d\t%s\t%s\t%s\t%s\t%s\n", h.Log, h.Seq, h.Cause, h.Kind, h.ID, h.Scope,
			time.UnixMilli(h.ReceiptMS).Format(time.DateTime))
	}
	return w.Flush()
}

func heldAct(op string) func(*app, *invocation, []string) error {
	return func(a *app, in *invocation, args []string) error {
		if len(args) == 0 {
			return problem.New(problem.Invalid, "say which: LOG.SEQ as fieldsync review held shows it")
		}
		for _, name := range args {
			log, seq, ok := strings.Cut(name, ".")
			n, err := strconv.ParseInt(seq, 10, 64)
			if !ok || err != nil {
				return problem.New(problem.Invalid, "%q is not LOG.SEQ", name)
			}
			scope, err := a.heldScope(in, log, n)
			if err != nil {
				return err
			}
			if err := a.act(in.ctx, gateway.Entry{Op: op, Scope: scope, Log: log, AtSeq: &n, Reason: in.str("reason")}); err != nil {
				return err
			}
			in.printf("%s %s\n", op, name)
		}
		return nil
	}
}

// heldScope returns the scope that a held line names.
func (a *app) heldScope(in *invocation, log string, seq int64) (string, error) {
	no, err := strconv.ParseInt(log, 10, 64)
	if err != nil {
		return "", problem.New(problem.Invalid, "%q is not a log's number", log)
	}
	var list []models.HeldLine
	if err := a.view(in.ctx, func(tx gateway.Tx) (err error) {
		list, err = tx.Held(gateway.HeldQuery{Log: no, Seq: seq})
		return err
	}); err != nil {
		return "", err
	}
	if len(list) == 0 {
		return "", problem.New(problem.NotFound, "no line %s.%d is held", log, seq)
	}
	return list[0].Scope, nil
}
