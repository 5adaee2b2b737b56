package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/fieldsync/fieldsync/mobile-api/client"
)

// calendar is the days of the demo, counted from today: the stands were yesterday, on day −1.
type calendar struct{ midnight time.Time }

// stands is the day of the stands.
const stands = -1

// campaignZone is where the demo plays; China has no summer time.
var campaignZone = time.FixedZone("UTC+8", 8*60*60)

// calendarOf counts from the day that now lies in, in the campaign's zone.
func calendarOf(now time.Time) calendar {
	y, m, d := now.In(campaignZone).Date()
	return calendar{time.Date(y, m, d, 0, 0, 0, 0, campaignZone)}
}

// ms is a time of a day.
func (c calendar) ms(day, hour, minute int) int64 {
	return c.midnight.AddDate(0, 0, day).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute).UnixMilli()
}

// date is a day as 2006-01-02.
func (c calendar) date(day int) string { return c.midnight.AddDate(0, 0, day).Format(time.DateOnly) }

// year is the campaign's.
func (c calendar) year() int { return c.midnight.AddDate(0, 0, stands).Year() }

// script is what the demo's phones record: events, each given to one phone in turn.
type script struct {
	cal    calendar
	list   []*story
	scenes []scene // what else happens on the phones, before the office looks at anything
	sequel []scene // and after that
}

// story is one event with its counts.
type story struct {
	id      string
	fields  map[string]any
	tallies []tallied
	goods   []seizure
	staff   int64
	day     int // of the calendar
	hour    int
	fate    fate
}

// fate is what the office makes of an event.
type fate int

const (
	accepted fate = iota
	waiting
	sentBack // and stays so
	corrected
	doubted // has issues, and a comment
	joined  // accepted, then judged to be one event with another
	moved   // accepted, then moved to another unit
)

type tallied struct {
	indicator string
	n         int64
}

// seizure is one lot that is destroyed at the event.
type seizure struct {
	category, name, unit string
	pieces               int64
	value                int64 // 分
}

// countyDemo is twelve units with thirty phones and about two hundred events.
func countyDemo(seed int, cal calendar) (countyPlan, *script) {
	p := countyPlan{name: "示例县市场监督管理局", officers: 30, spare: 3, year: cal.year(),
		title:    fmt.Sprintf("%d年“315”活动（演示）", cal.year()),
		firstDay: cal.date(-14), lastDay: cal.date(2),
		templates: []string{"ningxia-2022", "heping-2020"},
		units: []string{"消保股", "执法大队", "广告监管股", "12315中心", "第一市场监管所", "第二市场监管所", "第三市场监管所",
			"第四市场监管所", "第五市场监管所", "第六市场监管所", "第七市场监管所", "第八市场监管所"}}
	s := &script{cal: cal}
	rng := rand.New(rand.NewPCG(uint64(seed), 1))
	for i := range 60 {
		s.add(rng, consultation(rng, i))
	}
	venues := []string{"enterprise", "community", "village", "township", "scenic"}
	for i := range 62 {
		s.add(rng, visit(rng, venues[i%len(venues)], i))
	}
	for i := range 58 {
		s.add(rng, mediaItem(rng, i))
	}
	for i := range 8 {
		s.add(rng, meeting(i))
	}
	for i := range 6 {
		s.add(rng, destruction(rng, i))
	}
	for i := range 8 {
		s.add(rng, story{fields: map[string]any{"kind": []string{"briefing", "open_day"}[i%2],
			"venue": "office", "title": fmt.Sprintf("%s（%d）", []string{"消费维权新闻发布", "食品检验室开放日"}[i%2], i/2+1)}})
	}
	for i, st := range s.list {
		if i%13 == 7 {
			st.fate = waiting
		}
	}
	s.cast()
	return p, s
}

func (s *script) add(rng *rand.Rand, st story) {
	st.id = client.NewID()
	st.day, st.hour = stands-rng.IntN(13), 8+rng.IntN(9)
	if k := st.fields["kind"]; k == "consultation" || k == "destruction" {
		st.day = stands
	}
	st.staff = int64(2 + rng.IntN(9))
	s.list = append(s.list, &st)
}

// consultation is a stand. The last two stand in one place on one day: a suspected pair to judge.
func consultation(rng *rand.Rand, i int) story {
	venues := []string{"square", "market", "mall", "supermarket", "street", "community", "village"}
	st := story{fields: map[string]any{"kind": "consultation", "venue": venues[i%len(venues)], "large": i%6 == 0,
		"title": fmt.Sprintf("3·15现场咨询（第%d场）", i+1), "place": fmt.Sprintf("示例地点%d号", min(i+1, 59)), "operators": int64(rng.IntN(12)), "experts": int64(rng.IntN(4)),
		"leaders": int64(rng.IntN(3)), "banners": int64(1 + rng.IntN(5)), "boards": int64(rng.IntN(9)), "led_slogans": int64(rng.IntN(6))}}
	for _, t := range []struct {
		indicator string
		most, in  int
	}{{"consultations", 60, 12}, {"public_consulting", 300, 6}, {"materials_handed_out", 900, 8},
		{"consumers_joining", 280, 3}, {"operators_joining", 20, 2}, {"materials_issued", 800, 3}} {
		st.count(rng, t.indicator, int64(rng.IntN(t.most+1)), t.in)
	}
	complaints, tipOffs := rng.Int64N(10), rng.Int64N(4)
	direct := rng.Int64N(complaints + 1) // a breakdown stays within what it breaks down
	st.count(rng, "complaints", complaints, 5)
	st.count(rng, "tip_offs", tipOffs, 3)
	st.count(rng, "handled_directly", direct, 3)
	st.count(rng, "handled_transferred", rng.Int64N(complaints+tipOffs-direct+1), 2)
	return st
}

