package auth_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
)

const password = "correct horse battery"

// refreshByHand is a refresh token, so that the tests do not trust the code that they test.
func refreshByHand(t testing.TB, session, generation string) string {
	t.Helper()
	m := hmac.New(sha256.New, officeKey(t.(*testing.T), "fieldsync/refresh-token/1"))
	text := "v1." + session + "." + generation
	m.Write([]byte(text))
	return text + "." + b64(m.Sum(nil))
}

// An office is a database, a clock and the sessions of one server.
type office struct {
	*testing.T
	db  *store.DB
	mu  sync.Mutex
	now time.Time
	ids int
	*auth.Sessions
}

func newOffice(t *testing.T, db *store.DB) *office {
	o := &office{T: t, db: db, now: noon}
	o.Sessions = auth.NewSessions(db, secret, o.clock, func() string {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.ids++
		return fmt.Sprintf("ses-%d", o.ids)
	})
	return o
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) wait(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

func (o *office) ok(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// hire gives an officer a login of the same name.
func (o *office) hire(officer string) {
	o.Helper()
	o.ok(o.Reset(o.Context(), officer, officer, password, false))
}

func (o *office) signIn(login string) *auth.Signed {
	o.Helper()
	s, err := o.SignIn(o.Context(), login, password, "Firefox")
	o.ok(err)
	return s
}

// session opens a session without the work of a password.
func (o *office) session(ctx context.Context) string {
	o.Helper()
	o.mu.Lock()
	o.ids++
	id, ms := fmt.Sprintf("ses-%d", o.ids), o.now.UnixMilli()
	o.mu.Unlock()
	o.ok(o.db.PutCredential(ctx, &models.Credential{Officer: "off-" + id, Login: id, Hash: "x"}))
	done, err := o.db.AddSession(ctx, &models.Session{ID: id, Officer: "off-" + id, Generation: 1, RotatedMS: ms, CreatedMS: ms, LastMS: ms,
		ExpiresMS: ms + (14 * 24 * time.Hour).Milliseconds()}, "x")
	if err != nil || !done {
		o.Fatal(done, err)
	}
	return id
}

func (o *office) row(id string) *models.Session {
	o.Helper()
	s, _, err := o.db.Session(context.Background(), id)
	o.ok(err)
	if s == nil {
		o.Fatalf("no session %s", id)
	}
	return s
}

func TestSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		o.ok(o.Reset(t.Context(), "off-1", "Wang.Fang", password, true))
		s, err := o.SignIn(t.Context(), " ｗａｎｇ.FANG", password, "Fire\x00fox "+strings.Repeat("王", 200)+"\xff")
		if err != nil {
			t.Fatal(err)
		}
		if s.Session != "ses-1" || s.Officer != "off-1" || s.ExpiresIn != 900 || !s.MustChange || s.Refresh != refreshByHand(t, "ses-1", "1") {
			t.Errorf("%+v", s)
		}
		claims, err := o.Tokens().Verify(s.Access)
		if err != nil || claims != (auth.OfficeClaims{Session: "ses-1", Officer: "off-1"}) {
			t.Errorf("%+v, %v", claims, err)
		}
		if must, err := o.Check(t.Context(), claims); err != nil || !must {
			t.Error(must, err)
		}
		row, ms := o.row("ses-1"), noon.UnixMilli()
		want := models.Session{ID: "ses-1", Officer: "off-1", Generation: 1, RotatedMS: ms, CreatedMS: ms, LastMS: ms,
			ExpiresMS: ms + 14*24*3600*1000, Agent: "Firefox " + strings.Repeat("王", 112)}
		if *row != want {
			t.Errorf("%+v, want %+v", *row, want)
		}
		o.ok(o.SignOut(t.Context(), "ses-1"))
		o.wait(time.Second)
		o.ok(o.SignOut(t.Context(), "ses-1"))
		if row := o.row("ses-1"); row.EndedMS != ms || row.EndedWhy != models.EndedSignOut {
			t.Errorf("%+v", row)
		}
		_, err = o.Check(t.Context(), claims)
		wantCode(t, err, problem.Unauthorized)
		_, err = o.Refresh(t.Context(), s.Refresh)
		wantCode(t, err, problem.Unauthorized)
	})
}

