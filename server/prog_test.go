package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// prog is the program over one database, called as main calls it.
type prog struct {
	*testing.T
	target string // of the database; "" for the default in data
	data   string
	env    map[string]string
}

func newProg(t *testing.T, target string) *prog {
	t.Helper()
	return &prog{T: t, target: target, data: t.TempDir(), env: map[string]string{}}
}

// args puts the folder and the database behind a command's own arguments.
func (p *prog) args(args []string) []string {
	out := append([]string{}, args...)
	out = append(out, "--data", p.data)
	if p.target != "" {
		out = append(out, "--database", p.target)
	}
	return out
}

// try runs a command to its end.
func (p *prog) try(args ...string) (string, error) {
	var out, errs bytes.Buffer
	err := run(p.Context(), p.args(args), func(k string) string { return p.env[k] }, &out, &errs)
	return out.String(), err
}

// do runs a command that must succeed.
func (p *prog) do(args ...string) string {
	p.Helper()
	out, err := p.try(args...)
	if err != nil {
		p.Fatalf("fieldsync %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// id runs a command that prints the id of what it made first.
func (p *prog) id(args ...string) string {
	p.Helper()
	out := p.do(args...)
	fields := strings.Fields(out)
	if len(fields) == 0 || len(fields[0]) != 36 {
		p.Fatalf("fieldsync %s printed no id: %q", strings.Join(args, " "), out)
	}
	return fields[0]
}

// refused runs a command that must fail with all of these words in what the operator reads.
func (p *prog) refused(words []string, args ...string) {
	p.Helper()
	out, err := p.try(args...)
	if err == nil {
		p.Errorf("fieldsync %s went through: %s", strings.Join(args, " "), out)
		return
	}
	for _, w := range words {
		if !strings.Contains(sentence(err), w) {
			p.Errorf("fieldsync %s: %q lacks %q", strings.Join(args, " "), sentence(err), w)
		}
	}
}

// verify runs verify and returns what it printed and whether all agreed.
func (p *prog) verify() (string, bool) {
	p.Helper()
	out, err := p.try("verify")
	var code exitCode
	switch {
	case err == nil:
		return out, true
	case errors.As(err, &code) && code == 3:
		return out, false
	}
	p.Fatalf("verify: %v\n%s", err, out)
	return "", false
}

func (p *prog) clean() {
	p.Helper()
	if out, ok := p.verify(); !ok {
		p.Errorf("verify found:\n%s", out)
	}
}

// running is a server that serves.
type running struct {
	p      *prog
	url    string
	took   time.Duration // until it printed its address
	cancel context.CancelFunc
	done   chan struct{}
	err    error // once done is closed

	mu  sync.Mutex
	out strings.Builder
}

var address = regexp.MustCompile(`listens on (http://\S+)`)

// serve starts a server on a free port and returns when it has printed its address.
func (p *prog) serve(args ...string) *running {
	p.Helper()
	return p.start("serve", args...)
}

// start is serve for a command that serves after something else.
func (p *prog) start(command string, args ...string) *running {
	p.Helper()
	ctx, cancel := context.WithCancel(p.Context())
	s := &running{p: p, cancel: cancel, done: make(chan struct{})}
	r, w := io.Pipe()
	began := time.Now()
	go func() {
		defer close(s.done)
		all := p.args(append([]string{command, "--listen", "127.0.0.1:0", "--log-level", "error"}, args...))
		s.err = run(ctx, all, func(k string) string { return p.env[k] }, w, io.Discard)
		w.Close()
	}()
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			s.mu.Lock()
			s.out.WriteString(lines.Text() + "\n")
			s.mu.Unlock()
			if m := address.FindStringSubmatch(lines.Text()); m != nil {
				found <- m[1]
			}
		}
	}()
	p.Cleanup(func() { s.stop() })
	select {
	case s.url = <-found:
		s.took = time.Since(began)
	case <-s.done:
		p.Fatalf("the server ended: %v", s.err)
	case <-time.After(2 * time.Minute): // a demo fills its county first
		p.Fatal("the server printed no address")
	}
	return s
}

func (s *running) printed() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.String()
}

