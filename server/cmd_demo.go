package main

import (
	"cmp"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"
)

func demoCommand() *command {
	return &command{name: "demo", short: "a made-up county, filled by phones over HTTP, then served",
		long: `Sets up 12 units and 30 phones, lets the phones record about 200 events offline and push them, accepts most
of them, prints the official table and writes it as xlsx and csv, then serves. It keeps its data in the folder demo
of the data folder and is filled once.

  fieldsync demo
  fieldsync demo --exit
  fieldsync demo --province --exit    the numbers a whole province published, over 100 units and 300 phones`,
		flags: func(fs *pflag.FlagSet) {
			fs.Bool("exit", false, "stop after the table is written")
			fs.Bool("province", false, "the scale of a province")
			fs.Int("seed", 315, "seed of what is made up")
		},
		run: demo}
}

func demo(in *invocation) error {
	// Made-up numbers must never come into a real database, so only a flag says where they go.
	if !in.flags.Changed("data") {
		in.cfg.Data = filepath.Join(in.cfg.Data, "demo")
	}
	if !in.flags.Changed("database") {
		in.cfg.Database = filepath.Join(in.cfg.Data, "fieldsync.db")
	}
	if in.cfg.LogLevel == "info" {
		in.cfg.LogLevel = "warn" // three thousand requests in a second are no news
	}
	return with(in, func(a *app) error {
		n, err := a.db.CountCampaigns(in.ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			if err := a.fillDemo(in); err != nil {
				return err
			}
		}
		if err := a.showDemo(in); err != nil || in.flag("exit") {
			return err
		}
		return a.serveOn(in, time.Now())
	})
}

// fillDemo makes the county and lets its phones work.
func (a *app) fillDemo(in *invocation) error {
	plan, script := countyDemo(in.int("seed"))
	if in.flag("province") {
		plan, script = provinceDemo(in.int("seed"))
	}
	began := time.Now()
	c, err := a.makeCounty(in.ctx, plan)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0") // the phones' way in, until they are done
	if err != nil {
		return err
	}
	web := a.web()
	go web.Listener(ln) // ends with Shutdown
	defer web.ShutdownWithTimeout(5 * time.Second)
	in.printf("%s: %d units, %d phones\n", plan.name, len(plan.units), plan.officers)
	changes, err := a.workDay(in, c, script, "http://"+ln.Addr().String())
	if err != nil {
		return err
	}
	in.printf("%d events, %d changes pushed by %d phones in %.1f s\n", script.events(), changes, len(c.officers), time.Since(began).Seconds())
	return a.reviewDemo(in, c)
}

// workDay lets every phone enrol, record offline, push and pull, eight at a time.
func (a *app) workDay(in *invocation, c *county, s *script, url string) (int64, error) {
	var changes, done atomic.Int64
	group, ctx := errgroup.WithContext(in.ctx)
	group.SetLimit(8)
	for i := range c.officers {
		lines := s.linesOf(c, i)
		group.Go(func() error {
			key, err := client.NewKey()
			if err != nil {
				return err
			}
			p, err := client.Open(client.Config{Server: url, Key: key})
			if err != nil {
				return err
			}
			if _, err := p.Enrol(ctx, c.codes[i], fmt.Sprintf("手机%02d", i+1), "demo"); err != nil {
				return err
			}
			if _, err := p.Write(lines...); err != nil {
				return err
			}
			if _, err := p.Sync(ctx); err != nil {
				return fmt.Errorf("phone %d: %w", i+1, err)
			}
			changes.Add(int64(len(lines)))
			if n := done.Add(1); n%10 == 0 || int(n) == len(c.officers) {
				fmt.Fprintf(in.errs, "phones done: %d of %d\n", n, len(c.officers))
			}
			return nil
		})
	}
	err := group.Wait()
	http.DefaultClient.CloseIdleConnections() // else the server waits for connections that nobody uses
	return changes.Load(), err
}

// reviewDemo accepts most events, returns one and leaves a few for the visitor to look at.
func (a *app) reviewDemo(in *invocation, c *county) error {
	for _, kind := range []models.Kind{models.EventKind, models.SheetKind} {
		list, err := a.records(in, &c.campaign, kind)
		if err != nil {
			return err
		}
		slices.SortFunc(list, func(a, b gateway.Stored) int { // ids differ at each run, the demo's table does not
			return cmp.Or(strings.Compare(a.Record.Text("title"), b.Record.Text("title")), cmp.Compare(a.Record.FirstMS, b.Record.FirstMS))
		})
		var entries []gateway.Entry
		for i := range list {
			r := list[i].Record
			e := gateway.Entry{Op: "review.accept", Scope: r.Scope, Kind: string(kind), ID: r.ID, Version: &r.Version, Seq: &r.Seq}
			switch {
			case len(r.Conflicts()) > 0 || kind == models.EventKind && i%15 == 14:
				continue
			case kind == models.EventKind && i == 7:
				e.Op, e.Reason = "review.return", "请补充现场照片并核对发放份数"
			}
			entries = append(entries, e)
		}
		for len(entries) > 0 {
			n := min(len(entries), 400)
			if err := a.act(in.ctx, entries[:n]...); err != nil {
				return err
			}
			entries = entries[n:]
		}
	}
	return nil
}

// showDemo prints the tables and writes them beside the database.
func (a *app) showDemo(in *invocation) error {
	list, err := a.db.Campaigns(in.ctx)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return problem.New(problem.Internal, "the demo made no campaign")
	}
	c := &list[0]
	for i, id := range templateIDs(c) {
		t, err := a.gateway.Table(in.ctx, gateway.TableQuery{Campaign: c.ID, Template: id, Date: c.LastDay})
		if err != nil {
			return err
		}
		if i == 0 {
			if err := t.Print(in.out); err != nil {
				return err
			}
		}
		for _, format := range []string{"xlsx", "csv"} {
			name := filepath.Join(in.cfg.Data, "统计表-"+id+"."+format)
			if err := writeFile(name, func(w io.Writer) error { return writers[format](t, w) }); err != nil {
				return err
			}
			in.printf("written: %s\n", name)
		}
	}
	return nil
}
