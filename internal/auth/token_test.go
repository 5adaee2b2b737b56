package auth_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/problem"
)

func at(now time.Time) func() time.Time { return func() time.Time { return now } }

func TestTokenRoundTrip(t *testing.T) {
	token, seconds, err := auth.NewTokens(secret, at(noon)).Issue("dev-1", "off-1")
	if err != nil {
		t.Fatal(err)
	}
	if seconds != 900 {
		t.Errorf("good for %d s, want 900", seconds)
	}
	for _, after := range []time.Duration{-time.Minute, 0, 15*time.Minute - time.Second} {
		// Another server of the installation, with a clock of its own.
		claims, err := auth.NewTokens(secret, at(noon.Add(after))).Verify(token)
		if err != nil || claims != (auth.Claims{Device: "dev-1", Officer: "off-1"}) {
			t.Errorf("after %v: %+v, %v", after, claims, err)
		}
	}
	for _, after := range []time.Duration{15 * time.Minute, 365 * 24 * time.Hour} {
		_, err := auth.NewTokens(secret, at(noon.Add(after))).Verify(token)
		wantCode(t, err, problem.TokenExpired)
	}
}

func TestTokenWithoutNames(t *testing.T) {
	tokens := auth.NewTokens(secret, nil)
	for _, names := range [][2]string{{"", "off-1"}, {"dev-1", ""}} {
		if token, _, err := tokens.Issue(names[0], names[1]); err == nil || token != "" {
			t.Errorf("%q: %q, %v", names, token, err)
		}
	}
}

// A short secret must neither make tokens nor accept those of somebody who guessed it.
func TestShortSecret(t *testing.T) {
	for _, short := range [][]byte{nil, {}, secret[:31]} {
		tokens := auth.NewTokens(short, at(noon))
		if token, _, err := tokens.Issue("dev-1", "off-1"); err == nil || token != "" {
			t.Errorf("%d bytes: %q, %v", len(short), token, err)
		}
		for _, key := range [][]byte{nil, short, tokenKey(t, short)} {
			forged := sign(t, hsHeader, goodToken(noon), hs256(key))
			if claims, err := tokens.Verify(forged); err == nil || claims.Device != "" {
				t.Errorf("%d bytes: %+v, %v", len(short), claims, err)
			}
		}
	}
}

var hsHeader = object{"alg": "HS256", "typ": "JWT"}

func goodToken(now time.Time) object {
	return object{"iss": "fieldsync", "aud": []string{"fieldsync/api"}, "sub": "dev-1", "officer": "off-1",
		"iat": now.Unix(), "exp": now.Unix() + 900}
}

func TestBadTokens(t *testing.T) {
	tokens := auth.NewTokens(secret, at(noon))
	key := tokenKey(t, secret)
	good := goodToken(noon)
	signed := sign(t, hsHeader, good, hs256(key))
	if _, err := tokens.Verify(signed); err != nil {
		t.Fatal("the token by hand is not good:", err)
	}
	parts := strings.Split(signed, ".")
	other := strings.Split(sign(t, hsHeader, good.with(object{"sub": "dev-2"}), hs256(key)), ".")
	claims := func(changes object) string { return sign(t, hsHeader, good.with(changes), hs256(key)) }
	header := func(changes object) string { return sign(t, hsHeader.with(changes), good, hs256(key)) }
	device := newKey(t)

	hs512 := func(text string) []byte {
		m := hmac.New(sha512.New, key)
		m.Write([]byte(text))
		return m.Sum(nil)
	}
	rs256 := func(text string) []byte {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(text))
		sig, err := rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}

	for name, token := range map[string]string{
		"empty":                     "",
		"no token":                  "hello",
		"two parts":                 parts[0] + "." + parts[1],
		"four parts":                signed + ".",
		"no signature":              parts[0] + "." + parts[1] + ".",
		"tampered payload":          parts[0] + "." + other[1] + "." + parts[2],
		"padded":                    signed + "=",
		"white space":               signed + "\n",
		"another secret":            sign(t, hsHeader, good, hs256(tokenKey(t, []byte("f123456789abcdef0123456789abcdef")))),
		"the secret itself":         sign(t, hsHeader, good, hs256(secret)),
		"an empty key":              sign(t, hsHeader, good, hs256(nil)),
		"alg none":                  sign(t, object{"alg": "none"}, good, unsigned),
		"alg None":                  sign(t, object{"alg": "None"}, good, unsigned),
		"alg none, signed":          header(object{"alg": "none"}),
		"no alg":                    header(object{"alg": nil}),
		"alg as a number":           header(object{"alg": 256}),
		"HS512":                     sign(t, object{"alg": "HS512"}, good, hs512),
		"ES256 by a device":         sign(t, object{"alg": "ES256"}, good, es256(t, device)),
		"RS256":                     sign(t, object{"alg": "RS256"}, good, rs256),
		"crit":                      header(object{"crit": []string{"b64"}, "b64": false}),
		"another issuer":            claims(object{"iss": "other"}),
		"no issuer":                 claims(object{"iss": nil}),
		"the audience of a device":  claims(object{"aud": "fieldsync"}),
		"no audience":               claims(object{"aud": nil}),
		"two audiences":             claims(object{"aud": []string{"fieldsync/api", "other"}}),
		"missing exp":               claims(object{"exp": nil}),
		"exp as a string":           claims(object{"exp": "tomorrow"}),
		"no device":                 claims(object{"sub": nil}),
		"no officer":                claims(object{"officer": nil}),
		"expired, another audience": claims(object{"exp": noon.Unix() - 9, "aud": "x"}),
		"expired and forged":        sign(t, hsHeader, good.with(object{"exp": noon.Unix() - 9}), hs256(secret)),
		"claims are no object":      b64([]byte(`{"alg":"HS256"}`)) + "." + b64([]byte(`[]`)) + ".AA",
		"very long":                 claims(object{"pad": strings.Repeat("x", 5000)}),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := tokens.Verify(token)
			wantCode(t, err, problem.Unauthorized)
			if got != (auth.Claims{}) {
				t.Errorf("claims of a bad token: %+v", got)
			}
		})
	}
	t.Run("expired", func(t *testing.T) {
		_, err := tokens.Verify(claims(object{"exp": noon.Unix()}))
		wantCode(t, err, problem.TokenExpired)
	})
	// base64 whose last character has bits to spare is a second spelling of the same token.
	t.Run("another spelling", func(t *testing.T) {
		last := signed[len(signed)-1]
		const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		next := alphabet[strings.IndexByte(alphabet, last)+1]
		_, err := tokens.Verify(signed[:len(signed)-1] + string(next))
		wantCode(t, err, problem.Unauthorized)
	})
}
