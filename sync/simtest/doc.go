// Package simtest drives many phones against running servers over their real HTTP API, breaks
// everything that breaks in the field, and compares what the office and every phone see at the end
// with an oracle that only adds.
//
// A run is a list of scenarios: a small story of one to five phones (a stand with tallies, a guest
// whose entries arrive before the event, a phone restored from a backup, two values for one
// number …). Each has its own random numbers, drawn from the seed and its place in the list, so a
// seed repeats every decision although the scenarios run side by side. Under the stories lies a
// bad network: replies are lost, bodies cut, phones killed in the middle of a push, batches sent
// again from anywhere. Every kind of fault is counted, and a kind that was asked for and never
// happened fails the run.
//
// When a phone's store has said that a line is safe, the oracle adds what the line must come to
// (oracle*.go). It imports nothing of merging, statistics or the gateway, and never asks what the
// server made of a line. At the end all phones sync until nothing is left; then
//
//   - every total of the office equals the oracle's, blank cells included;
//   - every record's fields, tallies, movements and conflicts are those expected, and there are no
//     others;
//   - every phone's picture, built of many small pulls during the run, equals a fresh pull of all;
//   - the server's heads are the lengths of the phones' logs, and nothing that was acknowledged is
//     beyond them;
//   - exactly the expected lines are held and rejected, and after the office's release none waits.
//
// The world (units, officers, a campaign, enrolment codes) and the office's hands are given by the
// caller, so the package knows only the phones' protocol.
package simtest
