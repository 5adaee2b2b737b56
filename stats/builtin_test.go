package stats

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The two forms as they were published: label, unit, code, how it counts.
const ningxia = `出动工作人员|人次|staff_dispatched|staff
党政领导参加|人次|leaders_attending|field leaders
经营者参加咨询活动|家|operators_consulting|field operators kind=consultation
送法下基层·进企业|次|visits_enterprise|events kind=visit venue=enterprise
送法下基层·进社区|次|visits_community|events kind=visit venue=community
送法下基层·进农村|次|visits_village|events kind=visit venue=village
送法下基层·进乡镇|次|visits_township|events kind=visit venue=township
送法下基层·进景区|次|visits_scenic|events kind=visit venue=scenic
群众参加咨询活动|人|public_consulting|tally public_consulting
专家、律师提供咨询|人次|experts_consulting|field experts
公布典型投诉案例|件|cases_published|distinct kind=media form=case
悬挂宣传标语条幅|条|banners|field banners
电子屏播放宣传语|条|led_slogans|field led_slogans
宣传展板|块|display_boards|field boards
发布微信、微博、短视频|条|social_posts|field pieces kind=media form=post at least 1
发布消费警示|条|warnings_issued|distinct kind=media form=warning
印制宣传材料|份|materials_printed|field pieces kind=media form=leaflet
发放宣传材料|份|materials_handed_out|tally materials_handed_out
亮点活动||highlights|text
受理消费者投诉|件|complaints|tally complaints
受理消费者举报|件|tip_offs|tally tip_offs
受理消费者咨询|件|consultations|tally consultations
央视12315晚会投诉举报（视播出情况填写）|件|gala_cctv|tally gala_cctv
宁夏12315晚会投诉举报（视播出情况填写）|件|gala_province|tally gala_province
其中·直接处理|件|handled_directly|tally handled_directly
其中·转交处理|件|handled_transferred|tally handled_transferred
媒体宣传·电视·专题节目|期|tv_programmes|distinct kind=media channel=tv form=programme first
媒体宣传·电视·播放时间|时|tv_hours|minutes kind=media channel=tv
媒体宣传·广播·专题节目|期|radio_programmes|distinct kind=media channel=radio form=programme first
媒体宣传·广播·播放时间|时|radio_hours|minutes kind=media channel=radio
媒体宣传·报刊·开设专栏|个|press_columns|distinct kind=media channel=press form=column
媒体宣传·报刊·发表文章|篇|press_articles|distinct kind=media channel=press form=article
媒体宣传·网络·专题节目|期|web_programmes|distinct kind=media channel=web form=programme
媒体宣传·网络·登载文章|篇|web_articles|distinct kind=media channel=web form=article
媒体宣传·自媒体·专题节目|期|own_media_programmes|distinct kind=media channel=own_media form=programme
媒体宣传·自媒体·发表文章|篇|own_media_articles|distinct kind=media channel=own_media form=article
其他·宣传片|部|films|distinct kind=media form=film
其他·公益广告|条|public_service_ads|distinct kind=media form=psa`

const heping = `宣传教育·组织普法活动|场次|law_sessions|events kind=visit
宣传教育·开展大型咨询活动|场次|large_consultations|events kind=consultation large=true
宣传教育·组织重要新闻发布|次|press_briefings|events kind=briefing
宣传教育·播放公益广告|条|psa_played|distinct kind=media form=psa
宣传教育·刊发新闻稿件|份|news_pieces|distinct kind=media form=article
宣传教育·组织开放活动|场次|open_days|events kind=open_day
宣传教育·印发各类宣传资料|册（份）|materials_issued|tally materials_issued
宣传教育·消费者参与活动数量|人次|consumers_joining|tally consumers_joining not kind=meeting
宣传教育·经营者参与活动数量|户次|operators_joining|tally operators_joining not kind=meeting
宣传教育·其他||education_other|text
维权会议·举办座谈会|场次|meetings_forum|events kind=meeting meeting_type=forum
维权会议·通报会|场次|meetings_briefing|events kind=meeting meeting_type=briefing
维权会议·交流会|场次|meetings_exchange|events kind=meeting meeting_type=exchange
维权会议·培训会|场次|meetings_training|events kind=meeting meeting_type=training
维权会议·其他会议|场次|meetings_other|events kind=meeting meeting_type=other
维权会议·消费者参会数量|人次|consumers_meeting|field consumers kind=meeting
维权会议·经营者参会数量|户次|operators_meeting|field operators kind=meeting
其他||other|text`

