package gateway

import (
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// PhotoTx keeps what is known of originals.
type PhotoTx interface {
	// AddAnnouncements keeps promises of originals; one that is there already is left as it is.
	AddAnnouncements(list []models.Announcement) error
	// Announcements lists those of photo ids, in the order of scope, id, hash and device.
	Announcements(ids []string) ([]models.Announcement, error)
	// AnnouncedAs lists those of one original, in the same order.
	AnnouncedAs(scope, sha256 string) ([]models.Announcement, error)
	// Original returns one original, nil when nothing of it has come.
	Original(scope, sha256 string) (*models.Original, error)
	// PutOriginal writes all columns, new or not, and DropOriginal removes one; neither undoes what is stored.
	PutOriginal(o *models.Original) error
	DropOriginal(scope, sha256 string) error
	// Begun lists partial originals whose first unit came in [fromMS, toMS).
	Begun(fromMS, toMS int64) ([]models.Original, error)
	// TouchOriginal sets the time of the last unit, and that the phone's preview is there when it is.
	TouchOriginal(scope, sha256 string, nowMS int64, preview bool) error
	// DeviceBytes sums what a device's quota bears, of its videos or of its photos.
	DeviceBytes(device string, video bool) (int64, error)
	PutPhotoReceipt(r *models.PhotoReceipt) error
	PhotoReceipts(scope, sha256 string) ([]models.PhotoReceipt, error)
	// LooseReceipts lists receipts from before their photo's record was there, of photos that have one now; Unreceipted
	// stored originals that a photo announced which has no receipt, strangers' left out; Unstored announcements of what is
	// not stored. All in the order of their keys, after one, at most n.
	LooseReceipts(after models.PhotoReceipt, n int) ([]models.PhotoReceipt, error)
	Unreceipted(after models.Original, n int) ([]models.Original, error)
	Unstored(after models.Announcement, n int) ([]models.Announcement, error)
	// EachOriginal and EachPhotoReceipt call each for all of them, in the order of scope and hash, until it fails.
	EachOriginal(each func(*models.Original) error) error
	EachPhotoReceipt(each func(*models.PhotoReceipt) error) error
	EachAnnouncement(each func(*models.Announcement) error) error
}

// announce notes that a line promises an original: its photo is here now, or waits.
func (w *work) announce(it *item) {
	if it.change == nil || it.change.Op != "photo.put" || w.office {
		return
	}
	a := models.Announcement{Scope: it.scopeName, ID: it.change.ID, Device: w.device.ID, Officer: w.device.Officer,
		Log: it.line.Log, Seq: it.line.Seq, ReceiptMS: it.receipt, Stranger: it.line.Status == models.Held &&
			(it.line.Cause == models.NoRight || it.line.Cause == models.UnknownEvent)}
	said := false
	for i := range it.change.Set {
		f := &it.change.Set[i]
		switch f.Name {
		case "sha256":
			a.SHA256, said = f.Value.Text, true
		case "bytes":
			a.Bytes, said = f.Value.Int, true
		case "mime":
			a.MIME = f.Value.Text
		}
	}
	if !said {
		return
	}
	if e := w.entries[it.key]; e != nil && it.line.Status == models.Applied {
		promised(e.Record, &a)
	}
	if isSHA256(a.SHA256) && a.Bytes > 0 {
		w.announced = append(w.announced, a)
	}
}

// promised fills in what the photo's earlier lines said: hash and size may come apart.
func promised(r *merge.Record, a *models.Announcement) {
	a.SHA256, a.MIME = r.Text("sha256"), r.Text("mime")
	a.Bytes, _ = r.Int("bytes")
}

func isSHA256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// announcementsOf derives what stored photos promise; the line that brought a photo first stands for all of its lines.
func announcementsOf(recs []Stored) (out []models.Announcement) {
	for i := range recs {
		r := recs[i].Record
		if r.Kind != models.PhotoKind || len(r.Sources) == 0 {
			continue
		}
		s := &r.Sources[0]
		a := models.Announcement{Scope: r.Scope, ID: r.ID, Device: s.Device, Officer: s.Officer, Log: s.Log, Seq: s.First, ReceiptMS: r.FirstMS}
		if promised(r, &a); isSHA256(a.SHA256) && a.Bytes > 0 {
			out = append(out, a)
		}
	}
	return out
}

// announceHeld derives what held lines promise.
func (g *Gateway) announceHeld(tx Tx) error {
	list, err := tx.Held(HeldQuery{})
	if err != nil {
		return err
	}
	w := &work{g: g, tx: tx}
	for i := range list {
		if list[i].Kind != models.PhotoKind && list[i].WaitFor == "" {
			continue
		}
		id, err := tx.DeviceOfLog(list[i].Log)
		if err != nil {
			return err
		}
		if w.device, err = tx.Device(id); err != nil {
			return err
		}
		if w.device == nil {
			continue // verify says so; the others' photos are none the worse
		}
		items, err := w.reread(list[i:i+1], false)
		if err != nil {
			return err
		}
		for j := range items {
			items[j].scopeName = list[i].Scope
			w.announce(&items[j])
		}
	}
	return tx.AddAnnouncements(w.announced)
}
