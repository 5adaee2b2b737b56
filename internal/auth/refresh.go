package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
)

const (
	refreshVersion = "v1"
	maxRefresh     = 256 // bytes
)

// refreshToken is the token of one generation of a session: v1.<session>.<generation>.<MAC>. The
// same generation always gives the same token, so nothing of it needs to be stored.
func refreshToken(key []byte, session string, generation int64) string {
	text := refreshVersion + "." + session + "." + strconv.FormatInt(generation, 10)
	return text + "." + string(refreshMAC(key, text))
}

// refreshMAC is in base64url, and compared so: the decoder takes several spellings for one.
func refreshMAC(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return base64.RawURLEncoding.AppendEncode(nil, m.Sum(nil))
}

// parseRefresh returns what a token names, if it was made here. The problem is unauthorized.
func parseRefresh(key []byte, token string) (session string, generation int64, err error) {
	parts := strings.Split(token, ".")
	if len(token) > maxRefresh || len(parts) != 4 {
		return "", 0, signInAgain("not a refresh token")
	}
	if !hmac.Equal([]byte(parts[3]), refreshMAC(key, strings.Join(parts[:3], "."))) {
		return "", 0, signInAgain("a refresh token that was not made here")
	}
	if generation, err = strconv.ParseInt(parts[2], 10, 64); err != nil || parts[0] != refreshVersion {
		return "", 0, signInAgain("a refresh token of another kind")
	}
	return parts[1], generation, nil
}

// sessionFault says for the log why a session does not go on.
type sessionFault string

func (f sessionFault) Error() string { return string(f) }

// signInAgain is the one answer to a session that does not go on, whatever the cause.
func signInAgain(cause sessionFault) error {
	return problem.Wrap(cause, problem.Unauthorized, "The session is over. Sign in again.").ZH("登录已失效，请重新登录。")
}
