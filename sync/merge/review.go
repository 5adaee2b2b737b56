package merge

import "github.com/fieldsync/fieldsync/models"

// Review is what the office said of a record. The state "" reads as received.
type Review struct {
	State    models.ReviewState
	Reason   string
	ByMS     int64  // when the decision was taken, ms
	By       string // the officer who took it
	Comments []Comment
}

// Comment is a remark of the office on a record.
type Comment struct {
	AtMS int64
	By   string
	Text string
}

// Judged is the office's verdict on this event as the second of a suspected pair.
type Judged struct {
	Verdict string // "" while there is none
	Scope   string // the first event
	ID      string
	Reason  string
}

// Upload is what the server has of a photo's original.
type Upload struct {
	State  models.PhotoState // "" reads as announced
	Reason string            // refused: why
}

// Stored reports whether the original was verified and stored.
func (u Upload) Stored() bool { return u.State == models.PhotoStored }

// SetUpload notes how far the original has come. What is stored stays stored.
func (r *Record) SetUpload(u Upload) {
	if r.Photo.Stored() {
		return
	}
	if u.State == models.PhotoAnnounced {
		u = Upload{}
	}
	r.Photo = u
}

// State returns the review state.
func (r *Record) State() models.ReviewState {
	if r.Review.State == "" {
		return models.ReviewReceived
	}
	return r.Review.State
}

// Accepted reports whether the office accepted the record.
func (r *Record) Accepted() bool { return r.Review.State == models.ReviewAccepted }

// Approved reports whether the head of the sheet's unit approved what it says. An approval covers what
// it saw: it falls when a field is shown that was written after it. That the sheet is completed is no
// statement of its own, and may come after the head's signature, which was given offline.
func (r *Record) Approved() bool {
	return r.Flag("completed") && r.Flag("approved") && !r.ChangedSince()
}

// ChangedSince reports whether the sheet was approved and a field is shown that was written after that.
func (r *Record) ChangedSince() bool {
	if !r.Flag("approved") {
		return false
	}
	at := r.find("approved").Shown().Version
	for i := range r.Fields {
		if f := &r.Fields[i]; f.Name != "approved" && f.Name != "completed" && f.Shown().Version > at {
			return true
		}
	}
	return false
}

// Decide puts a decision on the record. A decision raises the version, so that phones whose
// forms were opened before it are seen to have been.
func (r *Record) Decide(state models.ReviewState, reason, by string, atMS, version int64) {
	r.Version = version
	r.Review.State, r.Review.Reason, r.Review.By, r.Review.ByMS = state, reason, by, atMS
}

// Comment adds a remark without changing the state.
func (r *Record) Comment(text, by string, atMS, version int64) {
	r.Version = version
	r.Review.Comments = append(r.Review.Comments, Comment{AtMS: atMS, By: by, Text: text})
}

// Touched notes that a phone changed the record: one that was sent back is edited now. The reason
// stays, so that the reviewer sees what was asked for.
func (r *Record) Touched() {
	if r.Review.State == models.ReviewReturned || r.Review.State == models.ReviewIssues {
		r.Review.State = models.ReviewEdited
	}
}

// Judge notes the office's verdict on this event as the second of a pair; an undone one is the
// zero Judged.
func (r *Record) Judge(j Judged, version int64) {
	r.Version = version
	r.Judged = j
}

// CountFor makes the record count for another unit; its scope stays.
func (r *Record) CountFor(unit string, version int64) {
	r.Version = version
	r.Counts = unit
}
