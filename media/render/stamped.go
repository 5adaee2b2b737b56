package render

import (
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"time"

	"github.com/fieldsync/fieldsync/models"
)

// Stamp is what is written on a stamped copy. What is empty is left out.
type Stamp struct {
	TakenMS int64          // Unix ms; 0: no time
	Zone    *time.Location // of the campaign, in which the time is written; nil: UTC
	Unit    string         // whose photo it is
	Place   string
	Caption string
	SHA256  string // of the original, 64 hexadecimal digits
}

// Text is the same for stamps that look the same: a stamped copy is kept under it.
func (s Stamp) Text() string {
	text, _ := json.Marshal([]string{s.time(), s.Unit, s.Place, s.Caption, s.SHA256}) // texts always marshal
	return string(text)
}

func (s Stamp) time() string {
	if s.TakenMS == 0 {
		return ""
	}
	zone := s.Zone
	if zone == nil {
		zone = time.UTC
	}
	return time.UnixMilli(s.TakenMS).In(zone).Format("2006-01-02 15:04")
}

// proof is the line by which the original is found and told from others.
func (s Stamp) proof() string {
	code := models.LookupCode(s.SHA256)
	if code == "" || len(s.SHA256) < 16 {
		return ""
	}
	return code + " · SHA-256 " + strings.ToLower(s.SHA256[:16])
}

// The most lines of each text; what is longer ends with ….
const (
	headLines    = 2
	placeLines   = 2
	captionLines = 4
	proofLines   = 2
)

// minWidth is the least width of a stamped copy, pixels: a narrower picture stands in the middle of it.
const minWidth = 480

var (
	veil  = color.NRGBA{0, 0, 0, 165}
	white = color.RGBA{255, 255, 255, 255}
	grey  = color.RGBA{205, 205, 205, 255}
)

// A line is one line of the band.
type line struct {
	text string
	pen  *pen
	ink  color.Color
}

// Stamped is a JPEG with a band that says when, where and what. The band lies over the foot of the picture; on one that is
// too low for it, below. Missing is how many characters the font has not: each is written as 〓.
func (p *Picture) Stamped(s Stamp) (jpeg []byte, missing int, err error) {
	pw, ph := p.Size()
	w := max(pw, minWidth)
	lines, edge, missing := s.lines(w)
	high := edge
	for _, l := range lines {
		high += l.pen.leading()
	}
	if len(lines) == 0 {
		w, high = pw, 0
	}
	h := ph
	below := high > ph*2/5
	if below {
		h += high
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if w != pw || below {
		draw.Draw(out, out.Rect, image.NewUniform(color.RGBA{24, 24, 24, 255}), image.Point{}, draw.Src)
	}
	draw.Draw(out, image.Rect((w-pw)/2, 0, (w-pw)/2+pw, ph), p.copy, image.Point{}, draw.Src)
	draw.Draw(out, image.Rect(0, h-high, w, h), image.NewUniform(veil), image.Point{}, draw.Over)
	y := h - high + edge/2
	for _, l := range lines {
		l.pen.write(out, edge, y, l.text, l.ink)
		y += l.pen.leading()
	}
	jpeg, err = encode(out, 85)
	return jpeg, missing, err
}

// lines lays the texts out on a copy of some width; edge is what is left free on both sides.
func (s Stamp) lines(width int) (lines []line, edge, missing int) {
	size := min(max(width/46, 15), 36)
	body, small := newPen(size), newPen(size*4/5)
	edge = size * 3 / 4
	add := func(text string, p *pen, ink color.Color, most int) {
		text, gone := printable(text, p.has)
		missing += gone
		for _, t := range wrap(text, width-2*edge, most, p.width) {
			lines = append(lines, line{t, p, ink})
		}
	}
	add(s.time()+" "+s.Unit, body, white, headLines)
	add(s.Place, body, white, placeLines)
	add(s.Caption, body, white, captionLines)
	add(s.proof(), small, grey, proofLines)
	return lines, edge, missing
}
