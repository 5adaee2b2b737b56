package main

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/openapi"
	mobileapi "github.com/fieldsync/fieldsync/mobile-api"
	"github.com/fieldsync/fieldsync/server/internal/console"
	"github.com/gofiber/fiber/v2"
)

// docsPolicy lets the page that describes the API have its style sheet and nothing else.
const docsPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// mountDocs adds the page that describes the API, and the documents for programs.
func mountDocs(web fiber.Router) {
	phones, office := mobileapi.Document(), console.Document()
	web.Get("/api/openapi/phones.json", unchanging(fiber.MIMEApplicationJSON, whole(phones)))
	web.Get("/api/openapi/office.json", unchanging(fiber.MIMEApplicationJSON, whole(office)))
	web.Get("/api/docs.css", unchanging("text/css; charset=utf-8", whole(openapi.PageStyle())))
	web.Get("/api/docs", unchanging(fiber.MIMETextHTMLCharsetUTF8, func() ([]byte, error) {
		return openapi.Page(phones, office)
	}))
}

func whole(body []byte) func() ([]byte, error) {
	return func() ([]byte, error) { return body, nil }
}

// unchanging serves what is made once, when it is first asked for, and never changes.
func unchanging(media string, make func() ([]byte, error)) fiber.Handler {
	type file struct {
		body []byte
		tag  string
	}
	once := sync.OnceValues(func() (file, error) {
		body, err := make()
		sum := sha256.Sum256(body)
		return file{body, hex.EncodeToString(sum[:16])}, err
	})
	return func(c *fiber.Ctx) error {
		f, err := once()
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, media)
		c.Set(fiber.HeaderContentSecurityPolicy, docsPolicy)
		c.Set(fiber.HeaderCacheControl, "no-cache")
		if httpapi.ETag(c, f.tag) {
			return nil
		}
		return c.Send(f.body)
	}
}
