package gateway

import (
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
	"github.com/google/uuid"
)

// eventOf turns a merged event into what statistics look at.
func eventOf(r *merge.Record) *stats.Event {
	ev := &stats.Event{
		ID: r.ID, Unit: unitOf(r), StartMS: r.FirstMS, Deleted: r.Deleted(),
		Text: make(map[string]string, 8), Num: make(map[string]int64, 8),
	}
	if r.Judged.Verdict != models.Different {
		ev.Judged, ev.Of = r.Judged.Verdict, r.Judged.ID
	}
	for i := range r.Fields {
		name := r.Fields[i].Name
		v := &r.Fields[i].Shown().Value
		switch v.Kind {
		case changelog.Text:
			ev.Text[name] = v.Text
		case changelog.Int:
			if u, ok := strings.CutPrefix(name, models.StaffPrefix); ok {
				if !isUnit(u) {
					continue // a field of a later version: it names no unit that could count
				}
				if ev.Staff == nil {
					ev.Staff = map[string]int64{}
				}
				ev.Staff[u] = v.Int
				continue
			}
			ev.Num[name] = v.Int
		case changelog.Flag:
			if ev.Flag == nil {
				ev.Flag = map[string]bool{}
			}
			ev.Flag[name] = v.Flag
		}
	}
	if at, ok := ev.Num["started_at"]; ok {
		ev.StartMS = at
	}
	if at, ok := ev.Num["first_aired_at"]; ok && ev.Text["kind"] == "media" {
		ev.StartMS = at
	}
	if len(r.Tallies) > 0 {
		ev.Tallies = make(map[string]stats.Tally, len(r.Tallies))
		for i := range r.Tallies {
			t := &r.Tallies[i]
			ev.Tallies[t.Indicator] = stats.Tally{Sum: t.Sum, N: t.N}
		}
	}
	return ev
}

// isUnit reports whether s is a canonical id, which the staff fields of version 1 end with.
func isUnit(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.String() == s
}

// sheetOf turns a merged sheet into what statistics look at.
func sheetOf(r *merge.Record) *stats.Sheet {
	_, unit, _ := strings.Cut(r.Scope, ":")
	s := &stats.Sheet{Unit: unit, Deleted: r.Deleted(), Text: map[string]string{}}
	for i := range r.Fields {
		if v := &r.Fields[i].Shown().Value; v.Kind == changelog.Text {
			s.Text[r.Fields[i].Name] = v.Text
		}
	}
	return s
}
