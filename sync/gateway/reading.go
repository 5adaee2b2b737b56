package gateway

import (
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// RuleCache keeps compiled rules for readers. The zero value is empty and ready.
type RuleCache struct{ cache ruleCache }

// RulesTx reads rules.
type RulesTx interface {
	Rules(campaign string, version int64) (*models.Rules, error)
}

// Get returns a campaign's rules at a version, nil when the campaign has none yet.
func (c *RuleCache) Get(tx RulesTx, campaign string, version int64) (*RuleSet, error) {
	return c.cache.get(tx, campaign, version)
}

// Contributions reads from a stored record what it gives to the totals under a rules version, and
// whether it gives it as accepted.
func Contributions(stored []byte, rules int64) (list []stats.Contribution, accepted bool, err error) {
	all, err := decodeCounts(stored)
	if err != nil {
		return nil, false, err
	}
	for i := range all {
		if all[i].rules == rules {
			return all[i].list, all[i].accepted, nil
		}
	}
	return nil, false, nil
}

// EntryTx reads lines and what brought them.
type EntryTx interface {
	// BatchesOver returns the batches that brought the lines of [from, to] of a log, in order.
	BatchesOver(log, from, to int64) ([]models.Batch, error)
	// LinesAbout returns the lines of [from, to] of a log that may name the id, with their bytes:
	// all that do, and perhaps some that do not.
	LinesAbout(log, from, to int64, id string) ([]models.Line, error)
}

// Entries returns the lines of a record that speak of a row, from the logs that wrote to it, in the
// order of the logs: those behind a place (nil: from the first), at most so many. units are those that
// the number belongs to, which a row of staff asks for.
func Entries(tx EntryTx, r *merge.Record, row *stats.Row, units []string, after *merge.Place, atMost int) (out []LogEntry, err error) {
	for _, s := range r.Sources {
		from := s.First
		if after != nil && s.Log <= after.Log {
			if s.Log < after.Log {
				continue
			}
			from = max(from, after.Seq+1)
		}
		for ; from <= s.Last && len(out) < atMost; from += historyWindow {
			to := min(s.Last, from+historyWindow-1)
			batches, err := tx.BatchesOver(s.Log, from, to)
			if err != nil {
				return nil, err
			}
			lines, err := tx.LinesAbout(s.Log, from, to, r.ID)
			if err != nil {
				return nil, err
			}
			for i := range lines {
				if e, ok := entryOf(&lines[i], r, row, units); ok && len(out) < atMost {
					if b := batchOf(batches, lines[i].Seq); b != nil {
						e.ReceiptMS, e.EffectiveMS = b.ReceiptMS, min(e.ClaimedMS+b.OffsetMS, b.ReceiptMS)
					}
					e.Officer, e.Device = s.Officer, s.Device
					out = append(out, e)
				}
			}
		}
	}
	return out, nil
}
