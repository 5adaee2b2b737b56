package console

import (
	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/models"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/gofiber/fiber/v2"
)

// Media types of downloads.
const (
	mimeCSV  = "text/csv"
	mimeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

func tableRoutes() []route {
	table := []openapi.Param{unitParam, templateParam, dateParam}
	return []route{
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/overview", ID: "getOverview", Tag: tagTables,
			Summary: "Where a campaign stands for a unit and all below it", SummaryZH: "活动总览",
			Params: []openapi.Param{unitParam}, Out: office.Overview{}}, right: may(office.Look, somewhere), handle: (*API).overview},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/units", ID: "listUnitStatuses", Tag: tagTables,
			Summary: "Unit by unit: who is late, who owes what", SummaryZH: "各单位进度：迟报与欠传",
			Params: pages(unitParam), Out: office.Page[office.UnitStatus]{}}, right: may(office.Look, somewhere), handle: (*API).listUnitStatuses},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/table", ID: "getTable", Tag: tagTables,
			Summary: "A table in its official layout, reported beside accepted", SummaryZH: "统计表（上报数与审核数并列）",
			Params: table, Out: office.TableView{}}, right: may(office.Look, somewhere), handle: (*API).table},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/table/rows/:row", ID: "getRow", Tag: tagTables,
			Summary: "What makes up one number", SummaryZH: "某一数字的构成",
			Params: pages(unitParam, templateParam), Out: office.RowPage{}}, right: may(office.Look, somewhere), handle: (*API).tableRow},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/table/rows/:row/entries", ID: "listEntries", Tag: tagTables,
			Summary: "The lines behind what one record gives to a number: who, which phone, when", SummaryZH: "某一数字背后的逐条记录：人员、手机、时间",
			Params: pages(unitParam, templateParam, needed(query("record_unit", "in whose part of the campaign the record stands", "记录所在单位")),
				needed(enum("kind", "event", "sheet")), needed(query("id", "of the record", "记录编号"))),
			Out: office.Page[office.Entry]{}, Errors: []problem.Code{problem.Overloaded}}, right: may(office.Look, somewhere), handle: (*API).tableEntries},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/table.xlsx", ID: "getXLSX", Tag: tagTables,
			Summary: "The table as a workbook; noted in the trail", SummaryZH: "下载统计表（xlsx），记入操作记录",
			Params: table, OutType: mimeXLSX}, right: may(office.Look, somewhere), handle: (*API).tableXLSX},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/table.csv", ID: "getCSV", Tag: tagTables,
			Summary: "The table as csv, for spreadsheets (office) or for programs (canonical); noted in the trail", SummaryZH: "下载统计表（csv：office 供表格软件，canonical 供程序核对），记入操作记录",
			Params: append(table, enum("form", "office", "canonical")), OutType: mimeCSV}, right: may(office.Look, somewhere), handle: (*API).tableCSV},
	}
}

func needed(p openapi.Param) openapi.Param {
	p.Required = true
	return p
}

// recordPath is where a record stands.
const recordPath = "/campaigns/:campaign/units/:unit/:kind/:id"

var kindParam = openapi.Param{Name: "kind", In: "path", Summary: "kind of the record", SummaryZH: "记录类别", Enum: []string{"event", "lot", "photo", "sheet"}}

