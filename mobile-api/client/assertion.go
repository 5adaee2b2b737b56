package client

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"time"
)

// assertionLife is how long an assertion says it lives; the server allows 300 s.
const assertionLife = 2 * time.Minute

// claims are those of a device's assertion (RFC 7523 §3).
type claims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience string `json:"aud"`
	IssuedAt int64  `json:"iat"` // s since 1970 UTC
	Expires  int64  `json:"exp"`
	ID       string `json:"jti"`
}

// assertion signs a JWT with which the device proves itself. Every call makes another jti: a used
// one is refused.
func assertion(key *ecdsa.PrivateKey, device string, now time.Time) (string, error) {
	body, err := json.Marshal(claims{Issuer: device, Subject: device, Audience: "fieldsync",
		IssuedAt: now.Unix(), Expires: now.Add(assertionLife).Unix(), ID: NewID()})
	if err != nil {
		return "", err
	}
	text := base64url([]byte(`{"alg":"ES256","typ":"JWT"}`)) + "." + base64url(body)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		return "", err
	}
	var sig [64]byte // r‖s, RFC 7518 §3.4
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return text + "." + base64url(sig[:]), nil
}
