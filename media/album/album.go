package album

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
)

// Photo is one photo of an album and what the list says of it.
type Photo struct {
	Unit, UnitName    string // id and name
	Event, EventTitle string
	ID                string
	SHA256            string
	MIME              string
	Bytes             int64
	State             models.PhotoState
	Reason            string // of a refusal
	Place, Caption    string
	Lat, Lng          *int64 // 1e-7 degree
	Accuracy          *int64 // metres
	TakenMS           int64  // corrected by the phone; 0: not said
	ClaimedMS         int64  // as the phone's clock stood
	OffsetMS          int64  // server − phone
	AnnouncedMS       int64  // when its line came
	StoredMS          int64
	Person, Device    string
	ReceiptLog        int64 // 0: none
	ReceiptSeq        int64
}

// Config says what an album is made of.
type Config struct {
	Stamped bool           // copies with time and place written on them; else originals
	Zone    *time.Location // in which times are written
	// Each calls a function for all photos, one after another, and ends with its error.
	Each func(ctx context.Context, one func(*Photo) error) error
	// Open opens the original of a stored photo or its stamped copy. not_found of a stamped copy: none can be made of this
	// file, and the original stands in for it.
	Open func(ctx context.Context, p *Photo, stamped bool) (io.ReadCloser, error)
}

// Sum is what an album holds.
type Sum struct {
	Photos  int // in the list
	Files   int // in the zip, without the list
	Missing int
	Bytes   int64 // of the files
}

// Write writes the zip. After an error what was written is no whole zip. What a store gives out as an original and is not
// is an error too.
func Write(ctx context.Context, w io.Writer, c Config) (sum Sum, err error) {
	b := &book{c: c, ctx: ctx, zip: zip.NewWriter(w), names: newNamer(), list: newList(c.Zone), sum: &sum, buf: make([]byte, 64<<10)}
	b.names.taken[strings.ToLower(listName)] = true
	if err := c.Each(ctx, b.add); err != nil {
		return sum, err
	}
	if err := b.list.write(b.zip); err != nil {
		return sum, err
	}
	return sum, b.zip.Close()
}

// book is an album while it is written.
type book struct {
	c     Config
	ctx   context.Context
	zip   *zip.Writer
	names *namer
	list  *list
	sum   *Sum
	buf   []byte
}

func (b *book) add(p *Photo) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	b.sum.Photos++
	if p.State != models.PhotoStored {
		b.sum.Missing++
		return b.list.add(p, "", b.c.Stamped)
	}
	stamped := b.c.Stamped
	r, err := b.c.Open(b.ctx, p, stamped)
	if stamped && problem.CodeOf(err) == problem.NotFound {
		stamped = false
		r, err = b.c.Open(b.ctx, p, false)
	}
	if err != nil {
		return fmt.Errorf("album: %s: %w", p.ID, err)
	}
	defer func() { _ = r.Close() }()
	path := b.path(p, stamped)
	n, err := b.put(path, p, r, !stamped)
	if err != nil {
		return err
	}
	b.sum.Files, b.sum.Bytes = b.sum.Files+1, b.sum.Bytes+n
	return b.list.add(p, path, stamped)
}

// put copies a file into the zip; an original must be what it is named after.
func (b *book) put(path string, p *Photo, r io.Reader, original bool) (int64, error) {
	f, err := b.zip.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Store, Modified: b.time(p)})
	if err != nil {
		return 0, err
	}
	h := sha256.New()
	n, err := io.CopyBuffer(struct{ io.Writer }{io.MultiWriter(f, h)}, struct{ io.Reader }{r}, b.buf)
	if err != nil {
		return n, fmt.Errorf("album: %s: %w", p.ID, err)
	}
	if original && hex.EncodeToString(h.Sum(nil)) != p.SHA256 {
		return n, problem.New(problem.BadDigest, "the store's original of %s is not what was stored", p.ID).ZH("存储中的原件与登记的指纹不一致，下载已中断。")
	}
	return n, nil
}

func (b *book) time(p *Photo) time.Time {
	ms := p.TakenMS
	if ms == 0 {
		ms = p.ClaimedMS
	}
	return time.UnixMilli(ms).In(b.c.Zone)
}

// path is where a file lies: unit, event, then time, code and caption.
func (b *book) path(p *Photo, stamped bool) string {
	unit := b.names.folder("u"+p.Unit, "", safe(p.UnitName, "单位", maxUnit))
	day := b.time(p)
	event := b.names.folder("e"+p.Unit+p.Event, unit, safe(day.Format("01-02 ")+p.EventTitle, "场次", maxEvent))
	name := day.Format("20060102-150405") + " " + models.LookupCode(p.SHA256)
	if p.Caption != "" {
		name += " " + p.Caption
	}
	kind := ending(p.MIME)
	if stamped {
		kind = " 水印.jpg"
	}
	return b.names.unique(event, safe(name, p.ID, maxFile-len(kind)), kind)
}

// ending is how the name of a file of a type ends.
func ending(mime string) string {
	switch mime {
	case "image/jpeg":
		return ".jpg"
	case "image/png":
		return ".png"
	case "image/webp":
		return ".webp"
	case "image/heic", "image/heif":
		return ".heic"
	case "video/mp4":
		return ".mp4"
	}
	return ".bin"
}
