package gateway

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/stats"
	"github.com/fieldsync/fieldsync/sync/changelog"
)

// adminFields are the fields that admin.put may set of each kind. What is not here is decided by
// other ops or by the server.
var adminFields = map[string][]string{
	"unit":     {"parent", "name", "code"},
	"officer":  {"name", "unit", "role", "ended"},
	"campaign": {"title", "theme", "year", "zone", "first_day", "last_day", "active_from", "active_to", "unit", "templates"},
	"template": {"yaml"},
	"handin":   {"campaign", "item", "due", "recipient", "copy_to"},
	"task":     {"campaign", "number", "work", "unit", "partners", "person", "leader"},
	"roster":   {"campaign", "day", "name", "post", "phone", "mobile"},
	"reminder": {"campaign", "unit", "text", "done"},
	"receipt":  {"campaign", "handin", "unit", "electronic", "paper", "note"},
	"device":   {"name", "revoked"},
}

// admin changes people, units, campaigns and what belongs to them.
func (d *decision) admin(it *item) error {
	c := it.change
	allowed, ok := adminFields[c.Kind]
	if !ok {
		return problem.New(problem.Invalid, "there is no kind %q to set up", c.Kind).ZH("没有“%s”这类可维护的内容。", c.Kind)
	}
	patch := map[string]json.RawMessage{}
	for i := range c.Set {
		f := &c.Set[i]
		if !slices.Contains(allowed, f.Name) {
			return problem.New(problem.Invalid, "%s: there is no field %q to set", c.Kind, f.Name).
				ZH("%s没有“%s”这一项。", kindsZH[c.Kind], f.Name).With("field", f.Name)
		}
		patch[f.Name] = f.Value.Raw
	}
	switch c.Kind {
	case "unit":
		return adminPut(d, it, patch, &models.Unit{}, (*decision).checkUnit)
	case "officer":
		return adminPut(d, it, patch, &models.Officer{}, (*decision).checkOfficer)
	case "campaign":
		c := &models.Campaign{}
		if err := adminPut(d, it, patch, c, (*decision).checkCampaign); err != nil || c.Building == 0 {
			return err
		}
		return d.w.tx.SetScopes(c) // after the campaign's row, which a new scope copies under its lock
	case "template":
		t := &models.Template{}
		if err := adminPut(d, it, patch, t, (*decision).checkTemplate); err != nil {
			return err
		}
		return d.renewRules(t.Code)
	case "handin":
		return adminPut(d, it, patch, &models.HandIn{}, nil)
	case "task":
		return adminPut(d, it, patch, &models.Task{}, nil)
	case "reminder":
		return adminPut(d, it, patch, &models.Reminder{}, nil)
	case "roster":
		return adminPut(d, it, patch, &models.Duty{}, nil)
	case "receipt":
		return adminPut(d, it, patch, &models.Receipt{}, (*decision).checkReceipt)
	}
	return d.putDevice(c, patch)
}

// adminPut loads one noun, lays the patch over it, checks it and puts it back. old is what stood
// there, nil when it is new.
func adminPut[T any](d *decision, it *item, patch map[string]json.RawMessage, v *T, check func(d *decision, old, now *T) error) error {
	var before T
	have, err := d.w.tx.Load(&before, it.change.ID)
	if err != nil {
		return err
	}
	*v = before
	version := fieldInt(v, "Version")
	if *version != it.change.Base {
		return problem.New(problem.Moved, "it has changed since it was opened").ZH("内容刚刚被别人改过，请刷新后再操作。").With("version", *version)
	}
	raw, err := json.Marshal(patch)
	if err == nil {
		err = json.Unmarshal(raw, v)
	}
	if err != nil {
		return problem.Wrap(err, problem.Invalid, "%s: a field has a value of the wrong type", it.change.Kind).
			ZH("%s中有一项格式不对，请检查后再提交。", kindsZH[it.change.Kind])
	}
	reflect.ValueOf(v).Elem().FieldByName("ID").SetString(it.change.ID)
	*version = max(*version, d.g.inst.Restore<<32) + 1
	it.line.Version = *version
	if check != nil {
		old := &before
		if !have {
			old = nil
		}
		if err := check(d, old, v); err != nil {
			return err
		}
	}
	return d.w.tx.Put(v)
}

// fieldInt returns the address of an int64 field: the nouns share no interface, on purpose, for
// they are plain data.
func fieldInt(v any, name string) *int64 {
	return reflect.ValueOf(v).Elem().FieldByName(name).Addr().Interface().(*int64)
}

