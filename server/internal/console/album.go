package console

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media/album"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/gofiber/fiber/v2"
)

// Bounds of albums.
const (
	ticketLife = 2 * time.Minute
	mostAlbums = 4 // at once, of one server, and one of each officer
	albumPage  = 200
	noteAlbums = "album_tickets" // the tickets that were used and are not over
)

// AlbumRequest says what shall be in an album: all of the campaign that one may look at, a unit and all below it, or one
// event.
type AlbumRequest struct {
	Unit      string `json:"unit,omitempty"`
	EventUnit string `json:"event_unit,omitempty"` // with event: in whose part of the campaign it stands
	Event     string `json:"event,omitempty"`
	Stamped   bool   `json:"stamped,omitempty"` // copies with time and place written on them; else originals
}

// AlbumTicket lets a browser fetch an album once, without a token.
type AlbumTicket struct {
	Ticket    string            `json:"ticket"`
	ExpiresAt int64             `json:"expires_at"` // ms; the download has to begin before it
	Sums      []office.PhotoSum `json:"sums"`       // what will be in it, and what is missing
}

// albumPass is what a ticket says.
type albumPass struct {
	ID       string       `json:"i"`
	Session  string       `json:"s"`
	Officer  string       `json:"o"`
	Campaign string       `json:"c"`
	Until    int64        `json:"u"` // ms
	Request  AlbumRequest `json:"r"`
}

func (p *albumPass) query() office.PhotoQuery {
	q := office.PhotoQuery{Campaign: p.Campaign, Unit: p.Request.Unit, Order: office.OldestFirst}
	if p.Request.Event != "" {
		q.Unit, q.EventUnit, q.Event = "", p.Request.EventUnit, p.Request.Event
	}
	return q
}

// mayFetch asks for the right to what an album holds.
func (c *call) mayFetch(p *albumPass) error {
	c.asked = true
	if p.Request.Event == "" {
		return c.must(maySee(p.Campaign, p.Request.Unit))
	}
	_, err := c.find(office.Look, office.RecordName{Campaign: p.Campaign, Unit: p.Request.EventUnit, Kind: models.EventKind, ID: p.Request.Event})
	return err
}

