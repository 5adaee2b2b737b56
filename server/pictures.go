package main

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/media"
	"github.com/fieldsync/fieldsync/media/render"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/server/internal/console"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// pictures gives photos out to phones.
type pictures struct{ p *photos }

// Open finds a variant of a photo that a device may see.
func (x pictures) Open(ctx context.Context, device, id, variant string) (*httpapi.File, error) {
	f, err := x.p.app.gateway.DevicePhoto(ctx, device, id)
	if err != nil {
		return nil, err
	}
	v, err := x.p.open(ctx, f, variant)
	if err != nil {
		return nil, err
	}
	return &httpapi.File{Size: v.size, ETag: v.tag, MIME: v.mime, Filename: v.name, Read: v.read}, nil
}

// officePictures gives photos out to the office, which has asked for the right before.
type officePictures struct{ p *photos }

// presigned is how long an address in the object store is good, seconds.
const presigned = 300

// Open finds a variant of a photo as the office was shown it.
func (x officePictures) Open(ctx context.Context, v *office.PhotoView, variant string) (*console.Picture, error) {
	f, err := x.p.app.gateway.PhotoFile(ctx, v.Campaign+":"+v.Unit, v.ID)
	if err != nil {
		return nil, err
	}
	w, err := x.p.open(ctx, f, variant)
	if err != nil {
		return nil, err
	}
	out := &console.Picture{Size: w.size, ETag: w.tag, MIME: w.mime, Read: w.read}
	if x.p.presign && x.p.bucket != nil && variant == "original" {
		out.Address = func(ctx context.Context, filename string) (string, error) {
			return x.p.bucket.Presign(ctx, w.key, filename, presigned)
		}
	}
	return out, nil
}

// view is one file of a photo.
type view struct {
	key      string // in the store; "" for what is not read from there
	size     int64
	tag      string // equal for equal bytes
	mime     string
	name     string
	modified int64 // milliseconds; 0: it never is
	read     func(ctx context.Context, from, n int64) (io.ReadCloser, error)
}

// suffixes of file names by what the bytes are.
var suffixes = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic", "video/mp4": ".mp4"}

// open finds the original, the preview or the stamped copy of a photo. The preview is the phone's own as long as there is
// none of the stored original. Of what could not be decoded once nothing is decoded again.
func (p *photos) open(ctx context.Context, f *gateway.PhotoFile, variant string) (*view, error) {
	o := &f.Original
	name := models.LookupCode(o.SHA256)
	switch {
	case variant == "original" && o.State == models.PhotoStored:
		return &view{key: media.OriginalKey(o.SHA256), size: o.Bytes, tag: o.SHA256, mime: o.MIME, name: name + suffixes[o.MIME],
			read: p.reader(media.OriginalKey(o.SHA256))}, nil
	case variant == "preview" && o.State == models.PhotoStored && o.Rendered == models.RenderDone:
		return p.stat(ctx, media.PreviewKey(o.SHA256), o.SHA256+"-480", name+"-480.jpg")
	case variant == "preview" && o.Preview:
		return p.phonePreview(ctx, media.PhonePreviewKey(f.Scope, o.SHA256), o.SHA256, name)
	case variant == "stamped" && o.State == models.PhotoStored && (o.Rendered == "" || o.Rendered == models.RenderDone):
		return p.stamped(ctx, f, name)
	}
	return nil, problem.New(problem.NotFound, "there is no such copy of this photo yet").ZH("这张照片还没有这种图片。")
}

func (p *photos) reader(key string) func(ctx context.Context, from, n int64) (io.ReadCloser, error) {
	return func(ctx context.Context, from, n int64) (io.ReadCloser, error) { return p.blobs.Get(ctx, key, from, n) }
}

func (p *photos) stat(ctx context.Context, key, tag, name string) (*view, error) {
	info, err := p.blobs.Stat(ctx, key)
	if err != nil {
		return nil, err
	}
	return &view{key: key, size: info.Size, tag: tag, mime: "image/jpeg", name: name, modified: info.ModifiedMS, read: p.reader(key)}, nil
}

// phonePreview is what a phone sent. Another may take its place.
func (p *photos) phonePreview(ctx context.Context, key, sum, name string) (*view, error) {
	v, err := p.stat(ctx, key, sum+"-phone", name+"-480.jpg")
	if err == nil {
		v.tag += "-" + strconv.FormatInt(v.modified, 36)
	}
	return v, err
}

// stamped makes the copy with time, place and caption if it is not there yet.
func (p *photos) stamped(ctx context.Context, f *gateway.PhotoFile, name string) (*view, error) {
	s := stampOf(f)
	data, err := p.renditions.Stamp(ctx, s)
	if err != nil {
		return nil, err
	}
	key := media.StampedKey(f.Original.SHA256, s.Text())
	return &view{key: key, size: int64(len(data)), tag: strings.ReplaceAll(strings.TrimPrefix(key, "derived/"), "/", "-"), mime: "image/jpeg", name: name + "-水印.jpg",
		read: func(_ context.Context, from, n int64) (io.ReadCloser, error) {
			from = min(from, int64(len(data)))
			end := int64(len(data))
			if n >= 0 {
				end = min(from+n, end)
			}
			return io.NopCloser(bytes.NewReader(data[from:end])), nil
		}}, nil
}

// stampOf is what is written on the copies of a photo.
func stampOf(f *gateway.PhotoFile) render.Stamp {
	zone, err := time.LoadLocation(f.Zone)
	if err != nil {
		zone = time.UTC
	}
	return render.Stamp{TakenMS: f.TakenMS, Zone: zone, Unit: f.UnitName, Place: f.Place, Caption: f.Caption, SHA256: f.Original.SHA256}
}
