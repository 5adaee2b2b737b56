package store

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// photos joins each photo p to what is known of its original: the first announcement a of it, the original o, and the
// line c that is the receipt. The original is that of the photo's record q: what else somebody announced under the photo's
// name, with a line that is held, shows nowhere.
func (t *tx) photos() string {
	const of = "x.scope = s.campaign || ':' || s.unit AND x.id = p.id AND x.sha256 = "
	const record = "record q ON q.scope_no = p.scope_no AND q.kind = 'photo' AND q.id = p.id "
	from := " JOIN scope s ON s.no = p.scope_no JOIN " + record + "LEFT JOIN announced a ON " + strings.ReplaceAll(of, "x.", "a.") + t.recordSHA("q") +
		" AND NOT EXISTS (SELECT 1 FROM announced b WHERE b.scope = a.scope AND b.id = a.id AND b.sha256 = a.sha256 " +
		"AND (b.receipt_ms, b.log_no, b.seq) < (a.receipt_ms, a.log_no, a.seq)) "
	if t.pg { // photo by photo, as far as a page needs, and not all of them at first
		from = " JOIN scope s ON s.no = p.scope_no LEFT JOIN LATERAL (SELECT x.* FROM record q JOIN announced x ON " + of + t.recordSHA("q") +
			" WHERE q.scope_no = p.scope_no AND q.kind = 'photo' AND q.id = p.id ORDER BY x.receipt_ms, x.log_no, x.seq LIMIT 1) a ON TRUE "
	}
	return from + "LEFT JOIN original o ON o.scope = a.scope AND o.sha256 = a.sha256 " +
		"LEFT JOIN photo_receipt c ON c.scope = a.scope AND c.id = a.id AND c.sha256 = a.sha256 "
}

// recordSHA is the hash that a photo's record names, of the table of records that r stands for: what is shown of the
// record begins with its fields. PostgreSQL would parse all of the JSON for one field; a text in it cannot pass for the name
// of one, since the quotes of texts are escaped. Where there is no hash, what comes out is none either.
func (t *tx) recordSHA(r string) string {
	if t.pg {
		return "ENCODE(SUBSTRING(" + r + ".data FROM POSITION('\"sha256\":\"'::bytea IN " + r + ".data) + 10 FOR 64), 'escape')"
	}
	return "json_extract(CAST(" + r + ".data AS TEXT), '$.fields.sha256')"
}

// shownState is what photos are counted by. What has ended says the record, which most lists find in the listing; the rest
// is to come.
var shownState = fmt.Sprintf("CASE WHEN p.flags & %d <> 0 THEN 'stored' WHEN p.flags & %d <> 0 THEN 'refused' WHEN o.state = 'partial' "+
	"THEN 'partial' ELSE 'announced' END", models.IsStored, models.IsRefused)

// uploadState is how far an original has come, and shownType what kind of file it is.
const (
	uploadState = "COALESCE(o.state, 'announced')"
	shownType   = "COALESCE(NULLIF(o.mime, ''), a.mime, '')"
)

const photoColumns = "p.scope_no, p.id, p.sort_ms, p.unit, p.parent, COALESCE(a.sha256, ''), COALESCE(a.device, ''), COALESCE(a.officer, ''), " +
	"COALESCE(a.bytes, 0), COALESCE(a.mime, ''), COALESCE(a.log_no, 0), COALESCE(a.seq, 0), COALESCE(a.receipt_ms, 0), " +
	"COALESCE(o.bytes, 0), COALESCE(o.mime, ''), " + uploadState + ", COALESCE(o.reason, ''), COALESCE(o.stored_ms, 0), COALESCE(o.width, 0), " +
	"COALESCE(o.height, 0), COALESCE(o.facts, ''), COALESCE(o.dhash, ''), COALESCE(o.render, ''), COALESCE(o.preview, ?), " +
	"COALESCE(c.log_no, 0), COALESCE(c.seq, 0)"

