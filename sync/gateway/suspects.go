package gateway

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/merge"
	"golang.org/x/text/unicode/norm"
)

// Suspects are two events that may be the same facts, and why. A person says what they are:
// nothing is left out of a table before that.
type Suspects struct {
	First, Second *merge.Record
	Why           string   // same_place: same day, kind and place; same_item: the same media item; same_photo, near_photo; first_gone: see FirstGone
	Also          []string // further reasons
}

// The reasons for suspecting a pair.
const (
	SamePlace = "same_place"
	SameItem  = "same_item"
	// FirstGone is a pair that was judged to be one, and whose first event was deleted after that, or
	// became another's twin itself: neither counts, so somebody has to look again.
	FirstGone = "first_gone"
)

// Suspects lists the pairs of a campaign that were not judged yet: events of one calendar day, kind
// and place, and media items that were reported twice. Each event stands with the first of its like. Pairs
// that were judged, and of which nothing counts any more, stand behind them.
func (g *Gateway) Suspects(ctx context.Context, campaign string) (out []Suspects, err error) {
	err = g.store.View(ctx, func(tx Tx) error {
		rules, err := g.presentRules(tx, campaign)
		if err != nil || rules == nil {
			return err
		}
		keys, err := tx.Alike(campaign)
		if err != nil {
			return err
		}
		list, err := findAll(tx, keys)
		first := map[like]*merge.Record{}
		for _, r := range list {
			like := likeness(rules, r, eventOf(r))
			if like.key == "" {
				continue
			}
			if other := first[like]; other == nil {
				first[like] = r
			} else {
				out = append(out, Suspects{First: other, Second: r, Why: like.why})
			}
		}
		if err != nil {
			return err
		}
		if out, err = withPictures(tx, campaign, out); err != nil {
			return err
		}
		gone, err := orphaned(tx, campaign)
		out = append(out, gone...)
		return err
	})
	return out, err
}

// orphaned returns the pairs of a campaign whose first event does not count any more.
func orphaned(tx Tx, campaign string) (out []Suspects, err error) {
	keys, err := tx.Orphans(campaign)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	list, err := findAll(tx, keys)
	for _, r := range list {
		found, err := tx.Scopes([]string{r.Judged.Scope})
		if err != nil || found[r.Judged.Scope] == nil {
			return nil, err
		}
		first, err := tx.Find(Key{Scope: found[r.Judged.Scope].No, Kind: models.EventKind, ID: r.Judged.ID})
		if err != nil || first == nil {
			return nil, err
		}
		out = append(out, Suspects{First: first.Record, Second: r, Why: FirstGone})
	}
	return out, err
}

// like is what an event would share with another that is the same, and why it would.
type like struct{ why, key string }

// hash returns the form that listings keep and an index holds: p for a place, i for an item, and 64
// bits of the key's hash. "" is like nothing.
func (l like) hash() string {
	if l.key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(l.key))
	letter := "p"
	if l.why == SameItem {
		letter = "i"
	}
	return letter + hex.EncodeToString(sum[:8])
}

// likeness returns what an event would share with another that is the same; nothing for one that is
// deleted or was judged.
func likeness(rules *RuleSet, r *merge.Record, ev *stats.Event) like {
	if r.Deleted() || r.Judged.Verdict != "" {
		return like{}
	}
	plain := func(s string) string { return norm.NFC.String(strings.TrimSpace(s)) }
	if ev.Text["kind"] == "media" {
		if ev.Text["content"] == "" {
			return like{}
		}
		return like{SameItem, strings.Join([]string{"m", ev.Text["channel"], plain(ev.Text["outlet"]),
			plain(ev.Text["programme"]), plain(ev.Text["content"])}, "\x1f")}
	}
	if ev.Text["place"] == "" {
		return like{}
	}
	return like{SamePlace, strings.Join([]string{"e", rules.Day(ev.StartMS), ev.Text["kind"], plain(ev.Text["place"])}, "\x1f")}
}

// Unplaced lists the events of a campaign that no row of any of its tables takes. They are listed, never
// lost.
func (g *Gateway) Unplaced(ctx context.Context, campaign string) (out []*merge.Record, err error) {
	err = g.store.View(ctx, func(tx Tx) error {
		keys, err := tx.Flagged(campaign, models.EventKind, models.IsUnplaced)
		if err != nil {
			return err
		}
		out, err = findAll(tx, keys)
		return err
	})
	return out, err
}

// presentRules returns the rules that a campaign is counted under.
func (g *Gateway) presentRules(tx Tx, campaign string) (*RuleSet, error) {
	var c models.Campaign
	if ok, err := tx.Load(&c, campaign); err != nil || !ok {
		return nil, orNotFound(err, "campaign")
	}
	return g.rules.get(tx, c.ID, c.Rules)
}

// findAll reads records, the earliest first.
func findAll(tx Tx, keys []Key) ([]*merge.Record, error) {
	out := make([]*merge.Record, 0, len(keys))
	for _, k := range keys {
		s, err := tx.Find(k)
		if err != nil {
			return nil, err
		}
		if s != nil {
			out = append(out, s.Record)
		}
	}
	slices.SortStableFunc(out, func(a, b *merge.Record) int { return cmp.Compare(a.FirstMS, b.FirstMS) })
	return out, nil
}
