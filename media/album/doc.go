// Package album writes the photos of a campaign, a unit or an event as one zip while it is sent: originals, or copies with
// time and place written on them, in a folder for each event within one for each unit, and a list of all photos, missing
// ones too. It holds one photo at a time only in part, so memory does not grow with the album but by some hundred bytes a
// photo, for its name.
//
// The zip is not compressed (pictures are), may pass 4 GiB (ZIP64), and ends with its directory: one that broke off in the
// middle opens nowhere. [Write] ends with an error then, and whoever sends it must break the connection off.
package album
