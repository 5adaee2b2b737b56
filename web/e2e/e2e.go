// Package e2e runs the scripts beside it: Node programs that drive Chromium. Only tests import it.
//
// [Node] runs a script to its end. [Open] starts one that does what it is asked, step by step, so that a test in Go can do
// something itself between two steps; lib.mjs has the other side, steps().
//
// Where Node, Chromium or web/node_modules is missing the test is skipped with the reason, and fails when CI=true.
package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// limit is how long a script may take.
const limit = 12 * time.Minute

// folder is web, found from the folder of whatever package is tested.
func folder(t testing.TB) string {
	t.Helper()
	at, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(at, "go.mod")); missing == nil {
			return filepath.Join(at, "web")
		}
		if filepath.Dir(at) == at {
			break
		}
		at = filepath.Dir(at)
	}
	t.Fatalf("there is no module around this test (%v)", err)
	return ""
}

// NeedNode ends a test where Node is not installed.
func NeedNode(t testing.TB) {
	t.Helper()
	need(t, "node")
}

// NeedBrowser ends a test where there is no browser, or nothing that drives it.
func NeedBrowser(t testing.TB) {
	t.Helper()
	NeedNode(t)
	if os.Getenv("CHROMIUM") == "" {
		need(t, "/usr/bin/chromium")
	}
	if _, err := os.Stat(filepath.Join(folder(t), "node_modules", "playwright-core")); err != nil {
		Lacking(t, "web/node_modules is missing: run npm ci in web")
	}
}

func need(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		Lacking(t, program+" is not installed (scripts/needs.sh names its package)")
	}
}

// Lacking skips a test that wants something which is not here; in continuous integration it fails.
func Lacking(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// Node runs Node in the folder web and fails with what it printed.
func Node(t testing.TB, env []string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	if out, err := command(ctx, folder(t), env, args).CombinedOutput(); err != nil {
		t.Fatalf("node %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func command(ctx context.Context, folder string, env, args []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "node", args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), env...)
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// A Script is a running Node program that does what it is asked: a line of JSON in, a line of JSON out.
type Script struct {
	t     testing.TB
	name  string
	in    io.WriteCloser
	lines *bufio.Reader
	errs  strings.Builder
	cmd   *exec.Cmd
}

// Open starts a script of the folder web. Close it; a test that failed before does so by itself.
func Open(t testing.TB, env []string, args ...string) *Script {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	s := &Script{t: t, name: args[0], cmd: command(ctx, folder(t), env, args)}
	s.cmd.Stderr = &s.errs
	var err error
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.lines = bufio.NewReader(out)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.in.Close() // the script ends by itself, and by the context if not
		if s.cmd.ProcessState == nil {
			_ = s.cmd.Wait() // whatever is wrong with it was said before
		}
		cancel()
	})
	return s
}

// Ask lets the script do one step; what it found is put into out, unless that is nil.
func (s *Script) Ask(step string, args, out any) {
	s.t.Helper()
	line, err := json.Marshal(map[string]any{"step": step, "args": args})
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.in.Write(append(line, '\n')); err != nil {
		s.t.Fatalf("%s is gone: %v\n%s", s.name, err, s.errs.String())
	}
	raw, err := s.lines.ReadBytes('\n')
	if err != nil {
		_ = s.cmd.Wait() // so that all of its errors have come
		s.t.Fatalf("%s: %s: %v\n%s", s.name, step, err, s.errs.String())
	}
	var answer struct {
		Result json.RawMessage `json:"result"`
		Error  string          `json:"error"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		s.t.Fatalf("%s: %s: %v\n%s", s.name, step, err, raw)
	}
	if answer.Error != "" {
		s.t.Fatalf("%s: %s: %s", s.name, step, answer.Error)
	}
	if out != nil {
		if err := json.Unmarshal(answer.Result, out); err != nil {
			s.t.Fatalf("%s: %s: %v\n%s", s.name, step, err, raw)
		}
	}
}

// Close ends the script and fails when its pages had faults.
func (s *Script) Close() {
	s.t.Helper()
	_ = s.in.Close() // then the script ends, or its context does
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("%s: %v\n%s", s.name, err, s.errs.String())
	}
}
