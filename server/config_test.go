package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// configOf reads the settings as run does.
func configOf(t *testing.T, env map[string]string, args ...string) (Config, error) {
	t.Helper()
	fs := flagsOf(serveCommand())
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	return loadConfig(fs, func(k string) string { return env[k] })
}

func TestConfigLayers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "fieldsync.yaml"),
		[]byte("listen: 0.0.0.0:1\nlog_level: debug\npublic-url: https://file.example\npool: 7\ndatabase: from-file.db\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := func(c Config) Config {
		c.Data, c.Listen, c.LogLevel, c.PublicURL, c.Pool, c.Database = dir, "0.0.0.0:1", "debug", "https://file.example", 7, "from-file.db"
		return c
	}
	for name, tc := range map[string]struct {
		env  map[string]string
		args []string
		want func(Config) Config
	}{
		"defaults": {map[string]string{}, nil, func(c Config) Config { c.Database = "data/fieldsync.db"; return c }},
		"file":     {nil, []string{"--data", dir}, file},
		"file in the folder that the environment names": {map[string]string{"FIELDSYNC_DATA": dir}, nil, file},
		"environment over file": {map[string]string{"FIELDSYNC_LISTEN": "0.0.0.0:2", "FIELDSYNC_POOL": "8"}, []string{"--data", dir},
			func(c Config) Config { c = file(c); c.Listen, c.Pool = "0.0.0.0:2", 8; return c }},
		"flags over environment": {map[string]string{"FIELDSYNC_LISTEN": "0.0.0.0:2", "FIELDSYNC_LOG_FORMAT": "json", "FIELDSYNC_DATABASE": "env.db"},
			[]string{"--data", dir, "--listen", "0.0.0.0:3", "--log-level", "warn"},
			func(c Config) Config {
				c = file(c)
				c.Listen, c.LogFormat, c.LogLevel, c.Database = "0.0.0.0:3", "json", "warn", "env.db"
				return c
			}},
		"an empty variable is none": {map[string]string{"FIELDSYNC_LISTEN": ""}, []string{"--data", dir}, file},
		"a flag set to its default counts": {map[string]string{"FIELDSYNC_LOG_LEVEL": "error"}, []string{"--data", dir, "--log-level", "info"},
			func(c Config) Config { c = file(c); c.LogLevel = "info"; return c }},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := configOf(t, tc.env, tc.args...)
			if want := tc.want(defaults()); err != nil || got != want {
				t.Errorf("%+v, %v\nwant %+v", got, err, want)
			}
		})
	}
}

// TestConfigFaults: one error names every key that is wrong.
func TestConfigFaults(t *testing.T) {
	t.Parallel()
	file := writeText(t, "settings.yaml", "listn: 1\nlog_format: xml\npool: many\n")
	_, err := configOf(t, map[string]string{"FIELDSYNC_LISTEN": "nowhere", "FIELDSYNC_PUBLIC_URL": "ftp://x", "FIELDSYNC_CONFIG": file},
		"--database", "mysql://root@db/x", "--log-level", "loud", "--data", "")
	if problem.CodeOf(err) != problem.Invalid {
		t.Fatal(err)
	}
	for _, key := range []string{"listn:", "log-format:", "pool:", "listen:", "public-url:", "database:", "log-level:", "data:"} {
		if !strings.Contains(sentence(err), key) {
			t.Errorf("%q does not name %s", sentence(err), key)
		}
	}
	for name, args := range map[string][]string{
		"a named file must be there": {"--config", filepath.Join(t.TempDir(), "none.yaml")},
		"a list":                     {"--config", writeText(t, "list.yaml", "- a\n- b\n")},
		"no YAML":                    {"--config", writeText(t, "no.yaml", "a: [")},
		"Postgres without a name":    {"--database", "postgres://u@h"},
		"pool 0":                     {"--pool", "0"},
	} {
		if _, err := configOf(t, map[string]string{}, args...); problem.CodeOf(err) != problem.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	say := func(args ...string) string {
		var out, errs bytes.Buffer
		if err := run(t.Context(), args, func(string) string { return "" }, &out, &errs); err != nil {
			t.Errorf("fieldsync %v: %v", args, err)
		}
		if errs.Len() > 0 {
			t.Errorf("fieldsync %v wrote to stderr: %s", args, errs.String())
		}
		return out.String()
	}
	overview := say("--help")
	if overview != say("help") || overview != say("-h") {
		t.Error("the forms of help differ")
	}
	for name, c := range commands() {
		if !strings.Contains(overview, "fieldsync "+name) || !strings.Contains(overview, c.short) {
			t.Errorf("the overview lacks %s", name)
		}
		text := say(name, "--help")
		if text != say("help", name) || text != say(name, "-h") {
			t.Errorf("the forms of help for %s differ", name)
		}
		for _, want := range []string{"fieldsync " + name + " " + c.usage, c.short, "--database", "Flags:"} {
			if name != "serve" && !strings.Contains(text, want) {
				t.Errorf("help of %s lacks %q:\n%s", name, want, text)
			}
		}
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	p := newProg(t, "")
	p.refused([]string{`"serv"`, "fieldsync help"}, "serv")
	p.refused([]string{"--colour", "fieldsync help serve"}, "serve", "--colour")
	p.refused([]string{"add, list, set"}, "unit")
	p.refused([]string{`"remove"`, "add, list, set"}, "unit", "remove")
	p.refused([]string{"cannot listen on 127.0.0.1:99999"}, "serve", "--listen", "127.0.0.1:99999")
	p.refused([]string{"days"}, "enrol", "--all", "--days", "0")
	p.refused([]string{"for whom"}, "enrol")
	p.refused([]string{"there is no campaign"}, "export")
	p.refused([]string{"database"}, "unit", "list", "--database", "postgres://nobody@127.0.0.1:1/none?connect_timeout=2")
	p.refused([]string{"there is no unit"}, "user", "add", "--name", "张三", "--unit", "09")
	p.refused([]string{"name and a code"}, "unit", "add", "--code", "00")
	if err := exitCode(3); err.Error() != "exit 3" {
		t.Error(err)
	}
}
