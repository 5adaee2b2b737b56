package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/simtest"
	"github.com/spf13/pflag"
)

func simulateCommand() *command {
	return &command{name: "simulate", short: "phones on bad networks against the real HTTP, checked by an oracle",
		long: `Sets up a made-up bureau in an empty database, starts servers on it and lets phones record, push, pull and
suffer: lost replies, repeats, kills, restored backups, clones, wrong clocks. At the end an oracle that only adds
compares every total and every phone's picture. The exit code is 0 only when nothing was lost and nothing doubled.

  fieldsync simulate                                    200 phones on a temporary SQLite database
  fieldsync simulate --with-photos 500 --link field       with originals, over a link that is cut all the time
  fieldsync simulate --servers 2 --database postgres://…  two servers over one database
  fieldsync simulate --url http://a:3150,http://b:3150 --database postgres://…   servers that run already`,
		flags: func(fs *pflag.FlagSet) {
			fs.Int("phones", 200, "how many phones")
			fs.Int("events", 20, "stories per phone")
			fs.Int("units", 12, "units they belong to")
			fs.Int("servers", 1, "servers to start over the database")
			fs.String("url", "", "servers that run already over --database, comma separated")
			fs.Int("with-photos", 0, "stories beside these whose photos are delivered and read back")
			fs.String("link", "none", "what photos go over: none, field or lossy")
			fs.Int("seed", 0, "seed of all decisions; 0: by the time")
			fs.Bool("verify", true, "run verify at the end")
		},
		run: simulate}
}

func simulate(in *invocation) error {
	dir, err := os.MkdirTemp("", "fieldsync-simulate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if !in.flags.Changed("database") {
		in.cfg.Database = filepath.Join(dir, "fieldsync.db")
	}
	if !in.flags.Changed("data") { // photos lie there too
		in.cfg.Data = dir
	}
	if in.int("phones") < 2*in.int("units") || in.int("units") < 2 {
		return problem.New(problem.Invalid, "a simulation needs at least two units and two phones per unit")
	}
	in.cfg.LogLevel = "error" // what is refused on purpose is no news
	return with(in, func(a *app) error {
		if n, err := a.db.CountCampaigns(in.ctx); err != nil || n > 0 {
			return problem.New(problem.Invalid, "a simulation needs an empty database")
		}
		urls, stop, err := a.simServers(in)
		if err != nil {
			return err
		}
		defer stop()
		return a.simulate(in, urls, dir)
	})
}

// simServers starts servers on loopback, each with connections of its own, or takes the given ones.
func (a *app) simServers(in *invocation) (urls []string, stop func(), err error) {
	if list := in.str("url"); list != "" {
		return strings.Split(list, ","), func() {}, nil
	}
	var stops []func()
	stop = func() {
		for _, s := range stops {
			s()
		}
	}
	for i := range in.int("servers") {
		b := a
		if i > 0 {
			if b, err = open(in.ctx, in.cfg, a.log); err != nil {
				return nil, stop, err
			}
		}
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, stop, err
		}
		if err := errors.Join(b.openPhotos(in.cfg), b.checkPhotos(in)); err != nil {
			return nil, stop, err
		}
		web := b.web()
		stopJobs := b.startJobs(in.ctx)
		go web.Listener(ln) // ends with Shutdown
		stops = append(stops, func() {
			_ = web.ShutdownWithTimeout(5 * time.Second) // the run is over
			stopJobs()
			if b != a {
				b.db.Close()
			}
		})
		urls = append(urls, "http://"+ln.Addr().String())
	}
	return urls, stop, nil
}

func (a *app) simulate(in *invocation, urls []string, dir string) error {
	p := countyPlan{name: "模拟县市场监督管理局", officers: in.int("phones"), title: "模拟3·15活动", year: 2022,
		firstDay: "2022-03-07", lastDay: "2022-03-17", templates: []string{"ningxia-2022"}, spare: in.int("with-photos") / 7}
	for i := range in.int("units") {
		p.units = append(p.units, fmt.Sprintf("第%d所", i+1))
	}
	c, err := a.makeCounty(in.ctx, p)
	if err != nil {
		return err
	}
	w := simtest.World{Servers: urls, Campaign: c.campaign.ID, FirstDay: p.firstDay, LastDay: p.lastDay, Zone: c.campaign.Zone}
	for _, u := range c.units {
		w.Units = append(w.Units, simtest.Unit{ID: u.ID, Name: u.Name})
	}
	for i, o := range c.officers {
		seat := simtest.PhoneSeat{Unit: o.Unit, Officer: o.ID, Code: c.codes[i], Head: o.Role == "head"}
		if i < p.officers {
			w.Phones = append(w.Phones, seat)
		} else {
			w.Spare = append(w.Spare, seat)
		}
	}
	if a.photos == nil && in.int("with-photos") > 0 { // the servers run elsewhere, over the same stores
		if err := a.openPhotos(in.cfg); err != nil {
			return err
		}
	}
	r, err := simtest.Run(in.ctx, simtest.Config{World: w, Backstage: &backstage{a, c.campaign.ID},
		Seed: uint64(in.int("seed")), Events: in.int("events"), Photos: in.int("with-photos"), Link: in.str("link"), Dir: dir}, in.out)
	if err != nil {
		return err
	}
	if in.flag("verify") {
		if err := verify(a, in); err != nil {
			return err
		}
	}
	if !r.OK {
		return exitCode(1)
	}
	return nil
}
