package render

import (
	"encoding/json"
	"image"
	"io"
	"math"
	"time"

	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

// FactsOf is what a picture's file says of itself. A zero value is a fact that it does not tell. Nobody has proved any of
// it: EXIF is written by a camera, and by whoever likes to.
type FactsOf struct {
	Width       int    `json:"width,omitempty"` // pixels as stored, before the orientation
	Height      int    `json:"height,omitempty"`
	Orientation int    `json:"orientation,omitempty"` // EXIF's, 2 to 8; 1 and none are left out
	TakenAt     string `json:"taken_at,omitempty"`    // "2006-01-02 15:04:05" on the camera's clock
	Offset      string `json:"offset,omitempty"`      // of that clock from UTC, "+08:00"
	TakenMS     int64  `json:"taken_ms,omitempty"`    // the same as Unix time, when the offset is known
	*Place             // nil: none; in JSON lat, lng, accuracy beside the others
	Make        string `json:"make,omitempty"` // texts have at most 64 characters, all printable
	Model       string `json:"model,omitempty"`
	Software    string `json:"software,omitempty"`
}

// Place is a position.
type Place struct {
	Lat      int64 `json:"lat"` // 1e-7 degree, WGS-84
	Lng      int64 `json:"lng"`
	Accuracy int64 `json:"accuracy,omitempty"` // metres, 0: unknown
}

const takenForm = "2006-01-02 15:04:05"

// Facts reads what a file says of itself, without decoding it. What is broken, hostile or of another type than JPEG, PNG
// and WebP has fewer facts. It reads at most some hundred kilobytes. An error is the reader's.
func Facts(r io.ReadSeeker) (*FactsOf, error) {
	w := &witness{ReadSeeker: r}
	if _, err := w.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	k, exif := kindAndEXIF(w)
	f := factsOf(exif)
	if c, ok := size(w, k); ok {
		f.Width, f.Height = c.Width, c.Height
	}
	if w.fault != nil {
		return nil, w.fault
	}
	return f, nil
}

// size reads how many pixels a picture has.
func size(r io.ReadSeeker, k kind) (c image.Config, ok bool) {
	defer func() {
		if recover() != nil { // a decoder that fails on a hostile picture tells nothing
			ok = false
		}
	}()
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return c, false
	}
	err := error(NoPicture)
	switch k {
	case jpegKind:
		c, err = jpeg.DecodeConfig(r)
	case pngKind:
		c, err = png.DecodeConfig(r)
	case webpKind:
		c, err = webp.DecodeConfig(r)
	}
	return c, err == nil && c.Width > 0 && c.Height > 0
}

func factsOf(exif []byte) *FactsOf {
	f := &FactsOf{}
	var lat, lng int64
	var latRef, lngRef, offset string
	var accuracy float64
	var latOK, lngOK bool
	readEXIF(exif, func(place bool, tag uint16, v value) {
		if place {
			switch tag {
			case gpsLatRef:
				latRef = v.text()
			case gpsLat:
				lat, latOK = v.degrees()
			case gpsLngRef:
				lngRef = v.text()
			case gpsLng:
				lng, lngOK = v.degrees()
			case gpsAccuracy:
				if a, ok := v.rationals(1); ok {
					accuracy = a[0]
				}
			}
			return
		}
		switch tag {
		case tagMake:
			f.Make = v.text()
		case tagModel:
			f.Model = v.text()
		case tagSoftware:
			f.Software = v.text()
		case tagOrientation:
			if n, ok := v.number(); ok && n >= 2 && n <= 8 {
				f.Orientation = n
			}
		case tagTaken:
			f.TakenAt = v.text()
		case tagOffset:
			offset = v.text()
		}
	})
	f.taken(offset)
	if latOK && lngOK {
		f.Place = placeOf(lat, lng, latRef, lngRef, accuracy)
	}
	return f
}

// taken brings the time into its form, and leaves it out when it is none.
func (f *FactsOf) taken(offset string) {
	t, err := time.Parse("2006:01:02 15:04:05", f.TakenAt)
	if err != nil || t.Year() < 1970 {
		f.TakenAt = ""
		return
	}
	f.TakenAt = t.Format(takenForm)
	if zone, err := time.Parse("-07:00", offset); err == nil {
		f.Offset = offset
		_, seconds := zone.Zone()
		f.TakenMS = t.Add(-time.Duration(seconds) * time.Second).UnixMilli()
	}
}

// placeOf is nil for what is no place on earth, and for 0, 0: cameras write it when they do not know.
func placeOf(lat, lng int64, latRef, lngRef string, accuracy float64) *Place {
	if lat > 90e7 || lng > 180e7 || lat == 0 && lng == 0 {
		return nil
	}
	if latRef == "S" || latRef == "s" {
		lat = -lat
	}
	if lngRef == "W" || lngRef == "w" {
		lng = -lng
	}
	p := &Place{Lat: lat, Lng: lng}
	if accuracy > 0 && accuracy < 1e7 {
		p.Accuracy = int64(math.Ceil(accuracy))
	}
	return p
}

// JSON is how facts are kept: at most 4 KiB, "" for none.
func (f *FactsOf) JSON() string {
	if f == nil || *f == (FactsOf{}) {
		return ""
	}
	text, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	return string(text)
}

// ParseFacts reads what JSON wrote.
func ParseFacts(text string) (*FactsOf, error) {
	f := &FactsOf{}
	if text == "" {
		return f, nil
	}
	return f, json.Unmarshal([]byte(text), f)
}
