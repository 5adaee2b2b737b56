package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/go-json-experiment/json/jsontext"
)

// The bounds of a page of a pull, in records.
const (
	DefaultPage = 1000
	MaxPage     = 5000
	// MaxPageBytes ends a page early: a page is built in memory and crosses a bad link whole.
	MaxPageBytes = 4 << 20
)

// PullRequest is what a phone asks: everything that changed since its cursor.
type PullRequest struct {
	Device string
	Cursor string // opaque; empty: from the beginning
	Limit  int    // records on the page; 0: DefaultPage
	// Unchanged reports whether the phone still has the answer with this tag. It may be nil.
	Unchanged func(tag string) bool
}

// Page is one page of a pull.
type Page struct {
	Tag       string // of server epoch, scopes, their counters, the log heads and the cursor
	Unchanged bool   // the phone has this answer: there is no body
	Body      []byte // JSON
}

// Pull returns one page of the records of the device's present scopes and of its own feed. All of
// a page, and the heads of the device's logs, come from one snapshot: a phone shows the server's
// records and its own lines from the heads on.
func (g *Gateway) Pull(ctx context.Context, r PullRequest) (page *Page, err error) {
	at, err := g.readCursor(r.Cursor)
	if err != nil {
		return nil, err
	}
	limit := r.Limit
	if limit <= 0 {
		limit = DefaultPage
	}
	limit = min(limit, MaxPage)
	err = g.store.View(ctx, func(tx Tx) error {
		page, err = g.pull(tx, r, at, limit)
		return err
	})
	return page, err
}

// pullScopes returns the scopes a device pulls by name, in order, its own feed last; those that no
// line has reached yet have No 0.
func (g *Gateway) pullScopes(tx Tx, dev *models.Device) (names []string, scopes []*models.Scope, err error) {
	as, err := tx.Assignments(dev.Officer)
	if err != nil {
		return nil, nil, err
	}
	if names, err = tx.ScopesOf(as); err != nil {
		return nil, nil, err
	}
	found, err := tx.Scopes(append(slices.Clone(names), models.FeedPrefix+dev.ID))
	if err != nil {
		return nil, nil, err
	}
	for _, n := range append(slices.Clone(names), models.FeedPrefix+dev.ID) {
		s := found[n]
		if s == nil {
			s = &models.Scope{}
		}
		scopes = append(scopes, s)
	}
	return names, scopes, nil
}

func (g *Gateway) pull(tx Tx, r PullRequest, at map[int64]int64, limit int) (*Page, error) {
	dev, err := tx.Device(r.Device)
	if err != nil {
		return nil, err
	}
	if dev == nil {
		return nil, problem.New(problem.UnknownDevice, "this device is not enrolled here").ZH("没有登记过这部手机，请重新激活。")
	}
	if dev.RevokedMS != 0 {
		return nil, problem.New(problem.Forbidden, "this phone was revoked: it may still send what it holds").
			ZH("手机已停用，只能上报已填的内容。")
	}
	names, scopes, err := g.pullScopes(tx, dev)
	if err != nil {
		return nil, err
	}
	heads, err := tx.Heads(dev.ID)
	if err != nil {
		return nil, err
	}
	page := &Page{Tag: g.tag(r.Cursor, limit, names, scopes, heads)}
	if r.Unchanged != nil && r.Unchanged(page.Tag) {
		page.Unchanged = true
		return page, nil
	}
	b := make([]byte, 0, 4096)
	b = append(b, `{"server_epoch":`...)
	b = quote(b, g.inst.ServerEpoch)
	b = append(b, `,"records":[`...)
	next := map[int64]int64{}
	left, more := limit, false
	for i, s := range scopes {
		if s.No == 0 {
			continue
		}
		name := models.FeedPrefix + dev.ID
		if i < len(names) {
			name = names[i]
		}
		from := at[s.No]
		if left > 0 && from < s.Seq {
			n := 0
			last := from
			b, n, last, err = appendRecords(tx, b, s.No, name, from, left, left < limit)
			if err != nil {
				return nil, err
			}
			if n < left && len(b) < MaxPageBytes {
				from = s.Seq // all of the scope is on the page
			} else {
				from = last
			}
			left -= n
			if len(b) >= MaxPageBytes {
				left = 0
			}
		}
		more = more || from < s.Seq
		next[s.No] = from
	}
	b = append(b, `],"heads":[`...)
	for i := range heads {
		if i > 0 {
			b = append(b, ',')
		}
		b = quote(append(b, `{"epoch":`...), heads[i].Epoch)
		b = strconv.AppendInt(append(b, `,"next":`...), heads[i].Next, 10)
		b = append(b, '}')
	}
	b = quote(append(b, `],"cursor":`...), g.writeCursor(next))
	b = strconv.AppendBool(append(b, `,"more":`...), more)
	b = append(b, `,"scopes":[`...)
	for i := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = quote(b, names[i])
	}
	b = strconv.AppendInt(append(b, `],"server_time":`...), g.nowMS(), 10)
	page.Body = append(b, '}')
	return page, nil
}

