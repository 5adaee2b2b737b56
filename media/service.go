package media

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fieldsync/fieldsync/models"
)

// Config is what a service is made of.
type Config struct {
	Blobs  Blobs // originals, renditions, quarantine
	Spool  Blobs // units that wait; shared by all servers of an installation
	Ledger Ledger
	Limits Limits
	// Scan looks at the whole of an original that is otherwise in order; a reason refuses it, an error tries it again later.
	Scan  func(ctx context.Context, r io.Reader) (reason string, err error) // nil: none
	Facts func(r io.ReadSeeker) (json string, err error)                    // what a picture says of itself; nil: nothing
	Log   *slog.Logger                                                      // nil: none
	Now   func() time.Time                                                  // nil: time.Now
}

// Limits bound what is taken. Zero values mean the defaults.
type Limits struct {
	PhotoBytes int64 // of one photo, 64 MiB
	VideoBytes int64 // of one video, 1 GiB
	PhotoQuota int64 // of all photos of one device, 16 GiB
	VideoQuota int64 // of all its videos, 16 GiB
	Pixels     int64 // of one photo, 250 million
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

// Reasons of a refusal. The words are part of the protocol.
const (
	ReasonWrongType     = "wrong_type"      // none of the kinds that are taken, or one in name only
	ReasonTruncated     = "truncated"       // it breaks off
	ReasonTrailingData  = "trailing_data"   // something else follows
	ReasonTooManyPixels = "too_many_pixels" // see Limits
	ReasonTooLarge      = "too_large"       // a photo that was announced as a video
	ReasonScanner       = "scanner"         // Config.Scan refused it
)

const (
	finishes   = 4                // at once, of one process
	finishTime = 15 * time.Minute // longest time of one, also after the phone hung up
	spoolDays  = 14               // that units wait after the last one of their original
)

// Service takes in photos. It may be used concurrently, and by several servers over the same stores and ledger.
type Service struct {
	Config
	locks   locks
	slots   chan struct{}
	mu      sync.Mutex
	flights map[string]*flight
	piles   map[string]*pile // of large originals, as they were a moment ago
	emptied uint64           // how often units may have been taken away
	kept    map[string]bool  // originals that a restored store was found to have
	paused  atomic.Bool
	wait    sync.WaitGroup
}

// New returns a service. Close ends it.
func New(c Config) *Service {
	limits := Limits{PhotoBytes: 64 << 20, VideoBytes: 1 << 30, PhotoQuota: 16 << 30, VideoQuota: 16 << 30, Pixels: 250_000_000}
	for _, l := range []struct{ set, of *int64 }{
		{&c.Limits.PhotoBytes, &limits.PhotoBytes}, {&c.Limits.VideoBytes, &limits.VideoBytes},
		{&c.Limits.PhotoQuota, &limits.PhotoQuota}, {&c.Limits.VideoQuota, &limits.VideoQuota}, {&c.Limits.Pixels, &limits.Pixels},
	} {
		if *l.set <= 0 {
			*l.set = *l.of
		}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{Config: c, slots: make(chan struct{}, finishes), flights: map[string]*flight{}, piles: map[string]*pile{},
		kept: map[string]bool{}}
}

// Pause has PutUnits answer unavailable until it is called with false: units would come where nobody looks for them.
func (s *Service) Pause(is bool) { s.paused.Store(is) }

// Close waits for the finishes that are on their way. No method may be called after it.
func (s *Service) Close() { s.wait.Wait() }
