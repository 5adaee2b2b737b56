package main

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/simtest"
)

// backstage is the office of a simulation, on the same database as its servers.
type backstage struct {
	app      *app
	campaign string
}

func (b *backstage) Totals(ctx context.Context) (out []simtest.Cell, err error) {
	err = b.app.view(ctx, func(tx gateway.Tx) error {
		out = nil
		c, err := tx.Campaign(b.campaign)
		if err != nil {
			return err
		}
		return tx.EachTotal(func(campaign string, rules int64, t gateway.TotalDelta) {
			if campaign == b.campaign && rules == c.Rules && t.Template != "" && t.ReportedN != 0 {
				out = append(out, simtest.Cell{Template: t.Template, Row: t.Row, Unit: t.Unit,
					Reported: t.Reported, ReportedN: t.ReportedN})
			}
		})
	})
	return out, err
}

// Originals lists what the store holds.
func (b *backstage) Originals(ctx context.Context) (sums []string, err error) {
	const prefix = "orig/sha256/"
	err = b.app.photos.blobs.List(ctx, prefix, func(i media.BlobInfo) bool {
		sums = append(sums, i.Key[strings.LastIndexByte(i.Key, '/')+1:])
		return true
	})
	return sums, err
}

// Revoke takes a phone back.
func (b *backstage) Revoke(ctx context.Context, device string) error {
	return b.app.act(ctx, gateway.Entry{Op: "admin.put", Kind: "device", ID: device, Set: json.RawMessage(`{"revoked":true}`)})
}

func (b *backstage) Held(ctx context.Context) (out []simtest.Waiting, err error) {
	err = b.app.view(ctx, func(tx gateway.Tx) error {
		out = nil
		logs, err := tx.Logs()
		if err != nil {
			return err
		}
		byNo := map[int64]*models.Log{}
		for i := range logs {
			byNo[logs[i].No] = &logs[i]
		}
		list, err := tx.Held(gateway.HeldQuery{})
		for i := range list {
			l := byNo[list[i].Log]
			out = append(out, simtest.Waiting{Device: l.Device, Epoch: l.Epoch, Seq: list[i].Seq, Cause: list[i].Cause})
		}
		return err
	})
	return out, err
}

func (b *backstage) Release(ctx context.Context, w simtest.Waiting, reason string) error {
	return b.settle(ctx, "held.release", w, reason)
}

func (b *backstage) Reject(ctx context.Context, w simtest.Waiting, reason string) error {
	return b.settle(ctx, "held.reject", w, reason)
}

func (b *backstage) settle(ctx context.Context, op string, w simtest.Waiting, reason string) error {
	e := gateway.Entry{Op: op, Reason: reason, AtSeq: &w.Seq}
	err := b.app.view(ctx, func(tx gateway.Tx) error {
		l, err := tx.FindLog(w.Device, w.Epoch)
		if err != nil || l == nil {
			return err
		}
		e.Log = strconv.FormatInt(l.No, 10)
		list, err := tx.Held(gateway.HeldQuery{Log: l.No, Seq: w.Seq})
		if len(list) > 0 {
			e.Scope = list[0].Scope
		}
		return err
	})
	if err != nil {
		return err
	}
	return b.app.act(ctx, e)
}

func (b *backstage) Accept(ctx context.Context, unit, event string) error {
	e := gateway.Entry{Op: "review.accept", Scope: b.campaign + ":" + unit, Kind: string(models.EventKind), ID: event}
	err := b.app.view(ctx, func(tx gateway.Tx) error {
		found, err := tx.Scopes([]string{e.Scope})
		if err != nil || found[e.Scope] == nil {
			return err
		}
		recs, err := tx.Find(gateway.Key{Scope: found[e.Scope].No, Kind: models.EventKind, ID: event})
		if err == nil && recs != nil {
			e.Version, e.Seq = &recs.Record.Version, &recs.Record.Seq
		}
		return err
	})
	if err != nil {
		return err
	}
	return b.app.act(ctx, e)
}
