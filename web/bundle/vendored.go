package bundle

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// modules are the third-party modules that source may import by name, with their files in web/vendor. web/tsconfig.json
// names their types.
var modules = map[string]string{
	"preact":               "preact/dist/preact.mjs",
	"preact/hooks":         "preact/hooks/dist/hooks.mjs",
	"preact/jsx-runtime":   "preact/jsx-runtime/dist/jsxRuntime.mjs",
	"@preact/signals":      "@preact/signals/dist/signals.mjs",
	"@preact/signals-core": "@preact/signals-core/dist/signals-core.mjs",
	"idb":                  "idb/build/index.js",
}

// home is the folder of a module's file that holds its licence.
func home(file string) string {
	parts := strings.SplitN(file, "/", 3)
	if strings.HasPrefix(file, "@") {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

// vendored resolves bare imports to web/vendor and refuses those that are not there: what is built never depends on a
// node_modules that happens to lie around.
func vendored(root string) api.Plugin {
	return api.Plugin{Name: "vendored", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^[^./]`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			if strings.HasPrefix(a.Path, "node:") {
				return api.OnResolveResult{Path: a.Path, External: true}, nil
			}
			if filepath.IsAbs(a.Path) || strings.HasPrefix(a.Path, "data:") {
				return api.OnResolveResult{}, nil
			}
			file, ok := modules[a.Path]
			if !ok {
				return api.OnResolveResult{}, fmt.Errorf("%s is not in web/vendor (web/bundle/vendored.go names what is)", a.Path)
			}
			// None of them does anything by being imported, except that signals hooks itself into Preact.
			effects := api.SideEffectsFalse
			if a.Path == "@preact/signals" {
				effects = api.SideEffectsTrue
			}
			return api.OnResolveResult{Path: filepath.Join(root, "vendor", filepath.FromSlash(file)), SideEffects: effects}, nil
		})
	}}
}
