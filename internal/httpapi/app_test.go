package httpapi_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
)

// faulty are routes that end in every kind of fault.
func faulty(app *fiber.App) {
	fail := func(path string, err error) {
		app.Get(path, func(*fiber.Ctx) error { return err })
	}
	fail("/gap", problem.New(problem.Gap, "Lines before %d are missing.", 7).With("next", 3).With("status", 200))
	fail("/store", problem.Wrap(errSecret, problem.Unavailable, "Not available just now."))
	fail("/busy", problem.New(problem.Overloaded, "Too much at once.").RetryAfter(40))
	fail("/wrapped", fmt.Errorf("push: %w", problem.New(problem.Forbidden, "Not yours.")))
	fail("/plain", errSecret)
	fail("/token", problem.New(problem.TokenExpired, "Over."))
	fail("/coded", problem.New("brand_new", "New."))
	fail("/unjson", problem.New(problem.Invalid, "Not a number: \xff").With("n", math.NaN()))
	fail("/fiber", fiber.NewError(fiber.StatusTeapot, secret))
	fail("/fiber501", fiber.NewError(fiber.StatusNotImplemented, secret))
	fail("/late", fmt.Errorf("query: %w", context.DeadlineExceeded))
	fail("/latestore", problem.Wrap(fmt.Errorf("tx: %w", context.DeadlineExceeded), problem.Internal, "Oops."))
	app.Get("/panic", func(*fiber.Ctx) error { panic(secret) })
	app.Get("/panicproblem", func(*fiber.Ctx) error { panic(problem.New(problem.Forbidden, secret)) })
	app.Get("/half", func(c *fiber.Ctx) error {
		httpapi.ETag(c, "abc")
		c.Set(fiber.HeaderContentEncoding, "gzip")
		c.Set(fiber.HeaderCacheControl, "public")
		c.Cookie(&fiber.Cookie{Name: "c", Value: "v"})
		_ = c.SendString("half an answer")
		return errSecret
	})
	app.Get("/ok/:id", func(c *fiber.Ctx) error {
		httpapi.SetDevice(c, "dev-9")
		return httpapi.JSON(c, fiber.StatusCreated, map[string]any{"b": []string(nil), "a": "<\xff>"})
	})
	app.Get("/deadline", httpapi.Deadline(time.Hour), func(c *fiber.Ctx) error {
		at, ok := c.UserContext().Deadline()
		return httpapi.JSON(c, 200, map[string]any{"ok": ok, "long": time.Until(at) > time.Minute})
	})
	app.Get("/default", func(c *fiber.Ctx) error {
		at, ok := c.UserContext().Deadline()
		return httpapi.JSON(c, 200, map[string]any{"ok": ok, "long": time.Until(at) > time.Minute})
	})
}

