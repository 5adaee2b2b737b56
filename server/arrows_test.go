package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const modulePath = "github.com/fieldsync/fieldsync"

// An arrow row says which packages of the project one package may import.
type arrowRow struct {
	code  []string // any file
	tests []string // besides, its _test.go files, which run the package on the real things around it
}

// arrows is the order of the house. Nouns are at the bottom, then what works on them and knows neither HTTP nor a database,
// then the adapters, which never import each other, and the server, which ties them. A package that is not here fails the test.
// Besides, every test may import everyTest, and server imports everything.
var arrows = map[string]arrowRow{
	"models":           {},
	"internal/problem": {},

	"sync/changelog": {code: words("models internal/problem")},
	"sync/merge":     {code: words("models internal/problem sync/changelog")},
	"stats":          {code: words("models internal/problem")},
	"sync/gateway": {
		code:  words("models internal/problem sync/changelog sync/merge stats"),
		tests: words("internal/store internal/store/storetest"),
	},
	// What files say beside what was recorded is for media/render, which is pure, to compare.
	"sync/office": {
		code:  words("models internal/problem sync/changelog sync/merge sync/gateway stats media/render"),
		tests: words("internal/store internal/store/storetest"),
	},
	"media": {
		code:  words("models internal/problem media/sniff"),
		tests: words("media/diskblob media/blobtest media/picture"),
	},
	// What kind of file some bytes are is a question about bytes: it knows not even the nouns.
	"media/sniff":     {},
	"media/blobtest":  {code: words("models internal/problem media")},
	"media/diskblob":  {code: words("models internal/problem media"), tests: words("media/blobtest")},
	"media/minioblob": {code: words("models internal/problem media"), tests: words("media/blobtest")},
	// Pictures that nobody took: tests send them, and so do simulated phones, which the server's program runs.
	"media/picture": {},
	// A zip of photos that somebody else lists and opens.
	"media/album": {code: words("models internal/problem")},
	// What is made of a picture's bytes, without a store: it knows nothing of the project but its nouns.
	"media/render": {code: words("models internal/problem"), tests: words("media/picture")},

	"internal/httpapi":             {code: words("models internal/problem")},
	"internal/openapi":             {code: words("internal/problem")},
	"internal/openapi/openapitest": {code: words("internal/openapi")},
	"internal/auth": {
		code:  words("models internal/problem internal/httpapi"),
		tests: words("internal/store internal/store/storetest"),
	},

	"internal/store": {
		code:  words("models internal/problem sync/changelog sync/merge sync/gateway sync/office stats"),
		tests: words("internal/store/storetest"),
	},
	"internal/store/storetest": {
		code: words("models internal/problem internal/pgtest internal/store sync/changelog sync/merge sync/gateway stats"),
	},

	"mobile-api": {
		code:  words("models internal/problem internal/auth internal/httpapi internal/openapi sync/changelog sync/gateway stats media"),
		tests: words("internal/openapi/openapitest internal/store internal/store/storetest media/diskblob media/picture mobile-api/client sync/merge sync/simtest"),
	},
	// A phone judges nothing: it knows the wire form and no rule of the server's.
	"mobile-api/client": {
		code:  words("models internal/problem sync/changelog"),
		tests: words("internal/auth internal/httpapi internal/store internal/store/storetest media mobile-api sync/gateway"),
	},
	"sync/simtest": {
		code:  words("models internal/problem sync/changelog media/picture mobile-api/client sync/simtest/link"),
		tests: words("internal/auth internal/httpapi internal/store internal/store/storetest mobile-api stats sync/gateway sync/merge"),
	},

	// A bad network knows nothing of what goes over it, so that any client and any server can be put at its ends.
	"sync/simtest/link": {},

	"server/internal/console": {
		code:  words("models internal/problem internal/auth internal/httpapi internal/openapi sync/changelog sync/gateway sync/office stats media media/album"),
		tests: words("internal/openapi/openapitest internal/store internal/store/storetest media/diskblob media/picture mobile-api/client"),
	},
	"server/internal/jobs": {
		code:  words("models internal/problem sync/changelog sync/gateway stats media media/render"),
		tests: words("internal/store internal/store/storetest media/diskblob media/picture"),
	},
	"web":        {tests: words("web/bundle web/e2e")},
	"web/bundle": {},
	"web/e2e":    {},
	"web/gen":    {code: words("web/bundle")},

	"internal/pgtest":        {},
	"internal/pgtest/withpg": {code: words("internal/pgtest")},
	"internal/s3test":        {},
	"internal/s3test/withs3": {code: words("internal/s3test")},
	"deploy":                 {}, // reads the files beside it
}

var everyTest = words("models internal/problem internal/pgtest internal/s3test")

// testSupport is for tests; of the other code only the test support itself may import it, and the program that builds web.
var (
	testSupport     = words("internal/pgtest internal/s3test internal/store/storetest media/blobtest internal/openapi/openapitest web/bundle web/e2e")
	testSupportUser = append(words("internal/pgtest/withpg internal/s3test/withs3 web/gen"), testSupport...)
)

