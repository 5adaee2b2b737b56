//go:build planted

package simtest_test

import (
	"io"
	"testing"

	"github.com/fieldsync/fieldsync/sync/simtest"
)

// TestRunFindsPlantedBugs proves that a run would see each of the bugs that sync/gateway/plants.go
// lists. go test -tags planted ./sync/simtest
func TestRunFindsPlantedBugs(t *testing.T) {
	for _, k := range []struct {
		bug      string
		postgres bool
	}{
		{"overlap", false}, {"orig", false}, {"retract", false}, {"held", false}, {"base", false}, {"counter", true},
	} {
		t.Run(k.bug, func(t *testing.T) {
			target, servers := "", 1
			if k.postgres {
				target, servers = postgres(t), 2
			} else {
				target = sqlite(t)
			}
			c := newCounty(t, target, servers, 4, 24)
			t.Setenv("FIELDSYNC_PLANT", k.bug)
			cfg := c.config(6)
			cfg.Events, cfg.Settle = 10, 2e9
			r, err := simtest.Run(t.Context(), cfg, io.Discard)
			if err != nil {
				t.Logf("the run broke off: %v", err)
				return
			}
			if r.OK {
				t.Errorf("the bug %s was not found", k.bug)
			}
			t.Logf("lost %d, doubled %d, wrong %d", r.Lost, r.Doubled, r.Wrong)
		})
	}
}

// TestNothingPlanted: without a bug the same runs are clean, in the build with the tag too.
func TestNothingPlanted(t *testing.T) {
	c := newCounty(t, sqlite(t), 1, 4, 24)
	cfg := c.config(6)
	cfg.Events = 10
	if r, err := simtest.Run(t.Context(), cfg, io.Discard); err != nil || !r.OK {
		t.Errorf("%v %+v", err, r)
	}
}
