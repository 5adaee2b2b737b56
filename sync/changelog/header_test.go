package changelog

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
)

const (
	testDevice   = "01900000-0000-7000-8000-00000000d001"
	testEpoch    = "7d0f2a52-6a53-4c1e-9a0b-3f0c1d2e4f60"
	testCampaign = "01900000-0000-7000-8000-0000000ca001"
	testUnit     = "01900000-0000-7000-8000-0000000ab001"
	testScope    = testCampaign + ":" + testUnit
	testID       = "017f8a2c-5400-7000-8000-000000000001"
)

// headerOf returns the header of a batch of lines that starts a log, unsigned.
func headerOf(lines ...[]byte) *Header {
	h := &Header{V: 1, Device: testDevice, Epoch: testEpoch, Count: int64(len(lines)), Sig: make([]byte, 64),
		Prev: Genesis(testDevice, testEpoch), Wall: 1647316805000, LogNext: int64(len(lines))}
	h.Tail = h.Prev
	for _, line := range lines {
		h.Tail = Next(h.Tail, line)
	}
	return h
}

func newKey(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestParseHash(t *testing.T) {
	h := Genesis(testDevice, testEpoch)
	s := h.String()
	if got, err := ParseHash(s); err != nil || got != h {
		t.Fatalf("ParseHash(%s) = %v, %v", s, got, err)
	}
	// 43 characters carry 258 bits: the last two must be zero.
	loose := s[:42] + string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[indexOf64(s[42])|1])
	std := base64.RawStdEncoding.EncodeToString(append(make([]byte, 0, 32), strings.Repeat("\xff", 32)...))
	for _, bad := range []string{"", s + "=", s[:42], s + "A", loose, std, s[:20] + "\n" + s[20:], s[:20] + "\n" + s[21:],
		" " + s[1:], strings.Repeat("A", 44), s[:42] + "é"} {
		if got, err := ParseHash(bad); err == nil {
			t.Errorf("ParseHash(%q) = %v", bad, got)
		}
	}
}

func indexOf64(c byte) int {
	return strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", c)
}

func TestSignature(t *testing.T) {
	key := newKey(t, elliptic.P256())
	h := headerOf([]byte("a"), []byte("b"))
	h.After = &After{Device: testDevice, Epoch: testUnit, Seq: 7, H: h.Prev}
	if err := h.Sign(key); err != nil {
		t.Fatal(err)
	}
	if err := h.Verify(&key.PublicKey); err != nil || len(h.Sig) != 64 {
		t.Fatalf("own signature of %d bytes: %v", len(h.Sig), err)
	}
	for name, change := range map[string]func(*Header){
		"device":       func(h *Header) { h.Device = testUnit },
		"epoch":        func(h *Header) { h.Epoch = testUnit },
		"from":         func(h *Header) { h.From++ },
		"count":        func(h *Header) { h.Count++ },
		"tail":         func(h *Header) { h.Tail[31]++ },
		"no after":     func(h *Header) { h.After = nil },
		"after device": func(h *Header) { h.After.Device = testUnit },
		"after epoch":  func(h *Header) { h.After.Epoch = testEpoch },
		"after seq":    func(h *Header) { h.After.Seq++ },
		"after h":      func(h *Header) { h.After.H[0]++ },
		"sig":          func(h *Header) { h.Sig[40]++ },
		"short sig":    func(h *Header) { h.Sig = h.Sig[:63] },
		"long sig":     func(h *Header) { h.Sig = append(h.Sig, 0) },
		"no sig":       func(h *Header) { h.Sig = nil },
		"zero sig":     func(h *Header) { h.Sig = make([]byte, 64) },
	} {
		c, after := *h, *h.After
		c.After, c.Sig = &after, append([]byte(nil), h.Sig...)
		change(&c)
		if err := c.Verify(&key.PublicKey); problem.CodeOf(err) != problem.BadSignature {
			t.Errorf("%s changed: %v, want bad_signature", name, err)
		}
	}
	claims := *h
	claims.Wall, claims.LogNext, claims.PhotosPending, claims.Acked, claims.ServerEpoch = 1, 2, 3, 4, "x"
	if err := claims.Verify(&key.PublicKey); err != nil {
		t.Errorf("claims are not signed: %v", err)
	}
}

func TestSignatureKeys(t *testing.T) {
	h := headerOf()
	other := newKey(t, elliptic.P384())
	if err := h.Sign(other); err == nil {
		t.Error("signed with P-384")
	}
	if err := h.Sign(nil); err == nil {
		t.Error("signed with no key")
	}
	for name, pub := range map[string]*ecdsa.PublicKey{"nil": nil, "P-384": &other.PublicKey} {
		if err := h.Verify(pub); problem.CodeOf(err) != problem.BadSignature {
			t.Errorf("%s: %v, want bad_signature", name, err)
		}
	}
	// A point that is not on the curve never becomes a key to verify with.
	if _, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), bytes.Repeat([]byte{4}, 65)); err == nil {
		t.Error("a point off the curve became a key")
	}
}

