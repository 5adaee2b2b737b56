package media

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// OriginalKey is where an original lies: once, however many scopes have it.
func OriginalKey(sum string) string { return "orig/sha256/" + sum[:2] + "/" + sum[2:4] + "/" + sum }

// OwnerKey marks that a scope's phones have brought the bytes: a server that was restored from a backup goes by it.
func OwnerKey(scope, sum string) string { return "owner/" + scopeMark(scope) + "/" + sum }

// PreviewKey is where the rendition of 480 pixels lies that the server made.
func PreviewKey(sum string) string { return "derived/" + sum + "/preview-480" }

// PhonePreviewKey is where the preview lies that a phone sent. Nobody has compared it with the original.
func PhonePreviewKey(scope, sum string) string { return "preview/" + scopeMark(scope) + "/" + sum }

// StampedKey is where the stamped copy lies. What is written on it is part of its name: a caption may change.
func StampedKey(sum, text string) string {
	t := sha256.Sum256([]byte(text))
	return "derived/" + sum + "/stamped-1600-v1-" + hex.EncodeToString(t[:8])
}

// QuarantineKey is where an original lies that was refused.
func QuarantineKey(scope, sum string) string { return "quarantine/" + scopeMark(scope) + "/" + sum }

// SpoolPrefix is what the keys of the units of an original begin with while it is not whole.
func SpoolPrefix(scope, sum string) string { return "spool/" + scopeMark(scope) + "/" + sum + "/" }

// spoolKey is where the units [first, first+n) lie that a device sent together.
func spoolKey(scope, sum string, first, n int64, device string) string {
	return fmt.Sprintf("%s%06d-%d-%s", SpoolPrefix(scope, sum), first, n, device)
}

// scopeMark is the name of a scope in keys: what people typed never gets into them.
func scopeMark(scope string) string {
	s := sha256.Sum256([]byte(scope))
	return hex.EncodeToString(s[:16])
}
