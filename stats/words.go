package stats

import (
	"fmt"
	"strings"
)

// codeWords are the names of known codes and of fields that rules speak of, Chinese and English. A
// code that a campaign added is written as it stands.
var codeWords = map[string][2]string{
	"kind": {"类型", "kind"}, "venue": {"场所", "venue"}, "channel": {"媒体渠道", "channel"}, "form": {"形式", "form"},
	"meeting_type": {"会议类型", "type of meeting"}, "outlet": {"媒体名称", "outlet"}, "programme": {"栏目", "programme"},
	"content": {"内容", "content"}, "large": {"大型活动", "large event"}, "repeat": {"重播", "repeat"},

	"kind=visit": {"送法", "visit"}, "kind=consultation": {"咨询活动", "advice event"}, "kind=briefing": {"新闻发布", "press briefing"},
	"kind=open_day": {"开放活动", "open day"}, "kind=meeting": {"会议", "meeting"}, "kind=destruction": {"集中销毁", "destruction of goods"},
	"kind=inspection": {"专项检查", "inspection"}, "kind=media": {"媒体宣传", "media item"}, "kind=duty": {"值守接诉", "duty"},
	"kind=other": {"其他", "other"},

	"venue=enterprise": {"企业", "enterprise"}, "venue=community": {"社区", "community"}, "venue=village": {"农村", "village"},
	"venue=township": {"乡镇", "township"}, "venue=scenic": {"景区", "scenic spot"}, "venue=school": {"学校", "school"},
	"venue=market": {"市场", "market"}, "venue=mall": {"商场", "mall"}, "venue=supermarket": {"超市", "supermarket"},
	"venue=square": {"广场", "square"}, "venue=street": {"街道", "street"}, "venue=office": {"机关", "government office"},
	"venue=industry": {"行业", "industry"}, "venue=online": {"线上", "online"}, "venue=other": {"其他", "other"},

	"channel=tv": {"电视", "television"}, "channel=radio": {"广播", "radio"}, "channel=press": {"报刊", "press"},
	"channel=web": {"网络", "internet"}, "channel=own_media": {"自媒体", "own media"}, "channel=outdoor": {"户外", "outdoor"},

	"form=programme": {"专题节目", "programme"}, "form=column": {"专栏", "column"}, "form=article": {"文章", "article"},
	"form=film": {"宣传片", "film"}, "form=psa": {"公益广告", "public-service advertisement"}, "form=post": {"微信、微博、短视频", "post"},
	"form=warning": {"消费警示", "consumer warning"}, "form=case": {"典型案例", "typical case"}, "form=leaflet": {"宣传材料", "leaflet"},

	"meeting_type=forum": {"座谈会", "forum"}, "meeting_type=briefing": {"通报会", "briefing"}, "meeting_type=exchange": {"交流会", "exchange"},
	"meeting_type=training": {"培训会", "training"}, "meeting_type=other": {"其他会议", "other meeting"},

	"leaders": {"领导人数", "leaders"}, "operators": {"经营者家数", "businesses"}, "experts": {"专家、律师人数", "experts and lawyers"},
	"consumers": {"消费者人数", "consumers"}, "banners": {"条幅数", "banners"}, "led_slogans": {"电子屏宣传语数", "slogans on screens"},
	"boards": {"展板数", "display boards"}, "minutes": {"播出分钟数", "minutes of airtime"}, "pieces": {"件数", "pieces"},
}

func word(code string, lang int) string {
	if w, ok := codeWords[code]; ok {
		return w[lang]
	}
	_, value, ok := strings.Cut(code, "=")
	if !ok {
		value = code
	}
	return value
}

