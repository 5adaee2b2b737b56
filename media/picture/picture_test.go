package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

func TestNewIsTheSameForASpecAndDecodes(t *testing.T) {
	spec := Spec{Seed: 7, Width: 640, Height: 480, Corners: true, Orientation: 6, TakenAt: time.Date(2022, 3, 15, 9, 41, 0, 0,
		time.FixedZone("", 8*3600)), Lat: 384_871_234, Lng: -1_062_345_678, Accuracy: 12, Make: "Made Up", Model: "M1", Bytes: 300_000}
	file := New(spec)
	if !bytes.Equal(file, New(spec)) {
		t.Error("the same spec gave other bytes")
	}
	spec.Seed++
	if bytes.Equal(file, New(spec)) {
		t.Error("another seed gave the same bytes")
	}
	if len(file) < 300_000 || len(file) > 300_100 {
		t.Errorf("%d bytes, want 300,000 and little more", len(file))
	}
	m, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds() != image.Rect(0, 0, 480, 640) { // stored turned
		t.Errorf("bounds %v", m.Bounds())
	}
	// Orientation 6 is turned by 90° clockwise to be seen: the upright top left is stored bottom left.
	if r, g, b, _ := m.At(8, 631).RGBA(); r < 3*g || r < 3*b {
		t.Errorf("the stored bottom left is not red: %d %d %d", r>>8, g>>8, b>>8)
	}
}

func TestNewOfAnySize(t *testing.T) {
	for _, s := range []Spec{{}, {Width: 1, Height: 1}, {Width: 4000, Height: 8}, {Width: 33, Height: 65, Corners: true, Orientation: 7},
		{Width: 100, Height: 100, Bytes: 66_000}, {Width: 100, Height: 100, Bytes: 131_100, Orientation: 99}} {
		file := New(s)
		if _, err := jpeg.Decode(bytes.NewReader(file)); err != nil || len(file) < s.Bytes {
			t.Errorf("%+v: %d bytes, %v", s, len(file), err)
		}
	}
}

// TestWrite writes pictures of all orientations for other programs to look at, when PICTURES names a folder.
func TestWrite(t *testing.T) {
	dir := os.Getenv("PICTURES")
	if dir == "" {
		t.Skip("PICTURES is not set")
	}
	for o := range 9 {
		file := New(Spec{Seed: 3, Width: 320, Height: 240, Corners: true, Orientation: o, TakenAt: time.Date(2022, 3, 15, 9, 41, 0, 0,
			time.FixedZone("", 8*3600)), Lat: 384_871_234, Lng: 1_062_345_678, Accuracy: 12, Make: "Made Up", Model: "M1", Software: "made"})
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(o)+".jpg"), file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for name, s := range map[string]Spec{"12MP": {Width: 4000, Height: 3000, Orientation: 6}, "1.2MP+4MiB": {Bytes: 4 << 20, Orientation: 6}} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				s.Seed = uint64(i)
				New(s)
			}
		})
	}
}
