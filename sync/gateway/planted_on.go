//go:build planted

package gateway

import "os"

// planted reports whether a known bug is switched on by FIELDSYNC_PLANT. Only the simulator's own
// tests build this.
func planted(bug string) bool { return os.Getenv("FIELDSYNC_PLANT") == bug }
