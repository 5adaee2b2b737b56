package simtest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/fieldsync/fieldsync/sync/simtest"
)

// config is a run that takes a few seconds.
func (c *county) config(seed uint64) simtest.Config {
	return simtest.Config{World: c.world, Backstage: c, Seed: seed, Events: 5, Dir: c.t.TempDir()}
}

func run(t *testing.T, cfg simtest.Config) *simtest.Report {
	t.Helper()
	var out bytes.Buffer
	r, err := simtest.Run(t.Context(), cfg, &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	t.Log(out.String())
	return r
}

func TestRunOnSQLite(t *testing.T) {
	c := newCounty(t, sqlite(t), 1, 3, 12)
	if r := run(t, c.config(1)); !r.OK {
		t.Error("the run failed")
	}
}

func TestRunOnPostgresWithTwoServers(t *testing.T) {
	c := newCounty(t, postgres(t), 2, 3, 12)
	if r := run(t, c.config(2)); !r.OK {
		t.Error("the run failed")
	}
}

// TestSeedRepeats: the same seed makes the same decisions, whatever the network does.
func TestSeedRepeats(t *testing.T) {
	var lines [2]int64
	for i := range lines {
		c := newCounty(t, sqlite(t), 1, 2, 6)
		lines[i] = run(t, c.config(9)).Lines
	}
	if lines[0] != lines[1] {
		t.Errorf("the same seed wrote %d and then %d lines", lines[0], lines[1])
	}
}

// TestRunAfterRun: what a campaign holds already is left out of account.
func TestRunAfterRun(t *testing.T) {
	target := sqlite(t)
	c := newCounty(t, target, 1, 2, 12)
	seats := c.world.Phones
	for i, part := range [][]simtest.PhoneSeat{seats[:6], seats[6:]} {
		cfg := c.config(uint64(30 + i))
		cfg.World.Phones = part
		if r := run(t, cfg); !r.OK {
			t.Errorf("run %d failed", i+1)
		}
	}
}

// A run that could not fail would prove nothing: each of these lies must be found.
func TestRunFindsLies(t *testing.T) {
	cases := map[string]struct {
		office    func(simtest.Backstage) simtest.Backstage
		transport http.RoundTripper
		want      string
	}{
		"a total is one too high": {
			office: func(b simtest.Backstage) simtest.Backstage { return &liar{Backstage: b, value: 1} }, want: "the total of",
		},
		"a blank cell holds an entry of 0": {
			office: func(b simtest.Backstage) simtest.Backstage { return &liar{Backstage: b, entries: 1} }, want: "number of entries",
		},
		"nothing is ever released": {
			office: func(b simtest.Backstage) simtest.Backstage { return &idle{b} }, want: "after its release",
		},
		"a pull leaves a record out": {transport: &thief{}, want: "has missed"},
	}
	for name, k := range cases {
		t.Run(name, func(t *testing.T) {
			c := newCounty(t, sqlite(t), 1, 2, 8)
			cfg := c.config(4)
			cfg.Settle = 100e6
			cfg.Transport = k.transport
			if k.office != nil {
				cfg.Backstage = k.office(c)
			}
			r, err := simtest.Run(t.Context(), cfg, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			if found := strings.Join(r.Findings, "\n"); r.OK || !strings.Contains(found, k.want) {
				t.Errorf("OK: %t, nothing about %q in:\n%s", r.OK, k.want, found)
			}
		})
	}
}

// liar changes one cell of the table.
type liar struct {
	simtest.Backstage
	value, entries int64
	calls          atomic.Int32
}

func (l *liar) Totals(ctx context.Context) ([]simtest.Cell, error) {
	list, err := l.Backstage.Totals(ctx)
	if l.calls.Add(1) == 1 { // before the run
		return list, err
	}
	for i := range list {
		if list[i].Template != "" {
			list[i].Reported += l.value
			list[i].ReportedN += l.entries
			break
		}
	}
	return list, err
}

// idle is an office that releases nothing.
type idle struct{ simtest.Backstage }

func (idle) Release(context.Context, simtest.Waiting, string) error { return errors.New("tomorrow") }

// thief takes the first record out of a page with several, once, after a while.
type thief struct{ pages atomic.Int32 }

func (h *thief) RoundTrip(q *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(q)
	if err != nil || !strings.HasSuffix(q.URL.Path, "/sync/pull") || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	const first = `"records":[{"kind":"photo"`
	if at := bytes.Index(body, []byte(first)); at >= 0 && h.pages.Add(1) <= 3 {
		if end := bytes.Index(body[at:], []byte(`},{"kind"`)); end >= 0 {
			body = append(body[:at+len(`"records":[`)], body[at+end+2:]...)
			resp.Header.Del("Content-Length")
			resp.ContentLength = int64(len(body))
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// TestForgottenLinesComeAgain: a server that acknowledged lines and does not have them, as after a
// restore, gets them with the next push, for phones keep what was acknowledged.
func TestForgottenLinesComeAgain(t *testing.T) {
	c := newCounty(t, sqlite(t), 1, 2, 8)
	cfg, h := c.config(5), &hole{}
	cfg.Transport = h
	// What neither the server nor the phone remembers is gone, so no phone goes back to a copy here.
	cfg.Faults = slices.DeleteFunc(simtest.AllFaults(), func(f simtest.Fault) bool {
		return f == simtest.Restore || f == simtest.MovedTwice
	})
	// While such a server is behind, colleagues miss what it forgot; at the end all of it is there.
	for _, f := range run(t, cfg).Findings {
		if strings.Contains(f, "is missing in") || strings.Contains(f, "lines of epoch") || strings.Contains(f, "entries of") {
			t.Error(f)
		}
	}
	if h.pushes.Load() < 25 {
		t.Error("nothing was thrown away")
	}
}

// hole takes a push now and then, answers it and throws it away.
type hole struct{ pushes atomic.Int32 }

func (h *hole) RoundTrip(q *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(q.URL.Path, "/sync/push") || h.pushes.Add(1)%25 != 0 {
		return http.DefaultTransport.RoundTrip(q)
	}
	_, _ = io.Copy(io.Discard, q.Body)
	_ = q.Body.Close()
	const answer = `{"next":0,"head":"","server_time":0,"server_epoch":"","scopes":[],"verdicts":[]}`
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(answer)), ContentLength: int64(len(answer)), Request: q}, nil
}

func TestRunRefusesTooSmallWorlds(t *testing.T) {
	for _, w := range []simtest.World{
		{},
		{Servers: []string{"http://127.0.0.1:1"}, Units: []simtest.Unit{{ID: "a"}}},
		{Servers: []string{"http://127.0.0.1:1"}, Units: []simtest.Unit{{ID: "a"}, {ID: "b"}}, Phones: []simtest.PhoneSeat{{Unit: "a"}, {Unit: "a"}, {Unit: "b"}}},
	} {
		if _, err := simtest.Run(t.Context(), simtest.Config{World: w, Backstage: &idle{}}, io.Discard); err == nil {
			t.Errorf("a run in %+v began", w)
		}
	}
}
