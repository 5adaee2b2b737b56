package openapitest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/openapi"
)

// A Registered route is one that the router knows.
type Registered struct{ Method, Path string }

// SameRoutes fails when a route below the document's prefix is registered and not described, or
// described and not registered. Fiber's own HEAD beside each GET is left out.
func SameRoutes(t testing.TB, info openapi.Info, routes []openapi.Route, registered []Registered) {
	t.Helper()
	described := map[string]bool{}
	for i := range routes {
		described[routes[i].Method+" "+info.Prefix+routes[i].Path] = false
	}
	for _, r := range registered {
		if r.Method == http.MethodHead || !strings.HasPrefix(r.Path, info.Prefix+"/") {
			continue
		}
		name := r.Method + " " + r.Path
		if _, ok := described[name]; !ok {
			t.Errorf("%s is not described", name)
			continue
		}
		described[name] = true
	}
	for name, found := range described {
		if !found {
			t.Errorf("%s is described and not registered", name)
		}
	}
}
