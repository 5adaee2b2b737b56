package mobileapi

import (
	"context"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/internal/auth"
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/models"
	"github.com/gofiber/fiber/v2"
)

// Photos takes in originals; package media's Service is one. A body that is handed to it is its own only until the
// method returns.
type Photos interface {
	Have(ctx context.Context, device string, ids []string) ([]media.State, error)
	PutUnits(ctx context.Context, device, id string, first int64, sum [32]byte, body []byte) (*media.State, error)
	PutPreview(ctx context.Context, device, id string, sum [32]byte, body []byte) error
}

// Pictures gives out originals and what was made of them.
type Pictures interface {
	// Open finds a variant of a photo that the device may see: original, preview or stamped. What is not there, or not
	// this device's to see, is a problem with code not_found. A Read of what it returns outlives ctx.
	Open(ctx context.Context, device, id, variant string) (*httpapi.File, error)
}

// WithPhotos adds what takes in and gives out photos, and returns a. Without it the routes answer unavailable.
func (a *API) WithPhotos(in Photos, out Pictures) *API {
	a.photos, a.pictures = in, out
	return a
}

// Limits of the photos' routes. The bodies of units and previews are taken as they are: pictures hardly get smaller.
const (
	maxHave      = 500               // ids in one request
	maxHaveBody  = maxHave*40 + 1024 // bytes
	maxUnits     = 8                 // in one request
	maxUnitsBody = maxUnits * models.PhotoUnit
	maxPreview   = 60 << 10 // bytes
)

func (a *API) photoRoutes(v1 fiber.Router, guard fiber.Handler) {
	v1.Post("/photos/have", guard, a.have)
	v1.Put("/photos/:id/units/:n", guard, a.putUnits)
	v1.Put("/photos/:id/preview", guard, a.putPreview)
	for _, variant := range []string{"original", "preview", "stamped"} {
		v1.Get("/photos/:id/"+variant, guard, func(c *fiber.Ctx) error { return a.getPicture(c, variant) })
	}
}

// haveRequest asks how far photos have come.
type haveRequest struct {
	IDs []string `json:"ids"` // of photos, at most 500
}

// haveAnswer says it, in the order of the ids.
type haveAnswer struct {
	Photos []uploadState `json:"photos"`
}

// uploadState is how far one photo has come.
type uploadState struct {
	ID      string            `json:"id"`
	State   models.PhotoState `json:"state"`
	Missing [][2]int64        `json:"missing,omitempty"` // partial: ranges of units that are not here, first and last
	Reason  string            `json:"reason,omitempty"`  // refused: why, a stable word
	Preview bool              `json:"preview,omitempty"` // a preview is here
	Receipt *media.Receipt    `json:"receipt,omitempty"` // stored: the signed line that says so
}

func (a *API) have(c *fiber.Ctx) error {
	claims, err := a.photographer(c)
	if err != nil {
		return err
	}
	r, err := httpapi.Decode[haveRequest](c, maxHaveBody)
	if err != nil {
		return err
	}
	if len(r.IDs) > maxHave {
		return problem.New(problem.TooLarge, "At most %d photos may be asked for at once.", maxHave).With("limit", maxHave)
	}
	var known []string
	for _, id := range r.IDs {
		if isID(id) {
			known = append(known, id)
		}
	}
	states, err := a.photos.Have(c.UserContext(), claims.Device, known)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, fiber.StatusOK, haveAnswer{inOrder(r.IDs, states)})
}

// inOrder gives every id its state. What is no id, or was not answered, is unknown: one bad id costs no other its answer.
func inOrder(ids []string, states []media.State) []uploadState {
	byID := make(map[string]*media.State, len(states))
	for i := range states {
		byID[states[i].ID] = &states[i]
	}
	out := make([]uploadState, len(ids))
	for i, id := range ids {
		out[i] = uploadState{ID: id, State: models.PhotoUnknown}
		if s := byID[id]; s != nil {
			out[i] = uploadState(*s)
		}
	}
	return out
}

func (a *API) putUnits(c *fiber.Ctx) error {
	claims, err := a.photographer(c)
	if err != nil {
		return err
	}
	id, err := photoID(c)
	if err != nil {
		return err
	}
	first, err := strconv.ParseInt(c.Params("n"), 10, 32)
	if err != nil || first < 0 || strconv.FormatInt(first, 10) != c.Params("n") {
		return problem.New(problem.Invalid, "The number of a unit is a whole number from 0 on.").With("field", "n")
	}
	body, sum, err := plainBody(c, maxUnitsBody)
	if err != nil {
		return err
	}
	state, err := a.photos.PutUnits(c.UserContext(), claims.Device, id, first, sum, body)
	if err != nil {
		return err
	}
	return httpapi.JSON(c, fiber.StatusOK, uploadState(*state))
}

func (a *API) putPreview(c *fiber.Ctx) error {
	claims, err := a.photographer(c)
	if err != nil {
		return err
	}
	id, err := photoID(c)
	if err != nil {
		return err
	}
	body, sum, err := plainBody(c, maxPreview)
	if err != nil {
		return err
	}
	if err := a.photos.PutPreview(c.UserContext(), claims.Device, id, sum, body); err != nil {
		return err
	}
	c.Status(fiber.StatusNoContent)
	return nil
}

// photographer returns who asks, unless there is nothing here that takes photos.
func (a *API) photographer(c *fiber.Ctx) (auth.Claims, error) {
	claims, err := auth.ClaimsOf(c)
	if err == nil && (a.photos == nil || a.pictures == nil) {
		err = problem.New(problem.Unavailable, "This server takes no photos just now. Send the same again later.").
			ZH("服务器暂时不能接收照片，请稍后再试。").RetryAfter(noPhotosRetry)
	}
	return claims, err
}

// noPhotosRetry is how many seconds a phone waits when a server takes no photos at all.
const noPhotosRetry = 60

// photoID returns the id in the path. What is none names no photo.
func photoID(c *fiber.Ctx) (string, error) {
	id := c.Params("id")
	if !isID(id) {
		return "", problem.New(problem.NotFound, "There is no such photo.").ZH("没有这张照片。")
	}
	return id, nil
}

// isID reports whether s is a UUID in canonical form, as all ids of records are.
func isID(s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' || strings.ToLower(s) != s {
		return false
	}
	_, err := hex.DecodeString(s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:])
	return err == nil
}

// plainBody returns the body, which is valid until the handler returns, and the hash that was sent beside it. Whether they
// belong together is for [Photos] to say, who reads it anyway.
func plainBody(c *fiber.Ctx, limit int) (body []byte, sum [32]byte, err error) {
	for _, value := range c.Request().Header.PeekAll(fiber.HeaderContentEncoding) {
		if v := strings.ToLower(strings.TrimSpace(string(value))); v != "" && v != "identity" {
			c.Set(fiber.HeaderAcceptEncoding, "identity")
			return nil, sum, problem.New(problem.BadEncoding, "Photos are sent as they are, without a Content-Encoding.").
				ZH("照片须原样上传，不得压缩。")
		}
	}
	body = c.Request().Body()
	if len(body) > limit {
		return nil, sum, problem.New(problem.TooLarge, "The body is longer than %d bytes. Send less at once.", limit).
			ZH("内容超过 %d 字节，请分几次提交。", limit).With("limit", limit)
	}
	if len(body) == 0 {
		return nil, sum, problem.New(problem.Invalid, "The body is empty.")
	}
	var values []string
	for _, v := range c.Request().Header.PeekAll("Content-Digest") {
		values = append(values, string(v))
	}
	sum, err = contentDigest(values)
	return body, sum, err
}
