package auth

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// TokenLife is how long an access token is good.
const TokenLife = 15 * time.Minute

// MinSecret is the least length of the installation's secret in bytes (RFC 7518 §3.2).
const MinSecret = 32

// maxToken limits tokens and assertions before anything is decoded, in bytes.
const maxToken = 4096

const (
	tokenIssuer   = "fieldsync"
	tokenAudience = "fieldsync/api"
)

// Claims are what an access token says: who, never what they may do.
type Claims struct {
	Device  string // id of the device
	Officer string // id of the officer the device was bound to when the token was made
}

// Tokens makes and checks access tokens: HS256 under a key derived from the installation's
// secret, so that every server of an installation accepts the tokens of the others.
type Tokens struct {
	key    []byte
	now    func() time.Time
	parser *jwt.Parser
	fault  error // a secret that is too short: nothing is issued, nothing verified
}

// wireClaims is the payload of an access token.
type wireClaims struct {
	Officer string `json:"officer"`
	jwt.RegisteredClaims
}

// NewTokens returns the tokens of an installation. secret is at least [MinSecret] random bytes;
// with a shorter one Issue fails and Verify accepts nothing. now may be nil for time.Now.
func NewTokens(secret []byte, now func() time.Time) *Tokens {
	if now == nil {
		now = time.Now
	}
	t := &Tokens{now: now, parser: newParser(jwt.SigningMethodHS256)}
	if len(secret) < MinSecret {
		t.fault = fmt.Errorf("auth: the secret has %d bytes, at least %d are needed", len(secret), MinSecret)
		return t
	}
	// A key of its own (RFC 5869): the secret may serve other ends too.
	t.key, t.fault = hkdf.Key(sha256.New, secret, nil, "fieldsync/access-token/1", sha256.Size)
	return t
}

// newParser checks form, algorithm and signature. The claims are checked by their readers, in
// an order of their own. Strict decoding leaves one spelling of each token.
func newParser(m jwt.SigningMethod) *jwt.Parser {
	return jwt.NewParser(jwt.WithValidMethods([]string{m.Alg()}),
		jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())
}

// Issue returns an access token for a device and its officer, and the seconds it is good for.
func (t *Tokens) Issue(device, officer string) (token string, expiresIn int, err error) {
	if t.fault != nil {
		return "", 0, t.fault
	}
	if device == "" || officer == "" {
		return "", 0, errors.New("auth: a token names a device and an officer")
	}
	now := t.now()
	token, err = jwt.NewWithClaims(jwt.SigningMethodHS256, wireClaims{
		Officer: officer,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: tokenIssuer, Audience: jwt.ClaimStrings{tokenAudience}, Subject: device,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(TokenLife)),
		},
	}).SignedString(t.key)
	if err != nil {
		return "", 0, fmt.Errorf("auth: sign the token: %w", err)
	}
	return token, int(TokenLife / time.Second), nil
}

// Verify returns what a token says. The problems are token_expired for a token that was good
// once and unauthorized for any other; an error that is no problem is a secret that is too short (RFC 8725 §3: one algorithm, issuer and audience checked,
// an expiry required).
func (t *Tokens) Verify(token string) (Claims, error) {
	if t.fault != nil {
		return Claims{}, t.fault
	}
	var w wireClaims
	if err := t.parse(token, &w); err != nil {
		return Claims{}, problem.Wrap(err, problem.Unauthorized, "The access token is not valid.")
	}
	if !t.now().Before(w.ExpiresAt.Time) {
		return Claims{}, problem.New(problem.TokenExpired, "The access token has expired. Get a new one.")
	}
	return Claims{Device: w.Subject, Officer: w.Officer}, nil
}

// parse checks everything but the time.
func (t *Tokens) parse(token string, w *wireClaims) error {
	if !wellFormed(token) {
		return errors.New("too long or with line breaks")
	}
	parsed, err := t.parser.ParseWithClaims(token, w, func(*jwt.Token) (any, error) { return t.key, nil })
	switch {
	case err != nil:
		return err
	case hasCrit(parsed):
		return errCrit
	case w.Issuer != tokenIssuer:
		return errors.New("another issuer")
	case len(w.Audience) != 1 || w.Audience[0] != tokenAudience:
		return errors.New("another audience")
	case w.ExpiresAt == nil:
		return errors.New("no expiry")
	case w.Subject == "" || w.Officer == "":
		return errors.New("no device or no officer")
	}
	return nil
}

// wellFormed is what is asked of a JWT before anything is decoded. The decoder skips line breaks,
// which would give one token many spellings.
func wellFormed(token string) bool {
	return len(token) <= maxToken && !strings.ContainsAny(token, "\r\n")
}

var errCrit = errors.New("critical header parameters are not understood")

// hasCrit reports extensions that the signer wants understood (RFC 7515 §4.1.11). None is.
func hasCrit(t *jwt.Token) bool {
	_, ok := t.Header["crit"]
	return ok
}
