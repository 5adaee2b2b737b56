package client

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/fieldsync/fieldsync/models"
)

// keepStored is how long an original stays on the phone after its receipt, unless Config.KeepStored says otherwise.
const keepStored = 7 * 24 * time.Hour

// MaxPreview bounds a preview, bytes.
const MaxPreview = 60 << 10

var errNoPhotos = errors.New("client: this phone keeps no photos")

// Photo is a picture as it is taken.
type Photo struct {
	Scope, Event string
	Join         string         // of a guest: the event's secret
	Set          map[string]any // further fields, such as caption, taken_at, place
	Original     []byte         // as the camera wrote it
	Preview      []byte         // at most MaxPreview bytes and 480 pixels; may be empty
}

// TakePhoto saves a photo of an event: its original, then the line that announces it. When it returns an id, both are
// saved.
func (c *Client) TakePhoto(ctx context.Context, scope, event string, set map[string]any, original, preview []byte) (id string, err error) {
	return c.Take(ctx, &Photo{Scope: scope, Event: event, Set: set, Original: original, Preview: preview})
}

// Take is TakePhoto for who has more to say. The original is saved first: a phone that dies in between writes the line
// when it is opened again.
func (c *Client) Take(ctx context.Context, p *Photo) (id string, err error) {
	if err := c.takes(p); err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	k, err := c.newPhoto(p)
	if err != nil {
		return "", err
	}
	c.photoMu.Lock()
	defer c.photoMu.Unlock()
	if err := c.cfg.Photos.Keep(*k, p.Original, p.Preview); err != nil {
		return "", err
	}
	if _, err := c.Append(k.Line); err != nil {
		return "", err
	}
	k.Logged = true
	c.know(k)
	return k.ID, c.cfg.Photos.Mark(*k)
}

func (c *Client) takes(p *Photo) error {
	switch {
	case c.cfg.Photos == nil:
		return errNoPhotos
	case c.Identity().Device == "":
		return errNotEnrolled
	case len(p.Original) == 0:
		return errors.New("client: a photo without an original")
	case len(p.Preview) > MaxPreview:
		return fmt.Errorf("client: a preview of %d bytes is too long", len(p.Preview))
	}
	return nil
}

// newPhoto makes the line of a photo and what is known of it.
func (c *Client) newPhoto(p *Photo) (*KeptPhoto, error) {
	sum, now := sha256.Sum256(p.Original), c.cfg.Now().UnixMilli()
	k := &KeptPhoto{ID: c.cfg.NewID(), Scope: p.Scope, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(p.Original)),
		MIME: kindOf(p.Original), TakenMS: now, Shown: len(p.Preview) == 0}
	set := map[string]any{"event": p.Event, "taken_at": now}
	maps.Copy(set, p.Set)
	set["sha256"], set["bytes"], set["mime"] = k.SHA256, k.Bytes, k.MIME
	line := Change{"op": "photo.put", "scope": p.Scope, "id": k.ID, "at": now, "set": set}
	if p.Join != "" {
		line["join"] = p.Join
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(line); err != nil {
		return nil, err
	}
	k.Line = bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	return k, nil
}

// kindOf names the kind of a file by its first bytes, as far as phones make them: a file of boxes that is no picture is a
// film, whatever its maker calls the brand. The server looks for itself.
func kindOf(raw []byte) string {
	if len(raw) > 12 && string(raw[4:8]) == "ftyp" {
		switch string(raw[8:12]) {
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1":
			return "image/heic"
		}
		return "video/mp4"
	}
	return http.DetectContentType(raw)
}

// Bring keeps the original of a photo that somebody else announced and this phone has pulled, to deliver it. Bytes that
// are not those that were announced are refused.
func (c *Client) Bring(scope, id string, original []byte) error {
	if c.cfg.Photos == nil {
		return errNoPhotos
	}
	r, ok := c.Record(Key{Scope: scope, Kind: models.PhotoKind, ID: id})
	if !ok {
		return errNoPhoto
	}
	var data struct {
		Fields struct {
			SHA256 string `json:"sha256"`
		} `json:"fields"`
	}
	if err := json.Unmarshal(r.Data, &data); err != nil {
		return err
	}
	sum := sha256.Sum256(original)
	if data.Fields.SHA256 != hex.EncodeToString(sum[:]) {
		return errors.New("client: this is not the photo that was announced")
	}
	k := &KeptPhoto{ID: id, Scope: scope, SHA256: data.Fields.SHA256, Bytes: int64(len(original)), MIME: kindOf(original),
		TakenMS: c.cfg.Now().UnixMilli(), Logged: true, Shown: true}
	c.photoMu.Lock()
	defer c.photoMu.Unlock()
	if err := c.cfg.Photos.Keep(*k, original, nil); err != nil {
		return err
	}
	c.know(k)
	return nil
}

