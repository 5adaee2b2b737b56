package main

import (
	"fmt"
	"time"
)

// differs is the exit code of a verification that found something.
const differs = exitCode(3)

func verifyCommand() *command {
	return &command{name: "verify", short: "replay everything that is stored and name each difference",
		long: `Checks hash chains and signatures of all logs, replays each line in its order onto empty records, counts
these anew and compares records, contributions, totals, people and frozen tables with what is stored. It changes
nothing and may run beside a server. The exit code is 0 when all agrees and 3 when something differs.`,
		run: func(in *invocation) error { return existing(in, func(a *app) error { return verify(a, in) }) }}
}

func verify(a *app, in *invocation) error {
	began, last := time.Now(), time.Now()
	r, err := a.gateway.Verify(in.ctx, func(s string) {
		if time.Since(last) > time.Second {
			last = time.Now()
			fmt.Fprintf(in.errs, "%s\n", s)
		}
	})
	if err != nil {
		return err
	}
	for _, d := range r.Differences {
		in.printf("%s\n", d)
	}
	in.printf("verified %d logs, %d lines, %d records, %d totals in %.1f s: %d differences\n",
		r.Logs, r.Lines, r.Records, r.Totals, time.Since(began).Seconds(), len(r.Differences))
	if len(r.Differences) > 0 {
		return differs
	}
	return nil
}
