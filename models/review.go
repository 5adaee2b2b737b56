package models

// ReviewState is where an event or a sheet stands with the office.
type ReviewState string

// received → (edited) → issues / returned → accepted. A phone's change on a returned or
// has-issues event makes it edited.
const (
	ReviewReceived ReviewState = "received"
	ReviewEdited   ReviewState = "edited"
	ReviewIssues   ReviewState = "issues"
	ReviewReturned ReviewState = "returned"
	ReviewAccepted ReviewState = "accepted"
)

// The verdicts on a suspected duplicate. They are written on the second event only.
const (
	Different = "different"  // two events: both count
	OneEvent  = "one_event"  // one event recorded twice: tallies count, event and typed fields do not
	SameFacts = "same_facts" // the same facts twice: nothing of the second counts
)
