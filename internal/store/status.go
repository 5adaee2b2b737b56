package store

import (
	"context"
	"database/sql"

	"github.com/fieldsync/fieldsync/models"
)

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.translate(db.pool.PingContext(ctx)) }

// CountCampaigns counts the campaigns.
func (db *DB) CountCampaigns(ctx context.Context) (n int64, err error) {
	err = db.view(ctx, func(t *tx) error {
		return t.gorm().Model(&models.Campaign{}).Count(&n).Error
	})
	return n, err
}

// WritePool returns the connections that write, for measurements that need the database bare.
func (db *DB) WritePool() *sql.DB {
	if db.pg {
		return db.pool
	}
	return db.wdb
}