// outside keeps a library behind the package that is there to hide it.
var outside = []struct {
	prefix string // of the import path
	code   []string
	tests  []string
}{
	{"gorm.io", words("internal/store"), nil},
	{"github.com/ncruces/go-sqlite3", words("internal/store"), words("internal/store/storetest server")},
	{"github.com/glebarez", words("internal/store"), nil},
	{"modernc.org/sqlite", words("internal/store"), nil},
	{"github.com/mattn/go-sqlite3", nil, nil}, // needs cgo
	{"github.com/jackc/pgx", words("internal/store internal/pgtest"), words("internal/store/storetest server")},
	{"github.com/lib/pq", nil, nil}, // pgx is the one driver
	{"github.com/minio/minio-go", words("media/minioblob"), nil},
	{"golang.org/x/image", words("media/render"), nil},
	{"github.com/santhosh-tekuri/jsonschema", words("internal/openapi/openapitest"), nil},
	{"github.com/evanw/esbuild", words("web/bundle"), nil}, // no bundler is in the server
	{"github.com/golang-jwt/jwt", words("internal/auth"), words("server mobile-api mobile-api/client")},
	{"github.com/gofiber/fiber", words("internal/httpapi internal/auth mobile-api server/internal/console server"),
		words("mobile-api/client sync/simtest")},
}

// An oracle that used the code it judges would repeat its mistakes, so these packages are closed to the oracle's files,
// tests included.
const (
	oracleFiles = "sync/simtest/oracle*.go"
	judged      = "sync/merge sync/gateway stats internal/store"
)

func TestArrows(t *testing.T) {
	files := sourceFiles(t, "..")
	seen := map[string]bool{}
	for _, f := range files {
		seen[f.folder] = true
		for _, fault := range f.faults() {
			t.Error(fault)
		}
	}
	// A walk that misses the tree would pass without having looked.
	for _, want := range []string{"models", "internal/problem", "server"} {
		if !seen[want] {
			t.Errorf("no source found in %s", want)
		}
	}
}

// TestArrowsFindForbiddenImports plants imports in made-up files.
func TestArrowsFindForbiddenImports(t *testing.T) {
	ours := func(folder string) string { return modulePath + "/" + folder }
	for _, c := range []struct {
		file, imports string
		want          string // part of the sentence; "" when the import is allowed
	}{
		{"models/unit.go", "time", ""},
		{"models/unit.go", ours("internal/problem"), "models/unit.go may not import internal/problem"},
		{"models/unit.go", "gorm.io/gorm", "models/unit.go may not import gorm.io/gorm"},
		{"models/unit_test.go", ours("internal/problem"), ""},
		{"sync/merge/merge.go", ours("sync/changelog"), ""},
		{"sync/merge/merge.go", ours("sync/gateway"), "may not import sync/gateway"},
		{"stats/total.go", ours("sync/changelog"), "may not import sync/changelog"},
		{"stats/total_test.go", ours("sync/merge"), "may not import sync/merge"},
		{"sync/gateway/push.go", ours("internal/store"), "may not import internal/store"},
		{"sync/gateway/push_test.go", ours("internal/store"), ""},
		{"sync/gateway/push.go", "github.com/gofiber/fiber/v2", "may not import github.com/gofiber/fiber/v2"},
		{"internal/store/open.go", "gorm.io/driver/postgres", ""},
		{"internal/store/open.go", "github.com/ncruces/go-sqlite3/gormlite", ""},
		{"internal/store/open.go", ours("mobile-api"), "may not import mobile-api"},
		{"internal/store/open.go", ours("internal/pgtest"), "may not import internal/pgtest"},
		{"internal/store/open_test.go", ours("internal/pgtest"), ""},
		{"internal/store/open_test.go", ours("internal/store/storetest"), ""},
		{"server/main.go", ours("internal/store/storetest"), "is for tests"},
		{"server/main.go", ours("sync/simtest"), ""},
		{"server/main.go", "gorm.io/gorm/logger", "may not import gorm.io/gorm/logger"},
		{"server/main_test.go", "github.com/jackc/pgx/v5/stdlib", ""},
		{"server/internal/console/login.go", ours("mobile-api"), "may not import mobile-api"},
		{"server/internal/console/login.go", "github.com/golang-jwt/jwt/v5", "may not import github.com/golang-jwt/jwt/v5"},
		{"mobile-api/push.go", ours("internal/store"), "may not import internal/store"},
		{"mobile-api/client/client.go", ours("sync/merge"), "may not import sync/merge"},
		{"media/intake.go", "github.com/minio/minio-go/v7", "may not import github.com/minio/minio-go/v7"},
		{"media/minioblob/blob.go", "github.com/minio/minio-go/v7", ""},
		{"sync/simtest/run.go", ours("sync/gateway"), "may not import sync/gateway"},
		{"sync/simtest/run_test.go", ours("sync/gateway"), ""},
		{"sync/simtest/oracle_test.go", ours("sync/gateway"), "closed to the oracle"},
		{"sync/simtest/oracle_totals.go", ours("stats"), "closed to the oracle"},
		{"sync/simtest/oracle_totals.go", ours("models"), ""},
		{"web/embed.go", ours("web/bundle"), "web/bundle, which is for tests"},
		{"web/web_test.go", ours("web/bundle"), ""},
		{"web/gen/main.go", ours("web/bundle"), ""},
		{"server/serve.go", ours("web/bundle"), "web/bundle, which is for tests"},
		{"server/serve.go", ours("web/e2e"), "web/e2e, which is for tests"},
		{"server/office_browser_test.go", ours("web/e2e"), ""},
		{"web/embed.go", "github.com/evanw/esbuild/pkg/api", "may not import github.com/evanw/esbuild"},
		{"internal/util/strings.go", "strings", "internal/util is not in the table"},
		{"models/unit.go", modulePath + "x/other", ""},
	} {
		f, err := parseSource(c.file, "package p\nimport "+strconv.Quote(c.imports))
		if err != nil {
			t.Fatal(err)
		}
		found := strings.Join(f.faults(), "\n")
		if !strings.Contains(found, c.want) || (found == "") != (c.want == "") {
			t.Errorf("%s imports %s: %q, want %q", c.file, c.imports, found, c.want)
		}
	}
}

