package stats

import (
	"time"

	"github.com/fieldsync/fieldsync/internal/problem"
)

// window is a range of calendar days in a zone, both ends included. An event belongs to the day
// of its own start there, not to the day on which it was entered, and not to the server's.
type window struct {
	zone        *time.Location
	first, last civil
}

// civil is a calendar day as a number that sorts: year × 10000 + month × 100 + day.
type civil int64

func civilOf(t time.Time) civil {
	y, m, d := t.Date()
	return civil(y)*10000 + civil(m)*100 + civil(d)
}

func newWindow(c Campaign) (window, error) {
	// "" and "Local" would load, as UTC and as whatever zone the server happens to run in.
	if c.Zone == "" || c.Zone == "Local" {
		return window{}, problem.New(problem.Invalid, "a campaign needs a time zone such as Asia/Shanghai").
			ZH("活动须填写时区，如 Asia/Shanghai。")
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return window{}, problem.Wrap(err, problem.Invalid, "time zone %q is not known", c.Zone).
			ZH("没有“%s”这个时区，请填写如 Asia/Shanghai。", c.Zone)
	}
	w := window{zone: zone}
	for _, d := range []struct {
		day string
		to  *civil
	}{{c.FirstDay, &w.first}, {c.LastDay, &w.last}} {
		t, err := time.Parse(time.DateOnly, d.day)
		if err != nil {
			return window{}, problem.Wrap(err, problem.Invalid, "the counting window needs days such as 2022-03-15, not %q", d.day).
				ZH("统计期须填写日期，如 2022-03-15，不能是“%s”。", d.day)
		}
		*d.to = civilOf(t)
	}
	if w.first > w.last {
		return window{}, problem.New(problem.Invalid, "the counting window ends on %s, before it begins on %s", c.LastDay, c.FirstDay).
			ZH("统计期结束日 %s 早于开始日 %s，请改正。", c.LastDay, c.FirstDay)
	}
	return w, nil
}

func (w window) local(ms int64) time.Time { return time.UnixMilli(ms).In(w.zone) }

// holds compares days rather than instants: in some zones a day does not begin at midnight.
func (w window) holds(ms int64) bool {
	d := civilOf(w.local(ms))
	return w.first <= d && d <= w.last
}
