package models

import "strings"

// The look-up code of a photo is the first 40 bits of its original's SHA-256, in eight characters of Crockford's base32
// and two groups: 7KQ2-9FXM. It stands on stamped copies and contact sheets, where somebody types it off.
const (
	codeDigits     = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	lookupLength   = 8
	lookupGroup    = 4
	lookupHex      = 10 // hexadecimal digits of the hash that the code holds
	lookupFiveBits = 5
)

// LookupCode returns the look-up code of an original by its SHA-256 in hexadecimal digits, "" for what is no hash.
func LookupCode(sha256 string) string {
	if len(sha256) < lookupHex {
		return ""
	}
	var n uint64
	for _, c := range strings.ToLower(sha256[:lookupHex]) {
		d := strings.IndexRune("0123456789abcdef", c)
		if d < 0 {
			return ""
		}
		n = n<<4 | uint64(d)
	}
	var out [lookupLength]byte
	for i := range out {
		out[lookupLength-1-i] = codeDigits[n&31]
		n >>= lookupFiveBits
	}
	return string(out[:lookupGroup]) + "-" + string(out[lookupGroup:])
}

// LookupPrefix returns what the SHA-256 of an original with this code begins with. Case, spaces and dashes do not matter,
// nor do the full-width forms of Chinese keyboards, and O, I and L are taken for 0 and 1. It is "" for what is no code.
func LookupPrefix(typed string) string {
	var n uint64
	count := 0
	for _, r := range typed {
		if r >= '！' && r <= '～' { // U+FF01…U+FF5E are ASCII, wide
			r -= '！' - '!'
		}
		if strings.ContainsRune(" -–—\t　", r) {
			continue
		}
		switch r = []rune(strings.ToUpper(string(r)))[0]; r {
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		d := strings.IndexRune(codeDigits, r)
		if d < 0 || count == lookupLength {
			return ""
		}
		n, count = n<<lookupFiveBits|uint64(d), count+1
	}
	if count != lookupLength {
		return ""
	}
	var out [lookupHex]byte
	for i := range out {
		out[lookupHex-1-i] = "0123456789abcdef"[n&15]
		n >>= 4
	}
	return string(out[:])
}
