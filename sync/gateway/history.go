package gateway

import (
	"cmp"
	"slices"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// MaxHistory is how many lines of one record are read back: a stand that counts a line a second has
// so many after a whole day.
const MaxHistory = 100_000

// HistoryTx reads what the history of a record is made of.
type HistoryTx interface {
	EntryTx
	// OfficeLines returns where the office's lines about a record id stand.
	OfficeLines(kind models.Kind, id string) ([]merge.Place, error)
	// LinesAt returns lines with their bytes, BatchesAt the batches that brought them, in any order.
	LinesAt(at []merge.Place) ([]models.Line, error)
	BatchesAt(at []merge.Place) (map[merge.Place]models.Batch, error)
	LogsByNo(nos []int64) ([]models.Log, error)
	LogsOfFamilies(families []int64) ([]models.Log, error)
	DevicesByID(ids []string) ([]models.Device, error)
	Moved(family int64) (map[changelog.Hash][]merge.Place, error)
}

// History is all applied lines of one record, as they were applied: by their places in its scope.
type History struct {
	Steps    []Step
	lineages map[int64]*merge.Lineage
}

// Step is one applied line.
type Step struct {
	Line                   models.Line
	Change                 *changelog.Change
	Origin                 changelog.Hash
	Device                 models.Device
	ReceiptMS, EffectiveMS int64
}

// ReadHistory reads the lines that made a record of a scope what it is. It writes nothing.
func ReadHistory(tx HistoryTx, scope int64, r *merge.Record) (*History, error) {
	h := &historian{tx: tx, scope: scope, r: r, seen: map[merge.Place]bool{}, devices: map[string]models.Device{}, logs: map[int64]models.Log{}}
	office, err := h.people()
	if err != nil {
		return nil, err
	}
	for _, s := range r.Sources {
		if h.devices[s.Device].Office {
			continue // its log holds what was said of everything: the audit trail knows the places
		}
		if err := h.source(s); err != nil {
			return nil, err
		}
	}
	if err := h.office(office); err != nil {
		return nil, err
	}
	slices.SortFunc(h.out.Steps, func(a, b Step) int { return cmp.Compare(a.Line.ScopeSeq, b.Line.ScopeSeq) })
	return &h.out, h.trace()
}

type historian struct {
	tx      HistoryTx
	scope   int64
	r       *merge.Record
	seen    map[merge.Place]bool
	devices map[string]models.Device
	logs    map[int64]models.Log
	out     History
}

// people reads the logs and devices that may have written, and returns the places of the office's
// lines.
func (h *historian) people() ([]merge.Place, error) {
	office, err := h.tx.OfficeLines(h.r.Kind, h.r.ID)
	if err != nil {
		return nil, err
	}
	var nos []int64
	for _, s := range h.r.Sources {
		nos = append(nos, s.Log)
	}
	for _, p := range office {
		nos = append(nos, p.Log)
	}
	slices.Sort(nos)
	logs, err := h.tx.LogsByNo(slices.Compact(nos))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, l := range logs {
		h.logs[l.No] = l
		ids = append(ids, l.Device)
	}
	slices.Sort(ids)
	devices, err := h.tx.DevicesByID(slices.Compact(ids))
	for _, d := range devices {
		h.devices[d.ID] = d
	}
	return office, err
}

// source reads what one log said of the record.
func (h *historian) source(s merge.Source) error {
	lines, err := h.tx.LinesAbout(s.Log, s.First, s.Last, h.r.ID)
	if err != nil {
		return err
	}
	batches, err := h.tx.BatchesOver(s.Log, s.First, s.Last)
	if err != nil {
		return err
	}
	for i := range lines {
		if b := batchOf(batches, lines[i].Seq); b != nil {
			if err := h.step(lines[i], b); err != nil {
				return err
			}
		}
	}
	return nil
}

// office reads what the office said of the record.
func (h *historian) office(at []merge.Place) error {
	if len(at) == 0 {
		return nil
	}
	lines, err := h.tx.LinesAt(at)
	if err != nil {
		return err
	}
	batches, err := h.tx.BatchesAt(at)
	if err != nil {
		return err
	}
	for i := range lines {
		if b, ok := batches[merge.Place{Log: lines[i].Log, Seq: lines[i].Seq}]; ok {
			if err := h.step(lines[i], &b); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *historian) step(l models.Line, b *models.Batch) error {
	at := merge.Place{Log: l.Log, Seq: l.Seq}
	if l.Status != models.Applied || l.Scope != h.scope || h.seen[at] {
		return nil
	}
	it := item{line: l}
	copy(it.hash[:], l.Hash)
	if it.read(); it.fault != nil || it.change.RecordKind() != h.r.Kind || it.change.RecordID() != h.r.ID {
		return nil
	}
	h.seen[at] = true
	if len(h.out.Steps) == MaxHistory {
		return problem.New(problem.TooLarge, "more than %d lines spoke of this record", MaxHistory).
			ZH("这条记录的变更超过 %d 次，无法全部列出。", MaxHistory)
	}
	h.out.Steps = append(h.out.Steps, Step{Line: l, Change: it.change, Origin: it.origin, Device: h.devices[h.logs[l.Log].Device],
		ReceiptMS: b.ReceiptMS, EffectiveMS: effective(&it, b.OffsetMS, b.ReceiptMS)})
	return nil
}

// trace reads what the writers had seen when they wrote.
func (h *historian) trace() error {
	var families []int64
	for _, l := range h.logs {
		families = append(families, l.Family)
	}
	slices.Sort(families)
	families = slices.Compact(families)
	all, err := h.tx.LogsOfFamilies(families)
	if err != nil {
		return err
	}
	parents := map[int64]merge.Parent{}
	for i := range all {
		if all[i].AfterLog != 0 {
			parents[all[i].No] = merge.Parent{Log: all[i].AfterLog, Seq: all[i].AfterSeq}
		}
	}
	moved := map[int64]map[changelog.Hash][]merge.Place{}
	for _, f := range families {
		if moved[f], err = h.tx.Moved(f); err != nil {
			return err
		}
	}
	h.out.lineages = map[int64]*merge.Lineage{}
	for no, l := range h.logs {
		h.out.lineages[no] = merge.Trace(no, parents, moved[l.Family])
	}
	return nil
}

// Apply puts one step on a record, which is as the steps before it left it: an empty one at first.
func (h *History) Apply(r *merge.Record, i int) {
	s := &h.Steps[i]
	r.Seq = s.Line.ScopeSeq
	if changelog.OfficeOps[s.Change.Op] {
		applyDecision(r, s.Change, s.Device.Officer, s.ReceiptMS, s.Line.Version)
		return
	}
	applyChange(r, &merge.Write{Log: s.Line.Log, Seq: s.Line.Seq, Origin: s.Origin, Base: s.Change.Base,
		EffectiveMS: s.EffectiveMS, AtMS: s.Change.At, Officer: s.Device.Officer, Device: s.Device.ID,
		Lineage: h.lineages[s.Line.Log], Late: s.Line.Late}, s.Change, s.Line.Version, s.Device.Office)
}
