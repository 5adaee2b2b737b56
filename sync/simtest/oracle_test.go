package simtest

import (
	"testing"
	"time"
)

// day is noon of a day in March 2022, in ms.
func noon(day int) int64 {
	return time.Date(2022, 3, day, 12, 0, 0, 0, time.FixedZone("", 8*3600)).UnixMilli()
}

func TestOracleAdds(t *testing.T) {
	o := newOracle(time.FixedZone("", 8*3600), "2022-03-07", "2022-03-17")
	want := func(what, row string, value, n int64) {
		t.Helper()
		if got := o.cells[cell{"u", row}]; got != (amount{value, n}) {
			t.Errorf("%s: %s is %+v, must be {%d %d}", what, row, got, value, n)
		}
	}
	visit := o.create("c:u", "u", "1", fields{"kind": "visit", "venue": "village", "started_at": noon(15), "leaders": int64(2), "staff.v": int64(3)})
	want("a visit", "visits_village", 1, 1)
	want("a visit", "leaders_attending", 2, 1)
	if got := o.cells[cell{"v", "staff_dispatched"}]; got != (amount{3, 1}) {
		t.Errorf("the staff of another unit is %+v", got)
	}
	o.put(visit, fields{"leaders": int64(5), "venue": "community"})
	want("corrected", "leaders_attending", 5, 1)
	want("corrected", "visits_village", 0, 0)
	want("corrected", "visits_community", 1, 1)
	o.put(visit, fields{"leaders": nil})
	want("cleared", "leaders_attending", 0, 0)
	o.tally(visit, "complaints", 0)
	want("counted: none", "complaints", 0, 1)
	o.tally(visit, "drones_seen", 4)
	o.put(visit, fields{"deleted": true})
	want("deleted", "complaints", 0, 0)
	o.tally(visit, "complaints", 3)
	want("tallied after deletion", "complaints", 0, 0)
	o.put(visit, fields{"deleted": false})
	want("brought back", "complaints", 3, 2)
	o.put(visit, fields{"started_at": noon(18)})
	want("outside", "complaints", 0, 0)
	want("outside", "visits_community", 0, 0)

	film := fields{"kind": "media", "form": "film", "channel": "tv", "outlet": "台", "programme": "节目", "content": "甲", "minutes": int64(30), "started_at": noon(8)}
	a := o.create("c:u", "u", "2", film)
	o.create("c:u", "u", "3", film)
	want("one film twice", "films", 1, 1)
	want("its minutes add up", "tv_hours", 60, 2)
	o.put(a, fields{"deleted": true})
	want("one of them deleted", "films", 1, 1)
	post := o.create("c:u", "u", "4", fields{"kind": "media", "form": "post", "started_at": noon(8), "first_aired_at": noon(9)})
	want("a post", "social_posts", 1, 1)
	o.put(post, fields{"pieces": int64(12)})
	want("a post of twelve pieces", "social_posts", 12, 1)
	o.create("c:u", "u", "5", fields{"kind": "media", "form": "programme", "channel": "tv", "repeat": true, "minutes": int64(9), "started_at": noon(8)})
	want("a repeat", "tv_programmes", 0, 0)
	want("a repeat", "tv_hours", 30, 1)
}

func TestOracleConflicts(t *testing.T) {
	o := newOracle(time.UTC, "2022-03-07", "2022-03-17")
	e := o.create("c:u", "u", "1", fields{"kind": "consultation", "started_at": noon(15)})
	o.clash(e, "operators", int64(9), int64(4))
	if o.conflicts != 1 || o.cells[cell{"u", "operators_consulting"}] != (amount{9, 1}) {
		t.Errorf("%d conflicts, %+v", o.conflicts, o.cells)
	}
	o.put(e, fields{"operators": int64(4)})
	if o.conflicts != 0 || o.cells[cell{"u", "operators_consulting"}] != (amount{4, 1}) {
		t.Errorf("settled: %d conflicts, %+v", o.conflicts, o.cells)
	}
}

func TestOracleMovements(t *testing.T) {
	o := newOracle(time.UTC, "2022-03-07", "2022-03-17")
	l := o.createLot(ref{"c:u", "lot", "1"}, fields{"name": "酒"})
	o.move(l, "a", movement{"received", 100})
	o.move(l, "b", movement{"destroyed", 30})
	o.move(l, "b", movement{"destroyed", 30})
	o.move(l, "c", movement{"handed_over", 20})
	if b := l.balance(); b["remaining"] != 70 || b["destroyed"] != 30 {
		t.Errorf("balance %v", b)
	}
}