// header returns a good header of no lines with one member replaced ("" leaves it out) or added.
func header(name, value string) string {
	g := Genesis(testDevice, testEpoch).String()
	members := [][2]string{
		{"v", "1"}, {"device", `"` + testDevice + `"`}, {"epoch", `"` + testEpoch + `"`}, {"from", "0"},
		{"count", "0"}, {"prev", `"` + g + `"`}, {"tail", `"` + g + `"`},
		{"sig", `"` + strings.Repeat("A", 86) + `"`}, {"wall", "1647316805000"}, {"log_next", "0"},
	}
	var out []string
	done := false
	for _, m := range members {
		if m[0] == name {
			m[1], done = value, true
		}
		if m[1] != "" {
			out = append(out, fmt.Sprintf("%q:%s", m[0], m[1]))
		}
	}
	if !done && name != "" {
		out = append(out, fmt.Sprintf("%q:%s", name, value))
	}
	return "{" + strings.Join(out, ",") + "}"
}

func TestGoodHeaders(t *testing.T) {
	g := Genesis(testDevice, testEpoch).String()
	after := func(extra string) string {
		return `{"device":"` + testDevice + `","epoch":"` + testUnit + `","seq":0,"h":"` + g + `"` + extra + `}`
	}
	for _, text := range []string{
		header("", ""),
		header("later", `{"a":[1,2.5,{"b":null}]}`),
		header("photos_pending", "3"), header("acked", "9007199254740991"), header("server_epoch", `"é"`),
		header("wall", "0"), header("after", after("")), header("after", after(`,"later":1`)),
		" \t" + strings.ReplaceAll(header("", ""), ",", " , ") + "\r",
		strings.Replace(header("", ""), `"v"`, `"\u0076"`, 1),
	} {
		if _, err := ParseBatch([]byte(text + "\n")); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	b, err := ParseBatch([]byte(header("after", after(""))))
	if err != nil || b.Header.After == nil || b.Header.After.Epoch != testUnit || b.Header.After.H.String() != g {
		t.Errorf("after = %+v, %v", b.Header.After, err)
	}
}

func TestBadHeaders(t *testing.T) {
	g := Genesis(testDevice, testEpoch).String()
	bad := map[string]string{
		"empty": "", "not JSON": "nonsense", "array": "[]", "two": header("", "") + "{}", "cut": header("", "")[:60],
		"duplicate":         strings.Replace(header("", ""), `"v":1`, `"v":1,"v":1`, 1),
		"escaped duplicate": strings.Replace(header("", ""), `"v":1`, `"v":1,"\u0076":1`, 1),
		"nested duplicate":  header("later", `{"a":1,"a":2}`),
		"not UTF-8":         header("later", "\"\xff\""), "lone surrogate": header("later", `"\ud800"`),
		"U+0000": header("later", `"\u0000"`), "deep": header("later", strings.Repeat("[", 32)+strings.Repeat("]", 32)),
		"long": header("later", `"`+strings.Repeat("x", MaxLine)+`"`), "BOM": "\ufeff" + header("", ""),
		"from and count": strings.Replace(header("from", "9007199254740991"), `"count":0`, `"count":1`, 1),
	}
	for _, name := range headerNames {
		bad["no "+name] = header(name, "")
		bad["null "+name] = header(name, "null")
	}
	for _, name := range []string{"from", "count", "wall", "log_next", "photos_pending", "acked"} {
		for _, value := range []string{"-1", "1.0", "1e3", "-0", "9007199254740992", "99999999999999999999", `"1"`, "true"} {
			bad[name+" "+value] = header(name, value)
		}
	}
	for _, value := range []string{"0", "2", "-1", `"1"`, "1.0"} {
		bad["v "+value] = header("v", value)
	}
	for _, value := range []string{`""`, `"` + strings.ToUpper(testDevice) + `"`, `"` + testDevice[:35] + `"`, "7",
		`"{` + testDevice + `}"`, `"` + strings.ReplaceAll(testDevice, "-", "") + `"`, `"` + testDevice + ` "`} {
		bad["device "+value] = header("device", value)
		bad["epoch "+value] = header("epoch", value)
	}
	for _, value := range []string{`""`, "7", `"` + g + `="`, `"` + g[:42] + `"`} {
		bad["prev "+value] = header("prev", value)
		bad["tail "+value] = header("tail", value)
	}
	for _, value := range []string{"7", `"A"`, `"AA=="`, `"+/"`, `"AB"`} {
		bad["sig "+value] = header("sig", value)
	}
	for _, value := range []string{"null", "7", "{}", `{"device":"` + testDevice + `","epoch":"` + testEpoch + `","seq":0}`,
		`{"device":"` + testDevice + `","epoch":"` + testEpoch + `","seq":-1,"h":"` + g + `"}`,
		`{"device":"X","epoch":"` + testEpoch + `","seq":1,"h":"` + g + `"}`} {
		bad["after "+value] = header("after", value)
	}
	bad["server_epoch"] = header("server_epoch", "1")
	for name, text := range bad {
		if _, err := ParseBatch([]byte(text + "\n")); problem.CodeOf(err) != problem.BadHeader {
			t.Errorf("%s: %v, want bad_header", name, err)
		}
	}
}
