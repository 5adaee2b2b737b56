// Package link plays bad networks for tests and measurements: a TCP proxy on loopback with the rate, the delay and the
// cuts of a field link, and an HTTP transport that sends requests twice and out of their order.
//
// A proxy stands before one server. What a phone sends and what it gets share the link as on a mobile line: each way has
// a rate of its own, all connections of a link share it, every byte takes half of the round trip, and from time to time
// all connections are cut at once, in the middle of whatever they carry: by FIN, as when a proxy on the way restarts, or
// by RST. Of what was under way at that moment, half a request comes from that.
//
// What a link decides by chance it draws from its seed, in the order of its decisions. Everything that it starts ends
// with its context or with Close.
package link
