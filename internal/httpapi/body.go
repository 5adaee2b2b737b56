package httpapi

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/gzip"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// maxRatio bounds how far deflate can blow up: 258 bytes out of 2 bits.
const maxRatio = 1032

// Body returns the body of the request, inflated when it is gzipped, as bytes that belong to
// the caller. Neither the raw nor the inflated form may be longer than limit bytes.
//
// Content-Encoding may be absent, "identity", "gzip" or "x-gzip" (RFC 9110 §8.4.1). A gzip body
// is exactly one member (RFC 1952 §2.2): further members and trailing bytes are refused, so one
// signed body has one meaning. Fiber's own Body inflates without a limit and is not used.
//
// The problems are too_large and bad_encoding.
func Body(c *fiber.Ctx, limit int) ([]byte, error) {
	zipped, err := isGzip(c)
	if err != nil {
		return nil, err
	}
	raw := c.Request().Body()
	if len(raw) > limit {
		return nil, tooLarge(limit)
	}
	if !zipped {
		return bytes.Clone(raw), nil
	}
	return inflate(raw, limit)
}

func tooLarge(limit int) *problem.Error {
	return problem.New(problem.TooLarge, "The body is longer than %d bytes. Send less at once.", limit).
		ZH("内容超过 %d 字节，请分几次提交。", limit).
		With("limit", limit)
}

func isGzip(c *fiber.Ctx) (bool, error) {
	values := c.Request().Header.PeekAll(fiber.HeaderContentEncoding)
	if len(values) > 1 {
		return false, problem.New(problem.BadEncoding, "Content-Encoding is given more than once.").
			ZH("压缩方式重复，请重新提交。")
	}
	if len(values) == 0 {
		return false, nil
	}
	switch strings.ToLower(strings.TrimSpace(string(values[0]))) {
	case "", "identity":
		return false, nil
	case "gzip", "x-gzip":
		return true, nil
	}
	return false, problem.New(problem.BadEncoding, "Only gzip is understood as a Content-Encoding.").
		ZH("只支持 gzip 压缩。")
}

// inflater owns the source of its reader, so that a pooled one keeps no body alive.
type inflater struct {
	src bytes.Reader
	gz  gzip.Reader
}

var inflaters = sync.Pool{New: func() any { return new(inflater) }}

// inflate unzips one member and stops at limit+1 bytes of output.
func inflate(raw []byte, limit int) ([]byte, error) {
	z := inflaters.Get().(*inflater)
	defer func() {
		z.src.Reset(nil)
		inflaters.Put(z)
	}()
	z.src.Reset(raw)
	if err := z.gz.Reset(&z.src); err != nil {
		return nil, brokenGzip(err)
	}
	z.gz.Multistream(false)
	out, err := readUpTo(&z.gz, sizeHint(raw, limit), limit)
	if err != nil {
		return nil, err
	}
	if z.src.Len() > 0 {
		return nil, problem.New(problem.BadEncoding, "There are bytes after the end of the gzip data.").
			ZH("压缩数据末尾有多余内容，请重新提交。")
	}
	return out, nil
}

// readUpTo reads r to its end. More than limit bytes are a problem, and no more than limit+1
// are ever held.
func readUpTo(r io.Reader, hint, limit int) ([]byte, error) {
	out := make([]byte, 0, hint+1)
	for {
		if len(out) == cap(out) {
			grown := make([]byte, len(out), min(2*cap(out)+512, limit+1))
			copy(grown, out)
			out = grown
		}
		n, err := r.Read(out[len(out):cap(out)])
		out = out[:len(out)+n]
		if len(out) > limit {
			return nil, tooLarge(limit)
		}
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, brokenGzip(err)
		}
	}
}

// sizeHint is the length that the gzip trailer claims (ISIZE, RFC 1952 §2.3.1), as far as it
// can be true.
func sizeHint(raw []byte, limit int) int {
	if len(raw) < 4 {
		return 0
	}
	claim := uint64(binary.LittleEndian.Uint32(raw[len(raw)-4:]))
	return int(min(claim, uint64(len(raw))*maxRatio, uint64(limit)))
}

func brokenGzip(cause error) *problem.Error {
	return problem.Wrap(cause, problem.BadEncoding, "The gzip data is broken.").ZH("压缩数据已损坏，请重新提交。")
}
