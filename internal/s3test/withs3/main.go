// Command withs3 runs a command with FIELDSYNC_TEST_S3 set to a MinIO server that lives as long as the command:
//
//	go run ./internal/s3test/withs3 go test ./...
//
// so that the test processes of all packages share one server. Before that it builds the object stores that the tests use,
// once: MinIO takes some minutes. A variable that is set already is left alone. Where they cannot be had the command runs
// all the same, and the tests say what they miss; with CI=true that is an error.
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

	"github.com/fieldsync/fieldsync/internal/s3test"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() > 0 {
		os.Exit(exit.ExitCode()) // the command has said why
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "withs3:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	if len(args) == 0 {
		return errors.New("usage: withs3 COMMAND [ARGUMENT ...]")
	}
	for _, program := range s3test.Programs {
		if err := install(ctx, program); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	if os.Getenv(s3test.Env) == "" {
		server, startErr := s3test.NewServer(ctx, s3test.MinIO, "shared")
		switch {
		case errors.Is(startErr, s3test.ErrMissing): // said above
		case startErr != nil:
			return startErr
		default:
			defer func() { err = errors.Join(err, server.Close()) }()
			cmd.Env = append(os.Environ(), s3test.Env+"="+server.Address().String())
		}
	}
	return cmd.Run()
}

func install(ctx context.Context, program s3test.Program) error {
	if _, err := program.Path(); err == nil {
		return nil
	}
	fmt.Fprintf(os.Stderr, "withs3: building %v for the tests, this once; it takes some minutes\n", program)
	err := s3test.Install(ctx, program)
	if err == nil || os.Getenv("CI") == "true" {
		return err
	}
	fmt.Fprintln(os.Stderr, "withs3: tests go without:", err)
	return nil
}
