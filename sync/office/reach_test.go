package office_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/office"
)

// What one may do is found out in a time that grows with the units, however deep they stand.
func TestReachOfADeepTree(t *testing.T) {
	const n = 20_000
	units := make([]models.Unit, n)
	for i := range units {
		units[i] = models.Unit{ID: fmt.Sprint("u", i)}
		if i > 0 {
			units[i].Parent = units[i-1].ID
		}
	}
	begin := time.Now()
	r := office.NewReach(models.Officer{}, []models.Assignment{{Unit: "u10", Role: models.RoleReader}, {Campaign: "c", Unit: "u5", Role: models.RoleReader}}, units)
	if got := len(r.Units(office.Look, "", "")); got != n-10 {
		t.Error(got)
	}
	if got := len(r.Units(office.Look, "c", "u7")); got != n-7 {
		t.Error(got)
	}
	for at, want := range map[string]bool{"u0": true, "u7": true, fmt.Sprint("u", n-1): true, "none": false} {
		if got := r.Sees(&models.Campaign{ID: "c", Unit: at}); got != want {
			t.Error(at, got)
		}
	}
	if r.May(office.Look, "", "u9") || !r.May(office.Look, "c", "u9") || r.May(office.Review, "c", "u9") || r.MayInTree(office.Look, "u9") {
		t.Error("something is not as the roles say")
	}
	if d := time.Since(begin); d > 5*time.Second {
		t.Errorf("it took %v", d)
	}
}

// Units that stand below one another in a circle, which no decision makes, are no trap.
func TestReachOfACircle(t *testing.T) {
	units := []models.Unit{{ID: "a", Parent: "b"}, {ID: "b", Parent: "a"}}
	r := office.NewReach(models.Officer{}, []models.Assignment{{Unit: "a", Role: models.RoleReader}}, units)
	if !r.May(office.Look, "", "b") || len(r.Units(office.Look, "", "a")) != 2 {
		t.Error("the circle is not seen whole")
	}
}
