package link

import (
	"context"
	"sync"
	"time"
)

// bucket lets so many bytes a second through, in the order in which they ask. A link that was idle is no faster afterwards,
// but for what makes up for late timers.
type bucket struct {
	rate int // bytes a second; 0: no limit

	mu   sync.Mutex
	free time.Time // when the link has carried all that it took
}

// slack is how late a timer may be without costing rate.
const slack = 20 * time.Millisecond

func newBucket(rate int) *bucket { return &bucket{rate: rate} }

// take waits until n bytes have gone, and reports false when ctx ended first.
func (b *bucket) take(ctx context.Context, n int) bool {
	if b.rate <= 0 {
		return ctx.Err() == nil
	}
	b.mu.Lock()
	if since := time.Now().Add(-slack); b.free.Before(since) {
		b.free = since
	}
	b.free = b.free.Add(time.Duration(n) * time.Second / time.Duration(b.rate))
	due := b.free
	b.mu.Unlock()
	return wait(ctx, time.Until(due))
}
