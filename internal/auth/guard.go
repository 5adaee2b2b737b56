package auth

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
)

// claimsKey and officeKey are the types of the keys under which a request keeps its claims.
type (
	claimsKey struct{}
	officeKey struct{}
)

// Device is the guard of a device's routes: it lets requests with a good access token through
// (Authorization: Bearer, RFC 6750 §2.1; never in the URL or the body) and returns
// unauthorized or token_expired for the rest.
func Device(tokens *Tokens) fiber.Handler {
	return func(c *fiber.Ctx) error {
		token, err := bearer(c)
		if err != nil {
			return err
		}
		claims, err := tokens.Verify(token)
		if err != nil {
			return err
		}
		httpapi.SetDevice(c, claims.Device)
		c.Locals(claimsKey{}, claims)
		return c.Next()
	}
}

// Office is the guard of the office's routes, as [Device] is of a device's. It looks at the token
// alone: whether the session is still open is for [Sessions.Check] to say.
func Office(tokens *OfficeTokens) fiber.Handler {
	return func(c *fiber.Ctx) error {
		token, err := bearer(c)
		if err != nil {
			return err
		}
		claims, err := tokens.Verify(token)
		if err != nil {
			return err
		}
		c.Locals(officeKey{}, claims)
		return c.Next()
	}
}

func bearer(c *fiber.Ctx) (string, error) {
	values := c.Request().Header.PeekAll(fiber.HeaderAuthorization)
	if len(values) == 1 {
		scheme, token, ok := strings.Cut(string(values[0]), " ")
		if ok && strings.EqualFold(scheme, "Bearer") && token != "" {
			return token, nil
		}
	}
	return "", problem.New(problem.Unauthorized, "An access token is needed.").ZH("请先登录。")
}

// ClaimsOf returns who is asking. Behind the guard [Device] it never fails; on a route that the
// guard does not cover it is unauthorized, so that nobody is taken for a device without a name.
func ClaimsOf(c *fiber.Ctx) (Claims, error) {
	claims, ok := c.Locals(claimsKey{}).(Claims)
	if !ok {
		return Claims{}, problem.New(problem.Unauthorized, "An access token is needed.").ZH("请先登录。")
	}
	return claims, nil
}

// OfficeClaimsOf returns which office user is asking. Behind the guard [Office] it never fails; on
// any other route it is unauthorized.
func OfficeClaimsOf(c *fiber.Ctx) (OfficeClaims, error) {
	claims, ok := c.Locals(officeKey{}).(OfficeClaims)
	if !ok {
		return OfficeClaims{}, problem.New(problem.Unauthorized, "An access token is needed.").ZH("请先登录。")
	}
	return claims, nil
}
