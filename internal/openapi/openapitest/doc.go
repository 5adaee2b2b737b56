// Package openapitest holds the answers of a test suite against an OpenAPI document: status, media
// type and every member of the body. It is stricter than the document that is published: a member
// that the document does not name is a fault.
//
// A suite makes one [Checker] of the routes as they are now and passes each exchange through it.
// With Fiber's own testing, in the one function that sends:
//
//	var described = openapitest.New(console.About(), console.Routes())
//
//	func (w *world) send(q *http.Request) *http.Response {
//		res, err := described.Send(w.TB, w.app, q) // in place of w.app.Test(q, -1)
//		…
//	}
//
// and over a real connection:
//
//	client := &http.Client{Transport: described.Transport(t, http.DefaultTransport)}
//
// [SameRoutes] compares the routes that are registered with those that are described.
package openapitest
