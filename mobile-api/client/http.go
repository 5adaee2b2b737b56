package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// maxAnswer bounds what is read of one answer.
const maxAnswer = 64 << 20

// request is one call of the server's API.
type request struct {
	method, path string
	body         []byte
	header       map[string]string
}

// answer is a success or a 304.
type answer struct {
	status int
	etag   string
	body   []byte
}

// do sends a request once. Refusals come back as *problem.Error; what never arrived as what the
// transport says.
func (c *Client) do(ctx context.Context, r *request) (*answer, error) {
	q, err := http.NewRequestWithContext(ctx, r.method, strings.TrimSuffix(c.cfg.Server, "/")+r.path, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	for k, v := range r.header {
		q.Header.Set(k, v)
	}
	resp, err := c.http.Do(q)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 400 {
		return nil, refusal(resp, raw)
	}
	return &answer{status: resp.StatusCode, etag: resp.Header.Get("ETag"), body: raw}, nil
}

// refusal reads a problem document. What is none, from a proxy on the way, gets a code by its
// status.
func refusal(resp *http.Response, raw []byte) error {
	p := &problem.Error{}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); strings.HasSuffix(kind, "json") {
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		if dec.Decode(&p.Fields) == nil {
			code, _ := p.Fields["code"].(string)
			p.Code = problem.Code(code)
			p.Msg, _ = p.Fields["detail"].(string)
		}
	}
	if p.Code == "" {
		p.Code, p.Msg = codeOf(resp.StatusCode), "The server answered "+resp.Status+"."
	}
	if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && n > 0 {
		p.Retry = n
	}
	return p
}

func codeOf(status int) problem.Code {
	switch {
	case status == http.StatusRequestEntityTooLarge:
		return problem.TooLarge
	case status == http.StatusUnauthorized:
		return problem.Unauthorized
	case status == http.StatusForbidden:
		return problem.Forbidden
	case status == http.StatusTooManyRequests:
		return problem.Overloaded
	case status >= 500:
		return problem.Unavailable
	case status == http.StatusNotFound:
		return problem.NotFound
	}
	return problem.Invalid
}

// number returns an integer member of a problem.
func number(err error, name string) (int64, bool) {
	var p *problem.Error
	if !errors.As(err, &p) {
		return 0, false
	}
	n, ok := p.Fields[name].(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil
}

// authorized sends a request with an access token, and once more with a fresh one if the server
// does not take it.
func (c *Client) authorized(ctx context.Context, r *request) (*answer, error) {
	for again := false; ; again = true {
		if c.token == "" {
			if err := c.fetchToken(ctx); err != nil {
				return nil, err
			}
		}
		if r.header == nil {
			r.header = map[string]string{}
		}
		r.header["Authorization"] = "Bearer " + c.token
		a, err := c.do(ctx, r)
		code := problem.CodeOf(err)
		if again || code != problem.Unauthorized && code != problem.TokenExpired {
			return a, c.noteStranger(err)
		}
		c.token = ""
	}
}
