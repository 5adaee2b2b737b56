package auth

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

// The refresh token's cookie. Scripts do not see it (HttpOnly), other sites do not send it
// (SameSite=Strict) and it goes to one path only.
const (
	RefreshCookie     = "fieldsync_office"
	RefreshCookiePath = "/api/v1/office/session"
)

// SetRefreshCookie gives the browser a refresh token for as long as the session may be idle. secure
// says that the office is reached by https.
func SetRefreshCookie(c *fiber.Ctx, token string, secure bool) {
	cookie := refreshCookie(token, secure)
	cookie.MaxAge = int(SessionIdle / time.Second)
	c.Cookie(cookie)
}

// ClearRefreshCookie takes the refresh token away from the browser. An error that is returned
// afterwards takes all cookies out of the answer.
func ClearRefreshCookie(c *fiber.Ctx, secure bool) {
	cookie := refreshCookie("", secure)
	cookie.Expires = time.Unix(1, 0) // a Max-Age of 0 is not written
	c.Cookie(cookie)
}

// RefreshCookieOf returns the refresh token that the browser sent, empty for none.
func RefreshCookieOf(c *fiber.Ctx) string { return c.Cookies(RefreshCookie) }

func refreshCookie(value string, secure bool) *fiber.Cookie {
	return &fiber.Cookie{Name: RefreshCookie, Value: value, Path: RefreshCookiePath,
		HTTPOnly: true, Secure: secure, SameSite: fiber.CookieSameSiteStrictMode}
}