// FetchPhoto gets a variant of a photo that the phone may see: original, preview or stamped.
func (c *Client) FetchPhoto(ctx context.Context, id, variant string) ([]byte, error) {
	return c.deliver(ctx, &request{method: http.MethodGet, path: "/api/v1/photos/" + id + "/" + variant, header: map[string]string{}})
}

// openPhotos reads what is kept, and writes the lines that a death cut off from their originals.
func (c *Client) openPhotos() error {
	c.known = map[string]*KeptPhoto{}
	if c.cfg.Photos == nil {
		return nil
	}
	list, err := c.cfg.Photos.Kept()
	if err != nil {
		return err
	}
	for i := range list {
		k := &list[i]
		c.known[k.ID] = k
		if k.Logged && k.State != "" || k.Line == nil || c.current() == nil {
			continue
		}
		if !c.wrote(k.ID) { // or the log is older than the photos: it came back from a backup
			if _, err := c.Append(k.Line); err != nil {
				return err
			}
		}
		if k.Logged {
			continue
		}
		k.Logged = true
		if err := c.cfg.Photos.Mark(*k); err != nil {
			return err
		}
	}
	return nil
}

// wrote reports whether the log holds the line that announces a photo.
func (c *Client) wrote(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	mark := []byte(`"id":"` + id + `"`)
	for _, e := range c.epochs {
		for _, line := range e.Lines {
			if bytes.Contains(line, mark) && bytes.Contains(line, []byte(`"photo.put"`)) {
				return true
			}
		}
	}
	return false
}

// know replaces what is known of a photo in memory.
func (c *Client) know(k *KeptPhoto) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := *k
	c.known[k.ID] = &kept
}

// mark replaces what is known of a photo, durably.
func (c *Client) mark(k *KeptPhoto) error {
	c.photoMu.Lock()
	defer c.photoMu.Unlock()
	if err := c.cfg.Photos.Mark(*k); err != nil {
		return err
	}
	c.know(k)
	return nil
}

// Photos returns what the phone knows of its photos, the first taken first.
func (c *Client) Photos() []KeptPhoto {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]KeptPhoto, 0, len(c.known))
	for _, k := range c.known {
		list = append(list, *k)
	}
	return byAge(list)
}

// Owes returns how many originals the server does not have yet, as far as the phone knows. Pushes say it.
func (c *Client) Owes() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.owes()
}

func (c *Client) owes() int64 {
	if c.cfg.Photos == nil {
		return c.pending
	}
	n := int64(0)
	for _, k := range c.known {
		if k.owed(c.note.ServerEpoch) {
			n++
		}
	}
	return n
}

// FreeSpace deletes originals that are proven to be stored, the oldest first, until so many bytes are free or none is
// left, and returns how many it freed.
func (c *Client) FreeSpace(want int64) (freed int64, err error) {
	for _, k := range c.Photos() {
		if freed >= want {
			break
		}
		if !c.mayDrop(&k) {
			continue
		}
		if err := c.drop(&k); err != nil {
			return freed, err
		}
		freed += k.Bytes
	}
	return freed, nil
}

// dropOld deletes the originals whose time is over.
func (c *Client) dropOld() error {
	keep := c.cfg.KeepStored
	if keep == 0 {
		keep = keepStored
	}
	if keep < 0 {
		return nil
	}
	now := c.cfg.Now().UnixMilli()
	for _, k := range c.Photos() {
		if c.mayDrop(&k) && now-k.SinceMS >= keep.Milliseconds() {
			if err := c.drop(&k); err != nil {
				return err
			}
		}
	}
	return nil
}

// mayDrop reports whether nobody loses anything when an original goes.
func (c *Client) mayDrop(k *KeptPhoto) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return k.State == models.PhotoStored && k.Proven && !k.Dropped && k.Server == c.note.ServerEpoch
}

// drop deletes an original. That it is gone is written first: a note that says so too early costs a file that stays.
func (c *Client) drop(k *KeptPhoto) error {
	k.Dropped = true
	if err := c.mark(k); err != nil {
		return err
	}
	c.photoMu.Lock()
	defer c.photoMu.Unlock()
	return c.cfg.Photos.Drop(k.ID)
}
