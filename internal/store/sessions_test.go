package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

func credential(officer, login, hash string) *models.Credential {
	return &models.Credential{Officer: officer, Login: login, Hash: hash, MustChange: true, ChangedMS: 5}
}

func good(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// want compares what a method reported.
func want(t *testing.T, what string, got bool, err error, wanted bool) {
	t.Helper()
	if err != nil || got != wanted {
		t.Errorf("%s: %v, %v, want %v", what, got, err, wanted)
	}
}

func session(id, officer string) *models.Session {
	return &models.Session{ID: id, Officer: officer, Generation: 1, RotatedMS: 10, CreatedMS: 10, LastMS: 10, ExpiresMS: 1000, Agent: "火狐"}
}

// ends lists why the sessions have ended, "-" for one that is open, "" for none.
func ends(t *testing.T, db *store.DB, ids ...string) (out string) {
	t.Helper()
	for _, id := range ids {
		s, _, err := db.Session(t.Context(), id)
		good(t, err)
		switch {
		case s == nil:
			out += " none"
		case s.EndedMS == 0:
			out += " -"
		default:
			out += fmt.Sprintf(" %s@%d", s.EndedWhy, s.EndedMS)
		}
	}
	return out[1:]
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		has, err := db.HasCredentials(ctx)
		want(t, "HasCredentials of nobody", has, err, false)
		c, err := db.Credential(ctx, "o1")
		want(t, "Credential of nobody", c != nil, err, false)
		good(t, db.PutCredential(ctx, credential("o1", "王芳", "h1")))
		good(t, db.PutCredential(ctx, credential("o2", "li", "h2")))
		has, err = db.HasCredentials(ctx)
		want(t, "HasCredentials", has, err, true)
		c, err = db.CredentialByLogin(ctx, "王芳")
		if err != nil || c == nil || *c != *credential("o1", "王芳", "h1") {
			t.Errorf("%+v, %v", c, err)
		}
		if err := db.PutCredential(ctx, credential("o2", "王芳", "h3")); problem.CodeOf(err) != problem.Conflict {
			t.Error("another officer's login:", err)
		}
		for _, s := range []string{"s1", "s2", "s3"} {
			done, err := db.AddSession(ctx, session(s, "o1"), "h1")
			want(t, s, done, err, true)
		}
		done, err := db.AddSession(ctx, session("s4", "o2"), "h2")
		want(t, "s4", done, err, true)

		done, err = db.Rehash(ctx, "o1", "h0", "x")
		want(t, "Rehash of another", done, err, false)
		done, err = db.Rehash(ctx, "o1", "h1", "h1b")
		want(t, "Rehash", done, err, true)
		changed := &models.Credential{Officer: "o1", Hash: "h5", ChangedMS: 20}
		done, err = db.ChangePassword(ctx, "h1", changed, "s2")
		want(t, "ChangePassword of another", done, err, false)
		if got := ends(t, db, "s1", "s2", "s3", "s4"); got != "- - - -" {
			t.Error(got)
		}
		done, err = db.ChangePassword(ctx, "h1b", changed, "s2")
		want(t, "ChangePassword", done, err, true)
		if got := ends(t, db, "s1", "s2", "s3", "s4"); got != "password@20 - password@20 -" {
			t.Error(got)
		}
		c, err = db.Credential(ctx, "o1")
		if err != nil || *c != (models.Credential{Officer: "o1", Login: "王芳", Hash: "h5", ChangedMS: 20}) {
			t.Errorf("%+v, %v", c, err)
		}

		good(t, db.LoginAttempt(ctx, "wang", 0, func(f *models.LoginFailure) error { f.Count = 9; return nil }))
		again := credential("o1", "wang", "h6")
		again.ChangedMS = 30
		good(t, db.PutCredential(ctx, again))
		if got := ends(t, db, "s1", "s2", "s4"); got != "password@20 password@30 -" {
			t.Error(got)
		}
		good(t, db.LoginAttempt(ctx, "wang", 0, func(f *models.LoginFailure) error {
			if f.Count != 0 {
				t.Error("a new password did not unlock")
			}
			return nil
		}))
		good(t, db.DropCredential(ctx, "o2", 40))
		if got := ends(t, db, "s4"); got != "access@40" {
			t.Error(got)
		}
		c, err = db.Credential(ctx, "o2")
		want(t, "dropped", c != nil, err, false)
		good(t, db.DropCredential(ctx, "o2", 50))
	})
}

