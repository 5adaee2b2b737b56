package office

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// PicturePair is the two pictures that make a pair suspect.
type PicturePair struct {
	Distance int64     `json:"distance"` // differing bits of 64; 0: the same original, or as good as
	First    PhotoView `json:"first"`
	Second   PhotoView `json:"second"`
}

// pictured stands in cursors, with the first event behind it, for the likeness of pairs that are suspected by their
// pictures alone. They come behind those of a place or an item.
const pictured = "y"

// eventPair names two events, whichever is the first.
type eventPair [2]gateway.Key

func pairOf(a, b gateway.Key) eventPair {
	if a.ID > b.ID || a.ID == b.ID && a.Scope > b.Scope {
		a, b = b, a
	}
	return eventPair{a, b}
}

// photoPairs lists the pairs that their pictures make suspect and nobody judged; shas nil for all of the campaign.
func photoPairs(tx Tx, campaign string, units, shas []string) ([]gateway.PhotoPair, error) {
	list, err := gateway.PhotoPairs(tx, campaign, units, shas)
	if err != nil {
		return nil, err
	}
	return gateway.OpenPhotoPairs(list, func(keys []gateway.Key) (map[gateway.Key]merge.Judged, error) {
		recs, err := tx.RecordsAt(keys)
		out := make(map[gateway.Key]merge.Judged, len(recs))
		for k, s := range recs {
			out[k] = s.Record.Judged
		}
		return out, err
	})
}

// countPairs counts the open pairs: by place and item, by a judgement that lost its ground, and by pictures.
func countPairs(tx Tx, campaign string, units []string) (int64, error) {
	n, err := tx.CountPairs(campaign, units)
	if err != nil {
		return 0, err
	}
	list, err := photoPairs(tx, campaign, units, nil)
	for i := range list {
		if !list[i].Placed() {
			n++
		}
	}
	return n, err
}

// picturePairs are those of the pairs that are suspected by pictures alone, after a place in the list, at most so many.
func picturePairs(list []gateway.PhotoPair, sel PairSelect) (out []Pair) {
	for i := range list {
		p := &list[i]
		if p.Placed() {
			continue
		}
		one := Pair{First: p.First.Event, Second: p.Second.Event, PairKey: PairKey{Likeness: pictured + strconv.FormatInt(p.First.Event.Scope, 10) + "/" + p.First.Event.ID,
			ListingKey: ListingKey{SortMS: p.Second.SortMS, ID: p.Second.Event.ID, Scope: p.Second.Event.Scope}}}
		if sel.After != nil && !behind(&one.PairKey, sel.After) {
			continue
		}
		if out = append(out, one); len(out) == sel.Atmost {
			return out
		}
	}
	return out
}

// behind reports whether one pair by pictures stands behind another.
func behind(a, b *PairKey) bool {
	scopeA, idA, _ := strings.Cut(strings.TrimPrefix(a.Likeness, pictured), "/")
	scopeB, idB, _ := strings.Cut(strings.TrimPrefix(b.Likeness, pictured), "/")
	noA, _ := strconv.ParseInt(scopeA, 10, 64) // one that was made up is 0
	noB, _ := strconv.ParseInt(scopeB, 10, 64)
	return cmp.Or(cmp.Compare(a.SortMS, b.SortMS), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Scope, b.Scope),
		cmp.Compare(idA, idB), cmp.Compare(noA, noB)) > 0
}

// illustrate puts the reasons and the two pictures to pairs that their pictures make suspect too.
func (v *viewer) illustrate(views []SuspectView, pairs []Pair, list []gateway.PhotoPair) error {
	by := map[eventPair]*gateway.PhotoPair{}
	for i := range list {
		by[pairOf(list[i].First.Event, list[i].Second.Event)] = &list[i]
	}
	found := map[int]*gateway.PhotoPair{}
	at := 0
	for i := range pairs {
		if at == len(views) {
			break
		}
		if views[at].First.ID != pairs[i].First.ID || views[at].Second.ID != pairs[i].Second.ID {
			continue // it was gone
		}
		if p := by[pairOf(pairs[i].First, pairs[i].Second)]; p != nil {
			found[at] = p
		}
		at++
	}
	photos, err := v.photosNamed(found)
	if err != nil {
		return err
	}
	for i, p := range found {
		s := &views[i]
		if s.Why == "" {
			s.Reasons, s.Why = nil, p.Why()[0]
		}
		s.Reasons = append(s.Reasons, p.Why()...)
		one, two := photos[photoKey(&p.First)], photos[photoKey(&p.Second)]
		if one == nil || two == nil {
			continue
		}
		if p.First.Event.ID != s.First.ID {
			one, two = two, one
		}
		s.Pictures = &PicturePair{Distance: p.Distance, First: *one, Second: *two}
	}
	return nil
}

func photoKey(p *gateway.EventPhoto) gateway.Key {
	return gateway.Key{Scope: p.Event.Scope, Kind: models.PhotoKind, ID: p.Photo}
}

// photosNamed shows the photos of pairs.
func (v *viewer) photosNamed(pairs map[int]*gateway.PhotoPair) (map[gateway.Key]*PhotoView, error) {
	out := map[gateway.Key]*PhotoView{}
	var keys []gateway.Key
	for _, p := range pairs {
		keys = append(keys, photoKey(&p.First), photoKey(&p.Second))
	}
	if len(keys) == 0 {
		return out, nil
	}
	list, err := v.tx.Photos(PhotoSelect{Campaign: v.c.ID, Keys: keys, Atmost: len(keys)})
	if err != nil {
		return nil, err
	}
	views, err := v.photosOf(list, false)
	byName := map[string]*PhotoView{}
	for i := range views {
		byName[views[i].Unit+" "+views[i].ID] = &views[i]
	}
	for _, p := range pairs {
		for _, one := range []*gateway.EventPhoto{&p.First, &p.Second} {
			out[photoKey(one)] = byName[one.PhotoUnit+" "+one.Photo]
		}
	}
	return out, err
}