// Words says in Chinese what the rule counts.
func (q *Rule) Words() string {
	s := q.counted()
	if w := q.Where.words(0, "、", "且", ""); w != "" {
		s += "；只计" + w
	}
	if w := q.Except.words(0, "、", "或", ""); w != "" {
		s += "；不计" + w
	}
	if q.FirstOnly || q.Kind == MinutesRule {
		s += "；重播不计"
	}
	if q.Kind != TextRule {
		s += "。只计统计期内的活动，已删除和判为重复的不计。"
		return s
	}
	return s + "。"
}

// WordsEN says in English what the rule counts.
func (q *Rule) WordsEN() string {
	s := q.countedEN()
	if w := q.Where.words(1, " or ", " and ", "not "); w != "" {
		s += "; only " + w
	}
	if w := q.Except.words(1, " or ", " or ", "not "); w != "" {
		s += "; without " + w
	}
	if q.FirstOnly || q.Kind == MinutesRule {
		s += "; first broadcasts only"
	}
	if q.Kind != TextRule {
		return s + ". Only within the counting window; without what was deleted or judged to be a duplicate."
	}
	return s + "."
}

func (q *Rule) counted() string {
	switch q.Kind {
	case TallyRule:
		return fmt.Sprintf("各场活动点击计数（%s）之和", q.Indicator)
	case EventRule:
		return "活动场数"
	case FieldRule:
		s := fmt.Sprintf("各场活动所填“%s”之和", word(q.Field, 0))
		if q.AtLeast > 0 {
			s += fmt.Sprintf("，每场至少计 %d", q.AtLeast)
		}
		return s
	case StaffRule:
		return "各单位派出的工作人员之和，各计入所属单位"
	case DistinctRule:
		return "按" + listed(q.Fields, 0, "、") + "去重后的个数"
	case MinutesRule:
		return "播出分钟数之和，折算为小时"
	}
	return "各单位填报表上的文字"
}

func (q *Rule) countedEN() string {
	switch q.Kind {
	case TallyRule:
		return fmt.Sprintf("Sum of what was tapped at the events (%s)", q.Indicator)
	case EventRule:
		return "Number of events"
	case FieldRule:
		s := fmt.Sprintf("Sum of the %s typed for each event", word(q.Field, 1))
		if q.AtLeast > 0 {
			s += fmt.Sprintf(", each counting at least %d", q.AtLeast)
		}
		return s
	case StaffRule:
		return "Sum of the staff that each unit sent, counted for that unit"
	case DistinctRule:
		return "Number of items that differ in " + listed(q.Fields, 1, ", ")
	case MinutesRule:
		return "Minutes of airtime, shown as hours"
	}
	return "Texts of the units' sheets"
}

func listed(fields []string, lang int, sep string) string {
	var out []string
	for _, f := range fields {
		out = append(out, word(f, lang))
	}
	return strings.Join(out, sep)
}

// words says a condition: alternatives are joined by or, its parts by and.
func (c *Condition) words(lang int, or, and, not string) string {
	var parts []string
	for _, field := range keyFields {
		values := c.Codes[field]
		if len(values) == 0 {
			continue
		}
		var names []string
		for _, v := range values {
			names = append(names, word(field+"="+v, lang))
		}
		open, end := "为“", "”"
		if lang == 1 {
			open, end = " ", ""
		}
		parts = append(parts, word(field, lang)+open+strings.Join(names, or)+end)
	}
	for _, flag := range flagFields {
		want, ok := c.Flags[flag]
		switch {
		case !ok:
		case want:
			parts = append(parts, word(flag, lang))
		case lang == 0:
			parts = append(parts, "非"+word(flag, lang))
		default:
			parts = append(parts, not+word(flag, lang))
		}
	}
	return strings.Join(parts, and)
}

// English returns the warning in English.
func (w Warning) English() string {
	who, which := "the whole table", "reported"
	if w.Unit != "" {
		who = w.UnitName
	}
	if w.Figures == AcceptedFigures {
		which = "accepted"
	}
	return fmt.Sprintf("%s (%s): the rows of %q add up to %d, more than the %d of what they break down", who, which, w.Label, w.Part, w.Whole)
}
