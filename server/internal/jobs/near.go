package jobs

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/media/render"
	"github.com/fieldsync/fieldsync/models"
)

// maxNear is how many near pictures of one are kept, the nearest: a form that everybody photographs would make pairs
// without end.
const maxNear = 20

// note writes what was found in an original. One with a likeness stays to be made until it has been compared, so that a
// server that dies between, or another that makes its twin meanwhile, misses no pair.
func (r *Renditions) note(ctx context.Context, o *models.Original) error {
	if o.Likeness == "" {
		return r.Store.PutRendered(ctx, o)
	}
	found := *o
	found.Rendered = ""
	return r.Store.PutRendered(ctx, &found)
}

// finish notes what was found in new pictures, compares them with all of their campaign, and notes them as made.
func (r *Renditions) finish(ctx context.Context, fresh []*models.Original) error {
	by := map[string][]*models.Original{}
	for _, o := range fresh {
		if err := r.note(ctx, o); err != nil {
			return err
		}
		if o.Likeness != "" {
			campaign, _, _ := strings.Cut(o.Scope, ":")
			by[campaign] = append(by[campaign], o)
		}
	}
	for campaign, list := range by {
		all, err := r.Store.Likenesses(ctx, campaign)
		if err != nil {
			return err
		}
		var pairs []models.PhotoNear
		for _, o := range list {
			pairs = append(pairs, nearOf(campaign, o, all)...)
		}
		pairs = once(pairs)
		if len(pairs) > 0 {
			if err := r.Store.AddNear(ctx, pairs); err != nil {
				return err
			}
		}
		for _, o := range list {
			if err := r.Store.PutRendered(ctx, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// nearOf lists the pairs of one picture with the nearest of all. Equal bytes in another scope are a pair of distance 0.
func nearOf(campaign string, o *models.Original, all []models.Original) []models.PhotoNear {
	var pairs []models.PhotoNear
	for i := range all {
		other := &all[i]
		if other.Scope == o.Scope && other.SHA256 == o.SHA256 {
			continue
		}
		d, ok := render.Distance(o.Likeness, other.Likeness)
		if !ok || d > render.NearDistance {
			continue
		}
		a, b := o, other
		if cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.SHA256, b.SHA256)) > 0 {
			a, b = b, a
		}
		pairs = append(pairs, models.PhotoNear{Campaign: campaign, Scope1: a.Scope, SHA1: a.SHA256, Scope2: b.Scope, SHA2: b.SHA256,
			Distance: int64(d)})
	}
	slices.SortStableFunc(pairs, func(a, b models.PhotoNear) int { return cmp.Compare(a.Distance, b.Distance) })
	return pairs[:min(len(pairs), maxNear)]
}

// once leaves out pairs that stand there twice: both of two new pictures find each other.
func once(pairs []models.PhotoNear) []models.PhotoNear {
	seen := map[models.PhotoNear]bool{}
	return slices.DeleteFunc(pairs, func(p models.PhotoNear) bool {
		if seen[p] {
			return true
		}
		seen[p] = true
		return false
	})
}
