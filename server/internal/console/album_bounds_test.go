package console

import (
	"errors"
	"io"
	"testing"
	"time"
)

// endless is an album without an end, each piece of which takes the server an hour.
type endless struct{ clock *time.Time }

func (e endless) Read(b []byte) (int, error) {
	*e.clock = e.clock.Add(time.Hour)
	return len(b), nil
}

func (endless) Close() error { return nil }

// Who takes less than 8 KiB a second in two minutes is cut off; how long the server took does not count.
func TestSlowAlbums(t *testing.T) {
	for _, c := range []struct {
		name  string
		piece int           // bytes
		each  time.Duration // that the reader takes for a piece
		ok    bool
	}{
		{"8 KiB a second", 4 << 10, 500 * time.Millisecond, true},
		{"a little less", 4 << 10, 501 * time.Millisecond, false},
		{"a byte now and then", 1, 50 * time.Second, false},
		{"fast", 64 << 10, time.Millisecond, true},
	} {
		clock := time.Unix(1_700_000_000, 0)
		f := &floor{ReadCloser: endless{&clock}, now: func() time.Time { return clock }}
		var err error
		took := time.Duration(0)
		for b := make([]byte, c.piece); err == nil && took < 5*rateTime; took += c.each {
			_, err = io.ReadFull(f, b)
			clock = clock.Add(c.each)
		}
		if c.ok != (err == nil) || err != nil && (!errors.Is(err, errSlow) || took > rateTime+2*c.each) {
			t.Errorf("%s: %v after %v", c.name, err, took)
		}
	}
}
