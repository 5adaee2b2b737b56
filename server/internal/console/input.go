package console

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/office"
)

// Limits of what is sent, bytes.
const (
	maxBody   = 64 << 10  // of most bodies
	maxText   = 512 << 10 // of a body with a template
	maxParam  = 2 << 10   // of a parameter in the query; cursors are the longest
	maxReason = 2000      // of a reason, a note or a reminder, characters
	maxName   = 200       // of a name, a title or a code, characters
)

var (
	canonical = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	number    = regexp.MustCompile(`^(0|[1-9][0-9]{0,17})$`)
	word      = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,47}$`)
)

// pathForms are the forms of what may stand in a path. What has another form names nothing.
var pathForms = map[string]*regexp.Regexp{
	"unit": canonical, "officer": canonical, "campaign": canonical, "device": canonical, "id": canonical,
	"log": number, "seq": number, "number": number, "code": word, "template": word, "row": word,
	"kind": regexp.MustCompile(`^(event|lot|photo|sheet)$`),
}

// idParams are the parameters of queries that name something by its id.
var idParams = []string{"unit", "officer", "campaign", "device", "record_unit", "event_unit", "event", "id", "parent"}

// address checks path and query against what the route declares, so that handlers read them as
// they are.
func (c *call) address() error {
	for _, name := range c.Ctx.Route().Params {
		form := pathForms[name]
		if form == nil || !form.MatchString(c.Params(name)) {
			return notFound()
		}
	}
	given, err := url.ParseQuery(string(c.Context().URI().QueryString()))
	if err != nil {
		return problem.Wrap(err, problem.Invalid, "The query cannot be read.").ZH("查询条件无法识别，请刷新后重试。")
	}
	for name, values := range given {
		i := slices.IndexFunc(c.route.Params, func(p openapi.Param) bool { return p.Name == name && p.In != "path" })
		if i < 0 {
			return badField(short(name), "is not known here", "不是这里的查询条件")
		}
		if len(values) > 1 {
			return badField(name, "is given twice", "重复")
		}
		if err := checkParam(&c.route.Params[i], values[0]); err != nil {
			return err
		}
	}
	for i := range c.route.Params {
		if p := &c.route.Params[i]; p.Required && p.In != "path" && given.Get(p.Name) == "" {
			return badField(p.Name, "is needed", "须填写")
		}
	}
	return nil
}

func short(name string) string {
	if len(name) > 40 {
		name = strings.ToValidUTF8(name[:40], "") + "…"
	}
	return strings.ToValidUTF8(name, "\uFFFD")
}

func checkParam(p *openapi.Param, value string) error {
	switch {
	case value == "":
		return nil
	case len(value) > maxParam || !utf8.ValidString(value) || strings.ContainsRune(value, 0):
		return badField(p.Name, "is too long or not readable", "太长或无法识别")
	case len(p.Enum) > 0 && !slices.Contains(p.Enum, value):
		return badField(p.Name, "must be one of "+strings.Join(p.Enum, " "), "须为 "+strings.Join(p.Enum, "、")+" 之一")
	case p.Type == "integer":
		if n, err := strconv.ParseInt(value, 10, 64); err != nil || strconv.FormatInt(n, 10) != value {
			return badField(p.Name, "must be a whole number", "须为整数")
		}
	case p.Type == "boolean" && value != "true" && value != "false":
		return badField(p.Name, "must be true or false", "须为 true 或 false")
	case slices.Contains(idParams, p.Name) && !canonical.MatchString(value):
		return notFound()
	}
	return nil
}

// badField says what is wrong with a field, in English and in Chinese.
func badField(name, fault, zh string) *problem.Error {
	return problem.New(problem.Invalid, "The field %q %s.", name, fault).ZH("“%s”%s。", fieldZH(name), zh).With("field", name)
}

// fieldsZH are the names of what a form sends.
var fieldsZH = map[string]string{
	"name": "名称（姓名）", "code": "编码", "parent": "上级单位", "unit": "单位", "officer": "人员", "officers": "人员", "role": "角色",
	"title": "活动名称", "theme": "年主题", "year": "年份", "zone": "时区", "first_day": "统计期开始", "last_day": "统计期结束",
	"active_from": "活动开始", "active_to": "活动结束", "templates": "统计表模板", "campaign": "活动", "state": "状态", "reason": "原因",
	"item": "材料", "due": "截止时间", "recipient": "报送至", "copy_to": "抄送", "handin": "报送材料", "electronic": "电子报送", "note": "说明",
	"number": "序号", "work": "具体工作安排", "partners": "配合部门", "person": "负责人", "leader": "负责领导", "day": "日期", "post": "职务",
	"phone": "固定电话", "revoke_phones": "停用手机", "mobile": "移动电话", "text": "内容", "days": "有效天数", "date": "日期", "to": "计入单位", "indicator": "指标", "n": "数量",
	"op": "审核操作", "decisions": "所选记录", "kind": "类别", "set": "修改内容", "set.completed": "填报完成", "set.approved": "签认",
	"version": "版本", "limit": "每页条数", "row": "统计表的行", "template": "模板", "login": "账号", "password": "密码",
}

func fieldZH(name string) string {
	if zh, ok := fieldsZH[name]; ok {
		return zh
	}
	return name
}

// int returns a whole number of the query, 0 when it is not given.
func (c *call) int(name string) int64 {
	n, _ := strconv.ParseInt(c.Query(name), 10, 64) // address has checked it
	return n
}

// flag returns true or false of the query, nil when it is not given.
func (c *call) flag(name string) *bool {
	s := c.Query(name)
	if s == "" {
		return nil
	}
	b := s == "true"
	return &b
}

// pathInt returns a number of the path, at which nothing stands when it is out of range.
func (c *call) pathInt(name string) int64 {
	n, err := strconv.ParseInt(c.Params(name), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// maxPage is the most items of one page.
const maxPage = 200

func (c *call) paging() (office.Paging, error) {
	limit := c.int("limit")
	if c.Query("limit") != "" && (limit < 1 || limit > maxPage) {
		return office.Paging{}, badField("limit", "must be a number from 1 to 200", "须为 1 至 200 的整数")
	}
	return office.Paging{Cursor: c.Query("cursor"), Limit: int(limit)}, nil
}

// decode reads the body of a request.
func decode[T any](c *call) (T, error) { return httpapi.Decode[T](c.Ctx, maxBody) }

// text checks a text of a body: its length in characters, and that a form can show it.
func text(name, value string, most int, needed bool) error {
	switch {
	case needed && strings.TrimSpace(value) == "":
		return badField(name, "is needed", "须填写")
	case utf8.RuneCountInString(value) > most:
		return badField(name, "takes at most "+strconv.Itoa(most)+" characters", "最多 "+strconv.Itoa(most)+" 个字")
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f }):
		return badField(name, "holds characters that cannot be shown", "含有不能显示的字符，请删去")
	}
	return nil
}

// texts checks several texts that may be absent.
func texts(most int, fields map[string]*string) error {
	for _, name := range sortedKeys(fields) {
		if v := fields[name]; v != nil {
			if err := text(name, *v, most, false); err != nil {
				return err
			}
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// id checks an id of a body: what is none names nothing.
func id(name, value string) error {
	if !canonical.MatchString(value) {
		return notFound().With("field", name)
	}
	return nil
}

// positive checks the version of a record that is there.
func positive(name string, value int64) error {
	if value < 1 {
		return badField(name, "must be that of what was looked at", "与打开时不符，请刷新后再操作")
	}
	return nil
}

// set writes the set of a line.
func set(v any) (json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, problem.Wrap(err, problem.Invalid, "The values cannot be written.").ZH("提交的内容无法保存，请检查后再试。")
	}
	return raw, nil
}
