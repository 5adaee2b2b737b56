package link

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Config says what a link is like. Zero values mean: without that limit.
type Config struct {
	Up, Down int           // bytes a second from the phone to the server, and back
	RTT      time.Duration // of a byte and its answer; a new connection costs one more
	Cut      time.Duration // the mean time between two cuts of all connections, which come at random
	Seed     uint64
}

// Field is the link on which photos are measured: 60 KiB/s each way, 300 ms, cut every 25 s in the mean. Scaled by n it is
// n times as fast in all of them.
func Field(scale int, seed uint64) Config {
	n := time.Duration(scale)
	return Config{Up: 60 << 10 * scale, Down: 60 << 10 * scale, RTT: 300 * time.Millisecond / n, Cut: 25 * time.Second / n,
		Seed: seed}
}

// Link is a proxy that runs.
type Link struct {
	cfg    Config
	ln     net.Listener
	server string
	up     *bucket
	down   *bucket
	wg     sync.WaitGroup
	stop   context.CancelFunc

	mu    sync.Mutex
	rand  *rand.Rand
	pairs []*pair // the oldest first

	sent, got atomic.Int64
	cuts      atomic.Int64
}

// Open starts a link to a server, host:port. It ends with ctx or Close.
func Open(ctx context.Context, server string, cfg Config) (*Link, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	l := &Link{cfg: cfg, ln: ln, server: server, up: newBucket(cfg.Up), down: newBucket(cfg.Down), stop: stop,
		rand: rand.New(rand.NewPCG(cfg.Seed, 1))}
	l.wg.Go(func() { l.accept(ctx) })
	l.wg.Go(func() {
		<-ctx.Done()
		_ = ln.Close() // ends accept
		l.cutAll(false)
	})
	if cfg.Cut > 0 {
		l.wg.Go(func() { l.cutNowAndThen(ctx) })
	}
	return l, nil
}

// Close ends the link and all that goes through it.
func (l *Link) Close() {
	l.stop()
	l.wg.Wait()
}

// Address is where phones reach the server, host:port.
func (l *Link) Address() string { return l.ln.Addr().String() }

// URL is the address with http.
func (l *Link) URL() string { return "http://" + l.Address() }

// Sent returns how many bytes the link has carried towards the server, those included that a cut lost behind it.
func (l *Link) Sent() int64 { return l.sent.Load() }

// Got returns how many it has carried back.
func (l *Link) Got() int64 { return l.got.Load() }

// Cuts returns how often all connections were cut.
func (l *Link) Cuts() int64 { return l.cuts.Load() }

func (l *Link) accept(ctx context.Context) {
	for {
		c, err := l.ln.Accept()
		if err != nil {
			return // closed
		}
		l.wg.Go(func() { l.carry(ctx, c.(*net.TCPConn)) })
	}
}

// pair is one connection of a phone and its other half to the server.
type pair struct {
	phone, server *net.TCPConn
	cut           atomic.Bool
}

// carry takes a phone's connection to the server and passes bytes both ways until one end or the link is over.
func (l *Link) carry(ctx context.Context, phone *net.TCPConn) {
	defer phone.Close()
	if !wait(ctx, l.cfg.RTT) { // the handshake
		return
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", l.server)
	if err != nil {
		_ = phone.SetLinger(0)
		return
	}
	server := c.(*net.TCPConn)
	defer server.Close()
	p := &pair{phone: phone, server: server}
	l.mu.Lock()
	l.pairs = append(l.pairs, p)
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.pairs = slices.DeleteFunc(l.pairs, func(q *pair) bool { return q == p })
		l.mu.Unlock()
	}()
	if ctx.Err() != nil { // the link ended in between
		return
	}
	var both sync.WaitGroup
	both.Go(func() { l.pass(ctx, p, phone, server, l.up, &l.sent) })
	both.Go(func() { l.pass(ctx, p, server, phone, l.down, &l.got) })
	both.Wait()
}

// piece is how many bytes cross the link at once.
const piece = 4 << 10

// pass carries one direction. Pieces keep their order and arrive half a round trip after the link has taken them.
func (l *Link) pass(ctx context.Context, p *pair, from, to *net.TCPConn, b *bucket, count *atomic.Int64) {
	type packet struct {
		data []byte
		due  time.Time
	}
	// As much is under way as the link holds in half a round trip, so that the delay costs no speed.
	air := make(chan packet, 4+b.rate*int(l.cfg.RTT/time.Millisecond)/1000/piece)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for one := range air {
			if !wait(ctx, time.Until(one.due)) || p.cut.Load() {
				break
			}
			if _, err := to.Write(one.data); err != nil {
				_ = from.CloseRead()
				break
			}
		}
		for range air { // nobody takes them any more
		}
		_ = to.CloseWrite()
	}()
	for {
		data := make([]byte, piece)
		n, err := from.Read(data)
		if n > 0 && !p.cut.Load() { // behind a cut nothing goes on
			if !b.take(ctx, n) {
				break
			}
			count.Add(int64(n))
			air <- packet{data[:n], time.Now().Add(l.cfg.RTT / 2)}
		}
		if err != nil {
			break
		}
	}
	close(air)
	<-done
}

// cutNowAndThen cuts all connections from time to time.
func (l *Link) cutNowAndThen(ctx context.Context) {
	for {
		l.mu.Lock()
		d := time.Duration(l.rand.ExpFloat64() * float64(l.cfg.Cut)) // as often at any moment as at any other
		l.mu.Unlock()
		if !wait(ctx, d) {
			return
		}
		l.cuts.Add(1)
		l.cutAll(true)
	}
}

// cutAll cuts every connection, by FIN or RST.
func (l *Link) cutAll(random bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.pairs {
		if p.cut.Swap(true) {
			continue
		}
		if random && l.rand.IntN(2) == 0 {
			// FIN. To close a connection with unread bytes would be RST: they are read for a moment.
			for _, c := range []*net.TCPConn{p.phone, p.server} {
				_ = c.CloseWrite()
				_ = c.SetReadDeadline(time.Now().Add(lastRead))
			}
			continue
		}
		for _, c := range []*net.TCPConn{p.phone, p.server} {
			_ = c.SetLinger(0) // RST
			_ = c.Close()
		}
	}
}

// lastRead is how long an end is listened to after a FIN.
const lastRead = 100 * time.Millisecond

// wait waits, and reports false when the link has ended.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
