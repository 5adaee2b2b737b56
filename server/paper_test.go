package main

import (
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fieldsync/fieldsync/web/e2e"
	"github.com/makiuchi-d/gozxing"
	multi "github.com/makiuchi-d/gozxing/multi/qrcode"
)

// pdfText is what a PDF prints.
func pdfText(t *testing.T, file string) string {
	t.Helper()
	return string(poppler(t, "pdftotext", "-layout", file, "-"))
}

// qrCodes reads every QR code on the pages of a PDF as a phone's camera does: from the printed picture, 200 dots an inch.
func qrCodes(t *testing.T, file string) []string {
	t.Helper()
	pages := filepath.Join(t.TempDir(), "page")
	poppler(t, "pdftoppm", "-r", "200", "-gray", "-png", file, pages)
	names, err := filepath.Glob(pages + "*.png")
	if err != nil || len(names) == 0 {
		t.Fatalf("%s has no pages: %v", file, err)
	}
	var out []string
	for _, name := range names {
		bits, err := gozxing.NewBinaryBitmapFromImage(decodePNG(t, name))
		if err != nil {
			t.Fatal(err)
		}
		found, err := multi.NewQRCodeMultiReader().DecodeMultiple(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, f := range found {
			out = append(out, f.GetText())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func decodePNG(t *testing.T, name string) image.Image {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return picture
}

// poppler runs one of the programs that read PDF, and returns what it prints.
func poppler(t *testing.T, program string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		e2e.Lacking(t, program+" is not installed (scripts/needs.sh names its package)")
	}
	out, err := exec.CommandContext(t.Context(), program, args...).Output()
	if err != nil {
		t.Fatalf("%s %v: %v", program, args, err)
	}
	return out
}
