package models

// LineStatus says what became of a line of a change log.
type LineStatus int8

// A line has exactly one status at any time. Applied, Rejected and Duplicate are final, Held is
// not: the line waits for its cause to go away or for the office.
const (
	Applied LineStatus = iota
	Held
	Rejected
	Duplicate
)

// String returns the wire word.
func (s LineStatus) String() string {
	switch s {
	case Applied:
		return "applied"
	case Held:
		return "held"
	case Rejected:
		return "rejected"
	case Duplicate:
		return "duplicate"
	}
	return "unknown"
}

// Cause is why a line is held or was rejected: the code of its verdict.
type Cause string

// Causes of rejection: for ever.
const (
	BadLine  Cause = "bad_line"  // not a JSON object this protocol can read
	BadField Cause = "bad_field" // a field of version 1 with a wrong type or number
	SetOnce  Cause = "set_once"  // a second value for a field that is set once
	ByOffice Cause = "by_office" // the office rejected a held line, with a reason
)

// Causes of holding: the line is tried again when its cause goes away.
const (
	UnknownEvent     Cause = "unknown_event"
	UnknownLot       Cause = "unknown_lot"
	UnknownOp        Cause = "unknown_op"
	UnknownIndicator Cause = "unknown_indicator"
	NoRight          Cause = "no_right"
	Revoked          Cause = "revoked"
	CampaignDraft    Cause = "campaign_draft"
	CampaignClosed   Cause = "campaign_closed"
	EventAccepted    Cause = "event_accepted"
	BadBase          Cause = "bad_base"
	Behind           Cause = "behind"
)