// TestNoEnumeration compares the answers to somebody who tries logins out.
func TestNoEnumeration(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		o.hire("known")
		o.ok(o.db.PutCredential(t.Context(), &models.Credential{Officer: "damaged", Login: "damaged", Hash: "$argon2id$"}))
		seen := map[string][]string{}
		for range 7 {
			for _, login := range []string{"known", "unknown", "damaged"} {
				began := time.Now()
				_, err := o.SignIn(t.Context(), login, "a wrong password", "")
				took := time.Since(began)
				var p *problem.Error
				if !errors.As(err, &p) {
					t.Fatal(err)
				}
				if p.Code == problem.BadLogin && took < 2*time.Millisecond { // a hash takes longer on any machine
					t.Errorf("%s was answered without work, in %v", login, took)
				}
				seen[login] = append(seen[login], fmt.Sprint(p.Code, p.Msg, p.Cause, p.Fields, p.Retry))
			}
		}
		for _, login := range []string{"unknown", "damaged"} {
			if fmt.Sprint(seen[login]) != fmt.Sprint(seen["known"]) {
				t.Errorf("%s: %v\nknown: %v", login, seen[login], seen["known"])
			}
		}
		_, err := o.SignIn(t.Context(), "no login!", password, "") // in a form that nobody has
		wantCode(t, err, problem.BadLogin)
	})
}

func TestLockOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		o.hire("known")
		try := func(login, password string, want problem.Code, retry int) {
			t.Helper()
			_, err := o.SignIn(t.Context(), login, password, "")
			wantCode(t, err, want)
			var p *problem.Error
			if errors.As(err, &p) && p.Retry != retry {
				t.Errorf("again after %d s, want %d", p.Retry, retry)
			}
		}
		for _, login := range []string{"known", "unknown"} {
			for range 4 {
				try(login, "wrong", problem.BadLogin, 0)
			}
		}
		try("known", password, "", 0) // clears
		for range 5 {
			try("known", "wrong", problem.BadLogin, 0)
		}
		try("unknown", "wrong", problem.BadLogin, 0)
		for i, lock := range []int{30, 60, 120, 240, 480, 900, 900} {
			for _, login := range []string{"known", "ＫＮＯＷＮ", "unknown"} {
				try(login, password, problem.Locked, lock)
			}
			o.wait(time.Duration(lock)*time.Second - 300*time.Millisecond)
			try("known", password, problem.Locked, 1) // and the lock is no longer for it
			o.wait(300 * time.Millisecond)
			try("unknown", "wrong", problem.BadLogin, 0)
			if i < 6 {
				try("known", "wrong", problem.BadLogin, 0)
			}
		}
		try("known", password, "", 0)
		try("known", "wrong", problem.BadLogin, 0)
		o.wait(24*time.Hour + time.Second) // the other is forgotten
		for range 5 {
			try("unknown", "wrong", problem.BadLogin, 0)
		}
		try("unknown", "wrong", problem.Locked, 30)

		for range 5 {
			try("known", "wrong", problem.BadLogin, 0)
		}
		try("known", password, problem.Locked, 30)
		o.hire("known") // a reset unlocks
		try("known", password, "", 0)

		for range 5 {
			try("known", "wrong", problem.BadLogin, 0)
		}
		o.wait(-time.Hour) // the clock was an hour ahead
		try("known", password, "", 0)
	})
}

// Many guesses at once are no more than as many in turn.
func TestGuessesAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		o.hire("known")
		var mu sync.Mutex
		var wg sync.WaitGroup
		codes := map[problem.Code]int{}
		for range 20 {
			wg.Go(func() {
				_, err := o.SignIn(t.Context(), "known", "wrong", "")
				mu.Lock()
				defer mu.Unlock()
				codes[problem.CodeOf(err)]++
			})
		}
		wg.Wait()
		if codes[problem.BadLogin] > 5 || codes[problem.BadLogin]+codes[problem.Locked]+codes[problem.Overloaded] != 20 {
			t.Error(codes)
		}
	})
}

func TestOldHashIsMadeAnew(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	o.ok(o.db.PutCredential(t.Context(), &models.Credential{Officer: "off-1", Login: "wang", Hash: weakHash, MustChange: true, ChangedMS: 7}))
	if _, err := o.SignIn(t.Context(), "wang", "correct horse", ""); err != nil {
		t.Fatal(err)
	}
	c, err := o.db.Credential(t.Context(), "off-1")
	o.ok(err)
	if !strings.Contains(c.Hash, "m=19456,t=2,p=1") || !c.MustChange || c.ChangedMS != 7 {
		t.Errorf("%+v", c)
	}
	if _, err := o.SignIn(t.Context(), "wang", "correct horse", ""); err != nil {
		t.Error(err)
	}
}

func TestSetPassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		o.ok(o.Reset(t.Context(), "off-1", "wang", password, true))
		o.hire("other")
		mine, phone, other := o.signIn("wang"), o.signIn("wang"), o.signIn("other")
		claims := auth.OfficeClaims{Session: mine.Session, Officer: "off-1"}
		const next = "a new and long sentence"

		wantField(t, o.SetPassword(t.Context(), claims, "wrong", next), "old_password")
		wantField(t, o.SetPassword(t.Context(), claims, password, "short"), "password")
		wantField(t, o.SetPassword(t.Context(), claims, password, password), "password")
		wantCode(t, o.SetPassword(t.Context(), auth.OfficeClaims{Session: mine.Session, Officer: "other"}, password, next), problem.Unauthorized)
		wantCode(t, o.SetPassword(t.Context(), auth.OfficeClaims{Session: "none", Officer: "off-1"}, password, next), problem.Unauthorized)
		o.ok(o.SetPassword(t.Context(), claims, password, next))

		if must, err := o.Check(t.Context(), claims); err != nil || must {
			t.Error("the session it was changed in:", must, err)
		}
		_, err := o.Refresh(t.Context(), phone.Refresh)
		wantCode(t, err, problem.Unauthorized)
		if row := o.row(phone.Session); row.EndedWhy != models.EndedPassword {
			t.Errorf("%+v", row)
		}
		if _, err := o.Refresh(t.Context(), other.Refresh); err != nil {
			t.Error("another officer's session:", err)
		}
		_, err = o.SignIn(t.Context(), "wang", password, "")
		wantCode(t, err, problem.BadLogin)
		if _, err = o.SignIn(t.Context(), "wang", next, ""); err != nil {
			t.Error(err)
		}
		for range 5 {
			wantField(t, o.SetPassword(t.Context(), claims, "wrong", password), "old_password")
		}
		wantCode(t, o.SetPassword(t.Context(), claims, next, password), problem.Locked)

		o.ok(o.Reset(t.Context(), "off-1", "wang", password, false)) // by somebody else: all sessions end
		_, err = o.Check(t.Context(), claims)
		wantCode(t, err, problem.Unauthorized)
		wantCode(t, o.Reset(t.Context(), "off-2", "WANG", password, false), problem.Conflict)
		wantField(t, o.Reset(t.Context(), "off-2", "王 芳", password, false), "login")
		wantField(t, o.Reset(t.Context(), "off-2", "王芳", "1234567890", false), "password")

		last := o.signIn("wang")
		o.ok(o.Drop(t.Context(), "off-1"))
		_, err = o.Refresh(t.Context(), last.Refresh)
		wantCode(t, err, problem.Unauthorized)
		_, err = o.SignIn(t.Context(), "wang", password, "")
		wantCode(t, err, problem.BadLogin)
	})
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := newOffice(t, db)
		refresh := func(id string, generation int, want int) {
			t.Helper()
			s, err := o.Refresh(t.Context(), refreshByHand(t, id, strconv.Itoa(generation)))
			if want == 0 {
				wantCode(t, err, problem.Unauthorized)
				return
			}
			if err != nil || s.Refresh != refreshByHand(t, id, strconv.Itoa(want)) || s.Session != id || s.Officer != "off-"+id {
				t.Fatalf("%+v, %v, want generation %d", s, err, want)
			}
			if claims, err := o.Tokens().Verify(s.Access); err != nil || claims.Session != id {
				t.Error(claims, err)
			}
		}
		id := o.session(t.Context())
		refresh(id, 1, 2)
		o.wait(30 * time.Second)
		refresh(id, 1, 2) // a lost reply
		refresh(id, 1, 2)
		refresh(id, 2, 3)
		refresh(id, 2, 3)
		refresh(id, 1, 0) // two back, however soon
		if row := o.row(id); row.EndedWhy != models.EndedReuse || row.Generation != 3 {
			t.Errorf("%+v", row)
		}
		refresh(id, 3, 0)

		id = o.session(t.Context())
		refresh(id, 1, 2)
		o.wait(30*time.Second + time.Millisecond)
		refresh(id, 1, 0)
		refresh(id, 2, 0)

		id = o.session(t.Context())
		refresh(id, 2, 0) // given out by a database that was put back since
		refresh(id, 1, 2)

		// Idle for 12 h, and 14 days in all.
		id = o.session(t.Context())
		o.wait(12*time.Hour - time.Millisecond)
		refresh(id, 1, 2)
		o.wait(12 * time.Hour)
		refresh(id, 2, 0)
		_, err := o.Check(t.Context(), auth.OfficeClaims{Session: id, Officer: "off-" + id})
		wantCode(t, err, problem.Unauthorized)
		id = o.session(t.Context())
		for i := range 2 * 14 {
			refresh(id, i+1, i+2)
			o.wait(12*time.Hour - time.Millisecond)
		}
		refresh(id, 29, 30) // 28 ms before its end
		o.wait(28 * time.Millisecond)
		refresh(id, 30, 0)
		if row := o.row(id); row.EndedMS != 0 {
			t.Error("one that ran out was ended:", row.EndedWhy)
		}

		id = o.session(t.Context())
		_, err = o.Check(t.Context(), auth.OfficeClaims{Session: id, Officer: "another"})
		wantCode(t, err, problem.Unauthorized)
		if got, err := o.SessionOf(refreshByHand(t, id, "9")); err != nil || got != id {
			t.Error(got, err)
		}
	})
}

