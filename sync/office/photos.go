package office

import (
	"context"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// PhotoTx reads photos, and what has come of their originals. Deleted photos are left out.
type PhotoTx interface {
	gateway.AlikeTx
	// Photos lists photos by (time, id, scope).
	Photos(q PhotoSelect) ([]PhotoFound, error)
	// PhotoSums adds up what is selected by the states of the originals.
	PhotoSums(q PhotoSelect) ([]PhotoSum, error)
	// MissingOriginals counts what phones announced, by phone; one that announced nothing is left out.
	MissingOriginals(devices []string) (map[string]Missing, error)
}

// PhotoSelect selects photos of a campaign: all conditions that are set must hold.
type PhotoSelect struct {
	Campaign     string
	Units        []string // that they count for, nil: all
	Scope        int64    // with Event or ID
	Event, ID    string
	Keys         []gateway.Key // these alone, nil: any
	FromMS, ToMS int64         // of their first record; FromMS inclusive, ToMS exclusive
	States       []string      // of their originals, nil: any
	Sort         string        // SortPhoto, SortVideo, "" for both
	Find         string        // lower case
	Hash         string        // that the SHA-256 begins with, 10 hexadecimal digits
	OldestFirst  bool
	After        *ListingKey
	Atmost       int
}

// The sorts of pictures.
const (
	SortPhoto = "photo"
	SortVideo = "video"
)

// StateMissing selects the photos whose originals have not come whole, and were not refused.
const StateMissing = "missing"

// PhotoFound is what the store knows of a photo: the first announcement of the original that its record names, empty when
// there is none, the original, of state announced while nothing of it came, and the place of its receipt, zero without one.
type PhotoFound struct {
	Key       gateway.Key
	SortMS    int64
	Unit      string // that it counts for
	Event     string
	Announced models.Announcement // without Scope and ID
	Original  models.Original     // without Scope
	Receipt   merge.Place
}

// PhotoQuery selects photos of a campaign. What is empty does not select.
type PhotoQuery struct {
	Campaign   string
	Unit       string // and all below it
	EventUnit  string // with Event: in whose part of the campaign it stands
	Event      string
	FromMS     int64 // of the first record, about when it was taken, inclusive
	ToMS       int64 // exclusive
	State      string
	Sort       string // photo or video
	Q          string // part of place or caption
	Code       string // look-up code, as somebody typed it
	Order      string // NewestFirst ("": that) or OldestFirst
	everything bool   // for who walks through all: no look at what else has the same pictures
}

// ForAlbum is the same query for who walks through all photos: what else has the same pictures is not looked for.
func (q PhotoQuery) ForAlbum() PhotoQuery {
	q.everything = true
	return q
}

// Photos lists photos of a campaign.
func (d *Desk) Photos(ctx context.Context, r *Reach, q PhotoQuery, p Paging) (out Page[PhotoView], err error) {
	pg, err := p.page(2, 1, "photos", q)
	if err != nil {
		return out, err
	}
	err = d.store.Read(ctx, func(tx Tx) error {
		v, sel, err := d.selectPhotos(tx, r, q)
		if err != nil {
			return err
		}
		if sel.Atmost = pg.size() + 1; pg.at != nil {
			sel.After = &ListingKey{SortMS: pg.at.N[0], Scope: pg.at.N[1], ID: pg.at.S[0]}
		}
		var list []PhotoFound
		if sel.States == nil || len(sel.States) > 0 {
			list, err = tx.Photos(sel)
		}
		if err != nil {
			return err
		}
		list, out.Next = trim(pg, list, func(x *PhotoFound) ([]int64, []string) {
			return []int64{x.SortMS, x.Key.Scope}, []string{x.Key.ID}
		})
		out.Items, err = v.photosOf(list, !q.everything)
		return err
	})
	return out, err
}

// PhotoSums adds photos up by the states of their originals.
func (d *Desk) PhotoSums(ctx context.Context, r *Reach, q PhotoQuery) (out []PhotoSum, err error) {
	err = d.store.Read(ctx, func(tx Tx) error {
		_, sel, err := d.selectPhotos(tx, r, q)
		if err != nil {
			return err
		}
		out, err = tx.PhotoSums(sel)
		return err
	})
	return append([]PhotoSum{}, out...), err
}

// Photo returns one photo.
func (d *Desk) Photo(ctx context.Context, r *Reach, n RecordName) (out *PhotoView, err error) {
	n.Kind = models.PhotoKind
	err = d.store.Read(ctx, func(tx Tx) error {
		v, s, err := d.open(tx, r, n)
		if err != nil {
			return err
		}
		list, err := tx.Photos(PhotoSelect{Campaign: n.Campaign, Scope: s.Key.Scope, ID: n.ID, Atmost: 1})
		if err != nil {
			return err
		}
		views, err := v.photosOf(list, true)
		if err == nil && len(views) == 0 {
			return problem.New(problem.NotFound, "there is no such record").ZH("没有这条记录。")
		}
		if err == nil {
			out = &views[0]
		}
		return err
	})
	return out, err
}

// selectPhotos turns a query into what the store selects by.
func (d *Desk) selectPhotos(tx Tx, r *Reach, q PhotoQuery) (*viewer, PhotoSelect, error) {
	a, err := d.area(tx, r, q.Campaign, q.Unit)
	if err != nil {
		return nil, PhotoSelect{}, err
	}
	s := PhotoSelect{Campaign: a.c.ID, Units: a.filter(), FromMS: q.FromMS, ToMS: q.ToMS, Sort: q.Sort,
		Find: gateway.Findable(strings.TrimSpace(q.Q)), OldestFirst: q.Order == OldestFirst}
	v := newViewer(tx, r, a.c, a.rules)
	switch state := models.PhotoState(q.State); state {
	case "":
	case StateMissing:
		s.States = []string{string(models.PhotoAnnounced), string(models.PhotoPartial)}
	case models.PhotoAnnounced, models.PhotoPartial, models.PhotoStored, models.PhotoRefused:
		s.States = []string{q.State}
	default:
		return nil, s, problem.New(problem.Invalid, "photos are not selected by %q", q.State).ZH("没有“%s”这种照片状态。", q.State)
	}
	if q.Sort != "" && q.Sort != SortPhoto && q.Sort != SortVideo {
		return nil, s, problem.New(problem.Invalid, "there are photos and videos").ZH("类型只能是照片或视频。")
	}
	if q.Order != "" && q.Order != NewestFirst && q.Order != OldestFirst {
		return nil, s, problem.New(problem.Invalid, "photos are ordered new or old").ZH("照片只能按最新或最早排序。")
	}
	if strings.TrimSpace(q.Code) != "" {
		if s.Hash = models.LookupPrefix(q.Code); s.Hash == "" {
			return nil, s, problem.New(problem.Invalid, "a look-up code has eight letters and digits").ZH("查询码是八位字母和数字，例如 7KQ2-9FXM。").With("field", "code")
		}
	}
	if q.Event != "" {
		_, event, err := d.open(tx, r, RecordName{Campaign: q.Campaign, Unit: q.EventUnit, Kind: models.EventKind, ID: q.Event})
		if err != nil {
			return nil, s, err
		}
		s.Scope, s.Event = event.Key.Scope, q.Event
		s.Units = nil // as the event shows them: whoever sees it sees its photos
	}
	return v, s, nil
}

// pictures shows the photos of an event.
func (v *viewer) pictures(s *gateway.Stored, out *EventDetail) error {
	list, err := v.tx.Photos(PhotoSelect{Campaign: v.c.ID, Scope: s.Key.Scope, Event: s.Key.ID, OldestFirst: true, Atmost: mostPhotos})
	if err != nil {
		return err
	}
	out.PhotoList, err = v.photosOf(list, true)
	return err
}

// alike finds the other events whose pictures are the same as, or near, some photos'. The reach bounds what is found.
func (v *viewer) alike(list []PhotoFound) (map[gateway.Key][]PhotoTwin, error) {
	var shas []string
	for i := range list {
		if sha := list[i].Announced.SHA256; sha != "" {
			shas = append(shas, sha)
		}
	}
	out := map[gateway.Key][]PhotoTwin{}
	if len(shas) == 0 {
		return out, nil
	}
	slices.Sort(shas)
	shas = slices.Compact(shas)
	units := v.units()
	same, err := v.tx.SamePhotos(v.c.ID, units, shas)
	if err != nil {
		return nil, err
	}
	near, err := v.tx.NearPhotos(v.c.ID, units, shas)
	if err != nil || len(same)+len(near) == 0 {
		return out, err
	}
	names, err := v.eventNames(same, near)
	if err != nil {
		return nil, err
	}
	wanted := map[gateway.Key]bool{}
	for i := range list {
		wanted[list[i].Key] = true
	}
	add := func(p, q *gateway.EventPhoto, why string, distance int64) (more bool) {
		k := gateway.Key{Scope: p.Event.Scope, Kind: models.PhotoKind, ID: p.Photo}
		if !wanted[k] || len(out[k]) == mostSuspects {
			return false
		}
		if p.Event != q.Event {
			out[k] = append(out[k], PhotoTwin{Why: why, Distance: distance, Unit: q.PhotoUnit, UnitName: v.r.unitName(q.PhotoUnit),
				ID: q.Photo, Event: q.Event.ID, EventTitle: names[q.Event]})
		}
		return true
	}
	for from := 0; from < len(same); { // of one original
		to := from
		for to < len(same) && same[to].SHA256 == same[from].SHA256 {
			to++
		}
		for i := from; i < to; i++ {
			for j := from; j < to && add(&same[i], &same[j], gateway.SamePhoto, 0); j++ {
			}
		}
		from = to
	}
	for i := range near {
		add(&near[i].A, &near[i].B, gateway.NearPhoto, near[i].Distance)
		add(&near[i].B, &near[i].A, gateway.NearPhoto, near[i].Distance)
	}
	return out, nil
}

// eventNames reads the titles of the events of photos.
func (v *viewer) eventNames(same []gateway.EventPhoto, near []gateway.NearPhotos) (map[gateway.Key]string, error) {
	var keys []gateway.Key
	for i := range same {
		keys = append(keys, same[i].Event)
	}
	for i := range near {
		keys = append(keys, near[i].A.Event, near[i].B.Event)
	}
	return v.titles(keys)
}

// titles reads how events are called.
func (v *viewer) titles(keys []gateway.Key) (map[gateway.Key]string, error) {
	seen := map[gateway.Key]bool{}
	keys = slices.DeleteFunc(slices.Clone(keys), func(k gateway.Key) bool { had := seen[k]; seen[k] = true; return had || k.ID == "" })
	recs, err := v.tx.RecordsAt(keys)
	out := make(map[gateway.Key]string, len(recs))
	for k, s := range recs {
		out[k] = titleOf(s.Record)
	}
	return out, err
}

// units returns the units of the campaign that the reach shows, nil for all.
func (v *viewer) units() []string {
	if v.r.May(Look, v.c.ID, v.c.Unit) {
		return nil
	}
	return append([]string{}, v.r.Units(Look, v.c.ID, v.c.Unit)...)
}
