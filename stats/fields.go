package stats

import (
	"maps"
	"slices"

	"github.com/fieldsync/fieldsync/models"
)

// Fields returns the names of the event's or sheet's fields on which the row's figure for a unit
// rests, in order: what was typed, and what decided that the row takes it.
func (r *Row) Fields(unit string) []string {
	var out []string
	switch r.Rule.Kind {
	case FieldRule:
		out = append(out, r.Rule.Field)
	case StaffRule:
		out = append(out, models.StaffPrefix+unit)
	case DistinctRule:
		out = append(out, r.Rule.Fields...)
	case MinutesRule:
		out = append(out, "minutes", "repeat")
	case TextRule:
		out = append(out, r.Code)
	}
	for _, c := range []Condition{r.Rule.Where, r.Rule.Except} {
		out = append(out, slices.Sorted(maps.Keys(c.Codes))...)
		out = append(out, slices.Sorted(maps.Keys(c.Flags))...)
	}
	out = append(out, "started_at")
	slices.Sort(out)
	return slices.Compact(out)
}