func eventRoutes() []route {
	decided := []problem.Code{problem.Moved, problem.Conflict}
	return []route{
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/events", ID: "listEvents", Tag: tagReview,
			Summary: "Events: filter, search, page by page", SummaryZH: "场次列表：筛选、搜索、分页",
			Params: pages(unitParam, boolean("own", "the unit alone", "仅本单位"),
				enum("state", office.StateWaiting, office.StateBack, office.StateUnaccepted, "received", "edited", "issues", "returned", "accepted"), query("kind", "of the event", "场次类别"), query("venue", "kind of venue", "场所类别"),
				query("q", "part of title, place, outlet, programme or content", "标题、地点、媒体、栏目、内容的一部分"), fromParam, toParam,
				enum("flag", office.FlagUrgent, office.FlagLate, office.FlagConflict, office.FlagUnplaced, office.FlagOutside, office.FlagDeleted, office.FlagCompleted),
				query("row", "template/row: what gives something to that row", "模板/行：计入该行的场次"), enum("order", office.NewestFirst, office.OldestFirst)),
			Out: office.Page[office.EventRow]{}}, right: may(office.Look, somewhere), handle: (*API).listEvents},
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/units/:unit/events/:id", ID: "getEvent", Tag: tagReview,
			Summary: "One event whole", SummaryZH: "场次详情",
			Out: office.EventDetail{}}, right: may(office.Look, somewhere), handle: (*API).getEvent},
		{Route: openapi.Route{Method: "GET", Path: recordPath + "/history", ID: "getHistory", Tag: tagReview,
			Summary: "Who changed what, the newest first", SummaryZH: "修改历史（最新在前）",
			Params: pages(kindParam), Out: office.Page[office.HistoryItem]{}, Errors: []problem.Code{problem.Overloaded}}, right: may(office.Look, somewhere), handle: (*API).history},
		{Route: openapi.Route{Method: "POST", Path: "/campaigns/:campaign/units/:unit/events/:id/review", ID: "reviewEvent", Tag: tagReview,
			Summary: "Accept, return, mark, comment or reopen, as it was looked at", SummaryZH: "审核：通过、退回、有问题、批注、重新打开",
			In: Decision{}, Out: office.EventRow{}, Errors: decided}, right: may(office.Review, atRecord), handle: (*API).reviewEvent},
		{Route: openapi.Route{Method: "POST", Path: "/campaigns/:campaign/review", ID: "reviewMany", Tag: tagReview,
			Summary: "Up to 200 decisions, each with its own result", SummaryZH: "批量审核（最多 200 条，逐条给出结果）",
			In: Decisions{}, Out: Results{}}, right: may(office.Review, somewhere), handle: (*API).reviewMany},
		{Route: openapi.Route{Method: "PATCH", Path: recordPath, ID: "changeRecord", Tag: tagReview,
			Summary: "The office corrects a record, or settles two truths", SummaryZH: "办公室更正记录或裁定冲突",
			Params: []openapi.Param{kindParam}, In: RecordPatch{}, Out: Changed{}, Errors: decided}, right: may(office.Record, atRecord), handle: (*API).changeRecord},
		{Route: openapi.Route{Method: "POST", Path: "/campaigns/:campaign/units/:unit/events/:id/tallies", ID: "addTally", Tag: tagReview,
			Summary: "Add to a count, or take from it, with a note", SummaryZH: "增减计数并说明原因",
			In: TallyRequest{}, Out: office.EventRow{}, Status: fiber.StatusCreated, Errors: decided}, right: may(office.Review, atRecord), handle: (*API).addTally},
		{Route: openapi.Route{Method: "POST", Path: recordPath + "/move", ID: "moveRecord", Tag: tagReview,
			Summary: "Let a record count for another unit", SummaryZH: "将记录改计入另一单位",
			Params: []openapi.Param{kindParam}, In: MoveRequest{}, Out: Changed{}, Errors: decided}, right: may(office.Review, atRecord), handle: (*API).moveRecord},
	}
}

