package bundle

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// preloads returns the names of the files that app.js imports from the first moment, itself not among them. They lie beside it.
func preloads(meta, app string) ([]string, error) {
	var account struct {
		Outputs map[string]struct {
			Imports []struct {
				Path, Kind string
			}
		}
	}
	if err := json.Unmarshal([]byte(meta), &account); err != nil {
		return nil, err
	}
	var found []string
	var follow func(file string)
	follow = func(file string) {
		for _, i := range account.Outputs[file].Imports {
			name := path.Base(i.Path)
			if i.Kind == "import-statement" && !slices.Contains(found, name) {
				found = append(found, name)
				follow(i.Path)
			}
		}
	}
	follow(app)
	slices.Sort(found)
	return found, nil
}

// page returns the index.html of folder, told to load early files together with app.js instead of after it.
func page(folder string, early []string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(folder, "index.html"))
	if err != nil {
		return nil, err
	}
	const script = `<script type="module"`
	before, after, ok := strings.Cut(string(text), script)
	if !ok {
		return nil, fmt.Errorf("%s has no %s", filepath.Join(folder, "index.html"), script)
	}
	links := ""
	for _, name := range early {
		links += fmt.Sprintf("<link rel=\"modulepreload\" href=\"%s\">\n", name)
	}
	return []byte(before + links + script + after), nil
}
