// Package office is what the office sees of what phones and people recorded: pages of events,
// whole histories, the numbers of a table down to their entries, what is held, what phones owe,
// and the audit trail. It reads and writes nothing: what the office does goes through
// [gateway.Gateway.Act], as lines of logs.
//
// Every reading is bounded by a [Reach], the units and campaigns that somebody may look at. What
// lies outside of it does not exist for the reader: no row, no count and no error speaks of it.
//
// Lists come in pages. A cursor is opaque and good only with the query it came from.
package office
