package stats

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCell(t *testing.T) {
	for _, c := range []struct {
		cell Cell
		want string
	}{
		{Cell{}, ""}, {Cell{Hours: true}, ""}, {Cell{Value: 5}, ""}, {Cell{N: 1}, "0"}, {Cell{Value: -3, N: 2}, "-3"},
		{Cell{0, 1, true}, "0.00"}, {Cell{1, 1, true}, "0.02"}, {Cell{25, 1, true}, "0.42"}, {Cell{90, 1, true}, "1.50"},
		{Cell{125, 3, true}, "2.08"}, {Cell{-25, 1, true}, "-0.42"}, {Cell{-1, 1, true}, "-0.02"}, {Cell{1 << 53, 1, true}, "150119987579016.53"},
	} {
		if got := c.cell.String(); got != c.want {
			t.Errorf("%+v prints %q, want %q", c.cell, got, c.want)
		}
	}
}

// Hours are rounded once: three programmes of 25 minutes are 1.25 hours, not 3 × 0.42.
func TestHoursAreRoundedOnce(t *testing.T) {
	tmpl := builtin(t, "ningxia-2022")
	var totals []Total
	for _, u := range []string{"a", "b", "c"} {
		totals = append(totals, Total{Template: tmpl.ID, Row: "tv_hours", Unit: u, Reported: 25, ReportedN: 1, Accepted: 25, AcceptedN: 1})
	}
	if got := BuildTable(tmpl, totals, nil, Filing{}).Row("tv_hours").Accepted.String(); got != "1.25" {
		t.Errorf("got %s", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.Int64Range(-1_000_000_000, 1_000_000_000).Draw(t, "minutes")
		c := Cell{m, 1, true}
		if d := c.Number() - c.Exact(); d > 0.005 || d < -0.005 {
			t.Fatalf("%d minutes print %s", m, c)
		}
	})
}

func TestBuildTable(t *testing.T) {
	tmpl := builtin(t, "ningxia-2022")
	totals := []Total{
		{"ningxia-2022", "complaints", "b", 9, 3, 5, 2}, {"ningxia-2022", "complaints", "a", 1, 1, 0, 0},
		{"ningxia-2022", "complaints", "ghost", 100, 1, 100, 1}, {"ningxia-2022", "gala_cctv", "a", 0, 1, 0, 1},
		{"heping-2020", "materials_issued", "z", 7, 1, 7, 1}, {"heping-2020", "complaints", "a", 7, 1, 7, 1}, {"ningxia-2022", "nonsense", "a", 7, 1, 7, 1}, {"ningxia-2022", "banners", "gone", 0, 0, 0, 0},
	}
	texts := []SheetText{{"highlights", "b", "乙所", "二", true}, {"highlights", "a", "甲所", " 一 ", true}, {"highlights", "a", "甲所", "未审", false},
		{"other", "q", "丙所", "别的表", true}}
	tb := BuildTable(tmpl, totals, texts, Filing{Units: []UnitColumn{{"a", "甲所"}, {"b", "乙所"}}})
	var cols []string
	for _, u := range tb.Units {
		cols = append(cols, u.ID+u.Name)
	}
	// A figure whose unit has no column must not vanish; another form's must not appear.
	if got := strings.Join(cols, " "); got != "a甲所 b乙所 ghostghost" {
		t.Errorf("units are %s", got)
	}
	r := tb.Row("complaints")
	if r.Accepted != (Cell{105, 3, false}) || r.Reported != (Cell{110, 5, false}) {
		t.Errorf("complaints are %+v", r)
	}
	if !r.Units[0].Accepted.Blank() || r.Units[1].Accepted.String() != "5" || tb.Row("gala_cctv").Accepted.String() != "0" || !tb.Row("banners").Accepted.Blank() {
		t.Error("blank and 0 are mixed up")
	}
	if got := tb.Row("highlights").Text(); got != "甲所：一\n乙所：二" {
		t.Errorf("highlights are %q", got)
	}
	if tb.Row("nonsense") != nil {
		t.Error("a row that is not on the form")
	}
	one := BuildTable(tmpl, nil, texts[:1], Filing{})
	if got := one.Row("highlights").Text(); got != "二" {
		t.Errorf("a single unit's text is %q", got)
	}
}

func TestWarnings(t *testing.T) {
	tmpl := builtin(t, "ningxia-2022")
	row := func(code, unit string, reported, accepted int64) Total {
		return Total{tmpl.ID, code, unit, reported, 1, accepted, 1}
	}
	f := Filing{Units: []UnitColumn{{"a", "甲所"}, {"b", "乙所"}}}
	if w := BuildTable(tmpl, []Total{row("complaints", "a", 5, 5), row("handled_directly", "a", 3, 3), row("handled_transferred", "a", 2, 2)}, nil, f).Warnings; len(w) > 0 {
		t.Errorf("warned of %v", w)
	}
	w := BuildTable(tmpl, []Total{row("complaints", "a", 9, 9), row("handled_directly", "b", 3, 0)}, nil, f).Warnings
	if len(w) != 1 || w[0].Unit != "b" || w[0].Figures != ReportedFigures || w[0].Part != 3 || w[0].Whole != 0 {
		t.Fatalf("got %+v", w)
	}
	if got := w[0].String(); got != "乙所（上报数）：“其中”合计 3，大于所属项目合计 0" {
		t.Error(got)
	}
	w = BuildTable(tmpl, []Total{row("handled_transferred", "b", 3, 3)}, nil, f).Warnings
	if len(w) != 4 || w[0].Unit != "" {
		t.Errorf("got %v", w)
	}
}

