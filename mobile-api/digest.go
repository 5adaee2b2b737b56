package mobileapi

import (
	"encoding/base64"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// maxDigest bounds the header Content-Digest, bytes: several algorithms beside each other, and no more.
const maxDigest = 1024

// contentDigest returns the SHA-256 of a Content-Digest field (RFC 9530 §2): a dictionary of byte sequences (RFC 9651
// §3.2 and §3.3.5) by algorithm, of which all but sha-256 are ignored. Several fields are one list. The last of two equal
// keys counts, as for every dictionary. The problem is invalid.
func contentDigest(values []string) (sum [32]byte, err error) {
	all := strings.Join(values, ",")
	if len(all) > maxDigest {
		return sum, noDigest("is too long")
	}
	found := false
	for rest := all; ; {
		rest = strings.TrimLeft(rest, " \t")
		if rest == "" {
			break
		}
		key, value, tail, ok := digestMember(rest)
		if !ok {
			return sum, noDigest("cannot be read")
		}
		if key == "sha-256" {
			if len(value) != len(sum) {
				return sum, noDigest("must hold 32 bytes of sha-256")
			}
			copy(sum[:], value)
			found = true
		}
		tail = strings.TrimLeft(tail, " \t")
		if tail == "" {
			break
		}
		if tail[0] != ',' || strings.Trim(tail, ", \t") == "" { // a comma leads to another member
			return sum, noDigest("cannot be read")
		}
		rest = tail[1:]
	}
	if !found {
		return sum, noDigest("is needed, with sha-256")
	}
	return sum, nil
}

// digestMember takes one member of the dictionary off the text: key=:base64: and parameters, which mean nothing here.
func digestMember(s string) (key string, value []byte, rest string, ok bool) {
	n := 0
	for n < len(s) && keyByte(s[n], n == 0) {
		n++
	}
	key, rest = s[:n], s[n:]
	if n == 0 || !strings.HasPrefix(rest, "=:") {
		return "", nil, "", false
	}
	text, rest, closed := strings.Cut(rest[2:], ":")
	if !closed || strings.ContainsAny(text, "\r\n") { // package base64 skips line breaks
		return "", nil, "", false
	}
	value, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		// Padding may be missing (RFC 9651 §4.2.7).
		if value, err = base64.RawStdEncoding.DecodeString(text); err != nil {
			return "", nil, "", false
		}
	}
	for strings.HasPrefix(rest, ";") {
		end := strings.IndexByte(rest[1:], ',')
		if semicolon := strings.IndexByte(rest[1:], ';'); end < 0 || semicolon >= 0 && semicolon < end {
			end = semicolon
		}
		if end < 0 {
			return key, value, "", true
		}
		rest = rest[1+end:]
	}
	return key, value, rest, true
}

// keyByte reports whether a key of a dictionary may hold b (RFC 9651 §3.1.2).
func keyByte(b byte, first bool) bool {
	if b >= 'a' && b <= 'z' || b == '*' {
		return true
	}
	return !first && (b >= '0' && b <= '9' || b == '_' || b == '-' || b == '.')
}

func noDigest(fault string) error {
	return problem.New(problem.Invalid, "The header Content-Digest %s.", fault).
		ZH("照片上传请求缺少有效的 Content-Digest 请求头。").With("field", "Content-Digest")
}
