// Package merge says what is true once several phones have written: pure functions without a
// clock and without a database.
//
// A record is the merged state of one event, lot, photo or sheet of one scope. Its fields are
// multi-value registers: each keeps the writes that no other write had seen (its siblings); two
// siblings with different values are a conflict, kept with all values until a write that has
// seen them all settles it. Tallies and movements add up, so their order does not matter.
// Decisions of the office (review, duplicates, the unit that counts) are ordered by the server.
//
// Given the same effective times, every arrival order of phones' lines that respects causality
// gives the same record, but for version numbers. The property tests hold the package to it.
package merge
