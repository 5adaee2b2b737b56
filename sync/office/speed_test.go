package office_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/merge"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/google/uuid"
)

// manyUnits is how many units share the events of a measurement.
const manyUnits = 300

func unitNo(n int) string { return fmt.Sprintf("01900000-0000-7000-8000-0000001b%04d", n) }

// crowd fills a county with events: copies of a few that went the whole way, under other names, units
// and days.
func crowd(b *testing.B, db *store.DB, events int) *world {
	b.Helper()
	t := &testing.T{}
	w := &world{t: t, db: db, now: 1647316805500}
	newID := func() string { return uuid.Must(uuid.NewV7()).String() }
	inst, _, err := db.Install(context.Background(), newID, w.now)
	if err != nil {
		b.Fatal(err)
	}
	w.inst = inst
	w.g = gateway.New(db, inst, slog.New(slog.DiscardHandler), newID)
	clock := func() time.Time { return time.UnixMilli(w.now) }
	w.g.Now, w.d = clock, office.New(db, clock)
	must := func(e ...gateway.Entry) {
		if err := w.g.Act(b.Context(), w.inst.Officer, e...); err != nil {
			b.Fatal(err)
		}
	}
	zero := int64(0)
	admin := func(kind, id, set string) gateway.Entry {
		return gateway.Entry{Op: "admin.put", Kind: kind, ID: id, Base: &zero, Set: []byte(set)}
	}
	must(admin("unit", county, `{"name":"县市场监督管理局","code":"00"}`))
	for i := range manyUnits {
		must(admin("unit", unitNo(i), fmt.Sprintf(`{"name":"第%d所","code":"U%04d","parent":"%s"}`, i, i, county)))
	}
	must(admin("officer", adminAll, `{"name":"管理员","unit":"`+county+`","role":"admin"}`), admin("officer", officerA, `{"name":"外勤甲","unit":"`+unitNo(0)+`","role":"officer"}`))
	must(admin("campaign", campaignID, `{"title":"活动","year":2022,"zone":"Asia/Shanghai","first_day":"2022-03-07","last_day":"2022-03-17","unit":"`+county+`","templates":"ningxia-2022,heping-2020"}`))
	must(gateway.Entry{Op: "campaign.state", Scope: campaignID, State: "open"})
	scope := campaignID + ":" + unitNo(0)
	for i := range 4 {
		must(gateway.Entry{Op: "event.put", Scope: scope, ID: ev(i), Base: &zero, Set: fmt.Appendf(nil, `{"kind":"%s","venue":"village","title":"送法进村宣传活动第%d场","place":"城关镇人民广场东侧","started_at":%d,"leaders":2,"experts":1,"banners":3,"staff.%s":4}`,
			[]string{"visit", "consultation", "consultation", "meeting"}[i], i, w.now, unitNo(0))})
		for _, ind := range []string{"complaints", "consultations", "tip_offs", "public_consulting"} {
			n := int64(3)
			must(gateway.Entry{Op: "tally.add", Scope: scope, Event: ev(i), Tally: ind, N: &n})
		}
	}
	copies(b, w, events)
	return w
}

