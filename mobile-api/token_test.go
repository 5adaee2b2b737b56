package mobileapi_test

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/mobile-api/client"
)

func hs256(key []byte) func(string) []byte {
	return func(text string) []byte {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(text))
		return m.Sum(nil)
	}
}

func unsigned(string) []byte { return nil }

// TestAccessTokens tries every route that needs one with what is none.
func TestAccessTokens(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	p, q := w.phone(officerA), w.phone(officerB)
	p.write(putEvent)
	key, err := hkdf.Key(sha256.New, w.secrets.Token, nil, "fieldsync/access-token/1", 32)
	if err != nil {
		t.Fatal(err)
	}
	now := start / 1000
	claims := members{"iss": "fieldsync", "aud": []string{"fieldsync/api"}, "sub": p.id, "officer": officerA, "iat": now, "exp": now + 900}
	forge := func(header, changes members, sign func(string) []byte) string {
		return jwt(t, members{"alg": "HS256", "typ": "JWT"}.with(header), claims.with(changes), sign)
	}
	if a := w.send(request{method: "GET", path: "/api/v1/setup", token: forge(nil, nil, hs256(key))}); a.status != 200 {
		t.Fatalf("the tests make no good tokens: %d %s", a.status, a.body)
	}
	point, err := p.key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	none := problem.Unauthorized
	bad := map[string]struct {
		authorization string
		code          problem.Code
	}{
		"none":                {"", none},
		"empty":               {"Bearer ", none},
		"another scheme":      {"Basic " + p.token, none},
		"no scheme":           {p.token, none},
		"two tokens":          {"Bearer " + p.token + " " + p.token, none},
		"expired":             {"Bearer " + forge(nil, members{"exp": now - 1}, hs256(key)), problem.TokenExpired},
		"forged claims":       {"Bearer " + swapPart(p.token, 1, q.token), none},
		"forged signature":    {"Bearer " + flipLast(p.token), none},
		"another secret":      {"Bearer " + forge(nil, nil, hs256([]byte("0123456789abcdef0123456789abcdef"))), none},
		"the secret itself":   {"Bearer " + forge(nil, nil, hs256(w.secrets.Token)), none},
		"an empty secret":     {"Bearer " + forge(nil, nil, hs256(nil)), none},
		"alg none":            {"Bearer " + forge(members{"alg": "none"}, nil, unsigned), none},
		"alg None":            {"Bearer " + forge(members{"alg": "None"}, nil, unsigned), none},
		"alg none, signed":    {"Bearer " + forge(members{"alg": "none"}, nil, hs256(key)), none},
		"no alg":              {"Bearer " + forge(members{"alg": nil}, nil, hs256(key)), none},
		"HS512":               {"Bearer " + forge(members{"alg": "HS512"}, nil, hs256(key)), none},
		"ES256 by the device": {"Bearer " + forge(members{"alg": "ES256"}, nil, p.es256), none},
		"HS256 of public key": {"Bearer " + forge(nil, nil, hs256(point)), none},
		"an assertion":        {"Bearer " + p.assertion(nil), none},
		"another audience":    {"Bearer " + forge(nil, members{"aud": "fieldsync"}, hs256(key)), none},
		"another issuer":      {"Bearer " + forge(nil, members{"iss": "x"}, hs256(key)), none},
		"no expiry":           {"Bearer " + forge(nil, members{"exp": nil}, hs256(key)), none},
		"no device":           {"Bearer " + forge(nil, members{"sub": nil}, hs256(key)), none},
		"crit":                {"Bearer " + forge(members{"crit": []string{"x"}, "x": 1}, nil, hs256(key)), none},
		"8 KiB":               {"Bearer " + strings.Repeat("a", 8<<10), none},
	}
	body := p.batch(0).signed()
	var list []scenario
	for name, b := range bad {
		for _, r := range []request{{method: "POST", path: "/api/v1/sync/push", body: body}, {method: "GET", path: "/api/v1/sync/pull"}, {method: "GET", path: "/api/v1/setup"}} {
			r.headers = map[string]string{}
			if b.authorization != "" {
				r.headers["Authorization"] = b.authorization
			}
			list = append(list, scenario{name: name + " " + r.path, request: r, status: 401, code: b.code,
				header: map[string]string{"WWW-Authenticate": "*"}, not: []string{scopeA}})
		}
	}
	list = append(list, scenario{name: "in the URL", request: request{method: "GET", path: "/api/v1/setup?access_token=" + p.token}, status: 401, code: none},
		scenario{name: "of a device that is gone", request: request{method: "GET", path: "/api/v1/setup",
			token: forge(nil, members{"sub": client.NewID()}, hs256(key))}, status: 401, code: problem.UnknownDevice})
	w.harmless(t, list)
	w.later(16 * time.Minute)
	w.run(t, scenario{request: request{method: "GET", path: "/api/v1/setup", token: p.token}, status: 401, code: problem.TokenExpired})
}

