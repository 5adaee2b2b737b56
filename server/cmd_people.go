package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/spf13/pflag"
)

// actions are the words that may follow a command, each with what it does.
func action(in *invocation, list map[string]func(*app, *invocation, []string) error) error {
	if len(in.args) == 0 {
		return problem.New(problem.Invalid, "a word is missing: one of %s", strings.Join(sortedKeys(list), ", "))
	}
	do := list[in.args[0]]
	if do == nil {
		return problem.New(problem.Invalid, "%q is not one of %s", in.args[0], strings.Join(sortedKeys(list), ", "))
	}
	return with(in, func(a *app) error { return do(a, in, in.args[1:]) })
}

// put writes an admin.put whose set holds the flags that were given, under their names on the wire.
func (a *app) put(in *invocation, kind, id string, base int64, names map[string]string) error {
	set := map[string]any{}
	for flag, field := range names {
		f := in.flags.Lookup(flag)
		if f == nil || !f.Changed {
			continue
		}
		switch f.Value.Type() {
		case "int":
			set[field] = in.int(flag)
		case "bool":
			set[field] = in.flag(flag)
		default:
			set[field] = f.Value.String()
		}
	}
	return a.putSet(in.ctx, kind, id, base, set)
}

func (a *app) putSet(ctx context.Context, kind, id string, base int64, set map[string]any) error {
	raw, err := json.Marshal(set)
	if err != nil {
		return err
	}
	return a.act(ctx, gateway.Entry{Op: "admin.put", Kind: kind, ID: id, Base: &base, Set: raw})
}

func unitCommand() *command {
	return &command{name: "unit", usage: "add|set|list [CODE]", short: "the tree of units",
		long: `Units are named by their code, which also orders them in tables.

  fieldsync unit add --code 00 --name 县市场监督管理局
  fieldsync unit add --code 01 --name 城关所 --parent 00
  fieldsync unit set 01 --name 城关市场监督管理所
  fieldsync unit list`,
		flags: func(fs *pflag.FlagSet) {
			fs.String("code", "", "code: unique, orders the units")
			fs.String("name", "", "name as it is printed")
			fs.String("parent", "", "code of the unit above")
		},
		run: func(in *invocation) error {
			return action(in, map[string]func(*app, *invocation, []string) error{
				"add": unitAdd, "set": unitSet, "list": unitList})
		}}
}

func unitAdd(a *app, in *invocation, _ []string) error {
	set := map[string]any{"code": in.str("code"), "name": in.str("name")}
	if p := in.str("parent"); p != "" {
		u, err := a.unit(in.ctx, p)
		if err != nil {
			return err
		}
		set["parent"] = u.ID
	}
	id := newID()
	if err := a.putSet(in.ctx, "unit", id, 0, set); err != nil {
		return err
	}
	in.printf("%s  %s %s\n", id, in.str("code"), in.str("name"))
	return nil
}

func unitSet(a *app, in *invocation, args []string) error {
	u, err := a.unit(in.ctx, first(args))
	if err != nil {
		return err
	}
	set := map[string]any{}
	for _, name := range []string{"code", "name"} {
		if in.flags.Changed(name) {
			set[name] = in.str(name)
		}
	}
	if in.flags.Changed("parent") {
		set["parent"] = ""
		if code := in.str("parent"); code != "" {
			p, err := a.unit(in.ctx, code)
			if err != nil {
				return err
			}
			set["parent"] = p.ID
		}
	}
	return a.putSet(in.ctx, "unit", u.ID, u.Version, set)
}

func unitList(a *app, in *invocation, _ []string) error {
	units, err := a.db.Units(in.ctx)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for i := range units {
		names[units[i].ID] = units[i].Code
	}
	w := tabwriter.NewWriter(in.out, 0, 4, 2, ' ', 0)
	for i := range units {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", units[i].Code, names[units[i].Parent], units[i].ID, units[i].Name)
	}
	return w.Flush()
}

// unit finds a unit by code or id.
func (a *app) unit(ctx context.Context, name string) (*models.Unit, error) {
	units, err := a.db.Units(ctx)
	if err != nil {
		return nil, err
	}
	for i := range units {
		if name != "" && (units[i].Code == name || units[i].ID == name) {
			return &units[i], nil
		}
	}
	return nil, problem.New(problem.NotFound, "there is no unit %q", name)
}

func userCommand() *command {
	return &command{name: "user", usage: "add|set|end|list [ID]", short: "officers: who records, heads, reviews",
		long: `Roles: officer 外勤, head 负责人, reviewer 审核, leader 领导, admin 管理员, reader 只读.

  fieldsync user add --name 张三 --unit 01
  fieldsync user set ID --unit 02 --role head
  fieldsync user end ID
  fieldsync user list --unit 01`,
		flags: func(fs *pflag.FlagSet) {
			fs.String("name", "", "name")
			fs.String("unit", "", "code of the unit")
			fs.String("role", "officer", "officer, head, reviewer, leader, admin or reader")
		},
		run: func(in *invocation) error {
			return action(in, map[string]func(*app, *invocation, []string) error{
				"add": userAdd, "set": userSet, "end": userEnd, "list": userList})
		}}
}

