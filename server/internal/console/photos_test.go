package console_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/internal/store"
	"github.com/fieldsync/fieldsync/internal/store/storetest"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/server/internal/console"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// shelf is a store of originals in memory.
type shelf struct {
	kept    map[string][]byte
	address string
	cut     bool          // what is read ends with a fault
	gate    chan struct{} // nil, or what a reader of originals waits for; who waits says so on it first
}

func (s *shelf) Open(_ context.Context, p *office.PhotoView, variant string) (*console.Picture, error) {
	data, ok := s.kept[p.Campaign+":"+p.Unit+" "+p.SHA256]
	if !ok {
		return nil, problem.New(problem.NotFound, "nothing is kept of %s", p.SHA256)
	}
	tag := p.SHA256
	if variant != console.VariantOriginal {
		data, tag = append([]byte(variant+" of "), data...), variant
	}
	pic := &console.Picture{Size: int64(len(data)), ETag: tag, MIME: "image/jpeg", Read: func(_ context.Context, from, n int64) (io.ReadCloser, error) {
		if gate := s.gate; gate != nil {
			gate <- struct{}{}
			<-gate
		}
		if s.cut {
			return io.NopCloser(io.MultiReader(bytes.NewReader(data[:2]), fault{})), nil
		}
		return io.NopCloser(bytes.NewReader(data[from : from+n])), nil
	}}
	if s.address != "" {
		pic.Address = func(_ context.Context, name string) (string, error) { return s.address + p.SHA256, nil }
	}
	return pic, nil
}

type fault struct{}

func (fault) Read([]byte) (int, error) { return 0, errors.New("the store has gone") }

// photo makes a photo of an event whose original is stored.
func (c *county) photo(campaign, unit, event, text string) string {
	c.Helper()
	return c.photoOf(campaign, unit, event, word(unit, text)+c.idIn(unit))
}

func (c *county) photoOf(campaign, unit, event, text string) string {
	c.Helper()
	id, scope := c.idIn(unit), campaign+":"+unit
	sum := sha256.Sum256([]byte(text))
	sha := hex.EncodeToString(sum[:])
	c.put("photo.put", scope, id, m{"event": event, "sha256": sha, "bytes": len(text), "mime": "image/jpeg", "caption": word(unit, "合影")})
	err := c.db.Update(c.Context(), func(tx gateway.Tx) error {
		return tx.AddAnnouncements([]models.Announcement{{Scope: scope, ID: id, SHA256: sha, Device: c.away.id, Officer: c.root, Bytes: int64(len(text)),
			MIME: "image/jpeg", Log: 1, Seq: c.ids.Load(), ReceiptMS: start}})
	})
	if err != nil {
		c.Fatal(err)
	}
	err = c.g.FinishOriginal(c.Context(), &models.Original{Scope: scope, SHA256: sha, Bytes: int64(len(text)), MIME: "image/jpeg",
		State: models.PhotoStored, StoredMS: start, Rendered: models.RenderDone})
	if err != nil {
		c.Fatal(err)
	}
	c.shelf.kept[scope+" "+sha] = []byte(text)
	return id
}

// pictured is a sample about a photo in the target's unit.
func pictured(what string) sample {
	return sample{bound: "record", make: func(c *county, t target) request {
		return get(recordPath(t, "photos", c.photo(t.campaign, t.unit, c.event(t.campaign, t.unit, nil), "图")) + what)
	}}
}

var photoSamples = map[string]sample{
	"listPhotos":        reading("campaign", "/campaigns/%[1]s/photos"),
	"listPhotos/unit":   reading("record", "/campaigns/%[1]s/photos?unit=%[2]s"),
	"getPhotoSums":      reading("campaign", "/campaigns/%[1]s/photos/sums"),
	"getPhotoSums/unit": reading("record", "/campaigns/%[1]s/photos/sums?unit=%[2]s"),
	"listPhotos/event": {bound: "record", make: func(c *county, t target) request {
		return get(fmt.Sprintf("/campaigns/%s/photos?event=%s&event_unit=%s", t.campaign, c.event(t.campaign, t.unit, nil), t.unit))
	}},
	"getPhoto":    pictured(""),
	"getOriginal": pictured("/original"),
	"getPreview":  pictured("/preview"),
	"getStamped":  pictured("/stamped"),
	"addAlbum": {bound: "campaign", make: func(c *county, t target) request {
		return post("/campaigns/"+t.office+"/album", m{})
	}},
	"addAlbum/unit": {bound: "record", make: func(c *county, t target) request {
		return post("/campaigns/"+t.campaign+"/album", m{"unit": t.unit, "stamped": true})
	}},
	"addAlbum/event": {bound: "record", make: func(c *county, t target) request {
		return post("/campaigns/"+t.campaign+"/album", m{"event": c.event(t.campaign, t.unit, nil), "event_unit": t.unit})
	}},
	"getAlbum": {make: func(c *county, _ target) request { // the ticket is the right
		return get("/campaigns/" + campA + "/album?ticket=" + c.ticket(c.by[models.RoleReader], m{}))
	}},
}

