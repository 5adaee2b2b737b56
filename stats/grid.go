package stats

// look is how a box is drawn.
type look int

const (
	markLook    look = iota + 1 // 附件3
	draftLook                   // 草稿
	titleLook                   // the form's title
	headLook                    // 填报单位
	headEndLook                 // 时间, at the right margin
	columnLook                  // column titles
	groupLook                   // a group read across
	uprightLook                 // a group read downwards
	labelLook                   // 项目
	unitLook                    // 单位
	countLook                   // an integer
	hourLook                    // hours with two decimals
	textLook                    // free text
	noteLook                    // 注
)

// box is a rectangle of the first sheet: 1-based columns and rows, both ends included. A box
// with a figure shows it unless it is blank; the others show text.
type box struct {
	c1, r1, c2, r2 int
	look           look
	text           string
	figure         *Cell
}

// grid is the first sheet, laid out but not drawn.
type grid struct {
	boxes   []box
	widths  []float64 // columns, in characters
	heights []float64 // rows, in points
	cut     bool      // a text was too long for its box
}

// Measures of a page of A4, and of 宋体 at 10.5 points on it.
const (
	portraitWidth   = 84.0 // widths of a digit in the default font between the margins
	landscapeWidth  = 126.0
	portraitHeight  = 740.0 // points between the margins
	landscapeHeight = 500.0
	lineHeight      = 15.5 // points of one line of text
	mostLines       = 15   // of one free text
	firstLine       = 5    // row of the first line: mark, title, head and column titles come before
)

// newGrid lays a table out as the bureau prints it.
func newGrid(tb *Table) *grid {
	g := &grid{}
	g.columns(tb.Template)
	last := len(g.widths)
	g.top(tb, last)
	lines := len(tb.Template.Halves[0].Rows)
	g.heights = append(g.heights, make([]float64, lines)...)
	start := 1
	for h := range tb.Template.Halves {
		g.half(tb, &tb.Template.Halves[h], start)
		start += columnsIn(tb.Template, h)
	}
	g.bottom(tb, last)
	g.stretch(tb.Template, lines)
	return g
}

// columnsIn returns how many sheet columns a half takes.
func columnsIn(t *Template, h int) int {
	n := t.Halves[h].Depth + 3
	if t.Columns.Remark != "" {
		n++
	}
	return n
}

// top lays out what stands above the lines.
func (g *grid) top(tb *Table, last int) {
	t, f := tb.Template, tb.Filing
	g.heights = append(g.heights, 20, 38, 24, 24)
	middle := max(1, last/2)
	g.boxes = append(g.boxes,
		box{1, 1, middle, 1, markLook, t.Mark, nil},
		box{middle + 1, 1, last, 1, draftLook, tb.draftMark(), nil},
		box{1, 2, last, 2, titleLook, t.Title, nil})
	head := t.Head.Unit + "：" + f.Unit
	if t.Head.Date == "" {
		g.boxes = append(g.boxes, box{1, 3, last, 3, headLook, head, nil})
	} else {
		g.boxes = append(g.boxes, box{1, 3, middle, 3, headLook, head, nil},
			box{middle + 1, 3, last, 3, headEndLook, t.Head.Date + "：" + dateText(f.Date), nil})
	}
	start := 1
	for h := range t.Halves {
		item := start + t.Halves[h].Depth
		g.boxes = append(g.boxes, box{start, 4, item, 4, columnLook, t.Columns.Item, nil},
			box{item + 1, 4, item + 1, 4, columnLook, t.Columns.Unit, nil},
			box{item + 2, 4, item + 2, 4, columnLook, t.Columns.Total, nil})
		if t.Columns.Remark != "" {
			g.boxes = append(g.boxes, box{item + 3, 4, item + 3, 4, columnLook, t.Columns.Remark, nil})
		}
		start += columnsIn(t, h)
	}
}

// half lays out the groups and lines of one half, from column start.
func (g *grid) half(tb *Table, half *Half, start int) {
	for _, gr := range half.Groups {
		col := start + gr.Level - 1
		how := groupLook
		if upright(half, gr.Level) {
			how = uprightLook
		}
		g.boxes = append(g.boxes, box{col, firstLine - 1 + gr.From, col, firstLine - 1 + gr.To, how, gr.Label, nil})
	}
	for i := range half.Rows {
		g.line(tb, tb.Row(half.Rows[i].Code), start, start+half.Depth)
	}
}

// line lays out one row of the form: its label takes the columns of the groups that do not span
// it.
func (g *grid) line(tb *Table, r *TableRow, start, item int) {
	y := firstLine - 1 + r.Row.Line
	end := item + 2
	if tb.Template.Columns.Remark != "" {
		end++
	}
	if !r.Row.Numeric() {
		label, text := box{start + len(r.Row.Groups), y, item, y, labelLook, r.Row.Label, nil}, item+1
		if r.Row.Wide {
			label.c2, label.look, text = item-1, groupLook, item
		}
		g.boxes = append(g.boxes, label, g.textBox(text, y, end, r.Text()))
		return
	}
	figure, how := r.Accepted, countLook
	if figure.Hours {
		how = hourLook
	}
	label := box{start + len(r.Row.Groups), y, item, y, labelLook, r.Row.Label, nil}
	g.need(y, linesFor(label.text, g.room(label.c1, label.c2)))
	g.boxes = append(g.boxes, label, box{item + 1, y, item + 1, y, unitLook, r.Row.Unit, nil},
		box{item + 2, y, item + 2, y, how, "", &figure})
	if end > item+2 {
		g.boxes = append(g.boxes, g.textBox(end, y, end, r.Remark()))
	}
}

// textBox lays out a free text; what does not fit is cut and said to stand on another sheet.
func (g *grid) textBox(c1, y, c2 int, text string) box {
	const more = "……（全文见“文字”页）"
	room := g.room(c1, c2)
	const lines = mostLines
	short, tooLong := cut(text, room, lines-linesFor(more, room))
	if tooLong && linesFor(text, room) > lines {
		text, g.cut = short+more, true
	}
	g.need(y, linesFor(text, room))
	return box{c1, y, c2, y, textLook, text, nil}
}

// bottom lays out notes, what the window left out, and who filled the form in.
func (g *grid) bottom(tb *Table, last int) {
	notes := tb.Template.Notes
	if s := tb.outsideNote(); s != "" {
		notes = append(notes[:len(notes):len(notes)], s)
	}
	for _, n := range notes {
		y := len(g.heights) + 1
		g.heights = append(g.heights, float64(linesFor(n, g.room(1, last)))*lineHeight+4)
		g.boxes = append(g.boxes, box{1, y, last, y, noteLook, n, nil})
	}
	foot := tb.Template.Foot
	if foot == (Foot{}) {
		return
	}
	y, middle := len(g.heights)+1, max(1, last/2)
	g.heights = append(g.heights, 28)
	left, right := box{1, y, middle, y, headLook, "", nil}, box{middle + 1, y, last, y, headLook, "", nil}
	if foot.FilledBy != "" {
		left.text = foot.FilledBy + "：" + tb.Filing.FilledBy
	}
	if foot.Phone != "" {
		right.text = foot.Phone + "：" + tb.Filing.Phone
	}
	g.boxes = append(g.boxes, left, right)
}
