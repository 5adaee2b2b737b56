// Command gen writes what package bundle builds to web/dist. It is run in web, by go generate ./web.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fieldsync/fieldsync/web/bundle"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "web:", err)
		os.Exit(1)
	}
}

// run brings dist to what is built. It writes only what differs, and removes what is no longer built.
func run(root string) error {
	files, err := bundle.Build(root)
	if err != nil {
		return err
	}
	dist := filepath.Join(root, "dist")
	for name, content := range files {
		target := filepath.Join(dist, filepath.FromSlash(name))
		if old, err := os.ReadFile(target); err == nil && string(old) == string(content) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			return err
		}
	}
	return filepath.WalkDir(dist, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dist, p)
		if err != nil {
			return err
		}
		if _, ok := files[filepath.ToSlash(rel)]; !ok {
			return os.Remove(p)
		}
		return nil
	})
}