// TestArrowsTable finds misspelt rows.
func TestArrowsTable(t *testing.T) {
	known := append(slices.Collect(maps.Keys(arrows)), "server")
	check := func(where string, names []string) {
		for _, name := range names {
			if !slices.Contains(known, name) {
				t.Errorf("%s: %s is not in the table", where, name)
			}
		}
	}
	for folder, row := range arrows {
		check(folder, row.code)
		check(folder, row.tests)
	}
	for _, rule := range outside {
		check(rule.prefix, rule.code)
		check(rule.prefix, rule.tests)
	}
	check("everyTest", everyTest)
	check("testSupport", testSupportUser)
	check("judged", words(judged))
}

// A source is one Go file with its imports.
type source struct {
	folder  string // of the package, from the top of the module
	name    string
	imports []string
}

// parseSource reads the imports of a file, whatever its build constraints say. The text is nil for a file on the disk under "..".
func parseSource(file string, text any) (source, error) {
	onDisk := file
	if text == nil {
		onDisk = filepath.Join("..", filepath.FromSlash(file))
	}
	f, err := parser.ParseFile(token.NewFileSet(), onDisk, text, parser.ImportsOnly)
	if err != nil {
		return source{}, err
	}
	s := source{folder: path.Dir(file), name: path.Base(file)}
	for _, spec := range f.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, err
		}
		s.imports = append(s.imports, p)
	}
	return s, nil
}

// sourceFiles returns the Go files of the module at top.
func sourceFiles(t *testing.T, top string) []source {
	t.Helper()
	var found []source
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			hidden := p != top && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_"))
			if hidden || name == "testdata" || name == "node_modules" {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		rel, err := filepath.Rel(top, p)
		if err != nil {
			return err
		}
		s, err := parseSource(filepath.ToSlash(rel), nil)
		found = append(found, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// faults returns a sentence for each import that the rules do not allow.
func (s source) faults() []string {
	if _, ok := arrows[s.folder]; !ok && s.folder != "server" {
		return []string{fmt.Sprintf("%s is not in the table of server/arrows_test.go: give it a row that says what it may import",
			s.folder)}
	}
	var found []string
	for _, p := range s.imports {
		fault := ""
		if p == modulePath || strings.HasPrefix(p, modulePath+"/") {
			fault = s.inside(strings.TrimPrefix(p, modulePath+"/"))
		} else {
			fault = s.library(p)
		}
		if fault != "" {
			found = append(found, fault)
		}
	}
	return found
}

func (s source) test() bool { return strings.HasSuffix(s.name, "_test.go") }

// inside judges the import of a package of the project.
func (s source) inside(target string) string {
	file := path.Join(s.folder, s.name)
	if oracle, _ := path.Match(oracleFiles, file); oracle && slices.Contains(words(judged), target) {
		return fmt.Sprintf("%s may not import %s: what is judged is closed to the oracle", file, target)
	}
	if slices.Contains(testSupport, target) && !s.test() && !slices.Contains(testSupportUser, s.folder) {
		return fmt.Sprintf("%s may not import %s, which is for tests", file, target)
	}
	row := arrows[s.folder]
	switch {
	case s.folder == "server", slices.Contains(row.code, target):
		return ""
	case s.test() && (target == s.folder || slices.Contains(everyTest, target) || slices.Contains(row.tests, target)):
		return ""
	}
	return fmt.Sprintf("%s may not import %s (server/arrows_test.go says what may import what)", file, target)
}

// library judges the import of a package from elsewhere.
func (s source) library(target string) string {
	for _, rule := range outside {
		if target != rule.prefix && !strings.HasPrefix(target, rule.prefix+"/") {
			continue
		}
		if slices.Contains(rule.code, s.folder) || s.test() && slices.Contains(rule.tests, s.folder) {
			return ""
		}
		return fmt.Sprintf("%s may not import %s, which is kept to %v", path.Join(s.folder, s.name), target, rule.code)
	}
	return ""
}

func words(list string) []string { return strings.Fields(list) }
