package gateway

import (
	"fmt"
	"slices"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/merge"
)

// listings reads what lists know of a scope's records.
func (v *verifier) listings(s *models.Scope) (map[Key]models.Listing, error) {
	rows, err := v.tx.ScopeListings(s.No)
	if err != nil {
		return nil, err
	}
	out := make(map[Key]models.Listing, len(rows))
	for i := range rows {
		out[Key{rows[i].Scope, rows[i].Kind, rows[i].ID}] = rows[i]
	}
	v.listed += int64(len(rows))
	return out, nil
}

// listing holds what lists know of a record against what the replayed record says.
func (v *verifier) listing(s *scope, got *StoredBytes, want *merge.Record, rows map[Key]models.Listing) error {
	row, ok := rows[got.Key]
	delete(rows, got.Key)
	list, err := decodeCounts(got.Counts)
	if want == nil || err != nil {
		return nil // said of the record or of its contributions
	}
	where := fmt.Sprintf("%s %s %s", s.Name(), got.Key.Kind, got.Key.ID)
	if !ok {
		v.found("listing", where, "lists know nothing of it")
		return nil
	}
	derived, err := v.g.listing(v.tx, s.Campaign, s.No, want, list)
	if err != nil {
		return err
	}
	if row != *derived {
		v.found("listing", where, "lists know it as %+v, the record says %+v", row, *derived)
	}
	return nil
}

// unlisted names what lists show and no record is.
func (v *verifier) unlisted(s *models.Scope, rows map[Key]models.Listing) {
	left := make([]string, 0, len(rows))
	for k := range rows {
		left = append(left, string(k.Kind)+" "+k.ID)
	}
	slices.Sort(left)
	for _, k := range left {
		v.found("listing", s.Name()+" "+k, "lists know it, and it is not stored")
	}
}

// trail compares the audit trail with the lines of the office's logs.
func (v *verifier) trail() error {
	n, err := v.tx.CountListings()
	if err != nil {
		return err
	}
	if n != v.listed {
		v.found("listing", "all", "%d are of scopes that are no unit's", n-v.listed)
	}
	seen := int64(0)
	logs := make([]int64, 0, len(v.byNo))
	for no := range v.byNo {
		logs = append(logs, no)
	}
	slices.Sort(logs)
	for _, no := range logs {
		if d := v.devices[v.byNo[no].Device]; d == nil || !d.Office {
			continue
		}
		k, err := v.trailOf(v.byNo[no])
		if err != nil {
			return err
		}
		seen += k
	}
	if n, err = v.tx.CountAudit(); err == nil && n != seen {
		v.found("audit", "all", "%d lines of the trail are no lines of the office", n-seen)
	}
	return err
}

// trailOf compares the trail of one log and returns how many rows it has.
func (v *verifier) trailOf(l *models.Log) (seen int64, err error) {
	const block = 1000
	for from := int64(0); from < l.Next; from += block {
		lines, err := v.tx.Lines(l.No, from, block)
		if err != nil {
			return seen, err
		}
		rows, err := v.tx.AuditOf(l.No, from, block)
		if err != nil {
			return seen, err
		}
		seen += int64(len(rows))
		have := make(map[int64]models.AuditLine, len(rows))
		for i := range rows {
			have[rows[i].Seq] = rows[i]
		}
		for _, want := range auditRows(lines, v.batches[l.No], v.devices[l.Device].Officer) {
			where := fmt.Sprintf("line %d.%d", want.Log, want.Seq)
			switch row, ok := have[want.Seq]; {
			case !ok:
				v.found("audit", where, "it is not in the trail")
			case row != want:
				v.found("audit", where, "the trail has %+v, the line says %+v", row, want)
			}
		}
	}
	return seen, nil
}
