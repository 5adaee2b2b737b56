package sniff

import "encoding/binary"

const pngMark = "\x89PNG\r\n\x1a\n"

// png walks the chunks up to IEND. Their checksums are not compared: the SHA-256 of the whole is.
func (s *scan) png() File {
	f := File{MIME: "image/png"}
	s.skip(int64(len(pngMark)))
	data := false
	for first := true; ; first = false {
		b, ok := s.take(8)
		if !ok {
			f.Reason = Truncated
			return f
		}
		n, kind := int64(binary.BigEndian.Uint32(b)), string(b[4:])
		if !letters(kind) || first != (kind == "IHDR") || kind == "IHDR" && n != 13 || kind == "IEND" && (n != 0 || !data) {
			return File{Reason: WrongType}
		}
		if kind == "IHDR" {
			b, ok := s.take(8)
			if !ok {
				f.Reason = Truncated
				return f
			}
			f.Width, f.Height = int64(binary.BigEndian.Uint32(b)), int64(binary.BigEndian.Uint32(b[4:]))
			if f.Width == 0 || f.Height == 0 {
				return File{Reason: WrongType}
			}
			n -= 8
		}
		data = data || kind == "IDAT"
		if !s.skip(n + 4) { // with the checksum
			f.Reason = Truncated
			return f
		}
		if kind == "IEND" {
			f.Reason = s.ending()
			return f
		}
	}
}

func letters(kind string) bool {
	for i := range len(kind) {
		if c := kind[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// webp walks the chunks of the size that the file says it has.
func (s *scan) webp() File {
	f := File{MIME: "image/webp"}
	b, _ := s.take(12)
	left := int64(binary.LittleEndian.Uint32(b[4:])) - 4
	left += left & 1
	for left >= 8 {
		b, ok := s.take(8)
		if !ok {
			f.Reason = Truncated
			return f
		}
		kind, n := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:]))
		n += n & 1
		if left -= 8 + n; left < 0 {
			return File{Reason: WrongType}
		}
		n -= s.webpSize(&f, kind, n)
		if !s.skip(n) {
			f.Reason = Truncated
			return f
		}
	}
	switch {
	case left != 0 || f.Width == 0:
		return File{Reason: WrongType}
	default:
		f.Reason = s.ending()
	}
	return f
}

// webpSize takes the size from a chunk that has one, and returns how many of its n bytes it consumed. A file with a canvas
// (VP8X) has frames inside it, so what is largest counts.
func (s *scan) webpSize(f *File, kind string, n int64) (used int64) {
	want := map[string]int{"VP8X": 10, "VP8 ": 10, "VP8L": 5}[kind]
	if want == 0 || n < int64(want) {
		return 0
	}
	b, ok := s.take(want)
	if !ok {
		return int64(len(b))
	}
	var w, h int64
	switch {
	case kind == "VP8X":
		w, h = 1+little24(b[4:]), 1+little24(b[7:])
	case kind == "VP8L" && b[0] == 0x2f:
		bits := binary.LittleEndian.Uint32(b[1:])
		w, h = 1+int64(bits&0x3fff), 1+int64(bits>>14&0x3fff)
	case kind == "VP8 " && string(b[3:6]) == "\x9d\x01\x2a":
		w, h = int64(binary.LittleEndian.Uint16(b[6:])&0x3fff), int64(binary.LittleEndian.Uint16(b[8:])&0x3fff)
	}
	f.larger(w, h)
	return int64(want)
}

func little24(b []byte) int64 { return int64(b[0]) | int64(b[1])<<8 | int64(b[2])<<16 }

// larger takes a size if it has more pixels than the one that is known.
func (f *File) larger(w, h int64) {
	if (File{Width: w, Height: h}).Pixels() > f.Pixels() {
		f.Width, f.Height = w, h
	}
}
