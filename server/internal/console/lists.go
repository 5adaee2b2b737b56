package console

import (
	"context"
	"encoding/json"

	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// HandInSet is what is changed of something to hand in; what is absent stays.
type HandInSet struct {
	Item      *string `json:"item,omitempty"` // 统计表, 总结, 照片 …
	Due       *int64  `json:"due,omitempty"`  // ms
	Recipient *string `json:"recipient,omitempty"`
	CopyTo    *string `json:"copy_to,omitempty"` // 抄送
}

// HandInPatch changes something to hand in.
type HandInPatch struct {
	Version int64 `json:"version"` // as it was looked at
	HandInSet
}

// TaskSet is what is changed of a task; what is absent stays.
type TaskSet struct {
	Number   *int    `json:"number,omitempty"`
	Work     *string `json:"work,omitempty"`
	Unit     *string `json:"unit,omitempty"`     // 责任科室: a unit's id, or ""
	Partners *string `json:"partners,omitempty"` // 配合部门
	Person   *string `json:"person,omitempty"`   // 负责人
	Leader   *string `json:"leader,omitempty"`   // 负责领导
}

// TaskPatch changes a task.
type TaskPatch struct {
	Version int64 `json:"version"` // as it was looked at
	TaskSet
}

// DutySet is what is changed of a line of the roster; what is absent stays.
type DutySet struct {
	Day    *string `json:"day,omitempty"` // 2006-01-02
	Name   *string `json:"name,omitempty"`
	Post   *string `json:"post,omitempty"`
	Phone  *string `json:"phone,omitempty"`
	Mobile *string `json:"mobile,omitempty"`
}

// DutyPatch changes a line of the roster.
type DutyPatch struct {
	Version int64 `json:"version"` // as it was looked at
	DutySet
}

// An item is what is sent of a line of one of the lists.
type item interface {
	kind() string
	check(c *call) error
	base() int64 // version that was looked at; 0 for a new one
}

func (HandInSet) kind() string    { return "handin" }
func (HandInSet) base() int64     { return 0 }
func (p HandInPatch) base() int64 { return p.Version }
func (s HandInSet) check(*call) error {
	if s.Due != nil && (*s.Due < 0 || *s.Due > models.MaxInteger) {
		return badField("due", "must be a time in ms", "的时间不对，请重新填写")
	}
	return texts(maxName, map[string]*string{"item": s.Item, "recipient": s.Recipient, "copy_to": s.CopyTo})
}

func (TaskSet) kind() string    { return "task" }
func (TaskSet) base() int64     { return 0 }
func (p TaskPatch) base() int64 { return p.Version }
func (s TaskSet) check(c *call) error {
	if s.Unit != nil && *s.Unit != "" {
		if err := id("unit", *s.Unit); err != nil {
			return err
		}
		if err := inField("unit", c.need(office.Look, c.Params("campaign"), *s.Unit)); err != nil {
			return err
		}
	}
	return texts(maxReason, map[string]*string{"work": s.Work, "partners": s.Partners, "person": s.Person, "leader": s.Leader})
}

func (DutySet) kind() string    { return "roster" }
func (DutySet) base() int64     { return 0 }
func (p DutyPatch) base() int64 { return p.Version }
func (s DutySet) check(*call) error {
	return texts(maxName, map[string]*string{"day": s.Day, "name": s.Name, "post": s.Post, "phone": s.Phone, "mobile": s.Mobile})
}

func (a *API) listHandIns(c *call) error { return listOf(c, a.desk.HandIns) }
func (a *API) listTasks(c *call) error   { return listOf(c, a.desk.Tasks) }
func (a *API) listRoster(c *call) error  { return listOf(c, a.desk.Roster) }

// listOf answers with a page of one of a campaign's lists.
func listOf[T any](c *call, list func(context.Context, *office.Reach, string, office.Paging) (office.Page[T], error)) error {
	p, err := c.paging()
	if err != nil {
		return err
	}
	page, err := list(c.ctx(), c.reach, c.Params("campaign"), p)
	if err != nil {
		return err
	}
	return c.answer(page)
}

// addItem adds a line to one of the lists of the campaign of the path.
func addItem[In item, Out any](a *API, c *call) error {
	in, err := decode[In](c)
	if err != nil {
		return err
	}
	if err := in.check(c); err != nil {
		return err
	}
	raw, err := withCampaign(in, c.Params("campaign"))
	if err != nil {
		return err
	}
	return putItem[Out](a, c, gateway.Entry{Kind: in.kind(), ID: a.newID(), Set: raw})
}

// changeItem changes a line of one of the lists. A line of another campaign is not there.
func changeItem[In item, Out any](a *API, c *call) error {
	in, err := decode[In](c)
	if err != nil {
		return err
	}
	if err := positive("version", in.base()); err != nil {
		return err
	}
	if err := in.check(c); err != nil {
		return err
	}
	var now Out
	if err := c.must(ofList(&now, c.Params("id"), c.Params("campaign"))); err != nil {
		return err
	}
	raw, err := withCampaign(in, c.Params("campaign"))
	if err != nil {
		return err
	}
	return putItem[Out](a, c, gateway.Entry{Kind: in.kind(), ID: c.Params("id"), Base: ref(in.base()), Set: raw})
}

// ofList is the rule that a line of a list belongs to a campaign. It reads the line into now.
func ofList(now any, id, campaign string) rule {
	return func(tx gateway.Tx, _ *office.Reach) error {
		if err := load(tx, now, id); err != nil {
			return err
		}
		if campaignOf(now) != campaign {
			return notFound()
		}
		return nil
	}
}

// putItem writes a line and answers with what stands there then.
func putItem[Out any](a *API, c *call, e gateway.Entry) error {
	e.Op = "admin.put"
	if e.Base == nil {
		e.Base = ref(int64(0))
	}
	var now Out
	if err := c.do(nil, e); err != nil {
		return err
	}
	if err := a.store.View(c.ctx(), func(tx gateway.Tx) error { return load(tx, &now, e.ID) }); err != nil {
		return err
	}
	return c.answer(&now)
}

func ref[T any](v T) *T { return &v }

// withCampaign writes a set that also names the campaign, and not the version.
func withCampaign(v any, campaign string) (json.RawMessage, error) {
	raw, err := set(v)
	if err != nil {
		return nil, err
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, err
	}
	delete(m, "version")
	if m["campaign"], err = set(campaign); err != nil {
		return nil, err
	}
	return set(m)
}

// campaignOf returns the campaign of a line of a list.
func campaignOf(v any) string {
	switch v := v.(type) {
	case *models.HandIn:
		return v.Campaign
	case *models.Task:
		return v.Campaign
	case *models.Duty:
		return v.Campaign
	case *models.Reminder:
		return v.Campaign
	}
	return ""
}
