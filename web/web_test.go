package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/web/bundle"
)

// TestDist builds everything anew and compares it with what is committed.
func TestDist(t *testing.T) {
	built, err := bundle.Build(".")
	if err != nil {
		t.Fatal(err)
	}
	stale := func(name, what string) {
		t.Errorf("web/dist/%s %s: run go generate ./web and commit what it writes", name, what)
	}
	err = fs.WalkDir(Dist(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if _, ok := built[name]; !ok {
			stale(name, "is not built from anything")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range built {
		have, err := fs.ReadFile(Dist(), name)
		switch {
		case err != nil:
			stale(name, "is missing")
		case !bytes.Equal(have, want):
			stale(name, "is not what web/src builds")
		}
	}
}

// TestBudgets weighs what a browser loads before it shows something: style, app.js, and what the page preloads for it.
func TestBudgets(t *testing.T) {
	preload := regexp.MustCompile(`rel="modulepreload" href="([^"]+)"`)
	for _, budget := range []struct {
		app string
		kB  float64 // gzip, 1000 bytes
	}{
		{"console", 60},
	} {
		page, err := fs.ReadFile(Dist(), budget.app+"/index.html")
		if err != nil {
			t.Fatal(err)
		}
		names := []string{"app.js", "app.css"}
		for _, found := range preload.FindAllStringSubmatch(string(page), -1) {
			names = append(names, found[1])
		}
		sum := 0
		for _, name := range names {
			sum += zipped(t, path.Join(budget.app, name))
		}
		t.Logf("%s: %.1f kB of %.0f at first (%s)", budget.app, float64(sum)/1000, budget.kB, strings.Join(names, " "))
		if float64(sum)/1000 > budget.kB {
			t.Errorf("%s: script and style are %.1f kB with gzip, over the budget of %.0f kB", budget.app, float64(sum)/1000, budget.kB)
		}
	}
}

func zipped(t *testing.T, name string) int {
	t.Helper()
	content, err := fs.ReadFile(Dist(), name)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// TestPages holds the pages to what the policy allows and to the message of the watchdog.
func TestPages(t *testing.T) {
	pages, err := fs.Glob(Dist(), "*/index.html")
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	for _, name := range pages {
		content, err := fs.ReadFile(Dist(), name)
		if err != nil {
			t.Fatal(err)
		}
		page := string(content)
		for _, not := range []string{"<style", " style=", " onload=", " onclick=", "http:", "https:"} {
			if strings.Contains(page, not) {
				t.Errorf("%s has %q", name, not)
			}
		}
		if strings.Count(page, "<script") != strings.Count(page, "<script type=\"module\" src=") {
			t.Errorf("%s has a script that is not a module of its own", name)
		}
		for _, want := range []string{`<html lang="zh-CN">`, `id="app"`, `id="boot"`, `<p lang="en">`, "页面没有打开"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
	}
}

// TestVendor finds vendored files that are not as they were published.
func TestVendor(t *testing.T) {
	list, err := os.ReadFile("vendor/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	listed := []string{"README.md", "SHA256SUMS"}
	for line := range strings.Lines(string(list)) {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ./")
		if !ok {
			t.Fatalf("SHA256SUMS: %q", line)
		}
		listed = append(listed, name)
		content, err := os.ReadFile(filepath.Join("vendor", filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
			continue
		}
		if have := sha256.Sum256(content); hex.EncodeToString(have[:]) != sum {
			t.Errorf("vendor/%s is not the file that was published", name)
		}
	}
	err = fs.WalkDir(os.DirFS("vendor"), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !slices.Contains(listed, name) {
			t.Errorf("vendor/%s is not in SHA256SUMS", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
