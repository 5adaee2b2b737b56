package gateway_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/google/uuid"
)

// phone is a device that keeps its own log: one epoch of it.
type phone struct {
	w      *world
	g      *gateway.Gateway // the server it talks to
	id     string
	epoch  string
	key    *ecdsa.PrivateKey
	lines  [][]byte
	hashes []changelog.Hash
	skew   int64 // ms its clock is ahead of the server's
	after  *changelog.After
	sent   int
	acked  int64
	server string // the server epoch it last saw
}

func (w *world) phone(officer string) *phone {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	p := &phone{w: w, g: w.g, id: uuid.NewString(), epoch: uuid.NewString(), key: key, server: w.inst.ServerEpoch}
	w.enrol(p.id, officer, &key.PublicKey)
	return p
}

// write appends lines. The members are put behind at, which is the phone's own clock.
func (p *phone) write(lines ...string) *phone {
	for _, members := range lines {
		p.raw(`{"at":` + strconv.FormatInt(p.w.now+p.skew, 10) + `,` + members + `}`)
	}
	return p
}

func (p *phone) raw(line string) {
	h := changelog.Genesis(p.id, p.epoch)
	if n := len(p.hashes); n > 0 {
		h = p.hashes[n-1]
	}
	p.lines = append(p.lines, []byte(line))
	p.hashes = append(p.hashes, changelog.Next(h, []byte(line)))
}

func (p *phone) batch(from, n int) *changelog.Batch {
	p.w.t.Helper()
	h := changelog.Header{V: 1, Device: p.id, Epoch: p.epoch, From: int64(from), Count: int64(n), Wall: p.w.now + p.skew,
		LogNext: int64(len(p.lines)), After: p.after, Acked: p.acked, ServerEpoch: p.server}
	h.Prev = changelog.Genesis(p.id, p.epoch)
	if from > 0 {
		h.Prev = p.hashes[from-1]
	}
	h.Tail = h.Prev
	if n > 0 {
		h.Tail = p.hashes[from+n-1]
	}
	if err := h.Sign(p.key); err != nil {
		p.w.t.Fatal(err)
	}
	b, err := changelog.ParseBatch(changelog.Encode(&h, p.lines[from:from+n]))
	if err != nil {
		p.w.t.Fatal(err)
	}
	return b
}

// try sends lines from one on.
func (p *phone) try(ctx context.Context, from, n int) (*gateway.Answer, error) {
	p.w.t.Helper()
	return p.g.Push(ctx, p.id, p.batch(from, n))
}

// push sends all lines from one on and asserts the verdicts, as "seq status code".
func (p *phone) push(from int, verdicts ...string) *gateway.Answer {
	p.w.t.Helper()
	a, err := p.try(p.w.t.Context(), from, len(p.lines)-from)
	if err != nil {
		p.w.t.Fatal(err)
	}
	p.sent, p.acked, p.server = len(p.lines), a.Next, a.ServerEpoch
	want := map[int64]string{}
	for _, v := range verdicts {
		seq, rest, _ := strings.Cut(v, " ")
		n, err := strconv.ParseInt(seq, 10, 64)
		if err != nil {
			p.w.t.Fatal(err)
		}
		if !strings.Contains(rest, " ") {
			rest += " "
		}
		want[n] = rest
	}
	checkAnswer(p.w.t, "push", a, int64(len(p.lines)), want)
	return a
}

// send pushes what was not pushed yet.
func (p *phone) send(verdicts ...string) *gateway.Answer {
	p.w.t.Helper()
	return p.push(p.sent, verdicts...)
}

// denied asserts that a push of what was not pushed yet is refused.
func (p *phone) denied(code problem.Code) *problem.Error {
	p.w.t.Helper()
	_, err := p.try(p.w.t.Context(), p.sent, len(p.lines)-p.sent)
	if problem.CodeOf(err) != code {
		p.w.t.Fatalf("push: %v, want %q", err, code)
	}
	return err.(*problem.Error)
}

