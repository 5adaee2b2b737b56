package sniff

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// Made-up files, each whole.

func picture() image.Image {
	m := image.NewGray(image.Rect(0, 0, 60, 40))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	return m
}

func encoded(t testing.TB, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegFile(t testing.TB) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, picture(), nil) })
}

func pngFile(t testing.TB) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, picture()) })
}

func gifFile(t testing.TB) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, picture(), nil) })
}

func zipFile(t testing.TB, comment string) []byte {
	return encoded(t, func(b *bytes.Buffer) error {
		w := zip.NewWriter(b)
		f, err := w.Create("a.class")
		if err != nil {
			return err
		}
		if _, err := f.Write([]byte("made up")); err != nil {
			return err
		}
		if err := w.SetComment(comment); err != nil {
			return err
		}
		return w.Close()
	})
}

// withSegment puts a segment behind SOI.
func withSegment(jpeg []byte, mark byte, body []byte) []byte {
	head := append(jpeg[:2:2], 0xff, mark)
	head = binary.BigEndian.AppendUint16(head, uint16(len(body)+2))
	return join(head, body, jpeg[2:])
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// boxOf is a box of ISO/IEC 14496-12.
func boxOf(kind string, body ...[]byte) []byte {
	all := join(body...)
	return join(binary.BigEndian.AppendUint32(nil, uint32(8+len(all))), []byte(kind), all)
}

// longBox has its size in 64 bits.
func longBox(kind string, body []byte) []byte {
	return join([]byte{0, 0, 0, 1}, []byte(kind), binary.BigEndian.AppendUint64(nil, uint64(16+len(body))), body)
}

func words(n ...uint32) (b []byte) {
	for _, w := range n {
		b = binary.BigEndian.AppendUint32(b, w)
	}
	return b
}

func heicFile(brands string) []byte {
	return join(boxOf("ftyp", []byte(brands)), boxOf("meta", words(0), boxOf("hdlr", make([]byte, 25)),
		boxOf("iprp", boxOf("ipco", boxOf("hvcC", make([]byte, 30)), boxOf("ispe", words(0, 512, 512)),
			boxOf("ispe", words(0, 4032, 3024)), boxOf("irot", []byte{1})))),
		boxOf("mdat", bytes.Repeat([]byte("x"), 1000)))
}

func track(version byte, w, h uint32) []byte {
	head := make([]byte, 76)
	if version == 1 {
		head = make([]byte, 88)
	}
	head[0] = version
	return boxOf("trak", boxOf("tkhd", head, words(w<<16, h<<16)), boxOf("mdia", make([]byte, 50)))
}

func movie() []byte {
	return boxOf("moov", boxOf("mvhd", make([]byte, 100)), track(0, 0, 0), track(1, 1920, 1080), boxOf("udta", words(0)))
}

func mp4File(brands string) []byte {
	return join(boxOf("ftyp", []byte(brands)), boxOf("free"), longBox("mdat", bytes.Repeat([]byte("y"), 70_000)), movie())
}

func riff(chunks ...[]byte) []byte {
	all := join(chunks...)
	return join([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(4+len(all))), []byte("WEBP"), all)
}

func chunk(kind string, body []byte) []byte {
	b := join([]byte(kind), binary.LittleEndian.AppendUint32(nil, uint32(len(body))), body)
	if len(body)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func webpFile() []byte {
	return riff(chunk("VP8X", []byte{8, 0, 0, 0, 0x8f, 1, 0, 0x2b, 1, 0}), chunk("EXIF", []byte("odd")),
		chunk("VP8 ", append([]byte("\x10\x02\x00\x9d\x01\x2a\x90\x01\x2c\x01"), make([]byte, 51)...)))
}

func webpLossless() []byte {
	size := uint32(400-1) | uint32(300-1)<<14
	return riff(chunk("VP8L", append([]byte{0x2f}, append(binary.LittleEndian.AppendUint32(nil, size), make([]byte, 40)...)...)))
}

// pngSized says that it has so many pixels.
func pngSized(t testing.TB, w, h uint32) []byte {
	p := bytes.Clone(pngFile(t))
	binary.BigEndian.PutUint32(p[16:], w)
	binary.BigEndian.PutUint32(p[20:], h)
	return p
}
