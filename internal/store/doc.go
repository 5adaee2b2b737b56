// Package store keeps everything in one database: SQLite embedded in the program, or PostgreSQL,
// which several servers may share. It implements what the gateway, the phones' HTTP and the
// commands ask of a store, and it is the only importer of GORM.
//
// The schema is hand-written SQL per dialect (migrations/), forward only. GORM opens the database,
// translates errors and serves the seldom-touched tables of people and campaigns with explicit
// columns; the hot path is raw SQL in statements of several rows, prepared once.
//
// SQLite has one writer: a goroutine runs the waiting transactions one after the other, each in a
// savepoint, and commits many with one fsync. A transaction that fails is rolled back alone; a
// failed commit fails them all. On PostgreSQL each transaction is its own, READ COMMITTED, and is
// run again after a deadlock. The order of locks is the protocol's: families, records, scopes,
// totals.
package store
