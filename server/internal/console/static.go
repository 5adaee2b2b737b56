package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/gofiber/fiber/v2"
)

// page is one built file as it is served.
type page struct {
	media, tag string
	body       []byte
	zipped     []byte // nil when that is not shorter
}

// medias are the media types of built files by their extensions. A file of another one is a mistake.
var medias = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json", ".txt": "text/plain; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2",
}

// folders say under which address a folder of the built files is served.
var folders = []struct{ folder, at string }{{"console", "/console/"}, {"gallery", "/console/gallery/"}}

// Static serves the console's built files below /console/, each at its own address and nothing else: what
// is not there is not found, never the first page. policy is the Content-Security-Policy under which
// they work.
func Static(app fiber.Router, dist fs.FS, policy string) error {
	for _, f := range folders {
		if err := folder(app, dist, f.folder, f.at, policy); err != nil {
			return err
		}
		app.Get(strings.TrimSuffix(f.at, "/"), func(c *fiber.Ctx) error { return c.Redirect(f.at, fiber.StatusPermanentRedirect) })
	}
	licenses, err := built(dist, "licenses.txt")
	if err != nil {
		return err
	}
	app.Get("/licenses.txt", licenses.serve(policy))
	app.Get("/console/licenses.txt", licenses.serve(policy))
	return nil
}

func folder(app fiber.Router, dist fs.FS, root, at, policy string) error {
	return fs.WalkDir(dist, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		p, err := built(dist, name)
		if err != nil {
			return err
		}
		app.Get(at+strings.TrimPrefix(name, root+"/"), p.serve(policy))
		if path.Base(name) == "index.html" {
			app.Get(at+strings.TrimSuffix(strings.TrimPrefix(name, root+"/"), "index.html"), p.serve(policy))
		}
		return nil
	})
}

func built(dist fs.FS, name string) (*page, error) {
	body, err := fs.ReadFile(dist, name)
	if err != nil {
		return nil, err
	}
	p := &page{media: medias[path.Ext(name)], body: body}
	if p.media == "" {
		return nil, fmt.Errorf("console: nobody knows what %s is", name)
	}
	sum := sha256.Sum256(body)
	p.tag = hex.EncodeToString(sum[:16])
	if strings.HasSuffix(p.media, "utf-8") {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(body); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		if b.Len() < len(body) {
			p.zipped = b.Bytes()
		}
	}
	return p, nil
}

func (p *page) serve(policy string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, p.media)
		c.Set(fiber.HeaderContentSecurityPolicy, policy)
		c.Set("Cross-Origin-Opener-Policy", "same-origin")
		c.Set("Cross-Origin-Resource-Policy", "same-origin")
		c.Set(fiber.HeaderCacheControl, "no-cache")
		c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
		body, tag := p.body, p.tag
		if p.zipped != nil && strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
			body, tag = p.zipped, p.tag+"-gzip"
		}
		if httpapi.ETag(c, tag) {
			return nil
		}
		if tag != p.tag {
			c.Set(fiber.HeaderContentEncoding, "gzip")
		}
		return c.Send(body)
	}
}

// Front sends browsers from the address of the server to the console, and tells others what this is.
func Front(c *fiber.Ctx) error {
	if strings.Contains(c.Get(fiber.HeaderAccept), "text/html") {
		return c.Redirect("/console/", fiber.StatusSeeOther)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString("fieldsync 正在运行。办公室页面在 /console/，手机接口在 /api/v1，接口说明在 /api/docs。\n" +
		"fieldsync is running. The office is at /console/, phones use /api/v1, /api/docs describes both.\n")
}
