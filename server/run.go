package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/spf13/pflag"
)

// exitCode ends the program with a code after the command has printed why.
type exitCode int

func (e exitCode) Error() string { return "exit " + strconv.Itoa(int(e)) }

// command is one subcommand.
type command struct {
	name  string
	usage string // what follows the name
	short string // one line
	long  string // more, with examples
	run   func(*invocation) error
	flags func(*pflag.FlagSet)
}

// invocation is one run of a command.
type invocation struct {
	ctx    context.Context
	cfg    Config
	flags  *pflag.FlagSet
	args   []string
	out    io.Writer
	errs   io.Writer
	getenv func(string) string
}

func (in *invocation) printf(format string, a ...any) { fmt.Fprintf(in.out, format, a...) }

func (in *invocation) str(name string) string {
	s, _ := in.flags.GetString(name) // the flag is the command's own
	return s
}

func (in *invocation) int(name string) int {
	n, _ := in.flags.GetInt(name)
	return n
}

func (in *invocation) flag(name string) bool {
	b, _ := in.flags.GetBool(name)
	return b
}

// commands returns all commands by name.
func commands() map[string]*command {
	list := []*command{serveCommand(), migrateCommand(), demoCommand(), simulateCommand(), verifyCommand(),
		exportCommand(), explainCommand(), restoreCommand(), unitCommand(), userCommand(), campaignCommand(), templateCommand(),
		loginCommand(), healthCommand(), enrolCommand(), deviceCommand(), grantCommand(), putCommand(), reviewCommand()}
	m := map[string]*command{}
	for _, c := range list {
		m[c.name] = c
	}
	return m
}

// run runs the program with its arguments; tests call it as main does.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	name, named := "serve", len(args) > 0 && !strings.HasPrefix(args[0], "-")
	if named {
		name, args = args[0], args[1:]
	}
	all := commands()
	if name == "help" || !named && len(args) == 1 && (args[0] == "-h" || args[0] == "--help") {
		if len(args) == 1 && all[args[0]] != nil {
			return help(all[args[0]], stdout)
		}
		return overview(all, stdout)
	}
	c := all[name]
	if c == nil {
		return problem.New(problem.Invalid, "there is no command %q; `fieldsync help` lists them", name)
	}
	fs := flagsOf(c)
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return help(c, stdout)
		}
		return problem.Wrap(err, problem.Invalid, "%v; `fieldsync help %s` explains", err, name)
	}
	cfg, err := loadConfig(fs, getenv)
	if err != nil {
		return err
	}
	return c.run(&invocation{ctx: ctx, cfg: cfg, flags: fs, args: fs.Args(), out: stdout, errs: stderr, getenv: getenv})
}

func flagsOf(c *command) *pflag.FlagSet {
	fs := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	configFlags(fs)
	if c.flags != nil {
		c.flags(fs)
	}
	return fs
}

func help(c *command, w io.Writer) error {
	fmt.Fprintf(w, "fieldsync %s %s\n\n%s\n", c.name, c.usage, c.short)
	if c.long != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(c.long))
	}
	fmt.Fprintf(w, "\nFlags:\n%s", flagsOf(c).FlagUsages())
	return nil
}

func overview(all map[string]*command, w io.Writer) error {
	fmt.Fprint(w, "fieldsync: offline-first sync for field outreach\n\n  fieldsync                 serve phones and the office (the same as fieldsync serve)\n")
	names := make([]string, 0, len(all))
	for n := range all {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintf(w, "  fieldsync %-15s %s\n", n, all[n].short)
	}
	fmt.Fprint(w, "\nfieldsync help COMMAND explains one. Settings come from fieldsync.yaml in the data folder,\nFIELDSYNC_… variables and flags, each overruling the one before.\n")
	return nil
}

// sentence is what a person at a terminal is told: the public words, and the cause, for here the
// person is the operator.
func sentence(err error) string {
	var p *problem.Error
	if !errors.As(err, &p) {
		return err.Error()
	}
	if p.Cause != nil && !strings.Contains(p.Msg, p.Cause.Error()) {
		return p.Msg + " (" + p.Cause.Error() + ")"
	}
	return p.Msg
}
