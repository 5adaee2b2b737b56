package models

// PhotoState says how far the original of a photo has come.
type PhotoState string

// The states of an original. An answer may also say unknown: of an id that nobody announced to whoever asks.
const (
	PhotoUnknown   PhotoState = "unknown"
	PhotoAnnounced PhotoState = "announced" // its line is here, none of its bytes
	PhotoPartial   PhotoState = "partial"   // some of its units are here
	PhotoStored    PhotoState = "stored"    // verified and stored
	PhotoRefused   PhotoState = "refused"   // it came whole and cannot be taken: in quarantine, with a reason
)

// PhotoUnit is the size of a unit of an original, bytes. The last one of an original may be shorter.
const PhotoUnit = 128 << 10

// Announcement is a stored line that promises an original: a photo.put with its hash and size, applied or held. It
// stays when the photo is deleted.
type Announcement struct {
	Scope     string `gorm:"column:scope;primaryKey"`
	ID        string `gorm:"column:id;primaryKey"` // of the photo's record
	SHA256    string `gorm:"column:sha256;primaryKey"`
	Device    string `gorm:"column:device;primaryKey"` // whose log the line is in
	Officer   string `gorm:"column:officer"`
	Bytes     int64  `gorm:"column:bytes"`
	MIME      string `gorm:"column:mime"` // as the phone said
	Log       int64  `gorm:"column:log_no"`
	Seq       int64  `gorm:"column:seq"`
	ReceiptMS int64  `gorm:"column:receipt_ms"`
	// Stranger marks a line that is held because its writer has no part in the scope: its photo is nobody's there before the
	// line is applied, and what others brought is not told to it.
	Stranger bool `gorm:"column:stranger"`
}

// TableName names the table.
func (Announcement) TableName() string { return "announced" }

// Original is the bytes of one or more photos of a scope. Other scopes have rows of their own, although the store keeps
// equal bytes once: who knows a hash has not brought the bytes.
type Original struct {
	Scope    string     `gorm:"column:scope;primaryKey"`
	SHA256   string     `gorm:"column:sha256;primaryKey"` // 64 hexadecimal digits
	Bytes    int64      `gorm:"column:bytes"`
	MIME     string     `gorm:"column:mime"`  // as its first bytes say; "" before it came whole
	State    PhotoState `gorm:"column:state"` // partial stored refused
	Reason   string     `gorm:"column:reason"`
	Device   string     `gorm:"column:device"` // that sent the first unit; its quota bears the bytes
	BegunMS  int64      `gorm:"column:begun_ms"`
	LastMS   int64      `gorm:"column:last_ms"`   // of the last change of its state, or of its last unit's day
	StoredMS int64      `gorm:"column:stored_ms"` // when it was stored: the receipt's time
	Width    int64      `gorm:"column:width"`     // pixels as stored, before the orientation; 0: unknown
	Height   int64      `gorm:"column:height"`
	Facts    string     `gorm:"column:facts"`    // what the file says of itself (EXIF), JSON; "": nothing
	Likeness string     `gorm:"column:dhash"`    // difference hash, 16 hexadecimal digits; "": none
	Rendered string     `gorm:"column:render"`   // "" to be made, done, none (no renditions of this type), or why it failed
	Preview  bool       `gorm:"column:preview"`  // the phone's own preview is there
	AsVideo  bool       `gorm:"column:as_video"` // it was announced as a video: that quota bears it
}

// TableName names the table.
func (Original) TableName() string { return "original" }

// Rendered is the state of an original's renditions.
const (
	RenderDone = "done"
	RenderNone = "none" // nothing is made of this type: video, HEIC
)

// PhotoReceipt is the line of the server's own log that says that an original is stored.
type PhotoReceipt struct {
	Scope    string `gorm:"column:scope;primaryKey"`
	ID       string `gorm:"column:id;primaryKey"`
	SHA256   string `gorm:"column:sha256;primaryKey"`
	Log      int64  `gorm:"column:log_no"`
	Seq      int64  `gorm:"column:seq"`
	OnRecord bool   `gorm:"column:on_record"` // the line was applied to the photo's record; else there was none yet
}

// TableName names the table.
func (PhotoReceipt) TableName() string { return "photo_receipt" }

// PhotoNear are two originals of a campaign that look alike.
type PhotoNear struct {
	Campaign string `gorm:"column:campaign;primaryKey"`
	Scope1   string `gorm:"column:scope1;primaryKey"`
	SHA1     string `gorm:"column:sha1;primaryKey"`
	Scope2   string `gorm:"column:scope2;primaryKey"`
	SHA2     string `gorm:"column:sha2;primaryKey"`
	Distance int64  `gorm:"column:distance"` // differing bits of the two difference hashes
}

// TableName names the table.
func (PhotoNear) TableName() string { return "photo_near" }

// ServerLife is a running server of an installation, and where it keeps what is not whole yet.
type ServerLife struct {
	ID        string `gorm:"column:id;primaryKey"`
	Host      string `gorm:"column:host"`
	Spool     string `gorm:"column:spool"` // the name that its spool bears: equal for servers that share one
	StartedMS int64  `gorm:"column:started_ms"`
	SeenMS    int64  `gorm:"column:seen_ms"`
}

// TableName names the table.
func (ServerLife) TableName() string { return "server_life" }
