package auth_test

import (
	"crypto/hkdf"
	"crypto/sha256"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
)

func officeKey(t *testing.T, purpose string) []byte {
	t.Helper()
	key, err := hkdf.Key(sha256.New, secret, nil, purpose, 32)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestOfficeTokenRoundTrip(t *testing.T) {
	token, seconds, err := auth.NewOfficeTokens(secret, at(noon)).Issue("ses-1", "off-1")
	if err != nil || seconds != 900 {
		t.Fatal(seconds, err)
	}
	claims, err := auth.NewOfficeTokens(secret, at(noon.Add(15*time.Minute-time.Second))).Verify(token)
	if err != nil || claims != (auth.OfficeClaims{Session: "ses-1", Officer: "off-1"}) {
		t.Errorf("%+v, %v", claims, err)
	}
	_, err = auth.NewOfficeTokens(secret, at(noon.Add(15*time.Minute))).Verify(token)
	wantCode(t, err, problem.TokenExpired)
	for _, names := range [][2]string{{"", "off-1"}, {"ses-1", ""}} {
		if token, _, err := auth.NewOfficeTokens(secret, nil).Issue(names[0], names[1]); err == nil || token != "" {
			t.Errorf("%q: %q, %v", names, token, err)
		}
	}
	if token, _, err := auth.NewOfficeTokens(secret[:31], nil).Issue("ses-1", "off-1"); err == nil || token != "" {
		t.Errorf("a short secret: %q, %v", token, err)
	}
}

// A token of one kind is none of the other, even with the other's audience or under the other's key.
func TestKindsOfTokens(t *testing.T) {
	device, office := auth.NewTokens(secret, at(noon)), auth.NewOfficeTokens(secret, at(noon))
	mine := officeKey(t, "fieldsync/office-token/1")
	good := goodToken(noon).with(object{"aud": []string{"fieldsync/office"}})
	if _, err := office.Verify(sign(t, hsHeader, good, hs256(mine))); err != nil {
		t.Fatal("the token by hand is not good:", err)
	}
	ofDevice, _, err := device.Issue("dev-1", "off-1")
	if err != nil {
		t.Fatal(err)
	}
	ofOffice, _, err := office.Issue("ses-1", "off-1")
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"a device's":                     ofDevice,
		"a device's key, this audience":  sign(t, hsHeader, good, hs256(tokenKey(t, secret))),
		"this key, a device's audience":  sign(t, hsHeader, goodToken(noon), hs256(mine)),
		"this key, both audiences":       sign(t, hsHeader, good.with(object{"aud": []string{"fieldsync/office", "fieldsync/api"}}), hs256(mine)),
		"the secret itself":              sign(t, hsHeader, good, hs256(secret)),
		"unsigned":                       sign(t, object{"alg": "none"}, good, unsigned),
		"the key of the refresh tokens":  sign(t, hsHeader, good, hs256(officeKey(t, "fieldsync/refresh-token/1"))),
		"a refresh token":                refreshByHand(t, "ses-1", "1"),
		"no session":                     sign(t, hsHeader, good.with(object{"sub": nil}), hs256(mine)),
		"a device's that is over":        sign(t, hsHeader, goodToken(noon.Add(-time.Hour)), hs256(tokenKey(t, secret))),
		"this one, of another officer's": strings.Replace(ofOffice, ".", ".A", 1),
	} {
		claims, err := office.Verify(token)
		if wantCode(t, err, problem.Unauthorized); claims != (auth.OfficeClaims{}) {
			t.Errorf("%s: %+v", name, claims)
		}
	}
	for name, token := range map[string]string{
		"the office's":                   ofOffice,
		"the office's key, a device aud": sign(t, hsHeader, goodToken(noon), hs256(mine)),
		"the office's audience":          sign(t, hsHeader, good, hs256(tokenKey(t, secret))),
		"a refresh token":                refreshByHand(t, "ses-1", "1"),
	} {
		claims, err := device.Verify(token)
		if wantCode(t, err, problem.Unauthorized); claims != (auth.Claims{}) {
			t.Errorf("%s: %+v", name, claims)
		}
	}
}

