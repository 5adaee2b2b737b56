package main

import (
	"context"
	"fmt"
	"time"

	"github.com/fieldsync/fieldsync/media/picture"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// The phones that take photos, of their first events.
const (
	keepsPhotos = 2  // its originals stay on it for now
	cutPhoto    = 3  // the file of one of its photos was cut short
	seenFirst   = 4  // a photo of its event
	seenAgain   = 8  // and one that is nearly the same, of another unit's
	offPhoto    = 18 // the camera's clock and position are off
)

var photographers = map[int]int{0: 3, 1: 2, keepsPhotos: 3, cutPhoto: 2, seenFirst: 2, seenAgain: 2, offPhoto: 2, 21: 3}

// shotWords are what is on the photos of the demo.
var shotWords = []string{"活动现场全景", "向群众发放宣传资料", "工作人员解答咨询", "现场受理登记", "宣传展板"}

// snapshots lets some phones photograph: most originals come, some are still owed, one is refused, two are nearly the same.
func snapshots(ctx context.Context, c *crew) error {
	for i, n := range photographers {
		if err := c.photograph(ctx, i, n); err != nil {
			return fmt.Errorf("photos of phone %d: %w", i+1, err)
		}
	}
	return nil
}

func (c *crew) photograph(ctx context.Context, i, n int) error {
	p, of := c.phones[i], c.script.list[i]
	last := ""
	for k := range n {
		at := time.UnixMilli(c.cal.ms(stands, 9+k, 7*i%60))
		lat, lng := int64(384_800_000+i*13_000), int64(1_062_300_000+i*17_000)
		spec := picture.Spec{Seed: uint64(1000*i + k), Width: 960, Height: 720, Quality: 75, TakenAt: at.In(campaignZone), Lat: lat, Lng: lng, Accuracy: 8,
			Make: "示例", Model: "手机 A1"}
		switch {
		case i == seenAgain && k == 0:
			spec.Seed, spec.Width, spec.Height, spec.Quality = 1000*seenFirst, 900, 675, 60
		case i == offPhoto && k == 0:
			spec.TakenAt, spec.Lat = spec.TakenAt.Add(3*time.Hour), lat+250_000
		}
		original := picture.New(spec)
		if i == cutPhoto && k == 1 {
			original = original[:len(original)*2/3]
		}
		small := spec
		small.Width, small.Height, small.Quality, small.TakenAt, small.Lat, small.Lng, small.Make, small.Model = 320, 240, 70, time.Time{}, 0, 0, "", ""
		var preview []byte
		if i != keepsPhotos || k > 0 { // of one photo nothing is there yet
			preview = picture.New(small)
		}
		p.ahead = time.Until(at) // it was taken then, and its line says so
		id, err := p.TakePhoto(ctx, p.scope, of.id, map[string]any{"taken_at": at.UnixMilli(), "caption": shotWords[(i+k)%len(shotWords)],
			"place": of.fields["place"], "lat": lat, "lng": lng, "accuracy": 8}, original, preview)
		p.ahead, last = 0, id
		if err != nil {
			return err
		}
	}
	if i == keepsPhotos {
		_, err := p.Sync(ctx)
		return err
	}
	if _, err := p.SendPhotos(ctx); err != nil {
		return err
	}
	// With its next line the phone says that it owes nothing any more.
	return p.tell(ctx, client.Change{"at": c.cal.ms(stands, 18, 30), "scope": p.scope, "op": "photo.put", "id": last,
		"base": p.Base(client.Key{Scope: p.scope, Kind: models.PhotoKind, ID: last}), "set": map[string]any{"caption": shotWords[(i+n-1)%len(shotWords)]}})
}

// developed waits until the previews are made, by which photos are seen to be near.
func (a *app) developed(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	for {
		left := 0
		err := a.db.View(ctx, func(tx gateway.Tx) error {
			return tx.EachOriginal(func(o *models.Original) error {
				if o.State == models.PhotoStored && o.Rendered == "" {
					left++
				}
				return nil
			})
		})
		if err != nil || left == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}
