// Package changelog is the wire form of what phones and the office write: a batch of lines of one
// change log, with a signed header and a hash chain, and the change that each line holds.
//
// One phone is one device with one append-only log of lines. A push body is a header line and
// then the lines from seq From on:
//
//	{"v":1,"device":D,"epoch":E,"from":F,"count":N,"prev":H,"tail":H,"sig":S,…}
//	{"at":1647307860000,"scope":"<campaign>:<unit>","op":"tally.add",…}
//	…
//
// ParseBatch judges the transport: header, sizes, chain. What is wrong there is a problem and
// nothing of the body is taken. Header.Verify judges the signature. ParseLine judges one line:
// what is wrong there is a Fault of that line alone, for a line never blocks the ones after it.
//
// Lines are bytes. They are hashed and stored as they came and never written anew, so an unknown
// field of a later version survives. The package is pure: no clock, no database, no HTTP.
package changelog

// Limits of one push. Sizes are bytes after inflating.
const (
	MaxLines = 500      // lines in a batch, the header not counted
	MaxBody  = 1 << 20  // header, lines and newlines
	MaxLine  = 32 << 10 // one line without its newline; a longer one is a fault of that line
)

// maxDepth is how deep objects and arrays may lie in each other, the line itself counted.
const maxDepth = 32
