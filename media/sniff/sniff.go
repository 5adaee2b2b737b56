// Package sniff says what kind of file some bytes are, by walking its structure from the first byte to the last. It
// decodes no picture and holds a few hundred KiB, however large the file.
//
// The accepted kinds are JPEG, PNG, WebP, HEIC and MP4. AVIF, QuickTime (.mov, whose main brand is "qt  "), GIF and
// everything else are of the wrong type. A PNG, WebP, HEIC or MP4 must end where its structure ends, or at zeros that fill it
// up; what follows is trailing data. Behind a whole JPEG cameras put more: further JPEGs (several pictures in one, gain
// maps), the MP4 of a motion photo, trailers of their makers. None of that need be whole or known, for the picture is. Only
// what begins, where all that is known ends, like a file that somebody could read out is trailing data: an archive, a PDF,
// a program, a GIF, a page of HTML, a script. So is, in a file of any kind, a zip archive that ends with the file, wherever
// in it the archive begins. That is no proof of anything: there are places in every kind of file where things can be hidden.
package sniff

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"math/bits"
)

// Why a file is not accepted. The words are part of the protocol.
const (
	WrongType    = "wrong_type"    // none of the kinds, or one in name only
	Truncated    = "truncated"     // one of them that breaks off
	TrailingData = "trailing_data" // one of them, and then something else
)

// A File is what is known of one after its last byte.
type File struct {
	MIME          string // image/jpeg, image/png, image/webp, image/heic, video/mp4; "" of the wrong type
	Width, Height int64  // pixels as stored, before any orientation; 0: unknown
	Reason        string // "" is accepted
}

// Pixels returns width × height, or the largest number there is if that is larger.
func (f File) Pixels() int64 {
	hi, lo := bits.Mul64(uint64(f.Width), uint64(f.Height))
	if hi > 0 || lo > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(lo)
}

// Video reports whether it is one.
func (f File) Video() bool { return f.MIME == "video/mp4" }

// Look reads r to its end and says what it is. An error is r's.
func Look(r io.Reader) (File, error) {
	s := &scan{r: r}
	f := s.file()
	s.rest()
	if s.err != io.EOF {
		return File{}, s.err
	}
	if f.Reason == "" && s.endsAsZip() {
		f.Reason = TrailingData
	}
	if f.Reason == WrongType {
		return File{Reason: WrongType}, nil
	}
	return f, nil
}

func (s *scan) file() File {
	head := s.peek(12)
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return s.jpeg()
	case bytes.HasPrefix(head, []byte(pngMark)):
		return s.png()
	case len(head) == 12 && string(head[:4]) == "RIFF" && string(head[8:]) == "WEBP":
		return s.webp()
	case len(head) == 12 && string(head[4:8]) == "ftyp":
		return s.iso()
	}
	return File{Reason: WrongType}
}

// scan reads a file once, from the front.
type scan struct {
	r    io.Reader
	buf  [32 << 10]byte
	at   int // what is not consumed of buf is [at:end]
	end  int
	err  error // why there is nothing after buf: io.EOF, or an error of r
	tail []byte

	strayed bool // the last search for a marker passed something over
}

const (
	zipEnd  = 22                 // bytes of the record that ends a zip archive, without its comment
	tailLen = zipEnd + 1<<16 - 1 // and with the longest one
)

// fill reads more behind what is there. It reports whether it got any.
func (s *scan) fill() bool {
	if s.at > 0 {
		s.end = copy(s.buf[:], s.buf[s.at:s.end])
		s.at = 0
	}
	for range 100 {
		if s.err != nil || s.end == len(s.buf) {
			return false
		}
		n, err := s.r.Read(s.buf[s.end:])
		s.keep(s.buf[s.end : s.end+n])
		s.end += n
		s.err = err
		if n > 0 {
			return true
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// keep remembers the last bytes of the file.
func (s *scan) keep(b []byte) {
	if s.tail == nil {
		s.tail = make([]byte, 0, 2*tailLen)
	}
	if len(s.tail)+len(b) > cap(s.tail) {
		n := copy(s.tail, s.tail[len(s.tail)-tailLen:])
		s.tail = s.tail[:n]
	}
	s.tail = append(s.tail, b...)
}

// endsAsZip looks for an archive that ends where the file ends: zip is read from behind, so any file may be one as well.
func (s *scan) endsAsZip() bool {
	tail := s.tail[max(0, len(s.tail)-tailLen):]
	for end := len(tail); ; {
		at := bytes.LastIndex(tail[:end], []byte("PK\x05\x06"))
		if at < 0 {
			return false
		}
		if at+zipEnd <= len(tail) && at+zipEnd+int(binary.LittleEndian.Uint16(tail[at+20:])) == len(tail) {
			return true
		}
		end = at
	}
}

// peek returns up to n of the next bytes, without consuming them. n is small.
func (s *scan) peek(n int) []byte {
	for s.end-s.at < n && s.fill() {
		continue
	}
	return s.buf[s.at:min(s.end, s.at+n)]
}

// next consumes one byte.
func (s *scan) next() (b byte, ok bool) {
	if s.at == s.end && !s.fill() {
		return 0, false
	}
	s.at++
	return s.buf[s.at-1], true
}

// take consumes n bytes, which are good until the next call. n is small.
func (s *scan) take(n int) (b []byte, ok bool) {
	b = s.peek(n)
	s.at += len(b)
	return b, len(b) == n
}

// skip consumes n bytes and reports whether there were so many.
func (s *scan) skip(n int64) bool {
	for n > 0 {
		if s.at == s.end && !s.fill() {
			return false
		}
		step := min(n, int64(s.end-s.at))
		s.at += int(step)
		n -= step
	}
	return true
}

// rest consumes everything.
func (s *scan) rest() { s.skip(math.MaxInt64) }

// zeros consumes zeros and reports whether the file ends after them.
func (s *scan) zeros() (ended bool) {
	for {
		for s.at < s.end {
			if s.buf[s.at] != 0 {
				return false
			}
			s.at++
		}
		if !s.fill() {
			return true
		}
	}
}

// over reports whether nothing is left.
func (s *scan) over() bool { return len(s.peek(1)) == 0 }

// ending judges what follows the structure of a file that has no business being followed.
func (s *scan) ending() string {
	if s.zeros() {
		return ""
	}
	return TrailingData
}
