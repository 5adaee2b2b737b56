package stats

import (
	"maps"
	"slices"

	"github.com/fieldsync/fieldsync/models"
)

// knownCodes are the values that version 1 of the phone offers for the five fields that hold a
// code. A campaign may add values as data (a template's extra_codes); an event may carry any
// value, and one that no row takes is listed, never lost.
var knownCodes = map[string][]string{
	"kind": {"visit", "consultation", "briefing", "open_day", "meeting", "destruction", "inspection",
		"media", "duty", "other"},
	"venue": {"enterprise", "community", "village", "township", "scenic", "school", "market", "mall",
		"supermarket", "square", "street", "office", "industry", "online", "other"},
	"channel":      {"tv", "radio", "press", "web", "own_media", "outdoor"},
	"form":         {"programme", "column", "article", "film", "psa", "post", "warning", "case", "leaflet"},
	"meeting_type": {"forum", "briefing", "exchange", "training", "other"},
}

// keyFields are the fields a distinct row may be counted by.
var keyFields = []string{"kind", "venue", "channel", "form", "meeting_type", "outlet", "programme", "content"}

// flagFields are the flags a condition may name.
var flagFields = []string{"large", "repeat"}

// Codes returns the values known for one of the code fields kind, venue, channel, form and
// meeting_type, in the order in which a phone offers them; nil for any other field. The caller
// owns the slice.
func Codes(field string) []string { return slices.Clone(knownCodes[field]) }

// countFields are the typed counts a field row may sum; minutes have a rule of their own, which
// leaves repeats out.
func countFields() []string {
	all := slices.Sorted(maps.Keys(models.TypedCounts))
	return slices.DeleteFunc(all, func(f string) bool { return f == "minutes" })
}
