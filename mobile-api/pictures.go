package mobileapi

import (
	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/gofiber/fiber/v2"
)

// getPicture answers with a file, or the part of it that was asked for.
func (a *API) getPicture(c *fiber.Ctx, variant string) error {
	claims, err := a.photographer(c)
	if err != nil {
		return err
	}
	id, err := photoID(c)
	if err != nil {
		return err
	}
	f, err := a.pictures.Open(c.UserContext(), claims.Device, id, variant)
	if err != nil {
		return err
	}
	return httpapi.SendFile(c, f, variant == "original")
}
