package store

import (
	"database/sql"
	"strings"

	"github.com/fieldsync/fieldsync/models"
)

const announcedColumns = "scope, id, sha256, device, officer, bytes, mime, log_no, seq, receipt_ms, stranger"

func scanAnnounced(r *sql.Rows, a *models.Announcement) error {
	return r.Scan(&a.Scope, &a.ID, &a.SHA256, &a.Device, &a.Officer, &a.Bytes, &a.MIME, &a.Log, &a.Seq, &a.ReceiptMS, &a.Stranger)
}

// AddAnnouncements keeps promises of originals. The first line that promises one stays, and a stranger's that was applied
// since is one no longer.
func (t *tx) AddAnnouncements(list []models.Announcement) error {
	list = once(list)
	return t.values("INSERT INTO announced ("+announcedColumns+")", 11, len(list), "ON CONFLICT (scope, id, sha256, device) "+
		"DO UPDATE SET stranger = announced.stranger AND excluded.stranger",
		func(a []any, i int) []any {
			x := &list[i]
			return append(a, x.Scope, x.ID, x.SHA256, x.Device, x.Officer, x.Bytes, x.MIME, x.Log, x.Seq, x.ReceiptMS, x.Stranger)
		})
}

// once merges announcements of the same: PostgreSQL updates no row twice in one statement.
func once(list []models.Announcement) []models.Announcement {
	if len(list) < 2 {
		return list
	}
	type key struct{ scope, id, sha256, device string }
	at := make(map[key]int, len(list))
	out := make([]models.Announcement, 0, len(list))
	for i := range list {
		k := key{list[i].Scope, list[i].ID, list[i].SHA256, list[i].Device}
		if j, ok := at[k]; ok {
			out[j].Stranger = out[j].Stranger && list[i].Stranger
			continue
		}
		at[k] = len(out)
		out = append(out, list[i])
	}
	return out
}

// Announcements lists those of photo ids.
func (t *tx) Announcements(ids []string) ([]models.Announcement, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	a := make([]any, len(ids))
	for i := range ids {
		a[i] = ids[i]
	}
	return t.announcedWhere("id IN ("+marks(len(ids))+")", a...)
}

// AnnouncedAs lists those of one original.
func (t *tx) AnnouncedAs(scope, sha256 string) ([]models.Announcement, error) {
	return t.announcedWhere("sha256 = ? AND scope = ?", sha256, scope)
}

func (t *tx) announcedWhere(where string, args ...any) ([]models.Announcement, error) {
	return t.announced("WHERE "+where, "", args...)
}

func (t *tx) announced(where, tail string, args ...any) (out []models.Announcement, err error) {
	err = t.each(func(r *sql.Rows) error {
		var a models.Announcement
		if err := scanAnnounced(r, &a); err != nil {
			return err
		}
		out = append(out, a)
		return nil
	}, "SELECT "+announcedColumns+" FROM announced "+where+" ORDER BY scope, id, sha256, device "+tail, args...)
	return out, err
}

const originalColumns = "scope, sha256, bytes, mime, state, reason, device, begun_ms, last_ms, stored_ms, width, height, facts, " +
	"dhash, render, preview, as_video"

func scanOriginal(r *sql.Rows, o *models.Original) error {
	return r.Scan(&o.Scope, &o.SHA256, &o.Bytes, &o.MIME, &o.State, &o.Reason, &o.Device, &o.BegunMS, &o.LastMS, &o.StoredMS,
		&o.Width, &o.Height, &o.Facts, &o.Likeness, &o.Rendered, &o.Preview, &o.AsVideo)
}

func (t *tx) originalsWhere(tail string, args ...any) (out []models.Original, err error) {
	err = t.each(func(r *sql.Rows) error {
		var o models.Original
		if err := scanOriginal(r, &o); err != nil {
			return err
		}
		out = append(out, o)
		return nil
	}, "SELECT "+originalColumns+" FROM original "+tail, args...)
	return out, err
}

