package merge_test

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/merge"
	"pgregory.net/rapid"
)

// A history is what happened to one record: several phones wrote, each into its own log, and the
// lines arrived in rounds. Everything but the order of arrival within a round is fixed: what a
// writer had pulled, which lines came late, which log is a fork of which.
type history struct {
	kind   models.Kind
	logs   []*hlog
	rounds int
	drawn  int          // lines that were ever written, also those that were lost
	office []officeStep // before the lines of a round, in its order
}

// hlog is one log: an epoch of one phone of one family.
type hlog struct {
	no, family  int64
	parent, cut int64 // the log it follows and the last common line; parent 0: none
	lines       []hline
}

// hline is one line of a log.
type hline struct {
	log, seq int64
	origin   changelog.Hash
	moved    bool
	pull     int // the round at whose beginning the writer had pulled; −1: never
	round    int // in which it arrives
	eff, at  int64
	late     bool

	fields []changelog.Field // a put
	tally  string            // an increment
	n      int64
	move   *merge.Movement
}

// officeStep is something that the office did at the beginning of a round.
type officeStep struct {
	round   int
	comment bool // else returned
}

var hfields = []string{"title", "leaders", "notes"}

// drawHistory draws a history of one record.
func drawHistory(t *rapid.T) *history {
	h := &history{rounds: rapid.IntRange(1, 4).Draw(t, "rounds")}
	h.kind = rapid.SampledFrom([]models.Kind{models.EventKind, models.LotKind}).Draw(t, "kind")
	for i := range rapid.IntRange(1, 4).Draw(t, "phones") {
		h.logs = append(h.logs, &hlog{no: int64(i + 1), family: int64(i + 1)})
	}
	for r := range h.rounds {
		h.drawForks(t, r)
		for _, l := range h.logs {
			for range rapid.SampledFrom([]int{0, 1, 1, 2, 3}).Draw(t, "lines") {
				h.drawLine(t, l, r)
			}
		}
		if r > 0 && rapid.IntRange(0, 4).Draw(t, "office") == 0 {
			h.office = append(h.office, officeStep{r, rapid.Bool().Draw(t, "comment")})
		}
	}
	return h
}

// drawForks lets phones be restored from a backup or cloned: a new log follows an old one up to a
// common line and moves what came after. The old log may go on.
func (h *history) drawForks(t *rapid.T, round int) {
	for _, l := range slices.Clone(h.logs) {
		if len(l.lines) < 2 || len(h.logs) > 5 || rapid.IntRange(0, 2).Draw(t, "fork") > 0 {
			continue
		}
		cut := rapid.IntRange(0, len(l.lines)-1).Draw(t, "cut")
		if l.lines[cut].round > round {
			continue // the server would not know the common line yet
		}
		f := &hlog{no: int64(len(h.logs) + 1), family: l.family, parent: l.no, cut: int64(cut)}
		kept := rapid.IntRange(cut+1, len(l.lines)).Draw(t, "kept") // what the backup or the clone holds
		for _, x := range l.lines[cut+1 : kept] {
			x.log, x.seq, x.moved, x.round = f.no, int64(len(f.lines)), true, h.arrival(t, f, round)
			f.lines = append(f.lines, x)
		}
		h.logs = append(h.logs, f)
		if rapid.Bool().Draw(t, "lost") { // the old phone is gone with what it had not sent
			h.lose(l, round)
		}
	}
}

// lose takes away what a log had not sent before a round, unless another log follows it.
func (h *history) lose(l *hlog, round int) {
	keep := 0
	for i := range l.lines {
		if l.lines[i].round < round {
			keep = i + 1
		}
	}
	for _, f := range h.logs {
		if f.parent == l.no {
			keep = max(keep, int(f.cut)+1)
		}
	}
	l.lines = l.lines[:keep]
}

// arrival draws the round in which the next line of a log arrives: not before the line in front of
// it, and not before it was written.
func (h *history) arrival(t *rapid.T, l *hlog, written int) int {
	if n := len(l.lines); n > 0 {
		written = max(written, l.lines[n-1].round)
	} else if l.parent != 0 {
		written = max(written, h.logs[l.parent-1].lines[l.cut].round)
	}
	return min(written+rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "delay"), h.rounds-1)
}

func (h *history) drawLine(t *rapid.T, l *hlog, round int) {
	x := hline{log: l.no, seq: int64(len(l.lines)), round: h.arrival(t, l, round)}
	x.pull = rapid.SampledFrom([]int{round, round, round, round - 1, -1}).Draw(t, "pull")
	x.eff = rapid.SampledFrom([]int64{1000, 1000, 1000, 2000, 3000, 0, -7}).Draw(t, "effective")
	x.at = x.eff + rapid.SampledFrom([]int64{0, 0, 86_400_000, -5000}).Draw(t, "skew")
	x.late = rapid.IntRange(0, 9).Draw(t, "late") == 0
	h.drawn++
	x.origin = sha256.Sum256(fmt.Append(nil, h.drawn, " ", rapid.Byte().Draw(t, "salt")))
	switch k := rapid.IntRange(0, 9).Draw(t, "what"); {
	case k == 0 && h.kind == models.EventKind:
		x.tally, x.n = rapid.SampledFrom([]string{"complaints", "consultations"}).Draw(t, "indicator"), rapid.Int64Range(-3, 3).Draw(t, "n")
	case k <= 1 && h.kind == models.LotKind:
		x.move = &merge.Movement{ID: fmt.Sprintf("%02x-%d", x.origin[:4], l.no), Quantity: rapid.Int64Range(1, 9).Draw(t, "quantity"),
			Move: rapid.SampledFrom([]string{models.MoveReceived, models.MoveDestroyed, "lent"}).Draw(t, "move")}
	default:
		x.fields = drawFields(t)
	}
	l.lines = append(l.lines, x)
}

