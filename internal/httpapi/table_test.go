package httpapi

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// TestEveryCodeHasAStatus reads the codes out of package problem, so that a new one cannot be
// forgotten here.
func TestEveryCodeHasAStatus(t *testing.T) {
	declared := declaredCodes(t, "../problem/problem.go")
	if len(declared) < 20 {
		t.Fatalf("only %d codes were found", len(declared))
	}
	for code := range declared {
		f, ok := faces[code]
		if !ok {
			t.Errorf("%s has no status", code)
			continue
		}
		if f.status < 400 || f.status > 599 || f.title == "" {
			t.Errorf("%s: status %d, title %q", code, f.status, f.title)
		}
	}
	for code := range faces {
		if !declared[code] {
			t.Errorf("%s has a status but is not declared", code)
		}
	}
}

func declaredCodes(t *testing.T, path string) map[problem.Code]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[problem.Code]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Code" {
			return true
		}
		for _, v := range spec.Values {
			if lit, ok := v.(*ast.BasicLit); ok {
				word, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				codes[problem.Code(word)] = true
			}
		}
		return true
	})
	return codes
}

// TestProtocolStatuses pins the statuses that the protocol names.
func TestProtocolStatuses(t *testing.T) {
	for code, want := range map[problem.Code]int{
		problem.BadHeader: 422, problem.BadHash: 422, problem.BadSignature: 422,
		problem.Unauthorized: 401, problem.TokenExpired: 401, problem.ClockSkew: 401, problem.Replayed: 401,
		problem.UnknownDevice: 401, problem.BadLogin: 401, problem.Locked: 429, problem.Forbidden: 403, problem.TooLarge: 413,
		problem.Gap: 409, problem.Fork: 409, problem.Moved: 409, problem.Conflict: 409,
		problem.BadDigest: 422, problem.HashMismatch: 422, problem.Quota: 507, problem.BadRange: 416,
		problem.Reset: 410, problem.Overloaded: 429, problem.Unavailable: 503, "no such code": 500,
	} {
		if got := Status(code); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
}
