package render

import (
	"bytes"
	"image/jpeg"
	"testing"

	"github.com/fieldsync/fieldsync/media/picture"
)

// camera is a picture of 12 megapixels as a phone stores it.
func camera() []byte {
	return picture.New(picture.Spec{Seed: 11, Width: 3000, Height: 4000, Orientation: 6, Quality: 90, Bytes: 3 << 20})
}

// BenchmarkDecode12MP has the bare decoder as its floor.
func BenchmarkDecode12MP(b *testing.B) {
	file := camera()
	b.Run("floor", func(b *testing.B) {
		for b.Loop() {
			if _, err := jpeg.Decode(bytes.NewReader(file)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			decoded(b, file)
		}
	})
	b.Run("all", func(b *testing.B) { // preview, likeness and stamped copy from one decoding
		for b.Loop() {
			p := decoded(b, file)
			p.Likeness()
			if _, err := p.Preview(); err != nil {
				b.Fatal(err)
			}
			if _, _, err := p.Stamped(fullStamp()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkMade(b *testing.B) {
	p := decoded(b, camera())
	b.Run("preview", func(b *testing.B) {
		for b.Loop() {
			_, _ = p.Preview()
		}
	})
	b.Run("likeness", func(b *testing.B) {
		for b.Loop() {
			p.Likeness()
		}
	})
	b.Run("stamped", func(b *testing.B) {
		for b.Loop() {
			_, _, _ = p.Stamped(fullStamp())
		}
	})
}

func BenchmarkFacts(b *testing.B) {
	file := camera()
	for b.Loop() {
		if _, err := Facts(bytes.NewReader(file)); err != nil {
			b.Fatal(err)
		}
	}
}
