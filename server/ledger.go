package main

import (
	"context"

	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

var _ media.Originals = (*ledger)(nil)

// ledger is the gateway as package media asks for it.
type ledger struct {
	gateway *gateway.Gateway
	db      *store.DB
	stored  func() // something has been stored
}

func (l *ledger) Deliveries(ctx context.Context, device string, ids []string) (map[string]*media.Delivery, error) {
	found, err := l.gateway.Deliveries(ctx, device, ids)
	out := make(map[string]*media.Delivery, len(found))
	for id, d := range found {
		out[id] = &media.Delivery{Announcement: d.Announcement, Original: d.Original}
		if d.Receipt != nil {
			out[id].Receipt = &media.Receipt{Header: d.Receipt.Header, Line: d.Receipt.Line}
		}
	}
	return out, err
}

func (l *ledger) Begin(ctx context.Context, device string, a *models.Announcement, quota int64) error {
	return l.gateway.BeginOriginal(ctx, device, a, quota)
}

func (l *ledger) Finish(ctx context.Context, o *models.Original) error {
	err := l.gateway.FinishOriginal(ctx, o)
	if err == nil && o.State == models.PhotoStored {
		l.stored()
	}
	return err
}

func (l *ledger) Drop(ctx context.Context, scope, sha256 string) error {
	return l.gateway.DropOriginal(ctx, scope, sha256)
}

func (l *ledger) Touch(ctx context.Context, scope, sha256 string, preview bool) error {
	return l.gateway.TouchOriginal(ctx, scope, sha256, preview)
}

// Original lets the janitor tell leftovers of finished originals from units that wait.
func (l *ledger) Original(ctx context.Context, scope, sha256 string) (*models.Original, error) {
	return l.db.OriginalOf(ctx, scope, sha256)
}

func (l *ledger) Restored() bool { return l.gateway.Installation().Restore > 0 }
