package openapi

import (
	"reflect"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/go-json-experiment/json/jsontext"
)

// Route describes one route. Path uses Fiber's form (/campaigns/:campaign/events); the document turns
// it into {campaign}. A route is below [Info.Prefix].
//
// A member of In is required unless its tag says omitempty or omitzero or it is a pointer. A member of
// Out is required unless its tag says omitempty or omitzero; a pointer without these may be null.
//
// Every route may answer with internal, invalid, overloaded, unavailable and too_large. To these come
// what follows from what a route is: unauthorized and token_expired unless it is Public, forbidden
// with an Ability, not_found with a parameter in its path, bad_encoding with a body, bad_range with Ranges,
// bad_cursor with a cursor.
type Route struct {
	Method, Path       string
	ID                 string // operationId, lowerCamel, unique
	Tag                string // chapter
	Summary, SummaryZH string
	Text, TextZH       string         // what a summary cannot hold; may be empty
	Ability            string         // what the caller must be allowed there; "" for no more than to be known
	Params             []Param        // query parameters, and path parameters whose format matters; others are strings
	In                 any            // zero value of the type of the request's body; nil: none
	InType             string         // media type of a body that is not JSON; of a form, In says its members
	Out                any            // zero value of the type of the answer; nil: no content (204)
	OutType            string         // media type of an answer that is not JSON; then Out is nil. Several stand apart by ", "
	Status             int            // of success; 0: 200, or 204 without an answer
	ETag               bool           // takes If-None-Match and answers 304 to who has it already
	Ranges             bool           // takes Range and answers 206 with a part
	Redirects          bool           // may answer 307 with another address for the same
	Errors             []problem.Code // beyond those that are said above
	Public             bool           // needs no token
	Cookie             bool           // takes or sets the refresh cookie
}

// Param is a parameter in the query, the path or a header.
type Param struct {
	Name, In           string // In: query (the default), path or header
	Summary, SummaryZH string
	Required           bool   // a parameter in the path always is
	Type               string // string (the default) integer boolean
	Enum               []string
}

// Info is what a document says besides its routes.
type Info struct {
	Name                        string // of the document, one lower-case word: phones, office
	Title, Version, Description string
	Prefix                      string                    // of all paths, such as /api/v1/office
	Status                      func(problem.Code) int    // the one table from codes to HTTP
	Cookie                      string                    // name of the refresh cookie, if there is one
	Tags                        []Tag                     // in the order of the chapters; may be incomplete
	Closed                      map[reflect.Type][]string // types of strings of which no more values will come: they get an enum
	Examples                    map[string]Example        // by Route.ID
	Comments                    Comments                  // from ReadComments; nil: nothing is described in words
}

// Tag names a chapter in both languages.
type Tag struct{ Name, ZH string }

// Example is one request and its answer.
type Example struct{ In, Out jsontext.Value }

// Values returns the words of a closed set, for Info.Closed.
func Values[T ~string](values ...T) []string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return words
}
