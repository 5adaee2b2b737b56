package openapitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Checker knows what a document allows. It is safe for concurrent use.
type Checker struct {
	prefix     string
	operations []*operation

	mu       sync.Mutex // compiling is not safe for concurrent use
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
}

// operation is one route of the document.
type operation struct {
	method   string // GET
	id       string
	path     *regexp.Regexp
	literals int            // bytes of the path that are no parameter: of two that match, more wins
	at       string         // its pointer in the document
	node     map[string]any // what the document says of it
}

// documentURL is what the compiler calls the document.
const documentURL = "urn:document"

// New returns a checker of routes. It panics when they cannot be described: it is made once per suite.
func New(info openapi.Info, routes []openapi.Route) *Checker {
	raw, err := openapi.Document(info, routes)
	if err != nil {
		panic(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		panic(err)
	}
	c := &Checker{prefix: info.Prefix, compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}}
	root := doc.(map[string]any)
	forbidMore(root["components"].(map[string]any)["schemas"])
	if err := c.compiler.AddResource(documentURL, doc); err != nil {
		panic(err)
	}
	for path, methods := range root["paths"].(map[string]any) {
		for method, node := range methods.(map[string]any) {
			c.operations = append(c.operations, operationOf(path, method, node.(map[string]any)))
		}
	}
	resolveResponses(root, c.operations)
	return c
}

var pathParam = regexp.MustCompile(`\\\{\w+\\\}`)

func operationOf(path, method string, node map[string]any) *operation {
	quoted := regexp.QuoteMeta(path)
	return &operation{
		method: strings.ToUpper(method), id: node["operationId"].(string), node: node,
		path:     regexp.MustCompile("^" + pathParam.ReplaceAllString(quoted, "[^/]+") + "$"),
		literals: len(pathParam.ReplaceAllString(quoted, "")),
		at:       "/paths/" + escape(path) + "/" + method,
	}
}

// resolveResponses puts the shared answers in the place of the references to them.
func resolveResponses(root map[string]any, operations []*operation) {
	shared, _ := root["components"].(map[string]any)["responses"].(map[string]any)
	for _, op := range operations {
		responses := op.node["responses"].(map[string]any)
		for status, r := range responses {
			if ref, ok := r.(map[string]any)["$ref"].(string); ok {
				name := strings.TrimPrefix(ref, "#/components/responses/")
				responses[status] = map[string]any{"shared": name, "content": shared[name].(map[string]any)["content"]}
			}
		}
	}
}

// forbidMore closes the objects that say nothing of further members.
func forbidMore(node any) {
	switch x := node.(type) {
	case map[string]any:
		if _, ok := x["properties"].(map[string]any); ok && x["type"] == "object" {
			if _, open := x["additionalProperties"]; !open {
				x["additionalProperties"] = false
			}
		}
		for _, inner := range x {
			forbidMore(inner)
		}
	case []any:
		for _, inner := range x {
			forbidMore(inner)
		}
	}
}

// find returns the operation of a request, nil for none. HEAD is answered as GET.
func (c *Checker) find(method, path string) (found *operation) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for _, op := range c.operations {
		if op.method == method && op.path.MatchString(path) && (found == nil || op.literals > found.literals) {
			found = op
		}
	}
	return found
}

// body validates JSON with the schema at a pointer of the document.
func (c *Checker) body(pointer string, raw []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("it is no JSON: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.schemas[pointer]
	if s == nil {
		if s, err = c.compiler.Compile(documentURL + "#" + pointer); err != nil {
			return err
		}
		c.schemas[pointer] = s
	}
	return s.Validate(value)
}

// escape writes a word for a JSON pointer in a URL's fragment.
func escape(word string) string {
	word = strings.NewReplacer("~", "~0", "/", "~1").Replace(word)
	return strings.NewReplacer("%", "%25", "{", "%7B", "}", "%7D", "+", "%2B").Replace(word)
}

// formJSON is a form as the JSON object that the document describes.
func formJSON(values map[string][]string) []byte {
	flat := map[string]string{}
	for name := range values {
		flat[name] = values[name][0]
	}
	raw, _ := json.Marshal(flat) // of strings
	return raw
}
