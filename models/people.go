package models

// Unit 单位 is one node of the tree of organisations.
type Unit struct {
	ID      string `gorm:"column:id;primaryKey" json:"id"`
	Version int64  `gorm:"column:version" json:"version"`
	Parent  string `gorm:"column:parent" json:"parent"` // "" for a root
	Name    string `gorm:"column:name" json:"name"`
	Code    string `gorm:"column:code" json:"code"` // order in tables and exports; unique
}

// TableName names the table.
func (Unit) TableName() string { return "unit" }

// Role is what an officer may do in a unit and below it.
type Role string

// The roles. Officers record, heads complete and approve their unit's sheet, reviewers accept and
// return, leaders approve the table, administrators set up, readers look.
const (
	RoleOfficer  Role = "officer"
	RoleHead     Role = "head"
	RoleReviewer Role = "reviewer"
	RoleLeader   Role = "leader"
	RoleAdmin    Role = "admin"
	RoleReader   Role = "reader"
)

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool {
	switch r {
	case RoleOfficer, RoleHead, RoleReviewer, RoleLeader, RoleAdmin, RoleReader:
		return true
	}
	return false
}

// Records reports whether the role records in the field.
func (r Role) Records() bool { return r == RoleOfficer || r == RoleHead }

// Officer is a person. Unit and Role are the present ones; the history is in Assignment.
type Officer struct {
	ID      string `gorm:"column:id;primaryKey" json:"id"`
	Version int64  `gorm:"column:version" json:"version"`
	Name    string `gorm:"column:name" json:"name"`
	Unit    string `gorm:"column:unit" json:"unit"`
	Role    Role   `gorm:"column:role" json:"role"`
	Ended   bool   `gorm:"column:ended" json:"ended"` // left; nothing is deleted
}

// TableName names the table.
func (Officer) TableName() string { return "officer" }

// Assignment gives an officer a role in a unit, in one campaign or (Campaign "") in all. It ends,
// it is never deleted: a phone that comes back after months pushes to where its officer once was.
type Assignment struct {
	Officer   string `gorm:"column:officer;primaryKey" json:"officer"`
	Campaign  string `gorm:"column:campaign;primaryKey" json:"campaign"`
	Unit      string `gorm:"column:unit;primaryKey" json:"unit"`
	Role      Role   `gorm:"column:role;primaryKey" json:"role"`
	StartedMS int64  `gorm:"column:started_ms" json:"started_at"`
	EndedMS   int64  `gorm:"column:ended_ms" json:"ended_at"` // 0 while it lasts
}

// TableName names the table.
func (Assignment) TableName() string { return "assignment" }

// Covers reports whether the assignment reaches the scope campaign:unit.
func (a *Assignment) Covers(campaign, unit string) bool {
	return a.Unit == unit && (a.Campaign == "" || a.Campaign == campaign)
}

// Device is one installation of the phone app, bound to one officer; or the writing hand of an
// office user, whose logs the server keeps (Office).
type Device struct {
	ID         string `gorm:"column:id;primaryKey" json:"id"`
	Officer    string `gorm:"column:officer" json:"officer"`
	Family     int64  `gorm:"column:family" json:"-"`
	Name       string `gorm:"column:name" json:"name"`
	Platform   string `gorm:"column:platform" json:"platform"`
	PublicKey  []byte `gorm:"column:public_key" json:"-"` // uncompressed point on P-256, 65 bytes (SEC 1)
	Office     bool   `gorm:"column:office" json:"office"`
	EnrolledMS int64  `gorm:"column:enrolled_ms" json:"enrolled_at"`
	RevokedMS  int64  `gorm:"column:revoked_ms" json:"revoked_at"` // 0: not revoked
}

// TableName names the table.
func (Device) TableName() string { return "device" }

// Enrolment is a single-use code that makes a phone an officer's device. Only the code's hash is
// kept.
type Enrolment struct {
	Hash      []byte `gorm:"column:hash;primaryKey"`
	Officer   string `gorm:"column:officer"`
	CreatedMS int64  `gorm:"column:created_ms"`
	ExpiresMS int64  `gorm:"column:expires_ms"`
	UsedMS    int64  `gorm:"column:used_ms"`  // 0: not used
	Device    string `gorm:"column:device"`   // made with it
	KeyHash   []byte `gorm:"column:key_hash"` // SHA-256 of the key it was used with
	ID        string `gorm:"column:id"`       // its name where the code itself is not known
	Batch     string `gorm:"column:batch"`    // the codes that were made together; "" before there were batches
	MadeBy    string `gorm:"column:made_by"`  // the officer who gave it out

	CancelledMS int64 `gorm:"column:cancelled_ms"` // 0: not cancelled
}

// TableName names the table.
func (Enrolment) TableName() string { return "enrolment" }

// GetID returns the device's id, "" for no device.
func (d *Device) GetID() string {
	if d == nil {
		return ""
	}
	return d.ID
}
