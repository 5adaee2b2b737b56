package httpapi

import (
	"context"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/gofiber/fiber/v2"
)

// shown are the types that are called by their name in answers: those that originals may have. Anything else goes out as
// bytes of which a browser makes nothing.
var shown = map[string]bool{"image/jpeg": true, "image/png": true, "image/webp": true, "image/heic": true,
	"image/heif": true, "video/mp4": true}

// AnyBytes is the type of bytes of which a browser makes nothing.
const AnyBytes = "application/octet-stream"

// File is one file to give out. Nothing of it is read before Read is called.
type File struct {
	Size     int64  // bytes
	ETag     string // printable ASCII without quotes; equal for equal bytes
	MIME     string // as its bytes say
	Filename string // for people; may hold any text
	// Read opens n bytes from an offset on, and outlives the request's context. The caller closes it.
	Read func(ctx context.Context, from, n int64) (io.ReadCloser, error)
}

// SendFile answers with a file, or the part of it that was asked for. It writes headers under which nothing in a file can
// run, and lets the body follow from the store piece by piece.
func SendFile(c *fiber.Ctx, p *File, attachment bool) error {
	c.Set(fiber.HeaderCacheControl, "private, no-cache") // rights may end: ask each time, by ETag
	if ETag(c, p.ETag) {
		return nil
	}
	from, n, part, err := rangeOf(c, p)
	if err != nil {
		return err
	}
	kind := p.MIME
	if !shown[kind] {
		kind = AnyBytes
	}
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, Disposition(attachment, p.Filename))
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	status := fiber.StatusOK
	if part {
		status = fiber.StatusPartialContent
		c.Set(fiber.HeaderContentRange, "bytes "+strconv.FormatInt(from, 10)+"-"+strconv.FormatInt(from+n-1, 10)+"/"+
			strconv.FormatInt(p.Size, 10))
	}
	if c.Method() == fiber.MethodHead {
		c.Status(status)
		c.Response().SkipBody = true
		c.Response().Header.SetContentLength(int(n))
		return nil
	}
	// The body is read after this handler returned, when the request's own context is over.
	ctx, cancel := context.WithCancel(context.WithoutCancel(c.UserContext()))
	r, err := p.Read(ctx, from, n)
	if err != nil {
		cancel()
		return err
	}
	c.Status(status)
	c.Response().SetBodyStream(&flowing{r: r, done: cancel, conn: c.Context().Conn()}, int(n))
	return nil
}

// SendStream answers with bytes whose number nobody knows yet, as long as they keep coming. A reader that fails breaks
// the connection off, so that the caller sees that something is missing. done is called when nothing more is read.
func SendStream(c *fiber.Ctx, r io.ReadCloser, done func()) {
	c.Response().SetBodyStream(&flowing{r: r, done: done, conn: c.Context().Conn()}, -1)
}

// pieceTime is how long a slow link may take for one piece of an answer, which is some KiB. The whole may take as long as it
// takes, as long as it moves.
const pieceTime = 60 * time.Second

// flowing is the body of an answer. Each read is a new start for the connection's deadline: an original takes longer over a
// field link than any answer else.
type flowing struct {
	r    io.ReadCloser
	done func()
	conn net.Conn
}

func (f *flowing) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if f.conn != nil {
		_ = f.conn.SetWriteDeadline(time.Now().Add(pieceTime)) // a dead connection fails the write
	}
	return n, err
}

func (f *flowing) Close() error {
	defer f.done()
	return f.r.Close()
}

// rangeOf finds which bytes are asked for (RFC 9110 §14.2). Several ranges, other units, and what cannot be read are
// answered with all, as is a part of something that has changed since (If-Range).
func rangeOf(c *fiber.Ctx, p *File) (from, n int64, part bool, err error) {
	spec, ok := strings.CutPrefix(strings.TrimSpace(c.Get(fiber.HeaderRange)), "bytes=")
	if had := c.Get(fiber.HeaderIfRange); !ok || had != "" && had != `"`+p.ETag+`"` {
		return 0, p.Size, false, nil
	}
	first, last, ok := parseRange(strings.TrimSpace(spec), p.Size)
	if !ok {
		return 0, p.Size, false, nil
	}
	if first > last {
		return 0, 0, false, problem.New(problem.BadRange, "There are %d bytes.", p.Size).
			ZH("文件只有 %d 字节。", p.Size).With("size", p.Size)
	}
	return first, last - first + 1, true, nil
}

// parseRange reads a-b, a- or -n. Of a range outside of size bytes, first is above last.
func parseRange(spec string, size int64) (first, last int64, ok bool) {
	a, b, dash := strings.Cut(spec, "-")
	if !dash {
		return 0, 0, false
	}
	low, okA := digits(a)
	high, okB := digits(b)
	switch {
	case a == "" && okB: // the last so many
		if high == 0 {
			return 1, 0, true
		}
		return max(size-high, 0), size - 1, true
	case okA && b == "":
		return low, size - 1, true
	case okA && okB && low <= high:
		return low, min(high, size-1), true
	}
	return 0, 0, false
}

// digits reads a number. One beyond what a file can have is as good as the greatest.
func digits(s string) (int64, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 1<<62 - 1, true
	}
	return n, true
}

// maxFilename bounds the name of a download, bytes.
const maxFilename = 180

// Disposition names a download (RFC 6266), in ASCII for old programs and in UTF-8 (RFC 8187) for all others.
func Disposition(attachment bool, name string) string {
	kind := "inline"
	if attachment {
		kind = "attachment"
	}
	name = tameName(name)
	if name == "" {
		return kind
	}
	plain := strings.Map(func(r rune) rune {
		if r > 0x7e {
			return '_'
		}
		return r
	}, name)
	value := kind + `; filename="` + plain + `"`
	if plain != name {
		value += "; filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	}
	return value
}

// tameName takes out of a name what means something to a file system or a header.
func tameName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || strings.ContainsRune(`/\:*?"<>|%;`, r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '_' // the last two turn the direction of what is shown: gpj.exe
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	if len(name) > maxFilename { // the end says of which kind it is
		name = strings.ToValidUTF8(name[:maxFilename-16], "") + strings.ToValidUTF8(name[len(name)-16:], "")
	}
	return strings.Trim(name, ". ")
}
