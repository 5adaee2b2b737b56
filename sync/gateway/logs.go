package gateway

import (
	"bytes"
	"encoding/json"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// begin locks the families of the devices and reads what judging needs of the first.
func (g *Gateway) begin(tx Tx, devices ...string) (*work, error) {
	names := devices[:0:0]
	for _, d := range devices {
		if d != "" {
			names = append(names, d)
		}
	}
	devs, logs, err := tx.LockFamilies(names...)
	if err != nil {
		return nil, err
	}
	if devs[0] == nil {
		return nil, problem.New(problem.UnknownDevice, "this device is not enrolled here").ZH("没有登记过这部手机，请重新激活。")
	}
	w := &work{g: g, tx: tx, device: devs[0], logs: logs}
	if len(devs) > 1 {
		w.other = devs[1]
	}
	w.assigned, err = tx.Assignments(w.device.Officer)
	return w, err
}

// openLog returns the log that the header names, new (No 0) when it is the first of its epoch.
func (w *work) openLog(h *changelog.Header) (*models.Log, error) {
	for i := range w.logs {
		if w.logs[i].Device == h.Device && w.logs[i].Epoch == h.Epoch {
			return &w.logs[i], nil
		}
	}
	w.newEpoch = h.Epoch
	genesis := changelog.Genesis(h.Device, h.Epoch)
	return &models.Log{Device: h.Device, Epoch: h.Epoch, Family: w.device.Family,
		Head: genesis[:], CreatedMS: w.receipt}, nil
}

// hasLog reports whether the device has a log.
func (w *work) hasLog(device string) bool {
	for i := range w.logs {
		if w.logs[i].Device == device {
			return true
		}
	}
	return false
}

// claim keeps what the phone says of itself. Claims of an older try never replace newer ones.
func (w *work) claim(log *models.Log, h *changelog.Header) {
	log.LastMS = w.receipt
	if h.Wall < log.WallMS {
		return
	}
	log.WallMS, log.OffsetMS = h.Wall, w.receipt-h.Wall
	log.LogNext, log.PhotosPending, log.Acked = h.LogNext, h.PhotosPending, h.Acked
	w.alarm(log, h)
}

// alarm notes that the phone knows of acknowledged lines which this server lacks, although it was
// not restored since: something was lost here. It stays on record, as a fork does.
func (w *work) alarm(log *models.Log, h *changelog.Header) {
	if h.ServerEpoch == w.g.inst.ServerEpoch && h.Acked > log.Next {
		log.Behind = true
	}
}

// settleAncestry notes which log this one follows. What the server cannot follow, because it does
// not know it, it is another officer's or has another hash, is kept, shown and never a reason to
// refuse. It is looked at once, when the log begins: lines are judged, and replayed by verify, under
// one ancestry. A phone sends its older epochs first, so that a restored server knows them.
func (w *work) settleAncestry(log *models.Log, h *changelog.Header) error {
	if h.After == nil {
		return nil
	}
	if raw, err := json.Marshal(h.After); err == nil {
		log.AfterRaw = string(raw)
	}
	if w.other != nil && w.other.Officer != w.device.Officer {
		return nil
	}
	if w.other != nil && w.other.Family != log.Family {
		if err := w.joinFamilies(w.other.Family, log); err != nil {
			return err
		}
	}
	var parent *models.Log
	for i := range w.logs {
		if l := &w.logs[i]; l.Device == h.After.Device && l.Epoch == h.After.Epoch && l.No != log.No {
			parent = l
		}
	}
	if parent == nil || h.After.Seq >= parent.Next || h.After.Seq < 0 {
		return nil
	}
	stored, err := w.tx.Hashes(parent.No, h.After.Seq, 1)
	if err != nil || len(stored) == 0 || !bytes.Equal(stored[0][:], h.After.H[:]) {
		return err
	}
	log.AfterLog, log.AfterSeq = parent.No, h.After.Seq
	return nil
}

func (w *work) joinFamilies(into int64, log *models.Log) error {
	from := log.Family
	if err := w.tx.JoinFamilies(into, from); err != nil {
		return err
	}
	log.Family, w.device.Family = into, into
	for i := range w.logs {
		if w.logs[i].Family == from {
			w.logs[i].Family = into
		}
	}
	return nil
}

// family returns the logs of the log's family, the log itself included.
func (w *work) family(log *models.Log) []*models.Log {
	out := []*models.Log{}
	found := false
	for i := range w.logs {
		if w.logs[i].Family == log.Family {
			out = append(out, &w.logs[i])
			found = found || w.logs[i].No == log.No
		}
	}
	if !found {
		out = append(out, log)
	}
	return out
}

// trace prepares what decides whether a write had seen another: the log's ancestry, and where
// moved lines stand. A family with one log needs neither.
func (w *work) trace(log *models.Log) error {
	fam := w.family(log)
	if len(fam) == 1 {
		w.lineage = &merge.Lineage{Log: log.No}
		return nil
	}
	moved, err := w.tx.Moved(log.Family)
	if err != nil {
		return err
	}
	parents := map[int64]merge.Parent{}
	for _, l := range fam {
		if l.AfterLog != 0 {
			parents[l.No] = merge.Parent{Log: l.AfterLog, Seq: l.AfterSeq}
		}
	}
	w.lineage = merge.Trace(log.No, parents, moved)
	return nil
}

// repeats marks the lines whose origin the family has seen already: an origin is applied once.
func (w *work) repeats(log *models.Log, items []item) error {
	fam := w.family(log)
	if planted(plantOrig) {
		return nil
	}
	seen, err := w.firstWritings(log, fam, items)
	if err != nil {
		return err
	}
	var origins []changelog.Hash
	var places []merge.Place
	mine := map[changelog.Hash]bool{}
	for i := range items {
		it := &items[i]
		if it.fault != nil {
			continue
		}
		moved := it.change.Orig != nil
		dup := mine[it.origin] || seen[it.origin]
		if !dup && len(fam) > 1 {
			dup = len(w.lineage.Places[it.origin]) > 0
		}
		if dup {
			it.line.Status = models.Duplicate
		}
		if moved {
			mine[it.origin] = true
		}
		if moved || dup {
			origins = append(origins, it.origin)
			places = append(places, merge.Place{Log: log.No, Seq: it.line.Seq})
		}
	}
	if len(origins) == 0 {
		return nil
	}
	w.addPlaces(origins, places)
	return w.tx.AddMoved(log.Family, origins, places)
}

// firstWritings finds the lines that moved lines were copied from, where the server has them.
func (w *work) firstWritings(log *models.Log, fam []*models.Log, items []item) (map[changelog.Hash]bool, error) {
	var wanted []changelog.Hash
	for i := range items {
		if items[i].fault == nil && items[i].change.Orig != nil {
			wanted = append(wanted, items[i].origin)
		}
	}
	seen := map[changelog.Hash]bool{}
	if len(wanted) == 0 {
		return seen, nil
	}
	for _, l := range fam {
		if l.No == log.No {
			continue
		}
		after := int64(-1)
		if cut, ok := w.lineage.Cuts[l.No]; ok {
			after = cut // lines up to the common one were not moved
		}
		found, err := w.tx.FindHashes(l.No, after, wanted)
		if err != nil {
			return nil, err
		}
		for h := range found {
			seen[h] = true
		}
	}
	return seen, nil
}

// addPlaces tells the lineage of this transaction where lines stand that it has just met.
func (w *work) addPlaces(origins []changelog.Hash, places []merge.Place) {
	if w.lineage.Places == nil {
		w.lineage.Places = map[changelog.Hash][]merge.Place{}
	}
	for i := range origins {
		w.lineage.Places[origins[i]] = append(w.lineage.Places[origins[i]], places[i])
	}
}
