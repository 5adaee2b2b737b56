package mobileapi

import (
	"context"
	"strconv"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/gofiber/fiber/v2"
)

// Gateway is what the phones' HTTP asks of the gateway.
type Gateway interface {
	Push(ctx context.Context, device string, b *changelog.Batch) (*gateway.Answer, error)
	Pull(ctx context.Context, r gateway.PullRequest) (*gateway.Page, error)
	Setup(ctx context.Context, device string) (*gateway.Setup, error)
}

// API serves phones.
type API struct {
	gateway Gateway
	people  People
	tokens  *auth.Tokens
	now     func() time.Time

	photos   Photos // nil, with pictures: there are none here
	pictures Pictures
}

// New returns the phones' HTTP.
func New(g Gateway, people People, tokens *auth.Tokens, now func() time.Time) *API {
	return &API{gateway: g, people: people, tokens: tokens, now: now}
}

// maxSmall bounds the bodies of enrolment and token requests, bytes.
const maxSmall = 16 << 10

// Routes adds the routes to an app.
func (a *API) Routes(app fiber.Router) {
	v1 := app.Group("/api/v1")
	v1.Post("/devices", a.enrol)
	v1.Post("/token", a.token)
	guard := auth.Device(a.tokens)
	v1.Post("/sync/push", guard, a.push)
	v1.Get("/sync/pull", guard, a.pull)
	v1.Get("/setup", guard, a.setup)
	a.photoRoutes(v1, guard)
}

func (a *API) push(c *fiber.Ctx) error {
	claims, err := auth.ClaimsOf(c)
	if err != nil {
		return err
	}
	body, err := httpapi.Body(c, changelog.MaxBody)
	if err != nil {
		return err
	}
	b, err := changelog.ParseBatch(body)
	if err != nil {
		return err
	}
	answer, err := a.gateway.Push(c.UserContext(), claims.Device, b)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, fiber.StatusOK, answer)
}

func (a *API) pull(c *fiber.Ctx) error {
	claims, err := auth.ClaimsOf(c)
	if err != nil {
		return err
	}
	limit := 0
	if s := c.Query("limit"); s != "" {
		if limit, err = strconv.Atoi(s); err != nil || limit < 1 {
			return problem.New(problem.Invalid, "limit is a number of records from 1 to %d", gateway.MaxPage)
		}
	}
	page, err := a.gateway.Pull(c.UserContext(), gateway.PullRequest{
		Device: claims.Device, Cursor: c.Query("cursor"), Limit: limit,
		Unchanged: func(tag string) bool { return httpapi.ETag(c, tag) },
	})
	if err != nil || page.Unchanged {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(page.Body)
}

func (a *API) setup(c *fiber.Ctx) error {
	claims, err := auth.ClaimsOf(c)
	if err != nil {
		return err
	}
	s, err := a.gateway.Setup(c.UserContext(), claims.Device)
	if err != nil {
		return err
	}
	tag, err := tagOf(s)
	if err != nil {
		return err
	}
	if httpapi.ETag(c, tag) {
		return nil
	}
	return httpapi.JSON(c, fiber.StatusOK, s)
}