func drawFields(t *rapid.T) []changelog.Field {
	names := rapid.SliceOfNDistinct(rapid.SampledFrom(append([]string{"deleted"}, hfields...)), 1, 3, rapid.ID).Draw(t, "fields")
	out := make([]changelog.Field, len(names))
	for i, name := range names {
		out[i] = changelog.Field{Name: name, Value: rapid.SampledFrom(values[name]).Draw(t, name)}
	}
	return out
}

// values are few, so that equal ones and equal ones in other bytes are common.
var values = map[string][]changelog.Value{
	"title":   {txt("市场"), txt("e\u0301cole"), txt("\u00e9cole"), {Kind: changelog.Null}},
	"leaders": {num(1), num(2), {Kind: changelog.Null}},
	"notes":   {txt(""), txt("x"), {Kind: changelog.Other, Raw: []byte(`{"later":[1.5]}`)}},
	"deleted": {yes(true), yes(true), yes(false), {Kind: changelog.Null}},
}

func txt(s string) changelog.Value { return changelog.Value{Kind: changelog.Text, Text: s} }
func num(n int64) changelog.Value {
	return changelog.Value{Kind: changelog.Int, Int: n}
}
func yes(f bool) changelog.Value { return changelog.Value{Kind: changelog.Flag, Flag: f} }

// place is where a line stands in a history.
type place struct{ log, seq int64 }

// order is an order of arrival: for each round the lines in the order they came.
type order [][]place

// drawOrder draws an order of arrival that respects causality: a log's own order, and a fork after
// the lines it has in common with what it follows.
func (h *history) drawOrder(t *rapid.T) order {
	out := make(order, h.rounds)
	next := make([]int64, len(h.logs)+1)
	for r := range out {
		for {
			var ready []int64
			for _, l := range h.logs {
				n := next[l.no]
				if n < int64(len(l.lines)) && l.lines[n].round == r && (l.parent == 0 || next[l.parent] > l.cut) {
					ready = append(ready, l.no)
				}
			}
			if len(ready) == 0 {
				break
			}
			no := rapid.SampledFrom(ready).Draw(t, "next")
			out[r] = append(out[r], place{no, next[no]})
			next[no]++
		}
	}
	for _, l := range h.logs {
		if next[l.no] != int64(len(l.lines)) {
			t.Fatalf("the history is not one: line %d of log %d never arrives", next[l.no], l.no)
		}
	}
	return out
}

// rules are what merges: the package itself, or a copy with a bug.
type rules struct {
	put func(*merge.Record, *merge.Write, []changelog.Field, int64)
}

var ours = rules{put: (*merge.Record).Put}

// play lets the lines arrive as the gateway would let them: an origin is applied once in a family,
// and a base is the version that stood when the writer pulled.
func (h *history) play(o order, by rules) *merge.Record {
	r := &merge.Record{Scope: "c:u", Kind: h.kind, ID: "r"}
	pulled := make([]int64, h.rounds)
	places := map[int64]map[changelog.Hash][]merge.Place{}
	applied := map[int64]map[changelog.Hash]bool{}
	for round := range o {
		pulled[round] = r.Version
		h.decide(r, round)
		for _, p := range o[round] {
			l := h.logs[p.log-1]
			x := &l.lines[p.seq]
			if applied[l.family] == nil {
				applied[l.family], places[l.family] = map[changelog.Hash]bool{}, map[changelog.Hash][]merge.Place{}
			}
			dup := applied[l.family][x.origin]
			applied[l.family][x.origin] = true
			if dup || x.moved {
				places[l.family][x.origin] = append(places[l.family][x.origin], merge.Place{Log: p.log, Seq: p.seq})
			}
			if !dup {
				h.arrive(r, x, pulled, h.lineage(l, places[l.family]), by)
			}
		}
	}
	return r
}

func (h *history) lineage(l *hlog, places map[changelog.Hash][]merge.Place) *merge.Lineage {
	parents := map[int64]merge.Parent{}
	for _, x := range h.logs {
		if x.parent != 0 {
			parents[x.no] = merge.Parent{Log: x.parent, Seq: x.cut}
		}
	}
	return merge.Trace(l.no, parents, places)
}

func (h *history) arrive(r *merge.Record, x *hline, pulled []int64, lin *merge.Lineage, by rules) {
	family := fmt.Sprint(h.logs[x.log-1].family)
	w := &merge.Write{Log: x.log, Seq: x.seq, Origin: x.origin, EffectiveMS: x.eff, AtMS: x.at,
		Officer: "officer" + family, Device: "device" + family, Lineage: lin, Late: x.late}
	if x.pull >= 0 {
		w.Base = pulled[x.pull]
	}
	switch {
	case x.fields != nil:
		by.put(r, w, x.fields, r.NextVersion(0))
	case x.move != nil:
		r.Move(w, *x.move)
	default:
		r.Add(w, x.tally, x.n)
	}
	r.Touched()
}

func (h *history) decide(r *merge.Record, round int) {
	for _, s := range h.office {
		switch {
		case s.round != round || !r.Exists():
		case s.comment:
			r.Comment("why?", "office", int64(round), r.NextVersion(0))
		default:
			r.Decide(models.ReviewReturned, "photos are missing", "office", int64(round), r.NextVersion(0))
		}
	}
}
