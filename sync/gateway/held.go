package gateway

import (
	"context"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// retryBatch is how many waiting lines one transaction tries.
const retryBatch = 500

// Retry tries the held lines that match again, oldest first, and returns how many were settled.
// A line whose cause remains stays held, with the cause that holds it now. Errors of one family
// do not stop the others.
func (g *Gateway) Retry(ctx context.Context, q HeldQuery) (settled int, err error) {
	if planted(plantHeld) {
		return 0, nil
	}
	q.Limit = retryBatch
	for {
		var lines []models.HeldLine
		if err := g.store.View(ctx, func(tx Tx) (err error) {
			lines, err = tx.Held(q)
			return err
		}); err != nil {
			return settled, err
		}
		for _, group := range byLog(lines) {
			n, e := g.retryLog(ctx, group)
			settled += n
			if e != nil {
				g.log.ErrorContext(ctx, "held lines could not be tried", "log", group[0].Log, "error", e)
				err = e
			}
		}
		if len(lines) < retryBatch {
			return settled, err
		}
		last := lines[len(lines)-1]
		q.AfterLog, q.AfterSeq = last.Log, last.Seq
	}
}

// RetryAll tries everything that waits, until nothing more is settled: what one line brings may be
// what another waits for. It runs at start and from time to time, for a crash may have come
// between a push and the retry that it made due.
func (g *Gateway) RetryAll(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := g.Retry(ctx, HeldQuery{Silent: true})
		total += n
		if n == 0 || err != nil {
			return total, err
		}
	}
}

// retryReady tries what waits for records that have just changed. The push has been committed, so
// a fault here is logged and left to RetryAll.
func (g *Gateway) retryReady(ctx context.Context, keys []Key) {
	ctx, stop := background(ctx)
	defer stop()
	for _, k := range keys {
		q, err := g.waiting(ctx, k)
		if err != nil {
			g.log.ErrorContext(ctx, "waiting lines could not be found", "error", err)
			return
		}
		if q == nil {
			continue
		}
		if _, err := g.Retry(ctx, *q); err != nil {
			return // logged there
		}
	}
}

// waiting returns the query for what waits for the record, nil when nothing does.
func (g *Gateway) waiting(ctx context.Context, k Key) (q *HeldQuery, err error) {
	err = g.store.View(ctx, func(tx Tx) error {
		name, err := tx.ScopeName(k.Scope)
		if err != nil {
			return err
		}
		q = &HeldQuery{Scope: name, Kind: k.Kind, ID: k.ID, Limit: 1}
		lines, err := tx.Held(*q)
		if len(lines) == 0 {
			q = nil
		}
		return err
	})
	return q, err
}

func byLog(lines []models.HeldLine) [][]models.HeldLine {
	var out [][]models.HeldLine
	for i := 0; i < len(lines); {
		j := i
		for j < len(lines) && lines[j].Log == lines[i].Log {
			j++
		}
		out = append(out, lines[i:j])
		i = j
	}
	return out
}

// retryLog tries waiting lines of one log in one transaction.
func (g *Gateway) retryLog(ctx context.Context, lines []models.HeldLine) (settled int, err error) {
	var ready []Key
	err = g.store.Update(ctx, func(tx Tx) error {
		settled, ready = 0, nil
		w, err := g.beginLog(tx, lines[0].Log)
		if err != nil {
			return err
		}
		settled, err = w.retry(lines)
		ready = w.ready
		return err
	})
	if err == nil && settled > 0 {
		g.retryReady(ctx, ready)
	}
	return settled, err
}

// beginLog locks the family of a stored log and prepares to write in the name of its device.
func (g *Gateway) beginLog(tx Tx, log int64) (*work, error) {
	device, err := tx.DeviceOfLog(log)
	if err != nil {
		return nil, err
	}
	w, err := g.begin(tx, device)
	if err != nil {
		return nil, err
	}
	w.receipt = g.nowMS()
	return w, nil
}

