package store

import (
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// PutRecords writes records, and what lists know of those where it changed.
func (t *tx) PutRecords(recs []gateway.Stored) error {
	err := t.values("INSERT INTO record (scope_no, kind, id, version, seq, deleted, review, state, data, counts)",
		10, len(recs), "ON CONFLICT (scope_no, kind, id) DO UPDATE SET version = excluded.version, seq = excluded.seq, "+
			"deleted = excluded.deleted, review = excluded.review, state = excluded.state, data = excluded.data, counts = excluded.counts",
		func(a []any, i int) []any {
			s := &recs[i]
			r := s.Record
			if s.Key.Kind == models.HeldKind {
				return append(a, s.Key.Scope, string(s.Key.Kind), s.Key.ID, r.Version, r.Seq, s.Settled, "", []byte{}, s.Feed, []byte{})
			}
			counts := s.Counts
			if counts == nil {
				counts = []byte{}
			}
			return append(a, s.Key.Scope, string(s.Key.Kind), s.Key.ID, r.Version, r.Seq, r.Deleted(),
				string(r.State()), r.Encode(make([]byte, 0, 512)), r.Public(make([]byte, 0, 512)), counts)
		})
	if err != nil {
		return err
	}
	list := make([]*models.Listing, 0, len(recs))
	for i := range recs {
		if recs[i].Listing != nil {
			list = append(list, recs[i].Listing)
		}
	}
	return t.PutListings(list)
}
