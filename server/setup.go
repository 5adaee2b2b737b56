package main

import (
	"context"
	"net"
	"runtime/debug"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/server/internal/console"
	"github.com/fieldsync/fieldsync/sync/office"
)

// sessions signs office users in.
func (a *app) sessions() *auth.Sessions {
	return auth.NewSessions(a.db, a.secrets.Token, time.Now, newID)
}

// console puts the office's HTTP together.
func (a *app) console() *console.API {
	o := console.Options{Desk: office.New(a.db, time.Now), Gateway: a.gateway, Store: a.db, Sessions: a.sessions(),
		Server: a.inst.Officer, PublicURL: a.publicURL, Version: version(), Now: time.Now, NewID: newID}
	if a.photos != nil {
		o.Pictures = officePictures{a.photos}
	}
	return console.New(o)
}

// version is that of the program as it was built.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

// setupLink makes the one-time link with which the first person signs in, "" when somebody can
// already. A link that was made before is good no longer.
func (a *app) setupLink(ctx context.Context, listens net.Addr) (string, error) {
	has, err := a.db.HasCredentials(ctx)
	if err != nil || has {
		return "", err
	}
	token := auth.NewSetupToken()
	if err := a.db.PutSetupToken(ctx, auth.HashSetupToken(token), time.Now().Add(auth.SetupLife).UnixMilli()); err != nil {
		return "", err
	}
	return a.address(listens) + "/console/#/setup/" + token, nil
}

// address is what a browser opens: the public address, or where the server listens.
func (a *app) address(listens net.Addr) string {
	if a.publicURL != "" {
		return strings.TrimRight(a.publicURL, "/")
	}
	return nearby(listens)
}

// nearby is what a program on the server's own machine opens.
func nearby(listens net.Addr) string {
	host, port, err := net.SplitHostPort(listens.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// invite tells whoever started the server how to begin, while nobody can sign in.
func (a *app) invite(in *invocation, listens net.Addr) error {
	link, err := a.setupLink(in.ctx, listens)
	if err != nil || link == "" {
		return err
	}
	// Everything can be done by commands too (fieldsync help), but one instruction at a time.
	in.printf("首次使用：请在 24 小时内用浏览器打开下面的链接完成设置（仅一次有效）。\n"+
		"First run: open this link in a browser within 24 hours to set the server up; it works once.\n  %s\n"+
		"先看演示：fieldsync demo\nA made-up county to look at first: fieldsync demo\n", link)
	return nil
}
