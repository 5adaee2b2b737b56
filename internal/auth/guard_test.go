package auth_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
)

func TestGuard(t *testing.T) {
	tokens := auth.NewTokens(secret, at(noon))
	token, _, err := tokens.Issue("dev-1", "off-1")
	if err != nil {
		t.Fatal(err)
	}
	old, _, err := auth.NewTokens(secret, at(noon.Add(-time.Hour))).Issue("dev-1", "off-1")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		path   string
		header []string
		status int
		answer string
		logged string
	}{
		{"good", "/in", []string{"Bearer " + token}, 200, "dev-1 off-1", `"device":"dev-1"`},
		{"scheme in lower case", "/in", []string{"bearer " + token}, 200, "dev-1 off-1", `"device":"dev-1"`},
		{"none", "/in", nil, 401, `"code":"unauthorized"`, `"code":"unauthorized"`},
		{"none but in the query", "/in?access_token=" + token, nil, 401, `"code":"unauthorized"`, ""},
		{"empty", "/in", []string{"Bearer "}, 401, `"code":"unauthorized"`, ""},
		{"no scheme", "/in", []string{token}, 401, `"code":"unauthorized"`, ""},
		{"another scheme", "/in", []string{"Basic " + token}, 401, `"code":"unauthorized"`, ""},
		{"two", "/in", []string{"Bearer " + token, "Bearer " + token}, 401, `"code":"unauthorized"`, ""},
		{"forged", "/in", []string{"Bearer " + token + "x"}, 401, `"code":"unauthorized"`, ""},
		{"expired", "/in", []string{"Bearer " + old}, 401, `"code":"token_expired"`, ""},
		{"a route without a guard", "/out", []string{"Bearer " + token}, 401, `"code":"unauthorized"`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var log bytes.Buffer
			app := httpapi.New(httpapi.Options{Log: slog.New(slog.NewJSONHandler(&log, nil))})
			who := func(c *fiber.Ctx) error {
				claims, err := auth.ClaimsOf(c)
				if err != nil {
					return err
				}
				return c.SendString(claims.Device + " " + claims.Officer)
			}
			app.Get("/in", auth.Device(tokens), who)
			app.Get("/out", who)
			req, _ := http.NewRequest(http.MethodGet, tc.path, nil)
			req.Header["Authorization"] = tc.header
			res, err := app.Test(req, -1)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, _ := io.ReadAll(res.Body)
			if res.StatusCode != tc.status || !strings.Contains(string(body), tc.answer) {
				t.Errorf("%d %s", res.StatusCode, body)
			}
			if (res.Header.Get("WWW-Authenticate") != "") != (tc.status == 401) {
				t.Error("WWW-Authenticate:", res.Header.Get("WWW-Authenticate"))
			}
			if !strings.Contains(log.String(), tc.logged) {
				t.Error("log:", log.String())
			}
			for _, hush := range []string{token, old, string(secret)} {
				if strings.Contains(string(body), hush) || strings.Contains(log.String(), hush) {
					t.Error("a secret got out")
				}
			}
		})
	}
}