// stop ends the server as Ctrl-C does and waits for it.
func (s *running) stop() {
	s.p.Helper()
	http.DefaultClient.CloseIdleConnections()
	s.cancel()
	select {
	case <-s.done:
		if s.err != nil {
			s.p.Errorf("the server ended with %v", s.err)
		}
	case <-time.After(30 * time.Second):
		s.p.Error("the server does not stop")
	}
}

// bureau is a county with two units and a campaign that is open, set up by commands.
type bureau struct {
	*prog
	campaign, root, unitA, unitB string
	officerA, officerB           string
	scopeA, scopeB               string
}

func newBureau(p *prog) *bureau {
	p.Helper()
	b := &bureau{prog: p}
	b.root = p.id("unit", "add", "--code", "00", "--name", "县市场监督管理局")
	b.unitA = p.id("unit", "add", "--code", "01", "--name", "城关所", "--parent", "00")
	b.unitB = p.id("unit", "add", "--code", "02", "--name", "河东所", "--parent", "00")
	b.officerA = p.id("user", "add", "--name", "张三", "--unit", "01", "--role", "head")
	b.officerB = p.id("user", "add", "--name", "李四", "--unit", "02")
	b.campaign = p.id("campaign", "add", "--title", "2022年“315”活动", "--year", "2022", "--unit", "00",
		"--first-day", "2022-03-07", "--last-day", "2022-03-17")
	p.do("campaign", "state", "open")
	b.scopeA, b.scopeB = b.campaign+":"+b.unitA, b.campaign+":"+b.unitB
	return b
}

// enrolled makes a phone of an officer.
func (b *bureau) enrolled(officer string, via http.RoundTripper, keep client.Store) *client.Client {
	b.Helper()
	code := strings.Fields(b.do("enrol", officer))[0]
	key, err := client.NewKey()
	if err != nil {
		b.Fatal(err)
	}
	c, err := client.Open(client.Config{Server: "http://server", Key: key, Store: keep, Transport: via})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := c.Enrol(b.Context(), code, "手机", "test"); err != nil {
		b.Fatal(err)
	}
	return c
}

// phone is a phone of one server.
func (b *bureau) phone(officer string, s *running) *client.Client {
	b.Helper()
	return b.enrolled(officer, follow(func() string { return s.url }), nil)
}

// follow sends requests to the server at the address of the moment: a restarted one has another port.
type follow func() string

func (f follow) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Host = strings.TrimPrefix(f(), "http://")
	return http.DefaultTransport.RoundTrip(r)
}

// write lets a phone record and sync.
func (b *bureau) write(c *client.Client, changes ...client.Change) *client.Pushed {
	b.Helper()
	if _, err := c.Write(changes...); err != nil {
		b.Fatal(err)
	}
	return b.sync(c)
}

func (b *bureau) sync(c *client.Client) *client.Pushed {
	b.Helper()
	done, err := c.Sync(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return done
}

// at is a time of March 2022 in the campaign's zone, ms.
func at(day, hour, minute int) int64 {
	return time.Date(2022, time.March, day, hour-8, minute, 0, 0, time.UTC).UnixMilli()
}

// event is an event.put; changes are laid over its fields.
func event(scope, id string, changes map[string]any) client.Change {
	set := map[string]any{"kind": "visit", "venue": "village", "title": "送法进村", "started_at": at(15, 9, 0)}
	for k, v := range changes {
		set[k] = v
	}
	return client.Change{"scope": scope, "op": "event.put", "id": id, "base": 0, "set": set}
}

func tally(scope, id, indicator string, n int64) client.Change {
	return client.Change{"scope": scope, "op": "tally.add", "event": id, "indicator": indicator, "n": n}
}

// figure is a row's reported and accepted figure in a unit, "" for none, from the canonical csv.
func (p *prog) figure(row, unit string, args ...string) (reported, accepted string) {
	p.Helper()
	for line := range strings.Lines(p.do(append([]string{"export", "--format", "canonical"}, args...)...)) {
		if f := strings.Split(strings.TrimSpace(line), ","); f[1] == row && f[2] == unit {
			return f[3], f[5]
		}
	}
	p.Fatalf("the table has no row %s of %s", row, unit)
	return "", ""
}

func (p *prog) reported(row, unit, want string) {
	p.Helper()
	if got, _ := p.figure(row, unit); got != want {
		p.Errorf("%s: %s, want %s", row, got, want)
	}
}

func writeText(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(raw)
}
