package web_test

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/web"
	"github.com/fieldsync/fieldsync/web/bundle"
)

// TestGallery runs e2e/gallery.mjs in Chromium on a server that serves the apps under Policy. SHOTS names a folder for its
// pictures.
func TestGallery(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes its time")
	}
	needBrowser(t)
	files := http.FileServerFS(web.Dist())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", web.Policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	node(t, nil, "e2e/gallery.mjs", server.URL)
}

// TestUnits runs the tests of formats, texts, addresses and the API client.
func TestUnits(t *testing.T) {
	need(t, "node")
	modules := bundled(t, `
		export * as format from './src/i18n/format'
		export * as spans from './src/i18n/spans'
		export * as texts from './src/i18n/texts'
		export * as lang from './src/i18n/lang'
		export * as location from './src/store/location'
		export * as router from './src/store/router'
		export * as api from './src/console/api'
		export * as session from './src/console/session'
		export * as problem from './src/console/problem'`)
	node(t, []string{"MODULES=" + modules}, "--test", "e2e/unit.test.mjs")
}

// TestTexts compares the languages of all dictionaries below src/i18n.
func TestTexts(t *testing.T) {
	need(t, "node")
	source := "export { areas } from './src/i18n/texts'\n"
	err := filepath.WalkDir("src/i18n", func(p string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".ts") {
			source += "import './" + strings.TrimSuffix(filepath.ToSlash(p), ".ts") + "'\n"
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	node(t, []string{"MODULES=" + bundled(t, source)}, "--test", "e2e/texts.test.mjs")
}

// bundled writes a module for Node and returns its path.
func bundled(t *testing.T, source string) string {
	t.Helper()
	code, err := bundle.ForNode(".", source)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "modules.mjs")
	if err := os.WriteFile(file, code, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// node runs Node in the folder web and fails with what it printed.
func node(t *testing.T, env []string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.WaitDelay = 5 * time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("node %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// need skips a test that wants a program which is not here; in continuous integration it fails.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		lacking(t, program+" is not installed (scripts/needs.sh names its package)")
	}
}

func needBrowser(t *testing.T) {
	t.Helper()
	need(t, "node")
	if os.Getenv("CHROMIUM") == "" {
		need(t, "/usr/bin/chromium")
	}
	if _, err := os.Stat("node_modules/playwright-core"); err != nil {
		lacking(t, "web/node_modules is missing: run npm ci in web")
	}
}

func lacking(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}
