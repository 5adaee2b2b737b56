package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha512"
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/problem"
)

var esHeader = object{"alg": "ES256"}

func goodAssertion(iat int64) object {
	return object{"iss": "dev-1", "sub": "dev-1", "aud": "fieldsync", "iat": iat, "exp": iat + 300, "jti": "j-1"}
}

var errStore = errors.New("the store is away")

// keys knows dev-1 only.
func keys(pub *ecdsa.PublicKey) func(string) (*ecdsa.PublicKey, error) {
	return func(device string) (*ecdsa.PublicKey, error) {
		switch device {
		case "dev-1":
			return pub, nil
		case "dev-gone":
			return nil, problem.New(problem.UnknownDevice, "Gone.")
		case "dev-slow":
			return nil, errStore
		}
		return nil, nil
	}
}

func TestGoodAssertions(t *testing.T) {
	key := newKey(t)
	now := noon.Unix()
	for name, changes := range map[string]object{
		"plain":               {},
		"aud as an array":     {"aud": []string{"fieldsync"}},
		"short life":          {"exp": now + 1},
		"fast clock":          {"iat": now + 300, "exp": now + 600},
		"fractions":           {"iat": float64(now) + 0.7, "exp": float64(now) + 60.7},
		"nbf":                 {"nbf": now},
		"further claims":      {"app": "phone"},
		"the longest jti":     {"jti": strings.Repeat("j", 100)},
		"slow but still good": {"iat": now - 299, "exp": now + 1},
	} {
		t.Run(name, func(t *testing.T) {
			claims := goodAssertion(now).with(changes)
			got, err := auth.ParseAssertion(sign(t, esHeader, claims, es256(t, key)), keys(&key.PublicKey), noon)
			if err != nil {
				t.Fatal(err)
			}
			if got.Device != "dev-1" || got.JTI != claims["jti"] || !got.ExpiresAt.After(got.IssuedAt) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestBadAssertions(t *testing.T) {
	key, stranger := newKey(t), newKey(t)
	now := noon.Unix()
	good := goodAssertion(now)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	signed := sign(t, esHeader, good, es256(t, key))
	parts := strings.Split(signed, ".")
	other := strings.Split(sign(t, esHeader, good.with(object{"jti": "j-2"}), es256(t, key)), ".")
	claims := func(changes object) string { return sign(t, esHeader, good.with(changes), es256(t, key)) }
	der := func(text string) []byte {
		sum := sha256Of(text)
		sig, err := ecdsa.SignASN1(rand.Reader, key, sum)
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
	es384 := func(text string) []byte {
		sum := sha512.Sum384([]byte(text))
		r, s, err := ecdsa.Sign(rand.Reader, p384, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return append(r.FillBytes(make([]byte, 48)), s.FillBytes(make([]byte, 48))...)
	}
	const bad = problem.BadAssertion
	for _, tc := range []struct {
		name      string
		assertion string
		code      problem.Code
	}{
		{"empty", "", bad},
		{"no JWT", "hello", bad},
		{"forged by another key", sign(t, esHeader, good, es256(t, stranger)), bad},
		{"tampered payload", parts[0] + "." + other[1] + "." + parts[2], bad},
		{"tampered header", b64([]byte(`{"alg":"ES256","x":1}`)) + "." + parts[1] + "." + parts[2], bad},
		{"no signature", parts[0] + "." + parts[1] + ".", bad},
		{"signature in DER", sign(t, esHeader, good, der), bad},
		{"signature of zeros", sign(t, esHeader, good, func(string) []byte { return make([]byte, 64) }), bad},
		{"alg none", sign(t, object{"alg": "none"}, good, unsigned), bad},
		{"HS256 with the public key as PEM-less DER", sign(t, object{"alg": "HS256"}, good, hs256(spki)), bad},
		{"HS256 with the public point", sign(t, object{"alg": "HS256"}, good, hs256(point)), bad},
		{"HS256 with the public JWK", sign(t, object{"alg": "HS256"}, good, hs256(auth.EncodeJWK(&key.PublicKey))), bad},
		{"ES384", sign(t, object{"alg": "ES384"}, good, es384), bad},
		{"ES256 named ES512", sign(t, object{"alg": "ES512"}, good, es256(t, key)), bad},
		{"alg in lower case", sign(t, object{"alg": "es256"}, good, es256(t, key)), bad},
		{"a key of its own in the header", sign(t, object{"alg": "ES256", "jwk": string(auth.EncodeJWK(&stranger.PublicKey))}, good, es256(t, stranger)), bad},
		{"crit", sign(t, object{"alg": "ES256", "crit": []string{"exp"}}, good, es256(t, key)), bad},
		{"an access token", sign(t, hsHeader, goodToken(noon), hs256(tokenKey(t, secret))), bad},
		{"iss is not sub", claims(object{"sub": "dev-2"}), bad},
		{"missing sub", claims(object{"sub": nil}), bad},
		{"missing iss", claims(object{"iss": nil}), bad},
		{"long iss", claims(object{"iss": strings.Repeat("d", 101)}), bad},
		{"wrong aud", claims(object{"aud": "other"}), bad},
		{"aud with a second one", claims(object{"aud": []string{"fieldsync", "other"}}), bad},
		{"the same aud twice", claims(object{"aud": []string{"fieldsync", "fieldsync"}}), bad},
		{"missing aud", claims(object{"aud": nil}), bad},
		{"missing jti", claims(object{"jti": nil}), bad},
		{"empty jti", claims(object{"jti": ""}), bad},
		{"long jti", claims(object{"jti": strings.Repeat("j", 101)}), bad},
		{"jti as a number", claims(object{"jti": 5}), bad},
		{"missing iat", claims(object{"iat": nil}), bad},
		{"missing exp", claims(object{"exp": nil}), bad},
		{"too long exp", claims(object{"exp": now + 301}), bad},
		{"exp before iat", claims(object{"exp": now - 1}), bad},
		{"exp at iat", claims(object{"exp": now}), bad},
		{"endless exp", claims(object{"exp": 1e300}), bad},
		{"nbf after iat", claims(object{"nbf": now + 1}), bad},
		{"line breaks", signed[:9] + "\n" + signed[9:], bad},
		{"very long", claims(object{"pad": strings.Repeat("x", 5000)}), bad},
		{"unknown device", claims(object{"iss": "dev-2", "sub": "dev-2"}), problem.UnknownDevice},
		{"device that is gone", claims(object{"iss": "dev-gone", "sub": "dev-gone"}), problem.UnknownDevice},
		{"clock an hour slow", sign(t, esHeader, goodAssertion(now-3600), es256(t, key)), problem.ClockSkew},
		{"clock an hour fast", sign(t, esHeader, goodAssertion(now+3600), es256(t, key)), problem.ClockSkew},
		{"clock 301 s slow", sign(t, esHeader, goodAssertion(now-301), es256(t, key)), problem.ClockSkew},
		{"clock 301 s fast", sign(t, esHeader, goodAssertion(now+301), es256(t, key)), problem.ClockSkew},
		{"clock in 1970", sign(t, esHeader, goodAssertion(0), es256(t, key)), problem.ClockSkew},
		{"expired within the skew", claims(object{"iat": now - 100, "exp": now - 40}), problem.ClockSkew},
		{"expires now", claims(object{"iat": now - 100, "exp": now}), problem.ClockSkew},
		{"forged with a wrong clock", sign(t, esHeader, goodAssertion(now-3600), es256(t, stranger)), bad},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := auth.ParseAssertion(tc.assertion, keys(&key.PublicKey), noon)
			wantCode(t, err, tc.code)
			if got != nil {
				t.Errorf("a bad assertion was read: %+v", got)
			}
			var p *problem.Error
			if !errors.As(err, &p) {
				t.Fatal("no problem")
			}
			if at, told := p.Fields["server_time"]; told != (tc.code == problem.ClockSkew) || told && at != noon.UnixMilli() {
				t.Errorf("server_time %v, code %s", at, p.Code)
			}
		})
	}
}

// The signature comes before the clock: an unsigned caller learns nothing but that it is refused,
// and a store in trouble is neither a bad device nor a bad assertion.
func TestAssertionStoreInTrouble(t *testing.T) {
	key := newKey(t)
	claims := goodAssertion(noon.Unix()).with(object{"iss": "dev-slow", "sub": "dev-slow"})
	_, err := auth.ParseAssertion(sign(t, esHeader, claims, es256(t, key)), keys(&key.PublicKey), noon)
	if !errors.Is(err, errStore) || problem.CodeOf(err) != problem.Internal {
		t.Error(err)
	}
}

// A device that is told the server's time gets in with its second try.
func TestClockSkewHeals(t *testing.T) {
	key := newKey(t)
	for _, off := range []time.Duration{-13 * 24 * time.Hour, -200 * time.Second, 13 * 24 * time.Hour} {
		clock := noon.Add(off).Unix()
		first := goodAssertion(clock).with(object{"exp": clock + 60})
		_, err := auth.ParseAssertion(sign(t, esHeader, first, es256(t, key)), keys(&key.PublicKey), noon)
		var p *problem.Error
		if !errors.As(err, &p) || p.Code != problem.ClockSkew {
			t.Fatalf("%v: %v", off, err)
		}
		told := p.Fields["server_time"].(int64) / 1000
		second := goodAssertion(told).with(object{"exp": told + 60})
		if _, err := auth.ParseAssertion(sign(t, esHeader, second, es256(t, key)), keys(&key.PublicKey), noon); err != nil {
			t.Errorf("%v: %v", off, err)
		}
	}
}

func FuzzParseAssertion(f *testing.F) {
	f.Add("eyJhbGciOiJFUzI1NiJ9.e30.AA")
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := auth.ParseAssertion(s, keys(nil), noon); err == nil {
			t.Fatalf("accepted without a key: %+v", a)
		}
	})
}
