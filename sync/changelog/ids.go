package changelog

import "strings"

// isUUID reports whether s is a UUID in canonical form: 36 characters, lower case. Any version is
// one, for an id's version means nothing here.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if !isHex(c) {
				return false
			}
		}
	}
	return true
}

// isSHA256 reports whether s is 64 lower-case hexadecimal digits.
func isSHA256(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if !isHex(s[i]) {
			return false
		}
	}
	return true
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

// scopeForms says which scopes an op may name.
type scopeForms uint8

const (
	unitScope     scopeForms = 1 << iota // campaign:unit
	campaignScope                        // campaign
	emptyScope                           // ""
	noScope                              // the member is missing
)

// splitScope returns the parts of a scope in one of the given forms.
func splitScope(s string, forms scopeForms) (campaign, unit string, ok bool) {
	if s == "" {
		return "", "", forms&emptyScope != 0
	}
	campaign, unit, both := strings.Cut(s, ":")
	if both {
		return campaign, unit, forms&unitScope != 0 && isUUID(campaign) && isUUID(unit)
	}
	return campaign, "", forms&campaignScope != 0 && isUUID(campaign)
}
