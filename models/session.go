package models

// Credential is what an office user signs in with. Only a slow hash of the password is kept.
type Credential struct {
	Officer    string `gorm:"column:officer;primaryKey"`
	Login      string `gorm:"column:login"`       // unique, in its one spelling: NFKC, lower case
	Hash       string `gorm:"column:hash"`        // argon2id, as a PHC string
	MustChange bool   `gorm:"column:must_change"` // somebody else chose the password: it serves to change it
	ChangedMS  int64  `gorm:"column:changed_ms"`
}

// TableName names the table.
func (Credential) TableName() string { return "credential" }

// LoginFailure counts the failed sign-ins with one login, whether somebody has it or not.
type LoginFailure struct {
	Login   string `gorm:"column:login;primaryKey"`
	Count   int64  `gorm:"column:count"`    // since the last success
	UntilMS int64  `gorm:"column:until_ms"` // no attempt is looked at before; 0: not locked
	LastMS  int64  `gorm:"column:last_ms"`  // the newest attempt that was looked at
}

// TableName names the table.
func (LoginFailure) TableName() string { return "login_failure" }

// Session is one sign-in of an office user in one browser.
type Session struct {
	ID         string     `gorm:"column:id;primaryKey"`
	Officer    string     `gorm:"column:officer"`
	Generation int64      `gorm:"column:generation"` // number of the refresh token that is good now, from 1
	RotatedMS  int64      `gorm:"column:rotated_ms"` // when it became good
	CreatedMS  int64      `gorm:"column:created_ms"`
	LastMS     int64      `gorm:"column:last_ms"`    // the newest sign of life
	ExpiresMS  int64      `gorm:"column:expires_ms"` // however busy it is
	EndedMS    int64      `gorm:"column:ended_ms"`   // 0 while it is open
	EndedWhy   SessionEnd `gorm:"column:ended_why"`  // "" while it is open
	Agent      string     `gorm:"column:agent"`      // the browser's name for itself, cut short
}

// TableName names the table.
func (Session) TableName() string { return "session" }

// SessionEnd says why a session was ended. One that ran out was not.
type SessionEnd string

// The ends of sessions.
const (
	EndedSignOut  SessionEnd = "sign_out" // by the person
	EndedReuse    SessionEnd = "reuse"    // an old refresh token came back: somebody has a copy
	EndedPassword SessionEnd = "password" // the password was changed or reset
	EndedAccess   SessionEnd = "access"   // the sign-in was taken away
	EndedRestored SessionEnd = "restored" // the database was put back from a backup
)
