package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/problem"
)

func sha256Of(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// rfc9449 is the key of RFC 9449 §4.1; its thumbprint is in §6.1 there.
var rfc9449 = object{
	"kty": "EC", "crv": "P-256",
	"x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
	"y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
}

func raw(t *testing.T, o object) []byte {
	t.Helper()
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestThumbprint(t *testing.T) {
	key, err := auth.ParseJWK(raw(t, rfc9449))
	if err != nil {
		t.Fatal(err)
	}
	if got := auth.Thumbprint(key); got != "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" {
		t.Error(got)
	}
}

func TestJWKRoundTrip(t *testing.T) {
	for range 50 { // coordinates with leading zeros are among them now and then
		pub := &newKey(t).PublicKey
		got, err := auth.ParseJWK(auth.EncodeJWK(pub))
		if err != nil || !got.Equal(pub) || auth.Thumbprint(got) != auth.Thumbprint(pub) {
			t.Fatal(got, err)
		}
	}
}

func TestOtherKeysAreNotEncoded(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []*ecdsa.PublicKey{nil, &p384.PublicKey, {}} {
		if auth.EncodeJWK(key) != nil || auth.Thumbprint(key) != "" {
			t.Errorf("%+v was encoded", key)
		}
	}
}

func TestParseJWK(t *testing.T) {
	x, y := rfc9449["x"].(string), rfc9449["y"].(string)
	with := func(changes object) []byte { return raw(t, rfc9449.with(changes)) }
	for name, good := range map[string][]byte{
		"required members":        raw(t, rfc9449),
		"as WebCrypto exports it": with(object{"ext": true, "key_ops": []string{"verify"}}),
		"with use, alg and kid":   with(object{"use": "sig", "alg": "ES256", "kid": "k"}),
	} {
		if _, err := auth.ParseJWK(good); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, bad := range map[string][]byte{
		"empty":                {},
		"null":                 []byte("null"),
		"an array":             []byte("[]"),
		"a string":             []byte(`"key"`),
		"two values":           append(raw(t, rfc9449), "{}"...),
		"a member twice":       []byte(`{"kty":"EC","crv":"P-256","x":"` + x + `","x":"` + x + `","y":"` + y + `"}`),
		"private":              with(object{"d": "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}),
		"private, a null":      []byte(`{"kty":"EC","crv":"P-256","x":"` + x + `","y":"` + y + `","d":null}`),
		"private, a number":    with(object{"d": 5}),
		"RSA":                  raw(t, object{"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
		"symmetric":            raw(t, object{"kty": "oct", "k": "AAAA"}),
		"no kty":               with(object{"kty": nil}),
		"kty in lower case":    with(object{"kty": "ec"}),
		"P-384":                with(object{"crv": "P-384"}),
		"secp256k1":            with(object{"crv": "secp256k1"}),
		"Ed25519":              raw(t, object{"kty": "OKP", "crv": "Ed25519", "x": x}),
		"no y":                 with(object{"y": nil}),
		"short x":              with(object{"x": x[:40]}),
		"long x":               with(object{"x": "AA" + x}),
		"padded x":             with(object{"x": x + "="}),
		"x in plain base64":    with(object{"x": strings.NewReplacer("-", "+", "_", "/").Replace(x)}),
		"x with bits to spare": with(object{"x": x[:42] + "t"}),
		"x with a newline":     with(object{"x": x[:20] + "\n" + x[20:]}),
		"x and y swapped":      with(object{"x": y, "y": x}),
		"off the curve":        with(object{"y": "A" + y[1:]}),
		"zeros":                with(object{"x": strings.Repeat("A", 43), "y": strings.Repeat("A", 43)}),
		"x above the field":    with(object{"x": strings.Repeat("_", 42) + "8"}),
		"for encryption":       with(object{"use": "enc"}),
		"for ES384":            with(object{"alg": "ES384"}),
		"for signing only":     with(object{"key_ops": []string{"sign"}}),
		"for nothing":          with(object{"key_ops": []string{}}),
		"very long":            with(object{"kid": strings.Repeat("k", 3000)}),
	} {
		t.Run(name, func(t *testing.T) {
			key, err := auth.ParseJWK(bad)
			wantCode(t, err, problem.Invalid)
			if key != nil {
				t.Error("a bad key was read")
			}
			if err != nil && strings.Contains(err.Error(), "870MB6") {
				t.Error("the private key is in the error:", err)
			}
		})
	}
}

func FuzzParseJWK(f *testing.F) {
	f.Add([]byte(`{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if key, err := auth.ParseJWK(b); err == nil && auth.Thumbprint(key) == "" {
			t.Fatal("a key without a thumbprint")
		}
	})
}
