package openapi

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// members is a JSON object that keeps its order.
type members[T any] []member[T]

type member[T any] struct {
	name  string
	value T
}

func (m *members[T]) put(name string, value T) { *m = append(*m, member[T]{name, value}) }

func (m members[T]) get(name string) (value T, ok bool) {
	for i := range m {
		if m[i].name == name {
			return m[i].value, true
		}
	}
	return value, false
}

func (m members[T]) MarshalJSONTo(enc *jsontext.Encoder) error {
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for i := range m {
		if err := enc.WriteToken(jsontext.String(m[i].name)); err != nil {
			return err
		}
		if err := json.MarshalEncode(enc, m[i].value); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}

func (m *members[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != jsontext.KindEndObject {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		word := name.String()
		var value T
		if err := json.UnmarshalDecode(dec, &value); err != nil {
			return err
		}
		m.put(word, value)
	}
	_, err := dec.ReadToken()
	return err
}

// kinds is the type of a schema: one word, or an array with null beside it.
type kinds []string

func (k kinds) MarshalJSONTo(enc *jsontext.Encoder) error {
	if len(k) == 1 {
		return enc.WriteToken(jsontext.String(k[0]))
	}
	return json.MarshalEncode(enc, []string(k))
}

func (k *kinds) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == jsontext.KindString {
		word, err := dec.ReadToken()
		*k = kinds{word.String()}
		return err
	}
	return json.UnmarshalDecode(dec, (*[]string)(k))
}
