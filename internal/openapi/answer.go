package openapi

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// Media types that are more than text.
const (
	mediaJSON    = "application/json"
	mediaForm    = "application/x-www-form-urlencoded"
	mediaProblem = "application/problem+json"
)

// problemName is the component of what every error looks like.
const problemName = "Problem"

func problemSchema() *schema {
	p := typed("object")
	p.Description = "An error (RFC 9457). Programs compare code; detail is one sentence for people. " +
		"Some codes bring further members, such as field, version or next."
	for _, m := range []struct{ name, kind, words string }{
		{"type", "string", "urn:fieldsync:problem: and the code"},
		{"title", "string", "the same for every problem with this code"},
		{"status", "integer", "of the answer"},
		{"detail", "string", "one sentence for people"},
		{"detail_zh", "string", "the same in Chinese"},
		{"code", "string", "stable, compared by programs"},
		{"request_id", "string", "what the server's log calls the request"},
	} {
		s := typed(m.kind)
		s.Description = m.words
		p.Properties.put(m.name, s)
		p.Required = append(p.Required, m.name)
	}
	p.Other = &schema{}
	return p
}

// body describes what a route takes; nil: nothing.
func (w *writer) body(r *Route) *body {
	if r.In == nil && r.InType == "" {
		return nil
	}
	media, c := mediaJSON, content{Example: w.info.Examples[r.ID].In}
	if r.InType != "" {
		media = r.InType
	}
	if r.In != nil {
		c.Schema = w.shelf.of(reflect.TypeOf(r.In))
	} else {
		c.Schema = bytesOf(media)
	}
	return &body{Required: true, Content: members[content]{{media, c}}}
}

// bytesOf describes a body whose inside OpenAPI does not know: text is a string, all else has no
// schema.
func bytesOf(media string) *schema {
	if strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "json") {
		return typed("string")
	}
	return &schema{}
}

func (w *writer) success(r *Route, status int) *response {
	res := &response{Description: http.StatusText(status)}
	if r.ETag {
		res.Headers.put("ETag", header{"Names this answer, for If-None-Match.", typed("string")})
	}
	if r.Cookie {
		res.Headers.put("Set-Cookie", header{"The refresh token, or its end.", typed("string")})
	}
	switch {
	case r.Out != nil:
		c := content{Schema: w.shelf.of(reflect.TypeOf(r.Out)), Example: w.info.Examples[r.ID].Out}
		res.Content.put(mediaJSON, c)
	case r.OutType != "":
		for media := range strings.SplitSeq(r.OutType, ", ") {
			res.Content.put(media, content{Schema: bytesOf(media)})
		}
	}
	return res
}

// part is the answer to who asked for some of the bytes.
func (w *writer) part(r *Route) *response {
	res := w.success(r, http.StatusPartialContent)
	res.Headers.put("Content-Range", header{"Which bytes these are, and of how many.", typed("string")})
	return res
}

// always are the codes of every route.
var always = []problem.Code{problem.Internal, problem.Invalid, problem.Overloaded, problem.Unavailable, problem.TooLarge}

// codes are all that a route may answer with: its own, and those that follow from what it is.
func codes(r *Route) []problem.Code {
	all := slices.Concat(always, r.Errors)
	if !r.Public {
		all = append(all, problem.Unauthorized, problem.TokenExpired)
	}
	if r.Ability != "" {
		all = append(all, problem.Forbidden)
	}
	if r.Ranges {
		all = append(all, problem.BadRange)
	}
	if strings.Contains(r.Path, ":") { // it names something
		all = append(all, problem.NotFound)
	}
	if r.In != nil || r.InType != "" {
		all = append(all, problem.BadEncoding)
	}
	if slices.ContainsFunc(r.Params, func(p Param) bool { return p.Name == "cursor" }) {
		all = append(all, problem.BadCursor)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// failures adds the errors by status. Equal ones of several routes are one component.
func (w *writer) failures(op *operation, r *Route) error {
	if w.info.Status == nil {
		return fmt.Errorf("Info.Status is needed")
	}
	byStatus := map[int][]string{}
	for _, code := range codes(r) {
		status := w.info.Status(code)
		byStatus[status] = append(byStatus[status], string(code))
	}
	var statuses []int
	for status := range byStatus {
		statuses = append(statuses, status)
	}
	slices.Sort(statuses)
	for _, status := range statuses {
		name := strconv.Itoa(status) + "." + strings.Join(byStatus[status], ".")
		if _, ok := w.doc.Components.Responses.get(name); !ok {
			w.doc.Components.Responses.put(name, w.failure(status, byStatus[status]))
		}
		op.Responses.put(strconv.Itoa(status), &response{Ref: responsePrefix + name})
	}
	const name = "other"
	if _, ok := w.doc.Components.Responses.get(name); !ok {
		res := w.failure(0, nil)
		res.Description = "What is refused before a route is looked for, such as a request that comes too slowly (408) or whose address is too long (414, 431)."
		w.doc.Components.Responses.put(name, res)
	}
	op.Responses.put("default", &response{Ref: responsePrefix + name})
	return nil
}

const responsePrefix = "#/components/responses/"

// failure is the answer with a status that these codes have.
func (w *writer) failure(status int, codes []string) *response {
	s := &schema{Ref: refPrefix + problemName}
	res := &response{}
	if codes != nil {
		only := typed("object")
		only.Properties.put("code", &schema{Type: kinds{"string"}, Enum: codes})
		s = &schema{AllOf: []*schema{s, only}}
		var lines []string
		for _, code := range codes {
			line := code
			if words := w.info.Comments.ofValue(reflect.TypeFor[problem.Code](), code); words != "" {
				line += ": " + words
			}
			lines = append(lines, line)
		}
		res.Description = strings.Join(lines, "\n\n")
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		res.Headers.put("Retry-After", header{"Seconds after which the same request may succeed.", typed("integer")})
	}
	if status == http.StatusUnauthorized {
		res.Headers.put("WWW-Authenticate", header{`Bearer realm="fieldsync"`, typed("string")})
	}
	res.Content.put(mediaProblem, content{Schema: s})
	return res
}
