package stats

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// open writes a table and reads it back.
func open(t testing.TB, tb *Table) *excelize.File {
	t.Helper()
	var buf bytes.Buffer
	if err := tb.XLSX(&buf); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// want is what the form must show, written down here by hand and not by the code under test:
// rectangle → text; # stands for the figure of the row that follows it.
func formA() map[string]string {
	w := map[string]string{
		"A1:E1": "附件3", "F1:J1": "草稿：尚有 5 场未审核", "A2:J2": "2022年“315”活动情况统计表",
		"A4:C4": "项目", "D4": "单位", "E4": "合计", "F4:H4": "项目", "I4": "单位", "J4": "合计",
		"A5:A22": "宣传咨询服务部分", "B8:B12": "送法下基层", "A23:B23": "亮点活动",
		"F10:F11": "其中", "F12:F21": "媒体宣传", "G12:G13": "电视", "G14:G15": "广播", "G16:G17": "报刊", "G18:G19": "网络", "G20:G21": "自媒体", "F22:F23": "其他",
	}
	rows := strings.Split(ningxia, "\n")
	for i, line := range rows {
		f := strings.Split(line, "|")
		label := f[0][strings.LastIndex("·"+f[0], "·"):]
		if f[2] == "highlights" {
			w["C23:E23"] = "#highlights"
			continue
		}
		y := 5 + i%19
		from, to, unit, sum := "B", "C", "D", "E"
		if i >= 19 {
			from, to, unit, sum = "F", "H", "I", "J"
		}
		switch strings.Count(f[0], "·") {
		case 2:
			from = to
		case 1:
			from = string(from[0] + 1)
		}
		cell := fmt.Sprintf("%s%d:%s%d", from, y, to, y)
		if from == to {
			cell = fmt.Sprintf("%s%d", from, y)
		}
		w[cell], w[fmt.Sprintf("%s%d", unit, y)], w[fmt.Sprintf("%s%d", sum, y)] = label, f[1], "#"+f[2]
	}
	w["A3:E3"], w["F3:J3"] = "填报单位：某某县市场监督管理局", "时间：2022 年 3 月 17 日"
	for i, n := range []string{"注：1、以上各项内容不得重复填写；", "2、电视、广播节目以首播为准，不计重播数量。固定开办的专题节目，每播出一个内容的节目，即为一期；一次性开办的节目以一期计；", "3、报送时间：2022年3月17日前。", "另有 2 场不在统计期内，未计入本表。"} {
		w[fmt.Sprintf("A%d:J%d", 24+i, 24+i)] = n
	}
	return w
}

func formB() map[string]string {
	w := map[string]string{
		"A1:B1": "附件2", "C1:E1": "草稿：尚有 5 场未审核", "A2:E2": "2020年3•15活动工作情况统计表", "A3:E3": "填报部门：某某县市场监督管理局",
		"A4:B4": "项目", "C4": "单位", "D4": "数量", "E4": "备注",
		"A5:A14": "宣传教育", "A15:A21": "维权会议", "A22": "其他", "B22:E22": "#other", "B14": "其他", "C14:E14": "#education_other",
		"A23:E23": "注：统计日期为方案下发之日起至3月19日。", "A24:E24": "另有 2 场不在统计期内，未计入本表。", "A25:B25": "填报人：甲", "C25:E25": "联系电话：00000000",
	}
	for i, line := range strings.Split(heping, "\n") {
		f := strings.Split(line, "|")
		if f[1] == "" {
			continue
		}
		y := 5 + i
		w[fmt.Sprintf("B%d", y)], w[fmt.Sprintf("C%d", y)], w[fmt.Sprintf("D%d", y)], w[fmt.Sprintf("E%d", y)] = f[0][strings.Index(f[0], "·")+len("·"):], f[1], "#"+f[2], ""
	}
	return w
}

// Every merge, label, unit, figure and border of both forms, cell by cell.
func TestFormCellByCell(t *testing.T) {
	for id, want := range map[string]map[string]string{"ningxia-2022": formA(), "heping-2020": formB()} {
		t.Run(id, func(t *testing.T) {
			tb := filled(t, id, 3)
			f := open(t, tb)
			merges, err := f.GetMergeCells(FormSheet)
			if err != nil {
				t.Fatal(err)
			}
			merged := map[string]bool{}
			for _, m := range merges {
				merged[m.GetStartAxis()+":"+m.GetEndAxis()] = true
			}
			for rect, text := range want {
				from, _, isMerge := strings.Cut(rect, ":")
				if isMerge && !merged[rect] {
					t.Errorf("%s (%s) is not merged", rect, text)
				}
				delete(merged, rect)
				if code, ok := strings.CutPrefix(text, "#"); ok {
					r := tb.Row(code)
					text = r.Accepted.String() + r.Text()
				}
				if got, err := f.GetCellValue(FormSheet, from); err != nil || got != text {
					t.Errorf("%s shows %q, want %q (%v)", from, got, text, err)
				}
			}
			for rect := range merged {
				t.Errorf("%s is merged and should not be", rect)
			}
			borders(t, f, tb)
		})
	}
}

// borders checks that every cell of the table proper has a thin frame in 宋体, and none outside.
func borders(t *testing.T, f *excelize.File, tb *Table) {
	t.Helper()
	lines := len(tb.Template.Halves[0].Rows)
	last := 0
	for h := range tb.Template.Halves {
		last += columnsIn(tb.Template, h)
	}
	for y := 1; y <= 5+lines; y++ {
		for x := 1; x <= last; x++ {
			at, _ := excelize.CoordinatesToCellName(x, y)
			id, err := f.GetCellStyle(FormSheet, at)
			if err != nil {
				t.Fatal(err)
			}
			s, err := f.GetStyle(id)
			if err != nil {
				t.Fatal(err)
			}
			framed := y >= 4 && y < 5+lines
			thinSides := 0
			for _, b := range s.Border {
				if b.Style == 1 {
					thinSides++
				}
			}
			if (framed && thinSides != 4) || (!framed && thinSides != 0) {
				t.Errorf("%s has %d thin sides", at, thinSides)
			}
			if s.Font == nil || s.Font.Family != "宋体" {
				t.Errorf("%s is not set in 宋体", at)
			}
		}
	}
}

func TestFormPage(t *testing.T) {
	for id, area := range map[string]string{"ningxia-2022": "'统计表'!$A$1:$J$27", "heping-2020": "'统计表'!$A$1:$E$25"} {
		f := open(t, filled(t, id, 3))
		p, err := f.GetPageLayout(FormSheet)
		if err != nil || *p.Size != 9 || *p.Orientation != "portrait" || *p.FitToWidth != 1 || *p.FitToHeight != 1 {
			t.Errorf("page is %+v %v", p, err)
		}
		if s, err := f.GetSheetProps(FormSheet); err != nil || !*s.FitToPage {
			t.Errorf("the form is not fitted to its page: %v", err)
		}
		if m, err := f.GetPageMargins(FormSheet); err != nil || !*m.Horizontally || *m.Left != *m.Right {
			t.Errorf("the form is not centred: %v", err)
		}
		if !slices.ContainsFunc(f.GetDefinedName(), func(d excelize.DefinedName) bool {
			return d.Name == "_xlnm.Print_Area" && d.Scope == FormSheet && d.RefersTo == area
		}) {
			t.Errorf("print area is not %s: %+v", area, f.GetDefinedName())
		}
	}
}

func TestNoDraftMarkWhenReviewed(t *testing.T) {
	tb := filled(t, "ningxia-2022", 1)
	tb.Filing.Unreviewed, tb.Filing.Outside = 0, 0
	f := open(t, tb)
	for _, sheet := range []string{FormSheet, UnitsSheet} {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if all := fmt.Sprint(rows); strings.Contains(all, "草稿") || strings.Contains(all, "统计期内") {
			t.Errorf("%s is marked: %s", sheet, all)
		}
	}
}

// The second sheet: each unit's figure, a SUM with its value, blanks where nothing was entered.
func TestUnitsSheet(t *testing.T) {
	for _, id := range BuiltinNames {
		tb := filled(t, id, 4)
		f := open(t, tb)
		y := 4
		for i := range tb.Rows {
			r := &tb.Rows[i]
			if !r.Row.Numeric() {
				continue
			}
			want := []string{r.Row.FullLabel(), r.Row.Unit, r.Accepted.String()}
			for _, u := range r.Units {
				want = append(want, u.Accepted.String())
			}
			for x, text := range want {
				at, _ := excelize.CoordinatesToCellName(x+1, y)
				if got, err := f.GetCellValue(UnitsSheet, at); err != nil || got != text {
					t.Errorf("%s %s %s shows %q, want %q (%v)", id, r.Row.Code, at, got, text, err)
				}
			}
			sum := fmt.Sprintf("C%d", y)
			if got, _ := f.GetCellFormula(UnitsSheet, sum); got != fmt.Sprintf(`IF(COUNT(D%d:G%d)=0,"",SUM(D%d:G%d))`, y, y, y, y) {
				t.Errorf("%s holds %s", sum, got)
			}
			// The stored value and the calculated one agree to the last digit that is printed.
			if got, err := f.CalcCellValue(UnitsSheet, sum); err != nil || got != r.Accepted.String() {
				t.Errorf("%s %s adds up to %q, want %q (%v)", id, r.Row.Code, got, r.Accepted, err)
			}
			y++
		}
		if got, _ := f.GetCellValue(UnitsSheet, "D3"); got != "第1市场监管所" {
			t.Errorf("first unit is %s", got)
		}
	}
}

// Cells that are added up hold unrounded hours: three times 25 minutes are 1.25, not 3 × 0.42.
func TestUnitsSheetRoundsHoursOnce(t *testing.T) {
	tmpl := builtin(t, "ningxia-2022")
	var totals []Total
	for _, u := range []string{"a", "b", "c"} {
		totals = append(totals, Total{tmpl.ID, "tv_hours", u, 25, 1, 25, 1})
	}
	f := open(t, BuildTable(tmpl, totals, nil, Filing{}))
	y := 0
	for i, r := range tmpl.Rows() {
		if r.Code == "tv_hours" {
			y = i + firstUnitRow - 1 // 亮点活动 stands before it and is no figure
		}
	}
	for _, c := range []struct{ at, want string }{{fmt.Sprintf("C%d", y), "1.25"}, {fmt.Sprintf("D%d", y), "0.42"}} {
		if got, err := f.GetCellValue(UnitsSheet, c.at); err != nil || got != c.want {
			t.Errorf("%s shows %s, want %s (%v)", c.at, got, c.want, err)
		}
	}
	if got, err := f.CalcCellValue(UnitsSheet, fmt.Sprintf("C%d", y)); err != nil || got != "1.25" {
		t.Errorf("the sum is %s (%v)", got, err)
	}
}

// Whatever a text begins with, it stays a text.
func TestNoFormulaInjection(t *testing.T) {
	tmpl := builtin(t, "heping-2020")
	for _, evil := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(\"http://x\",\"y\")"} {
		tb := BuildTable(tmpl, nil, []SheetText{{"other", "a", "甲所", evil, true}, {RemarkRow("law_sessions"), "a", "甲所", evil, true}},
			Filing{Unit: evil, FilledBy: evil, Phone: evil, Units: []UnitColumn{{"a", evil}}})
		f := open(t, tb)
		for sheet, cells := range map[string][]string{FormSheet: {"B22", "E5", "A3", "A24"}, UnitsSheet: {"D3"}} {
			for _, at := range cells {
				formula, _ := f.GetCellFormula(sheet, at)
				kind, err := f.GetCellType(sheet, at)
				if err != nil || formula != "" || (kind != excelize.CellTypeSharedString && kind != excelize.CellTypeInlineString) {
					t.Errorf("%q in %s %s is a formula %q or of type %v (%v)", evil, sheet, at, formula, kind, err)
				}
			}
		}
		if got, _ := f.GetCellValue(FormSheet, "B22"); got != strings.TrimSpace(evil) {
			t.Errorf("%q became %q", evil, got)
		}
	}
}

// A text too long for the form is cut there, says so, and stands in full on its own sheet.
func TestLongText(t *testing.T) {
	long := strings.Repeat("在步行街设立咨询台。", 200)
	tb := BuildTable(builtin(t, "ningxia-2022"), nil, []SheetText{{"highlights", "a", "甲所", long, true}, {"highlights", "b", "乙所", "秘密", false}}, Filing{})
	f := open(t, tb)
	if got, _ := f.GetCellValue(FormSheet, "C23"); !strings.HasSuffix(got, "……（全文见“文字”页）") || len(got) > len(long)/2 {
		t.Errorf("the form shows %q", got)
	}
	if got, _ := f.GetCellValue(TextSheet, "C1"); got != long {
		t.Errorf("the full text is %q", got)
	}
	if got, _ := f.GetCellValue(TextSheet, "C2"); got != "" {
		t.Errorf("a text that is not accepted is printed: %q", got)
	}
	if list := open(t, filled(t, "ningxia-2022", 2)).GetSheetList(); len(list) != 2 {
		t.Errorf("sheets are %v", list)
	}
}

func TestControlCharactersDoNotBreakTheFile(t *testing.T) {
	tb := BuildTable(builtin(t, "ningxia-2022"), nil, []SheetText{{"highlights", "a", "甲\x01所", "一\x00二\r\n<三>&\ufffe", true}}, Filing{Units: []UnitColumn{{"a", "甲\x02<所"}}})
	f := open(t, tb)
	if got, _ := f.GetCellValue(FormSheet, "C23"); !strings.Contains(got, "二\n<三>&") {
		t.Errorf("got %q", got)
	}
}

func TestManyUnits(t *testing.T) {
	tb := filled(t, "ningxia-2022", 60)
	f := open(t, tb)
	p, err := f.GetPageLayout(UnitsSheet)
	if err != nil || *p.FitToWidth != 5 {
		t.Errorf("60 units on %v pages, %v", p.FitToWidth, err)
	}
	last, _ := excelize.CoordinatesToCellName(63, 4)
	if got, _ := f.GetCellValue(UnitsSheet, last); got != strconv.Itoa(1059) {
		t.Errorf("the last unit has %q", got)
	}
}

func BenchmarkXLSX(b *testing.B) {
	for _, units := range []int{1, 40} {
		tb := filled(b, "ningxia-2022", units)
		b.Run(fmt.Sprintf("units=%d", units), func(b *testing.B) {
			for b.Loop() {
				if err := tb.XLSX(&bytes.Buffer{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
