package merge_test

import (
	"flag"
	"os"
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
