package office

import (
	"encoding/json"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// PhotoView is one photo or video of an event, and what has come of its original.
type PhotoView struct {
	Campaign   string `json:"campaign"`
	Unit       string `json:"unit"` // whose part of the campaign it stands in: a part of its name
	UnitName   string `json:"unit_name"`
	ID         string `json:"id"`
	Event      string `json:"event,omitempty"`
	EventTitle string `json:"event_title,omitempty"`
	By         Person `json:"by"` // whose phone announced the original

	Place    string `json:"place"`
	Caption  string `json:"caption"`
	Lat      *int64 `json:"lat,omitempty"` // 1e-7 degree
	Lng      *int64 `json:"lng,omitempty"`
	Accuracy *int64 `json:"accuracy,omitempty"` // metres

	TakenAt     int64 `json:"taken_at"`     // ms, corrected by the phone with the offset it knew; 0: not said
	ClaimedAt   int64 `json:"claimed_at"`   // ms, of its line, as the phone's clock stood
	ClockOffset int64 `json:"clock_offset"` // ms, server − phone, measured when the line came
	ReceivedAt  int64 `json:"received_at"`  // ms, when the line came

	SHA256 string `json:"sha256"`
	Code   string `json:"code"`  // to look the original up by
	Bytes  int64  `json:"bytes"` // of the original, as announced
	MIME   string `json:"mime"`  // as its bytes say once it is stored, as the phone said before
	Video  bool   `json:"video"`

	State    models.PhotoState `json:"state"` // announced partial stored refused
	Reason   string            `json:"reason,omitempty"`
	Stored   bool              `json:"stored"`              // the original has arrived and was verified
	StoredAt int64             `json:"stored_at,omitempty"` // ms
	Receipt  *LinePlace        `json:"receipt,omitempty"`
	Width    int64             `json:"width,omitempty"` // pixels as stored, before the orientation
	Height   int64             `json:"height,omitempty"`
	Preview  bool              `json:"preview"` // there is a picture to show: the server's preview or the phone's
	Stamped  bool              `json:"stamped"` // there is a copy with time and place written on it, or it can be made

	Facts       json.RawMessage   `json:"facts,omitempty"` // what the file says of itself (EXIF): a hint, not a proof
	Differences []PhotoDifference `json:"differences"`     // between what was recorded and what the file says
	Alike       []PhotoTwin       `json:"alike"`           // photos of other events that are the same or near
}

// LinePlace is where a line stands in the logs.
type LinePlace struct {
	Log int64 `json:"log"`
	Seq int64 `json:"seq"`
}

// PhotoDifference is something that the record and the file say differently.
type PhotoDifference struct {
	What  string `json:"what"`  // time or place
	Value int64  `json:"value"` // seconds (whole minutes) by which the file is later, or metres between the two
}

// PhotoTwin is a photo of another event that is the same or looks alike.
type PhotoTwin struct {
	Why        string `json:"why"` // same_photo or near_photo
	Distance   int64  `json:"distance"`
	Unit       string `json:"unit"`
	UnitName   string `json:"unit_name"`
	ID         string `json:"id"` // of the photo
	Event      string `json:"event"`
	EventTitle string `json:"event_title"`
}

// PhotoSum adds photos up by the state of their originals.
type PhotoSum struct {
	State  models.PhotoState `json:"state"`
	Photos int64             `json:"photos"`
	Bytes  int64             `json:"bytes"` // as announced
}

// Missing is what a phone announced, and what of it is not here.
type Missing struct{ Announced, Missing, Refused int64 }

// photosOf shows photos; one whose record is gone is left out.
func (v *viewer) photosOf(list []PhotoFound, twins bool) ([]PhotoView, error) {
	out := []PhotoView{}
	if len(list) == 0 {
		return out, nil
	}
	keys := make([]gateway.Key, len(list))
	var events []gateway.Key
	var at []merge.Place
	var devices, officers []string
	for i := range list {
		f := &list[i]
		keys[i] = f.Key
		events = append(events, f.eventKey())
		at = append(at, merge.Place{Log: f.Announced.Log, Seq: f.Announced.Seq})
		devices, officers = append(devices, f.Announced.Device), append(officers, f.Announced.Officer)
	}
	recs, err := v.tx.RecordsAt(keys)
	if err != nil {
		return nil, err
	}
	if err := v.know(officers, devices); err != nil {
		return nil, err
	}
	if err := v.knowAll(recs); err != nil {
		return nil, err
	}
	batches, err := v.tx.BatchesAt(at)
	if err != nil {
		return nil, err
	}
	titles, err := v.titles(events)
	if err != nil {
		return nil, err
	}
	alike := map[gateway.Key][]PhotoTwin{}
	if twins {
		if alike, err = v.alike(list); err != nil {
			return nil, err
		}
	}
	for i := range list {
		s, ok := recs[keys[i]]
		if !ok {
			continue
		}
		p := v.photo(&list[i], s.Record)
		p.ClockOffset, p.EventTitle = batches[at[i]].OffsetMS, titles[events[i]]
		p.Alike = append(p.Alike, alike[keys[i]]...)
		out = append(out, p)
	}
	return out, nil
}

func (f *PhotoFound) eventKey() gateway.Key {
	return gateway.Key{Scope: f.Key.Scope, Kind: models.EventKind, ID: f.Event}
}

func (v *viewer) photo(f *PhotoFound, r *merge.Record) PhotoView {
	_, unit := splitScope(r.Scope)
	a, o := &f.Announced, &f.Original
	p := PhotoView{Campaign: v.c.ID, Unit: unit, UnitName: v.r.unitName(unit), ID: r.ID, Event: r.Text("event"), By: v.first(r),
		Place: r.Text("place"), Caption: r.Text("caption"), SHA256: a.SHA256, Code: models.LookupCode(a.SHA256), Bytes: a.Bytes, MIME: a.MIME,
		State: o.State, Reason: o.Reason, Stored: o.State == models.PhotoStored, StoredAt: o.StoredMS, Width: o.Width, Height: o.Height,
		ReceivedAt: a.ReceiptMS, Preview: o.Preview || o.Rendered == models.RenderDone, Stamped: o.Rendered == models.RenderDone,
		Differences: []PhotoDifference{}, Alike: []PhotoTwin{}}
	p.TakenAt, _ = r.Int("taken_at")
	p.Lat, p.Lng, p.Accuracy = intOf(r, "lat"), intOf(r, "lng"), intOf(r, "accuracy")
	if a.SHA256 == "" { // no line named an original
		p.SHA256 = r.Text("sha256")
		p.Code, p.MIME = models.LookupCode(p.SHA256), r.Text("mime")
		p.Bytes, _ = r.Int("bytes")
	} else {
		p.By = v.person(a.Officer, a.Device)
	}
	p.ClaimedAt = claimedAt(r, a)
	if o.MIME != "" {
		p.MIME = o.MIME
	}
	p.Video = strings.HasPrefix(p.MIME, "video/")
	if f.Receipt.Log != 0 {
		p.Receipt = &LinePlace{Log: f.Receipt.Log, Seq: f.Receipt.Seq}
	}
	if json.Valid([]byte(o.Facts)) {
		p.Facts = json.RawMessage(o.Facts)
		p.Differences = differences(&p, v.c.Zone)
	}
	return p
}

// claimedAt returns when the phone's clock said that the photo was announced: the time on the announcing line, or that of
// what is shown.
func claimedAt(r *merge.Record, a *models.Announcement) int64 {
	at := int64(0)
	for i := range r.Fields {
		if r.Fields[i].Name != "sha256" {
			continue
		}
		at = r.Fields[i].Shown().AtMS
		for j := range r.Fields[i].Siblings {
			if s := &r.Fields[i].Siblings[j]; s.Log == a.Log && s.Seq == a.Seq {
				return s.AtMS
			}
		}
	}
	return at
}

// intOf returns the number of a field, nil where there is none.
func intOf(r *merge.Record, name string) *int64 {
	if n, ok := r.Int(name); ok {
		return &n
	}
	return nil
}
