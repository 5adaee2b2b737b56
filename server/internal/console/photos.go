package console

import (
	"context"
	"io"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/gofiber/fiber/v2"
)

// Photos is what the office reads of photos.
type Photos interface {
	Photos(ctx context.Context, r *office.Reach, q office.PhotoQuery, p office.Paging) (office.Page[office.PhotoView], error)
	PhotoSums(ctx context.Context, r *office.Reach, q office.PhotoQuery) ([]office.PhotoSum, error)
	Photo(ctx context.Context, r *office.Reach, n office.RecordName) (*office.PhotoView, error)
}

// The variants of a photo.
const (
	VariantOriginal = "original"
	VariantPreview  = "preview"
	VariantStamped  = "stamped"
)

// Pictures gives out the bytes of photos. Whether somebody may see a photo was asked before.
type Pictures interface {
	// Open finds a variant of a photo as it is shown: the bytes are those of its scope, campaign:unit, and its SHA-256. What
	// is not there is a problem with code not_found, a store that does not answer one with code unavailable. A Read of what it
	// returns outlives ctx.
	Open(ctx context.Context, p *office.PhotoView, variant string) (*Picture, error)
}

// Picture is one file to give out. Nothing of it is read before Read is called.
type Picture struct {
	Size int64  // bytes
	ETag string // printable ASCII without quotes; equal for equal bytes
	MIME string // as its bytes say
	// Read opens n bytes from an offset on, all after it when n is below 0. The caller closes it.
	Read func(ctx context.Context, from, n int64) (io.ReadCloser, error)
	// Address returns where the store itself gives the file out for a while, under the name; nil when it may not.
	Address func(ctx context.Context, filename string) (string, error)
}

// PhotoSums says how far the originals of some photos have come.
type PhotoSums struct {
	Sums []office.PhotoSum `json:"sums"` // states without photos are left out
}

// photoQuery is what the query asks of the list.
func (c *call) photoQuery() office.PhotoQuery {
	return office.PhotoQuery{Campaign: c.Params("campaign"), Unit: c.Query("unit"), EventUnit: c.Query("event_unit"), Event: c.Query("event"),
		FromMS: c.int("from"), ToMS: c.int("to"), State: c.Query("state"), Sort: c.Query("sort"), Q: c.Query("q"), Code: c.Query("code"),
		Order: c.Query("order")}
}

func (a *API) listPhotos(c *call) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := a.desk.Photos(c.ctx(), c.reach, c.photoQuery(), p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

func (a *API) photoSums(c *call) error {
	sums, err := a.desk.PhotoSums(c.ctx(), c.reach, c.photoQuery())
	if err != nil {
		return err
	}
	return c.answer(PhotoSums{Sums: sums})
}

// photo finds the photo that the path names.
func (c *call) photo() (*office.PhotoView, error) {
	return c.api.desk.Photo(c.ctx(), c.reach, office.RecordName{Campaign: c.Params("campaign"), Unit: c.Params("unit"),
		Kind: models.PhotoKind, ID: c.Params("id")})
}

func (a *API) getPhoto(c *call) error {
	p, err := c.photo()
	if err != nil {
		return err
	}
	return c.answer(p)
}

func (a *API) getOriginal(c *call) error { return a.sendPhoto(c, VariantOriginal) }
func (a *API) getPreview(c *call) error  { return a.sendPhoto(c, VariantPreview) }
func (a *API) getStamped(c *call) error  { return a.sendPhoto(c, VariantStamped) }

// sendPhoto answers with the bytes of a variant.
func (a *API) sendPhoto(c *call, variant string) error {
	p, err := c.photo()
	if err != nil {
		return err
	}
	pic, err := a.open(c.ctx(), p, variant)
	if err != nil {
		return err
	}
	name := filename(p, variant)
	if direct := c.flag("direct"); variant == VariantOriginal && pic.Address != nil && (direct == nil || !*direct) {
		address, err := pic.Address(c.ctx(), name)
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.Redirect(address, fiber.StatusTemporaryRedirect)
	}
	return httpapi.SendFile(c.Ctx, &httpapi.File{Size: pic.Size, ETag: pic.ETag, MIME: pic.MIME, Filename: name, Read: pic.Read},
		variant == VariantOriginal)
}

// open finds the bytes of a variant.
func (a *API) open(ctx context.Context, p *office.PhotoView, variant string) (*Picture, error) {
	if a.pictures == nil {
		return nil, problem.New(problem.Unavailable, "This server keeps no photos.").ZH("本服务器没有配置照片存储。")
	}
	if !p.Stored && variant != VariantPreview {
		return nil, notFound()
	}
	return a.pictures.Open(ctx, p, variant)
}

// filename is how a download is called.
func filename(p *office.PhotoView, variant string) string {
	ending := map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic",
		"image/heif": ".heic", "video/mp4": ".mp4"}[p.MIME]
	if variant != VariantOriginal {
		ending = " " + variant + ".jpg"
	}
	name := p.Code
	if p.Caption != "" {
		name += " " + p.Caption
	}
	return name + ending
}
