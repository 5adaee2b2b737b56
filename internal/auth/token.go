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

// TokenLife is how long an access token is good, of a device or of the office.
const TokenLife = 15 * time.Minute

// MinSecret is the least length of the installation's secret in bytes (RFC 7518 §3.2).
const MinSecret = 32

// maxToken limits tokens and assertions before anything is decoded, in bytes.
const maxToken = 4096

const tokenIssuer = "fieldsync"

// Claims are what a device's access token says: who, never what they may do.
type Claims struct {
	Device  string // id of the device
	Officer string // id of the officer the device was bound to when the token was made
}

// Tokens makes and checks the access tokens of devices: HS256 under a key derived from the
// installation's secret, so that every server of an installation accepts the tokens of the others.
type Tokens struct{ mint mint }

// NewTokens returns the tokens of an installation. secret is at least [MinSecret] random bytes;
// with a shorter one Issue fails and Verify accepts nothing. now may be nil for time.Now.
func NewTokens(secret []byte, now func() time.Time) *Tokens {
	return &Tokens{newMint(secret, "fieldsync/access-token/1", "fieldsync/api", now)}
}

// Issue returns an access token for a device and its officer, and the seconds it is good for.
func (t *Tokens) Issue(device, officer string) (token string, expiresIn int, err error) {
	return t.mint.issue(device, officer)
}

// Verify returns what a token says. The problems are token_expired for a token that was good
// once and unauthorized for any other; an error that is no problem is a secret that is too short.
func (t *Tokens) Verify(token string) (Claims, error) {
	device, officer, err := t.mint.verify(token)
	if err != nil {
		return Claims{}, err
	}
	return Claims{Device: device, Officer: officer}, nil
}

// mint makes and checks one kind of access token (RFC 8725 §3: one algorithm, issuer and audience
// checked, an expiry required). Each kind has a key and an audience of its own (§3.8, §3.9 there),
// so that neither passes for the other.
type mint struct {
	audience string
	key      []byte
	now      func() time.Time
	parser   *jwt.Parser
	fault    error // a secret that is too short: nothing is issued, nothing verified
}

// wireClaims is the payload of an access token; sub is the device or the session.
type wireClaims struct {
	Officer string `json:"officer"`
	jwt.RegisteredClaims
}

func newMint(secret []byte, purpose, audience string, now func() time.Time) mint {
	if now == nil {
		now = time.Now
	}
	m := mint{audience: audience, now: now, parser: newParser(jwt.SigningMethodHS256)}
	m.key, m.fault = deriveKey(secret, purpose)
	return m
}

// deriveKey returns a key of its own for one purpose (RFC 5869): the secret serves several ends.
func deriveKey(secret []byte, purpose string) ([]byte, error) {
	if len(secret) < MinSecret {
		return nil, fmt.Errorf("auth: the secret has %d bytes, at least %d are needed", len(secret), MinSecret)
	}
	return hkdf.Key(sha256.New, secret, nil, purpose, sha256.Size)
}

// newParser checks form, algorithm and signature. The claims are checked by their readers, in
// an order of their own. Strict decoding leaves one spelling of each token.
func newParser(m jwt.SigningMethod) *jwt.Parser {
	return jwt.NewParser(jwt.WithValidMethods([]string{m.Alg()}),
		jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())
}

func (m *mint) issue(subject, officer string) (token string, expiresIn int, err error) {
	if m.fault != nil {
		return "", 0, m.fault
	}
	if subject == "" || officer == "" {
		return "", 0, errors.New("auth: a token names a device or a session, and an officer")
	}
	now := m.now()
	token, err = jwt.NewWithClaims(jwt.SigningMethodHS256, wireClaims{
		Officer: officer,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: tokenIssuer, Audience: jwt.ClaimStrings{m.audience}, Subject: subject,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(TokenLife)),
		},
	}).SignedString(m.key)
	if err != nil {
		return "", 0, fmt.Errorf("auth: sign the token: %w", err)
	}
	return token, int(TokenLife / time.Second), nil
}

func (m *mint) verify(token string) (subject, officer string, err error) {
	if m.fault != nil {
		return "", "", m.fault
	}
	var w wireClaims
	if err := m.parse(token, &w); err != nil {
		return "", "", problem.Wrap(err, problem.Unauthorized, "The access token is not valid.").ZH("登录已失效，请重新登录。")
	}
	if !m.now().Before(w.ExpiresAt.Time) {
		return "", "", problem.New(problem.TokenExpired, "The access token has expired. Get a new one.").
			ZH("登录已过期，请重新登录。")
	}
	return w.Subject, w.Officer, nil
}

// parse checks everything but the time.
func (m *mint) parse(token string, w *wireClaims) error {
	if !wellFormed(token) {
		return errors.New("too long or with line breaks")
	}
	parsed, err := m.parser.ParseWithClaims(token, w, func(*jwt.Token) (any, error) { return m.key, nil })
	switch {
	case err != nil:
		return err
	case hasCrit(parsed):
		return errCrit
	case w.Issuer != tokenIssuer:
		return errors.New("another issuer")
	case len(w.Audience) != 1 || w.Audience[0] != m.audience:
		return errors.New("another audience")
	case w.ExpiresAt == nil:
		return errors.New("no expiry")
	case w.Subject == "" || w.Officer == "":
		return errors.New("no subject or no officer")
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
