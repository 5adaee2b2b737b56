//go:build !planted

package gateway

// planted reports whether a known bug is switched on. In this build it never is, and the compiler
// leaves nothing of it; the tests of the simulator build with the tag to prove that it finds each.
func planted(string) bool { return false }
