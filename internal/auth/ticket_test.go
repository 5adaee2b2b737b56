package auth_test

import (
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/problem"
)

func TestTicket(t *testing.T) {
	secret := []byte(strings.Repeat("s", auth.MinSecret))
	s := auth.NewSessions(nil, secret, nil, nil)
	ticket, err := s.SealTicket([]byte("what it is for"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := auth.NewSessions(nil, secret, nil, nil).OpenTicket(ticket); err != nil || string(got) != "what it is for" {
		t.Errorf("another server reads %q, %v", got, err)
	}
	for name, bad := range map[string]string{
		"nothing": "", "cut": ticket[:len(ticket)-1], "another version": "t2" + ticket[2:], "more": ticket + ".x", "long": strings.Repeat("a", 5000),
		"another payload": "t1.AAAA" + ticket[strings.LastIndex(ticket, "."):], "line break": "t1.\n" + ticket[3:],
	} {
		if _, err := s.OpenTicket(bad); problem.CodeOf(err) != problem.Unauthorized {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := auth.NewSessions(nil, []byte(strings.Repeat("o", auth.MinSecret)), nil, nil)
	if _, err := other.OpenTicket(ticket); problem.CodeOf(err) != problem.Unauthorized {
		t.Errorf("another installation takes it: %v", err)
	}
	if _, err := auth.NewSessions(nil, nil, nil, nil).SealTicket(nil); err == nil {
		t.Error("a ticket without a secret")
	}
}
