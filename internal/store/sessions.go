package store

import (
	"bytes"
	"context"
	"encoding/binary"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// HasCredentials reports whether anybody can sign in to the office.
func (db *DB) HasCredentials(ctx context.Context) (has bool, err error) {
	err = db.view(ctx, func(t *tx) error {
		_, err := t.one("SELECT EXISTS (SELECT 1 FROM credential)", nil, &has)
		return err
	})
	return has, err
}

// CredentialByLogin returns the credential with a login in its one spelling, nil when there is none.
func (db *DB) CredentialByLogin(ctx context.Context, login string) (*models.Credential, error) {
	return db.credential(ctx, "login = ?", login)
}

// Credential returns an officer's credential, nil when there is none.
func (db *DB) Credential(ctx context.Context, officer string) (*models.Credential, error) {
	return db.credential(ctx, "officer = ?", officer)
}

func (db *DB) credential(ctx context.Context, where, arg string) (found *models.Credential, err error) {
	err = db.view(ctx, func(t *tx) (err error) {
		found, err = t.credential(where, arg)
		return err
	})
	return found, err
}

func (t *tx) credential(where, arg string) (*models.Credential, error) {
	var list []models.Credential
	err := t.gorm().Where(where, arg).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// PutCredential gives an officer a login and a password, new or instead of the present ones, ends
// all sessions of the officer and forgets the failures of the login. The problem is conflict, with
// the member field, for a login that another officer has.
func (db *DB) PutCredential(ctx context.Context, c *models.Credential) error {
	return db.update(ctx, func(t *tx) error { return t.PutCredential(c) })
}

// PutCredential is [DB.PutCredential] as a part of another transaction.
func (t *tx) PutCredential(c *models.Credential) error {
	other, err := t.credential("login = ?", c.Login)
	if err != nil {
		return err
	}
	if other != nil && other.Officer != c.Officer {
		return problem.New(problem.Conflict, "Another officer has this login.").ZH("这个账号已被其他人使用，请换一个。").With("field", "login")
	}
	if err := t.Put(c); err != nil {
		return err
	}
	if err := t.exec("DELETE FROM login_failure WHERE login = ?", c.Login); err != nil {
		return err
	}
	return t.endSessions(c.Officer, "", models.EndedPassword, c.ChangedMS)
}

// DropCredential takes an officer's sign-in away and ends the sessions.
func (db *DB) DropCredential(ctx context.Context, officer string, nowMS int64) error {
	return db.update(ctx, func(t *tx) error { return t.DropCredential(officer, nowMS) })
}

// DropCredential is [DB.DropCredential] as a part of another transaction.
func (t *tx) DropCredential(officer string, nowMS int64) error {
	if err := t.exec("DELETE FROM credential WHERE officer = ?", officer); err != nil {
		return err
	}
	return t.endSessions(officer, "", models.EndedAccess, nowMS)
}

// ChangePassword writes an officer's new hash and ends the officer's sessions but one. It reports
// false, and does nothing, when the hash is no longer was.
func (db *DB) ChangePassword(ctx context.Context, was string, c *models.Credential, except string) (done bool, err error) {
	err = db.update(ctx, func(t *tx) (err error) {
		done, err = t.ChangePassword(was, c, except)
		return err
	})
	return done, err
}

// ChangePassword is that of the database, within a transaction.
func (t *tx) ChangePassword(was string, c *models.Credential, except string) (bool, error) {
	done, err := t.changes("UPDATE credential SET hash = ?, must_change = ?, changed_ms = ? WHERE officer = ? AND hash = ?",
		c.Hash, c.MustChange, c.ChangedMS, c.Officer, was)
	if err != nil || !done {
		return false, err
	}
	return true, t.endSessions(c.Officer, except, models.EndedPassword, c.ChangedMS)
}

// Rehash replaces the hash of the same password. It reports false when the hash is no longer was.
func (db *DB) Rehash(ctx context.Context, officer, was, hash string) (done bool, err error) {
	err = db.update(ctx, func(t *tx) (err error) {
		done, err = t.changes("UPDATE credential SET hash = ? WHERE officer = ? AND hash = ?", hash, officer, was)
		return err
	})
	return done, err
}

// LoginAttempt lets count look at the failures of a login and change them, while nobody else does.
// Nothing is changed when it returns an error, which is handed on. Failures before forgetMS are
// forgotten, of this login and all others.
func (db *DB) LoginAttempt(ctx context.Context, login string, forgetMS int64, count func(*models.LoginFailure) error) error {
	return db.update(ctx, func(t *tx) error {
		if err := t.exec("DELETE FROM login_failure WHERE last_ms < ?", forgetMS); err != nil {
			return err
		}
		f := models.LoginFailure{Login: login}
		// The update that changes nothing locks the row on Postgres.
		if _, err := t.one("INSERT INTO login_failure (login, count, until_ms, last_ms) VALUES (?, 0, 0, ?) "+
			"ON CONFLICT (login) DO UPDATE SET count = login_failure.count RETURNING count, until_ms, last_ms",
			[]any{login, forgetMS}, &f.Count, &f.UntilMS, &f.LastMS); err != nil {
			return err
		}
		if err := count(&f); err != nil {
			return err
		}
		return t.exec("UPDATE login_failure SET count = ?, until_ms = ?, last_ms = ? WHERE login = ?", f.Count, f.UntilMS, f.LastMS, login)
	})
}

// ClearLogin forgets the failures of a login.
func (db *DB) ClearLogin(ctx context.Context, login string) error {
	return db.update(ctx, func(t *tx) error { return t.exec("DELETE FROM login_failure WHERE login = ?", login) })
}

// AddSession stores a new session, and drops those of the officer that have run out. It reports
// false, and does nothing, when the officer's hash is not (or no longer) the one that was checked.
func (db *DB) AddSession(ctx context.Context, s *models.Session, hash string) (done bool, err error) {
	err = db.update(ctx, func(t *tx) error {
		done = false
		q := "SELECT hash FROM credential WHERE officer = ?"
		if t.pg {
			q += " FOR UPDATE" // a password that is being changed waits, or is waited for
		}
		var now string
		have, err := t.one(q, []any{s.Officer}, &now)
		if err != nil || !have || now != hash {
			return err
		}
		if err := t.exec("DELETE FROM session WHERE officer = ? AND expires_ms <= ?", s.Officer, s.CreatedMS); err != nil {
			return err
		}
		done = true
		return t.gorm().Create(s).Error
	})
	return done, err
}

// Session returns a session and the credential of its officer as they are now, nil for what is not
// there.
func (db *DB) Session(ctx context.Context, id string) (s *models.Session, c *models.Credential, err error) {
	err = db.view(ctx, func(t *tx) error {
		var list []models.Session
		if err := t.gorm().Where("id = ?", id).Limit(1).Find(&list).Error; err != nil || len(list) == 0 {
			return err
		}
		s = &list[0]
		c, err = t.credential("officer = ?", s.Officer)
		return err
	})
	return s, c, err
}

// RotateSession gives an open session its next generation. It reports false, and does nothing, when
// the session is not open or of another generation: of several servers that rotate at once one does.
func (db *DB) RotateSession(ctx context.Context, id string, generation, nowMS int64) (done bool, err error) {
	err = db.update(ctx, func(t *tx) (err error) {
		done, err = t.changes("UPDATE session SET generation = generation + 1, rotated_ms = ?, last_ms = ? "+
			"WHERE id = ? AND generation = ? AND ended_ms = 0", nowMS, nowMS, id, generation)
		return err
	})
	return done, err
}

// EndSession ends a session, unless it has ended.
func (db *DB) EndSession(ctx context.Context, id string, why models.SessionEnd, nowMS int64) error {
	return db.update(ctx, func(t *tx) error {
		return t.exec("UPDATE session SET ended_ms = ?, ended_why = ? WHERE id = ? AND ended_ms = 0", nowMS, string(why), id)
	})
}

// EndSessions ends the open sessions of an officer but one, or all when except is empty.
func (db *DB) EndSessions(ctx context.Context, officer, except string, why models.SessionEnd, nowMS int64) error {
	return db.update(ctx, func(t *tx) error { return t.endSessions(officer, except, why, nowMS) })
}

func (t *tx) endSessions(officer, except string, why models.SessionEnd, nowMS int64) error {
	return t.exec("UPDATE session SET ended_ms = ?, ended_why = ? WHERE officer = ? AND id <> ? AND ended_ms = 0",
		nowMS, string(why), officer, except)
}

// metaSetup is the key of the set-up token in the meta table: 8 bytes of expiry, ms since 1970 in
// big-endian order, and the hash.
const metaSetup = "setup_token"

// PutSetupToken keeps the hash of a one-time token, in place of the one before.
func (db *DB) PutSetupToken(ctx context.Context, hash []byte, expiresMS int64) error {
	return db.update(ctx, func(t *tx) error {
		value := append(binary.BigEndian.AppendUint64(nil, uint64(expiresMS)), hash...)
		return t.exec("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", metaSetup, value)
	})
}

// UseSetupToken takes the set-up token away and reports true if hash is its own and it has not
// expired. Of several that come at once one is told so.
func (db *DB) UseSetupToken(ctx context.Context, hash []byte, nowMS int64) (used bool, err error) {
	err = db.update(ctx, func(t *tx) (err error) {
		used, err = t.UseSetupToken(hash, nowMS)
		return err
	})
	return used, err
}

// UseSetupToken is [DB.UseSetupToken] as a part of another transaction.
func (t *tx) UseSetupToken(hash []byte, nowMS int64) (bool, error) {
	var value []byte
	have, err := t.one("SELECT value FROM meta WHERE key = ?", []any{metaSetup}, &value)
	if err != nil || !have || len(value) < 8 {
		return false, err
	}
	// What is compared are hashes of a random token: the time it takes tells nothing of the token.
	if nowMS >= int64(binary.BigEndian.Uint64(value)) || !bytes.Equal(value[8:], hash) {
		return false, nil
	}
	return t.changes("DELETE FROM meta WHERE key = ? AND value = ?", metaSetup, value)
}

// changes runs a statement and reports whether it changed a row.
func (t *tx) changes(query string, args ...any) (bool, error) {
	r, err := t.q.ExecContext(t.ctx, t.db.sql(query), args...)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n > 0, err
}