func copies(b *testing.B, w *world, events int) {
	b.Helper()
	var protos []gateway.Stored
	var lists []models.Listing
	scopes := make([]models.Scope, manyUnits)
	err := w.db.Update(b.Context(), func(tx gateway.Tx) (err error) {
		if protos, err = tx.Records(campaignID, models.EventKind, gateway.Key{}, 10); err != nil {
			return err
		}
		if lists, err = tx.ScopeListings(protos[0].Key.Scope); err != nil {
			return err
		}
		for i := range scopes {
			s, err := tx.AddScope(campaignID, unitNo(i))
			if err != nil {
				return err
			}
			scopes[i] = *s
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for from := 0; from < events; from += 1000 {
		recs := make([]gateway.Stored, 0, 1000)
		for i := from; i < min(from+1000, events); i++ {
			s, l := protos[i%len(protos)], lists[i%len(protos)]
			u := (i * 7919) % manyUnits
			id := fmt.Sprintf("01900000-0000-7000-9000-%012d", i)
			r := *s.Record
			r.ID, r.Scope = id, scopes[u].Name()
			r.Review = merge.Review{State: []models.ReviewState{"", models.ReviewAccepted, models.ReviewAccepted, models.ReviewReturned}[i%4]}
			s.Record, s.Key = &r, gateway.Key{Scope: scopes[u].No, Kind: models.EventKind, ID: id}
			l.Scope, l.ID, l.Unit, l.Review = scopes[u].No, id, unitNo(u), r.State()
			l.SortMS = w.now - int64(i%864_000)*1000
			l.Find = fmt.Sprintf("送法进村宣传活动第%d场\n城关镇人民广场东侧%d号", i, i%977)
			l.Likeness = fmt.Sprintf("p%016x", i/100*100) // pairs of those that share a hundred
			if i%50 != 0 {
				l.Likeness = fmt.Sprintf("p%016x", i)
			}
			s.Listing = &l
			recs = append(recs, s)
		}
		if err := w.db.Update(b.Context(), func(tx gateway.Tx) error { return tx.PutRecords(recs) }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPages measures readings of a campaign of 100,000 events (FIELDSYNC_EVENTS) in 300 units.
func BenchmarkPages(b *testing.B) {
	events := 100_000
	if n, err := strconv.Atoi(os.Getenv("FIELDSYNC_EVENTS")); err == nil {
		events = n
	}
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			open := storetest.SQLite
			if kind == "postgres" {
				open = storetest.Postgres
			}
			w := crowd(b, open(b), events)
			if kind == "postgres" {
				if _, err := w.db.WritePool().Exec("VACUUM ANALYZE"); err != nil {
					b.Fatal(err)
				}
			}
			measure(b, w)
		})
	}
}

// cpu returns the time that this process has used, ns: what a page costs while others use the machine.
func cpu() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func measure(b *testing.B, w *world) {
	all, err := w.d.Reach(b.Context(), adminAll)
	if err != nil {
		b.Fatal(err)
	}
	one, err := w.d.Reach(b.Context(), officerA)
	if err != nil {
		b.Fatal(err)
	}
	run := func(name string, fn func() error) {
		b.Run(name, func(b *testing.B) {
			before := cpu()
			for b.Loop() {
				if err := fn(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(cpu()-before)/1e6/float64(b.N), "cpu-ms/op")
		})
	}
	events := func(name string, r *office.Reach, q office.EventQuery) {
		q.Campaign = campaignID
		run("events/"+name, func() error {
			_, err := w.d.Events(b.Context(), r, q, office.Paging{})
			return err
		})
	}
	events("newest", all, office.EventQuery{})
	events("oldest", all, office.EventQuery{Order: "old"})
	events("accepted", all, office.EventQuery{State: models.ReviewAccepted})
	events("no-state", all, office.EventQuery{State: models.ReviewIssues})
	events("unit", all, office.EventQuery{Unit: unitNo(7)})
	events("my-unit", one, office.EventQuery{})
	events("no-flag", all, office.EventQuery{Flag: office.FlagUrgent})
	events("no-conflict", all, office.EventQuery{Flag: office.FlagConflict})
	events("kind", all, office.EventQuery{Kind: "meeting"})
	events("no-kind", all, office.EventQuery{Kind: "duty"})
	events("row", all, office.EventQuery{Row: tableA + "/complaints"})
	events("no-row", all, office.EventQuery{Row: tableA + "/tv_hours"})
	events("find", all, office.EventQuery{Q: "第77777场"})
	events("find-none", all, office.EventQuery{Q: "没有这样的活动"})
	events("find-none-unit", one, office.EventQuery{Q: "没有这样的活动"})
	events("no-day", all, office.EventQuery{FromMS: 1, ToMS: 2})
	measureViews(b, w, all, one, run)
}

func measureViews(b *testing.B, w *world, all, one *office.Reach, run func(string, func() error)) {
	run("row", func() error {
		_, err := w.d.Row(b.Context(), all, office.TableQuery{Campaign: campaignID}, "complaints", office.Paging{})
		return err
	})
	run("row-none", func() error {
		_, err := w.d.Row(b.Context(), all, office.TableQuery{Campaign: campaignID}, "tv_hours", office.Paging{})
		return err
	})
	run("row-staff-of-one", func() error {
		_, err := w.d.Row(b.Context(), one, office.TableQuery{Campaign: campaignID}, "staff_dispatched", office.Paging{})
		return err
	})
	run("table", func() error {
		_, err := w.d.Table(b.Context(), all, office.TableQuery{Campaign: campaignID})
		return err
	})
	run("sums", func() error {
		return w.db.Read(b.Context(), func(tx office.Tx) error { _, err := tx.EventSums(campaignID, nil); return err })
	})
	run("pairs", func() error {
		return w.db.Read(b.Context(), func(tx office.Tx) error { _, err := tx.CountPairs(campaignID, nil); return err })
	})
	run("overview", func() error { _, err := w.d.Overview(b.Context(), all, campaignID, ""); return err })
	run("statuses", func() error {
		_, err := w.d.UnitStatuses(b.Context(), all, campaignID, "", office.Paging{})
		return err
	})
	run("suspects", func() error {
		_, err := w.d.Suspects(b.Context(), all, campaignID, "", false, office.Paging{})
		return err
	})
	run("judged", func() error {
		_, err := w.d.Suspects(b.Context(), all, campaignID, "", true, office.Paging{})
		return err
	})
	run("conflicts", func() error { _, err := w.d.Conflicts(b.Context(), all, campaignID, "", office.Paging{}); return err })
	run("held", func() error { _, err := w.d.Held(b.Context(), all, office.HeldQuery{}, office.Paging{}); return err })
	run("sheets", func() error { _, err := w.d.Sheets(b.Context(), all, campaignID, "", office.Paging{}); return err })
	run("audit", func() error { _, err := w.d.Audit(b.Context(), all, office.AuditQuery{}, office.Paging{}); return err })
	run("reach", func() error { _, err := w.d.Reach(b.Context(), adminAll); return err })
}
