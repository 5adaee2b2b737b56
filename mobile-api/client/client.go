package client

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/fieldsync/fieldsync/sync/changelog"
)

// Config is what a phone is made of. Server and Key are required.
type Config struct {
	Server    string            // base URL, without a path
	Key       *ecdsa.PrivateKey // on P-256; it stands for the device
	Store     Store             // nil: memory
	Transport http.RoundTripper // nil: http.DefaultTransport
	Now       func() time.Time  // the phone's clock, right or wrong; nil: time.Now
	NewID     func() string     // nil: NewID
	// Sleep waits for a Retry-After; nil: a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	Plain bool // send bodies as they are, without gzip

	Photos     PhotoStore    // nil: this phone takes none
	KeepStored time.Duration // how long an original stays after its receipt; 0: seven days, below 0: for ever
	// Quick is how long a request with units of a photo may take so that a larger one is tried; 0: 2 s.
	Quick time.Duration
	// Waiting is told why sending photos pauses, and for how long; nil: nobody is.
	Waiting func(reason string, d time.Duration)
}

// Client is one phone. Write, and everything that only looks, may be called while a Push or Pull
// runs; pushes and pulls wait for each other.
type Client struct {
	cfg  Config
	http http.Client

	net   sync.Mutex // held while talking to the server
	token string
	skew  time.Duration // server's clock − phone's, once the server has complained
	limit int           // lines in a batch, halved by 413

	mu      sync.Mutex // guards what follows
	note    Note
	epochs  []*epoch // oldest first, the last one is written to
	pending int64    // originals that the phone says it still owes, when it keeps none itself
	told    int64    // how many the server was told of last, below 0: nothing
	known   map[string]*KeptPhoto
	picture picture
	staged  *staged // pages of a pull that is not complete
	strange bool    // the server said that it does not know this device

	photoMu  sync.Mutex // one change of the store of photos at a time
	sending  sync.Mutex // held while photos are sent
	keyMu    sync.Mutex // guards keyAsked, and is held while the server's key is asked for
	keyAsked bool       // of this sending: it was
}

// Open makes a phone from what its store holds.
func Open(cfg Config) (*Client, error) {
	if cfg.Key == nil || cfg.Server == "" {
		return nil, errors.New("client: a phone needs a server and a key")
	}
	if cfg.Store == nil {
		cfg.Store = NewMemory()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.NewID == nil {
		cfg.NewID = NewID
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	if cfg.Quick == 0 {
		cfg.Quick = quick
	}
	saved, err := cfg.Store.Load()
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, note: saved.Note.clone(), limit: changelog.MaxLines, told: -1}
	c.http.Transport = cfg.Transport
	for i := range saved.Epochs {
		e := &epoch{Epoch: saved.Epochs[i]}
		e.acked = min(c.note.Acked[e.ID], e.next())
		c.epochs = append(c.epochs, e)
	}
	return c, c.openPhotos()
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Identity returns who the phone is, zero before it is enrolled.
func (c *Client) Identity() Identity {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.note.Identity
}

// PhotosPending sets how many originals the phone still owes, if it keeps none itself; the next push tells the server.
func (c *Client) PhotosPending(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending = n
}

// Sync pushes and then pulls.
func (c *Client) Sync(ctx context.Context) (*Pushed, error) {
	p, err := c.Push(ctx)
	if err != nil {
		return p, err
	}
	return p, c.Pull(ctx)
}

// current returns the epoch that is written to, nil before enrolment.
func (c *Client) current() *epoch {
	if len(c.epochs) == 0 {
		return nil
	}
	return c.epochs[len(c.epochs)-1]
}

// keep notes the acknowledgements and the server's epoch.
func (c *Client) keep() error {
	if c.note.Acked == nil {
		c.note.Acked = map[string]int64{}
	}
	for _, e := range c.epochs {
		c.note.Acked[e.ID] = max(e.acked, 0)
	}
	return c.cfg.Store.Note(c.note)
}
