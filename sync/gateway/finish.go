package gateway

import (
	"slices"
	"strconv"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// finish raises the scope counters, writes the changed records and adds what changed to the
// totals. It is the last step before the commit, because others wait for the counters.
func (w *work) finish() error {
	touched := w.touched()
	sums := newSums()
	for _, e := range touched {
		if err := sums.change(e); err != nil {
			return err
		}
		if err := w.list(e); err != nil {
			return err
		}
	}
	feed, err := w.feedScope()
	if err != nil {
		return err
	}
	by := map[int64]int64{}
	for _, s := range w.scopes {
		if s != nil && s.No != 0 && (len(s.lines) > 0 || s.check) {
			by[s.No] = int64(len(s.lines))
		}
	}
	if feed != nil {
		by[feed.No] += int64(len(w.feed))
	}
	after, err := w.tx.Advance(by)
	if err != nil {
		return err
	}
	for _, s := range w.scopes {
		if s == nil || s.No == 0 {
			continue
		}
		now, ok := after[s.No]
		if !ok {
			continue
		}
		if now.State != s.State || now.Rules != s.Rules || now.Building != s.Building {
			return ErrAgain
		}
		for i, it := range s.lines {
			it.line.Scope, it.line.Rules = s.No, s.Rules
			it.line.ScopeSeq = now.Seq - int64(len(s.lines)) + int64(i) + 1
		}
	}
	recs := make([]Stored, 0, len(touched)+len(w.feed))
	for _, e := range touched {
		e.Record.Seq = e.last.line.ScopeSeq
		recs = append(recs, e.Stored)
	}
	if err := w.findReady(touched); err != nil {
		return err
	}
	if feed != nil {
		recs = w.appendFeed(recs, feed, after[feed.No].Seq)
	}
	if err := w.tx.PutRecords(recs); err != nil {
		return err
	}
	if err := w.tx.AddAnnouncements(w.announced); err != nil {
		return err
	}
	return sums.write(w.tx)
}

// findReady notes the records that were written and that something waits for. They are locked, so
// what waits is either visible now or was judged after this transaction.
func (w *work) findReady(touched []*entry) error {
	waits := map[int64]bool{}
	for _, e := range touched {
		if !e.wrote {
			continue
		}
		any, known := waits[e.scope.No]
		if !known {
			lines, err := w.tx.Held(HeldQuery{Scope: e.scope.Name(), Limit: 1})
			if err != nil {
				return err
			}
			any = len(lines) > 0 || slices.ContainsFunc(w.held, func(h models.HeldLine) bool {
				return h.Scope == e.scope.Name() // held by this very push, in front of what it waits for
			})
			waits[e.scope.No] = any
		}
		if any {
			w.ready = append(w.ready, e.Key)
		}
	}
	return nil
}

// touched returns the records that lines were applied to, in the order of their keys.
func (w *work) touched() []*entry {
	var out []*entry
	for _, e := range w.entries {
		if e.touched {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b *entry) int { return compareKeys(a.Key, b.Key) })
	return out
}

// feedScope returns the device's own feed when there is news for it.
func (w *work) feedScope() (*models.Scope, error) {
	if len(w.feed) == 0 {
		return nil, nil
	}
	name := models.FeedPrefix + w.device.ID
	found, err := w.tx.Scopes([]string{name})
	if err != nil {
		return nil, err
	}
	if s := found[name]; s != nil {
		return s, nil
	}
	return w.tx.AddScope("", w.device.ID)
}

// appendFeed makes the records of the feed: one per held or rejected line, a tombstone when it is
// settled.
func (w *work) appendFeed(recs []Stored, feed *models.Scope, seq int64) []Stored {
	for i := range w.feed {
		f := &w.feed[i]
		id := strconv.FormatInt(f.log, 10) + "." + strconv.FormatInt(f.seq, 10)
		recs = append(recs, Stored{
			Key:  Key{Scope: feed.No, Kind: models.HeldKind, ID: id},
			Feed: f.data, Settled: f.settled,
			Record: &merge.Record{Scope: feed.Name(), Kind: models.HeldKind, ID: id, Version: 1,
				Seq: seq - int64(len(w.feed)) + int64(i) + 1},
		})
	}
	return recs
}
