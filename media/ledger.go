package media

import (
	"context"

	"github.com/fieldsync/fieldsync/models"
)

// Ledger is what the server knows of photos: who announced which, who may deliver or see them, and what has come.
// Package gateway implements it. Every change is durable when its method returns.
type Ledger interface {
	// Deliveries returns what a device may deliver or ask for, by photo id; ids that nobody announced to it are left
	// out. A device may always deliver what it announced itself; else its officer must have been assigned to the scope
	// at some time, and the device must not be revoked. Its own announcement goes before others of the same id.
	Deliveries(ctx context.Context, device string, ids []string) (map[string]*Delivery, error)
	// Begin notes that the first unit of an original has come, in state partial. Bytes that would go beyond the quota
	// of the device are a problem with code quota; an original that is there already is left as it is.
	Begin(ctx context.Context, device string, a *models.Announcement, quota int64) error
	// Finish notes an original as stored or refused (o.State) and writes the receipts or the refusal as lines, for every
	// photo that announced it. It is idempotent: what is stored stays stored.
	Finish(ctx context.Context, o *models.Original) error
	// Drop notes that an original has come to nothing: its units were not what was announced, or too old. Phones see it
	// as announced again. One that is stored is left alone.
	Drop(ctx context.Context, scope, sha256 string) error
	// Touch notes that a unit came, and the phone's preview when it did.
	Touch(ctx context.Context, scope, sha256 string, preview bool) error
	// Restored reports whether the installation was restored from a backup, so that the store may hold originals whose
	// rows are lost.
	Restored() bool
}

// Delivery is one photo as a device may deliver it.
type Delivery struct {
	Announcement models.Announcement
	Original     *models.Original // nil: nothing has come
	Receipt      *Receipt         // of this photo, nil while there is none
	lost         bool             // it was stored, and a restored store has not got it
}

// Receipt is the signed line that says that an original is stored. sha256(prev ‖ line) is the header's tail, and the
// header is signed with the server's key.
type Receipt struct {
	Header string `json:"header"` // of the batch of one line in the server's log, as it was signed
	Line   string `json:"line"`   // photo.stored
}
