package stats

import (
	"flag"
	"os"
	"os/exec"
	"testing"
)

// TestMain asks for 10,000 cases of each property, 500 with -short; -rapid.checks=N overrides.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		checks := "10000"
		if testing.Short() {
			checks = "500"
		}
		if err := flag.Set("rapid.checks", checks); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// needs skips a test whose programs are not installed. On CI that is a failure: a test that
// never runs there proves nothing.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI must have %s", p)
		}
		t.Skipf("%s is not installed", p)
	}
}
