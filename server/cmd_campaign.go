package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/spf13/pflag"
)

// campaignFlags are the flags of a campaign's fields, by their names on the wire.
var campaignFlags = map[string]string{"title": "title", "theme": "theme", "year": "year", "zone": "zone",
	"first-day": "first_day", "last-day": "last_day", "active-from": "active_from", "active-to": "active_to",
	"templates": "templates"}

func campaignCommand() *command {
	return &command{name: "campaign", usage: "add|set|state|amend|list", short: "campaigns, their counting window, tables and state",
		long: `A campaign is draft → open → closing (late pushes are marked) → closed (they are held) → frozen.

  fieldsync campaign add --title 2026年3·15活动 --unit 00 --first-day 2026-03-01 --last-day 2026-03-20
  fieldsync campaign state open
  fieldsync campaign set --last-day 2026-03-22       counts everything anew under the new window
  fieldsync campaign state frozen --reason 局长审定   keeps the table and its hash
  fieldsync campaign amend --reason 补报河东所        opens a frozen campaign for a numbered amendment`,
		flags: func(fs *pflag.FlagSet) {
			fs.String("campaign", "", "campaign id (default: the only one)")
			fs.String("title", "", "title as it is printed")
			fs.String("theme", "", "theme of the year 年主题")
			fs.Int("year", time.Now().Year(), "year")
			fs.String("unit", "", "code of the collecting unit")
			fs.String("zone", "Asia/Shanghai", "time zone of its days")
			fs.String("first-day", "", "first day of the counting window, 2006-01-02")
			fs.String("last-day", "", "last day of the counting window, counted")
			fs.String("active-from", "", "first day of the activity window")
			fs.String("active-to", "", "last day of the activity window")
			fs.String("templates", "ningxia-2022", "ids of its tables, comma separated")
			fs.String("reason", "", "why")
			fs.Bool("anyway", false, "state frozen: although events or sheets are not accepted, or a judged pair counts for nothing")
		},
		run: func(in *invocation) error {
			return action(in, map[string]func(*app, *invocation, []string) error{
				"add": campaignAdd, "set": campaignSet, "state": campaignState, "amend": campaignAmend, "list": campaignList})
		}}
}

func campaignAdd(a *app, in *invocation, _ []string) error {
	u, err := a.unit(in.ctx, in.str("unit"))
	if err != nil {
		return err
	}
	set := map[string]any{"unit": u.ID, "year": in.int("year")}
	for flag, field := range campaignFlags {
		if flag != "year" {
			set[field] = in.str(flag)
		}
	}
	id := newID()
	if err := a.putSet(in.ctx, "campaign", id, 0, set); err != nil {
		return err
	}
	in.printf("%s  %s (draft; open it: fieldsync campaign state open)\n", id, in.str("title"))
	return nil
}

func campaignSet(a *app, in *invocation, _ []string) error {
	c, err := a.campaign(in)
	if err != nil {
		return err
	}
	return a.put(in, "campaign", c.ID, c.Version, campaignFlags)
}

func campaignState(a *app, in *invocation, args []string) error {
	c, err := a.campaign(in)
	if err != nil {
		return err
	}
	if !models.CampaignState(first(args)).Valid() {
		return problem.New(problem.Invalid, "say the state: draft, open, closing, closed or frozen")
	}
	if err := a.act(in.ctx, gateway.Entry{Op: "campaign.state", Scope: c.ID, State: first(args), Reason: in.str("reason"),
		Anyway: in.flag("anyway")}); err != nil {
		return err
	}
	in.printf("%s is %s\n", c.Title, first(args))
	if models.CampaignState(first(args)) == models.CampaignIsFrozen {
		return a.showFrozen(in, c)
	}
	return nil
}

// showFrozen prints what the campaign was frozen with, and what is missing in it.
func (a *app) showFrozen(in *invocation, c *models.Campaign) error {
	list, err := a.snapshots(in, c)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].Number == c.Amendment {
			in.printf("%s  sha256 %s (amendment %d)\n", list[i].Template, list[i].SHA256, list[i].Number)
		}
	}
	t, err := a.gateway.Table(in.ctx, gateway.TableQuery{Campaign: c.ID})
	if err == nil && t.Filing.Draft() {
		in.printf("note: %d events were not accepted, so the table does not have them\n", t.Filing.Unreviewed)
	}
	return err
}

