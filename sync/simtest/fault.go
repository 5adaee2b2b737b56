package simtest

import (
	"slices"
	"sync"
)

// Fault is a kind of trouble. Its text is what reports print and what a command line names.
type Fault string

// The faults of the network and of phones' power.
const (
	LostReply  Fault = "lost-reply"  // the request was applied, the answer never came
	Resend     Fault = "re-send"     // known lines are sent again, from anywhere
	CutBody    Fault = "cut-body"    // the connection broke in the middle of the request
	KillBefore Fault = "kill-before" // the phone died between saving and pushing
	KillIn     Fault = "kill-in"     // the phone died while it pushed
	PlainBody  Fault = "plain-body"  // no compression; the others send gzip
)

// The stories in which something goes wrong or comes in an odd order.
const (
	Restore    Fault = "restore"     // a phone goes back to an older copy of itself and writes on
	Clone      Fault = "clone"       // two phones write on with one log
	MovedTwice Fault = "moved-twice" // a line that was moved once is moved again by an older copy
	WrongClock Fault = "wrong-clock" // 13 days off, jumping
	Silence    Fault = "silence"     // written long ago, pushed at the very end
	Guest      Fault = "guest"       // an officer of another unit, by the event's join secret
	EarlyRef   Fault = "early-ref"   // a tally, movement or photo before what it refers to
	SameMoment Fault = "same-moment" // several phones of a unit push at once
	Clash      Fault = "conflict"    // two values typed for one field, neither knowing the other
	Correction Fault = "correction"  // a later value with an earlier clock
	Delete     Fault = "delete"      // and tallies that come after it
	HeldLine   Fault = "held"        // unknown indicator or op, no right, a base from nowhere
	Accepted   Fault = "accepted"    // entries on an event that the office has accepted
	BadLine    Fault = "bad-line"    // rejected ones among good ones
	DoubleMove Fault = "double-move" // one movement recorded by two phones
)

// The faults of photos on their way. They happen when photos are delivered, by chance, and are counted only.
const (
	PhotoLost Fault = "photo-lost" // what was sent came, the answer did not
	PhotoCut  Fault = "photo-cut"  // the connection broke in the middle of some units
	PhotoKill Fault = "photo-kill" // the phone died while it sent them
)

func photoFaults() []Fault { return []Fault{PhotoLost, PhotoCut, PhotoKill} }

// AllFaults returns every kind.
func AllFaults() []Fault {
	return []Fault{LostReply, Resend, CutBody, KillBefore, KillIn, PlainBody,
		Restore, Clone, MovedTwice, WrongClock, Silence, Guest, EarlyRef, SameMoment, Clash,
		Correction, Delete, HeldLine, Accepted, BadLine, DoubleMove}
}

// tallied counts faults as they happen.
type tallied struct {
	mu     sync.Mutex
	wanted []Fault
	n      map[Fault]int
}

func (t *tallied) wants(f Fault) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Contains(t.wanted, f)
}

func (t *tallied) add(f Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n[f]++
}

// drop stops asking for a fault that cannot be had here.
func (t *tallied) drop(f Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wanted = slices.DeleteFunc(t.wanted, func(g Fault) bool { return g == f })
}

func (t *tallied) total() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	sum := 0
	for _, n := range t.n {
		sum += n
	}
	return sum
}
