// Package httpapi is the border between Fiber and fieldsync: one application with every setting
// written out, one error handler, limits, strict JSON and limited inflating. The HTTP packages
// (mobile-api, the console) mount their routes on it and hold no HTTP plumbing of their own.
//
// A handler decodes strictly with [Decode] or [Body], calls one method, returns its error as it
// is, and answers with [JSON]. Errors become RFC 9457 problem documents in one place: a
// *problem.Error shows its code and its public sentence, every other error is "internal" and
// shows nothing of itself. Each request is logged once, after it was answered.
//
// Two things to know about Fiber: a caller that hangs up does not cancel the context (so work
// is bounded by [Deadline] alone), and the body limit of the application is one for all routes
// (so a route gives its own, smaller limit to [Body] or [Decode]).
package httpapi

import (
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Defaults of [Options].
const (
	DefaultBodyLimit    = 2 << 20          // bytes, as they come over the wire
	DefaultDeadline     = 20 * time.Second // of the work for one request
	DefaultReadTimeout  = 60 * time.Second // a whole request: 1 MiB at 18 KiB/s
	DefaultWriteTimeout = 60 * time.Second // a whole answer
	DefaultIdleTimeout  = 75 * time.Second // between two requests of one connection
	DefaultConcurrency  = 16 << 10         // open connections
)

// headerBuffer limits the request line and the headers together. The cursor of a pull names up
// to 64 scopes in the URL, which Fiber's 4 KiB do not hold.
const headerBuffer = 16 << 10

// Options are the settings of [New]. The zero value of each field means its default.
type Options struct {
	Log          *slog.Logger  // slog.Default()
	NewID        func() string // makes request ids; 128 random bits
	BodyLimit    int           // bytes, the greatest of all routes; beyond it the connection is closed
	Concurrency  int           // open connections
	Deadline     time.Duration // of every request; a route replaces it with [Deadline]
	ReadTimeout  time.Duration
	WriteTimeout time.Duration
	IdleTimeout  time.Duration
}

func (o Options) filled() Options {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.NewID == nil {
		o.NewID = rand.Text
	}
	if o.BodyLimit <= 0 {
		o.BodyLimit = DefaultBodyLimit
	}
	if o.Concurrency <= 0 {
		o.Concurrency = DefaultConcurrency
	}
	for _, d := range []struct {
		at    *time.Duration
		value time.Duration
	}{
		{&o.Deadline, DefaultDeadline}, {&o.ReadTimeout, DefaultReadTimeout},
		{&o.WriteTimeout, DefaultWriteTimeout}, {&o.IdleTimeout, DefaultIdleTimeout},
	} {
		if *d.at <= 0 {
			*d.at = d.value
		}
	}
	return o
}

// New returns an application without routes. Its middleware gives every request an id, safe
// headers, a deadline, one line in the log and an answer when a handler panics.
func New(o Options) *fiber.App {
	o = o.filled()
	b := &border{log: o.Log, newID: o.NewID}
	app := fiber.New(config(o, b.onError))
	app.Use(b.enter, b.recover, Deadline(o.Deadline))
	return app
}

// config is Fiber's configuration, written out in full so that an upgrade changes nothing
// silently.
func config(o Options, onError fiber.ErrorHandler) fiber.Config {
	return fiber.Config{
		Prefork:                      false,
		ServerHeader:                 "",
		StrictRouting:                true, // one address for one thing
		CaseSensitive:                true,
		Immutable:                    true, // else a kept string changes after the handler returned
		UnescapePath:                 false,
		ETag:                         false, // a CRC of the answer: see ETag for ours
		BodyLimit:                    o.BodyLimit,
		Concurrency:                  o.Concurrency,
		Views:                        nil,
		PassLocalsToViews:            false,
		ReadTimeout:                  o.ReadTimeout,
		WriteTimeout:                 o.WriteTimeout,
		IdleTimeout:                  o.IdleTimeout,
		ReadBufferSize:               headerBuffer,
		WriteBufferSize:              4096,
		CompressedFileSuffix:         ".fiber.gz",
		ProxyHeader:                  "", // no answer depends on the caller's address
		GETOnly:                      false,
		ErrorHandler:                 onError, // the default one sends inner messages
		DisableKeepalive:             false,
		DisableDefaultDate:           false,
		DisableDefaultContentType:    true,
		DisableHeaderNormalizing:     false,
		DisableStartupMessage:        true,
		AppName:                      "",
		StreamRequestBody:            false, // never: a cut link looks like a whole body
		DisablePreParseMultipartForm: true,  // else a multipart body is parsed before any handler
		ReduceMemoryUsage:            false,
		JSONEncoder:                  json.Marshal, // unused: see JSON and Decode
		JSONDecoder:                  json.Unmarshal,
		XMLEncoder:                   xml.Marshal,
		Network:                      fiber.NetworkTCP, // both 4 and 6 when a listener is given
		EnableTrustedProxyCheck:      false,
		TrustedProxies:               nil,
		EnableIPValidation:           false,
		EnablePrintRoutes:            false,
		ColorScheme:                  fiber.DefaultColors,
		RequestMethods:               fiber.DefaultMethods,
		EnableSplittingOnParsers:     false,
	}
}
