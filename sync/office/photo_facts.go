package office

import (
	"encoding/json"
	"math"
	"time"
)

// What a file says of itself is compared with what was recorded: more than this apart is shown.
const (
	timeApart  = 2 * time.Minute
	placeApart = 200 // metres, beside what the record says of its own accuracy
)

// fileFacts are those of a file's facts that can be compared.
type fileFacts struct {
	TakenMS int64  `json:"taken_ms"` // 0: none, or not known in which zone
	TakenAt string `json:"taken_at"` // on the camera's clock, as 2006-01-02 15:04:05
	Lat     *int64 `json:"lat"`      // 1e-7 degree
	Lng     *int64 `json:"lng"`
}

// differences compares what was recorded of a photo with what its file says. A file without a time or a place says
// nothing, and nothing is corrected by it. A clock that does not tell its zone is taken for one of the campaign's.
func differences(p *PhotoView, zone string) []PhotoDifference {
	out := []PhotoDifference{}
	var f fileFacts
	if json.Unmarshal(p.Facts, &f) != nil {
		return out
	}
	if loc, err := time.LoadLocation(zone); err == nil && f.TakenMS == 0 {
		if at, err := time.ParseInLocation(time.DateTime, f.TakenAt, loc); err == nil {
			f.TakenMS = at.UnixMilli()
		}
	}
	if f.TakenMS != 0 && p.TakenAt != 0 {
		if apart := time.Duration(f.TakenMS-p.TakenAt) * time.Millisecond; apart.Abs() > timeApart {
			out = append(out, PhotoDifference{What: "time", Value: int64(apart / time.Second)})
		}
	}
	if f.Lat != nil && f.Lng != nil && p.Lat != nil && p.Lng != nil {
		most := int64(placeApart)
		if p.Accuracy != nil {
			most += *p.Accuracy
		}
		if m := metres(*p.Lat, *p.Lng, *f.Lat, *f.Lng); m > most {
			out = append(out, PhotoDifference{What: "place", Value: m})
		}
	}
	return out
}

// metres returns how far two points on the earth are from one another, in 1e-7 degree.
func metres(lat1, lng1, lat2, lng2 int64) int64 {
	const radius = 6_371_008.8 // mean, metres
	rad := func(v int64) float64 { return float64(v) / 1e7 * math.Pi / 180 }
	sin2 := func(x float64) float64 { return math.Sin(x/2) * math.Sin(x/2) }
	h := sin2(rad(lat2-lat1)) + math.Cos(rad(lat1))*math.Cos(rad(lat2))*sin2(rad(lng2-lng1))
	return int64(2 * radius * math.Asin(math.Sqrt(min(1, h))))
}