func swapPart(token string, n int, from string) string {
	a, b := strings.Split(token, "."), strings.Split(from, ".")
	a[n] = b[n]
	return strings.Join(a, ".")
}

// flipLast changes the first character of the signature: every bit of it counts.
func flipLast(token string) string {
	at := strings.LastIndexByte(token, '.') + 1
	c := byte('A')
	if token[at] == c {
		c = 'B'
	}
	return token[:at] + string(c) + token[at+1:]
}

func TestAssertions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		p, q := w.phone(officerA), w.phone(officerB)
		now := start / 1000
		good := members{"iss": p.id, "sub": p.id, "aud": "fieldsync", "iat": now, "exp": now + 120, "jti": "j"}
		as := func(header, changes members, sign func(string) []byte) string {
			return grant(jwt(t, members{"alg": "ES256", "typ": "JWT"}.with(header), good.with(members{"jti": client.NewID()}).with(changes), sign))
		}
		skew := map[string]string{"server_time": fmt.Sprint(start)}
		post := func(body string) request {
			return request{method: "POST", path: "/api/v1/token", headers: asForm, body: body}
		}
		used := grant(p.assertion(nil))
		w.run(t, scenario{request: post(used), status: 200, want: map[string]string{"token_type": `"Bearer"`, "expires_in": "900", "access_token": "*"},
			header: map[string]string{"Cache-Control": "no-store"}})
		bad := func(name, body string) scenario {
			return scenario{name: name, request: post(body), status: 401, code: problem.BadAssertion, not: []string{"access_token", p.id}}
		}
		w.harmless(t, []scenario{
			{name: "replayed", request: post(used), status: 401, code: problem.Replayed},
			{name: "unknown device", request: post(as(nil, members{"iss": client.NewID(), "sub": client.NewID()}, p.es256)), status: 401, code: problem.UnknownDevice},
			{name: "ahead", request: post(as(nil, members{"iat": now + 301, "exp": now + 400}, p.es256)), status: 401, code: problem.ClockSkew, want: skew},
			{name: "behind", request: post(as(nil, members{"iat": now - 301, "exp": now - 200}, p.es256)), status: 401, code: problem.ClockSkew, want: skew},
			{name: "years behind", request: post(as(nil, members{"iat": 0, "exp": 100}, p.es256)), status: 401, code: problem.ClockSkew, want: skew},
			{name: "expired", request: post(as(nil, members{"iat": now - 100, "exp": now - 50}, p.es256)), status: 401, code: problem.ClockSkew, want: skew},
			bad("wrong aud", as(nil, members{"aud": "else"}, p.es256)),
			bad("two aud", as(nil, members{"aud": []string{"fieldsync", "else"}}, p.es256)),
			bad("no aud", as(nil, members{"aud": nil}, p.es256)),
			bad("sub of another", as(nil, members{"sub": q.id}, p.es256)),
			bad("iss of another", as(nil, members{"iss": q.id, "sub": q.id}, p.es256)),
			bad("no exp", as(nil, members{"exp": nil}, p.es256)),
			bad("exp too late", as(nil, members{"exp": now + 301}, p.es256)),
			bad("exp before iat", as(nil, members{"exp": now - 1}, p.es256)),
			bad("no iat", as(nil, members{"iat": nil}, p.es256)),
			bad("iat a text", as(nil, members{"iat": "now"}, p.es256)),
			bad("iat 1e300", as(nil, members{"iat": json.Number("1e300")}, p.es256)),
			bad("no jti", as(nil, members{"jti": nil}, p.es256)),
			bad("long jti", as(nil, members{"jti": strings.Repeat("j", 101)}, p.es256)),
			bad("jti with U+0000", as(nil, members{"jti": "a\x00b"}, p.es256)),
			bad("iss with U+0000", as(nil, members{"iss": "a\x00b", "sub": "a\x00b"}, p.es256)),
			bad("another key, clock off", as(nil, members{"iat": now + 900, "exp": now + 1000}, q.es256)),
			bad("another key", as(nil, nil, q.es256)),
			bad("alg none", as(members{"alg": "none"}, nil, unsigned)),
			bad("HS256 of the public key", as(members{"alg": "HS256"}, nil, hs256([]byte("key")))),
			bad("ES384", as(members{"alg": "ES384"}, nil, p.es256)),
			bad("own key in the header", as(members{"jwk": members{"kty": "EC"}}, nil, q.es256)),
			bad("crit", as(members{"crit": []string{"x"}, "x": 1}, nil, p.es256)),
			bad("three dots", grant("a.b.c.d")),
			bad("empty", grant("")),
			bad("none", "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"),
			{name: "another grant", request: post("grant_type=password&username=a"), status: 400, code: problem.Invalid},
			{name: "no grant", request: post(""), status: 400, code: problem.Invalid},
			{name: "too long", request: post(grant(strings.Repeat("a", 17<<10))), status: 413, code: problem.TooLarge},
			{name: "in the URL", request: request{method: "POST", path: "/api/v1/token?" + grant(p.assertion(nil)), headers: asForm}, status: 400, code: problem.Invalid},
			{name: "a zipped form of many parts", request: request{method: "POST", path: "/api/v1/token",
				headers: map[string]string{"Content-Type": "multipart/form-data; boundary=b", "Content-Encoding": "gzip"},
				body:    zipped("--b\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\n" + strings.Repeat("x", 4<<20) + "\r\n--b--\r\n")}, status: 400, code: problem.Invalid},
			{name: "given twice", request: post(grant(p.assertion(nil)) + "&" + url.Values{"assertion": {p.assertion(nil)}}.Encode()), status: 400, code: problem.Invalid},
		})
		for name, changes := range map[string]members{"300 s ahead": {"iat": now + 300, "exp": now + 400}, "300 s behind": {"iat": now - 300, "exp": now}, "life of 300 s": {"exp": now + 300}} {
			status := 200
			if name == "300 s behind" { // and just over
				status = 401
			}
			t.Run(name, func(t *testing.T) {
				w.run(t, scenario{request: post(as(nil, changes, p.es256)), status: status})
			})
		}
	})
}

