package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/spf13/pflag"
)

func demoCommand() *command {
	return &command{name: "demo", short: "a made-up county, filled by phones over HTTP, then served",
		long: `Sets up 12 units and 30 phones, lets the phones record about 220 events offline and push them, lets the office
accept most of them, prints the official table and writes it as xlsx and csv, then serves: it says where the console
is and who can sign in, and the phones go on recording. Its days follow today: the stands were yesterday. It keeps
its data in the folder demo of the data folder and is filled once.

  fieldsync demo
  fieldsync demo --exit
  fieldsync demo --province --exit    the numbers a whole province published, over 100 units and 300 phones`,
		flags: func(fs *pflag.FlagSet) {
			fs.Bool("exit", false, "stop after the table is written")
			fs.Bool("province", false, "the scale of a province")
			fs.Int("seed", 315, "seed of what is made up")
			fs.Duration("tick", lifeTick, "how often the phones record something while it serves")
			_ = fs.MarkHidden("tick") // for tests; the flag is there
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
		return a.serveOn(in, time.Now(), a.goOn(in))
	})
}

// fillDemo makes the county and lets its phones and its office work.
func (a *app) fillDemo(in *invocation) error {
	units, err := a.db.Units(in.ctx)
	if err != nil {
		return err
	}
	if len(units) > 0 {
		return problem.New(problem.Conflict, "the database is in use: the demo fills an empty one")
	}
	cal := calendarOf(time.Now())
	plan, script := countyDemo(in.int("seed"), cal)
	if in.flag("province") {
		plan, script = provinceDemo(in.int("seed"), cal)
	}
	began := time.Now()
	county, err := a.makeCounty(in.ctx, plan)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0") // the phones' way in, until they are done
	if err != nil {
		return err
	}
	if err := a.openPhotos(in.cfg); err != nil {
		return err
	}
	rendering, stop := context.WithCancel(in.ctx)
	rendered := make(chan struct{})
	go func() { defer close(rendered); a.photos.renditions.Run(rendering) }()
	defer func() { stop(); <-rendered }()
	web := a.web()
	go web.Listener(ln) // ends with Shutdown
	defer web.ShutdownWithTimeout(5 * time.Second)
	in.printf("%s: %d units, %d phones\n", plan.name, len(plan.units), plan.officers)
	c := &crew{app: a, county: county, script: script, cal: cal, url: "http://" + ln.Addr().String(),
		folder: filepath.Join(in.cfg.Data, phonesFolder), net: http.DefaultTransport.(*http.Transport).Clone()}
	err = c.fill(in, plan.officers, began)
	return errors.Join(err, c.close())
}

// fill lets a day of phones and a morning of the office pass. The notes come last: they say that all
// of it was done.
func (c *crew) fill(in *invocation, phones int, began time.Time) error {
	if err := c.employ(in.ctx); err != nil {
		return err
	}
	handins, err := c.arrange(in.ctx)
	if err != nil {
		return err
	}
	changes, err := c.workDay(in, phones)
	if err != nil {
		return err
	}
	for _, play := range c.script.scenes {
		if err := play(in.ctx, c); err != nil {
			return err
		}
	}
	events, err := c.review(in)
	if err != nil {
		return err
	}
	for _, play := range c.script.sequel {
		if err := play(in.ctx, c); err != nil {
			return err
		}
	}
	if err := errors.Join(c.receipts(in.ctx, handins), c.grant(in.ctx), c.app.developed(in.ctx)); err != nil {
		return err
	}
	n := demoNotes{Campaign: c.county.campaign.ID, Day: c.cal.date(0)}
	if n.Accounts, err = c.openAccounts(in); err != nil {
		return err
	}
	in.printf("%d events, %d changes pushed by %d phones in %.1f s\n", events, changes, phones, time.Since(began).Seconds())
	return n.keep(in.cfg.Data)
}

// goOn welcomes the visitor and lets the phones go on, as long as the server serves.
func (a *app) goOn(in *invocation) func(net.Addr) (func(), error) {
	return func(listens net.Addr) (func(), error) {
		n, err := a.readNotes(in)
		if err != nil {
			return nil, err
		}
		if n == nil {
			in.printf("this database was not filled by the demo in %s, or not to its end: nobody's sign-in is known, and no phones go on\n", in.cfg.Data)
			return func() {}, nil
		}
		tick, err := in.flags.GetDuration("tick")
		if err != nil {
			return nil, err
		}
		n.welcome(in, a.address(listens))
		l, err := newLife(filepath.Join(in.cfg.Data, phonesFolder), n.Campaign, nearby(listens), tick, a.log)
		if err != nil {
			return nil, err
		}
		return l.start(in.ctx), nil
	}
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