// describe writes a rule the way the lists above do.
func describe(q Rule) string {
	parts := []string{string(q.Kind)}
	if s := q.Indicator + q.Field; s != "" {
		parts = append(parts, s)
	}
	cond := func(c Condition) {
		for _, f := range keyFields {
			if v := c.Codes[f]; v != nil {
				parts = append(parts, f+"="+strings.Join(v, "+"))
			}
		}
		for _, f := range flagFields {
			if v, ok := c.Flags[f]; ok {
				parts = append(parts, fmt.Sprintf("%s=%v", f, v))
			}
		}
	}
	cond(q.Where)
	if q.Except.Codes != nil || q.Except.Flags != nil {
		parts = append(parts, "not")
		cond(q.Except)
	}
	if q.AtLeast > 0 {
		parts = append(parts, fmt.Sprintf("at least %d", q.AtLeast))
	}
	if q.FirstOnly {
		parts = append(parts, "first")
	}
	return strings.Join(parts, " ")
}

func TestBuiltinForms(t *testing.T) {
	for id, want := range map[string]string{"ningxia-2022": ningxia, "heping-2020": heping} {
		var got []string
		for _, r := range builtin(t, id).Rows() {
			label := strings.TrimPrefix(r.FullLabel(), "宣传咨询服务部分·")
			got = append(got, strings.Join([]string{label, r.Unit, r.Code, describe(r.Rule)}, "|"))
			if r.Rule.Kind == DistinctRule && !slices.Equal(r.Rule.Fields, []string{"channel", "outlet", "programme", "content"}) {
				t.Errorf("%s is counted by %v", r.Code, r.Rule.Fields)
			}
		}
		if lines := strings.Split(want, "\n"); !slices.Equal(got, lines) {
			for i := range max(len(got), len(lines)) {
				if i >= len(got) || i >= len(lines) || got[i] != lines[i] {
					t.Errorf("%s row %d:\ngot  %v\nwant %v", id, i+1, got[min(i, len(got)-1)], lines[min(i, len(lines)-1)])
				}
			}
		}
	}
	a, b := builtin(t, "ningxia-2022"), builtin(t, "heping-2020")
	if got := strings.Join(a.Notes, ""); got != "注：1、以上各项内容不得重复填写；2、电视、广播节目以首播为准，不计重播数量。固定开办的专题节目，每播出一个内容的节目，即为一期；一次性开办的节目以一期计；3、报送时间：2022年3月17日前。" {
		t.Errorf("notes are %s", got)
	}
	if a.Title != "2022年“315”活动情况统计表" || b.Title != "2020年3•15活动工作情况统计表" {
		t.Errorf("titles are %s, %s", a.Title, b.Title)
	}
	if len(a.Halves) != 2 || len(a.Halves[0].Rows) != 19 || len(a.Halves[1].Rows) != 19 || len(b.Halves) != 1 {
		t.Error("halves or lines are wrong")
	}
	if b.Notes[0] != "注：统计日期为方案下发之日起至3月19日。" || b.Foot != (Foot{"填报人", "联系电话"}) || b.Head.Unit != "填报部门" || b.Columns.Remark != "备注" {
		t.Error("what stands around the second form is wrong")
	}
}

func TestIndicatorsForPhones(t *testing.T) {
	a := builtin(t, "ningxia-2022")
	for kind, list := range a.Quick {
		var order []string
		for _, i := range a.Indicators(kind) {
			if i.Quick {
				order = append(order, i.Code)
			}
		}
		if !slices.Equal(list, order) || len(list) > 6 {
			t.Errorf("%s: quick %v is not in template order %v or too long", kind, list, order)
		}
	}
	for _, i := range builtin(t, "heping-2020").Indicators("meeting") {
		if i.Code == "consumers_joining" {
			t.Error("a meeting offers an indicator that would not count there")
		}
	}
	s := rules(t, BuiltinNames...)
	for code, want := range map[string]bool{"complaints": true, "materials_issued": true, "visits_village": false, "": false, "nonsense": false} {
		if s.Indicator(code) != want {
			t.Errorf("Indicator(%q) is %v", code, !want)
		}
	}
}

// A phone and the console read templates as JSON: nothing of a rule may get lost there.
func TestTemplateJSON(t *testing.T) {
	a := builtin(t, "ningxia-2022")
	data, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var back Template
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back.Halves, a.Halves) || !reflect.DeepEqual(back.Quick, a.Quick) {
		t.Error("the JSON form loses something")
	}
}

// Forms are disjoint by kind, channel and form: 不得重复填写. One item may fill one numbered row
// and, beside it, airtime.
func TestNoItemFillsTwoRows(t *testing.T) {
	for _, id := range BuiltinNames {
		s := rules(t, id)
		for _, channel := range Codes("channel") {
			for _, form := range Codes("form") {
				e := &Event{ID: "e", Unit: "u", StartMS: midMarch, Text: map[string]string{"kind": "media", "channel": channel, "form": form}, Num: map[string]int64{"pieces": 3}}
				if got := s.Event(e); len(got) > 1 {
					t.Errorf("%s: %s %s fills %d rows: %+v", id, channel, form, len(got), got)
				}
			}
		}
	}
}
