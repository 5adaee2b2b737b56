package console

import (
	"github.com/fieldsync/fieldsync/internal/openapi"
	"github.com/fieldsync/fieldsync/internal/problem"
	"github.com/fieldsync/fieldsync/sync/gateway"
	"github.com/fieldsync/fieldsync/sync/office"
	"github.com/gofiber/fiber/v2"
)

func enrolmentRoutes() []route {
	return []route{
		{Route: openapi.Route{Method: "POST", Path: "/enrolments", ID: "enrol", Tag: tagPhones,
			Summary: "Codes that make phones officers' devices, shown this once", SummaryZH: "生成手机激活码（仅显示一次）",
			In: EnrolRequest{}, Out: Enrolments{}, Status: fiber.StatusCreated, Errors: []problem.Code{problem.Conflict}},
			right: may(office.Enrol, named), handle: (*API).enrol},
		{Route: openapi.Route{Method: "GET", Path: "/enrolments", ID: "listEnrolments", Tag: tagPhones,
			Summary: "Enrolment codes, the newest first; not the codes themselves", SummaryZH: "激活码记录（不含激活码本身）",
			Params: pages(unitParam, query("officer", "of this person", "所属人员"), enum("state", office.CodeOpen, office.CodeUsed, office.CodeOver)),
			Out:    office.Page[office.CodeRow]{}}, right: may(office.Look, somewhere), handle: (*API).listEnrolments},
		{Route: openapi.Route{Method: "POST", Path: "/enrolments/:id/cancel", ID: "cancelEnrolment", Tag: tagPhones,
			Summary: "Make a code good for nothing", SummaryZH: "作废激活码",
			In: Empty{}, Errors: []problem.Code{problem.Conflict}}, right: may(office.Enrol, named), handle: (*API).cancelEnrolment},
	}
}

func deviceRoutes() []route {
	return []route{
		{Route: openapi.Route{Method: "GET", Path: "/devices", ID: "listDevices", Tag: tagPhones,
			Summary: "Phones: when they were heard, what they still owe", SummaryZH: "手机列表：最近联系与未上传数量",
			Params: pages(unitParam, query("officer", "of this person", "所属人员"), query("q", "part of the phone's or the officer's name", "手机或人员名称的一部分"),
				enum("state", office.PhoneOwing, office.PhoneSilent, office.PhoneRevoked, office.PhoneForked)),
			Out: office.Page[office.DeviceRow]{}}, right: may(office.Look, somewhere), handle: (*API).listDevices},
		{Route: openapi.Route{Method: "GET", Path: "/devices/:device", ID: "getDevice", Tag: tagPhones,
			Summary: "One phone", SummaryZH: "手机详情",
			Out: office.DeviceRow{}}, right: may(office.Look, somewhere), handle: (*API).getDevice},
		{Route: openapi.Route{Method: "PATCH", Path: "/devices/:device", ID: "changeDevice", Tag: tagPhones,
			Summary: "Name a phone, revoke it, or take that back", SummaryZH: "命名、停用或恢复手机",
			In: DevicePatch{}, Out: office.DeviceRow{}}, right: may(office.Enrol, atDevice), handle: (*API).changeDevice},
	}
}

func trailRoutes() []route {
	return []route{
		{Route: openapi.Route{Method: "GET", Path: "/audit", ID: "listAudit", Tag: tagTrail,
			Summary: "What the office did, the newest first", SummaryZH: "操作记录（最新在前）",
			Params: pages(campaignParam, unitParam, query("officer", "who did it", "操作人"), query("op", "such as review.accept", "操作，如 review.accept"),
				query("kind", "of what it was about", "对象类别"), query("id", "of what it was about", "对象编号"), fromParam, toParam),
			Out: office.Page[office.AuditRow]{}}, right: may(office.Audit, somewhere), handle: (*API).listAudit},
		{Route: openapi.Route{Method: "POST", Path: "/import", ID: "importFile", Tag: tagTrail,
			Summary:   "What a phone exported: one or more push bodies, each a header line and its lines, at most 2 MiB at once",
			SummaryZH: "导入手机导出的文件：一个或多个推送包（每包一行头部及其数据行），每次最多 2 MiB",
			InType:    "application/x-ndjson", Out: gateway.ImportResult{},
			Errors: []problem.Code{problem.BadHeader, problem.BadHash, problem.BadSignature, problem.BadEncoding}},
			right: may(office.Manage, everywhere), handle: (*API).importFile},
	}
}