func scanPhoto(r *sql.Rows, p *office.PhotoFound) error {
	p.Key.Kind = models.PhotoKind
	a, o := &p.Announced, &p.Original
	err := r.Scan(&p.Key.Scope, &p.Key.ID, &p.SortMS, &p.Unit, &p.Event, &a.SHA256, &a.Device, &a.Officer, &a.Bytes, &a.MIME, &a.Log,
		&a.Seq, &a.ReceiptMS, &o.Bytes, &o.MIME, &o.State, &o.Reason, &o.StoredMS, &o.Width, &o.Height, &o.Facts, &o.Likeness, &o.Rendered,
		&o.Preview, &p.Receipt.Log, &p.Receipt.Seq)
	o.SHA256 = a.SHA256
	return err
}

// Photos lists photos by (time, id, scope), the newest first unless told.
func (t *tx) Photos(q office.PhotoSelect) ([]office.PhotoFound, error) {
	w, down, op := t.photosSelected(&q), " DESC", "<"
	if q.OldestFirst {
		down, op = "", ">"
	}
	if q.After != nil {
		w.and("p.sort_ms "+op+"= ?", q.After.SortMS) // for the index
		w.and("(p.sort_ms, p.id, p.scope_no) "+op+" (?, ?, ?)", q.After.SortMS, q.After.ID, q.After.Scope)
	}
	order := " ORDER BY p.sort_ms" + down + ", p.id" + down + ", p.scope_no" + down
	args := append(append([]any{false}, w.args...), q.Atmost)
	if !onWay(q.States) && q.Sort == "" && q.Hash == "" { // nothing is asked of the originals: those of the page are enough
		return gather(t, scanPhoto, "SELECT "+photoColumns+" FROM (SELECT p.* FROM listing p "+w.using+"WHERE "+w.String()+order+" LIMIT ?) p"+t.photos()+order, args...)
	}
	return gather(t, scanPhoto, "SELECT "+photoColumns+" FROM listing p "+w.using+t.photos()+"WHERE "+w.String()+order+" LIMIT ?", args...)
}

// PhotoSums adds up what is selected by how far the originals have come.
func (t *tx) PhotoSums(q office.PhotoSelect) ([]office.PhotoSum, error) {
	w := t.photosSelected(&q)
	return gather(t, func(r *sql.Rows, s *office.PhotoSum) error { return r.Scan(&s.State, &s.Photos, &s.Bytes) },
		"SELECT "+shownState+", COUNT(*), CAST(COALESCE(SUM(a.bytes), 0) AS BIGINT) FROM listing p "+w.using+t.photos()+
			"WHERE "+w.String()+" GROUP BY 1 ORDER BY 1", w.args...)
}

func (t *tx) photosSelected(q *office.PhotoSelect) *where {
	w := t.where()
	w.and("p.campaign = ? AND p.kind = 'photo' AND p.flags & 1 = 0", q.Campaign)
	w.in("p.unit", q.Units)
	if q.Event != "" {
		w.and("p.scope_no = ? AND p.parent = ? AND p.parent <> ''", q.Scope, q.Event)
		w.use("listing_parent")
	}
	if q.ID != "" {
		w.and("p.scope_no = ? AND p.id = ?", q.Scope, q.ID)
	}
	if q.Keys != nil {
		w.keys(q.Keys)
	}
	if q.FromMS != 0 {
		w.and("p.sort_ms >= ?", q.FromMS)
	}
	if q.ToMS != 0 {
		w.and("p.sort_ms < ?", q.ToMS)
	}
	w.has("p.find", q.Find)
	if q.States != nil {
		w.states(q)
	}
	switch q.Sort {
	case office.SortVideo:
		w.and(shownType + " LIKE 'video/%'")
		cond, args := within("x.scope", q.Campaign)
		w.named(q.Campaign, "announced x LEFT JOIN original y ON y.sha256 = x.sha256 AND y.scope = x.scope", cond+
			" AND COALESCE(NULLIF(y.mime, ''), x.mime) LIKE 'video/%'", args...)
	case office.SortPhoto:
		w.and(shownType + " NOT LIKE 'video/%'")
	}
	if q.Hash != "" {
		cond, args := within("x.scope", q.Campaign)
		w.named(q.Campaign, "announced x", cond+" AND x.sha256 >= ? AND x.sha256 < ?", append(args, q.Hash, q.Hash+"g")...)
		w.and("a.sha256 >= ? AND a.sha256 < ?", q.Hash, q.Hash+"g")
	}
	return w
}

