package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"time"
)

// SetupLife is how long a set-up token is good.
const SetupLife = 24 * time.Hour

// NewSetupToken makes the one-time token with which the first person sets a new installation up: 26
// letters and digits, at least 128 random bits.
func NewSetupToken() string { return rand.Text() }

// HashSetupToken is what the store keeps of a set-up token. Case and spaces around do not matter.
func HashSetupToken(token string) []byte {
	sum := sha256.Sum256([]byte("fieldsync/setup-token/1\n" + strings.ToUpper(strings.TrimSpace(token))))
	return sum[:]
}
