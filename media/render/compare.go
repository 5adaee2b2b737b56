package render

import (
	"math"
	"time"
)

// Claimed is what a phone and its office say of a photo. Zero values are unknown; times are Unix ms.
type Claimed struct {
	TakenMS   int64          // when the phone says that it was taken
	ReceiptMS int64          // when the server heard of it
	NotBefore int64          // when what it shows began
	Place     *Place         // where the phone says that it was
	Zone      *time.Location // of the campaign, for a camera that does not tell its offset; nil: UTC
}

// What differs, and by how much, of a [Difference].
const (
	DiffTime    = "time"    // the file's time is By minutes after the claimed one; negative: before
	DiffPlace   = "place"   // the two places are By metres apart
	DiffFuture  = "future"  // the file says that it was taken By minutes after the server heard of it
	DiffEarlier = "earlier" // the file says that it was taken By minutes before what it shows began
)

// A Difference is a word that a screen puts into a sentence, and a number.
type Difference struct {
	Kind string `json:"kind"`
	By   int64  `json:"by"`
}

// What is a difference: clocks differ by a little, and so do two looks at the satellites.
const (
	timeSlack  = 2 * time.Minute
	placeSlack = 200 // metres beyond the accuracy of both
)

// Compare lists where a file's facts differ from what is claimed. Nothing follows from it by itself: a camera's clock may
// be wrong, and a picture may have been sent on by a colleague.
func Compare(f *FactsOf, c Claimed) []Difference {
	var found []Difference
	if ms, ok := f.TakenIn(c.Zone); ok {
		slack := timeSlack.Milliseconds()
		if by := ms - c.TakenMS; c.TakenMS != 0 && (by > slack || by < -slack) {
			found = append(found, Difference{DiffTime, minutes(by)})
		}
		if by := ms - c.ReceiptMS; c.ReceiptMS != 0 && by > slack {
			found = append(found, Difference{DiffFuture, minutes(by)})
		}
		if by := c.NotBefore - ms; c.NotBefore != 0 && by > slack {
			found = append(found, Difference{DiffEarlier, minutes(by)})
		}
	}
	if f.Place != nil && c.Place != nil {
		if m := Metres(*f.Place, *c.Place); m > placeSlack+f.Place.Accuracy+c.Place.Accuracy {
			found = append(found, Difference{DiffPlace, m})
		}
	}
	return found
}

// TakenIn is the time of the facts in Unix ms: in the camera's own zone when it tells its offset, else in the given one
// (nil: UTC).
func (f *FactsOf) TakenIn(zone *time.Location) (ms int64, ok bool) {
	if f.TakenAt == "" {
		return 0, false
	}
	if f.Offset != "" {
		return f.TakenMS, true
	}
	if zone == nil {
		zone = time.UTC
	}
	t, err := time.ParseInLocation(takenForm, f.TakenAt, zone)
	return t.UnixMilli(), err == nil
}

// Metres is how far apart two places are, on a sphere of the earth's mean radius.
func Metres(a, b Place) int64 {
	rad := func(n int64) float64 { return float64(n) / 1e7 * math.Pi / 180 }
	sinLat, sinLng := math.Sin((rad(b.Lat)-rad(a.Lat))/2), math.Sin((rad(b.Lng)-rad(a.Lng))/2)
	h := sinLat*sinLat + math.Cos(rad(a.Lat))*math.Cos(rad(b.Lat))*sinLng*sinLng
	return int64(math.Round(2 * 6_371_008.8 * math.Asin(math.Sqrt(min(h, 1)))))
}

func minutes(ms int64) int64 { return int64(math.Round(float64(ms) / 60_000)) }
