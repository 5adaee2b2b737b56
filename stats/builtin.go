package stats

import (
	"embed"
	"fmt"
)

//go:embed templates/*.yaml
var templateFiles embed.FS

// BuiltinNames are the ids of the templates that come with the program, in the order of Builtin.
var BuiltinNames = []string{"ningxia-2022", "heping-2020"}

// Builtin reads the templates that come with the program. An error means that the program was
// built from a broken template.
func Builtin() ([]*Template, error) {
	var out []*Template
	for _, name := range BuiltinNames {
		file := name + ".yaml"
		src, err := templateFiles.ReadFile("templates/" + file)
		if err != nil {
			return nil, fmt.Errorf("built-in template: %w", err)
		}
		t, err := ParseTemplate(file, src)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// BuiltinSource returns the YAML of a built-in template, as an example to start from; false when
// there is none of that name.
func BuiltinSource(name string) ([]byte, bool) {
	src, err := templateFiles.ReadFile("templates/" + name + ".yaml")
	return src, err == nil
}
