package console

import (
	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/gofiber/fiber/v2"
)

func campaignRoutes() []route {
	conflicts := []problem.Code{problem.Moved, problem.Conflict}
	return []route{
		{Route: openapi.Route{Method: "GET", Path: "/campaigns", ID: "listCampaigns", Tag: tagCampaigns,
			Summary: "Campaigns, the newest year first", SummaryZH: "活动列表",
			Params: pages(), Out: office.Page[models.Campaign]{}}, right: may(office.Look, somewhere), handle: (*API).listCampaigns},
		{Route: openapi.Route{Method: "POST", Path: "/campaigns", ID: "addCampaign", Tag: tagCampaigns,
			Summary: "A new campaign, a draft", SummaryZH: "新建活动（草稿）",
			In: CampaignSet{}, Out: models.Campaign{}, Status: fiber.StatusCreated, Errors: conflicts},
			right: may(office.Manage, named), handle: (*API).addCampaign},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign", ID: "getCampaign", Tag: tagCampaigns,
			Summary: "One campaign", SummaryZH: "活动详情",
			Out: models.Campaign{}}, right: may(office.Look, somewhere), handle: (*API).getCampaign},
		{Route: openapi.Route{Method: "PATCH", Path: "/campaigns/:campaign", ID: "changeCampaign", Tag: tagCampaigns,
			Summary: "Change a campaign; new days or tables count anew", SummaryZH: "修改活动；统计期或表格改动后重新统计",
			In: CampaignPatch{}, Out: models.Campaign{}, Errors: conflicts},
			right: may(office.Manage, atCampaign), handle: (*API).changeCampaign},
		{Route: openapi.Route{Method: "POST", Path: "/campaigns/:campaign/state", ID: "setState", Tag: tagCampaigns,
			Summary: "Open, close or freeze; to freeze is for who decides", SummaryZH: "开放、截止、关闭或冻结（冻结须有审定权）",
			In: StateRequest{}, Out: models.Campaign{}, Errors: conflicts},
			right: may(office.Look, named), handle: (*API).setState},
		{Route: openapi.Route{Method: "POST", Path: "/campaigns/:campaign/amendments", ID: "amend", Tag: tagCampaigns,
			Summary: "Open a frozen campaign for a numbered amendment", SummaryZH: "对已冻结的活动开启更正/补报",
			In: ReasonRequest{}, Out: models.Campaign{}, Status: fiber.StatusCreated, Errors: conflicts},
			right: may(office.Decide, atCampaign), handle: (*API).amend},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/snapshots", ID: "listSnapshots", Tag: tagCampaigns,
			Summary: "The tables as they were frozen", SummaryZH: "冻结的统计表",
			Out: Snapshots{}}, right: may(office.Look, somewhere), handle: (*API).listSnapshots},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/snapshots/:number/:template.csv", ID: "getSnapshot", Tag: tagCampaigns,
			Summary: "A frozen table as it was hashed; noted in the trail", SummaryZH: "下载冻结的统计表（规范 CSV，供程序核对），记入操作记录",
			Params:  []openapi.Param{{Name: "number", In: "path", Summary: "0, or that of the amendment", SummaryZH: "0 或更正序号", Type: "integer"}},
			OutType: mimeCSV}, right: may(office.Look, somewhere), handle: (*API).getSnapshot},
	}
}

func templateRoutes() []route {
	return []route{
		{Route: openapi.Route{Method: "GET", Path: "/templates", ID: "listTemplates", Tag: tagCampaigns,
			Summary: "The forms that campaigns may count for", SummaryZH: "统计表模板列表",
			Out: Templates{}}, right: may(office.Look, somewhere), handle: (*API).listTemplates},
		{Route: openapi.Route{Method: "GET", Path: "/templates/:code", ID: "getTemplate", Tag: tagCampaigns,
			Summary: "One form: its text and how it looks empty", SummaryZH: "模板内容与空表预览",
			Out: office.TemplateDetail{}}, right: may(office.Look, somewhere), handle: (*API).getTemplate},
		{Route: openapi.Route{Method: "POST", Path: "/templates/check", ID: "checkTemplate", Tag: tagCampaigns,
			Summary: "Read a form without keeping it; a fault names its line", SummaryZH: "检查模板（不保存），错误指明行号",
			In: TemplateText{}, Out: office.TemplateDetail{}}, right: may(office.Manage, somewhere), handle: (*API).checkTemplate},
		{Route: openapi.Route{Method: "PUT", Path: "/templates", ID: "putTemplate", Tag: tagCampaigns,
			Summary: "Keep a form, new or changed; campaigns that use it count anew", SummaryZH: "保存模板；使用它的活动重新统计",
			In: TemplatePut{}, Out: office.TemplateDetail{},
			Errors: []problem.Code{problem.Moved, problem.Conflict}}, right: may(office.Manage, everywhere), handle: (*API).putTemplate},
	}
}