// checkUnit keeps the units a tree with unique codes.
func (d *decision) checkUnit(old, now *models.Unit) error {
	now.Name, now.Code = strings.TrimSpace(now.Name), strings.TrimSpace(now.Code)
	if now.Name == "" || now.Code == "" {
		return problem.New(problem.Invalid, "a unit needs a name and a code").ZH("单位须填写名称和编码。")
	}
	all, err := d.w.tx.Units()
	if err != nil {
		return err
	}
	parents := map[string]string{now.ID: now.Parent}
	for i := range all {
		if all[i].ID == now.ID {
			continue
		}
		parents[all[i].ID] = all[i].Parent
		if all[i].Code == now.Code {
			return problem.New(problem.Conflict, "the code %s belongs to another unit", now.Code).
				ZH("编码 %s 已被其他单位使用，请换一个。", now.Code).With("field", "code")
		}
	}
	if old != nil && old.Parent != "" && now.Parent == "" {
		return problem.New(problem.Conflict, "a unit below another does not become a tree of its own").
			ZH("下级单位不能改为没有上级的单位。")
	}
	above := 0
	for at, steps := now.Parent, 0; at != ""; steps++ {
		above++
		if at == now.ID || steps > len(parents) {
			return problem.New(problem.Invalid, "the unit would stand below itself").ZH("上级单位不能是本单位或其下级，请另选。")
		}
		next, ok := parents[at]
		if !ok {
			return problem.New(problem.NotFound, "the parent unit does not exist").ZH("上级单位不存在，请重新选择。")
		}
		at = next
	}
	if (old == nil || old.Parent != now.Parent) && above+height(parents, now.ID) > maxLevels {
		return problem.New(problem.Invalid, "units stand on at most %d levels", maxLevels).ZH("单位层级最多 %d 级。", maxLevels)
	}
	return nil
}

// maxLevels is how deep the tree of units may be: a ministry down to a village takes seven.
const maxLevels = 16

// height returns how many levels a unit and what is below it take.
func height(parents map[string]string, id string) int {
	below := map[string][]string{}
	for child, parent := range parents {
		below[parent] = append(below[parent], child)
	}
	n := 0
	for level := []string{id}; len(level) > 0 && n <= len(parents); n++ {
		var next []string
		for _, u := range level {
			next = append(next, below[u]...)
		}
		level = next
	}
	return n
}

// checkOfficer keeps the history of an officer's units and roles: assignments end, they are never
// deleted, for a phone may come back after months.
func (d *decision) checkOfficer(old, now *models.Officer) error {
	now.Name = strings.TrimSpace(now.Name)
	if now.Name == "" || !now.Role.Valid() {
		return problem.New(problem.Invalid, "an officer needs a name and one of the roles officer, head, reviewer, leader, admin, reader").
			ZH("人员须填写姓名并选择角色。")
	}
	var u models.Unit
	if ok, err := d.w.tx.Load(&u, now.Unit); err != nil || !ok {
		return orNotFound(err, "unit")
	}
	if old != nil && (old.Unit != now.Unit || old.Role != now.Role || now.Ended) {
		if err := d.assign(now.ID, "", old.Unit, old.Role, true); err != nil {
			return err
		}
	}
	if now.Ended {
		if err := d.endAll(now.ID); err != nil {
			return err
		}
		// Who has left signs in nowhere, whichever way it was said.
		if err := d.w.tx.DropCredential(now.ID, d.w.receipt); err != nil {
			return err
		}
	}
	d.after.retry = append(d.after.retry, HeldQuery{Cause: models.NoRight})
	if now.Ended {
		return nil
	}
	return d.assign(now.ID, "", now.Unit, now.Role, false)
}

