package sniff

import (
	"encoding/binary"
	"math"
)

// The brands (ISO/IEC 14496-12, 23008-12; what phones write) of what is accepted.
var (
	heicBrands = set("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs")
	mp4Brands  = set("isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "avc1", "M4V ", "MSNV",
		"3gp4", "3gp5", "3gp6", "3gp7", "dash", "hvc1")
	otherBrands = set("avif", "avis", "qt  ")
	// What stands at the top of a file. Others may stand there too, but are not believed when they reach beyond the end.
	topBoxes = set("ftyp", "styp", "moov", "moof", "mfra", "mdat", "meta", "free", "skip", "wide", "uuid", "sidx", "ssix", "prft",
		"pdin", "emsg", "udta", "idat", "mpvd", "sefd")
)

func set(names ...string) map[string]bool {
	m := map[string]bool{}
	for _, n := range names {
		m[n] = true
	}
	return m
}

const brandBytes = 4096 // no list of brands is longer

// iso walks the boxes of a HEIC or MP4.
func (s *scan) iso() File {
	h, ok := s.header()
	if !ok || h.body < 8 || h.body > brandBytes {
		return File{Reason: WrongType}
	}
	b, ok := s.take(int(h.body))
	f := File{MIME: byBrands(b)}
	if f.MIME == "" {
		return File{Reason: WrongType}
	}
	if !ok {
		f.Reason = Truncated
		return f
	}
	var found boxesFound
	f.Reason = s.top(&f, &found)
	if f.Reason == "" && !found.whole(f) {
		f.Reason = Truncated // a recording that was broken off has no moov
	}
	return f
}

// byBrands takes the main brand, then those that the file also obeys.
func byBrands(b []byte) string {
	if len(b) < 8 || otherBrands[string(b[:4])] {
		return ""
	}
	brands := []string{string(b[:4])}
	for at := 8; at+4 <= len(b); at += 4 {
		brands = append(brands, string(b[at:at+4]))
	}
	mime := ""
	for _, brand := range brands {
		switch {
		case brand == "avif" || brand == "avis":
			return ""
		case heicBrands[brand]:
			return "image/heic"
		case mp4Brands[brand] && string(b[:4]) != "mif1":
			mime = "video/mp4"
		}
	}
	return mime
}

type boxesFound struct{ moov, meta, data bool }

func (b boxesFound) whole(f File) bool {
	if f.Video() {
		return b.moov && b.data
	}
	return b.meta && b.data && f.Width > 0
}

// top walks what follows ftyp.
func (s *scan) top(f *File, found *boxesFound) (reason string) {
	for !s.over() {
		h, ok := s.header()
		switch {
		case h.kind == noBox:
			return s.ending()
		case !ok && found.whole(*f):
			return TrailingData
		case !ok && s.over():
			return Truncated
		case !ok:
			return WrongType
		}
		found.moov = found.moov || h.kind == "moov"
		found.meta = found.meta || h.kind == "meta"
		found.data = found.data || h.kind == "mdat"
		switch {
		case h.body < 0 && h.kind != "mdat":
			return TrailingData
		case h.body < 0:
			s.rest()
			return ""
		case h.kind == "moov", h.kind == "meta" && !f.Video():
			if reason := s.inside(h.kind, h.body, f); reason != "" {
				return reason
			}
		case !s.skip(h.body):
			if topBoxes[h.kind] {
				return Truncated
			}
			return TrailingData
		}
	}
	return ""
}

const noBox = "\x00\x00\x00\x00" // what fills up is read as boxes of this kind

// box is the header of one.
type box struct {
	kind string
	used int64 // bytes of the header
	body int64 // bytes that follow; below 0: all that is left
}

// header consumes the header of a box.
func (s *scan) header() (h box, ok bool) {
	b, ok := s.take(8)
	if !ok {
		return box{}, false
	}
	h = box{kind: string(b[4:]), used: 8, body: int64(binary.BigEndian.Uint32(b)) - 8}
	for i := range 4 {
		if h.kind[i] < ' ' {
			return h, false
		}
	}
	switch h.body + 8 {
	case 0:
		h.body = -1
		return h, true
	case 1:
		b, ok := s.take(8)
		if !ok {
			return h, false
		}
		long := binary.BigEndian.Uint64(b)
		if long < 16 || long > math.MaxInt64 {
			return h, false
		}
		return box{kind: h.kind, used: 16, body: int64(long) - 16}, true
	}
	return h, h.body >= 0
}

// within says which boxes are looked into, by the one that they are in, and how many bytes come before their own boxes.
var within = map[string]map[string]bool{
	"moov": {"trak": true},
	"trak": {"tkhd": true},
	"meta": {"iprp": true},
	"iprp": {"ipco": true},
	"ipco": {"ispe": true},
}

// inside consumes the body of a box and looks for sizes in it.
func (s *scan) inside(kind string, left int64, f *File) (reason string) {
	if kind == "meta" && left >= 4 {
		s.skip(4) // version and flags
		left -= 4
	}
	for left >= 8 {
		h, ok := s.header()
		left -= h.used
		if h.kind == noBox {
			break
		}
		if !ok || h.body < 0 || h.body > left {
			if s.over() {
				return Truncated
			}
			return WrongType
		}
		left -= h.body
		switch {
		case !within[kind][h.kind]:
			ok = s.skip(h.body)
		case h.kind == "tkhd" || h.kind == "ispe":
			ok = s.size(h.kind, h.body, f)
		default:
			reason = s.inside(h.kind, h.body, f)
		}
		if !ok {
			return Truncated
		}
		if reason != "" {
			return reason
		}
	}
	if !s.skip(left) {
		return Truncated
	}
	return ""
}

// size consumes a box that has one. Of many the largest counts: pictures are put together from tiles.
func (s *scan) size(kind string, body int64, f *File) bool {
	want, shift := 12, 0 // ispe: version and flags, width, height
	if kind == "tkhd" {
		want, shift = 84, 16 // the last eight of its bytes, in 1/65536 of a pixel
		if v := s.peek(1); len(v) == 1 && v[0] == 1 {
			want = 96
		}
	}
	if body < int64(want) {
		return s.skip(body)
	}
	b, ok := s.take(want)
	if !ok {
		return false
	}
	w, h := binary.BigEndian.Uint32(b[want-8:]), binary.BigEndian.Uint32(b[want-4:])
	f.larger(int64(w>>shift), int64(h>>shift))
	return s.skip(body - int64(want))
}
