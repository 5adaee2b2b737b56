package render

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

// TestFontIsTheOneThatWasCut holds the embedded file against the sum that its script wrote.
func TestFontIsTheOneThatWasCut(t *testing.T) {
	said, err := os.ReadFile("font/SHA256")
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(notoSans); !strings.HasPrefix(string(said), hex.EncodeToString(sum[:])+" ") {
		t.Errorf("font/SHA256 says %s", said)
	}
	if len(notoSans) > 3_500_000 {
		t.Errorf("the font has %d bytes", len(notoSans))
	}
}
