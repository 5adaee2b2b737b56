// Package stats turns what was recorded into the official table.
//
// A [Template] is one bureau's form as data: its rows, their units, their places on the sheet
// and the rule by which each row counts. Templates are YAML and are refused with a line number
// when they are not right ([ParseTemplate]); two come with the program ([Builtin]).
//
// A campaign's templates, counting window and time zone compile into a [RuleSet]. It maps one
// merged event or sheet to its [Contribution]s: which row of which template it fills, for which
// unit, by how much, or why it does not count. A contribution depends on one event and the
// rules alone, so a changed event is handled by retracting its old contributions and adding the
// new ones; [Sums] does that in memory, the store does it in the same transaction as the change.
//
// [BuildTable] reads the totals back into the bureau's own layout, which is written as
// canonical csv, csv for the office, plain text and xlsx.
//
// Two figures stand side by side everywhere: reported counts all that is on record, accepted
// only what the central office has accepted. The official one is accepted. Each comes with n, the
// number of entries behind it: a row with no entry prints blank and one whose entries add up to
// nothing prints 0 ("counted: none"), because 视播出情况填写 makes those two answers.
//
// The package is pure: no clock, no database, no HTTP. Values are integers; airtime is minutes
// until it is shown, times are ms since 1970 UTC.
package stats
