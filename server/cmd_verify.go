package main

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"
)

// differs is the exit code of a verification that found something.
const differs = exitCode(3)

func verifyCommand() *command {
	return &command{name: "verify", short: "replay everything that is stored and name each difference",
		long: `Checks hash chains and signatures of all logs, replays each line in its order onto empty records, counts
these anew and compares records, contributions, totals, people and frozen tables with what is stored. Every stored
original is read back and compared with its hash, and receipts with the lines they are. It changes nothing and may run
beside a server. The exit code is 0 when all agrees and 3 when something differs.`,
		flags: func(fs *pflag.FlagSet) { fs.Bool("records-only", false, "leave the originals in the store unread") },
		run:   func(in *invocation) error { return existing(in, func(a *app) error { return verify(a, in) }) }}
}

func verify(a *app, in *invocation) error {
	began, last := time.Now(), time.Now()
	progress := func(s string) {
		if time.Since(last) > time.Second {
			last = time.Now()
			fmt.Fprintf(in.errs, "%s\n", s)
		}
	}
	r, err := a.gateway.Verify(in.ctx, progress)
	if err != nil {
		return err
	}
	for _, d := range r.Differences {
		in.printf("%s\n", d)
	}
	amiss := len(r.Differences)
	originals := 0
	if in.flags == nil || !in.flag("records-only") {
		originals, err = a.verifyOriginals(in, func(where, text string) {
			amiss++
			in.printf("original %s: %s\n", where, text)
		}, progress)
		if err != nil {
			return err
		}
	}
	in.printf("verified %d logs, %d lines, %d records, %d totals, %d originals in %.1f s: %d differences\n",
		r.Logs, r.Lines, r.Records, r.Totals, originals, time.Since(began).Seconds(), amiss)
	if amiss > 0 {
		return differs
	}
	return nil
}
