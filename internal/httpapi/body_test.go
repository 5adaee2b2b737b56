package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldsync/fieldsync/internal/httpapi"
)

const limit = 1000

func zip(plain []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(plain)
	_ = w.Close()
	return b.Bytes()
}

// echo answers with the length and the first bytes of the body as it was read.
func echo(app *fiber.App) {
	app.Post("/", func(c *fiber.Ctx) error {
		body, err := httpapi.Body(c, limit)
		if err != nil {
			return err
		}
		return c.SendString(strconv.Itoa(len(body)) + ":" + string(body[:min(len(body), 10)]))
	})
}

func TestBody(t *testing.T) {
	x := func(n int) []byte { return bytes.Repeat([]byte("x"), n) }
	lying := func(claim uint32) []byte {
		z := zip(x(20))
		binary.LittleEndian.PutUint32(z[len(z)-4:], claim)
		return z
	}
	damaged := zip([]byte("hello, hello, hello"))
	damaged[12] ^= 0xff
	wrongSum := zip(x(20))
	wrongSum[len(wrongSum)-8] ^= 1

	post := func(name, encoding string, body []byte, status int, parts ...string) scenario {
		s := scenario{name: name, method: http.MethodPost, url: "/", body: body, status: status, answer: parts}
		if encoding != "" {
			s.headers = map[string]string{"Content-Encoding": encoding}
		}
		if status == 415 {
			s.answer = append(s.answer, `"code":"bad_encoding"`)
			s.set = map[string]string{"Accept-Encoding": "gzip"}
		}
		return s
	}
	run(t, echo, []scenario{
		post("plain", "", []byte("hello"), 200, "5:hello"),
		post("empty", "", nil, 200, "0:"),
		post("plain at the limit", "", x(limit), 200, "1000:x"),
		post("plain over the limit", "", x(limit+1), 413, `"code":"too_large"`, `"limit":1000`),
		post("identity", "identity", []byte("hello"), 200, "5:hello"),
		post("gzip", "gzip", zip([]byte("hello")), 200, "5:hello"),
		post("GZIP", "GZIP", zip([]byte("hello")), 200, "5:hello"),
		post("x-gzip", "x-gzip", zip([]byte("hello")), 200, "5:hello"),
		post("gzip of nothing", "gzip", zip(nil), 200, "0:"),
		post("gzip at the limit", "gzip", zip(x(limit)), 200, "1000:x"),
		post("gzip one over the limit", "gzip", zip(x(limit+1)), 413, `"code":"too_large"`),
		post("bomb", "gzip", zip(x(500_000)), 413, `"code":"too_large"`),
		post("no gzip at all", "gzip", []byte("hello"), 415),
		post("empty as gzip", "gzip", nil, 415),
		post("cut short", "gzip", zip([]byte("hello"))[:12], 415),
		post("cut in the trailer", "gzip", zip([]byte("hello"))[:len(zip([]byte("hello")))-3], 415),
		post("damaged", "gzip", damaged, 415),
		post("wrong sum", "gzip", wrongSum, 415),
		post("claims too much", "gzip", lying(1<<32-1), 415),
		post("claims too little", "gzip", lying(1), 415),
		post("bytes after the end", "gzip", append(zip([]byte("hello")), 'x'), 415),
		post("zeros after the end", "gzip", append(zip([]byte("hello")), 0, 0, 0), 415),
		post("two members", "gzip", slices.Concat(zip([]byte("he")), zip([]byte("llo"))), 415),
		post("deflate", "deflate", []byte("x"), 415),
		post("brotli", "br", []byte("x"), 415),
		post("gzip twice", "gzip, gzip", zip(zip([]byte("hello"))), 415),
	})
}

func TestContentEncodingTwice(t *testing.T) {
	app, _ := newApp(t, echo)
	req, _ := http.NewRequest(http.MethodPost, "/", bytes.NewReader(zip([]byte("hello"))))
	req.Header["Content-Encoding"] = []string{"gzip", "identity"}
	res, err := app.Test(req, -1)
	if err != nil || res.StatusCode != 415 {
		t.Fatal(res, err)
	}
}

// A bomb of 8 MiB must cost no more than the limit and the reader's own buffers.
func TestBombMemory(t *testing.T) {
	bomb := zip(make([]byte, 8<<20))
	app := fiber.New()
	var used uint64
	app.Post("/", func(c *fiber.Ctx) error {
		_, _ = httpapi.Body(c, limit) // fills the pool
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := httpapi.Body(c, 1<<20)
		runtime.ReadMemStats(&after)
		used = after.TotalAlloc - before.TotalAlloc
		if err == nil {
			t.Error("the bomb was accepted")
		}
		return nil
	})
	req, _ := http.NewRequest(http.MethodPost, "/", bytes.NewReader(bomb))
	req.Header.Set("Content-Encoding", "gzip")
	if _, err := app.Test(req, -1); err != nil {
		t.Fatal(err)
	}
	if used > 5<<19 {
		t.Errorf("%d bytes were allocated for a limit of 1 MiB", used)
	}
}

// The bytes of a body belong to the caller: a pooled buffer must not show through.
func TestBodyIsKept(t *testing.T) {
	var kept []string
	var raw [][]byte
	app := fiber.New()
	app.Post("/", func(c *fiber.Ctx) error {
		b, err := httpapi.Body(c, limit)
		raw = append(raw, b)
		kept = append(kept, string(b))
		return err
	})
	for _, text := range []string{"first body", "SECOND ONE", "third....."} {
		for _, encoding := range []string{"", "gzip"} {
			body := []byte(text)
			req, _ := http.NewRequest(http.MethodPost, "/", strings.NewReader(text))
			if encoding != "" {
				body = zip(body)
				req, _ = http.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
				req.Header.Set("Content-Encoding", encoding)
			}
			if _, err := app.Test(req, -1); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range raw {
		if string(raw[i]) != kept[i] {
			t.Errorf("body %d became %q, was %q", i, raw[i], kept[i])
		}
	}
}

func FuzzBody(f *testing.F) {
	f.Add(zip([]byte("hello")))
	f.Add([]byte{0x1f, 0x8b, 8})
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post("/", func(c *fiber.Ctx) error {
		if b, err := httpapi.Body(c, limit); err == nil && len(b) > limit {
			panic("over the limit")
		}
		return nil
	})
	f.Fuzz(func(t *testing.T, body []byte) {
		req, _ := http.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		req.Header.Set("Content-Encoding", "gzip")
		if _, err := app.Test(req, -1); err != nil {
			return // refused below the router, which is an answer too
		}
	})
}
