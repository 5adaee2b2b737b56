package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/s3test"
	"github.com/fieldsync/fieldsync/media/picture"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/simtest/link"
)

// killed is a server in a process of its own that dies again and again.
type killed struct {
	t       *testing.T
	bin     string
	args    []string
	address string
	cmd     *exec.Cmd
}

func (b *bureau) killable() *killed {
	b.Helper()
	k := &killed{t: b.T, bin: filepath.Join(b.TempDir(), "fieldsync")}
	if out, err := exec.Command("go", "build", "-o", k.bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	k.address = ln.Addr().String()
	_ = ln.Close() // the server takes the port each time it starts
	k.args = []string{"serve", "--data", b.data, "--listen", k.address, "--log-level", "error"}
	return k
}

func (k *killed) start() {
	k.cmd = exec.Command(k.bin, k.args...)
	if err := k.cmd.Start(); err != nil {
		k.t.Error(err)
		return
	}
	for range 500 {
		if r, err := http.Get("http://" + k.address + "/healthz"); err == nil {
			_ = r.Body.Close()
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	k.t.Error("the server does not answer")
}

func (k *killed) kill() {
	_ = k.cmd.Process.Kill()
	_ = k.cmd.Wait() // killed: that is its error
}

// TestPhotosKill9 kills the server with SIGKILL at random while photos come, at whatever step of a unit or a finish it is:
// every photo gets through in the end, its receipt verifies, and verify reads back every original.
func TestPhotosKill9(t *testing.T) {
	phones, each, kills, rate := 4, 8, 6, 1<<20
	if *longSpeed {
		phones, each, kills, rate = 8, 25, 20, 3<<20
	}
	b := newBureau(newProg(t, ""))
	codes := make([]string, phones)
	for i := range codes {
		codes[i] = strings.Fields(b.do("enrol", b.officerA))[0]
	}
	k := b.killable()
	k.start()
	defer func() { k.kill() }()
	// The link makes the photos take as long as there is somebody to kill.
	l, err := link.Open(t.Context(), k.address, link.Config{Up: rate})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var wg sync.WaitGroup
	list := make([]*client.Client, phones)
	for i, code := range codes {
		list[i] = b.snapper(l.URL(), code)
		wg.Go(func() { snapAndSend(t, list[i], b.scopeA, uint64(i), each) })
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	dice, n := rand.New(rand.NewPCG(9, 9)), 0
	for running := true; running && n < kills; {
		select {
		case <-done:
			running = false
		case <-time.After(time.Duration(50+dice.IntN(600)) * time.Millisecond):
			k.kill()
			n++
			k.start()
		}
	}
	<-done
	t.Logf("%d photos, %d kills", phones*each, n)
	if n < kills/2 {
		t.Errorf("the server was killed %d times", n)
	}
	for i, c := range list {
		if c.Owes() != 0 || len(c.Photos()) != each {
			t.Errorf("phone %d owes %d of %d", i, c.Owes(), len(c.Photos()))
		}
		for _, p := range c.Photos() {
			if p.State != models.PhotoStored || !p.Proven {
				t.Errorf("phone %d: %s is %s (%s), proven: %t", i, p.ID, p.State, p.Reason, p.Proven)
			}
		}
	}
	k.kill()
	if out, ok := b.verify(); !ok || !strings.Contains(out, fmt.Sprintf(" %d originals ", phones*each)) {
		t.Errorf("verify: %s", out)
	}
}

// snapper is a phone that takes photos and is in no mood to wait.
func (b *bureau) snapper(url, code string) *client.Client {
	b.Helper()
	key, err := client.NewKey()
	if err != nil {
		b.Fatal(err)
	}
	c, err := client.Open(client.Config{Server: url, Key: key, Photos: client.NewMemoryPhotos(), Sleep: briefly,
		Transport: http.DefaultTransport.(*http.Transport).Clone()})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := c.Enrol(b.Context(), code, "手机", "test"); err != nil {
		b.Fatal(err)
	}
	return c
}

func briefly(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(min(d, 50*time.Millisecond)):
		return nil
	}
}

// snapAndSend takes photos one after the other and sends them until the server has all.
func snapAndSend(t *testing.T, c *client.Client, scope string, seed uint64, n int) {
	id := newID()
	if _, err := c.Write(event(scope, id, nil)); err != nil {
		t.Error(err)
		return
	}
	for i := range n {
		spec := picture.Spec{Seed: seed<<32 + uint64(i), Width: 64, Height: 48, Bytes: 20_000 + (i*i*7919)%500_000}
		if _, err := c.TakePhoto(t.Context(), scope, id, nil, picture.New(spec), nil); err != nil {
			t.Error(err)
			return
		}
		if i%2 == 0 {
			_, _ = c.SendPhotos(t.Context()) // the server may be dead just now
		}
	}
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); {
		if sent, err := c.SendPhotos(t.Context()); err == nil && sent.Owed == 0 {
			return
		}
	}
	t.Errorf("after two minutes %d photos are not there", c.Owes())
}

// TestObjectStoreGone takes MinIO away while photos come: counts keep flowing, phones are told to wait and keep their
// photos, and when it is back all of them go on by themselves.
func TestObjectStoreGone(t *testing.T) {
	s3 := s3test.New(t, s3test.MinIO, "gone")
	b := newBureau(onMinIO(newProg(t, ""), s3.NewBucket(t)))
	s := b.serve()
	c := b.snapper(s.url, strings.Fields(b.do("enrol", b.officerA))[0])
	id := newID()
	b.write(c, event(b.scopeA, id, nil))
	take := func(seed uint64) {
		t.Helper()
		if _, err := c.TakePhoto(t.Context(), b.scopeA, id, nil, picture.New(picture.Spec{Seed: seed, Width: 64, Height: 48, Bytes: 400_000}), nil); err != nil {
			t.Fatal(err)
		}
	}
	take(1)
	if sent, err := c.SendPhotos(t.Context()); err != nil || sent.Stored != 1 {
		t.Fatalf("%+v %v", sent, err)
	}
	if err := s3.Stop(); err != nil {
		t.Fatal(err)
	}
	take(2)
	take(3)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	sent, err := c.SendPhotos(ctx)
	if err == nil || sent.Owed != 2 || problem.CodeOf(err) != problem.Unavailable && ctx.Err() == nil {
		t.Errorf("without a store: %+v %v", sent, err)
	}
	began := time.Now()
	if got := b.write(c, tally(b.scopeA, id, "consultations", 7)); len(got.Verdicts) != 0 {
		t.Errorf("%+v", got)
	}
	t.Logf("a count took %v while the store was gone; photos said: %s, %v", time.Since(began), sent.Reason, err)
	b.reported("consultations", b.unitA, "7")
	if err := s3.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if sent, err := c.SendPhotos(t.Context()); err != nil || sent.Owed != 0 {
		t.Errorf("the store is back: %+v %v", sent, err)
	}
	if out, ok := b.verify(); !ok || !strings.Contains(out, " 3 originals ") {
		t.Errorf("verify: %s", out)
	}
}
