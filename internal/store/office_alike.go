package store

import (
	"database/sql"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// pictured joins the announcements that a table a names to their photos p and events e that are there, of the units, where
// the announced original is that of the photo's record. An announced scope is campaign:unit, both of them ids of 36
// characters.
func (t *tx) pictured(a, p, e, s, campaign string, units []string) (string, []any) {
	w := t.where()
	w.in(e+".unit", units)
	return " JOIN scope " + s + " ON " + s + ".campaign = ? AND " + s + ".unit = SUBSTR(" + a + ".scope, 38)" +
		" JOIN listing " + p + " ON " + p + ".scope_no = " + s + ".no AND " + p + ".kind = 'photo' AND " + p + ".id = " + a + ".id AND " + p + ".flags & 1 = 0" +
		" JOIN record " + p + "r ON " + p + "r.scope_no = " + s + ".no AND " + p + "r.kind = 'photo' AND " + p + "r.id = " + a + ".id AND " +
		t.recordSHA(p+"r") + " = " + a + ".sha256" +
		" JOIN listing " + e + " ON " + e + ".scope_no = " + s + ".no AND " + e + ".kind = 'event' AND " + e + ".id = " + p + ".parent AND " + e + ".flags & 33 = 0" +
		" AND " + w.String(), append([]any{campaign}, w.args...)
}

// pictureColumns are those of an EventPhoto, but for whether its event leads.
func pictureColumns(a, p, e, s string) string {
	return e + ".scope_no, " + e + ".id, " + e + ".sort_ms, " + e + ".flags, " + e + ".likeness, " + p + ".id, " + s + ".unit, " + a + ".sha256"
}

func pictureDest(p *gateway.EventPhoto) []any {
	p.Event.Kind = models.EventKind
	return []any{&p.Event.Scope, &p.Event.ID, &p.SortMS, &p.Flags, &p.Likeness, &p.Photo, &p.PhotoUnit, &p.SHA256}
}

// within returns a condition on the scopes of a campaign.
func within(column, campaign string) (string, []any) {
	return column + " >= ? AND " + column + " < ?", []any{campaign + ":", campaign + ";"}
}

// SamePhotos lists photos whose original was announced under at least two photos.
func (t *tx) SamePhotos(campaign string, units, shas []string) ([]gateway.EventPhoto, error) {
	in, args := within("scope", campaign)
	if shas != nil {
		cond, arg := t.oneOf("sha256", shas)
		in, args = in+" AND "+cond, append(args, arg)
	}
	join, more := t.pictured("a", "p", "e", "s", campaign, units)
	list, err := gather(t, func(r *sql.Rows, p *gateway.EventPhoto) error { return r.Scan(pictureDest(p)...) },
		"WITH dup AS (SELECT sha256 FROM announced WHERE "+in+" GROUP BY sha256 HAVING MIN(id) <> MAX(id) OR MIN(scope) <> MAX(scope)), "+
			"a AS (SELECT DISTINCT scope, id, sha256 FROM announced WHERE sha256 IN (SELECT sha256 FROM dup) AND scope >= ? AND scope < ?) "+
			"SELECT "+pictureColumns("a", "p", "e", "s")+" FROM a"+join+" ORDER BY a.sha256, e.sort_ms, e.id, e.scope_no, p.id",
		append(append(args, campaign+":", campaign+";"), more...)...)
	if err != nil {
		return nil, err
	}
	return list, t.leading(campaign, units, list)
}

// NearPhotos lists photos of different events that look alike.
func (t *tx) NearPhotos(campaign string, units, shas []string) ([]gateway.NearPhotos, error) {
	near, args := "n.campaign = ?", []any{campaign}
	if shas != nil {
		one, arg := t.oneOf("n.sha1", shas)
		two, same := t.oneOf("n.sha2", shas)
		near, args = near+" AND "+either(one, two), append(args, arg, same)
	}
	joinA, argsA := t.pictured("a", "p", "e", "s", campaign, units)
	joinB, argsB := t.pictured("b", "q", "f", "r", campaign, units)
	list, err := gather(t, func(r *sql.Rows, n *gateway.NearPhotos) error {
		return r.Scan(append(append(pictureDest(&n.A), pictureDest(&n.B)...), &n.Distance)...)
	}, "SELECT DISTINCT "+pictureColumns("a", "p", "e", "s")+", "+pictureColumns("b", "q", "f", "r")+", n.distance FROM photo_near n "+
		"JOIN announced a ON a.sha256 = n.sha1 AND a.scope = n.scope1"+joinA+
		" JOIN announced b ON b.sha256 = n.sha2 AND b.scope = n.scope2"+joinB+
		" WHERE "+near+" AND (e.scope_no <> f.scope_no OR e.id <> f.id) ORDER BY n.distance, 6, 14",
		append(append(argsA, argsB...), args...)...)
	if err != nil {
		return nil, err
	}
	all := make([]gateway.EventPhoto, 0, 2*len(list))
	for i := range list {
		all = append(all, list[i].A, list[i].B)
	}
	if err := t.leading(campaign, units, all); err != nil {
		return nil, err
	}
	for i := range list {
		list[i].A, list[i].B = all[2*i], all[2*i+1]
	}
	return list, nil
}

// leading notes which events are the first of their likeness, as pairs by place and item have it.
func (t *tx) leading(campaign string, units []string, list []gateway.EventPhoto) error {
	var likes []string
	for i := range list {
		if list[i].Likeness != "" {
			likes = append(likes, list[i].Likeness)
		}
	}
	if len(likes) == 0 {
		return nil
	}
	w := t.where()
	w.and("campaign = ?", campaign)
	w.in("likeness", likes)
	w.and("likeness <> ''") // as the index of likeness says it
	w.in("unit", units)
	first := map[string]gateway.Key{}
	err := t.each(func(r *sql.Rows) error {
		var like string
		k := gateway.Key{Kind: models.EventKind}
		if err := r.Scan(&like, &k.ID, &k.Scope); err != nil {
			return err
		}
		if _, ok := first[like]; !ok {
			first[like] = k
		}
		return nil
	}, "SELECT likeness, id, scope_no FROM listing WHERE "+w.String()+" ORDER BY likeness, sort_ms, id, scope_no", w.args...)
	for i := range list {
		list[i].Leads = list[i].Likeness != "" && first[list[i].Likeness] == list[i].Event
	}
	return err
}