func (c *county) ticket(officer string, body m) string {
	c.Helper()
	a := c.as(officer, "POST", "/campaigns/"+campA+"/album", body)
	var t console.AlbumTicket
	if err := json.Unmarshal(a.body, &t); err != nil || a.status != 200 {
		c.Fatalf("%v %d %s", err, a.status, a.body)
	}
	return t.Ticket
}

func TestPictures(t *testing.T) {
	c := newCounty(t, storetest.SQLite(t), false)
	event := c.event(campA, unitA, nil)
	id := c.photoOf(campA, unitA, event, "0123456789")
	path := "/campaigns/" + campA + "/units/" + unitA + "/photos/" + id
	reader := c.by[models.RoleReader]
	send := func(what string, headers map[string]string) answer {
		return c.send(request{method: "GET", path: path + what, token: c.tokens[reader], headers: headers})
	}
	a := send("/original", nil)
	if a.status != 200 || string(a.body) != "0123456789" || a.header.Get("Content-Type") != "image/jpeg" || a.header.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment; ") || !strings.Contains(a.header.Get("Content-Disposition"), ".jpg") {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
	if a := send("/original", map[string]string{"Range": "bytes=3-5"}); a.status != 206 || string(a.body) != "345" || a.header.Get("Content-Range") != "bytes 3-5/10" {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
	if a := send("/original", map[string]string{"Range": "bytes=10-"}); a.status != 416 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := send("/original", map[string]string{"If-None-Match": a.header.Get("ETag")}); a.status != 304 || len(a.body) != 0 {
		t.Errorf("%d %s", a.status, a.body)
	}
	for _, v := range []string{"preview", "stamped"} {
		if a := send("/"+v, nil); a.status != 200 || string(a.body) != v+" of 0123456789" || !strings.HasPrefix(a.header.Get("Content-Disposition"), "inline") {
			t.Errorf("%d %v %s", a.status, a.header, a.body)
		}
	}
	c.shelf.address = "https://store.example/"
	if a := send("/original", nil); a.status != 307 || !strings.HasPrefix(a.header.Get("Location"), "https://store.example/") || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", a.status, a.header)
	}
	if a := send("/original?direct=true", nil); a.status != 200 {
		t.Errorf("%d %v", a.status, a.header)
	}
	if a := send("/preview", nil); a.status != 200 {
		t.Errorf("%d %v", a.status, a.header)
	}
	list := c.as(reader, "GET", "/campaigns/"+campA+"/photos?state=stored", nil).ok()
	if list.at("items.0.id") != `"`+id+`"` || list.at("items.0.state") != `"stored"` {
		t.Errorf("%s", list.body)
	}
	if sums := c.as(reader, "GET", "/campaigns/"+campA+"/photos/sums", nil).ok(); sums.at("sums.0.photos") != "1" {
		t.Errorf("%s", sums.body)
	}
	c.put("photo.put", campA+":"+unitA, c.newID(), m{"event": event, "sha256": strings.Repeat("ab", 32), "bytes": 3, "mime": "image/jpeg"})
	missing := c.as(reader, "GET", "/campaigns/"+campA+"/photos?state=missing", nil).ok()
	if a := c.as(reader, "GET", "/campaigns/"+campA+"/units/"+unitA+"/photos/"+strings.Trim(missing.at("items.0.id"), `"`)+"/original", nil); a.status != 404 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestAlbumTickets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCounty(t, db, false)
		event := c.event(campA, unitA, nil)
		c.photo(campA, unitA, event, "一")
		c.photo(campA, unitA, c.event(campA, unitA, nil), "二")
		reader := c.by[models.RoleReader]
		fetch := func(ticket string) answer {
			return c.send(request{method: "GET", path: "/campaigns/" + campA + "/album?ticket=" + ticket})
		}
		for files, body := range map[int]m{3: {}, 2: {"event": event, "event_unit": unitA, "stamped": true}} {
			ticket := c.ticket(reader, body)
			a := fetch(ticket)
			z, err := zip.NewReader(bytes.NewReader(a.body), int64(len(a.body)))
			if err != nil || len(z.File) != files || a.header.Get("Content-Type") != "application/zip" {
				t.Fatalf("%v: %d %v %q", err, a.status, a.header, a.body[:min(200, len(a.body))])
			}
			if a := fetch(ticket); a.status != 401 {
				t.Errorf("a ticket is good twice: %d", a.status)
			}
		}
		trail := c.as(c.root, "GET", "/audit?campaign="+campA+"&op=office.note", nil).ok()
		if n := strings.Count(string(trail.body), "album originals"); n == 0 {
			t.Errorf("nothing in the trail: %s", trail.body)
		}
		old := c.ticket(reader, m{})
		c.clock.Add(121_000)
		if a := fetch(old); a.status != 401 {
			t.Errorf("a ticket that is over: %d", a.status)
		}
		ended := c.ticket(reader, m{})
		c.as(reader, "DELETE", "/session", nil)
		if a := fetch(ended); a.status != 401 {
			t.Errorf("of a session that is over: %d", a.status)
		}
		helper := c.helper[models.RoleReviewer]
		c.act(gateway.Entry{Op: "rights.grant", Scope: campA + ":" + unitA, Officer: helper, Role: "reader"})
		lost := c.ticket(helper, m{})
		c.act(gateway.Entry{Op: "rights.end", Scope: campA + ":" + unitA, Officer: helper, Role: "reader"})
		if a := fetch(lost); a.status != 404 {
			t.Errorf("of who has no right any more: %d %s", a.status, a.body)
		}
	})
}