func TestForgedRefreshTokens(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t))
	id := o.session(t.Context())
	good := refreshByHand(t, id, "1")
	part := strings.Split(good, ".")
	office, _, _ := o.Tokens().Issue(id, "off-"+id)
	for name, token := range map[string]string{
		"empty":             "",
		"three parts":       strings.Join(part[:3], "."),
		"no MAC":            strings.Join(part[:3], ".") + ".",
		"next generation":   "v1." + id + ".2." + part[3],
		"another session":   "v1.other.1." + part[3],
		"another version":   "v2." + id + ".1." + part[3],
		"padded":            good + "=",
		"a line break":      good + "\n",
		"long":              "v1." + strings.Repeat("a", 300) + ".1." + part[3],
		"an access token":   office,
		"a leading zero":    "v1." + id + ".01." + part[3],
		"signed, no number": refreshByHand(t, id, "x"),
		"the secret's MAC":  "v1." + id + ".1." + b64(hs256(secret)("v1."+id+".1")),
	} {
		_, err := o.Refresh(t.Context(), token)
		if problem.CodeOf(err) != problem.Unauthorized {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := o.SessionOf(token); problem.CodeOf(err) != problem.Unauthorized {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := o.Refresh(t.Context(), good); err != nil {
		t.Error("forgeries ended the session:", err)
	}
	short := auth.NewSessions(o.db, secret[:31], nil, nil)
	if _, err := short.Refresh(t.Context(), good); problem.CodeOf(err) != problem.Internal {
		t.Error("a short secret:", err)
	}
	if _, err := short.SignIn(t.Context(), "wang", password, ""); problem.CodeOf(err) != problem.Internal {
		t.Error("a short secret:", err)
	}
}

// Two servers and many tabs refresh at once: one generation comes of it.
func TestRefreshAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := newOffice(t, db)
		b := auth.NewSessions(db, secret, a.clock, nil)
		id := a.session(t.Context())
		for generation := 1; generation < 5; generation++ {
			token, next := refreshByHand(t, id, strconv.Itoa(generation)), refreshByHand(t, id, strconv.Itoa(generation+1))
			var wg sync.WaitGroup
			for i := range 8 {
				wg.Go(func() {
					s, err := []*auth.Sessions{a.Sessions, b}[i%2].Refresh(t.Context(), token)
					if err != nil || s.Refresh != next {
						t.Errorf("%+v, %v", s, err)
					}
				})
			}
			wg.Wait()
			if row := a.row(id); row.Generation != int64(generation+1) || row.EndedMS != 0 {
				t.Fatalf("%+v", row)
			}
		}
	})
}

