package render

import (
	"encoding/base32"
	"encoding/hex"
	"strings"
)

// crockford leaves out I, L, O and U, which are mistaken for others.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// codeDigits is how many hexadecimal digits of a hash its code tells: 40 bits.
const codeDigits = 10

// LookupCode is the code on a stamped copy by which its original is found, "7K3M-9QXA": the first 40 bits of the hash. It
// is "" for what is no SHA-256.
func LookupCode(sha256hex string) string {
	if len(sha256hex) != 64 {
		return ""
	}
	b, err := hex.DecodeString(sha256hex[:codeDigits])
	if err != nil {
		return ""
	}
	code := crockford.EncodeToString(b)
	return code[:4] + "-" + code[4:]
}

// LookupPrefix is what the hash of the code's original begins with, 10 hexadecimal digits. People type codes: case, spaces
// and dashes do not matter, O is 0, I and L are 1.
func LookupPrefix(code string) (hexPrefix string, ok bool) {
	code = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
	b, err := crockford.DecodeString(code)
	if err != nil || len(b) != codeDigits/2 {
		return "", false
	}
	return hex.EncodeToString(b), true
}
