package simtest

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"
)

// Report is what a run came to.
type Report struct {
	OK      bool
	Seed    uint64
	Phones  int
	Stories int
	Lines   int64 // saved on phones
	Photos  int   // whose originals had to be delivered
	Pushes  int   // undisturbed ones
	Took    time.Duration
	Rate    float64 // lines a second, over the whole run

	P50, P95, P99 time.Duration // of undisturbed pushes, the time on the wire included

	Faults                           map[Fault]int
	Troubles                         map[string]int // network errors that nobody ordered, and what the phones made of them
	Lost, Doubled, Wrong             int            // findings
	ConflictsExpected, ConflictsHave int
	Held, Rejected                   int // lines that had to be
	Findings                         []string

	// Expected is what the oracle says Table A must hold, by row and unit: a recount that used
	// nothing of the server.
	Expected []Cell
}

// shown is how many findings a report prints.
const shown = 25

func (s *sim) report() *Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	took := time.Since(s.begun)
	r := &Report{Seed: s.cfg.Seed, Phones: len(s.phones), Stories: int(s.stories.Load()), Lines: s.lines.Load(), Photos: len(s.album.shots),
		Pushes: len(s.latencies), Took: took, Rate: float64(s.lines.Load()) / took.Seconds(),
		Faults: s.faults.n, Troubles: s.troubles, ConflictsExpected: s.oracle.conflicts, ConflictsHave: s.conflicts,
		Held: len(s.oracle.held), Rejected: len(s.oracle.rejected)}
	slices.Sort(s.latencies)
	r.P50, r.P95, r.P99 = s.percentile(50), s.percentile(95), s.percentile(99)
	for _, f := range s.findings {
		switch f.class {
		case lost:
			r.Lost++
		case doubled:
			r.Doubled++
		case wrong:
			r.Wrong++
		}
		r.Findings = append(r.Findings, f.text)
	}
	r.OK = len(r.Findings) == 0 && r.ConflictsExpected == r.ConflictsHave
	for at, a := range s.oracle.cells {
		if a.n != 0 {
			r.Expected = append(r.Expected, Cell{Template: tableA, Row: at.row, Unit: at.unit, Reported: a.value, ReportedN: a.n})
		}
	}
	slices.SortFunc(r.Expected, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Row, b.Row))
	})
	return r
}

func (s *sim) percentile(p int) time.Duration {
	if len(s.latencies) == 0 {
		return 0
	}
	return s.latencies[min(len(s.latencies)*p/100, len(s.latencies)-1)]
}

func (r *Report) print(w io.Writer) {
	for i, f := range r.Findings {
		if i == shown {
			fmt.Fprintf(w, "  … and %d more\n", len(r.Findings)-shown)
			break
		}
		fmt.Fprintf(w, "  ! %s\n", f)
	}
	for _, f := range append(AllFaults(), photoFaults()...) {
		if n := r.Faults[f]; n > 0 {
			fmt.Fprintf(w, "  fault %-12s %6d\n", f, n)
		}
	}
	for text, n := range r.Troubles {
		fmt.Fprintf(w, "  trouble %d× %s\n", n, text)
	}
	fmt.Fprintf(w, "seed %d: %d phones, %d stories, %d lines in %.1f s: %.0f changes/s; push p50 %.1f p95 %.1f p99 %.1f ms\n",
		r.Seed, r.Phones, r.Stories, r.Lines, r.Took.Seconds(), r.Rate, ms(r.P50), ms(r.P95), ms(r.P99))
	if r.Photos > 0 {
		fmt.Fprintf(w, "%d photos: originals read back and compared, receipts verified\n", r.Photos)
	}
	verdict := "OK"
	if !r.OK {
		verdict = "FAILED"
	}
	fmt.Fprintf(w, "%s: lost %d, doubled %d, wrong %d; conflicts expected %d found %d; held and released %d, rejected %d\n",
		verdict, r.Lost, r.Doubled, r.Wrong, r.ConflictsExpected, r.ConflictsHave, r.Held, r.Rejected)
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
