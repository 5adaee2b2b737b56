// Package bundle builds the web apps: TypeScript, TSX and CSS of web/src together with the modules of web/vendor become
// the few files of web/dist. It needs Go alone, no Node and no network, and the same sources give the same bytes.
//
// It is the one package that imports esbuild. The server imports package web, which embeds what was built, so no bundler
// is in the server's binary.
package bundle

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// apps are the folders of web/dist, each with its page, app.js and app.css, and the source of app.js. To add an app is to
// add a line.
var apps = []struct{ name, source string }{
	{"console", "src/console/main.tsx"},
	{"gallery", "src/gallery/main.tsx"},
}

// Files are built files by their slash-separated path in web/dist.
type Files map[string][]byte

// Build builds everything from root, which is the folder web, and writes nothing. What an app imports with import() becomes a
// file of its own beside app.js, loaded when it is wanted; code that both need becomes one that the page loads at once. The
// style sheets of all of it are one app.css.
func Build(root string) (Files, error) {
	all := Files{}
	for _, app := range apps {
		files, err := build(root, app.name, app.source)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, files)
	}
	var err error
	all["licenses.txt"], err = licenses(root)
	return all, err
}

func build(root, name, source string) (Files, error) {
	options, err := settings(root)
	if err != nil {
		return nil, err
	}
	options.EntryPointsAdvanced = []api.EntryPoint{{InputPath: "./" + source, OutputPath: name + "/app"}}
	options.Outdir = filepath.Join(options.AbsWorkingDir, "dist")
	whole, _, err := run(options, options.Outdir)
	if err != nil {
		return nil, err
	}
	options.Splitting = true
	options.ChunkNames = name + "/[name]-[hash]"
	options.Metafile = true
	files, meta, err := run(options, options.Outdir)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(files, func(file string, _ []byte) bool { return path.Ext(file) == ".css" }) // nothing would load them
	if style, ok := whole[name+"/app.css"]; ok {
		files[name+"/app.css"] = style
	}
	early, err := preloads(meta, "dist/"+name+"/app.js")
	if err != nil {
		return nil, err
	}
	files[name+"/index.html"], err = page(filepath.Join(root, filepath.FromSlash(path.Dir(source))), early)
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
	files, _, err := run(options, options.AbsWorkingDir)
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

// run builds and returns the files by their path under base, and esbuild's account of them. Warnings are errors: nobody reads
// them otherwise.
func run(options api.BuildOptions, base string) (Files, string, error) {
	result := api.Build(options)
	if faults := append(result.Errors, result.Warnings...); len(faults) > 0 {
		lines := api.FormatMessages(faults, api.FormatMessagesOptions{})
		return nil, "", errors.New(strings.TrimSpace(strings.Join(lines, "")))
	}
	files := Files{}
	for _, f := range result.OutputFiles {
		rel, err := filepath.Rel(base, f.Path)
		if err != nil {
			return nil, "", err
		}
		files[filepath.ToSlash(rel)] = f.Contents
	}
	return files, result.Metafile, nil
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
