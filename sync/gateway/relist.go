package gateway

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// listingVersion counts the ways in which listings, the audit trail and announcements were derived. A database whose
// rows were derived in an earlier one gets them anew.
const listingVersion = 3

// relistBatch is how many rows one transaction of Relist derives.
const relistBatch = 500

const (
	noteListing   = "listing_version"
	noteListingAt = "listing_at"
)

// relisted is how far Relist has come. Campaigns, kinds, keys and logs are taken in their order.
type relisted struct {
	Version  int64       `json:"version"`
	Campaign string      `json:"campaign"`
	Kind     models.Kind `json:"kind"`
	Scope    int64       `json:"scope"`
	ID       string      `json:"id"`
	Log      int64       `json:"log"`
	Seq      int64       `json:"seq"`
}

// listedKinds are the kinds of records that lists show, in the order of their names.
var listedKinds = []models.Kind{models.EventKind, models.LotKind, models.PhotoKind, models.SheetKind}

// Relist derives listings and audit trail of a database that was written before they were, or when
// they were derived otherwise. It runs before the server serves, changes nothing where all is well,
// and goes on where it was broken off.
func (g *Gateway) Relist(ctx context.Context) error {
	var at relisted
	var campaigns []models.Campaign
	var logs []models.Log
	done := false
	err := g.store.View(ctx, func(tx Tx) error {
		v, err := tx.Note(noteListing)
		if err != nil {
			return err
		}
		if n, _ := strconv.ParseInt(v, 10, 64); n >= listingVersion { // nothing noted is 0
			done = true
			return nil
		}
		noted, err := tx.Note(noteListingAt)
		if err != nil {
			return err
		}
		if json.Unmarshal([]byte(noted), &at) != nil || at.Version != listingVersion {
			at = relisted{Version: listingVersion}
		}
		if campaigns, err = tx.Campaigns(); err != nil {
			return err
		}
		logs, err = tx.Logs()
		return err
	})
	if err != nil || done {
		return err
	}
	for i := range campaigns {
		for _, kind := range listedKinds {
			if err := g.relistKind(ctx, &at, campaigns[i].ID, kind); err != nil {
				return err
			}
		}
	}
	for i := range logs {
		if err := g.retrace(ctx, &at, &logs[i]); err != nil {
			return err
		}
	}
	return g.store.Update(ctx, func(tx Tx) error {
		if err := g.announceHeld(tx); err != nil {
			return err
		}
		if err := tx.PutNote(noteListingAt, ""); err != nil {
			return err
		}
		return tx.PutNote(noteListing, strconv.Itoa(listingVersion))
	})
}

// relistKind derives the listings of one kind of records of a campaign.
func (g *Gateway) relistKind(ctx context.Context, at *relisted, campaign string, kind models.Kind) error {
	if at.Log != 0 || campaign < at.Campaign || campaign == at.Campaign && kind < at.Kind {
		return nil // done before
	}
	if campaign != at.Campaign || kind != at.Kind {
		*at = relisted{Version: listingVersion, Campaign: campaign, Kind: kind}
	}
	for n := 1; n > 0; {
		next := *at
		err := g.store.Update(ctx, func(tx Tx) error {
			n = 0
			some, err := tx.Records(campaign, kind, Key{Scope: at.Scope, Kind: kind, ID: at.ID}, relistBatch)
			if err != nil || len(some) == 0 {
				return err
			}
			keys := make([]Key, len(some))
			for i := range some {
				keys[i] = some[i].Key
			}
			locked, err := tx.LockRecords(keys)
			if err != nil {
				return err
			}
			rows := make([]*models.Listing, len(locked))
			for i := range locked {
				list, err := decodeCounts(locked[i].Counts)
				if err != nil {
					return err
				}
				if rows[i], err = g.listing(tx, campaign, locked[i].Key.Scope, locked[i].Record, list); err != nil {
					return err
				}
			}
			n = len(keys)
			next.Scope, next.ID = keys[n-1].Scope, keys[n-1].ID
			if err := tx.PutListings(rows); err != nil {
				return err
			}
			if err := tx.AddAnnouncements(announcementsOf(locked)); err != nil {
				return err
			}
			return noteRelisted(tx, &next)
		})
		if err != nil {
			return err
		}
		*at = next
	}
	return nil
}

// retrace derives the audit trail of one log of the office.
func (g *Gateway) retrace(ctx context.Context, at *relisted, l *models.Log) error {
	if l.No < at.Log {
		return nil // done before
	}
	if l.No != at.Log {
		*at = relisted{Version: listingVersion, Log: l.No}
	}
	for n := 1; n > 0; {
		next := *at
		err := g.store.Update(ctx, func(tx Tx) error {
			n = 0
			d, err := tx.Device(l.Device)
			if err != nil || d == nil || !d.Office {
				return err
			}
			lines, err := tx.Lines(l.No, at.Seq, relistBatch)
			if err != nil || len(lines) == 0 {
				return err
			}
			batches, err := tx.Batches(l.No)
			if err != nil {
				return err
			}
			n = len(lines)
			next.Seq = lines[n-1].Seq + 1
			if err := tx.PutAudit(auditRows(lines, batches, d.Officer)); err != nil {
				return err
			}
			return noteRelisted(tx, &next)
		})
		if err != nil {
			return err
		}
		*at = next
	}
	return nil
}

// auditRows derives the audit trail of stored lines of one log; a line that cannot be read has none.
func auditRows(lines []models.Line, batches []models.Batch, officer string) []models.AuditLine {
	out := make([]models.AuditLine, 0, len(lines))
	for i := range lines {
		c, fault := changelog.ParseLine(lines[i].Raw)
		if b := batchOf(batches, lines[i].Seq); fault == nil && b != nil {
			out = append(out, auditLine(c, &lines[i], b.ReceiptMS, officer))
		}
	}
	return out
}

func noteRelisted(tx Tx, at *relisted) error {
	raw, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return tx.PutNote(noteListingAt, string(raw))
}
