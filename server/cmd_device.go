package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/spf13/pflag"
)

func deviceCommand() *command {
	return &command{name: "device", usage: "list|revoke|restore|name [ID]", short: "phones: last heard, what they still owe, revoke",
		long: `A revoked phone may still send what it holds; all of it waits for the office.

  fieldsync device list
  fieldsync device revoke ID
  fieldsync device name ID --name 王五的手机`,
		flags: func(fs *pflag.FlagSet) { fs.String("name", "", "new name") },
		run: func(in *invocation) error {
			put := func(set func(*invocation) map[string]any) func(*app, *invocation, []string) error {
				return func(a *app, in *invocation, args []string) error {
					return a.putSet(in.ctx, "device", first(args), 0, set(in))
				}
			}
			return action(in, map[string]func(*app, *invocation, []string) error{
				"list":    deviceList,
				"revoke":  put(func(*invocation) map[string]any { return map[string]any{"revoked": true} }),
				"restore": put(func(*invocation) map[string]any { return map[string]any{"revoked": false} }),
				"name":    put(func(in *invocation) map[string]any { return map[string]any{"name": in.str("name")} }),
			})
		}}
}

func deviceList(a *app, in *invocation, _ []string) error {
	list, err := a.db.Devices(in.ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(in.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "DEVICE\tOFFICER\tLAST HEARD\tLINES\tOWES\tPHOTOS\tCLOCK\tNOTES")
	for i := range list {
		d := &list[i]
		heard := "never"
		if d.LastMS > 0 {
			heard = time.UnixMilli(d.LastMS).Format(time.DateTime)
		}
		var notes []string
		for _, n := range []struct {
			on   bool
			word string
		}{{d.RevokedMS != 0, "revoked"}, {d.Forked, "forked"}, {d.Behind, "server is behind"}, {d.Epochs > 1, fmt.Sprintf("%d epochs", d.Epochs)}} {
			if n.on {
				notes = append(notes, n.word)
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%d\t%+ds\t%s\n", d.ID, d.Officer, heard, d.Lines, d.Owes, d.Photos, d.OffsetMS/1000, strings.Join(notes, ", "))
	}
	return w.Flush()
}

func grantCommand() *command {
	return &command{name: "grant", usage: "OFFICER-ID", short: "give an officer a role in one unit of one campaign, or end it",
		flags: func(fs *pflag.FlagSet) {
			fs.String("campaign", "", "campaign id (default: the only one)")
			fs.String("unit", "", "code of the unit")
			fs.String("role", "officer", "role")
			fs.Bool("end", false, "end it")
		},
		run: func(in *invocation) error {
			return with(in, func(a *app) error {
				c, err := a.campaign(in)
				if err != nil {
					return err
				}
				u, err := a.unit(in.ctx, in.str("unit"))
				if err != nil {
					return err
				}
				op := "rights.grant"
				if in.flag("end") {
					op = "rights.end"
				}
				return a.act(in.ctx, gateway.Entry{Op: op, Scope: c.ID + ":" + u.ID, Officer: first(in.args), Role: in.str("role")})
			})
		}}
}
