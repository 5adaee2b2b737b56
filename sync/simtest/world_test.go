package simtest_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	mobileapi "github.com/fieldsync/fieldsync/mobile-api"
	"github.com/fieldsync/fieldsync/mobile-api/client"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/simtest"
)

// county is a small bureau with its servers, for a run.
type county struct {
	t     *testing.T
	db    *store.DB
	g     *gateway.Gateway
	inst  gateway.Installation
	world simtest.World
}

// newCounty sets a bureau up and starts servers over one database: on SQLite one, on Postgres as
// many as asked for.
func newCounty(t *testing.T, target string, servers, units, phones int) *county {
	t.Helper()
	c := &county{t: t}
	for range servers {
		c.serve(target)
	}
	c.populate(units, phones)
	return c
}

func sqlite(t *testing.T) string { return filepath.Join(t.TempDir(), "fieldsync.db") }

// serve opens the database as another server does and listens on a free port.
func (c *county) serve(target string) {
	c.t.Helper()
	db := storetest.Open(c.t, target)
	inst, secrets, err := db.Install(c.t.Context(), client.NewID, time.Now().UnixMilli())
	if err != nil {
		c.t.Fatal(err)
	}
	g := gateway.New(db, inst, slog.New(slog.DiscardHandler), client.NewID)
	web := httpapi.New(httpapi.Options{Log: slog.New(slog.DiscardHandler), NewID: client.NewID})
	mobileapi.New(g, g, auth.NewTokens(secrets.Token, time.Now), time.Now).Routes(web)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	go func() { _ = web.Listener(ln) }() // ends with Shutdown
	c.t.Cleanup(func() { _ = web.ShutdownWithTimeout(2 * time.Second) })
	c.world.Servers = append(c.world.Servers, "http://"+ln.Addr().String())
	if c.db == nil {
		c.db, c.g, c.inst = db, g, inst
	}
}

func (c *county) act(e ...gateway.Entry) {
	c.t.Helper()
	if err := c.g.Act(c.t.Context(), c.inst.Officer, e...); err != nil {
		c.t.Fatal(err)
	}
}

func put(kind, id string, set map[string]any) gateway.Entry {
	raw, err := json.Marshal(set)
	if err != nil {
		panic(err)
	}
	return gateway.Entry{Op: "admin.put", Kind: kind, ID: id, Set: raw}
}

func (c *county) populate(units, phones int) {
	c.t.Helper()
	root, campaign := client.NewID(), client.NewID()
	entries := []gateway.Entry{put("unit", root, map[string]any{"name": "县市场监督管理局", "code": "00"})}
	for i := range units {
		u := simtest.Unit{ID: client.NewID(), Name: fmt.Sprintf("第%d所", i+1)}
		c.world.Units = append(c.world.Units, u)
		entries = append(entries, put("unit", u.ID, map[string]any{"name": u.Name, "code": fmt.Sprintf("%02d", i+1), "parent": root}))
	}
	hashes := map[[32]byte]string{}
	for i := range phones {
		role := models.RoleOfficer
		if i < units {
			role = models.RoleHead
		}
		seat := simtest.PhoneSeat{Unit: c.world.Units[i%units].ID, Officer: client.NewID(), Head: i < units}
		entries = append(entries, put("officer", seat.Officer, map[string]any{"name": fmt.Sprintf("外勤%d", i), "unit": seat.Unit, "role": string(role)}))
		code, err := auth.NewCode(rand.Reader)
		if err != nil {
			c.t.Fatal(err)
		}
		seat.Code = code
		plain, err := auth.NormalizeCode(code)
		if err != nil {
			c.t.Fatal(err)
		}
		hashes[auth.HashCode(plain)] = seat.Officer
		c.world.Phones = append(c.world.Phones, seat)
	}
	c.world.Campaign = campaign
	entries = append(entries, put("campaign", campaign, map[string]any{"title": "2022年“315”活动", "year": 2022,
		"zone": "Asia/Shanghai", "first_day": "2022-03-07", "last_day": "2022-03-17", "unit": root, "templates": "ningxia-2022"}),
		gateway.Entry{Op: "campaign.state", Scope: campaign, State: string(models.CampaignIsOpen)})
	c.act(entries...)
	if _, _, err := c.g.AddBatch(c.t.Context(), c.inst.Officer, hashes, time.Hour, nil); err != nil {
		c.t.Fatal(err)
	}
}

// The office.

func (c *county) Totals(ctx context.Context) (out []simtest.Cell, err error) {
	err = c.db.View(ctx, func(tx gateway.Tx) error {
		out = nil
		campaign, err := tx.Campaign(c.world.Campaign)
		if err != nil {
			return err
		}
		return tx.EachTotal(func(id string, rules int64, t gateway.TotalDelta) {
			if id == campaign.ID && rules == campaign.Rules && t.ReportedN != 0 {
				out = append(out, simtest.Cell{Template: t.Template, Row: t.Row, Unit: t.Unit, Reported: t.Reported, ReportedN: t.ReportedN})
			}
		})
	})
	return out, err
}

func (c *county) Held(ctx context.Context) (out []simtest.Waiting, err error) {
	err = c.db.View(ctx, func(tx gateway.Tx) error {
		out = nil
		logs, err := tx.Logs()
		if err != nil {
			return err
		}
		byNo := map[int64]models.Log{}
		for _, l := range logs {
			byNo[l.No] = l
		}
		list, err := tx.Held(gateway.HeldQuery{})
		for _, h := range list {
			l := byNo[h.Log]
			out = append(out, simtest.Waiting{Device: l.Device, Epoch: l.Epoch, Seq: h.Seq, Cause: h.Cause})
		}
		return err
	})
	return out, err
}

func (c *county) Release(ctx context.Context, w simtest.Waiting, reason string) error {
	return c.settle(ctx, "held.release", w, reason)
}

func (c *county) Reject(ctx context.Context, w simtest.Waiting, reason string) error {
	return c.settle(ctx, "held.reject", w, reason)
}

func (c *county) settle(ctx context.Context, op string, w simtest.Waiting, reason string) error {
	e := gateway.Entry{Op: op, Reason: reason, AtSeq: &w.Seq}
	err := c.db.View(ctx, func(tx gateway.Tx) error {
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
	return c.g.Act(ctx, c.inst.Officer, e)
}

func (c *county) Accept(ctx context.Context, unit, event string) error {
	e := gateway.Entry{Op: "review.accept", Scope: c.world.Campaign + ":" + unit, Kind: string(models.EventKind), ID: event}
	err := c.db.View(ctx, func(tx gateway.Tx) error {
		found, err := tx.Scopes([]string{e.Scope})
		if err != nil || found[e.Scope] == nil {
			return err
		}
		rec, err := tx.Find(gateway.Key{Scope: found[e.Scope].No, Kind: models.EventKind, ID: event})
		if err == nil && rec != nil {
			e.Version, e.Seq = &rec.Record.Version, &rec.Record.Seq
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.g.Act(ctx, c.inst.Officer, e)
}

// postgres returns an empty database for several servers.
func postgres(t *testing.T) string { return pgtest.URL(t) }
