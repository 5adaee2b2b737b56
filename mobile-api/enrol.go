package mobileapi

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/gofiber/fiber/v2"
)

// People is what enrolment and tokens ask of the gateway.
type People interface {
	Enrol(ctx context.Context, code [32]byte, name, platform string, key []byte) (*gateway.Enrolled, error)
	Assertion(ctx context.Context, device, jti string, expiresMS int64) (officer string, err error)
	DeviceKey(ctx context.Context, device string) ([]byte, error)
}

// enrolRequest is what a phone says of itself when it is enrolled.
type enrolRequest struct {
	Code      string          `json:"code"`               // as the office gave it out; case, blanks and dashes do not matter
	Name      string          `json:"name,omitempty"`     // of the phone, for people
	Platform  string          `json:"platform,omitempty"` // such as android
	PublicKey json.RawMessage `json:"public_key"`         // a JWK (RFC 7517): kty EC, crv P-256, x and y
}

// enrolAnswer is what a phone learns when it is enrolled.
type enrolAnswer struct {
	DeviceID   string       `json:"device_id"`
	Officer    person       `json:"officer"`
	Unit       organisation `json:"unit"`
	ServerTime int64        `json:"server_time"` // ms
}

// person is an officer.
type person struct {
	ID   string      `json:"id"`
	Name string      `json:"name"`
	Role models.Role `json:"role"`
}

// organisation is a unit.
type organisation struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// maxName bounds what a phone calls itself, bytes.
const maxName = 200

func (a *API) enrol(c *fiber.Ctx) error {
	r, err := httpapi.Decode[enrolRequest](c, maxSmall)
	if err != nil {
		return err
	}
	if len(r.Name) > maxName || len(r.Platform) > maxName {
		return problem.New(problem.Invalid, "name and platform take at most %d bytes", maxName)
	}
	if strings.ContainsRune(r.Name, 0) || strings.ContainsRune(r.Platform, 0) {
		return problem.New(problem.Invalid, "name and platform hold no U+0000") // PostgreSQL cannot keep it
	}
	code, err := auth.NormalizeCode(r.Code)
	if err != nil {
		return err
	}
	key, err := auth.ParseJWK(r.PublicKey)
	if err != nil {
		return err
	}
	point, err := key.Bytes()
	if err != nil {
		return problem.Wrap(err, problem.Invalid, "the public key is not a point of P-256")
	}
	e, err := a.people.Enrol(c.UserContext(), auth.HashCode(code), r.Name, r.Platform, point)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, fiber.StatusCreated, enrolAnswer{
		DeviceID: e.Device.ID, Officer: person{e.Officer.ID, e.Officer.Name, e.Officer.Role},
		Unit: organisation{e.Unit.ID, e.Unit.Name}, ServerTime: e.NowMS,
	})
}

// grantType is the grant of RFC 7523, section 2.1.
const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// tokenAnswer is an access token (RFC 6749 §5.1).
type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"` // seconds
}

func (a *API) token(c *fiber.Ctx) error {
	if len(c.BodyRaw()) > maxSmall {
		return problem.New(problem.TooLarge, "a token request takes at most %d bytes", maxSmall)
	}
	// The body and nothing else, each parameter once (RFC 6749 §3.2): c.FormValue also reads the URL,
	// which gets into logs, and a multipart body, which it inflates without a limit.
	form := c.Request().PostArgs()
	if string(form.Peek("grant_type")) != grantType || len(form.PeekMulti("grant_type")) > 1 {
		return problem.New(problem.Invalid, "grant_type must be %s, once, in a form", grantType)
	}
	if len(form.PeekMulti("assertion")) > 1 {
		return problem.New(problem.Invalid, "assertion is given more than once")
	}
	now := a.now()
	as, err := auth.ParseAssertion(string(form.Peek("assertion")), func(device string) (*ecdsa.PublicKey, error) {
		raw, err := a.people.DeviceKey(c.UserContext(), device)
		if err != nil || raw == nil {
			return nil, err
		}
		return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw)
	}, now)
	if err != nil {
		return err
	}
	keep := as.IssuedAt.Add(2 * auth.MaxSkew).UnixMilli() // an assertion is good until iat + skew
	officer, err := a.people.Assertion(c.UserContext(), as.Device, as.JTI, keep)
	if err != nil {
		return err
	}
	token, life, err := a.tokens.Issue(as.Device, officer)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, fiber.StatusOK, tokenAnswer{AccessToken: token, TokenType: "Bearer", ExpiresIn: life})
}

// tagOf is the ETag of a document: the hash of what it says.
func tagOf(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16]), nil
}
