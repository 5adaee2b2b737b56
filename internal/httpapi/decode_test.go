package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldsync/fieldsync/internal/httpapi"
)

type enrolment struct {
	Code  string  `json:"code"`
	Count int32   `json:"count"`
	Flag  *bool   `json:"flag"`
	Ratio float64 `json:"ratio"`
	Inner struct {
		Names []string `json:"names"`
		Size  uint16   `json:"size"`
	} `json:"inner"`
}

func TestDecode(t *testing.T) {
	routes := func(app *fiber.App) {
		app.Post("/", func(c *fiber.Ctx) error {
			v, err := httpapi.Decode[enrolment](c, 400)
			if err != nil {
				if v.Code != "" {
					t.Error("a refused body left values")
				}
				return err
			}
			return c.SendString("code=" + v.Code)
		})
	}
	post := func(name, body string, status int, parts ...string) scenario {
		s := scenario{name: name, method: http.MethodPost, url: "/", body: []byte(body), status: status, answer: parts,
			headers: map[string]string{"Content-Type": "application/json"}, not: []string{"enrolment", "int32", "json:", "P4SS"},
			notLogs: []string{"P4SS"}}
		if status == 400 {
			s.answer = append(s.answer, `"code":"invalid"`)
		}
		return s
	}
	typed := func(contentType string, status int) scenario {
		s := post("as "+contentType, `{"code":"A"}`, status)
		s.headers = map[string]string{"Content-Type": contentType}
		return s
	}
	zipped := post("gzipped", string(zip([]byte(`{"code":"A"}`))), 200, "code=A")
	zipped.headers["Content-Encoding"] = "gzip"
	run(t, routes, []scenario{
		post("good", ` {"code":"A","count":-3,"flag":true,"inner":{"names":["n"],"size":1}} `+"\n", 200, "code=A"),
		post("nothing in it", `{}`, 200, "code="),
		post("null is absent", `{"code":null}`, 200, "code="),
		zipped,
		post("unknown", `{"code":"P4SS","colour":"P4SS"}`, 400, `The field \"colour\" is not known here.`, `"field":"colour"`),
		post("unknown inside", `{"inner":{"nick":1}}`, 400, `"field":"inner.nick"`),
		post("another case", `{"Code":"P4SS"}`, 400, `"field":"Code"`),
		post("twice", `{"code":"P4SS","code":"B"}`, 400, `The field \"code\" is given twice.`),
		post("twice under escapes", `{"code":"P4SS","\u0063ode":"B"}`, 400, `is given twice.`),
		post("wrong type", `{"code":"A","count":"P4SS"}`, 400, `The field \"count\" must be a whole number in its range.`),
		post("fraction", `{"count":1.5}`, 400, `whole number`),
		post("out of range", `{"count":3000000000}`, 400, `whole number`),
		post("negative", `{"inner":{"size":-1}}`, 400, `not negative`),
		post("no number", `{"ratio":"P4SS"}`, 400, `\"ratio\" must be a number`),
		post("no flag", `{"flag":"P4SS"}`, 400, `\"flag\" must be true or false`),
		post("no object", `{"inner":"P4SS"}`, 400, `\"inner\" must be an object`),
		post("no array", `{"inner":{"names":{"P4SS":1}}}`, 400, `\"inner.names\" must be an array`),
		post("no string", `{"inner":{"names":["a",5]}}`, 400, `\"inner.names.1\" must be a string`),
		post("two values", `{"code":"P4SS"}{}`, 400, `not valid JSON at byte 15`),
		post("text after it", `{"code":"P4SS"} x`, 400, `not valid JSON at byte 16`),
		post("cut short", `{"code":"P4SS`, 400, `not valid JSON`),
		post("not UTF-8", "{\"code\":\"P4SS\xff\"}", 400, `not valid JSON`),
		post("lone surrogate", `{"code":"P4SS\ud800"}`, 400, `not valid JSON`),
		post("empty", ``, 400, `must be a JSON object`),
		post("null", `null`, 400, `must be a JSON object`),
		post("array", `[]`, 400, `must be a JSON object`),
		post("byte order mark", "\xef\xbb\xbf{}", 400, `must be a JSON object`),
		post("too long", `{"code":"`+strings.Repeat("a", 400)+`"}`, 413, `"code":"too_large"`),
		post("a long name", `{"`+strings.Repeat("界", 60)+`":1}`, 400, `…`),
		typed("application/json; charset=UTF-8", 200),
		typed("Application/JSON", 200),
		typed("application/json; charset=gbk", 400),
		typed("text/plain", 400),
		typed("application/x-www-form-urlencoded", 400),
		typed("", 400),
	})
}
