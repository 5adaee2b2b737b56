package httpapi_test

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldsync/fieldsync/internal/httpapi"
)

// TestBelowTheRouter sends over a real connection what the server refuses before any handler.
func TestBelowTheRouter(t *testing.T) {
	long := strings.Repeat("c", 12<<10)
	for _, tc := range []struct {
		request string
		scenario
	}{
		{"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n" + strings.Repeat("x", 5000), scenario{
			name: "body over the limit", status: 413, answer: []string{`"code":"too_large"`, `"request_id":"req-1"`},
			set:    map[string]string{"Content-Type": "application/problem+json", "X-Content-Type-Options": "nosniff", "Server": ""},
			logged: []string{`"route":"none"`, `"status":413`},
		}},
		{"GET /x?cursor=" + long + long + " HTTP/1.1\r\nHost: h\r\n\r\n", scenario{
			name: "headers too long", status: 431, answer: []string{`"code":"too_large"`}, not: []string{"ccc"},
			notLogs: []string{"\"route\":\"/x", "\"method\":\"c"},
		}},
		{"GET /x?cursor=" + long + " HTTP/1.1\r\nHost: h\r\n\r\n", scenario{
			name: "a cursor of 12 KiB", status: 200, answer: []string{"12288"},
		}},
		{"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\nhalf", scenario{
			name: "a body that stays away", status: 408, answer: []string{`"code":"unavailable"`}, not: []string{"half", "i/o"},
		}},
		{"nonsense\r\n\r\n", scenario{
			name: "no HTTP", status: 400, answer: []string{`"code":"invalid"`}, not: []string{"nonsense", "cannot find"},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res, book := exchange(t, tc.request)
			defer res.Body.Close()
			tc.check(t, res, book.String())
		})
	}
}

// TestCutLink: a phone's link that is reset in the middle of a request is no fault of the server's.
func TestCutLink(t *testing.T) {
	book := &logbook{}
	app := httpapi.New(httpapi.Options{Log: slog.New(slog.NewJSONHandler(book, nil))})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = app.Listener(ln) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	for try := range 50 { // a reset may be so early that nothing of the request is seen
		conn, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\nhalf")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(try) * time.Millisecond)
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
		time.Sleep(10 * time.Millisecond)
		if said := book.String(); said != "" {
			if !strings.Contains(said, `"status":400`) || strings.Contains(said, "ERROR") {
				t.Error(said)
			}
			return
		}
	}
	t.Error("nothing is logged of a request that was cut")
}

// exchange writes request to a server that listens and reads one answer.
func exchange(t *testing.T, request string) (*http.Response, *logbook) {
	t.Helper()
	book := &logbook{}
	app := httpapi.New(httpapi.Options{
		Log: slog.New(slog.NewJSONHandler(book, nil)), NewID: func() string { return "req-1" },
		BodyLimit: 4096, ReadTimeout: 300 * time.Millisecond,
	})
	app.Get("/x", func(c *fiber.Ctx) error { return c.SendString(fmt.Sprint(len(c.Query("cursor")))) })
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = app.Listener(ln) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() { _, _ = conn.Write([]byte(request)) }()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	return res, book
}
