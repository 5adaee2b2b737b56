package stats

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// midMarch is 2022-03-15 10:00 in Shanghai, inside the window of rules.
const midMarch = 1647309600000

// sampleEvent is a stand with everything typed and tapped.
func sampleEvent() *Event {
	return &Event{ID: "e1", Unit: "u1", StartMS: midMarch,
		Text:    map[string]string{"kind": "consultation", "venue": "square"},
		Num:     map[string]int64{"leaders": 2, "operators": 12, "experts": 3, "banners": 0, "boards": 6},
		Flag:    map[string]bool{"large": true},
		Staff:   map[string]int64{"u2": 4, "u1": 9},
		Tallies: map[string]Tally{"complaints": {3, 2}, "gala_cctv": {0, 1}, "materials_handed_out": {500, 7}, "public_consulting": {220, 90}}}
}

// media is a media item with its key fields.
func media(id, channel, form, outlet, programme, content string) *Event {
	return &Event{ID: id, Unit: "u1", StartMS: midMarch, Text: map[string]string{"kind": "media", "channel": channel,
		"form": form, "outlet": outlet, "programme": programme, "content": content}}
}

// short writes contributions as row[@unit]=value/n, =key, or !why.
func short(list []Contribution) string {
	var out []string
	for _, c := range list {
		s := c.Row
		if c.Unit != "u1" {
			s += "@" + c.Unit
		}
		switch {
		case c.Key != "":
			s += "=" + strings.ReplaceAll(c.Key, separator, "|")
		case c.Text != "":
			s += "=" + c.Text
		default:
			data, _ := json.Marshal([2]int64{c.Value, c.N})
			s += "=" + string(data)
		}
		if c.Why != "" {
			s += "!" + c.Why
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestContributions(t *testing.T) {
	with := func(e *Event, f func(*Event)) *Event { f(e); return e }
	visit := func(venue string) *Event {
		return &Event{ID: "v", Unit: "u1", StartMS: midMarch, Text: map[string]string{"kind": "visit", "venue": venue}}
	}
	meeting := &Event{ID: "m", Unit: "u1", StartMS: midMarch, Text: map[string]string{"kind": "meeting", "meeting_type": "training"},
		Num: map[string]int64{"consumers": 40, "operators": 5}, Tallies: map[string]Tally{"consumers_joining": {7, 1}, "materials_issued": {80, 2}}}
	stand := "staff_dispatched=[9,1] staff_dispatched@u2=[4,1] leaders_attending=[2,1] operators_consulting=[12,1] public_consulting=[220,90] experts_consulting=[3,1] banners=[0,1] display_boards=[6,1] materials_handed_out=[500,7] complaints=[3,2] gala_cctv=[0,1]"
	for _, c := range []struct {
		name, template string
		e              *Event
		want           string
	}{
		{"stand", "ningxia-2022", sampleEvent(), stand},
		{"stand B", "heping-2020", sampleEvent(), "large_consultations=[1,1]"},
		{"small stand B", "heping-2020", with(sampleEvent(), func(e *Event) { e.Flag = nil }), ""},
		{"visit", "ningxia-2022", visit("village"), "visits_village=[1,1]"},
		{"stand in a village", "ningxia-2022", with(visit("village"), func(e *Event) { e.Text["kind"] = "consultation" }), ""},
		{"meeting B", "heping-2020", meeting, "materials_issued=[80,2] meetings_training=[1,1] consumers_meeting=[40,1] operators_meeting=[5,1]"},
		{"programme", "ningxia-2022", with(media("e", "tv", "programme", " 县电视台 ", "315在行动", "第一期"), func(e *Event) { e.Num = map[string]int64{"minutes": 25} }),
			"tv_programmes=tv|县电视台|315在行动|第一期 tv_hours=[25,1]"},
		{"repeat", "ningxia-2022", with(media("e", "radio", "programme", "台", "p", "c"), func(e *Event) {
			e.Num, e.Flag = map[string]int64{"minutes": 25}, map[string]bool{"repeat": true}
		}), "radio_programmes=radio|台|p|c!repeat radio_hours=[25,1]!repeat"},
		{"no content", "ningxia-2022", media("e7", "press", "article", "", "", " \u3000"), "press_articles=press|||e7"},
		{"post without pieces", "ningxia-2022", media("e", "own_media", "post", "", "", ""), "social_posts=[1,1]"},
		{"post of none", "ningxia-2022", with(media("e", "own_media", "post", "", "", ""), func(e *Event) { e.Num = map[string]int64{"pieces": 0} }), "social_posts=[1,1]"},
		{"posts", "ningxia-2022", with(media("e", "own_media", "post", "", "", ""), func(e *Event) { e.Num = map[string]int64{"pieces": 7} }), "social_posts=[7,1]"},
		{"leaflet without pieces", "ningxia-2022", media("e", "outdoor", "leaflet", "", "", ""), ""},
		{"leaflet", "ningxia-2022", with(media("e", "", "leaflet", "", "", ""), func(e *Event) { e.Num = map[string]int64{"pieces": 5000} }), "materials_printed=[5000,1]"},
		{"unknown kind", "ningxia-2022", &Event{ID: "e", Unit: "u1", StartMS: midMarch, Text: map[string]string{"kind": "parade"}, Num: map[string]int64{"banners": 3}}, "banners=[3,1]"},
		{"nothing set", "ningxia-2022", &Event{ID: "e", Unit: "u1", StartMS: midMarch}, ""},
		{"deleted", "heping-2020", with(sampleEvent(), func(e *Event) { e.Deleted, e.Judged = true, WhyOne }), "large_consultations=[1,1]!deleted"},
		{"same facts", "heping-2020", with(sampleEvent(), func(e *Event) { e.Judged = WhySame; e.Tallies = map[string]Tally{"materials_issued": {5, 1}} }),
			"large_consultations=[1,1]!same_facts materials_issued=[5,1]!same_facts"},
		{"one event", "heping-2020", with(sampleEvent(), func(e *Event) { e.Judged = WhyOne; e.Tallies = map[string]Tally{"materials_issued": {5, 1}} }),
			"large_consultations=[1,1]!one_event materials_issued=[5,1]"},
		{"one event outside", "heping-2020", with(sampleEvent(), func(e *Event) {
			e.Judged, e.StartMS = WhyOne, 0
			e.Tallies = map[string]Tally{"materials_issued": {5, 1}}
		}), "large_consultations=[1,1]!one_event materials_issued=[5,1]!outside_window"},
		{"tally without entries", "heping-2020", &Event{ID: "e", StartMS: midMarch, Unit: "u1", Tallies: map[string]Tally{"materials_issued": {}}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := short(rules(t, c.template).Event(c.e)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestBothTemplatesAtOnce(t *testing.T) {
	s := rules(t, BuiltinNames...)
	a, b := rules(t, BuiltinNames[0]).Event(sampleEvent()), rules(t, BuiltinNames[1]).Event(sampleEvent())
	if got := s.Event(sampleEvent()); !slices.Equal(got, append(a, b...)) {
		t.Errorf("two templates give %s", short(got))
	}
}

func TestKeysAreNormalised(t *testing.T) {
	s := rules(t, "ningxia-2022")
	a := s.Event(media("a", "press", "article", "Cafe\u0301日报", "", "第一篇"))
	b := s.Event(media("b", "press", "article", "Caf\u00e9日报 ", "", " 第一篇\n"))
	c := s.Event(media("c", "press", "article", "x", "y\x1fz", "w"))
	d := s.Event(media("d", "press", "article", "x\x1fy", "z", "w"))
	if a[0].Key != b[0].Key {
		t.Errorf("%q and %q are two articles", a[0].Key, b[0].Key)
	}
	if c[0].Key == d[0].Key {
		t.Errorf("a separator inside a field merged two articles: %q", c[0].Key)
	}
}

// An event belongs to the day of its own start in the campaign's zone; both ends are included.
func TestEdgeDays(t *testing.T) {
	if time.Local != time.UTC {
		old := time.Local
		time.Local = time.UTC
		defer func() { time.Local = old }()
	}
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	s := rules(t, "ningxia-2022")
	for at, want := range map[string]string{
		"2022-02-28 23:59:59.999": WhyOutside, "2022-03-01 00:00:00.000": "", "2022-03-01 00:01:00.000": "",
		"2022-03-17 23:59:00.000": "", "2022-03-17 23:59:59.999": "", "2022-03-18 00:00:00.000": WhyOutside, "2022-03-18 00:01:00.000": WhyOutside,
		"0000-01-01 00:00:00.000": WhyOutside, "9999-12-31 23:59:59.999": WhyOutside,
	} {
		start, err := time.ParseInLocation("2006-01-02 15:04:05.000", at, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		e := &Event{ID: "e", Unit: "u", StartMS: start.UnixMilli(), Text: map[string]string{"kind": "visit", "venue": "village"}}
		if got := s.Event(e); len(got) != 1 || got[0].Why != want || s.InWindow(e.StartMS) != (want == "") {
			t.Errorf("%s: %+v, want why %q", at, got, want)
		}
		if day := s.Day(e.StartMS); day != at[:10] {
			t.Errorf("%s is on %s", at, day)
		}
	}
	for _, ms := range []int64{math.MinInt64, -1 << 53, 0, 1 << 53, math.MaxInt64} {
		if s.InWindow(ms) {
			t.Errorf("%d lies in the window", ms)
		}
	}
}

// In Beirut the clocks of 2022-03-27 went from 00:00 to 01:00: that day has no midnight.
func TestDayWithoutMidnight(t *testing.T) {
	s, err := Compile(Campaign{"c", "Asia/Beirut", "2022-03-27", "2022-03-27"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	jump := time.Date(2022, 3, 26, 22, 0, 0, 0, time.UTC).UnixMilli()
	if s.InWindow(jump-1) || !s.InWindow(jump) || !s.InWindow(jump+23*3600_000-1) || s.InWindow(jump+23*3600_000) {
		t.Error("the day of 23 hours has wrong ends")
	}
}

func TestCompileRefuses(t *testing.T) {
	a := builtin(t, "ningxia-2022")
	for name, c := range map[string]Campaign{
		"no zone":     {"c", "", "2022-03-01", "2022-03-17"},
		"server zone": {"c", "Local", "2022-03-01", "2022-03-17"},
		"bad zone":    {"c", "Asia/Yinchuan2", "2022-03-01", "2022-03-17"},
		"no day":      {"c", "Asia/Shanghai", "", "2022-03-17"},
		"bad day":     {"c", "Asia/Shanghai", "2022-03-01", "2022-02-30"},
		"backwards":   {"c", "Asia/Shanghai", "2022-03-18", "2022-03-17"},
	} {
		if _, err := Compile(c, []*Template{a}); problem.CodeOf(err) != problem.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	ok := Campaign{"c", "Asia/Shanghai", "0000-01-01", "9999-12-31"}
	if _, err := Compile(ok, []*Template{a, a}); problem.CodeOf(err) != problem.Invalid {
		t.Error("the same template twice was taken")
	}
	if _, err := Compile(ok, []*Template{nil}); problem.CodeOf(err) != problem.Invalid {
		t.Error("no template was taken for one")
	}
	s, err := Compile(ok, []*Template{a})
	if err != nil || !s.InWindow(midMarch) {
		t.Errorf("the widest window fails: %v", err)
	}
	other, _ := Compile(Campaign{"d", "Asia/Shanghai", "0000-01-01", "9999-12-30"}, []*Template{a})
	if s.Version() == other.Version() || len(s.Version()) != 32 {
		t.Error("another window has the same version")
	}
}

func TestUnplaced(t *testing.T) {
	s := rules(t, BuiltinNames...)
	e := func(kind, venue string) *Event {
		return &Event{ID: "e", Unit: "u", StartMS: midMarch, Text: map[string]string{"kind": kind, "venue": venue}, Num: map[string]int64{"banners": 1}}
	}
	for _, c := range []struct {
		e    *Event
		want string
	}{
		{e("visit", "village"), ""},
		{e("visit", "school"), "ningxia-2022"},
		{e("consultation", "square"), "heping-2020"}, // not large
		{e("destruction", "square"), "ningxia-2022 heping-2020"},
		{e("parade", ""), "ningxia-2022 heping-2020"},
		{e("", ""), "ningxia-2022 heping-2020"},
		{media("m", "tv", "psa", "", "", ""), ""},
		{media("m", "outdoor", "article", "", "", ""), "ningxia-2022"},
		{&Event{ID: "e", Deleted: true}, ""},
		{&Event{ID: "e", Judged: WhyOne}, ""},
	} {
		if got := strings.Join(s.Unplaced(c.e), " "); got != c.want {
			t.Errorf("%v: unplaced in %q, want %q", c.e.Text, got, c.want)
		}
	}
}

func TestSheetTexts(t *testing.T) {
	s := rules(t, BuiltinNames...)
	sh := &Sheet{Unit: "u1", Text: map[string]string{"highlights": " 亮点 ", "other": "\n", "education_other": "讲座", "remark.law_sessions": "含联合", "remark.nonsense": "x", "remarks": "y", "filled_by": "z"}}
	want := "highlights=亮点 remark.law_sessions=含联合 education_other=讲座"
	if got := short(s.Sheet(sh)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	sh.Deleted = true
	if got := s.Sheet(sh); len(got) != 3 || got[0].Why != WhyDeleted {
		t.Errorf("a deleted sheet gives %s", short(got))
	}
}

func TestContributionJSON(t *testing.T) {
	c := Contribution{Template: "t", Row: "r", Unit: "u", N: 1}
	data, err := json.Marshal(c)
	if err != nil || string(data) != `{"t":"t","r":"r","u":"u","n":1}` {
		t.Errorf("%s %v", data, err)
	}
}

func BenchmarkContributions(b *testing.B) {
	for _, c := range []struct {
		name string
		e    *Event
	}{{"stand", sampleEvent()}, {"media", media("e", "tv", "programme", "县电视台", "315在行动", "第一期")}} {
		s := rules(b, "ningxia-2022")
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Event(c.e)
			}
		})
	}
}