func TestEnrolment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		key, err := client.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		other, err := client.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		post := func(body string) request {
			return request{method: "POST", path: "/api/v1/devices", headers: asJSON, body: body}
		}
		code := w.code(officerA, time.Hour)
		body := enrolBody(t, code, key)
		jwk, err := client.PublicJWK(key)
		if err != nil {
			t.Fatal(err)
		}
		d := b64(big.NewInt(12345).FillBytes(make([]byte, 32)))
		edited := func(old, new string) request {
			if !strings.Contains(body, old) {
				t.Fatalf("the body lacks %q", old)
			}
			return post(strings.Replace(body, old, new, 1))
		}
		invalid := func(name string, r request) scenario {
			return scenario{name: name, request: r, status: 400, code: problem.Invalid, not: []string{jwk.X, d, code}}
		}
		w.harmless(t, []scenario{
			{name: "unknown", request: post(enrolBody(t, "2222-2222-2222", key)), status: 404, code: problem.BadCode, not: []string{"2222"}},
			{name: "no code at all", request: post(enrolBody(t, "", key)), status: 404, code: problem.BadCode},
			{name: "too long", request: post(enrolBody(t, code+"2", key)), status: 404, code: problem.BadCode, not: []string{code}},
			{name: "injection", request: post(enrolBody(t, `' OR '1'='1`, key)), status: 404, code: problem.BadCode},
			invalid("private JWK", edited(`"kty"`, `"d":"`+d+`","kty"`)),
			invalid("private JWK with null", edited(`"kty"`, `"d":null,"kty"`)),
			invalid("another curve", edited("P-256", "P-384")),
			invalid("another type", edited(`"EC"`, `"RSA"`)),
			invalid("a point that is none", edited(jwk.X, jwk.Y)),
			invalid("a point at zero", post(strings.NewReplacer(jwk.X, b64(make([]byte, 32)), jwk.Y, b64(make([]byte, 32))).Replace(body))),
			invalid("short x", edited(jwk.X, jwk.X[:40])),
			invalid("padded x", edited(jwk.X, jwk.X+"=")),
			invalid("for encryption", edited(`"kty"`, `"use":"enc","kty"`)),
			invalid("no key", post(`{"code":"`+code+`","name":"a","platform":"b"}`)),
			invalid("key of null", post(`{"code":"`+code+`","public_key":null}`)),
			invalid("unknown member", edited(`"name"`, `"admin":true,"name"`)),
			invalid("duplicate member", edited(`"name"`, `"code":"x","name"`)),
			invalid("another case", edited(`"name"`, `"Name"`)),
			invalid("long name", edited("摊位手机", strings.Repeat("长", 67))),
			invalid("U+0000 in the name", edited("摊位手机", `a\u0000b`)),
			invalid("U+0000 in the platform", edited(`"test"`, `"a\u0000b"`)),
			invalid("invalid UTF-8", edited("摊位手机", "\xff")),
			invalid("not JSON", post("code="+code)),
			invalid("an array", post("["+body+"]")),
			invalid("nothing", post("")),
			invalid("another content type", request{method: "POST", path: "/api/v1/devices", headers: map[string]string{"Content-Type": "text/plain"}, body: body}),
			{name: "too large", request: edited("摊位手机", strings.Repeat("x", 17<<10)), status: 413, code: problem.TooLarge},
		})
		first := w.run(t, scenario{request: post(strings.Replace(body, code, strings.ToLower(strings.ReplaceAll(code, "-", " ")), 1)), status: 201,
			want: map[string]string{"officer.name": `"外勤甲"`, "officer.role": `"officer"`, "unit.id": `"` + unitA + `"`, "server_time": fmt.Sprint(start)}})
		again := scenario{request: post(body), status: 201, want: map[string]string{"device_id": first.at("device_id")}}
		w.run(t, again)
		w.run(t, scenario{request: post(enrolBody(t, code, other)), status: 409, code: problem.CodeUsed})
		w.later(24 * time.Hour)
		w.run(t, again)
		w.later(time.Second)
		w.run(t, scenario{request: post(body), status: 409, code: problem.CodeUsed})

		short := w.code(officerA, time.Hour)
		w.later(time.Hour)
		lastMoment := w.code(officerB, time.Hour)
		w.later(time.Second)
		w.run(t, scenario{request: post(enrolBody(t, short, other)), status: 410, code: problem.CodeExpired})
		w.run(t, scenario{request: post(enrolBody(t, lastMoment, other)), status: 201, want: map[string]string{"officer.name": `"外勤乙"`}})
	})
}

// TestOfficerLeft: a code that was given to somebody who has left since makes no device.
func TestOfficerLeft(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	key, err := client.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	code := w.code(officerB, time.Hour)
	var version int64
	list, err := w.db.Officers(t.Context(), unitB)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	version = list[0].Version
	w.endOfficer(officerB, version)
	w.run(t, scenario{request: request{method: "POST", path: "/api/v1/devices", headers: asJSON, body: enrolBody(t, code, key)}, status: 404})
}