func waitingRoutes() []route {
	decided := []problem.Code{problem.Moved, problem.Conflict}
	causes := []string{}
	for _, cause := range []models.Cause{models.UnknownEvent, models.UnknownLot, models.UnknownOp, models.UnknownIndicator, models.NoRight,
		models.Revoked, models.CampaignDraft, models.CampaignClosed, models.EventAccepted, models.BadBase, models.Behind} {
		causes = append(causes, string(cause))
	}
	held := func(method, what, id, en, zh string, do func(*API, *call) error) route {
		return route{Route: openapi.Route{Method: method, Path: "/held/:log/:seq" + what, ID: id, Tag: tagWaiting, Summary: en, SummaryZH: zh,
			Params: []openapi.Param{{Name: "log", In: "path", Type: "integer", Summary: "number of the log", SummaryZH: "日志号"},
				{Name: "seq", In: "path", Type: "integer", Summary: "place in the log", SummaryZH: "行号"}},
			In: ReasonRequest{}, Errors: decided}, right: may(office.Look, named), handle: do}
	}
	return []route{
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/conflicts", ID: "listConflicts", Tag: tagWaiting,
			Summary: "Fields with two truths", SummaryZH: "数据冲突列表",
			Params: pages(unitParam), Out: office.Page[office.ConflictView]{}}, right: may(office.Look, somewhere), handle: (*API).listConflicts},
		{Route: openapi.Route{Method: "GET", Path: "/held", ID: "listHeld", Tag: tagWaiting,
			Summary: "Lines of phones that wait, and why", SummaryZH: "暂存的手机数据及原因",
			Params: pages(campaignParam, unitParam, enum("cause", causes...), query("device", "of this phone", "所属手机")),
			Out:    office.HeldPage{}}, right: may(office.Look, somewhere), handle: (*API).listHeld},
		held("POST", "/release", "releaseHeld", "Apply a line that waits", "放行暂存数据", (*API).release),
		held("POST", "/reject", "rejectHeld", "Refuse a line that waits, for ever", "拒绝暂存数据", (*API).reject),
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/suspects", ID: "listSuspects", Tag: tagWaiting,
			Summary: "Pairs of events that may be the same facts", SummaryZH: "疑似重复的场次",
			Params: pages(unitParam, boolean("judged", "those that somebody judged", "已判定的")),
			Out:    office.Page[office.SuspectView]{}}, right: may(office.Look, somewhere), handle: (*API).listSuspects},
		{Route: openapi.Route{Method: "POST", Path: "/campaigns/:campaign/suspects", ID: "judgeSuspect", Tag: tagWaiting,
			Summary: "Say what a pair is; the verdict stands on the second", SummaryZH: "判定疑似重复（结论记在第二条）",
			In: Judgement{}, Errors: decided}, right: may(office.Review, named), handle: (*API).judge},
		{Route: openapi.Route{Method: "POST", Path: "/campaigns/:campaign/suspects/undo", ID: "undoJudgement", Tag: tagWaiting,
			Summary: "Take a verdict back", SummaryZH: "撤销判定",
			In: JudgementUndo{}, Errors: decided}, right: may(office.Review, named), handle: (*API).undoJudgement},
	}
}

func sheetRoutes() []route {
	decided := []problem.Code{problem.Moved, problem.Conflict}
	sheet := func(method, what, id, en, zh string, a office.Ability, in any, do func(*API, *call) error) route {
		return route{Route: openapi.Route{Method: method, Path: "/campaigns/:campaign/sheets/:unit" + what, ID: id, Tag: tagSheets, Summary: en, SummaryZH: zh,
			In: in, Out: office.SheetDetail{}, Errors: decided}, right: may(a, inCampaign), handle: do}
	}
	return []route{
		{Route: openapi.Route{Method: "GET", Path: "/campaigns/:campaign/sheets", ID: "listSheets", Tag: tagSheets,
			Summary: "How far the units' sheets are", SummaryZH: "各单位填报表进度",
			Params: pages(unitParam), Out: office.Page[office.SheetRow]{}}, right: may(office.Look, somewhere), handle: (*API).listSheets},
		sheet("GET", "", "getSheet", "One unit's sheet", "填报表详情", office.Look, nil, (*API).getSheet),
		sheet("PATCH", "", "changeSheet", "Fill a sheet in", "填写填报表", office.Record, RecordPatch{}, (*API).changeSheet),
		sheet("POST", "/complete", "completeSheet", "Complete a sheet, or take that back", "完成填报（或撤回）", office.Record, SignRequest{}, (*API).completeSheet),
		sheet("POST", "/approve", "approveSheet", "Approve a sheet as the unit's head, or take that back", "负责人签认（或撤回）", office.Sign, SignRequest{}, (*API).approveSheet),
		sheet("POST", "/review", "reviewSheet", "Accept, return, mark, comment or reopen a sheet", "审核填报表", office.Review, Decision{}, (*API).reviewSheet),
	}
}
