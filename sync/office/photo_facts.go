package office

import (
	"time"

	"github.com/fieldsync/fieldsync/media/render"
)

// differences compares what was recorded of a photo with what its file says. A file without a time or a place says
// nothing, and nothing is corrected by it. A clock that does not tell its zone is taken for one of the campaign's.
func differences(p *PhotoView, zone string) []PhotoDifference {
	out := []PhotoDifference{}
	f, err := render.ParseFacts(string(p.Facts))
	if err != nil {
		return out
	}
	c := render.Claimed{TakenMS: p.TakenAt}
	if c.Zone, err = time.LoadLocation(zone); err != nil {
		c.Zone = time.UTC
	}
	if p.Lat != nil && p.Lng != nil {
		c.Place = &render.Place{Lat: *p.Lat, Lng: *p.Lng}
		if p.Accuracy != nil {
			c.Place.Accuracy = *p.Accuracy
		}
	}
	for _, d := range render.Compare(f, c) {
		v := PhotoDifference{What: d.Kind, Value: d.By}
		if d.Kind == render.DiffTime {
			v.Value = d.By * 60
		}
		out = append(out, v)
	}
	return out
}
