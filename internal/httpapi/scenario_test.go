package httpapi_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldsync/fieldsync/internal/httpapi"
)

// scenario is one request and all that is expected of its answer.
type scenario struct {
	name    string
	method  string // GET when empty
	url     string
	headers map[string]string
	body    []byte

	status  int
	answer  []string          // parts of the body
	not     []string          // what neither the body nor a header may hold
	set     map[string]string // headers, "" for absent
	logged  []string
	notLogs []string
}

// secret stands for whatever must stay inside.
const secret = "pq: password authentication failed for 10.0.0.7"

var errSecret = errors.New(secret)

// logbook is a log to look into.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func newApp(t *testing.T, routes func(*fiber.App)) (*fiber.App, *logbook) {
	t.Helper()
	book := &logbook{}
	app := httpapi.New(httpapi.Options{
		Log:   slog.New(slog.NewJSONHandler(book, nil)),
		NewID: func() string { return "req-1" },
	})
	routes(app)
	return app, book
}

func run(t *testing.T, routes func(*fiber.App), scenarios []scenario) {
	t.Helper()
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			app, book := newApp(t, routes)
			method := s.method
			if method == "" {
				method = http.MethodGet
			}
			req := httptest.NewRequest(method, s.url, bytes.NewReader(s.body))
			for name, value := range s.headers {
				req.Header.Set(name, value)
			}
			res, err := app.Test(req, -1)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			s.check(t, res, book.String())
		})
	}
}

func (s scenario) check(t *testing.T, res *http.Response, log string) {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != s.status {
		t.Errorf("status %d, want %d: %s", res.StatusCode, s.status, body)
	}
	has(t, "body", string(body), s.answer)
	var head strings.Builder
	if err := res.Header.Write(&head); err != nil {
		t.Fatal(err)
	}
	hasNot(t, "answer", head.String()+string(body), append(s.not, secret, "goroutine"))
	for name, want := range s.set {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if lines := strings.Count(log, "\n"); lines != 1 {
		t.Errorf("%d log lines, want 1:\n%s", lines, log)
	}
	has(t, "log", log, s.logged)
	hasNot(t, "log", log, s.notLogs)
}

func has(t *testing.T, what, text string, parts []string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s lacks %q:\n%s", what, part, text)
		}
	}
}

func hasNot(t *testing.T, what, text string, parts []string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%s must not hold %q:\n%s", what, part, text)
		}
	}
}
