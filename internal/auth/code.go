package auth

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// codeAlphabet is Crockford's base32 without 0 and 1: no two of its 30 characters are taken for
// one another when read out or copied by hand.
const codeAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	codeLength = 12 // characters: 58.8 bits
	codeGroup  = 4
)

// NewCode makes an enrolment code such as 7K3M-9XQT-2RHV, every one equally likely. random is
// crypto/rand.Reader but in tests.
func NewCode(random io.Reader) (string, error) {
	const even = 256 - 256%len(codeAlphabet) // bytes from here on would favour some characters
	var out []byte
	var buf [2 * codeLength]byte
	for round := 0; len(out) < codeLength; round++ {
		if round == 100 {
			return "", errors.New("auth: the source of random bytes is stuck")
		}
		if _, err := io.ReadFull(random, buf[:]); err != nil {
			return "", fmt.Errorf("auth: random bytes for a code: %w", err)
		}
		for _, b := range buf {
			if int(b) < even && len(out) < codeLength {
				out = append(out, codeAlphabet[int(b)%len(codeAlphabet)])
			}
		}
	}
	return grouped(string(out)), nil
}

func grouped(s string) string {
	return s[:codeGroup] + "-" + s[codeGroup:2*codeGroup] + "-" + s[2*codeGroup:]
}

// NormalizeCode returns the one spelling of a code that a person typed: case, spaces, dashes of
// any kind and the full-width forms of Chinese keyboards do not matter. The problem is
// bad_code for what cannot be a code.
func NormalizeCode(typed string) (string, error) {
	var b strings.Builder
	for _, r := range typed {
		if r >= '！' && r <= '～' { // U+FF01…U+FF5E are ASCII, wide
			r -= '！' - '!'
		}
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			continue
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		if b.Len() == codeLength || !strings.ContainsRune(codeAlphabet, r) {
			return "", badCode()
		}
		b.WriteByte(byte(r))
	}
	if b.Len() != codeLength {
		return "", badCode()
	}
	return grouped(b.String()), nil
}

func badCode() error {
	return problem.New(problem.BadCode, "That is not an enrolment code. It has %d letters and digits.", codeLength)
}

// HashCode is what the store keeps of a code in the spelling of [NormalizeCode]. A plain hash
// serves since a code is random, single use and lives for days.
func HashCode(code string) [32]byte {
	return sha256.Sum256([]byte("fieldsync/enrolment-code/1\n" + code))
}
