package auth

import (
	"crypto/ecdsa"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// Limits of device assertions.
const (
	AssertionAudience = "fieldsync"
	MaxAssertionLife  = 300 * time.Second // exp − iat
	MaxSkew           = 300 * time.Second // between iat and the server's clock, either way
	MaxJTI            = 100               // bytes
	maxDevice         = 100               // bytes
)

// Assertion is a device's proof of itself, checked but for its use: the store must take its JTI
// only once per device and keep it until IssuedAt + [MaxSkew], after which the assertion is no
// longer accepted anyway.
type Assertion struct {
	Device    string
	JTI       string
	IssuedAt  time.Time
	ExpiresAt time.Time
}

var assertionParser = newParser(jwt.SigningMethodES256)

// ParseAssertion checks a JWT assertion of a device (RFC 7523 §3): ES256 and nothing else,
// iss = sub = the device's id, aud = "fieldsync", iat and exp at most [MaxAssertionLife] apart,
// a jti. key returns the public key of a device, nil for none; its error is returned as it is,
// so that a store in trouble is not taken for a bad device.
//
// The signature is checked before the times. A life that does not hold the server's time, be it
// that iat is more than [MaxSkew] away or that exp has passed, is clock_skew with the member
// server_time (ms since 1970 UTC): the device corrects its clock and signs again. The other
// problems are unknown_device and bad_assertion.
func ParseAssertion(assertion string, key func(device string) (*ecdsa.PublicKey, error), now time.Time) (*Assertion, error) {
	var c jwt.RegisteredClaims
	if err := verifyAssertion(assertion, &c, key); err != nil {
		return nil, err
	}
	if fault := faultOf(&c); fault != "" {
		return nil, problem.New(problem.BadAssertion, "The assertion is not acceptable: %s.", fault)
	}
	if skew := now.Sub(c.IssuedAt.Time); skew > MaxSkew || skew < -MaxSkew {
		return nil, clockSkew("The clock of this device is too far from the server's.", now)
	}
	if !now.Before(c.ExpiresAt.Time) {
		return nil, clockSkew("The assertion has expired.", now)
	}
	return &Assertion{Device: c.Issuer, JTI: c.ID, IssuedAt: c.IssuedAt.Time, ExpiresAt: c.ExpiresAt.Time}, nil
}

// verifyAssertion checks form, algorithm and signature under the key of the device that the
// assertion names.
func verifyAssertion(assertion string, c *jwt.RegisteredClaims, key func(string) (*ecdsa.PublicKey, error)) error {
	if !wellFormed(assertion) {
		return problem.New(problem.BadAssertion, "The assertion is too long or has line breaks.")
	}
	var lookup error
	_, err := assertionParser.ParseWithClaims(assertion, c, func(t *jwt.Token) (any, error) {
		if hasCrit(t) {
			return nil, errCrit
		}
		if c.Issuer == "" || len(c.Issuer) > maxDevice || strings.ContainsRune(c.Issuer, 0) {
			return nil, errors.New("no device id")
		}
		var k *ecdsa.PublicKey
		if k, lookup = key(c.Issuer); lookup != nil {
			return nil, lookup
		}
		if k == nil {
			lookup = problem.New(problem.UnknownDevice, "This device is not known here. Enrol it again.")
			return nil, lookup
		}
		return k, nil
	})
	if lookup != nil {
		return lookup
	}
	if err != nil {
		return problem.Wrap(err, problem.BadAssertion, "The assertion is not validly signed.")
	}
	return nil
}

// faultOf names what is wrong with the claims, whatever the time; empty when nothing is.
func faultOf(c *jwt.RegisteredClaims) string {
	switch {
	case c.Subject != c.Issuer:
		return "iss and sub differ"
	case len(c.Audience) != 1 || c.Audience[0] != AssertionAudience:
		return "aud must be " + AssertionAudience
	case c.ID == "":
		return "jti is missing"
	case len(c.ID) > MaxJTI:
		return "jti is too long"
	case strings.ContainsRune(c.ID, 0):
		return "jti holds U+0000" // which PostgreSQL cannot keep
	case c.IssuedAt == nil:
		return "iat is missing"
	case c.ExpiresAt == nil:
		return "exp is missing"
	case !c.ExpiresAt.After(c.IssuedAt.Time):
		return "exp is not after iat"
	case c.ExpiresAt.Sub(c.IssuedAt.Time) > MaxAssertionLife:
		return "exp is more than 300 seconds after iat"
	case c.NotBefore != nil && c.NotBefore.After(c.IssuedAt.Time):
		return "nbf is after iat"
	}
	return ""
}

func clockSkew(sentence string, now time.Time) error {
	return problem.New(problem.ClockSkew, "%s", sentence).With("server_time", now.UnixMilli())
}