// onWay reports whether some states tell those originals apart that are on their way: the listing does not.
func onWay(states []string) bool {
	return slices.Contains(states, string(models.PhotoAnnounced)) != slices.Contains(states, string(models.PhotoPartial))
}

// states asks for photos whose originals have come so far.
func (w *where) states(q *office.PhotoSelect) {
	has := func(s models.PhotoState) bool { return slices.Contains(q.States, string(s)) }
	var flags int64
	for state, flag := range map[models.PhotoState]int64{models.PhotoStored: models.IsStored, models.PhotoRefused: models.IsRefused} {
		if has(state) {
			flags |= flag
		}
	}
	const ends = models.IsStored | models.IsRefused
	if !has(models.PhotoAnnounced) && !has(models.PhotoPartial) {
		w.and("p.flags & ? <> 0", flags)
		return
	}
	w.and("p.flags & ? = 0", ends&^flags)
	if !onWay(q.States) {
		return
	}
	w.in(shownState, q.States)
	if flags == 0 && has(models.PhotoPartial) { // few: they are found by the originals, and not by going through all photos
		cond, args := within("y.scope", q.Campaign)
		w.named(q.Campaign, "original y JOIN announced x ON x.sha256 = y.sha256 AND x.scope = y.scope", cond+" AND y.state = 'partial'", args...)
	}
}

// named asks for photos of the announcements x that a query finds.
func (w *where) named(campaign, from, cond string, args ...any) {
	w.and("(p.scope_no, p.id) IN (SELECT z.no, x.id FROM "+from+" JOIN scope z ON z.campaign = ? AND z.unit = SUBSTR(x.scope, 38) WHERE "+cond+")",
		append([]any{campaign}, args...)...)
}

// keys asks for some photos by their names.
func (w *where) keys(list []gateway.Key) {
	nos, ids := make([]int64, len(list)), make([]string, len(list))
	pairs := make([][2]any, len(list))
	for i, k := range list {
		nos[i], ids[i], pairs[i] = k.Scope, k.ID, [2]any{k.Scope, k.ID}
	}
	if w.t.pg {
		w.and("(p.scope_no, p.id) IN (SELECT * FROM unnest(?::bigint[], ?::text[]))", nos, ids)
		return
	}
	w.and("(p.scope_no, p.id) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))", jsonList(pairs))
}

// MissingOriginals counts the originals that phones announced and whose bytes are not here: to come, and refused.
func (t *tx) MissingOriginals(devices []string) (map[string]office.Missing, error) {
	cond, arg := t.oneOf("a.device", devices)
	out := map[string]office.Missing{}
	err := t.each(func(r *sql.Rows) error {
		var device string
		var m office.Missing
		err := r.Scan(&device, &m.Announced, &m.Missing, &m.Refused)
		out[device] = m
		return err
	}, "SELECT a.device, COUNT(*), CAST(SUM(CASE WHEN "+uploadState+" IN ('announced', 'partial') THEN 1 ELSE 0 END) AS BIGINT), "+
		"CAST(SUM(CASE WHEN "+uploadState+" = 'refused' THEN 1 ELSE 0 END) AS BIGINT) FROM "+
		"(SELECT DISTINCT a.device, a.scope, a.sha256 FROM announced a WHERE "+cond+") a "+
		"LEFT JOIN original o ON o.scope = a.scope AND o.sha256 = a.sha256 GROUP BY a.device", arg)
	return out, err
}
