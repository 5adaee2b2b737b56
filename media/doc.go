// Package media takes in the originals of photos and videos over bad links, proves them, and gives them out again.
//
// A photo is announced by a line of a phone's log, which names the SHA-256 and the size of its original before any byte
// is sent. The bytes come in units of 128 KiB, numbered, in any order, any number of times, from any phone with a right
// to the photo, and wait in a spool. When all are there, the finish reads them back, compares the hash, looks at what
// kind of file it is without decoding it, and puts it into the store, where it is never changed. A line of the server's
// own log is the receipt. What is not what it should be goes to quarantine with a reason.
//
// Units are their device's. Those of several devices are put together when only together they are all, a device's own going
// first; if that is not the original, each device's count by themselves from then on, so that nobody can spoil a photo for
// somebody else, and none but one's own are ever dropped for being wrong.
//
// A [Service] may die at any moment, and several may run over the same stores: what is left is gone on with when the phone
// next sends or asks, and [Service.Janitor] clears away what nobody will go on with.
//
// The package knows neither HTTP nor a database: [Blobs] is the store, [Ledger] what the server knows of photos.
package media
