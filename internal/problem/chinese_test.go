package problem_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// Where the problems are made that somebody in the office can meet.
var officeDirs = []string{"internal/auth", "internal/httpapi", "internal/store", "server/internal/console", "stats",
	"sync/changelog", "sync/gateway", "sync/office"}

// startFiles speak to whoever starts the server, in a terminal.
var startFiles = []string{"internal/store/migrate.go", "internal/store/install.go", "internal/store/open.go", "internal/auth/jwk.go"}

// wireCodes are of phones and of the wire: the sentence of the code says enough.
var wireCodes = []string{"BadHeader", "BadHash", "BadSignature", "BadEncoding", "Gap", "Fork", "Reset", "BadCursor", "BadAssertion",
	"ClockSkew", "Replayed", "UnknownDevice", "BadCode"}

// TestOfficeProblemsAreChinese reads the sources: whoever makes a problem for the office says it in Chinese
// too, with as many values as in English.
func TestOfficeProblemsAreChinese(t *testing.T) {
	made := 0
	for _, dir := range officeDirs {
		paths, err := filepath.Glob(filepath.Join("../..", dir, "*.go"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: no sources, %v", dir, err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") || slices.Contains(startFiles, dir+"/"+filepath.Base(path)) {
				continue
			}
			made += checkFile(t, path)
		}
	}
	if made < 100 {
		t.Errorf("only %d problems were found", made)
	}
}

func checkFile(t *testing.T, path string) (made int) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	said := map[*ast.CallExpr]bool{}
	ast.Inspect(file, func(n ast.Node) bool { // from the outside: ZH is met before the call that it is chained to
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		at := files.Position(call.Pos()).String()
		if methodOf(call) == "ZH" {
			if origin := originOf(call); origin != nil {
				said[origin] = true
				agree(t, at, sentence(origin), sentence(call))
			}
		}
		if k := formatAt(call); k >= 0 {
			made++
			code, _ := call.Args[k-1].(*ast.SelectorExpr)
			if !said[call] && (code == nil || !slices.Contains(wireCodes, code.Sel.Name)) {
				if path != "../../sync/gateway/push.go" || code != nil { // a gap or a fork, as its caller says
					t.Errorf("%s: no Chinese", at)
				}
			}
		}
		for i := 1; i < len(call.Args); i++ { // helpers that take both sentences
			if en, zh := literal(call.Args[i-1]), literal(call.Args[i]); en != "" && han.MatchString(zh) && !han.MatchString(en) && methodOf(call) != "ZH" {
				agree(t, at, en, zh)
			}
		}
		return true
	})
	return made
}

var (
	verb = regexp.MustCompile(`%(?:\[\d+\])?[a-z]`)
	han  = regexp.MustCompile(`\p{Han}`)
	half = regexp.MustCompile(`\p{Han} ?[,;:?!]|\p{Han}\.$`) // punctuation of another script
)

func agree(t *testing.T, at, en, zh string) {
	t.Helper()
	if e, z := len(verb.FindAllString(en, -1)), len(verb.FindAllString(zh, -1)); e != z && en != "" {
		t.Errorf("%s: %d values in %q, %d in %q", at, e, en, z, zh)
	}
	if half.MatchString(zh) {
		t.Errorf("%s: %q has punctuation of half width", at, zh)
	}
}

// originOf returns the New or Wrap at the beginning of a chain of methods.
func originOf(call *ast.CallExpr) *ast.CallExpr {
	for call != nil && formatAt(call) < 0 {
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		call, _ = sel.X.(*ast.CallExpr)
	}
	return call
}

// formatAt returns which argument of problem.New or problem.Wrap is the sentence, -1 for other calls.
func formatAt(call *ast.CallExpr) int {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return -1
	}
	if pkg, ok := sel.X.(*ast.Ident); !ok || pkg.Name != "problem" {
		return -1
	}
	switch sel.Sel.Name {
	case "New":
		return 1
	case "Wrap":
		return 2
	}
	return -1
}

func methodOf(call *ast.CallExpr) string {
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		return sel.Sel.Name
	}
	return ""
}

func sentence(call *ast.CallExpr) string { return literal(call.Args[max(formatAt(call), 0)]) }

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(lit.Value)
	return s
}

// TestEveryCodeIsChinese reads the codes out of the package.
func TestEveryCodeIsChinese(t *testing.T) {
	src, err := os.ReadFile("problem.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`Code = "([a-z_]+)"`).FindAllSubmatch(src, -1)
	if len(codes) < 20 {
		t.Fatalf("only %d codes were found", len(codes))
	}
	for _, m := range codes {
		zh := (&problem.Error{Code: problem.Code(m[1])}).InChinese()
		if !han.MatchString(zh) || !strings.HasSuffix(zh, "。") {
			t.Errorf("%s: %q", m[1], zh)
		}
	}
	own := problem.New(problem.Conflict, "the code %s belongs to another unit", "03").ZH("编码 %s 已被其他单位使用。", "03")
	if got := own.InChinese(); got != "编码 03 已被其他单位使用。" {
		t.Errorf("%q", got)
	}
}
