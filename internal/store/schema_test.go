package store_test

import (
	"context"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/pgtest"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
)

// nouns are the models that bear a table's name.
var nouns = []interface{ TableName() string }{
	models.Unit{}, models.Officer{}, models.Assignment{}, models.Device{}, models.Enrolment{}, models.Campaign{},
	models.Rules{}, models.Template{}, models.HandIn{}, models.Task{}, models.Reminder{}, models.Duty{},
	models.Log{}, models.Batch{}, models.Line{}, models.HeldLine{}, models.Scope{}, models.Snapshot{},
	models.Credential{}, models.LoginFailure{}, models.Session{},
	models.Listing{}, models.AuditLine{}, models.Receipt{},
	models.Announcement{}, models.Original{}, models.PhotoReceipt{}, models.PhotoNear{}, models.ServerLife{},
}

// bare are the tables that no model describes: only the store's own SQL reads them.
var bare = []string{"assertion", "distinct_key", "family", "meta", "moved", "record", "total"}

func open(t testing.TB, target string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), target, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // some tests close it themselves
	return db
}

// TestModelsMatchTheSchema compares the gorm tags with the columns that the migrations made, both ways.
func TestModelsMatchTheSchema(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		if _, err := open(t, target).Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		raw := storetest.OpenRaw(t, target)
		described := slices.Clone(bare)
		for _, n := range nouns {
			described = append(described, n.TableName())
			if got, want := raw.Columns(n.TableName()), columnsOf(t, n); !slices.Equal(got, want) {
				t.Errorf("%s: the schema has %v, the model %v", n.TableName(), got, want)
			}
		}
		slices.Sort(described)
		if got := raw.Tables(); !slices.Equal(got, described) {
			t.Errorf("the schema has the tables %v, known are %v", got, described)
		}
	})
}

func columnsOf(t *testing.T, v any) (out []string) {
	t.Helper()
	typ := reflect.TypeOf(v)
	for i := range typ.NumField() {
		name := ""
		for part := range strings.SplitSeq(typ.Field(i).Tag.Get("gorm"), ";") {
			if c, ok := strings.CutPrefix(part, "column:"); ok {
				name = c
			}
		}
		if name == "" {
			t.Errorf("%s.%s names no column", typ.Name(), typ.Field(i).Name)
		}
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// TestDialectsAgree compares the two schemas, which are written by hand.
func TestDialectsAgree(t *testing.T) {
	t.Parallel()
	lite, pg := t.TempDir()+"/a.db", pgtest.URL(t)
	schema := map[string]map[string][]string{}
	for _, target := range []string{lite, pg} {
		if _, err := open(t, target).Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		raw := storetest.OpenRaw(t, target)
		schema[target] = map[string][]string{}
		for _, table := range raw.Tables() {
			schema[target][table] = raw.Columns(table)
		}
	}
	if !reflect.DeepEqual(schema[lite], schema[pg]) {
		t.Errorf("SQLite has %v\nPostgres has %v", schema[lite], schema[pg])
	}
}

func TestMigrateTwice(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		first, err := open(t, target).Migrate(t.Context())
		if err != nil || len(first) == 0 {
			t.Fatalf("%v, %v", first, err)
		}
		raw := storetest.OpenRaw(t, target)
		before := raw.Dump()
		again, err := open(t, target).Migrate(t.Context())
		if err != nil || len(again) != 0 {
			t.Errorf("the second time did %v, %v", again, err)
		}
		if raw.Dump() != before {
			t.Error("the second time changed something")
		}
	})
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		db := open(t, target)
		if _, err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		storetest.OpenRaw(t, target).Exec("INSERT INTO schema_step (number, name) VALUES (9999, 'later')")
		_, err := open(t, target).Migrate(t.Context())
		if problem.CodeOf(err) != problem.Unavailable || !strings.Contains(err.Error(), "9999") {
			t.Errorf("%v", err)
		}
	})
}

// TestMigrateTogether starts several programs on one empty database at once. On SQLite they are
// connections of their own to one file.
func TestMigrateTogether(t *testing.T) {
	t.Parallel()
	storetest.EachTarget(t, func(t *testing.T, target string) {
		for range 2 { // it is a matter of moments: each round has a database of its own
			where := target
			if store.IsPostgres(target) {
				where = pgtest.URL(t)
			} else {
				where = t.TempDir() + "/fieldsync.db"
			}
			dbs := make([]*store.DB, 4)
			for i := range dbs {
				dbs[i] = open(t, where)
			}
			ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
			var wg sync.WaitGroup
			var mu sync.Mutex
			took := 0
			for _, db := range dbs {
				wg.Go(func() {
					done, err := db.Migrate(ctx)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					defer mu.Unlock()
					if len(done) > 0 {
						took++
					}
				})
			}
			wg.Wait()
			stop()
			if took != 1 {
				t.Errorf("%d of them took the steps", took)
			}
		}
	})
}