func userAdd(a *app, in *invocation, _ []string) error {
	u, err := a.unit(in.ctx, in.str("unit"))
	if err != nil {
		return err
	}
	id := newID()
	if err := a.putSet(in.ctx, "officer", id, 0, map[string]any{"name": in.str("name"), "unit": u.ID, "role": in.str("role")}); err != nil {
		return err
	}
	in.printf("%s  %s %s\n", id, in.str("name"), u.Name)
	return nil
}

func userSet(a *app, in *invocation, args []string) error {
	o, err := a.officer(in.ctx, first(args))
	if err != nil {
		return err
	}
	set := map[string]any{}
	for _, name := range []string{"name", "role"} {
		if in.flags.Changed(name) {
			set[name] = in.str(name)
		}
	}
	if in.flags.Changed("unit") {
		u, err := a.unit(in.ctx, in.str("unit"))
		if err != nil {
			return err
		}
		set["unit"] = u.ID
	}
	return a.putSet(in.ctx, "officer", o.ID, o.Version, set)
}

func userEnd(a *app, in *invocation, args []string) error {
	o, err := a.officer(in.ctx, first(args))
	if err != nil {
		return err
	}
	return a.putSet(in.ctx, "officer", o.ID, o.Version, map[string]any{"ended": true})
}

func userList(a *app, in *invocation, _ []string) error {
	list, err := a.officers(in)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(in.out, 0, 4, 2, ' ', 0)
	for i := range list {
		end := ""
		if list[i].Ended {
			end = "ended"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", list[i].ID, list[i].Role, list[i].Name, end)
	}
	return w.Flush()
}

// officers lists the officers, of one unit if --unit was given.
func (a *app) officers(in *invocation) ([]models.Officer, error) {
	unit := ""
	if in.str("unit") != "" {
		u, err := a.unit(in.ctx, in.str("unit"))
		if err != nil {
			return nil, err
		}
		unit = u.ID
	}
	return a.db.Officers(in.ctx, unit)
}

func (a *app) officer(ctx context.Context, id string) (*models.Officer, error) {
	list, err := a.db.Officers(ctx, "")
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID == id {
			return &list[i], nil
		}
	}
	return nil, problem.New(problem.NotFound, "there is no officer %q", id)
}

func enrolCommand() *command {
	return &command{name: "enrol", usage: "[OFFICER-ID …]", short: "make single-use codes that turn phones into officers' devices",
		long: `Prints one code and link per officer. A code is good once and for seven days.

  fieldsync enrol 0190…            one officer
  fieldsync enrol --unit 01        all officers and heads of a unit
  fieldsync enrol --all --days 3`,
		flags: func(fs *pflag.FlagSet) {
			fs.String("unit", "", "code of the unit whose officers get codes")
			fs.Bool("all", false, "codes for all officers")
			fs.Int("days", 7, "days for which the codes are good")
		},
		run: func(in *invocation) error { return with(in, func(a *app) error { return enrol(a, in) }) }}
}

func enrol(a *app, in *invocation) error {
	if days := in.int("days"); days < 1 || days > 90 {
		return problem.New(problem.Invalid, "days is a number from 1 to 90")
	}
	if len(in.args) == 0 && in.str("unit") == "" && !in.flag("all") {
		return problem.New(problem.Invalid, "say for whom: officers' ids, --unit CODE or --all")
	}
	list, err := a.officers(in)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, id := range in.args {
		if _, err := a.officer(in.ctx, id); err != nil {
			return err
		}
		wanted[id] = true
	}
	var to []models.Officer
	for i := range list {
		if !list[i].Ended && (wanted[list[i].ID] || len(wanted) == 0 && list[i].Role.Records()) {
			to = append(to, list[i])
		}
	}
	codes, err := a.enrolCodes(in.ctx, to, time.Duration(in.int("days"))*24*time.Hour)
	if err != nil {
		return err
	}
	base := in.cfg.PublicURL
	if base == "" {
		base = "http://" + in.cfg.Listen
	}
	w := tabwriter.NewWriter(in.out, 0, 4, 2, ' ', 0)
	for i := range to {
		fmt.Fprintf(w, "%s\t%s/phone/#enrol=%s\t%s\n", codes[i], strings.TrimRight(base, "/"), url.QueryEscape(codes[i]), to[i].Name)
	}
	return w.Flush()
}

// enrolCodes makes one code per officer, in their order.
func (a *app) enrolCodes(ctx context.Context, to []models.Officer, life time.Duration) ([]string, error) {
	codes := make([]string, len(to))
	hashes := map[[32]byte]string{}
	for i := range to {
		code, err := auth.NewCode(rand.Reader)
		if err != nil {
			return nil, err
		}
		plain, err := auth.NormalizeCode(code)
		if err != nil {
			return nil, err
		}
		codes[i] = code
		hashes[auth.HashCode(plain)] = to[i].ID
	}
	_, _, err := a.gateway.AddBatch(ctx, a.inst.Officer, hashes, life, nil)
	return codes, err
}

func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}
