package openapi

import (
	"reflect"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// Route describes one route. Path uses Fiber's form (/campaigns/:campaign/events); the document turns
// it into {campaign}. A route is below [Info.Prefix].
type Route struct {
	Method, Path       string
	ID                 string // operationId, lowerCamel, unique
	Tag                string // chapter
	Summary, SummaryZH string
	Params             []Param        // query parameters, and path parameters whose format matters; others are strings
	In                 any            // zero value of the type of the request's body; nil: none
	InType             string         // media type of a body that is not JSON; of a form, In says its members
	Out                any            // zero value of the type of the answer; nil: no content (204)
	OutType            string         // media type of an answer that is not JSON; then Out is nil
	Status             int            // of success; 0: 200, or 204 without an answer
	Errors             []problem.Code // beyond those that every route may give
	Public             bool           // needs no token
	Cookie             bool           // uses the refresh cookie
}

// Param is a parameter in the query or the path.
type Param struct {
	Name, In           string // In: query (the default) or path
	Summary, SummaryZH string
	Required           bool   // a parameter in the path always is
	Type               string // string (the default) integer boolean
	Enum               []string
}

// Info is what a document says besides its routes.
type Info struct {
	Title, Version, Description string
	Prefix                      string                    // of all paths, such as /api/v1/office
	Status                      func(problem.Code) int    // the one table from codes to HTTP
	Closed                      map[reflect.Type][]string // types of strings of which no more values will come: they get an enum
	Comments                    Comments                  // from ReadComments; nil: nothing is described in words
}

// Comments are the doc comments of types and of their fields, by "import/path.Type" and
// "import/path.Type.Field".
type Comments map[string]string