// TestHonestBrowsers lets the tabs of one browser refresh, in any order and with replies that get
// lost or late: as long as they try again within the grace, nobody is signed out.
func TestHonestBrowsers(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t))
	rapid.Check(t, func(t *rapid.T) {
		id := o.session(context.Background())
		cookie := refreshByHand(o.T, id, "1")
		for range rapid.IntRange(1, 12).Draw(t, "rounds") {
			o.wait(time.Duration(rapid.Int64Range(0, int64(11*time.Hour)).Draw(t, "pause")))
			// A round: requests that leave with the same cookie within the grace. Replies arrive or not.
			sent, left := cookie, 30*time.Second
			for range rapid.IntRange(1, 4).Draw(t, "requests") {
				s, err := o.Refresh(context.Background(), sent)
				if err != nil {
					t.Fatal(err)
				}
				if rapid.Bool().Draw(t, "arrives") {
					cookie = s.Refresh
				}
				step := time.Duration(rapid.Int64Range(0, int64(left)).Draw(t, "later"))
				o.wait(step)
				left -= step
			}
			if cookie == sent { // all lost: the last try within the grace arrives
				s, err := o.Refresh(context.Background(), sent)
				if err != nil {
					t.Fatal(err)
				}
				cookie = s.Refresh
			}
		}
	})
}

// TestThief lets a thief and the person go on with the same token, each as they like but not within
// the grace of the other: by the time both have refreshed, the session is over for both.
func TestThief(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t))
	rapid.Check(t, func(t *rapid.T) {
		id := o.session(context.Background())
		jars := map[string]string{"person": refreshByHand(o.T, id, "1")}
		pause := func() {
			o.wait(time.Duration(rapid.Int64Range(int64(31*time.Second), int64(2*time.Hour)).Draw(t, "pause")))
		}
		refresh := func(who string) error {
			s, err := o.Refresh(context.Background(), jars[who])
			if err == nil {
				jars[who] = s.Refresh
			}
			pause()
			return err
		}
		for range rapid.IntRange(0, 3).Draw(t, "before") {
			if err := refresh("person"); err != nil {
				t.Fatal(err)
			}
		}
		jars["thief"] = jars["person"]
		first, second := "person", "thief"
		if rapid.Bool().Draw(t, "the thief is first") {
			first, second = second, first
		}
		for range rapid.IntRange(1, 4).Draw(t, "refreshes of the first") {
			if err := refresh(first); err != nil {
				t.Fatal(err)
			}
		}
		for _, who := range []string{second, first, second} {
			if err := refresh(who); problem.CodeOf(err) != problem.Unauthorized {
				t.Fatalf("%s goes on: %v", who, err)
			}
		}
		if row := o.row(id); row.EndedWhy != models.EndedReuse {
			t.Fatalf("%+v", row)
		}
	})
}

// TestRefreshAgainstModel plays any interleaving against the rules, written a second time.
func TestRefreshAgainstModel(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.SQLite(t))
	rapid.Check(t, func(t *rapid.T) {
		id := o.session(context.Background())
		current, open := 1, true
		began := o.clock()
		replaced, last := began, began
		for range rapid.IntRange(1, 15).Draw(t, "steps") {
			o.wait(rapid.SampledFrom([]time.Duration{0, time.Millisecond, 30 * time.Second, 31 * time.Second, time.Hour, 12 * time.Hour, 13 * 24 * time.Hour}).Draw(t, "pause"))
			generation := current - rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2, -1}).Draw(t, "age")
			s, err := o.Refresh(context.Background(), refreshByHand(o.T, id, strconv.Itoa(generation)))
			now := o.clock()
			want := 0
			switch {
			case !open || now.Sub(last) >= 12*time.Hour || now.Sub(began) >= 14*24*time.Hour || generation > current:
			case generation == current:
				current++
				replaced, last, want = now, now, current
			case generation == current-1 && now.Sub(replaced) <= 30*time.Second:
				want = current
			default:
				open = false
			}
			switch {
			case want == 0 && problem.CodeOf(err) != problem.Unauthorized:
				t.Fatalf("generation %d: %v", generation, err)
			case want != 0 && (err != nil || s.Refresh != refreshByHand(o.T, id, strconv.Itoa(want))):
				t.Fatalf("generation %d: %+v, %v, want %d", generation, s, err, want)
			}
			if row := o.row(id); row.Generation != int64(current) || (row.EndedMS == 0) != open {
				t.Fatalf("%+v, want generation %d", row, current)
			}
		}
	})
}
