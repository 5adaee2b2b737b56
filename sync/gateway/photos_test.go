package gateway_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/changelog"
	"github.com/fieldsync/fieldsync/sync/gateway"
)

func sumOf(n int) string { return fmt.Sprintf("%064x", n) }

// announced is a photo.put with an original of 300,000 bytes.
func announced(scope, id, sum string) string {
	return in(scope, `"op":"photo.put","id":"`+id+`","base":0,"set":{"event":"`+ev(1)+`","sha256":"`+sum+`","bytes":300000,"mime":"image/jpeg","taken_at":1647316800000}`)
}

// deliveries returns what a phone may deliver, as "photo scope state receipt".
func (p *phone) deliveries(ids ...string) string {
	p.w.t.Helper()
	m, err := p.g.Deliveries(p.w.t.Context(), p.id, ids)
	if err != nil {
		p.w.t.Fatal(err)
	}
	var out []string
	for i, id := range ids {
		d := m[id]
		if d == nil {
			out = append(out, fmt.Sprintf("%d -", i+1))
			continue
		}
		state := models.PhotoAnnounced
		if d.Original != nil {
			state = d.Original.State
		}
		s := fmt.Sprintf("%d %s %s", i+1, map[string]string{scopeA: "A", scopeB: "B"}[d.Announcement.Scope], state)
		if d.Receipt != nil {
			s += " receipt"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func (w *world) delivery(p *phone, id string) *gateway.Delivery {
	w.t.Helper()
	m, err := w.g.Deliveries(w.t.Context(), p.id, []string{id})
	if err != nil || m[id] == nil {
		w.t.Fatalf("no delivery of %s: %v", id, err)
	}
	return m[id]
}

func (w *world) begin(p *phone, id string) {
	w.t.Helper()
	if err := w.g.BeginOriginal(w.t.Context(), p.id, &w.delivery(p, id).Announcement, 1<<40); err != nil {
		w.t.Fatal(err)
	}
	if err := w.g.TellPartial(w.t.Context(), w.now, w.now+1); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) finish(scope, sum string, state models.PhotoState, reason string) {
	w.t.Helper()
	o := &models.Original{Scope: scope, SHA256: sum, Bytes: 300000, MIME: "image/jpeg", State: state, Reason: reason}
	if err := w.g.FinishOriginal(w.t.Context(), o); err != nil {
		w.t.Fatal(err)
	}
}

// upload is what a pull says of a photo's original: "-" when the phone does not see the photo.
func (p *phone) upload(id string) string {
	p.w.t.Helper()
	for _, r := range p.pullAll("", 100).Records {
		if r.Kind == "photo" && r.ID == id {
			var d struct {
				Upload string
				Reason string `json:"upload_reason"`
			}
			if err := json.Unmarshal(r.Data, &d); err != nil {
				p.w.t.Fatal(err)
			}
			return strings.TrimSpace(d.Upload + " " + d.Reason)
		}
	}
	return "-"
}

// checkReceipt holds a receipt against the key that phones are given.
func (w *world) checkReceipt(p *phone, id string) {
	w.t.Helper()
	r := w.delivery(p, id).Receipt
	if r == nil {
		w.t.Fatalf("%s has no receipt", id)
	}
	s, err := w.g.Setup(w.t.Context(), p.id)
	if err != nil {
		w.t.Fatal(err)
	}
	x, _ := base64.RawURLEncoding.DecodeString(s.ServerKey.X)
	y, _ := base64.RawURLEncoding.DecodeString(s.ServerKey.Y)
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
	if err != nil {
		w.t.Fatal(err)
	}
	h, err := changelog.ParseHeader([]byte(r.Header))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := h.Verify(key); err != nil || h.Count != 1 || changelog.Next(h.Prev, []byte(r.Line)) != h.Tail {
		w.t.Errorf("the receipt does not prove itself: %v, %d lines", err, h.Count)
	}
	if c, fault := changelog.ParseLine([]byte(r.Line)); fault != nil || c.Op != "photo.stored" || c.ID != id || c.Bytes != 300000 {
		w.t.Errorf("the receipt says %s", r.Line)
	}
}

// An original on its way: every phone of the unit sees each state once, whoever brings it; the receipt proves itself.
func TestOriginalsOnTheirWay(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, colleague, stranger := w.phone(officerA), w.phone(headA), w.phone(officerB)
		p.write(stand(ev(1)), announced(scopeA, pic(1), sumOf(1)), announced(scopeA, pic(2), sumOf(1)),
			in(scopeA, `"op":"photo.put","id":"`+pic(3)+`","base":0,"set":{"caption":"no hash"}`))
		p.send()
		for _, who := range []*phone{p, colleague} {
			if got := who.deliveries(pic(1), pic(2), pic(3), pic(4)); got != "1 A announced, 2 A announced, 3 -, 4 -" {
				t.Errorf("%s", got)
			}
		}
		if got := stranger.deliveries(pic(1)); got != "1 -" {
			t.Errorf("another unit may deliver %s", got)
		}
		w.begin(colleague, pic(1))
		w.begin(p, pic(1))
		if got := p.upload(pic(1)) + p.upload(pic(2)); got != "partialpartial" {
			t.Errorf("photos with the same bytes: %s", got)
		}
		seq := w.record(models.PhotoKind, pic(1)).Seq
		w.begin(p, pic(1))
		if w.record(models.PhotoKind, pic(1)).Seq != seq {
			t.Error("partial entered the feed twice")
		}
		w.finish(scopeA, sumOf(1), models.PhotoStored, "")
		w.finish(scopeA, sumOf(1), models.PhotoStored, "")
		w.finish(scopeA, sumOf(1), models.PhotoRefused, "truncated") // too late
		if err := w.g.DropOriginal(t.Context(), scopeA, sumOf(1)); err != nil {
			t.Fatal(err)
		}
		if got := p.deliveries(pic(1), pic(2)); got != "1 A stored receipt, 2 A stored receipt" || p.upload(pic(1)) != "stored" || p.upload(pic(2)) != "stored" {
			t.Errorf("%s", got)
		}
		w.checkReceipt(colleague, pic(1))
		w.checkReceipt(p, pic(2))
		w.verified()

		// A third photo of the same bytes is stored as soon as somebody asks; a stranger's of the same hash is not.
		p.write(announced(scopeA, pic(5), sumOf(1)), put(ev(1), 0, `"deleted":true`), in(scopeA, `"op":"photo.put","id":"`+pic(1)+`","base":0,"set":{"deleted":true}`))
		p.send()
		stranger.write(announced(scopeB, pic(6), sumOf(1)))
		stranger.send()
		if err := w.g.TellPhotos(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := p.deliveries(pic(1), pic(5)) + "; " + stranger.deliveries(pic(6)); got != "1 A stored receipt, 2 A stored receipt; 1 B announced" {
			t.Errorf("%s", got)
		}
		w.verified()
	})
}

// What comes to nothing is announced again, what is refused says why, and both can be tried anew.
func TestOriginalsThatFail(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), announced(scopeA, pic(1), sumOf(1)), announced(scopeA, pic(2), sumOf(2)))
		p.send()
		w.begin(p, pic(1))
		if err := w.g.DropOriginal(t.Context(), scopeA, sumOf(1)); err != nil {
			t.Fatal(err)
		}
		if got := p.upload(pic(1)); got != "announced" {
			t.Errorf("dropped: %s", got)
		}
		w.begin(p, pic(1))
		w.finish(scopeA, sumOf(1), models.PhotoRefused, "wrong_type")
		if got := p.upload(pic(1)); got != "refused wrong_type" {
			t.Errorf("refused: %s", got)
		}
		w.begin(p, pic(1)) // a server that had not heard of it
		if got := p.upload(pic(1)); got != "refused wrong_type" {
			t.Errorf("refused and begun again: %s", got)
		}
		a := w.delivery(p, pic(2)).Announcement
		w.finish(scopeA, sumOf(5), models.PhotoPartial, "")      // of no device
		err := w.g.BeginOriginal(t.Context(), p.id, &a, 599_999) // what was refused lies in quarantine and counts
		if problem.CodeOf(err) != problem.Quota || p.upload(pic(2)) != "announced" {
			t.Errorf("over the quota: %v, %s", err, p.upload(pic(2)))
		}
		if err := w.g.BeginOriginal(t.Context(), p.id, &a, 600_000); err != nil {
			t.Errorf("just within it: %v", err)
		}
		stored := gateway.Entry{Op: "photo.stored", Scope: scopeA, ID: pic(2), SHA256: sumOf(2), Bytes: new(int64)}
		if err := w.g.Act(t.Context(), officerA, stored); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("somebody else says what is stored: %v", err)
		}
		w.verified()
	})
}

