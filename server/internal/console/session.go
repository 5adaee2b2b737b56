package console

import (
	"net/url"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/gofiber/fiber/v2"
)

// Empty is a body without members.
type Empty struct{}

// Status says what a browser that nobody signed in with needs to know.
type Status struct {
	SetupNeeded bool     `json:"setup_needed"` // nobody can sign in yet
	Version     string   `json:"version"`
	Languages   []string `json:"languages"`
}

// SignInRequest is a login with its password.
type SignInRequest struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// SetupRequest makes the first unit and its administrator. When a root unit has the code already, it
// is that one, as it is.
type SetupRequest struct {
	Token    string    `json:"token"` // from the link that the server printed
	Unit     SetupUnit `json:"unit"`
	Name     string    `json:"name"` // of the administrator
	Login    string    `json:"login"`
	Password string    `json:"password"`
}

// SetupUnit is the unit at the top.
type SetupUnit struct {
	Name string `json:"name"`
	Code string `json:"code"`
}

// Signed is what somebody who signed in gets, beside the cookie.
type Signed struct {
	AccessToken string        `json:"access_token"`
	ExpiresIn   int           `json:"expires_in"`  // seconds
	MustChange  bool          `json:"must_change"` // the password is to be changed before anything else
	Officer     SignedOfficer `json:"officer"`
}

// SignedOfficer is who signed in.
type SignedOfficer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Me is who is signed in.
type Me struct {
	office.Me
	MustChange bool `json:"must_change"` // the password is to be changed before anything else
}

// PasswordRequest changes one's own password.
type PasswordRequest struct {
	OldPassword string `json:"old_password"`
	Password    string `json:"password"`
}

func (a *API) status(c *call) error {
	has, err := a.store.HasCredentials(c.ctx())
	if err != nil {
		return err
	}
	return c.answer(Status{SetupNeeded: !has, Version: a.version, Languages: []string{"zh-CN", "en"}})
}

func (a *API) signIn(c *call) error {
	r, err := decode[SignInRequest](c)
	if err != nil {
		return err
	}
	s, err := a.sessions.SignIn(c.ctx(), r.Login, r.Password, c.Get(fiber.HeaderUserAgent))
	if err != nil {
		return err
	}
	err = a.signed(c, s)
	if problem.CodeOf(err) == problem.Unauthorized { // whoever left has no right to a session
		if err := a.sessions.SignOut(c.ctx(), s.Session); err != nil {
			return err
		}
	}
	return err
}

// signed answers somebody whose session was opened or goes on.
func (a *API) signed(c *call, s *auth.Signed) error {
	r, err := a.desk.Reach(c.ctx(), s.Officer)
	if err != nil {
		return err
	}
	auth.SetRefreshCookie(c.Ctx, s.Refresh, a.secure(c))
	return c.answer(Signed{AccessToken: s.Access, ExpiresIn: s.ExpiresIn, MustChange: s.MustChange,
		Officer: SignedOfficer{r.Officer.ID, r.Officer.Name}})
}

func (a *API) refresh(c *call) error {
	if _, err := decode[Empty](c); err != nil { // a form cannot send it
		return err
	}
	token := auth.RefreshCookieOf(c.Ctx)
	if token == "" {
		return problem.New(problem.Unauthorized, "Nobody is signed in here.").ZH("尚未登录，请先登录。")
	}
	s, err := a.sessions.Refresh(c.ctx(), token)
	if err != nil {
		return err
	}
	return a.signed(c, s)
}

// signOut ends the session of the access token, or of the cookie when that one is over. Whoever is
// not signed in is answered the same.
func (a *API) signOut(c *call) error {
	session := ""
	if scheme, token, ok := strings.Cut(c.Get(fiber.HeaderAuthorization), " "); ok && strings.EqualFold(scheme, "Bearer") {
		if claims, err := a.sessions.Tokens().Verify(token); err == nil {
			session = claims.Session
		}
	}
	if session == "" {
		session, _ = a.sessions.SessionOf(auth.RefreshCookieOf(c.Ctx))
	}
	if session != "" {
		if err := a.sessions.SignOut(c.ctx(), session); err != nil {
			return err
		}
	}
	auth.ClearRefreshCookie(c.Ctx, a.secure(c))
	return c.done()
}

func (a *API) me(c *call) error {
	me, err := a.desk.Me(c.ctx(), c.reach)
	if err != nil {
		return err
	}
	return c.answer(Me{*me, c.mustChange})
}

