package models

// FieldType says what a field of version 1 may hold on the wire.
type FieldType uint8

// The types of fields. Every field may also be null, which clears it.
const (
	TextField  FieldType = iota + 1 // a string; unknown code values are kept and listed
	IDField                         // a canonical lower-case UUID
	TimeField                       // integer, ms since 1970 UTC
	CountField                      // integer 0 … 10⁹, typed once per event
	IntField                        // any integer within ±(2⁵³−1)
	FlagField                       // true or false
	HashField                       // 64 lower-case hexadecimal digits
	NamesField                      // an array of strings
)

// MaxCount is the greatest number that may be typed, and the greatest step of a tally.
const MaxCount = 1_000_000_000

// MaxQuantity is the greatest quantity of one movement of goods, in thousandths of its unit.
const MaxQuantity = 1_000_000_000_000

// MaxInteger is the greatest integer that JSON carries through every phone: 2⁵³−1.
const MaxInteger = 1<<53 - 1

// Kind is the kind of a record that phones share.
type Kind string

// The kinds of records. HeldKind is what a phone pulls about its own held and rejected lines.
const (
	EventKind Kind = "event"
	LotKind   Kind = "lot"
	PhotoKind Kind = "photo"
	SheetKind Kind = "sheet"
	HeldKind  Kind = "held"
)

// StaffPrefix starts the names of an event's fields that hold the number of people one unit
// sent: staff.<unit id>.
const StaffPrefix = "staff."

// RemarkPrefix starts the names of a sheet's fields that hold the remark on one row.
const RemarkPrefix = "remark."

// EventFields are the fields of an outreach event or media item (1-domain, field names on the
// wire). staff.<unit id> is a CountField beside these.
var EventFields = map[string]FieldType{
	"kind": TextField, "venue": TextField, "title": TextField,
	"started_at": TimeField, "ended_at": TimeField,
	"place": TextField, "lat": IntField, "lng": IntField, "accuracy": CountField,
	"large": FlagField, "urgent": FlagField, "notes": TextField, "no_commercial": FlagField,
	"meeting_type": TextField,
	"leaders":      CountField, "operators": CountField, "experts": CountField,
	"consumers": CountField, "banners": CountField, "led_slogans": CountField,
	"boards": CountField, "join": TextField, "completed": FlagField, "deleted": FlagField,
	"channel": TextField, "form": TextField, "outlet": TextField, "programme": TextField,
	"content": TextField, "first_aired_at": TimeField, "repeat": FlagField,
	"minutes": CountField, "pieces": CountField, "url": TextField,
}

// LotFields are the fields of a lot of goods. value is 分 for the whole lot.
var LotFields = map[string]FieldType{
	"category": TextField, "name": TextField, "brand": TextField, "spec": TextField,
	"unit": TextField, "value": IntField, "case_no": TextField, "from_unit": TextField,
	"appeal_over": FlagField, "approval_no": TextField, "approved_on": TimeField,
	"from_lot": IDField, "deleted": FlagField,
}

// PhotoFields are the fields of a photo. bytes is the size of the original.
var PhotoFields = map[string]FieldType{
	"event": IDField, "lot": IDField, "move": IDField, "sha256": HashField, "bytes": IntField,
	"mime": TextField, "taken_at": TimeField, "place": TextField, "lat": IntField,
	"lng": IntField, "accuracy": CountField, "caption": TextField, "deleted": FlagField,
}

// SheetFields are the fixed fields of a unit's sheet; rows of type S and remarks on rows are
// texts beside these.
var SheetFields = map[string]FieldType{
	"remarks": TextField, "filled_by": TextField, "phone": TextField, "dated": TimeField,
	"completed": FlagField, "approved": FlagField,
}

// MoveFields are the fields inside the set of a goods.move.
var MoveFields = map[string]FieldType{
	"method": TextField, "place": TextField, "supervisors": NamesField, "counterpart": TextField,
}

// TypedCounts are the event fields that feed statistics and are typed once: two values are a
// conflict, never a sum. staff.<unit id> belongs to them too.
var TypedCounts = map[string]bool{
	"leaders": true, "operators": true, "experts": true, "consumers": true, "banners": true,
	"led_slogans": true, "boards": true, "minutes": true, "pieces": true,
}

// DecidingFields are the further event fields that decide which rows an event fills, and for which
// day: a conflict in one of them could change a number as much as two counts could.
var DecidingFields = map[string]bool{
	"kind": true, "venue": true, "meeting_type": true, "large": true, "started_at": true,
	"channel": true, "form": true, "outlet": true, "programme": true, "content": true,
	"first_aired_at": true, "repeat": true, "deleted": true,
}

// OnceFields are set once: a second, different value rejects the line.
var OnceFields = map[Kind]map[string]bool{
	EventKind: {"join": true},
	PhotoKind: {"sha256": true, "bytes": true, "mime": true},
}

// FieldsOf returns the fixed fields of a kind.
func FieldsOf(k Kind) map[string]FieldType {
	switch k {
	case EventKind:
		return EventFields
	case LotKind:
		return LotFields
	case PhotoKind:
		return PhotoFields
	case SheetKind:
		return SheetFields
	}
	return nil
}
