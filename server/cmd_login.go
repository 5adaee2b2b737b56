package main

import (
	"crypto/rand"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/spf13/pflag"
)

func loginCommand() *command {
	return &command{name: "login", usage: "OFFICER-ID", short: "let a person sign in to the office, with a one-time password",
		long: `Prints a password that serves to choose another one. It is for the first person of a tree, and for whoever
locked themselves out; everybody else gets a sign-in in the console. Without --login the present one stays.

  fieldsync login 0190… --login zhangsan
  fieldsync login 0190…`,
		flags: func(fs *pflag.FlagSet) { fs.String("login", "", "what the person signs in with") },
		run:   func(in *invocation) error { return with(in, func(a *app) error { return login(a, in) }) }}
}

// signIns are what a transaction knows of sign-ins.
type signIns interface {
	PutCredential(*models.Credential) error
}

func login(a *app, in *invocation) error {
	o, err := a.officer(in.ctx, first(in.args))
	if err != nil {
		return err
	}
	if o.Ended {
		return problem.New(problem.Conflict, "%s has left", o.Name)
	}
	name := in.str("login")
	if name == "" {
		now, err := a.db.Credential(in.ctx, o.ID)
		if err != nil {
			return err
		}
		if now == nil {
			return problem.New(problem.Invalid, "%s has no login yet: say which with --login", o.Name)
		}
		name = now.Login
	}
	password, err := auth.NewCode(rand.Reader)
	if err != nil {
		return err
	}
	cred, err := a.sessions().NewCredential(in.ctx, o.ID, name, password, true)
	if err != nil {
		return err
	}
	err = a.gateway.Do(in.ctx, a.inst.Officer, func(tx gateway.Tx) error { return tx.(signIns).PutCredential(cred) },
		gateway.Entry{Op: "office.note", Kind: "credential", Note: "given", ID: o.ID, Unit: o.Unit})
	if err != nil {
		return err
	}
	in.printf("%s  login %s  password %s\n", o.Name, cred.Login, password)
	in.printf("the password is to be changed at the first sign-in; other sessions of %s have ended (%s)\n", o.Name, time.Now().Format(time.DateTime))
	return nil
}
