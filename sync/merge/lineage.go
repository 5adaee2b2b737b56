package merge

import "github.com/fieldsync/fieldsync/sync/changelog"

// Place is a position in one log: the server's number of the log and the line's seq in it.
type Place struct{ Log, Seq int64 }

// Lineage tells what the writer of a log had already written when it wrote a line: the earlier
// lines of the same log, and those of the logs it descends from, up to where it left them.
type Lineage struct {
	Log    int64
	Cuts   map[int64]int64            // ancestor log → seq of its last common line
	Places map[changelog.Hash][]Place // origin → every place it stands at in the family
}

// Parent names the log and the last common line that a log follows.
type Parent struct{ Log, Seq int64 }

// Trace follows parents from log upward. A loop, which only a hostile phone can make, ends the
// walk.
func Trace(log int64, parents map[int64]Parent, places map[changelog.Hash][]Place) *Lineage {
	l := &Lineage{Log: log, Places: places}
	for at := log; ; {
		p, ok := parents[at]
		if !ok || p.Log == log {
			return l
		}
		if _, again := l.Cuts[p.Log]; again {
			return l
		}
		if l.Cuts == nil {
			l.Cuts = map[int64]int64{}
		}
		l.Cuts[p.Log] = p.Seq
		at = p.Log
	}
}

// Saw reports whether the line at seq of this log was written by somebody who had written s.
func (l *Lineage) Saw(seq int64, s *Sibling) bool {
	if l.before(seq, Place{s.Log, s.Seq}) {
		return true
	}
	for _, p := range l.Places[s.Origin] {
		if l.before(seq, p) {
			return true
		}
	}
	return false
}

func (l *Lineage) before(seq int64, p Place) bool {
	if p.Log == l.Log {
		return p.Seq < seq
	}
	cut, ok := l.Cuts[p.Log]
	return ok && p.Seq <= cut
}
