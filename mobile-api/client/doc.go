// Package client is a phone in Go: it keeps a change log, pushes it and pulls the records that the
// server made of everybody's. The simulator, the demo and the tests use it; the phone app in the
// browser follows the same rules.
//
//	c, err := client.Open(client.Config{Server: "https://…", Key: key, Store: store})
//	_, err = c.Enrol(ctx, "7K3M-9XQT-2RHV", "square stand", "go")
//	_, err = c.Write(client.Change{"op": "tally.add", "scope": scope, "event": id, "indicator": "consultations", "n": 1})
//	_, err = c.Sync(ctx)
//	ev, ok := c.Event(scope, id)
//
// Write returns when the store says that the line is safe: then a person may be told "saved".
// Push and Pull may fail at any point and be called again; a repeat is success. Nothing retries
// behind the caller's back but what the server asks for: another token, smaller batches, the wait
// of a Retry-After.
//
// Times are milliseconds since 1970-01-01 UTC on the phone's own clock, which may be wrong: lines
// carry it as it stands and the server measures the offset.
package client
