package stats

import "unicode/utf8"

// columns sets the widths: groups and units take what their labels need, the rest of the page
// is shared by items, figures and remarks.
func (g *grid) columns(t *Template) {
	page := portraitWidth
	if t.Paper == "landscape" {
		page = landscapeWidth
	}
	var shares []float64 // by column; 0: the width is fixed
	for h := range t.Halves {
		half := &t.Halves[h]
		for level := 1; level <= half.Depth; level++ {
			g.widths, shares = append(g.widths, groupWidth(half, level)), append(shares, 0)
		}
		item, unit := 8.0, float64(columnsOf(t.Columns.Unit))
		for i := range half.Rows {
			r := &half.Rows[i]
			unit = max(unit, float64(columnsOf(r.Unit)))
			// A long label takes two lines, and the columns of groups that leave it free.
			free := float64(columnsOf(r.Label))
			if free > 26 {
				free /= 2
			}
			for level := len(r.Groups) + 1; level <= half.Depth; level++ {
				free -= g.widths[len(g.widths)-half.Depth+level-1]
			}
			item = max(item, free)
		}
		g.widths, shares = append(g.widths, item+3, unit+2, 10), append(shares, item, 0, 10)
		if t.Columns.Remark != "" {
			g.widths, shares = append(g.widths, 12), append(shares, 16)
		}
	}
	spare, all := page, 0.0
	for i := range g.widths {
		spare -= g.widths[i]
		all += shares[i]
	}
	for i := range g.widths {
		if spare > 0 && all > 0 {
			g.widths[i] += spare * shares[i] / all
		}
	}
}

// upright says whether the groups of a level are read downwards: when one is too long to be
// read across a narrow column. A level is set one way throughout.
func upright(half *Half, level int) bool {
	longest, tallEnough := 0, true
	for _, g := range half.Groups {
		if g.Level != level {
			continue
		}
		n := utf8.RuneCountInString(g.Label)
		longest = max(longest, n)
		// Downwards a character takes some 14 points and a line has at least 22.
		tallEnough = tallEnough && float64(n)*14 <= float64(g.To-g.From+1)*22+2
	}
	return longest > 3 && tallEnough
}

// groupWidth is the width of the column of one level of groups.
func groupWidth(half *Half, level int) float64 {
	if upright(half, level) {
		return 4.5
	}
	w := 0
	for _, g := range half.Groups {
		if g.Level == level {
			w = max(w, columnsOf(g.Label))
		}
	}
	return float64(min(w, 14)) + 2
}

// room is how many half-width characters of the text size fit beside each other into some
// columns. Widths count digits of the default size, which are a little wider; three of them go
// to indent and padding.
func (g *grid) room(c1, c2 int) int {
	w := -3.0
	for c := c1; c <= c2; c++ {
		w += g.widths[c-1] * 1.08
	}
	return int(w)
}

// need makes a row high enough for some lines of text.
func (g *grid) need(y, lines int) {
	g.heights[y-1] = max(g.heights[y-1], float64(lines)*lineHeight+6)
}

// stretch shares what is left of the page among the lines, so that a form looks like one and not
// like a list in a corner: up to 34 points a line, and a text row twice that.
func (g *grid) stretch(t *Template, lines int) {
	page := portraitHeight
	if t.Paper == "landscape" {
		page = landscapeHeight
	}
	used := 0.0
	for i, h := range g.heights {
		if i < firstLine-1 || i >= firstLine-1+lines {
			used += h
		}
	}
	texts := map[int]bool{}
	for _, r := range t.rows {
		if r.Wide {
			texts[firstLine-2+r.Line] = true
		}
	}
	even := min(34, (page-used)/float64(lines+2*len(texts)))
	for i := firstLine - 1; i < firstLine-1+lines; i++ {
		want := max(22, even)
		if texts[i] {
			want = max(66, 3*even)
		}
		g.heights[i] = max(g.heights[i], want)
	}
}