// A phone that was revoked may still deliver what it announced, although its lines wait; when they are released the photos
// are stored at once. Nobody else delivers them meanwhile, and the phone nothing but its own.
func TestOriginalsOfHeldLines(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, colleague, same := w.phone(officerA), w.phone(headA), w.phone(officerA)
		colleague.write(stand(ev(1)), announced(scopeA, pic(9), sumOf(9)))
		colleague.send()
		revoke := func(on string) {
			w.act(gateway.Entry{Op: "admin.put", Kind: "device", ID: p.id, Set: json.RawMessage(`{"revoked":` + on + `}`)})
		}
		revoke("true")
		p.write(announced(scopeA, pic(1), sumOf(1)), announced(scopeB, pic(2), sumOf(2)))
		p.send("0 held revoked", "1 held revoked")
		if got := p.deliveries(pic(1), pic(2), pic(9)); got != "1 A announced, 2 B announced, 3 -" {
			t.Errorf("the revoked phone: %s", got)
		}
		if got := same.deliveries(pic(1), pic(9)); got != "1 A announced, 2 A announced" {
			t.Errorf("another phone of the same person: %s", got)
		}
		w.begin(p, pic(1))
		w.finish(scopeA, sumOf(1), models.PhotoStored, "")
		w.finish(scopeB, sumOf(2), models.PhotoStored, "")
		if got := p.deliveries(pic(1), pic(2)); got != "1 A stored receipt, 2 B stored receipt" {
			t.Errorf("delivered while held: %s", got)
		}
		w.verified()
		if got := colleague.upload(pic(1)); got != "-" {
			t.Errorf("a held photo shows as %s", got)
		}
		revoke("false")
		if err := w.g.TellPhotos(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := colleague.upload(pic(1)); got != "stored" {
			t.Errorf("after the release it is %s", got)
		}
		w.checkReceipt(p, pic(1))
		if err := w.g.TellPhotos(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.verified()
	})
}

