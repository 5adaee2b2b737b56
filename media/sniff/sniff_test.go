package sniff

import (
	"bytes"
	"errors"
	"image/jpeg"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

func look(t testing.TB, data []byte) File {
	t.Helper()
	f, err := Look(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

var (
	isJPEG  = File{MIME: "image/jpeg", Width: 60, Height: 40}
	isPNG   = File{MIME: "image/png", Width: 60, Height: 40}
	isWebP  = File{MIME: "image/webp", Width: 400, Height: 300}
	isHEIC  = File{MIME: "image/heic", Width: 4032, Height: 3024}
	isMP4   = File{MIME: "video/mp4", Width: 1920, Height: 1080}
	isWrong = File{Reason: WrongType}
)

func (f File) but(reason string) File {
	f.Reason = reason
	return f
}

const (
	heicBrand = "heic\x00\x00\x00\x00mif1heic"
	mp4Brand  = "mp42\x00\x00\x00\x00isommp42"
)

func TestLook(t *testing.T) {
	j, p, zeros := jpegFile(t), pngFile(t), make([]byte, 40_000)
	zip := zipFile(t, "")
	for _, c := range []struct {
		name string
		data []byte
		want File
	}{
		{"nothing", nil, isWrong},
		{"text", []byte("<html><script>alert(1)</script></html>"), isWrong},
		{"zeros", zeros, isWrong},
		{"GIF", gifFile(t), isWrong},
		{"GIF that is a zip", join(gifFile(t), zip), isWrong},
		{"zip", zip, isWrong},
		{"PDF", []byte("%PDF-1.7 made up"), isWrong},

		{"JPEG", j, isJPEG},
		{"JPEG, HTML in a comment", withSegment(j, 0xfe, []byte("<html><script>alert(1)</script>")), isJPEG},
		{"JPEG, a picture in its EXIF", withSegment(j, 0xe1, j), isJPEG},
		{"JPEG, filled markers", join(j[:2], []byte("\xff\xff\xff"), j[2:]), isJPEG},
		{"JPEG, zeros", join(j, zeros), isJPEG},
		{"JPEG, another", join(j, j), isJPEG},
		{"JPEG, zeros, another, zeros", join(j, zeros[:7], j, zeros), isJPEG},
		{"JPEG, half another", join(j, j[:len(j)/2]), isJPEG},
		{"JPEG, the head of another, HTML", join(j, []byte("\xff\xd8\xff\xd9<html>")), isJPEG.but(TrailingData)},
		{"JPEG, half another, zip", join(j, j[:len(j)/2], zip), isJPEG.but(TrailingData)},
		{"JPEG, stray bytes before a segment", join(j[:2], []byte("\xff\x00ab"), j[2:]), isJPEG},
		{"JPEG, a stray byte before the scan", stray(j), isJPEG},
		{"JPEG, motion", join(j, mp4File(mp4Brand)), isJPEG},
		{"JPEG, another, motion", join(j, j, mp4File("qt  \x00\x00\x00\x00qt  ")), isJPEG},
		{"JPEG, half its motion", join(j, mp4File(mp4Brand)[:900]), isJPEG},
		{"JPEG, zeros, motion, Samsung", join(j, zeros, mp4File(mp4Brand), []byte("SEFHmade upSEFT")), isJPEG},
		{"JPEG, Samsung", join(j, []byte("\x00\x00\x01\x0a\x0e\x00\x00\x00Image_UTC_Data1700000000000SEFHmade upSEFT")), isJPEG},
		{"JPEG, vivo", join(j, []byte("vivo{\"a\":1}\x00\xff\xff\xff\xff\x1b*9HWfu\x84\x93\xa2\xb1")), isJPEG},
		{"JPEG, zip", join(j, zip), isJPEG.but(TrailingData)},
		{"JPEG, zip in a comment before the end", withSegment(j[:len(j):len(j)], 0xfe, zipFile(t, "")), isJPEG},
		{"JPEG, zip whose comment is Samsung's", join(j, zipFile(t, "SEFT")), isJPEG.but(TrailingData)},
		{"JPEG, zip in a comment that holds all the rest", zipAround(t, j), isJPEG.but(TrailingData)},
		{"JPEG, motion, zip", join(j, mp4File(mp4Brand), zip), isJPEG.but(TrailingData)},
		{"JPEG, zip in a box", join(j, mp4File(mp4Brand), boxOf("free", zip)), isJPEG.but(TrailingData)},
		{"JPEG, zeros, HTML", join(j, zeros, []byte("<html>")), isJPEG.but(TrailingData)},
		{"JPEG, PDF", join(j, []byte("\n%PDF-1.7\n")), isJPEG.but(TrailingData)},
		{"JPEG, what no camera that we know writes", join(j, []byte("HUAWEI made this up"), zeros, []byte("\xff\x00<x")), isJPEG},
		{"JPEG, its beginning again", join(j, []byte("\xff\xd8\xff\xd9")), isJPEG},
		{"JPEG in name only", []byte("\xff\xd8\xff\xe0\x00\x04ab<html>"), isWrong},
		{"JPEG without a picture", []byte("\xff\xd8\xff\xd9"), isWrong},
		{"JPEG that begins", []byte("\xff\xd8\xff"), File{MIME: "image/jpeg", Reason: Truncated}},
		{"JPEG, a segment of length 1", []byte("\xff\xd8\xff\xe0\x00\x01ab"), isWrong},
		{"JPEG, two frames", twoFrames(j), isWrong},

		{"PNG", p, isPNG},
		{"PNG, zeros", join(p, zeros), isPNG},
		{"PNG, zip", join(p, zip), isPNG.but(TrailingData)},
		{"PNG, another", join(p, p), isPNG.but(TrailingData)},
		{"PNG of 10 gigapixels", pngSized(t, 100_000, 100_000), File{MIME: "image/png", Width: 100_000, Height: 100_000}},
		{"PNG of no height", pngSized(t, 5, 0), isWrong},
		{"PNG in name only", join(p[:8], []byte("<html><script>alert(1)</script></html>")), isWrong},
		{"PNG without data", join(p[:33], p[len(p)-12:]), isWrong},

		{"WebP", webpFile(), isWebP},
		{"WebP without loss", webpLossless(), isWebP},
		{"WebP, zip", join(webpFile(), zip), isWebP.but(TrailingData)},
		{"WebP, zeros", join(webpFile(), zeros), isWebP},
		{"WebP without a picture", riff(chunk("EXIF", zeros[:10])), isWrong},
		{"WebP, a chunk beyond its end", riff([]byte("VP8 \xff\xff\x00\x00")), isWrong},

		{"HEIC", heicFile(heicBrand), isHEIC},
		{"HEIC by its second brand", heicFile("mif1\x00\x00\x00\x00mif1heix"), isHEIC},
		{"HEIC, zeros", join(heicFile(heicBrand), zeros), isHEIC},
		{"HEIC, motion", join(heicFile(heicBrand), boxOf("mpvd", mp4File(mp4Brand))), isHEIC},
		{"HEIC, zip", join(heicFile(heicBrand), zip), isHEIC.but(TrailingData)},
		{"HEIC, zip in a box", join(heicFile(heicBrand), boxOf("free", zip)), isHEIC.but(TrailingData)},
		{"HEIF of something else", heicFile("mif1\x00\x00\x00\x00mif1miaf"), isWrong},
		{"AVIF", heicFile("avif\x00\x00\x00\x00mif1avif"), isWrong},
		{"AVIF that also says heic", heicFile("mif1\x00\x00\x00\x00avifheic"), isWrong},
		{"HEIC without a size", join(boxOf("ftyp", []byte(heicBrand)), boxOf("meta", words(0)), boxOf("mdat", zeros)),
			File{MIME: "image/heic", Reason: Truncated}},

		{"MP4", mp4File(mp4Brand), isMP4},
		{"MP4, 3GPP", mp4File("3gp4\x00\x00\x00\x00isom3gp4"), isMP4},
		{"MP4, moov first", join(boxOf("ftyp", []byte(mp4Brand)), movie(), []byte("\x00\x00\x00\x00mdat"), zeros), isMP4},
		{"MP4, zip", join(mp4File(mp4Brand), zip), isMP4.but(TrailingData)},
		{"MP4, a box of its maker", join(mp4File(mp4Brand), boxOf("ABCD", zeros)), isMP4},
		{"MP4, half a box of nobody", join(mp4File(mp4Brand), boxOf("ABCD", zeros)[:99]), isMP4.but(TrailingData)},
		{"MP4 that was broken off", join(boxOf("ftyp", []byte(mp4Brand)), boxOf("mdat", zeros)),
			File{MIME: "video/mp4", Reason: Truncated}},
		{"QuickTime", mp4File("qt  \x00\x00\x00\x00qt  "), isWrong},
		{"QuickTime that also says mp42", mp4File("qt  \x00\x00\x00\x00qt  mp42"), isWrong},
		{"MP4, a box of size 3", join(boxOf("ftyp", []byte(mp4Brand)), []byte("\x00\x00\x00\x03mdat")), File{MIME: "video/mp4", Reason: Truncated}},
		{"MP4, a box beyond its parent", join(boxOf("ftyp", []byte(mp4Brand)), boxOf("moov", words(900), []byte("trak")), zeros), isWrong},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := look(t, c.data); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

// zipAround is a JPEG and a zip whose archive lies in a comment and whose own comment is the picture.
func zipAround(t testing.TB, j []byte) []byte {
	z := zipFile(t, string(j[2:]))
	head := z[:len(z)-len(j[2:])]
	return withSegment(j, 0xfe, head)
}

// stray is a JPEG with a byte that decoders pass over before its scan.
func stray(j []byte) []byte {
	at := bytes.Index(j, []byte("\xff\xda"))
	return join(j[:at], []byte("\x01"), j[at:])
}

// TestStray is decoded all the same.
func TestStray(t *testing.T) {
	for _, data := range [][]byte{stray(jpegFile(t)), join(jpegFile(t)[:2], []byte("\xff\x00ab"), jpegFile(t)[2:])} {
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
			t.Error(err)
		}
		if f := look(t, data); f != isJPEG {
			t.Errorf("%+v", f)
		}
	}
}

func twoFrames(j []byte) []byte {
	at := bytes.Index(j, []byte("\xff\xc0"))
	frame := j[at : at+2+int(j[at+2])<<8+int(j[at+3])]
	return join(j[:at], frame, j[at:])
}

// TestCut cuts whole files off at each byte: none is accepted, and none is of another kind.
func TestCut(t *testing.T) {
	for _, whole := range [][]byte{jpegFile(t), pngFile(t), webpFile(), webpLossless(), heicFile(heicBrand), mp4File(mp4Brand)} {
		want := look(t, whole)
		for n := range len(whole) {
			if n > 3000 && n < len(whole)-3000 {
				continue
			}
			f := look(t, whole[:n])
			if f.Reason != Truncated && f.Reason != WrongType || f.Reason == Truncated && f.MIME != want.MIME || n > 40 && f.Reason == WrongType {
				t.Fatalf("%s cut after %d of %d bytes: %+v", want.MIME, n, len(whole), f)
			}
		}
	}
}

// TestSlowReaders gives the bytes in other pieces.
func TestSlowReaders(t *testing.T) {
	for _, data := range [][]byte{join(jpegFile(t), mp4File(mp4Brand)), pngFile(t), join(webpFile(), zipFile(t, "")), heicFile(heicBrand)} {
		want := look(t, data)
		for name, r := range map[string]io.Reader{
			"one by one": iotest.OneByteReader(bytes.NewReader(data)), "by halves": iotest.HalfReader(bytes.NewReader(data)),
			"with the end": iotest.DataErrReader(bytes.NewReader(data)),
		} {
			if got, err := Look(r); got != want || err != nil {
				t.Errorf("%s: %+v, %v, want %+v", name, got, err, want)
			}
		}
	}
	broken := errors.New("broken")
	for _, n := range []int{0, 5, 500} {
		if _, err := Look(io.MultiReader(bytes.NewReader(jpegFile(t)[:n]), iotest.ErrReader(broken))); !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

func TestPixels(t *testing.T) {
	for _, c := range []struct{ w, h, want int64 }{
		{0, 5, 0}, {8000, 8000, 64_000_000}, {math.MaxUint32, math.MaxUint32, math.MaxInt64}, {math.MaxUint32, 1, math.MaxUint32},
	} {
		if got := (File{Width: c.w, Height: c.h}).Pixels(); got != c.want {
			t.Errorf("%d × %d: %d", c.w, c.h, got)
		}
	}
}

// TestMemory walks a video of 128 MiB, and a JPEG with as much behind it.
func TestMemory(t *testing.T) {
	const size = 128 << 20
	for name, head := range map[string][]byte{
		"MP4":  join(boxOf("ftyp", []byte(mp4Brand)), movie(), []byte("\x00\x00\x00\x00mdat")),
		"JPEG": jpegFile(t),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f, err := Look(io.MultiReader(bytes.NewReader(head), io.LimitReader(same{'x'}, size)))
		runtime.ReadMemStats(&after)
		if err != nil || f.MIME == "" {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
		used := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s: %d KiB allocated", name, used>>10)
		if used > 1<<20 {
			t.Errorf("%s: %d KiB allocated", name, used>>10)
		}
	}
}

type same struct{ b byte }

func (s same) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = s.b
	}
	return len(p), nil
}

// FuzzLook holds that any bytes get one answer, however they come, and that nothing that ends as a zip is accepted.
func FuzzLook(f *testing.F) {
	for _, data := range [][]byte{nil, jpegFile(f), join(jpegFile(f), mp4File(mp4Brand)[:500]), pngFile(f), webpFile(), webpLossless(),
		heicFile(heicBrand), join(boxOf("ftyp", []byte(mp4Brand)), movie()), twoFrames(jpegFile(f)), gifFile(f)} {
		f.Add(data)
	}
	zip := zipFile(f, "")
	f.Fuzz(func(t *testing.T, data []byte) {
		got := look(t, data)
		if again, err := Look(iotest.OneByteReader(bytes.NewReader(data))); again != got || err != nil {
			t.Fatalf("%+v, byte by byte %+v, %v", got, again, err)
		}
		if !strings.Contains("  wrong_type truncated trailing_data ", " "+got.Reason+" ") || got.Width < 0 || got.Height < 0 || got.Pixels() < 0 {
			t.Fatalf("%+v", got)
		}
		if got.Reason == "" && (got.MIME == "" || got.Width == 0 && !got.Video()) {
			t.Fatalf("%+v", got)
		}
		if with := look(t, join(data, zip)); with.Reason == "" {
			t.Fatalf("with a zip behind it: %+v", with)
		}
	})
}

func BenchmarkLook(b *testing.B) {
	whole := join(jpegFile(b)[:2], bytes.Repeat(withSegment([]byte{0xff, 0xd8}, 0xe2, make([]byte, 65_000))[2:], 60), jpegFile(b)[2:])
	b.SetBytes(int64(len(whole)))
	for b.Loop() {
		look(b, whole)
	}
}
