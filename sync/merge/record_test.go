package merge_test

import (
	"slices"
	"testing"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// A restored server never gives a version out twice, and a version never falls.
func TestNextVersion(t *testing.T) {
	for _, c := range []struct{ version, restore, want int64 }{
		{0, 0, 1}, {7, 0, 8}, {7, 1, 1<<32 + 1}, {1<<32 + 9, 1, 1<<32 + 10}, {1<<32 + 9, 3, 3<<32 + 1}, {3<<32 + 1, 0, 3<<32 + 2},
	} {
		r := &merge.Record{Version: c.version}
		if got := r.NextVersion(c.restore); got != c.want {
			t.Errorf("after %d on restore %d: %d, want %d", c.version, c.restore, got, c.want)
		}
	}
}

func TestReviewStates(t *testing.T) {
	r := &merge.Record{Kind: models.EventKind, Version: 1}
	steps := []struct {
		name string
		do   func()
		want models.ReviewState
	}{
		{"new", func() {}, models.ReviewReceived},
		{"a phone's change", r.Touched, models.ReviewReceived},
		{"returned", func() { r.Decide(models.ReviewReturned, "why", "o", 1, r.NextVersion(0)) }, models.ReviewReturned},
		{"a comment", func() { r.Comment("hm", "o", 2, r.NextVersion(0)) }, models.ReviewReturned},
		{"a phone's change", r.Touched, models.ReviewEdited},
		{"issues", func() { r.Decide(models.ReviewIssues, "why", "o", 3, r.NextVersion(0)) }, models.ReviewIssues},
		{"a phone's change", r.Touched, models.ReviewEdited},
		{"accepted", func() { r.Decide(models.ReviewAccepted, "", "o", 4, r.NextVersion(0)) }, models.ReviewAccepted},
		{"a released change", r.Touched, models.ReviewAccepted},
		{"reopened", func() { r.Decide(models.ReviewEdited, "", "o", 5, r.NextVersion(0)) }, models.ReviewEdited},
	}
	for _, s := range steps {
		if s.do(); r.State() != s.want {
			t.Fatalf("after %s: %s, want %s", s.name, r.State(), s.want)
		}
	}
	if r.Version != 6 || r.Accepted() || len(r.Review.Comments) != 1 {
		t.Errorf("version %d, accepted %t, comments %d", r.Version, r.Accepted(), len(r.Review.Comments))
	}
}

// Trace ends where a hostile phone makes its logs follow one another in a ring.
func TestTraceOfARing(t *testing.T) {
	l := merge.Trace(1, map[int64]merge.Parent{1: {Log: 2, Seq: 5}, 2: {Log: 3, Seq: 6}, 3: {Log: 2, Seq: 1}}, nil)
	if len(l.Cuts) != 2 || l.Cuts[2] != 5 || l.Cuts[3] != 6 {
		t.Errorf("cuts %v", l.Cuts)
	}
	if l = merge.Trace(1, map[int64]merge.Parent{1: {Log: 2, Seq: 5}, 2: {Log: 1, Seq: 5}}, nil); len(l.Cuts) != 1 {
		t.Errorf("cuts %v", l.Cuts)
	}
}

// Values in different bytes that are one text are no conflict; kinds that differ always are.
func TestEqualAfterNFC(t *testing.T) {
	null := changelog.Value{Kind: changelog.Null}
	for _, c := range []struct {
		a, b changelog.Value
		want bool
	}{
		{txt("\u00e9"), txt("e\u0301"), true}, {txt("a"), txt("A"), false}, {txt(""), null, false},
		{num(0), null, false}, {num(1), num(1), true}, {num(1), txt("1"), false}, {yes(true), yes(false), false},
		{null, null, true}, {txt("a"), txt("a "), false},
		{changelog.Value{Kind: changelog.Other, Raw: []byte("1.0")}, changelog.Value{Kind: changelog.Other, Raw: []byte("1.00")}, false},
	} {
		if got := merge.Equal(&c.a, &c.b); got != c.want || merge.Equal(&c.b, &c.a) != c.want {
			t.Errorf("%s and %s: equal %t, want %t", shown(&c.a), shown(&c.b), got, c.want)
		}
	}
}

// A line that deletes and edits in one is no conflict with itself, in either order of its fields.
func TestOneLineDeletesAndEdits(t *testing.T) {
	fields := []changelog.Field{{Name: "deleted", Value: yes(true)}, {Name: "title", Value: txt("x")}}
	for range 2 {
		r := &merge.Record{Kind: models.EventKind}
		r.Put(&merge.Write{Log: 1, Origin: changelog.Hash{1}, Lineage: &merge.Lineage{Log: 1}}, fields, 1)
		if got := r.Conflicts(); len(got) > 0 || !r.Deleted() {
			t.Errorf("conflicts %q, deleted %t", got, r.Deleted())
		}
		slices.Reverse(fields)
	}
}

// Where to look for the entries behind a number: each log with the range of its lines.
func TestSources(t *testing.T) {
	r := &merge.Record{Kind: models.EventKind}
	for _, at := range [][2]int64{{2, 5}, {1, 9}, {2, 3}, {2, 8}} {
		r.Add(&merge.Write{Log: at[0], Seq: at[1], Officer: "o", Device: "d"}, "complaints", 1)
	}
	want := []merge.Source{{Log: 1, Officer: "o", Device: "d", First: 9, Last: 9, N: 1}, {Log: 2, Officer: "o", Device: "d", First: 3, Last: 8, N: 3}}
	if !slices.Equal(r.Sources, want) {
		t.Errorf("%+v", r.Sources)
	}
}

// What is shown of single values: cleared, of another kind, absent.
func TestValuesShown(t *testing.T) {
	r := full(models.EventKind)
	if r.Value("place") != nil || r.Value("absent") != nil || r.Text("absent") != "" || r.Text("leaders") != "" {
		t.Error("a field that is cleared or absent has a value")
	}
	if n, ok := r.Int("leaders"); !ok || n != -1<<53 {
		t.Errorf("leaders %d %t", n, ok)
	}
	if n, ok := r.Int("title"); ok || n != 0 {
		t.Error("a text is no number")
	}
	if got := r.Conflicts(); !slices.Equal(got, []string{"deleted", "title"}) {
		t.Errorf("conflicts %q", got)
	}
}
