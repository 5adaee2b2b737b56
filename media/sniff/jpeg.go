package sniff

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// Markers of JPEG (ITU-T T.81, table B.1): the byte after 0xff.
const (
	markTEM  = 0x01
	markSOF0 = 0xc0
	markDHT  = 0xc4
	markJPG  = 0xc8
	markDAC  = 0xcc
	markSOFf = 0xcf
	markRST0 = 0xd0
	markRST7 = 0xd7
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
)

func (s *scan) jpeg() File {
	f := File{MIME: "image/jpeg"}
	if f.Reason = s.jpegPicture(&f); f.Reason == "" {
		f.Reason = s.jpegTrailer()
	}
	return f
}

// jpegPicture walks one picture from SOI to EOI. What breaks its rules before there is a scan is no JPEG.
func (s *scan) jpegPicture(f *File) (reason string) {
	s.take(2)
	scans := false
	for {
		mark, ok := s.marker()
		if !ok && f.Width == 0 && s.strayed {
			return WrongType
		}
		if !ok {
			return Truncated
		}
		switch {
		case mark == markEOI && scans:
			return ""
		case mark == markTEM, markRST0 <= mark && mark <= markRST7:
			continue
		case mark == markEOI, mark == markSOI:
			return WrongType
		}
		if reason := s.segment(mark, f); reason != "" {
			return reason
		}
		if mark == markSOS {
			if f.Width == 0 {
				return WrongType
			}
			scans = true
			if !s.scanData() {
				return Truncated
			}
		}
	}
}

// marker consumes 0xff, as many as there are, and returns what follows. What decoders pass over between segments is no
// fault: bytes before the 0xff, and 0xff with a zero behind it.
func (s *scan) marker() (mark byte, ok bool) {
	s.strayed = false
	for {
		b, ok := s.next()
		for ok && b != 0xff {
			s.strayed = true
			b, ok = s.next()
		}
		for ok && b == 0xff {
			b, ok = s.next()
		}
		if !ok || b != 0 {
			return b, ok
		}
		s.strayed = true
	}
}

// segment consumes the segment of a marker and takes the size from a frame header.
func (s *scan) segment(mark byte, f *File) (reason string) {
	b, ok := s.take(2)
	if !ok {
		return Truncated
	}
	left := int64(binary.BigEndian.Uint16(b)) - 2
	if left < 0 {
		return WrongType
	}
	frame := markSOF0 <= mark && mark <= markSOFf && mark != markDHT && mark != markJPG && mark != markDAC
	if frame {
		if f.Width > 0 || left < 6 {
			return WrongType // a second frame would be of another size
		}
		b, ok := s.take(5)
		if !ok {
			return Truncated
		}
		f.Height, f.Width = int64(binary.BigEndian.Uint16(b[1:])), int64(binary.BigEndian.Uint16(b[3:]))
		if f.Height == 0 || f.Width == 0 {
			return WrongType
		}
		left -= 5
	}
	if !s.skip(left) {
		return Truncated
	}
	return ""
}

// scanData consumes what is coded up to the next marker that is not part of it, and leaves that.
func (s *scan) scanData() bool {
	for {
		at := bytes.IndexByte(s.buf[s.at:s.end], 0xff)
		if at < 0 {
			s.at = s.end
			if !s.fill() {
				return false
			}
			continue
		}
		s.at += at
		b := s.peek(2)
		if len(b) < 2 {
			return false
		}
		switch mark := b[1]; {
		case mark == 0, markRST0 <= mark && mark <= markRST7:
			s.at += 2
		case mark == 0xff:
			s.at++
		default:
			return true
		}
	}
}

// jpegTrailer judges what cameras put behind a picture. It need not be whole.
func (s *scan) jpegTrailer() (reason string) {
	for {
		switch head := s.peek(8); {
		case len(head) == 0:
			return ""
		case len(head) == 8 && string(head[4:]) == "ftyp":
			s.motion()
		case head[0] == 0: // also how the size of a box begins
			s.at++
		case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
			if s.jpegPicture(&File{}) != "" {
				return s.vendor()
			}
		default:
			return s.vendor()
		}
	}
}

// motion consumes the MP4 of a motion photo. Something else may follow it.
func (s *scan) motion() {
	for {
		head := s.peek(8)
		if len(head) < 8 || !topBoxes[string(head[4:])] {
			return
		}
		h, ok := s.header()
		if !ok {
			return
		}
		if h.body < 0 {
			s.rest()
			return
		}
		s.skip(h.body)
	}
}

// hidden are the beginnings of files that somebody could read out from behind a picture, in lower case.
var hidden = []string{"pk\x03\x04", "rar!\x1a", "7z\xbc\xaf", "%pdf", "<html", "<!doctype", "<script", "<svg", "<?xml", "<?php",
	"\x7felf", "gif8", "#!/"}

// vendor judges what is none of the known trailers. Camera programs write things of their own behind pictures, and new
// phones other things than old ones: a photo is not refused because of what nobody has seen yet, for it is evidence, and it
// is only given out as what it is.
func (s *scan) vendor() (reason string) {
	head := strings.ToLower(string(bytes.TrimLeft(s.peek(64), " \t\r\n\ufeff")))
	for _, begin := range hidden {
		if strings.HasPrefix(head, begin) {
			return TrailingData
		}
	}
	s.rest()
	return ""
}
