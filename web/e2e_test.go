package web_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/web"
	"github.com/fieldsync/fieldsync/web/bundle"
	"github.com/fieldsync/fieldsync/web/e2e"
)

// TestGallery runs e2e/gallery.mjs in Chromium on a server that serves the apps under Policy. SHOTS names a folder for its
// pictures.
func TestGallery(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes its time")
	}
	e2e.NeedBrowser(t)
	files := http.FileServerFS(web.Dist())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", web.Policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	e2e.Node(t, nil, "e2e/gallery.mjs", server.URL)
}

// TestUnits runs the tests of formats, texts, addresses and the API client.
func TestUnits(t *testing.T) {
	e2e.NeedNode(t)
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
	e2e.Node(t, []string{"MODULES=" + modules}, "--test", "e2e/unit.test.mjs")
}

// TestTexts compares the languages of all dictionaries below src/i18n.
func TestTexts(t *testing.T) {
	e2e.NeedNode(t)
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
	e2e.Node(t, []string{"MODULES=" + bundled(t, source)}, "--test", "e2e/texts.test.mjs")
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
