package stats

import "github.com/xuri/excelize/v2"

// font is what the forms are set in. Every Chinese office has it; elsewhere a viewer takes its
// own Song face.
const font = "宋体"

// thin is a frame around a cell.
var thin = []excelize.Border{
	{Type: "left", Color: "000000", Style: 1}, {Type: "right", Color: "000000", Style: 1},
	{Type: "top", Color: "000000", Style: 1}, {Type: "bottom", Color: "000000", Style: 1},
}

// style returns the id of a look, made at its first use.
func (b *book) style(l look) (int, error) {
	if id, ok := b.styles[l]; ok {
		return id, nil
	}
	id, err := b.NewStyle(styleOf(l))
	if err == nil {
		b.styles[l] = id
	}
	return id, err
}

// styleOf describes a look with what WPS, Excel and LibreOffice all draw alike.
func styleOf(l look) *excelize.Style {
	s := &excelize.Style{
		Font:      &excelize.Font{Family: font, Size: 10.5},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
		Border:    thin,
	}
	switch l {
	case markLook:
		s.Border, s.Alignment.Horizontal, s.Font.Size = nil, "left", 12
	case draftLook:
		s.Border, s.Alignment.Horizontal = nil, "right"
		s.Font.Bold, s.Font.Size, s.Font.Color = true, 12, "C00000"
	case titleLook:
		s.Border, s.Font.Bold, s.Font.Size = nil, true, 18
	case headLook:
		s.Border, s.Alignment.Horizontal, s.Font.Size = nil, "left", 11
	case headEndLook:
		s.Border, s.Alignment.Horizontal, s.Font.Size = nil, "right", 11
	case columnLook:
		s.Font.Bold = true
	case uprightLook:
		s.Alignment.TextRotation, s.Alignment.WrapText = 255, false // letters upright, one below the other
	case labelLook, textLook:
		s.Alignment.Horizontal, s.Alignment.Indent = "left", 1
	case countLook:
		s.NumFmt = 1 // 0
	case hourLook:
		s.NumFmt = 2 // 0.00
	case noteLook:
		s.Border, s.Alignment.Horizontal, s.Alignment.Vertical = nil, "left", "top"
	}
	return s
}
