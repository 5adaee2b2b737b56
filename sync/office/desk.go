package office

import (
	"context"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
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
	deep  chan struct{} // turns of readings that go through a record's lines
}

// Readings that go through all lines of a record take long and hold much: some at a time, and whoever
// comes beyond that waits for a moment, or comes again.
const (
	deepReadings = 2
	deepWait     = 2 * time.Second
)

// deepTurn waits for one's turn at such a reading; done ends it.
func (d *Desk) deepTurn(ctx context.Context) (done func(), err error) {
	wait := time.NewTimer(deepWait)
	defer wait.Stop()
	select {
	case d.deep <- struct{}{}:
		return func() { <-d.deep }, nil
	case <-wait.C:
	case <-ctx.Done():
	}
	return nil, problem.New(problem.Overloaded, "too many histories are being read at once").ZH("同时查看修改记录的人太多，请稍后再试。").RetryAfter(2)
}

// New returns a desk over a store.
func New(store Store, now func() time.Time) *Desk {
	return &Desk{store: store, now: now, deep: make(chan struct{}, deepReadings)}
}

func (d *Desk) nowMS() int64 { return d.now().UnixMilli() }
