package picture

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
)

// The types of TIFF values that are written here.
const (
	tiffASCII    = 2
	tiffShort    = 3
	tiffLong     = 4
	tiffRational = 5
	tiffBytes    = 7
)

// A field is an entry of a TIFF directory.
type field struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

func ascii(tag uint16, s string) field {
	return field{tag, tiffASCII, uint32(len(s) + 1), append([]byte(s), 0)}
}

func short(tag, n uint16) field {
	return field{tag, tiffShort, 1, binary.BigEndian.AppendUint16(nil, n)}
}

func long(tag uint16, n uint32) field {
	return field{tag, tiffLong, 1, binary.BigEndian.AppendUint32(nil, n)}
}

func rational(tag uint16, pairs ...[2]uint32) field {
	f := field{tag: tag, kind: tiffRational, count: uint32(len(pairs))}
	for _, p := range pairs {
		f.value = binary.BigEndian.AppendUint32(f.value, p[0])
		f.value = binary.BigEndian.AppendUint32(f.value, p[1])
	}
	return f
}

// exif returns the TIFF block of a picture stored with w × h pixels; nil when the spec claims nothing.
func (s Spec) exif(w, h int) []byte {
	var first, own, gps []field
	for _, t := range []struct {
		tag  uint16
		text string
	}{{0x10f, s.Make}, {0x110, s.Model}} {
		if t.text != "" {
			first = append(first, ascii(t.tag, t.text))
		}
	}
	if s.Orientation > 0 {
		first = append(first, short(0x112, uint16(s.Orientation)))
	}
	if s.Software != "" {
		first = append(first, ascii(0x131, s.Software))
	}
	if !s.TakenAt.IsZero() {
		own = append(own, field{0x9000, tiffBytes, 4, []byte("0232")}, ascii(0x9003, s.TakenAt.Format("2006:01:02 15:04:05")))
		if !s.NoOffset {
			own = append(own, ascii(0x9011, s.TakenAt.Format("-07:00")))
		}
	}
	if s.Lat != 0 || s.Lng != 0 {
		gps = s.gps()
	}
	if len(first)+len(own)+len(gps) == 0 {
		return nil
	}
	own = append(own, long(0xa002, uint32(w)), long(0xa003, uint32(h)))
	return tiff(first, own, gps)
}

func (s Spec) gps() []field {
	side := func(n int64, plus, minus string) (string, [][2]uint32) {
		ref := plus
		if n < 0 {
			ref, n = minus, -n
		}
		n *= 36 // 1e-5 second of arc, which keeps 1e-7 degree exactly
		return ref, [][2]uint32{{uint32(n / 360_000_000), 1}, {uint32(n / 6_000_000 % 60), 1}, {uint32(n % 6_000_000), 100_000}}
	}
	latRef, lat := side(s.Lat, "N", "S")
	lngRef, lng := side(s.Lng, "E", "W")
	fields := []field{ascii(1, latRef), rational(2, lat...), ascii(3, lngRef), rational(4, lng...)}
	if s.Accuracy > 0 {
		fields = append(fields, rational(0x1f, [2]uint32{uint32(s.Accuracy), 1}))
	}
	return fields
}

// tiff lays the three directories one after another.
func tiff(first, own, gps []field) []byte {
	size := func(fields []field) (n int) {
		for _, f := range fields {
			n += 12
			if len(f.value) > 4 {
				n += (len(f.value) + 1) &^ 1
			}
		}
		return n + 6
	}
	// The pointers are part of the first directory, so its size is known before they are.
	pointers := 12
	if gps != nil {
		pointers += 12
	}
	ownAt := 8 + size(first) + pointers
	gpsAt := ownAt + size(own)
	first = append(first, long(0x8769, uint32(ownAt)))
	if gps != nil {
		first = append(first, long(0x8825, uint32(gpsAt)))
	}
	block := []byte("MM\x00\x2a\x00\x00\x00\x08")
	for _, fields := range [][]field{first, own, gps} {
		if fields != nil {
			block = directory(block, fields)
		}
	}
	return block
}

// directory appends a directory and its values to a block.
func directory(block []byte, fields []field) []byte {
	dataAt := len(block) + 2 + 12*len(fields) + 4
	var data []byte
	block = binary.BigEndian.AppendUint16(block, uint16(len(fields)))
	for _, f := range fields {
		block = binary.BigEndian.AppendUint16(block, f.tag)
		block = binary.BigEndian.AppendUint16(block, f.kind)
		block = binary.BigEndian.AppendUint32(block, f.count)
		if len(f.value) <= 4 {
			block = append(block, append(bytes.Clone(f.value), 0, 0, 0, 0)[:4]...)
			continue
		}
		block = binary.BigEndian.AppendUint32(block, uint32(dataAt+len(data)))
		data = append(data, f.value...)
		if len(data)%2 == 1 {
			data = append(data, 0)
		}
	}
	return append(append(block, 0, 0, 0, 0), data...)
}

// WithEXIF puts a TIFF block, whatever is in it, into a JPEG as its EXIF. A block beyond 65,527 bytes is cut.
func WithEXIF(jpeg, tiff []byte) []byte {
	body := append([]byte("Exif\x00\x00"), tiff[:min(len(tiff), 65527)]...)
	return insert(jpeg, 2, 0xe1, body) // right after SOI
}

// fill makes a JPEG at least as long by segments of noise before its first scan.
func fill(jpeg []byte, size int, rnd *rand.Rand) []byte {
	missing := size - len(jpeg)
	if missing <= 0 {
		return jpeg
	}
	scan := bytes.Index(jpeg, []byte{0xff, 0xda, 0x00, 0x0c}) // the header of a scan of three components
	if scan < 0 {
		return jpeg
	}
	out := make([]byte, 0, size+64)
	out = append(out, jpeg[:scan]...)
	for missing > 0 {
		body := min(max(missing-4, 8), 65533)
		out = append(out, 0xff, 0xef, byte((body+2)>>8), byte(body+2))
		for i := 0; i < body; i += 8 {
			out = binary.LittleEndian.AppendUint64(out, rnd.Uint64())
		}
		out = out[:len(out)-(body+7)/8*8+body]
		missing -= body + 4
	}
	return append(out, jpeg[scan:]...)
}

// insert puts a segment into a JPEG.
func insert(jpeg []byte, at int, marker byte, body []byte) []byte {
	out := make([]byte, 0, len(jpeg)+len(body)+4)
	out = append(out, jpeg[:at]...)
	out = append(out, 0xff, marker, byte((len(body)+2)>>8), byte(len(body)+2))
	out = append(out, body...)
	return append(out, jpeg[at:]...)
}
