package openapitest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/internal/openapi/openapitest"
	"github.com/fieldsync/fieldsync/internal/problem"
)

type question struct {
	Word string `json:"word"`
	Note string `json:"note,omitempty"`
}

type line struct {
	N    int64   `json:"n"`
	Text *string `json:"text"`
}

type reply struct {
	Lines []line         `json:"lines"`
	By    map[string]int `json:"by,omitempty"`
}

var checker = openapitest.New(openapi.Info{Name: "x", Title: "x", Prefix: "/x", Status: func(c problem.Code) int {
	return map[problem.Code]int{problem.Invalid: 400, problem.NotFound: 404, problem.Internal: 500}[c]
}}, []openapi.Route{
	{Method: "POST", Path: "/words/:word", ID: "put", Tag: "t", Summary: "s", SummaryZH: "s", In: question{}, Out: reply{}, Errors: []problem.Code{problem.NotFound},
		Params: []openapi.Param{{Name: "cursor"}}},
	{Method: "GET", Path: "/words/all", ID: "all", Tag: "t", Summary: "s", SummaryZH: "s", OutType: "text/csv"},
	{Method: "DELETE", Path: "/words/:word.csv", ID: "drop", Tag: "t", Summary: "s", SummaryZH: "s"},
})

const (
	good    = `{"lines":[{"n":1,"text":null},{"n":2,"text":"a"}]}`
	faulted = `{"type":"t","title":"t","status":404,"detail":"d","detail_zh":"无","code":"not_found","request_id":"r","more":1}`
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, method, url, in string
		status                int
		media, out            string
		want                  string // part of the fault; "" for none
	}{
		{"good", "POST", "/x/words/a?cursor=b", `{"word":"a"}`, 200, "application/json; charset=utf-8", good, ""},
		{"null for a word", "POST", "/x/words/a", `{"word":null}`, 200, "application/json", good, "at '/word'"},
		{"no such member asked", "POST", "/x/words/a", `{"word":"a","z":1}`, 200, "application/json", good, "'z' not allowed"},
		{"a bad request was refused", "POST", "/x/words/a?zzz=1", `{"z":1}`, 404, "application/problem+json", faulted, ""},
		{"no such parameter", "POST", "/x/words/a?zzz=1", `{"word":"a"}`, 200, "application/json", good, "parameter zzz"},
		{"a member too many", "POST", "/x/words/a", `{"word":"a"}`, 200, "application/json", strings.Replace(good, `"n":1`, `"n":1,"m":1`, 1), "at '/lines/0'"},
		{"a member too few", "POST", "/x/words/a", `{"word":"a"}`, 200, "application/json", strings.Replace(good, `,"text":null`, "", 1), "missing property 'text'"},
		{"null for a list", "POST", "/x/words/a", `{"word":"a"}`, 200, "application/json", `{"lines":null}`, "at '/lines'"},
		{"another status", "POST", "/x/words/a", `{"word":"a"}`, 201, "application/json", good, "the status is not described"},
		{"another type", "POST", "/x/words/a", `{"word":"a"}`, 200, "text/html", good, "text/html is not described"},
		{"another code", "POST", "/x/words/a", "", 404, "application/problem+json", strings.Replace(faulted, "not_found", "bad_code", 1), "at '/code'"},
		{"no problem", "POST", "/x/words/a", "", 404, "application/problem+json", `{}`, "missing properties"},
		{"below the routes", "POST", "/x/words/a", "", 431, "application/problem+json", faulted, ""},
		{"text", "GET", "/x/words/all", "", 200, "text/csv", "a,b", ""},
		{"head", "HEAD", "/x/words/all", "", 200, "text/csv", "", ""},
		{"no content", "DELETE", "/x/words/a.csv", "", 204, "", "", ""},
		{"content after all", "DELETE", "/x/words/a.csv", "", 204, "", "x", "a body of 1 bytes"},
		{"no route", "DELETE", "/x/words", "", 404, "application/problem+json", faulted, ""},
		{"no route answers", "DELETE", "/x/words", "", 200, "application/json", good, "no such route is described"},
		{"somebody else's", "GET", "/y", "", 200, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := httptest.NewRequest(c.method, c.url, strings.NewReader(c.in))
			req.Header.Set("Content-Type", "application/json")
			res := &http.Response{StatusCode: c.status, Header: http.Header{"Content-Type": {c.media}}}
			err := checker.Check(req, []byte(c.in), res, []byte(c.out))
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// faults counts errors in the place of a test.
type faults struct {
	testing.TB
	n int
}

func (f *faults) Errorf(string, ...any) { f.n++ }

// TestTransport: bodies reach both sides whole, and a fault is the test's.
func TestTransport(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil || string(raw) != `{"word":"a"}` {
			t.Errorf("the server read %q %v", raw, err)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{}`)
	}))
	defer s.Close()
	f := &faults{TB: t}
	client := &http.Client{Transport: checker.Transport(f, http.DefaultTransport)}
	res, err := client.Post(s.URL+"/x/words/a", "application/json", strings.NewReader(`{"word":"a"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if raw, err := io.ReadAll(res.Body); err != nil || string(raw) != `{}` || f.n != 1 {
		t.Errorf("%q %v, %d faults", raw, err, f.n)
	}
}
