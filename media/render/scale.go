package render

import "image"

// reduce returns a copy with no side longer than side: each of its pixels is the mean of the area that it covers. It goes
// row by row, so that nothing large is held beside the two pictures. What is smaller is copied as it is.
func reduce(m image.Image, side int) *image.RGBA {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	tw, th := fit(w, h, side)
	out := image.NewRGBA(image.Rect(0, 0, tw, th))
	if m, ok := m.(*image.YCbCr); ok {
		reduceYCbCr(m, out)
		return out
	}
	rows, row := rowsOf(m), make([]uint8, 3*w)
	average(3, w, h, tw, th, out.Pix, func(y int) []uint8 {
		rows(y, row)
		return row
	})
	// Three bytes of each pixel become four, from the end, where nothing is overwritten that is still needed.
	for i := tw*th - 1; i >= 0; i-- {
		r, g, b := out.Pix[3*i], out.Pix[3*i+1], out.Pix[3*i+2]
		out.Pix[4*i], out.Pix[4*i+1], out.Pix[4*i+2], out.Pix[4*i+3] = r, g, b, 255
	}
	return out
}

// reduceYCbCr takes the mean of each plane before it makes colours: of a camera's picture that is half the work.
func reduceYCbCr(m *image.YCbCr, out *image.RGBA) {
	r := m.Rect
	w, h, tw, th := r.Dx(), r.Dy(), out.Rect.Dx(), out.Rect.Dy()
	small := image.YCbCr{Y: make([]uint8, tw*th), YStride: tw}
	average(1, w, h, tw, th, small.Y, func(y int) []uint8 { return m.Y[m.YOffset(r.Min.X, r.Min.Y+y):][:w] })
	// The planes of colour have fewer points, and may have fewer than the copy.
	cw, ch := chroma(m.SubsampleRatio, w, h)
	tcw, tch := min(cw, tw), min(ch, th)
	small.Cb, small.Cr = make([]uint8, tcw*tch), make([]uint8, tcw*tch)
	at := m.COffset(r.Min.X, r.Min.Y)
	average(1, cw, ch, tcw, tch, small.Cb, func(y int) []uint8 { return m.Cb[at+y*m.CStride:][:cw] })
	average(1, cw, ch, tcw, tch, small.Cr, func(y int) []uint8 { return m.Cr[at+y*m.CStride:][:cw] })
	columns := make([]int, tw)
	for x := range columns {
		columns[x] = x * tcw / tw
	}
	for y := range th {
		c := y * tch / th * tcw
		luma, cb, cr, pix := small.Y[y*tw:][:tw], small.Cb[c:][:tcw], small.Cr[c:][:tcw], out.Pix[y*out.Stride:][:4*tw]
		for x, l := range luma {
			p := pix[4*x : 4*x+4]
			p[0], p[1], p[2] = rgb(l, cb[columns[x]], cr[columns[x]])
			p[3] = 255
		}
	}
}

// chroma is how many points the planes of colour have of a picture whose first pixel is the first of a block.
func chroma(ratio image.YCbCrSubsampleRatio, w, h int) (cw, ch int) {
	cw, ch = w, h
	switch ratio {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		cw = (w + 1) / 2
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		cw = (w + 3) / 4
	}
	switch ratio {
	case image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio410:
		ch = (h + 1) / 2
	}
	return cw, ch
}

// average makes tw × th points of w × h, of k bytes each: 1 or 3. Row returns a row until it is called again.
func average(k, w, h, tw, th int, out []uint8, row func(y int) []uint8) {
	wide, line := sharesOf(w, tw), make([]uint32, k*tw)
	sums, area := make([]uint64, k*tw), uint64(w)*uint64(h)
	for y, s := range sharesOf(h, th) {
		if k == 1 {
			narrow1(row(y), wide, line)
		} else {
			narrow3(row(y), wide, line)
		}
		for i, v := range line {
			sums[i] += uint64(v) * uint64(s.first)
		}
		if !s.last {
			continue
		}
		for i, v := range sums {
			out[i] = uint8((v + area/2) / area)
			sums[i] = uint64(line[i]) * uint64(s.rest)
		}
		out = out[k*tw:]
	}
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

// narrow1 adds up the points of a row in cells.
func narrow1(row []uint8, shares []share, line []uint32) {
	var sum uint32
	at := 0
	for x, s := range shares {
		v := uint32(row[x])
		sum += v * s.first
		if s.last {
			line[at] = sum
			sum = v * s.rest
			at++
		}
	}
}

// narrow3 does it for points of three bytes.
func narrow3(row []uint8, shares []share, line []uint32) {
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
