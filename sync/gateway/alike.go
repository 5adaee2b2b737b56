package gateway

import (
	"cmp"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// The reasons for suspecting a pair by its pictures.
const (
	SamePhoto = "same_photo" // the same original was announced under both events
	NearPhoto = "near_photo" // two originals look alike
)

// AlikeTx finds pictures that stand under more than one event of a campaign. Deleted photos, and photos of events that are
// deleted or stand for another, are left out. Units nil: all; otherwise both events count for them. SHAs nil: any
// original, else the pictures that have to do with one of these.
type AlikeTx interface {
	// SamePhotos lists photos whose original was announced under at least two photos, by original, then the time of the
	// event, its id and its scope. Their events may still be one and the same.
	SamePhotos(campaign string, units, shas []string) ([]EventPhoto, error)
	// NearPhotos lists photos of different events that look alike, the most alike first.
	NearPhotos(campaign string, units, shas []string) ([]NearPhotos, error)
}

// EventPhoto is a photo that is there, and its event.
type EventPhoto struct {
	Event     Key
	SortMS    int64 // what decides the event's day
	Flags     int64 // of the event's listing
	Likeness  string
	Leads     bool // no other event of its likeness comes before it
	Photo     string
	PhotoUnit string // in whose part of the campaign photo and event stand
	SHA256    string
}

// before is the order in which the earlier of two events is the first of their pair.
func (p *EventPhoto) before(q *EventPhoto) bool {
	return cmp.Or(cmp.Compare(p.SortMS, q.SortMS), cmp.Compare(p.Event.ID, q.Event.ID), cmp.Compare(p.Event.Scope, q.Event.Scope)) < 0
}

// NearPhotos are two photos that look alike.
type NearPhotos struct {
	A, B     EventPhoto
	Distance int64 // differing bits of 64
}

// PhotoPair is two events with pictures that are the same or look alike: the best ground there is, and whether the other
// sort is there too.
type PhotoPair struct {
	First, Second EventPhoto
	Same, Near    bool
	Distance      int64 // 0 where they have the same picture
}

// Why returns the reasons, the stronger first.
func (p *PhotoPair) Why() (out []string) {
	if p.Same {
		out = append(out, SamePhoto)
	}
	if p.Near {
		out = append(out, NearPhoto)
	}
	return out
}

// Placed reports whether the pair is suspected without its pictures too: as the first of their likeness and another.
func (p *PhotoPair) Placed() bool {
	return p.First.Likeness != "" && p.First.Likeness == p.Second.Likeness && p.First.Leads
}

// PhotoPairs lists the pairs of events that their pictures make suspect, judged or not, by the time of the second. Of one
// original under many events each stands with the first.
func PhotoPairs(tx AlikeTx, campaign string, units, shas []string) ([]PhotoPair, error) {
	same, err := tx.SamePhotos(campaign, units, shas)
	if err != nil {
		return nil, err
	}
	near, err := tx.NearPhotos(campaign, units, shas)
	if err != nil {
		return nil, err
	}
	at := map[[2]Key]int{}
	var out []PhotoPair
	add := func(p, q *EventPhoto, distance int64, same bool) {
		if p.Event == q.Event {
			return
		}
		if q.before(p) {
			p, q = q, p
		}
		k := [2]Key{p.Event, q.Event}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k], out = i, append(out, PhotoPair{First: *p, Second: *q, Distance: distance})
		}
		out[i].Same, out[i].Near = out[i].Same || same, out[i].Near || !same
	}
	for i := 0; i < len(same); {
		j := i
		for ; j < len(same) && same[j].SHA256 == same[i].SHA256; j++ {
			add(&same[i], &same[j], 0, true)
		}
		i = j
	}
	for i := range near {
		add(&near[i].A, &near[i].B, near[i].Distance, false)
	}
	sortPairs(out)
	return out, nil
}

// sortPairs puts pairs in the order of their second events.
func sortPairs(list []PhotoPair) {
	slices.SortFunc(list, func(a, b PhotoPair) int {
		return cmp.Or(cmp.Compare(a.Second.SortMS, b.Second.SortMS), cmp.Compare(a.Second.Event.ID, b.Second.Event.ID),
			cmp.Compare(a.Second.Event.Scope, b.Second.Event.Scope), cmp.Compare(a.First.Event.ID, b.First.Event.ID),
			cmp.Compare(a.First.Event.Scope, b.First.Event.Scope))
	})
}

// OpenPhotoPairs leaves out the pairs that somebody judged. A verdict stands on one event, so one that was judged beside a
// third is put first; a pair of two that were both judged is left out. judgements are needed of judged events only.
func OpenPhotoPairs(list []PhotoPair, judgements func(keys []Key) (map[Key]merge.Judged, error)) ([]PhotoPair, error) {
	judged := func(p *EventPhoto) bool { return p.Flags&models.IsJudged != 0 }
	var ask []Key
	for i := range list {
		for _, p := range []*EventPhoto{&list[i].First, &list[i].Second} {
			if judged(p) {
				ask = append(ask, p.Event)
			}
		}
	}
	verdicts := map[Key]merge.Judged{}
	if len(ask) > 0 {
		var err error
		if verdicts, err = judgements(ask); err != nil {
			return nil, err
		}
	}
	about := func(p, q *EventPhoto) bool { j := verdicts[p.Event]; return j.Verdict != "" && j.ID == q.Event.ID }
	list = slices.DeleteFunc(list, func(p PhotoPair) bool {
		return judged(&p.First) && judged(&p.Second) || about(&p.First, &p.Second) || about(&p.Second, &p.First)
	})
	for i := range list {
		if p := &list[i]; judged(&p.Second) {
			p.First, p.Second = p.Second, p.First
		}
	}
	sortPairs(list)
	return list, nil
}

// photoSuspects lists the pairs of a campaign that their pictures make suspect and nobody judged, by their keys.
func photoSuspects(tx Tx, campaign string) ([]PhotoPair, error) {
	list, err := PhotoPairs(tx, campaign, nil, nil)
	if err != nil {
		return nil, err
	}
	return OpenPhotoPairs(list, func(keys []Key) (map[Key]merge.Judged, error) {
		out := map[Key]merge.Judged{}
		for _, k := range keys {
			s, err := tx.Find(k)
			if err != nil {
				return nil, err
			}
			if s != nil {
				out[k] = s.Record.Judged
			}
		}
		return out, nil
	})
}

// withPictures adds the pairs that their pictures make suspect: a reason more to one that is suspected anyway.
func withPictures(tx Tx, campaign string, out []Suspects) ([]Suspects, error) {
	list, err := photoSuspects(tx, campaign)
	if err != nil {
		return nil, err
	}
	at := map[[2]string]int{}
	name := func(r *merge.Record) string { return r.Scope + " " + r.ID }
	for i := range out {
		at[[2]string{name(out[i].First), name(out[i].Second)}] = i
	}
	for i := range list {
		first, err := tx.Find(list[i].First.Event)
		if err != nil {
			return nil, err
		}
		second, err := tx.Find(list[i].Second.Event)
		if err != nil {
			return nil, err
		}
		if first == nil || second == nil {
			continue
		}
		why := list[i].Why()
		one, two := name(first.Record), name(second.Record)
		k, ok := at[[2]string{one, two}]
		if !ok {
			k, ok = at[[2]string{two, one}]
		}
		if ok {
			out[k].Also = append(out[k].Also, why...)
		} else {
			out = append(out, Suspects{First: first.Record, Second: second.Record, Why: why[0], Also: why[1:]})
		}
	}
	return out, nil
}
