package render

import (
	"bytes"
	"encoding/binary"
	"io"
)

// A kind of file, by its first bytes.
type kind int

const (
	other kind = iota
	jpegKind
	pngKind
	webpKind
)

const (
	maxParts = 4096     // segments or chunks that are looked at for EXIF
	maxEXIF  = 64 << 10 // bytes of EXIF that are read
)

var pngMagic = []byte("\x89PNG\r\n\x1a\n")

// MayDecode reports whether a file that begins so may be decoded: 12 bytes tell.
func MayDecode(first []byte) bool { return kindOf(first) != other }

func kindOf(first []byte) kind {
	switch {
	case bytes.HasPrefix(first, []byte{0xff, 0xd8, 0xff}):
		return jpegKind
	case bytes.HasPrefix(first, pngMagic):
		return pngKind
	case len(first) >= 12 && string(first[:4]) == "RIFF" && string(first[8:12]) == "WEBP":
		return webpKind
	}
	return other
}

// kindAndEXIF finds the TIFF block of a file's EXIF, nil when there is none.
func kindAndEXIF(r io.ReadSeeker) (kind, []byte) {
	var first [12]byte
	n, _ := io.ReadFull(r, first[:])
	k := kindOf(first[:n])
	var block []byte
	switch k {
	case jpegKind:
		block = jpegEXIF(r)
	case pngKind:
		block = chunkEXIF(r, 8, binary.BigEndian, false)
	case webpKind:
		block = chunkEXIF(r, 12, binary.LittleEndian, true)
	}
	// Some writers put JPEG's mark before the block in PNG and WebP too.
	return k, bytes.TrimPrefix(block, []byte("Exif\x00\x00"))
}

// jpegEXIF walks the segments before the first scan.
func jpegEXIF(r io.ReadSeeker) []byte {
	at := int64(2)
	for range maxParts {
		var head [4]byte
		if !readAt(r, at, head[:]) || head[0] != 0xff {
			return nil
		}
		marker, size := head[1], int64(binary.BigEndian.Uint16(head[2:]))
		switch {
		case marker == 0xff: // a byte of padding
			at++
			continue
		case marker == 0x01, marker >= 0xd0 && marker <= 0xd7: // no length
			at += 2
			continue
		case marker == 0xda, marker == 0xd9, size < 2:
			return nil
		case marker == 0xe1 && size > 8:
			body := make([]byte, size-2)
			if n := readSome(r, at+4, body); bytes.HasPrefix(body[:n], []byte("Exif\x00\x00")) {
				return body[:n]
			}
		}
		at += 2 + size
	}
	return nil
}

// chunkEXIF walks the chunks of PNG (size, name, data, sum) or of RIFF (name, size, data, an even number of bytes).
func chunkEXIF(r io.ReadSeeker, at int64, order binary.ByteOrder, riff bool) []byte {
	for range maxParts {
		var head [8]byte
		if !readAt(r, at, head[:]) {
			return nil
		}
		name, size, over := string(head[4:]), int64(order.Uint32(head[:4])), int64(4)
		if riff {
			name, size = string(head[:4]), int64(order.Uint32(head[4:]))
			over = size & 1
		}
		if name == "eXIf" || name == "EXIF" {
			body := make([]byte, min(size, maxEXIF))
			return body[:readSome(r, at+8, body)]
		}
		if name == "IEND" {
			return nil
		}
		at += 8 + size + over
	}
	return nil
}

func readAt(r io.ReadSeeker, at int64, p []byte) bool { return readSome(r, at, p) == len(p) }

// readSome reads what there is of p at an offset.
func readSome(r io.ReadSeeker, at int64, p []byte) int {
	if _, err := r.Seek(at, io.SeekStart); err != nil {
		return 0
	}
	n, _ := io.ReadFull(r, p)
	return n
}
