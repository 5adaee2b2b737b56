package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"
)

// HeaderRequestID carries the id of a request in its answer. One sent by a caller is ignored:
// ids are made here only, so that nobody writes into the log.
const HeaderRequestID = fiber.HeaderXRequestID

// border is what surrounds every handler.
type border struct {
	log   *slog.Logger
	newID func() string
}

// local is the type of this package's keys in fiber's Locals, so that nobody collides.
type local int

const (
	requestIDKey local = iota + 1
	deviceKey
)

// RequestID returns the id of the request, empty outside of the middleware of [New].
func RequestID(c *fiber.Ctx) string {
	id, _ := c.Locals(requestIDKey).(string)
	return id
}

// SetDevice tells the log which device is asking. The guards of package auth call it.
func SetDevice(c *fiber.Ctx, device string) { c.Locals(deviceKey, device) }

// enter is the outermost middleware: id and headers before the handlers, one log line after.
func (b *border) enter(c *fiber.Ctx) error {
	start := time.Now()
	b.prepare(c)
	err := c.Next()
	if err != nil {
		b.answer(c, err)
	}
	b.line(c, err, time.Since(start))
	return nil
}

// onError answers what never reached the middleware: a body over the limit, headers that are
// too long, a broken or slow request.
func (b *border) onError(c *fiber.Ctx, err error) error {
	b.prepare(c)
	b.answer(c, err)
	b.line(c, err, 0)
	return nil
}

// prepare sets the id and the headers that every answer has. A handler that serves pages or
// files overwrites Cache-Control.
func (b *border) prepare(c *fiber.Ctx) {
	id := b.newID()
	c.Locals(requestIDKey, id)
	c.Set(HeaderRequestID, id)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set(fiber.HeaderCacheControl, "no-store")
}

// line logs the request. Only the pattern of the route is logged: a path or a query may carry
// ids, cursors and secrets.
func (b *border) line(c *fiber.Ctx, err error, took time.Duration) {
	status := c.Response().StatusCode()
	level := slog.LevelInfo
	if status >= fiber.StatusInternalServerError {
		level = slog.LevelError
	}
	attrs := make([]slog.Attr, 0, 9)
	attrs = append(attrs,
		slog.String("method", c.Method()),
		slog.String("route", routeOf(c, err)),
		slog.Int("status", status),
		slog.Float64("duration_ms", float64(took.Microseconds())/1000),
		slog.String("request_id", RequestID(c)))
	if device, ok := c.Locals(deviceKey).(string); ok && device != "" {
		attrs = append(attrs, slog.String("device", device))
	}
	if err != nil {
		attrs = append(attrs, faultAttrs(err)...)
	}
	b.log.LogAttrs(context.Background(), level, "request", attrs...)
}

// recover turns a panic into an error with its stack, which [border.line] logs once.
func (b *border) recover(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &panicked{value: r, stack: debug.Stack()}
		}
	}()
	return c.Next()
}

// panicked is a panic of a handler.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// Unwrap gives nothing away: a panic is always internal, even one with a problem as its value.
func (p *panicked) Unwrap() error { return nil }

// routeOf returns the pattern of the route that answered, or "none" when no route did. Routes
// return problems, so a fiber.Error comes from the router or the server itself.
func routeOf(c *fiber.Ctx, err error) string {
	if _, own := err.(*fiber.Error); own {
		return "none"
	}
	return c.Route().Path
}

// faultAttrs are what the log says of an error: the code, and the cause that nobody else sees.
func faultAttrs(err error) []slog.Attr {
	p, _ := translate(err)
	attrs := []slog.Attr{slog.String("code", string(p.Code))}
	if p.Cause != nil {
		attrs = append(attrs, slog.String("cause", p.Cause.Error()))
	}
	if pan, ok := err.(*panicked); ok {
		attrs = append(attrs, slog.String("stack", string(pan.stack)))
	}
	return attrs
}
