package merge_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

type mv struct {
	move        string
	quantity    int64
	supervisors int
}

// lot returns a lot with an approval, no open appeal and these movements.
func lot(moves ...mv) *merge.Record {
	r := &merge.Record{Kind: models.LotKind, ID: "lot"}
	w := &merge.Write{Log: 1, Origin: changelog.Hash{1}, Lineage: &merge.Lineage{Log: 1}}
	r.Put(w, []changelog.Field{{Name: "approval_no", Value: txt("盐池市监销〔2022〕1号")}, {Name: "appeal_over", Value: yes(true)}}, 1)
	for i, m := range moves {
		x := *w
		x.Seq = int64(i + 1)
		r.Move(&x, merge.Movement{ID: fmt.Sprint(i), Move: m.move, Quantity: m.quantity, Supervisors: m.supervisors})
	}
	return r
}

func TestBalanceAndFindings(t *testing.T) {
	const received, counted, handed, returned, destroyed = models.MoveReceived, models.MoveCounted,
		models.MoveHandedOver, models.MoveReturned, models.MoveDestroyed
	cases := []struct {
		name      string
		moves     []mv
		remaining int64
		findings  []string
	}{
		{"nothing", nil, 0, nil},
		{"received", []mv{{received, 12_500, 0}}, 12_500, nil},
		{"all destroyed", []mv{{received, 12_500, 0}, {destroyed, 12_500, 2}}, 0, nil},
		{"some returned", []mv{{received, 120_000, 0}, {returned, 20_000, 0}, {destroyed, 50_000, 3}}, 50_000, nil},
		{"handing over changes custody", []mv{{received, 5000, 0}, {handed, 5000, 0}}, 5000, nil},
		{"counted as received", []mv{{received, 5000, 0}, {counted, 5000, 0}}, 5000, nil},
		{"counted in two parts", []mv{{received, 5000, 0}, {counted, 2000, 0}, {counted, 3000, 0}}, 5000, nil},
		{"counted otherwise", []mv{{received, 5000, 0}, {counted, 4000, 0}}, 5000, []string{models.FindingCountDiffers}},
		{"too much destroyed", []mv{{received, 5000, 0}, {destroyed, 6000, 2}}, -1000, []string{models.FindingNegative}},
		{"corrected", []mv{{received, 5000, 0}, {destroyed, 6000, 2}, {destroyed, -1000, 0}}, 0, nil},
		{"a taker's lot is another lot", []mv{{handed, 5000, 0}}, 0, nil},
		{"one supervisor", []mv{{received, 5000, 0}, {destroyed, 5000, 1}}, 0, []string{models.FindingSupervisors}},
		{"one of two times without", []mv{{received, 5000, 0}, {destroyed, 2000, 2}, {destroyed, 3000, 0}}, 0, []string{models.FindingSupervisors}},
		{"an unknown movement", []mv{{received, 5000, 0}, {"lent", 9000, 0}}, 5000, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := lot(c.moves...)
			if got := r.Balance().Remaining(); got != c.remaining {
				t.Errorf("remaining %d, want %d", got, c.remaining)
			}
			if got := r.Findings(); !slices.Equal(got, c.findings) {
				t.Errorf("findings %q, want %q", got, c.findings)
			}
		})
	}
}

func TestFindingsOnPapers(t *testing.T) {
	set := func(r *merge.Record, name string, v changelog.Value) *merge.Record {
		r.Put(&merge.Write{Log: 1, Seq: 99, Origin: changelog.Hash{9}, Lineage: &merge.Lineage{Log: 1}},
			[]changelog.Field{{Name: name, Value: v}}, r.NextVersion(0))
		return r
	}
	none := changelog.Value{Kind: changelog.Null}
	gone := []mv{{models.MoveReceived, 5, 0}, {models.MoveDestroyed, 5, 2}}
	for name, c := range map[string]struct {
		r    *merge.Record
		want []string
	}{
		"approval cleared":          {set(lot(gone...), "approval_no", none), []string{models.FindingNoApproval}},
		"appeal open":               {set(lot(gone...), "appeal_over", yes(false)), []string{models.FindingAppealOpen}},
		"appeal not said":           {set(lot(gone...), "appeal_over", none), nil},
		"no approval, not yet gone": {set(lot(gone[0]), "approval_no", none), nil},
	} {
		if got := c.r.Findings(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestMovementIDsAreOnce(t *testing.T) {
	r := lot()
	w := &merge.Write{Log: 2, Lineage: &merge.Lineage{Log: 2}}
	for _, id := range []string{"m", "z", "a"} {
		if !r.Move(w, merge.Movement{ID: id, Move: models.MoveReceived, Quantity: 10}) {
			t.Errorf("the movement %s is new", id)
		}
	}
	for _, id := range []string{"a", "m", "z"} {
		if r.Move(w, merge.Movement{ID: id, Move: models.MoveReceived, Quantity: 10}) {
			t.Errorf("the movement %s is a repeat", id)
		}
	}
	if got := r.Balance().Received; got != 30 {
		t.Errorf("received %d, want 30", got)
	}
	if !slices.IsSortedFunc(r.Moves, func(a, b merge.Movement) int { return int(a.ID[0]) - int(b.ID[0]) }) {
		t.Error("movements stand in the order of arrival")
	}
}
