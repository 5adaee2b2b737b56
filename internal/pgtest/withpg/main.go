// Command withpg runs a command with FIELDSYNC_TEST_POSTGRES set to a PostgreSQL server that lives as long as the command:
//
//	go run ./internal/pgtest/withpg go test ./...
//
// so that the test processes of all packages share one server. A variable that is set already is left alone.
// Without PostgreSQL the command runs all the same, and the tests say what they miss.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/fieldsync/fieldsync/internal/pgtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() > 0 {
		os.Exit(exit.ExitCode()) // the command has said why
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpg:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	if len(args) == 0 {
		return errors.New("usage: withpg COMMAND [ARGUMENT ...]")
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	if os.Getenv(pgtest.Env) == "" {
		server, startErr := pgtest.NewServer(ctx, "shared")
		switch {
		case errors.Is(startErr, pgtest.ErrMissing):
			fmt.Fprintln(os.Stderr, "withpg:", startErr)
		case startErr != nil:
			return startErr
		default:
			defer func() { err = errors.Join(err, server.Close()) }()
			cmd.Env = append(os.Environ(), pgtest.Env+"="+server.Database("postgres"))
		}
	}
	return cmd.Run()
}
