// Package deploy holds no code: its tests read the files beside them, since no container engine is needed for the faults
// that people meet first.
package deploy

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

type service struct {
	Image       string
	Restart     string
	Build       struct{ Context, Dockerfile, Target string }
	Environment map[string]string
	Volumes     []string
	Ports       []string
	Profiles    []string
	Healthcheck map[string]any
	MemLimit    string                    `yaml:"mem_limit"`
	CPUs        float64                   `yaml:"cpus"`
	DependsOn   map[string]map[string]any `yaml:"depends_on"`
}

type composition struct {
	Services map[string]service
	Volumes  map[string]any
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func compose(t *testing.T) composition {
	t.Helper()
	var c composition
	if err := yaml.Unmarshal([]byte(read(t, "compose.yaml")), &c); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"db", "store", "server", "server2", "proxy"} {
		if _, ok := c.Services[name]; !ok {
			t.Fatalf("no service %s in %v", name, c.Services)
		}
	}
	return c
}

var variable = regexp.MustCompile(`\$\{([A-Z0-9_]+)([^}]*)\}`)

// example returns the variables of .env.example with their values.
func example(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for line := range strings.Lines(read(t, ".env.example")) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			found[name] = value
		}
	}
	return found
}

func TestEveryVariableIsInTheExample(t *testing.T) {
	known, used := example(t), map[string]bool{}
	for _, m := range variable.FindAllStringSubmatch(read(t, "compose.yaml"), -1) {
		name, rest := m[1], m[2]
		used[name] = true
		value, ok := known[name]
		switch {
		case !ok:
			t.Errorf("%s is not in .env.example", name)
		case strings.HasPrefix(rest, ":-") && value != rest[2:]:
			t.Errorf("%s is %q in .env.example and %q without it", name, value, rest[2:])
		case !strings.HasPrefix(rest, ":-") && !strings.HasPrefix(rest, ":?"):
			t.Errorf("%s has neither a default nor a reason to be asked for", name)
		}
		if secret := strings.Contains(name, "PASSWORD") || strings.Contains(name, "SECRET"); secret && (value != "" || strings.HasPrefix(rest, ":-")) {
			t.Errorf("%s has a value that everybody knows", name)
		}
	}
	for name := range known {
		if !used[name] {
			t.Errorf("%s of .env.example is used nowhere", name)
		}
	}
}

// TestServicesLast: each comes back after a crash, is bounded, says how it is, and is of a known version.
func TestServicesLast(t *testing.T) {
	c := compose(t)
	dockerfile := read(t, "Dockerfile")
	for name, s := range c.Services {
		if s.Restart != "unless-stopped" || s.MemLimit == "" || s.CPUs == 0 {
			t.Errorf("%s: restart %q, memory %q, processors %v", name, s.Restart, s.MemLimit, s.CPUs)
		}
		built := s.Build.Target != ""
		if built {
			if _, err := os.Stat(filepath.Join(s.Build.Context, s.Build.Dockerfile)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			stage := "AS " + s.Build.Target + "\n"
			_, rest, ok := strings.Cut(dockerfile, stage)
			rest, _, _ = strings.Cut(rest, "\nFROM ")
			if !ok || !strings.Contains(rest, "HEALTHCHECK") || !strings.Contains(rest, "USER 10001:10001") {
				t.Errorf("%s: stage %s: there %v, with a health check and a user", name, s.Build.Target, ok)
			}
		} else {
			if s.Healthcheck == nil {
				t.Errorf("%s says nothing about its health", name)
			}
			pinned(t, name, s.Image)
		}
		for other := range s.DependsOn {
			if _, ok := c.Services[other]; !ok {
				t.Errorf("%s depends on %s, which is not there", name, other)
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(dockerfile, -1) {
		if m[1] != "scratch" && m[1] != "base" {
			pinned(t, "Dockerfile", m[1])
		}
	}
}

func pinned(t *testing.T, where, image string) {
	t.Helper()
	_, tag, _ := strings.Cut(image, ":")
	if !regexp.MustCompile(`^\d+\.\d+(\.\d+)?(-|$)`).MatchString(tag) {
		t.Errorf("%s: the version of %s is not pinned", where, image)
	}
}

// TestMountsAreThere: every mounted file exists, and every volume is declared and used.
func TestMountsAreThere(t *testing.T) {
	c := compose(t)
	used := map[string]bool{}
	for name, s := range c.Services {
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if strings.HasPrefix(from, ".") {
				if _, err := os.Stat(from); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			used[from] = true
			if _, ok := c.Volumes[from]; !ok {
				t.Errorf("%s: volume %s is not declared", name, from)
			}
		}
		if len(s.Ports) > 0 && name != "proxy" {
			t.Errorf("%s is open to the network", name)
		}
	}
	for v := range c.Volumes {
		if !used[v] {
			t.Errorf("volume %s is not used", v)
		}
	}
}

// TestMinIOIsTheOneOfTheTests: what is deployed is what was tested.
func TestMinIOIsTheOneOfTheTests(t *testing.T) {
	version := regexp.MustCompile(`github.com/minio/minio@(v\S+)`).FindStringSubmatch(read(t, "Dockerfile"))
	if version == nil || !strings.Contains(read(t, "../internal/s3test/program.go"), `"`+version[1]+`"`) {
		t.Errorf("%v is not what internal/s3test runs", version)
	}
	module := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "../go.mod"))
	if !strings.Contains(read(t, "Dockerfile"), "golang:"+module[1]+".") {
		t.Errorf("the Dockerfile does not build with Go %s", module[1])
	}
}

// TestReadmesSayTheSame: both languages name the same variables, commands and stores.
func TestReadmesSayTheSame(t *testing.T) {
	code := regexp.MustCompile("`([^`\n]+)`")
	of := func(name string) (found []string) {
		for _, m := range code.FindAllStringSubmatch(read(t, name), -1) {
			found = append(found, m[1])
		}
		slices.Sort(found)
		return slices.Compact(found)
	}
	en, zh := of("README.md"), of("README.zh-CN.md")
	for _, pair := range [][2][]string{{en, zh}, {zh, en}} {
		for _, word := range pair[0] {
			if !slices.Contains(pair[1], word) {
				t.Errorf("only one of them has `%s`", word)
			}
		}
	}
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(read(t, "README.md"), -1) {
		for line := range strings.Lines(block[1]) {
			command, _, _ := strings.Cut(strings.TrimSpace(line), "#")
			if command = strings.TrimSpace(command); command != "" && !strings.Contains(read(t, "README.zh-CN.md"), command) {
				t.Errorf("only in English: %s", command)
			}
		}
	}
}
