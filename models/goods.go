package models

// The movements of goods. Others are kept and listed, without an effect on the balance.
const (
	MoveReceived   = "received"
	MoveCounted    = "counted"
	MoveHandedOver = "handed_over"
	MoveReturned   = "returned"
	MoveDestroyed  = "destroyed"
)

// The findings on a lot of goods: recorded, shown, never a reason to refuse.
const (
	FindingNegative     = "negative_remaining"  // more destroyed and returned than received
	FindingCountDiffers = "count_differs"       // 清点核对 gave another quantity than was received
	FindingNoApproval   = "no_approval"         // destroyed without 销毁审批
	FindingAppealOpen   = "appeal_open"         // destroyed while the appeal period ran
	FindingSupervisors  = "too_few_supervisors" // destroyed before fewer than two supervisors
)