// snapshots returns the frozen tables of a campaign.
func (a *app) snapshots(in *invocation, c *models.Campaign) (out []models.Snapshot, err error) {
	err = a.view(in.ctx, func(tx gateway.Tx) error {
		all, err := tx.Snapshots()
		out = slices.DeleteFunc(all, func(s models.Snapshot) bool { return s.Campaign != c.ID })
		return err
	})
	return out, err
}

func campaignAmend(a *app, in *invocation, _ []string) error {
	c, err := a.campaign(in)
	if err != nil {
		return err
	}
	if err := a.act(in.ctx, gateway.Entry{Op: "campaign.amend", Scope: c.ID, Reason: in.str("reason")}); err != nil {
		return err
	}
	in.printf("amendment %d of %s is open: release and correct, then freeze again\n", c.Amendment+1, c.Title)
	return nil
}

func campaignList(a *app, in *invocation, _ []string) error {
	list, err := a.db.Campaigns(in.ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(in.out, 0, 4, 2, ' ', 0)
	for i := range list {
		c := &list[i]
		fmt.Fprintf(w, "%s\t%s\t%s … %s\t%s\t%s\n", c.ID, c.State, c.FirstDay, c.LastDay, c.Templates, c.Title)
	}
	return w.Flush()
}

// campaign finds the campaign that --campaign names, or the only one.
func (a *app) campaign(in *invocation) (*models.Campaign, error) {
	list, err := a.db.Campaigns(in.ctx)
	if err != nil {
		return nil, err
	}
	id := in.str("campaign")
	if id == "" && len(list) == 1 {
		return &list[0], nil
	}
	for i := range list {
		if list[i].ID == id {
			return &list[i], nil
		}
	}
	if id == "" && len(list) > 1 {
		return nil, problem.New(problem.Invalid, "there are %d campaigns: name one with --campaign", len(list))
	}
	return nil, problem.New(problem.NotFound, "there is no campaign %q", id)
}

func templateCommand() *command {
	return &command{name: "template", usage: "add FILE|show ID|list", short: "tables as data: give one to a running server",
		long: `A template is a YAML file: its rows, labels, notes and rules. A bad one is refused with line and
reason. A campaign uses it once it is among its templates (fieldsync campaign set --templates …).

  fieldsync template show ningxia-2022 > mine.yaml
  fieldsync template add mine.yaml`,
		run: func(in *invocation) error {
			return action(in, map[string]func(*app, *invocation, []string) error{
				"add": templateAdd, "show": templateShow, "list": templateList})
		}}
}

func templateAdd(a *app, in *invocation, args []string) error {
	raw, err := os.ReadFile(first(args))
	if err != nil {
		return problem.Wrap(err, problem.Invalid, "the template cannot be read")
	}
	t, err := stats.ParseTemplate(filepath.Base(first(args)), raw)
	if err != nil {
		return err
	}
	given, err := a.db.Templates(in.ctx)
	if err != nil {
		return err
	}
	id, base := newID(), int64(0)
	for i := range given {
		if given[i].Code == t.ID {
			id, base = given[i].ID, given[i].Version
		}
	}
	if err := a.putSet(in.ctx, "template", id, base, map[string]any{"yaml": string(raw)}); err != nil {
		return err
	}
	in.printf("%s  %s: %d rows\n", t.ID, t.Title, len(t.Rows()))
	return nil
}

func templateShow(a *app, in *invocation, args []string) error {
	given, err := a.db.Templates(in.ctx)
	if err != nil {
		return err
	}
	for i := range given {
		if given[i].Code == first(args) {
			in.printf("%s", given[i].YAML)
			return nil
		}
	}
	if src, ok := stats.BuiltinSource(first(args)); ok {
		in.printf("%s", src)
		return nil
	}
	return problem.New(problem.NotFound, "there is no template %q", first(args))
}

func templateList(a *app, in *invocation, _ []string) error {
	builtin, err := stats.Builtin()
	if err != nil {
		return err
	}
	for _, t := range builtin {
		in.printf("%s  %s (built in)\n", t.ID, t.Title)
	}
	given, err := a.db.Templates(in.ctx)
	for i := range given {
		in.printf("%s  %s\n", given[i].Code, given[i].Title)
	}
	return err
}

func putCommand() *command {
	return &command{name: "put", usage: "handin|task|roster|reminder|receipt FIELD=VALUE …", short: "hand-in items, task sheet, duty roster, reminders, receipts",
		long: `  fieldsync put handin item=统计表 due=2026-03-17T17:00 recipient=办公室
  fieldsync put task number=1 work=现场咨询 unit=01 person=…
  fieldsync put roster day=2026-03-15 name=… mobile=…
  fieldsync put reminder unit=01 text=统计表今日17时前报送
  fieldsync put receipt handin=0190… unit=01 paper=2026-03-17T16:30 note=邮寄

due, paper and electronic are times in the campaign's zone. --id changes an item that exists; a hand-in has one receipt of each
unit, which needs no --id.`,
		flags: func(fs *pflag.FlagSet) {
			fs.String("campaign", "", "campaign id (default: the only one)")
			fs.String("id", "", "id of the item to change")
			fs.Int("base", 0, "its version, when it is changed")
		},
		run: func(in *invocation) error { return with(in, func(a *app) error { return putItem(a, in) }) }}
}

func putItem(a *app, in *invocation) error {
	kinds := []string{"handin", "task", "roster", "reminder", "receipt"}
	if !slices.Contains(kinds, first(in.args)) {
		return problem.New(problem.Invalid, "say what: %s", strings.Join(kinds, ", "))
	}
	c, err := a.campaign(in)
	if err != nil {
		return err
	}
	set := map[string]any{"campaign": c.ID}
	for _, pair := range in.args[1:] {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return problem.New(problem.Invalid, "%q is not field=value", pair)
		}
		if set[name], err = itemValue(c, name, value); err != nil {
			return err
		}
		if name == "unit" {
			u, err := a.unit(in.ctx, value)
			if err != nil {
				return err
			}
			set[name] = u.ID
		}
	}
	id := in.str("id")
	switch {
	case in.args[0] == "receipt":
		handin, _ := set["handin"].(string) // none is refused when it is put
		unit, _ := set["unit"].(string)
		id = models.ReceiptID(handin, unit)
	case id == "":
		id = newID()
	}
	if err := a.putSet(in.ctx, in.args[0], id, int64(in.int("base")), set); err != nil {
		return err
	}
	in.printf("%s\n", id)
	return nil
}

