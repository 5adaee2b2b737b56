package gateway

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// Delivery is one photo as a device may deliver it.
type Delivery struct {
	Announcement models.Announcement
	Original     *models.Original // nil: nothing has come
	Receipt      *PhotoReceipt    // nil while there is none
}

// PhotoReceipt is the line that says that an original is stored, with the signed header of its batch, which is of this
// line alone.
type PhotoReceipt struct{ Header, Line string }

// Deliveries returns what a device may deliver, by photo id. What it announced itself it may always deliver, also when
// the line is held, the phone revoked or the photo deleted. Otherwise its officer must have been assigned to the scope at
// some time: a colleague's phone may bring the missing part. Own announcements go before others of the same id.
func (g *Gateway) Deliveries(ctx context.Context, device string, ids []string) (out map[string]*Delivery, err error) {
	err = g.store.View(ctx, func(tx Tx) error {
		out = map[string]*Delivery{}
		dev, err := tx.Device(device)
		if err != nil {
			return err
		}
		if dev == nil {
			return problem.New(problem.UnknownDevice, "this device is not enrolled here").ZH("没有登记过这部手机，请重新激活。")
		}
		list, err := tx.Announcements(ids)
		if err != nil {
			return err
		}
		w := &work{g: g, tx: tx, device: dev}
		if w.assigned, err = tx.Assignments(dev.Officer); err != nil {
			return err
		}
		best := map[string]int{}
		for i := range list {
			a := &list[i]
			rank := w.delivers(a)
			if rank == 0 || rank <= best[a.ID] {
				continue
			}
			best[a.ID], out[a.ID] = rank, &Delivery{Announcement: *a}
		}
		for _, d := range out {
			if err := g.delivery(tx, d, device); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// delivers says how near an announcement is to the device: 0 is not at all.
func (w *work) delivers(a *models.Announcement) int {
	campaign, unit, _ := strings.Cut(a.Scope, ":")
	switch {
	case a.Device == w.device.ID:
		return 3
	case w.device.RevokedMS != 0:
		return 0
	case a.Officer == w.device.Officer:
		return 2 // another phone of the same person, or the same one enrolled anew
	case w.mayWrite(campaign, unit):
		return 1
	}
	return 0
}

// delivery reads what has come of one announced original, as far as the device is to know: a stranger to the scope hears of
// what it brought itself and of nothing else, and what was begun with a smaller size counts as not begun.
func (g *Gateway) delivery(tx Tx, d *Delivery, device string) error {
	a := &d.Announcement
	o, err := tx.Original(a.Scope, a.SHA256)
	if err != nil || o == nil || o.State == models.PhotoPartial && o.Bytes < a.Bytes {
		return err
	}
	var mine *models.PhotoReceipt
	if o.State == models.PhotoStored {
		receipts, err := tx.PhotoReceipts(a.Scope, a.SHA256)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(receipts, func(r models.PhotoReceipt) bool { return r.ID == a.ID }); i >= 0 {
			mine = &receipts[i]
		}
	}
	if a.Stranger && o.Device != device && mine == nil {
		return nil
	}
	if d.Original = o; mine != nil {
		d.Receipt, err = receiptLine(tx, mine)
	}
	return err
}

// receiptLine reads the line of a receipt and the header that signs it.
func receiptLine(tx Tx, r *models.PhotoReceipt) (*PhotoReceipt, error) {
	lines, err := tx.Lines(r.Log, r.Seq, 1)
	if err != nil {
		return nil, err
	}
	batches, err := tx.BatchesOver(r.Log, r.Seq, r.Seq)
	if err != nil || len(lines) == 0 || len(batches) == 0 {
		return nil, err
	}
	return &PhotoReceipt{Header: string(batches[0].Header), Line: string(lines[0].Raw)}, nil
}

// BeginOriginal notes that the first unit of an original has come. What would go beyond quota bytes of the device is a
// problem with code quota. One that is begun already is left as it is, unless it was begun with a smaller size. Phones hear
// of it from [Gateway.TellPartial]: on a good link the original is whole before that, and a line is saved.
func (g *Gateway) BeginOriginal(ctx context.Context, device string, a *models.Announcement, quota int64) error {
	o := &models.Original{Scope: a.Scope, SHA256: a.SHA256, Bytes: a.Bytes, MIME: a.MIME, State: models.PhotoPartial, Device: device,
		AsVideo: strings.HasPrefix(a.MIME, "video/")}
	return g.settle(ctx, o, func(tx Tx, have *models.Original) (*models.Original, error) {
		before := int64(0)
		if have != nil {
			if have.State != models.PhotoPartial || have.Bytes >= a.Bytes {
				return have, nil
			}
			o.Device, o.AsVideo, o.Preview, o.BegunMS, before = have.Device, have.AsVideo, have.Preview, have.BegunMS, have.Bytes
		}
		used, err := tx.DeviceBytes(o.Device, o.AsVideo)
		if err != nil {
			return nil, err
		}
		if used-before+a.Bytes > quota {
			return nil, problem.New(problem.Quota, "the originals of this phone would be more than %d bytes", quota).
				ZH("这部手机的照片超过 %d 字节的限额，请联系管理员。", quota).With("used", used).With("quota", quota)
		}
		o.LastMS = g.nowMS()
		if have == nil {
			o.BegunMS = o.LastMS
		}
		return o, tx.PutOriginal(o)
	})
}

// FinishOriginal notes an original as stored or refused and says so in lines of the server's own log, one for every photo
// that announced it: those of a stored one are the receipts. What is stored stays stored. It may be repeated, and goes on
// where it was broken off.
func (g *Gateway) FinishOriginal(ctx context.Context, o *models.Original) error {
	return g.upload(ctx, o, func(tx Tx, have *models.Original) (*models.Original, error) {
		if have != nil && have.State == models.PhotoStored {
			return have, nil
		}
		n := *o
		n.LastMS = g.nowMS()
		if n.BegunMS == 0 {
			n.BegunMS = n.LastMS
		}
		if have != nil {
			n.BegunMS, n.Device, n.Preview, n.AsVideo = have.BegunMS, have.Device, have.Preview, have.AsVideo
		} else {
			n.AsVideo = strings.HasPrefix(n.MIME, "video/")
		}
		if n.State == models.PhotoStored && n.StoredMS == 0 {
			n.StoredMS = n.LastMS
		}
		return &n, tx.PutOriginal(&n)
	})
}

// DropOriginal notes that what had come of an original is gone: its photos are announced again.
func (g *Gateway) DropOriginal(ctx context.Context, scope, sha256 string) error {
	o := &models.Original{Scope: scope, SHA256: sha256, State: models.PhotoAnnounced}
	return g.upload(ctx, o, func(tx Tx, have *models.Original) (*models.Original, error) {
		if have == nil || have.State == models.PhotoStored {
			return have, nil
		}
		return o, tx.DropOriginal(scope, sha256)
	})
}

// TouchOriginal notes that a unit came, or the phone's preview.
func (g *Gateway) TouchOriginal(ctx context.Context, scope, sha256 string, preview bool) error {
	return g.store.Update(ctx, func(tx Tx) error {
		return tx.TouchOriginal(scope, sha256, g.nowMS(), preview)
	})
}

// settle brings the row of an original to a new state and returns it as it then stands.
type settle func(tx Tx, have *models.Original) (*models.Original, error)

// upload settles an original and tells each of its photos, a line and a transaction each: the first one settles the row,
// and whoever repeats a broken run finds what is left to tell.
func (g *Gateway) upload(ctx context.Context, o *models.Original, do settle) error {
	if err := g.settle(ctx, o, do); err != nil {
		return err
	}
	return g.tellPhotos(ctx, o.Scope, o.SHA256, o.Device)
}

func (g *Gateway) settle(ctx context.Context, o *models.Original, do settle) error {
	return g.store.Update(ctx, func(tx Tx) error {
		have, err := tx.Original(o.Scope, o.SHA256)
		if err == nil {
			_, err = do(tx, have)
		}
		return err
	})
}

// TellPartial says of originals that were begun in [fromMS, toMS) and are not whole that they are under way.
func (g *Gateway) TellPartial(ctx context.Context, fromMS, toMS int64) error {
	var list []models.Original
	err := g.store.View(ctx, func(tx Tx) (err error) {
		list, err = tx.Begun(fromMS, toMS)
		return err
	})
	for i := range list {
		err = errors.Join(err, g.tellPhotos(ctx, list[i].Scope, list[i].SHA256, list[i].Device))
	}
	return err
}

// tellPhotos writes the lines that the photos of an original lack. by is the device that has just brought it, "" for none.
func (g *Gateway) tellPhotos(ctx context.Context, scope, sha256, by string) error {
	var due []Entry
	if err := g.store.View(ctx, func(tx Tx) (err error) {
		due, err = g.untold(tx, scope, sha256, by)
		return err
	}); err != nil {
		return err
	}
	for i := range due {
		// One line each: a receipt is a batch of one line. Who wrote the same meanwhile has written the same.
		if err := g.Act(ctx, g.inst.Officer, due[i]); err != nil {
			return err
		}
	}
	return nil
}

// untold returns the lines that the photos of an original lack.
func (g *Gateway) untold(tx Tx, scope, sha256, by string) (due []Entry, err error) {
	o, err := tx.Original(scope, sha256)
	if err != nil {
		return nil, err
	}
	if o == nil {
		o = &models.Original{Scope: scope, SHA256: sha256, State: models.PhotoAnnounced}
	}
	list, err := tx.AnnouncedAs(scope, sha256)
	if err != nil {
		return nil, err
	}
	receipts, err := tx.PhotoReceipts(scope, sha256)
	if err != nil {
		return nil, err
	}
	for _, id := range photosOf(list, by, o.Device) {
		r, err := recordOf(tx, scope, id)
		if err != nil {
			return nil, err
		}
		if e := lacking(o, id, r, receipts); e != nil {
			due = append(due, *e)
		}
	}
	return due, nil
}

// lacking returns what is to be said of one photo; r is its record, nil while there is none.
func lacking(o *models.Original, id string, r *merge.Record, receipts []models.PhotoReceipt) *Entry {
	mine := r != nil && r.Text("sha256") == o.SHA256 // a line that is held may promise another original under this id
	if o.State == models.PhotoStored {
		i := slices.IndexFunc(receipts, func(x models.PhotoReceipt) bool { return x.ID == id })
		if i >= 0 && (receipts[i].OnRecord || !mine) {
			return nil
		}
		e := &Entry{Op: opStored, ID: id, SHA256: o.SHA256, Bytes: &o.Bytes, announced: o.Scope}
		if mine {
			e.Scope = o.Scope
		}
		return e
	}
	if !mine || cmp.Or(r.Photo.State, models.PhotoAnnounced) == o.State && r.Photo.Reason == o.Reason {
		return nil
	}
	return &Entry{Op: opPhoto, Scope: o.Scope, ID: id, SHA256: o.SHA256, State: string(o.State), Reason: o.Reason}
}

// mostAlike bounds the photos of one original that one device gets told: nobody photographs the same bytes often, and
// each is a signed line.
const mostAlike = 20

// photosOf returns the ids that announcements of one original are about, each once: those of people with a part in the
// scope, and strangers' that one of the devices announced, which have brought the bytes.
func photosOf(list []models.Announcement, brought ...string) (ids []string) {
	of := map[string]int{}
	for i := range list {
		a := &list[i]
		if a.Stranger && !slices.Contains(brought, a.Device) || of[a.Device] == mostAlike {
			continue
		}
		of[a.Device]++
		if !slices.Contains(ids, a.ID) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// recordOf returns a photo's record, nil when no line of it was applied.
func recordOf(tx Tx, scope, id string) (*merge.Record, error) {
	found, err := tx.Scopes([]string{scope})
	if err != nil || found[scope] == nil {
		return nil, err
	}
	s, err := tx.Find(Key{Scope: found[scope].No, Kind: models.PhotoKind, ID: id})
	if err != nil || s == nil || !s.Record.Exists() {
		return nil, err
	}
	return s.Record, nil
}

// TellPhotos says of stored originals what was left unsaid: photos whose held line was released since, those that
// announced bytes which were there already, and what a crash broke off. What goes wrong with one does not stop the others.
func (g *Gateway) TellPhotos(ctx context.Context) error {
	due, err := g.untoldOriginals(ctx)
	for k := range due {
		err = errors.Join(err, g.tellPhotos(ctx, k[0], k[1], ""))
	}
	return err
}

// tellBatch bounds what is read of what is unsaid at once.
const tellBatch = 1000

// untoldOriginals returns the originals, scope and hash, of whose photos something is unsaid.
func (g *Gateway) untoldOriginals(ctx context.Context) (due map[[2]string]bool, err error) {
	err = g.store.View(ctx, func(tx Tx) error {
		due = map[[2]string]bool{}
		for after := (models.PhotoReceipt{}); ; {
			some, err := tx.LooseReceipts(after, tellBatch)
			if err != nil {
				return err
			}
			for i := range some {
				due[[2]string{some[i].Scope, some[i].SHA256}] = true
			}
			if len(some) < tellBatch {
				break
			}
			after = some[len(some)-1]
		}
		for after := (models.Original{}); ; {
			some, err := tx.Unreceipted(after, tellBatch)
			if err != nil {
				return err
			}
			for i := range some {
				due[[2]string{some[i].Scope, some[i].SHA256}] = true
			}
			if len(some) < tellBatch {
				return nil
			}
			after = some[len(some)-1]
		}
	})
	return due, err
}

// Unstored lists announcements whose original is not stored, in the order of scope, id, hash and device, after one.
func (g *Gateway) Unstored(ctx context.Context, after models.Announcement, n int) (list []models.Announcement, err error) {
	err = g.store.View(ctx, func(tx Tx) error {
		list, err = tx.Unstored(after, n)
		return err
	})
	return list, err
}
