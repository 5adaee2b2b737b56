package office_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

func ph(n int) string  { return fmt.Sprintf("01900000-0000-7000-8000-00000009%04d", n) }
func sha(n int) string { return fmt.Sprintf("%010x", n*7919) + strings.Repeat("c", 54) }

// photo is the line of a photo; more is put behind its fields.
func photo(scope, event string, n, hash int, more string) string {
	return fmt.Sprintf(`"scope":"%s","op":"photo.put","id":"%s","base":0,"set":{"event":"%s","sha256":"%s","bytes":%d,"mime":"image/jpeg"%s}`,
		scope, ph(n), event, sha(hash), 1000+n, more)
}

// withPhotos runs a test in a county whose database can also be written to past the server, as its finish and its jobs do.
func withPhotos(t *testing.T, fn func(t *testing.T, w *world, raw *storetest.Raw)) {
	storetest.EachTarget(t, func(t *testing.T, target string) {
		w := newWorld(t, storetest.Open(t, target))
		fn(t, w, storetest.OpenRaw(t, target))
	})
}

// announce promises originals past the gateway, where a line did not.
func announce(raw *storetest.Raw, scope, device, officer string, n, hash int) {
	raw.Exec("INSERT INTO announced (scope, id, sha256, device, officer, bytes, mime, log_no, seq, receipt_ms) VALUES (?, ?, ?, ?, ?, ?, 'image/jpeg', 1, ?, ?) ON CONFLICT DO NOTHING",
		scope, ph(n), sha(hash), device, officer, 1000+n, n, 1647316805500)
}

// original lays down that of the photos of a hash, and on their listing what the server's own line would say.
func original(raw *storetest.Raw, scope string, hash int, state models.PhotoState, set string) {
	originalRow(raw, scope, hash, state, set)
	flag := map[models.PhotoState]int64{models.PhotoStored: models.IsStored, models.PhotoRefused: models.IsRefused}[state]
	raw.Exec("UPDATE listing SET flags = flags | ? WHERE kind = 'photo' AND scope_no = (SELECT no FROM scope WHERE campaign || ':' || unit = ?) "+
		"AND id IN (SELECT id FROM announced WHERE sha256 = ? AND scope = ?)", flag, scope, sha(hash), scope)
}

func originalRow(raw *storetest.Raw, scope string, hash int, state models.PhotoState, set string) {
	raw.Exec("INSERT INTO original (scope, sha256, bytes, mime, state, reason, device, begun_ms, last_ms, stored_ms, width, height, facts, dhash, render, preview) "+
		"VALUES (?, ?, 1000, 'image/jpeg', ?, ?, '', 1, 2, 3, 640, 480, ?, '', 'done', ?)", scope, sha(hash), string(state),
		map[bool]string{true: "truncated"}[state == models.PhotoRefused], set, false)
}

