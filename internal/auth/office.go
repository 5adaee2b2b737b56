package auth

import "time"

// OfficeClaims are what an office user's access token says: who, never what they may do.
type OfficeClaims struct {
	Session string // id of the session
	Officer string // id of the officer who signed in
}

// OfficeTokens makes and checks the access tokens of office users. Their key and their audience are
// not those of [Tokens]: a phone's token opens nothing in the office, nor the other way round.
type OfficeTokens struct{ mint mint }

// NewOfficeTokens returns the office tokens of an installation, as [NewTokens] does a device's.
func NewOfficeTokens(secret []byte, now func() time.Time) *OfficeTokens {
	return &OfficeTokens{newMint(secret, "fieldsync/office-token/1", "fieldsync/office", now)}
}

// Issue returns an access token for a session of an officer, and the seconds it is good for.
func (t *OfficeTokens) Issue(session, officer string) (token string, expiresIn int, err error) {
	return t.mint.issue(session, officer)
}

// Verify returns what a token says. The problems are those of [Tokens.Verify].
func (t *OfficeTokens) Verify(token string) (OfficeClaims, error) {
	session, officer, err := t.mint.verify(token)
	if err != nil {
		return OfficeClaims{}, err
	}
	return OfficeClaims{Session: session, Officer: officer}, nil
}
