package httpapi

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/gofiber/fiber/v2"
)

// JSON answers with status and v. A nil slice is [], a nil map {}, and map keys are sorted, so
// equal values are equal bytes. Text that is not UTF-8 is shown with U+FFFD: one bad record must
// not cost a phone its page.
func JSON(c *fiber.Ctx, status int, v any) error {
	raw, err := encode(v)
	if err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	c.Status(status)
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	c.Response().SetBodyRaw(raw)
	return nil
}

func encode(v any) ([]byte, error) {
	return json.Marshal(v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
}

// ETag names the answer to a GET or HEAD with a strong entity tag and reports whether the caller
// already has it; then the answer is 304 without a body and the handler returns nil:
//
//	if httpapi.ETag(c, hash) {
//		return nil
//	}
//
// tag is without quotes and of printable ASCII other than quotes, such as hex or base64url.
// If-None-Match is compared weakly and may be a list or * (RFC 9110 §13.1.2).
func ETag(c *fiber.Ctx, tag string) bool {
	c.Set(fiber.HeaderETag, `"`+tag+`"`)
	if c.Method() != fiber.MethodGet && c.Method() != fiber.MethodHead {
		return false
	}
	for _, value := range c.Request().Header.PeekAll(fiber.HeaderIfNoneMatch) {
		if holds(string(value), tag) {
			c.Status(fiber.StatusNotModified)
			return true
		}
	}
	return false
}

// holds reports whether the list of entity tags names tag. A list that cannot be read holds
// only what came before the fault: a wrong 304 would hide a change, a wrong 200 costs bytes.
func holds(list, tag string) bool {
	if strings.Trim(list, " \t") == "*" {
		return true
	}
	for {
		list = strings.TrimLeft(list, " \t,")
		list = strings.TrimPrefix(list, "W/")
		if !strings.HasPrefix(list, `"`) {
			return false
		}
		opaque, rest, closed := strings.Cut(list[1:], `"`)
		if !closed {
			return false
		}
		if opaque == tag {
			return true
		}
		list = rest
	}
}

// Deadline bounds the work of the handlers after it: their c.UserContext() ends after d. A
// deadline that was set before is replaced, so a slow route may ask for more than the default.
// A handler that returns the context's error is answered with 503.
func Deadline(d time.Duration) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), d)
		defer cancel()
		c.SetUserContext(ctx)
		return c.Next()
	}
}
