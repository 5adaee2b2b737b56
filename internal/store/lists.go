package store

import (
	"context"

	"github.com/fieldsync/fieldsync/models"
)

// Units lists all units in the order of their codes.
func (db *DB) Units(ctx context.Context) (out []models.Unit, err error) {
	err = db.view(ctx, func(t *tx) (err error) {
		out, err = t.Units()
		return err
	})
	return out, err
}

// Officers lists the officers of a unit, or all when unit is empty.
func (db *DB) Officers(ctx context.Context, unit string) (out []models.Officer, err error) {
	err = db.view(ctx, func(t *tx) error {
		q := t.gorm().Order("unit, id")
		if unit != "" {
			q = q.Where("unit = ?", unit)
		}
		return q.Find(&out).Error
	})
	return out, err
}

// Campaigns lists all campaigns, the oldest first.
func (db *DB) Campaigns(ctx context.Context) (out []models.Campaign, err error) {
	err = db.view(ctx, func(t *tx) (err error) {
		out, err = t.Campaigns()
		return err
	})
	return out, err
}

// Templates lists the templates that were given to this server.
func (db *DB) Templates(ctx context.Context) (out []models.Template, err error) {
	err = db.view(ctx, func(t *tx) error { return t.gorm().Order("id").Find(&out).Error })
	return out, err
}

// DeviceStatus is what the office sees of a phone. It is known up to the last contact: what a
// phone recorded since then is on the phone.
type DeviceStatus struct {
	models.Device
	Epochs int
	Lines  int64 // that the server has
	Owes   int64 // lines the phone declared and the server lacks
	Photos int64 // originals it declared and still owes
	// Of the newest push:
	LastMS, OffsetMS int64
	Forked, Behind   bool
}

// Devices lists the phones with what their logs say.
func (db *DB) Devices(ctx context.Context) (out []DeviceStatus, err error) {
	err = db.view(ctx, func(t *tx) error {
		var devs []models.Device
		if err := t.gorm().Where("NOT office").Order("id").Find(&devs).Error; err != nil {
			return err
		}
		at := map[string]int{}
		for i := range devs {
			at[devs[i].ID] = i
			out = append(out, DeviceStatus{Device: devs[i]})
		}
		logs, err := t.Logs()
		for i := range logs {
			if at, ok := at[logs[i].Device]; ok {
				out[at].add(&logs[i])
			}
		}
		return err
	})
	return out, err
}

func (d *DeviceStatus) add(l *models.Log) {
	d.Epochs++
	d.Lines += l.Next
	d.Owes += max(0, l.LogNext-l.Next)
	d.Forked, d.Behind = d.Forked || l.Forked, d.Behind || l.Behind
	if l.LastMS > d.LastMS {
		d.LastMS, d.OffsetMS, d.Photos = l.LastMS, l.OffsetMS, l.PhotosPending
	}
}
