// Package render makes what people look at of the originals of photos, and finds what a file says of itself.
//
// [Facts] reads EXIF without decoding a pixel, and [Compare] lists where it differs from what a phone claimed.
// [Decode] decodes a picture once, within bounds, to a copy of at most 1600 pixels; of that copy a [Picture] makes the
// preview, the likeness by which near duplicates are found, and the stamped copy with time, place and caption. EXIF's
// orientation is applied to the copy. The original is never written.
//
// Everything is pure: bytes in, bytes out. What cannot be made is a [Refusal], a stable word; any other error is the
// reader's own.
package render
