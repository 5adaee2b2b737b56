package merge

import (
	"github.com/fieldsync/fieldsync/models"
)

// MaxMoves bounds the movements of one lot: a lot is one seizure, not a warehouse.
const MaxMoves = 2000

// Movement is one movement of a lot. Quantity is thousandths of the lot's unit; a negative one
// corrects an earlier one. Set holds the fields of the movement as the line wrote them.
type Movement struct {
	ID          string
	Move        string
	Quantity    int64
	Event       string
	Note        string
	Set         []byte
	EffectiveMS int64
	Log, Seq    int64
	Supervisors int // how many names stand in set.supervisors
}

// Move merges one movement and reports whether it is new: an id that is known within the lot is
// a repeat.
func (r *Record) Move(w *Write, m Movement) bool {
	at := len(r.Moves)
	for i := range r.Moves {
		if r.Moves[i].ID == m.ID {
			return false
		}
		if at == len(r.Moves) && r.Moves[i].ID > m.ID {
			at = i
		}
	}
	m.EffectiveMS, m.Log, m.Seq = w.EffectiveMS, w.Log, w.Seq
	r.Moves = append(r.Moves, Movement{})
	copy(r.Moves[at+1:], r.Moves[at:])
	r.Moves[at] = m // ordered by id, so that the order of arrival leaves no trace
	r.source(w)
	return true
}

// Balance is the account of a lot in thousandths of its unit. Counting and handing over change
// custody and knowledge, not the balance.
type Balance struct {
	Received, Counted, HandedOver, Returned, Destroyed int64
	CountedN                                           int
}

// Remaining returns what should still be there: received − destroyed − returned.
func (b Balance) Remaining() int64 { return b.Received - b.Destroyed - b.Returned }

// Balance adds up the movements.
func (r *Record) Balance() Balance {
	var b Balance
	for i := range r.Moves {
		q := r.Moves[i].Quantity
		switch r.Moves[i].Move {
		case models.MoveReceived:
			b.Received += q
		case models.MoveCounted:
			b.Counted += q
			b.CountedN++
		case models.MoveHandedOver:
			b.HandedOver += q
		case models.MoveReturned:
			b.Returned += q
		case models.MoveDestroyed:
			b.Destroyed += q
		}
	}
	return b
}

// Findings returns what is wrong with a lot, by code. Nothing is refused for it: the goods are
// gone, so what happened is recorded and shown.
func (r *Record) Findings() []string {
	var out []string
	b := r.Balance()
	if b.Remaining() < 0 {
		out = append(out, models.FindingNegative)
	}
	if b.CountedN > 0 && b.Counted != b.Received {
		out = append(out, models.FindingCountDiffers)
	}
	destroyed, watched := false, true
	for i := range r.Moves {
		if m := &r.Moves[i]; m.Move == models.MoveDestroyed && m.Quantity > 0 {
			destroyed = true
			watched = watched && m.Supervisors >= 2
		}
	}
	if !destroyed {
		return out
	}
	if r.Text("approval_no") == "" {
		out = append(out, models.FindingNoApproval)
	}
	if v := r.Value("appeal_over"); v != nil && !v.Flag {
		out = append(out, models.FindingAppealOpen)
	}
	if !watched {
		out = append(out, models.FindingSupervisors)
	}
	return out
}