func TestPhotosOfTheCampaign(t *testing.T) {
	withPhotos(t, func(t *testing.T, w *world, raw *storetest.Raw) {
		a, b := w.phone(officerA), w.phone(officerB)
		a.write(put(scopeA, ev(1), 0, `"kind":"consultation","title":"进村咨询","place":"河滩村"`),
			photo(scopeA, ev(1), 1, 1, `,"caption":"发放资料","place":"河滩村","taken_at":1647316700000,"lat":380000000,"lng":1060000000,"accuracy":12`),
			photo(scopeA, ev(1), 2, 2, `,"caption":"合影"`), photo(scopeA, ev(1), 3, 3, ""))
		a.send()
		b.write(put(scopeB, ev(2), 0, `"kind":"visit","title":"走访"`), photo(scopeB, ev(2), 4, 4, ""),
			strings.Replace(photo(scopeB, ev(2), 5, 5, ""), "image/jpeg", "video/mp4", 1)).send()
		for _, x := range []struct {
			scope, device, officer string
			n                      int
		}{{scopeA, a.id, officerA, 1}, {scopeA, a.id, officerA, 2}, {scopeA, a.id, officerA, 3}, {scopeB, b.id, officerB, 4}} {
			announce(raw, x.scope, x.device, x.officer, x.n, x.n)
		}
		raw.Exec("INSERT INTO announced (scope, id, sha256, device, officer, bytes, mime, log_no, seq, receipt_ms) VALUES (?, ?, ?, ?, ?, 1005, 'video/mp4', 2, 2, 5) ON CONFLICT DO NOTHING",
			scopeB, ph(5), sha(5), b.id, officerB)
		original(raw, scopeA, 1, models.PhotoStored, `{"taken_at":"2022-03-15 12:15:00","offset":"+08:00","taken_ms":1647317700000,"lat":380100000,"lng":1060000000}`)
		original(raw, scopeA, 2, models.PhotoPartial, "")
		original(raw, scopeB, 4, models.PhotoRefused, "")
		raw.Exec("INSERT INTO photo_receipt (scope, id, sha256, log_no, seq, on_record) VALUES (?, ?, ?, 7, 9, ?)", scopeA, ph(1), sha(1), true)

		all := w.reach(adminAll)
		list := func(r *office.Reach, q office.PhotoQuery) (ids []string) {
			t.Helper()
			q.Campaign = campaignID
			for _, p := range collect(t, 2, func(p office.Paging) (office.Page[office.PhotoView], error) { return w.d.Photos(t.Context(), r, q, p) }) {
				ids = append(ids, p.ID)
			}
			slices.Sort(ids)
			return ids
		}
		want := func(what string, got []string, n ...int) {
			t.Helper()
			var ids []string
			for _, i := range n {
				ids = append(ids, ph(i))
			}
			if !slices.Equal(got, ids) {
				t.Errorf("%s: %v, want %v", what, got, ids)
			}
		}
		want("all", list(all, office.PhotoQuery{}), 1, 2, 3, 4, 5)
		want("of A", list(all, office.PhotoQuery{Unit: unitA}), 1, 2, 3)
		want("as B", list(w.reach(reviewerB), office.PhotoQuery{}), 4, 5)
		want("stored", list(all, office.PhotoQuery{State: "stored"}), 1)
		want("missing", list(all, office.PhotoQuery{State: "missing"}), 2, 3, 5)
		want("partial", list(all, office.PhotoQuery{State: "partial"}), 2)
		want("refused", list(all, office.PhotoQuery{State: "refused"}), 4)
		want("videos", list(all, office.PhotoQuery{Sort: "video"}), 5)
		want("photos", list(all, office.PhotoQuery{Sort: "photo"}), 1, 2, 3, 4)
		want("words", list(all, office.PhotoQuery{Q: "资料"}), 1)
		want("an event", list(all, office.PhotoQuery{Event: ev(2), EventUnit: unitB}), 4, 5)
		want("by code", list(all, office.PhotoQuery{Code: strings.ToLower(models.LookupCode(sha(3)))}), 3)
		want("by code, not theirs", list(w.reach(reviewerB), office.PhotoQuery{Code: models.LookupCode(sha(3))}))
		want("oldest first", list(all, office.PhotoQuery{Order: "old"}), 1, 2, 3, 4, 5)
		want("before", list(all, office.PhotoQuery{ToMS: w.now}))
		for _, q := range []office.PhotoQuery{{State: "lost"}, {Sort: "sound"}, {Order: "x"}, {Code: "123"}} {
			q.Campaign = campaignID
			_, err := w.d.Photos(t.Context(), all, q, office.Paging{})
			wantCode(t, err, problem.Invalid)
		}
		_, err := w.d.Photos(t.Context(), w.reach(reviewerB), office.PhotoQuery{Campaign: campaignID, EventUnit: unitA, Event: ev(1)}, office.Paging{})
		wantCode(t, err, problem.NotFound)
		_, err = w.d.Photo(t.Context(), w.reach(reviewerB), office.RecordName{Campaign: campaignID, Unit: unitA, ID: ph(1)})
		wantCode(t, err, problem.NotFound)

		p, err := w.d.Photo(t.Context(), all, office.RecordName{Campaign: campaignID, Unit: unitA, ID: ph(1)})
		if err != nil {
			t.Fatal(err)
		}
		if p.State != "stored" || !p.Stored || p.Receipt == nil || *p.Receipt != (office.LinePlace{Log: 7, Seq: 9}) || p.By.OfficerName != "外勤甲" ||
			p.By.Device != a.id || p.ClaimedAt != w.now || p.TakenAt != 1647316700000 || *p.Lat != 380000000 || p.EventTitle != "进村咨询" ||
			p.Code != models.LookupCode(sha(1)) || p.Caption != "发放资料" || !p.Preview || p.Width != 640 {
			t.Errorf("%+v", p)
		}
		if len(p.Differences) != 2 || p.Differences[0] != (office.PhotoDifference{What: "time", Value: 17 * 60}) || p.Differences[1].Value < 1100 || p.Differences[1].Value > 1120 {
			t.Errorf("differences %+v", p.Differences)
		}
		e, err := w.d.Event(t.Context(), all, office.RecordName{Campaign: campaignID, Unit: unitA, ID: ev(1)})
		if err != nil || len(e.PhotoList) != 3 || e.PhotoList[1].State != "partial" || e.PhotoList[2].State != "announced" {
			t.Errorf("%v %+v", err, e.PhotoList)
		}
		sums, err := w.d.PhotoSums(t.Context(), all, office.PhotoQuery{Campaign: campaignID})
		if err != nil || fmt.Sprint(sums) != "[{announced 2 2008} {partial 1 1002} {refused 1 1004} {stored 1 1001}]" {
			t.Errorf("%v %v", err, sums)
		}
		d, err := w.d.Device(t.Context(), all, b.id)
		if err != nil || d.Announced != 2 || d.Missing != 1 || d.Refused != 1 {
			t.Errorf("%v %+v", err, d)
		}
	})
}

