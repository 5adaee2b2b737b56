package main

import (
	"bytes"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestKill9 kills the server with SIGKILL again and again while phones push and pull: nothing that was
// acknowledged is lost, nothing doubled, and what it left behind verifies.
func TestKill9(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "fieldsync")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir := t.TempDir()
	database := filepath.Join(dir, "fieldsync.db")
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := ln.Addr().String()
	ln.Close() // the server takes the port each time it starts
	start := func() *exec.Cmd {
		cmd := exec.Command(bin, "serve", "--data", dir, "--database", database, "--listen", address, "--log-level", "error")
		if err := cmd.Start(); err != nil {
			t.Error(err)
		}
		for range 200 {
			if r, err := http.Get("http://" + address + "/healthz"); err == nil {
				r.Body.Close()
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		return cmd
	}
	cmd := start()
	var kills atomic.Int64
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				_ = cmd.Process.Kill()
				_ = cmd.Wait() // killed: that is its error
				return
			case <-time.After(700 * time.Millisecond):
			}
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			kills.Add(1)
			cmd = start()
		}
	}()
	args := simArgs("--phones 24 --units 4 --events 12", "--phones 120", "--url", "http://"+address, "--database", database)
	var out, errs bytes.Buffer
	err = run(t.Context(), args, func(string) string { return "" }, &out, &errs)
	close(done)
	<-stopped
	t.Logf("%d kills\n%s", kills.Load(), tail(out.String(), 3))
	if err != nil || !strings.Contains(out.String(), "OK: lost 0, doubled 0") || !strings.Contains(out.String(), "0 differences") {
		t.Errorf("%v\n%s", err, tail(errs.String(), 10))
	}
	if kills.Load() == 0 {
		t.Error("the server was never killed")
	}
}
