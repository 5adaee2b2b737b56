package openapitest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// App is what Fiber's App can do.
type App interface {
	Test(req *http.Request, msTimeout ...int) (*http.Response, error)
}

// Send sends a request to app and checks its answer.
func (c *Checker) Send(t testing.TB, app App, req *http.Request) (*http.Response, error) {
	return c.Transport(t, tester{app}).RoundTrip(req)
}

type tester struct{ app App }

func (a tester) RoundTrip(req *http.Request) (*http.Response, error) { return a.app.Test(req, -1) }

// Transport checks the answers of next. Faults are errors of t.
func (c *Checker) Transport(t testing.TB, next http.RoundTripper) http.RoundTripper {
	return &transport{c, t, next}
}

type transport struct {
	checker *Checker
	t       testing.TB
	next    http.RoundTripper
}

func (x *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	sent, err := take(&req.Body)
	if err != nil {
		return nil, err
	}
	res, err := x.next.RoundTrip(req)
	if err != nil {
		return res, err
	}
	got, err := take(&res.Body)
	if err != nil {
		return res, err
	}
	if fault := x.checker.Check(req, sent, res, got); fault != nil {
		x.t.Errorf("openapi: %s %s: %v\n%.2000s", req.Method, req.URL.Path, fault, got)
	}
	return res, nil
}

// take reads a body and puts it back.
func take(body *io.ReadCloser) ([]byte, error) {
	if *body == nil {
		return nil, nil
	}
	raw, err := io.ReadAll(*body)
	(*body).Close()
	*body = io.NopCloser(bytes.NewReader(raw))
	return raw, err
}

// Check returns what the document does not allow in an exchange: in the answer, and in a request that
// succeeded. Requests outside of the document's prefix are nobody's business.
func (c *Checker) Check(req *http.Request, sent []byte, res *http.Response, got []byte) error {
	op := c.find(req.Method, req.URL.Path)
	if op == nil {
		if !strings.HasPrefix(req.URL.Path, c.prefix+"/") {
			return nil
		}
		if res.StatusCode != http.StatusNotFound && res.StatusCode != http.StatusMethodNotAllowed && res.StatusCode < 408 {
			return fmt.Errorf("no such route is described, and the answer is %d", res.StatusCode)
		}
		return c.body("/components/schemas/Problem", got)
	}
	if err := c.answer(op, req, res, got); err != nil {
		return fmt.Errorf("%s: the answer %d: %w", op.id, res.StatusCode, err)
	}
	if res.StatusCode < 300 {
		if err := c.request(op, req, sent); err != nil {
			return fmt.Errorf("%s: a request that succeeded: %w", op.id, err)
		}
	}
	return nil
}

// belowRoutes are statuses of what is refused before a route is looked for.
var belowRoutes = map[int]bool{408: true, 414: true, 431: true}

func (c *Checker) answer(op *operation, req *http.Request, res *http.Response, got []byte) error {
	responses := op.node["responses"].(map[string]any)
	status := strconv.Itoa(res.StatusCode)
	if belowRoutes[res.StatusCode] {
		status = "default"
	}
	said, ok := responses[status].(map[string]any)
	if !ok {
		return fmt.Errorf("the status is not described")
	}
	kinds, _ := said["content"].(map[string]any)
	if kinds == nil || req.Method == http.MethodHead {
		if len(got) > 0 {
			return fmt.Errorf("there is a body of %d bytes", len(got))
		}
		return nil
	}
	media, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("the content type %q: %w", res.Header.Get("Content-Type"), err)
	}
	if _, ok := kinds[media]; !ok {
		return fmt.Errorf("the content type %s is not described", media)
	}
	if !isJSON(media) {
		return nil
	}
	at := op.at + "/responses/" + status
	if name, ok := said["shared"].(string); ok {
		at = "/components/responses/" + escape(name)
	}
	return c.body(at+"/content/"+escape(media)+"/schema", got)
}

func isJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

func (c *Checker) request(op *operation, req *http.Request, sent []byte) error {
	described := map[string]bool{}
	list, _ := op.node["parameters"].([]any)
	for _, p := range list {
		described[p.(map[string]any)["name"].(string)] = true
	}
	for name := range req.URL.Query() {
		if !described[name] {
			return fmt.Errorf("the parameter %s is not described", name)
		}
	}
	body, ok := op.node["requestBody"].(map[string]any)
	if !ok {
		return nil // a body that nobody reads is no fault
	}
	kinds := body["content"].(map[string]any)
	media, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if err != nil {
		if _, raw := kinds["application/x-ndjson"]; raw && req.Header.Get("Content-Type") == "" {
			return nil // lines are signed: nobody asks what they claim to be
		}
		return fmt.Errorf("the content type %q: %w", req.Header.Get("Content-Type"), err)
	}
	if _, ok := kinds[media]; !ok {
		return fmt.Errorf("the content type %s is not described", media)
	}
	if sent, err = inflated(req, sent); err != nil {
		return err
	}
	if media == "application/x-www-form-urlencoded" {
		values, err := url.ParseQuery(string(sent))
		if err != nil {
			return err
		}
		sent = formJSON(values)
	} else if !isJSON(media) {
		return nil
	}
	return c.body(op.at+"/requestBody/content/"+escape(media)+"/schema", sent)
}

func inflated(req *http.Request, sent []byte) ([]byte, error) {
	if !strings.HasSuffix(req.Header.Get("Content-Encoding"), "gzip") {
		return sent, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(sent))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
