package minioblob

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// transport is HTTP/1.1 with many kept connections: bodies of different requests do not wait for each other.
func transport(wait time.Duration) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &patient{Conn: c, wait: wait}, nil
		},
		MaxIdleConns:          128,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       45 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: wait,
		WriteBufferSize:       64 << 10,
		ReadBufferSize:        64 << 10,
		DisableCompression:    true, // what is stored compressed comes back as it is
	}
}

// patient is a connection that ends when nothing has moved on it for a while. A limit for a whole request would have to be
// as long as the slowest link needs for a video.
type patient struct {
	net.Conn
	wait time.Duration
	set  atomic.Int64 // when the deadline was last moved, Unix nanoseconds
}

func (c *patient) Read(b []byte) (int, error) {
	c.move(false)
	n, err := c.Conn.Read(b)
	c.move(false)
	return n, err
}

func (c *patient) Write(b []byte) (int, error) {
	c.move(true)
	return c.Conn.Write(b)
}

// move puts the deadline off, of the reading as well while something is written: the answer comes after the body. It is a
// thousandth of the work when it is done once a second at most.
func (c *patient) move(write bool) {
	now := time.Now()
	if last := c.set.Load(); now.UnixNano()-last < int64(time.Second) && write {
		return
	}
	c.set.Store(now.UnixNano())
	_ = c.SetDeadline(now.Add(c.wait)) // a connection that is closed says so when it is used
}
