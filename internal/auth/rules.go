package auth

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// Limits of logins and passwords, in characters (code points of the NFKC form).
const (
	MinLogin    = 2
	MaxLogin    = 64
	MinPassword = 10
	MaxPassword = 200
)

// NormalizeLogin returns the one spelling of a login that a person typed: NFKC, so that the
// full-width forms of Chinese keyboards do not matter, lower case, without spaces around. Letters
// a–z, digits, . _ - @ and Chinese characters make a login. The problem is invalid with the member
// field.
func NormalizeLogin(typed string) (string, error) {
	if len(typed) > maxTyped {
		return "", badField("login", "A login has at most %d characters.", "账号最多 %d 个字。", MaxLogin)
	}
	login := strings.ToLower(strings.TrimSpace(norm.NFKC.String(typed)))
	for _, r := range login {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-@", r) || unicode.Is(unicode.Han, r)) {
			return "", badField("login", "A login is made of letters, digits, the signs . _ - @ and Chinese characters.", "账号只能用字母、数字、汉字和 . _ - @。")
		}
	}
	if n := utf8.RuneCountInString(login); n < MinLogin || n > MaxLogin {
		return "", badField("login", "A login has %d to %d characters.", "账号须为 %d 至 %d 个字。", MinLogin, MaxLogin)
	}
	return login, nil
}

// CheckNewPassword reports, as a problem invalid with the member field, what is wrong with a
// password that somebody chose. Length is what counts and kinds of characters are not asked for
// (NIST SP 800-63B §3.1.1.2); refused is only what is guessed first: the login, one short piece over and
// over, and one or two runs along the alphabet, the digits or the keyboard.
func CheckNewPassword(login, password string) error {
	if !utf8.ValidString(password) {
		return badField("password", "The password is not readable text.", "密码中有无法识别的字符，请重新输入。")
	}
	if len(password) > maxTyped {
		return badField("password", "A password has at most %d characters.", "密码最多 %d 个字。", MaxPassword)
	}
	folded := []rune(strings.ToLower(norm.NFKC.String(password)))
	switch n := utf8.RuneCountInString(norm.NFKC.String(password)); {
	case n < MinPassword:
		return badField("password", "A password has at least %d characters.", "密码至少 %d 个字。", MinPassword)
	case n > MaxPassword:
		return badField("password", "A password has at most %d characters.", "密码最多 %d 个字。", MaxPassword)
	case string(folded) == strings.ToLower(norm.NFKC.String(login)):
		return badField("password", "The password must not be the login.", "密码不能与账号相同。")
	case repeats(folded) || runs(folded) <= 2:
		return badField("password", "This password is guessed at once. Take a longer sentence.", "密码太容易猜到，不要用重复字符或键盘连号，建议用一句话。")
	}
	return nil
}

func badField(field, format, zh string, a ...any) error {
	return problem.New(problem.Invalid, format, a...).ZH(zh, a...).With("field", field)
}

// maxPiece is the longest piece, in characters, that does not make a password by being repeated.
const maxPiece = 4

// repeats reports text that is one short piece over and over, the last time perhaps cut.
func repeats(text []rune) bool {
	for piece := 1; piece <= maxPiece; piece++ {
		same := true
		for i := piece; i < len(text) && same; i++ {
			same = text[i] == text[i-piece]
		}
		if same {
			return true
		}
	}
	return false
}

// The neighbours of a keyboard, row by row.
var keyboard = []string{"`1234567890-=", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./"}

// runs counts the pieces of text in which each character follows from the one before: the same, the
// next or the last of the alphabet, or the key to the right or the left.
func runs(text []rune) int {
	n := 1
	var way step
	for i := 1; i < len(text); i++ {
		next := stepOf(text[i-1], text[i])
		if next == jump || way != 0 && next != way {
			n++
			way = 0 // this character begins a new run
			continue
		}
		way = next
	}
	return n
}

type step int

const (
	jump step = iota + 1
	still
	forth
	back
)

func stepOf(a, b rune) step {
	switch {
	case a == b:
		return still
	case b == a+1, rightOf(a, b):
		return forth
	case a == b+1, rightOf(b, a):
		return back
	}
	return jump
}

func rightOf(a, b rune) bool {
	for _, row := range keyboard {
		if at := strings.IndexRune(row, a); at >= 0 && strings.HasPrefix(row[at+1:], string(b)) {
			return true
		}
	}
	return false
}