func TestSessions(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		done, err := db.AddSession(ctx, session("s1", "o1"), "")
		want(t, "a session of nobody", done, err, false)
		good(t, db.PutCredential(ctx, credential("o1", "wang", "h1")))
		done, err = db.AddSession(ctx, session("s1", "o1"), "h0")
		want(t, "a session with an old hash", done, err, false)
		if got := ends(t, db, "s1"); got != "none" {
			t.Error(got)
		}
		done, err = db.AddSession(ctx, session("s1", "o1"), "h1")
		want(t, "AddSession", done, err, true)
		s, c, err := db.Session(ctx, "s1")
		if err != nil || *s != *session("s1", "o1") || c == nil || c.Hash != "h1" {
			t.Errorf("%+v, %+v, %v", s, c, err)
		}

		for _, r := range []struct {
			id         string
			generation int64
			want       bool
		}{{"s1", 2, false}, {"s1", 0, false}, {"none", 1, false}, {"s1", 1, true}, {"s1", 1, false}, {"s1", 2, true}} {
			done, err := db.RotateSession(ctx, r.id, r.generation, 20+r.generation)
			want(t, fmt.Sprint(r), done, err, r.want)
		}
		s, _, err = db.Session(ctx, "s1")
		rotated := session("s1", "o1")
		rotated.Generation, rotated.RotatedMS, rotated.LastMS = 3, 22, 22
		if err != nil || *s != *rotated {
			t.Errorf("%+v, %v", s, err)
		}
		good(t, db.EndSession(ctx, "s1", models.EndedReuse, 30))
		good(t, db.EndSession(ctx, "s1", models.EndedSignOut, 31))
		good(t, db.EndSession(ctx, "none", models.EndedSignOut, 31))
		if got := ends(t, db, "s1"); got != "reuse@30" {
			t.Error(got)
		}
		done, err = db.RotateSession(ctx, "s1", 3, 32)
		want(t, "RotateSession of one that has ended", done, err, false)

		late := session("s2", "o1")
		late.CreatedMS, late.ExpiresMS = 1000, 5000
		done, err = db.AddSession(ctx, late, "h1") // the first one's time is over
		want(t, "AddSession", done, err, true)
		done, err = db.AddSession(ctx, session("s3", "o1"), "h1")
		want(t, "AddSession", done, err, true)
		good(t, db.EndSessions(ctx, "o1", "s3", models.EndedSignOut, 40))
		good(t, db.EndSessions(ctx, "o2", "", models.EndedSignOut, 41))
		if got := ends(t, db, "s1", "s2", "s3"); got != "none sign_out@40 -" {
			t.Error(got)
		}
		if _, _, err := db.Install(ctx, newID(), 1); err != nil {
			t.Fatal(err)
		}
		if _, _, err := db.Restored(ctx, newID(), 50); err != nil {
			t.Fatal(err)
		}
		if got := ends(t, db, "s2", "s3"); got != "sign_out@40 restored@50" {
			t.Error(got)
		}
	})
}

// newID makes ids in turn.
func newID() func() string {
	n := 0
	return func() string {
		n++
		return fmt.Sprintf("01900000-0000-7000-8000-%012d", n)
	}
}

// TestRotateAtOnce is two servers and many tabs: of those that come at once one rotates.
func TestRotateAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		good(t, db.PutCredential(t.Context(), credential("o1", "wang", "h1")))
		if done, err := db.AddSession(t.Context(), session("s1", "o1"), "h1"); err != nil || !done {
			t.Fatal(done, err)
		}
		for generation := int64(1); generation < 8; generation++ {
			var rotated atomic.Int64
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					done, err := db.RotateSession(t.Context(), "s1", generation, 20)
					if err != nil {
						t.Error(err)
					}
					if done {
						rotated.Add(1)
					}
				})
			}
			wg.Wait()
			if rotated.Load() != 1 {
				t.Errorf("%d of them rotated generation %d", rotated.Load(), generation)
			}
		}
	})
}

