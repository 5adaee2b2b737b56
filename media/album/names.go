package album

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of the parts of a path, bytes of UTF-8. A Chinese character has three, so that all of a path stays far below
// the 260 characters of Windows, in whatever folder it is unpacked.
const (
	maxUnit  = 60
	maxEvent = 90
	maxFile  = 110 // with the ending
)

// devices are the names that Windows keeps for itself, whatever their ending.
var devices = map[string]bool{"con": true, "prn": true, "aux": true, "nul": true, "conin$": true, "conout$": true, "clock$": true}

// safe returns a name that Windows, macOS and Linux all take for a file or a folder, of at most so many bytes: nothing
// reserved, nothing that is not shown, no dot or space at its ends. What nothing remains of is named by other.
func safe(name, other string, most int) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"/\|?*`, r), r == utf8.RuneError:
			return '_'
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return -1 // such as the marks that turn the direction of what is shown
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, norm.NFC.String(name))
	name = strings.Join(strings.Fields(name), " ")
	name = strings.Trim(cut(name, most), ". ")
	if name == "" {
		return other
	}
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	stem = strings.TrimSpace(stem)
	digits := strings.TrimPrefix(strings.TrimPrefix(stem, "com"), "lpt")
	if devices[stem] || digits != stem && utf8.RuneCountInString(digits) == 1 && strings.Contains("0123456789¹²³", digits) {
		name = "_" + name
	}
	return name
}

// cut shortens a text to so many bytes, between two characters.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// namer gives out names that differ in more than their case, folder by folder.
type namer struct {
	taken   map[string]bool
	folders map[string]string // by what they are for
}

func newNamer() *namer { return &namer{taken: map[string]bool{}, folders: map[string]string{}} }

// folder returns the folder of something, always the same.
func (n *namer) folder(of, parent, name string) string {
	if was, ok := n.folders[of]; ok {
		return was
	}
	path := n.unique(parent, name, "")
	n.folders[of] = path
	return path
}

// unique returns a path in a folder that was not given out.
func (n *namer) unique(folder, stem, ending string) string {
	if folder != "" {
		folder += "/"
	}
	for i := 1; ; i++ {
		path := folder + stem + ending
		if i > 1 {
			path = folder + stem + "-" + strconv.Itoa(i) + ending
		}
		if key := strings.ToLower(path); !n.taken[key] {
			n.taken[key] = true
			return path
		}
	}
}