// fork starts a new epoch after a common line and moves the lines after it. on is the device that
// goes on: the same phone, or another one that was enrolled anew with the old one's lines.
func (p *phone) fork(cut int, on *phone) *phone {
	f := &phone{w: p.w, g: p.g, id: on.id, key: on.key, epoch: uuid.NewString(), skew: p.skew, server: p.server}
	f.after = &changelog.After{Device: p.id, Epoch: p.epoch, Seq: int64(cut), H: p.hashes[cut]}
	for i := cut + 1; i < len(p.lines); i++ {
		f.raw(moved(string(p.lines[i]), p.hashes[i]))
	}
	return f
}

// moved gives a line the hash that it had when it was first written, unless it has one.
func moved(line string, h changelog.Hash) string {
	if strings.Contains(line, `"orig"`) {
		return line
	}
	return `{"orig":"` + h.String() + `",` + line[1:]
}

// pulled is what a phone reads of a pull.
type pulled struct {
	ServerEpoch string `json:"server_epoch"`
	Records     []struct {
		Kind, ID, Scope string
		Seq, Version    int64
		Deleted         bool
		Data            json.RawMessage
	}
	Heads []struct {
		Epoch string
		Next  int64
	}
	Cursor string
	More   bool
	Scopes []string
}

func (p *phone) pull(cursor string, limit int) (*pulled, error) {
	page, err := p.g.Pull(p.w.t.Context(), gateway.PullRequest{Device: p.id, Cursor: cursor, Limit: limit})
	if err != nil {
		return nil, err
	}
	out := &pulled{}
	if err := json.Unmarshal(page.Body, out); err != nil {
		p.w.t.Fatalf("a page is no JSON: %v\n%s", err, page.Body)
	}
	return out, nil
}

// pullAll pulls pages until there is no more and returns all records and the last page.
func (p *phone) pullAll(cursor string, limit int) (all pulled) {
	p.w.t.Helper()
	for range 1000 {
		page, err := p.pull(cursor, limit)
		if err != nil {
			p.w.t.Fatal(err)
		}
		if len(page.Records) > limit {
			p.w.t.Fatalf("%d records on a page of %d", len(page.Records), limit)
		}
		records := append(all.Records, page.Records...)
		all = *page
		all.Records, cursor = records, page.Cursor
		if !page.More {
			return all
		}
	}
	p.w.t.Fatal("a pull does not end")
	return all
}

// ev names the nth event of a test; other kinds have ids of their own.
func ev(n int) string    { return fmt.Sprintf("01900000-0000-7000-8000-00000000e%03d", n) }
func lotID(n int) string { return fmt.Sprintf("01900000-0000-7000-8000-00000000c%03d", n) }
func pic(n int) string   { return fmt.Sprintf("01900000-0000-7000-8000-00000000f%03d", n) }

func in(scope, members string) string { return `"scope":"` + scope + `",` + members }

// put writes an event of unit A.
func put(id string, base int64, set string) string {
	return in(scopeA, fmt.Sprintf(`"op":"event.put","id":"%s","base":%d,"set":{%s}`, id, base, set))
}

// stand makes an advice stand of unit A.
func stand(id string) string { return put(id, 0, `"kind":"consultation","venue":"square"`) }

// tap counts on an event of unit A.
func tap(id, indicator string, n int64) string {
	return in(scopeA, fmt.Sprintf(`"op":"tally.add","event":"%s","indicator":"%s","n":%d`, id, indicator, n))
}

// both runs a test in a small county on each database. Whatever it did, the stored lines then give
// the stored records and totals.
func both(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		fn(t, w)
		w.verified()
	})
}

// siblings returns the values of a field that stand against each other.
func (w *world) siblings(id, field string) (out []string) {
	for _, g := range w.event(id).Fields {
		for i := range g.Siblings {
			if g.Name == field {
				v := &g.Siblings[i].Value
				out = append(out, v.Text+strings.TrimPrefix(strconv.FormatInt(v.Int, 10), "0"))
			}
		}
	}
	slices.Sort(out)
	return out
}