// Who asked for the same id in another unit's scope gets their own photo.
func TestOneIDInTwoScopes(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		a, b := w.phone(officerA), w.phone(officerB)
		a.write(announced(scopeA, pic(1), sumOf(1)))
		b.write(announced(scopeB, pic(1), sumOf(2)), announced(scopeA, pic(1), sumOf(3)))
		a.send()
		b.send("1 held no_right")
		if got := a.deliveries(pic(1)) + "; " + b.deliveries(pic(1)); got != "1 A announced; 1 A announced" {
			t.Errorf("%s", got)
		}
		if got := w.delivery(a, pic(1)).Announcement.SHA256; got != sumOf(1) {
			t.Errorf("A is to deliver %s", got)
		}
		// The stranger's bytes under A's id do not become A's photo.
		w.finish(scopeA, sumOf(3), models.PhotoStored, "")
		if got := a.upload(pic(1)); got != "announced" {
			t.Errorf("A's photo is %s with the bytes of somebody else", got)
		}
		w.verified()
	})
}

// Verify names what is wrong with originals and receipts.
func TestVerifyPhotos(t *testing.T) {
	storetest.EachTarget(t, func(t *testing.T, target string) {
		db := storetest.Open(t, target)
		w, raw := newWorld(t, db), storetest.OpenRaw(t, target)
		p := w.phone(officerA)
		p.write(stand(ev(1)), announced(scopeA, pic(1), sumOf(1)), announced(scopeA, pic(2), sumOf(2)))
		p.send()
		w.finish(scopeA, sumOf(1), models.PhotoStored, "")
		w.finish(scopeA, sumOf(2), models.PhotoStored, "")
		w.verified()
		var good []models.PhotoReceipt
		w.view(func(tx gateway.Tx) (err error) {
			good, err = tx.PhotoReceipts(scopeA, sumOf(1))
			return err
		})
		check := func(name string, want int, change func(gateway.Tx) error) {
			t.Helper()
			if err := db.Update(t.Context(), change); err != nil {
				t.Fatal(name, err)
			}
			r, err := w.g.Verify(t.Context(), func(string) {})
			if err != nil || len(r.Differences) != want {
				t.Errorf("%s: %v, %v; want %d in all", name, r.Differences, err, want)
			}
			if err := db.Update(t.Context(), func(tx gateway.Tx) error { return tx.PutPhotoReceipt(&good[0]) }); err != nil {
				t.Fatal(err)
			}
		}
		changed := func(change func(*models.PhotoReceipt)) func(gateway.Tx) error {
			r := good[0]
			change(&r)
			return func(tx gateway.Tx) error { return tx.PutPhotoReceipt(&r) }
		}
		check("a receipt at another line", 1, changed(func(r *models.PhotoReceipt) { r.Seq-- }))
		check("a receipt at no line", 1, changed(func(r *models.PhotoReceipt) { r.Log = 99 }))
		check("a receipt that was not on the record", 1, changed(func(r *models.PhotoReceipt) { r.OnRecord = false }))
		check("a stored original without a receipt", 1, func(tx gateway.Tx) error {
			return tx.PutOriginal(&models.Original{Scope: scopeA, SHA256: sumOf(3), Bytes: 1, State: models.PhotoStored})
		})
		check("a receipt of what is not stored", 3, changed(func(r *models.PhotoReceipt) { r.SHA256, r.ID = sumOf(4), pic(4) }))
		raw.Exec("DELETE FROM photo_receipt WHERE id = ?", pic(4))
		nothing := func(gateway.Tx) error { return nil }
		raw.Exec("DELETE FROM photo_receipt WHERE id = ?", pic(1))
		check("a receipt that nobody knows of", 2, nothing) // and the original of the check before
		raw.Exec("DELETE FROM announced WHERE id = ?", pic(2))
		check("a line announces, and nobody knows of it", 2, nothing)
		list, err := w.g.StoredOriginals(t.Context())
		if err != nil || len(list) != 3 || list[0].Bytes != 300000 {
			t.Errorf("%v, %v", list, err)
		}
	})
}

