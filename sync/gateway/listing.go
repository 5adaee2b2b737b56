package gateway

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/merge"
	"golang.org/x/text/unicode/norm"
)

// list puts beside a changed record what lists shall know of it, nothing when they know it already.
// Nine changes of ten are taps: those leave fields and decisions alone, and what else a listing
// rests on is compared here, so that a tap costs lists nothing.
func (w *work) list(e *entry) (err error) {
	if e.scope == nil {
		return nil
	}
	if e.Key.Kind == models.EventKind && !e.wrote && e.Record.Late == e.late &&
		e.Record.State() == e.state && sameRows(e.before, e.after) {
		return nil
	}
	e.Listing, err = w.g.listing(w.tx, e.scope.Campaign, e.Key.Scope, e.Record, e.after)
	return err
}

// sameRows reports whether contributions are to the same rows for the same units, under the same
// rules: marks come from nothing else.
func sameRows(a, b []counted) bool {
	return slices.EqualFunc(a, b, func(x, y counted) bool {
		return x.rules == y.rules && slices.EqualFunc(x.list, y.list, func(p, q stats.Contribution) bool {
			return p.Template == q.Template && p.Row == q.Row && p.Unit == q.Unit
		})
	})
}

// listing derives what lists know of a record from it and from its contributions. While totals are
// built under new rules, what depends on rules is taken from those, so that it is right from the
// moment they are switched to.
func (g *Gateway) listing(tx Tx, campaign string, scope int64, r *merge.Record, list []counted) (*models.Listing, error) {
	l := &models.Listing{Scope: scope, Kind: r.Kind, ID: r.ID, Campaign: campaign, Unit: unitOf(r), SortMS: r.FirstMS,
		Flags: flagsOf(r), Parent: parentOf(r), Find: Findable(foundIn(r)...)}
	if r.Kind == models.EventKind || r.Kind == models.SheetKind {
		l.Review = r.State()
	}
	newest := int64(0)
	for i := range list {
		newest = max(newest, list[i].rules)
	}
	var err error
	if l.Marks, err = g.marks(tx, campaign, l.Unit, list); err != nil || r.Kind != models.EventKind {
		return l, err
	}
	ev := eventOf(r)
	l.SortMS = ev.StartMS
	l.Marks = withCodes(l.Marks, ev.Text["kind"], ev.Text["venue"])
	rules, err := g.rules.get(tx, campaign, newest)
	if err != nil || rules == nil {
		return l, err
	}
	if counting(r) {
		if !rules.InWindow(ev.StartMS) {
			l.Flags |= models.IsOutside
		}
		// One form asks for visits and another for meetings: only what stands in none of them is lost to
		// the office.
		if n := len(rules.Unplaced(ev)); n > 0 && n == len(rules.Templates()) {
			l.Flags |= models.IsUnplaced
		}
	}
	l.Likeness = likeness(rules, r, ev).hash()
	return l, nil
}

// unitOf returns the unit for which a record counts.
func unitOf(r *merge.Record) string {
	if r.Counts != "" {
		return r.Counts
	}
	_, unit, _ := strings.Cut(r.Scope, ":")
	return unit
}

// twin reports whether the record was judged to be one event, or the same facts, with another.
func twin(r *merge.Record) bool {
	return r.Judged.Verdict == models.OneEvent || r.Judged.Verdict == models.SameFacts
}

// counting reports whether an event is one of those that the campaign has.
func counting(r *merge.Record) bool { return r.Exists() && !r.Deleted() && !twin(r) }

// flagsOf returns the flags that need no rules.
func flagsOf(r *merge.Record) (f int64) {
	set := func(flag int64, on bool) {
		if on {
			f |= flag
		}
	}
	set(models.IsDeleted, r.Deleted())
	set(models.IsLate, r.Late)
	set(models.HasConflict, len(r.Conflicts()) > 0)
	switch r.Kind {
	case models.EventKind:
		set(models.IsUrgent, r.Flag("urgent"))
		set(models.IsLarge, r.Flag("large"))
		set(models.IsCompleted, r.Flag("completed"))
		set(models.IsTwin, twin(r))
		set(models.IsJudged, r.Judged.Verdict != "")
	case models.SheetKind:
		set(models.IsCompleted, r.Flag("completed"))
		set(models.IsApproved, r.Approved())
	case models.LotKind:
		set(models.HasFinding, len(r.Findings()) > 0)
	case models.PhotoKind:
		set(models.IsStored, r.Photo.Stored())
		set(models.IsRefused, r.Photo.State == models.PhotoRefused)
	}
	return f
}

// parentOf returns the event that a record hangs on: a photo's, or that of a lot's first movement, the
// destroying ones before the others. A movement without an event says nothing of it. A twin hangs on the
// event that stands for both, <unit>/<id>: that may be another unit's.
func parentOf(r *merge.Record) string {
	switch {
	case r.Kind == models.PhotoKind:
		return r.Text("event")
	case twin(r):
		_, unit, _ := strings.Cut(r.Judged.Scope, ":")
		return unit + "/" + r.Judged.ID
	}
	var first *merge.Movement
	for i := range r.Moves {
		m := &r.Moves[i]
		if m.Event == "" {
			continue
		}
		gone := m.Move == models.MoveDestroyed
		switch {
		case first == nil, gone && first.Move != models.MoveDestroyed:
			first = m
		case gone == (first.Move == models.MoveDestroyed) && m.EffectiveMS < first.EffectiveMS:
			first = m
		}
	}
	if first == nil {
		return ""
	}
	return first.Event
}

// findFields are the fields that are searched, whatever the kind of record.
var findFields = []string{"title", "place", "outlet", "programme", "content", "name", "caption"}

func foundIn(r *merge.Record) (out []string) {
	if r.Kind == models.SheetKind {
		return nil // a unit has one, and it is found by its unit
	}
	for _, name := range findFields {
		if s := r.Text(name); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Findable returns the form in which texts are searched and in which the searched word is to be given:
// NFKC, lower case, a line each, cut to what a listing keeps.
func Findable(texts ...string) string {
	s := strings.ToLower(norm.NFKC.String(strings.Join(texts, "\n")))
	if len(s) <= models.MaxFind {
		return s
	}
	cut := models.MaxFind
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}
