// Package jobs does what nobody waits for: it makes previews of stored originals, keeps what their files say of
// themselves, and finds pictures that look alike. On demand it makes the stamped copies, which somebody does wait for.
//
// Decoding a picture takes much memory for a moment. So all that is decoded in a process goes through one pool of two
// places, of which the previews take one.
package jobs
