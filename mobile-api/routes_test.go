package mobileapi_test

import (
	"testing"

	"github.com/fieldsync/fieldsync/internal/openapi/openapitest"
	mobileapi "github.com/fieldsync/fieldsync/mobile-api"
	"github.com/gofiber/fiber/v2"
)

func TestEveryRouteIsDescribed(t *testing.T) {
	app := fiber.New()
	mobileapi.New(nil, nil, nil, nil).Routes(app)
	var registered []openapitest.Registered
	for _, r := range app.GetRoutes(true) {
		registered = append(registered, openapitest.Registered{Method: r.Method, Path: r.Path})
	}
	openapitest.SameRoutes(t, mobileapi.About(), mobileapi.Routes(), registered)
}
