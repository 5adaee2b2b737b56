// Package gateway takes the phones' change logs and turns them into records and totals; it is the
// only place where logs are merged. It knows neither HTTP nor a database: it declares the store
// it needs.
//
// A push is one transaction. Before it, the batch is parsed and its signature verified; in it,
// the device's family of logs is locked, overlap and forks are told apart by hashes, every new
// line is judged (applied, held, rejected, duplicate), the records it names are locked and merged,
// the contributions of changed events are retracted from and added to the totals, and the scope's
// counter is raised as late as possible, because it is what others wait for. A line never blocks
// another and never vanishes: held lines are tried again when their cause goes away.
//
// What the office does are lines too, in logs that the server keeps and signs (office.go).
package gateway
