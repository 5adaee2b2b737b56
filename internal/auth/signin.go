package auth

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// maxAgent is how much is kept of a browser's name for itself, in characters.
const maxAgent = 120

// SignIn opens a session. agent is the browser's name for itself. The problems are bad_login, the
// same for a wrong password and for a login that nobody has, locked after too many of these, and
// overloaded.
func (s *Sessions) SignIn(ctx context.Context, login, password, agent string) (*Signed, error) {
	if s.fault != nil {
		return nil, s.fault
	}
	login, err := NormalizeLogin(login)
	if err != nil { // nobody's: how logins are spelt is no secret
		return nil, badLogin(err)
	}
	c, err := s.proved(ctx, login, password)
	if err != nil {
		return nil, err
	}
	nowMS := s.now().UnixMilli()
	row := &models.Session{ID: s.newID(), Officer: c.Officer, Generation: 1, RotatedMS: nowMS, CreatedMS: nowMS,
		LastMS: nowMS, ExpiresMS: nowMS + SessionLife.Milliseconds(), Agent: shortAgent(agent)}
	if done, err := s.store.AddSession(ctx, row, c.Hash); err != nil {
		return nil, err
	} else if !done { // changed or taken away this moment
		return nil, badLogin(nil)
	}
	return s.signed(row, c)
}

// proved returns the credential of a login with its password. One turn of [hashTurn] covers the
// count and the check, so that an attempt that gets no turn is not counted.
func (s *Sessions) proved(ctx context.Context, login, password string) (*models.Credential, error) {
	done, err := hashTurn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := s.count(ctx, login); err != nil {
		return nil, err
	}
	c, err := s.store.CredentialByLogin(ctx, login)
	if err != nil {
		return nil, err
	}
	hash := "" // as much work for a login that nobody has
	if c != nil {
		hash = c.Hash
	}
	ok, stale := checkHash(hash, password)
	if !ok {
		return nil, badLogin(nil)
	}
	if stale {
		fresh := newHash(password)
		if done, err := s.store.Rehash(ctx, c.Officer, c.Hash, fresh); err != nil {
			return nil, err
		} else if !done {
			return nil, badLogin(nil)
		}
		c.Hash = fresh
	}
	return c, s.store.ClearLogin(ctx, login)
}

// count notes an attempt with a login.
func (s *Sessions) count(ctx context.Context, login string) error {
	now := s.now()
	return s.store.LoginAttempt(ctx, login, now.Add(-ForgetFailure).UnixMilli(), func(f *models.LoginFailure) error {
		return attempt(f, now)
	})
}

func badLogin(cause error) error {
	return problem.Wrap(cause, problem.BadLogin, "The login or the password is wrong.").ZH("账号或密码不对，请重新输入。")
}

// SetPassword changes the asker's own password and ends the asker's other sessions. The problems are
// invalid with the member field (old_password or password), locked and overloaded; wrong old
// passwords count as failed sign-ins.
func (s *Sessions) SetPassword(ctx context.Context, claims OfficeClaims, old, password string) error {
	was, changed, err := s.NewPassword(ctx, claims, old, password)
	if err != nil {
		return err
	}
	done, err := s.store.ChangePassword(ctx, was, changed, claims.Session)
	if err == nil && !done {
		return ChangedMeanwhile()
	}
	return err
}

// ChangedMeanwhile is the problem of a password that is not the one that was changed any more.
func ChangedMeanwhile() error { return signInAgain("the password was changed meanwhile") }

// NewPassword is SetPassword without storing it: it returns the hash that is to be replaced, and what
// with.
func (s *Sessions) NewPassword(ctx context.Context, claims OfficeClaims, old, password string) (was string, changed *models.Credential, err error) {
	_, c, err := s.open(ctx, claims.Session, s.now())
	if err != nil {
		return "", nil, err
	}
	if c.Officer != claims.Officer {
		return "", nil, signInAgain("the session of another officer")
	}
	if err := CheckNewPassword(c.Login, password); err != nil {
		return "", nil, err
	}
	if norm.NFKC.String(password) == norm.NFKC.String(old) {
		return "", nil, badField("password", "The new password is the old one.", "新密码不能与原密码相同。")
	}
	proved, err := s.proved(ctx, c.Login, old)
	if problem.CodeOf(err) == problem.BadLogin {
		return "", nil, badField("old_password", "The old password is wrong.", "原密码不对，请重新输入。")
	}
	if err != nil {
		return "", nil, err
	}
	was, changed = proved.Hash, proved
	changed.MustChange, changed.ChangedMS = false, s.now().UnixMilli()
	changed.Hash, err = HashPassword(ctx, password)
	return was, changed, err
}

// NewCredential makes the credential of an officer, without storing it: hashing takes time, which a
// transaction should not. The problems are invalid with the member field, and overloaded.
func (s *Sessions) NewCredential(ctx context.Context, officer, login, password string, mustChange bool) (*models.Credential, error) {
	login, err := NormalizeLogin(login)
	if err != nil {
		return nil, err
	}
	if err := CheckNewPassword(login, password); err != nil {
		return nil, err
	}
	hash, err := HashPassword(ctx, password)
	if err != nil {
		return nil, err
	}
	return &models.Credential{Officer: officer, Login: login, Hash: hash, MustChange: mustChange, ChangedMS: s.now().UnixMilli()}, nil
}

// Reset gives an officer a login and a password, new or instead of the present ones, and ends all of
// the officer's sessions. mustChange lets the officer do nothing but choose another password. The
// problems are those of NewCredential, and conflict for a login that another officer has.
func (s *Sessions) Reset(ctx context.Context, officer, login, password string, mustChange bool) error {
	c, err := s.NewCredential(ctx, officer, login, password, mustChange)
	if err != nil {
		return err
	}
	return s.store.PutCredential(ctx, c)
}

// Drop takes an officer's sign-in away and ends the sessions.
func (s *Sessions) Drop(ctx context.Context, officer string) error {
	return s.store.DropCredential(ctx, officer, s.now().UnixMilli())
}

// shortAgent is what is kept of a browser's name for itself.
func shortAgent(agent string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(agent, "\uFFFD"))
	n := 0
	for i := range clean {
		if n == maxAgent {
			return clean[:i]
		}
		n++
	}
	return clean
}