// TestSignInWhileReset opens sessions with the old password while a new one is set: none stays open.
func TestSignInWhileReset(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for round := range 10 {
			officer := fmt.Sprint("o", round)
			good(t, db.PutCredential(t.Context(), credential(officer, officer, "old")))
			var wg sync.WaitGroup
			var ids []string
			for i := range 6 {
				id := fmt.Sprint(officer, "-", i)
				ids = append(ids, id)
				wg.Go(func() {
					if _, err := db.AddSession(t.Context(), session(id, officer), "old"); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Go(func() {
				if err := db.PutCredential(t.Context(), credential(officer, officer, "new")); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			for _, id := range ids {
				if ends(t, db, id) == "-" {
					t.Errorf("%s is open with a password that is no longer good", id)
				}
			}
		}
	})
}

func TestLoginAttempts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		read := func(login string, forget int64) (out models.LoginFailure) {
			t.Helper()
			mine := errors.New("mine")
			err := db.LoginAttempt(ctx, login, forget, func(f *models.LoginFailure) error {
				out = *f
				f.Count = 99
				return problem.Wrap(mine, problem.Locked, "Locked.") // nothing is changed
			})
			if problem.CodeOf(err) != problem.Locked || !errors.Is(err, mine) {
				t.Error(err)
			}
			return out
		}
		if got := read("wang", 0); got != (models.LoginFailure{Login: "wang"}) {
			t.Errorf("%+v", got)
		}
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				if err := db.LoginAttempt(ctx, "wang", 3, func(f *models.LoginFailure) error {
					f.Count++
					f.UntilMS, f.LastMS = 7, 100
					return nil
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := read("wang", 100); got != (models.LoginFailure{Login: "wang", Count: 12, UntilMS: 7, LastMS: 100}) {
			t.Errorf("%+v", got)
		}
		good(t, db.LoginAttempt(ctx, "li", 101, func(*models.LoginFailure) error { return nil }))
		if got := read("wang", 0); got.Count != 0 {
			t.Errorf("it was not forgotten: %+v", got)
		}
		good(t, db.LoginAttempt(ctx, "wang", 0, func(f *models.LoginFailure) error { f.Count = 4; return nil }))
		good(t, db.ClearLogin(ctx, "wang"))
		good(t, db.ClearLogin(ctx, "wang"))
		if got := read("wang", 0); got.Count != 0 {
			t.Errorf("it was not cleared: %+v", got)
		}
	})
}

func TestSetupToken(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		use := func(hash string, now int64, wanted bool) {
			t.Helper()
			used, err := db.UseSetupToken(ctx, []byte(hash), now)
			want(t, fmt.Sprint(hash, now), used, err, wanted)
		}
		use("", 0, false)
		good(t, db.PutSetupToken(ctx, []byte("first"), 100))
		good(t, db.PutSetupToken(ctx, []byte("second"), 100))
		use("first", 5, false)
		use("second", 100, false)
		use("", 5, false)
		var used atomic.Int64
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				ok, err := db.UseSetupToken(ctx, []byte("second"), 99)
				if err != nil {
					t.Error(err)
				}
				if ok {
					used.Add(1)
				}
			})
		}
		wg.Wait()
		if used.Load() != 1 {
			t.Errorf("it was used %d times", used.Load())
		}
		use("second", 5, false)
	})
}

// TestSetUpInATransaction is how the gateway makes the first person: all of it or nothing.
func TestSetUpInATransaction(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		good(t, db.PutSetupToken(ctx, []byte("token"), 100))
		setUp := func(fail error) error {
			return db.Update(ctx, func(tx gateway.Tx) error {
				office := tx.(interface {
					PutCredential(*models.Credential) error
					DropCredential(officer string, nowMS int64) error
					UseSetupToken(hash []byte, nowMS int64) (bool, error)
				})
				used, err := office.UseSetupToken([]byte("token"), 9)
				if err != nil || !used {
					return errors.Join(err, problem.New(problem.Forbidden, "No."))
				}
				if err := office.PutCredential(credential("o1", "wang", "h")); err != nil {
					return err
				}
				return fail
			})
		}
		if err := setUp(problem.New(problem.Invalid, "No unit.")); problem.CodeOf(err) != problem.Invalid {
			t.Error(err)
		}
		has, err := db.HasCredentials(ctx)
		want(t, "after a fault", has, err, false)
		good(t, setUp(nil))
		has, err = db.HasCredentials(ctx)
		want(t, "after all went well", has, err, true)
		if err := setUp(nil); problem.CodeOf(err) != problem.Forbidden {
			t.Error("twice:", err)
		}
	})
}
