package render

import "image"

// reduce returns a copy with no side longer than side: each of its pixels is the mean of the area that it covers. It goes
// row by row, so that nothing large is held beside the two pictures. What is smaller is copied as it is.
func reduce(m image.Image, side int) *image.RGBA {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	tw, th := fit(w, h, side)
	out := image.NewRGBA(image.Rect(0, 0, tw, th))
	rows, row := rowsOf(m), make([]uint8, 3*w)
	wide, line := sharesOf(w, tw), make([]uint32, 3*tw)
	sums, area := make([]uint64, 3*tw), uint64(w)*uint64(h)
	cell := 0
	for y, s := range sharesOf(h, th) {
		rows(y, row)
		narrow(row, wide, line)
		for i, v := range line {
			sums[i] += uint64(v) * uint64(s.first)
		}
		if !s.last {
			continue
		}
		pix := out.Pix[cell*out.Stride:][:4*tw]
		for x := range tw {
			p, q := pix[4*x:4*x+4], sums[3*x:3*x+3]
			p[0], p[1], p[2] = uint8((q[0]+area/2)/area), uint8((q[1]+area/2)/area), uint8((q[2]+area/2)/area)
			p[3] = 255
		}
		for i, v := range line {
			sums[i] = uint64(v) * uint64(s.rest)
		}
		cell++
	}
	return out
}

// fit is the size of w × h when its longest side is at most side; no side is 0.
func fit(w, h, side int) (tw, th int) {
	longest := max(w, h)
	if longest <= side {
		return w, h
	}
	return max(1, (w*side+longest/2)/longest), max(1, (h*side+longest/2)/longest)
}

// A share says how much of a point belongs to the cell that is being filled and, when that cell is full with it, how much
// to the next.
type share struct {
	first, rest uint32
	last        bool
}

// sharesOf divides n points among m ≤ n cells. A point has m parts and a cell n of them, so that nothing is rounded.
func sharesOf(n, m int) []share {
	list := make([]share, n)
	end := n // of the cell that is being filled
	for i := range list {
		from, to := i*m, (i+1)*m
		if to < end {
			list[i] = share{first: uint32(m)}
			continue
		}
		list[i] = share{first: uint32(end - from), rest: uint32(to - end), last: true}
		end += n
	}
	return list
}

// narrow adds up the points of a row in cells.
func narrow(row []uint8, shares []share, line []uint32) {
	var r, g, b uint32
	at := 0
	for x, s := range shares {
		p := row[3*x : 3*x+3]
		pr, pg, pb := uint32(p[0]), uint32(p[1]), uint32(p[2])
		r, g, b = r+pr*s.first, g+pg*s.first, b+pb*s.first
		if s.last {
			q := line[at : at+3]
			q[0], q[1], q[2] = r, g, b
			r, g, b = pr*s.rest, pg*s.rest, pb*s.rest
			at += 3
		}
	}
}

// upright turns a copy as EXIF's orientation says.
func upright(m *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	tw, th := w, h
	if orientation >= 5 {
		tw, th = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, tw, th))
	for y := range th {
		for x := range tw {
			sx, sy := x, y
			if orientation >= 5 { // a quarter turn is a change of axes and a mirror or two
				sx, sy = y, x
			}
			switch orientation {
			case 2, 3, 7, 8:
				sx = w - 1 - sx
			}
			switch orientation {
			case 3, 4, 6, 7:
				sy = h - 1 - sy
			}
			copy(out.Pix[out.PixOffset(x, y):][:4], m.Pix[m.PixOffset(sx, sy):][:4])
		}
	}
	return out
}
