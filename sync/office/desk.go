package office

import (
	"context"
	"time"

	"github.com/fieldsync/fieldsync/sync/gateway"
)

// Store gives one snapshot to read from; nothing can be written through it.
type Store interface {
	Read(ctx context.Context, fn func(Tx) error) error
}

// Desk answers what the office asks. It is safe for concurrent use.
type Desk struct {
	store Store
	now   func() time.Time
	rules gateway.RuleCache
}

// New returns a desk over a store.
func New(store Store, now func() time.Time) *Desk { return &Desk{store: store, now: now} }

func (d *Desk) nowMS() int64 { return d.now().UnixMilli() }
