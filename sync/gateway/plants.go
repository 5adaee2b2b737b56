package gateway

// The bugs that a build with the tag planted can switch on, one at a time, to prove that the
// simulator would find them. The sixth, "counter", is the store's: the scope counter is not locked.
const (
	plantOverlap = "overlap" // overlapping lines are taken for repeats without comparing hashes
	plantOrig    = "orig"    // the origin of a moved line is ignored
	plantRetract = "retract" // old contributions are not retracted
	plantHeld    = "held"    // held lines are never tried again
	plantBase    = "base"    // the base of a write is ignored
)
