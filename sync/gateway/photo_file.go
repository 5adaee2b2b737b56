package gateway

import (
	"context"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// PhotoFile is a photo's original as it is given out, with what is written on copies.
type PhotoFile struct {
	Scope, ID string
	Original  models.Original
	TakenMS   int64  // when it was taken, as the phone corrected it by the offset that it knew; 0: not said
	Zone      string // IANA, of the campaign
	Place     string
	Caption   string
	UnitName  string
	Device    string // the phone that took it
}

// DevicePhoto returns a photo that a device may see: one of a scope that it pulls now, and not when it was revoked. The
// problem is not_found for anything else, and for a photo nothing of which has come.
func (g *Gateway) DevicePhoto(ctx context.Context, device, id string) (f *PhotoFile, err error) {
	err = g.store.View(ctx, func(tx Tx) error {
		dev, err := tx.Device(device)
		if err != nil {
			return err
		}
		if dev == nil || dev.RevokedMS != 0 {
			return noPhoto()
		}
		as, err := tx.Assignments(dev.Officer)
		if err != nil {
			return err
		}
		scopes, err := tx.ScopesOf(as)
		if err != nil {
			return err
		}
		list, err := tx.Announcements([]string{id})
		if err != nil {
			return err
		}
		for i := range list {
			if !slices.Contains(scopes, list[i].Scope) {
				continue
			}
			if f, err = g.photoFile(tx, list[i].Scope, id); err != nil || f != nil {
				return err
			}
		}
		return noPhoto()
	})
	return f, err
}

// PhotoFile returns a photo of a scope, whoever asks: rights were judged before. The problem is not_found where there is
// none, and where nothing of it has come.
func (g *Gateway) PhotoFile(ctx context.Context, scope, id string) (f *PhotoFile, err error) {
	err = g.store.View(ctx, func(tx Tx) (err error) {
		if f, err = g.photoFile(tx, scope, id); err == nil && f == nil {
			err = noPhoto()
		}
		return err
	})
	return f, err
}

func noPhoto() error {
	return problem.New(problem.NotFound, "there is no such photo, or nothing of it has come yet").ZH("没有这张照片，或者还没有上传。")
}

// photoFile returns nil for a photo that is not there or of which nothing has come.
func (g *Gateway) photoFile(tx Tx, scope, id string) (*PhotoFile, error) {
	r, err := recordOf(tx, scope, id)
	if err != nil || r == nil {
		return nil, err
	}
	o, err := tx.Original(scope, r.Text("sha256"))
	if err != nil || o == nil {
		return nil, err
	}
	f := &PhotoFile{Scope: scope, ID: id, Original: *o, Place: r.Text("place"), Caption: r.Text("caption")}
	f.TakenMS, _ = r.Int("taken_at")
	if len(r.Sources) > 0 {
		f.Device = r.Sources[0].Device
	}
	campaign, _, _ := strings.Cut(scope, ":")
	c, err := tx.Campaign(campaign)
	if err != nil {
		return nil, err
	}
	if c != nil {
		f.Zone = c.Zone
	}
	var u models.Unit
	if _, err := tx.Load(&u, unitOf(r)); err != nil {
		return nil, err
	}
	f.UnitName = u.Name
	return f, nil
}
