package httpapi

import (
	"bytes"
	"errors"
	"mime"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/gofiber/fiber/v2"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// Decode reads a JSON object of at most limit bytes (see [Body] for gzip) into a T.
//
// It is strict: the content type must be application/json; unknown members, members given
// twice, names in another case, invalid UTF-8 (RFC 8259 §8.1) and anything after the object are
// refused. A member that is absent or null leaves the zero value: what must be there is for the
// handler to check.
//
// The problems are too_large, bad_encoding and invalid; the last names the field in its sentence
// and in its member "field". Values that were sent are never repeated, neither to the caller
// nor in the log.
func Decode[T any](c *fiber.Ctx, limit int) (T, error) {
	var v T
	if err := isJSON(c); err != nil {
		return v, err
	}
	raw, err := Body(c, limit)
	if err != nil {
		return v, err
	}
	if first := bytes.TrimLeft(raw, " \t\r\n"); len(first) == 0 || first[0] != '{' {
		return v, problem.New(problem.Invalid, "The body must be a JSON object.").ZH("提交的内容须是 JSON 对象。")
	}
	if err := json.Unmarshal(raw, &v, json.RejectUnknownMembers(true)); err != nil {
		var zero T
		return zero, refusal(err)
	}
	return v, nil
}

func isJSON(c *fiber.Ctx) error {
	media, params, err := mime.ParseMediaType(string(c.Request().Header.ContentType()))
	charset, given := params["charset"]
	if err != nil || media != fiber.MIMEApplicationJSON || given && !strings.EqualFold(charset, "utf-8") {
		return problem.New(problem.Invalid, "The content type must be application/json.").
			ZH("提交的内容类型须是 application/json。")
	}
	return nil
}

// refusal says in one sentence what is wrong with the JSON.
func refusal(err error) *problem.Error {
	var semantic *json.SemanticError
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &syntax):
		if errors.Is(syntax.Err, jsontext.ErrDuplicateName) {
			return field(syntax.JSONPointer, "is given twice", "重复")
		}
		return problem.New(problem.Invalid, "The body is not valid JSON at byte %d.", syntax.ByteOffset).
			ZH("提交的内容第 %d 字节处不是有效的 JSON。", syntax.ByteOffset)
	case errors.As(err, &semantic):
		if errors.Is(semantic.Err, json.ErrUnknownName) {
			return field(semantic.JSONPointer, "is not known here", "不是这里的填写项")
		}
		en, zh := wanted(semantic.GoType)
		return field(semantic.JSONPointer, "must be "+en, "须为"+zh)
	}
	return problem.New(problem.Invalid, "The body cannot be read.").ZH("提交的内容无法读取，请检查后再试。")
}

// maxFieldName limits how much of a caller's own name is repeated, in bytes.
const maxFieldName = 80

// field is a problem with the member at p, written as a.b.0.
func field(p jsontext.Pointer, fault, zh string) *problem.Error {
	var tokens []string
	for token := range p.Tokens() {
		tokens = append(tokens, token)
	}
	name := strings.Join(tokens, ".")
	if len(name) > maxFieldName {
		name = strings.ToValidUTF8(name[:maxFieldName], "") + "…"
	}
	if name == "" {
		return problem.New(problem.Invalid, "The body %s.", fault).ZH("提交的内容%s。", zh)
	}
	return problem.New(problem.Invalid, "The field %q %s.", name, fault).ZH("字段“%s”%s。", name, zh).With("field", name)
}

// wanted describes a Go type in the words of JSON, in English and in Chinese.
func wanted(t reflect.Type) (en, zh string) {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return "of another type", "其他类型"
	}
	switch t.Kind() {
	case reflect.String:
		return "a string", "文字"
	case reflect.Bool:
		return "true or false", " true 或 false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number in its range", "范围内的整数"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number, not negative, in its range", "范围内的非负整数"
	case reflect.Float32, reflect.Float64:
		return "a number", "数字"
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return "a base64 string", " base64 文字"
		}
		return "an array", "列表"
	case reflect.Struct, reflect.Map:
		return "an object", "对象"
	}
	return "of another type", "其他类型"
}
