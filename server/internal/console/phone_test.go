package console_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// phone keeps a log of lines and pushes it.
type phone struct {
	w      *world
	key    *ecdsa.PrivateKey
	id     string
	epoch  string
	lines  [][]byte
	hashes []changelog.Hash
	sent   int
}

// phone enrols a phone of an officer.
func (w *world) phone(officer string) *phone {
	w.Helper()
	code, err := auth.NewCode(rand.Reader)
	if err != nil {
		w.Fatal(err)
	}
	ctx := context.Background()
	if _, _, err := w.g.AddBatch(ctx, w.inst.Officer, map[[32]byte]string{auth.HashCode(code): officer}, time.Hour, nil); err != nil {
		w.Fatal(err)
	}
	key, err := client.NewKey()
	if err != nil {
		w.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		w.Fatal(err)
	}
	e, err := w.g.Enrol(ctx, auth.HashCode(code), "手机", "test", point)
	if err != nil {
		w.Fatal(err)
	}
	return &phone{w: w, key: key, id: e.Device.ID, epoch: w.newID()}
}

// write appends a line to the log; members stand behind at and scope.
func (p *phone) write(scope, members string) int {
	line := []byte(fmt.Sprintf(`{"at":%d,"scope":"%s",%s}`, p.w.clock.Load(), scope, members))
	h := changelog.Genesis(p.id, p.epoch)
	if n := len(p.hashes); n > 0 {
		h = p.hashes[n-1]
	}
	p.lines, p.hashes = append(p.lines, line), append(p.hashes, changelog.Next(h, line))
	return len(p.lines) - 1
}

// body is the push of what was not sent yet.
func (p *phone) body() []byte {
	p.w.Helper()
	h := changelog.Header{V: 1, Device: p.id, Epoch: p.epoch, From: int64(p.sent), Count: int64(len(p.lines) - p.sent),
		Prev: changelog.Genesis(p.id, p.epoch), Wall: p.w.clock.Load(), LogNext: int64(len(p.lines)), ServerEpoch: p.w.inst.ServerEpoch}
	if p.sent > 0 {
		h.Prev = p.hashes[p.sent-1]
	}
	h.Tail = h.Prev
	if len(p.lines) > 0 {
		h.Tail = p.hashes[len(p.hashes)-1]
	}
	if err := h.Sign(p.key); err != nil {
		p.w.Fatal(err)
	}
	return changelog.Encode(&h, p.lines[p.sent:])
}

// push sends what was not sent yet and returns the verdicts.
func (p *phone) push() string {
	p.w.Helper()
	b, err := changelog.ParseBatch(p.body())
	if err != nil {
		p.w.Fatal(err)
	}
	a, err := p.w.g.Push(context.Background(), p.id, b)
	if err != nil {
		p.w.Fatal(err)
	}
	p.sent = len(p.lines)
	var all []string
	for _, v := range a.Verdicts {
		all = append(all, fmt.Sprintf("%d %s %s", v.Seq, v.Status, v.Code))
	}
	return strings.Join(all, ", ")
}