// retry judges waiting lines of one log again.
func (w *work) retry(lines []models.HeldLine) (settled int, err error) {
	log := w.logNo(lines[0].Log)
	if log == nil {
		return 0, nil
	}
	items, err := w.reread(lines, false)
	if err != nil || len(items) == 0 {
		return 0, err
	}
	if err := w.trace(log); err != nil {
		return 0, err
	}
	if err := w.load(log.Family, items); err != nil {
		return 0, err
	}
	if err := w.unblock(log.Family, items); err != nil {
		return 0, err
	}
	changed, err := w.rejudge(items, lines)
	if err != nil {
		return 0, err
	}
	return w.store(changed)
}

// reread reads the lines' bytes and drops those that were settled meanwhile.
func (w *work) reread(lines []models.HeldLine, forced bool) ([]item, error) {
	items := make([]item, 0, len(lines))
	for i := range lines {
		h := &lines[i]
		stored, err := w.tx.Lines(h.Log, h.Seq, 1)
		if err != nil {
			return nil, err
		}
		if len(stored) == 0 || stored[0].Status != models.Held {
			continue
		}
		it := item{line: stored[0], effective: h.EffectMS, receipt: h.ReceiptMS, waiting: true, forced: forced}
		copy(it.hash[:], it.line.Hash)
		it.read()
		items = append(items, it)
	}
	return items, nil
}

// unblock rebuilds what the lines wait behind: not for whatever waits on the record, for two
// branches of a family would wait for each other, but for what their writer had seen. Lines that
// are tried and stay held block what comes after them.
func (w *work) unblock(family int64, items []item) error {
	waiting, err := w.tx.HeldWrites(family)
	if err != nil {
		return err
	}
	trying := map[[2]int64]bool{}
	named := map[Key]bool{}
	for i := range items {
		trying[[2]int64{items[i].line.Log, items[i].line.Seq}] = true
		named[items[i].key] = true
	}
	w.blocked, w.before = nil, map[Key][]merge.Sibling{}
	for i := range waiting {
		h := &waiting[i]
		s := w.scopes[h.Scope]
		if s == nil || trying[[2]int64{h.Log, h.Seq}] {
			continue
		}
		k := Key{Scope: s.No, Kind: h.Kind, ID: h.ID}
		if !named[k] {
			continue
		}
		line, err := w.tx.Lines(h.Log, h.Seq, 1)
		if err != nil || len(line) == 0 {
			return err
		}
		it := item{line: line[0]}
		copy(it.hash[:], it.line.Hash)
		it.read()
		w.before[k] = append(w.before[k], merge.Sibling{Log: h.Log, Seq: h.Seq, Origin: it.origin})
	}
	return nil
}

// behind reports whether an earlier write waits that this one has to wait for.
func (w *work) behind(it *item) bool {
	if w.blocked[it.key] {
		return true
	}
	list := w.before[it.key]
	for i := range list {
		if w.lineage.Saw(it.line.Seq, &list[i]) {
			return true
		}
	}
	return false
}

// rejudge judges each line and returns the items whose state changed.
func (w *work) rejudge(items []item, lines []models.HeldLine) ([]*item, error) {
	var changed []*item
	for i := range items {
		it := &items[i]
		was := it.line.Cause
		it.line.Status, it.line.Cause = w.judge(it)
		if it.line.Status == models.Held {
			if it.writes {
				w.block(it.key)
			}
			if it.line.Cause == was {
				continue
			}
		}
		if it.line.Status == models.Applied {
			if err := w.change(it); err != nil {
				return nil, err
			}
		}
		w.tell(it)
		changed = append(changed, it)
	}
	return changed, nil
}

// store writes lines that were waiting and changed.
func (w *work) store(changed []*item) (settled int, err error) {
	if len(changed) == 0 {
		return 0, nil
	}
	if err := w.finish(); err != nil {
		return 0, err
	}
	lines := make([]models.Line, len(changed))
	var again []models.HeldLine
	for i, it := range changed {
		lines[i] = it.line
		if err := w.tx.DropHeld(it.line.Log, []int64{it.line.Seq}); err != nil {
			return 0, err
		}
		if it.line.Status != models.Held {
			settled++
			continue
		}
		again = append(again, it.held(w.device.Family))
	}
	if err := w.tx.SetLines(lines); err != nil {
		return 0, err
	}
	return settled, w.tx.AddHeld(again)
}

func (w *work) logNo(no int64) *models.Log {
	for i := range w.logs {
		if w.logs[i].No == no {
			return &w.logs[i]
		}
	}
	return nil
}