// Pairs are suspected for their pictures, once each, and stay away when they were judged.
func TestPhotoSuspects(t *testing.T) {
	withPhotos(t, func(t *testing.T, w *world, raw *storetest.Raw) {
		a, b := w.phone(officerA), w.phone(officerB)
		a.write(put(scopeA, ev(1), 0, `"kind":"consultation","title":"一","place":"广场"`), put(scopeA, ev(2), 0, `"kind":"consultation","title":"二","place":"广场"`),
			put(scopeA, ev(3), 0, `"kind":"visit","title":"三","place":"别处"`), photo(scopeA, ev(1), 1, 1, ""), photo(scopeA, ev(2), 2, 1, ""),
			photo(scopeA, ev(3), 3, 3, ""), photo(scopeA, ev(3), 6, 3, "")).send()
		b.write(put(scopeB, ev(4), 0, `"kind":"visit","title":"四","place":"河边"`), photo(scopeB, ev(4), 4, 3, ""), photo(scopeB, ev(4), 5, 5, "")).send()
		for n, hash := range map[int]int{1: 1, 2: 1, 3: 3, 6: 3} {
			announce(raw, scopeA, a.id, officerA, n, hash)
		}
		announce(raw, scopeB, b.id, officerB, 4, 3)
		announce(raw, scopeB, b.id, officerB, 5, 5)
		raw.Exec("INSERT INTO photo_near (campaign, scope1, sha1, scope2, sha2, distance) VALUES (?, ?, ?, ?, ?, 4)", campaignID, scopeA, sha(1), scopeB, sha(5))

		all := w.reach(adminAll)
		show := func(r *office.Reach) (out []string) {
			t.Helper()
			for _, s := range collect(t, 1, func(p office.Paging) (office.Page[office.SuspectView], error) {
				return w.d.Suspects(t.Context(), r, campaignID, "", false, p)
			}) {
				line := s.First.Title + s.Second.Title + " " + strings.Join(s.Reasons, ",")
				if s.Pictures != nil {
					line += fmt.Sprintf(" %s %s", s.Pictures.First.ID[32:], s.Pictures.Second.ID[32:])
				}
				out = append(out, line)
			}
			o, err := w.d.Overview(t.Context(), r, campaignID, "")
			if err != nil || int(o.Suspects) != len(out) {
				t.Errorf("%v: %d counted, %d listed", err, o.Suspects, len(out))
			}
			return out
		}
		want := func(what string, got []string, lines ...string) {
			t.Helper()
			if !slices.Equal(got, lines) {
				t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(lines, "\n"))
			}
		}
		want("at first", show(all), "一二 same_place,same_photo 0001 0002", "一四 near_photo 0001 0005", "二四 near_photo 0002 0005", "三四 same_photo 0003 0004")
		want("as B", show(w.reach(reviewerB)))
		list, err := w.g.Suspects(t.Context(), campaignID)
		if err != nil || len(list) != 4 || list[0].Why != "same_place" || len(list[0].Also) != 1 || list[0].Also[0] != "same_photo" {
			t.Errorf("%v %+v", err, list)
		}
		e, err := w.d.Event(t.Context(), all, office.RecordName{Campaign: campaignID, Unit: unitB, ID: ev(4)})
		if err != nil || len(e.Suspects) != 3 || e.Suspects[0].Why != "near_photo" || e.Suspects[0].Pictures == nil {
			t.Errorf("%v %+v", err, e.Suspects)
		}
		if p := e.PhotoList[0]; len(p.Alike) != 2 || p.Alike[0].Event != ev(3) || p.Alike[0].Why != "same_photo" || p.Alike[0].EventTitle != "三" {
			t.Errorf("%+v", p.Alike)
		}
		e, err = w.d.Event(t.Context(), w.reach(reviewerB), office.RecordName{Campaign: campaignID, Unit: unitB, ID: ev(4)})
		if err != nil || len(e.Suspects) != 0 || len(e.PhotoList[0].Alike) != 0 {
			t.Errorf("%v %+v", err, e)
		}

		judge := func(verdict, scope, id, ofScope, of string) {
			w.act(gateway.Entry{Op: "dup.judge", Scope: scope, Kind: "event", ID: id, Of: &gateway.Of{Scope: ofScope, ID: of}, Verdict: verdict, Reason: "看过"})
		}
		judge("different", scopeB, ev(4), scopeA, ev(3))
		want("one judged", show(all), "一二 same_place,same_photo 0001 0002", "四一 near_photo 0005 0001", "四二 near_photo 0005 0002")
		judge("same_facts", scopeA, ev(2), scopeA, ev(1))
		want("two judged", show(all), "四一 near_photo 0005 0001")
		judge("different", scopeA, ev(1), scopeB, ev(4))
		want("all judged", show(all))
		w.act(gateway.Entry{Op: "dup.undo", Scope: scopeA, Kind: "event", ID: ev(2), Of: &gateway.Of{Scope: scopeA, ID: ev(1)}})
		want("undone", show(all), "一二 same_photo 0001 0002", "四二 near_photo 0005 0002")
		a.write(fmt.Sprintf(`"scope":"%s","op":"photo.put","id":"%s","base":%d,"set":{"deleted":true}`, scopeA, ph(2), w.record(models.PhotoKind, scopeA, ph(2)).Version)).send()
		want("a photo is gone", show(all))
		want("a photo is gone, as A", show(w.reach(headA)))
	})
}
