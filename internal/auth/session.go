package auth

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// The life of a session.
const (
	SessionIdle  = 12 * time.Hour      // since the last refresh
	SessionLife  = 14 * 24 * time.Hour // since the sign-in, however busy
	RefreshGrace = 30 * time.Second    // for the token before the current one: a second tab, a lost reply
)

// SessionStore is what [Sessions] needs of a database. Each method is one transaction.
type SessionStore interface {
	CredentialStore
	LoginStore
	Session(ctx context.Context, id string) (*models.Session, *models.Credential, error) // nil for none
	AddSession(ctx context.Context, s *models.Session, hash string) (bool, error)        // if that is still the hash
	RotateSession(ctx context.Context, id string, generation, nowMS int64) (bool, error) // if open and of that generation
	EndSession(ctx context.Context, id string, why models.SessionEnd, nowMS int64) error
}

// CredentialStore keeps who may sign in.
type CredentialStore interface {
	CredentialByLogin(ctx context.Context, login string) (*models.Credential, error) // nil for none
	Credential(ctx context.Context, officer string) (*models.Credential, error)      // nil for none
	PutCredential(ctx context.Context, c *models.Credential) error                   // ends the officer's sessions
	DropCredential(ctx context.Context, officer string, nowMS int64) error           // likewise
	// ChangePassword and Rehash do nothing and report false when the hash is no longer was.
	ChangePassword(ctx context.Context, was string, c *models.Credential, except string) (bool, error)
	Rehash(ctx context.Context, officer, was, hash string) (bool, error)
}

// LoginStore counts failed sign-ins.
type LoginStore interface {
	LoginAttempt(ctx context.Context, login string, forgetMS int64, count func(*models.LoginFailure) error) error
	ClearLogin(ctx context.Context, login string) error
}

// Sessions signs office users in and out.
type Sessions struct {
	store  SessionStore
	tokens *OfficeTokens
	now    func() time.Time
	newID  func() string
	key    []byte // of the refresh tokens
	fault  error  // a secret that is too short
}

// NewSessions returns the sessions of an installation. secret is that of [NewTokens]; now may be nil
// for time.Now and newID for random UUIDs.
func NewSessions(store SessionStore, secret []byte, now func() time.Time, newID func() string) *Sessions {
	if now == nil {
		now = time.Now
	}
	if newID == nil {
		newID = uuid.NewString
	}
	s := &Sessions{store: store, tokens: NewOfficeTokens(secret, now), now: now, newID: newID}
	s.key, s.fault = deriveKey(secret, "fieldsync/refresh-token/1")
	return s
}

// Tokens returns the access tokens of these sessions, for the guard [Office].
func (s *Sessions) Tokens() *OfficeTokens { return s.tokens }

// Signed is what somebody who signed in is given.
type Signed struct {
	Access     string // access token
	ExpiresIn  int    // seconds that it is good for
	Refresh    string // refresh token, for the cookie
	Session    string
	Officer    string
	MustChange bool // the password is to be changed before anything else
}

func (s *Sessions) signed(row *models.Session, c *models.Credential) (*Signed, error) {
	access, seconds, err := s.tokens.Issue(row.ID, row.Officer)
	if err != nil {
		return nil, err
	}
	return &Signed{Access: access, ExpiresIn: seconds, Refresh: refreshToken(s.key, row.ID, row.Generation),
		Session: row.ID, Officer: row.Officer, MustChange: c.MustChange}, nil
}

// Refresh gives a new access token and the next refresh token for the current one. The one before
// that is answered with the current one for [RefreshGrace] after it was replaced: the reply was lost,
// or two tabs came at once. Older ones end the session: either the person or a thief holds a copy,
// and nobody knows which (RFC 9700 §4.14.2). The problem is unauthorized.
func (s *Sessions) Refresh(ctx context.Context, token string) (*Signed, error) {
	if s.fault != nil {
		return nil, s.fault
	}
	id, generation, err := parseRefresh(s.key, token)
	if err != nil {
		return nil, err
	}
	for range maxRotations {
		now := s.now()
		row, c, err := s.open(ctx, id, now)
		if err != nil {
			return nil, err
		}
		switch age := now.UnixMilli() - row.RotatedMS; {
		case generation == row.Generation:
			done, err := s.store.RotateSession(ctx, id, generation, now.UnixMilli())
			if err != nil {
				return nil, err
			}
			if !done {
				continue // another tab was faster: look again
			}
			row.Generation++
			return s.signed(row, c)
		case generation == row.Generation-1 && age <= RefreshGrace.Milliseconds():
			return s.signed(row, c)
		case generation > row.Generation:
			return nil, signInAgain("a refresh token from after the backup that the database was put back from")
		}
		if err := s.store.EndSession(ctx, id, models.EndedReuse, now.UnixMilli()); err != nil {
			return nil, err
		}
		return nil, signInAgain("an old refresh token came back")
	}
	return nil, problem.New(problem.Unavailable, "Too much at once. Try again.").ZH("操作太频繁，请稍后再试。").RetryAfter(1)
}

// maxRotations is how often a refresh looks again after somebody else rotated the session. The
// second look sees what the other did, so more than two are never needed.
const maxRotations = 3

// open returns a session that goes on, with its officer's credential.
func (s *Sessions) open(ctx context.Context, id string, now time.Time) (*models.Session, *models.Credential, error) {
	row, c, err := s.store.Session(ctx, id)
	nowMS := now.UnixMilli()
	switch {
	case err != nil:
		return nil, nil, err
	case row == nil:
		return nil, nil, signInAgain("no such session")
	case row.EndedMS != 0:
		return nil, nil, signInAgain("the session was ended: " + sessionFault(row.EndedWhy))
	case nowMS >= row.ExpiresMS || nowMS-row.LastMS >= SessionIdle.Milliseconds():
		return nil, nil, signInAgain("the session has run out")
	case c == nil:
		return nil, nil, signInAgain("the officer has no sign-in")
	}
	return row, c, nil
}

// Check reports, at each request, that a session still goes on and whether its password is to be
// changed before anything else. The problem is unauthorized.
func (s *Sessions) Check(ctx context.Context, claims OfficeClaims) (mustChange bool, err error) {
	row, c, err := s.open(ctx, claims.Session, s.now())
	if err != nil {
		return false, err
	}
	if row.Officer != claims.Officer {
		return false, signInAgain("the session of another officer")
	}
	return c.MustChange, nil
}

// SessionOf returns the session that a refresh token belongs to, whatever its generation, so that
// somebody whose access token has expired can sign out. The problem is unauthorized.
func (s *Sessions) SessionOf(refresh string) (string, error) {
	if s.fault != nil {
		return "", s.fault
	}
	id, _, err := parseRefresh(s.key, refresh)
	return id, err
}

// SignOut ends a session. One that has ended stays as it is.
func (s *Sessions) SignOut(ctx context.Context, session string) error {
	return s.store.EndSession(ctx, session, models.EndedSignOut, s.now().UnixMilli())
}
