package console

import (
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// albums bounds how many albums a server sends at once, so that nobody takes all places.
type albums struct {
	mu sync.Mutex
	of map[string]bool // the officers to whom one is being sent
}

// begin takes a place, which end gives back.
func (a *albums) begin(officer string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of[officer] {
		return problem.New(problem.Overloaded, "An album is being sent to you. Come back when it has ended.").
			ZH("您有一个相册正在下载，请等它结束后再试。").RetryAfter(60)
	}
	if len(a.of) == mostAlbums {
		return problem.New(problem.Overloaded, "Several albums are being sent. Come back when one has ended.").
			ZH("正在下载的相册太多，请等其中一个结束后再试。").RetryAfter(60)
	}
	a.of[officer] = true
	return nil
}

func (a *albums) end(officer string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.of, officer)
}

// The least that who fetches an album has to take.
const (
	leastRate = 8 << 10 // bytes per second, on an average of
	rateTime  = 2 * time.Minute
)

// errSlow ends an album that is fetched too slowly.
var errSlow = problem.New(problem.Overloaded, "the album is fetched at less than %d bytes per second", leastRate).
	ZH("相册下载速度低于每秒 %d 字节，已中断，请换个网络重试。", leastRate)

// floor gives up a reader that takes an album too slowly: it holds a place that others wait for. What the server itself needs
// to make the album is not counted.
type floor struct {
	io.ReadCloser
	now   func() time.Time
	given time.Time // when the last piece was
	took  time.Duration
	bytes int64
}

func (f *floor) Read(b []byte) (int, error) {
	if !f.given.IsZero() {
		f.took += f.now().Sub(f.given)
	}
	if f.took >= rateTime {
		if float64(f.bytes) < leastRate*f.took.Seconds() {
			slog.Info("an album was fetched too slowly", "bytes", f.bytes, "time", f.took)
			return 0, errSlow
		}
		f.took, f.bytes = 0, 0
	}
	n, err := f.ReadCloser.Read(b)
	f.given, f.bytes = f.now(), f.bytes+int64(n)
	return n, err
}