// Original returns one original, nil when nothing of it has come.
func (t *tx) Original(scope, sha256 string) (*models.Original, error) {
	list, err := t.originalsWhere("WHERE scope = ? AND sha256 = ?", scope, sha256)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// PutOriginal writes one. What is stored is not taken back by a server that did not know it yet.
func (t *tx) PutOriginal(o *models.Original) error {
	names := strings.Split(originalColumns, ", ")
	set := make([]string, 0, len(names))
	for _, n := range names[2:] {
		set = append(set, n+" = excluded."+n)
	}
	return t.exec("INSERT INTO original ("+originalColumns+") VALUES ("+marks(len(names))+") ON CONFLICT (scope, sha256) DO UPDATE SET "+
		strings.Join(set, ", ")+" WHERE original.state <> 'stored'",
		o.Scope, o.SHA256, o.Bytes, o.MIME, string(o.State), o.Reason, o.Device, o.BegunMS, o.LastMS, o.StoredMS,
		o.Width, o.Height, o.Facts, o.Likeness, o.Rendered, o.Preview, o.AsVideo)
}

// DropOriginal removes one that is not stored.
func (t *tx) DropOriginal(scope, sha256 string) error {
	return t.exec("DELETE FROM original WHERE scope = ? AND sha256 = ? AND state <> 'stored'", scope, sha256)
}

// Begun lists partial originals whose first unit came in a time.
func (t *tx) Begun(fromMS, toMS int64) ([]models.Original, error) {
	return t.originalsWhere("WHERE state = 'partial' AND begun_ms >= ? AND begun_ms < ? ORDER BY scope, sha256", fromMS, toMS)
}

// TouchOriginal notes that something of it came.
func (t *tx) TouchOriginal(scope, sha256 string, nowMS int64, preview bool) error {
	return t.exec("UPDATE original SET last_ms = ?, preview = preview OR ? WHERE scope = ? AND sha256 = ?", nowMS, preview, scope, sha256)
}

// DeviceBytes sums what the quota of a device bears; what lies in quarantine too.
func (t *tx) DeviceBytes(device string, video bool) (n int64, err error) {
	_, err = t.one("SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM original WHERE device = ? AND as_video = ?", []any{device, video}, &n)
	return n, err
}

// PutPhotoReceipt keeps where the receipt of a photo stands; one on the record replaces one from before it.
func (t *tx) PutPhotoReceipt(r *models.PhotoReceipt) error {
	return t.exec("INSERT INTO photo_receipt (scope, id, sha256, log_no, seq, on_record) VALUES (?, ?, ?, ?, ?, ?) "+
		"ON CONFLICT (scope, id, sha256) DO UPDATE SET log_no = excluded.log_no, seq = excluded.seq, on_record = excluded.on_record",
		r.Scope, r.ID, r.SHA256, r.Log, r.Seq, r.OnRecord)
}

// PhotoReceipts lists the receipts of one original.
func (t *tx) PhotoReceipts(scope, sha256 string) ([]models.PhotoReceipt, error) {
	// The key leads with the scope and the photo: the announcements know which photos there are.
	return t.receiptsWhere("WHERE scope = ? AND sha256 = ? AND id IN (SELECT id FROM announced WHERE sha256 = ? AND scope = ?) "+
		"ORDER BY id", scope, sha256, sha256, scope)
}

// LooseReceipts lists receipts from before their photo's record was there, of photos whose record is there now.
func (t *tx) LooseReceipts(after models.PhotoReceipt, n int) ([]models.PhotoReceipt, error) {
	// A scope is campaign:unit, both of 36 characters.
	return t.receiptsWhere("WHERE NOT on_record AND (scope, id, sha256) > (?, ?, ?) AND EXISTS (SELECT 1 FROM scope s JOIN record r "+
		"ON r.scope_no = s.no AND r.kind = 'photo' AND r.id = photo_receipt.id AND r.version > 0 "+
		"WHERE s.campaign = substr(photo_receipt.scope, 1, 36) AND s.unit = substr(photo_receipt.scope, 38)) "+
		"ORDER BY scope, id, sha256 LIMIT ?", after.Scope, after.ID, after.SHA256, n)
}

func (t *tx) receiptsWhere(tail string, args ...any) (out []models.PhotoReceipt, err error) {
	err = t.each(func(r *sql.Rows) error {
		var p models.PhotoReceipt
		if err := r.Scan(&p.Scope, &p.ID, &p.SHA256, &p.Log, &p.Seq, &p.OnRecord); err != nil {
			return err
		}
		out = append(out, p)
		return nil
	}, "SELECT scope, id, sha256, log_no, seq, on_record FROM photo_receipt "+tail, args...)
	return out, err
}

// Unreceipted lists stored originals that a photo announced which has no receipt, strangers' photos left out.
func (t *tx) Unreceipted(after models.Original, n int) ([]models.Original, error) {
	return t.originalsWhere("WHERE state = 'stored' AND (scope, sha256) > (?, ?) AND EXISTS (SELECT 1 FROM announced a "+
		"WHERE a.sha256 = original.sha256 AND a.scope = original.scope AND NOT a.stranger AND NOT EXISTS (SELECT 1 FROM photo_receipt p "+
		"WHERE p.scope = a.scope AND p.id = a.id AND p.sha256 = a.sha256)) ORDER BY scope, sha256 LIMIT ?", after.Scope, after.SHA256, n)
}

// Unstored lists announcements whose original is not stored, in the order of their key.
func (t *tx) Unstored(after models.Announcement, n int) ([]models.Announcement, error) {
	return t.announced("WHERE (scope, id, sha256, device) > (?, ?, ?, ?) AND NOT EXISTS (SELECT 1 FROM original o WHERE o.scope = announced.scope "+
		"AND o.sha256 = announced.sha256 AND o.state = 'stored')", "LIMIT ?", after.Scope, after.ID, after.SHA256, after.Device, n)
}

// EachAnnouncement calls each for all announcements.
func (t *tx) EachAnnouncement(each func(*models.Announcement) error) error {
	return t.each(func(r *sql.Rows) error {
		var a models.Announcement
		if err := scanAnnounced(r, &a); err != nil {
			return err
		}
		return each(&a)
	}, "SELECT "+announcedColumns+" FROM announced ORDER BY scope, id, sha256, device")
}

// EachOriginal calls each for all originals.
func (t *tx) EachOriginal(each func(*models.Original) error) error {
	return t.each(func(r *sql.Rows) error {
		var o models.Original
		if err := scanOriginal(r, &o); err != nil {
			return err
		}
		return each(&o)
	}, "SELECT "+originalColumns+" FROM original ORDER BY scope, sha256")
}

// EachPhotoReceipt calls each for all receipts.
func (t *tx) EachPhotoReceipt(each func(*models.PhotoReceipt) error) error {
	return t.each(func(r *sql.Rows) error {
		var p models.PhotoReceipt
		if err := r.Scan(&p.Scope, &p.ID, &p.SHA256, &p.Log, &p.Seq, &p.OnRecord); err != nil {
			return err
		}
		return each(&p)
	}, "SELECT scope, id, sha256, log_no, seq, on_record FROM photo_receipt ORDER BY scope, sha256, id")
}
