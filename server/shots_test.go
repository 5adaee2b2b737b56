package main

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Bounds of the pictures in the documents.
const (
	maxShot  = 150 << 10
	maxShots = 3 << 20
)

// keepShots puts the pictures of a browser into the documents, in 256 colours: screens have few, and take a third of the room.
func keepShots(t *testing.T, from, to string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(from, "*.png"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no pictures were taken (%v)", err)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, name := range names {
		var out bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, fewColours(decodePNG(t, name))); err != nil {
			t.Fatal(err)
		}
		if sum += out.Len(); out.Len() > maxShot {
			t.Errorf("%s has %d bytes", filepath.Base(name), out.Len())
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(name)), out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if sum > maxShots {
		t.Errorf("the pictures have %d bytes together", sum)
	}
}

// fewColours keeps the 256 most frequent colours; every other pixel gets the nearest of them, which the soft edges of
// letters bear well.
func fewColours(from image.Image) *image.Paletted {
	b := from.Bounds()
	count := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(from.At(x, y)).(color.RGBA) }
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	often := slices.SortedFunc(maps.Keys(count), func(p, q color.RGBA) int {
		return cmp.Or(count[q]-count[p], cmp.Compare(p.R, q.R), cmp.Compare(p.G, q.G), cmp.Compare(p.B, q.B))
	})
	palette := color.Palette{}
	for _, c := range often[:min(256, len(often))] {
		palette = append(palette, c)
	}
	index := map[color.RGBA]uint8{}
	for c := range count {
		index[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(b, palette)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			out.SetColorIndex(x, y, index[at(x, y)])
		}
	}
	return out
}