func (a *API) password(c *call) error {
	r, err := decode[PasswordRequest](c)
	if err != nil {
		return err
	}
	was, changed, err := a.sessions.NewPassword(c.ctx(), c.claims, r.OldPassword, r.Password)
	if err != nil {
		return err
	}
	err = c.do(func(tx gateway.Tx) error {
		done, err := tx.(credentials).ChangePassword(was, changed, c.claims.Session)
		if err == nil && !done {
			err = auth.ChangedMeanwhile()
		}
		return err
	}, note("credential", "changed", c.claims.Officer, c.reach.Officer.Unit))
	if err != nil {
		return err
	}
	return c.done()
}

// setup makes the first unit, its administrator and the sign-in, with the token that only whoever
// started the server has seen, in one transaction: it works once.
func (a *API) setup(c *call) error {
	r, err := decode[SetupRequest](c)
	if err != nil {
		return err
	}
	if has, err := a.store.HasCredentials(c.ctx()); err != nil || has {
		return setUp(err)
	}
	if err := checkSetup(&r); err != nil {
		return err
	}
	officer := a.newID()
	cred, err := a.sessions.NewCredential(c.ctx(), officer, r.Login, r.Password, false)
	if err != nil {
		return err
	}
	entries, err := a.firstPeople(c, &r, officer)
	if err != nil {
		return err
	}
	err = a.gateway.Do(c.ctx(), a.server, func(tx gateway.Tx) error {
		keys := tx.(credentials)
		used, err := keys.UseSetupToken(auth.HashSetupToken(r.Token), a.nowMS())
		if err != nil || !used {
			return setUp(err)
		}
		return keys.PutCredential(cred)
	}, entries...)
	if err != nil {
		return err
	}
	s, err := a.sessions.SignIn(c.ctx(), r.Login, r.Password, c.Get(fiber.HeaderUserAgent))
	if err != nil {
		return err
	}
	return a.signed(c, s)
}

// setUp is the one answer to a token that is not good, whatever the reason.
func setUp(err error) error {
	if err != nil {
		return err
	}
	return problem.New(problem.Forbidden, "This link is not good any more. Start the server again for a new one.").
		ZH("初始化链接已失效，请重启服务器获取新链接。")
}

func checkSetup(r *SetupRequest) error {
	for _, f := range []struct{ name, value string }{{"unit.name", r.Unit.Name}, {"unit.code", r.Unit.Code}, {"name", r.Name}} {
		if err := text(f.name, f.value, maxName, true); err != nil {
			return err
		}
	}
	return nil
}

// firstPeople are the lines that make the unit, unless it is there, and the officer.
func (a *API) firstPeople(c *call, r *SetupRequest, officer string) ([]gateway.Entry, error) {
	var units []models.Unit
	err := a.store.View(c.ctx(), func(tx gateway.Tx) (err error) {
		units, err = tx.Units()
		return err
	})
	if err != nil {
		return nil, err
	}
	var entries []gateway.Entry
	unit := a.newID()
	code := strings.TrimSpace(r.Unit.Code)
	if i := slices.IndexFunc(units, func(u models.Unit) bool { return u.Code == code && u.Parent == "" }); i >= 0 {
		unit = units[i].ID
	} else {
		e, err := put("unit", unit, 0, UnitSet{Name: &r.Unit.Name, Code: &code})
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	role := models.RoleAdmin
	e, err := put("officer", officer, 0, OfficerSet{Name: &r.Name, Unit: &unit, Role: &role})
	return append(entries, e), err
}

// put is the line that sets up v as a noun of a kind.
func put(kind, id string, version int64, v any) (gateway.Entry, error) {
	raw, err := set(v)
	return gateway.Entry{Op: "admin.put", Kind: kind, ID: id, Base: &version, Set: raw}, err
}

// secure reports whether the browser came by https, as far as this server can know: a proxy before it
// says so, or the address is the public one.
func (a *API) secure(c *call) bool {
	if c.Secure() {
		return true
	}
	u, err := url.Parse(a.publicURL)
	return err == nil && u.Scheme == "https" && strings.EqualFold(u.Host, host(c))
}

// base is what links begin with, without a slash at the end.
func (a *API) base(c *call) string {
	if a.publicURL != "" {
		return strings.TrimRight(a.publicURL, "/")
	}
	scheme := "http://"
	if c.Context().IsTLS() {
		scheme = "https://"
	}
	return scheme + host(c)
}

// host is where the request came to. What a proxy says of it is not asked: without one, whoever asks
// could say it, and a link would lead to them.
func host(c *call) string { return string(c.Request().Host()) }
