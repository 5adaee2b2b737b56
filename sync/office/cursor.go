package office

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// The sizes of pages.
const (
	usualLimit = 50
	maxLimit   = 200
)

// size returns how many items the page has at most.
func (p Paging) size() int {
	if p.Limit <= 0 {
		return usualLimit
	}
	return min(p.Limit, maxLimit)
}

// place is where a list goes on: numbers and texts of the last item shown, as its order needs them.
type place struct {
	Query string   `json:"q"`
	N     []int64  `json:"n,omitempty"`
	S     []string `json:"s,omitempty"`
}

// pager reads and writes the cursors of one query.
type pager struct {
	Paging
	hash string
	at   *place // nil: from the start
}

// page begins a page of a query, whose name and parts tell it from others. n and s are how many
// numbers and texts its places have.
func (p Paging) page(n, s int, query ...any) (*pager, error) {
	written, err := json.Marshal(query)
	if err != nil {
		return nil, problem.Wrap(err, problem.Invalid, "the query cannot be read").ZH("查询条件无法识别，请刷新后重试。")
	}
	sum := sha256.Sum256(written)
	out := &pager{Paging: p, hash: base64.RawURLEncoding.EncodeToString(sum[:6])}
	if p.Cursor == "" {
		return out, nil
	}
	bad := problem.New(problem.BadCursor, "the cursor does not belong to this list").ZH("列表的位置已失效，请刷新后重新翻页。")
	raw, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil || len(raw) > 2048 {
		return nil, bad
	}
	out.at = &place{}
	if json.Unmarshal(raw, out.at) != nil || out.at.Query != out.hash || len(out.at.N) != n || len(out.at.S) != s ||
		slices.ContainsFunc(out.at.S, func(s string) bool { return strings.ContainsRune(s, 0) }) { // no database takes a NUL
		return nil, bad
	}
	return out, nil
}

// next returns the cursor behind a place.
func (p *pager) next(n []int64, s ...string) string {
	b, err := json.Marshal(place{Query: p.hash, N: n, S: s})
	if err != nil {
		return "" // numbers and texts can always be written
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// sortKey is a place in a list that is put in order here.
type sortKey struct {
	n    int64
	a, b string
}

func (k sortKey) compare(o sortKey) int {
	return cmp.Or(cmp.Compare(k.n, o.n), cmp.Compare(k.a, o.a), cmp.Compare(k.b, o.b))
}

// slice returns a page of a whole list, which is short: one campaign's items or the units.
func slice[T any](p Paging, items []T, key func(*T) sortKey, query ...any) (Page[T], error) {
	pg, err := p.page(1, 2, query...)
	if err != nil {
		return Page[T]{}, err
	}
	slices.SortStableFunc(items, func(x, y T) int { return key(&x).compare(key(&y)) })
	from := 0
	if pg.at != nil {
		after := sortKey{pg.at.N[0], pg.at.S[0], pg.at.S[1]}
		from = len(items)
		for i := range items {
			if key(&items[i]).compare(after) > 0 {
				from = i
				break
			}
		}
	}
	total := int64(len(items))
	out := Page[T]{Items: append([]T{}, items[from:min(from+p.size(), len(items))]...), Total: &total}
	if end := from + len(out.Items); end < len(items) {
		k := key(&out.Items[len(out.Items)-1])
		out.Next = pg.next([]int64{k.n}, k.a, k.b)
	}
	return out, nil
}

// trim cuts a list that was read with one item more than the page has, and returns the cursor behind
// its last item when there are more.
func trim[T any](pg *pager, items []T, at func(*T) ([]int64, []string)) (list []T, next string) {
	if len(items) <= pg.size() {
		return append([]T{}, items...), ""
	}
	items = items[:pg.size()]
	n, s := at(&items[len(items)-1])
	return items, pg.next(n, s...)
}
