package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// Config is what a server is told: defaults, then fieldsync.yaml, then FIELDSYNC_… variables, then
// flags, each overruling the one before.
type Config struct {
	Data      string // folder of everything that is kept
	Database  string // postgres://… or the path of an SQLite file; empty: fieldsync.db in Data
	Listen    string // host:port
	PublicURL string // what phones open; printed in enrolment links
	LogLevel  string // debug info warn error
	LogFormat string // text json
	Pool      int    // connections to Postgres, readers of SQLite; 0: a good default
	Photos    PhotosConfig
}

// setting is one key of the configuration.
type setting struct {
	key, usage string
	value      func(*Config) *string
}

var settings = []setting{
	{"data", "folder of everything that is kept", func(c *Config) *string { return &c.Data }},
	{"database", "postgres://… or the path of an SQLite file (default fieldsync.db in the data folder)", func(c *Config) *string { return &c.Database }},
	{"listen", "address to listen on, host:port", func(c *Config) *string { return &c.Listen }},
	{"public-url", "what phones open, https://…; goes into enrolment links", func(c *Config) *string { return &c.PublicURL }},
	{"log-level", "debug, info, warn or error", func(c *Config) *string { return &c.LogLevel }},
	{"log-format", "text or json", func(c *Config) *string { return &c.LogFormat }},
}

func allSettings() []setting { return slices.Concat(settings, photoSettings) }

func defaults() Config {
	return Config{Data: "data", Listen: "127.0.0.1:3150", LogLevel: "info", LogFormat: "text", Photos: photoDefaults()}
}

func configFlags(fs *pflag.FlagSet) {
	d := defaults()
	fs.String("config", "", "settings file (default fieldsync.yaml in the data folder, if it is there)")
	for _, s := range allSettings() {
		fs.String(s.key, *s.value(&d), s.usage)
	}
	fs.String("pool", "", "connections to Postgres, readers of SQLite")
}

// loadConfig puts the layers together and refuses what is wrong, naming every faulty key.
func loadConfig(fs *pflag.FlagSet, getenv func(string) string) (Config, error) {
	c := defaults()
	var faults []error
	pool := ""
	file, err := readSettings(fs, getenv)
	if err != nil {
		return c, err
	}
	known := map[string]bool{"pool": true}
	for _, s := range allSettings() {
		known[s.key] = true
		layer(s.key, s.value(&c), file, getenv, fs)
	}
	layer("pool", &pool, file, getenv, fs)
	for k := range file {
		if !known[k] {
			faults = append(faults, fmt.Errorf("%s: there is no such setting", k))
		}
	}
	if pool != "" {
		if c.Pool, err = strconv.Atoi(pool); err != nil || c.Pool < 1 || c.Pool > 1000 {
			faults = append(faults, fmt.Errorf("pool: %q is not a number from 1 to 1000", pool))
		}
	}
	if err := errors.Join(append(faults, c.check()...)...); err != nil {
		return c, problem.Wrap(err, problem.Invalid, "the settings are not usable:\n%v", err)
	}
	if c.Database == "" {
		c.Database = filepath.Join(c.Data, "fieldsync.db")
	}
	return c, nil
}

// layer lays file, environment and flag over a default.
func layer(key string, to *string, file map[string]string, getenv func(string) string, fs *pflag.FlagSet) {
	if v, ok := file[key]; ok {
		*to = v
	}
	if v := getenv(envName(key)); v != "" {
		*to = v
	}
	if f := fs.Lookup(key); f != nil && f.Changed {
		*to = f.Value.String()
	}
}

func envName(key string) string {
	return "FIELDSYNC_" + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))
}

// readSettings reads the settings file. One that was named must be there; the default one may not.
func readSettings(fs *pflag.FlagSet, getenv func(string) string) (map[string]string, error) {
	name, _ := fs.GetString("config")
	named := name != ""
	if !named {
		if name = getenv("FIELDSYNC_CONFIG"); name != "" {
			named = true
		}
	}
	if !named {
		data := defaults().Data
		layer("data", &data, nil, getenv, fs)
		name = filepath.Join(data, "fieldsync.yaml")
	}
	raw, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) && !named {
		return nil, nil
	}
	if err != nil {
		return nil, problem.Wrap(err, problem.Invalid, "the settings file cannot be read")
	}
	m := map[string]string{}
	if err := yaml.Unmarshal(raw, &m); err != nil {
		return nil, problem.Wrap(err, problem.Invalid, "the settings file is not a list of key: value")
	}
	out := map[string]string{}
	for k, v := range m {
		out[strings.ReplaceAll(k, "_", "-")] = v
	}
	return out, nil
}

// check returns a fault for every key that is not usable.
func (c *Config) check() []error {
	var faults []error
	fault := func(key, format string, a ...any) {
		faults = append(faults, fmt.Errorf("%s: %s", key, fmt.Sprintf(format, a...)))
	}
	if c.Data == "" {
		fault("data", "a folder is needed")
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		fault("listen", "%q is not host:port", c.Listen)
	}
	if c.PublicURL != "" {
		if u, err := url.Parse(c.PublicURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			fault("public-url", "%q is not an http or https address", c.PublicURL)
		}
	}
	if strings.Contains(c.Database, "://") {
		if u, err := url.Parse(c.Database); err != nil || !store.IsPostgres(c.Database) || u.Path == "" {
			fault("database", "only postgres://user@host/name or a file is understood")
		}
	}
	if _, err := level(c.LogLevel); err != nil {
		fault("log-level", "%q is not debug, info, warn or error", c.LogLevel)
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		fault("log-format", "%q is not text or json", c.LogFormat)
	}
	return append(faults, c.Photos.check()...)
}

func level(s string) (l slog.Level, err error) {
	err = l.UnmarshalText([]byte(s))
	return l, err
}
