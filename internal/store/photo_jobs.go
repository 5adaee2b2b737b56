package store

import (
	"context"

	"github.com/fieldsync/fieldsync/models"
)

// NextToRender lists stored originals whose renditions are to be made, the oldest first.
func (db *DB) NextToRender(ctx context.Context, n int) (out []models.Original, err error) {
	err = db.view(ctx, func(t *tx) (err error) {
		out, err = t.originalsWhere("WHERE state = 'stored' AND render = '' ORDER BY stored_ms, scope, sha256 LIMIT ?", n)
		return err
	})
	return out, err
}

// PutRendered writes what was found in an original's picture: size, facts, likeness, and that its renditions are made.
func (db *DB) PutRendered(ctx context.Context, o *models.Original) error {
	return db.update(ctx, func(t *tx) error {
		return t.exec("UPDATE original SET width = ?, height = ?, facts = ?, dhash = ?, render = ? WHERE scope = ? AND sha256 = ?",
			o.Width, o.Height, o.Facts, o.Likeness, o.Rendered, o.Scope, o.SHA256)
	})
}

// Likenesses lists the originals of a campaign that have a likeness: scope, hash and likeness alone.
func (db *DB) Likenesses(ctx context.Context, campaign string) (out []models.Original, err error) {
	err = db.view(ctx, func(t *tx) (err error) {
		out, err = t.originalsWhere("WHERE scope >= ? AND scope < ? AND dhash <> '' ORDER BY scope, sha256", campaign+":", campaign+";")
		return err
	})
	return out, err
}

// AddNear keeps pairs of originals that look alike.
func (db *DB) AddNear(ctx context.Context, list []models.PhotoNear) error {
	return db.update(ctx, func(t *tx) error {
		return t.values("INSERT INTO photo_near (campaign, scope1, sha1, scope2, sha2, distance)", 6, len(list),
			"ON CONFLICT (campaign, scope1, sha1, scope2, sha2) DO NOTHING", func(a []any, i int) []any {
				x := &list[i]
				return append(a, x.Campaign, x.Scope1, x.SHA1, x.Scope2, x.SHA2, x.Distance)
			})
	})
}

// StaleOriginals lists unfinished originals of which nothing has come since a time, the oldest first.
func (db *DB) StaleOriginals(ctx context.Context, beforeMS int64, n int) (out []models.Original, err error) {
	err = db.view(ctx, func(t *tx) (err error) {
		out, err = t.originalsWhere("WHERE state = 'partial' AND last_ms < ? ORDER BY last_ms, scope, sha256 LIMIT ?", beforeMS, n)
		return err
	})
	return out, err
}

// OriginalOf returns what is known of one original, nil when nothing of it has come.
func (db *DB) OriginalOf(ctx context.Context, scope, sha256 string) (o *models.Original, err error) {
	err = db.view(ctx, func(t *tx) (err error) {
		o, err = t.Original(scope, sha256)
		return err
	})
	return o, err
}

// PutServerLife says that a server runs, and returns the others that have been seen since a time.
func (db *DB) PutServerLife(ctx context.Context, l *models.ServerLife, sinceMS int64) (others []models.ServerLife, err error) {
	err = db.update(ctx, func(t *tx) error {
		others = nil
		if err := t.exec("INSERT INTO server_life (id, host, spool, started_ms, seen_ms) VALUES (?, ?, ?, ?, ?) "+
			"ON CONFLICT (id) DO UPDATE SET seen_ms = excluded.seen_ms", l.ID, l.Host, l.Spool, l.StartedMS, l.SeenMS); err != nil {
			return err
		}
		return t.gorm().Where("id <> ? AND seen_ms >= ?", l.ID, sinceMS).Order("id").Find(&others).Error
	})
	return others, err
}

// DropServerLife says that a server has stopped, and forgets those that were last seen before a time.
func (db *DB) DropServerLife(ctx context.Context, id string, beforeMS int64) error {
	return db.update(ctx, func(t *tx) error {
		return t.exec("DELETE FROM server_life WHERE id = ? OR seen_ms < ?", id, beforeMS)
	})
}
