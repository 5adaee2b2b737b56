package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	mobileapi "github.com/fieldsync/fieldsync/mobile-api"
	"github.com/fieldsync/fieldsync/server/internal/console"
	"github.com/fieldsync/fieldsync/web"
	"github.com/gofiber/fiber/v2"
)

func serveCommand() *command {
	return &command{name: "serve", short: "serve phones and the office", run: serve,
		long: `Without --database everything is kept in an SQLite database in the data folder. Several servers may
share one PostgreSQL database. Ctrl-C stops it: requests that have begun are answered first.

  fieldsync serve --listen 0.0.0.0:3150
  fieldsync serve --database postgres://fieldsync@db/fieldsync`}
}

// stopTime is how long requests that have begun may take when the server stops.
const stopTime = 20 * time.Second

func serve(in *invocation) error {
	began := time.Now()
	return with(in, func(a *app) error { return a.serveOn(in, began) })
}

// serveOn serves until the context ends or the listener fails. What goes on beside it is started with the
// server's address and stopped before the server.
func (a *app) serveOn(in *invocation, began time.Time, beside ...func(net.Addr) (stop func(), err error)) error {
	if err := a.openPhotos(in.cfg); err != nil {
		return err
	}
	if err := a.checkPhotos(in); err != nil {
		return err
	}
	if err := a.photos.join(in.ctx); err != nil {
		return err
	}
	ln, err := net.Listen("tcp", in.cfg.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", in.cfg.Listen, err)
	}
	app := a.web()
	stopJobs := a.startJobs(in.ctx)
	defer stopJobs()
	served := make(chan error, 1)
	go func() { served <- app.Listener(ln) }()
	in.printf("fieldsync listens on http://%s (started in %d ms)\n", ln.Addr(), time.Since(began).Milliseconds())
	in.printf("database: %s\n", databaseName(in.cfg))
	err = a.invite(in, ln.Addr())
	stopBeside, besides := startAll(beside, ln.Addr())
	defer stopBeside()
	if err = errors.Join(err, besides); err != nil && in.ctx.Err() == nil { // to be stopped while one starts is no fault
		return errors.Join(err, app.ShutdownWithTimeout(stopTime))
	}
	select {
	case err := <-served:
		return err
	case <-in.ctx.Done():
	}
	in.printf("stopping: requests that have begun are answered first\n")
	stopBeside()
	return app.ShutdownWithTimeout(stopTime)
}

// startAll starts what goes on beside a server. stop stops it once, however often it is called.
func startAll(list []func(net.Addr) (func(), error), listens net.Addr) (stop func(), err error) {
	var started []func()
	stop = sync.OnceFunc(func() {
		for _, s := range started {
			s()
		}
	})
	for _, start := range list {
		s, err := start(listens)
		if err != nil {
			return stop, err
		}
		started = append(started, s)
	}
	return stop, nil
}

// web puts the HTTP together.
func (a *app) web() *fiber.App {
	app := httpapi.New(httpapi.Options{Log: a.log, NewID: newID})
	api := mobileapi.New(a.gateway, a.gateway, auth.NewTokens(a.secrets.Token, time.Now), time.Now)
	if a.photos != nil {
		api.WithPhotos(a.photos.intake, pictures{a.photos})
	}
	api.Routes(app)
	a.console().Routes(app)
	if err := console.Static(app, web.Dist(), web.Policy); err != nil {
		a.log.Error("the console's pages cannot be served", "error", err)
	}
	mountDocs(app)
	app.Get("/healthz", a.health)
	app.Get("/", console.Front)
	return app
}

// health answers when the database does.
func (a *app) health(c *fiber.Ctx) error {
	if err := a.db.Ping(c.UserContext()); err != nil {
		return err
	}
	return httpapi.JSON(c, fiber.StatusOK, map[string]string{"status": "ok"})
}

// sweep is how often everything that waits is tried, beyond what events of their own make due.
const sweep = 2 * time.Minute

// startJobs runs what a server does beside answering: it finishes what a crash broke off and tries
// held lines from time to time.
func (a *app) startJobs(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done, shelved := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(shelved)
		if a.photos != nil {
			a.photos.run(ctx)
		}
	}()
	go func() {
		defer close(done)
		tick := time.NewTicker(sweep)
		defer tick.Stop()
		for {
			if err := a.gateway.ResumeRebuilds(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("totals could not be counted anew", "error", err)
			}
			if n, err := a.gateway.RetryAll(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("held lines could not be tried", "error", err)
			} else if n > 0 {
				a.log.Info("held lines were settled", "count", n)
			}
			if err := a.gateway.TellPhotos(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("stored originals could not be told", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
	return func() { cancel(); <-done; <-shelved }
}

func databaseName(c Config) string {
	if u, ok := redacted(c.Database); ok {
		return u
	}
	return c.Database
}