// appendRecords appends up to n records of a scope after a seq.
func appendRecords(tx Tx, b []byte, no int64, scope string, after int64, n int, comma bool) (_ []byte, count int, last int64, err error) {
	err = tx.RecordsSince(no, after, n, func(r *PulledRecord) bool {
		if comma {
			b = append(b, ',')
		}
		comma = true
		count++
		last = r.Seq
		b = quote(append(b, `{"kind":`...), string(r.Kind))
		b = quote(append(b, `,"id":`...), r.ID)
		b = quote(append(b, `,"scope":`...), scope)
		b = strconv.AppendInt(append(b, `,"seq":`...), r.Seq, 10)
		b = strconv.AppendInt(append(b, `,"version":`...), r.Version, 10)
		b = strconv.AppendBool(append(b, `,"deleted":`...), r.Deleted)
		b = append(append(b, `,"data":`...), r.Data...)
		b = append(b, '}')
		return len(b) < MaxPageBytes
	})
	return b, count, last, err
}

func quote(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s) // names, ids and codes are UTF-8
	return b
}

// tag is the ETag of a page without reading its records.
func (g *Gateway) tag(cursor string, limit int, names []string, scopes []*models.Scope, heads []models.Log) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %d\n", g.inst.ServerEpoch, cursor, limit)
	for i, s := range scopes {
		name := ""
		if i < len(names) {
			name = names[i]
		}
		fmt.Fprintf(h, "%s %d %d\n", name, s.No, s.Seq)
	}
	for i := range heads {
		fmt.Fprintf(h, "%s %d\n", heads[i].Epoch, heads[i].Next)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// cursorFormat is the first byte of a cursor.
const cursorFormat = 1

// writeCursor makes the opaque cursor: the server epoch, and per scope the seq that was reached.
func (g *Gateway) writeCursor(at map[int64]int64) string {
	nos := make([]int64, 0, len(at))
	for no := range at {
		nos = append(nos, no)
	}
	slices.Sort(nos)
	b := make([]byte, 0, 16+8*len(at))
	b = append(b, cursorFormat)
	b = append(b, epochMark(g.inst.ServerEpoch)...)
	for _, no := range nos {
		b = binary.AppendUvarint(b, uint64(no))
		b = binary.AppendUvarint(b, uint64(at[no]))
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// epochMark is what a cursor keeps of the server epoch.
func epochMark(epoch string) []byte {
	sum := sha256.Sum256([]byte(epoch))
	return sum[:8]
}

// readCursor reads a cursor. One of another server epoch is a reset: the server was restored.
func (g *Gateway) readCursor(s string) (map[int64]int64, error) {
	at := map[int64]int64{}
	if s == "" {
		return at, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < 9 || b[0] != cursorFormat {
		return nil, problem.New(problem.BadCursor, "the cursor was not made here")
	}
	if !slices.Equal(b[1:9], epochMark(g.inst.ServerEpoch)) {
		return nil, problem.New(problem.Reset, "the server was restored: pull all anew").
			With("server_epoch", g.inst.ServerEpoch)
	}
	for b = b[9:]; len(b) > 0; {
		no, n := binary.Uvarint(b)
		if n <= 0 {
			return nil, problem.New(problem.BadCursor, "the cursor was not made here")
		}
		seq, m := binary.Uvarint(b[n:])
		if m <= 0 || no > 1<<62 || seq > 1<<62 {
			return nil, problem.New(problem.BadCursor, "the cursor was not made here")
		}
		at[int64(no)] = int64(seq)
		b = b[n+m:]
	}
	return at, nil
}