func TestOfficeGuard(t *testing.T) {
	device, office := auth.NewTokens(secret, at(noon)), auth.NewOfficeTokens(secret, at(noon))
	ofDevice, _, _ := device.Issue("dev-1", "off-1")
	ofOffice, _, _ := office.Issue("ses-1", "off-1")
	old, _, _ := auth.NewOfficeTokens(secret, at(noon.Add(-time.Hour))).Issue("ses-1", "off-1")
	app := httpapi.New(httpapi.Options{Log: slog.New(slog.DiscardHandler)})
	who := func(c *fiber.Ctx) error {
		claims, err := auth.OfficeClaimsOf(c)
		if err != nil {
			return err
		}
		return c.SendString(claims.Session + " " + claims.Officer)
	}
	app.Get("/office", auth.Office(office), who)
	app.Get("/device", auth.Device(device), who)
	app.Get("/open", who)
	for _, c := range []struct {
		path, token string
		status      int
		answer      string
	}{
		{"/office", ofOffice, 200, "ses-1 off-1"},
		{"/office", ofDevice, 401, `"code":"unauthorized"`},
		{"/office", old, 401, `"code":"token_expired"`},
		{"/office", "", 401, `"code":"unauthorized"`},
		{"/device", ofOffice, 401, `"code":"unauthorized"`},
		{"/device", ofDevice, 401, `"code":"unauthorized"`}, // a device is no office user
		{"/open", ofOffice, 401, `"code":"unauthorized"`},
	} {
		req, _ := http.NewRequest(http.MethodGet, c.path, nil)
		req.Header.Set("Authorization", "Bearer "+c.token)
		res, err := app.Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != c.status || !strings.Contains(string(body), c.answer) {
			t.Errorf("%s %.9s: %d %s", c.path, c.token, res.StatusCode, body)
		}
	}
}

func TestRefreshCookie(t *testing.T) {
	app := httpapi.New(httpapi.Options{Log: slog.New(slog.DiscardHandler)})
	app.Get("/set", func(c *fiber.Ctx) error { auth.SetRefreshCookie(c, "v1.a.1.b-_", c.Query("tls") != ""); return nil })
	app.Get("/clear", func(c *fiber.Ctx) error { auth.ClearRefreshCookie(c, true); return nil })
	app.Get("/read", func(c *fiber.Ctx) error { return c.SendString(auth.RefreshCookieOf(c)) })
	get := func(path, cookie string) (*http.Response, string) {
		req, _ := http.NewRequest(http.MethodGet, path, nil)
		if cookie != "" {
			req.Header.Set("Cookie", cookie)
		}
		res, err := app.Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		return res, string(body)
	}
	for path, secure := range map[string]bool{"/set": false, "/set?tls=1": true} {
		res, _ := get(path, "")
		list := res.Cookies()
		if len(list) != 1 {
			t.Fatal(list)
		}
		c := list[0]
		if c.Name != "fieldsync_office" || c.Value != "v1.a.1.b-_" || c.Path != "/api/v1/office/session" || c.Domain != "" ||
			!c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.MaxAge != 12*3600 || c.Secure != secure {
			t.Errorf("%s: %s", path, c.Raw)
		}
	}
	res, _ := get("/clear", "")
	if c := res.Cookies()[0]; c.Value != "" || c.Path != "/api/v1/office/session" || c.Expires.IsZero() || c.Expires.After(noon) || !c.HttpOnly || !c.Secure {
		t.Error(c.Raw)
	}
	if _, got := get("/read", "x=1; fieldsync_office=v1.a.1.b-_"); got != "v1.a.1.b-_" {
		t.Error(got)
	}
	if _, got := get("/read", ""); got != "" {
		t.Error(got)
	}
}

func TestSetupToken(t *testing.T) {
	token := auth.NewSetupToken()
	if len(token) != 26 || token == auth.NewSetupToken() {
		t.Error(token)
	}
	want := string(auth.HashSetupToken(token))
	if string(auth.HashSetupToken(" "+strings.ToLower(token)+"\n")) != want || string(auth.HashSetupToken(token+"A")) == want || len(want) != 32 {
		t.Error("hashes of set-up tokens")
	}
}