// listRoutes are the lists of a campaign: hand-ins, tasks, roster, reminders.
func listRoutes() []route {
	conflicts := []problem.Code{problem.Moved, problem.Conflict}
	var all []route
	for _, l := range []struct {
		path, id          string
		many, one, zh     string
		page, in, patch   any
		out               any
		ability           office.Ability
		list, add, patch2 func(*API, *call) error
	}{
		{"handins", "HandIn", "What is handed in, by deadline", "something to hand in", "报送材料清单",
			office.Page[models.HandIn]{}, HandInSet{}, HandInPatch{}, models.HandIn{}, office.Manage,
			(*API).listHandIns, addItem[HandInSet, models.HandIn], changeItem[HandInPatch, models.HandIn]},
		{"tasks", "Task", "The task sheet", "a task", "任务分解表",
			office.Page[models.Task]{}, TaskSet{}, TaskPatch{}, models.Task{}, office.Manage,
			(*API).listTasks, addItem[TaskSet, models.Task], changeItem[TaskPatch, models.Task]},
		{"roster", "Duty", "The duty roster, by day", "a duty", "值班表",
			office.Page[models.Duty]{}, DutySet{}, DutyPatch{}, models.Duty{}, office.Manage,
			(*API).listRoster, addItem[DutySet, models.Duty], changeItem[DutyPatch, models.Duty]},
	} {
		all = append(all,
			route{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/" + l.path, ID: "list" + l.id + "s", Tag: tagLists,
				Summary: l.many, SummaryZH: l.zh, Params: pages(), Out: l.page}, right: may(office.Look, somewhere), handle: l.list},
			route{Route: openapi.Route{Method: "POST", Path: "/campaigns/:campaign/" + l.path, ID: "add" + l.id, Tag: tagLists,
				Summary: "Add " + l.one, SummaryZH: l.zh + "：新增", In: l.in, Out: l.out, Status: fiber.StatusCreated, Errors: conflicts},
				right: may(l.ability, atCampaign), handle: l.add},
			route{Route: openapi.Route{Method: "PATCH", Path: "/campaigns/:campaign/" + l.path + "/:id", ID: "change" + l.id, Tag: tagLists,
				Summary: "Change " + l.one, SummaryZH: l.zh + "：修改", In: l.patch, Out: l.out, Errors: conflicts},
				right: may(l.ability, atCampaign), handle: l.patch2})
	}
	return append(all, reminderRoutes()...)
}

func reminderRoutes() []route {
	conflicts := []problem.Code{problem.Moved, problem.Conflict}
	return []route{
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/reminders", ID: "listReminders", Tag: tagLists,
			Summary: "Reminders to units, the newest first", SummaryZH: "催报记录",
			Params: pages(), Out: office.Page[models.Reminder]{}}, right: may(office.Look, somewhere), handle: (*API).listReminders},
		{Route: openapi.Route{Method: "POST", Path: "/campaigns/:campaign/reminders", ID: "addReminder", Tag: tagLists,
			Summary: "Remind a unit; its phones show it", SummaryZH: "向单位催报（手机端可见）",
			In: ReminderSet{}, Out: models.Reminder{}, Status: fiber.StatusCreated, Errors: conflicts},
			right: may(office.Review, named), handle: (*API).addReminder},
		{Route: openapi.Route{Method: "PATCH", Path: "/campaigns/:campaign/reminders/:id", ID: "changeReminder", Tag: tagLists,
			Summary: "Change a reminder, or mark it done", SummaryZH: "修改催报或标记完成",
			In: ReminderPatch{}, Out: models.Reminder{}, Errors: conflicts},
			right: may(office.Review, named), handle: (*API).changeReminder},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/receipts", ID: "listReceipts", Tag: tagLists,
			Summary: "Unit by unit, what was handed in", SummaryZH: "各单位材料报送情况",
			Params: pages(unitParam), Out: office.Page[office.HandInCell]{}}, right: may(office.Look, somewhere), handle: (*API).listReceipts},
		{Route: openapi.Route{Method: "PUT", Path: "/campaigns/:campaign/receipts", ID: "putReceipt", Tag: tagLists,
			Summary: "Note what a unit handed in", SummaryZH: "登记单位报送的材料",
			In: ReceiptPut{}, Out: models.Receipt{}, Errors: conflicts}, right: may(office.Review, named), handle: (*API).putReceipt},
	}
}