func TestCanonicalCSV(t *testing.T) {
	tmpl := builtin(t, "heping-2020")
	tb := BuildTable(tmpl, []Total{{"heping-2020", "law_sessions", "b", 3, 3, 2, 2}},
		[]SheetText{{"other", "a", "甲所", "=一\r\n二", true}, {RemarkRow("law_sessions"), "b", "乙所", "含,联合", false}},
		Filing{Units: []UnitColumn{{"b", "乙所"}, {"a", "甲所"}}})
	var buf bytes.Buffer
	if err := tb.CSV(&buf); err != nil {
		t.Fatal(err)
	}
	want := "template,row,unit,reported,reported_n,accepted,accepted_n,text\n" +
		"heping-2020,law_sessions,b,3,3,2,2,\nheping-2020,remark.law_sessions,b,,1,,0,\nheping-2020,law_sessions,a,0,0,0,0,\n" +
		"heping-2020,large_consultations,b,0,0,0,0,\n"
	if got := buf.String(); !strings.HasPrefix(got, want) || strings.Contains(got, "\r") || !strings.HasSuffix(got, "heping-2020,other,b,,0,,0,\nheping-2020,other,a,,1,,1,\"=一\n二\"\n") {
		t.Errorf("got\n%s", got)
	}
	records, err := csv.NewReader(&buf).ReadAll()
	if err != nil || len(records) != 1+2*18+1 {
		t.Errorf("%d records, %v", len(records), err)
	}
}

func TestOfficeCSV(t *testing.T) {
	tmpl := builtin(t, "ningxia-2022")
	tb := BuildTable(tmpl, []Total{{tmpl.ID, "tv_hours", "a", 95, 1, 90, 1}, {tmpl.ID, "gala_cctv", "a", -2, 1, 0, 1}},
		[]SheetText{{"highlights", "a", "甲所", "=cmd|' /C calc'!A0", true}}, Filing{Units: []UnitColumn{{"a", "+甲所"}}})
	var buf bytes.Buffer
	if err := tb.OfficeCSV(&buf); err != nil {
		t.Fatal(err)
	}
	got := buf.String()
	for _, want := range []string{"\ufeff项目,单位,合计（审核）,合计（上报）,'+甲所,备注\r\n", "媒体宣传·电视·播放时间,时,1.50,1.58,1.50,\r\n",
		"央视12315晚会投诉举报（视播出情况填写）,件,0,-2,0,\r\n", "受理消费者投诉,件,,,,\r\n", "亮点活动,,,,'=cmd|' /C calc'!A0,\r\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestPrint(t *testing.T) {
	var buf bytes.Buffer
	tb := filled(t, "ningxia-2022", 2)
	tb.Warnings = []Warning{{Figures: ReportedFigures, Label: "其中", Part: 2, Whole: 1}}
	if err := tb.Print(&buf); err != nil {
		t.Fatal(err)
	}
	text := buf.String()
	for _, want := range []string{"2022年“315”活动情况统计表\n", "填报单位：某某县市场监督管理局　时间：2022 年 3 月 17 日\n", "草稿：尚有 5 场未审核\n", "另有 2 场不在统计期内，未计入本表。\n",
		"亮点活动：第1市场监管所：", "3、报送时间：2022年3月17日前。\n", "提示 全表（上报数）：“其中”合计"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	// Every figure ends in the same column, whatever CJK stands before it.
	var ends []int
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "受理消费者投诉") || strings.HasPrefix(line, "宣传咨询服务部分·出动") || strings.HasPrefix(line, "央视12315") {
			ends = append(ends, columnsOf(line))
		}
	}
	if len(ends) != 3 || ends[0] != ends[1] || ends[1] != ends[2] {
		t.Errorf("columns end at %v", ends)
	}
}

func TestWidths(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "送法": 4, "册（份）": 8, "e\u0301": 1, "ｶ": 1, "Ａ": 2, "\u200b": 0} {
		if got := columnsOf(s); got != want {
			t.Errorf("%q is %d wide, want %d", s, got, want)
		}
	}
	if s, short := cut("一二三四五", 4, 2); s != "一二三四" || !short {
		t.Errorf("cut to %q", s)
	}
	if s, short := cut("一\n二", 4, 2); s != "一\n二" || short {
		t.Errorf("cut to %q", s)
	}
}

// TestForYear: a form of another year is printed as the campaign's, and its figures stay.
func TestForYear(t *testing.T) {
	list, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	tb := BuildTable(list[0], nil, nil, Filing{Year: 2031})
	if tb.Template.Title != "2031年“315”活动情况统计表" || tb.Template.Notes[2] != "3、报送时间：2031年3月17日前。" {
		t.Errorf("printed as %q with the note %q", tb.Template.Title, tb.Template.Notes[2])
	}
	if list[0].Title != "2022年“315”活动情况统计表" {
		t.Error("the template itself was changed")
	}
	if got := BuildTable(list[0], nil, nil, Filing{Year: 2022}).Template; got != list[0] {
		t.Error("its own year makes a copy")
	}
}
