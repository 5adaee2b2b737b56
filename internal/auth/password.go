package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// Parameters of new password hashes: argon2id (RFC 9106) with the least memory and passes that the
// OWASP Password Storage Cheat Sheet allows.
const (
	hashMemory  = 19456 // KiB, 19 MiB
	hashTime    = 2     // passes
	hashThreads = 1
	hashSalt    = 16 // bytes (RFC 9106 §3.1)
	hashKey     = 32 // bytes
)

// Bounds of the hashes that are looked at: a damaged one must not eat the machine.
const (
	maxHashMemory  = 64 << 10 // KiB
	maxHashTime    = 10
	maxHashThreads = 4
	maxHashBytes   = 64 // of salt and key each
	minHashBytes   = 8  // of the salt; of the key twice as many
)

// maxHashing is how many passwords are hashed at once, by this process: 19 MiB of memory and one
// core for some 50 ms each. Others wait up to hashWait for their turn.
const (
	maxHashing = 2
	hashWait   = 3 * time.Second
	hashRetry  = 2 // seconds
)

var hashing = make(chan struct{}, maxHashing)

// maxTyped limits what is normalised at all, in bytes.
const maxTyped = 1024

// nobody is the hash that is compared when there is none, so that it takes as long. No password is
// known for it.
var nobody = phc{hashMemory, hashTime, hashThreads, make([]byte, hashSalt), make([]byte, hashKey)}

// HashPassword returns an argon2id hash of the NFKC form of a password as a PHC string,
// $argon2id$v=19$m=19456,t=2,p=1$salt$hash. The problem is overloaded when too many passwords are
// at work; it waits for its turn until ctx ends or some seconds have passed.
func HashPassword(ctx context.Context, password string) (string, error) {
	done, err := hashTurn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return newHash(password), nil
}

// CheckPassword reports whether a password belongs to a hash, in a time that does not depend on
// either, and whether the hash was made with less work than [HashPassword] asks for today. No
// password belongs to a hash that cannot be read. The problem is that of HashPassword.
func CheckPassword(ctx context.Context, hash, password string) (ok, stale bool, err error) {
	done, err := hashTurn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	ok, stale = checkHash(hash, password)
	return ok, stale, nil
}

// hashTurn waits until a password may be hashed. The caller calls done after that.
func hashTurn(ctx context.Context) (done func(), err error) {
	wait := time.NewTimer(hashWait)
	defer wait.Stop()
	select {
	case hashing <- struct{}{}:
		return func() { <-hashing }, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-wait.C:
		err = errors.New("auth: waited too long for a turn")
	}
	return nil, problem.Wrap(err, problem.Overloaded, "Too many people are signing in. Try again.").
		ZH("同时登录的人太多，请稍后再试。").RetryAfter(hashRetry)
}

func newHash(password string) string {
	p := nobody
	p.salt = make([]byte, hashSalt)
	rand.Read(p.salt) // never fails
	p.key = p.keyOf(password)
	return p.String()
}

func checkHash(hash, password string) (ok, stale bool) {
	p, err := parsePHC(hash)
	if err != nil || len(password) > maxTyped {
		p, password = &nobody, "" // as much work, for nothing
	}
	same := subtle.ConstantTimeCompare(p.keyOf(password), p.key) == 1
	ok = same && p != &nobody
	return ok, ok && p.weak()
}

// phc is an argon2id hash, taken apart.
type phc struct {
	memory    uint32 // KiB
	time      uint32
	threads   uint8
	salt, key []byte
}

func (p *phc) keyOf(password string) []byte {
	return argon2.IDKey(norm.NFKC.Bytes([]byte(password)), p.salt, p.time, p.memory, p.threads, uint32(len(p.key)))
}

// weak reports a hash that costs a thief less than a new one, or that holds less.
func (p *phc) weak() bool {
	return p.memory < hashMemory || p.time < hashTime || len(p.salt) < hashSalt || len(p.key) < hashKey
}

func (p *phc) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.time, p.threads,
		phc64.EncodeToString(p.salt), phc64.EncodeToString(p.key))
}

// phc64 is the base64 of PHC strings: no padding, no bits to spare.
var phc64 = base64.RawStdEncoding.Strict()

// parsePHC reads a hash in the one spelling that String gives it.
func parsePHC(s string) (*phc, error) {
	parts := strings.Split(s, "$")
	if len(s) > 300 || len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return nil, errors.New("auth: not an argon2id hash")
	}
	var n [3]uint64
	params := strings.Split(parts[3], ",")
	if len(params) != len(n) {
		return nil, errors.New("auth: another set of parameters")
	}
	for i, bound := range [...]struct {
		name string
		most uint64
	}{{"m=", maxHashMemory}, {"t=", maxHashTime}, {"p=", maxHashThreads}} {
		var err error
		if n[i], err = strconv.ParseUint(strings.TrimPrefix(params[i], bound.name), 10, 32); err != nil || n[i] < 1 || n[i] > bound.most {
			return nil, fmt.Errorf("auth: parameter %s of a hash is out of bounds", bound.name)
		}
	}
	salt, err1 := phc64.DecodeString(parts[4])
	key, err2 := phc64.DecodeString(parts[5])
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	p := &phc{uint32(n[0]), uint32(n[1]), uint8(n[2]), salt, key}
	switch {
	case p.memory < 8*uint32(p.threads): // RFC 9106 §3.1
		return nil, errors.New("auth: too little memory for the threads")
	case len(salt) < minHashBytes || len(salt) > maxHashBytes || len(key) < 2*minHashBytes || len(key) > maxHashBytes:
		return nil, errors.New("auth: salt or key are too short or too long")
	case p.String() != s:
		return nil, errors.New("auth: a second spelling of a hash")
	}
	return p, nil
}
