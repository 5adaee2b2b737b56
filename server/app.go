package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/google/uuid"
)

// app is an opened database with the gateway on it.
type app struct {
	db      *store.DB
	gateway *gateway.Gateway
	inst    gateway.Installation
	secrets store.Secrets
	log     *slog.Logger
	photos  *photos // nil until openPhotos

	publicURL string
}

// newID makes a UUIDv7: ids sort by the time they were made.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

func logger(c Config, w io.Writer) *slog.Logger {
	l, _ := level(c.LogLevel) // checked with the settings
	o := &slog.HandlerOptions{Level: l}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// open opens the database, brings its schema up to date and makes the gateway.
func open(ctx context.Context, c Config, log *slog.Logger) (*app, error) {
	db, err := store.Open(ctx, c.Database, store.Options{Log: log, PoolSize: c.Pool})
	if err != nil {
		return nil, err
	}
	a := &app{db: db, log: log, publicURL: c.PublicURL}
	if _, err := db.Migrate(ctx); err != nil {
		db.Close()
		return nil, err
	}
	if a.inst, a.secrets, err = db.Install(ctx, newID, time.Now().UnixMilli()); err != nil {
		db.Close()
		return nil, err
	}
	a.gateway = gateway.New(db, a.inst, log, newID)
	if err := a.gateway.Relist(ctx); err != nil { // what a new schema derives from the old rows
		db.Close()
		return nil, err
	}
	return a, nil
}

// existing opens a database that must be there and leaves its schema alone: what only looks must not
// make an empty database out of a misspelt path and find nothing wrong with it.
func existing(in *invocation, fn func(*app) error) error {
	if !store.IsPostgres(in.cfg.Database) {
		if _, err := os.Stat(in.cfg.Database); err != nil {
			return problem.Wrap(err, problem.NotFound, "there is no database")
		}
	}
	db, err := store.Open(in.ctx, in.cfg.Database, store.Options{Log: logger(in.cfg, in.errs), PoolSize: in.cfg.Pool})
	if err != nil {
		return err
	}
	err = db.CheckSchema(in.ctx)
	if e := db.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return with(in, fn)
}

// with opens the database for a command and closes it behind it.
func with(in *invocation, fn func(*app) error) error {
	a, err := open(in.ctx, in.cfg, logger(in.cfg, in.errs))
	if err != nil {
		return err
	}
	defer a.db.Close()
	return fn(a)
}

// view runs a reading.
func (a *app) view(ctx context.Context, fn func(gateway.Tx) error) error { return a.db.View(ctx, fn) }

// act writes lines of the office in the name of the server itself: whoever runs commands on the
// server's machine is its administrator.
func (a *app) act(ctx context.Context, e ...gateway.Entry) error {
	return a.gateway.Act(ctx, a.inst.Officer, e...)
}
