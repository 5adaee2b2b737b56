package media

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/fieldsync/fieldsync/models"
)

// Config is what a service is made of.
type Config struct {
	Blobs  Blobs // originals, renditions, quarantine
	Spool  Blobs // units that wait; shared by all servers of an installation
	Ledger Ledger
	Limits Limits
	Scan   func(ctx context.Context, r io.Reader) (reason string, err error) // of the whole original; nil: none
	Log    *slog.Logger
	Now    func() time.Time
}

// Limits bound what is taken. Zero values mean the defaults.
type Limits struct {
	PhotoBytes int64 // of one photo, 64 MiB
	VideoBytes int64 // of one video, 1 GiB
	PhotoQuota int64 // of all photos of one device, 16 GiB
	VideoQuota int64 // of all its videos, 16 GiB
	Pixels     int64 // of one photo, 64 million
}

// State is how far one photo has come, as a phone is told.
type State struct {
	ID      string            `json:"id"`
	State   models.PhotoState `json:"state"`
	Missing [][2]int64        `json:"missing,omitempty"` // partial: ranges of units that are not here, first and last
	Reason  string            `json:"reason,omitempty"`  // refused: why, a stable word
	Preview bool              `json:"preview,omitempty"` // a preview is here
	Receipt *Receipt          `json:"receipt,omitempty"` // stored
}