func TestAnswers(t *testing.T) {
	run(t, faulty, []scenario{
		{
			name: "an answer", url: "/ok/7?code=hush", status: 201,
			headers: map[string]string{"X-Request-Id": "forged\nline"},
			answer:  []string{`{"a":"<` + "\uFFFD" + `>","b":[]}`},
			set: map[string]string{
				"Content-Type": "application/json", "X-Request-Id": "req-1", "Server": "",
				"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
			},
			logged:  []string{`"level":"INFO","msg":"request"`, `"method":"GET"`, `"route":"/ok/:id"`, `"status":201`, `"request_id":"req-1"`, `"device":"dev-9"`, `"duration_ms"`},
			notLogs: []string{"hush", "/ok/7", "forged", `"code"`},
		},
		{
			name: "a problem with members", url: "/gap", status: 409,
			answer: []string{`"type":"urn:fieldsync:problem:gap"`, `"title":"Earlier lines are missing"`, `"status":409`,
				`"detail":"Lines before 7 are missing."`, `"code":"gap"`, `"next":3`, `"request_id":"req-1"`},
			not:    []string{`"status":200`},
			set:    map[string]string{"Content-Type": "application/problem+json", "Retry-After": ""},
			logged: []string{`"level":"INFO"`, `"code":"gap"`},
		},
		{
			name: "a cause is for the log", url: "/store", status: 503,
			answer: []string{`"detail":"Not available just now."`},
			set:    map[string]string{"Retry-After": "5"},
			logged: []string{`"level":"ERROR"`, secret},
		},
		{name: "its own retry time", url: "/busy", status: 429, set: map[string]string{"Retry-After": "40"}},
		{name: "a wrapped problem", url: "/wrapped", status: 403, answer: []string{`"detail":"Not yours."`}, not: []string{"push:"}},
		{name: "any other error", url: "/plain", status: 500, answer: []string{`"code":"internal"`}, logged: []string{secret}},
		{name: "401 names the scheme", url: "/token", status: 401, set: map[string]string{"WWW-Authenticate": `Bearer realm="fieldsync"`}},
		{name: "a code without a status", url: "/coded", status: 500, answer: []string{`"code":"brand_new"`, `"title":"Internal error"`}},
		{name: "a member that is no JSON", url: "/unjson", status: 400, answer: []string{`"code":"invalid"`}, not: []string{`"n":`}},
		{name: "fiber's own errors", url: "/fiber", status: 418, answer: []string{`"code":"invalid"`}, logged: []string{`"route":"none"`}},
		{name: "fiber's 5xx", url: "/fiber501", status: 500, answer: []string{`"code":"internal"`}},
		{name: "out of time", url: "/late", status: 503, answer: []string{`"code":"unavailable"`}, set: map[string]string{"Retry-After": "5"}},
		{name: "out of time under internal", url: "/latestore", status: 503, answer: []string{`"code":"unavailable"`}, not: []string{"Oops"}},
		{name: "a panic", url: "/panic", status: 500, answer: []string{`"code":"internal"`}, logged: []string{`"level":"ERROR"`, secret, `"stack":"goroutine`, `"route":"/panic"`}},
		{name: "a panic with a problem", url: "/panicproblem", status: 500, answer: []string{`"code":"internal"`}},
		{
			name: "half an answer", url: "/half", status: 500, not: []string{"half an answer"},
			set: map[string]string{"ETag": "", "Content-Encoding": "", "Cache-Control": "no-store", "Set-Cookie": ""},
		},
		{name: "nothing there", url: "/nowhere/5?code=hush", status: 404, answer: []string{`"code":"not_found"`}, not: []string{"nowhere", "hush"},
			logged: []string{`"route":"none"`}},
		{name: "case and slashes matter", url: "/Gap", status: 404},
		{name: "a slash too many", url: "/gap/", status: 404},
		{name: "another method", method: http.MethodPut, url: "/gap", status: 405, answer: []string{`"code":"method"`},
			set: map[string]string{"Allow": "GET, HEAD"}},
		{name: "head of a problem", method: http.MethodHead, url: "/gap", status: 409, not: []string{"Lines before"}},
		{name: "the default deadline", url: "/default", status: 200, answer: []string{`{"long":false,"ok":true}`}},
		{name: "a route's own deadline", url: "/deadline", status: 200, answer: []string{`{"long":true,"ok":true}`}},
	})
}

// TestConfig pins the settings that keep data safe; what they guard against shows rarely.
func TestConfig(t *testing.T) {
	c := httpapi.New(httpapi.Options{}).Config()
	if !c.Immutable || c.StreamRequestBody || !c.DisablePreParseMultipartForm || c.ErrorHandler == nil ||
		c.BodyLimit != 2<<20 || c.ReadTimeout <= 0 || c.WriteTimeout <= 0 || c.IdleTimeout <= 0 || c.ServerHeader != "" {
		t.Errorf("%+v", c)
	}
}

func TestETag(t *testing.T) {
	routes := func(app *fiber.App) {
		h := func(c *fiber.Ctx) error {
			if httpapi.ETag(c, "abc") {
				return nil
			}
			return httpapi.JSON(c, 200, "full")
		}
		app.Get("/", h)
		app.Post("/", h)
	}
	var scenarios []scenario
	for value, status := range map[string]int{
		``: 200, `"abc"`: 304, `W/"abc"`: 304, `"x", W/"abc" ,"y"`: 304, `"x","abc"`: 304, `*`: 304, ` * `: 304,
		`"ab"`: 200, `abc`: 200, `"abc`: 200, `"x" "y"`: 200, `"x,abc"`: 200, `w/"abc"`: 200, `"ABC"`: 200, `,,"abc"`: 304,
		`"a,", "abc"`: 304, `*, "x"`: 200,
	} {
		s := scenario{name: "[" + value + "]", url: "/", status: status, set: map[string]string{"ETag": `"abc"`}}
		if value != "" {
			s.headers = map[string]string{"If-None-Match": value}
		}
		if status == 304 {
			s.not = []string{"full"}
			s.set["Content-Type"] = ""
		} else {
			s.answer = []string{`"full"`}
		}
		scenarios = append(scenarios, s)
	}
	run(t, routes, append(scenarios, scenario{
		name: "post", method: http.MethodPost, url: "/", headers: map[string]string{"If-None-Match": `"abc"`}, status: 200,
	}))
}
