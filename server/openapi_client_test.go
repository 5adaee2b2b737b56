package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// clientSource is a program in TypeScript for each document, with the public generator in its lock file.
const clientSource = "testdata/openapi-client"

// generatedClient makes a client of a document with openapi-typescript and openapi-fetch, compiles the
// program NAME.ts that uses it, and returns how to run that. What npm fetched is kept under bin.
func generatedClient(t *testing.T, name, document string) (run func(args ...string) string) {
	t.Helper()
	home := npmHome(t)
	folder, err := os.MkdirTemp(home, "run-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	for from, to := range map[string]string{
		filepath.Join(clientSource, name+".ts"):      name + ".ts",
		filepath.Join(clientSource, "tsconfig.json"): "tsconfig.json",
		filepath.Join(clientSource, "package.json"):  "package.json",
		filepath.Join("..", document):                name + ".json",
	} {
		copyFile(t, from, filepath.Join(folder, to))
	}
	command := func(file string, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "node", append([]string{file}, args...)...)
		cmd.Dir = folder
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("node %s %s: %v\n%s", file, strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	command("../node_modules/openapi-typescript/bin/cli.js", name+".json", "-o", name+".document.d.ts")
	command("../node_modules/typescript/bin/tsc", "-p", ".")
	return func(args ...string) string { t.Helper(); return command("out/"+name+".js", args...) }
}

// npmHome is a folder with the generator in it: fetched once for a lock file.
func npmHome(t *testing.T) string {
	t.Helper()
	lock, err := os.ReadFile(filepath.Join(clientSource, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(lock)
	kept, err := filepath.Abs(filepath.Join("..", "bin", "openapi-client"))
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(kept, hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(home); err == nil {
		return home
	}
	if err := os.MkdirAll(kept, 0o755); err != nil {
		t.Fatal(err)
	}
	fetched, err := os.MkdirTemp(kept, "fetch-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(fetched)
	for _, file := range []string{"package.json", "package-lock.json"} {
		copyFile(t, filepath.Join(clientSource, file), filepath.Join(fetched, file))
	}
	cmd := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = fetched
	if out, err := cmd.CombinedOutput(); err != nil {
		missing(t, "npm cannot fetch the generator: %v\n%s", err, out)
	}
	if err := os.Rename(fetched, home); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	return home
}

// missing skips the test for want of a tool; under CI=true nothing may be missing.
func missing(t *testing.T, format string, a ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, a...)
	}
	t.Skipf(format, a...)
}

// TestGeneratedPhone: a client that a public generator makes of the phones' document compiles and works.
func TestGeneratedPhone(t *testing.T) {
	t.Parallel()
	run := generatedClient(t, "phones", "mobile-api/openapi.json")
	b := newBureau(newProg(t, ""))
	s := b.serve()
	phone := b.phone(b.officerA, s)
	b.write(phone, event(b.scopeA, client.NewID(), map[string]any{"title": "广场咨询"}))
	var told struct {
		Device, Officer   string
		Campaigns, Titles []string
	}
	out := run(s.url, strings.Fields(b.do("enrol", b.officerA))[0])
	if err := json.Unmarshal([]byte(out), &told); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if told.Device == "" || told.Officer == "" || len(told.Campaigns) != 1 || len(told.Titles) != 1 || told.Titles[0] != "广场咨询" {
		t.Errorf("the client told %s", out)
	}
	b.clean()
}

var setupAddress = regexp.MustCompile(`#/setup/(\S+)`)

// TestGeneratedOffice: so does one of the office's document, on a server that nobody has set up.
func TestGeneratedOffice(t *testing.T) {
	t.Parallel()
	run := generatedClient(t, "office", "server/internal/console/openapi.json")
	p := newProg(t, "")
	s := p.serve()
	var link []string
	for end := time.Now().Add(10 * time.Second); link == nil && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		link = setupAddress.FindStringSubmatch(s.printed())
	}
	if link == nil {
		t.Fatalf("no link to set the server up: %s", s.printed())
	}
	var told struct {
		Officer          string
		Abilities, Units []string
	}
	out := run(s.url, link[1])
	if err := json.Unmarshal([]byte(out), &told); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if told.Officer != "管理员甲" || !slices.Contains(told.Abilities, "manage") || !slices.Equal(told.Units, []string{"城关市场监管所"}) {
		t.Errorf("the client told %s", out)
	}
	p.clean()
}
