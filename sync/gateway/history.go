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

// History is all applied lines of one record, as they were applied: by their places in its scope. It
// holds their places only; the lines themselves are read some at a time.
type History struct {
	tx       HistoryTx
	places   []stepPlace
	logs     map[int64]models.Log
	devices  map[string]models.Device
	lineages map[int64]*merge.Lineage
}

type stepPlace struct {
	merge.Place
	scopeSeq int64
}

// Step is one applied line.
type Step struct {
	Line                   models.Line
	Change                 *changelog.Change
	Origin                 changelog.Hash
	Device                 models.Device
	ReceiptMS, EffectiveMS int64
}

// How many lines are read at once: of those looked through, and of those applied.
const (
	historyWindow = 2000
	historySteps  = 500
)

// ReadHistory finds the lines that made a record of a scope what it is. It writes nothing.
func ReadHistory(tx HistoryTx, scope int64, r *merge.Record) (*History, error) {
	h := &historian{History: History{tx: tx, devices: map[string]models.Device{}, logs: map[int64]models.Log{}}, scope: scope, r: r}
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
	for some := range slices.Chunk(office, historySteps) {
		lines, err := tx.LinesAt(some)
		if err == nil {
			err = h.add(lines)
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(h.places, func(a, b stepPlace) int { return cmp.Compare(a.scopeSeq, b.scopeSeq) })
	h.places = slices.Compact(h.places)
	return &h.History, h.trace()
}

// Len returns how many lines there are, Seq the place of one in the scope.
func (h *History) Len() int        { return len(h.places) }
func (h *History) Seq(i int) int64 { return h.places[i].scopeSeq }

// Each reads the lines of [from, to) and calls fn with each, in order.
func (h *History) Each(from, to int, fn func(i int, s *Step) error) error {
	for ; from < to; from += historySteps {
		some := h.places[from:min(to, from+historySteps)]
		steps, err := h.read(some)
		if err != nil {
			return err
		}
		for i := range some {
			s, ok := steps[some[i].Place]
			if !ok {
				return problem.New(problem.Internal, "a line of the history is gone").
					ZH("历史记录缺少一行，请联系管理员核验数据。")
			}
			if err := fn(from+i, s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *History) read(some []stepPlace) (map[merge.Place]*Step, error) {
	at := make([]merge.Place, len(some))
	for i := range some {
		at[i] = some[i].Place
	}
	lines, err := h.tx.LinesAt(at)
	if err != nil {
		return nil, err
	}
	batches, err := h.tx.BatchesAt(at)
	if err != nil {
		return nil, err
	}
	out := make(map[merge.Place]*Step, len(lines))
	for i := range lines {
		l := &lines[i]
		p := merge.Place{Log: l.Log, Seq: l.Seq}
		b, ok := batches[p]
		it := item{line: *l}
		copy(it.hash[:], l.Hash)
		if it.read(); it.fault == nil && ok {
			out[p] = &Step{Line: *l, Change: it.change, Origin: it.origin, Device: h.devices[h.logs[l.Log].Device],
				ReceiptMS: b.ReceiptMS, EffectiveMS: effective(&it, b.OffsetMS, b.ReceiptMS)}
		}
	}
	return out, nil
}

type historian struct {
	History
	scope int64
	r     *merge.Record
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

// source finds what one log said of the record.
func (h *historian) source(s merge.Source) error {
	for from := s.First; from <= s.Last; from += historyWindow {
		lines, err := h.tx.LinesAbout(s.Log, from, min(s.Last, from+historyWindow-1), h.r.ID)
		if err == nil {
			err = h.add(lines)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// add notes the places of the lines that were applied to the record.
func (h *historian) add(lines []models.Line) error {
	for i := range lines {
		l := &lines[i]
		if l.Status != models.Applied || l.Scope != h.scope {
			continue
		}
		it := item{line: *l}
		if it.read(); it.fault != nil || it.change.RecordKind() != h.r.Kind || it.change.RecordID() != h.r.ID {
			continue
		}
		if len(h.places) == MaxHistory {
			return problem.New(problem.TooLarge, "more than %d lines spoke of this record", MaxHistory).
				ZH("这条记录的变更超过 %d 次，无法全部列出。", MaxHistory)
		}
		h.places = append(h.places, stepPlace{merge.Place{Log: l.Log, Seq: l.Seq}, l.ScopeSeq})
	}
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
	h.lineages = map[int64]*merge.Lineage{}
	for no, l := range h.logs {
		h.lineages[no] = merge.Trace(no, parents, moved[l.Family])
	}
	return nil
}

// Apply puts one step on a record, which is as the steps before it left it: an empty one at first.
func (h *History) Apply(r *merge.Record, s *Step) {
	r.Seq = s.Line.ScopeSeq
	if changelog.OfficeOps[s.Change.Op] {
		applyDecision(r, s.Change, s.Device.Officer, s.ReceiptMS, s.Line.Version)
		return
	}
	applyChange(r, &merge.Write{Log: s.Line.Log, Seq: s.Line.Seq, Origin: s.Origin, Base: s.Change.Base,
		EffectiveMS: s.EffectiveMS, AtMS: s.Change.At, Officer: s.Device.Officer, Device: s.Device.ID,
		Lineage: h.lineages[s.Line.Log], Late: s.Line.Late}, s.Change, s.Line.Version, s.Device.Office)
}
