package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// maxJWK limits a key in its JSON form, in bytes.
const maxJWK = 2048

// coordinate is the length of x and y on P-256 in bytes (RFC 7518 §6.2.1.2).
const coordinate = 32

var base64url = base64.RawURLEncoding.Strict()

// jwk are the members of an EC key that are looked at (RFC 7517 §4, RFC 7518 §6.2). Others are
// ignored, as the RFC demands.
type jwk struct {
	KeyType string         `json:"kty"`
	Curve   string         `json:"crv"`
	X       string         `json:"x"`
	Y       string         `json:"y"`
	D       jsontext.Value `json:"d"`
	Use     *string        `json:"use"`
	Alg     *string        `json:"alg"`
	KeyOps  []string       `json:"key_ops"`
}

// ParseJWK reads the public key of a device: kty EC, crv P-256, a point on the curve. A private
// key is refused, since one that was sent is no longer private; so is a key that is declared for
// another use. The problem is invalid, without a word of the key.
func ParseJWK(raw []byte) (*ecdsa.PublicKey, error) {
	if len(raw) > maxJWK {
		return nil, badKey("is too long")
	}
	var k jwk
	if err := json.Unmarshal(raw, &k); err != nil {
		return nil, badKey("is not a JWK")
	}
	switch {
	case k.D != nil:
		return nil, badKey("is a private key: send the public one only")
	case k.KeyType != "EC" || k.Curve != "P-256":
		return nil, badKey("must be an EC key on P-256")
	case k.Use != nil && *k.Use != "sig", k.Alg != nil && *k.Alg != "ES256",
		k.KeyOps != nil && !slices.Contains(k.KeyOps, "verify"):
		return nil, badKey("is not for ES256 signatures")
	}
	x, okX := decodeCoordinate(k.X)
	y, okY := decodeCoordinate(k.Y)
	if !okX || !okY {
		return nil, badKey("needs x and y as 32 bytes in base64url")
	}
	pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
	if err != nil {
		return nil, badKey("is not a point on P-256")
	}
	return pub, nil
}

// decodeCoordinate reads x or y. The decoder skips line breaks, so the text is measured too.
func decodeCoordinate(s string) ([]byte, bool) {
	b, err := base64url.DecodeString(s)
	return b, err == nil && len(b) == coordinate && len(s) == base64url.EncodedLen(coordinate)
}

func badKey(fault string) error {
	return problem.New(problem.Invalid, "The public key %s.", fault).With("field", "public_key")
}

// EncodeJWK returns a P-256 public key as a JWK with the required members only, in the one
// spelling that RFC 7638 §3 hashes. It returns nil for a key that is not on P-256.
func EncodeJWK(key *ecdsa.PublicKey) []byte {
	if key == nil || key.Curve != elliptic.P256() {
		return nil
	}
	point, err := key.Bytes()
	if err != nil {
		return nil
	}
	x, y := point[1:1+coordinate], point[1+coordinate:]
	return []byte(`{"crv":"P-256","kty":"EC","x":"` + base64url.EncodeToString(x) +
		`","y":"` + base64url.EncodeToString(y) + `"}`)
}

// Thumbprint names a P-256 public key: the SHA-256 of its canonical JWK in unpadded base64url,
// 43 characters (RFC 7638). It is empty for a key that is not on P-256.
func Thumbprint(key *ecdsa.PublicKey) string {
	canonical := EncodeJWK(key)
	if canonical == nil {
		return ""
	}
	sum := sha256.Sum256(canonical)
	return base64url.EncodeToString(sum[:])
}
