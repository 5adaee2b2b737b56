package office_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/office"
)

// TestPhotosSpeed measures pages of photos of a campaign with 16,000.
func TestPhotosSpeed(t *testing.T) {
	photos := 400
	if os.Getenv("FIELDSYNC_LONG") != "" {
		photos = 16_000
	}
	withPhotos(t, func(t *testing.T, w *world, raw *storetest.Raw) {
		ev := func(n int) string { return fmt.Sprintf("01900000-0000-7000-8000-0000e%07d", n) }
		for i, phone := range []*phone{w.phone(officerA), w.phone(officerB)} {
			scope := []string{scopeA, scopeB}[i]
			for n := i * photos / 2; n < (i+1)*photos/2; n++ {
				if n%8 == 0 {
					phone.write(put(scope, ev(n/8), 0, fmt.Sprintf(`"kind":"consultation","title":"咨询%d","place":"地点%d"`, n, n)))
				}
				hash := n
				if n%400 == 399 {
					hash = n - 50 // the same picture again
				}
				phone.write(photo(scope, ev(n/8), n, hash, fmt.Sprintf(`,"caption":"现场%d","place":"地点%d"`, n, n/8)))
				if w.now++; n%10 != 0 && hash == n {
					originalRow(raw, scope, hash, models.PhotoStored, "")
				}
			}
			phone.send()
		}
		raw.Exec("UPDATE listing SET flags = flags | ? WHERE kind = 'photo' AND id IN (SELECT a.id FROM announced a JOIN original o "+
			"ON o.scope = a.scope AND o.sha256 = a.sha256)", models.IsStored)
		raw.Exec("ANALYZE")
		r := w.reach(adminAll)
		measure := func(what string, q office.PhotoQuery) {
			t.Helper()
			q.Campaign = campaignID
			best := time.Hour
			items := 0
			for range 5 {
				began := time.Now()
				page, err := w.d.Photos(t.Context(), r, q, office.Paging{Limit: 60})
				if err != nil {
					t.Fatal(err)
				}
				items, best = len(page.Items), min(best, time.Since(began))
			}
			t.Logf("%-22s %3d items %6.1f ms", what, items, float64(best.Microseconds())/1000)
		}
		measure("first page", office.PhotoQuery{})
		measure("oldest", office.PhotoQuery{Order: "old"})
		measure("a unit", office.PhotoQuery{Unit: unitB})
		measure("missing", office.PhotoQuery{State: "missing"})
		measure("refused", office.PhotoQuery{State: "refused"})
		measure("stored", office.PhotoQuery{State: "stored"})
		measure("videos", office.PhotoQuery{Sort: "video"})
		measure("words", office.PhotoQuery{Q: "现场1234"})
		measure("code", office.PhotoQuery{Code: models.LookupCode(sha(photos / 3))})
		began := time.Now()
		if _, err := w.d.PhotoSums(t.Context(), r, office.PhotoQuery{Campaign: campaignID}); err != nil {
			t.Fatal(err)
		}
		t.Logf("sums %v", time.Since(began))
		began = time.Now()
		page, err := w.d.Suspects(t.Context(), r, campaignID, "", false, office.Paging{})
		t.Logf("suspects %v: %d %v", time.Since(began), *page.Total, err)
		began = time.Now()
		if _, err := w.d.Overview(t.Context(), r, campaignID, ""); err != nil {
			t.Fatal(err)
		}
		t.Logf("overview %v", time.Since(began))
	})
}
