package gateway

import (
	"context"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// rebuildBatch is how many records one transaction of a rebuild counts.
const rebuildBatch = 200

// Rebuild counts a campaign under the rules that are being built, beside the old totals, and
// switches to them in one transaction. Pushes go on meanwhile: they count what they change under
// both. It may be broken off at any point and run again; a server does so when it starts.
func (g *Gateway) Rebuild(ctx context.Context, campaign string) error {
	var target int64 // another rules version may be due before this one is done, by another server
	if err := g.store.View(ctx, func(tx Tx) error {
		c, err := tx.Campaign(campaign)
		if c != nil {
			target = c.Building
		}
		return err
	}); err != nil || target == 0 {
		return err
	}
	for _, kind := range []models.Kind{models.EventKind, models.SheetKind} {
		var after Key
		for {
			next, n, err := g.rebuildSome(ctx, campaign, target, kind, after)
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
			after = next
		}
	}
	if err := g.switchRules(ctx, campaign, target); err != nil {
		return err
	}
	// The new rules may count what the old ones did not know.
	_, err := g.Retry(ctx, HeldQuery{Campaign: campaign, Cause: models.UnknownIndicator})
	return err
}

// switchRules makes the rules that were built the campaign's rules.
func (g *Gateway) switchRules(ctx context.Context, campaign string, target int64) error {
	return g.store.Update(ctx, func(tx Tx) error {
		if _, err := g.begin(tx, g.inst.Device); err != nil { // after and before all decisions
			return err
		}
		var c models.Campaign
		if ok, err := tx.Load(&c, campaign); err != nil || !ok || c.Building != target {
			return err
		}
		old := c.Rules
		c.Rules, c.Building = c.Building, 0
		if err := tx.Put(&c); err != nil {
			return err
		}
		if err := tx.SetScopes(&c); err != nil {
			return err
		}
		return tx.DropRules(campaign, old)
	})
}

// rebuildSome counts the next records that lack contributions under the rules being built.
func (g *Gateway) rebuildSome(ctx context.Context, campaign string, target int64, kind models.Kind, after Key) (last Key, n int, err error) {
	err = g.store.Update(ctx, func(tx Tx) error {
		n = 0
		var c models.Campaign
		if ok, err := tx.Load(&c, campaign); err != nil || !ok || c.Building != target {
			return err
		}
		listed, err := tx.Records(campaign, kind, after, rebuildBatch)
		if err != nil || len(listed) == 0 {
			return err
		}
		keys := make([]Key, len(listed))
		for i := range listed {
			keys[i] = listed[i].Key
		}
		locked, err := tx.LockRecords(keys)
		if err != nil {
			return err
		}
		rules, err := g.rules.get(tx, campaign, c.Building)
		if err != nil {
			return err
		}
		sums := newSums()
		var changed []Stored
		for i := range locked {
			list, err := decodeCounts(locked[i].Counts)
			if err != nil {
				return err
			}
			if hasRules(list, c.Building) {
				continue
			}
			now := countUnder(rules, c.Building, locked[i].Record)
			sums.add(campaign, &now, 1)
			kept := []counted{now}
			for j := range list {
				if list[j].rules == c.Rules {
					kept = append(kept, list[j])
				}
			}
			locked[i].Counts = encodeCounts(kept)
			if locked[i].Listing, err = g.listing(tx, campaign, locked[i].Key.Scope, locked[i].Record, kept); err != nil {
				return err
			}
			changed = append(changed, locked[i])
		}
		if err := tx.PutRecords(changed); err != nil {
			return err
		}
		last, n = keys[len(keys)-1], len(keys)
		return sums.write(tx)
	})
	return last, n, err
}

func hasRules(list []counted, version int64) bool {
	for i := range list {
		if list[i].rules == version {
			return true
		}
	}
	return false
}

// ResumeRebuilds goes on with rebuilds that were broken off.
func (g *Gateway) ResumeRebuilds(ctx context.Context) error {
	var due []string
	err := g.store.View(ctx, func(tx Tx) (err error) {
		due, err = tx.Building()
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range due {
		if err := g.Rebuild(ctx, c); err != nil {
			return problem.Wrap(err, problem.CodeOf(err), "the totals of a campaign could not be counted anew").
				ZH("活动的数字未能重新统计，请稍后再试。")
		}
	}
	return nil
}
