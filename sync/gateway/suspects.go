package gateway

import (
	"context"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/merge"
	"golang.org/x/text/unicode/norm"
)

// Suspects are two events that may be the same facts, and why. A person says what they are:
// nothing is left out of a table before that.
type Suspects struct {
	First, Second *merge.Record
	Why           string // same_place: same day, kind and place; same_item: the same media item in two units
}

// The reasons for suspecting a pair.
const (
	SamePlace = "same_place"
	SameItem  = "same_item"
)

// Suspects lists the pairs of a campaign that were not judged yet: events of one calendar day, kind
// and place, and media items that two units report. Each event stands with the first of its like.
func (g *Gateway) Suspects(ctx context.Context, campaign string) (out []Suspects, err error) {
	err = g.eachEvent(ctx, campaign, func(rules *RuleSet, list []*merge.Record) {
		first := map[string]*merge.Record{}
		for _, r := range list {
			why, key := likeness(rules, r)
			if key == "" {
				continue
			}
			if other := first[key]; other == nil {
				first[key] = r
			} else if why != SameItem || other.Scope != r.Scope {
				out = append(out, Suspects{First: other, Second: r, Why: why})
			}
		}
	})
	return out, err
}

// likeness returns what an event would share with another that is the same.
func likeness(rules *RuleSet, r *merge.Record) (why, key string) {
	ev := eventOf(r)
	if r.Deleted() || r.Judged.Verdict != "" {
		return "", ""
	}
	plain := func(s string) string { return norm.NFC.String(strings.TrimSpace(s)) }
	if ev.Text["kind"] == "media" {
		if ev.Text["content"] == "" {
			return "", ""
		}
		return SameItem, strings.Join([]string{"m", ev.Text["channel"], plain(ev.Text["outlet"]),
			plain(ev.Text["programme"]), plain(ev.Text["content"])}, "\x1f")
	}
	if ev.Text["place"] == "" {
		return "", ""
	}
	return SamePlace, strings.Join([]string{"e", rules.Day(ev.StartMS), ev.Text["kind"], plain(ev.Text["place"])}, "\x1f")
}

// Unplaced is an event that no row of some tables takes: it is on record and in no figure of theirs.
type Unplaced struct {
	Record    *merge.Record
	Templates []string
}

// Unplaced lists the events of a campaign that no row of a table takes. They are listed, never lost.
func (g *Gateway) Unplaced(ctx context.Context, campaign string) (out []Unplaced, err error) {
	err = g.eachEvent(ctx, campaign, func(rules *RuleSet, list []*merge.Record) {
		for _, r := range list {
			if t := rules.Unplaced(eventOf(r)); len(t) > 0 {
				out = append(out, Unplaced{Record: r, Templates: t})
			}
		}
	})
	return out, err
}

// eachEvent calls fn with all events of a campaign, the earliest first.
func (g *Gateway) eachEvent(ctx context.Context, campaign string, fn func(*RuleSet, []*merge.Record)) error {
	return g.store.View(ctx, func(tx Tx) error {
		var c models.Campaign
		if ok, err := tx.Load(&c, campaign); err != nil || !ok {
			return orNotFound(err, "campaign")
		}
		rules, err := g.rules.get(tx, c.ID, c.Rules)
		if err != nil || rules == nil {
			return err
		}
		var all []*merge.Record
		var after Key
		for {
			recs, err := tx.Records(c.ID, models.EventKind, after, 1000)
			if err != nil {
				return err
			}
			if len(recs) == 0 {
				break
			}
			for i := range recs {
				all = append(all, recs[i].Record)
			}
			after = recs[len(recs)-1].Key
		}
		slices.SortStableFunc(all, func(a, b *merge.Record) int { return int(min(max(a.FirstMS-b.FirstMS, -1), 1)) })
		fn(rules, all)
		return nil
	})
}