// An album whose store fails in the middle is no whole answer.
func TestAlbumBreaksOff(t *testing.T) {
	c := newCounty(t, storetest.SQLite(t), false)
	c.photo(campA, unitA, c.event(campA, unitA, nil), "一")
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = c.app.Listener(ln) }()
	t.Cleanup(func() { _ = c.app.Shutdown() })
	for _, cut := range []bool{false, true} {
		c.shelf.cut = cut
		// A connection of its own: on one that was used before, a client asks again by itself.
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		res, err := client.Get("http://" + ln.Addr().String() + console.Prefix + "/campaigns/" + campA + "/album?ticket=" + c.ticket(c.by[models.RoleReader], m{}))
		if err == nil {
			_, err = io.ReadAll(res.Body)
			_ = res.Body.Close()
			if res.StatusCode != 200 {
				t.Errorf("cut %v: %d", cut, res.StatusCode)
			}
		}
		if (err != nil) != cut {
			t.Errorf("cut %v: %v", cut, err)
		}
	}
}

// One officer fetches one album at a time, and the next one at once after it.
func TestOneAlbumEach(t *testing.T) {
	c := newCounty(t, storetest.SQLite(t), false)
	c.photo(campA, unitA, c.event(campA, unitA, nil), "一")
	reader, other := c.by[models.RoleReader], c.by[models.RoleReviewer]
	fetch := func(officer string) answer {
		return c.send(request{method: "GET", path: "/campaigns/" + campA + "/album?ticket=" + c.ticket(officer, m{"unit": unitA})})
	}
	gate := make(chan struct{})
	c.shelf.gate = gate
	first := make(chan answer)
	ticket := c.ticket(reader, m{})
	go func() {
		first <- c.send(request{method: "GET", path: "/campaigns/" + campA + "/album?ticket=" + ticket})
	}()
	<-gate // it is under way
	second := c.ticket(reader, m{})
	if a := c.send(request{method: "GET", path: "/campaigns/" + campA + "/album?ticket=" + second}); a.status != 429 && a.status != 503 || a.header.Get("Retry-After") != "60" {
		t.Errorf("a second one: %d %s", a.status, a.body)
	}
	c.shelf.gate = nil
	if a := fetch(other); a.status != 200 {
		t.Errorf("somebody else's: %d %s", a.status, a.body)
	}
	gate <- struct{}{}
	if a := <-first; a.status != 200 {
		t.Errorf("the first: %d %s", a.status, a.body)
	}
	for range 3 { // a ticket that was turned away is still good
		if a := c.send(request{method: "GET", path: "/campaigns/" + campA + "/album?ticket=" + second}); a.status != 200 {
			t.Fatalf("after it: %d %s", a.status, a.body)
		}
		second = c.ticket(reader, m{})
	}
}