// deafTx is a database of a server that did not know announcements yet.
type deafTx struct{ gateway.Tx }

func (deafTx) AddAnnouncements([]models.Announcement) error { return nil }

// What was promised before there were announcements, by lines that were applied and lines that wait, can be delivered
// after the upgrade.
func TestAnnouncementsOfAnOlderDatabase(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		old := w.other(func(tx gateway.Tx) gateway.Tx { return deafTx{tx} })
		p, stranger := w.phone(officerA), w.phone(officerB)
		p.g, stranger.g = old, old
		p.write(stand(ev(1)), announced(scopeA, pic(1), sumOf(1)), in(scopeA, `"op":"photo.put","id":"`+pic(3)+`","base":0,"set":{"caption":"no hash"}`))
		p.send()
		stranger.write(announced(scopeA, pic(2), sumOf(2)))
		stranger.send("0 held no_right")
		if got := p.deliveries(pic(1)) + "; " + stranger.deliveries(pic(2)); got != "1 -; 1 -" {
			t.Fatalf("%s", got)
		}
		if err := w.db.Update(t.Context(), func(tx gateway.Tx) error { return tx.PutNote("listing_version", "2") }); err != nil {
			t.Fatal(err)
		}
		if err := w.g.Relist(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := p.deliveries(pic(1), pic(3)) + "; " + stranger.deliveries(pic(2)); got != "1 A announced, 2 -; 1 A announced" {
			t.Errorf("%s", got)
		}
		if a := w.delivery(p, pic(1)).Announcement; a.Device != p.id || a.Bytes != 300000 || a.MIME != "image/jpeg" {
			t.Errorf("%+v", a)
		}
	})
}

// Who has no part in a scope hears of an original there what it brought itself, and of nothing else: the hash of somebody's
// photo opens nothing, and takes no receipt. What it brings waits with its line.
func TestStrangersAndOriginals(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, stranger := w.phone(officerA), w.phone(officerB)
		p.write(stand(ev(1)), announced(scopeA, pic(5), sumOf(1)))
		p.send()
		stranger.write(announced(scopeA, pic(1), sumOf(1)), announced(scopeA, pic(2), sumOf(2)))
		stranger.send("0 held no_right", "1 held no_right")
		w.begin(p, pic(5))
		w.finish(scopeA, sumOf(1), models.PhotoStored, "")
		if err := w.g.TellPhotos(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := stranger.deliveries(pic(1)) + "; " + p.deliveries(pic(5)); got != "1 A announced; 1 A stored receipt" {
			t.Errorf("%s", got)
		}
		// Who brings all the bytes has them.
		o := &models.Original{Scope: scopeA, SHA256: sumOf(1), Bytes: 300000, MIME: "image/jpeg", State: models.PhotoStored, Device: stranger.id}
		if err := w.g.FinishOriginal(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if got := stranger.deliveries(pic(1)); got != "1 A stored receipt" {
			t.Errorf("the stranger brought them: %s", got)
		}
		// The line is applied: then its photo is one of the unit's.
		w.finish(scopeA, sumOf(2), models.PhotoStored, "")
		w.act(gateway.Entry{Op: "rights.grant", Scope: scopeA, Officer: officerB, Role: "officer"})
		if err := w.g.TellPhotos(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := stranger.deliveries(pic(1), pic(2)); got != "1 A stored receipt, 2 A stored receipt" {
			t.Errorf("after the right was given: %s", got)
		}
	})
}

// Many photos of the same bytes cost what they cost, and nobody gets a line for each of thousands.
func TestManyPhotosOfTheSameBytes(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p, colleague := w.phone(officerA), w.phone(headA)
		p.write(stand(ev(1)))
		for i := range 200 {
			p.write(announced(scopeA, pic(100+i), sumOf(1)))
		}
		p.send()
		colleague.write(announced(scopeA, pic(999), sumOf(1)))
		colleague.send()
		lines := len(w.officeLines())
		w.finish(scopeA, sumOf(1), models.PhotoStored, "")
		if n := len(w.officeLines()) - lines; n != 21 {
			t.Errorf("%d lines were written", n)
		}
		if got := colleague.deliveries(pic(999)); got != "1 A stored receipt" {
			t.Errorf("the colleague's: %s", got)
		}
	})
}