// count splits a number into taps, as it comes in on a stand.
func (st *story) count(rng *rand.Rand, indicator string, total int64, taps int) {
	for i := taps; i > 0 && total > 0; i-- {
		n := total
		if i > 1 {
			n = min(total, 1+rng.Int64N(2*total/int64(i)+1))
		}
		st.tallies = append(st.tallies, tallied{indicator, n})
		total -= n
	}
}

func visit(rng *rand.Rand, venue string, i int) story {
	places := map[string]string{"enterprise": "企业", "community": "社区", "village": "村", "township": "乡镇", "scenic": "景区"}
	st := story{fields: map[string]any{"kind": "visit", "venue": venue, "title": fmt.Sprintf("送法进%s（第%d站）", places[venue], i+1),
		"place":   fmt.Sprintf("示例%s%d", places[venue], i/len(places)+1),
		"leaders": int64(rng.IntN(2)), "banners": int64(rng.IntN(3))}}
	st.count(rng, "materials_handed_out", int64(30+rng.IntN(200)), 4)
	st.count(rng, "public_consulting", int64(rng.IntN(60)), 2)
	return st
}

func mediaItem(rng *rand.Rand, i int) story {
	kinds := []struct{ channel, form, outlet, programme string }{
		{"tv", "programme", "县电视台", "消费与维权"}, {"radio", "programme", "县广播电台", "维权热线"},
		{"press", "article", "县报", ""}, {"press", "column", "县报", "3·15专栏"}, {"web", "article", "县政府网", ""},
		{"web", "programme", "县融媒体中心", "云课堂"}, {"own_media", "article", "局公众号", ""},
		{"own_media", "post", "局微博", ""}, {"own_media", "warning", "局公众号", ""}, {"press", "case", "县报", "典型案例"},
		{"tv", "psa", "县电视台", ""}, {"tv", "film", "县电视台", ""}, {"own_media", "programme", "局视频号", "小课堂"},
		{"outdoor", "leaflet", "", ""},
	}
	k := kinds[i%len(kinds)]
	f := map[string]any{"kind": "media", "venue": "online", "channel": k.channel, "form": k.form, "outlet": k.outlet,
		"programme": k.programme, "content": fmt.Sprintf("第%d期", i+1), "title": fmt.Sprintf("媒体宣传（%d）", i+1)}
	switch {
	case k.form == "programme" || k.form == "psa":
		f["minutes"] = int64(5 + rng.IntN(40))
	case k.form == "leaflet":
		f["pieces"] = int64(500 * (1 + rng.IntN(6)))
	}
	if k.channel == "tv" && i%28 == 14 {
		f["repeat"] = true
	}
	return story{fields: f}
}

func meeting(i int) story {
	types := []string{"forum", "briefing", "exchange", "training", "other"}
	return story{fields: map[string]any{"kind": "meeting", "venue": "office", "meeting_type": types[i%len(types)],
		"title": fmt.Sprintf("维权会议（%d）", i+1), "consumers": int64(10 + 3*i), "operators": int64(5 + i)}}
}

func destruction(rng *rand.Rand, i int) story {
	goods := []seizure{{"alcohol_tobacco", "假冒白酒", "瓶", 0, 0}, {"food", "过期食品", "袋", 0, 0}, {"cosmetic", "三无化妆品", "盒", 0, 0},
		{"cable", "不合格电线", "卷", 0, 0}, {"toy", "不合格玩具", "件", 0, 0}, {"drug", "过期药品", "盒", 0, 0}}
	st := story{fields: map[string]any{"kind": "destruction", "venue": "office", "title": fmt.Sprintf("集中销毁假冒伪劣商品（%d）", i+1), "leaders": int64(2)}}
	for k := range 1 + rng.IntN(3) {
		g := goods[(i+k)%len(goods)]
		g.pieces = int64(20 + rng.IntN(400))
		g.value = g.pieces * int64(500+rng.IntN(9000))
		st.goods = append(st.goods, g)
	}
	return st
}

// lines is the event as a phone of its unit records it, from its beginning to "please review".
func (st *story) lines(scope, unit string, cal calendar) []client.Change {
	at := cal.ms(st.day, st.hour, 0)
	set := map[string]any{"started_at": at, "staff." + unit: st.staff}
	for k, v := range st.fields {
		set[k] = v
	}
	out := []client.Change{{"at": at, "scope": scope, "op": "event.put", "id": st.id, "base": 0, "set": set}}
	for i, t := range st.tallies {
		out = append(out, client.Change{"at": at + int64(i)*60_000, "scope": scope, "op": "tally.add", "event": st.id,
			"indicator": t.indicator, "n": t.n})
	}
	for _, g := range st.goods {
		lot := client.NewID()
		out = append(out, client.Change{"at": at, "scope": scope, "op": "goods.put", "id": lot, "base": 0, "set": map[string]any{
			"category": g.category, "name": g.name, "unit": g.unit, "value": g.value, "approval_no": "示例销审1号", "appeal_over": true}})
		for _, m := range []string{"received", "destroyed"} {
			move := client.Change{"at": at, "scope": scope, "op": "goods.move", "id": client.NewID(), "lot": lot, "move": m, "quantity": g.pieces * 1000}
			if m == "destroyed" {
				move["event"] = st.id
				move["set"] = map[string]any{"method": "crushing", "place": "示例销毁点", "supervisors": []string{"监督员甲", "监督员乙"}}
			}
			out = append(out, move)
		}
	}
	return append(out, client.Change{"at": at + 7_200_000, "scope": scope, "op": "event.put", "id": st.id, "base": 0,
		"set": map[string]any{"completed": true}})
}
