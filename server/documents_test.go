package main

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/fieldsync/fieldsync/internal/openapi"
	mobileapi "github.com/fieldsync/fieldsync/mobile-api"
	"github.com/fieldsync/fieldsync/server/internal/console"
)

var update = flag.Bool("update", false, "write the OpenAPI documents and the types of the web apps anew")

// A described API is one whose document is committed. Types is the file of its TypeScript types, or "".
type described struct {
	info     openapi.Info
	routes   []openapi.Route
	document string
	types    string
}

func describedAPIs(t *testing.T) []described {
	t.Helper()
	comments, err := openapi.ReadComments("..")
	if err != nil {
		t.Fatal(err)
	}
	phones := described{mobileapi.About(), mobileapi.Routes(), "mobile-api/openapi.json", ""}
	phones.info.Examples = goldenExamples(t, "mobile-api/testdata")
	desk := described{console.About(), console.Routes(), "server/internal/console/openapi.json", "web/src/console/types.ts"}
	all := []described{phones, desk}
	for i := range all {
		all[i].info.Comments = comments
	}
	return all
}

// TestDocuments: what is committed and embedded is what the routes say of themselves now.
func TestDocuments(t *testing.T) {
	for _, api := range describedAPIs(t) {
		document, err := openapi.Document(api.info, api.routes)
		if err != nil {
			t.Error(err)
			continue
		}
		fresh(t, api.document, document)
		if api.types == "" {
			continue
		}
		types, err := openapi.TypeScript(api.info, api.routes)
		if err != nil {
			t.Error(err)
			continue
		}
		fresh(t, api.types, types)
	}
}

func fresh(t *testing.T, file string, want []byte) {
	t.Helper()
	file = filepath.Join("..", filepath.FromSlash(file))
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(file)
	if err != nil || string(have) != string(want) {
		t.Errorf("%s is stale: go generate ./internal/openapi (%v)", file, err)
	}
}

// goldenExamples are golden requests and answers, by the name of their file.
func goldenExamples(t *testing.T, folder string) map[string]openapi.Example {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no examples in", folder)
	}
	examples := map[string]openapi.Example{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var x struct {
			Request struct {
				JSON json.RawMessage
				Form map[string]string
			}
			Answer struct{ JSON map[string]json.RawMessage }
		}
		if err := json.Unmarshal(raw, &x); err != nil {
			t.Fatal(file, err)
		}
		if _, cut := x.Answer.JSON["templates"]; cut { // the golden file shows that there are some
			x.Answer.JSON = maps.Clone(x.Answer.JSON)
			x.Answer.JSON["templates"] = json.RawMessage("[]")
		}
		in := []byte(x.Request.JSON)
		if x.Request.Form != nil {
			in = encoded(t, x.Request.Form)
		}
		name := filepath.Base(file)
		examples[name[:len(name)-len(".json")]] = openapi.Example{In: in, Out: encoded(t, x.Answer.JSON)}
	}
	return examples
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