// addAlbum makes a ticket for an album.
func (a *API) addAlbum(c *call) error {
	r, err := decode[AlbumRequest](c)
	if err != nil {
		return err
	}
	for name, id := range map[string]string{"unit": r.Unit, "event_unit": r.EventUnit, "event": r.Event} {
		if id != "" && !canonical.MatchString(id) {
			return notFound().With("field", name)
		}
	}
	p := albumPass{ID: a.newID(), Session: c.claims.Session, Officer: c.claims.Officer, Campaign: c.Params("campaign"),
		Until: a.now().Add(ticketLife).UnixMilli(), Request: r}
	if err := c.mayFetch(&p); err != nil {
		return err
	}
	sums, err := a.desk.PhotoSums(c.ctx(), c.reach, p.query())
	if err != nil {
		return err
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	ticket, err := a.sessions.SealTicket(raw)
	if err != nil {
		return err
	}
	return c.answer(AlbumTicket{Ticket: ticket, ExpiresAt: p.Until, Sums: sums})
}

// getAlbum sends the album of a ticket. Who has it is asked for as if they had sent their token, and what allowed it
// must hold now.
func (a *API) getAlbum(c *call) error {
	raw, err := a.sessions.OpenTicket(c.Query("ticket"))
	if err != nil {
		return err
	}
	var p albumPass
	if json.Unmarshal(raw, &p) != nil || p.Campaign != c.Params("campaign") || p.Until < a.nowMS() {
		return auth.BadTicket()
	}
	c.claims = auth.OfficeClaims{Session: p.Session, Officer: p.Officer}
	if c.mustChange, err = a.sessions.Check(c.ctx(), c.claims); err != nil || c.mustChange {
		return auth.BadTicket()
	}
	if c.reach, err = a.desk.Reach(c.ctx(), p.Officer); err != nil {
		return err
	}
	if !c.reach.MayAnywhere(office.Look) {
		return forbidden()
	}
	if err := c.mayFetch(&p); err != nil {
		return err
	}
	campaign, err := a.desk.Campaign(c.ctx(), c.reach, p.Campaign)
	if err != nil {
		return err
	}
	if err := a.albums.begin(p.Officer); err != nil {
		return err
	}
	if err := a.use(c, &p); err != nil {
		a.albums.end(p.Officer)
		return err
	}
	a.sendAlbum(c, &p, campaign)
	return nil
}

// use takes the ticket for used, and notes in the trail who took the photos out.
func (a *API) use(c *call, p *albumPass) error {
	what := "album originals"
	if p.Request.Stamped {
		what = "album stamped"
	}
	e := note("export", what, p.Request.Event, p.Request.Unit)
	e.Scope = p.Campaign
	return c.do(func(tx gateway.Tx) error { return useOnce(tx, p.ID, p.Until, a.nowMS()) }, e)
}

// useOnce notes that a ticket was used. All servers pass here one after another: the office's log is locked.
func useOnce(tx gateway.Tx, id string, until, nowMS int64) error {
	text, err := tx.Note(noteAlbums)
	if err != nil {
		return err
	}
	used := map[string]int64{}
	if text != "" && json.Unmarshal([]byte(text), &used) != nil {
		used = map[string]int64{} // a later version's: at worst a ticket is used twice
	}
	if _, was := used[id]; was {
		return auth.BadTicket()
	}
	for was, end := range used {
		if end < nowMS {
			delete(used, was)
		}
	}
	used[id] = until
	raw, err := json.Marshal(used)
	if err != nil {
		return err
	}
	return tx.PutNote(noteAlbums, string(raw))
}

// sendAlbum lets the zip follow while it is made.
func (a *API) sendAlbum(c *call, p *albumPass, campaign *models.Campaign) {
	zone, err := time.LoadLocation(campaign.Zone)
	if err != nil {
		zone = time.UTC
	}
	name := campaign.Title + " 照片原件.zip"
	if p.Request.Stamped {
		name = campaign.Title + " 水印照片.zip"
	}
	c.Set(fiber.HeaderContentType, mimeZIP)
	c.Set(fiber.HeaderContentDisposition, attachment(name))
	c.Set(fiber.HeaderCacheControl, "no-store")
	r, w := io.Pipe()
	ctx, cancel := context.WithCancel(context.WithoutCancel(c.ctx()))
	go func() {
		sum, err := album.Write(ctx, w, album.Config{Stamped: p.Request.Stamped, Zone: zone, Each: a.eachPhoto(p), Open: a.albumFile(p)})
		if err != nil && ctx.Err() == nil {
			slog.Warn("an album broke off", "photos", sum.Photos, "bytes", sum.Bytes, "error", err)
		}
		a.albums.end(p.Officer)
		_ = w.CloseWithError(err) // the reader's end: nil is the end of the zip
	}()
	httpapi.SendStream(c.Ctx, &floor{ReadCloser: r, now: a.now}, cancel)
}

// eachPhoto walks through the photos of an album page by page. Rights are read anew for each page.
func (a *API) eachPhoto(p *albumPass) func(ctx context.Context, one func(*album.Photo) error) error {
	return func(ctx context.Context, one func(*album.Photo) error) error {
		for cursor := ""; ; {
			reach, err := a.desk.Reach(ctx, p.Officer)
			if err != nil {
				return err
			}
			page, err := a.desk.Photos(ctx, reach, p.query().ForAlbum(), office.Paging{Cursor: cursor, Limit: albumPage})
			if err != nil {
				return err
			}
			for i := range page.Items {
				if err := one(albumPhoto(&page.Items[i])); err != nil {
					return err
				}
			}
			if cursor = page.Next; cursor == "" {
				return nil
			}
		}
	}
}

func albumPhoto(v *office.PhotoView) *album.Photo {
	p := &album.Photo{Unit: v.Unit, UnitName: v.UnitName, Event: v.Event, EventTitle: v.EventTitle, ID: v.ID, SHA256: v.SHA256, MIME: v.MIME,
		Bytes: v.Bytes, State: v.State, Reason: v.Reason, Place: v.Place, Caption: v.Caption, Lat: v.Lat, Lng: v.Lng, Accuracy: v.Accuracy,
		TakenMS: v.TakenAt, ClaimedMS: v.ClaimedAt, OffsetMS: v.ClockOffset, AnnouncedMS: v.ReceivedAt, StoredMS: v.StoredAt,
		Person: v.By.OfficerName, Device: v.By.DeviceName}
	if v.Receipt != nil {
		p.ReceiptLog, p.ReceiptSeq = v.Receipt.Log, v.Receipt.Seq
	}
	return p
}

// albumFile opens the files of an album.
func (a *API) albumFile(pass *albumPass) func(ctx context.Context, p *album.Photo, stamped bool) (io.ReadCloser, error) {
	return func(ctx context.Context, p *album.Photo, stamped bool) (io.ReadCloser, error) {
		v := &office.PhotoView{Campaign: pass.Campaign, Unit: p.Unit, UnitName: p.UnitName, ID: p.ID, SHA256: p.SHA256, MIME: p.MIME, Bytes: p.Bytes,
			State: p.State, Stored: true, Place: p.Place, Caption: p.Caption, TakenAt: p.TakenMS, ClaimedAt: p.ClaimedMS}
		variant := VariantOriginal
		if stamped {
			variant = VariantStamped
		}
		for try := 0; ; try++ {
			pic, err := a.open(ctx, v, variant)
			if err == nil {
				return pic.Read(ctx, 0, pic.Size)
			}
			// Stamped copies are made by few workers: an album waits for its turn.
			if !stamped || try == albumTries || !slices.Contains([]problem.Code{problem.Overloaded}, problem.CodeOf(err)) {
				return nil, err
			}
			select {
			case <-time.After(albumWait):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	}
}

const (
	albumWait  = 2 * time.Second
	albumTries = 60
)