// endAll ends what was granted beside the own unit too.
func (d *decision) endAll(officer string) error {
	have, err := d.w.tx.Assignments(officer)
	if err != nil {
		return err
	}
	for i := range have {
		if a := &have[i]; a.EndedMS == 0 {
			if err := d.assign(officer, a.Campaign, a.Unit, a.Role, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// assign begins an assignment, or ends one that there is.
func (d *decision) assign(officer, campaign, unit string, role models.Role, end bool) error {
	a := &models.Assignment{Officer: officer, Campaign: campaign, Unit: unit, Role: role, StartedMS: d.w.receipt}
	have, err := d.w.tx.Assignments(officer)
	if err != nil {
		return err
	}
	known := false
	for i := range have {
		if h := &have[i]; h.Campaign == campaign && h.Unit == unit && h.Role == role {
			a.StartedMS, known = h.StartedMS, true
		}
	}
	if end && !known {
		return nil // what was given once lets a phone write for ever: ending gives nothing
	}
	if end {
		a.EndedMS = d.w.receipt
	}
	return d.w.tx.PutAssignment(a)
}

// grant gives an officer a role in one unit of one campaign, or ends it.
func (d *decision) grant(it *item) error {
	c := it.change
	var o models.Officer
	if ok, err := d.w.tx.Load(&o, c.Officer); err != nil || !ok {
		return orNotFound(err, "officer")
	}
	role := models.Role(c.Role)
	if !role.Valid() {
		return problem.New(problem.Invalid, "there is no role %q", c.Role).ZH("没有“%s”这个角色。", c.Role)
	}
	if c.Unit == "" {
		return problem.New(problem.Invalid, "rights are given in one unit of one campaign").ZH("授权须指明活动和单位。")
	}
	if s := d.w.scopes[it.scopeName]; s == nil || s.No == 0 {
		return problem.New(problem.NotFound, "there is no such unit in that campaign").ZH("该单位不参加这个活动。")
	}
	if c.Op == opEnd {
		if err := d.given(&models.Assignment{Officer: o.ID, Campaign: c.Campaign, Unit: c.Unit, Role: role}); err != nil {
			return err
		}
	}
	d.after.retry = append(d.after.retry, HeldQuery{Scope: c.Scope, Cause: models.NoRight})
	return d.assign(o.ID, c.Campaign, c.Unit, role, c.Op == opEnd)
}

// given refuses to end a right that does not stand.
func (d *decision) given(a *models.Assignment) error {
	have, err := d.w.tx.Assignments(a.Officer)
	if err != nil {
		return err
	}
	for i := range have {
		if h := &have[i]; h.Campaign == a.Campaign && h.Unit == a.Unit && h.Role == a.Role && h.EndedMS == 0 {
			return nil
		}
	}
	return problem.New(problem.Conflict, "the officer does not have this right there").ZH("该人员在这里没有这项权限，无需收回。")
}

// putDevice renames or revokes a phone. A revoked phone's lines are held, never thrown away.
func (d *decision) putDevice(c *changelog.Change, patch map[string]json.RawMessage) error {
	dev, err := d.w.tx.Device(c.ID)
	if err != nil || dev == nil || dev.Office {
		return orNotFound(err, "phone")
	}
	var p struct {
		Name    *string `json:"name"`
		Revoked *bool   `json:"revoked"`
	}
	raw, err := json.Marshal(patch)
	if err == nil {
		err = json.Unmarshal(raw, &p)
	}
	if err != nil {
		return problem.Wrap(err, problem.Invalid, "device: a field has a value of the wrong type").
			ZH("手机资料中有一项格式不对，请检查后再提交。")
	}
	if p.Name != nil {
		dev.Name = *p.Name
	}
	if p.Revoked != nil {
		dev.RevokedMS = 0
		if *p.Revoked {
			dev.RevokedMS = d.w.receipt
		} else {
			d.after.retry = append(d.after.retry, HeldQuery{Family: dev.Family})
		}
	}
	return d.w.tx.Put(dev)
}

// checkReceipt keeps one receipt of each hand-in and unit, whoever notes it.
func (d *decision) checkReceipt(_, now *models.Receipt) error {
	if now.ID != models.ReceiptID(now.HandIn, now.Unit) {
		return problem.New(problem.Invalid, "the receipt of a hand-in bears the id made of hand-in and unit").
			ZH("报送登记与报送事项、单位不符，请刷新后再操作。")
	}
	var h models.HandIn
	if ok, err := d.w.tx.Load(&h, now.HandIn); err != nil || !ok || h.Campaign != now.Campaign {
		return orNotFound(err, "hand-in")
	}
	var u models.Unit
	if ok, err := d.w.tx.Load(&u, now.Unit); err != nil || !ok {
		return orNotFound(err, "unit")
	}
	if now.ElectronicMS < 0 || now.PaperMS < 0 {
		return problem.New(problem.Invalid, "a time is not before 1970").ZH("日期不对，请重新填写。")
	}
	return nil
}

// checkTemplate refuses a template that cannot be read, with line and reason.
func (d *decision) checkTemplate(_, now *models.Template) error {
	t, err := stats.ParseTemplate("given", []byte(now.YAML))
	if err != nil {
		return err
	}
	if _, builtin := stats.BuiltinSource(t.ID); builtin {
		return problem.New(problem.Conflict, "the id %s belongs to a template that the program brings: give yours another", t.ID).
			ZH("编号 %s 是内置模板的，请改用别的编号。", t.ID)
	}
	other, err := d.w.tx.TemplateByCode(t.ID)
	if err != nil {
		return err
	}
	if other != nil && other.ID != now.ID {
		return problem.New(problem.Conflict, "the id %s belongs to another template", t.ID).
			ZH("编号 %s 已被其他模板使用，请换一个。", t.ID)
	}
	now.Code, now.Title = t.ID, t.Title
	return nil
}
