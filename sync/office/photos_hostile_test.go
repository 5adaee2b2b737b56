package office_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// What somebody without a right announces under a photo's name changes nothing that the office sees, and who took a photo
// stays when others announce the same.
func TestOthersAnnouncements(t *testing.T) {
	withPhotos(t, func(t *testing.T, w *world, raw *storetest.Raw) {
		a, b := w.phone(officerA), w.phone(officerB)
		a.write(put(scopeA, ev(1), 0, `"kind":"consultation","title":"进村咨询"`),
			photo(scopeA, ev(1), 1, 1, `,"caption":"\"sha256\":\"`+strings.Repeat("f", 64)+`"`), photo(scopeA, ev(1), 2, 2, ""), photo(scopeA, ev(1), 3, 3, "")).send()
		b.write(put(scopeB, ev(2), 0, `"kind":"visit","title":"走访"`), photo(scopeB, ev(2), 4, 4, "")).send()
		original(raw, scopeA, 1, models.PhotoStored, "")
		original(raw, scopeA, 2, models.PhotoPartial, "")
		raw.Exec("INSERT INTO photo_receipt (scope, id, sha256, log_no, seq, on_record) VALUES (?, ?, ?, 7, 9, ?)", scopeA, ph(1), sha(1), true)

		all := w.reach(adminAll)
		see := func() string {
			t.Helper()
			var out []string
			add := func(v any, err error) {
				if err != nil {
					t.Fatal(err)
				}
				text, _ := json.Marshal(v)
				out = append(out, string(text))
			}
			for _, q := range []office.PhotoQuery{{}, {State: "stored"}, {State: "announced"}, {State: "partial"}, {State: "missing"}, {State: "refused"},
				{Sort: "video"}, {Sort: "photo"}, {Event: ev(1), EventUnit: unitA}, {Code: models.LookupCode(sha(1))}, {Code: models.LookupCode(sha(9))}} {
				q.Campaign = campaignID
				add(w.d.Photos(t.Context(), all, q, office.Paging{}))
				add(w.d.Photos(t.Context(), all, q.ForAlbum(), office.Paging{}))
				add(w.d.PhotoSums(t.Context(), all, q))
			}
			add(w.d.Photo(t.Context(), all, office.RecordName{Campaign: campaignID, Unit: unitA, ID: ph(1)}))
			add(w.d.Suspects(t.Context(), all, campaignID, "", false, office.Paging{}))
			return strings.Join(out, "\n")
		}
		same := func(what, was, is string) {
			t.Helper()
			x, y := strings.Split(was, "\n"), strings.Split(is, "\n")
			for i := range x {
				if x[i] != y[i] {
					t.Errorf("%s:\n%s\nwas\n%s", what, y[i], x[i])
				}
			}
		}
		p, err := w.d.Photo(t.Context(), all, office.RecordName{Campaign: campaignID, Unit: unitA, ID: ph(1)})
		if err != nil || !p.Stored || p.SHA256 != sha(1) || p.By.Device != a.id || p.Receipt == nil {
			t.Fatalf("%v %+v", err, p)
		}
		was := see()
		w.now += 1000
		for n := 1; n <= 3; n++ { // held: another file, the sender's own picture as if it stood here too, and the same file
			b.write(strings.Replace(photo(scopeA, ev(1), n, 9, ""), "image/jpeg", "video/mp4", 1), photo(scopeA, ev(1), n, 4, ""), photo(scopeA, ev(1), n, n, ""))
		}
		b.send()
		original(raw, scopeA, 9, models.PhotoPartial, "")
		if n := w.announced(ph(1)); n != 4 {
			t.Fatalf("%d announcements", n)
		}
		same("after held lines", was, see())

		w.now += 1000
		w.phone(officerA).write(photo(scopeA, ev(1), 1, 1, "")).send() // of a colleague, who has the right
		q, err := w.d.Photo(t.Context(), all, office.RecordName{Campaign: campaignID, Unit: unitA, ID: ph(1)})
		if err != nil || q.By != p.By || q.ReceivedAt != p.ReceivedAt || q.ClaimedAt != p.ClaimedAt || q.State != p.State || *q.Receipt != *p.Receipt {
			t.Errorf("%v %+v, was %+v", err, q, p)
		}
	})
}

// announced counts what was announced under a photo's id.
func (w *world) announced(id string) (n int) {
	w.t.Helper()
	err := w.db.View(w.t.Context(), func(tx gateway.Tx) error {
		list, err := tx.Announcements([]string{id})
		n = len(list)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}
