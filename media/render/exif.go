package render

import (
	"encoding/binary"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The tags that are read, by the directory they stand in.
const (
	tagMake        = 0x10f
	tagModel       = 0x110
	tagOrientation = 0x112
	tagSoftware    = 0x131
	tagExif        = 0x8769 // where the directory of the picture's own tags is
	tagGPS         = 0x8825
	tagTaken       = 0x9003
	tagOffset      = 0x9011

	gpsLatRef   = 1
	gpsLat      = 2
	gpsLngRef   = 3
	gpsLng      = 4
	gpsAccuracy = 0x1f
)

const (
	maxEntries = 512 // of one directory
	maxText    = 64  // characters of a text
)

// A block is EXIF as TIFF lays it: directories of entries of 12 bytes, whose larger values lie elsewhere by offset. Only
// the first directory and the two it points to are read, each once, so no loop of offsets can hold a reader up.
type block struct {
	data  []byte
	order binary.ByteOrder
}

// A value is an entry's type and bytes.
type value struct {
	kind uint16
	data []byte
	binary.ByteOrder
}

// readEXIF calls each for every value of the three directories; place says that a value is of the GPS directory.
func readEXIF(data []byte, each func(place bool, tag uint16, v value)) {
	if len(data) < 8 {
		return
	}
	b := block{data: data}
	switch string(data[:4]) {
	case "II*\x00":
		b.order = binary.LittleEndian
	case "MM\x00*":
		b.order = binary.BigEndian
	default:
		return
	}
	var own, gps uint32
	b.directory(b.order.Uint32(data[4:]), func(tag uint16, v value) {
		switch tag {
		case tagExif:
			own = v.offset()
		case tagGPS:
			gps = v.offset()
		default:
			each(false, tag, v)
		}
	})
	b.directory(own, func(tag uint16, v value) { each(false, tag, v) })
	b.directory(gps, func(tag uint16, v value) { each(true, tag, v) })
}

// sizes of TIFF's types, from 1: byte ascii short long rational sbyte undefined sshort slong srational float double.
var sizes = [...]int{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8}

// directory calls each for the entries of the directory at an offset that are whole. None is at 0.
func (b block) directory(at uint32, each func(tag uint16, v value)) {
	if at < 8 || int64(at)+2 > int64(len(b.data)) {
		return
	}
	n := int(b.order.Uint16(b.data[at:]))
	for i := range min(n, maxEntries) {
		from := int(at) + 2 + 12*i
		if from+12 > len(b.data) {
			return
		}
		entry := b.data[from : from+12]
		kind, count := b.order.Uint16(entry[2:]), int64(b.order.Uint32(entry[4:]))
		if int(kind) >= len(sizes) || count > maxEXIF {
			continue
		}
		size := count * int64(sizes[kind])
		data := entry[8:]
		if size > 4 {
			offset := int64(b.order.Uint32(entry[8:]))
			if offset+size > int64(len(b.data)) {
				continue
			}
			data = b.data[offset:]
		}
		each(b.order.Uint16(entry), value{kind, data[:size], b.order})
	}
}

// offset is where another directory is, 0 when it is not one.
func (v value) offset() uint32 {
	if len(v.data) != 4 {
		return 0
	}
	return v.Uint32(v.data)
}

// number is a single short or long.
func (v value) number() (int, bool) {
	switch {
	case v.kind == 3 && len(v.data) >= 2:
		return int(v.Uint16(v.data)), true
	case v.kind == 4 && len(v.data) >= 4:
		return int(v.Uint32(v.data)), true
	}
	return 0, false
}

// text is a text of at most maxText characters without what cannot be printed. Bytes that are no UTF-8 are left out.
func (v value) text() string {
	if v.kind != 2 {
		return ""
	}
	raw, _, _ := strings.Cut(string(v.data[:min(len(v.data), 16*maxText)]), "\x00")
	var out strings.Builder
	n := 0
	for _, r := range raw {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			continue
		}
		if n++; n > maxText {
			break
		}
		out.WriteRune(r)
	}
	return strings.TrimSpace(out.String())
}

// rationals are the first n unsigned rationals, false when there are fewer or one has no value.
func (v value) rationals(n int) ([]float64, bool) {
	if v.kind != 5 || len(v.data) < 8*n {
		return nil, false
	}
	found := make([]float64, n)
	for i := range found {
		over, under := v.Uint32(v.data[8*i:]), v.Uint32(v.data[8*i+4:])
		if under == 0 {
			if over == 0 && i > 0 { // minutes or seconds that were left out
				continue
			}
			return nil, false
		}
		found[i] = float64(over) / float64(under)
	}
	return found, true
}

// degrees is degrees, minutes and seconds as 1e-7 degree.
func (v value) degrees() (int64, bool) {
	parts, ok := v.rationals(3)
	if !ok {
		return 0, false
	}
	return int64(math.Round((parts[0] + parts[1]/60 + parts[2]/3600) * 1e7)), true
}
