package jobs

import (
	"testing"

	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

// TestRealStore makes renditions of originals that lie in SQLite and in PostgreSQL.
func TestRealStore(t *testing.T) {
	storetest.EachTarget(t, func(t *testing.T, target string) {
		db, b := storetest.Open(t, target), newBench(t)
		b.jobs.Store = db
		add := func(scope, mime string, data []byte) string {
			sum := b.add(scope, mime, data)
			o := models.Original{Scope: scope, SHA256: sum, Bytes: int64(len(data)), MIME: mime, State: models.PhotoStored, Device: "d", StoredMS: 1}
			if err := db.Update(t.Context(), func(tx gateway.Tx) error { return tx.PutOriginal(&o) }); err != nil {
				t.Fatal(err)
			}
			return sum
		}
		one := add("c:u1", "image/jpeg", photo(1, 640, 480))
		add("c:u2", "image/jpeg", photo(1, 320, 240))
		add("c:u2", "image/jpeg", photo(2, 320, 240))
		broken := add("c:u2", "image/jpeg", photo(3, 320, 240)[:1000])
		b.rounds()
		o, err := db.OriginalOf(t.Context(), "c:u1", one)
		if err != nil || o.Rendered != models.RenderDone || o.Width != 480 || len(o.Likeness) != 16 || o.Facts == "" || o.State != models.PhotoStored {
			t.Errorf("%+v, %v", o, err)
		}
		if o, err = db.OriginalOf(t.Context(), "c:u2", broken); err != nil || o.Rendered != "undecodable" {
			t.Errorf("%+v, %v", o, err)
		}
		if left, err := db.NextToRender(t.Context(), 10); err != nil || len(left) != 0 {
			t.Errorf("left: %v, %v", left, err)
		}
		var pairs int
		storetest.OpenRaw(t, target).Row("SELECT COUNT(*) FROM photo_near WHERE scope1 = 'c:u1' AND scope2 = 'c:u2'", nil, &pairs)
		if pairs != 1 {
			t.Errorf("%d pairs", pairs)
		}
	})
}
