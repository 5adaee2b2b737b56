package auth

import (
	"crypto/hmac"
	"encoding/base64"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
)

const (
	ticketVersion = "t1"
	maxTicket     = 2048 // bytes
)

// SealTicket returns a ticket that says what the payload says and that nobody else can make: a browser takes it along in
// an address, where no access token may stand. Who takes it back asks for its end, and whether it was used.
func (s *Sessions) SealTicket(payload []byte) (string, error) {
	key, err := s.ticketKey()
	if err != nil {
		return "", err
	}
	text := ticketVersion + "." + base64.RawURLEncoding.EncodeToString(payload)
	return text + "." + string(refreshMAC(key, text)), nil
}

// OpenTicket returns the payload of a ticket that was made here. The problem is unauthorized.
func (s *Sessions) OpenTicket(ticket string) ([]byte, error) {
	key, err := s.ticketKey()
	if err != nil {
		return nil, err
	}
	parts := strings.Split(ticket, ".")
	if len(ticket) > maxTicket || len(parts) != 3 || parts[0] != ticketVersion ||
		!hmac.Equal([]byte(parts[2]), refreshMAC(key, parts[0]+"."+parts[1])) {
		return nil, BadTicket()
	}
	payload, err := base64.RawURLEncoding.Strict().DecodeString(parts[1])
	if err != nil {
		return nil, BadTicket()
	}
	return payload, nil
}

// BadTicket is the one answer to a ticket that is not good, whatever the cause.
func BadTicket() error {
	return problem.New(problem.Unauthorized, "The link is over or was used. Begin the download again.").ZH("下载链接已用过或已过期，请回到页面重新下载。")
}

func (s *Sessions) ticketKey() ([]byte, error) {
	if s.fault != nil {
		return nil, s.fault
	}
	return deriveKey(s.key, "fieldsync/ticket/1")
}