// itemValue reads a value as its field wants it.
func itemValue(c *models.Campaign, name, value string) (any, error) {
	switch name {
	case "due", "paper", "electronic":
		zone, err := time.LoadLocation(c.Zone)
		if err != nil {
			return nil, err
		}
		t, err := time.ParseInLocation("2006-01-02T15:04", value, zone)
		if err != nil {
			return nil, problem.New(problem.Invalid, "%s is a day and time such as 2026-03-17T17:00", name)
		}
		return t.UnixMilli(), nil
	case "number":
		n, err := strconv.Atoi(value)
		if err != nil {
			return nil, problem.New(problem.Invalid, "number is a whole number")
		}
		return n, nil
	case "done":
		return value == "true", nil
	}
	return value, nil
}

func migrateCommand() *command {
	return &command{name: "migrate", short: "bring the database's schema up to this program's (serve does so by itself)",
		run: func(in *invocation) error {
			db, err := store.Open(in.ctx, in.cfg.Database, store.Options{Log: logger(in.cfg, in.errs)})
			if err != nil {
				return err
			}
			defer db.Close()
			done, err := db.Migrate(in.ctx)
			if err != nil {
				return err
			}
			for _, step := range done {
				in.printf("done: %s\n", step)
			}
			in.printf("the schema is up to date\n")
			return nil
		}}
}

// templateIDs returns the ids of a campaign's tables.
func templateIDs(c *models.Campaign) []string {
	return strings.FieldsFunc(c.Templates, func(r rune) bool { return r == ',' || r == ' ' })
}

// redacted hides the password of a database address.
func redacted(target string) (string, bool) {
	u, err := url.Parse(target)
	if err != nil || u.Scheme == "" || !store.IsPostgres(target) {
		return "", false
	}
	return u.Redacted(), true
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// jsonText encodes a value that always encodes.
func jsonText(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain data: numbers, texts, lists of them
	}
	return raw
}