// The quota bears the most that was said of an original, as the kind that was said.
func TestQuotaBears(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		small := strings.Replace(announced(scopeA, pic(1), sumOf(1)), "300000", "1", 1)
		p.write(stand(ev(1)), small, announced(scopeA, pic(2), sumOf(1)),
			strings.Replace(announced(scopeA, pic(3), sumOf(3)), "image/jpeg", "video/mp4", 1),
			strings.Replace(announced(scopeA, pic(4), sumOf(4)), "image/jpeg", "video/mp4", 1))
		p.send()
		begin := func(id string, quota int64) error {
			a := w.delivery(p, id).Announcement
			return w.g.BeginOriginal(t.Context(), p.id, &a, quota)
		}
		if err := begin(pic(1), 300_000); err != nil {
			t.Fatal(err)
		}
		if got := p.deliveries(pic(1), pic(2)); got != "1 A partial, 2 A announced" {
			t.Errorf("%s", got)
		}
		if err := begin(pic(2), 299_999); problem.CodeOf(err) != problem.Quota {
			t.Errorf("the greater size is not asked for: %v", err)
		}
		if err := begin(pic(2), 300_000); err != nil {
			t.Error(err)
		}
		if err := begin(pic(3), 300_000); err != nil {
			t.Error(err)
		}
		w.finish(scopeA, sumOf(3), models.PhotoStored, "") // and it is a JPEG
		if err := begin(pic(4), 599_999); problem.CodeOf(err) != problem.Quota {
			t.Errorf("what was announced as a video is borne by nobody: %v", err)
		}
	})
}

// Receipts of lines that go on waiting do not keep those from being told that were released.
func TestManyLooseReceipts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		if err := w.db.Update(t.Context(), func(tx gateway.Tx) error {
			for i := range 1100 {
				if err := tx.PutPhotoReceipt(&models.PhotoReceipt{Scope: scopeA, ID: pic(5000 + i), SHA256: sumOf(7), Log: 1, Seq: 1}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		p := w.phone(officerA)
		p.write(announced(scopeA, pic(998), sumOf(1)))
		p.send()
		w.finish(scopeA, sumOf(1), models.PhotoStored, "")
		if err := w.db.Update(t.Context(), func(tx gateway.Tx) error {
			r, err := tx.PhotoReceipts(scopeA, sumOf(1))
			if err != nil {
				return err
			}
			r[0].OnRecord = false
			list, err := tx.LooseReceipts(models.PhotoReceipt{}, 10)
			if err == nil && len(list) != 0 {
				t.Errorf("receipts of photos without a record: %v", list)
			}
			if err := tx.PutPhotoReceipt(&r[0]); err != nil {
				return err
			}
			if list, err = tx.LooseReceipts(models.PhotoReceipt{}, 10); err == nil && len(list) != 1 {
				t.Errorf("the photo whose line was released is not found: %v", list)
			}
			r[0].OnRecord = true
			if err := tx.PutPhotoReceipt(&r[0]); err != nil {
				return err
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// Two lines of one push that promise the same are one promise.
func TestTwoLinesPromiseTheSame(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		p := w.phone(officerA)
		p.write(stand(ev(1)), announced(scopeA, pic(1), sumOf(1)), announced(scopeA, pic(1), sumOf(1)),
			announced(scopeB, pic(2), sumOf(2)), announced(scopeB, pic(2), sumOf(2)))
		p.send("3 held no_right", "4 held no_right")
		if got := p.deliveries(pic(1), pic(2)); got != "1 A announced, 2 B announced" {
			t.Errorf("%s", got)
		}
	})
}
