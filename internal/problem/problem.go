// Package problem holds the one error type of fieldsync.
//
// A problem carries a stable code that programs compare, a public sentence that people may
// read, and a private cause that is logged once and never shown. The HTTP border turns it into
// an RFC 9457 document; commands print the sentence. A problem knows nothing of HTTP.
package problem

import (
	"errors"
	"fmt"
)

// Code is a stable domain word. Codes are part of the protocol: they are never renamed.
type Code string

// The codes of transport faults and of refused office actions. Line verdicts have codes of
// their own in package models.
const (
	Internal      Code = "internal"       // a fault of ours; the cause is in the log
	Invalid       Code = "invalid"        // a request that cannot be read
	BadHeader     Code = "bad_header"     // the batch header is not one
	BadHash       Code = "bad_hash"       // lines and hashes do not belong together
	BadSignature  Code = "bad_signature"  // the batch is not signed by the device's key
	BadEncoding   Code = "bad_encoding"   // broken gzip or an encoding that is not spoken here
	TooLarge      Code = "too_large"      // over a limit: send less at once
	Gap           Code = "gap"            // the server lacks earlier lines
	Fork          Code = "fork"           // the server holds other lines at these places
	Reset         Code = "reset"          // the server was restored: pull all anew
	BadCursor     Code = "bad_cursor"     // the cursor was not made here
	Unauthorized  Code = "unauthorized"   // no token, or one that is not valid
	TokenExpired  Code = "token_expired"  // the access token is over
	BadAssertion  Code = "bad_assertion"  // the RFC 7523 assertion is not acceptable
	ClockSkew     Code = "clock_skew"     // the assertion's iat is too far from the server's time
	Replayed      Code = "replayed"       // the assertion was used before
	UnknownDevice Code = "unknown_device" // enrol again
	Forbidden     Code = "forbidden"      // known, but not allowed
	NotFound      Code = "not_found"      // nothing there, or nothing you may see
	BadCode       Code = "bad_code"       // the enrolment code is unknown
	CodeUsed      Code = "code_used"      // the enrolment code was used by another phone
	CodeExpired   Code = "code_expired"   // the enrolment code is over
	BadLogin      Code = "bad_login"      // no such login with such a password
	Locked        Code = "locked"         // too many failed sign-ins: again later
	Moved         Code = "moved"          // the record changed since it was looked at
	Conflict      Code = "conflict"       // two truths: settle them first
	Overloaded    Code = "overloaded"     // too much at once: the same again later
	Unavailable   Code = "unavailable"    // the store is in trouble: the same again later
	Method        Code = "method"         // that path does not take this method
	BadDigest     Code = "bad_digest"     // the bytes do not have the SHA-256 that was sent beside them
	HashMismatch  Code = "hash_mismatch"  // all units are here and the whole is not what was announced: send them anew
	Quota         Code = "quota"          // the device has no room left for originals
	BadRange      Code = "bad_range"      // the range of bytes lies outside of what there is
)

// Error is a fault with a public face.
type Error struct {
	Code   Code           // stable, compared by programs
	Msg    string         // one public sentence; nothing of the inside
	MsgZH  string         // the same in Chinese, for who works in the office; "": see InChinese
	Cause  error          // private, for the log
	Fields map[string]any // further public members of the problem document
	Retry  int            // seconds after which the same request may succeed; 0: do not repeat it
}

// New returns a problem with a formatted public sentence.
func New(code Code, format string, a ...any) *Error {
	return &Error{Code: code, Msg: fmt.Sprintf(format, a...)}
}

// Wrap returns a problem that hides cause behind a public sentence.
func Wrap(cause error, code Code, format string, a ...any) *Error {
	return &Error{Code: code, Msg: fmt.Sprintf(format, a...), Cause: cause}
}

// ZH gives the problem its public sentence in Chinese and returns e. The sentence takes the values of
// the English one; where Chinese puts them in another order it says so ("%[2]s").
func (e *Error) ZH(format string, a ...any) *Error {
	e.MsgZH = fmt.Sprintf(format, a...)
	return e
}

// InChinese returns the public sentence in Chinese: the problem's own, or the one of its code.
func (e *Error) InChinese() string {
	if e.MsgZH != "" {
		return e.MsgZH
	}
	return chinese[e.Code]
}

// With adds one public member and returns e.
func (e *Error) With(name string, value any) *Error {
	if e.Fields == nil {
		e.Fields = map[string]any{}
	}
	e.Fields[name] = value
	return e
}

// RetryAfter says after how many seconds the same request may succeed, and returns e.
func (e *Error) RetryAfter(seconds int) *Error {
	e.Retry = seconds
	return e
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return string(e.Code) + ": " + e.Msg + ": " + e.Cause.Error()
	}
	return string(e.Code) + ": " + e.Msg
}

func (e *Error) Unwrap() error { return e.Cause }

// CodeOf returns the code of the first problem in err's chain, Internal for any other error and
// the empty code for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var p *Error
	if errors.As(err, &p) {
		return p.Code
	}
	return Internal
}
