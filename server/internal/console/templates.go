package console

import (
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/httpapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
)

// Templates are the forms that campaigns may count for.
type Templates struct {
	Items []office.TemplateRow `json:"items"`
}

// TemplateText is the text of a form.
type TemplateText struct {
	YAML string `json:"yaml"`
}

// TemplatePut keeps a form. ID is that of the form to change; "" for a new one.
type TemplatePut struct {
	ID      string `json:"id,omitempty"`
	Version int64  `json:"version"` // as it was looked at; 0 for a new one
	YAML    string `json:"yaml"`
}

func (a *API) listTemplates(c *call) error {
	list, err := a.desk.Templates(c.ctx(), c.reach)
	if err != nil {
		return err
	}
	return c.answer(Templates{Items: list})
}

func (a *API) getTemplate(c *call) error {
	t, err := a.desk.Template(c.ctx(), c.reach, c.Params("code"))
	if err != nil {
		return err
	}
	return c.answer(t)
}

func (a *API) checkTemplate(c *call) error {
	r, err := httpapi.Decode[TemplateText](c.Ctx, maxText)
	if err != nil {
		return err
	}
	t, err := a.desk.PreviewTemplate(r.YAML)
	if err != nil {
		return err
	}
	return c.answer(t)
}

func (a *API) putTemplate(c *call) error {
	r, err := httpapi.Decode[TemplatePut](c.Ctx, maxText)
	if err != nil {
		return err
	}
	switch {
	case r.ID == "" && r.Version != 0:
		return badField("version", "must be 0 for a new template", "须为 0：新增模板没有版本")
	case r.ID == "":
		r.ID = a.newID()
	default:
		if err := id("id", r.ID); err != nil {
			return err
		}
		if err := positive("version", r.Version); err != nil {
			return err
		}
	}
	t, err := a.desk.PreviewTemplate(r.YAML)
	if err != nil {
		return err
	}
	if err := c.must(mayChangeForm(t.Code)); err != nil {
		return err
	}
	e, err := put("template", r.ID, r.Version, struct {
		YAML string `json:"yaml"`
	}{r.YAML})
	if err != nil {
		return err
	}
	if err := c.do(nil, e); err != nil {
		return err
	}
	if t, err = a.desk.Template(c.ctx(), c.reach, t.Code); err != nil {
		return problem.Wrap(err, problem.Internal, "It was kept, but cannot be read.").ZH("模板已保存，但暂时无法读取，请刷新。")
	}
	return c.answer(t)
}

// mayChangeForm is the rule that all campaigns that count with a form are the asker's to set up: what it
// says changes their numbers.
func mayChangeForm(code string) rule {
	return func(tx gateway.Tx, r *office.Reach) error {
		list, err := tx.Campaigns()
		if err != nil {
			return err
		}
		for i := range list {
			c := &list[i]
			uses := slices.Contains(strings.FieldsFunc(c.Templates, func(x rune) bool { return x == ',' || x == ' ' }), code)
			if uses && !r.May(office.Manage, c.ID, c.Unit) {
				return problem.New(problem.Forbidden, "A campaign that is not yours counts with this form: keep yours under another id.").
					ZH("其他单位的活动正在使用这个模板，不能修改；请换一个编号另存。").With("in_use", true)
			}
		}
		return nil
	}
}
