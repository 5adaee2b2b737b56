// Package bundle builds the web apps: TypeScript, TSX and CSS of web/src together with the modules of web/vendor become
// the few files of web/dist. It needs Go alone, no Node and no network, and the same sources give the same bytes.
//
// It is the one package that imports esbuild. The server imports package web, which embeds what was built, so no bundler
// is in the server's binary.
package bundle

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the files to build: each out becomes <out>.js, and <out>.css when its source imports style sheets. To add an
// app or a file that an app loads lazily with import('./name.js') is to add a line.
var entries = []struct{ out, source string }{
	{"console/app", "src/console/main.tsx"},
	{"gallery/app", "src/gallery/main.tsx"},
}

// Files are built files by their slash-separated path in web/dist.
type Files map[string][]byte

// Build builds everything from root, which is the folder web, and writes nothing.
func Build(root string) (Files, error) {
	options, err := settings(root)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		options.EntryPointsAdvanced = append(options.EntryPointsAdvanced, api.EntryPoint{
			InputPath: "./" + e.source, OutputPath: e.out,
		})
	}
	options.Outdir = filepath.Join(options.AbsWorkingDir, "dist")
	files, err := run(options, options.Outdir)
	if err != nil {
		return nil, err
	}
	if err := addPages(root, files); err != nil {
		return nil, err
	}
	files["licenses.txt"], err = licenses(root)
	return files, err
}

// ForNode bundles one source, given as text that imports relative to root, as a module that Node can run. It is for tests.
func ForNode(root, source string) ([]byte, error) {
	options, err := settings(root)
	if err != nil {
		return nil, err
	}
	options.Platform = api.PlatformNode
	options.Stdin = &api.StdinOptions{Contents: source, ResolveDir: options.AbsWorkingDir, Sourcefile: "test.ts", Loader: api.LoaderTS}
	options.MinifyWhitespace, options.MinifyIdentifiers, options.MinifySyntax = false, false, false
	options.Outfile = filepath.Join(options.AbsWorkingDir, "test.js")
	files, err := run(options, options.AbsWorkingDir)
	if err != nil {
		return nil, err
	}
	return files["test.js"], nil
}

func settings(root string) (api.BuildOptions, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return api.BuildOptions{}, err
	}
	return api.BuildOptions{
		AbsWorkingDir: abs,
		Bundle:        true,
		Format:        api.FormatESModule,
		Target:        api.ES2020,
		// The oldest browsers that are promised: cheap Android phones and the iPads of leaders.
		Engines: []api.Engine{{Name: api.EngineChrome, Version: "80"}, {Name: api.EngineSafari, Version: "14"}},
		// Safari 14.0 has a fault in corners of destructuring that esbuild cannot work around; nothing here goes there.
		Supported:         map[string]bool{"destructuring": true},
		JSX:               api.JSXAutomatic,
		JSXImportSource:   "preact",
		TsconfigRaw:       `{"compilerOptions": {"useDefineForClassFields": true}}`, // not what stands around on this machine
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone, // the licences are in licenses.txt
		Banner:            map[string]string{"js": "/*! fieldsync, with parts under the licences in ../licenses.txt */"},
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Plugins:           []api.Plugin{vendored(abs)},
		LogLevel:          api.LogLevelSilent,
	}, nil
}

// run builds and returns the files by their path under base. Warnings are errors: nobody reads them otherwise.
func run(options api.BuildOptions, base string) (Files, error) {
	result := api.Build(options)
	if faults := append(result.Errors, result.Warnings...); len(faults) > 0 {
		lines := api.FormatMessages(faults, api.FormatMessagesOptions{})
		return nil, errors.New(strings.TrimSpace(strings.Join(lines, "")))
	}
	files := Files{}
	for _, f := range result.OutputFiles {
		rel, err := filepath.Rel(base, f.Path)
		if err != nil {
			return nil, err
		}
		files[filepath.ToSlash(rel)] = f.Contents
	}
	return files, nil
}

// addPages adds the index.html beside each source whose app has a page.
func addPages(root string, files Files) error {
	for _, e := range entries {
		page, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path.Dir(e.source)), "index.html"))
		switch {
		case errors.Is(err, os.ErrNotExist):
			continue
		case err != nil:
			return err
		}
		files[path.Join(path.Dir(e.out), "index.html")] = page
	}
	return nil
}

// licenses puts the licences of all vendored modules into one text.
func licenses(root string) ([]byte, error) {
	names := make([]string, 0, len(modules))
	for _, file := range modules {
		names = append(names, home(file))
	}
	slices.Sort(names)
	var all strings.Builder
	for _, name := range slices.Compact(names) {
		text, err := os.ReadFile(filepath.Join(root, "vendor", filepath.FromSlash(name), "LICENSE"))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&all, "%s\n\n%s\n\n", name, strings.TrimSpace(string(text)))
	}
	return []byte(all.String()), nil
}
