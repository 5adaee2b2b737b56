package changelog

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

// Hash is one link of a log's chain: SHA-256 over the link before it and the bytes of one line.
type Hash [sha256.Size]byte

// strict64 refuses padding and set bits after the last byte, so that one hash has one spelling.
var strict64 = base64.RawURLEncoding.Strict()

var errHash = errors.New("not 32 bytes in canonical base64url")

// String returns h as 43 characters of base64url without padding.
func (h Hash) String() string { return strict64.EncodeToString(h[:]) }

// ParseHash reads what String writes and nothing else: 43 characters, no padding, the bits after
// the last byte zero. The error is not meant for the public.
func ParseHash(s string) (Hash, error) {
	var h Hash
	b, ok := decode64(s)
	if !ok || len(b) != len(h) {
		return Hash{}, errHash
	}
	copy(h[:], b)
	return h, nil
}

// decode64 decodes canonical base64url without padding. Package base64 skips line breaks, so the
// length is compared too.
func decode64(s string) ([]byte, bool) {
	b, err := strict64.DecodeString(s)
	if err != nil || strict64.EncodedLen(len(b)) != len(s) {
		return nil, false
	}
	return b, true
}

// Genesis returns the link before the first line of a log, h(-1). It binds the chain to the
// device and the epoch, so that no line can be shown as one of another log.
func Genesis(device, epoch string) Hash {
	return sha256.Sum256([]byte("fieldsync/1\n" + device + "\n" + epoch + "\n"))
}

// Next returns the link of line after prev. line is what was received, without its newline: it
// is never re-serialised, so a hash means the same to every implementation.
func Next(prev Hash, line []byte) Hash {
	d := sha256.New()
	d.Write(prev[:])
	d.Write(line)
	var h Hash
	d.Sum(h[:0])
	return h
}
