// Command fieldsync is the sync service for field outreach: one program that serves phones and the
// office, sets up campaigns, reviews, exports the official table, verifies and restores.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	var code exitCode
	switch {
	case err == nil:
	case errors.As(err, &code):
		os.Exit(int(code)) // the command has said what there was to say
	default:
		fmt.Fprintln(os.Stderr, "fieldsync:", sentence(err))
		os.Exit(1)
	}
}
